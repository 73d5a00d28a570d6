package api_test

import (
	"slices"
	"strings"
	"testing"

	"github.com/tributary-hq/tributary/client"
	"github.com/tributary-hq/tributary/internal/auth"
	"github.com/tributary-hq/tributary/internal/db"
	"github.com/tributary-hq/tributary/internal/db/dbtest"
)

func TestCareByProgram(t *testing.T) {
	dbtest.Run(t, func(t *testing.T, d *db.DB) {
		ctx := t.Context()
		h := open(t, d)
		h.program("alpine")
		ann, bob := h.partner("alpine", "ann"), h.partner("alpine", "bob")
		content := must(h.CreateGroup(ctx, "alpine", client.NewGroup{Name: "Content", Colour: "violet"}))(t)
		deals := must(h.CreateGroup(ctx, "alpine", client.NewGroup{Name: "Deals"}))(t)
		got := must(h.ChangePartnership(ctx, ann.ID, client.Care{Group: &content.ID, Tags: []string{"Top", "winter"}}))(t)
		if got.Group != content.ID || strings.Join(got.Tags, " ") != "top winter" {
			t.Errorf("kept: %+v", got)
		}
		must(h.ChangePartnership(ctx, bob.ID, client.Care{Group: &deals.ID, Tags: []string{"winter"}}))(t)
		for _, c := range []struct {
			filter client.PartnershipFilter
			want   string
		}{
			{client.PartnershipFilter{Group: content.ID}, "ann"}, {client.PartnershipFilter{Tag: "winter"}, "ann bob"}, {client.PartnershipFilter{Group: "none"}, ""},
			{client.PartnershipFilter{Tag: "top", Status: "approved"}, "ann"}, {client.PartnershipFilter{Words: "BOB@"}, "bob"}, {client.PartnershipFilter{Kind: "podcast"}, ""},
		} {
			var names []string
			for _, s := range all(t, h.Partnerships(ctx, "alpine", c.filter)) {
				names = append(names, s.Partner.Name)
			}
			slices.Sort(names) // they came in the same moment
			if strings.Join(names, " ") != c.want {
				t.Errorf("%+v: %v, want %s", c.filter, names, c.want)
			}
		}
		must(h.DissolveGroup(ctx, deals.ID, client.Dissolution{Into: content.ID}))(t)
		if groups := all(t, h.Groups(ctx, "alpine")); len(groups) != 1 || groups[0].Members != 2 || groups[0].Colour != "violet" {
			t.Errorf("groups: %+v", groups)
		}
		if tags := all(t, h.Tags(ctx, "alpine")); len(tags) != 2 || tags[1] != (client.Tag{Tag: "winter", Members: 2}) {
			t.Errorf("tags: %+v", tags)
		}

		note := must(h.WriteNote(ctx, ann.ID, client.NewNote{Text: "Prefers a call.", Pinned: true}))(t)
		text := "Prefers a mail."
		someone, _ := h.token(auth.Live, auth.WritePartners)
		if _, err := someone.ChangeNote(ctx, note.ID, client.NoteChange{Text: &text}); err == nil || !strings.Contains(err.Error(), "note") {
			t.Errorf("another token writes the note anew: %v", err)
		}
		if note = must(h.ChangeNote(ctx, note.ID, client.NoteChange{Text: &text}))(t); note.Text != text || note.EditedAt == nil || note.AuthorName != "all" {
			t.Errorf("note: %+v", note)
		}
		must(h.DeleteNote(ctx, note.ID))(t)
		if notes := all(t, h.Notes(ctx, ann.ID)); len(notes) != 1 || notes[0].Text != "" || notes[0].DeletedAt == nil {
			t.Errorf("notes: %+v", notes)
		}

		place := must(h.AddProperty(ctx, ann.ID, client.NewProperty{Kind: "website", Address: "https://ann.example/", Audience: 40_000}))(t)
		if place = must(h.ConfirmProperty(ctx, ann.ID, place.ID))(t); place.ConfirmedAt == nil {
			t.Errorf("property: %+v", place)
		}
		if _, err := h.ConfirmProperty(ctx, bob.ID, place.ID); err == nil {
			t.Error("another partner's property is confirmed")
		}
		must(h.RemoveProperty(ctx, ann.ID, place.ID))(t)
		if list := all(t, h.Properties(ctx, ann.ID)); len(list) != 0 {
			t.Errorf("properties: %+v", list)
		}
	})
}
