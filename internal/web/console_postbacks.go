package web

import (
	"cmp"
	"context"

	"github.com/tributary-hq/tributary/internal/audit"
	"github.com/tributary-hq/tributary/internal/auth"
	"github.com/tributary-hq/tributary/internal/db"
	"github.com/tributary-hq/tributary/internal/deliver"
	"github.com/tributary-hq/tributary/internal/partner"
	"github.com/tributary-hq/tributary/internal/postback"
)

type postbacksPage struct {
	consolePage
	Table listing
}

// postbacks are what the partners of a program want to be told and whether it reaches them. The brand sees the server and
// never the rest of the address, which may hold a key.
func (s *site) postbacks(v *visit) (answer, error) {
	data := postbacksPage{consolePage: v.console()}
	list, err := postback.In(v.Context(), v.read(), v.program.ID, v.query("after"), postbacksMost)
	if err != nil {
		return nil, err
	}
	rows, err := v.withStandings(list)
	if err != nil {
		return nil, err
	}
	ids := make([]string, len(list))
	for i, p := range list {
		ids[i] = p.Partnership
	}
	partnerships, err := partner.Named(v.Context(), v.read(), ids)
	for i := range rows {
		rows[i].Partner = partnerships[rows[i].Partnership]
	}
	data.Table = v.postbacksTable().all(v, rows)
	return s.page("console/settings/postbacks", v.text("nav.postbacks"), data), err
}

const postbacksMost = 1000

func (v *visit) postbacksTable() table[postbackRow] {
	t := table[postbackRow]{Empty: emptiness{Icon: "postbacks", Title: v.text("postbacks.none"), Text: v.text("postbacks.none_text")},
		Columns: append([]column[postbackRow]{
			{Name: "partner", Head: "list.partner", Cell: func(v *visit, r postbackRow) cell {
				return nameCell(r.Partner.Partner.Name, r.host(), consoleBase(v.program)+"/partners/"+r.Partnership)
			}},
			{Name: "moments", Head: "postbacks.moments", Aside: true, Cell: func(v *visit, r postbackRow) cell { return textCell(v.momentsOf(r.Postback), "") }},
		}, postbackCounts()...)}
	if v.actor.May(auth.WritePartners) == nil {
		t.Key, t.DoneAt = func(r postbackRow) string { return r.ID }, settingsPath(v, "postbacks")
		t.Deeds = []deed{{Name: "stop", Label: "postbacks.stop", Icon: "pause", Text: v.text("postbacks.stop_text")}, {Name: "restart", Label: "postbacks.restart", Icon: "check"}}
	}
	return t
}

// host is the server that messages go to.
func (r postbackRow) host() string {
	t, err := postback.Parse(r.Template)
	if err != nil {
		return ""
	}
	return t.Host()
}

// treatPostbacks pauses or resumes those that were selected.
func (s *site) treatPostbacks(v *visit) (answer, error) {
	do, ids, err := selected(v)
	if err != nil {
		return nil, err
	}
	at := settingsPath(v, "postbacks")
	if len(ids) == 0 {
		return s.done(at, "none_selected"), nil
	}
	err = v.write(func(ctx context.Context, tx *db.Tx) error {
		for _, id := range ids {
			p, err := postback.Find(ctx, tx, id)
			if err != nil {
				return err
			}
			if p.Program != v.program.ID {
				return errNotFound
			}
			switch do {
			case "stop":
				err = cmp.Or(deliver.Stop(ctx, tx, id, deliver.ByBrand), v.record(ctx, tx, audit.PostbackPause, id))
			case "restart":
				err = cmp.Or(deliver.Start(ctx, tx, id, deliver.ByBrand), v.record(ctx, tx, audit.PostbackResume, id))
			default:
				err = errNotFound
			}
			if err != nil {
				return err
			}
		}
		return nil
	})
	return s.done(at, "saved"), err
}
