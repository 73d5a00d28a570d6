package commission_test

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"math/rand/v2"
	"strconv"
	"testing"
	"time"

	"pgregory.net/rapid"

	"github.com/tributary-hq/tributary/internal/commission"
	"github.com/tributary-hq/tributary/internal/contract"
	"github.com/tributary-hq/tributary/internal/conversion"
	"github.com/tributary-hq/tributary/internal/creative"
	"github.com/tributary-hq/tributary/internal/db"
	"github.com/tributary-hq/tributary/internal/db/dbtest"
	"github.com/tributary-hq/tributary/internal/journey"
	"github.com/tributary-hq/tributary/internal/money"
	"github.com/tributary-hq/tributary/internal/program"
	"github.com/tributary-hq/tributary/internal/touch"
)

// drawWords makes what people and shops say of customers and of codes, about the same few as drawFacts: more orders with hashed
// addresses and codes, joins, splits, relinks, standings and policies of codes, terms that bind.
func drawWords(t *rapid.T, now time.Time) []fact {
	var facts []fact
	moment := func(label string) time.Time {
		return now.Add(-time.Duration(rapid.Int64Range(1, 50*24*3600).Draw(t, label)) * time.Second)
	}
	keys := []string{touch.WhoVisitor("v1"), touch.WhoVisitor("v2"), conversion.WhoCustomer("c1"), conversion.WhoCustomer("c2"), conversion.WhoEmail(hash("1")), whoCalls}
	key := rapid.SampledFrom(keys)
	for i := range rapid.IntRange(1, 4).Draw(t, "more sales") {
		n := conversion.New{Order: fmt.Sprint("m", i), Currency: "EUR", Amount: "100", At: moment("sale at")}
		if rapid.Bool().Draw(t, "with email") {
			n.Email = hash("1")
		}
		if rapid.Bool().Draw(t, "with customer") {
			n.Customer = rapid.SampledFrom([]string{"c1", "c2"}).Draw(t, "customer")
		}
		if rapid.Bool().Draw(t, "with visitor") {
			n.Visitor = rapid.SampledFrom([]string{"v1", "v2"}).Draw(t, "visitor")
		}
		n.Code = rapid.SampledFrom([]string{"", "ANN10", "BOB10", "BOB10", "ANN10,BOB10"}).Draw(t, "code")
		again := n
		again.Code = rapid.SampledFrom([]string{n.Code, "", "CEE10", "BOB10"}).Draw(t, "code again")
		again.Visitor = rapid.SampledFrom([]string{"v1", "v2"}).Draw(t, "visitor again")
		third := conversion.New{Order: n.Order, Currency: "EUR", Amount: "100", At: n.At, Source: rapid.SampledFrom([]conversion.Source{conversion.FromPostback, conversion.FromTag}).Draw(t, "source")}
		third.Visitor = rapid.SampledFrom([]string{"", "v1", "v2"}).Draw(t, "visitor third")
		third.Customer = rapid.SampledFrom([]string{"", "", "c1", "c2"}).Draw(t, "customer third")
		third.Code = rapid.SampledFrom([]string{"", "BOB10", "ANN10"}).Draw(t, "code third")
		for _, n := range []conversion.New{n, again, third} {
			facts = append(facts, fact{name: fmt.Sprintf("sale %s (%s %.3s %s %s)", n.Order, n.Customer, n.Email, n.Visitor, n.Code), tell: func(ctx context.Context, tx *db.Tx, w *world) error {
				n.Program = w.prog.ID
				r, err := commission.Credit(ctx, tx, w.keys, []conversion.New{n})
				return errors.Join(err, first(r))
			}})
		}
	}
	for range rapid.IntRange(0, 3).Draw(t, "joins") {
		a, b := key.Draw(t, "a"), key.Draw(t, "b")
		if a != b {
			facts = append(facts, fact{name: fmt.Sprintf("%.4s is %.4s", a, b), tell: func(ctx context.Context, tx *db.Tx, w *world) error {
				return commission.Identify(ctx, tx, w.keys, w.prog.ID, a, b)
			}})
		}
	}
	for range rapid.IntRange(0, 4).Draw(t, "splits") {
		s := journey.Split{Kind: rapid.SampledFrom([]journey.SplitKind{journey.Apart, journey.Apart, journey.Shared, journey.Same}).Draw(t, "kind"), Author: "test"}
		s.A = []string{key.Draw(t, "a")}
		if s.Kind == journey.Shared {
			s.A = []string{rapid.SampledFrom(keys).Draw(t, "shared")}
		}
		for _, k := range keys {
			if s.Kind != journey.Shared && k != s.A[0] && rapid.Bool().Draw(t, "other side") {
				s.B = append(s.B, k)
			}
		}
		if s.Kind == journey.Apart && len(s.B) == 0 {
			continue
		}
		facts = append(facts, once(fact{name: fmt.Sprintf("%s %v|%v", s.Kind, s.A, s.B), about: "splits", tell: func(ctx context.Context, tx *db.Tx, w *world) error {
			s.Program = w.prog.ID
			_, err := commission.Separate(ctx, tx, w.keys, s)
			return err
		}}))
	}
	for i := range rapid.IntRange(0, 3).Draw(t, "relinks") {
		k, name, since := key.Draw(t, "key"), rapid.SampledFrom([]string{"ann", "bob", "cee", ""}).Draw(t, "to"), moment("since").Add(time.Duration(i)*time.Millisecond)
		facts = append(facts, once(fact{name: fmt.Sprintf("%.4s is %s's since %s", k, name, since), tell: func(ctx context.Context, tx *db.Tx, w *world) error {
			_, _, err := commission.Bind(ctx, tx, w.keys, commission.Binding{Program: w.prog.ID, Key: k, Partnership: w.pts[name], Since: since, Author: "test"})
			return err
		}}))
	}
	for i := range rapid.IntRange(0, 2).Draw(t, "binding terms") {
		name, since := rapid.SampledFrom(names).Draw(t, "partner"), moment("since").Add(time.Duration(i)*time.Millisecond)
		terms := contract.Sensible("EUR")
		terms.BindMonths = rapid.SampledFrom([]int64{0, 1, contract.Lifelong}).Draw(t, "months")
		terms.WithCode = map[string]contract.Payout{"sale": {Rate: money.Rate(20_000)}}
		facts = append(facts, once(fact{name: fmt.Sprint("terms of ", name, ", ", terms.BindMonths), tell: func(ctx context.Context, tx *db.Tx, w *world) error {
			_, err := commission.Agree(ctx, tx, w.keys, w.pts[name], since, terms, "test")
			return err
		}}))
	}
	for i := range rapid.IntRange(0, 3).Draw(t, "standings") {
		s := creative.Standing{Code: rapid.SampledFrom([]string{"ANN10", "BOB10"}).Draw(t, "code"), Since: moment("since").Add(time.Duration(i) * time.Millisecond)}
		name := rapid.SampledFrom(names).Draw(t, "whose")
		s.Suspended = rapid.Bool().Draw(t, "suspended")
		s.Near = rapid.SampledFrom([]creative.Near{creative.Alone, creative.Met}).Draw(t, "near")
		facts = append(facts, once(fact{name: fmt.Sprintf("%s is %s's, %v %s", s.Code, name, s.Suspended, s.Near), tell: func(ctx context.Context, tx *db.Tx, w *world) error {
			s.Program, s.Partnership = w.prog.ID, w.pts[name]
			_, err := commission.StandCode(ctx, tx, w.keys, s)
			return err
		}}))
	}
	for i := range rapid.IntRange(0, 2).Draw(t, "code policies") {
		credit, since := rapid.SampledFrom(program.CodeCredits).Draw(t, "credit"), moment("since").Add(time.Duration(i)*time.Millisecond)
		facts = append(facts, once(fact{name: "codes: " + string(credit), tell: func(ctx context.Context, tx *db.Tx, w *world) error {
			_, err := commission.DecideCodes(ctx, tx, w.keys, w.prog.ID, since, credit, "test")
			return err
		}}))
	}
	return append(facts, drawOffline(t, moment)...)
}

// some asks for a quarter of the cases, for each is long; -rapid.checks asks for more.
func some(t *testing.T, engine db.Engine) {
	checks := flag.Lookup("rapid.checks").Value
	if before, err := strconv.Atoi(checks.String()); err == nil {
		checks.Set(strconv.Itoa(max(1, before/4)))
		t.Cleanup(func() { checks.Set(strconv.Itoa(before)) })
	}
	fewer(t, engine)
}

// personWorld is a world in which one of the codes can be used once.
func personWorld(t testing.TB, d *db.DB) *world {
	w := orderWorld(t, d)
	w.write(func(ctx context.Context, tx *db.Tx) error {
		_, err := db.Exec(ctx, tx, "update promo_code set batch = 'cba' where code = 'BOB10'")
		return err
	})
	return w
}

// TestOrderOfWordsDoesNotMatter: clicks, sales, joins, splits, relinks and what is said of codes end in the same balances in any
// order, some of them told twice; and the books follow from them.
func TestOrderOfWordsDoesNotMatter(t *testing.T) {
	for _, engine := range []db.Engine{db.SQLite, db.Postgres} {
		t.Run(string(engine), func(t *testing.T) {
			keys := touch.NewKeys([]byte("0123456789abcdef0123456789abcdef"))
			some(t, engine)
			rapid.Check(t, func(rt *rapid.T) {
				facts := append(drawFacts(rt, keys, start.AddDate(0, 0, 60)), drawWords(rt, start.AddDate(0, 0, 60))...)
				seed := rapid.Uint64().Draw(rt, "order")
				var want string
				for i := range 3 {
					t.Run("", func(t *testing.T) {
						w := personWorld(t, dbtest.Open(t, engine))
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

// TestBooksFollowFromTheWords lets time go on between the facts, so that shares become final under persons, codes and bindings
// that are others later.
func TestBooksFollowFromTheWords(t *testing.T) {
	for _, engine := range []db.Engine{db.SQLite, db.Postgres} {
		t.Run(string(engine), func(t *testing.T) {
			keys := touch.NewKeys([]byte("0123456789abcdef0123456789abcdef"))
			some(t, engine)
			rapid.Check(t, func(rt *rapid.T) {
				facts := append(drawFacts(rt, keys, start.AddDate(0, 0, 60)), drawWords(rt, start.AddDate(0, 0, 60))...)
				seed := rapid.Uint64().Draw(rt, "order")
				t.Run("", func(t *testing.T) {
					w := personWorld(t, dbtest.Open(t, engine))
					r := rand.New(rand.NewPCG(seed, 1))
					r.Shuffle(len(facts), func(i, j int) { facts[i], facts[j] = facts[j], facts[i] })
					for _, f := range facts {
						w.tellAll([]fact{f}, r)
						w.now = w.now.Add(time.Duration(r.IntN(7*24)) * time.Hour)
						if _, err := commission.Mature(context.Background(), w.d); err != nil {
							t.Fatal(err)
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
