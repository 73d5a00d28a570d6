package web

import (
	"context"
	"slices"
	"strings"
	"time"

	"github.com/tributary-hq/tributary/internal/audit"
	"github.com/tributary-hq/tributary/internal/commission"
	"github.com/tributary-hq/tributary/internal/creative"
	"github.com/tributary-hq/tributary/internal/db"
	"github.com/tributary-hq/tributary/internal/partner"
	"github.com/tributary-hq/tributary/internal/program"
)

// codePage is one promo code: whose it was when, what it needed, and how it was used.
type codePage struct {
	consolePage
	Row     offerRow
	Leak    string
	History []codeStep // the newest first
	Form    form
	Replace form
}

// codeStep is a standing in words.
type codeStep struct {
	Title, Text, Who string
	Since            time.Time
}

func (s *site) code(v *visit) (answer, error) {
	data, err := s.readCode(v)
	if err != nil {
		return nil, err
	}
	return s.page("console/codes/detail", data.Row.Code.Code, data), nil
}

func (s *site) readCode(v *visit) (codePage, error) {
	data := codePage{consolePage: v.console()}
	ctx, r := v.Context(), v.read()
	rows, err := v.offerRows([]creative.Code{v.code})
	if err != nil {
		return data, err
	}
	data.Row = rows[0]
	if data.Row.Uses.Leaked() && !data.Row.Suspended {
		data.Leak = v.leakText(data.Row.Uses)
	}
	standings, err := creative.Standings(ctx, r, v.program.ID, map[string]creative.Code{v.code.Code: v.code})
	if err != nil {
		return data, err
	}
	var whose []string
	for _, one := range standings[v.code.Code] {
		whose = append(whose, one.Partnership)
	}
	names, err := v.names(whose)
	if err != nil {
		return data, err
	}
	for _, one := range standings[v.code.Code] {
		step := codeStep{Title: v.text("promo.stood", "name", names[one.Partnership].Partner.Name), Text: one.Reason, Since: one.Since}
		switch {
		case one.Suspended:
			step.Title = v.text("promo.stood_suspended")
		case one.Near == creative.Met:
			step.Title = v.text("promo.stood_met", "name", names[one.Partnership].Partner.Name)
		case one.Near == creative.Source:
			step.Title = v.text("promo.stood_hosts", "name", names[one.Partnership].Partner.Name, "hosts", strings.Join(one.Hosts, ", "))
		}
		if one.Author != "" {
			step.Who = v.nameOf(one.Author)
		}
		data.History = append(data.History, step)
	}
	slices.Reverse(data.History)
	data.Form, err = v.standingForm(data.Row)
	data.Replace = form{Fields: []field{{Name: "code", Label: "code_new", Hint: "promo_code", Required: true}}}
	return data, err
}

// partnersToChoose are a program's approved partners as choices.
func (v *visit) partnersToChoose(first ...choice) ([]choice, error) {
	all, err := partner.Search(v.Context(), v.read(), partner.Filter{Program: v.program.ID, Limit: 500})
	for _, one := range all {
		first = append(first, choice{one.ID, one.Partner.Name})
	}
	return first, err
}

func (v *visit) standingForm(row offerRow) (form, error) {
	whose, err := v.partnersToChoose()
	if !slices.ContainsFunc(whose, func(c choice) bool { return c.Value == row.Standing.Partnership }) {
		whose = append(whose, choice{row.Standing.Partnership, row.Partner.Partner.Name})
	}
	state := "free"
	switch {
	case row.Suspended:
		state = "suspended"
	case row.Near != creative.Alone:
		state = string(row.Near)
	}
	return form{Fields: []field{
		{Name: "state", Label: "code_state", Type: "select", Value: state, Choices: choices(v.lang, "code_states", []string{"free", "met", "hosts", "suspended"})},
		{Name: "hosts", Label: "code_hosts", Type: "textarea", Value: strings.Join(row.Hosts, "\n"), Hint: "code_hosts"},
		{Name: "partnership", Label: "code_whose", Type: "select", Value: row.Standing.Partnership, Choices: whose},
		{Name: "since", Type: "date", Hint: "code_since"},
		{Name: "reason", Type: "textarea", Most: 500},
	}}, err
}

// standCode gives a code another standing from a day on.
func (s *site) standCode(v *visit) (answer, error) {
	data, err := s.readCode(v)
	if err != nil {
		return nil, err
	}
	f := data.Form
	f.read(v.PostForm)
	err = v.write(func(ctx context.Context, tx *db.Tx) error {
		since, err := readDay(v, f, "since", tx.Now)
		if err != nil {
			return err
		}
		to, err := partner.GetPartnership(ctx, tx, f.value("partnership"))
		if err != nil || to.Program != v.program.ID {
			return errNotFound // no page sends this
		}
		stood := creative.Standing{Program: v.program.ID, Code: v.code.Code, Partnership: to.ID, Since: since, Hosts: strings.Fields(f.value("hosts")),
			Reason: f.value("reason"), Author: v.person.ID}
		switch state := f.value("state"); state {
		case "suspended":
			stood.Suspended = true
		case "met", "hosts":
			stood.Near = creative.Near(state)
		}
		if stood, err = commission.StandCode(ctx, tx, s.keys, stood); err != nil {
			return err
		}
		return audit.CodeStood(ctx, tx, v.by(), stood)
	})
	if err == nil {
		return s.done(consoleBase(v.program)+"/codes/"+v.code.Code, "code_stood"), nil
	}
	if !f.blame(v.lang, err) {
		return nil, err
	}
	data.Form = f
	return s.again("console/codes/detail", v.code.Code, data), nil
}

// replaceCode suspends a code from now on, and gives its partner another one.
func (s *site) replaceCode(v *visit) (answer, error) {
	data, err := s.readCode(v)
	if err != nil {
		return nil, err
	}
	f := data.Replace
	f.read(v.PostForm)
	var made creative.Code
	err = v.write(func(ctx context.Context, tx *db.Tx) error {
		now, err := creative.Standings(ctx, tx, v.program.ID, map[string]creative.Code{v.code.Code: v.code})
		if err != nil {
			return err
		}
		stood, _ := creative.StandingAt(now[v.code.Code], tx.Now, program.Always)
		if made, err = commission.GiveCode(ctx, tx, s.keys, v.program.ID, stood.Partnership, f.value("code")); err != nil {
			return err
		}
		stood.Since, stood.Suspended, stood.Author, stood.Reason = tx.Now, true, v.person.ID, v.text("promo.replaced_by", "code", made.Code)
		if stood, err = commission.StandCode(ctx, tx, s.keys, stood); err != nil {
			return err
		}
		if err := v.record(ctx, tx, audit.PartnershipCode, stood.Partnership); err != nil {
			return err
		}
		return audit.CodeStood(ctx, tx, v.by(), stood)
	})
	if err == nil {
		return s.done(consoleBase(v.program)+"/codes/"+made.Code, "code_replaced"), nil
	}
	if !f.blame(v.lang, err) {
		return nil, err
	}
	data.Replace = f
	return s.again("console/codes/detail", v.code.Code, data), nil
}
