package web

import (
	"context"
	"slices"
	"strconv"
	"time"

	"github.com/tributary-hq/tributary/internal/audit"
	"github.com/tributary-hq/tributary/internal/auth"
	"github.com/tributary-hq/tributary/internal/creative"
	"github.com/tributary-hq/tributary/internal/db"
	"github.com/tributary-hq/tributary/internal/steer"
)

type redirectsPage struct {
	consolePage
	Tabs   []chip
	Rules  []ruleRow
	Open   bool
	Places bool // whether countries are known
}

// ruleRow is a rule as it is read.
type ruleRow struct {
	steer.Rule
	Sentence string
	Place    int // from 1
	State    string
	Up, Down int // the places it can be moved to; 0: it cannot
}

// redirects are a program's rules in their order.
func (s *site) redirects(v *visit) (answer, error) {
	data := redirectsPage{consolePage: v.console(), Tabs: v.redirectTabs("rules"), Open: v.actor.May(auth.WriteSettings) == nil, Places: s.places}
	rules, err := steer.Rules(v.Context(), v.read(), v.program.ID)
	if err != nil {
		return nil, err
	}
	links, caps, err := v.ruleNames(rules)
	for i, r := range rules {
		row := ruleRow{Rule: r, Sentence: v.ruleSentence(r, links, caps), Place: i + 1, State: v.ruleState(r), Up: i}
		if i+1 < len(rules) {
			row.Down = i + 2
		}
		data.Rules = append(data.Rules, row)
	}
	return s.page("console/redirects/rules", v.text("nav.redirects"), data), err
}

// ruleState is whether a rule is followed.
func (v *visit) ruleState(r steer.Rule) string {
	switch {
	case r.Removed:
		return "removed"
	case r.Resting:
		return "resting"
	case !steer.Leads(&v.program, r.Target):
		return "stray"
	}
	return "followed"
}

// ruleNames are the codes of the links that rules name, and what all caps are called.
func (v *visit) ruleNames(rules []steer.Rule) (links, caps map[string]string, err error) {
	var ids []string
	for _, r := range rules {
		ids = append(ids, r.Link)
	}
	named, err := creative.LinksNamed(v.Context(), v.read(), ids)
	if err != nil {
		return nil, nil, err
	}
	links, caps = map[string]string{}, map[string]string{}
	for id, l := range named {
		links[id] = l.Code
	}
	list, err := steer.Caps(v.Context(), v.read(), v.program.ID)
	for _, c := range list {
		caps[c.ID] = v.capName(c)
	}
	return links, caps, err
}

type rulePage struct {
	consolePage
	Rule     steer.Rule
	Sentence string
	State    string
	Form     redirectForm
	Open     bool
	Places   bool
}

func (s *site) newRule(v *visit) (answer, error) {
	data, err := s.readRulePage(v, steer.Rule{Do: steer.ToPage})
	return s.page("console/redirects/rule", v.text("steer.new_rule"), data), err
}

func (s *site) rule(v *visit) (answer, error) {
	data, err := s.readRulePage(v, v.rule)
	return s.page("console/redirects/rule", v.text("steer.rule"), data), err
}

func (s *site) readRulePage(v *visit, r steer.Rule) (rulePage, error) {
	links, caps, err := v.ruleNames([]steer.Rule{r})
	data := rulePage{consolePage: v.console(), Rule: r, Form: newRuleForm(v, r, links, caps), Open: v.actor.May(auth.WriteSettings) == nil && !r.Removed, Places: s.places}
	if r.ID != "" {
		data.Sentence, data.State = v.ruleSentence(r, links, caps), v.ruleState(r)
	}
	return data, err
}

func (s *site) addRule(v *visit) (answer, error) {
	r, fault := readRule(v, v.PostForm)
	err := v.write(func(ctx context.Context, tx *db.Tx) error {
		made, err := steer.AddRule(ctx, tx, v.program, r)
		if err != nil || fault != nil {
			return both(fault, err)
		}
		return v.record(ctx, tx, audit.RuleAdd, made.ID)
	})
	return s.ruleSaved(v, r, err, v.text("steer.new_rule"))
}

func (s *site) changeRule(v *visit) (answer, error) {
	r, fault := readRule(v, v.PostForm)
	r.ID = v.rule.ID
	err := v.write(func(ctx context.Context, tx *db.Tx) error {
		if err := steer.ChangeRule(ctx, tx, v.program, r); err != nil || fault != nil {
			return both(fault, err)
		}
		return v.record(ctx, tx, audit.RuleChange, r.ID)
	})
	return s.ruleSaved(v, r, err, v.text("steer.rule"))
}

// ruleSaved leads to the list, or shows the form again with what was typed.
func (s *site) ruleSaved(v *visit, r steer.Rule, err error, title string) (answer, error) {
	if err == nil {
		return s.done(consoleBase(v.program)+"/redirects", "saved"), nil
	}
	r.When.Weekdays = slices.DeleteFunc(r.When.Weekdays, func(day time.Weekday) bool { return day < 0 || day > 6 })
	data, failed := s.readRulePage(v, r)
	if failed != nil {
		return nil, failed
	}
	data.Form.read(v.PostForm)
	if !data.Form.blame(v.lang, err) {
		return nil, err
	}
	return s.again("console/redirects/rule", title, data), nil
}

func (s *site) moveRule(v *visit) (answer, error) {
	to, err := strconv.Atoi(v.PostFormValue("to"))
	if err != nil {
		return nil, errNotFound // no page sends this
	}
	err = v.write(func(ctx context.Context, tx *db.Tx) error {
		if err := steer.MoveRule(ctx, tx, v.program.ID, v.rule.ID, to); err != nil {
			return err
		}
		return v.record(ctx, tx, audit.RuleMove, v.rule.ID)
	})
	return s.done(consoleBase(v.program)+"/redirects", "saved"), err
}

func (s *site) removeRule(v *visit) (answer, error) {
	err := v.write(func(ctx context.Context, tx *db.Tx) error {
		if err := steer.RemoveRule(ctx, tx, v.program.ID, v.rule.ID); err != nil {
			return err
		}
		return v.record(ctx, tx, audit.RuleRemove, v.rule.ID)
	})
	return s.done(consoleBase(v.program)+"/redirects", "rule_removed"), err
}
