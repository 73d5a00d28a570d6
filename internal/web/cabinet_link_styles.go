package web

import (
	"cmp"
	"html"
	"net/url"
	"strings"

	"github.com/tributary-hq/tributary/internal/program"
)

// linkStyle is another way to write a link; its name is a message below "styles".
type linkStyle struct{ Name, Text string }

// styles are the ways to send visitors with the link's code that need no redirect, and the pixel that counts what is shown.
func (s *site) styles(v *visit, t program.Tag) []linkStyle {
	code := v.link.Code
	param := append(append([]string{}, t.Params...), program.RefParams...)[0]
	page := cmp.Or(v.link.Target, v.program.Landing)
	at, err := url.Parse(page)
	if err != nil {
		return nil // it was read when the link was made
	}
	joint := "?"
	bare, _, _ := strings.Cut(page, "#")
	if at.RawQuery != "" {
		joint = "&"
	}
	return []linkStyle{
		{"param", bare + joint + param + "=" + code},
		{"anchor", bare + "#a_aid=" + code},
		{"pixel", `<img src="` + html.EscapeString(s.base+"/i/"+code) + `.gif" width="1" height="1" alt="">`},
	}
}
