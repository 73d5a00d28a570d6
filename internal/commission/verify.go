package commission

import (
	"context"
	"fmt"
	"slices"
	"time"

	"github.com/tributary-hq/tributary/internal/conversion"
	"github.com/tributary-hq/tributary/internal/db"
	"github.com/tributary-hq/tributary/internal/journey"
	"github.com/tributary-hq/tributary/internal/program"
	"github.com/tributary-hq/tributary/internal/touch"
)

// Proof is the outcome of a verification: what was looked at, and every difference as a sentence.
type Proof struct {
	Conversions int
	Commissions int
	Faults      []string
}

func (p *Proof) fault(format string, args ...any) {
	p.Faults = append(p.Faults, fmt.Sprintf(format, args...))
}

// Verify derives every commission of a program again from nothing but the facts, as they were known when its shares became
// final, and compares it with what is kept, to the cent. It also finds persons again from their links, and compares every
// posting of a commission with its amount. It writes nothing, and tells how many of all conversions it has looked at.
func Verify(ctx context.Context, r db.Reader, keys touch.Keys, p program.Program, tell func(done, all int)) (Proof, error) {
	var proof Proof
	known, err := journey.Links(ctx, r, p.ID)
	if err != nil {
		return proof, err
	}
	if proof.Faults, err = journey.Faults(ctx, r, p.ID, known); err != nil {
		return proof, err
	}
	misstood, err := conversion.Misstood(ctx, r, p.ID)
	if err != nil {
		return proof, err
	}
	proof.Faults = append(proof.Faults, misstood...)
	ids, err := inOrderOfLocks(ctx, r, p.ID)
	if err != nil {
		return proof, err
	}
	judged, err := touch.Judged(ctx, r, p.ID)
	if err != nil {
		return proof, err
	}
	if err := proof.marks(ctx, r, judged); err != nil {
		return proof, err
	}
	persons, h := known.Persons(), history{known.Splits(), judged, true}
	all := len(ids)
	err = db.Batches(ids, 500, func(ids []lockedAt) error {
		tell(proof.Conversions, all)
		return verifySome(ctx, r, keys, p, ids, persons, h, &proof)
	})
	if err != nil {
		return proof, err
	}
	unposted, err := unposted(ctx, r, p.ID)
	proof.Faults = append(proof.Faults, unposted...)
	return proof, err
}

// marks holds the mark of each touch that was judged again against its last judgement, and the judgements against each other.
func (p *Proof) marks(ctx context.Context, r db.Reader, judged map[string][]touch.Judgement) error {
	ids := sortedKeys(judged)
	touches, err := touch.Named(ctx, r, ids)
	for _, id := range ids {
		list := judged[id]
		for i, j := range list {
			next := touches[id].Mark
			if i+1 < len(list) {
				next = list[i+1].Was
			}
			if j.Mark != next {
				p.fault("touch %s was judged %q by %s, and is %q after that", id, j.Mark, j.ID, next)
			}
		}
	}
	return err
}

type lockedAt struct {
	conversion string
	turn       int64
}

// inOrderOfLocks are all conversions of a program, those first whose shares became final first, for persons are followed from turn to turn. A
// conversion without a derivation is among them, to be found.
func inOrderOfLocks(ctx context.Context, r db.Reader, prog string) ([]lockedAt, error) {
	list, err := db.All(ctx, r, func(row db.Row) (lockedAt, error) {
		var l lockedAt
		err := row.Scan(&l.conversion, &l.turn)
		return l, err
	}, `/* commission.Verify */ select c.id, coalesce(d.locked, 0) from conversion c left join derivation d on d.conversion = c.id
		where c.program = $1`, prog)
	for i := range list {
		if list[i].turn == 0 {
			list[i].turn = program.Always
		}
	}
	slices.SortFunc(list, func(a, b lockedAt) int {
		switch {
		case a.turn < b.turn, a.turn == b.turn && a.conversion < b.conversion:
			return -1
		}
		return 1
	})
	return list, err
}

func verifySome(ctx context.Context, r db.Reader, keys touch.Keys, p program.Program, locks []lockedAt, persons *journey.Persons,
	h history, proof *Proof) error {
	ids := make([]string, len(locks))
	for i, l := range locks {
		ids[i] = l.conversion
	}
	list, err := conversion.Named(ctx, r, ids)
	if err != nil {
		return err
	}
	sales := make(map[string]conversion.Conversion, len(list))
	for _, sale := range list {
		sales[sale.ID] = sale
	}
	reports, err := conversion.Reports(ctx, r, ids)
	if err != nil {
		return err
	}
	all := make([]facts, len(locks))
	for i, l := range locks {
		persons.At(l.turn)
		stands := sales[l.conversion]
		if who := h.splits.Anchor(stands.Keys(), program.Always); who != stands.Who {
			proof.fault("conversion %s (order %s) is kept under key %s, the facts make it %s", stands.ID, stands.Order, stands.Who, who)
		}
		sale, known := h.standAt(stands, reports[l.conversion], l.turn)
		if !known {
			proof.fault("conversion %s was locked before it was reported", l.conversion)
		}
		w := window(sale)
		all[i] = facts{sale: sale, stands: stands, keys: slices.Clone(persons.Keys(w.Key)), turn: l.turn}
		touches, err := touch.Of(ctx, r, p.ID, all[i].keys, w.From, w.To)
		if err != nil {
			return err
		}
		all[i].path = slices.DeleteFunc(touches, func(t touch.Touch) bool { return t.Turn > l.turn })
		asJudged(all[i].path, h.judged, l.turn)
		journey.Sort(all[i].path)
	}
	told, err := derivationsOf(ctx, r, ids)
	if err != nil {
		return err
	}
	all, b, err := complete(ctx, r, keys, atTurn{Program: p}, all, told, h)
	if err != nil {
		return err
	}
	kept, err := Of(ctx, r, ids)
	if err != nil {
		return err
	}
	for _, f := range all {
		proof.Conversions++
		e, err := explain(f, b)
		if err != nil {
			return err
		}
		proof.compare(f.stands, e, told, kept[f.sale.ID])
		for _, c := range kept[f.sale.ID] {
			proof.stand(c, e, lastOf(f.decisions, c.Partnership).Kind == ToApprove, told[f.sale.ID].locked > 0)
		}
	}
	return nil
}

// compare holds what follows from the facts against what is kept.
func (p *Proof) compare(sale conversion.Conversion, e Explanation, told map[string]derivation, kept []Commission) {
	derivation, ok := told[sale.ID]
	receipt := derivation.explanation
	if !ok {
		p.fault("conversion %s (order %s) was never derived", sale.ID, sale.Order)
		return
	}
	if receipt.state() != e.state() {
		p.fault("conversion %s (order %s): the receipt says %s, the facts say %s", sale.ID, sale.Order, receipt.state(), e.state())
	}
	if receipt.Net != e.Net || receipt.Reason != e.Reason || len(receipt.Steps) != len(e.Steps) {
		p.fault("conversion %s (order %s): the receipt says net %d, reason %q, %d touches; the facts say net %d, reason %q, %d touches",
			sale.ID, sale.Order, receipt.Net, receipt.Reason, len(receipt.Steps), e.Net, e.Reason, len(e.Steps))
	}
	owed := map[string]int64{}
	for _, part := range e.Parts {
		owed[part.Partnership] = part.Amount
	}
	for _, part := range receipt.Parts {
		if part.Amount != owed[part.Partnership] {
			p.fault("conversion %s (order %s): the receipt gives %s %d, the facts %d", sale.ID, sale.Order, part.Partnership, part.Amount, owed[part.Partnership])
		}
	}
	for _, c := range kept {
		p.Commissions++
		if !c.At.Equal(sale.At) {
			p.fault("commission %s (order %s) is of %s, its conversion of %s", c.ID, sale.Order, c.At.Format(time.RFC3339), sale.At.Format(time.RFC3339))
		}
		if c.Amount.Minor != owed[c.Partnership] {
			p.fault("commission %s (order %s): the books hold %d minor units for %s, the facts say %d", c.ID, sale.Order, c.Amount.Minor, c.Partnership, owed[c.Partnership])
		}
		delete(owed, c.Partnership)
	}
	for partnership, amount := range owed {
		if amount != 0 {
			p.fault("conversion %s (order %s): %s is owed %d minor units and has no commission", sale.ID, sale.Order, partnership, amount)
		}
	}
}

// stand holds what is kept of a commission's standing against the facts: whether it is locked, and on which day it will be.
func (p *Proof) stand(c Commission, e Explanation, approved, final bool) {
	day, held := Never, ""
	for _, part := range e.Parts {
		if part.Partnership == c.Partnership {
			day, held = part.Locks(), part.Held
		}
	}
	locked := !c.Matured.IsZero()
	switch {
	case !locked && approved:
		p.fault("commission %s was approved and is not locked", c.ID)
	case !locked && !c.Matures.Equal(day):
		p.fault("commission %s locks on %s, the facts say %s", c.ID, c.Matures.Format(time.RFC3339), day.Format(time.RFC3339))
	case !locked && c.State != c.stateOf():
		p.fault("commission %s is %s, the facts say %s", c.ID, c.State, c.stateOf())
	case locked && !final:
		p.fault("commission %s is locked, and the shares of its conversion are not", c.ID)
	case locked && held != "":
		p.fault("commission %s is held and locked", c.ID)
	case locked && !approved && c.Matured.Before(day) && c.Amount.Minor != 0:
		p.fault("commission %s was locked on %s, the facts say %s", c.ID, c.Matured.Format(time.RFC3339), day.Format(time.RFC3339))
	}
}

// unposted are the commissions whose postings do not come to their amounts, and the accounts that do not come to their
// commissions.
func unposted(ctx context.Context, r db.Reader, prog string) ([]string, error) {
	commissions, err := db.All(ctx, r, func(row db.Row) (string, error) {
		var id string
		var amount, posted int64
		err := row.Scan(&id, &amount, &posted)
		return fmt.Sprintf("commission %s is %d minor units, its postings come to %d", id, amount, posted), err
	}, `/* commission.unposted */
		with posted as (
			select cause, cast(sum(case when source = $1 then amount when target = $1 then -amount else 0 end) as bigint) as amount
			from entry where program = $2 group by cause)
		select c.id, c.amount, coalesce(p.amount, 0) from commission c left join posted p on p.cause = c.id
		where c.program = $2 and c.amount <> coalesce(p.amount, 0) order by c.id`, "program/"+prog+"/cost", prog)
	if err != nil {
		return nil, err
	}
	accounts, err := db.All(ctx, r, func(row db.Row) (string, error) {
		var name string
		var balance, owed int64
		err := row.Scan(&name, &balance, &owed)
		return fmt.Sprintf("account %s holds %d minor units, its commissions come to %d", name, balance, owed), err
	}, `/* commission.unposted */
		with owed as (
			select 'partner/' || partnership || '/' || program || '/pending' as name, currency,
				cast(sum(case when matured = 0 then amount else 0 end) as bigint) as amount from commission where program = $1 group by partnership, program, currency
			union all
			select 'partner/' || partnership || '/' || program || '/payable', currency,
				cast(sum(case when matured > 0 then amount - settled else 0 end) as bigint) from commission where program = $1 group by partnership, program, currency)
		select o.name, coalesce(a.balance, 0), o.amount from owed o left join account a on a.name = o.name and a.currency = o.currency
		where coalesce(a.balance, 0) <> o.amount order by o.name`, prog)
	return append(commissions, accounts...), err
}
