package web

import (
	"net/url"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/tributary-hq/tributary/internal/problem"
	"github.com/tributary-hq/tributary/internal/steer"
)

// redirectForm asks for a rule.
type redirectForm struct {
	form
	Ticks  []tickGroup
	Rests  bool
	Action string
}

// tickGroup is a condition of which several words can be chosen.
type tickGroup struct {
	Name  string
	Title string
	Ticks []tickBox
}

type tickBox struct {
	Value string
	Label string
	On    bool
}

// Does are the fields of what a rule does, Asks those of whom it is about.
func (f redirectForm) Does() form { return f.Only("action", "target") }

// Asks are the conditions that most rules have.
func (f redirectForm) Asks() form { return f.Only("countries", "abroad", "link") }

// More are the conditions that few rules have.
func (f redirectForm) More() form {
	return f.Only("regions", "languages", "from", "to", "referrers", "sub", "sub_ids", "quality", "visit", "cap")
}

// Rare tells whether one of these is asked.
func (f redirectForm) Rare() bool {
	for _, field := range f.More().Fields {
		if field.Value != "" && field.Name != "sub" || field.Fault != "" {
			return true
		}
	}
	return slices.ContainsFunc(f.Ticks[1:], func(g tickGroup) bool {
		return slices.ContainsFunc(g.Ticks, func(t tickBox) bool { return t.On })
	})
}

func newRuleForm(v *visit, r steer.Rule, links, caps map[string]string) redirectForm {
	c := r.When
	hour := func(n int) string {
		if c.From == c.To {
			return ""
		}
		return strconv.Itoa(n)
	}
	abroad := "in"
	if c.Abroad {
		abroad = "out"
	}
	subs := []choice{}
	for n := 1; n <= 5; n++ {
		subs = append(subs, choice{strconv.Itoa(n), "sub" + strconv.Itoa(n)})
	}
	f := redirectForm{Rests: r.Resting, form: form{Fields: []field{
		{Name: "action", Label: "rule_action", Type: "select", Value: string(r.Do), Choices: choices(v.lang, "steer.actions", spelled(steer.Actions))},
		{Name: "target", Label: "rule_page", Type: "url", Value: r.Target, Hint: "rule_page"},
		{Name: "abroad", Label: "rule_where", Type: "select", Value: abroad, Choices: choices(v.lang, "steer.where", []string{"in", "out"})},
		{Name: "countries", Value: strings.Join(c.Countries, ", "), Hint: "countries"},
		{Name: "link", Label: "rule_link", Value: links[r.Link], Hint: "rule_link"},
		{Name: "regions", Value: strings.Join(c.Regions, ", "), Hint: "regions"},
		{Name: "languages", Label: "browser_languages", Value: strings.Join(c.Languages, ", "), Hint: "browser_languages"},
		{Name: "from", Label: "hour_from", Type: "number", Value: hour(c.From)},
		{Name: "to", Label: "hour_to", Type: "number", Value: hour(c.To), Hint: "hour_to"},
		{Name: "referrers", Value: strings.Join(c.Referrers, ", "), Hint: "referrers"},
		{Name: "sub", Label: "which_sub", Type: "select", Value: strconv.Itoa(max(1, c.Sub)), Choices: subs},
		{Name: "sub_ids", Value: strings.Join(c.SubIDs, ", "), Hint: "sub_ids"},
		{Name: "quality", Type: "select", Value: c.Quality, Choices: append([]choice{{"", v.text("steer.any")}}, choices(v.lang, "steer.qualities", steer.Qualities)...)},
		{Name: "visit", Type: "select", Value: c.Visit, Hint: "visit", Choices: append([]choice{{"", v.text("steer.any")}}, choices(v.lang, "steer.visits", steer.Visits)...)},
		{Name: "cap", Label: "asked_cap", Type: "select", Value: c.Cap, Choices: []choice{{"", v.text("steer.any")}}},
	}}}
	for id, name := range caps {
		last := len(f.Fields) - 1
		f.Fields[last].Choices = append(f.Fields[last].Choices, choice{id, name})
	}
	slices.SortFunc(f.Fields[len(f.Fields)-1].Choices, func(a, b choice) int { return strings.Compare(a.Value, b.Value) })
	f.tick(v, "devices", steer.Devices, c.Devices)
	f.tick(v, "systems", steer.Systems, c.Systems)
	var days []string
	for _, day := range c.Weekdays {
		days = append(days, weekdayNames[day])
	}
	f.tick(v, "weekdays", weekdayNames[:], days)
	return f
}

func (f *redirectForm) tick(v *visit, name string, all, on []string) {
	g := tickGroup{Name: name, Title: v.text("fields." + name)}
	for _, value := range all {
		g.Ticks = append(g.Ticks, tickBox{value, v.text("steer." + name + "." + value), slices.Contains(on, value)})
	}
	f.Ticks = append(f.Ticks, g)
}

// readRule is the rule that a form describes. links are codes by id.
func readRule(v *visit, sent url.Values) (steer.Rule, error) {
	words := func(name string) (list []string) {
		return strings.FieldsFunc(sent.Get(name), func(r rune) bool {
			return r == ',' || r == '，' || r == '、' || r == '\n' || r == ' ' && name != "sub_ids"
		})
	}
	var faults []*problem.Problem
	hour := func(name string) int {
		text := strings.TrimSpace(sent.Get(name))
		n, err := strconv.Atoi(text)
		if err != nil && text != "" {
			faults = append(faults, problem.Invalid(name, "%q is not an hour", clip(text, 20)))
		}
		return n
	}
	c := steer.Conditions{Countries: words("countries"), Abroad: sent.Get("abroad") == "out", Regions: words("regions"), Devices: sent["devices"], Systems: sent["systems"],
		Languages: words("languages"), From: hour("from"), To: hour("to"), Referrers: words("referrers"), SubIDs: words("sub_ids"), Quality: sent.Get("quality"),
		Visit: sent.Get("visit"), Cap: sent.Get("cap")}
	if c.Abroad = c.Abroad && len(c.Countries) > 0; sent.Get("to") == "" && sent.Get("from") != "" {
		c.To = 24
	}
	c.Sub, _ = strconv.Atoi(sent.Get("sub")) // what is no number is no sub-id either
	for _, name := range sent["weekdays"] {
		c.Weekdays = append(c.Weekdays, time.Weekday(slices.Index(weekdayNames[:], name)))
	}
	r := steer.Rule{When: c, Do: steer.Action(sent.Get("action")), Target: sent.Get("target"), Resting: sent.Get("resting") != "", Author: v.person.ID}
	if code := strings.TrimSpace(sent.Get("link")); code != "" {
		link, err := v.linkNamed(code)
		if err != nil {
			return r, err
		}
		r.Link = link
	}
	return r, problem.Join(faults...)
}
