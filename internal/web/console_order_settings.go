package web

import (
	"context"
	"slices"
	"strconv"
	"strings"

	"github.com/tributary-hq/tributary/internal/audit"
	"github.com/tributary-hq/tributary/internal/commission"
	"github.com/tributary-hq/tributary/internal/db"
	"github.com/tributary-hq/tributary/internal/problem"
	"github.com/tributary-hq/tributary/internal/program"
)

// orderSettingsPage is on what condition event types are paid, and by which names a shop gives its parameters.
type orderSettingsPage struct {
	consolePage
	Rules    []qualifyingRow
	Rule     form
	Names    form
	Address  string // of a postback
	Pixel    string
	TagSales bool
}

type qualifyingRow struct {
	program.Qualifying
	Text string
}

func (s *site) orderSettings(v *visit) (answer, error) {
	data, err := s.readOrderSettings(v)
	return s.page("console/settings/orders", v.text("nav.settings"), data), err
}

func (s *site) readOrderSettings(v *visit) (orderSettingsPage, error) {
	p := v.program
	data := orderSettingsPage{consolePage: v.console(), Rule: ruleForm(v), Names: namesForm(p), TagSales: p.TagSales,
		Address: s.base + "/postback/" + p.Slug + "?order=…&amount=…&currency=" + string(p.Currency) + "&click_id=…&sig=…",
		Pixel:   `<img src="` + s.base + "/postback/" + p.Slug + `/pixel.gif?order=…&amount=…&currency=` + string(p.Currency) + `" width="1" height="1" alt="">`}
	rules, err := program.Qualifyings(v.Context(), v.read(), []string{p.ID})
	for _, q := range slices.Backward(rules[p.ID]) {
		data.Rules = append(data.Rules, qualifyingRow{q, v.ruleText(q.Rule)})
	}
	return data, err
}

// ruleText is a rule as a sentence.
func (v *visit) ruleText(r program.Rule) string {
	return v.text("orders.rule_text."+string(r.Kind), "event", eventName(v.lang, r.Event), "n", r.Days)
}

func ruleForm(v *visit) form {
	events := make([]choice, len(v.program.Events))
	for i, event := range v.program.Events {
		events[i] = choice{event, capital(eventName(v.lang, event))}
	}
	kinds := make([]string, len(program.RuleKinds))
	for i, kind := range program.RuleKinds {
		kinds[i] = string(kind)
	}
	first := ""
	for _, event := range v.program.Events {
		if event != bought && first == "" {
			first = event
		}
	}
	return form{Fields: []field{
		{Name: "event", Label: "rule_event", Type: "select", Value: first, Choices: events},
		{Name: "rule", Type: "select", Value: string(program.ByVerdict), Choices: choices(v.lang, "orders.rules", kinds)},
		{Name: "after", Label: "rule_after", Type: "select", Value: bought, Choices: events, Hint: "rule_after"},
		{Name: "days", Label: "rule_days", Type: "number", Value: "30", Hint: "rule_days"},
	}}
}

// changeQualifying settles on what condition an event type is paid from now on.
func (s *site) changeQualifying(v *visit) (answer, error) {
	f := ruleForm(v)
	f.read(v.PostForm)
	err := v.write(func(ctx context.Context, tx *db.Tx) error {
		rule := program.Rule{Kind: program.RuleKind(f.value("rule")), Event: f.value("after")}
		if rule.Kind == program.ByDays {
			days, err := strconv.ParseInt(f.value("days"), 10, 32)
			if err != nil {
				return problem.Invalid("days", "the days without a refund are a number")
			}
			rule.Days = days
		}
		if _, err := commission.Require(ctx, tx, s.keys, v.program.ID, f.value("event"), tx.Now, rule, v.person.ID); err != nil {
			return err
		}
		return v.record(ctx, tx, audit.ProgramQualify, v.program.ID)
	})
	return s.savedOrders(v, err, f, func(data *orderSettingsPage) *form { return &data.Rule })
}

// savedOrders goes back to the page, or shows it with what was wrong in one of its forms.
func (s *site) savedOrders(v *visit, err error, f form, place func(*orderSettingsPage) *form) (answer, error) {
	if err == nil {
		return s.done(settingsPath(v, "orders"), "saved"), nil
	}
	if !f.blame(v.lang, err) {
		return nil, err
	}
	data, err := s.readOrderSettings(v)
	*place(&data) = f
	return s.again("console/settings/orders", v.text("nav.settings"), data), err
}

// namesForm has a line for each parameter that has further names.
func namesForm(p program.Program) form {
	var lines []string
	for _, param := range program.PostbackParams {
		if names := p.PostbackNames[param]; len(names) > 0 {
			lines = append(lines, param+" = "+strings.Join(names, ", "))
		}
	}
	return form{Fields: []field{{Name: "postback_names", Type: "textarea", Value: strings.Join(lines, "\n"), Hint: "postback_names"}}}
}

// changePostbackNames writes the further names anew.
func (s *site) changePostbackNames(v *visit) (answer, error) {
	f := namesForm(v.program)
	f.read(v.PostForm)
	err := v.write(func(ctx context.Context, tx *db.Tx) error {
		p, err := program.Get(ctx, tx, v.program.ID)
		if err != nil {
			return err
		}
		if p.PostbackNames, err = readNames(f.value("postback_names")); err != nil {
			return err
		}
		if _, err = program.Change(ctx, tx, p); err != nil {
			return err
		}
		return v.record(ctx, tx, audit.ProgramChange, p.ID)
	})
	return s.savedOrders(v, err, f, func(data *orderSettingsPage) *form { return &data.Names })
}

func readNames(text string) (map[string][]string, error) {
	names := map[string][]string{}
	for line := range strings.Lines(text) {
		if line = strings.TrimSpace(line); line == "" {
			continue
		}
		param, list, ok := strings.Cut(line, "=")
		if !ok {
			return nil, problem.Invalid("postback_names", "%q has no equals sign", line)
		}
		param = strings.TrimSpace(param)
		names[param] = append(names[param], strings.FieldsFunc(list, func(r rune) bool { return r == ',' || r == ' ' || r == '\t' })...)
	}
	return names, nil
}
