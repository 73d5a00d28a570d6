package web

import (
	"context"
	"fmt"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/tributary-hq/tributary/internal/commission"
	"github.com/tributary-hq/tributary/internal/conversion"
	"github.com/tributary-hq/tributary/internal/db"
	"github.com/tributary-hq/tributary/internal/db/dbtest"
	"github.com/tributary-hq/tributary/internal/lang"
)

// card is the value of a card of a page.
func (b *browser) card(path, name string) string {
	b.w.t.Helper()
	found := regexp.MustCompile(`card-name">` + name + `</span>\s*<span class="card-value">([^<]*)<`).FindStringSubmatch(b.shows(path))
	if found == nil {
		return "no card " + name
	}
	return found[1]
}

// takeBack gives a whole order of a program back.
func (w *world) takeBack(program, order string) {
	w.t.Helper()
	w.write(func(ctx context.Context, tx *db.Tx) error {
		results, err := commission.Refund(ctx, tx, w.keys, []conversion.NewRefund{{Program: program, Order: order}})
		if err == nil {
			err = results[0].Err
		}
		return err
	})
}

// TestTheSameOrdersCountEverywhere looks at one program with one partner, where every count of orders must be the same.
func TestTheSameOrdersCountEverywhere(t *testing.T) {
	dbtest.Run(t, func(t *testing.T, d *db.DB) {
		w := newWorld(t, d)
		w.now = w.now.AddDate(0, 0, 20) // later than all that has happened
		owner, zed := w.as("rivalowner"), w.as("Zed Reviews")
		click := w.click("Zed Reviews", w.rival, time.Hour)
		cabinet := "/partner/" + w.pts["Zed Reviews"].ID
		row, whole := regexp.MustCompile(`(?s)Zed Reviews</a>.*?</tr>`), regexp.MustCompile(`>\s*([0-9]+)\s*</td>`)
		count := func(when, want string) {
			t.Helper()
			listed := "no row"
			if cells := whole.FindAllStringSubmatch(row.FindString(owner.shows("/console/rival/partners?days=7")), -1); len(cells) > 1 {
				listed = cells[1][1] // after the clicks
			}
			for where, got := range map[string]string{
				"the overview": owner.card("/console/rival?days=7", "Conversions"), "the list of partners": listed,
				"the partner’s page": owner.card("/console/rival/partners/"+w.pts["Zed Reviews"].ID+"?days=7", "Conversions"),
				"the cabinet":        zed.card(cabinet+"?days=7", "Sales"), "the statistics": zed.card(cabinet+"/statistics?period=week", "Sales"),
				"the statistics by link": zed.card(cabinet+"/statistics?period=week&by=link", "Sales"),
			} {
				if got != want {
					t.Errorf("%s, %s counts %s, want %s", when, where, got, want)
				}
			}
			if links := regexp.MustCompile(`<td[^>]*>\s*` + want + `\s*</td>`); !links.MatchString(zed.shows(cabinet + "/links?days=7")) {
				t.Errorf("%s, the links do not count %s", when, want)
			}
		}
		w.meet(nil)
		for n := range 7 {
			w.buy(w.rival, fmt.Sprint("Z-", n), "40.00", click.ID)
		}
		count("seven orders", "7")
		w.takeBack(w.rival.ID, "Z-3")
		count("one came back whole", "6")
		w.takeBack(w.rival.ID, "Z-9")
		w.buy(w.rival, "Z-9", "40.00", click.ID)
		count("one came back before it was told", "6")
	})
}

func TestOverviewFigures(t *testing.T) {
	dbtest.Run(t, func(t *testing.T, d *db.DB) {
		w := newWorld(t, d)
		w.now = w.now.AddDate(0, 0, 20)
		owner := w.as("rivalowner")
		overview := "/console/rival?days=7"
		for _, c := range []struct{ name, want string }{{"Clicks", "0"}, {"ROAS", "—"}, {"Average order", "—"}, {"New customers", "—"}, {"Contributing partners", "0"}} {
			if got := owner.card(overview, c.name); got != c.want {
				t.Errorf("of nothing, %s is %q, want %q", c.name, got, c.want)
			}
		}
		click := w.click("Zed Reviews", w.rival, time.Hour)
		for n, customer := range []string{"ann", "bob", "ann"} {
			w.report(conversion.New{Program: w.rival.ID, Order: fmt.Sprint("F-", n), Amount: []string{"30.00", "50.00", "20.01"}[n], Currency: "EUR", Click: click.ID, Customer: customer,
				At: w.now.Add(time.Duration(n) * time.Minute)})
		}
		for tag, want := range map[string][]string{"en": {"€100.01", "€10.00", "10×", "€33.34", "33.3%", "1"}, "fr": {"100,01 €", "10,00 €", "10×", "33,34 €", "33,3 %", "1"}} {
			owner.post("/language", map[string][]string{"language": {tag}})
			l := lang.Of(tag)
			for n, name := range []string{"revenue", "commissions", "roas", "aov", "new_customers", "active"} {
				got := strings.NewReplacer("\u00a0", " ", "\u202f", " ").Replace(owner.card(overview, l.Text("metrics."+name)))
				if got != want[n] {
					t.Errorf("%s: %s is %q, want %q", tag, name, got, want[n])
				}
			}
		}
		owner.post("/language", map[string][]string{"language": {"en"}})
		w.buy(w.rival, "F-nobody", "389.00", "")
		for name, want := range map[string]string{"Revenue": "€489.01", "Commissions": "€10.00", "ROAS": "10×"} {
			if got := owner.card(overview, name); got != want {
				t.Errorf("with an order that nobody brought, %s is %q, want %q", name, got, want)
			}
		}
		for _, page := range []string{overview + "&show=roas", "/console/rival?from=2026-04-01&to=2026-04-09&against=year&show=aov", "/console/rival?against=none"} {
			owner.shows(page, "What these figures count")
		}
		if strings.Contains(owner.shows("/console/rival?against=none"), "Period before</span>") {
			t.Error("a trend that is compared with nothing has something to compare")
		}
		owner.shows("/console/rival?from=2026-05-01&to=2026-04-09", "The first day is after the last")
	})
}
