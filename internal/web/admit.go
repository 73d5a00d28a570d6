package web

import (
	"net/http"
	"slices"
	"strings"

	"github.com/tributary-hq/tributary/internal/auth"
	"github.com/tributary-hq/tributary/internal/commission"
	"github.com/tributary-hq/tributary/internal/conversion"
	"github.com/tributary-hq/tributary/internal/creative"
	"github.com/tributary-hq/tributary/internal/deliver"
	"github.com/tributary-hq/tributary/internal/domain"
	"github.com/tributary-hq/tributary/internal/lang"
	"github.com/tributary-hq/tributary/internal/partner"
	"github.com/tributary-hq/tributary/internal/payout"
	"github.com/tributary-hq/tributary/internal/postback"
	"github.com/tributary-hq/tributary/internal/problem"
	"github.com/tributary-hq/tributary/internal/program"
	"github.com/tributary-hq/tributary/internal/steer"
	"github.com/tributary-hq/tributary/internal/task"
	"github.com/tributary-hq/tributary/internal/upload"
)

var (
	errSignIn   = problem.Unauthorized("sign in to see this page")
	errNotFound = &problem.Problem{Status: http.StatusNotFound, Code: "page_unknown", Detail: "there is no such page"}
)

// admit is the one place that decides who gets where. It finds out who asks, and when the route needs a permission it loads
// what the path names: everything must be of one program, which must be of the person's brand or partner. What is not
// theirs does not exist for them.
func (s *site) admit(v *visit, may auth.Permission) error {
	if err := s.recognize(v); err != nil {
		return err
	}
	if may == "" {
		return nil
	}
	if !v.signedIn {
		return errSignIn
	}
	if v.PathValue("program") == "" && v.PathValue("pts") == "" {
		return v.admitToBrand(may)
	}
	if err := v.load(); err != nil {
		if p, ok := problem.As(err); ok && p.Status == http.StatusNotFound {
			return errNotFound
		}
		return err
	}
	i := slices.IndexFunc(v.memberships, v.covers)
	if i < 0 {
		return errNotFound
	}
	v.actor, v.zone = v.person.As(v.memberships[i]), v.program.Zone()
	return v.actor.May(may)
}

// recognize finds the person of the session, if there is one.
func (s *site) recognize(v *visit) error {
	secret := v.cookie(sessionCookie)
	if secret == "" {
		return nil
	}
	ctx := v.Context()
	session, err := auth.Resume(ctx, v.read(), secret, v.db.Now())
	if _, ok := problem.As(err); ok {
		return nil // it is over
	}
	if err != nil {
		return err
	}
	v.signedIn, v.person = true, session.Person
	v.lang = lang.Choose(v.person.Locale, v.lang.Tag)
	if v.memberships, err = auth.Memberships(ctx, v.read(), v.person.ID); err != nil {
		return err
	}
	return auth.TouchSession(ctx, v.db, session)
}

// isConsole tells the brand's surface from the partner's.
func (v *visit) isConsole() bool { return strings.HasPrefix(v.URL.Path, "/console") }

// covers tells whether a membership reaches what was loaded.
func (v *visit) covers(m auth.Membership) bool {
	if v.isConsole() {
		return m.Role != auth.Partner && m.Scope == v.program.Brand
	}
	return m.Role == auth.Partner && m.Scope == v.partnership.Partner.ID
}

// things are what a path can name, and whose each is: its program and its partnership, "" when it has none.
var things = []struct {
	name string
	load func(v *visit, id string) (program, partnership string, err error)
}{
	{"pts", func(v *visit, id string) (_, _ string, err error) {
		v.partnership, err = partner.GetPartnership(v.Context(), v.read(), id)
		return v.partnership.Program, v.partnership.ID, err
	}},
	{"cnv", func(v *visit, id string) (_, _ string, err error) {
		v.conversion, err = conversion.Get(v.Context(), v.read(), id)
		return v.conversion.Program, "", err
	}},
	{"tst", func(v *visit, id string) (_, _ string, err error) {
		v.conversion, err = v.testSale(id)
		return v.program.ID, "", err
	}},
	{"com", func(v *visit, id string) (_, _ string, err error) {
		v.commission, err = commission.Get(v.Context(), v.read(), id)
		return v.commission.Program, v.commission.Partnership, err
	}},
	{"batch", func(v *visit, id string) (_, _ string, err error) {
		v.batch, err = payout.GetBatch(v.Context(), v.read(), id)
		return v.batch.Program, "", err
	}},
	{"lnk", func(v *visit, id string) (_, _ string, err error) {
		v.link, err = creative.GetLink(v.Context(), v.read(), id)
		return v.link.Program, v.link.Partnership, err
	}},
	{"crv", func(v *visit, id string) (_, _ string, err error) {
		v.material, err = creative.Get(v.Context(), v.read(), id)
		return v.material.Program, "", err
	}},
	{"tsk", func(v *visit, id string) (_, _ string, err error) {
		v.task, err = task.Get(v.Context(), v.read(), id)
		return v.task.Program, "", err
	}},
	{"upl", func(v *visit, id string) (_, _ string, err error) {
		v.upload, err = upload.Get(v.Context(), v.read(), id)
		if err == nil && !v.isConsole() && v.upload.Partnership != v.partnership.ID {
			err = errNotFound
		}
		return v.upload.Program, "", err
	}},
	{"pay", func(v *visit, id string) (_, _ string, err error) {
		v.payout, err = payout.Get(v.Context(), v.read(), id)
		if err == nil && v.isConsole() && v.payout.Batch != v.batch.ID {
			err = errNotFound
		}
		return v.payout.Program, v.payout.Partnership, err
	}},
	{"grp", func(v *visit, id string) (_, _ string, err error) {
		v.group, err = partner.GetGroup(v.Context(), v.read(), id)
		return v.group.Program, "", err
	}},
	{"nte", func(v *visit, id string) (_, _ string, err error) {
		v.note, err = partner.GetNote(v.Context(), v.read(), id)
		return v.note.Program, v.note.Partnership, err
	}},
	{"ppt", func(v *visit, id string) (_, _ string, err error) {
		v.property, err = partner.GetProperty(v.Context(), v.read(), id)
		return v.ofPartner(v.property.Partner, err)
	}},
	{"drd", func(v *visit, id string) (_, _ string, err error) {
		v.direct, err = creative.GetDomain(v.Context(), v.read(), id)
		return v.direct.Program, v.direct.Partnership, err
	}},
	{"pct", func(v *visit, id string) (_, _ string, err error) {
		v.contact, err = partner.GetContact(v.Context(), v.read(), id)
		return v.ofPartner(v.contact.Partner, err)
	}},
	{"pbk", func(v *visit, id string) (program, partnership string, err error) {
		v.postback, err = postback.Find(v.Context(), v.read(), id)
		return v.postback.Program, v.postback.Partnership, err
	}},
	{"code", func(v *visit, name string) (program, partnership string, err error) {
		v.code, err = creative.GetCode(v.Context(), v.read(), v.program.ID, name)
		return v.program.ID, "", err
	}},
	{"cba", func(v *visit, id string) (program, partnership string, err error) {
		v.codeBatch, err = creative.GetBatch(v.Context(), v.read(), id)
		return v.codeBatch.Program, v.codeBatch.Partnership, err
	}},
	{"rul", func(v *visit, id string) (program, partnership string, err error) {
		v.rule, err = steer.GetRule(v.Context(), v.read(), id)
		return v.rule.Program, "", err
	}},
	{"cap", func(v *visit, id string) (program, partnership string, err error) {
		v.cap, err = steer.GetCap(v.Context(), v.read(), id)
		return v.cap.Program, "", err
	}},
	{"spl", func(v *visit, id string) (program, partnership string, err error) {
		v.split, err = steer.GetSplit(v.Context(), v.read(), id)
		return v.split.Program, "", err
	}},
	{"dlv", func(v *visit, id string) (program, partnership string, err error) {
		v.delivery, err = deliver.Get(v.Context(), v.read(), id)
		if err == nil && v.delivery.Target != v.postback.ID {
			err = errNotFound
		}
		return v.program.ID, v.partnership.ID, err
	}},
	{"dom", func(v *visit, id string) (program, partnership string, err error) {
		v.domain, err = domain.Get(v.Context(), v.read(), id)
		if err == nil && !v.isConsole() && v.domain.Partnership != v.partnership.ID {
			err = errNotFound
		}
		return v.domain.Program, v.domain.Partnership, err
	}},
}

// ofPartner takes what is a partner's own for what is the partnership's in the path, if it is the same partner's.
func (v *visit) ofPartner(owner string, err error) (program, partnership string, _ error) {
	if err == nil && owner != v.partnership.Partner.ID {
		err = errNotFound
	}
	return v.program.ID, v.partnership.ID, err
}

// load reads what the path names, and refuses what does not belong together.
func (v *visit) load() error {
	var err error
	if name := v.PathValue("program"); name != "" {
		if v.program, err = program.BySlug(v.Context(), v.read(), name); err != nil {
			return err
		}
	}
	for _, thing := range things {
		id := v.PathValue(thing.name)
		if id == "" {
			continue
		}
		prog, partnership, err := thing.load(v, id)
		if err != nil {
			return err
		}
		if v.program.ID == "" {
			if v.program, err = program.Get(v.Context(), v.read(), prog); err != nil {
				return err
			}
		}
		if prog != v.program.ID || partnership != "" && v.partnership.ID != "" && partnership != v.partnership.ID {
			return errNotFound
		}
	}
	return nil
}
