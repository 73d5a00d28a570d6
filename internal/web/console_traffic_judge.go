package web

import (
	"context"
	"net/url"
	"strconv"
	"strings"

	"github.com/tributary-hq/tributary/internal/audit"
	"github.com/tributary-hq/tributary/internal/commission"
	"github.com/tributary-hq/tributary/internal/db"
	"github.com/tributary-hq/tributary/internal/money"
	"github.com/tributary-hq/tributary/internal/program"
)

// judgements are what can be said about touches.
func (v *visit) judgements() []deed {
	var list []deed
	for _, d := range []deed{{Name: "accept", Icon: "check"}, {Name: "refuse", Icon: "cross", Risky: true}} {
		d.Label, d.Text = v.text("traffic."+d.Name), v.text("traffic.means."+d.Name)
		d.Fields = []field{{Name: d.Name + "-reason", Words: v.text("decide.note"), Type: "textarea", Most: noteMost}}
		list = append(list, d)
	}
	return list
}

// judgeTraffic judges the touches that were selected, and tells what came of it.
func (s *site) judgeTraffic(v *visit) (answer, error) {
	do, ids, err := selected(v)
	if err != nil {
		return nil, err
	}
	back := v.query("back")
	if base := consoleBase(v.program) + "/traffic"; back != base && !strings.HasPrefix(back, base+"?") {
		back = base
	}
	if len(ids) == 0 || do != "accept" && do != "refuse" {
		return s.done(back, "none_selected"), nil
	}
	var came commission.Rejudged
	n := commission.NewJudgement{Counts: do == "accept", Reason: v.PostFormValue(do + "-reason"), Author: v.person.ID}
	err = v.write(func(ctx context.Context, tx *db.Tx) (err error) {
		if came, err = commission.Rejudge(ctx, tx, s.keys, v.program.ID, ids, n); err != nil {
			return err
		}
		return audit.Judged(ctx, tx, v.by(), v.program.ID, n, came)
	})
	if err != nil {
		return nil, err
	}
	note := url.Values{"judged": {do}}
	for name, n := range map[string]int64{"touches": int64(came.Touches), "already": int64(came.Already), "conversions": int64(came.Conversions),
		"delta": came.Delta, "final": int64(came.Final)} {
		note.Set(name, strconv.FormatInt(n, 10))
	}
	return s.done(back, note.Encode()), nil
}

// tellJudged makes sentences of what judgeTraffic wrote; it has none for anything else.
func (v *visit) tellJudged(cookie string) string {
	note, err := url.ParseQuery(cookie)
	do := note.Get("judged")
	if err != nil || do != "accept" && do != "refuse" {
		return ""
	}
	number := func(name string) int {
		n, _ := strconv.Atoi(note.Get(name)) // nothing but numbers says anything
		return n
	}
	var said []string
	say := func(key string, n int, args ...any) {
		if n > 0 {
			said = append(said, v.text(key, append([]any{"n", n}, args...)...))
		}
	}
	say("traffic.done."+do, number("touches"))
	say("decide.already", number("already"))
	delta := number("delta")
	earned := v.lang.Money(money.Of(int64(max(delta, -delta)), v.program.Currency))
	switch conversions := number("conversions"); {
	case delta > 0:
		say("traffic.more", conversions, "amount", earned)
	case delta < 0:
		say("traffic.less", conversions, "amount", earned)
	default:
		say("traffic.moved", conversions)
	}
	if number("touches") > 0 && number("conversions") == 0 {
		said = append(said, v.text("traffic.nothing_moved"))
	}
	say("traffic.final", number("final"))
	return strings.Join(said, " ")
}

// repeats are the times, in milliseconds, within which a visitor's clicks on one link can be one.
var repeats = []string{"0", "1000", "2000", "5000", "10000", "30000", "60000"}

// trafficForm asks for a program's own rules.
func trafficForm(v *visit) form {
	f := form{Fields: []field{{Name: "repeat_ms", Type: "select", Value: strconv.FormatInt(v.program.RepeatMS, 10), Hint: "repeat_ms"}}}
	for _, ms := range repeats {
		n, _ := strconv.Atoi(ms) // of the list above
		label := v.text("traffic.seconds", "n", n/1000)
		if n == 0 {
			label = v.text("traffic.each")
		}
		f.Fields[0].Choices = append(f.Fields[0].Choices, choice{ms, label})
	}
	if own := f.Fields[0].Value; v.program.RepeatMS%1000 != 0 {
		f.Fields[0].Choices = append(f.Fields[0].Choices, choice{own, own + " ms"})
	}
	return f
}

// changeTrafficRules writes a program's own rules anew. They hold for clicks from now on.
func (s *site) changeTrafficRules(v *visit) (answer, error) {
	f := trafficForm(v)
	f.read(v.PostForm)
	err := v.write(func(ctx context.Context, tx *db.Tx) error {
		p, err := program.Get(ctx, tx, v.program.ID)
		if err != nil {
			return err
		}
		if p.RepeatMS, err = strconv.ParseInt(f.value("repeat_ms"), 10, 64); err != nil {
			return errNotFound // no page sends this
		}
		p.TrustDatacentres = v.PostFormValue("trust") != ""
		if _, err = program.Change(ctx, tx, p); err != nil {
			return err
		}
		return v.record(ctx, tx, audit.ProgramChange, p.ID)
	})
	if err != nil {
		return nil, err
	}
	return s.done(consoleBase(v.program)+"/traffic", "saved"), nil
}
