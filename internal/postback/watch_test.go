package postback_test

import (
	"context"
	"encoding/json"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"net/netip"
	"net/url"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/tributary-hq/tributary/internal/commission"
	"github.com/tributary-hq/tributary/internal/contract"
	"github.com/tributary-hq/tributary/internal/conversion"
	"github.com/tributary-hq/tributary/internal/creative"
	"github.com/tributary-hq/tributary/internal/db"
	"github.com/tributary-hq/tributary/internal/db/dbtest"
	"github.com/tributary-hq/tributary/internal/deliver"
	"github.com/tributary-hq/tributary/internal/mail"
	"github.com/tributary-hq/tributary/internal/partner"
	"github.com/tributary-hq/tributary/internal/payout"
	"github.com/tributary-hq/tributary/internal/payout/csv"
	"github.com/tributary-hq/tributary/internal/postback"
	"github.com/tributary-hq/tributary/internal/problem"
	"github.com/tributary-hq/tributary/internal/program"
	"github.com/tributary-hq/tributary/internal/touch"
)

// world is a program with two partners, Ann and Bob, each with a link and a code, and a server that keeps what arrives.
type world struct {
	t      testing.TB
	d      *db.DB
	keys   touch.Keys
	now    time.Time
	prog   program.Program
	pts    map[string]string
	link   map[string]creative.Link
	server *httptest.Server
	sender *deliver.Sender
	mu     sync.Mutex
	got    []string // "path query"
	sick   bool     // the server refuses
}

func newWorld(t testing.TB, d *db.DB) *world {
	w := &world{t: t, d: d, keys: touch.NewKeys([]byte("0123456789abcdef0123456789abcdef")), now: time.Date(2026, 3, 1, 12, 0, 0, 0, time.UTC), pts: map[string]string{}, link: map[string]creative.Link{}}
	d.SetClock(func() time.Time { w.mu.Lock(); defer w.mu.Unlock(); return w.now })
	w.server = httptest.NewServer(http.HandlerFunc(func(rw http.ResponseWriter, r *http.Request) {
		body, _ := io.ReadAll(r.Body)
		w.mu.Lock()
		defer w.mu.Unlock()
		if w.sick {
			rw.WriteHeader(http.StatusBadGateway)
			return
		}
		w.got = append(w.got, r.URL.Path+" "+r.URL.RawQuery+string(body))
	}))
	t.Cleanup(w.server.Close)
	w.sender = deliver.Open(deliver.Options{DB: d, Log: slog.New(slog.NewTextHandler(io.Discard, nil)), Reach: []netip.AddrPort{netip.MustParseAddrPort("127.0.0.1:0")},
		Paused: postback.Paused("https://tributary.example")})
	t.Cleanup(w.sender.Close)
	w.write(func(ctx context.Context, tx *db.Tx) error {
		brand, err := program.CreateBrand(ctx, tx, "Acme", "acme")
		if err != nil {
			return err
		}
		if w.prog, err = program.Create(ctx, tx, program.Program{Brand: brand.ID, Slug: "acme", Name: "Acme", Currency: "EUR", Landing: "https://acme.example"}, program.Model{Name: "linear"}, "test"); err != nil {
			return err
		}
		for _, name := range []string{"ann", "bob"} {
			p, err := partner.Create(ctx, tx, partner.Partner{Name: name, Email: name + "@example.org", Rail: "paypal", PayTo: name + "@example.org"})
			if err != nil {
				return err
			}
			s, err := partner.Apply(ctx, tx, w.prog, p, nil)
			if err != nil {
				return err
			}
			terms := contract.Sensible("EUR")
			terms.Threshold, terms.Payouts["lead"] = 0, contract.Payout{Fixed: 150}
			if _, err := commission.Accept(ctx, tx, w.keys, s.ID, &terms, "test"); err != nil {
				return err
			}
			w.pts[name] = s.ID
			if w.link[name], err = creative.CreateLink(ctx, tx, w.prog, creative.Link{Partnership: s.ID}); err != nil {
				return err
			}
			if _, err := creative.CreateCode(ctx, tx, w.prog.ID, s.ID, strings.ToUpper(name)+"10"); err != nil {
				return err
			}
		}
		return nil
	})
	w.pass(60 * 24 * time.Hour)
	return w
}

func (w *world) pass(by time.Duration) { w.mu.Lock(); w.now = w.now.Add(by); w.mu.Unlock() }

func (w *world) write(fn func(ctx context.Context, tx *db.Tx) error) {
	w.t.Helper()
	if err := w.d.Write(w.t.Context(), func(tx *db.Tx) error { return fn(w.t.Context(), tx) }); err != nil {
		w.t.Fatal(err)
	}
}

// listens gives a partner a postback to a path of the server.
func (w *world) listens(name, path string, change ...func(*postback.Postback)) (p postback.Postback) {
	w.t.Helper()
	p = postback.Postback{Partnership: w.pts[name], Way: postback.Get, Template: w.server.URL + path, Moments: postback.Moments}
	for _, fn := range change {
		fn(&p)
	}
	w.write(func(ctx context.Context, tx *db.Tx) (err error) {
		p, err = postback.Create(ctx, tx, w.prog, p, "")
		return err
	})
	return p
}

// click is a click on the partner's link an hour ago, with words; it is known at once.
func (w *world) click(name string, before time.Duration, words ...string) string {
	w.t.Helper()
	t := touch.Touch{ID: w.keys.NewID(w.now.Add(-before), w.link[name].Number), Program: w.prog.ID, Kind: touch.Click, Partnership: w.pts[name], Link: w.link[name].ID, At: w.now.Add(-before)}
	t.Who = touch.WhoClick(t.ID)
	copy(t.Sub[:], words)
	w.met(t)
	return t.ID
}

func (w *world) met(touches ...touch.Touch) {
	w.t.Helper()
	k := touch.NewKeeper(w.d)
	for _, t := range touches {
		if err := k.Keep(w.t.Context(), t); err != nil {
			w.t.Fatal(err)
		}
	}
	k.Close()
	if _, err := touch.Expand(w.t.Context(), w.d, 100, func(ctx context.Context, tx *db.Tx, touches []touch.Touch) error {
		return commission.Met(ctx, tx, w.keys, touches)
	}); err != nil {
		w.t.Fatal(err)
	}
}

func (w *world) sale(n conversion.New) commission.Credited {
	w.t.Helper()
	n.Program, n.Source = w.prog.ID, conversion.FromAPI
	if n.Currency == "" {
		n.Amount, n.Currency = "100.00", "EUR"
	}
	var r []db.Result[commission.Credited]
	w.write(func(ctx context.Context, tx *db.Tx) (err error) {
		r, err = commission.Credit(ctx, tx, w.keys, []conversion.New{n})
		return err
	})
	if r[0].Err != nil {
		w.t.Fatal(r[0].Err)
	}
	return r[0].Value
}

// told is what has newly arrived, in order.
func (w *world) told() string {
	w.t.Helper()
	if _, err := postback.Watch(w.t.Context(), w.d); err != nil {
		w.t.Fatal(err)
	}
	if err := w.sender.RunDue(w.t.Context()); err != nil {
		w.t.Fatal(err)
	}
	w.mu.Lock()
	defer w.mu.Unlock()
	defer func() { w.got = nil }()
	return strings.Join(w.got, ", ")
}

func (w *world) commissionOf(conversion, name string) commission.Commission {
	w.t.Helper()
	of, err := commission.Of(w.t.Context(), w.d.Read(), []string{conversion})
	if err != nil {
		w.t.Fatal(err)
	}
	i := slices.IndexFunc(of[conversion], func(c commission.Commission) bool { return c.Partnership == w.pts[name] })
	if i < 0 {
		w.t.Fatalf("%s has no commission", name)
	}
	return of[conversion][i]
}

func (w *world) decide(c commission.Commission, kind commission.Kind, reason string) {
	w.t.Helper()
	w.write(func(ctx context.Context, tx *db.Tx) error {
		results, err := commission.DecideOn(ctx, tx, w.keys, []string{c.ID}, commission.NewDecision{Kind: kind, Reason: reason, Author: "test"})
		if err == nil {
			err = results[0].Err
		}
		return err
	})
}

func TestALifeOfACommission(t *testing.T) {
	dbtest.Run(t, func(t *testing.T, d *db.DB) {
		w := newWorld(t, d)
		w.listens("ann", "/ann?o={order_id}&s={status}&p={payout}&n={sequence}&sub={sub1}")
		c := w.sale(conversion.New{Order: "A-1", Click: w.click("ann", time.Hour, "mail")})
		for _, step := range []struct {
			name string
			do   func()
			want string
		}{
			{"it comes into being", func() {}, "/ann o=A-1&s=pending&p=10.00&n=1&sub=mail"},
			{"nothing has happened", func() {}, ""},
			{"it is held", func() { w.decide(w.commissionOf(c.Conversion.ID, "ann"), commission.ToHold, "order_check") }, "/ann o=A-1&s=held&p=10.00&n=2&sub=mail"},
			{"it is released", func() { w.decide(w.commissionOf(c.Conversion.ID, "ann"), commission.ToRelease, "") }, "/ann o=A-1&s=pending&p=10.00&n=3&sub=mail"},
			{"it locks", func() {
				w.pass(40 * 24 * time.Hour)
				if _, err := commission.Mature(t.Context(), d); err != nil {
					t.Fatal(err)
				}
			}, "/ann o=A-1&s=approved&p=10.00&n=4&sub=mail"},
			{"it is paid", func() { w.pay() }, "/ann o=A-1&s=paid&p=10.00&n=5&sub=mail"},
			{"it is taken back", func() { w.decide(w.commissionOf(c.Conversion.ID, "ann"), commission.ToReverse, "chargeback") }, "/ann o=A-1&s=reversed&p=0.00&n=6&sub=mail"},
		} {
			step.do()
			if got := w.told(); got != step.want {
				t.Errorf("%s: %q, want %q", step.name, got, step.want)
			}
		}
	})
}

// pay makes a payout and lets the bank say that it has arrived.
func (w *world) pay() {
	w.t.Helper()
	w.write(func(ctx context.Context, tx *db.Tx) error {
		b, err := payout.Make(ctx, tx, w.prog.ID, payout.Options{IgnoreCycle: true}, "test")
		if err != nil {
			return err
		}
		if _, err = payout.Approve(ctx, tx, b.ID, "test"); err != nil {
			return err
		}
		if _, err = payout.Send(ctx, tx, b.ID); err != nil {
			return err
		}
		list, err := payout.In(ctx, tx, b.ID)
		if err != nil {
			return err
		}
		results := make([]csv.Result, len(list))
		for i, p := range list {
			results[i] = csv.Result{ID: p.ID, Status: csv.Paid}
		}
		_, err = payout.Settle(ctx, tx, b.ID, results, "test")
		return err
	})
}

func TestAPartnerIsToldOfNobodyElse(t *testing.T) {
	dbtest.Run(t, func(t *testing.T, d *db.DB) {
		w := newWorld(t, d)
		var all []string
		for _, m := range postback.Macros {
			all = append(all, m.Name+"={"+m.Name+"}")
		}
		w.listens("ann", "/ann?"+strings.Join(all, "&"))
		ann, bob := w.click("ann", 2*time.Hour, "one", "two"), w.click("bob", time.Hour, "bobs-secret")
		w.met(touch.Touch{ID: "l1", Program: w.prog.ID, Kind: touch.Landing, Who: touch.WhoVisitor("v-7"), Click: ann, At: w.now.Add(-2 * time.Hour)},
			touch.Touch{ID: "l2", Program: w.prog.ID, Kind: touch.Landing, Who: touch.WhoVisitor("v-7"), Click: bob, At: w.now.Add(-time.Hour)})
		c := w.sale(conversion.New{Order: "A-1", Visitor: "v-7", Customer: "customer-4711", Code: "BOB10"})
		got := w.told()
		_, query, _ := strings.Cut(got, " ")
		values, err := url.ParseQuery(query)
		if err != nil {
			t.Fatal(err)
		}
		s, _ := partner.GetPartnership(t.Context(), d.Read(), w.pts["ann"])
		mine := w.commissionOf(c.Conversion.ID, "ann")
		for name, want := range map[string]string{"click_id": ann, "transaction_id": mine.ID, "order_id": "A-1", "payout": mine.Amount.Decimal(), "sum": mine.Amount.Decimal(), "sale_amount": "100.00",
			"currency": "EUR", "status": "pending", "event": "sale", "goal": "sale", "program_id": w.prog.ID, "offer_id": w.prog.ID, "partner_id": s.Partner.ID, "sub1": "one", "sub2": "two", "sub3": "",
			"promo_code": "", "country": "", "timestamp": fmt.Sprint(w.now.Unix()), "sequence": "1"} {
			if values.Get(name) != want {
				t.Errorf("{%s} is %q, want %q", name, values.Get(name), want)
			}
		}
		for _, secret := range []string{bob, "bobs-secret", "BOB10", "customer-4711", "v-7", w.pts["bob"], w.commissionOf(c.Conversion.ID, "bob").ID} {
			if strings.Contains(got, secret) {
				t.Errorf("Ann is told %q", secret)
			}
		}
	})
}

func TestWhoIsToldOfWhat(t *testing.T) {
	dbtest.Run(t, func(t *testing.T, d *db.DB) {
		w := newWorld(t, d)
		early := w.sale(conversion.New{Order: "early", Click: w.click("ann", time.Hour)})
		w.pass(time.Minute)
		const q = "?{order_id}"
		w.listens("ann", "/all"+q)
		w.listens("ann", "/leads"+q, func(p *postback.Postback) { p.Events = []string{"lead"} })
		w.listens("ann", "/reversed"+q, func(p *postback.Postback) { p.Moments = []postback.Moment{postback.Reversed} })
		w.listens("bob", "/bob"+q)
		gone := w.listens("ann", "/gone"+q)
		w.write(func(ctx context.Context, tx *db.Tx) error { return postback.Remove(ctx, tx, gone.ID) })
		if got := w.told(); got != "" {
			t.Errorf("told of what was before: %s", got)
		}
		w.sale(conversion.New{Order: "A-1", Click: w.click("ann", time.Hour)})
		w.sale(conversion.New{Order: "L-1", Event: "lead", Click: w.click("ann", time.Hour)})
		w.sale(conversion.New{Order: "none"})
		w.decide(w.commissionOf(early.Conversion.ID, "ann"), commission.ToReverse, "duplicate")
		got := strings.Split(w.told(), ", ")
		slices.Sort(got)
		if want := "/all A-1=, /all L-1=, /all early=, /leads L-1=, /reversed early="; strings.ReplaceAll(strings.Join(got, ", "), "=", "") != strings.ReplaceAll(want, "=", "") {
			t.Errorf("told %v", got)
		}
	})
}

func TestOneCreditedLateIsToldOnce(t *testing.T) {
	for _, between := range []bool{true, false} { // whether the sale is told of before the partner is known
		t.Run(fmt.Sprint(between), func(t *testing.T) {
			dbtest.Run(t, func(t *testing.T, d *db.DB) {
				w := newWorld(t, d)
				w.listens("ann", "/ann?{order_id}={status}")
				id := w.keys.NewID(w.now.Add(-time.Hour), w.link["ann"].Number)
				order := fmt.Sprintf("late-%t", between)
				w.sale(conversion.New{Order: order, Visitor: "v-" + order})
				got := ""
				if between {
					got = w.told()
				}
				w.met(touch.Touch{ID: id, Program: w.prog.ID, Kind: touch.Click, Partnership: w.pts["ann"], Link: w.link["ann"].ID, Who: touch.WhoClick(id), At: w.now.Add(-time.Hour)},
					touch.Touch{ID: "l" + id, Program: w.prog.ID, Kind: touch.Landing, Who: touch.WhoVisitor("v-" + order), Click: id, At: w.now.Add(-time.Hour)})
				if got += w.told(); got != "/ann "+order+"=pending" {
					t.Errorf("told %q", got)
				}
			})
		})
	}
}

func TestTheFirstPostbackBeginsWithWhatComesAfterIt(t *testing.T) {
	dbtest.Run(t, func(t *testing.T, d *db.DB) {
		w := newWorld(t, d)
		sells := func(order string) { w.sale(conversion.New{Order: order, Click: w.click("ann", time.Hour)}) }
		sells("before")
		if n, err := postback.Watch(t.Context(), d); n != 0 || err != nil {
			t.Errorf("nobody listens, and %d events are read: %v", n, err)
		}
		p := w.listens("ann", "/ann?{order_id}")
		if n, err := postback.Watch(t.Context(), d); n != 0 || err != nil {
			t.Errorf("%d events of before are read: %v", n, err)
		}
		sells("first")
		if got := w.told(); got != "/ann first=" && got != "/ann first" {
			t.Errorf("told %q", got)
		}
		w.write(func(ctx context.Context, tx *db.Tx) error { return postback.Remove(ctx, tx, p.ID) })
		sells("between")
		w.listens("bob", "/bob?{order_id}")
		w.listens("ann", "/again?{order_id}")
		sells("second")
		if got := strings.TrimSuffix(w.told(), "="); got != "/again second" {
			t.Errorf("told %q", got)
		}
	})
}

// TestMessagesAreWrittenOnce lets several nodes watch the same events.
func TestMessagesAreWrittenOnce(t *testing.T) {
	dbtest.Run(t, func(t *testing.T, d *db.DB) {
		w := newWorld(t, d)
		w.listens("ann", "/ann?{order_id}")
		for i := range 30 {
			w.sale(conversion.New{Order: fmt.Sprintf("A-%d", i), Click: w.click("ann", time.Hour)})
		}
		var nodes sync.WaitGroup
		for range 4 {
			nodes.Go(func() {
				if _, err := postback.Watch(t.Context(), d); err != nil {
					t.Error(err)
				}
			})
		}
		nodes.Wait()
		got := strings.Split(w.told(), ", ")
		slices.Sort(got)
		if len(got) != 30 || len(slices.Compact(got)) != 30 {
			t.Errorf("%d messages: %v", len(got), got)
		}
	})
}

func TestAPausedPostbackLosesNothing(t *testing.T) {
	dbtest.Run(t, func(t *testing.T, d *db.DB) {
		w := newWorld(t, d)
		p := w.listens("ann", "/ann?{order_id}")
		w.write(func(ctx context.Context, tx *db.Tx) error { return deliver.Stop(ctx, tx, p.ID, deliver.ByPartner) })
		w.sale(conversion.New{Order: "A-1", Click: w.click("ann", time.Hour)})
		if got := w.told(); got != "" {
			t.Errorf("told while paused: %s", got)
		}
		w.write(func(ctx context.Context, tx *db.Tx) error { return deliver.Start(ctx, tx, p.ID, deliver.ByPartner) })
		if got := w.told(); !strings.HasPrefix(got, "/ann A-1") {
			t.Errorf("told %q", got)
		}
	})
}

func TestAPartnerIsWrittenToWhenNothingArrives(t *testing.T) {
	dbtest.Run(t, func(t *testing.T, d *db.DB) {
		w := newWorld(t, d)
		p := w.listens("ann", "/ann?{order_id}")
		w.sick = true
		for i := range 7 {
			w.sale(conversion.New{Order: fmt.Sprintf("A-%d", i), Click: w.click("ann", time.Hour)})
			w.told()
			w.pass(24 * time.Hour)
		}
		mails, err := mail.List(t.Context(), d.Read(), mail.Filter{Brands: []string{w.prog.Brand}, Limit: 10})
		if err != nil {
			t.Fatal(err)
		}
		n := 0
		for _, m := range mails {
			if m.Kind == mail.PostbackPaused {
				n++
				if m.To != "ann@example.org" || !strings.Contains(m.Text, "https://tributary.example/partner/"+w.pts["ann"]+"/postbacks/"+p.ID) {
					t.Errorf("%+v", m)
				}
			}
		}
		if n != 1 {
			t.Errorf("%d mails", n)
		}
	})
}

func TestWhatCannotBeKept(t *testing.T) {
	w := newWorld(t, dbtest.Open(t, db.SQLite))
	good := postback.Postback{Partnership: w.pts["ann"], Way: postback.Get, Template: "https://t.example/?o={order_id}", Moments: []postback.Moment{postback.Paid}}
	for _, c := range []struct {
		name   string
		change func(p *postback.Postback)
		code   string
	}{
		{"nothing is wrong", func(*postback.Postback) {}, ""},
		{"no moment", func(p *postback.Postback) { p.Moments = []postback.Moment{"nonsense"} }, "moments_missing"},
		{"no way", func(p *postback.Postback) { p.Way = "pigeon" }, "way_invalid"},
		{"no address", func(p *postback.Postback) { p.Template = "" }, "template_invalid"},
		{"a long name", func(p *postback.Postback) { p.Name = strings.Repeat("x", 101) }, "name_invalid"},
		{"nobody's", func(p *postback.Postback) { p.Partnership = "pts_none" }, "partnership_unknown"},
	} {
		p := good
		c.change(&p)
		err := w.d.Write(t.Context(), func(tx *db.Tx) error {
			made, err := postback.Create(t.Context(), tx, w.prog, p, "")
			if err == nil && (made.Name != "t.example" || made.ID == "") {
				t.Errorf("made %+v", made)
			}
			return err
		})
		if problem.Code(err) != c.code {
			t.Errorf("%s: %v", c.name, err)
		}
	}
	for range postback.Most - 1 {
		w.listens("ann", "/x")
	}
	err := w.d.Write(t.Context(), func(tx *db.Tx) error {
		_, err := postback.Create(t.Context(), tx, w.prog, good, "")
		return err
	})
	if problem.Code(err) != "postbacks_most" {
		t.Error(err)
	}
}

func TestATestIsTriedAtOnceAndBeforeTheOthers(t *testing.T) {
	dbtest.Run(t, func(t *testing.T, d *db.DB) {
		w := newWorld(t, d)
		p := w.listens("ann", "/ann?{order_id}", func(p *postback.Postback) { p.Template = "http://127.0.0.1:1/?{order_id}" }) // nobody listens there
		for i := range 30 {
			w.sale(conversion.New{Order: fmt.Sprintf("A-%d", i), Click: w.click("ann", time.Hour)})
		}
		w.told() // the first is refused, and the server left alone
		p.Template = w.server.URL + "/mended?{order_id}"
		w.write(func(ctx context.Context, tx *db.Tx) error {
			if _, err := postback.Change(ctx, tx, w.prog, p); err != nil {
				return err
			}
			s, err := partner.GetPartnership(ctx, tx, w.pts["ann"])
			if err == nil {
				_, err = postback.Test(ctx, tx, w.prog, s, p)
			}
			return err
		})
		if got := w.told(); !strings.HasPrefix(got, "/mended TEST-1001") {
			t.Errorf("told %q", got)
		}
	})
}

func TestATestIsMarked(t *testing.T) {
	dbtest.Run(t, func(t *testing.T, d *db.DB) {
		w := newWorld(t, d)
		p := w.listens("ann", "/ann", func(p *postback.Postback) { p.Way, p.Template = postback.JSON, p.Template+"?o={order_id}" })
		w.write(func(ctx context.Context, tx *db.Tx) error {
			s, err := partner.GetPartnership(ctx, tx, w.pts["ann"])
			if err == nil {
				_, err = postback.Test(ctx, tx, w.prog, s, p)
			}
			return err
		})
		var fields map[string]string
		_, body, _ := strings.Cut(w.told(), " ")
		if err := json.Unmarshal([]byte(body), &fields); err != nil || fields["o"] != "TEST-1001" {
			t.Errorf("%q %v", body, err)
		}
	})
}
