package track

import (
	"html"
	"slices"
	"strings"

	"github.com/tributary-hq/tributary/internal/program"
)

// Snippet is what a shop puts onto each of its pages: the tag, and a picture for visitors without scripts. A pinned one is
// held against the sum of today's tag, and runs that tag or none.
func Snippet(base string, p program.Program, t program.Tag, pinned bool) string {
	address, more := base+"/tag.js", ""
	if pinned {
		path, integrity := TagVersion()
		address, more = base+path, ` integrity="`+integrity+`" crossorigin`
	}
	for _, set := range []struct{ name, value, usual string }{
		{"param", p.ClickParam, "tclid"},
		{"refs", strings.Join(t.Params, " "), ""},
		{"domains", strings.Join(names(p.Domains), " "), strings.Join(names(p.Domains[:min(1, len(p.Domains))]), " ")},
		{"consent", string(t.Consent), string(program.Full)},
	} {
		if set.value != set.usual {
			more += " data-" + set.name + `="` + html.EscapeString(set.value) + `"`
		}
	}
	script := `<script async src="` + address + `" data-program="` + p.Slug + `"` + more + `></script>`
	if t.Consent == program.Silent {
		return script
	}
	return script + "\n" + `<noscript><img src="` + base + "/t/" + p.Slug + `.gif" width="1" height="1" alt="" referrerpolicy="no-referrer-when-downgrade"></noscript>`
}

// names are hosts without their ports, each once.
func names(hosts []string) (list []string) {
	for _, host := range hosts {
		name, _, _ := strings.Cut(host, ":")
		if !slices.Contains(list, name) {
			list = append(list, name)
		}
	}
	return list
}
