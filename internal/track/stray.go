package track

import (
	"bytes"
	_ "embed"
	"html/template"
	"net/http"

	"github.com/tributary-hq/tributary/internal/lang"
)

//go:embed stray.html
var strayHTML string

// strayPages are what people read whose link leads nowhere, and blockedPages those whom a rule lets through no further, by
// language. They are made once: a wrong link costs no more than a right one.
var (
	strayPages   = makePages("stray.title", "stray.text")
	blockedPages = makePages("steer.blocked.title", "steer.blocked.text")
)

func makePages(title, text string) map[string][]byte {
	page := template.Must(template.New("stray").Parse(strayHTML))
	pages := map[string][]byte{}
	for _, l := range lang.All() {
		var b bytes.Buffer
		if err := page.Execute(&b, map[string]string{"Tag": l.Tag, "Title": l.Text(title), "Text": l.Text(text)}); err != nil {
			panic(err) // embedded with this package
		}
		pages[l.Tag] = b.Bytes()
	}
	return pages
}

// inLanguage is one of these pages for who reads the languages, with the fields that go before it.
func inLanguage(pages map[string][]byte, languages string, h setter) []byte {
	h.Set("Content-Type", "text/html; charset=utf-8")
	h.Set("X-Content-Type-Options", "nosniff")
	h.Set("Content-Security-Policy", "default-src 'none'; style-src 'unsafe-inline'")
	h.Set("Vary", "Accept-Language")
	h.Set("X-Robots-Tag", "noindex")
	return pages[lang.Choose(languages).Tag]
}

// stray answers who followed a link that leads nowhere.
func stray(w http.ResponseWriter, r *http.Request) {
	body := inLanguage(strayPages, first(r, "Accept-Language"), w.Header())
	w.WriteHeader(http.StatusNotFound)
	if r.Method != http.MethodHead {
		w.Write(body)
	}
}
