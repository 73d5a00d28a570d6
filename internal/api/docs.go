package api

import (
	"bytes"
	"embed"
	"encoding/json"
	"fmt"
	"html/template"
	"net/http"
	"regexp"
	"slices"
	"strings"

	"github.com/danielgtaylor/huma/v2"
)

//go:embed docs.html docs.css
var docsFiles embed.FS

// docsPolicy lets the page load its own style sheet and nothing else.
const docsPolicy = "default-src 'none'; style-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"

// serveDocuments serves what describes the API. It is written once: operations do not change while it runs.
func (a *API) serveDocuments() {
	model := a.huma.OpenAPI()
	spec, err1 := json.MarshalIndent(model, "", "  ")
	yaml, err2 := model.YAML()
	page, err3 := docsPage(model)
	style, err4 := docsFiles.ReadFile("docs.css")
	for _, err := range []error{err1, err2, err3, err4} {
		if err != nil {
			panic(fmt.Sprintf("api: write the documents: %v", err)) // made of this package's own text alone
		}
	}
	for _, doc := range []struct {
		path, kind string
		body       []byte
	}{
		{"/openapi.json", "application/openapi+json", spec},
		{"/openapi.yaml", "application/openapi+yaml", yaml},
		{"/docs", "text/html; charset=utf-8", page},
		{"/docs/style.css", "text/css; charset=utf-8", style},
	} {
		body := newZipped(doc.body)
		a.mux.HandleFunc("GET "+doc.path, func(w http.ResponseWriter, r *http.Request) {
			h := w.Header()
			h.Set("Content-Type", doc.kind)
			h.Set("Content-Security-Policy", docsPolicy)
			h.Set("X-Content-Type-Options", "nosniff")
			h.Set("Cache-Control", "public, max-age=300")
			body.serve(w, r)
		})
	}
}

// The page as the template sees it.
type (
	docs struct {
		Title, About string
		Subjects     []docsSubject
		Types        []docsType
	}
	docsSubject struct {
		Name, Description string
		Operations        []docsOperation
	}
	docsOperation struct {
		ID, Method, Path, Summary, Description string
		Parameters                             []docsField
		Body, Answer                           docsRef
		Curl, Example                          string
	}
	docsType struct {
		Name   string
		Fields []docsField
	}
	docsField struct {
		Name, In, Description string
		Type                  docsRef
		Required              bool
	}
	docsRef struct{ Text, Type string } // Type is the name of a type on the page, or empty
)

func docsPage(model *huma.OpenAPI) ([]byte, error) {
	page := docs{Title: model.Info.Title, About: model.Info.Description}
	schemas := model.Components.Schemas
	for _, tag := range model.Tags {
		subject := docsSubject{Name: tag.Name, Description: tag.Description}
		for _, o := range operations {
			if o.tag() == tag.Name {
				subject.Operations = append(subject.Operations, documented(o, model))
			}
		}
		page.Subjects = append(page.Subjects, subject)
	}
	for name, schema := range schemas.Map() {
		t := docsType{Name: name}
		for _, field := range sortedFields(schema) {
			s := schema.Properties[field]
			t.Fields = append(t.Fields, docsField{Name: field, Type: refTo(s), Required: slices.Contains(schema.Required, field), Description: describe(s)})
		}
		page.Types = append(page.Types, t)
	}
	slices.SortFunc(page.Types, func(a, b docsType) int { return strings.Compare(a.Name, b.Name) })
	t, err := template.New("docs.html").Funcs(template.FuncMap{"prose": prose}).ParseFS(docsFiles, "docs.html")
	if err != nil {
		return nil, err
	}
	var b bytes.Buffer
	err = t.Execute(&b, page)
	return b.Bytes(), err
}

func documented(o operation, model *huma.OpenAPI) docsOperation {
	item := model.Paths[o.path]
	op := map[string]*huma.Operation{"GET": item.Get, "POST": item.Post, "PUT": item.Put, "PATCH": item.Patch, "DELETE": item.Delete}[o.method]
	out := docsOperation{ID: o.id, Method: o.method, Path: o.path, Summary: op.Summary, Description: op.Description}
	for _, p := range op.Parameters {
		description := p.Description
		if description == "" {
			description = p.Schema.Description
		}
		out.Parameters = append(out.Parameters, docsField{Name: p.Name, In: p.In, Type: refTo(p.Schema), Required: p.Required, Description: description})
	}
	body := ""
	if op.RequestBody != nil {
		for kind, media := range op.RequestBody.Content {
			out.Body = refTo(media.Schema)
			body = fmt.Sprintf(" \\\n  -H 'Content-Type: %s'", kind)
			if kind == "application/json" {
				body += fmt.Sprintf(" \\\n  -d '%s'", strings.ReplaceAll(indented(sample(model.Components.Schemas, media.Schema)), "'", `'\''`))
			} else {
				body += " \\\n  --data-binary @results.csv"
			}
		}
	}
	for _, status := range []string{"201", "200"} {
		if answer := op.Responses[status]; answer != nil && out.Answer.Text == "" {
			for kind, media := range answer.Content {
				if out.Answer = refTo(media.Schema); kind == "application/json" {
					out.Example = indented(sample(model.Components.Schemas, media.Schema))
				}
			}
		}
	}
	out.Curl = curl(o, model.Servers[0].URL, body)
	return out
}

var pathName = regexp.MustCompile(`\{\w+\}`)

// curl is a request to try, with what is in the path as variables of the shell.
func curl(o operation, base, body string) string {
	path := pathName.ReplaceAllStringFunc(o.path, func(name string) string {
		variable := "$" + strings.ToUpper(strings.Trim(name, "{}"))
		if variable == "$TOKEN" { // that is the one to ask with
			variable = "$TOKEN_ID"
		}
		return variable
	})
	line := "curl"
	if o.method != "GET" {
		line += " -X " + o.method
	}
	line += ` "` + base + path + `"` + " \\\n  -H \"Authorization: Bearer $TOKEN\""
	if o.method != "GET" {
		line += " \\\n  -H \"Idempotency-Key: $(uuidgen)\""
	}
	return line + body
}

func indented(v any) string {
	var b bytes.Buffer
	enc := json.NewEncoder(&b)
	enc.SetEscapeHTML(false)
	enc.SetIndent("", "  ")
	if err := enc.Encode(v); err != nil {
		panic(err) // of maps, lists and plain values
	}
	return strings.TrimSpace(b.String())
}
