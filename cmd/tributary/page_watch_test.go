package main

import (
	"fmt"
	"net/url"
	"slices"
	"strings"
	"sync"

	"github.com/chromedp/cdproto/emulation"
	devlog "github.com/chromedp/cdproto/log"
	"github.com/chromedp/cdproto/network"
	"github.com/chromedp/cdproto/runtime"
	"github.com/chromedp/chromedp"
)

// traffic is what a browser noted while it loaded a page.
type traffic struct {
	mu     sync.Mutex
	bytes  float64
	faults []string
}

// forget begins anew.
func (w *traffic) forget() {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.bytes, w.faults = 0, nil
}

func (w *traffic) noted() (bytes float64, faults []string) {
	w.mu.Lock()
	defer w.mu.Unlock()
	return w.bytes, slices.Clone(w.faults)
}

// watch notes what every page loads, and complains about. Nothing is cached, so that each load is a first one. The pictures
// that a brand has uploaded are its own and do not count.
func (p person) watch(base string) *traffic {
	p.t.Helper()
	w := &traffic{}
	uploaded := map[network.RequestID]bool{}
	if _, err := chromedp.Call(p.ctx, network.SetCacheDisabled, network.SetCacheDisabledParams{CacheDisabled: true}); err != nil {
		p.t.Fatal(err)
	}
	err := chromedp.Listen(p.ctx, func(ev any) {
		w.mu.Lock()
		defer w.mu.Unlock()
		switch e := ev.(type) {
		case *network.EventLoadingFinished:
			if !uploaded[e.RequestID] {
				w.bytes += e.EncodedDataLength
			}
		case *network.EventRequestWillBeSent:
			uploaded[e.RequestID] = strings.HasPrefix(e.Request.URL, base+"/b/")
			if at := e.Request.URL; !strings.HasPrefix(at, base+"/") && !strings.HasPrefix(at, "data:") {
				w.faults = append(w.faults, "asks "+at)
			}
		case *runtime.EventConsoleAPICalled:
			if e.Type == "error" || e.Type == "warning" {
				w.faults = append(w.faults, fmt.Sprintf("says %s on the console: %s", e.Type, e.Args[0].Value))
			}
		case *runtime.EventExceptionThrown:
			w.faults = append(w.faults, "throws "+e.ExceptionDetails.Text)
		case *devlog.EventEntryAdded:
			if e.Entry.Level == "error" || e.Entry.Level == "warning" {
				w.faults = append(w.faults, fmt.Sprintf("logs %s %s", e.Entry.Text, e.Entry.URL))
			}
		}
	})
	if err != nil {
		p.t.Fatal(err)
	}
	return w
}

// looks puts the page before a reader with a screen of that width who prefers that scheme.
func (p person) looks(width, height int64, scheme string) {
	p.t.Helper()
	p.does("look at a screen of another size", chromedp.EmulateViewport(width, height))
	p.prefers(scheme)
}

func (p person) prefers(scheme string) {
	p.t.Helper()
	features := []*emulation.MediaFeature{{Name: "prefers-color-scheme", Value: scheme}, {Name: "prefers-reduced-motion", Value: "reduce"}}
	if _, err := chromedp.Call(p.ctx, emulation.SetEmulatedMedia, emulation.SetEmulatedMediaParams{Features: features}); err != nil {
		p.t.Fatal(err)
	}
}

// sight is what a page says of itself once it is there.
type sight struct {
	Title   string   `json:"title"`
	Lang    string   `json:"lang"`
	Heads   int      `json:"heads"`
	Moved   float64  `json:"moved"`
	Movers  []string `json:"movers"`
	Wide    float64  `json:"wide"`
	Window  float64  `json:"window"`
	Refused []string `json:"refused"`
	Leads   []string `json:"leads"`
	Opens   []string `json:"opens"`
	Small   []string `json:"small"`
}

// seen reads a sight off the page. Targets of less than 24 pixels count where no other is near: lines of text are exempt.
const seen = `({title: document.title, lang: document.documentElement.lang, heads: document.querySelectorAll('h1').length,
	moved: window.movedHere ?? 0, movers: window.moversHere ?? [], wide: document.documentElement.scrollWidth, window: innerWidth, refused: window.refusedHere ?? [],
	leads: [...document.querySelectorAll('main a[href], nav a[href], header a[href], [popover] a[href], footer a[href], aside a[href]')].map((a) => a.href).concat([...document.querySelectorAll('img[src], iframe[src], link[rel=alternate]')].map((e) => e.src ?? e.href)),
	opens: [...document.querySelectorAll('[popover]')].map((e) => e.id),
	small: [...document.querySelectorAll('button, select, input:not([type=hidden]), summary, .chip, .button')].filter((e) => { const b = e.closest('label')?.getBoundingClientRect() ?? e.getBoundingClientRect(); return e.checkVisibility() && b.width > 1 && (b.width < 24 || b.height < 23.5) }).map((e) => e.tagName + '.' + e.className + ' ' + e.textContent.trim().slice(0, 30))})`

// limits of what every page may take.
const (
	firstLoadMost = 60_000 // bytes, compressed
	movedMost     = 0.02
)

// open loads an address, and returns what is wrong with the page besides what a checker of accessibility finds.
func (p person) open(w *traffic, address, language string) (sight, []string) {
	p.t.Helper()
	w.forget()
	p.does("open "+address, arrive(address))
	return p.judge(w, language)
}

// judge looks at the page that is there.
func (p person) judge(w *traffic, language string) (sight, []string) {
	p.t.Helper()
	ask(p, chromedp.Evaluate[bool](`new Promise((done) => { const ready = () => setTimeout(() => done(true), 30); document.readyState === 'complete' ? ready() : addEventListener('load', ready) })`, chromedp.EvalAwaitPromise))
	s := ask(p, chromedp.Evaluate[sight](seen))
	bytes, faults := w.noted()
	for _, c := range []struct {
		bad  bool
		what string
	}{
		{strings.TrimSpace(s.Title) == "", "has no title"},
		{s.Lang != language, fmt.Sprintf("says that its language is %q", s.Lang)},
		{s.Heads != 1, fmt.Sprintf("has %d first headings", s.Heads)},
		{s.Moved >= movedMost, fmt.Sprintf("moves by %.3f while it loads: %v", s.Moved, s.Movers)},
		{s.Wide > s.Window, fmt.Sprintf("is %.0f pixels wide in a window of %.0f", s.Wide, s.Window)},
		{len(s.Refused) > 0, fmt.Sprintf("has what its policy refuses: %v", s.Refused)},
		{len(s.Small) > 0, fmt.Sprintf("has small targets: %v", s.Small)},
		{bytes > firstLoadMost, fmt.Sprintf("takes %.0f bytes", bytes)},
		{bytes == 0, "was not measured"},
	} {
		if c.bad {
			faults = append(faults, c.what)
		}
	}
	return s, faults
}

// tab is somebody else in the same browser, with cookies of their own.
func (p person) tab() person {
	p.t.Helper()
	ctx, stop := chromedp.NewContext(p.ctx, chromedp.WithNewBrowserContext())
	p.t.Cleanup(stop)
	if err := chromedp.Do(ctx, chromedp.EmulateViewport(1440, 900)); err != nil {
		p.t.Fatal(err)
	}
	if _, err := chromedp.Call(ctx, emulation.SetUserAgentOverride, emulation.SetUserAgentOverrideParams{UserAgent: firefox, AcceptLanguage: "en"}); err != nil {
		p.t.Fatal(err)
	}
	return person{p.t, ctx}
}

// pathOf is an address without its origin.
func pathOf(address string) string {
	u, err := url.Parse(address)
	if err != nil {
		return address
	}
	return u.RequestURI()
}
