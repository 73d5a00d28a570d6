package web

import (
	"context"

	"github.com/tributary-hq/tributary/internal/audit"
	"github.com/tributary-hq/tributary/internal/db"
	"github.com/tributary-hq/tributary/internal/partner"
)

type groupsPage struct {
	consolePage
	Tabs    []chip
	Groups  []partner.Group
	Colours []choice
	Tags    []partner.TagCount
	Form    form
	Fault   string // of a change to a group that is there
}

func groupForm(v *visit) form {
	return form{Fields: []field{
		{Name: "name", Label: "group_name", Required: true},
		{Name: "colour", Type: "select", Choices: choices(v.lang, "colours", partner.Colours)},
	}}
}

// groups are a program's, and its tags.
func (s *site) groups(v *visit) (answer, error) {
	data, err := v.groups(groupForm(v))
	return s.page("console/partners/groups", v.text("groups.title"), data), err
}

func (v *visit) groups(f form) (data groupsPage, err error) {
	ctx, r := v.Context(), v.read()
	data = groupsPage{consolePage: v.console(), Form: f, Colours: choices(v.lang, "colours", partner.Colours)}
	if data.Groups, err = partner.Groups(ctx, r, v.program.ID); err != nil {
		return data, err
	}
	if data.Tags, err = partner.TagsIn(ctx, r, v.program.ID); err != nil {
		return data, err
	}
	data.Tabs, err = v.partnersTabs("groups")
	return data, err
}

func groupsBase(v *visit) string { return consoleBase(v.program) + "/groups" }

func (s *site) createGroup(v *visit) (answer, error) {
	f := groupForm(v)
	f.read(v.PostForm)
	err := v.write(func(ctx context.Context, tx *db.Tx) error {
		g, err := partner.CreateGroup(ctx, tx, partner.Group{Program: v.program.ID, Name: f.value("name"), Colour: f.value("colour")})
		if err != nil {
			return err
		}
		return v.record(ctx, tx, audit.GroupCreate, g.ID)
	})
	if err == nil {
		return s.done(groupsBase(v), "group_made"), nil
	}
	if !f.blame(v.lang, err) {
		return nil, err
	}
	data, err := v.groups(f)
	return s.again("console/partners/groups", v.text("groups.title"), data), err
}

// changeGroup gives a group another name or colour.
func (s *site) changeGroup(v *visit) (answer, error) {
	err := v.write(func(ctx context.Context, tx *db.Tx) error {
		g, err := partner.GetGroup(ctx, tx, v.group.ID)
		if err != nil {
			return err
		}
		g.Name, g.Colour = v.PostFormValue("name"), v.PostFormValue("colour")
		if _, err = partner.ChangeGroup(ctx, tx, g); err != nil {
			return err
		}
		return v.record(ctx, tx, audit.GroupChange, g.ID)
	})
	if err == nil {
		return s.done(groupsBase(v), "saved"), nil
	}
	var f form
	if !f.blame(v.lang, err) {
		return nil, err
	}
	data, err := v.groups(groupForm(v))
	data.Fault = f.Faults[0]
	return s.again("console/partners/groups", v.text("groups.title"), data), err
}

func (s *site) raiseGroup(v *visit) (answer, error) {
	err := v.write(func(ctx context.Context, tx *db.Tx) error {
		if err := partner.RaiseGroup(ctx, tx, v.group); err != nil {
			return err
		}
		return v.record(ctx, tx, audit.GroupRaise, v.group.ID)
	})
	return s.to(groupsBase(v)), err
}

// dissolve also tells the name of the group that the other was merged into; it is empty when there is none.
func dissolve(ctx context.Context, tx *db.Tx, g partner.Group, into string) (string, error) {
	if err := partner.DissolveGroup(ctx, tx, g, into); err != nil || into == "" {
		return "", err
	}
	other, err := partner.GetGroup(ctx, tx, into)
	return other.Name, err
}

// dissolveGroup merges a group into another, or leaves its partners without one.
func (s *site) dissolveGroup(v *visit) (answer, error) {
	err := v.write(func(ctx context.Context, tx *db.Tx) error {
		into, err := dissolve(ctx, tx, v.group, v.PostFormValue("into"))
		if err != nil {
			return err
		}
		return v.record(ctx, tx, audit.GroupDissolve, v.group.ID, audit.Note("into", into))
	})
	return s.done(groupsBase(v), "group_gone"), err
}
