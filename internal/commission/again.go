package commission

import (
	"context"
	"encoding/json"
	"fmt"
	"slices"
	"time"

	"github.com/tributary-hq/tributary/internal/conversion"
	"github.com/tributary-hq/tributary/internal/db"
	"github.com/tributary-hq/tributary/internal/event"
	"github.com/tributary-hq/tributary/internal/id"
	"github.com/tributary-hq/tributary/internal/journey"
	"github.com/tributary-hq/tributary/internal/ledger"
	"github.com/tributary-hq/tributary/internal/money"
	"github.com/tributary-hq/tributary/internal/program"
	"github.com/tributary-hq/tributary/internal/touch"
)

// derivation is what was last derived for a conversion.
type derivation struct {
	conversion  string
	locked      int64 // the turn at which the shares became final; 0 before
	explanation Explanation
}

func scanDerivation(row db.Row) (derivation, error) {
	var d derivation
	var text string
	err := row.Scan(&d.conversion, &d.locked, &text)
	if err == nil {
		err = json.Unmarshal([]byte(text), &d.explanation)
	}
	return d, err
}

func derivationsOf(ctx context.Context, r db.Reader, conversions []string) (map[string]derivation, error) {
	found := map[string]derivation{}
	err := db.Batches(conversions, 500, func(conversions []string) error {
		var args db.Args
		list, err := db.All(ctx, r, scanDerivation, `/* commission.derivationsOf */ select conversion, locked, explanation from derivation
			where conversion in `+args.In(conversions), args.List()...)
		for _, d := range list {
			found[d.conversion] = d
		}
		return err
	})
	return found, err
}

// again derives conversions of a program from all the facts that are known, and writes what is different from before: the
// one way in which a commission ever changes. fresh are those of the ids that were never derived, when the caller has
// them at hand, and grown the persons that have just grown, which need not be asked for. The caller holds the program's turn.
func again(ctx context.Context, tx *db.Tx, keys touch.Keys, p atTurn, ids []string, fresh []conversion.Conversion, grown []journey.Grown) error {
	if len(ids) == 0 && len(fresh) == 0 {
		return nil
	}
	ids, err := withBound(ctx, tx, p, ids, fresh)
	if err != nil {
		return err
	}
	known, err := conversion.Named(ctx, tx, ids)
	if err != nil {
		return err
	}
	before, err := derivationsOf(ctx, tx, ids)
	if err != nil {
		return err
	}
	sales := append(known, fresh...)
	var open []conversion.Conversion
	for _, sale := range sales {
		if before[sale.ID].locked == 0 {
			open = append(open, sale)
		}
	}
	all, b, err := gather(ctx, tx, keys, p, open, before, grown)
	if err != nil {
		return err
	}
	var derived []outcome
	for _, f := range all {
		e, err := explain(f, b)
		if err != nil {
			return fmt.Errorf("explain %s: %w", f.sale.ID, err)
		}
		was, seen := before[f.sale.ID]
		derived = append(derived, outcome{sale: f.sale, explanation: e, refunds: f.refunds, fresh: !seen, used: was.explanation.Codes})
	}
	locked, err := reprice(ctx, tx, p.ID, sales, before)
	if err != nil {
		return err
	}
	derived = append(derived, locked...)
	return record(ctx, tx, p, derived, ids)
}

// outcome is the newest derivation of one conversion, about to be written.
type outcome struct {
	sale        conversion.Conversion
	explanation Explanation
	refunds     []conversion.Refund
	fresh       bool
	used        []CodeUse // what it said of codes before
}

// reprice derives the conversions whose shares are final: only refunds and decisions still move them.
func reprice(ctx context.Context, r db.Reader, prog string, sales []conversion.Conversion, before map[string]derivation) ([]outcome, error) {
	var locked []conversion.Conversion
	for _, sale := range sales {
		if before[sale.ID].locked > 0 {
			locked = append(locked, sale)
		}
	}
	if len(locked) == 0 {
		return nil, nil
	}
	changed, err := changesOf(ctx, r, prog, locked, before)
	if err != nil {
		return nil, err
	}
	var list []outcome
	for _, sale := range locked {
		e, of := before[sale.ID].explanation, changed[sale.ID]
		e.price(of)
		list = append(list, outcome{sale: sale, explanation: e, refunds: of.refunds})
	}
	return list, nil
}

// record writes derivations, the commissions that follow from them, and the postings for every difference.
func record(ctx context.Context, tx *db.Tx, p atTurn, list []outcome, ids []string) error {
	existing, err := Of(ctx, tx, ids)
	if err != nil {
		return err
	}
	var derivations, commissions, uses [][]any
	var moments []program.Moment
	var entries []ledger.Entry
	var events []event.New
	for _, d := range list {
		if !d.fresh {
			continue
		}
		events = append(events, event.New{Kind: event.ConversionCreated, Brand: p.Brand, Program: p.ID, Subject: d.sale.ID, Data: map[string]any{
			"event": d.sale.Event, "order_id": d.sale.Order, "amount": d.sale.Amount, "partnerships": d.explanation.partnerships()}})
	}
	for _, d := range list {
		text, err := json.Marshal(d.explanation)
		if err != nil {
			return err
		}
		moments = append(moments, program.Moment{Program: p.ID, At: d.sale.At, Turn: p.turn})
		derivations = append(derivations, []any{d.sale.ID, d.sale.Program, d.explanation.Net, d.explanation.Reason, int64(0), string(text), p.turn})
		uses = append(uses, useRows(d)...)
		if err := forgetUses(ctx, tx, d); err != nil {
			return err
		}
		for _, c := range changed(tx.Now, d, existing[d.sale.ID]) {
			if e, moved := c.post(); moved {
				entries = append(entries, e)
			}
			if c.was == "" && !d.fresh {
				events = append(events, event.New{Kind: event.CommissionCredited, Brand: p.Brand, Program: p.ID, Subject: c.ID,
					Data: map[string]any{"conversion": c.Conversion, "partnership": c.Partnership, "amount": c.Amount}})
			}
			if kind := c.turned(); kind != "" {
				events = append(events, event.New{Kind: kind, Brand: p.Brand, Program: p.ID, Subject: c.ID,
					Data: map[string]any{"conversion": c.Conversion, "partnership": c.Partnership, "reason": c.Reason}})
			}
			commissions = append(commissions, c.row())
		}
	}
	if err := db.InsertLater(ctx, tx, `/* commission.record */ insert into derivation (conversion, program, net, reason, locked, explanation, turn)`, derivations,
		`on conflict (conversion) do update set net = excluded.net, reason = excluded.reason, explanation = excluded.explanation, turn = excluded.turn`); err != nil {
		return err
	}
	if err := db.InsertLater(ctx, tx, `/* commission.record */ insert into code_use (conversion, program, code, partnership, at, visited, verdict)`, uses,
		`on conflict (conversion, code) do update set partnership = excluded.partnership, at = excluded.at, visited = excluded.visited, verdict = excluded.verdict`); err != nil {
		return err
	}
	if err := db.InsertLater(ctx, tx, `/* commission.record */ insert into commission (`+commissionColumns+`)`, commissions,
		`on conflict (conversion, partnership) do update set at = excluded.at, amount = excluded.amount, state = excluded.state, matures = excluded.matures,
		seq = excluded.seq, reason = excluded.reason, updated = excluded.updated`); err != nil {
		return err
	}
	if err := program.MarkDays(ctx, tx, program.Orders, moments); err != nil {
		return err
	}
	if err := ledger.Post(ctx, tx, entries...); err != nil {
		return err
	}
	return event.Append(ctx, tx, events...)
}

// change is a commission with a new amount.
type change struct {
	Commission
	delta int64
	was   State
}

// changed compares the parts of a derivation with the commissions as they are, and returns those that must be written.
func changed(now time.Time, d outcome, existing []Commission) []change {
	var list []change
	for _, p := range d.explanation.Parts {
		i := slices.IndexFunc(existing, func(c Commission) bool { return c.Partnership == p.Partnership })
		if i < 0 {
			if p.Amount == 0 {
				continue // less than a cent: nothing is owed
			}
			c := Commission{ID: id.New("com", now), Conversion: d.sale.ID, Program: d.sale.Program, Partnership: p.Partnership, At: d.sale.At,
				Amount: money.Of(0, d.sale.Amount.Currency), Matures: p.Locks(), Created: now}
			list = append(list, c.become(now, p.Amount, p.Locks(), p.Held))
			continue
		}
		if c := existing[i]; c.Amount.Minor != p.Amount || c.Matured.IsZero() && !c.Matures.Equal(p.Locks()) || !c.At.Equal(d.sale.At) {
			c.At = d.sale.At
			list = append(list, c.become(now, p.Amount, p.Locks(), reasonFor(p, d.refunds)))
		}
	}
	for _, c := range existing {
		gone := !slices.ContainsFunc(d.explanation.Parts, func(p Part) bool { return p.Partnership == c.Partnership })
		moved := !c.At.Equal(d.sale.At)
		c.At = d.sale.At
		switch {
		case gone && c.Amount.Minor != 0:
			list = append(list, c.become(now, 0, Never, "credited_elsewhere"))
		case gone && (moved || c.Matured.IsZero() && !c.Matures.Equal(Never)): // it was nothing before
			list = append(list, c.become(now, 0, Never, c.Reason))
		}
	}
	return list
}

// reasonFor is why a part has become nothing, or does not lock.
func reasonFor(p Part, refunds []conversion.Refund) string {
	switch {
	case p.Reversed != "":
		return p.Reversed
	case p.Amount != 0:
		return p.Held
	case len(refunds) == 0:
		return ""
	}
	return refunds[len(refunds)-1].Reason
}

func (c Commission) become(now time.Time, amount int64, matures time.Time, reason string) change {
	ch := change{Commission: c, delta: amount - c.Amount.Minor, was: c.State}
	ch.Amount.Minor, ch.Updated = amount, now
	if c.Matured.IsZero() {
		ch.Matures = matures
	}
	ch.State, ch.Reason = ch.stateOf(), reason
	if ch.delta != 0 {
		ch.Seq++
	}
	return ch
}

// turned is what a commission that was there before has become by the change, as an event; empty when its watchers need not
// know.
func (c change) turned() event.Kind {
	switch {
	case c.State == c.was:
		return ""
	case c.State == Reversed && c.Seq > 1:
		return event.CommissionReversed
	case c.State == Held:
		return event.CommissionHeld
	case c.was == Held && c.State == Pending:
		return event.CommissionReleased
	}
	return ""
}

// post is the ledger entry for the difference.
func (c change) post() (ledger.Entry, bool) {
	to := ledger.Pending(c.Program, c.Partnership)
	if !c.Matured.IsZero() {
		to = ledger.Payable(c.Program, c.Partnership)
	}
	return ledger.Move(c.ID, c.Seq, c.Program, ledger.Cost(c.Program), to, money.Of(c.delta, c.Amount.Currency))
}
