package web

import (
	"net/http"
	"net/url"
	"strings"
)

// local is the address if it is a path of this installation, and "/" if it could lead anywhere else: a form that says where
// to go on must not send people to strangers.
func local(address string) string {
	if len(address) > 2000 || !strings.HasPrefix(address, "/") || strings.HasPrefix(address, "//") ||
		strings.ContainsFunc(address, func(r rune) bool { return r <= ' ' || r == 0x7f || r == '\\' || r == '\uFFFD' }) {
		return "/"
	}
	u, err := url.ParseRequestURI(address)
	if err != nil || u.Scheme != "" || u.Host != "" || strings.HasPrefix(u.Path, "//") || strings.Contains(u.Path, `\`) {
		return "/"
	}
	return address
}

// cameFrom is the page of this installation from which a form was sent, or "/".
func cameFrom(r *http.Request) string {
	u, err := url.Parse(r.Referer())
	if err != nil || u.Host != r.Host {
		return "/"
	}
	return local(u.RequestURI())
}

// page is the address of the page that the reader is on: of a form that was sent, the one that had it.
func (v *visit) page() string {
	if v.Method == http.MethodPost {
		return cameFrom(v.Request)
	}
	return local(v.URL.RequestURI())
}
