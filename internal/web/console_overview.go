package web

import "slices"

type overviewPage struct {
	consolePage
	Checks    []checkItem
	Chips     []chip
	Span      spanForm
	Cards     []card
	Trend     trend
	Top       listing
	Decisions []decision
	Events    []happening
}

// overview is how the program does, and what waits for somebody.
func (s *site) overview(v *visit) (answer, error) {
	data := overviewPage{consolePage: v.console()}
	span := v.span()
	data.Chips, data.Span = v.spanChips(span), v.spanForm(span)
	all, err := v.programSeries(span)
	if err != nil {
		return nil, err
	}
	data.Cards, data.Trend = v.figures(all)
	top, err := v.standings(span)
	if err != nil {
		return nil, err
	}
	data.Top = v.standingTable().all(v, top[:min(len(top), 6)])
	if data.Decisions, err = v.decisions(); err != nil {
		return nil, err
	}
	if data.Checks, err = v.checklist(); err != nil {
		return nil, err
	}
	if data.Events, err = v.latest(9); err != nil {
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
