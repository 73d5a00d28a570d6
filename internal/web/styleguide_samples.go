package web

import (
	"cmp"
	"strings"
	"time"

	"github.com/tributary-hq/tributary/internal/money"
	"github.com/tributary-hq/tributary/internal/web/chart"
)

const (
	styleCurrency money.Currency = "EUR"
	sampleSpan                   = 30 // days
)

var sampleNames = []string{"Nordic Nomads", "Hüttenzauber", "La Clé des Champs", "Alpenglow Journal",
	"Deal Otter", "Summit Podcast", "Trailhead Weekly", "Zed Reviews"}

func sampleDays(last time.Time) []time.Time {
	days := make([]time.Time, sampleSpan)
	for i := range days {
		days[i] = last.AddDate(0, 0, i+1-sampleSpan)
	}
	return days
}

// wave is a number of a day that looks like a week's business: the same each time, and no formula to be seen.
func wave(seed, i, size int64) int64 {
	week := []int64{7, 5, 6, 6, 8, 12, 11}[(i+seed)%7]
	return size*week/12 + size*((seed*31+i*i*7+i*13)%17)/24
}

func waves(seed, from, size int64) []int64 {
	list := make([]int64, sampleSpan)
	for i := range list {
		list[i] = wave(seed, from+int64(i), size)
	}
	return list
}

// sampleSeries are metrics that grow, shrink, shrink for the better, and have not begun.
func sampleSeries(day time.Time) []series {
	days := sampleDays(day)
	return []series{
		{Name: "clicks", Days: days, Values: waves(3, 0, 420), Before: waves(5, 0, 350)},
		{Name: "revenue", Money: styleCurrency, Days: days, Values: waves(2, 3, 91_000), Before: waves(6, 0, 97_000)},
		{Name: "rejected", Days: days, Values: waves(1, 2, 6), Before: waves(4, 0, 9)},
		{Name: "leads", Days: days, Values: make([]int64, sampleSpan), Before: make([]int64, sampleSpan)},
	}
}

func sampleParts() []chart.Part {
	parts := make([]chart.Part, len(sampleNames))
	for i, name := range sampleNames {
		parts[i] = chart.Part{Name: name, Values: waves(int64(i+1), int64(i), 9_400/int64(i+1))}
	}
	return parts
}

func (v *visit) sampleStages() []stage {
	counts := []int64{1840, 1312, 1187, 796, 641}
	list := make([]stage, len(fateSteps))
	for i, name := range fateSteps {
		list[i] = stage{v.text("fate." + name), counts[i]}
	}
	return list
}

func (v *visit) sampleCohort(day time.Time) cohort {
	sizes, kept := []int64{212, 184, 240, 301, 265, 318, 346}, []int64{620, 455, 372, 310, 284, 251}
	var groups []group
	for i, size := range sizes {
		g := group{Name: v.lang.Date(day.AddDate(0, i-len(sizes), 1-day.Day())), Size: size}
		for n := range min(len(kept), len(sizes)-1-i) {
			g.Counts = append(g.Counts, size*(kept[n]+wave(int64(i), int64(n), 60))/1000)
		}
		groups = append(groups, g)
	}
	var periods []string
	for n := range kept {
		periods = append(periods, "+"+v.text("period.days", "n", 30*(n+1)))
	}
	return v.cohort("cohort", v.text("guide.cohort"), periods, groups)
}

var sampleJourneys = []chart.Journey{
	{Stops: []string{"Nordic Nomads"}, Bought: true, Weight: 182},
	{Stops: []string{"Nordic Nomads"}, Weight: 640},
	{Stops: []string{"Nordic Nomads", "Deal Otter"}, Bought: true, Weight: 241},
	{Stops: []string{"Hüttenzauber"}, Weight: 410},
	{Stops: []string{"Hüttenzauber", "Nordic Nomads"}, Weight: 130},
	{Stops: []string{"Hüttenzauber", "Nordic Nomads", "Deal Otter"}, Bought: true, Weight: 164},
	{Stops: []string{"La Clé des Champs", "Hüttenzauber"}, Bought: true, Weight: 118},
	{Stops: []string{"La Clé des Champs"}, Weight: 204},
	{Stops: []string{"Alpenglow Journal", "La Clé des Champs", "Deal Otter"}, Bought: true, Weight: 72},
	{Stops: []string{"Alpenglow Journal", "Hüttenzauber", "Trailhead Weekly", "Nordic Nomads", "Deal Otter"}, Bought: true, Weight: 55},
	{Stops: []string{"Trailhead Weekly", "Summit Podcast"}, Weight: 96},
}

// sampleForm has every kind of field.
func sampleForm(day time.Time) form {
	return form{Fields: []field{
		{Name: "name", Value: "Lena Hofer", Required: true},
		{Name: "email", Type: "email", Value: "lena@huettenzauber.example", Required: true},
		{Name: "website", Type: "url", Hint: "website", Value: "https://huettenzauber.example"},
		{Name: "password", Type: "password", Hint: "password"},
		{Name: "kind", Type: "select", Value: "b", Choices: []choice{{"a", "Nordic Nomads"}, {"b", "Hüttenzauber"}}},
		{Name: "window_days", Type: "number", Hint: "window_days", Value: "30"},
		{Name: "threshold", Unit: string(styleCurrency), Hint: "threshold", Value: "50.00"},
		{Name: "since", Type: "date", Hint: "since", Value: day.Format(time.DateOnly)},
		{Name: "description", Type: "textarea", Hint: "description"},
	}}
}

// sampleRow is a partner of the sample table.
type sampleRow struct {
	name, state string
	clicks      int64
	earned      int64
	since       time.Time
}

func sampleRows(day time.Time) []sampleRow {
	states := []string{"approved", "approved", "applied", "paused", "approved", "declined", "approved", "ended"}
	rows := make([]sampleRow, len(sampleNames))
	for i, part := range sampleParts() {
		rows[i] = sampleRow{part.Name, states[i], 9_600 / int64(i+1), part.Total(), day.AddDate(0, -2*i-1, i)}
	}
	rows[5].earned = -1_250
	return rows
}

func sampleTable(v *visit) table[sampleRow] {
	clicks, earned := func(r sampleRow) int64 { return r.clicks }, func(r sampleRow) int64 { return r.earned }
	return table[sampleRow]{Sorted: "-earned", Sums: "list.total", DoneAt: "/styleguide", Key: func(r sampleRow) string { return r.name },
		Deeds: []deed{{Name: "pause", Label: v.text("partner.pause"), Icon: "pause", Text: v.text("partner.pause_text")},
			{Name: "decline", Label: v.text("partner.decline"), Icon: "cross", Risky: true,
				Fields: []field{{Name: "decline-reason", Words: v.text("fields.reason"), Type: "textarea"}}}},
		Empty: emptiness{Icon: "partners", Title: v.text("partners.empty"), Text: v.text("partners.empty_text"), Step: v.text("invite.open"), Address: "#empty"},
		Columns: []column[sampleRow]{
			{Name: "name", Head: "list.partner",
				Cell: func(_ *visit, r sampleRow) cell {
					return nameCell(r.name, strings.ToLower(r.name[:1])+".example", "#tables").barBelow(r.clicks * 1000 / 9_600)
				},
				Order: func(a, b sampleRow) int { return cmp.Compare(a.name, b.name) }},
			{Name: "state", Head: "list.state", Cell: func(v *visit, r sampleRow) cell { return v.stateCell("partnership", r.state) }},
			{Name: "clicks", Head: "metrics.clicks", Number: true, Cell: func(v *visit, r sampleRow) cell { return v.numberCell(r.clicks) },
				Order: func(a, b sampleRow) int { return cmp.Compare(a.clicks, b.clicks) }, Sum: sumOf(clicks)},
			{Name: "earned", Head: "metrics.commissions", Number: true,
				Cell:  func(v *visit, r sampleRow) cell { return v.moneyCell(money.Of(r.earned, styleCurrency)) },
				Order: func(a, b sampleRow) int { return cmp.Compare(a.earned, b.earned) }, Sum: sumIn(earned)},
			{Name: "since", Head: "list.since", Number: true, Spare: true, Cell: func(v *visit, r sampleRow) cell { return v.dateCell(r.since) },
				Order: func(a, b sampleRow) int { return a.since.Compare(b.since) }},
		}}
}
