package web

import (
	"context"
	"net/url"
	"slices"
	"strconv"
	"strings"

	"github.com/tributary-hq/tributary/internal/audit"
	"github.com/tributary-hq/tributary/internal/commission"
	"github.com/tributary-hq/tributary/internal/conversion"
	"github.com/tributary-hq/tributary/internal/db"
	"github.com/tributary-hq/tributary/internal/problem"
)

// decideAtOnce is how many commissions are decided in one call; a form may send more.
const decideAtOnce = 200

// noteMost is how many letters a note has.
const noteMost = 1000

// deedsFor are what can be decided about commissions, as deeds of a table or of a page.
func (v *visit) deedsFor(kinds ...commission.Kind) []deed {
	icons := map[commission.Kind]string{commission.ToApprove: "check", commission.ToHold: "pause", commission.ToRelease: "clock", commission.ToReverse: "undo"}
	reasons := map[commission.Kind][]choice{commission.ToHold: choices(v.lang, "holds", commission.HoldReasons),
		commission.ToReverse: choices(v.lang, "reasons", conversion.Reasons)}
	list := make([]deed, len(kinds))
	for i, kind := range kinds {
		name := string(kind)
		d := deed{Name: name, Label: v.text("decide." + name), Icon: icons[kind], Risky: kind == commission.ToReverse, Text: v.text("decide.means." + name)}
		if reasons[kind] != nil {
			d.Fields = append(d.Fields, field{Name: name + "-reason", Words: v.text("list.reason"), Type: "select", Choices: reasons[kind]})
		}
		d.Fields = append(d.Fields, field{Name: name + "-note", Words: v.text("decide.note"), Type: "textarea", Most: noteMost})
		list[i] = d
	}
	return list
}

// kindsFor are the decisions that a commission is open to.
func kindsFor(c commission.Commission) []commission.Kind {
	switch {
	case c.ID == "" || c.State == commission.Reversed:
		return nil
	case c.State == commission.Held:
		return []commission.Kind{commission.ToApprove, commission.ToRelease, commission.ToReverse}
	case c.State == commission.Pending:
		return []commission.Kind{commission.ToApprove, commission.ToHold, commission.ToReverse}
	}
	return []commission.Kind{commission.ToReverse}
}

// decideAt is where the form of a page is sent, which brings the reader back to the page.
func (v *visit) decideAt() string {
	return consoleBase(v.program) + "/commissions/decide?back=" + url.QueryEscape(v.URL.RequestURI())
}

// decideCommissions does what was decided about the commissions of the rows that were selected. A row may have several.
func (s *site) decideCommissions(v *visit) (answer, error) {
	do, rows, err := selected(v)
	if err != nil {
		return nil, err
	}
	ids := strings.Fields(strings.Join(rows, " "))
	back := v.query("back")
	if base := consoleBase(v.program) + "/"; !strings.HasPrefix(back, base) {
		back = base + "conversions"
	}
	if len(ids) == 0 {
		return s.done(back, "none_selected"), nil
	}
	n := commission.NewDecision{Kind: commission.Kind(do), Reason: v.PostFormValue(do + "-reason"), Note: v.PostFormValue(do + "-note"), Author: v.person.ID}
	var results []db.Result[commission.Decided]
	err = v.write(func(ctx context.Context, tx *db.Tx) error {
		results = nil
		found, err := commission.Named(ctx, tx, ids)
		if err != nil {
			return err
		}
		for _, c := range found {
			if c.Program != v.program.ID {
				return errNotFound
			}
		}
		return db.Batches(ids, decideAtOnce, func(ids []string) error {
			list, err := commission.DecideOn(ctx, tx, s.keys, ids, n)
			if err != nil {
				return err
			}
			results = append(results, list...)
			return audit.Decided(ctx, tx, v.by(), n, list)
		})
	})
	if err != nil {
		return nil, err
	}
	return s.done(back, noteDecided(n.Kind, results)), nil
}

// refusedNamed is how many of the refused a notice names.
const refusedNamed = 5

// noteDecided writes down what became of a decision for the notice: how many, and of the refused some by their ids. A cookie
// carries it, so it has no words; see tellDecided.
func noteDecided(kind commission.Kind, results []db.Result[commission.Decided]) string {
	note := url.Values{}
	var done, already int
	for _, r := range results {
		switch p, refused := problem.As(r.Err); {
		case refused:
			note.Add("refused-"+p.Code, r.Value.Commission.ID)
		case r.Value.Already:
			already++
		default:
			done++
		}
	}
	note.Set("decided", string(kind))
	note.Set("done", strconv.Itoa(done))
	note.Set("already", strconv.Itoa(already))
	for name, ids := range note {
		if strings.HasPrefix(name, "refused-") {
			note[name] = append(slices.Clone(ids[:min(len(ids), refusedNamed)]), strconv.Itoa(len(ids)))
		}
	}
	return note.Encode()
}

// tellDecided makes sentences of what noteDecided wrote; it has none for anything else.
func (v *visit) tellDecided(cookie string) string {
	note, err := url.ParseQuery(cookie)
	if err != nil || !slices.Contains(commission.Kinds, commission.Kind(note.Get("decided"))) {
		return ""
	}
	var said []string
	say := func(key string, count string, args ...any) {
		if n, err := strconv.Atoi(count); err == nil && n > 0 {
			said = append(said, v.text(key, append([]any{"n", n}, args...)...))
		}
	}
	say("decide.done."+note.Get("decided"), note.Get("done"))
	say("decide.already", note.Get("already"))
	for _, code := range []string{"commission_locked", "commission_reversed", "commission_not_held", "commission_unknown"} {
		if list := note["refused-"+code]; len(list) > 0 {
			say("decide.refused", list[len(list)-1], "names", v.salesOf(list[:len(list)-1]), "why", v.text("decide.why."+code))
		}
	}
	return strings.Join(said, " ")
}

// salesOf names the conversions of commissions of the program that is shown.
func (v *visit) salesOf(ids []string) string {
	found, err := commission.Named(v.Context(), v.read(), ids[:min(len(ids), refusedNamed)])
	if err != nil {
		return ""
	}
	var of []string
	for _, c := range found {
		if c.Program == v.program.ID {
			of = append(of, c.Conversion)
		}
	}
	sales, err := v.salesNamed(of)
	if err != nil {
		return ""
	}
	var names []string
	for _, sale := range sales {
		names = append(names, sale.Order)
	}
	slices.Sort(names)
	return strings.Join(names, ", ")
}
