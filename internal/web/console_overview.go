package web

import (
	"cmp"
	"slices"
	"time"

	"github.com/tributary-hq/tributary/internal/commission"
	"github.com/tributary-hq/tributary/internal/event"
	"github.com/tributary-hq/tributary/internal/touch"
)

type overviewPage struct {
	consolePage
	Checks    []checkItem
	Chips     []chip
	Cards     []card
	Trend     trend
	Top       []standing
	Decisions []decision
	Events    []happening
}

// standing is what one partner brought in a stretch of days.
type standing struct {
	Partnership string
	Name        string
	Kind        string
	Clicks      int64
	Sales       int64
	Earned      int64
}

// overview is how the program does, and what waits for somebody.
func (s *site) overview(v *visit) (answer, error) {
	data := overviewPage{consolePage: v.console()}
	span := v.span()
	data.Chips = v.spanChips(span)
	all, err := v.programSeries(span)
	if err != nil {
		return nil, err
	}
	data.Cards, data.Trend = v.figures(all)
	if data.Top, err = v.standings(span); err != nil {
		return nil, err
	}
	data.Top = data.Top[:min(len(data.Top), 6)]
	if data.Decisions, err = v.decisions(); err != nil {
		return nil, err
	}
	if data.Checks, err = v.checklist(); err != nil {
		return nil, err
	}
	events, err := event.Latest(v.Context(), v.read(), event.Filter{Program: v.program.ID, Limit: 9})
	if err != nil {
		return nil, err
	}
	if data.Events, err = v.happenings(events); err != nil {
		return nil, err
	}
	return s.page("console/overview", v.text("nav.overview"), data), nil
}

// figures are the cards of several series, and the trend of the one that the address shows.
func (v *visit) figures(all []series) (cards []card, shown trend) {
	at := max(0, slices.IndexFunc(all, func(s series) bool { return s.Name == v.query("show") }))
	for i, one := range all {
		cards = append(cards, one.card(v, v.here("show", one.Name), i == at))
	}
	return cards, all[at].trend(v)
}

// programSeries are the clicks, conversions, revenue and commissions of a program by day.
func (v *visit) programSeries(span span) ([]series, error) {
	ctx, r, p := v.Context(), v.read(), v.program
	clicks, err := touch.Daily(ctx, r, p.ID, "", span.Before, span.To, v.zone)
	if err != nil {
		return nil, err
	}
	sold, err := commission.Sold(ctx, r, p.ID, span.Before, span.To, v.zone)
	if err != nil {
		return nil, err
	}
	earned, err := commission.Earned(ctx, r, p.ID, "", span.Before, span.To, v.zone)
	if err != nil {
		return nil, err
	}
	count := func(d commission.Day) int64 { return d.Count }
	amount := func(d commission.Day) int64 { return d.Amount }
	return []series{
		newSeries("clicks", "", span, clicks, func(d touch.Day) int64 { return d.Clicks }, dateOfClicks),
		newSeries("conversions", "", span, sold, count, dateOfDay),
		newSeries("revenue", p.Currency, span, sold, amount, dateOfDay),
		newSeries("commissions", p.Currency, span, earned, amount, dateOfDay),
	}, nil
}

func dateOfClicks(d touch.Day) time.Time   { return d.Date }
func dateOfDay(d commission.Day) time.Time { return d.Date }

// standings are the partners of a program by what they earned, then by their clicks.
func (v *visit) standings(span span) ([]standing, error) {
	ctx, r, p := v.Context(), v.read(), v.program
	clicks, err := touch.ByPartnership(ctx, r, p.ID, span.From, span.To)
	if err != nil {
		return nil, err
	}
	sums, err := commission.ByPartnership(ctx, r, commission.Filter{Program: p.ID, From: span.From, To: span.To})
	if err != nil {
		return nil, err
	}
	byID := map[string]*standing{}
	at := func(id string) *standing {
		if byID[id] == nil {
			byID[id] = &standing{Partnership: id}
		}
		return byID[id]
	}
	for id, n := range clicks {
		if id != "" {
			at(id).Clicks = n
		}
	}
	for _, sum := range sums {
		at(sum.Name).Sales, at(sum.Name).Earned = sum.Count, sum.Amount
	}
	var list []standing
	var ids []string
	for id, one := range byID {
		list, ids = append(list, *one), append(ids, id)
	}
	names, err := v.names(ids)
	if err != nil {
		return nil, err
	}
	for i := range list {
		known := names[list[i].Partnership].Partner
		list[i].Name, list[i].Kind = known.Name, known.Kind
	}
	slices.SortFunc(list, func(a, b standing) int {
		return cmp.Or(cmp.Compare(b.Earned, a.Earned), cmp.Compare(b.Clicks, a.Clicks), cmp.Compare(a.Name, b.Name))
	})
	return list, nil
}
