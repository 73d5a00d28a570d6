package web

import (
	"bytes"
	"embed"
	"fmt"
	"html/template"
	"io"
	"io/fs"
	"path"
	"strings"
	"sync"
	"time"

	"github.com/tributary-hq/tributary/internal/lang"
)

//go:embed templates
var templateFiles embed.FS

// library holds the templates by language and time zone, so that a template writes a date as {{date .At}} and can write it
// in no other way.
type library struct {
	static *static
	mu     sync.Mutex
	sets   map[shelf]*template.Template
}

type shelf struct{ language, zone string }

// shelvesMost bounds the sets that are kept.
const shelvesMost = 64

func newLibrary(files *static) *library {
	l := &library{static: files, sets: map[shelf]*template.Template{}}
	for _, language := range lang.All() {
		if _, err := l.set(language, time.UTC); err != nil {
			panic(err) // embedded with this package
		}
	}
	return l
}

func (l *library) set(language *lang.Language, zone *time.Location) (*template.Template, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	at := shelf{language.Tag, zone.String()}
	if set := l.sets[at]; set != nil {
		return set, nil
	}
	set := template.New("").Funcs(l.functions(language, zone)).Option("missingkey=error")
	err := fs.WalkDir(templateFiles, "templates", func(name string, entry fs.DirEntry, err error) error {
		if err != nil || entry.IsDir() || path.Ext(name) != ".html" {
			return err
		}
		text, err := templateFiles.ReadFile(name)
		if err == nil {
			_, err = set.New(strings.TrimSuffix(strings.TrimPrefix(name, "templates/"), ".html")).Parse(string(text))
		}
		return err
	})
	if err != nil {
		return nil, fmt.Errorf("read templates: %w", err)
	}
	if len(l.sets) >= shelvesMost {
		clear(l.sets)
	}
	l.sets[at] = set
	return set, nil
}

// frame is what a layout shows around a page.
type frame struct {
	Lang      *lang.Language
	Languages []*lang.Language
	Theme     string
	Title     string
	Notice    string
	News      []found // work that has come to an end
	Demo      bool
	Here      string // to come back to
	SignedIn  bool
	Person    string
	Who       string // the id of the person
	Console   bool   // whether the person has this surface
	Cabinet   bool
	Scope     string // the name of the program that is shown
	Base      string // of the surface of that program
	Scopes    []crumb
	MayAdd    bool // a further program to the scopes
	Nav       []navItem
	Main      template.HTML
}

type crumb struct {
	Name    string
	Address string
	Here    bool
}

// render writes a page within the layout of its surface.
func (s *site) render(w io.Writer, v *visit, p page) error {
	set, err := s.pages.set(v.lang, v.zone)
	if err != nil {
		return err
	}
	var main bytes.Buffer
	if err := set.ExecuteTemplate(&main, p.name, p.data); err != nil {
		return err
	}
	surface, _, _ := strings.Cut(p.name, "/")
	f := frame{Lang: v.lang, Languages: lang.All(), Theme: v.theme, Title: p.title, Notice: v.notice(), Demo: s.demo, SignedIn: v.signedIn,
		Person: v.person.Name, Who: v.person.ID, Here: v.page(), Main: template.HTML(main.String())}
	if err := s.fill(&f, v, surface); err != nil {
		return err
	}
	return set.ExecuteTemplate(w, "layout/"+surface, f)
}
