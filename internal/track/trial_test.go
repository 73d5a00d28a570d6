package track_test

import (
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/tributary-hq/tributary/internal/commission"
	"github.com/tributary-hq/tributary/internal/contract"
	"github.com/tributary-hq/tributary/internal/conversion"
	"github.com/tributary-hq/tributary/internal/creative"
	"github.com/tributary-hq/tributary/internal/db"
	"github.com/tributary-hq/tributary/internal/db/dbtest"
	"github.com/tributary-hq/tributary/internal/mail"
	"github.com/tributary-hq/tributary/internal/money"
	"github.com/tributary-hq/tributary/internal/program"
	"github.com/tributary-hq/tributary/internal/trial"
)

func (s shop) write(t *testing.T, fn func(ctx context.Context, tx *db.Tx) error) {
	t.Helper()
	if err := s.db.Write(t.Context(), func(tx *db.Tx) error { return fn(t.Context(), tx) }); err != nil {
		t.Fatal(err)
	}
}

// trialLink is the shop's test link.
func (s shop) trialLink(t *testing.T) (link creative.Link) {
	t.Helper()
	s.write(t, func(ctx context.Context, tx *db.Tx) (err error) {
		link, err = trial.Ready(ctx, tx, s.keys, s.prog, trial.By{Person: "per_1", Name: "Test", Locale: "en"})
		return err
	})
	return link
}

// rows are how many rows of each table with facts are of a program.
func (s shop) rows(t *testing.T, prog string) map[string]int64 {
	t.Helper()
	list := `select m.name from sqlite_master m where m.type = 'table' and exists (select 1 from pragma_table_info(m.name) c where c.name = 'program')`
	if db.CollateC(s.db.Read()) != "" {
		list = `select table_name from information_schema.columns where column_name = 'program' and table_schema = current_schema()`
	}
	names, err := db.All(t.Context(), s.db.Read(), db.Value[string], list)
	if err != nil || len(names) < 30 {
		t.Fatal(names, err)
	}
	found := map[string]int64{}
	for _, name := range names {
		n, err := db.One(t.Context(), s.db.Read(), db.Value[int64], "select count(*) from "+name+" where program = $1", prog)
		if err != nil {
			t.Fatal(err)
		}
		if n > 0 {
			found[name] = n
		}
	}
	return found
}

// TestATestWalksTheWholeLine follows the test link and buys, by every way in which a shop reports, and finds all of it with the
// twin and nothing with the program.
func TestATestWalksTheWholeLine(t *testing.T) {
	dbtest.Run(t, func(t *testing.T, d *db.DB) {
		s := openShop(t, d, "ann")
		before := s.rows(t, s.prog.ID)
		link := s.trialLink(t)
		twin := link.Program
		came := httpGet("/c/"+link.Code+"?sub1=mail", "203.0.113.7:5000")
		s.door.ServeHTTP(came.w, came.r)
		landing, err := url.Parse(came.w.Header().Get("Location"))
		click := landing.Query().Get("tclid")
		if claim, wrong := s.keys.Parse(click); came.w.Code != 302 && came.w.Code != 303 && came.w.Code != 307 || err != nil || wrong != nil || landing.Host != "shop.example" || claim.Link != link.Number {
			t.Fatalf("the test link leads with %d to %s: %v, %v", came.w.Code, landing, err, wrong)
		}
		if code, _, _ := s.say(fmt.Sprintf(`{"type":"visit","visitor":%q,"click":%q,"url":"https://shop.example/x"}`, visitor, click)); code != 204 {
			t.Errorf("the visit was answered %d", code)
		}
		other := strings.Replace(visitor, "0", "f", 1) // comes without a redirect
		_, answer, _ := s.say(fmt.Sprintf(`{"type":"visit","visitor":%q,"ref":%q,"url":"https://shop.example/?ref=%s"}`, other, link.Code, link.Code))
		if !strings.Contains(string(answer), `"click"`) {
			t.Errorf("a visit that names the test link was answered %s", answer)
		}
		s.meet(t)
		var sold []string
		for _, c := range []struct{ name, id string }{
			{"tag", s.sold(t, func() []byte {
				_, body, _ := s.say(fmt.Sprintf(`{"type":"conversion","visitor":%q,"click":%q,"order":"T-1","amount":"50","currency":"EUR"}`, visitor, click))
				return body
			})},
			{"postback", s.sold(t, func() []byte {
				return s.ask(http.MethodGet, "/postback/ann?key="+s.prog.Secret+"&order_id=T-2&amount=50&currency=EUR&click_id="+click, "").Body.Bytes()
			})},
		} {
			if c.id == "" {
				t.Errorf("%s: not kept", c.name)
			}
			sold = append(sold, c.id)
		}
		again := s.ask(http.MethodGet, "/postback/ann?key="+s.prog.Secret+"&order_id=T-2&amount=50&currency=EUR", "")
		if _, id, duplicate := answered(t, again.Body.Bytes()); id != sold[1] || !duplicate {
			t.Errorf("the test order without its click was answered %s", again.Body)
		}
		s.ask(http.MethodGet, "/postback/ann?key="+s.prog.Secret+"&order_id=T-2&status=refunded", "")
		if got := s.rows(t, s.prog.ID); fmt.Sprint(got) != fmt.Sprint(before) {
			t.Errorf("the program had %v and has %v", before, got)
		}
		list, err := commission.List(t.Context(), d.Read(), commission.Filter{Program: twin, Limit: 10})
		if err != nil || len(list) != 2 {
			t.Fatalf("the test earned %+v, %v", list, err)
		}
		for _, c := range list {
			want := int64(500)
			if c.Conversion == sold[1] {
				want = 0
			}
			if c.Amount.Minor != want || c.Partnership != link.Partnership {
				t.Errorf("the test earned %+v, want %d", c, want)
			}
		}
		if seen, err := trial.Look(t.Context(), d.Read(), s.prog.ID, 5); err != nil || seen.Click.ID == "" || seen.Land.IsZero() || len(seen.Sales) != 2 {
			t.Errorf("what was tried is %+v, %v", seen, err)
		}
		s.agrees(t, twin)
		s.tellsNobody(t)
		s.forgets(t, twin)
	})
}

// sold is the id of what was sold.
func (s shop) sold(t *testing.T, report func() []byte) string {
	t.Helper()
	_, id, _ := answered(t, report())
	return id
}

// agrees fails the test when the twin's books do not hold.
func (s shop) agrees(t *testing.T, twin string) {
	t.Helper()
	p, err := program.Get(t.Context(), s.db.Read(), twin)
	if err != nil {
		t.Fatal(err)
	}
	if proof, err := commission.Verify(t.Context(), s.db.Read(), s.keys, p, func(int, int) {}); err != nil || len(proof.Faults) > 0 {
		t.Errorf("the twin: %v, %v", proof.Faults, err)
	}
}

// tellsNobody watches for mails, and lets everything mature that could.
func (s shop) tellsNobody(t *testing.T) {
	t.Helper()
	post, err := mail.Open(mail.Options{Catch: true, BaseURL: "https://tributary.example"})
	if err != nil {
		t.Fatal(err)
	}
	if _, err := post.Watch(t.Context(), s.db); err != nil {
		t.Fatal(err)
	}
	n, err := db.One(t.Context(), s.db.Read(), db.Value[int64], "select count(*) from mail where recipient like '%test.invalid'")
	if err != nil || n != 0 {
		t.Errorf("%d mails to the test partner, %v", n, err)
	}
	now := s.db.Now().Add(400 * 24 * time.Hour)
	s.db.SetClock(func() time.Time { return now })
	if n, err := commission.Mature(t.Context(), s.db); err != nil || n != 0 {
		t.Errorf("%d commissions of a test became payable, %v", n, err)
	}
}

// forgets deletes what was tried: only what a test walks on is left, and the link goes on working.
func (s shop) forgets(t *testing.T, twin string) {
	t.Helper()
	s.write(t, func(ctx context.Context, tx *db.Tx) error {
		n, err := trial.Forget(ctx, tx, s.prog.ID)
		if err == nil && n != 2 {
			t.Errorf("%d test sales were forgotten, want 2", n)
		}
		return err
	})
	left := s.rows(t, twin)
	for _, kept := range []string{"policy", "program_turn", "partnership", "partnership_change", "terms", "link"} {
		delete(left, kept)
	}
	if len(left) > 0 {
		t.Errorf("after forgetting there is %v", left)
	}
	link := s.trialLink(t)
	s.write(t, func(ctx context.Context, tx *db.Tx) error {
		_, err := trial.Sell(ctx, tx, s.keys, s.prog, link, money.Of(1000, "EUR"))
		return err
	})
	s.agrees(t, twin)
}

func TestAPartnersClickIsNoTest(t *testing.T) {
	dbtest.Run(t, func(t *testing.T, d *db.DB) {
		s := openShop(t, d, "ann")
		link := s.trialLink(t)
		sell := func(order, click string, test bool) (conversion.Conversion, string) {
			done, err := s.line.Credit(t.Context(), conversion.New{Program: s.prog.ID, Order: order, Amount: "50", Currency: "EUR", Click: click, Test: test})
			if err != nil {
				return done.Conversion, err.Error()
			}
			return done.Conversion, ""
		}
		for _, c := range []struct {
			name, order, click string
			test               bool
			want               string // the program, or the beginning of the refusal
		}{
			{"a test", "1", s.keys.NewID(d.Now(), link.Number), false, link.Program},
			{"a partner's click and the number of a test", "1", s.click(), false, s.prog.ID},
			{"a sale of its own", "2", s.click(), false, s.prog.ID},
			{"the same again without a click", "2", "", false, s.prog.ID},
			{"what says that it is a test", "3", "", true, link.Program},
			{"a test with a partner's click", "4", s.click(), true, "click_id_foreign"},
			{"a number that cannot be kept", "5\x00", "", false, "order_id"},
		} {
			sale, refused := sell(c.order, c.click, c.test)
			if sale.Program != c.want && (refused == "" || !strings.HasPrefix(refused, c.want)) {
				t.Errorf("%s: %s %s, want %s", c.name, sale.Program, refused, c.want)
			}
		}
		now := d.Now().Add(48 * time.Hour)
		d.SetClock(func() time.Time { return now })
		if sale, refused := sell("3", "", false); sale.Program != s.prog.ID {
			t.Errorf("the number of an old test: %s %s", sale.Program, refused)
		}
	})
}

// TestATwinFollowsItsProgram changes the program, and finds the test on the new terms and under the new model.
func TestATwinFollowsItsProgram(t *testing.T) {
	dbtest.Run(t, func(t *testing.T, d *db.DB) {
		s := openShop(t, d, "ann")
		link := s.trialLink(t)
		now := d.Now().Add(time.Hour)
		d.SetClock(func() time.Time { return now })
		s.write(t, func(ctx context.Context, tx *db.Tx) error {
			terms := contract.Sensible("EUR")
			terms.Payouts = map[string]contract.Payout{"sale": {Rate: 250_000}}
			p := s.prog
			p.Landing, p.Events = "https://shop.example/new", []string{"sale", "call"}
			var err error
			if p.Defaults, err = json.Marshal(terms); err != nil {
				return err
			}
			if s.prog, err = program.Change(ctx, tx, p); err != nil {
				return err
			}
			_, err = commission.Decide(ctx, tx, s.keys, p.ID, tx.Now.Add(-24*time.Hour), program.Model{Name: "first"}, "test")
			return err
		})
		twin, err := program.Get(t.Context(), d.Read(), link.Program)
		if err != nil || twin.Landing != "https://shop.example/new" || !twin.Accepts("call") || twin.Brand != program.TestBrand || twin.TestOf != s.prog.ID {
			t.Errorf("the twin is %+v, %v", twin, err)
		}
		link = s.trialLink(t)
		var sale conversion.Conversion
		s.write(t, func(ctx context.Context, tx *db.Tx) (err error) {
			sale, err = trial.Sell(ctx, tx, s.keys, s.prog, link, money.Of(1000, "EUR"))
			return err
		})
		e, err := commission.Explain(t.Context(), d.Read(), sale.ID)
		if err != nil || e.Model.Name != "first" || len(e.Parts) != 1 || e.Parts[0].Amount != 250 {
			t.Errorf("the test is explained as %+v, %v", e, err)
		}
		s.agrees(t, link.Program)
	})
}
