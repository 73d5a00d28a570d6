package web

import (
	"slices"

	"github.com/tributary-hq/tributary/internal/commission"
)

// addTold says what the promo codes on an order did, and whose the customer was. A partner reads of their own code and their own
// customers alone.
func (v *visit) addTold(data *receipt, e commission.Explanation) error {
	var ids []string
	for _, c := range e.Codes {
		ids = append(ids, c.Partnership)
	}
	if e.Bound != nil {
		ids = append(ids, e.Bound.Partnership)
	}
	names, err := v.names(ids)
	if err != nil {
		return err
	}
	for _, name := range data.Sale.Codes() {
		ours := slices.ContainsFunc(e.Codes, func(c commission.CodeUse) bool { return c.Code == name })
		data.Codes = append(data.Codes, receiptCode{name, ours})
	}
	mine := func(partnership string) bool { return data.Whose == "" || data.Whose == partnership }
	if b := e.Bound; b != nil && mine(b.Partnership) {
		text := v.boundText(*b, names[b.Partnership].Partner.Name)
		if b.Verdict != commission.Counted {
			text += " " + v.text("bound.not")
		}
		data.Told = append(data.Told, text)
	}
	for _, c := range e.Codes {
		if !mine(c.Partnership) {
			continue
		}
		key := "code_did." + string(c.Verdict)
		switch {
		case c.Verdict == commission.Counted && e.Bound != nil && e.Bound.Verdict == commission.Counted:
			key = "code_did.bound"
		case c.Verdict == commission.Counted:
			key = "code_did.counted_" + string(c.Credit)
		case !v.lang.Has(key):
			key = "code_did.not" // its partner was not active, or nothing was agreed: the step says which
		}
		order := c.Before
		if data.Whose != "" {
			order = ""
		}
		text := v.text(key, "code", c.Code, "name", names[c.Partnership].Partner.Name)
		if order != "" {
			text += " " + v.text("code_did.before", "order", order)
		}
		data.Told = append(data.Told, text)
	}
	return nil
}
