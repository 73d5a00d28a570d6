package commission_test

import (
	"context"
	"errors"
	"fmt"
	"strconv"
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"

	"github.com/tributary-hq/tributary/internal/commission"
	"github.com/tributary-hq/tributary/internal/conversion"
	"github.com/tributary-hq/tributary/internal/db"
	"github.com/tributary-hq/tributary/internal/db/dbtest"
	"github.com/tributary-hq/tributary/internal/offline"
)

// The one caller and the one card of the drawn facts.
var (
	caller   = hash("2")
	whoCalls = conversion.WhoCustomer(offline.CustomerOf(caller))
	theCard  = "K1"
)

// drawOffline makes calls to a number and payments with a card, whose they are from which day on, and who called.
func drawOffline(t *rapid.T, moment func(string) time.Time) []fact {
	var facts []fact
	const number = "+49301234567"
	for i := range rapid.IntRange(0, 3).Draw(t, "assignments") {
		a := offline.Assignment{Kind: offline.Number, Name: number, Since: moment("since").Add(time.Duration(i) * time.Millisecond), Author: "test"}
		if rapid.Bool().Draw(t, "of the card") {
			a.Kind, a.Name = offline.Card, theCard
		}
		whose := rapid.SampledFrom([]string{"ann", "bob", "bob", ""}).Draw(t, "whose")
		facts = append(facts, fact{name: fmt.Sprintf("the %s is %s's since %s", a.Kind, whose, a.Since), tell: func(ctx context.Context, tx *db.Tx, w *world) error {
			a.Partnership = w.pts[whose]
			r, err := commission.Assign(ctx, tx, w.keys, w.prog.ID, []offline.Assignment{a})
			return errors.Join(err, first(r))
		}})
	}
	for i := range rapid.IntRange(0, 2).Draw(t, "calls") {
		n := offline.NewCall{Call: fmt.Sprint(i), Number: number, Caller: caller, At: moment("called at"), Seconds: 60}
		n.Customer = rapid.SampledFrom([]string{"", "", "c1", "c2"}).Draw(t, "called by")
		facts = append(facts, fact{name: "call " + n.Call, tell: func(ctx context.Context, tx *db.Tx, w *world) error {
			r, err := commission.Call(ctx, tx, w.keys, w.prog.ID, []offline.NewCall{n})
			return errors.Join(err, first(r))
		}})
	}
	for i := range rapid.IntRange(0, 2).Draw(t, "sales by card") {
		n := conversion.New{Order: fmt.Sprint("k", i), Currency: "EUR", Amount: "100", At: moment("paid at"), Customer: offline.CustomerWith(theCard)}
		if rapid.Bool().Draw(t, "by the caller") {
			n.Customer = offline.CustomerOf(caller)
		}
		facts = append(facts, sold(fmt.Sprintf("sale %s of %.4s", n.Order, n.Customer), n))
	}
	return facts
}

// TestAssignmentsInAnyOrder: whose a card is on a day does not depend on which of the words about it was told first.
func TestAssignmentsInAnyOrder(t *testing.T) {
	stories := []struct {
		promise string
		told    []string // partner and days ago; 0 is now, without a day
		want    string
		new     int
	}{
		{"an end before a beginning that is told later", []string{"- 5", "ann 9"}, "", 2},
		{"a beginning before an end", []string{"ann 9", "- 5"}, "", 2},
		{"the same partner again, and somebody else in between who is told later", []string{"ann 9", "ann 3", "bob 5"}, "ann 10.00", 3},
		{"and told before", []string{"ann 9", "bob 5", "ann 3"}, "ann 10.00", 3},
		{"told twice", []string{"ann 9", "ann 9"}, "ann 10.00", 1},
		{"what is so is said of now", []string{"ann 9", "ann 0"}, "ann 10.00", 1},
		{"nobody's, of which nobody has heard", []string{"- 0"}, "", 0},
	}
	for _, s := range stories {
		t.Run(s.promise, func(t *testing.T) {
			dbtest.Run(t, func(t *testing.T, d *db.DB) {
				w := newWorld(t, d, lastTouch, nil)
				w.sale("1", "100", func(n *conversion.New) { n.Customer, n.At = offline.CustomerWith(theCard), w.now.Add(-day) })
				kept := 0
				for _, words := range s.told {
					name, ago, _ := strings.Cut(words, " ")
					a := offline.Assignment{Kind: offline.Card, Name: theCard, Partnership: w.pts[name], Author: "test"}
					if days, _ := strconv.Atoi(ago); days > 0 {
						a.Since = w.now.AddDate(0, 0, -days)
					}
					w.write(func(ctx context.Context, tx *db.Tx) error {
						r, err := commission.Assign(ctx, tx, w.keys, w.prog.ID, []offline.Assignment{a})
						if err = errors.Join(err, first(r)); err == nil && !r[0].Value.Duplicate {
							kept++
						}
						return err
					})
				}
				if got := w.earned(); got != s.want || kept != s.new {
					t.Errorf("earned %q, want %q; %d words were new, want %d", got, s.want, kept, s.new)
				}
				w.verify()
			})
		})
	}
}
