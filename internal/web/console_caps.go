package web

import (
	"context"
	"strings"

	"github.com/tributary-hq/tributary/internal/audit"
	"github.com/tributary-hq/tributary/internal/auth"
	"github.com/tributary-hq/tributary/internal/creative"
	"github.com/tributary-hq/tributary/internal/db"
	"github.com/tributary-hq/tributary/internal/money"
	"github.com/tributary-hq/tributary/internal/partner"
	"github.com/tributary-hq/tributary/internal/problem"
	"github.com/tributary-hq/tributary/internal/steer"
)

type capsPage struct {
	consolePage
	Tabs []chip
	Caps []capRow
	Open bool
	Form form
}

// capRow is a cap and how far it is.
type capRow struct {
	steer.Cap
	steer.Standing
	Name  string
	Of    string // whom it is of
	Now   string
	Part  int64 // of a thousand
	State string
	Form  form
	Stray bool // its page is on no domain of the program any more
}

func capState(c steer.Cap, now steer.Standing) string {
	switch {
	case now.Reached(c):
		return "reached"
	case now.Amount*10 >= c.Most*8:
		return "near"
	}
	return "open"
}

// capRows are caps in words, with how far they are.
func (v *visit) capRows(list []steer.Cap) ([]capRow, error) {
	now, err := steer.Standings(v.Context(), v.read(), v.book, v.program, list, v.db.Now())
	if err != nil {
		return nil, err
	}
	var links, partners []string
	for _, c := range list {
		links, partners = append(links, c.Link), append(partners, c.Partnership)
	}
	named, err := creative.LinksNamed(v.Context(), v.read(), links)
	if err != nil {
		return nil, err
	}
	names, err := v.names(partners)
	rows := make([]capRow, len(list))
	for i, c := range list {
		row := capRow{Cap: c, Standing: now[c.ID], Name: v.capName(c), Now: v.capAmount(c, now[c.ID].Amount), State: capState(c, now[c.ID]), Of: v.text("steer.of_all"),
			Part: min(1000, max(0, now[c.ID].Amount)*1000/c.Most), Form: capChangeForm(v, c), Stray: !steer.Leads(&v.program, c.Target)}
		switch {
		case c.Link != "":
			row.Of = "/c/" + named[c.Link].Code
		case c.Partnership != "":
			row.Of = names[c.Partnership].Partner.Name
		}
		rows[i] = row
	}
	return rows, err
}

func (v *visit) mostOf(c steer.Cap) string {
	if c.Measure == steer.Commission {
		return money.Of(c.Most, v.program.Currency).Decimal()
	}
	return v.lang.Number(c.Most)
}

func capChangeForm(v *visit, c steer.Cap) form {
	return form{Fields: []field{{Name: "most", Label: "cap_most", Value: v.mostOf(c), Required: true}, {Name: "target", Label: "cap_page", Type: "url", Value: c.Target, Hint: "cap_page"}}}
}

func capForm(v *visit) form {
	return form{Fields: []field{
		{Name: "most", Label: "cap_most", Required: true, Hint: "cap_most"},
		{Name: "measure", Label: "cap_measure", Type: "select", Value: string(steer.Clicks), Choices: choices(v.lang, "steer.measures", spelled(steer.Measures))},
		{Name: "period", Label: "cap_period", Type: "select", Value: string(steer.Day), Choices: choices(v.lang, "steer.periods", spelled(steer.Periods))},
		{Name: "partnership", Label: "cap_partner", Value: "", Hint: "cap_partner"},
		{Name: "link", Label: "rule_link", Hint: "rule_link"},
		{Name: "target", Label: "cap_page", Type: "url", Hint: "cap_page"},
	}}
}

func (s *site) readCaps(v *visit, f form) (capsPage, error) {
	data := capsPage{consolePage: v.console(), Tabs: v.redirectTabs("caps"), Open: v.actor.May(auth.WriteSettings) == nil, Form: f}
	list, err := steer.Caps(v.Context(), v.read(), v.program.ID)
	if err != nil {
		return data, err
	}
	data.Caps, err = v.capRows(list)
	return data, err
}

// caps are how much of what is enough, and how much it is.
func (s *site) caps(v *visit) (answer, error) {
	data, err := s.readCaps(v, capForm(v))
	return s.page("console/redirects/caps", v.text("steer.tabs.caps"), data), err
}

// readMost is how much was typed: money in the program's currency, or a number.
func readMost(v *visit, text string, measure steer.Measure) (int64, error) {
	if measure == steer.Commission {
		amount, err := money.Parse(strings.TrimSpace(text), v.program.Currency)
		if err != nil {
			return 0, problem.Invalid("most", "%q is not an amount", clip(text, 40))
		}
		return amount.Minor, nil
	}
	n, ok := digits(text)
	if !ok {
		return 0, problem.Invalid("most", "%q is not a whole number", clip(text, 40))
	}
	return n, nil
}

// digits reads a whole number however its thousands are set apart.
func digits(text string) (n int64, ok bool) {
	for _, r := range text {
		switch {
		case r >= '0' && r <= '9' && n < 1e15:
			n, ok = n*10+int64(r-'0'), true
		case r == ' ', r == ' ', r == ' ', r == ',', r == '.', r == '’':
		default:
			return 0, false
		}
	}
	return n, ok
}

func (s *site) addCap(v *visit) (answer, error) {
	f := capForm(v)
	f.read(v.PostForm)
	c := steer.Cap{Measure: steer.Measure(f.value("measure")), Period: steer.Period(f.value("period")), Target: f.value("target"), Author: v.person.ID}
	most, err := readMost(v, f.value("most"), c.Measure)
	if err == nil {
		c.Most = most
		c.Link, err = v.linkNamed(f.value("link"))
	}
	if name := f.value("partnership"); err == nil && name != "" {
		c.Partnership, err = v.partnerCalled(name)
	}
	if err == nil {
		err = v.write(func(ctx context.Context, tx *db.Tx) error {
			made, err := steer.AddCap(ctx, tx, v.program, c)
			if err != nil {
				return err
			}
			return v.record(ctx, tx, audit.CapAdd, made.ID)
		})
	}
	if err == nil {
		return s.done(consoleBase(v.program)+"/redirects/caps", "saved"), nil
	}
	if !f.blame(v.lang, err) {
		return nil, err
	}
	data, err := s.readCaps(v, f)
	return s.again("console/redirects/caps", v.text("steer.tabs.caps"), data), err
}

// partnerCalled is the program's partnership with a partner of that name, or with that id.
func (v *visit) partnerCalled(name string) (string, error) {
	if strings.HasPrefix(name, "pts_") {
		return name, nil
	}
	list, err := partner.Search(v.Context(), v.read(), partner.Filter{Program: v.program.ID, Words: name, Limit: 20})
	if err != nil {
		return "", err
	}
	for _, p := range list {
		if strings.EqualFold(p.Partner.Name, name) || len(list) == 1 {
			return p.ID, nil
		}
	}
	return "", problem.Wrong("partnership", "partner_not_found", "no partner of the program is called %q", clip(name, 40))
}

func (s *site) changeCap(v *visit) (answer, error) {
	most, err := readMost(v, v.PostFormValue("most"), v.cap.Measure)
	if err == nil {
		err = v.write(func(ctx context.Context, tx *db.Tx) error {
			if err := steer.ChangeCap(ctx, tx, v.program, v.cap.ID, most, v.PostFormValue("target")); err != nil {
				return err
			}
			return v.record(ctx, tx, audit.CapChange, v.cap.ID)
		})
	}
	if err == nil {
		return s.done(consoleBase(v.program)+"/redirects/caps", "saved"), nil
	}
	f := capChangeForm(v, v.cap)
	f.read(v.PostForm)
	if !f.blame(v.lang, err) {
		return nil, err
	}
	data, err := s.readCaps(v, capForm(v))
	for i := range data.Caps {
		if data.Caps[i].ID == v.cap.ID {
			data.Caps[i].Form = f
		}
	}
	return s.again("console/redirects/caps", v.text("steer.tabs.caps"), data), err
}

func (s *site) removeCap(v *visit) (answer, error) {
	err := v.write(func(ctx context.Context, tx *db.Tx) error {
		if err := steer.RemoveCap(ctx, tx, v.program.ID, v.cap.ID); err != nil {
			return err
		}
		return v.record(ctx, tx, audit.CapRemove, v.cap.ID)
	})
	return s.done(consoleBase(v.program)+"/redirects/caps", "cap_removed"), err
}
