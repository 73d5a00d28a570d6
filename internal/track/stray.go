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

var (
	htmlText    = []string{"text/html; charset=utf-8"}
	byLanguage  = []string{"Accept-Language"}
	ownStyle    = []string{"default-src 'none'; style-src 'unsafe-inline'"}
	notForIndex = []string{"noindex"}
)

// stray answers who followed a link that leads nowhere.
func stray(w http.ResponseWriter, r *http.Request) {
	sayPage(w, r, http.StatusNotFound, strayPages)
}

// sayPage answers with a page in the visitor's language.
func sayPage(w http.ResponseWriter, r *http.Request, status int, pages map[string][]byte) {
	h := w.Header()
	h["Content-Type"], h["X-Content-Type-Options"], h["Content-Security-Policy"] = htmlText, noSniff, ownStyle
	h["Vary"], h["X-Robots-Tag"] = byLanguage, notForIndex
	w.WriteHeader(status)
	if r.Method != http.MethodHead {
		w.Write(pages[lang.Choose(first(r, "Accept-Language")).Tag])
	}
}
