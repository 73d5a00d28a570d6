package track

import (
	"cmp"
	"net/http"
	"strings"
)

// ways are how reports come, by the beginning of the address.
var ways = []struct{ prefix, name string }{{"/postback/", "postback"}, {"/t/", "tag"}}

// note counts a refused report for the program that it was sent to. A path that names no program is nobody's.
func (d *Door) note(r *http.Request, err error) {
	if d.refused == nil {
		return
	}
	for _, way := range ways {
		if !strings.HasPrefix(r.URL.Path, way.prefix) {
			continue
		}
		name := cmp.Or(r.PathValue("program"), strings.TrimSuffix(r.PathValue("picture"), ".gif"))
		if prog, wrong := d.links.Program(r.Context(), name); wrong == nil {
			d.refused.Note(prog.ID, way.name, err)
		}
	}
}
