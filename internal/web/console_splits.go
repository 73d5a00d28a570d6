package web

import (
	"context"
	"math"
	"strconv"
	"strings"
	"time"

	"github.com/tributary-hq/tributary/internal/audit"
	"github.com/tributary-hq/tributary/internal/auth"
	"github.com/tributary-hq/tributary/internal/creative"
	"github.com/tributary-hq/tributary/internal/db"
	"github.com/tributary-hq/tributary/internal/evidence"
	"github.com/tributary-hq/tributary/internal/problem"
	"github.com/tributary-hq/tributary/internal/steer"
	"github.com/tributary-hq/tributary/internal/web/chart"
)

type splitsPage struct {
	consolePage
	Tabs  []chip
	Table listing
	Open  bool
	Form  form
}

// splitVariants is for how many variants the form asks; the API takes up to six.
const splitVariants = 3

func splitForm(v *visit) form {
	f := form{Fields: []field{
		{Name: "name", Label: "split_name", Required: true},
		{Name: "link", Label: "rule_link", Hint: "split_link"},
		{Name: "rate", Label: "split_rate", Unit: "%", Required: true, Hint: "split_rate"},
		{Name: "lift", Label: "split_lift", Unit: "%", Value: "20", Required: true, Hint: "split_lift"},
	}}
	for n := range splitVariants {
		key := string(rune('a' + n))
		value := ""
		if n == 0 {
			value = v.text("steer.as_it_is")
		}
		words := func(what string) string { return v.text("steer.variant_"+what, "key", strings.ToUpper(key)) }
		f.Fields = append(f.Fields, field{Name: "name." + key, Words: words("name"), Value: value, Required: n < 2},
			field{Name: "target." + key, Words: words("page"), Type: "url", Hint: map[int]string{0: "variant_page"}[n]},
			field{Name: "weight." + key, Words: words("weight"), Type: "number", Value: "1"})
	}
	return f
}

// Plan are the fields of what the test is to find, Pages those of its variants.
func (p splitsPage) Plan() form { return form{Fields: p.Form.Fields[:4]} }

// Pages are the fields of the variants, one form each.
func (p splitsPage) Pages() (list []form) {
	for n := range splitVariants {
		list = append(list, form{Fields: p.Form.Fields[4+3*n:][:3]})
	}
	return list
}

func (s *site) readSplits(v *visit, f form) (splitsPage, error) {
	data := splitsPage{consolePage: v.console(), Tabs: v.redirectTabs("splits"), Open: v.actor.May(auth.WriteSettings) == nil, Form: f}
	list, err := steer.Splits(v.Context(), v.read(), v.program.ID)
	if err != nil {
		return data, err
	}
	base := consoleBase(v.program) + "/redirects/tests/"
	data.Table = table[steer.Split]{Empty: emptiness{Icon: "redirects", Title: v.text("steer.no_splits"), Text: v.text("steer.no_splits_text")}, Columns: []column[steer.Split]{
		{Name: "name", Head: "steer.split", Cell: func(_ *visit, t steer.Split) cell { return textCell(t.Name, base+t.ID) }},
		{Name: "state", Head: "list.state", Cell: func(v *visit, t steer.Split) cell { return v.stateCell("split", splitState(t)) }},
		{Name: "variants", Head: "steer.variants", Number: true, Cell: func(v *visit, t steer.Split) cell { return v.numberCell(int64(len(t.Variants))) }},
		{Name: "begun", Head: "steer.begun", Cell: func(v *visit, t steer.Split) cell { return v.dateCell(t.Created) }},
		{Name: "ended", Head: "steer.ended", Aside: true, Cell: func(v *visit, t steer.Split) cell { return v.dateCell(t.Ended) }},
	}}.all(v, list)
	return data, nil
}

func splitState(t steer.Split) string {
	switch {
	case t.Ended.IsZero():
		return "running"
	case t.Winner != "":
		return "won"
	}
	return "over"
}

func (s *site) splits(v *visit) (answer, error) {
	data, err := s.readSplits(v, splitForm(v))
	return s.page("console/redirects/splits", v.text("steer.tabs.splits"), data), err
}

// percentOf reads a percentage with up to two decimals, as hundredths.
func percentOf(text string) (int64, bool) {
	n, err := strconv.ParseFloat(strings.TrimSpace(strings.ReplaceAll(text, ",", ".")), 64)
	if err != nil || n < 0 || n > 1000 || math.IsNaN(n) {
		return 0, false
	}
	return int64(math.Round(n * 100)), true
}

func (s *site) beginSplit(v *visit) (answer, error) {
	f := splitForm(v)
	f.read(v.PostForm)
	t := steer.Split{Name: f.value("name"), Author: v.person.ID}
	var faults []*problem.Problem
	var ok bool
	if t.Rate, ok = percentOf(f.value("rate")); !ok {
		faults = append(faults, problem.Invalid("rate", "%q is not a percentage", clip(f.value("rate"), 20)))
	}
	if t.Lift, ok = percentOf(f.value("lift")); !ok || t.Lift%100 != 0 {
		faults = append(faults, problem.Invalid("lift", "%q is not a whole percentage", clip(f.value("lift"), 20)))
	}
	t.Lift /= 100
	for n := range splitVariants {
		key := string(rune('a' + n))
		name, target := f.value("name."+key), f.value("target."+key)
		if n >= 2 && name == "" && target == "" {
			continue
		}
		weight, err := strconv.ParseInt(f.value("weight."+key), 10, 32)
		if err != nil {
			faults = append(faults, problem.Invalid("weight."+key, "%q is not a whole number", clip(f.value("weight."+key), 20)))
		}
		t.Variants = append(t.Variants, steer.Variant{Name: name, Target: target, Weight: weight})
	}
	var err error
	if t.Link, err = v.linkNamed(f.value("link")); err != nil {
		return nil, err
	}
	fault := problem.Join(faults...)
	if fault == nil {
		fault = v.write(func(ctx context.Context, tx *db.Tx) error {
			var err error
			if t, err = steer.Begin(ctx, tx, v.program, t); err != nil {
				return err
			}
			return v.record(ctx, tx, audit.SplitBegin, t.ID)
		})
	}
	if fault == nil {
		return s.done(consoleBase(v.program)+"/redirects/tests/"+t.ID, "split_begun"), nil
	}
	if !f.blame(v.lang, fault) {
		return nil, fault
	}
	data, err := s.readSplits(v, f)
	return s.again("console/redirects/splits", v.text("steer.tabs.splits"), data), err
}

type splitPage struct {
	consolePage
	Split   steer.Split
	State   string
	Of      string
	Table   listing
	Verdict string
	Certain bool   // a winner may be declared
	Best    string // its key
	Needs   string
	OneLook string
	Plot    plot
	Drawn   []string // what the line and the dashed line are
	Open    bool
	End     form
}

// split is one test: what came of each variant, and what may be said about it by now.
func (s *site) split(v *visit) (answer, error) {
	t := v.split
	outcomes, days, err := t.Outcomes(v.Context(), v.read(), v.db.Now(), v.zone)
	if err != nil {
		return nil, err
	}
	data := splitPage{consolePage: v.console(), Split: t, State: splitState(t), Of: v.text("steer.of_landing"), Open: v.actor.May(auth.WriteSettings) == nil && t.Ended.IsZero(),
		Needs: v.text("steer.needs", "n", t.Plan().Clicks(), "once", t.Plan().OneLook(), "lift", strconv.FormatInt(t.Lift, 10), "rate", v.hundredths(t.Rate))}
	if t.Link != "" {
		links, err := creative.LinksNamed(v.Context(), v.read(), []string{t.Link})
		if err != nil {
			return nil, err
		}
		data.Of = "/c/" + links[t.Link].Code
	}
	data.Table = v.outcomeTable().all(v, outcomes)
	best, certain := steer.Best(outcomes)
	data.Certain, data.Best = certain, outcomes[best].Key
	data.Verdict = v.verdict(outcomes, best, certain)
	winners := []choice{{"", v.text("steer.no_winner")}}
	for _, o := range outcomes {
		winners = append(winners, choice{o.Key, o.Name})
	}
	data.End = form{Fields: []field{{Name: "winner", Type: "select", Choices: winners}}}
	if certain {
		data.End.set("winner", outcomes[best].Key)
	}
	data.Plot, data.Drawn = v.ratePlot(outcomes, days, max(1, best))
	return s.page("console/redirects/split", t.Name, data), nil
}

// hundredths is a rate of so many out of ten thousand, as a percentage.
func (v *visit) hundredths(n int64) string { return v.lang.Percent((n + 5) / 10) }

// verdict says in words what may be said by now.
func (v *visit) verdict(list []steer.Outcome, best int, certain bool) string {
	enough := true
	for _, o := range list[1:] {
		enough = enough && o.Against.Enough
	}
	switch {
	case certain && best > 0:
		a := list[best].Against
		return v.text("steer.verdict.better", "name", list[best].Name, "low", v.points(a.Low), "high", v.points(a.High))
	case certain:
		return v.text("steer.verdict.kept", "name", list[0].Name)
	case !enough:
		return v.text("steer.verdict.early", "clicks", int64(evidence.ClicksLeast), "conversions", int64(evidence.ConversionsLeast))
	}
	return v.text("steer.verdict.open")
}

// points is a difference of rates in percentage points.
func (v *visit) points(d float64) string {
	sign, n := "+", strconv.FormatFloat(math.Abs(d)*100, 'f', 2, 64)
	if d < 0 {
		sign = "−"
	}
	if v.lang.Tag == "fr" {
		n = strings.ReplaceAll(n, ".", ",")
	}
	return v.text("steer.points", "sign", sign, "n", n)
}

// outcomeTable is what came of each variant.
func (v *visit) outcomeTable() table[steer.Outcome] {
	return table[steer.Outcome]{Name: "variants", Columns: []column[steer.Outcome]{
		{Name: "name", Head: "steer.variant", Cell: func(v *visit, o steer.Outcome) cell {
			page := o.Target
			if page == "" {
				page = v.text("steer.as_without")
			}
			return cell{Text: o.Name, Note: page, Picture: strings.ToUpper(o.Key)}
		}},
		{Name: "weight", Head: "steer.weight", Number: true, Aside: true, Cell: func(v *visit, o steer.Outcome) cell { return v.numberCell(o.Weight) }},
		{Name: "clicks", Head: "metrics.clicks", Number: true, Cell: func(v *visit, o steer.Outcome) cell { return v.numberCell(o.Clicks) }},
		{Name: "conversions", Head: "metrics.conversions", Number: true, Cell: func(v *visit, o steer.Outcome) cell { return v.numberCell(o.Conversions) }},
		{Name: "rate", Head: "columns.rate", Number: true, Cell: func(v *visit, o steer.Outcome) cell {
			if o.Clicks == 0 {
				return none
			}
			return textCell(v.lang.Percent((o.Conversions*1000+o.Clicks/2)/o.Clicks), "")
		}},
		{Name: "revenue", Head: "steer.per_thousand", Number: true, Cell: func(v *visit, o steer.Outcome) cell { return v.minorCell(o.PerThousand()) }},
		{Name: "difference", Head: "steer.difference", Number: true, Cell: func(v *visit, o steer.Outcome) cell {
			if o.Key == "a" || o.Clicks == 0 {
				return none
			}
			return cell{Text: v.points(o.Against.Difference), Note: v.text("steer.between", "low", v.points(o.Against.Low), "high", v.points(o.Against.High))}
		}},
	}}
}

// ratePlot draws the conversion rate of a variant, of all clicks so far day by day, with that of the first variant.
func (v *visit) ratePlot(list []steer.Outcome, days []time.Time, shown int) (plot, []string) {
	rates := func(o steer.Outcome) []int64 {
		var sum evidence.Arm
		values := make([]int64, len(days))
		for n, day := range o.Days {
			sum.Clicks, sum.Conversions = sum.Clicks+day.Clicks, sum.Conversions+day.Conversions
			values[n] = int64(math.Round(sum.Rate() * 1000))
		}
		return values
	}
	line := chart.Line{Values: rates(list[shown]), Before: rates(list[0])}
	for n, value := range line.Values {
		line.Titles = append(line.Titles, v.lang.Date(days[n])+"\n"+v.line(list[shown].Name, v.lang.Percent(value))+"\n"+v.line(list[0].Name, v.lang.Percent(line.Before[n])))
	}
	p := plot{Title: v.text("steer.rates"), Labels: labels(v, days)}
	for _, tick := range line.Ticks() {
		p.Ticks = append(p.Ticks, v.lang.Percent(tick))
	}
	p.Chart = line.SVG()
	return p, []string{list[shown].Name, list[0].Name}
}

func (s *site) endSplit(v *visit) (answer, error) {
	err := v.write(func(ctx context.Context, tx *db.Tx) error {
		if err := steer.End(ctx, tx, v.program.ID, v.split.ID, v.PostFormValue("winner")); err != nil {
			return err
		}
		return v.record(ctx, tx, audit.SplitEnd, v.split.ID)
	})
	return s.done(consoleBase(v.program)+"/redirects/tests/"+v.split.ID, "split_ended"), err
}
