package web

import (
	"context"
	"encoding/json"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"net/http/cookiejar"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/tributary-hq/tributary/internal/auth"
	"github.com/tributary-hq/tributary/internal/commission"
	"github.com/tributary-hq/tributary/internal/contract"
	"github.com/tributary-hq/tributary/internal/conversion"
	"github.com/tributary-hq/tributary/internal/creative"
	"github.com/tributary-hq/tributary/internal/db"
	"github.com/tributary-hq/tributary/internal/domain"
	"github.com/tributary-hq/tributary/internal/partner"
	"github.com/tributary-hq/tributary/internal/payout"
	"github.com/tributary-hq/tributary/internal/program"
	"github.com/tributary-hq/tributary/internal/touch"
)

// world is an installation with two brands and some months of facts, served.
type world struct {
	t      testing.TB
	d      *db.DB
	keys   touch.Keys
	now    time.Time
	server *httptest.Server

	acme, rival program.Program
	pts         map[string]partner.Partnership // by partner's name
	links       map[string]creative.Link
	sale        commission.Credited // shared by several partners
	batch       payout.Batch
}

const password = "correct horse battery"

// people are those who can sign in, and what they are.
var people = map[string]string{"owner": "acme", "manager": "acme", "finance": "acme", "analyst": "acme", "rivalowner": "rival",
	"Marta’s Kitchen": "", "Trailhead Weekly": "", "Deal Otter": "", "Zed Reviews": ""}

func newWorld(t testing.TB, d *db.DB) *world {
	t.Helper()
	w := &world{t: t, d: d, keys: touch.NewKeys([]byte("0123456789abcdef0123456789abcdef")), now: time.Date(2026, 3, 1, 9, 0, 0, 0, time.UTC),
		pts: map[string]partner.Partnership{}, links: map[string]creative.Link{}}
	d.SetClock(func() time.Time { return w.now })
	w.write(w.found)
	w.live()
	w.server = httptest.NewServer(nil)
	t.Cleanup(w.server.Close)
	domains, err := domain.Load(t.Context(), d)
	if err != nil {
		t.Fatal(err)
	}
	w.server.Config.Handler = New(Options{DB: d, Keys: w.keys, BaseURL: w.server.URL, Demo: true, Domains: domains, Resolver: aDNS{"127.0.0.1"}, Log: slog.New(slog.NewTextHandler(io.Discard, nil))})
	return w
}

func (w *world) write(fn func(ctx context.Context, tx *db.Tx) error) {
	w.t.Helper()
	ctx := context.Background()
	if err := w.d.Write(ctx, func(tx *db.Tx) error { return fn(ctx, tx) }); err != nil {
		w.t.Fatal(err)
	}
}

// found makes the brands, their teams and the partners.
func (w *world) found(ctx context.Context, tx *db.Tx) error {
	defaults, _ := json.Marshal(contract.Sensible("EUR"))
	brands := map[string]program.Brand{}
	for _, b := range []struct {
		slug, brand, name string
		into              *program.Program
	}{{"acme", "Acme Outdoor", "Acme Outdoor Partners", &w.acme}, {"rival", "Rival Gear", "Rival Gear Friends", &w.rival}} {
		brand, err := program.CreateBrand(ctx, tx, b.brand, b.slug)
		if err != nil {
			return err
		}
		brands[b.slug] = brand
		if *b.into, err = program.Create(ctx, tx, program.Program{Brand: brand.ID, Slug: b.slug, Name: b.name, Currency: "EUR", Timezone: "Europe/Paris",
			Landing: "https://" + b.slug + ".example/", Description: "Tents, packs and boots that last. We pay fairly and show you how.", Defaults: defaults,
			Form: []program.Question{{Name: "plan", Label: "How will you promote us?", Required: true}}}, program.Model{Name: "position"}, "test"); err != nil {
			return err
		}
	}
	hash, err := auth.NewPassword(ctx, password)
	if err != nil {
		return err
	}
	for name, of := range people {
		role, scope := auth.Role(strings.TrimPrefix(name, "rival")), brands[of].ID
		if of == "" {
			role, scope = auth.Partner, ""
		}
		if err := w.enlist(ctx, tx, name, scope, role, hash); err != nil {
			return err
		}
	}
	for _, name := range []string{"Summit Podcast", "Nordic Nomads"} {
		if _, err := w.promote(ctx, tx, name, w.acme, name == "Summit Podcast"); err != nil {
			return err
		}
	}
	return nil
}

func email(name string) string {
	return strings.NewReplacer(" ", ".", "’", "").Replace(strings.ToLower(name)) + "@example.org"
}

func (w *world) enlist(ctx context.Context, tx *db.Tx, name, scope string, role auth.Role, hash auth.Password) error {
	person, err := auth.Create(ctx, tx, auth.Person{Name: name, Email: email(name)})
	if err != nil {
		return err
	}
	if err := auth.SetPassword(ctx, tx, person.ID, hash); err != nil {
		return err
	}
	if scope == "" {
		prog := w.acme
		if name == "Zed Reviews" {
			prog = w.rival
		}
		if scope, err = w.promote(ctx, tx, name, prog, true); err != nil {
			return err
		}
	}
	return auth.Join(ctx, tx, person.ID, scope, role)
}

// promote makes a partner with a link, and lets the program accept them or leaves the application.
func (w *world) promote(ctx context.Context, tx *db.Tx, name string, prog program.Program, accept bool) (string, error) {
	p, err := partner.Create(ctx, tx, partner.Partner{Name: name, Email: email(name), Kind: "blogger", Website: "https://blog.example", Rail: "paypal", PayTo: "pay." + email(name)})
	if err != nil {
		return "", err
	}
	s, err := partner.Apply(ctx, tx, prog, p, []partner.Answer{{Question: "plan", Answer: "With hiking stories."}})
	if err != nil {
		return "", err
	}
	w.pts[name] = s
	if !accept {
		return p.ID, nil
	}
	if w.pts[name], err = commission.Accept(ctx, tx, w.keys, s.ID, nil, "test"); err != nil {
		return "", err
	}
	w.links[name], err = creative.CreateLink(ctx, tx, prog, creative.Link{Partnership: s.ID, Label: "Spring story", Target: "https://" + prog.Slug + ".example/tents"})
	return p.ID, err
}

// live lets three months go by: clicks, orders, refunds, and a payout that was sent.
func (w *world) live() {
	w.t.Helper()
	brings := []string{"Marta’s Kitchen", "Trailhead Weekly", "Deal Otter", "Summit Podcast"}
	for day := range 80 {
		w.now = w.now.AddDate(0, 0, 1)
		var touches []touch.Touch
		for n := range 3 + day/12 + (day*7)%5 {
			name := brings[(day+n*n)%len(brings)]
			touches = append(touches, w.click(name, w.acme, time.Duration(n*37)*time.Minute))
		}
		touches = append(touches, w.click("Zed Reviews", w.rival, time.Hour))
		w.meet(touches)
		if day%2 == 0 {
			w.buy(w.acme, fmt.Sprintf("A-%d", 1000+day), fmt.Sprintf("%d.90", 40+(day*13)%160), touches[0].ID)
		}
		if day%20 == 3 {
			w.buy(w.rival, fmt.Sprintf("R-%d", 500+day), "88.00", touches[len(touches)-1].ID)
		}
		if day%16 == 6 {
			w.refund(fmt.Sprintf("A-%d", 1000+day-2), "12.50")
		}
	}
	w.mature()
	w.write(func(ctx context.Context, tx *db.Tx) error {
		var err error
		if w.batch, err = payout.Make(ctx, tx, w.acme.ID, payout.Options{}, "test"); err != nil {
			return err
		}
		if _, err = payout.Approve(ctx, tx, w.batch.ID, "test"); err != nil {
			return err
		}
		_, err = payout.Send(ctx, tx, w.batch.ID)
		return err
	})
	for day := range 12 {
		w.now = w.now.AddDate(0, 0, 1)
		click := w.click(brings[day%4], w.acme, time.Hour)
		w.meet([]touch.Touch{click})
		w.buy(w.acme, fmt.Sprintf("A-%d", 2000+day), "75.00", click.ID)
	}
	w.now = w.now.AddDate(0, 0, 1)
	w.share()
	w.now = w.now.Add(5 * time.Hour)
}

// share is an order to which three partners led, two of whom are strangers to the third.
func (w *world) share() {
	var touches []touch.Touch
	for i, name := range []string{"Marta’s Kitchen", "Trailhead Weekly", "Deal Otter"} {
		t := w.click(name, w.acme, time.Duration(200-80*i)*time.Hour)
		touches = append(touches, t, touch.Touch{ID: "landing-" + t.ID, Program: w.acme.ID, Kind: touch.Landing, Who: touch.WhoVisitor("visitor-7"), Click: t.ID, At: t.At})
	}
	w.meet(touches)
	w.sale = w.report(conversion.New{Program: w.acme.ID, Order: "A-shared", Amount: "299.90", Currency: "EUR", Visitor: "visitor-7", Customer: "customer-4711", Source: conversion.FromTag})
	w.refund("A-shared", "30.00")
}

func (w *world) click(name string, prog program.Program, before time.Duration) touch.Touch {
	at := w.now.Add(-before)
	id := w.keys.NewID(at, w.links[name].Number)
	return touch.Touch{ID: id, Program: prog.ID, Kind: touch.Click, Partnership: w.pts[name].ID, Link: w.links[name].ID, Who: touch.WhoClick(id), At: at}
}

func (w *world) meet(touches []touch.Touch) {
	w.t.Helper()
	ctx := context.Background()
	k := touch.NewKeeper(w.d)
	for _, t := range touches {
		if err := k.Keep(ctx, t); err != nil {
			w.t.Fatal(err)
		}
	}
	k.Close()
	for {
		n, err := touch.Expand(ctx, w.d, 500, func(ctx context.Context, tx *db.Tx, touches []touch.Touch) error {
			return commission.Met(ctx, tx, w.keys, touches)
		})
		if err != nil {
			w.t.Fatal(err)
		}
		if n == 0 {
			return
		}
	}
}

func (w *world) buy(prog program.Program, order, amount, click string) {
	w.t.Helper()
	w.report(conversion.New{Program: prog.ID, Order: order, Amount: amount, Currency: "EUR", Click: click, Source: conversion.FromAPI})
}

func (w *world) report(n conversion.New) (c commission.Credited) {
	w.t.Helper()
	w.write(func(ctx context.Context, tx *db.Tx) error {
		results, err := commission.Credit(ctx, tx, w.keys, []conversion.New{n})
		if err == nil {
			c, err = results[0].Value, results[0].Err
		}
		return err
	})
	return c
}

func (w *world) refund(order, amount string) {
	w.t.Helper()
	w.write(func(ctx context.Context, tx *db.Tx) error {
		results, err := commission.Refund(ctx, tx, w.keys, []conversion.NewRefund{{Program: w.acme.ID, Order: order, Refund: "r1", Amount: amount, Currency: "EUR"}})
		if err == nil {
			err = results[0].Err
		}
		return err
	})
}

func (w *world) mature() {
	w.t.Helper()
	if _, err := commission.Mature(context.Background(), w.d); err != nil {
		w.t.Fatal(err)
	}
}

// browser is a reader with a cookie jar, who follows no redirect by themselves.
type browser struct {
	w      *world
	client *http.Client
	lang   string
}

func (w *world) browser() *browser {
	jar, _ := cookiejar.New(nil)
	return &browser{w: w, client: &http.Client{Jar: jar, CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }}}
}

// as is a browser in which somebody has signed in; with no name it is a stranger's.
func (w *world) as(name string) *browser {
	w.t.Helper()
	b := w.browser()
	if name != "" {
		if status, _, to := b.post("/sign-in", url.Values{"email": {email(name)}, "password": {password}}); status != http.StatusSeeOther {
			w.t.Fatalf("sign in %s: %d %s", name, status, to)
		}
	}
	return b
}

func (b *browser) do(r *http.Request) (status int, body, location string) {
	b.w.t.Helper()
	if b.lang != "" {
		r.Header.Set("Accept-Language", b.lang)
	}
	answer, err := b.client.Do(r)
	if err != nil {
		b.w.t.Fatal(err)
	}
	defer answer.Body.Close()
	text, err := io.ReadAll(answer.Body)
	if err != nil {
		b.w.t.Fatal(err)
	}
	return answer.StatusCode, string(text), answer.Header.Get("Location")
}

func (b *browser) get(path string) (status int, body, location string) {
	b.w.t.Helper()
	r, err := http.NewRequest("GET", b.w.server.URL+path, nil)
	if err != nil {
		b.w.t.Fatal(err)
	}
	return b.do(r)
}

func (b *browser) post(path string, form url.Values) (status int, body, location string) {
	b.w.t.Helper()
	r, err := http.NewRequest("POST", b.w.server.URL+path, strings.NewReader(form.Encode()))
	if err != nil {
		b.w.t.Fatal(err)
	}
	r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	return b.do(r)
}

// commissionOf is the id of the partner's commission for the shared order.
func (w *world) commissionOf(name string) string {
	w.t.Helper()
	of, err := commission.Of(context.Background(), w.d.Read(), []string{w.sale.Conversion.ID})
	if err != nil {
		w.t.Fatal(err)
	}
	for _, c := range of[w.sale.Conversion.ID] {
		if c.Partnership == w.pts[name].ID {
			return c.ID
		}
	}
	w.t.Fatalf("%s has no commission for the shared order", name)
	return ""
}

// file is the name of the sent batch's file.
func (w *world) file() string {
	w.t.Helper()
	files, err := payout.Files(context.Background(), w.d.Read(), w.batch.ID)
	if err != nil || len(files) == 0 {
		w.t.Fatalf("files: %v %v", files, err)
	}
	return files[0].Name
}

// payout is the id of Marta's payout in the sent batch.
func (w *world) payout() string {
	w.t.Helper()
	list, err := payout.In(context.Background(), w.d.Read(), w.batch.ID)
	for _, p := range list {
		if p.Partnership == w.pts["Marta’s Kitchen"].ID {
			return p.ID
		}
	}
	w.t.Fatalf("payouts: %v %v", list, err)
	return ""
}
