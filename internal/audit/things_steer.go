package audit

import (
	"context"
	"fmt"
	"strings"
	"time"

	"github.com/tributary-hq/tributary/internal/db"
	"github.com/tributary-hq/tributary/internal/program"
	"github.com/tributary-hq/tributary/internal/steer"
)

// aRule is called by what it does and is told condition by condition.
func aRule(ctx context.Context, r db.Reader, _, id string) (thing, error) {
	rule, err := steer.GetRule(ctx, r, id)
	if err != nil {
		return thing{}, err
	}
	p, err := program.Get(ctx, r, rule.Program)
	c := rule.When
	hours := ""
	if c.From != c.To {
		hours = fmt.Sprintf("%d:00–%d:00", c.From, c.To)
	}
	var days []string
	for _, day := range c.Weekdays {
		days = append(days, time.Weekday(day).String())
	}
	subs := strings.Join(c.SubIDs, ", ")
	if subs != "" {
		subs = fmt.Sprintf("sub%d: %s", c.Sub, subs)
	}
	countries := strings.Join(c.Countries, ", ")
	if c.Abroad {
		countries = "≠ " + countries
	}
	list := func(words []string) string { return strings.Join(words, ", ") }
	return within(p, strings.TrimSpace(string(rule.Do)+" "+rule.Target), field{"rule_action", string(rule.Do)}, field{"target", rule.Target}, field{"rule_link", rule.Link},
		field{"rank", fmt.Sprint(rule.Place)}, field{"resting", yes(rule.Resting)}, field{"countries", countries}, field{"regions", list(c.Regions)},
		field{"devices", list(c.Devices)}, field{"systems", list(c.Systems)}, field{"languages", list(c.Languages)}, field{"hours", hours}, field{"weekdays", list(days)},
		field{"referrers", list(c.Referrers)}, field{"sub_ids", subs}, field{"quality", c.Quality}, field{"visit", c.Visit}, field{"asked_cap", c.Cap}, field{"removed", yesOnly(rule.Removed)}), err
}

func aCap(ctx context.Context, r db.Reader, _, id string) (thing, error) {
	c, err := steer.GetCap(ctx, r, id)
	if err != nil {
		return thing{}, err
	}
	p, err := program.Get(ctx, r, c.Program)
	return within(p, fmt.Sprintf("%d %s / %s", c.Most, c.Measure, c.Period), field{"measure", string(c.Measure)}, field{"period", string(c.Period)}, field{"most", fmt.Sprint(c.Most)},
		field{"target", c.Target}, field{"rule_link", c.Link}, field{"rule_partnership", c.Partnership},
		field{"removed", yesOnly(c.Removed)}), err
}

func aSplit(ctx context.Context, r db.Reader, _, id string) (thing, error) {
	s, err := steer.GetSplit(ctx, r, id)
	if err != nil {
		return thing{}, err
	}
	p, err := program.Get(ctx, r, s.Program)
	var variants []string
	for _, v := range s.Variants {
		variants = append(variants, fmt.Sprintf("%s %s × %d %s", v.Key, v.Name, v.Weight, v.Target))
	}
	return within(p, s.Name, field{"name", s.Name}, field{"variants", strings.Join(variants, "\n")}, field{"rule_link", s.Link}, field{"ended", dayUnless(s.Ended, p)},
		field{"winner", s.Winner}), err
}

// momentUnless is empty for a moment that was not said.
func momentUnless(t time.Time, p program.Program) string {
	if t.IsZero() {
		return ""
	}
	return t.In(p.Zone()).Format("2006-01-02 15:04")
}

// yesOnly is empty for what is not so.
func yesOnly(b bool) string {
	if b {
		return yes(b)
	}
	return ""
}
