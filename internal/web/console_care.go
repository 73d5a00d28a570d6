package web

import (
	"context"
	"strconv"

	"github.com/tributary-hq/tributary/internal/audit"
	"github.com/tributary-hq/tributary/internal/db"
	"github.com/tributary-hq/tributary/internal/partner"
)

// changeCare writes down a partner's group, manager and tags.
func (s *site) changeCare(v *visit) (answer, error) {
	err := v.write(func(ctx context.Context, tx *db.Tx) error {
		if err := partner.SetGroup(ctx, tx, v.partnership, v.PostFormValue("group")); err != nil {
			return err
		}
		if err := partner.SetManager(ctx, tx, v.partnership, v.PostFormValue("manager")); err != nil {
			return err
		}
		if err := partner.Retag(ctx, tx, v.partnership, partner.Tags(v.PostFormValue("tags"))); err != nil {
			return err
		}
		return v.record(ctx, tx, audit.PartnershipCare, v.partnership.ID)
	})
	return s.done(partnerBase(v)+"?tab="+tabIn(v.PostFormValue("tab"), v.partnership), "saved"), err
}

func notesOf(v *visit) string { return partnerBase(v) + "?tab=notes" }

// writeNote adds a note. What cannot be kept is shown again as it was written.
func (s *site) writeNote(v *visit) (answer, error) {
	f := noteForm("")
	f.read(v.PostForm)
	err := v.write(func(ctx context.Context, tx *db.Tx) error {
		_, err := partner.WriteNote(ctx, tx, v.partnership, v.person.ID, f.value("text"), v.PostFormValue("pinned") != "")
		if err != nil {
			return err
		}
		return v.record(ctx, tx, audit.NoteWrite, v.partnership.ID)
	})
	if err == nil {
		return s.done(notesOf(v), "note_written"), nil
	}
	if !f.blame(v.lang, err) {
		return nil, err
	}
	data, err := s.readPartner(v, "notes")
	data.Note = f
	return s.again("console/partners/detail", v.partnership.Partner.Name, data), err
}

func noteForm(text string) form {
	return form{Fields: []field{{Name: "text", Label: "note", Type: "textarea", Value: text, Required: true}}}
}

func (s *site) editNote(v *visit) (answer, error) {
	err := v.write(func(ctx context.Context, tx *db.Tx) error {
		if _, err := partner.EditNote(ctx, tx, v.note.ID, v.person.ID, v.PostFormValue("text")); err != nil {
			return err
		}
		return v.record(ctx, tx, audit.NoteChange, v.partnership.ID)
	})
	return s.done(notesOf(v), "saved"), err
}

func (s *site) pinNote(v *visit) (answer, error) {
	err := v.write(func(ctx context.Context, tx *db.Tx) error {
		if err := partner.PinNote(ctx, tx, v.note.ID, !v.note.Pinned); err != nil {
			return err
		}
		return v.record(ctx, tx, audit.NotePin, v.partnership.ID, audit.Note("pinned", strconv.FormatBool(!v.note.Pinned)))
	})
	return s.to(notesOf(v)), err
}

func (s *site) deleteNote(v *visit) (answer, error) {
	err := v.write(func(ctx context.Context, tx *db.Tx) error {
		if err := partner.DeleteNote(ctx, tx, v.note.ID, v.person.ID); err != nil {
			return err
		}
		return v.record(ctx, tx, audit.NoteDelete, v.partnership.ID)
	})
	return s.done(notesOf(v), "note_deleted"), err
}

// confirmProperty says that somebody of the brand has looked, and that the property is the partner's.
func (s *site) confirmProperty(v *visit) (answer, error) {
	err := v.write(func(ctx context.Context, tx *db.Tx) error {
		if err := partner.Confirm(ctx, tx, v.partnership, v.property.ID, v.person.ID); err != nil {
			return err
		}
		return v.record(ctx, tx, audit.PropertyConfirm, v.partnership.ID, audit.Note("address", v.property.Address))
	})
	return s.to(partnerBase(v) + "?tab=profile"), err
}

func (s *site) doubtProperty(v *visit) (answer, error) {
	err := v.write(func(ctx context.Context, tx *db.Tx) error {
		if err := partner.Doubt(ctx, tx, v.partnership, v.property.ID); err != nil {
			return err
		}
		return v.record(ctx, tx, audit.PropertyDoubt, v.partnership.ID, audit.Note("address", v.property.Address))
	})
	return s.to(partnerBase(v) + "?tab=profile"), err
}
