package web

import (
	"github.com/tributary-hq/tributary/internal/commission"
)

// addTold says what the promo code on an order did, and whose the customer was. A partner reads of their own code and their own
// customers alone.
func (v *visit) addTold(data *receipt, e commission.Explanation) error {
	var ids []string
	if e.Code != nil {
		ids = append(ids, e.Code.Partnership)
	}
	if e.Bound != nil {
		ids = append(ids, e.Bound.Partnership)
	}
	names, err := v.names(ids)
	if err != nil {
		return err
	}
	data.Code = e.Code != nil
	mine := func(partnership string) bool { return data.Whose == "" || data.Whose == partnership }
	if b := e.Bound; b != nil && mine(b.Partnership) {
		text := v.boundText(*b, names[b.Partnership].Partner.Name)
		if b.Verdict != commission.Counted {
			text += " " + v.text("bound.not")
		}
		data.Told = append(data.Told, text)
	}
	if c := e.Code; c != nil && mine(c.Partnership) {
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
