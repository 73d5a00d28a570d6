package demo

import (
	"cmp"
	"context"
	"fmt"
	"io"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/tributary-hq/tributary/internal/app"
	"github.com/tributary-hq/tributary/internal/commission"
	"github.com/tributary-hq/tributary/internal/conversion"
	"github.com/tributary-hq/tributary/internal/db"
	"github.com/tributary-hq/tributary/internal/db/dbtest"
	"github.com/tributary-hq/tributary/internal/ledger"
	"github.com/tributary-hq/tributary/internal/partner"
	"github.com/tributary-hq/tributary/internal/payout"
	"github.com/tributary-hq/tributary/internal/program"
)

const testBase = "http://127.0.0.1:8080"

// evening is the moment at which the tests' stories end.
var evening = time.Date(2026, time.May, 21, 19, 30, 0, 0, time.UTC)

// told is an installation with a story, as big as scale.
func told(t *testing.T, engine db.Engine, end time.Time, scale float64) (*app.App, *Story) {
	t.Helper()
	clock := NewClock(end)
	a, err := app.Open(t.Context(), app.Config{Database: dbtest.Target(t, engine), BaseURL: testBase, Clock: clock.Now, Relaxed: true, Still: true})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := a.Close(); err != nil {
			t.Error(err)
		}
	})
	story, err := fill(t.Context(), a, clock, testBase, 1, scale, io.Discard)
	if err != nil {
		t.Fatal(err)
	}
	return a, story
}

func TestFiguresFollowFromTheSeedAndTheDay(t *testing.T) {
	var first []string
	for _, c := range []struct {
		name   string
		engine db.Engine
		end    time.Time
	}{
		{"SQLite", db.SQLite, evening},
		{"SQLite again, earlier that day", db.SQLite, evening.Add(-9 * time.Hour)},
		{"PostgreSQL", db.Postgres, evening},
	} {
		t.Run(c.name, func(t *testing.T) {
			a, story := told(t, c.engine, c.end, 0.1)
			proof, err := app.Verify(t.Context(), a.DB, a.Keys)
			if err != nil || len(proof.Faults) > 0 {
				t.Fatalf("verify: %v, %q", err, proof.Faults)
			}
			found := figures(t, a.DB, story)
			if first == nil {
				first = found
			}
			for i := range max(len(first), len(found)) {
				if i >= len(first) || i >= len(found) || first[i] != found[i] {
					t.Fatalf("figures differ:\n%s\n\n%s", strings.Join(first, "\n"), strings.Join(found, "\n"))
				}
			}
		})
	}
}

// figures are the balances by partner and the counts of everything, as sorted lines.
func figures(t *testing.T, d *db.DB, story *Story) []string {
	t.Helper()
	ctx, r := context.Background(), d.Read()
	all, err := partner.Partnerships(ctx, r, partner.Filter{Program: story.Program, Limit: 100})
	if err != nil {
		t.Fatal(err)
	}
	var lines []string
	for _, s := range all {
		accounts := []ledger.Account{ledger.Pending(s.Program, s.ID), ledger.Payable(s.Program, s.ID), ledger.InPayout(s.Program, s.ID),
			ledger.Paid(s.Program, s.ID)}
		balances, err := ledger.Of(ctx, r, "EUR", accounts...)
		if err != nil {
			t.Fatal(err)
		}
		line := fmt.Sprintf("%s %s", s.Partner.Name, s.Status)
		for _, account := range accounts {
			line += fmt.Sprintf(" %d", balances[account])
		}
		lines = append(lines, line)
	}
	lines = append(lines, counts(t, r, "touch", "kind || ' ' || mark"), counts(t, r, "conversion", "event || ' ' || source"),
		counts(t, r, "refund", "reason"), counts(t, r, "commission", "state"), counts(t, r, "payout", "state"), counts(t, r, "decision", "reason"))
	slices.Sort(lines)
	return lines
}

func counts(t *testing.T, r db.Reader, table, by string) string {
	t.Helper()
	list, err := db.All(context.Background(), r, func(row db.Row) (string, error) {
		var name string
		var n int64
		err := row.Scan(&name, &n)
		return fmt.Sprintf("%s %d", name, n), err
	}, `/* demo.counts */ select `+by+`, count(*) from `+table+` group by 1`)
	if err != nil {
		t.Fatal(err)
	}
	slices.Sort(list)
	return table + ": " + strings.Join(list, ", ")
}

func TestEverythingIsThereToBeSeen(t *testing.T) {
	if testing.Short() {
		t.Skip("tells the whole story")
	}
	for _, end := range []time.Time{time.Date(2026, time.October, 31, 9, 0, 0, 0, time.UTC), time.Date(2026, time.March, 1, 0, 5, 0, 0, zone)} {
		t.Run(end.Format(time.DateOnly), func(t *testing.T) {
			began := time.Now()
			a, story := told(t, db.SQLite, end, 1)
			t.Logf("told in %s", time.Since(began).Round(time.Millisecond))
			t.Log("\n" + strings.Join(figures(t, a.DB, story), "\n"))
			lookAt(t, a, story)
		})
	}
}

func lookAt(t *testing.T, a *app.App, story *Story) {
	ctx, r := t.Context(), a.DB.Read()
	proof, err := app.Verify(ctx, a.DB, a.Keys)
	if err != nil || len(proof.Faults) > 0 {
		t.Fatalf("verify: %v, %q", err, proof.Faults)
	}
	statuses, err := partner.ByStatus(ctx, r, story.Program)
	if err != nil {
		t.Fatal(err)
	}
	payouts, err := payout.List(ctx, r, payout.Filter{Program: story.Program, Limit: 100})
	if err != nil {
		t.Fatal(err)
	}
	states := map[payout.State]int{}
	bounced := ""
	for _, p := range payouts {
		states[p.State]++
		if p.State == payout.Failed {
			bounced = p.Partnership
		}
	}
	split, unearned := 0, map[string]int{}
	for _, c := range allSales(t, r, story) {
		e, err := commission.Explain(ctx, r, c.ID)
		if err != nil {
			t.Fatal(err)
		}
		if len(e.Parts) > 1 {
			split++
		}
		unearned[cmp.Or(e.Reason, "earned")]++
	}
	due, again := 0, false
	p, err := partnersDue(ctx, a, story)
	if err != nil {
		t.Fatal(err)
	}
	for _, proposal := range p {
		if proposal.Why == "" {
			due++
			again = again || proposal.Partnership.ID == bounced
		}
	}
	t.Logf("partners %v, payouts %v, split %d, sales %v, due now %d", statuses, states, split, unearned, due)
	for what, ok := range map[string]bool{
		"eleven partners are active":             statuses[partner.Approved] == 11,
		"two wait":                               statuses[partner.Applied] == 2,
		"one was declined and one paused":        statuses[partner.Declined] == 1 && statuses[partner.Paused] == 1,
		"payouts were paid":                      states[payout.Paid] >= 3,
		"one came back and can be paid again":    states[payout.Failed] == 1 && again,
		"somebody can be paid now":               due >= 1,
		"nothing waits in a batch":               states[payout.Draft]+states[payout.Approved]+states[payout.Sent] == 0,
		"orders are shared":                      split >= 10,
		"some sales are nobody's":                unearned["direct"]+unearned["no_touch"] >= 10,
		"some touches were too old":              unearned["outside_window"] >= 1,
		"a paused partner's links earn nothing":  unearned["partner_not_active"] >= 1,
		"orders and leads are about as promised": proof.Conversions >= 600 && proof.Conversions <= 700,
	} {
		if !ok {
			t.Errorf("not so: %s", what)
		}
	}
	for what, query := range examples {
		if n, err := db.One(ctx, r, db.Value[int64], `select count(*) from `+query); err != nil || n == 0 {
			t.Errorf("there is nothing of this: %s (%v)", what, err)
		}
	}
}

// examples are what somebody who looks around must find one of.
var examples = map[string]string{
	"an order with lines":                       "conversion where detail like '%siebenmeilen%'",
	"an order that was edited":                  "order_edit",
	"an item given back":                        "refund where items like '%sku%'",
	"a reader who confirmed":                    "verdict where verdict = 'qualified'",
	"a reader who did not":                      "verdict where verdict = 'disqualified'",
	"a call that was paid":                      "conversion where source = 'call'",
	"a card that paid":                          "conversion where source = 'card'",
	"a file with refused lines":                 "upload where state = 'done' and refused > 0 and accepted > 0 and partnership = ''",
	"a partner's file with refused lines":       "upload where state = 'done' and refused > 0 and accepted > 0 and partnership <> ''",
	"a file that nobody has taken yet":          "upload where state = 'new'",
	"a brand's domain that waits for its DNS":   "domain where partnership = '' and fault = 'unknown'",
	"a partner's domain that waits for its DNS": "domain where partnership <> '' and fault = 'unknown'",
	"a site that was approved":                  "direct_domain where state = 'approved'",
	"a site that was refused":                   "direct_domain where state = 'refused'",
	"a site that waits":                         "direct_domain where state = 'asked'",
	"a visitor from a site":                     "touch t join direct_domain d on d.link = t.link where d.link <> ''",
	"a link that has ended, with who came late": "touch where mark = 'expired'",
	"a page that is gone":                       "page_check where misses >= 2 and status = 404",
	"a report that was refused":                 "refusal",
}

func allSales(t *testing.T, r db.Reader, story *Story) []conversion.Conversion {
	t.Helper()
	list, err := commission.Conversions(context.Background(), r, commission.Wanted{Program: story.Program, Limit: 10_000})
	if err != nil {
		t.Fatal(err)
	}
	return list
}

func partnersDue(ctx context.Context, a *app.App, story *Story) ([]payout.Proposal, error) {
	p, err := program.Get(ctx, a.DB.Read(), story.Program)
	if err != nil {
		return nil, err
	}
	return payout.Propose(ctx, a.DB.Read(), p, a.DB.Now(), payout.Options{})
}
