package audit

import (
	"context"
	"fmt"
	"maps"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/tributary-hq/tributary/internal/auth"
	"github.com/tributary-hq/tributary/internal/commission"
	"github.com/tributary-hq/tributary/internal/contract"
	"github.com/tributary-hq/tributary/internal/conversion"
	"github.com/tributary-hq/tributary/internal/creative"
	"github.com/tributary-hq/tributary/internal/db"
	"github.com/tributary-hq/tributary/internal/mail"
	"github.com/tributary-hq/tributary/internal/money"
	"github.com/tributary-hq/tributary/internal/offline"
	"github.com/tributary-hq/tributary/internal/partner"
	"github.com/tributary-hq/tributary/internal/payout"
	"github.com/tributary-hq/tributary/internal/program"
)

// things are what entries can be about, by the prefix of their ids, and which of their fields are told.
var things = map[string]func(ctx context.Context, r db.Reader, brand, id string) (thing, error){
	"brd": aBrand, "prg": aProgram, "pts": aPartnership, "prt": aPartner, "lnk": aLink, "com": aCommission, "bat": aBatch, "tok": aToken,
	"per": aPerson, "mal": aMail, "grp": aGroup, "crv": aCreative, "ppt": aProperty, "pct": aContact, "pbk": aPostback, "dom": aDomain,
	"upl": anUpload, "asg": aNumber,
	"rul": aRule, "cap": aCap, "spl": aSplit, "cnv": anOrder, "drd": aDirect,
}

func aBrand(ctx context.Context, r db.Reader, _, id string) (thing, error) {
	b, err := program.GetBrand(ctx, r, id)
	return thing{title: b.Name, brands: []string{b.ID}, fields: []field{{"name", b.Name}, {"slug", b.Slug}}}, err
}

func aProgram(ctx context.Context, r db.Reader, _, id string) (thing, error) {
	p, err := program.Get(ctx, r, id)
	if err != nil {
		return thing{}, err
	}
	var questions []string
	for _, q := range p.Form {
		if q.Required {
			q.Label += " *"
		}
		questions = append(questions, q.Label)
	}
	t := within(p, p.Name, field{"name", p.Name}, field{"slug", p.Slug}, field{"description", p.Description}, field{"landing", p.Landing},
		field{"domains", strings.Join(p.Domains, "\n")}, field{"currency", string(p.Currency)}, field{"timezone", p.Timezone}, field{"locale", p.Locale},
		field{"status", string(p.Status)}, field{"events", strings.Join(p.Events, ", ")}, field{"click_param", p.ClickParam},
		field{"questions", strings.Join(questions, "\n")}, field{"tag_sales", yes(p.TagSales)},
		field{"postback_names", postbackNames(p)}, field{"repeat_ms", strconv.FormatInt(p.RepeatMS, 10)}, field{"trust_datacentres", yes(p.TrustDatacentres)},
		field{"redirect_first", yes(p.RedirectFirst)}, field{"keep_months", strconv.FormatInt(p.KeepMonths, 10)}, field{"plain_days", strconv.FormatInt(p.PlainDays, 10)})
	policies, err := program.Policies(ctx, r, []string{id})
	if err != nil {
		return t, err
	}
	rules, err := program.Qualifyings(ctx, r, []string{id})
	if err != nil {
		return t, err
	}
	t.fields = append(append(t.fields, field{"qualifying", qualifying(rules[id])}), translated(p)...)
	seconds, err := offline.Rule(ctx, r, id)
	if err != nil {
		return t, err
	}
	t.fields = append(t.fields, field{"call_seconds", strconv.FormatInt(seconds, 10)})
	if list := policies[id]; len(list) > 0 {
		newest := slices.MaxFunc(list, func(a, b program.Policy) int { return int(a.Turn - b.Turn) })
		t.fields = append(t.fields, field{"model", modelText(newest.Model)}, field{"model_since", day(newest.Since, p)})
	}
	tag, err := program.TagOf(ctx, r, id)
	if err != nil {
		return t, err
	}
	t.fields = append(t.fields, field{"params", strings.Join(tag.Params, " ")}, field{"consent", string(tag.Consent)})
	terms, err := contract.Defaults(p)
	t.fields = append(t.fields, termFields(terms, p.Currency)...)
	return t, err
}

// translated are the description and the questions in the languages that are not the program's own: description.fr.
func translated(p program.Program) (list []field) {
	for _, tag := range slices.Sorted(maps.Keys(p.Descriptions)) {
		list = append(list, field{"description." + tag, p.Descriptions[tag]})
	}
	questions := map[string][]string{}
	for _, q := range p.Form {
		for tag, label := range q.Labels {
			questions[tag] = append(questions[tag], label)
		}
	}
	for _, tag := range slices.Sorted(maps.Keys(questions)) {
		list = append(list, field{"questions." + tag, strings.Join(questions[tag], "\n")})
	}
	return list
}

// within is a thing of a program.
func within(p program.Program, title string, fields ...field) thing {
	return thing{title: title, program: p.ID, brands: []string{p.Brand}, fields: fields}
}

func yes(b bool) string { return fmt.Sprint(b) }

// day is empty for what has always been so.
func day(t time.Time, p program.Program) string {
	if t.UnixMilli() == 0 {
		return ""
	}
	return t.In(p.Zone()).Format(time.DateOnly)
}

func modelText(m program.Model) string {
	switch m.Name {
	case "time_decay":
		return fmt.Sprintf("%s, %d h", m.Name, m.HalfLife)
	case "position":
		return fmt.Sprintf("%s, %s %% / %s %%", m.Name, m.First, m.Last)
	}
	return m.Name
}

// termFields are terms, an event's reward each: 10 % + 5.00 EUR.
func termFields(t contract.Terms, c money.Currency) (list []field) {
	for _, event := range slices.Sorted(maps.Keys(t.Payouts)) {
		p := t.Payouts[event]
		var parts []string
		if p.Rate != 0 {
			parts = append(parts, p.Rate.String()+" %")
		}
		if p.Fixed != 0 {
			parts = append(parts, money.Of(p.Fixed, c).String())
		}
		list = append(list, field{"pays." + event, strings.Join(parts, " + ")})
	}
	for _, event := range slices.Sorted(maps.Keys(t.WithCode)) {
		p := t.WithCode[event]
		list = append(list, field{"pays_with_code", fmt.Sprintf("%s: %s %% + %s", event, p.Rate, money.Of(p.Fixed, c))})
	}
	if t.BindMonths != 0 {
		list = append(list, field{"bind_months", fmt.Sprint(t.BindMonths)})
	}
	return append(list, field{"window_days", fmt.Sprint(t.WindowDays)}, field{"view_days", fmt.Sprint(t.ViewDays)}, field{"lock_days", fmt.Sprint(t.LockDays)}, field{"cycle", string(t.Cycle)},
		field{"threshold", money.Of(t.Threshold, c).String()})
}

func aPartnership(ctx context.Context, r db.Reader, _, id string) (thing, error) {
	s, err := partner.GetPartnership(ctx, r, id)
	if err != nil {
		return thing{}, err
	}
	p, err := program.Get(ctx, r, s.Program)
	if err != nil {
		return thing{}, err
	}
	codes, err := creative.Codes(ctx, r, id)
	if err != nil {
		return thing{}, err
	}
	var given []string
	for _, c := range codes {
		given = append(given, c.Code)
	}
	t := within(p, s.Partner.Name, field{"status", string(s.Status)}, field{"codes", strings.Join(given, ", ")})
	kept, err := careFields(ctx, r, id)
	if err != nil {
		return t, err
	}
	t.fields = append(t.fields, kept...)
	versions, err := contract.Versions(ctx, r, []string{id})
	if err != nil {
		return t, err
	}
	if list := versions[id]; len(list) > 0 {
		newest := slices.MaxFunc(list, func(a, b contract.Version) int { return int(a.Version - b.Version) })
		t.fields = append(t.fields, field{"version", fmt.Sprint(newest.Version)}, field{"since", day(newest.Since, p)})
		t.fields = append(t.fields, termFields(newest.Terms, p.Currency)...)
	}
	return t, nil
}

// aPartner is a profile as far as brands see it. It concerns those with whom the partner works or wants to.
func aPartner(ctx context.Context, r db.Reader, _, id string) (thing, error) {
	p, err := partner.Get(ctx, r, id)
	if err != nil {
		return thing{}, err
	}
	brands, err := brandsOf(ctx, r, id)
	return thing{title: p.Name, brands: brands, fields: []field{{"name", p.Name}, {"kind", p.Kind}, {"email", p.Email}, {"website", p.Website},
		{"country", p.Country}, {"rail", p.Rail}, {"pay_to", p.PayTo}}}, err
}

// brandsOf are those with whom a partner works or wants to.
func brandsOf(ctx context.Context, r db.Reader, id string) (brands []string, err error) {
	places, err := partner.In(ctx, r, id)
	if err != nil {
		return nil, err
	}
	for _, s := range places {
		if s.Status == partner.Declined || s.Status == partner.Ended {
			continue
		}
		in, err := program.Get(ctx, r, s.Program)
		if err != nil {
			return nil, err
		}
		if !slices.Contains(brands, in.Brand) {
			brands = append(brands, in.Brand)
		}
	}
	return brands, nil
}

func aLink(ctx context.Context, r db.Reader, _, id string) (thing, error) {
	l, err := creative.GetLink(ctx, r, id)
	if err != nil {
		return thing{}, err
	}
	p, err := program.Get(ctx, r, l.Program)
	return within(p, l.Code, field{"code", l.Code}, field{"target", l.Target}, field{"label", l.Label},
		field{"link_ends", momentUnless(l.Ends, p)}, field{"afterwards", l.Afterwards}), err
}

// aCommission is called by the number of its order.
func aCommission(ctx context.Context, r db.Reader, _, id string) (thing, error) {
	c, err := commission.Get(ctx, r, id)
	if err != nil {
		return thing{}, err
	}
	sale, err := conversion.Get(ctx, r, c.Conversion)
	if err != nil {
		return thing{}, err
	}
	p, err := program.Get(ctx, r, c.Program)
	return within(p, sale.Order, field{"state", string(c.State)}, field{"amount", c.Amount.String()}), err
}

// aBatch is called by the day on which it was made.
func aBatch(ctx context.Context, r db.Reader, _, id string) (thing, error) {
	b, err := payout.GetBatch(ctx, r, id)
	if err != nil {
		return thing{}, err
	}
	p, err := program.Get(ctx, r, b.Program)
	if err != nil {
		return thing{}, err
	}
	payouts, err := payout.In(ctx, r, id)
	if err != nil {
		return thing{}, err
	}
	t := within(p, day(b.Created, p))
	count, sum := map[payout.State]int{}, money.Of(0, b.Currency)
	for _, one := range payouts {
		count[one.State]++
		if one.State != payout.Cancelled {
			sum.Minor += one.Amount.Minor
		}
	}
	t.fields = append(t.fields, field{"amount", sum.String()})
	for _, state := range slices.Sorted(maps.Keys(count)) {
		t.fields = append(t.fields, field{"payouts." + string(state), fmt.Sprint(count[state])})
	}
	return t, nil
}

// aToken is found by its own brand alone.
func aToken(ctx context.Context, r db.Reader, brand, id string) (thing, error) {
	tokens, err := auth.Tokens(ctx, r, brand)
	for _, k := range tokens {
		if k.ID == id {
			var scopes []string
			for _, s := range k.Scopes {
				scopes = append(scopes, string(s))
			}
			return thing{title: k.Name, brands: []string{k.Brand}, fields: []field{{"mode", string(k.Mode)}, {"scopes", strings.Join(scopes, ", ")},
				{"revoked", yes(!k.Revoked.IsZero())}}}, err
		}
	}
	return thing{}, err
}

// aPerson concerns the brands in whose teams they are. What they are at a partner concerns no brand.
func aPerson(ctx context.Context, r db.Reader, brand, id string) (thing, error) {
	p, err := auth.Get(ctx, r, id)
	if err != nil {
		return thing{}, err
	}
	t := thing{title: p.Name}
	memberships, err := auth.Memberships(ctx, r, id)
	for _, m := range memberships {
		if m.Role == auth.Partner {
			continue
		}
		t.brands = append(t.brands, m.Scope)
		if m.Scope == brand {
			t.fields = append(t.fields, field{"role", string(m.Role)})
		}
	}
	return t, err
}

func aMail(ctx context.Context, r db.Reader, brand, id string) (thing, error) {
	l, err := mail.Get(ctx, r, brand, id)
	return thing{title: l.Subject, brands: []string{l.Brand}, fields: []field{{"state", string(l.State)}}}, err
}
