package api

import (
	"bytes"
	"compress/gzip"
	"net/http"
	"strings"
)

// zipped is a document that is compressed once, for all who can read it so.
type zipped struct{ plain, small []byte }

func newZipped(document []byte) zipped {
	var small bytes.Buffer
	z, err := gzip.NewWriterLevel(&small, gzip.BestCompression)
	if err != nil {
		panic(err) // the level is one
	}
	z.Write(document) // into memory
	z.Close()
	return zipped{document, small.Bytes()}
}

// serve writes the document as the reader takes it.
func (z zipped) serve(w http.ResponseWriter, r *http.Request) {
	w.Header().Add("Vary", "Accept-Encoding")
	for coding := range strings.SplitSeq(r.Header.Get("Accept-Encoding"), ",") {
		name, weight, _ := strings.Cut(strings.ReplaceAll(coding, " ", ""), ";")
		if (name == "gzip" || name == "*") && weight != "q=0" {
			w.Header().Set("Content-Encoding", "gzip")
			w.Write(z.small)
			return
		}
	}
	w.Write(z.plain)
}
