package web

import (
	"strings"

	"github.com/tributary-hq/tributary/internal/commission"
	"github.com/tributary-hq/tributary/internal/conversion"
	"github.com/tributary-hq/tributary/internal/money"
)

type conversionsPage struct {
	consolePage
	Chips  []chip
	Search string
	Event  string
	Rows   []conversionRow
	Next   string
}

type conversionRow struct {
	conversion.Conversion
	Who    string // who earned it; empty: nobody
	State  string
	Earned money.Amount
}

// conversions is the list of what visitors did, with who earned it.
func (s *site) conversions(v *visit) (answer, error) {
	data := conversionsPage{consolePage: v.console(), Search: v.query("q"), Event: v.query("event")}
	list, err := commission.Conversions(v.Context(), v.read(), commission.Wanted{Program: v.program.ID, Event: data.Event, Search: data.Search,
		Before: v.query("before"), Limit: perPage + 1})
	if err != nil {
		return nil, err
	}
	if len(list) > perPage {
		list = list[:perPage]
		data.Next = v.here("before", list[perPage-1].ID)
	}
	data.Chips = []chip{{Label: v.text("conversions.all"), Address: v.here("event", ""), Here: data.Event == ""}}
	for _, event := range v.program.Events {
		data.Chips = append(data.Chips, chip{Label: eventName(v.lang, event), Address: v.here("event", event), Here: data.Event == event})
	}
	if data.Rows, err = v.conversionRows(list); err != nil {
		return nil, err
	}
	return s.page("console/conversions/list", v.text("nav.conversions"), data), nil
}

func (v *visit) conversionRows(list []conversion.Conversion) ([]conversionRow, error) {
	ids := make([]string, len(list))
	for i, c := range list {
		ids[i] = c.ID
	}
	commissions, err := commission.Of(v.Context(), v.read(), ids)
	if err != nil {
		return nil, err
	}
	var earners []string
	for _, of := range commissions {
		for _, c := range of {
			earners = append(earners, c.Partnership)
		}
	}
	names, err := v.names(earners)
	if err != nil {
		return nil, err
	}
	rows := make([]conversionRow, len(list))
	for i, c := range list {
		row := conversionRow{Conversion: c, State: "unattributed", Earned: money.Of(0, c.Amount.Currency)}
		var who []string
		for _, one := range commissions[c.ID] {
			row.Earned.Minor += one.Amount.Minor
			who = append(who, names[one.Partnership].Partner.Name)
			if row.State == "unattributed" || row.State == string(commission.Reversed) {
				row.State = string(one.State)
			}
		}
		row.Who = strings.Join(who, ", ")
		rows[i] = row
	}
	return rows, nil
}
