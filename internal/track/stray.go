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

// strayPages are what people read whose link leads nowhere, by language. They are made once: a wrong link costs no more than a
// right one.
var strayPages = func() map[string][]byte {
	page := template.Must(template.New("stray").Parse(strayHTML))
	pages := map[string][]byte{}
	for _, l := range lang.All() {
		var b bytes.Buffer
		if err := page.Execute(&b, map[string]string{"Tag": l.Tag, "Title": l.Text("stray.title"), "Text": l.Text("stray.text")}); err != nil {
			panic(err) // embedded with this package
		}
		pages[l.Tag] = b.Bytes()
	}
	return pages
}()

// stray is the page for who followed a link that leads nowhere.
func stray(languages string, h setter) []byte {
	h.Set("Content-Type", "text/html; charset=utf-8")
	h.Set("Content-Security-Policy", "default-src 'none'; style-src 'unsafe-inline'")
	h.Set("Vary", "Accept-Language")
	h.Set("X-Robots-Tag", "noindex")
	return strayPages[lang.Choose(languages).Tag]
}

// strayed answers with that page.
func strayed(w http.ResponseWriter, r *http.Request) {
	body := stray(first(r, "Accept-Language"), w.Header())
	w.Header()["X-Content-Type-Options"] = noSniff
	w.WriteHeader(http.StatusNotFound)
	if r.Method != http.MethodHead {
		w.Write(body)
	}
}
