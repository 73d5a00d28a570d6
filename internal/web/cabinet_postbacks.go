package web

import (
	"context"
	"strings"

	"github.com/tributary-hq/tributary/internal/audit"
	"github.com/tributary-hq/tributary/internal/auth"
	"github.com/tributary-hq/tributary/internal/db"
	"github.com/tributary-hq/tributary/internal/deliver"
	"github.com/tributary-hq/tributary/internal/partner"
	"github.com/tributary-hq/tributary/internal/postback"
	"github.com/tributary-hq/tributary/internal/problem"
)

// postbackRow is a postback with how it stands.
type postbackRow struct {
	postback.Postback
	Target  deliver.Target
	Tally   deliver.Tally
	Partner partner.Partnership // in the console
}

// state is the name of how a postback stands.
func (r postbackRow) state() string { return postbackState(r.Target) }

func postbackState(t deliver.Target) string {
	switch {
	case t.PausedBy == deliver.ByBrand:
		return "stopped"
	case t.PausedBy == deliver.ByFailing:
		return "unreachable"
	case !t.Paused.IsZero():
		return "paused"
	case !t.Failing.IsZero():
		return "failing"
	}
	return "active"
}

// withStandings reads how postbacks stand.
func (v *visit) withStandings(list []postback.Postback) ([]postbackRow, error) {
	ids := make([]string, len(list))
	for i, p := range list {
		ids[i] = p.ID
	}
	targets, err := deliver.Targets(v.Context(), v.read(), ids)
	if err != nil {
		return nil, err
	}
	tallies, err := deliver.Tallies(v.Context(), v.read(), ids)
	rows := make([]postbackRow, len(list))
	for i, p := range list {
		rows[i] = postbackRow{Postback: p, Target: targets[p.ID], Tally: tallies[p.ID]}
	}
	return rows, err
}

func postbackCounts() []column[postbackRow] {
	return []column[postbackRow]{
		{Name: "delivered", Head: "postbacks.delivered", Number: true, Cell: func(v *visit, r postbackRow) cell { return v.numberCell(r.Tally.Delivered) }},
		{Name: "waiting", Head: "postbacks.waiting", Number: true, Cell: func(v *visit, r postbackRow) cell { return v.numberCell(r.Tally.Waiting) }},
		{Name: "failed", Head: "postbacks.failed", Number: true, Cell: func(v *visit, r postbackRow) cell { return v.numberCell(r.Tally.Failed) }},
		{Name: "state", Head: "list.state", Cell: func(v *visit, r postbackRow) cell { return v.stateCell("postback", r.state()) }},
	}
}

func (v *visit) postbackTable() table[postbackRow] {
	return table[postbackRow]{Empty: emptiness{Icon: "postbacks", Title: v.text("postbacks.empty"), Text: v.text("postbacks.empty_text")},
		Columns: append([]column[postbackRow]{
			{Name: "name", Head: "postbacks.where", Cell: func(v *visit, r postbackRow) cell {
				c := textCell(r.Name, cabinetBase(v.partnership)+"/postbacks/"+r.ID)
				if t, err := postback.Parse(r.Template); err == nil && t.Host() != r.Name {
					c.Note = t.Host()
				}
				return c
			}},
			{Name: "moments", Head: "postbacks.moments", Aside: true, Cell: func(v *visit, r postbackRow) cell { return textCell(v.momentsOf(r.Postback), "") }},
		}, postbackCounts()...)}
}

// momentsOf are the moments that a postback tells of, in words.
func (v *visit) momentsOf(p postback.Postback) string {
	if len(p.Moments) == len(postback.Moments) {
		return v.text("postbacks.all_moments")
	}
	var list []string
	for _, m := range p.Moments {
		list = append(list, v.text("moments."+string(m)))
	}
	return strings.Join(list, v.text("postbacks.comma"))
}

type myPostbacksPage struct {
	cabinetPage
	Table listing
	Open  bool // whether postbacks can be made
}

// mayPostback tells whether the reader can make and change postbacks.
func (v *visit) mayPostback() bool {
	return v.partnership.Status == partner.Approved && v.actor.May(auth.WriteLinks) == nil
}

func (s *site) myPostbacks(v *visit) (answer, error) {
	list, err := postback.Of(v.Context(), v.read(), v.partnership.ID)
	if err != nil {
		return nil, err
	}
	rows, err := v.withStandings(list)
	data := myPostbacksPage{cabinetPage: v.cabinet(), Table: v.postbackTable().all(v, rows), Open: v.mayPostback()}
	return s.page("cabinet/postbacks/list", v.text("nav.postbacks"), data), err
}

type postbackFormPage struct {
	cabinetPage
	ID      string // empty: a new one
	Form    postbackForm
	All     []postback.Moment
	Macros  []macroRow
	Preview string
	Plain   bool // it travels in the open
}

func (s *site) postbackPage(v *visit, f postbackForm, id string) page {
	way := postback.Way(f.value("way"))
	data := postbackFormPage{cabinetPage: v.cabinet(), ID: id, Form: f, All: postback.Moments, Macros: v.macros(), Preview: v.preview(f.value("template"), way)}
	title := "postbacks.new"
	if id != "" {
		title = "postbacks.edit"
	}
	if t, err := postback.Parse(f.value("template")); err == nil {
		data.Plain = t.Plain()
	}
	if f.Failed() || f.Fault != "" {
		return s.again("cabinet/postbacks/form", v.text(title), data)
	}
	return s.page("cabinet/postbacks/form", v.text(title), data)
}

func (s *site) newPostback(v *visit) (answer, error) {
	return s.postbackPage(v, newPostbackForm(v, postback.Postback{Way: postback.Get,
		Moments: []postback.Moment{postback.Created, postback.Approved, postback.Reversed, postback.Paid}}), ""), nil
}

func (s *site) editPostback(v *visit) (answer, error) {
	return s.postbackPage(v, newPostbackForm(v, v.postback), v.postback.ID), nil
}

// blameMoments takes the fault of the moments, which are no field of the form, beside them.
func (f *postbackForm) blameMoments(v *visit, err error) bool {
	p, ok := problem.As(err)
	if !ok {
		return false
	}
	for _, fault := range p.Fields {
		if fault.Name == "moments" {
			f.Fault = detail(v.lang, fault.Code, fault.Detail)
		}
	}
	return f.blame(v.lang, err)
}

// addPostback makes a postback. Its secret is on this answer and never again, so there is no redirect when it has one.
func (s *site) addPostback(v *visit) (answer, error) {
	f := newPostbackForm(v, postback.Postback{})
	p := readPostback(&f, v.PostForm, postback.Postback{Partnership: v.partnership.ID})
	if v.PostFormValue("do") == "preview" {
		return s.previewed(v, f, "")
	}
	secret := ""
	if f.Sign {
		secret = deliver.NewSecret()
	}
	err := v.write(func(ctx context.Context, tx *db.Tx) (err error) {
		if p, err = postback.Create(ctx, tx, v.program, p, secret); err != nil {
			return err
		}
		return v.record(ctx, tx, audit.PostbackCreate, p.ID)
	})
	switch {
	case err != nil && !f.blameMoments(v, err):
		return nil, err
	case err != nil:
		return s.postbackPage(v, f, ""), nil
	case secret == "":
		return s.done(cabinetBase(v.partnership)+"/postbacks/"+p.ID, "postback_created"), nil
	}
	v.postback = p
	return s.showPostback(v, secret)
}

func (s *site) changePostback(v *visit) (answer, error) {
	f := newPostbackForm(v, v.postback)
	p := readPostback(&f, v.PostForm, v.postback)
	if v.PostFormValue("do") == "preview" {
		return s.previewed(v, f, p.ID)
	}
	err := v.write(func(ctx context.Context, tx *db.Tx) error {
		if _, err := postback.Change(ctx, tx, v.program, p); err != nil {
			return err
		}
		return v.record(ctx, tx, audit.PostbackChange, p.ID)
	})
	if err == nil {
		return s.done(cabinetBase(v.partnership)+"/postbacks/"+p.ID, "saved"), nil
	}
	if !f.blameMoments(v, err) {
		return nil, err
	}
	return s.postbackPage(v, f, p.ID), nil
}

// previewed shows the form again with the preview of what was typed, and says what is wrong with the address.
func (s *site) previewed(v *visit, f postbackForm, id string) (answer, error) {
	if _, err := postback.Parse(f.value("template")); err != nil && !f.blame(v.lang, err) {
		return nil, err
	}
	return s.postbackPage(v, f, id), nil
}
