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

// judgeCode says whether the code on an order counts, when everything else on the journey has been judged.
func (e *Explanation) judgeCode(at int, t touch.Touch, f facts, b book) {
	step, code := &e.Steps[at], f.code
	use := &CodeUse{Code: code.Code, Partnership: code.Partnership, Credit: program.CodesAt(b.codes, f.sale.At, f.turn), Before: code.before}
	of := func(s Step) bool {
		return s.Partnership == code.Partnership && s.Kind != touch.Code && s.Verdict == Counted
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
	use.Verdict, e.Code = step.Verdict, use
}

// decides tells whether a code that counts has the order to itself.
func (u *CodeUse) decides() bool {
	return u != nil && u.Verdict == Counted && (u.Credit == program.CodeAlways || u.Credit == program.CodeInPath)
}

// confirm tells of a code that takes from nobody whether its partner has a part of the order.
func (e *Explanation) confirm() {
	if e.Code == nil || e.Code.Verdict != CodeNotWinner {
		return
	}
	for i, step := range e.Steps {
		if step.Kind == touch.Code && slices.ContainsFunc(e.Parts, func(p Part) bool { return p.Partnership == e.Code.Partnership }) {
			e.Steps[i].Verdict, e.Code.Verdict = CodeConfirms, CodeConfirms
		}
	}
}

// addCodes puts the use of a partner's promo code on the path, at the moment of the sale.
func addCodes(ctx context.Context, r db.Reader, prog string, all []facts) error {
	var names []string
	for _, f := range all {
		if f.sale.Code != "" {
			names = append(names, f.sale.Code)
		}
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
		code, known := codes[creative.Plain(f.sale.Code)]
		if !known {
			continue
		}
		now, ok := creative.StandingAt(standings[code.Code], f.sale.At, f.turn)
		if !ok { // given while the sale came in
			if now, ok = creative.StandingAt(standings[code.Code], f.sale.At.Add(skew), f.turn); !ok {
				continue
			}
		}
		f.code = &usedCode{Standing: now, before: uses.before(*f, code)}
		f.path = append(f.path, touch.Touch{ID: "code:" + code.Code, Program: prog, Kind: touch.Code, Partnership: now.Partnership, At: f.sale.At})
		journey.Sort(f.path)
	}
	return nil
}

// use is an order with a code that can be used once.
type use struct {
	conversion.Conversion
	locked int64
	earned bool // it was final when the code counted for it
}

type usesByCode map[string][]use

// singleUses are the orders with those of the codes that can be used once, in the order of time. The first one uses a code up, and
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
	found := usesByCode{}
	var again []string
	for _, c := range list {
		found[c.Code] = append(found[c.Code], use{Conversion: c})
	}
	for _, name := range once {
		slices.SortFunc(found[name], func(a, b use) int { return earlier(a.Conversion, b.Conversion) })
		if len(found[name]) > 1 {
			for _, u := range found[name] {
				again = append(again, u.ID)
			}
		}
	}
	derived, err := derivationsOf(ctx, r, again)
	for _, name := range once {
		for i, u := range found[name] {
			d := derived[u.ID]
			u.locked = d.locked
			u.earned = d.explanation.Code != nil && d.explanation.Code.Verdict == Counted
			found[name][i] = u
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
	for _, one := range u[code.Code] {
		if one.ID == f.sale.ID {
			return ""
		}
		if one.Turn <= f.turn {
			return one.Order
		}
	}
	return ""
}

// rivals are the other orders with the single-use codes of new ones: who was first may be another one now.
func rivals(ctx context.Context, r db.Reader, prog string, fresh []conversion.Conversion) ([]string, error) {
	var names []string
	for _, c := range fresh {
		if c.Code != "" {
			names = append(names, c.Code)
		}
	}
	if len(names) == 0 {
		return nil, nil
	}
	codes, err := creative.CodesNamed(ctx, r, prog, names)
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
	list, err := conversion.WithCodes(ctx, r, prog, once)
	ids := make([]string, len(list))
	for i, c := range list {
		ids[i] = c.ID
	}
	return ids, err
}
