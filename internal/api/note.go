package api

import (
	"context"
	"strconv"

	"github.com/tributary-hq/tributary/client"
	"github.com/tributary-hq/tributary/internal/audit"
	"github.com/tributary-hq/tributary/internal/auth"
	"github.com/tributary-hq/tributary/internal/db"
	"github.com/tributary-hq/tributary/internal/partner"
)

func tellNote(n partner.Note) client.Note {
	return client.Note{ID: n.ID, Partnership: n.Partnership, Author: n.Author, AuthorName: n.Name, Text: n.Text, Pinned: n.Pinned,
		CreatedAt: n.Created, EditedAt: tellMoment(n.Edited), DeletedAt: tellMoment(n.Deleted)}
}

func (a *API) listNotes(ctx context.Context, who auth.Actor, in *struct {
	Partnership string `path:"partnership" doc:"Id of the partnership."`
	Paging
}) (client.Page[client.Note], error) {
	s, _, err := partnerships.of(ctx, a.db.Read(), who, in.Partnership)
	if err != nil {
		return client.Page[client.Note]{}, err
	}
	list, err := partner.Notes(ctx, a.db.Read(), s.ID, in.After, in.more())
	return page(in.Paging, list, func(n partner.Note) string { return n.ID }, tellNote), err
}

func (a *API) writeNote(ctx context.Context, tx *db.Tx, who auth.Actor, in *struct {
	Partnership string `path:"partnership" doc:"Id of the partnership."`
	Body        client.NewNote
}) (client.Note, error) {
	s, _, err := partnerships.of(ctx, tx, who, in.Partnership)
	if err != nil {
		return client.Note{}, err
	}
	n, err := partner.WriteNote(ctx, tx, s, who.ID, in.Body.Text, in.Body.Pinned)
	if err != nil {
		return client.Note{}, err
	}
	return tellNote(n), audit.Record(ctx, tx, who, audit.NoteWrite, s.ID)
}

func (a *API) changeNote(ctx context.Context, tx *db.Tx, who auth.Actor, in *struct {
	ID   string `path:"note" doc:"Id of the note."`
	Body client.NoteChange
}) (client.Note, error) {
	n, _, err := notes.of(ctx, tx, who, in.ID)
	if err == nil && in.Body.Text != nil {
		if _, err = partner.EditNote(ctx, tx, n.ID, who.ID, *in.Body.Text); err == nil {
			err = audit.Record(ctx, tx, who, audit.NoteChange, n.Partnership)
		}
	}
	if pinned := in.Body.Pinned; err == nil && pinned != nil {
		if err = partner.PinNote(ctx, tx, n.ID, *pinned); err == nil {
			err = audit.Record(ctx, tx, who, audit.NotePin, n.Partnership, audit.Note("pinned", strconv.FormatBool(*pinned)))
		}
	}
	if err != nil {
		return client.Note{}, err
	}
	n, err = partner.GetNote(ctx, tx, n.ID)
	return tellNote(n), err
}

func (a *API) deleteNote(ctx context.Context, tx *db.Tx, who auth.Actor, in *struct {
	ID string `path:"note" doc:"Id of the note."`
}) (client.Note, error) {
	n, _, err := notes.of(ctx, tx, who, in.ID)
	if err != nil {
		return client.Note{}, err
	}
	if err := partner.DeleteNote(ctx, tx, n.ID, who.ID); err != nil {
		return client.Note{}, err
	}
	if n, err = partner.GetNote(ctx, tx, n.ID); err != nil {
		return client.Note{}, err
	}
	return tellNote(n), audit.Record(ctx, tx, who, audit.NoteDelete, n.Partnership)
}
