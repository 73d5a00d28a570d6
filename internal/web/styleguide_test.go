package web

import (
	"context"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/tributary-hq/tributary/internal/commission"
	"github.com/tributary-hq/tributary/internal/db"
	"github.com/tributary-hq/tributary/internal/db/dbtest"
	"github.com/tributary-hq/tributary/internal/report"
	"github.com/tributary-hq/tributary/internal/touch"
)

func TestTheStyleGuideIsOfTheDemonstration(t *testing.T) {
	dbtest.Run(t, func(t *testing.T, d *db.DB) {
		w := newWorld(t, d)
		_, body, _ := w.as("").get("/styleguide")
		for _, section := range styleSections {
			if strings.Count(body, `id="`+section+`"`) != 1 || !strings.Contains(body, `href="#`+section+`"`) {
				t.Errorf("no section %s, or no way to it", section)
			}
		}
		for _, part := range []string{`fill="var(--chart-6)"`, `class="badge bad"`, `class="cards"`, `class="funnel"`, `data-across="6"`, `class="flow-plot"`,
			`part-6`, `<progress`, `class="timeline"`, `class="journey"`, `aria-invalid="true"`, `data-selects`, `data-copy`, `class="pager"`} {
			if !strings.Contains(body, part) {
				t.Errorf("the page shows no %s", part)
			}
		}
		if status, _, to := w.as("").post("/styleguide", nil); status != http.StatusSeeOther || to != "/styleguide" {
			t.Errorf("its forms lead to %d %s", status, to)
		}
		if _, front, _ := w.as("").get("/"); !strings.Contains(front, `href="/styleguide"`) {
			t.Error("nothing leads to it")
		}
		w.server.Config.Handler = New(Options{DB: d, Keys: w.keys, BaseURL: w.server.URL})
		if status, _, _ := w.as("").get("/styleguide"); status != http.StatusNotFound {
			t.Errorf("an installation with facts of its own answers %d", status)
		}
		if _, front, _ := w.as("").get("/"); strings.Contains(front, "styleguide") {
			t.Error("an installation with facts of its own leads to it")
		}
	})
}

func TestConsoleCharts(t *testing.T) {
	dbtest.Run(t, func(t *testing.T, d *db.DB) {
		w := newWorld(t, d)
		owner := w.as("owner")
		for _, c := range []struct{ address, has, hasNot string }{
			{"/console/acme/partners", `id="shares"`, ""},
			{"/console/acme/partners?q=kit", "<h1", `id="shares"`},
			{"/console/acme/conversions", `id="fate"`, ""},
			{"/console/acme/conversions?event=sale", "<h1", `id="fate"`},
		} {
			_, body, _ := owner.get(c.address)
			if !strings.Contains(body, c.has) || c.hasNot != "" && strings.Contains(body, c.hasNot) {
				t.Errorf("%s: no %s, or %s", c.address, c.has, c.hasNot)
			}
		}
		v := asked("/console/acme")
		v.book = &report.Book{}
		v.db, v.program, v.Request = d, w.acme, httptest.NewRequest("GET", "/", nil)
		numbers, err := v.standings(v.span())
		if err != nil {
			t.Fatal(err)
		}
		shares, err := v.earnedByPartner(v.span(), numbers)
		if err != nil {
			t.Fatal(err)
		}
		var earned int64
		for _, n := range numbers {
			earned += n.Earned
		}
		if want := (series{Money: "EUR"}).write(v, earned); shares.Total != want || earned == 0 {
			t.Errorf("the parts come to %s, the partners earned %s", shares.Total, want)
		}
		w.fateAgrees(v)
	})
}

// fateAgrees counts the conversions one by one.
func (w *world) fateAgrees(v *visit) {
	w.buy(w.acme, "A-nobody", "10.00", "")
	click := w.click("Marta’s Kitchen", w.acme, time.Hour)
	w.meet([]touch.Touch{click})
	w.buy(w.acme, "A-back", "50.00", click.ID)
	w.refund("A-back", "50.00")
	ctx, r := context.Background(), w.d.Read()
	drawn, err := v.fate()
	if err != nil {
		w.t.Fatal(err)
	}
	list, err := commission.Conversions(ctx, r, commission.Wanted{Program: w.acme.ID, Limit: 1000})
	if err != nil {
		w.t.Fatal(err)
	}
	want := make([]int64, len(fateSteps))
	for _, c := range list {
		if c.At.Before(v.today().AddDate(0, 0, 1-fateDays)) {
			continue
		}
		of, err := commission.Of(ctx, r, []string{c.ID})
		if err != nil {
			w.t.Fatal(err)
		}
		reached := 1
		for _, one := range of[c.ID] {
			reached = max(reached, map[commission.State]int{"reversed": 2, "pending": 3, "payable": 4, "in_payout": 4, "paid": 5}[one.State])
		}
		for i := range reached {
			want[i]++
		}
	}
	for i, step := range drawn.Steps {
		if step.Count != want[i] {
			w.t.Errorf("%s: %d, counted %d", step.Name, step.Count, want[i])
		}
	}
	if want[0] == want[1] || want[1] == want[2] || want[2] == want[3] || want[3] == want[4] {
		w.t.Errorf("this world does not tell the steps apart: %v", want)
	}
}
