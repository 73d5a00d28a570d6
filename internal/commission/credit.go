package commission

import (
	"context"
	"slices"
	"time"

	"github.com/tributary-hq/tributary/internal/conversion"
	"github.com/tributary-hq/tributary/internal/db"
	"github.com/tributary-hq/tributary/internal/journey"
	"github.com/tributary-hq/tributary/internal/problem"
	"github.com/tributary-hq/tributary/internal/program"
	"github.com/tributary-hq/tributary/internal/touch"
)

// Credited is what became of a reported conversion.
type Credited struct {
	Conversion conversion.Conversion
	Duplicate  bool // it had been reported before, and stands as it did
}

// Credit keeps conversions and decides at once who earned them: the middle of the line. It takes many, for one round of
// statements serves them all; what is wrong with one is that one's result, and nothing of it is written.
func Credit(ctx context.Context, tx *db.Tx, keys touch.Keys, sales []conversion.New) ([]db.Result[Credited], error) {
	sales, err := apart(ctx, tx, keys, sales, salesApart)
	if err != nil {
		return nil, err
	}
	results := make([]db.Result[Credited], len(sales))
	programs, err := take(ctx, tx, sales, func(n conversion.New) string { return n.Program })
	if err != nil {
		return nil, err
	}
	read := make([]conversion.Conversion, len(sales))
	for i, n := range sales {
		p, ok := programs[n.Program]
		if !ok {
			results[i].Err = problem.NotFound("program", n.Program)
			continue
		}
		read[i], results[i].Err = conversion.Read(n, p.Program, keys, tx.Now)
		read[i].Turn = p.turn
	}
	if err := checkLinks(ctx, tx, keys, read, results); err != nil {
		return nil, err
	}
	good := indexesWithout(results)
	list := make([]conversion.Conversion, len(good))
	for j, i := range good {
		list[j] = read[i]
	}
	if err := anchorAll(ctx, tx, programs, list); err != nil {
		return nil, err
	}
	kept, err := conversion.Insert(ctx, tx, list)
	if err != nil {
		return nil, err
	}
	fresh, further := map[string][]conversion.Conversion{}, map[string]more{}
	for j, i := range good {
		fact, prog := kept[j].Value, kept[j].Value.Fact.Program
		if !fact.Duplicate {
			results[i] = db.Result[Credited]{Value: Credited{Conversion: fact.Fact}}
			fresh[prog] = append(fresh[prog], fact.Fact)
			continue
		}
		if results[i], err = further[prog].weigh(ctx, tx, programs[prog], fact.Fact, read[i], further); err != nil {
			return nil, err
		}
	}
	for _, p := range programs.inOrder() {
		if err := creditIn(ctx, tx, keys, p, fresh[p.ID], further[p.ID]); err != nil {
			return nil, err
		}
	}
	return results, nil
}

// affected are the conversions that can have other touches before them now that persons have grown: all of those parts
// that came to a person, and of the rest those later than the first touch that came along. The others need not be derived
// again, but they are of a person with another name now, and which order is a person's first is counted anew.
func affected(ctx context.Context, tx *db.Tx, keys touch.Keys, p atTurn, grown []journey.Grown) ([]string, error) {
	prog, turn := p.ID, p.turn
	if len(grown) == 0 {
		return nil, nil
	}
	all, err := binds(ctx, tx, prog, p.agreed) // then one order decides about the next
	if err != nil {
		return nil, err
	}
	var ids []string
	var moments []program.Moment
	for _, g := range grown {
		sales, err := conversion.By(ctx, tx, prog, g.All, time.UnixMilli(0))
		if err != nil {
			return nil, err
		}
		if len(sales) == 0 {
			continue
		}
		waits := func(string) bool { return false }
		if len(sales) > 1 {
			if waits, err = waitsByEvent(ctx, tx, prog); err != nil {
				return nil, err
			}
		}
		var first time.Time
		var ok bool
		if len(g.Attached) < len(g.All) {
			if first, ok, err = firstTouch(ctx, tx, keys, prog, g.Attached); err != nil {
				return nil, err
			}
		}
		for _, c := range sales {
			if all || slices.Contains(g.Attached, c.Who) || waits(c.Event) || ok && !c.At.Before(first.Add(-skew)) {
				ids = append(ids, c.ID)
			}
			moments = append(moments, program.Moment{Program: prog, At: c.At, Turn: turn})
		}
	}
	return slices.Compact(slices.Sorted(slices.Values(ids))), program.MarkDays(ctx, tx, program.Orders, moments)
}

// firstTouch is the earliest moment in which a person with the keys met anybody, by its touches or by what its click ids
// say of themselves.
func firstTouch(ctx context.Context, r db.Reader, keys touch.Keys, prog string, who []string) (first time.Time, ok bool, err error) {
	first, ok, err = touch.First(ctx, r, prog, who)
	for _, key := range who {
		if click, is := touch.ClickOf(key); is {
			if claim, err := keys.Parse(click); err == nil && (!ok || claim.At.Before(first)) {
				first, ok = claim.At, true
			}
		}
	}
	if err != nil {
		return first, ok, err
	}
	if call, is, err := firstCall(ctx, r, prog, who); err != nil || is && (!ok || call.Before(first)) {
		return call, is, err
	}
	return first, ok, nil
}

// checkLinks refuses click ids that are ours but name no link of the conversion's program.
func checkLinks(ctx context.Context, r db.Reader, keys touch.Keys, read []conversion.Conversion, results []db.Result[Credited]) error {
	claims := map[int]touch.Claim{}
	var numbers []int64
	for i, c := range read {
		if claim, ok := c.Claim(keys); ok && results[i].Err == nil {
			claims[i] = claim
			numbers = append(numbers, claim.Link)
		}
	}
	if len(numbers) == 0 {
		return nil
	}
	links, err := linksNumbered(ctx, r, numbers)
	if err != nil {
		return err
	}
	for i, claim := range claims {
		link, ok := links[claim.Link]
		switch {
		case !ok:
			results[i].Err = problem.Wrong("click_id", "click_id_unknown", "click id %q is of a link that does not exist here", read[i].Click)
		case link.Program != read[i].Program:
			results[i].Err = problem.Wrong("click_id", "click_id_foreign", "click id %q is of another program", read[i].Click)
		}
	}
	return nil
}

// atTurn is a program whose turn this transaction holds.
type atTurn struct {
	program.Program
	turn   int64
	agreed string // the word under which what was agreed is remembered; empty: it is read anew
}

// hold takes the turn of one program.
func hold(ctx context.Context, tx *db.Tx, prog string) (atTurn, error) {
	held, err := take(ctx, tx, []string{prog}, func(name string) string { return name })
	if err != nil {
		return atTurn{}, err
	}
	p, ok := held[prog]
	if !ok {
		return p, problem.NotFound("program", prog)
	}
	return p, nil
}

type turns map[string]atTurn

func (t turns) inOrder() []atTurn {
	list := make([]atTurn, 0, len(t))
	for _, p := range t {
		list = append(list, p)
	}
	slices.SortFunc(list, func(a, b atTurn) int {
		if a.ID < b.ID {
			return -1
		}
		return 1
	})
	return list
}

// take reads the programs that a batch names, those that exist, and takes their turns.
func take[T any](ctx context.Context, tx *db.Tx, batch []T, programOf func(T) string) (turns, error) {
	var ids []string
	for _, item := range batch {
		ids = append(ids, programOf(item))
	}
	if len(ids) == 0 {
		return nil, nil
	}
	stamps, err := program.Stamps(ctx, tx, ids...)
	if err != nil {
		return nil, err
	}
	taken := make(turns, len(stamps))
	for id, stamp := range stamps {
		known, err := db.Remember(tx, "program", stamp.Agreed, []string{id}, func(ids []string) (map[string]program.Program, error) {
			return program.Several(ctx, tx, ids)
		})
		if err != nil {
			return nil, err
		}
		taken[id] = atTurn{known[id], stamp.Turn, stamp.Agreed}
	}
	return taken, nil
}

func indexesWithout[T any](results []db.Result[T]) []int {
	var good []int
	for i, r := range results {
		if r.Err == nil {
			good = append(good, i)
		}
	}
	return good
}
