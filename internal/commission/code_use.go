package commission

import (
	"context"
	"slices"

	"github.com/tributary-hq/tributary/internal/conversion"
	"github.com/tributary-hq/tributary/internal/creative"
	"github.com/tributary-hq/tributary/internal/db"
	"github.com/tributary-hq/tributary/internal/journey"
	"github.com/tributary-hq/tributary/internal/program"
	"github.com/tributary-hq/tributary/internal/touch"
)

// An order may carry several promo codes. Each of partners' is judged by itself, with its own standing and its own partner's visits.
// What codes count for is the program's word and the same for all of them: where codes decide, the order is shared among those that
// count, by the model; where they share, each is a touch like others; where they take from nobody, each confirms its own partner.
// For the rate of orders with a code it is enough that any partner's code is on the order: the shop has given the discount.

// CodeUse is what a partner's promo code on an order came to.
type CodeUse struct {
	Code        string             `json:"code"`
	Partnership string             `json:"partnership"` // whose it was at the moment of the order
	Credit      program.CodeCredit `json:"credit"`
	Verdict     Verdict            `json:"verdict"`
	Visited     bool               `json:"visited,omitempty"` // a visit from its partner counts, too
	Before      string             `json:"before,omitempty"`  // of a single-use code: the order that used it first
	Reason      string             `json:"reason,omitempty"`  // why it was suspended
}

// usedCode is a partner's code on an order, as it stood at that moment.
type usedCode struct {
	creative.Standing
	before string // the order that has used it up
}

// judgeCodes says which codes on an order count, when everything else on the journey has been judged.
func (e *Explanation) judgeCodes(f facts, b book) {
	for at, t := range f.path {
		if t.Kind != touch.Code {
			continue
		}
		code := f.codes[slices.IndexFunc(f.codes, func(c usedCode) bool { return c.Code == e.Steps[at].Code })] // put on the path together
		e.Codes = append(e.Codes, e.judgeCode(&e.Steps[at], t, code, f, b))
	}
}

func (e *Explanation) judgeCode(step *Step, t touch.Touch, code usedCode, f facts, b book) CodeUse {
	use := CodeUse{Code: code.Code, Partnership: code.Partnership, Credit: program.CodesAt(b.codes, f.sale.At, f.turn), Before: code.before}
	of := func(s Step) bool {
		return s.Partnership == code.Partnership && s.Kind != touch.Code && s.Kind != touch.Impression && s.Verdict == Counted // to see is not to visit
	}
	use.Visited = slices.ContainsFunc(e.Steps, of)
	step.Verdict = judge(t, f, b)
	switch {
	case code.Suspended:
		step.Verdict, use.Reason = CodeSuspended, code.Reason
	case code.before != "":
		step.Verdict = CodeUsed
	case step.Verdict != Counted:
	case code.Near == creative.Met && !use.Visited,
		code.Near == creative.Source && !slices.ContainsFunc(e.Steps, func(s Step) bool { return of(s) && code.From(s.referrer) }):
		step.Verdict = CodeAlone
	case use.Credit == program.CodeInPath && !use.Visited:
		step.Verdict = CodeNotInPath
	case use.Credit == program.CodeWinner:
		step.Verdict = CodeNotWinner // until the others are weighed
	}
	use.Verdict = step.Verdict
	return use
}

// decides tells whether a code that counts leaves nothing of the order to other touches.
func (u CodeUse) decides() bool {
	return u.Verdict == Counted && (u.Credit == program.CodeAlways || u.Credit == program.CodeInPath)
}

// confirm tells of codes that take from nobody whether their partners have a part of the order.
func (e *Explanation) confirm() {
	for i := range e.Codes {
		use := &e.Codes[i]
		if use.Verdict != CodeNotWinner || !slices.ContainsFunc(e.Parts, func(p Part) bool { return p.Partnership == use.Partnership }) {
			continue
		}
		at := slices.IndexFunc(e.Steps, func(s Step) bool { return s.Kind == touch.Code && s.Code == use.Code })
		use.Verdict, e.Steps[at].Verdict = CodeConfirms, CodeConfirms
	}
}

// codeStep begins the id of a step that is the use of a promo code.
const codeStep = "code:"

// addCodes puts the use of partners' promo codes on the path, at the moment of the sale.
func addCodes(ctx context.Context, r db.Reader, prog string, all []facts) error {
	var names []string
	for _, f := range all {
		names = append(names, f.sale.Codes()...)
	}
	if len(names) == 0 {
		return nil
	}
	codes, err := creative.CodesNamed(ctx, r, prog, names)
	if err != nil || len(codes) == 0 {
		return err
	}
	standings, err := creative.Standings(ctx, r, prog, codes)
	if err != nil {
		return err
	}
	uses, err := singleUses(ctx, r, prog, codes)
	if err != nil {
		return err
	}
	for i := range all {
		f := &all[i]
		for _, name := range f.sale.Codes() {
			code, known := codes[name]
			if !known {
				continue
			}
			now, ok := creative.StandingAt(standings[name], f.sale.At, f.turn)
			if !ok { // given while the sale came in
				if now, ok = creative.StandingAt(standings[name], f.sale.At.Add(skew), f.turn); !ok {
					continue
				}
			}
			f.codes = append(f.codes, usedCode{Standing: now, before: uses.before(*f, code)})
			f.path = append(f.path, touch.Touch{ID: codeStep + name, Program: prog, Kind: touch.Code, Partnership: now.Partnership, At: f.sale.At})
		}
		journey.Sort(f.path)
	}
	return nil
}

// use is an order with a code that can be used once.
type use struct {
	conversion.Conversion
	reports []conversion.Report // when there are several
	locked  int64
	earned  bool // it was final when the code counted for it
}

type usesByCode map[string][]use

// singleUses are the orders with those of the codes that can be used once. The first one uses a code up, and
// that it was given back later does not make the code new: the shop has given the discount.
func singleUses(ctx context.Context, r db.Reader, prog string, codes map[string]creative.Code) (usesByCode, error) {
	var once []string
	for name, c := range codes {
		if c.Batch != "" {
			once = append(once, name)
		}
	}
	if len(once) == 0 {
		return nil, nil
	}
	slices.Sort(once)
	list, err := conversion.WithCodes(ctx, r, prog, once)
	if err != nil {
		return nil, err
	}
	if len(list) < 2 {
		return nil, nil // nobody was before
	}
	ids := make([]string, len(list))
	for i, c := range list {
		ids[i] = c.ID
	}
	reports, err := conversion.Reports(ctx, r, ids)
	if err != nil {
		return nil, err
	}
	derived, err := derivationsOf(ctx, r, ids)
	found := usesByCode{}
	for _, c := range list {
		d, named := derived[c.ID], c.Codes()
		for _, report := range reports[c.ID] {
			named = append(named, report.Said.Codes()...)
		}
		for _, name := range distinct(named) {
			counted := func(u CodeUse) bool { return u.Code == name && u.Verdict == Counted }
			found[name] = append(found[name], use{c, reports[c.ID], d.locked, slices.ContainsFunc(d.explanation.Codes, counted)})
		}
	}
	return found, err
}

// before is the order that has used a code before this one, as known at the turn: the earliest, but for one whose shares were
// final before with the code.
func (u usesByCode) before(f facts, code creative.Code) string {
	if code.Batch == "" {
		return ""
	}
	for _, one := range u[code.Code] {
		if one.ID != f.sale.ID && one.earned && one.locked > 0 && one.locked < f.turn {
			return one.Order
		}
	}
	first := f.sale
	for _, one := range u[code.Code] {
		if c, known := asKnown(one.Conversion, one.reports, f.turn); known && slices.Contains(c.Codes(), code.Code) && earlier(c, first) < 0 {
			first = c
		}
	}
	if first.ID == f.sale.ID {
		return ""
	}
	return first.Order
}

// rivals are the other orders with the single-use codes of those that came or changed: who was first may be another one now.
func rivals(ctx context.Context, r db.Reader, p atTurn, came []conversion.Conversion) ([]string, error) {
	var names []string
	for _, c := range came {
		names = append(names, c.Codes()...)
	}
	if len(names) == 0 {
		return nil, nil
	}
	codes, err := creative.CodesNamed(ctx, r, p.ID, names)
	if err != nil {
		return nil, err
	}
	var once []string
	for name, c := range codes {
		if c.Batch != "" {
			once = append(once, name)
		}
	}
	slices.Sort(once)
	list, err := conversion.WithCodes(ctx, r, p.ID, once)
	ids := make([]string, len(list))
	for i, c := range list {
		ids[i] = c.ID
	}
	return ids, err
}
