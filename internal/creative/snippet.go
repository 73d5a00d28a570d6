package creative

import (
	"html"
	"strconv"
	"strings"
)

// Source is the path of a banner's picture. What it answers never changes.
func (m Material) Source() string { return "/b/" + m.ID + "." + m.Extension() }

// Extension ends the name of a file in the banner's format.
func (m Material) Extension() string {
	if m.Format == "jpeg" {
		return "jpg"
	}
	return m.Format
}

// Shown is the path of a banner's picture on the page of a partner: each time it is shown, it is counted for the link.
func (m Material) Shown(code string) string { return m.Source() + "?l=" + code }

// HTML is what a partner puts onto a page: address is the partner's link with the code, base how the world reaches the
// pictures. It is empty for what is not put onto pages.
func (m Material) HTML(address, code, base string) string {
	open := `<a href="` + html.EscapeString(address) + `" rel="sponsored nofollow">`
	switch m.Kind {
	case Banner:
		return open + `<img src="` + html.EscapeString(base+m.Shown(code)) + `" width="` + strconv.FormatInt(m.Width, 10) + `" height="` +
			strconv.FormatInt(m.Height, 10) + `" alt="` + html.EscapeString(m.Alt()) + `"></a>`
	case Words:
		return open + html.EscapeString(m.Text) + `</a>`
	case Goal:
		return open + html.EscapeString(m.Name) + `</a>`
	}
	return ""
}

// Plain is what a partner sends or posts: the words with the link in them.
func (m Material) Plain(address string) string {
	switch m.Kind {
	case Words:
		return m.Text + " " + address
	case Letter:
		return strings.ReplaceAll(m.Text, Placeholder, address)
	}
	return address
}

// Alt is what is read where a banner cannot be seen.
func (m Material) Alt() string {
	if m.Text != "" {
		return m.Text
	}
	return m.Name
}
