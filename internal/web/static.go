package web

import (
	"bytes"
	"compress/gzip"
	"crypto/sha256"
	"embed"
	"encoding/hex"
	"io/fs"
	"net/http"
	"path"
	"strings"
)

//go:embed static
var staticFiles embed.FS

// staticPath is where the files are; the hash of all of them follows, so that an address never changes its content and a
// module can import its neighbour.
const staticPath = "/static/"

// styleLayers are the cascade layers in their order. Every style sheet says to which it belongs; all are served as one.
var styleLayers = []string{"tokens", "base", "layout", "components", "pages"}

type static struct {
	version string
	files   map[string]staticFile
}

type staticFile struct {
	kind   string
	plain  []byte
	zipped []byte
}

var staticKinds = map[string]string{".css": "text/css; charset=utf-8", ".js": "text/javascript; charset=utf-8", ".svg": "image/svg+xml"}

func newStatic() *static {
	s := &static{files: map[string]staticFile{}}
	var styles bytes.Buffer
	styles.WriteString("@layer " + strings.Join(styleLayers, ", ") + ";\n")
	for _, name := range must(fs.Glob(staticFiles, "static/css/*.css")) {
		styles.Write(must(staticFiles.ReadFile(name)))
	}
	s.add("app.css", styles.Bytes())
	for _, pattern := range []string{"static/js/*.js", "static/*.svg"} {
		for _, name := range must(fs.Glob(staticFiles, pattern)) {
			s.add(path.Base(name), must(staticFiles.ReadFile(name)))
		}
	}
	return s
}

func must[T any](v T, err error) T {
	if err != nil {
		panic(err) // embedded with this package
	}
	return v
}

func (s *static) add(name string, body []byte) {
	var zipped bytes.Buffer
	z := must(gzip.NewWriterLevel(&zipped, gzip.BestCompression))
	z.Write(body)
	z.Close()
	s.files[name] = staticFile{staticKinds[path.Ext(name)], body, zipped.Bytes()}
	sum := sha256.Sum256(append([]byte(s.version+name), body...))
	s.version = hex.EncodeToString(sum[:6])
}

// address is where a file is.
func (s *static) address(name string) string { return staticPath + s.version + "/" + name }

func (s *static) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	version, name, _ := strings.Cut(strings.TrimPrefix(r.URL.Path, staticPath), "/")
	file, ok := s.files[name]
	if !ok {
		http.NotFound(w, r)
		return
	}
	h := w.Header()
	h.Set("Content-Type", file.kind)
	h.Set("Vary", "Accept-Encoding")
	if version == s.version {
		h.Set("Cache-Control", "public, max-age=31536000, immutable")
	} else {
		h.Set("Cache-Control", "no-cache") // a page from before or after an update
	}
	if acceptsGzip(r) {
		h.Set("Content-Encoding", "gzip")
		w.Write(file.zipped)
		return
	}
	w.Write(file.plain)
}
