package commission

import (
	"cmp"
	"context"
	"slices"
	"strings"
	"time"

	"github.com/tributary-hq/tributary/internal/contract"
	"github.com/tributary-hq/tributary/internal/conversion"
	"github.com/tributary-hq/tributary/internal/db"
	"github.com/tributary-hq/tributary/internal/id"
	"github.com/tributary-hq/tributary/internal/journey"
	"github.com/tributary-hq/tributary/internal/partner"
	"github.com/tributary-hq/tributary/internal/problem"
	"github.com/tributary-hq/tributary/internal/program"
	"github.com/tributary-hq/tributary/internal/touch"
)

// A customer is bound to a partner in one of two ways: the partner brought their first order, and the terms of that day say that
// later orders are the partner's too; or the brand has said so. What the brand has said goes before what the terms say.

// Binding is the brand's word on whose a customer's orders are from a moment on.
type Binding struct {
	ID          string
	Program     string
	Key         string // any of the customer's
	Partnership string // empty: nobody's
	Since       time.Time
	Until       time.Time // zero: for ever
	Turn        int64
	Reason      string
	Author      string
	Created     time.Time
}

const bindingColumns = "id, program, key, partnership, since, until, turn, reason, author, created"

func scanBinding(row db.Row) (Binding, error) {
	var b Binding
	var since, until, created int64
	err := row.Scan(&b.ID, &b.Program, &b.Key, &b.Partnership, &since, &until, &b.Turn, &b.Reason, &b.Author, &created)
	b.Since, b.Created = moment(since), moment(created)
	if until > 0 {
		b.Until = moment(until)
	}
	return b, err
}

// Bind keeps whose a customer's orders are from a moment on, or that they are nobody's, and derives again what that can change.
// It replaces whatever bound them before.
func Bind(ctx context.Context, tx *db.Tx, keys touch.Keys, b Binding) (Binding, Rejudged, error) {
	b.Reason, b.Since = strings.TrimSpace(b.Reason), b.Since.UTC().Truncate(time.Millisecond)
	var none Rejudged
	switch {
	case b.Key == "":
		return b, none, problem.Invalid("customer_id", "say which customer")
	case b.Since.After(tx.Now):
		return b, none, problem.Invalid("since", "a customer is bound from now or from a moment in the past on, not in the future")
	case !b.Until.IsZero() && !b.Until.After(b.Since):
		return b, none, problem.Invalid("until", "a binding ends after it begins")
	case len([]rune(b.Reason)) > noteMost:
		return b, none, problem.Invalid("reason", "a reason has at most %d letters", noteMost)
	}
	if b.Partnership != "" {
		if s, err := partner.GetPartnership(ctx, tx, b.Partnership); err != nil {
			return b, none, err
		} else if s.Program != b.Program {
			return b, none, problem.NotFound("partnership", b.Partnership)
		}
	}
	p, err := hold(ctx, tx, b.Program)
	if err != nil {
		return b, none, err
	}
	b.ID, b.Turn, b.Created = id.New("bnd", tx.Now), p.turn, tx.Now
	var until int64
	if !b.Until.IsZero() {
		until = b.Until.UnixMilli()
	}
	if _, err := db.Insert(ctx, tx, `/* commission.Bind */ insert into customer_binding (`+bindingColumns+`)`, [][]any{{b.ID, b.Program, b.Key, b.Partnership,
		b.Since.UnixMilli(), until, b.Turn, b.Reason, b.Author, b.Created.UnixMilli()}}, ""); err != nil {
		return b, none, err
	}
	if _, err := program.Renew(ctx, tx, p.ID); err != nil { // whether anybody is bound is remembered
		return b, none, err
	}
	p.agreed = ""
	person, err := journey.People(ctx, tx, p.ID, []string{b.Key})
	if err != nil {
		return b, none, err
	}
	sales, err := conversion.By(ctx, tx, p.ID, person[b.Key], moment(0))
	if err != nil {
		return b, none, err
	}
	ids := make([]string, len(sales))
	for i, c := range sales {
		ids[i] = c.ID
	}
	slices.Sort(ids)
	var out Rejudged
	return b, out, out.rederive(ctx, tx, keys, p, ids)
}

// BindingsOf are what the brand has said of customers with the keys, in the order in which it comes into force.
func BindingsOf(ctx context.Context, r db.Reader, prog string, keys []string) (map[string][]Binding, error) {
	found := map[string][]Binding{}
	err := db.Batches(keys, 500, func(keys []string) error {
		var args db.Args
		list, err := db.All(ctx, r, scanBinding, `/* commission.BindingsOf */ select `+bindingColumns+` from customer_binding
			where program = `+args.Add(prog)+` and key in `+args.In(keys)+` order by since, turn, id`, args.List()...)
		for _, b := range list {
			found[b.Key] = append(found[b.Key], b)
		}
		return err
	})
	return found, err
}

// binds tells whether customers of a program can be bound at all. Where none can, nothing is asked for.
func binds(ctx context.Context, r db.Reader, prog, agreed string) (bool, error) {
	found, err := db.Remember(r, "binds", agreed, []string{prog}, func([]string) (map[string]bool, error) {
		n, err := db.One(ctx, r, db.Value[int64], `/* commission.binds */ select case when exists (select 1 from terms where program = $1 and binds <> 0)
			or exists (select 1 from customer_binding where program = $1) then 1 else 0 end`, prog)
		return map[string]bool{prog: n == 1}, err
	})
	return found[prog], err
}

// Bound is whose a customer is at the moment of an order, and why.
type Bound struct {
	Partnership string    `json:"partnership"`
	Since       time.Time `json:"since"`
	Until       time.Time `json:"until,omitzero"`  // zero: for ever
	Order       string    `json:"order,omitempty"` // the first one, which the partner brought
	By          string    `json:"by,omitempty"`    // the brand's word that says so
	Reason      string    `json:"reason,omitempty"`
	Verdict     Verdict   `json:"verdict"`
}

// ties are what may bind the customer of one conversion.
type ties struct {
	said  []Binding    // by the brand, of any of the person's keys
	first *facts       // the person's first order, unless it is this one
	kept  *Explanation // its shares, where they are final
}

// bound is whose the customer of a conversion is, or nil.
func (f facts) bound(b book) (*Bound, error) {
	var last *Binding
	for i, one := range f.ties.said {
		if one.Turn <= f.turn && !one.Since.After(f.sale.At) && (last == nil || one.Since.After(last.Since) || one.Since.Equal(last.Since) && one.Turn > last.Turn) {
			last = &f.ties.said[i]
		}
	}
	switch {
	case last != nil && last.Partnership == "", last != nil && !last.Until.IsZero() && !last.Until.After(f.sale.At):
		return nil, nil
	case last != nil:
		return &Bound{Partnership: last.Partnership, Since: last.Since, Until: last.Until, By: last.ID, Reason: last.Reason}, nil
	case f.ties.first == nil:
		return nil, nil
	}
	e := f.ties.kept
	if e == nil {
		first, err := explain(*f.ties.first, b)
		if err != nil {
			return nil, err
		}
		e = &first
	}
	if len(e.Parts) == 0 {
		return nil, nil // nobody brought them
	}
	who := slices.MaxFunc(e.Parts, func(a, b Part) int { return cmp.Compare(a.Weight, b.Weight) })
	since := f.ties.first.sale.At
	version, ok := contract.InForce(b.versions[who.Partnership], since, f.turn)
	if !ok || version.Terms.BindMonths == 0 {
		return nil, nil
	}
	out := &Bound{Partnership: who.Partnership, Since: since, Order: f.ties.first.sale.Order}
	if version.Terms.BindMonths < contract.Lifelong {
		out.Until = since.AddDate(0, int(version.Terms.BindMonths), 0)
		if !out.Until.After(f.sale.At) {
			return nil, nil
		}
	}
	return out, nil
}

// earlier puts a person's orders into the one order that does not depend on when they were reported.
func earlier(a, b conversion.Conversion) int {
	return cmp.Or(a.At.Compare(b.At), cmp.Compare(a.Order, b.Order), cmp.Compare(a.Event, b.Event))
}

// addTies adds to each sale what may bind its customer.
func addTies(ctx context.Context, r db.Reader, keys touch.Keys, p atTurn, all []facts, h history) error {
	if ok, err := binds(ctx, r, p.ID, p.agreed); err != nil || !ok {
		return err
	}
	var names []string
	for _, f := range all {
		names = append(names, f.keys...)
	}
	names = slices.Compact(slices.Sorted(slices.Values(names)))
	said, err := BindingsOf(ctx, r, p.ID, names)
	if err != nil {
		return err
	}
	sales, reports, err := h.salesOf(ctx, r, p.ID, names, moment(0))
	if err != nil {
		return err
	}
	byKey := map[string][]conversion.Conversion{}
	for _, c := range sales {
		carried := c.Keys()
		for _, report := range reports[c.ID] {
			carried = append(carried, report.Said.Keys()...)
		}
		for _, key := range distinct(carried) {
			byKey[key] = append(byKey[key], c)
		}
	}
	firsts := make([]facts, 0, len(all)) // not grown, so that its places stay
	var ids []string
	for i := range all {
		f := &all[i]
		first, stands := f.sale, f.stands
		for _, key := range f.keys {
			f.ties.said = append(f.ties.said, said[key]...)
			for _, c := range byKey[key] {
				if one, known := h.standAt(c, reports[c.ID], f.turn); known && one.Who == key && earlier(one, first) < 0 {
					first, stands = one, c
				}
			}
		}
		if first.ID == f.sale.ID {
			continue
		}
		one := facts{sale: first, stands: stands, keys: f.keys, turn: f.turn}
		one.ties.said = f.ties.said
		firsts = append(firsts, one)
		f.ties.first = &firsts[len(firsts)-1]
		ids = append(ids, first.ID)
	}
	derived, err := derivationsOf(ctx, r, slices.Compact(slices.Sorted(slices.Values(ids))))
	if err != nil {
		return err
	}
	if err := addPaths(ctx, r, p.ID, firsts, h.judged); err != nil {
		return err
	}
	for i := range all {
		if first := all[i].ties.first; first != nil {
			if d := derived[first.sale.ID]; d.locked > 0 && d.locked <= all[i].turn {
				all[i].ties.kept = &d.explanation
			}
		}
	}
	if err := addClaims(ctx, r, keys, firsts); err != nil {
		return err
	}
	if err := addCodes(ctx, r, p.ID, firsts); err != nil {
		return err
	}
	return addOffline(ctx, r, p.ID, firsts)
}

// addPaths are the touches before first orders, as known at the turn of each.
func addPaths(ctx context.Context, r db.Reader, prog string, firsts []facts, judged map[string][]touch.Judgement) error {
	if len(firsts) == 0 {
		return nil
	}
	var names []string
	from, to := window(firsts[0].sale).From, window(firsts[0].sale).To
	for _, f := range firsts {
		w := window(f.sale)
		names = append(names, f.keys...)
		if w.From.Before(from) {
			from = w.From
		}
		if w.To.After(to) {
			to = w.To
		}
	}
	touches, err := touch.Of(ctx, r, prog, slices.Compact(slices.Sorted(slices.Values(names))), from, to)
	if err != nil {
		return err
	}
	byWho := map[string][]touch.Touch{}
	for _, t := range touches {
		byWho[t.Who] = append(byWho[t.Who], t)
	}
	for i := range firsts {
		f := &firsts[i]
		w := window(f.sale)
		for _, key := range f.keys {
			for _, t := range byWho[key] {
				if t.Turn <= f.turn && !t.At.Before(w.From) && !t.At.After(w.To) {
					f.path = append(f.path, t)
				}
			}
		}
		asJudged(f.path, judged, f.turn)
		journey.Sort(f.path)
	}
	return nil
}

// meets are the partnerships that may bind the customer of a conversion.
func (t ties) meets() (list []string) {
	for _, one := range t.said {
		list = append(list, one.Partnership)
	}
	if t.first != nil {
		for _, one := range t.first.path {
			list = append(list, one.Partnership)
		}
	}
	if t.kept != nil {
		list = append(list, t.kept.partnerships()...)
	}
	return slices.DeleteFunc(list, func(name string) bool { return name == "" })
}

// left are the conversions of the persons to whom conversions have belonged before they stood differently, where that can bind them.
func left(ctx context.Context, r db.Reader, p atTurn, before []conversion.Conversion) ([]string, error) {
	if len(before) == 0 {
		return nil, nil
	}
	return withBound(ctx, r, p, nil, before)
}

// withBound adds to the conversions that are derived again the others of the same persons: which order was their first, and
// whose, decides about all.
func withBound(ctx context.Context, r db.Reader, p atTurn, ids []string, fresh []conversion.Conversion) ([]string, error) {
	if ok, err := binds(ctx, r, p.ID, p.agreed); err != nil || !ok {
		return ids, err
	}
	known, err := conversion.Named(ctx, r, ids)
	if err != nil {
		return nil, err
	}
	var names []string
	for _, c := range append(known, fresh...) {
		names = append(names, c.Who)
	}
	people, err := journey.People(ctx, r, p.ID, names)
	if err != nil {
		return nil, err
	}
	var all []string
	for _, person := range people {
		all = append(all, person...)
	}
	sales, err := conversion.By(ctx, r, p.ID, slices.Compact(slices.Sorted(slices.Values(all))), moment(0))
	for _, c := range sales {
		if !slices.ContainsFunc(fresh, func(f conversion.Conversion) bool { return f.ID == c.ID }) {
			ids = append(ids, c.ID)
		}
	}
	return slices.Compact(slices.Sorted(slices.Values(ids))), err
}
