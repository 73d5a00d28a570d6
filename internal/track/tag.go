package track

import (
	"bytes"
	"compress/gzip"
	"context"
	"crypto/sha256"
	"crypto/sha512"
	_ "embed"
	"encoding/base64"
	"encoding/hex"
	"errors"
	"net/http"
	"strings"
	"time"

	"github.com/tributary-hq/tributary/internal/db"
)

// The tag is written in tag.js. What is sent is in the repository too, so that building takes Go alone; a test holds that the
// two belong together.
//
//go:generate sh -c "go run github.com/evanw/esbuild/cmd/esbuild@v0.25.0 --minify --target=es2018 tag.js > tag.min.js && sha256sum < tag.js > tag.min.sum"

//go:embed tag.min.js
var tagScript []byte

// scriptForm is the tag's bytes as they are sent, and the name of exactly these.
type scriptForm struct {
	body []byte
	etag []string
}

var (
	tagPlain, tagZipped = newForm(tagScript), newForm(zipped(tagScript))
	tagSum              = sha512.Sum384(tagScript)
)

// tagPath is where the tag is under the name of its content, which never changes.
const tagPath = "/tag/"

// TagVersion is the path of the tag as it is today, and what a page can hold it against (Subresource Integrity): a page with
// both runs this tag or none.
func TagVersion() (path, integrity string) {
	return tagPath + hex.EncodeToString(tagSum[:8]) + ".js", "sha384-" + base64.StdEncoding.EncodeToString(tagSum[:])
}

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
	sendTag(w, r, tagPlain, tagZipped, "public, max-age=3600")
}

const forGood = "public, max-age=31536000, immutable"

// serveVersion answers with the browser tag under the name of its content. Versions of before stay: a page that holds its tag
// against a sum runs it until somebody puts another one there.
func (d *Door) serveVersion(w http.ResponseWriter, r *http.Request) {
	if path, _ := TagVersion(); r.URL.Path == path {
		if err := d.keepVersion(r.Context(), path); err != nil {
			d.log.Error("keep the tag", "error", err)
		}
		sendTag(w, r, tagPlain, tagZipped, forGood)
		return
	}
	if !isTagName(r.PathValue("name")) {
		http.NotFound(w, r)
		return
	}
	body, err := db.One(r.Context(), d.db.Read(), db.Value[[]byte], `/* track.serveVersion */ select body from tag_version where path = $1`, cut(r.URL.Path, 100))
	if err != nil {
		if !errors.Is(err, db.ErrNone) {
			d.log.Error("serve the tag", "path", r.URL.Path, "error", err)
		}
		http.NotFound(w, r)
		return
	}
	sendTag(w, r, newForm(body), newForm(zipped(body)), forGood)
}

// isTagName holds for what a sum of content and .js can look like.
func isTagName(name string) bool {
	sum, ok := strings.CutSuffix(name, ".js")
	return ok && sum != "" && strings.Trim(sum, "0123456789abcdef") == "" && len(sum) <= 64
}

// keepVersion keeps today's tag for the pages that will hold on to it, once.
func (d *Door) keepVersion(ctx context.Context, path string) (err error) {
	d.versionKept.Do(func() {
		err = d.db.Write(ctx, func(tx *db.Tx) error {
			_, err := db.Exec(ctx, tx, `/* track.keepVersion */ insert into tag_version (path, body) values ($1, $2) on conflict (path) do nothing`, path, tagScript)
			return err
		})
	})
	return err
}

func sendTag(w http.ResponseWriter, r *http.Request, plain, packed scriptForm, keep string) {
	h := w.Header()
	h.Set("Content-Type", "text/javascript; charset=utf-8")
	h.Set("Cache-Control", keep)
	h.Set("Access-Control-Allow-Origin", "*") // for pages that hold it against its sum
	h.Set("Cross-Origin-Resource-Policy", "cross-origin")
	h.Set("Vary", "Accept-Encoding")
	h["X-Content-Type-Options"] = noSniff
	form := plain
	if acceptsGzip(r) {
		form = packed
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
