package commission_test

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"math/rand/v2"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"

	"github.com/tributary-hq/tributary/internal/commission"
	"github.com/tributary-hq/tributary/internal/contract"
	"github.com/tributary-hq/tributary/internal/conversion"
	"github.com/tributary-hq/tributary/internal/db"
	"github.com/tributary-hq/tributary/internal/db/dbtest"
	"github.com/tributary-hq/tributary/internal/money"
	"github.com/tributary-hq/tributary/internal/partner"
	"github.com/tributary-hq/tributary/internal/payout"
	"github.com/tributary-hq/tributary/internal/payout/csv"
	"github.com/tributary-hq/tributary/internal/problem"
	"github.com/tributary-hq/tributary/internal/program"
	"github.com/tributary-hq/tributary/internal/touch"
)

// fact is something that happened: a function that makes it known in a transaction, or a touch for the journal.
type fact struct {
	name  string
	tell  func(ctx context.Context, tx *db.Tx, w *world) error
	touch func(w *world) touch.Touch
	about string // the commission that it decides about, as order/partner, or the click
}

var names = []string{"ann", "bob", "cee"}

// drawFacts makes facts about few people, so that they meet. Click ids are made once, so that every order has the same.
func drawFacts(t *rapid.T, keys touch.Keys, now time.Time) []fact {
	var facts []fact
	moment := func(label string) time.Time {
		return now.Add(-time.Duration(rapid.Int64Range(0, 50*24*3600).Draw(t, label)) * time.Second)
	}
	type click struct {
		name, id string
		at       time.Time
	}
	var clicks []click
	for i := range rapid.IntRange(1, 5).Draw(t, "clicks") {
		name := rapid.SampledFrom(names).Draw(t, "partner")
		at := moment("click at").Add(time.Duration(i) * time.Millisecond)
		c := click{name, keys.NewID(at, numberOf(name)), at}
		clicks = append(clicks, c)
		mark := rapid.SampledFrom([]touch.Mark{"", "", "", touch.Bot, touch.Duplicate}).Draw(t, "mark")
		facts = append(facts, fact{name: "click of " + name, touch: func(w *world) touch.Touch {
			return touch.Touch{ID: c.id, Program: w.prog.ID, Kind: touch.Click, Partnership: w.pts[name], Link: w.link[name].ID,
				Who: touch.WhoClick(c.id), At: c.at, Mark: mark}
		}})
	}
	for range rapid.IntRange(0, 3).Draw(t, "judgements") {
		c, counts := clicks[rapid.IntRange(0, len(clicks)-1).Draw(t, "of click")], rapid.Bool().Draw(t, "counts")
		facts = append(facts, once(fact{name: fmt.Sprintf("click of %s counts: %v", c.name, counts), about: "click " + c.id, tell: func(ctx context.Context, tx *db.Tx, w *world) error {
			return w.rejudge(ctx, tx, c.id, counts)
		}}))
	}
	visitor := rapid.SampledFrom([]string{"v1", "v2"})
	customer := rapid.SampledFrom([]string{"c1", "c2"})
	aClick := rapid.Custom(func(t *rapid.T) click { return clicks[rapid.IntRange(0, len(clicks)-1).Draw(t, "i")] })
	landed := map[string]string{} // a click belongs to the first visitor who lands by it, so no two do here
	for range rapid.IntRange(0, 4).Draw(t, "landings") {
		v, c := visitor.Draw(t, "visitor"), aClick.Draw(t, "click")
		if first, ok := landed[c.id]; ok {
			v = first
		}
		landed[c.id] = v
		facts = append(facts, fact{name: "landing of " + v + " by " + c.name, touch: func(w *world) touch.Touch {
			return touch.Touch{ID: "landing", Program: w.prog.ID, Kind: touch.Landing, Who: touch.WhoVisitor(v), Click: c.id, At: c.at}
		}})
	}
	for range rapid.IntRange(0, 2).Draw(t, "sign-ins") {
		v, c := visitor.Draw(t, "visitor"), customer.Draw(t, "customer")
		facts = append(facts, fact{name: v + " is " + c, tell: func(ctx context.Context, tx *db.Tx, w *world) error {
			return commission.Identify(ctx, tx, w.keys, w.prog.ID, touch.WhoVisitor(v), conversion.WhoCustomer(c))
		}})
	}
	for i := range rapid.IntRange(1, 4).Draw(t, "sales") {
		n := conversion.New{Order: fmt.Sprint(i), Currency: "EUR", At: moment("sale at")}
		n.Amount = money.Of(rapid.Int64Range(1, 100_000).Draw(t, "amount"), "EUR").Decimal()
		drawItems(t, &n)
		if rapid.Bool().Draw(t, "with click") {
			n.Click = aClick.Draw(t, "click").id
		}
		if rapid.Bool().Draw(t, "with visitor") {
			n.Visitor = visitor.Draw(t, "visitor")
		}
		if rapid.Bool().Draw(t, "with customer") {
			n.Customer = customer.Draw(t, "customer")
		}
		if rapid.IntRange(0, 3).Draw(t, "with code") == 0 {
			n.Code = rapid.SampledFrom([]string{"ANN10", "CEE10", "HELLO"}).Draw(t, "code")
		}
		facts = append(facts, fact{name: "sale " + n.Order, tell: func(ctx context.Context, tx *db.Tx, w *world) error {
			n.Program = w.prog.ID
			r, err := commission.Credit(ctx, tx, w.keys, []conversion.New{n})
			return errors.Join(err, first(r))
		}})
		facts = append(facts, drawFurther(t, n, moment, func() string { return aClick.Draw(t, "click").id }, func() string { return customer.Draw(t, "customer") })...)
		for j := range rapid.IntRange(0, 2).Draw(t, "refunds") {
			refund := conversion.NewRefund{Order: n.Order, Refund: fmt.Sprint(j), Currency: "EUR", At: moment("refund at")}
			if len(n.Detail.Items) > 0 && rapid.Bool().Draw(t, "by item") {
				refund.Items = []conversion.Piece{{SKU: "pan", Quantity: rapid.Int64Range(1, 3).Draw(t, "pieces")}}
			} else if rapid.IntRange(0, 3).Draw(t, "whole") > 0 {
				refund.Amount = money.Of(rapid.Int64Range(1, 60_000).Draw(t, "refund"), "EUR").Decimal()
			}
			facts = append(facts, fact{name: "refund of " + n.Order, tell: func(ctx context.Context, tx *db.Tx, w *world) error {
				refund.Program = w.prog.ID
				r, err := commission.Refund(ctx, tx, w.keys, []conversion.NewRefund{refund})
				return errors.Join(err, first(r))
			}})
		}
	}
	facts = append(facts, drawLeads(t, moment, func() string { return aClick.Draw(t, "click").id }, func() string { return customer.Draw(t, "customer") })...)
	for range rapid.IntRange(0, 4).Draw(t, "decisions") {
		order, name := fmt.Sprint(rapid.IntRange(0, 1).Draw(t, "of order")), rapid.SampledFrom(names).Draw(t, "of partner")
		kind := rapid.SampledFrom([]commission.Kind{commission.ToHold, commission.ToHold, commission.ToRelease, commission.ToReverse}).Draw(t, "kind")
		facts = append(facts, once(fact{name: fmt.Sprintf("%s %s/%s", kind, order, name), about: order + "/" + name, tell: func(ctx context.Context, tx *db.Tx, w *world) error {
			return w.decideOn(ctx, tx, w.earnedWith(order, name), kind)
		}}))
	}
	for i := range rapid.IntRange(0, 2).Draw(t, "contracts") {
		name, since := rapid.SampledFrom(names).Draw(t, "partner"), moment("since").Add(time.Duration(i)*time.Millisecond)
		terms := contract.Sensible("EUR")
		terms.Payouts = map[string]contract.Payout{"sale": {Rate: money.Rate(rapid.Int64Range(0, 500_000).Draw(t, "rate")), Fixed: rapid.Int64Range(0, 500).Draw(t, "fixed")}}
		terms.WindowDays = rapid.Int64Range(1, 60).Draw(t, "window")
		facts = append(facts, once(fact{name: "terms of " + name, tell: func(ctx context.Context, tx *db.Tx, w *world) error {
			_, err := commission.Agree(ctx, tx, w.keys, w.pts[name], since, terms, "test")
			return err
		}}))
	}
	for i := range rapid.IntRange(0, 2).Draw(t, "pauses") {
		name, since := rapid.SampledFrom(names).Draw(t, "partner"), moment("since").Add(time.Duration(i)*time.Millisecond)
		to := rapid.SampledFrom([]partner.Status{partner.Paused, partner.Approved}).Draw(t, "to")
		facts = append(facts, once(fact{name: name + " is " + string(to), tell: func(ctx context.Context, tx *db.Tx, w *world) error {
			_, err := commission.SetStatus(ctx, tx, w.keys, w.pts[name], to, since, "test", "")
			return err
		}}))
	}
	for i := range rapid.IntRange(0, 2).Draw(t, "policies") {
		since := moment("since").Add(time.Duration(i) * time.Millisecond)
		model := program.Model{Name: rapid.SampledFrom(program.ModelNames).Draw(t, "model")}
		facts = append(facts, once(fact{name: "model " + model.Name, tell: func(ctx context.Context, tx *db.Tx, w *world) error {
			_, err := commission.Decide(ctx, tx, w.keys, w.prog.ID, since, model, "test")
			return err
		}}))
	}
	return facts
}

// once marks a fact that a person tells by hand: a second telling would be another fact.
func once(f fact) fact { f.name += " (once)"; return f }

func (f fact) isOnce() bool { return len(f.name) > 7 && f.name[len(f.name)-7:] == " (once)" }

func first[T any](r []db.Result[T]) error {
	if len(r) == 0 {
		return nil
	}
	return r[0].Err
}

// numberOf is the number that a test gives the partner's link, the same in every database.
func numberOf(name string) int64 { return int64(name[0]) }

func orderWorld(t testing.TB, d *db.DB) *world {
	w := newWorld(t, d, program.Model{Name: "linear"}, fiftyFifty)
	w.write(func(ctx context.Context, tx *db.Tx) error {
		for _, name := range names {
			if _, err := db.Exec(ctx, tx, "update link set number = $1 where id = $2", numberOf(name), w.link[name].ID); err != nil {
				return err
			}
		}
		return nil
	})
	return w
}

// cases asks for so many drawn cases on each engine; on PostgreSQL one takes ten times as long. They are few, for every run draws
// others: to look for a fault, ask for more of them with -rapid.checks.
func cases(t *testing.T, engine db.Engine, sqlite, postgres int) {
	asked := false
	flag.Visit(func(f *flag.Flag) { asked = asked || f.Name == "rapid.checks" })
	if asked {
		return
	}
	checks := flag.Lookup("rapid.checks").Value
	before, n := checks.String(), sqlite
	if engine == db.Postgres {
		n = postgres
	}
	if err := checks.Set(strconv.Itoa(n)); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { checks.Set(before) })
}

var errCrash = errors.New("crash")

// tellAll tells the facts in a random order, some twice, and lets some transactions die before they commit.
func (w *world) tellAll(facts []fact, r *rand.Rand) {
	w.t.Helper()
	told := append([]fact{}, facts...)
	for _, f := range facts {
		if !f.isOnce() && r.IntN(4) == 0 {
			told = append(told, f)
		}
	}
	r.Shuffle(len(told), func(i, j int) { told[i], told[j] = told[j], told[i] })
	inTurn(told, facts)
	var waiting []fact
	for _, f := range told {
		waits := f.about != "" && slices.ContainsFunc(waiting, func(w fact) bool { return w.about == f.about })
		if waits || w.tellUntilKept(f, r) != nil {
			waiting = append(waiting, f)
		}
	}
	for _, f := range waiting { // what cannot be decided now never could
		w.tellUntilKept(f, r)
	}
}

// inTurn puts decisions back into their own order: of two about one commission the later holds. Where they are among the
// other facts stays.
func inTurn(told, facts []fact) {
	var decisions []fact
	for _, f := range facts {
		if f.about != "" {
			decisions = append(decisions, f)
		}
	}
	for i := range told {
		if told[i].about != "" {
			told[i], decisions = decisions[0], decisions[1:]
		}
	}
}

// tellUntilKept tells a fact, and returns why a decision was refused.
func (w *world) tellUntilKept(f fact, r *rand.Rand) error {
	w.t.Helper()
	w.now = w.now.Add(time.Millisecond)
	for crash := r.IntN(4) == 0; ; crash = false {
		err := w.tellOne(context.Background(), f, crash)
		switch {
		case errors.Is(err, errCrash):
		case err != nil && (f.about == "" || problem.Code(err) == ""):
			w.t.Fatalf("%s: %v", f.name, err)
		default:
			return err
		}
	}
}

// earnedWith is the commission that a partner has, or had, with an order; empty when there is none.
func (w *world) earnedWith(order, name string) string {
	w.t.Helper()
	ctx := context.Background()
	sale, err := conversion.ByOrder(ctx, w.d.Read(), w.prog.ID, "sale", order)
	if problem.Code(err) == "order_unknown" {
		return ""
	}
	list, err := commission.Of(ctx, w.d.Read(), []string{sale.ID})
	if err != nil {
		w.t.Fatal(err)
	}
	for _, c := range list[sale.ID] {
		if c.Partnership == w.pts[name] {
			return c.ID
		}
	}
	return ""
}

// decideOn decides twice: the second time it must be so already.
func (w *world) decideOn(ctx context.Context, tx *db.Tx, id string, kind commission.Kind) error {
	n := commission.NewDecision{Kind: kind, Author: "test"}
	list, err := commission.DecideOn(ctx, tx, w.keys, []string{id}, n)
	if err != nil || list[0].Err != nil {
		return errors.Join(err, first(list))
	}
	if list, err = commission.DecideOn(ctx, tx, w.keys, []string{id}, n); err != nil || list[0].Err != nil || !list[0].Value.Already {
		return fmt.Errorf("%s of %s, again: %+v, %v", kind, id, list, err)
	}
	return nil
}

// rejudge judges a click twice: the second time it must be so already.
func (w *world) rejudge(ctx context.Context, tx *db.Tx, click string, counts bool) error {
	n := commission.NewJudgement{Counts: counts, Reason: "looked at", Author: "test"}
	if _, err := commission.Rejudge(ctx, tx, w.keys, w.prog.ID, []string{click}, n); err != nil {
		return err
	}
	again, err := commission.Rejudge(ctx, tx, w.keys, w.prog.ID, []string{click}, n)
	if err == nil && (again.Already != 1 || again.Touches+again.Conversions != 0 || again.Delta != 0) {
		return fmt.Errorf("judged again: %+v", again)
	}
	return err
}

// standing is every commission that is more than nothing, by order and partner, with its state.
func (w *world) standing() string {
	w.t.Helper()
	ctx := context.Background()
	list, err := commission.List(ctx, w.d.Read(), commission.Filter{Program: w.prog.ID, Limit: 1000})
	if err != nil {
		w.t.Fatal(err)
	}
	var words []string
	for _, c := range list {
		sale, err := conversion.Get(ctx, w.d.Read(), c.Conversion)
		if err != nil {
			w.t.Fatal(err)
		}
		for name, partnership := range w.pts {
			if partnership == c.Partnership && c.Amount.Minor != 0 {
				words = append(words, fmt.Sprintf("%s/%s %s %s", sale.Order, name, c.Amount.Decimal(), c.State))
			}
		}
	}
	slices.Sort(words)
	return strings.Join(words, ", ")
}

func (w *world) tellOne(ctx context.Context, f fact, crash bool) error {
	dies := func(err error) error {
		if err == nil && crash {
			return errCrash
		}
		return err
	}
	if f.touch == nil {
		return w.d.Write(ctx, func(tx *db.Tx) error { return dies(f.tell(ctx, tx, w)) })
	}
	k := touch.NewKeeper(w.d)
	defer k.Close()
	if err := k.Keep(ctx, f.touch(w)); err != nil {
		return err
	}
	_, err := touch.Expand(ctx, w.d, 100, func(ctx context.Context, tx *db.Tx, touches []touch.Touch) error {
		return dies(commission.Met(ctx, tx, w.keys, touches))
	})
	return err
}

// TestOrderDoesNotMatter: any order of the same facts, some of them told twice, ends in the same balances.
func TestOrderDoesNotMatter(t *testing.T) {
	for _, engine := range []db.Engine{db.SQLite, db.Postgres} {
		t.Run(string(engine), func(t *testing.T) {
			keys := touch.NewKeys([]byte("0123456789abcdef0123456789abcdef"))
			cases(t, engine, 40, 6)
			rapid.Check(t, func(rt *rapid.T) {
				facts := drawFacts(rt, keys, start.AddDate(0, 0, 60))
				seed := rapid.Uint64().Draw(rt, "order")
				var want string
				for i := range 3 {
					t.Run("", func(t *testing.T) {
						w := orderWorld(t, dbtest.Open(t, engine))
						w.tellAll(facts, rand.New(rand.NewPCG(seed, uint64(i))))
						got := w.standing()
						w.verify()
						if i > 0 && got != want {
							t.Errorf("one order ends in %q, another in %q", want, got)
						}
						want = got
					})
					if t.Failed() {
						rt.Fatalf("facts: %v", facts)
					}
				}
			})
		})
	}
}

// TestBooksFollowFromTheFacts lets time go on between the facts: shares become final, money is paid, payments fail, and
// whatever was known when, the books can be derived again.
func TestBooksFollowFromTheFacts(t *testing.T) {
	for _, engine := range []db.Engine{db.SQLite, db.Postgres} {
		t.Run(string(engine), func(t *testing.T) {
			keys := touch.NewKeys([]byte("0123456789abcdef0123456789abcdef"))
			cases(t, engine, 40, 8)
			rapid.Check(t, func(rt *rapid.T) {
				facts := drawFacts(rt, keys, start.AddDate(0, 0, 60))
				seed := rapid.Uint64().Draw(rt, "order")
				t.Run("", func(t *testing.T) {
					w := orderWorld(t, dbtest.Open(t, engine))
					r := rand.New(rand.NewPCG(seed, 1))
					r.Shuffle(len(facts), func(i, j int) { facts[i], facts[j] = facts[j], facts[i] })
					for _, f := range facts {
						w.tellAll([]fact{f}, r)
						w.now = w.now.Add(time.Duration(r.IntN(10*24)) * time.Hour)
						if _, err := commission.Mature(context.Background(), w.d); err != nil {
							t.Fatal(err)
						}
						if r.IntN(3) == 0 {
							w.payOut(r)
						}
						if r.IntN(2) == 0 {
							w.decideSomething(r)
						}
					}
					w.verify()
				})
				if t.Failed() {
					rt.Fatalf("facts: %v", facts)
				}
			})
		})
	}
}

// decideSomething decides about one of the commissions that there are, whatever its state; a refusal must leave all as it is.
func (w *world) decideSomething(r *rand.Rand) {
	w.t.Helper()
	ctx := context.Background()
	list, err := commission.List(ctx, w.d.Read(), commission.Filter{Program: w.prog.ID, Limit: 100})
	if err != nil {
		w.t.Fatal(err)
	}
	if len(list) == 0 {
		return
	}
	c, kind := list[r.IntN(len(list))], commission.Kinds[r.IntN(len(commission.Kinds))]
	err = w.d.Write(ctx, func(tx *db.Tx) error { return w.decideOn(ctx, tx, c.ID, kind) })
	if err != nil && problem.Code(err) == "" {
		w.t.Fatal(err)
	}
}

// payOut makes a batch if somebody is due, and lets it end in one of the ways in which batches end.
func (w *world) payOut(r *rand.Rand) {
	w.t.Helper()
	ctx := context.Background()
	var b payout.Batch
	err := w.d.Write(ctx, func(tx *db.Tx) (err error) {
		b, err = payout.Make(ctx, tx, w.prog.ID, payout.Options{IgnoreCycle: true}, "test")
		return err
	})
	if problem.Code(err) == "nothing_due" {
		return
	}
	if err != nil {
		w.t.Fatal(err)
	}
	list, err := payout.In(ctx, w.d.Read(), b.ID)
	if err != nil {
		w.t.Fatal(err)
	}
	switch r.IntN(4) {
	case 0: // left as a draft
	case 1:
		w.write(func(ctx context.Context, tx *db.Tx) error { _, err := payout.Cancel(ctx, tx, list[0].ID); return err })
	default:
		w.write(func(ctx context.Context, tx *db.Tx) error {
			_, err := payout.Approve(ctx, tx, b.ID, "test")
			return err
		})
		w.write(func(ctx context.Context, tx *db.Tx) error { _, err := payout.Send(ctx, tx, b.ID); return err })
		w.write(func(ctx context.Context, tx *db.Tx) error {
			var results []csv.Result
			for _, p := range list {
				results = append(results, csv.Result{ID: p.ID, Status: []csv.Status{csv.Paid, csv.Failed}[r.IntN(2)]})
			}
			_, err := payout.Settle(ctx, tx, b.ID, results, "tester")
			return err
		})
	}
}
