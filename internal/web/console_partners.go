package web

import (
	"github.com/tributary-hq/tributary/internal/partner"
)

type partnersPage struct {
	consolePage
	Chips  []chip
	Search string
	Status string
	Rows   []partnerRow
	Total  standing
	Next   string // address of the next page
	Days   int
}

type partnerRow struct {
	partner.Partnership
	standing
}

// statuses are the filters of the list, in order; the first is all.
var statuses = []partner.Status{"", partner.Applied, partner.Approved, partner.Paused, partner.Declined, partner.Ended}

// partners is the list of a program's partnerships.
func (s *site) partners(v *visit) (answer, error) {
	ctx, r := v.Context(), v.read()
	data := partnersPage{consolePage: v.console(), Search: v.query("q"), Status: v.query("status"), Days: v.span().Days}
	but, err := v.testPartnership()
	if err != nil {
		return nil, err
	}
	counts, err := v.statuses(but)
	if err != nil {
		return nil, err
	}
	data.Chips = v.statusChips(counts)
	list, err := partner.Search(ctx, r, partner.Filter{Program: v.program.ID, Status: partner.Status(data.Status), Words: data.Search,
		But: but.ID, Before: v.query("before"), Limit: perPage + 1})
	if err != nil {
		return nil, err
	}
	if len(list) > perPage {
		list = list[:perPage]
		data.Next = v.here("before", list[perPage-1].ID)
	}
	numbers, err := v.standings(v.span(), but.ID)
	if err != nil {
		return nil, err
	}
	byID := map[string]standing{}
	for _, n := range numbers {
		byID[n.Partnership] = n
	}
	for _, p := range list {
		n := byID[p.ID]
		data.Rows = append(data.Rows, partnerRow{p, n})
		data.Total.Clicks, data.Total.Sales, data.Total.Earned = data.Total.Clicks+n.Clicks, data.Total.Sales+n.Sales, data.Total.Earned+n.Earned
	}
	return s.page("console/partners/list", v.text("nav.partners"), data), nil
}

// statuses counts the program's partners by their state, but for the one with whom the brand tries things.
func (v *visit) statuses(but partner.Partnership) (map[partner.Status]int64, error) {
	counts, err := partner.ByStatus(v.Context(), v.read(), v.program.ID)
	if but.ID != "" && err == nil {
		counts[but.Status]--
	}
	return counts, err
}

func (v *visit) statusChips(counts map[partner.Status]int64) []chip {
	var list []chip
	var total int64
	for _, n := range counts {
		total += n
	}
	for _, status := range statuses {
		n, label := total, v.text("partners.all")
		if status != "" {
			n, label = counts[status], v.text("states.partnership."+string(status))
		}
		list = append(list, chip{label, v.lang.Number(n), v.here("status", string(status)), v.query("status") == string(status)})
	}
	return list
}
