package api

import (
	"context"
	"time"

	"github.com/tributary-hq/tributary/client"
	"github.com/tributary-hq/tributary/internal/audit"
	"github.com/tributary-hq/tributary/internal/auth"
	"github.com/tributary-hq/tributary/internal/creative"
	"github.com/tributary-hq/tributary/internal/db"
	"github.com/tributary-hq/tributary/internal/money"
	"github.com/tributary-hq/tributary/internal/program"
	"github.com/tributary-hq/tributary/internal/steer"
)

var (
	rules  = kind[steer.Rule]{"rule", steer.GetRule, func(r steer.Rule) string { return r.Program }}
	caps   = kind[steer.Cap]{"cap", steer.GetCap, func(c steer.Cap) string { return c.Program }}
	splits = kind[steer.Split]{"split", steer.GetSplit, func(s steer.Split) string { return s.Program }}
)

// steerOperations are redirect rules, caps, split tests and the ends of links.
var steerOperations = []operation{
	{"GET", "/v1/programs/{program}/rules", "rules-list", auth.Read, "List a program's redirect rules", "In their order: the first that fits a visitor holds.", reads((*API).listRules)},
	{"POST", "/v1/programs/{program}/rules", "rules-create", auth.WriteSettings, "Make a redirect rule", "After all others.", creates((*API).createRule)},
	{"GET", "/v1/rules/{rule}", "rules-get", auth.Read, "Get a redirect rule", "Also one that was removed: touches name it.", reads((*API).getRule)},
	{"PUT", "/v1/rules/{rule}", "rules-replace", auth.WriteSettings, "Write a redirect rule anew", "Its place stays.", writes((*API).replaceRule)},
	{"POST", "/v1/rules/{rule}/move", "rules-move", auth.WriteSettings, "Move a redirect rule", "The others make room.", writes((*API).moveRule)},
	{"DELETE", "/v1/rules/{rule}", "rules-remove", auth.WriteSettings, "Remove a redirect rule", "", writes((*API).removeRule)},

	{"GET", "/v1/programs/{program}/caps", "caps-list", auth.Read, "List a program's caps", "With how far they are.", reads((*API).listCaps)},
	{"POST", "/v1/programs/{program}/caps", "caps-create", auth.WriteSettings, "Make a cap", "", creates((*API).createCap)},
	{"GET", "/v1/caps/{cap}", "caps-get", auth.Read, "Get a cap", "", reads((*API).getCap)},
	{"PATCH", "/v1/caps/{cap}", "caps-change", auth.WriteSettings, "Raise or lower a cap", "What is left out stays as it is.", writes((*API).changeCap)},
	{"DELETE", "/v1/caps/{cap}", "caps-remove", auth.WriteSettings, "Remove a cap", "Unless a rule asks for it.", writes((*API).removeCap)},

	{"GET", "/v1/programs/{program}/splits", "splits-list", auth.Read, "List a program's split tests", "The newest first, with what came of them.", reads((*API).listSplits)},
	{"POST", "/v1/programs/{program}/splits", "splits-begin", auth.WriteSettings, "Begin a split test", "It stays as it is until it ends.", creates((*API).beginSplit)},
	{"GET", "/v1/splits/{split}", "splits-get", auth.Read, "Get a split test", "Its verdict may be read as often as you like: it is a sequential one.", reads((*API).getSplit)},
	{"POST", "/v1/splits/{split}/end", "splits-end", auth.WriteSettings, "End a split test", "Links lead where they did before.", writes((*API).endSplit)},

	{"POST", "/v1/links/{link}/end", "links-end", auth.WriteLinks, "Say until when a link leads to its page", "And where it leads afterwards. Clicks from then on are kept and do not count.",
		writes((*API).endLink)},
}

func tellRedirect(p program.Program, r steer.Rule) client.Redirect {
	c := r.When
	when := client.Conditions{Countries: c.Countries, Abroad: c.Abroad, Regions: c.Regions, Devices: c.Devices, Systems: c.Systems, Languages: c.Languages, From: c.From, To: c.To,
		Referrers: c.Referrers, Sub: c.Sub, SubIDs: c.SubIDs, Quality: c.Quality, Visit: c.Visit, Cap: c.Cap}
	for _, day := range c.Weekdays {
		when.Weekdays = append(when.Weekdays, int(day))
	}
	return client.Redirect{ID: r.ID, Program: r.Program, Link: r.Link, When: when, Action: string(r.Do), Target: r.Target, Resting: r.Resting,
		Follows: !r.Resting && !r.Removed && steer.Leads(&p, r.Target), CreatedAt: r.Created}
}

func redirectOf(n client.NewRedirect) steer.Rule {
	c := n.When
	r := steer.Rule{Link: n.Link, Do: steer.Action(n.Action), Target: n.Target, Resting: n.Resting, When: steer.Conditions{Countries: c.Countries, Abroad: c.Abroad, Regions: c.Regions,
		Devices: c.Devices, Systems: c.Systems, Languages: c.Languages, From: c.From, To: c.To, Referrers: c.Referrers, Sub: c.Sub, SubIDs: c.SubIDs, Quality: c.Quality,
		Visit: c.Visit, Cap: c.Cap}}
	for _, day := range c.Weekdays {
		r.When.Weekdays = append(r.When.Weekdays, time.Weekday(day))
	}
	return r
}

func (a *API) listRules(ctx context.Context, who auth.Actor, in *struct {
	Program string `path:"program" doc:"Id or short name of the program."`
	Paging
}) (client.Page[client.Redirect], error) {
	p, err := programOf(ctx, a.db.Read(), who, in.Program)
	if err != nil {
		return client.Page[client.Redirect]{}, err
	}
	list, err := steer.Rules(ctx, a.db.Read(), p.ID)
	if err != nil {
		return client.Page[client.Redirect]{}, err
	}
	return pageOfAll(in.Paging, list, func(r steer.Rule) string { return r.ID }, func(r steer.Rule) client.Redirect { return tellRedirect(p, r) })
}

func (a *API) createRule(ctx context.Context, tx *db.Tx, who auth.Actor, in *struct {
	Program string `path:"program" doc:"Id or short name of the program."`
	Body    client.NewRedirect
}) (client.Redirect, error) {
	p, err := programOf(ctx, tx, who, in.Program)
	if err != nil {
		return client.Redirect{}, err
	}
	r := redirectOf(in.Body)
	r.Author = who.ID
	if r, err = steer.AddRule(ctx, tx, p, r); err != nil {
		return client.Redirect{}, err
	}
	return tellRedirect(p, r), audit.Record(ctx, tx, who, audit.RuleAdd, r.ID)
}

type ruleInput struct {
	ID string `path:"rule" doc:"Id of the rule."`
}

func (a *API) getRule(ctx context.Context, who auth.Actor, in *ruleInput) (client.Redirect, error) {
	r, p, err := rules.of(ctx, a.db.Read(), who, in.ID)
	return tellRedirect(p, r), err
}

// treatRule does something with a rule and tells how it is then.
func treatRule(ctx context.Context, tx *db.Tx, who auth.Actor, id string, what audit.Action, do func(program.Program, steer.Rule) error) (client.Redirect, error) {
	r, p, err := rules.of(ctx, tx, who, id)
	if err == nil {
		err = do(p, r)
	}
	if err == nil {
		r, err = steer.GetRule(ctx, tx, id)
	}
	if err != nil {
		return client.Redirect{}, err
	}
	return tellRedirect(p, r), audit.Record(ctx, tx, who, what, id)
}

func (a *API) replaceRule(ctx context.Context, tx *db.Tx, who auth.Actor, in *struct {
	ID   string `path:"rule" doc:"Id of the rule."`
	Body client.NewRedirect
}) (client.Redirect, error) {
	return treatRule(ctx, tx, who, in.ID, audit.RuleChange, func(p program.Program, was steer.Rule) error {
		r := redirectOf(in.Body)
		r.ID = was.ID
		return steer.ChangeRule(ctx, tx, p, r)
	})
}

func (a *API) moveRule(ctx context.Context, tx *db.Tx, who auth.Actor, in *struct {
	ID   string `path:"rule" doc:"Id of the rule."`
	Body client.RuleMove
}) (client.Redirect, error) {
	return treatRule(ctx, tx, who, in.ID, audit.RuleMove, func(p program.Program, r steer.Rule) error {
		return steer.MoveRule(ctx, tx, p.ID, r.ID, in.Body.Place)
	})
}

func (a *API) removeRule(ctx context.Context, tx *db.Tx, who auth.Actor, in *ruleInput) (client.Redirect, error) {
	return treatRule(ctx, tx, who, in.ID, audit.RuleRemove, func(p program.Program, r steer.Rule) error {
		return steer.RemoveRule(ctx, tx, p.ID, r.ID)
	})
}

func (a *API) tellCaps(ctx context.Context, r db.Reader, p program.Program, list []steer.Cap) (map[string]client.Cap, error) {
	now, err := steer.Standings(ctx, r, &a.book, p, list, a.db.Now())
	told := map[string]client.Cap{}
	for _, c := range list {
		told[c.ID] = client.Cap{ID: c.ID, Program: c.Program, Partnership: c.Partnership, Link: c.Link, Measure: string(c.Measure), Period: string(c.Period), Most: c.Most,
			Amount: now[c.ID].Amount, Reached: now[c.ID].Reached(c), Target: c.Target, CreatedAt: c.Created}
	}
	return told, err
}

func (a *API) tellCap(ctx context.Context, r db.Reader, p program.Program, c steer.Cap) (client.Cap, error) {
	told, err := a.tellCaps(ctx, r, p, []steer.Cap{c})
	return told[c.ID], err
}

func (a *API) listCaps(ctx context.Context, who auth.Actor, in *struct {
	Program string `path:"program" doc:"Id or short name of the program."`
	Paging
}) (client.Page[client.Cap], error) {
	none := client.Page[client.Cap]{}
	p, err := programOf(ctx, a.db.Read(), who, in.Program)
	if err != nil {
		return none, err
	}
	list, err := steer.Caps(ctx, a.db.Read(), p.ID)
	if err != nil {
		return none, err
	}
	told, err := a.tellCaps(ctx, a.db.Read(), p, list)
	if err != nil {
		return none, err
	}
	return pageOfAll(in.Paging, list, func(c steer.Cap) string { return c.ID }, func(c steer.Cap) client.Cap { return told[c.ID] })
}

func (a *API) createCap(ctx context.Context, tx *db.Tx, who auth.Actor, in *struct {
	Program string `path:"program" doc:"Id or short name of the program."`
	Body    client.NewCap
}) (client.Cap, error) {
	p, err := programOf(ctx, tx, who, in.Program)
	if err != nil {
		return client.Cap{}, err
	}
	n := in.Body
	c, err := steer.AddCap(ctx, tx, p, steer.Cap{Partnership: n.Partnership, Link: n.Link, Measure: steer.Measure(n.Measure), Period: steer.Period(n.Period), Most: n.Most,
		Target: n.Target, Author: who.ID})
	if err == nil {
		err = audit.Record(ctx, tx, who, audit.CapAdd, c.ID)
	}
	if err != nil {
		return client.Cap{}, err
	}
	return a.tellCap(ctx, tx, p, c)
}

type capInput struct {
	ID string `path:"cap" doc:"Id of the cap."`
}

func (a *API) getCap(ctx context.Context, who auth.Actor, in *capInput) (client.Cap, error) {
	c, p, err := caps.of(ctx, a.db.Read(), who, in.ID)
	if err != nil {
		return client.Cap{}, err
	}
	return a.tellCap(ctx, a.db.Read(), p, c)
}

func (a *API) changeCap(ctx context.Context, tx *db.Tx, who auth.Actor, in *struct {
	ID   string `path:"cap" doc:"Id of the cap."`
	Body client.CapChange
}) (client.Cap, error) {
	c, p, err := caps.of(ctx, tx, who, in.ID)
	if err != nil {
		return client.Cap{}, err
	}
	if in.Body.Most != nil {
		c.Most = *in.Body.Most
	}
	if in.Body.Target != nil {
		c.Target = *in.Body.Target
	}
	if err = steer.ChangeCap(ctx, tx, p, c.ID, c.Most, c.Target); err == nil {
		c, err = steer.GetCap(ctx, tx, c.ID)
	}
	if err == nil {
		err = audit.Record(ctx, tx, who, audit.CapChange, in.ID)
	}
	if err != nil {
		return client.Cap{}, err
	}
	return a.tellCap(ctx, tx, p, c)
}

func (a *API) removeCap(ctx context.Context, tx *db.Tx, who auth.Actor, in *capInput) (client.Cap, error) {
	c, p, err := caps.of(ctx, tx, who, in.ID)
	if err == nil {
		err = steer.RemoveCap(ctx, tx, p.ID, c.ID)
	}
	if err == nil {
		err = audit.Record(ctx, tx, who, audit.CapRemove, c.ID)
	}
	if err != nil {
		return client.Cap{}, err
	}
	return a.tellCap(ctx, tx, p, c)
}

func (a *API) tellSplit(ctx context.Context, r db.Reader, p program.Program, s steer.Split) (client.Split, error) {
	outcomes, _, err := s.Outcomes(ctx, r, a.db.Now(), p.Zone())
	out := client.Split{ID: s.ID, Program: s.Program, Link: s.Link, Name: s.Name, Rate: s.Rate, Lift: s.Lift, ClicksNeeded: s.Plan().Clicks(), Winner: s.Winner, CreatedAt: s.Created,
		EndedAt: momentOrNull(s.Ended), Variants: []client.Variant{}}
	if err != nil {
		return out, err
	}
	for _, o := range outcomes {
		out.Variants = append(out.Variants, client.Variant{Key: o.Key, Name: o.Name, Target: o.Target, Weight: o.Weight, Clicks: o.Clicks, Conversions: o.Conversions, Rate: o.Rate(),
			Revenue: tellMoney(money.Of(o.Revenue, p.Currency)), Difference: o.Against.Difference, Low: o.Against.Low, High: o.Against.High, PValue: o.Against.Chance, Real: o.Against.Real})
	}
	if best, ok := steer.Best(outcomes); ok {
		out.Best = outcomes[best].Key
	}
	return out, nil
}

func (a *API) listSplits(ctx context.Context, who auth.Actor, in *struct {
	Program string `path:"program" doc:"Id or short name of the program."`
	Paging
}) (client.Page[client.Split], error) {
	none := client.Page[client.Split]{}
	p, err := programOf(ctx, a.db.Read(), who, in.Program)
	if err != nil {
		return none, err
	}
	list, err := steer.Splits(ctx, a.db.Read(), p.ID)
	if err != nil {
		return none, err
	}
	var failed error
	told, err := pageOfAll(in.Paging, list, func(s steer.Split) string { return s.ID }, func(s steer.Split) client.Split {
		one, err := a.tellSplit(ctx, a.db.Read(), p, s)
		if err != nil {
			failed = err
		}
		return one
	})
	if failed != nil {
		return none, failed
	}
	return told, err
}

func (a *API) beginSplit(ctx context.Context, tx *db.Tx, who auth.Actor, in *struct {
	Program string `path:"program" doc:"Id or short name of the program."`
	Body    client.NewSplit
}) (client.Split, error) {
	p, err := programOf(ctx, tx, who, in.Program)
	if err != nil {
		return client.Split{}, err
	}
	n := in.Body
	s := steer.Split{Link: n.Link, Name: n.Name, Rate: n.Rate, Lift: n.Lift, Author: who.ID}
	for _, v := range n.Variants {
		s.Variants = append(s.Variants, steer.Variant{Name: v.Name, Target: v.Target, Weight: v.Weight})
	}
	if s, err = steer.Begin(ctx, tx, p, s); err == nil {
		err = audit.Record(ctx, tx, who, audit.SplitBegin, s.ID)
	}
	if err != nil {
		return client.Split{}, err
	}
	return a.tellSplit(ctx, tx, p, s)
}

type splitInput struct {
	ID string `path:"split" doc:"Id of the test."`
}

func (a *API) getSplit(ctx context.Context, who auth.Actor, in *splitInput) (client.Split, error) {
	s, p, err := splits.of(ctx, a.db.Read(), who, in.ID)
	if err != nil {
		return client.Split{}, err
	}
	return a.tellSplit(ctx, a.db.Read(), p, s)
}

func (a *API) endSplit(ctx context.Context, tx *db.Tx, who auth.Actor, in *struct {
	ID   string `path:"split" doc:"Id of the test."`
	Body client.SplitEnd
}) (client.Split, error) {
	s, p, err := splits.of(ctx, tx, who, in.ID)
	if err == nil {
		err = steer.End(ctx, tx, p.ID, s.ID, in.Body.Winner)
	}
	if err == nil {
		s, err = steer.GetSplit(ctx, tx, s.ID)
	}
	if err == nil {
		err = audit.Record(ctx, tx, who, audit.SplitEnd, s.ID)
	}
	if err != nil {
		return client.Split{}, err
	}
	return a.tellSplit(ctx, tx, p, s)
}

func (a *API) endLink(ctx context.Context, tx *db.Tx, who auth.Actor, in *struct {
	ID   string `path:"link" doc:"Id of the link."`
	Body client.LinkEnd
}) (client.Link, error) {
	l, p, err := links.of(ctx, tx, who, in.ID)
	if err != nil {
		return client.Link{}, err
	}
	var ends time.Time
	if in.Body.Ends != nil {
		ends = *in.Body.Ends
	}
	if l, err = creative.EndLink(ctx, tx, p, l, ends, in.Body.Afterwards); err != nil {
		return client.Link{}, err
	}
	return a.tellLink(l), audit.Record(ctx, tx, who, audit.LinkChange, l.ID)
}
