package demo

import (
	"bytes"
	"embed"
	"fmt"
	"html/template"
	"io/fs"
	"log/slog"
	"net/http"
	"strings"
	"time"

	"github.com/tributary-hq/tributary/client"
	"github.com/tributary-hq/tributary/internal/app"
	"github.com/tributary-hq/tributary/internal/problem"
)

// shop is the brand's own site: it shows, sells, and tells the partner program of each order. It knows of the program what
// any shop knows: a token, the tag, and the click id that comes with a visitor.
type shop struct {
	api    *client.Client
	log    *slog.Logger
	secure bool // cookies only over https
	pages  map[string]*template.Template
	orders orders
}

// shopRoutes are all addresses of the shop.
var shopRoutes = []struct {
	pattern string
	handle  func(*shop, http.ResponseWriter, *http.Request) error
}{
	{"GET /shop/{$}", (*shop).shelf},
	{"GET /shop/p/{product}", (*shop).product},
	{"GET /shop/cart", (*shop).cart},
	{"POST /shop/cart", (*shop).changeCart},
	{"GET /shop/checkout", (*shop).checkout},
	{"POST /shop/checkout", (*shop).buy},
	{"GET /shop/orders/{order}", (*shop).thanks},
	{"POST /shop/orders/{order}/refund", (*shop).refund},
	{"POST /shop/letter", (*shop).subscribe},
	{"GET /shop/letter", (*shop).subscribed},
}

//go:embed shop
var shopFiles embed.FS

// Shop is the shop as a handler for /shop/. It panics when its own templates cannot be read.
func Shop(a *app.App, story *Story, log *slog.Logger) http.Handler {
	s := &shop{api: inside(a.Handler, story), log: log, secure: strings.HasPrefix(story.Base, "https://"), pages: readPages()}
	mux := http.NewServeMux()
	for _, route := range shopRoutes {
		mux.HandleFunc(route.pattern, func(w http.ResponseWriter, r *http.Request) {
			s.remember(w, r)
			if err := route.handle(s, w, r); err != nil {
				s.refuse(w, r, err)
			}
		})
	}
	files, err := fs.Sub(shopFiles, "shop/static")
	if err != nil {
		panic(err)
	}
	mux.Handle("GET /shop/static/", http.StripPrefix("/shop/static/", kept(http.FileServerFS(files))))
	mux.HandleFunc("/shop/", func(w http.ResponseWriter, r *http.Request) { s.refuse(w, r, problem.NotFound("page", r.URL.Path)) })
	return guard(http.NewCrossOriginProtection().Handler(mux))
}

// shopPolicy lets a page load from its own origin alone: the shop's files and the tag.
const shopPolicy = "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self'; form-action 'self'; " +
	"base-uri 'none'; frame-ancestors 'none'"

func guard(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		h := w.Header()
		h.Set("Content-Security-Policy", shopPolicy)
		h.Set("X-Content-Type-Options", "nosniff")
		h.Set("Referrer-Policy", "strict-origin-when-cross-origin")
		next.ServeHTTP(w, r)
	})
}

func kept(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Cache-Control", "public, max-age=3600")
		next.ServeHTTP(w, r)
	})
}

// page is what every page shows around its own.
type page struct {
	Title   string
	Slogan  string
	Program string // the short name, for the tag
	InCart  int64
	Body    any
}

var pageFunctions = template.FuncMap{
	"euro": func(cents int64) string {
		sign := ""
		if cents < 0 {
			sign, cents = "−", -cents
		}
		return fmt.Sprintf("%s€%d.%02d", sign, cents/100, cents%100)
	},
}

func readPages() map[string]*template.Template {
	pages := map[string]*template.Template{}
	for _, name := range []string{"shelf", "product", "cart", "checkout", "thanks", "letter", "refused"} {
		page := template.New("layout.html").Funcs(pageFunctions)
		pages[name] = template.Must(page.ParseFS(shopFiles, "shop/pages/layout.html", "shop/pages/"+name+".html"))
	}
	return pages
}

func (s *shop) show(w http.ResponseWriter, r *http.Request, status int, name, title string, body any) error {
	var b bytes.Buffer
	data := page{Title: title, Slogan: slogan, Program: brandSlug, InCart: readCart(r).count(), Body: body}
	if err := s.pages[name].Execute(&b, data); err != nil {
		return err
	}
	h := w.Header()
	h.Set("Content-Type", "text/html; charset=utf-8")
	h.Set("Cache-Control", "no-store")
	w.WriteHeader(status)
	_, err := b.WriteTo(w)
	return err
}

// refuse says to a person that something cannot be done, and to the log what went wrong on our side.
func (s *shop) refuse(w http.ResponseWriter, r *http.Request, err error) {
	p, ok := problem.As(err)
	if !ok {
		s.log.Error("shop", "method", r.Method, "path", r.URL.Path, "error", err)
		p = &problem.Problem{Status: http.StatusInternalServerError, Detail: "Something went wrong on our side, and nothing was ordered. Please try again."}
	}
	title := "That did not work."
	if p.Status == http.StatusNotFound {
		title = "This path ends here."
	}
	if err := s.show(w, r, p.Status, "refused", title, strings.ToUpper(p.Detail[:1])+p.Detail[1:]); err != nil {
		s.log.Error("shop", "path", r.URL.Path, "error", err)
	}
}

func to(w http.ResponseWriter, r *http.Request, address string) error {
	http.Redirect(w, r, address, http.StatusSeeOther)
	return nil
}

const rememberFor = 30 * 24 * time.Hour

// setCookie keeps a value with the visitor, for the shop alone; an empty one is forgotten.
func (s *shop) setCookie(w http.ResponseWriter, name, value string) {
	c := &http.Cookie{Name: name, Value: value, Path: "/shop/", HttpOnly: true, SameSite: http.SameSiteLaxMode, Secure: s.secure,
		MaxAge: int(rememberFor.Seconds())}
	if value == "" {
		c.MaxAge = -1
	}
	http.SetCookie(w, c)
}

func cookie(r *http.Request, name string) string {
	c, err := r.Cookie(name)
	if err != nil {
		return ""
	}
	return c.Value
}

const clickCookie = "birkwild_click"

// remember keeps the click id by which a visitor comes: thirty days, in a cookie of the shop's own.
func (s *shop) remember(w http.ResponseWriter, r *http.Request) {
	click := r.URL.Query().Get("tclid")
	if r.Method == http.MethodGet && click != "" && len(click) <= 64 && strings.Trim(click, clickLetters) == "" {
		s.setCookie(w, clickCookie, click)
	}
}

const clickLetters = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_"
