// Package web is the pages that people see: the brand's console, the partner's cabinet and the public pages. It keeps no
// facts and decides nothing about money: it shows what other packages know, and hands them what people type.
package web

import (
	"fmt"
	"log/slog"
	"net/http"
	"runtime/debug"
	"strings"

	"github.com/tributary-hq/tributary/internal/db"
	"github.com/tributary-hq/tributary/internal/domain"
	"github.com/tributary-hq/tributary/internal/mail"
	"github.com/tributary-hq/tributary/internal/network"
	"github.com/tributary-hq/tributary/internal/problem"
	"github.com/tributary-hq/tributary/internal/report"
	"github.com/tributary-hq/tributary/internal/touch"
)

// Options are what the pages need.
type Options struct {
	DB       *db.DB
	Keys     touch.Keys
	BaseURL  string // how the world reaches this installation, such as https://partners.example.com
	Log      *slog.Logger
	Demo     bool // say on every page that the data is made up
	Post     *mail.Post
	Proxies  network.Proxies  // whose X-Forwarded-For is believed
	Resolver domain.Resolver  // the DNS that proves domains
	Domains  *domain.Snapshot // at which links are shown; nil: at BaseURL
	Places   bool             // whether visitors' countries are known
}

type site struct {
	db       *db.DB
	keys     touch.Keys
	base     string
	secure   bool // cookies only over https
	log      *slog.Logger
	demo     bool
	post     *mail.Post
	static   *static
	pages    *library
	book     report.Book
	proxies  network.Proxies
	resolver domain.Resolver
	domains  *domain.Snapshot
	places   bool
	doors    *http.ServeMux
}

// New is all pages as one handler; it answers every address that no other door claims. It panics when its own templates
// cannot be read.
func New(o Options) http.Handler {
	s := &site{db: o.DB, keys: o.Keys, base: strings.TrimSuffix(o.BaseURL, "/"), log: o.Log, demo: o.Demo, post: o.Post, proxies: o.Proxies, resolver: o.Resolver, domains: o.Domains, places: o.Places,
		static: newStatic()}
	s.secure = strings.HasPrefix(s.base, "https://")
	if s.log == nil {
		s.log = slog.Default()
	}
	s.pages = newLibrary(s.static)
	mux := http.NewServeMux()
	s.doors = mux
	for _, r := range routes {
		mux.Handle(r.pattern, s.door(r))
	}
	mux.Handle("GET "+staticPath, s.static)
	mux.Handle("/", s.door(route{handle: notFound}))
	return guard(compress(http.NewCrossOriginProtection().Handler(mux)))
}

// door is one route as a handler: it lets in, asks the route's handler and answers, whatever happened.
func (s *site) door(rt route) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		v := s.visit(w, r)
		a, err := s.answer(v, rt)
		if err != nil {
			a = s.refuse(v, err)
		}
		if err := a.send(v, w); err != nil {
			s.log.Error("answer", "method", r.Method, "path", r.URL.Path, "error", err)
		}
	})
}

func (s *site) answer(v *visit, rt route) (a answer, err error) {
	defer func() {
		if fault := recover(); fault != nil {
			a, err = nil, fmt.Errorf("panic: %v\n%s", fault, debug.Stack())
		}
	}()
	if err := v.readForm(); err != nil {
		return nil, err
	}
	if !v.isText() {
		return nil, &problem.Problem{Status: http.StatusBadRequest, Code: "body_incomplete", Detail: "that holds what is not text"}
	}
	if err := s.admit(v, rt.may); err != nil {
		return nil, err
	}
	return rt.handle(s, v)
}
