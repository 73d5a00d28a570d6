package commission

import (
	"context"
	"slices"
	"strconv"
	"time"

	"github.com/tributary-hq/tributary/internal/contract"
	"github.com/tributary-hq/tributary/internal/conversion"
	"github.com/tributary-hq/tributary/internal/creative"
	"github.com/tributary-hq/tributary/internal/db"
	"github.com/tributary-hq/tributary/internal/journey"
	"github.com/tributary-hq/tributary/internal/partner"
	"github.com/tributary-hq/tributary/internal/program"
	"github.com/tributary-hq/tributary/internal/touch"
)

// gather reads all facts that bear on the conversions of one program, as they are known now.
func gather(ctx context.Context, r db.Reader, keys touch.Keys, p atTurn, sales []conversion.Conversion, before map[string]derivation, grown []journey.Grown) ([]facts, book, error) {
	if len(sales) == 0 {
		return nil, book{}, nil
	}
	windows := make([]journey.Window, len(sales))
	for i, sale := range sales {
		windows[i] = window(sale)
	}
	paths, err := journey.Paths(ctx, r, p.ID, windows, grown)
	if err != nil {
		return nil, book{}, err
	}
	all := make([]facts, len(sales))
	for i, sale := range sales {
		all[i] = facts{sale: sale, stands: sale, keys: paths[i].Keys, path: paths[i].Touches, turn: program.Always}
	}
	splits, err := journey.SplitsOf(ctx, r, p.ID, p.agreed)
	if err != nil {
		return nil, book{}, err
	}
	return complete(ctx, r, keys, p, all, before, history{splits: splits})
}

// window is the longest time before a sale in which a touch can count.
func window(sale conversion.Conversion) journey.Window {
	return journey.Window{Key: sale.Who, From: sale.At.Add(-contract.MaxWindowDays * 24 * time.Hour), To: sale.At.Add(skew)}
}

// history is what has changed a program's facts, by turn. Who asks for what is known now needs but the splits.
type history struct {
	splits *journey.Splits
	judged map[string][]touch.Judgement
	past   bool // some is asked for as known at an earlier turn
}

// salesOf are the conversions of persons with the keys at any turn up to now, and the reports of those that have several. Under
// what key a conversion stands depends on its reports and on what was said of keys, so that there are more than belong to the
// persons at one turn: see standAt.
func (h history) salesOf(ctx context.Context, r db.Reader, prog string, keys []string, from time.Time) ([]conversion.Conversion, map[string][]conversion.Report, error) {
	if !h.past {
		sales, err := conversion.By(ctx, r, prog, keys, from)
		return sales, nil, err
	}
	sales, err := conversion.By(ctx, r, prog, distinct(append(h.splits.Spoken(), keys...)), from)
	if err != nil {
		return nil, nil, err
	}
	further, err := conversion.Reporting(ctx, r, prog, keys)
	if err != nil {
		return nil, nil, err
	}
	seen := map[string]bool{}
	for _, c := range sales {
		seen[c.ID] = true
	}
	for _, c := range further {
		if !seen[c.ID] {
			sales = append(sales, c)
		}
	}
	ids := make([]string, len(sales))
	for i, c := range sales {
		ids[i] = c.ID
	}
	reports, err := conversion.Reports(ctx, r, ids)
	return sales, reports, err
}

// standAt is a conversion as it stood at a turn, under the key by which it belonged to a person then.
func (h history) standAt(c conversion.Conversion, reports []conversion.Report, turn int64) (conversion.Conversion, bool) {
	c, known := asKnown(c, reports, turn)
	if turn != program.Always {
		c.Who = h.splits.Anchor(c.Keys(), turn)
	}
	return c, known
}

// complete adds to each sale and its path what else bears on it, and the book of what was agreed.
func complete(ctx context.Context, r db.Reader, keys touch.Keys, p atTurn, all []facts, before map[string]derivation, h history) ([]facts, book, error) {
	sales := make([]conversion.Conversion, len(all))
	for i, f := range all {
		sales[i] = f.stands
	}
	changed, err := changesOf(ctx, r, p.ID, sales, before)
	if err != nil {
		return nil, book{}, err
	}
	if err := addClaims(ctx, r, keys, all); err != nil {
		return nil, book{}, err
	}
	if err := addCodes(ctx, r, p.ID, all); err != nil {
		return nil, book{}, err
	}
	if err := addTies(ctx, r, keys, p, all, h); err != nil {
		return nil, book{}, err
	}
	if err := addOffline(ctx, r, p.ID, all); err != nil {
		return nil, book{}, err
	}
	var met []string
	for i := range all {
		all[i].changes = changed[all[i].sale.ID]
		met = append(met, all[i].ties.meets()...)
		for _, t := range all[i].path {
			if t.Partnership != "" {
				met = append(met, t.Partnership)
			}
		}
	}
	b, err := open(ctx, r, p, slices.Compact(slices.Sorted(slices.Values(met))))
	if err != nil {
		return nil, book{}, err
	}
	return all, b, addFollowers(ctx, r, p.ID, all, b, h)
}

// open reads what was agreed with partnerships of a program; what has not changed since it was last read is remembered.
func open(ctx context.Context, r db.Reader, p atTurn, partnerships []string) (b book, err error) {
	policies, err := db.Remember(r, "policies", p.agreed, []string{p.ID}, func(programs []string) (map[string][]program.Policy, error) {
		return program.Policies(ctx, r, programs)
	})
	if err != nil {
		return b, err
	}
	b.policies = policies[p.ID]
	codes, err := db.Remember(r, "code_policies", p.agreed, []string{p.ID}, func(programs []string) (map[string][]program.CodePolicy, error) {
		return program.CodePolicies(ctx, r, programs)
	})
	if err != nil {
		return b, err
	}
	b.codes = codes[p.ID]
	if b.rules, err = rulesOf(ctx, r, p); err != nil {
		return b, err
	}
	if len(partnerships) == 0 {
		return b, nil
	}
	b.statuses, err = db.Remember(r, "statuses", p.agreed, partnerships, func(missing []string) (map[string][]partner.StatusChange, error) {
		return partner.Changes(ctx, r, missing)
	})
	if err != nil {
		return b, err
	}
	b.versions, err = db.Remember(r, "versions", p.agreed, partnerships, func(missing []string) (map[string][]contract.Version, error) {
		return contract.Versions(ctx, r, missing)
	})
	return b, err
}

// linksNumbered are the links with the numbers, by number. A number, once given, is always the same link of the same
// partnership.
func linksNumbered(ctx context.Context, r db.Reader, numbers []int64) (map[int64]creative.Link, error) {
	names := make([]string, len(numbers))
	for i, n := range numbers {
		names[i] = strconv.FormatInt(n, 10)
	}
	found, err := db.Remember(r, "link", "always", names, func(missing []string) (map[string]creative.Link, error) {
		asked := make([]int64, len(missing))
		for i, name := range missing {
			asked[i], _ = strconv.ParseInt(name, 10, 64) // written above
		}
		links, err := creative.ByNumber(ctx, r, asked)
		named := make(map[string]creative.Link, len(links))
		for n, link := range links {
			named[strconv.FormatInt(n, 10)] = link
		}
		return named, err
	})
	links := make(map[int64]creative.Link, len(found))
	for _, link := range found {
		links[link.Number] = link
	}
	return links, err
}

// addClaims puts the clicks by which a person is known on the path when they are not there: a click id itself proves link
// and moment, even when the click has not been read yet.
func addClaims(ctx context.Context, r db.Reader, keys touch.Keys, all []facts) error {
	type claim struct {
		of    *facts
		click string
		touch.Claim
	}
	var claims []claim
	var numbers []int64
	for i := range all {
		f := &all[i]
		w := window(f.sale)
		for _, key := range f.keys {
			click, ok := touch.ClickOf(key)
			if !ok || slices.ContainsFunc(f.path, func(t touch.Touch) bool { return t.ID == click }) {
				continue
			}
			c, err := keys.Parse(click)
			if err == nil && !c.At.Before(w.From) && !c.At.After(w.To) {
				claims, numbers = append(claims, claim{f, click, c}), append(numbers, c.Link)
			}
		}
	}
	if len(claims) == 0 {
		return nil
	}
	links, err := linksNumbered(ctx, r, numbers)
	if err != nil {
		return err
	}
	for _, c := range claims {
		f := c.of
		link, ok := links[c.Link]
		if !ok || link.Program != f.sale.Program {
			continue
		}
		if f.claimed == nil {
			f.claimed = map[string]bool{}
		}
		f.claimed[c.click] = true
		kind := touch.Click
		if c.Agent {
			kind = touch.Agent
		}
		f.path = append(f.path, touch.Touch{ID: c.click, Program: link.Program, Kind: kind, Partnership: link.Partnership,
			Link: link.ID, Who: touch.WhoClick(c.click), At: c.At})
		journey.Sort(f.path)
	}
	return nil
}
