package api_test

import (
	"compress/gzip"
	"io"
	"net/http/httptest"
	"testing"

	"github.com/tributary-hq/tributary/internal/api"
	"github.com/tributary-hq/tributary/internal/db"
	"github.com/tributary-hq/tributary/internal/db/dbtest"
)

func TestDocumentsAreZippedForWhoCanUnzip(t *testing.T) {
	a := api.New(api.Options{DB: dbtest.Open(t, db.SQLite), BaseURL: "https://partners.example.com"})
	t.Cleanup(a.Close)
	for accepts, want := range map[string]string{"gzip, deflate, br": "gzip", "*": "gzip", "": "", "br": "", "gzip; q=0": ""} {
		r := httptest.NewRequest("GET", "/docs", nil)
		r.Header.Set("Accept-Encoding", accepts)
		w := httptest.NewRecorder()
		a.ServeHTTP(w, r)
		if got := w.Header().Get("Content-Encoding"); got != want {
			t.Errorf("who accepts %q gets %q", accepts, got)
		}
		if want == "gzip" {
			plain, err := gzip.NewReader(w.Body)
			if err != nil {
				t.Fatal(err)
			}
			if text, err := io.ReadAll(plain); err != nil || string(text) != document(t, "/docs").Body.String() {
				t.Errorf("unzipped, the document is another: %v", err)
			}
		}
	}
}
