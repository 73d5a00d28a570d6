package web

import (
	"github.com/tributary-hq/tributary/internal/commission"
	"github.com/tributary-hq/tributary/internal/money"
)

// lockingState is asked for where a state is: what is pending and becomes final within a week.
const lockingState = "locking"

// conversionChips choose the state.
func (v *visit) conversionChips() []chip {
	list := []chip{{Label: v.text("conversions.all"), Address: v.here("state", "")}}
	for _, state := range conversionStates {
		list = append(list, chip{Label: v.text("states.commission." + string(state)), Address: v.here("state", string(state))})
		if state == commission.Pending {
			list = append(list, chip{Label: v.text("conversions.locking"), Address: v.here("state", lockingState)})
		}
	}
	here := 0
	for i := range list {
		if list[i].Address == v.here("state", v.query("state")) {
			here = i
		}
	}
	list[here].Here = true
	return list
}

// conversionTotals says how many conversions the list asks for and what they come to; it is empty when there are none.
func (v *visit) conversionTotals(w commission.Wanted) (string, error) {
	t, err := commission.Total(v.Context(), v.read(), w)
	switch c := v.program.Currency; {
	case err != nil || t.Conversions == 0:
		return "", err
	case t.More:
		return v.text("conversions.many", "n", t.Conversions), nil
	default:
		return v.text("conversions.total", "n", t.Conversions, "amount", v.lang.Money(money.Of(t.Amount, c)), "commission", v.lang.Money(money.Of(t.Commission, c))), nil
	}
}
