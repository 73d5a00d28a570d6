package track

import (
	"net/http"
	"strings"

	"github.com/tributary-hq/tributary/internal/creative"
	"github.com/tributary-hq/tributary/internal/domain"
)

// ofProgram are the doors whose address names the program after them.
var ofProgram = []string{"/postback/", "/t/"}

// ServeAt answers at a domain of a program's own, or of a partner in it: its links, by their code alone too, and what else
// Patterns has, all for this program only. No page of ours is there.
func (d *Door) ServeAt(w http.ResponseWriter, r *http.Request, at domain.Domain) {
	path := r.URL.Path
	if path == "/" {
		d.home(w, r, at)
		return
	}
	if code, ok := strings.CutPrefix(path, linkPath); ok {
		d.followAt(w, r, code, at)
		return
	}
	for _, door := range ofProgram {
		name, ok := strings.CutPrefix(path, door)
		if !ok {
			continue
		}
		if prog, err := d.links.Program(r.Context(), name); err != nil || prog.ID != at.Program {
			stray(w, r)
			return
		}
	}
	for _, pattern := range Patterns {
		if path == pattern || strings.HasSuffix(pattern, "/") && strings.HasPrefix(path, pattern) {
			d.mux.ServeHTTP(w, r)
			return
		}
	}
	d.followAt(w, r, path[1:], at)
}

// followAt answers a link at a domain, if it is of the program or the partner who has the domain.
func (d *Door) followAt(w http.ResponseWriter, r *http.Request, code string, at domain.Domain) {
	code = strings.TrimSuffix(code, "/")
	place, ok, err := d.links.FindTyped(r.Context(), code)
	if err == nil && (!ok || !stands(place, at)) {
		w.Header()["Cache-Control"] = noStore
		stray(w, r)
		return
	}
	d.serveLink(w, r, code) // which says what is wrong, if anything is
}

// stands tells whether a link may stand at a domain.
func stands(place creative.Place, at domain.Domain) bool {
	return place.Program.ID == at.Program && (at.Partnership == "" || place.Partnership == at.Partnership)
}

// home sends who typed the domain alone to the program's landing page. That is no partner's visitor, and no touch.
func (d *Door) home(w http.ResponseWriter, r *http.Request, at domain.Domain) {
	prog, err := d.links.Program(r.Context(), at.Program)
	if err != nil || r.Method != http.MethodGet && r.Method != http.MethodHead || !leadsAway(prog.Landing, at.Name) {
		stray(w, r)
		return
	}
	w.Header()["Cache-Control"] = noStore
	http.Redirect(w, r, prog.Landing, http.StatusFound)
}

// leadsAway holds for pages that are not on the domain itself, where they would lead round in a circle.
func leadsAway(page, name string) bool {
	_, rest, _ := strings.Cut(page, "://")
	host, _, _ := strings.Cut(rest, "/")
	return domain.Plain(host) != name
}
