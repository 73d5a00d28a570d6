package web

import (
	"context"
	"strconv"
	"strings"
	"time"

	"github.com/tributary-hq/tributary/internal/audit"
	"github.com/tributary-hq/tributary/internal/commission"
	"github.com/tributary-hq/tributary/internal/contract"
	"github.com/tributary-hq/tributary/internal/db"
	"github.com/tributary-hq/tributary/internal/money"
	"github.com/tributary-hq/tributary/internal/problem"
	"github.com/tributary-hq/tributary/internal/program"
)

// proposal is what is about to be agreed, shown once more before it is.
type proposal struct {
	Terms   contract.Terms
	Changes []change // from what would hold without it
	When    string   // a message below "contract.from": whether it holds from now on, a later or an earlier day
	Since   time.Time
	Fields  []field // what the confirmation sends along
}

// addTerms agrees new terms with a partner from a day on, once they have been shown in words.
func (s *site) addTerms(v *visit) (answer, error) {
	f := termsForm(v, contract.Terms{}, true)
	f.read(v.PostForm)
	terms, since, err := readTerms(v, f)
	if sure := v.PostForm.Get("sure"); err == nil && sure != "yes" {
		data, err := s.readPartner(v, "contract")
		if data.Terms = f; err == nil && sure == "" {
			data.Proposal, err = v.propose(terms, since, f)
		}
		data.Changing = sure != ""
		return s.page("console/partners/detail", data.Partnership.Partner.Name, data), err
	}
	if err == nil {
		err = v.write(func(ctx context.Context, tx *db.Tx) error {
			if since.IsZero() {
				since = tx.Now
			}
			if _, err := commission.Agree(ctx, tx, s.keys, v.partnership.ID, since, terms, v.person.ID); err != nil {
				return err
			}
			return v.record(ctx, tx, audit.PartnershipAgree, v.partnership.ID)
		})
	}
	if err == nil {
		return s.done(partnerBase(v)+"?tab=contract", "terms_agreed"), nil
	}
	if !f.blame(v.lang, err) {
		return nil, err
	}
	data, err := s.readPartner(v, "contract")
	data.Terms = f
	return s.again("console/partners/detail", data.Partnership.Partner.Name, data), err
}

// propose compares terms with those that would hold without them.
func (v *visit) propose(terms contract.Terms, since time.Time, f form) (*proposal, error) {
	p := &proposal{Terms: terms, When: "now", Since: since, Fields: f.Fields}
	switch now := v.db.Now(); {
	case since.IsZero():
		since = now
	case since.After(now):
		p.When = "later"
	default:
		p.When = "earlier"
	}
	versions, err := v.versions()
	if before, agreed := contract.InForce(versions, since, program.Always); agreed {
		p.Changes = fromOutside(changes(v.lang, before.Terms, terms, v.program.Currency))
	}
	return p, err
}

// termsForm asks for terms; dated asks also from which day on they hold.
func termsForm(v *visit, t contract.Terms, dated bool) form {
	var f form
	c := v.program.Currency
	for _, event := range v.program.Events {
		p := t.Payouts[event]
		rate, fixed := field{Name: "rate." + event, Words: v.text("fields.rate_of", "event", eventName(v.lang, event)), Unit: "%"},
			field{Name: "fixed." + event, Words: v.text("fields.fixed_for", "event", eventName(v.lang, event)), Unit: string(c)}
		if p.Rate != 0 {
			rate.Value = p.Rate.String()
		}
		if p.Fixed != 0 {
			fixed.Value = money.Of(p.Fixed, c).Decimal()
		}
		f.Fields = append(f.Fields, rate, fixed)
	}
	for _, event := range v.program.Events {
		if _, agreed := t.WithCode[event]; agreed || event == bought || v.PostForm.Has("code_rate."+event) {
			f.Fields = append(f.Fields, codeFields(v, t, event)...)
		}
	}
	f.Fields = append(f.Fields, bindField(v, t))
	f.Fields = append(f.Fields,
		field{Name: "window_days", Type: "number", Value: strconv.FormatInt(t.WindowDays, 10), Required: true, Hint: "window_days"},
		field{Name: "view_days", Type: "number", Value: strconv.FormatInt(t.ViewDays, 10), Hint: "view_days"},
		field{Name: "lock_days", Type: "number", Value: strconv.FormatInt(t.LockDays, 10), Required: true, Hint: "lock_days"},
		field{Name: "cycle", Type: "select", Value: string(t.Cycle), Choices: choices(v.lang, "cycles", []string{"daily", "weekly", "monthly"})},
		field{Name: "threshold", Value: money.Of(t.Threshold, c).Decimal(), Unit: string(c), Hint: "threshold"})
	if dated {
		f.Fields = append(f.Fields, field{Name: "since", Type: "date", Hint: "since"})
	}
	return f
}

// readTerms is what a form of terms says; since is zero when it names no day.
func readTerms(v *visit, f form) (t contract.Terms, since time.Time, err error) {
	var faults []*problem.Problem
	t = contract.Terms{Payouts: map[string]contract.Payout{}, Cycle: contract.Cycle(f.value("cycle"))}
	for _, event := range v.program.Events {
		var p contract.Payout
		if text := decimal(f.value("rate." + event)); text != "" {
			if p.Rate, err = money.ParseRate(text); err != nil {
				faults = append(faults, problem.Wrong("rate."+event, "rate_invalid", "%v", err))
				t.Payouts[event] = p // else it would be said besides that nothing is paid
			}
		}
		p.Fixed = readMinor(f, "fixed."+event, v.program.Currency, &faults)
		if p != (contract.Payout{}) {
			t.Payouts[event] = p
		}
	}
	readCodeTerms(f, v.program, &t, &faults)
	t.WindowDays, t.LockDays = readDays(f, "window_days", &faults), readDays(f, "lock_days", &faults)
	if f.value("view_days") != "" {
		t.ViewDays = readDays(f, "view_days", &faults)
	}
	t.Threshold = readMinor(f, "threshold", v.program.Currency, &faults)
	if text := f.value("since"); text != "" {
		if since, err = time.ParseInLocation(time.DateOnly, text, v.zone); err != nil {
			faults = append(faults, problem.Invalid("since", "%q is not a day", text))
		}
	}
	return t, since, both(problem.Join(faults...), t.Check())
}

// decimal takes the comma that half the world writes for the point.
func decimal(s string) string {
	if strings.Count(s, ",") == 1 && !strings.Contains(s, ".") {
		return strings.Replace(s, ",", ".", 1)
	}
	return s
}

func readMinor(f form, name string, c money.Currency, faults *[]*problem.Problem) int64 {
	text := decimal(f.value(name))
	if text == "" {
		return 0
	}
	a, err := money.Parse(text, c)
	if err != nil {
		*faults = append(*faults, problem.Wrong(name, "amount_invalid", "%v", err))
	}
	return a.Minor
}

func readDays(f form, name string, faults *[]*problem.Problem) int64 {
	n, err := strconv.ParseInt(f.value(name), 10, 32)
	if err != nil {
		*faults = append(*faults, problem.Invalid(name, "%q is not a number of days", f.value(name)))
	}
	return n
}
