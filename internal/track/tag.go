package track

import (
	"bytes"
	"compress/gzip"
	"crypto/sha256"
	_ "embed"
	"encoding/hex"
	"net/http"
	"strings"
	"time"
)

//go:embed tag.js
var tagScript []byte

// scriptForm is the tag's bytes as they are sent, and the name of exactly these.
type scriptForm struct {
	body []byte
	etag []string
}

var tagPlain, tagZipped = newForm(tagScript), newForm(zipped(tagScript))

func newForm(body []byte) scriptForm {
	sum := sha256.Sum256(body)
	return scriptForm{body, []string{`"` + hex.EncodeToString(sum[:8]) + `"`}}
}

func zipped(plain []byte) []byte {
	var b bytes.Buffer
	z, err := gzip.NewWriterLevel(&b, gzip.BestCompression)
	if err != nil {
		panic(err) // the level is one that there is
	}
	z.Write(plain) // into memory
	z.Close()
	return b.Bytes()
}

// serveTag answers with the browser tag, which browsers keep for an hour.
func serveTag(w http.ResponseWriter, r *http.Request) {
	h := w.Header()
	h.Set("Content-Type", "text/javascript; charset=utf-8")
	h.Set("Cache-Control", "public, max-age=3600")
	h.Set("Cross-Origin-Resource-Policy", "cross-origin")
	h.Set("Vary", "Accept-Encoding")
	h["X-Content-Type-Options"] = noSniff
	form := tagPlain
	if acceptsGzip(r) {
		form = tagZipped
		h.Set("Content-Encoding", "gzip")
	}
	h["Etag"] = form.etag
	http.ServeContent(w, r, "", time.Time{}, bytes.NewReader(form.body))
}

func acceptsGzip(r *http.Request) bool {
	for coding := range strings.SplitSeq(r.Header.Get("Accept-Encoding"), ",") {
		name, weight, _ := strings.Cut(strings.ReplaceAll(coding, " ", ""), ";")
		if name == "gzip" {
			return weight != "q=0" && weight != "q=0.0"
		}
	}
	return false
}
