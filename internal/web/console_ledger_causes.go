package web

import (
	"cmp"
	"strings"

	"github.com/tributary-hq/tributary/internal/commission"
	"github.com/tributary-hq/tributary/internal/conversion"
	"github.com/tributary-hq/tributary/internal/payout"
)

// bookEntry is an entry of the books with what it is about, in words: an order or a payout.
type bookEntry struct {
	posting
	Why   string
	About string // its page
}

// bookEntries name what each entry is about.
func (v *visit) bookEntries(entries []posting) ([]bookEntry, error) {
	var commissions, payouts, sales []string
	for _, e := range entries {
		if strings.HasPrefix(e.Cause, "com_") {
			commissions = append(commissions, e.Cause)
		} else {
			payouts = append(payouts, e.Cause)
		}
	}
	earned, err := commission.Named(v.Context(), v.read(), commissions)
	if err != nil {
		return nil, err
	}
	for _, c := range earned {
		sales = append(sales, c.Conversion)
	}
	orders, err := conversion.Named(v.Context(), v.read(), sales)
	if err != nil {
		return nil, err
	}
	called := make(map[string]string, len(orders))
	for _, o := range orders {
		called[o.ID] = saleName(v.lang, o.Event, o.Order)
	}
	paid, err := payout.Named(v.Context(), v.read(), payouts)
	if err != nil {
		return nil, err
	}
	base := consoleBase(v.program)
	list := make([]bookEntry, len(entries))
	for i, e := range entries {
		list[i] = bookEntry{posting: e, Why: e.Cause}
		if c, ok := earned[e.Cause]; ok {
			list[i].Why, list[i].About = cmp.Or(called[c.Conversion], e.Cause), base+"/conversions/"+c.Conversion
		} else if p, ok := paid[e.Cause]; ok {
			list[i].Why, list[i].About = v.text("ledger.payout", "who", p.Payee), base+"/payouts/"+p.Batch
		}
	}
	return list, nil
}
