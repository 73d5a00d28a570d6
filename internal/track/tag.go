package track

import (
	"bytes"
	"crypto/sha256"
	_ "embed"
	"encoding/hex"
	"net/http"
	"time"
)

//go:embed tag.js
var tagScript []byte

var tagVersion = func() string {
	sum := sha256.Sum256(tagScript)
	return `"` + hex.EncodeToString(sum[:8]) + `"`
}()

// serveTag answers with the browser tag, which browsers keep for an hour.
func serveTag(w http.ResponseWriter, r *http.Request) {
	h := w.Header()
	h.Set("Content-Type", "text/javascript; charset=utf-8")
	h.Set("Cache-Control", "public, max-age=3600")
	h.Set("Cross-Origin-Resource-Policy", "cross-origin")
	h["Etag"], h["X-Content-Type-Options"] = []string{tagVersion}, noSniff
	http.ServeContent(w, r, "", time.Time{}, bytes.NewReader(tagScript))
}
