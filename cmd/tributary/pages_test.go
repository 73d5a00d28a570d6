package main

import (
	"cmp"
	"fmt"
	"maps"
	"net/http"
	"net/http/cookiejar"
	"net/http/httptest"
	"net/url"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/chromedp/chromedp"

	"github.com/tributary-hq/tributary/internal/db"
	"github.com/tributary-hq/tributary/internal/mail"
	"github.com/tributary-hq/tributary/internal/program"
	"github.com/tributary-hq/tributary/internal/web"
)

// atlas knows the routes and notes which of them somebody came to.
type atlas struct {
	base  string
	mux   *http.ServeMux
	mu    sync.Mutex
	known map[string]bool // reached, by pattern
}

func newAtlas(base string) *atlas {
	a := &atlas{base: base, mux: http.NewServeMux(), known: map[string]bool{}}
	for _, pattern := range append(web.Addresses(), "GET /docs") {
		if strings.HasPrefix(pattern, "GET ") {
			a.known[pattern] = false
			a.mux.HandleFunc(pattern, http.NotFound)
		}
	}
	return a
}

// reach notes that an address is one that a reader comes to, and returns its route.
func (a *atlas) reach(address string) string {
	_, pattern := a.mux.Handler(httptest.NewRequest("GET", pathOf(address), nil))
	if pattern != "" {
		a.mu.Lock()
		a.known[pattern] = true
		a.mu.Unlock()
	}
	return pattern
}

// noPage are the addresses that answer with a file, with a picture, or with what is shown inside another page.
var noPage = regexp.MustCompile(`\.(csv|svg|png)$|/files/|/samples/|/uploads/\{upl\}/(file|refused)$|/offline/\{upl\}/refused$|/html$|^GET /(console|partner)$`)

// walk is one reader's way through all pages that they can come to.
type walk struct {
	person
	*atlas
	watched *traffic
	opened  map[string]bool // menus, dialogs and frames that were checked, by kind and route
	lang    string
}

// TestEveryPageInABrowser goes wherever links lead a stranger, the brand and a partner, and looks at every page: light on a wide
// screen, dark on a phone, with its folds open, and with each of its menus and dialogs in both. What only wide screens show
// belongs to the frame, which is looked at in the dark once.
func TestEveryPageInABrowser(t *testing.T) {
	program, axe := browserProgram(t), axeSource(t)
	data := t.TempDir()
	base := strings.TrimSuffix(startDemo(t, data)["Shop"], "/shop/")
	keys, task := letters(t, filepath.Join(data, "demo.db"), base)
	a := newAtlas(base)
	browser := newBrowser(t, program)
	t.Run("readers", func(t *testing.T) {
		for _, reader := range []struct {
			name, email string
			starts      []string
		}{
			{"the brand", "marta@birkwild.example", []string{"/console/birkwild", "/console/new", "/console/birkwild/setup", "/console/birkwild/setup/partner",
				"/console/birkwild/partners?status=applied", "/console/birkwild/partners/none", task, tried(t, filepath.Join(data, "demo.db"))}},
			{"a stranger", "", append(keys, "/", "/sign-in", "/docs", "/forgot", "/p/birkwild/thanks", "/nowhere", "/reset/none")},
			{"a partner", "lena@huettenzauber.example", []string{"/partner", "/p/birkwild", "/p/birkwild/status"}},
		} {
			t.Run(reader.name, func(t *testing.T) {
				t.Parallel()
				w := newWalk(person{t, browser.ctx}.tab(), a, axe)
				if reader.email != "" {
					w.signIn(base, reader.email)
				}
				w.crawl(reader.starts)
				if reader.email == "" {
					w.mistakes()
				}
			})
		}
		t.Run("the first person", func(t *testing.T) {
			t.Parallel()
			empty, setup := startEmpty(t, filepath.Join(t.TempDir(), "empty.db"))
			w := newWalk(person{t, browser.ctx}.tab(), newAtlas(empty), axe)
			for _, address := range []string{setup, empty + "/setup"} {
				a.reach(base + pathOf(address))
				w.look(address, true)
			}
		})
	})
	for pattern, reached := range a.known {
		if !reached {
			t.Errorf("no link leads to %s: it was not looked at", pattern)
		}
	}
}

func newWalk(p person, a *atlas, axe string) *walk {
	p.everyPage(axe)
	p.everyPage(watcher)
	return &walk{person: p, atlas: a, watched: p.watch(a.base), opened: map[string]bool{}, lang: "en"}
}

// crawl looks at the starts, and at two pages of every route that links lead to: the first in all its looks.
func (w *walk) crawl(starts []string) {
	w.t.Helper()
	looked := map[string]int{} // by route
	came := map[string]bool{}  // by path: another period or order is the same page
	visit := func(address string) []string {
		pattern := w.reach(address)
		looked[pattern]++
		path, _, _ := strings.Cut(address, "?")
		came[path] = true
		return w.look(address, looked[pattern] == 1)
	}
	var leads []string
	for _, start := range starts {
		leads = append(leads, visit(w.base+start)...)
	}
	for n := 0; n < len(leads); n++ {
		address, _, _ := strings.Cut(leads[n], "#")
		path, _, _ := strings.Cut(address, "?")
		if came[path] || !strings.HasPrefix(address, w.base+"/") {
			continue
		}
		if pattern := w.reach(address); pattern != "" && looked[pattern] < 2 && !noPage.MatchString(pattern) {
			leads = append(leads, visit(address)...)
		}
	}
}

// look judges a page in all its looks, or in one of them, and returns where it leads.
func (w *walk) look(address string, all bool) []string {
	w.t.Helper()
	at := pathOf(address)
	w.looks(1440, 900, "light")
	s, faults := w.open(w.watched, address, w.lang)
	w.tell(at, "", w.expected(at, faults))
	w.inspect(at, cmp.Or(w.reach(ask(w.person, chromedp.Location())), at), s)
	if !all {
		return s.Leads
	}
	if frame := ask(w.person, chromedp.Evaluate[string](`document.body.className + document.querySelector('body > *:last-child').className`)); !w.opened[frame] {
		w.opened[frame] = true
		w.prefers("dark")
		w.tell(at, "dark", w.violations(contrastRule, "html"))
	}
	w.looks(390, 844, "dark")
	_, faults = w.open(w.watched, address, w.lang)
	w.tell(at, "on a phone", w.expected(at, faults))
	w.unfold()
	w.tell(at, "dark on a phone", w.violations(allRules, "html"))
	w.tell(at, "on other screens", w.reflows())
	return s.Leads
}

// expected leaves out that a page of nowhere is not there: the browser logs that.
func (w *walk) expected(at string, faults []string) []string {
	return slices.DeleteFunc(faults, func(fault string) bool {
		return nowhere.MatchString(at) && strings.HasPrefix(fault, "logs Failed to load resource") && strings.HasSuffix(fault, at)
	})
}

var nowhere = regexp.MustCompile(`/(nowhere|none)$`)

// unfold opens all folds, and waits until the page has noticed.
func (w *walk) unfold() {
	w.t.Helper()
	ask(w.person, chromedp.Evaluate[bool](`document.querySelectorAll('main details').forEach((d) => { d.open = true }), new Promise((done) => { setTimeout(() => done(true), 2000); requestAnimationFrame(() => requestAnimationFrame(() => setTimeout(() => done(true), 20))) })`, chromedp.EvalAwaitPromise))
}

// inspect checks the page that is there, and what opens on it.
func (w *walk) inspect(at, pattern string, s sight) {
	w.t.Helper()
	w.unfold()
	w.tell(at, "", w.violations(allRules, "html"))
	for _, id := range s.Opens {
		kind, _, _ := strings.Cut(id, "-")
		of := pattern
		if kind == "menu" {
			of, kind = strings.Join(strings.SplitN(pattern, "/", 3)[:2], "/"), id
		}
		if w.opened[of+kind] {
			continue
		}
		w.opened[of+kind] = true
		ask(w.person, chromedp.Evaluate[bool](`document.getElementById('`+id+`').showPopover(), true`))
		w.tell(at, "with "+id+" open", w.violations(allRules, "#"+id))
		w.prefers("dark")
		w.tell(at, "with "+id+" open, dark", w.violations(contrastRule, "#"+id))
		w.prefers("light")
		ask(w.person, chromedp.Evaluate[bool](`document.getElementById('`+id+`').hidePopover(), true`))
	}
}

// reflows looks at windows between a phone's and a desk's, and at one as wide as one of 1280 pixels at four times the size, with the
// spacing of text that readers may choose.
func (w *walk) reflows() (faults []string) {
	w.t.Helper()
	wide := `document.documentElement.scrollWidth > innerWidth ? [...document.querySelectorAll('body *')].filter((e) => e.checkVisibility() && !e.closest('.table, pre, code, .journey, .flow-scroll, .skip, .only-read') && e.getBoundingClientRect().right > innerWidth + 1).slice(0, 3).map((e) => e.tagName + '.' + e.className).concat('the page') : []`
	for _, width := range []int64{1280, 1024, 800, 320} {
		w.does("make it smaller", chromedp.EmulateViewport(width, 640))
		for _, what := range ask(w.person, chromedp.Evaluate[[]string](wide)) {
			faults = append(faults, fmt.Sprintf("too wide for %d: %s", width, what))
		}
	}
	ask(w.person, chromedp.Evaluate[bool](`document.adoptedStyleSheets.push(Object.assign(new CSSStyleSheet(), {})),
		document.adoptedStyleSheets.at(-1).replaceSync('* { line-height: 1.5 !important; letter-spacing: 0.12em !important; word-spacing: 0.16em !important } p { margin-bottom: 2em !important }'), true`))
	for _, what := range ask(w.person, chromedp.Evaluate[[]string](wide)) {
		faults = append(faults, "too wide with spaced text: "+what)
	}
	cut := `[...document.querySelectorAll('button, .button, .chip, h1, h2, label, th')].filter((e) => e.checkVisibility() && !e.matches('.only-read') && getComputedStyle(e).overflow !== 'visible' && e.scrollHeight > e.clientHeight + 2).slice(0, 3).map((e) => e.tagName + '.' + e.className + ' ' + e.textContent.trim().slice(0, 30))`
	for _, what := range ask(w.person, chromedp.Evaluate[[]string](cut)) {
		faults = append(faults, "cut off with spaced text: "+what)
	}
	return faults
}

// mistakes looks at forms that were sent empty, in all languages.
func (w *walk) mistakes() {
	for _, form := range []string{"/sign-in", "/p/birkwild", "/forgot"} {
		w.looks(1440, 900, "light")
		w.watched.forget()
		w.does("send nothing to "+form, arrive(w.base+form), click("main button.first"), see(".faults"))
		s, _ := w.judge(w.watched, w.lang)
		if f := w.focused(".faults"); !f.Here {
			w.t.Errorf("%s was sent empty, and the focus is on %s", form, f.At)
		}
		w.inspect(form+" sent empty", form+" sent empty", s)
		w.prefers("dark")
		w.tell(form+" sent empty", "dark", w.violations(contrastRule, "html"))
	}
	w.looks(390, 844, "light")
	for _, w.lang = range []string{"zh", "fr"} {
		w.does("read "+w.lang, arrive(w.base+"/"), click("button[popovertarget=menu-language]"),
			see("#menu-language"), click("#menu-language button[lang="+w.lang+"]"), see("html[lang="+w.lang+"] h1"))
		for _, address := range []string{"/", "/p/birkwild", "/sign-in"} {
			_, faults := w.open(w.watched, w.base+address, w.lang)
			w.tell(address, "in "+w.lang, append(faults, w.violations(allRules, "html")...))
		}
	}
}

func (w *walk) tell(at, look string, faults []string) {
	w.t.Helper()
	for _, fault := range faults {
		w.t.Errorf("%s %s: %s", at, look, fault)
	}
}

var oneTimeLink = regexp.MustCompile(`/(?:reset|invitation)/[0-9a-z]{52}`)

// letters are the paths of one-time links, which were sent to somebody who forgot and to somebody new; task is where the
// brand was led that had its books checked.
func letters(t *testing.T, file, base string) (links []string, task string) {
	t.Helper()
	jar, err := cookiejar.New(nil)
	if err != nil {
		t.Fatal(err)
	}
	owner := &http.Client{Jar: jar}
	for _, form := range []struct {
		path   string
		fields url.Values
	}{
		{"/forgot", url.Values{"email": {"elodie@lesacleger.example"}}},
		{"/sign-in", url.Values{"email": {"marta@birkwild.example"}, "password": {"walk-the-river"}}},
		{"/console/birkwild/settings/team", url.Values{"email": {"newcomer@birkwild.example"}, "role": {"analyst"}}},
		{"/console/birkwild/ledger/check", nil},
	} {
		answer, err := owner.PostForm(base+form.path, form.fields)
		if err != nil {
			t.Fatal(err)
		}
		answer.Body.Close()
		if answer.StatusCode != http.StatusOK {
			t.Fatalf("%s: %s", form.path, answer.Status)
		}
		task = answer.Request.URL.Path
	}
	ctx := t.Context()
	d, err := db.Open(ctx, file, db.Options{})
	if err != nil {
		t.Fatal(err)
	}
	defer d.Close()
	birkwild, err := program.BySlug(ctx, d.Read(), "birkwild")
	if err != nil {
		t.Fatal(err)
	}
	for range 100 {
		sent, err := mail.List(ctx, d.Read(), mail.Filter{Brands: []string{"", birkwild.Brand}, Limit: 50})
		if err != nil {
			t.Fatal(err)
		}
		keys := map[string]string{}
		for _, l := range sent {
			if link := oneTimeLink.FindString(l.Text); link != "" && (l.To == "elodie@lesacleger.example" || l.To == "newcomer@birkwild.example") {
				keys[l.To] = link
			}
		}
		if len(keys) == 2 {
			return slices.Collect(maps.Values(keys)), task
		}
		time.Sleep(100 * time.Millisecond)
	}
	t.Fatal("the links were not sent")
	return nil, ""
}
