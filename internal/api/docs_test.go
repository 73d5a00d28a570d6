package api_test

import (
	"bytes"
	"encoding/json"
	"flag"
	"net/http"
	"net/http/httptest"
	"os"
	"regexp"
	"strings"
	"testing"

	"github.com/tributary-hq/tributary/internal/api"
	"github.com/tributary-hq/tributary/internal/db"
	"github.com/tributary-hq/tributary/internal/db/dbtest"
)

var update = flag.Bool("update", false, "write the golden files anew")

func document(t *testing.T, path string) *httptest.ResponseRecorder {
	t.Helper()
	a := api.New(api.Options{DB: dbtest.Open(t, db.SQLite), BaseURL: "https://partners.example.com"})
	t.Cleanup(a.Close)
	w := httptest.NewRecorder()
	a.ServeHTTP(w, httptest.NewRequest("GET", path, nil))
	if w.Code != http.StatusOK {
		t.Fatalf("%s: %d", path, w.Code)
	}
	return w
}

func TestOpenAPIIsTheGoldenFile(t *testing.T) {
	got := document(t, "/openapi.json").Body.Bytes()
	const golden = "testdata/openapi.json"
	if *update {
		if err := os.WriteFile(golden, got, 0o644); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(golden)
	if err != nil {
		t.Fatal(err)
	}
	if !bytes.Equal(got, want) {
		t.Errorf("the API has changed: look at it with go test ./internal/api -run Golden -update, and git diff")
	}
}

// TestEverythingIsDescribed walks the document for operations, parameters and fields without a description.
func TestEverythingIsDescribed(t *testing.T) {
	var spec struct {
		Paths map[string]map[string]struct {
			Summary, Description string
			Parameters           []struct {
				Name, Description string
				Schema            struct{ Description string }
			}
		}
		Components struct {
			Schemas map[string]struct {
				Properties map[string]struct{ Description string }
			}
		}
	}
	if err := json.Unmarshal(document(t, "/openapi.json").Body.Bytes(), &spec); err != nil {
		t.Fatal(err)
	}
	for path, methods := range spec.Paths {
		for method, op := range methods {
			if op.Summary == "" || op.Description == "" {
				t.Errorf("%s %s has no description", method, path)
			}
			for _, p := range op.Parameters {
				if p.Description == "" && p.Schema.Description == "" {
					t.Errorf("%s %s: parameter %s has no description", method, path, p.Name)
				}
			}
		}
	}
	for name, schema := range spec.Components.Schemas {
		for field, s := range schema.Properties {
			if s.Description == "" {
				t.Errorf("type %s: field %s has no description", name, field)
			}
		}
	}
}

func TestDocsPage(t *testing.T) {
	w := document(t, "/docs")
	page := w.Body.String()
	if policy := w.Header().Get("Content-Security-Policy"); !strings.Contains(policy, "default-src 'none'") || strings.Contains(policy, "unsafe") {
		t.Errorf("policy %q", policy)
	}
	for _, bad := range []string{"<script", "style=", "http://", "<no value>", "ZgotmplZ"} {
		if strings.Contains(page, bad) {
			t.Errorf("the page has %q", bad)
		}
	}
	ids := map[string]bool{}
	for _, m := range regexp.MustCompile(` id="([^"]+)"`).FindAllStringSubmatch(page, -1) {
		if ids[m[1]] {
			t.Errorf("%s is on the page twice", m[1])
		}
		ids[m[1]] = true
	}
	for _, m := range regexp.MustCompile(`href="#([^"]+)"`).FindAllStringSubmatch(page, -1) {
		if !ids[m[1]] {
			t.Errorf("the link to %s leads nowhere", m[1])
		}
	}
	if document(t, "/docs/style.css").Body.Len() == 0 || document(t, "/openapi.yaml").Body.Len() == 0 {
		t.Error("an empty document")
	}
}
