package web

import (
	"slices"
	"time"

	"github.com/tributary-hq/tributary/internal/event"
	"github.com/tributary-hq/tributary/internal/money"
)

// eventsRead is how many events are looked at for the few that are shown: one step can tell a hundred.
const eventsRead = 200

// telling is what one transaction told: events of the same instant, in their order.
type telling struct {
	At     time.Time
	Events []event.Event
}

// tellings are events by the transaction that told them.
func tellings(events []event.Event) (list []telling) {
	for _, e := range events {
		if last := len(list) - 1; last >= 0 && list[last].At.Equal(e.At) {
			list[last].Events = append(list[last].Events, e)
		} else {
			list = append(list, telling{e.At, []event.Event{e}})
		}
	}
	return list
}

// latest are the last few things that happened, each in one line however many events it told: all of a kind are one, what
// follows from an order belongs to it, and who is taken in at once has not applied.
func (v *visit) latest(most int) (list []happening, err error) {
	events, err := event.Latest(v.Context(), v.read(), event.Filter{Program: v.program.ID, Limit: eventsRead})
	if err != nil {
		return nil, err
	}
	all, err := v.happenings(events)
	if err != nil {
		return nil, err
	}
	byID := make(map[string]happening, len(all))
	for i, one := range all {
		byID[events[i].ID] = one
	}
	for _, d := range tellings(events) {
		if list = append(list, v.fold(d, byID)...); len(list) >= most {
			return list[:most], nil
		}
	}
	return list, nil
}

// fold are the lines of one transaction.
func (v *visit) fold(d telling, words map[string]happening) (list []happening) {
	orders, joined := map[string]bool{}, map[string]bool{}
	for _, e := range d.Events {
		switch e.Kind {
		case event.ConversionCreated:
			orders[e.Subject] = true
		case event.PartnerApproved:
			joined[e.Subject] = true
		}
	}
	took := map[string]bool{} // those who applied in the same instant in which they were accepted
	for _, e := range d.Events {
		took[e.Subject] = took[e.Subject] || e.Kind == event.PartnerApplied && joined[e.Subject]
	}
	byKind := map[event.Kind][]happening{}
	var kinds []event.Kind
	for _, e := range d.Events {
		one, shown := words[e.ID]
		switch {
		case !shown, orders[one.facts.Conversion], e.Kind == event.PartnerApplied && took[e.Subject], e.Kind == event.LinkCreated && took[one.facts.Partnership]:
			continue
		case e.Kind == event.PartnerApproved && took[e.Subject]:
			one.Text = v.text("happened.joined", "who", one.who)
		}
		if !slices.Contains(kinds, e.Kind) {
			kinds = append(kinds, e.Kind)
		}
		byKind[e.Kind] = append(byKind[e.Kind], one)
	}
	for _, kind := range kinds {
		list = append(list, v.together(kind, byKind[kind])...)
	}
	return list
}

// together are several events of a kind as one line, where there are words for it.
func (v *visit) together(kind event.Kind, several []happening) []happening {
	if len(several) == 1 || !v.lang.Has("happened_together."+string(kind)) {
		return several
	}
	one, sum := several[0], money.Of(0, v.program.Currency)
	for _, h := range several {
		sum.Minor += h.facts.Amount.Minor
		if h.Address != one.Address {
			one.Address = consoleBase(v.program) + map[string]string{"partner": "/partners", "payout": "/payouts"}[one.Icon]
			if one.Icon == "conversion" || one.Icon == "commission" || one.Icon == "refund" {
				one.Address = consoleBase(v.program) + "/conversions"
			}
		}
	}
	one.Text = v.text("happened_together."+string(kind), "n", len(several), "amount", v.lang.Money(sum))
	return []happening{one}
}
