package web

import (
	"compress/gzip"
	"io"
	"net/http"
	"regexp"
	"strings"
	"testing"

	"github.com/tributary-hq/tributary/internal/db"
	"github.com/tributary-hq/tributary/internal/db/dbtest"
)

// fetch gets an address as a browser does that can unzip, and tells how many bytes came over the wire.
func (b *browser) fetch(path string) (answer *http.Response, body string, wire int) {
	b.w.t.Helper()
	r, err := http.NewRequest("GET", b.w.server.URL+path, nil)
	if err != nil {
		b.w.t.Fatal(err)
	}
	r.Header.Set("Accept-Encoding", "gzip")
	if answer, err = b.client.Do(r); err != nil {
		b.w.t.Fatal(err)
	}
	defer answer.Body.Close()
	raw, err := io.ReadAll(answer.Body)
	if err != nil {
		b.w.t.Fatal(err)
	}
	unzipped, err := gzip.NewReader(strings.NewReader(string(raw)))
	if err != nil {
		b.w.t.Fatalf("%s is not zipped: %v", path, err)
	}
	text, err := io.ReadAll(unzipped)
	if err != nil {
		b.w.t.Fatal(err)
	}
	return answer, string(text), len(raw)
}

var asset = regexp.MustCompile(`(?:src|href)="(/static/[^"#]+)`)

func TestFirstLoadIsSmallAndGuarded(t *testing.T) {
	w := newWorld(t, dbtest.Open(t, db.SQLite))
	b := w.as("owner")
	answer, page, bytes := b.fetch("/console/acme")
	for header, want := range map[string]string{"Content-Security-Policy": "default-src 'none'", "Cache-Control": "no-store", "X-Content-Type-Options": "nosniff",
		"Content-Language": "en", "Content-Encoding": "gzip"} {
		if got := answer.Header.Get(header); !strings.HasPrefix(got, want) {
			t.Errorf("%s is %q, want %q", header, got, want)
		}
	}
	if strings.Contains(answer.Header.Get("Content-Security-Policy"), "unsafe") {
		t.Error("the policy lets in what is written inside the page")
	}
	seen := map[string]bool{}
	for _, m := range asset.FindAllStringSubmatch(page, -1) {
		if seen[m[1]] {
			continue
		}
		seen[m[1]] = true
		answer, _, n := b.fetch(m[1])
		bytes += n
		if got := answer.Header.Get("Cache-Control"); !strings.Contains(got, "immutable") {
			t.Errorf("%s may be kept %q", m[1], got)
		}
	}
	if len(seen) < 4 || bytes > 60_000 {
		t.Errorf("the first load has %d files and %d bytes", len(seen), bytes)
	}
	for path, want := range map[string]int{"/static/old/app.css": http.StatusOK, "/static/x/none.css": http.StatusNotFound, "/nowhere": http.StatusNotFound} {
		if status, _, _ := b.get(path); status != want {
			t.Errorf("%s: %d", path, status)
		}
	}
}

func TestNoticeSaysOnlyOurWords(t *testing.T) {
	w := newWorld(t, dbtest.Open(t, db.SQLite))
	for _, forged := range []string{"nothing_like_it", "../problems.email_taken", "<b>"} {
		r, _ := http.NewRequest("GET", w.server.URL+"/sign-in", nil)
		r.Header.Set("Cookie", noticeCookie+"="+forged)
		if _, body, _ := w.browser().do(r); strings.Contains(body, `class="notice"`) {
			t.Errorf("a forged notice %q is shown", forged)
		}
	}
}
