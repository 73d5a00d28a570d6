package commission

import (
	"slices"
	"strings"
	"time"

	"github.com/tributary-hq/tributary/internal/attribution"
	"github.com/tributary-hq/tributary/internal/contract"
	"github.com/tributary-hq/tributary/internal/conversion"
	"github.com/tributary-hq/tributary/internal/money"
	"github.com/tributary-hq/tributary/internal/partner"
	"github.com/tributary-hq/tributary/internal/program"
	"github.com/tributary-hq/tributary/internal/touch"
)

// Verdict says whether a touch counted, and if not, why.
type Verdict string

// The verdicts. Their names are also the reasons for a conversion that nobody earned.
const (
	Counted          Verdict = "counted"
	Direct           Verdict = "direct"             // a visit without a partner never counts and never takes away
	Marked           Verdict = "marked"             // see its mark: a bot, a prefetch, a repetition, …
	AfterSale        Verdict = "after_sale"         // later than the conversion
	OutsideWindow    Verdict = "outside_window"     // earlier than the contract looks back
	PartnerNotActive Verdict = "partner_not_active" // the partnership was not approved at the moment of the touch
	ViewsNotAgreed   Verdict = "views_not_agreed"   // seen, not clicked: the contract pays for clicks alone
	OutsideView      Verdict = "outside_view"       // seen earlier than the contract looks back for what is only seen
	ClickBeatsView   Verdict = "click_beats_view"   // seen, while something else was clicked or a code was used
	NoContract       Verdict = "no_contract"        // nothing was agreed for the day of the conversion

	CodeSuspended Verdict = "code_suspended"   // the brand has suspended the code before the order
	CodeUsed      Verdict = "code_used"        // the code could be used once, and was
	CodeAlone     Verdict = "code_alone"       // the code is bound to visits of its partner, and there was none
	CodeNotInPath Verdict = "code_not_in_path" // by the program's policy: nothing else of its partner counts
	CodeNotWinner Verdict = "code_not_winner"  // by the program's policy: its partner has nothing of the order without it
	CodeConfirms  Verdict = "code_confirms"    // by the program's policy: its partner has the order without it
)

// Reasons beyond the verdicts why nobody earned.
const (
	NoTouch     = "no_touch"
	CodeUnknown = "code_unknown"
)

// Step is a touch of the journey as it was considered.
type Step struct {
	Touch       string     `json:"touch"`
	Kind        touch.Kind `json:"kind"`
	Partnership string     `json:"partnership,omitempty"`
	Link        string     `json:"link,omitempty"`
	Code        string     `json:"code,omitempty"`
	Mark        touch.Mark `json:"mark,omitempty"`
	At          time.Time  `json:"at"`
	Verdict     Verdict    `json:"verdict"`
	Weight      int64      `json:"weight,omitempty"`  // its share is weight / sum of the weights
	Claimed     bool       `json:"claimed,omitempty"` // known only by its click id
	referrer    string
}

// Part is what one partnership gets of a conversion, and by which terms.
type Part struct {
	Partnership string          `json:"partnership"`
	Weight      int64           `json:"weight"`
	Contract    string          `json:"contract"`
	Version     int64           `json:"version"`
	Payout      contract.Payout `json:"payout"`
	WithCode    bool            `json:"with_code,omitempty"` // the payout is the one for orders with a promo code
	Matures     time.Time       `json:"matures"`
	Whole       money.Micro     `json:"whole"`           // what the whole conversion earns under these terms, in millionths of a minor unit
	Amount      int64           `json:"amount"`          // minor units: the rounded share
	Held        string          `json:"held,omitempty"`  // why it does not lock on its day
	Waits       bool            `json:"waits,omitempty"` // its conversion has yet to qualify
	Until       time.Time       `json:"until,omitzero"`  // its conversion qualifies by then, if nothing is given back before
	Reversed    string          `json:"reversed,omitempty"`
}

// Explanation is why each cent of a conversion went where it went.
type Explanation struct {
	Policy   string         `json:"policy"`
	Model    program.Model  `json:"model"`
	Steps    []Step         `json:"steps"`
	Parts    []Part         `json:"parts"`
	Gross    int64          `json:"gross"` // minor units of the program's currency, as everything here
	Refunded int64          `json:"refunded"`
	Net      int64          `json:"net"`
	Reason   string         `json:"reason,omitempty"` // why nobody earned
	Codes    []CodeUse      `json:"codes,omitempty"`
	Bound    *Bound         `json:"bound,omitempty"`
	Edit     string         `json:"edit,omitempty"` // by which the order stands
	Qualify  *Qualification `json:"qualify,omitempty"`
}

// skew is how much the shop's clock may lag behind ours: a click so much after the sale is still taken to be before it.
const skew = time.Minute

// facts are what is known of one conversion.
type facts struct {
	sale     conversion.Conversion // as known at the turn
	stands   conversion.Conversion // as it is now
	keys     []string              // of the person, as known at the turn
	path     []touch.Touch         // in the order of time, as known at the turn
	claimed  map[string]bool       // clicks that are on the path only because their ids prove them
	codes    []usedCode            // partners', on the order
	ties     ties
	follower string // the conversion of the same person that its rule asks for
	turn     int64  // how far contracts and states are known
	changes
}

// book is what was agreed: with every partnership that the journeys meet, and how the program settles.
type book struct {
	policies []program.Policy
	codes    []program.CodePolicy
	statuses map[string][]partner.StatusChange
	versions map[string][]contract.Version
	rules    []program.Qualifying
}

// explain is the whole decision, as arithmetic: the same facts give the same cents at any time.
func explain(f facts, b book) (Explanation, error) {
	policy, err := program.InForce(b.policies, f.sale.At, f.turn)
	if err != nil {
		return Explanation{}, err
	}
	e := Explanation{Policy: policy.ID, Model: policy.Model, Steps: []Step{}, Parts: []Part{}}
	for _, t := range f.path {
		step := Step{Touch: t.ID, Kind: t.Kind, Partnership: t.Partnership, Link: t.Link, Mark: t.Mark, At: t.At, Claimed: f.claimed[t.ID], referrer: t.Referrer}
		if t.Mark == touch.Duplicate && !e.repeats(step) {
			t.Mark = touch.Counts
		}
		step.Verdict = judge(t, f, b)
		if t.Kind == touch.Code {
			step.Code = strings.TrimPrefix(t.ID, codeStep)
		}
		e.Steps = append(e.Steps, step)
	}
	e.judgeCodes(f, b)
	e.preferClicks()
	if err := e.bind(f, b); err != nil {
		return e, err
	}
	counted, moments := e.counted()
	for i, weight := range attribution.Split(policy.Model, moments) {
		step := &e.Steps[counted[i]]
		step.Weight = weight
		if weight > 0 {
			e.credit(*step, f, b)
		}
	}
	e.confirm()
	if len(e.Parts) == 0 {
		e.Reason = e.why(f)
	}
	e.Qualify = require(f, b)
	e.price(f.changes)
	return e, nil
}

// bind adds to the journey whose the customer is.
func (e *Explanation) bind(f facts, b book) (err error) {
	if e.Bound, err = f.bound(b); err != nil || e.Bound == nil {
		return err
	}
	step := Step{Touch: "bound:" + e.Bound.Partnership, Kind: touch.Bound, Partnership: e.Bound.Partnership, At: f.sale.At}
	step.Verdict = judge(touch.Touch{Kind: touch.Bound, Partnership: step.Partnership, At: step.At}, f, b)
	e.Bound.Verdict, e.Steps = step.Verdict, append(e.Steps, step)
	return nil
}

// counted are the steps that the order is shared among, and their moments: the customer's own partner alone, or the codes' alone
// where the program says so, or all that count.
func (e *Explanation) counted() (steps []int, moments []time.Time) {
	decided := slices.ContainsFunc(e.Codes, CodeUse.decides)
	for i, s := range e.Steps {
		alone := decided && s.Kind != touch.Code
		if e.Bound != nil && e.Bound.Verdict == Counted {
			alone = s.Kind != touch.Bound
		}
		if s.Verdict == Counted && !alone {
			steps, moments = append(steps, i), append(moments, s.At)
		}
	}
	return steps, moments
}

// repeats tells whether a duplicate's own first click is on the path. Without it the duplicate stands for it: a browser that
// is clicked twice drops the first page and arrives with the second click's id.
func (e *Explanation) repeats(s Step) bool {
	return slices.ContainsFunc(e.Steps, func(before Step) bool {
		return before.Link == s.Link && before.Kind == s.Kind && before.Verdict != Marked && s.At.Sub(before.At) <= program.RepeatMost*time.Millisecond
	})
}

// preferClicks takes what was only seen out of a journey in which something was done.
func (e *Explanation) preferClicks() {
	done := slices.ContainsFunc(e.Steps, func(s Step) bool { return s.Verdict == Counted && s.Kind != touch.Impression })
	for i, s := range e.Steps {
		if done && s.Verdict == Counted && s.Kind == touch.Impression {
			e.Steps[i].Verdict = ClickBeatsView
		}
	}
}

// judge says whether a touch counts.
func judge(t touch.Touch, f facts, b book) Verdict {
	switch {
	case t.Partnership == "":
		return Direct
	case t.Mark != "":
		return Marked
	case t.At.After(f.sale.At.Add(skew)):
		return AfterSale
	case partner.StatusAt(b.statuses[t.Partnership], t.At, f.turn) != partner.Approved:
		return PartnerNotActive
	}
	version, ok := contract.InForce(b.versions[t.Partnership], f.sale.At, f.turn)
	switch {
	case !ok:
		return NoContract
	case t.Kind == touch.Impression && version.Terms.ViewDays == 0:
		return ViewsNotAgreed
	case t.Kind == touch.Impression && t.At.Before(f.sale.At.Add(-version.Terms.ViewWindow())):
		return OutsideView
	case t.At.Before(f.sale.At.Add(-version.Terms.Window())):
		return OutsideWindow
	}
	return Counted
}

// credit adds a step's weight to its partnership's part.
func (e *Explanation) credit(s Step, f facts, b book) {
	i := slices.IndexFunc(e.Parts, func(p Part) bool { return p.Partnership == s.Partnership })
	if i < 0 {
		version, _ := contract.InForce(b.versions[s.Partnership], f.sale.At, f.turn) // judge has seen it
		payout, withCode := version.Terms.Pays(f.sale.Event, len(f.codes) > 0)
		e.Parts = append(e.Parts, Part{Partnership: s.Partnership, Contract: version.ID, Version: version.Version,
			Payout: payout, WithCode: withCode, Matures: version.Terms.Matures(f.sale.At)})
		i = len(e.Parts) - 1
	}
	e.Parts[i].Weight += s.Weight
}

// why is the reason that nobody earned: that of the touch nearest to the sale which had a partner.
func (e *Explanation) why(f facts) string {
	for _, step := range slices.Backward(e.Steps) {
		if step.Verdict != Direct {
			return string(step.Verdict)
		}
	}
	if f.sale.Code != "" {
		return CodeUnknown
	}
	return NoTouch
}

// price turns the parts into cents, from what refunds have left of the conversion. It can be done again when the parts are
// locked.
func (e *Explanation) price(ch changes) {
	refunds, decisions := ch.refunds, ch.decisions
	e.Gross, e.Edit = ch.terms.Amount, ch.terms.Edit
	e.Net = conversion.Net(ch.terms, refunds)
	e.Refunded = e.Gross - e.Net
	gross := e.Gross
	if gross == 0 && slices.ContainsFunc(refunds, func(r conversion.Refund) bool { return r.Whole }) {
		gross = 1 // what has no amount, a lead, can still be taken back whole
	}
	e.qualify(ch)
	waits, until := e.waits()
	prices, weights := make([]money.Micro, len(e.Parts)), make([]int64, len(e.Parts))
	for i, p := range e.Parts {
		prices[i], weights[i] = p.Payout.Price(gross, e.Net), p.Weight
	}
	for i, share := range money.Split(prices, weights) {
		p := &e.Parts[i]
		p.Whole, p.Amount = prices[i], share
		p.Held, p.Reversed = standing(decisions, p.Partnership)
		if p.Reversed == "" && e.Qualify != nil && e.Qualify.State == Disqualified {
			p.Held, p.Reversed = "", NotQualified
		}
		if p.Reversed != "" {
			p.Amount = 0
		}
		p.Waits, p.Until = waits, until
	}
}

// Locks is the day on which the part's commission locks by itself.
func (p Part) Locks() time.Time {
	switch {
	case p.Held != "":
		return Never
	case p.Waits:
		return Awaits
	case p.Until.After(p.Matures):
		return p.Until
	}
	return p.Matures
}

// partnerships are those who have a part.
func (e Explanation) partnerships() []string {
	names := []string{}
	for _, p := range e.Parts {
		names = append(names, p.Partnership)
	}
	return names
}
