package web

import (
	"context"
	"slices"

	"github.com/tributary-hq/tributary/internal/db"
	"github.com/tributary-hq/tributary/internal/partner"
)

// group is one of Acme's, in which Marta is.
func (w *world) group() (g partner.Group) {
	w.t.Helper()
	w.write(func(ctx context.Context, tx *db.Tx) (err error) {
		groups, err := partner.Groups(ctx, tx, w.acme.ID)
		if i := slices.IndexFunc(groups, func(g partner.Group) bool { return g.Name == "Secret cooks" }); err != nil || i >= 0 {
			g = groups[max(i, 0)]
			return err
		}
		if g, err = partner.CreateGroup(ctx, tx, partner.Group{Program: w.acme.ID, Name: "Secret cooks", Colour: "violet"}); err != nil {
			return err
		}
		if err = partner.SetGroup(ctx, tx, w.pts["Marta’s Kitchen"], g.ID); err != nil {
			return err
		}
		return partner.Tag(ctx, tx, w.pts["Marta’s Kitchen"], "hush hush")
	})
	return g
}

// note is one about Marta.
func (w *world) note() (n partner.Note) {
	w.t.Helper()
	w.write(func(ctx context.Context, tx *db.Tx) (err error) {
		n, err = partner.WriteNote(ctx, tx, w.pts["Marta’s Kitchen"], w.person("manager"), "Never lend her a pan.", true)
		return err
	})
	return n
}

// property is one of Marta's, and contact somebody there.
func (w *world) property() (p partner.Property) {
	w.t.Helper()
	w.write(func(ctx context.Context, tx *db.Tx) (err error) {
		list, err := partner.Properties(ctx, tx, w.pts["Marta’s Kitchen"].Partner.ID)
		for _, p = range list {
			if err != nil || p.Address == "https://video.example/@marta" {
				return err
			}
		}
		p, err = partner.AddProperty(ctx, tx, partner.Property{Partner: w.pts["Marta’s Kitchen"].Partner.ID, Kind: "channel", Address: "https://video.example/@marta", Audience: 12_000})
		return err
	})
	return p
}

func (w *world) contact() (c partner.Contact) {
	w.t.Helper()
	w.write(func(ctx context.Context, tx *db.Tx) (err error) {
		c, err = partner.AddContact(ctx, tx, partner.Contact{Partner: w.pts["Marta’s Kitchen"].Partner.ID, Name: "Otto Amt", Email: "otto@example.org"})
		return err
	})
	return c
}

// person is the id of somebody who can sign in.
func (w *world) person(name string) string {
	w.t.Helper()
	id, err := db.One(context.Background(), w.d.Read(), db.Value[string], `select id from person where email = $1`, email(name))
	if err != nil {
		w.t.Fatal(err)
	}
	return id
}

// partnersPages are an address of every GET route of partnersRoutes, of every tab of a partner's page, and who reads it.
func (w *world) partnersPages() []struct{ route, address, reader string } {
	g, marta, nomads := w.group(), w.pts["Marta’s Kitchen"].ID, w.pts["Nordic Nomads"].ID
	w.note()
	p, c := w.property(), w.contact()
	type page = struct{ route, address, reader string }
	pages := []page{
		{"GET /console/{program}/partners", "/console/acme/partners?group=" + g.ID + "&tag=hush+hush&cols=manager&cols=country", "owner"},
		{"GET /console/{program}/partners", "/console/acme/partners?sort=-clicks&kind=podcast", "analyst"},
		{"GET /console/{program}/applications", "/console/acme/applications", "owner"},
		{"GET /console/{program}/applications", "/console/acme/applications", "analyst"},
		{"GET /console/{program}/applications/{pts}", "/console/acme/applications/" + nomads, "owner"},
		{"GET /console/{program}/groups", "/console/acme/groups", "owner"},
	}
	for _, tab := range partnerTabs {
		for _, reader := range []string{"owner", "analyst"} {
			pages = append(pages, page{"GET /console/{program}/partners/{pts}", "/console/acme/partners/" + marta + "?tab=" + tab.name, reader})
		}
	}
	mine := "/partner/" + marta + "/profile/"
	return append(pages,
		page{"GET /partner/{pts}/profile/properties", mine + "properties", "Marta’s Kitchen"},
		page{"GET /partner/{pts}/profile/properties", mine + "properties?edit=" + p.ID, "Marta’s Kitchen"},
		page{"GET /partner/{pts}/profile/contacts", mine + "contacts", "Marta’s Kitchen"},
		page{"GET /partner/{pts}/profile/contacts", mine + "contacts?edit=" + c.ID, "Marta’s Kitchen"},
		page{"GET /partner/{pts}/profile/team", mine + "team", "Marta’s Kitchen"})
}
