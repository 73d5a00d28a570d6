package partner

import (
	"context"
	"errors"
	"net/http"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/tributary-hq/tributary/internal/db"
	"github.com/tributary-hq/tributary/internal/id"
	"github.com/tributary-hq/tributary/internal/problem"
)

// Note is what somebody of the brand wrote down about a partner, for the brand alone. A deleted one keeps its place without
// its text: that something stood there, and who took it away, can be seen.
type Note struct {
	ID          string
	Partnership string
	Program     string
	Author      string // a person, or a token of the API
	Name        string // the author's
	Text        string
	Pinned      bool
	Created     time.Time
	Edited      time.Time // zero when it stands as it was written
	Deleted     time.Time // zero before; by its author, as nobody else can
}

const noteMost = 4000 // characters

const noteColumns = `n.id, n.partnership, n.program, n.author, coalesce(p.name, t.name, ''), n.text, n.pinned, n.created, n.edited, n.deleted
	from partnership_note n left join person p on p.id = n.author left join token t on t.id = n.author`

func scanNote(row db.Row) (Note, error) {
	var n Note
	var created, edited, deleted int64
	err := row.Scan(&n.ID, &n.Partnership, &n.Program, &n.Author, &n.Name, &n.Text, &n.Pinned, &created, &edited, &deleted)
	n.Created, n.Edited, n.Deleted = instant(created), instant(edited), instant(deleted)
	return n, err
}

func instant(ms int64) time.Time {
	if ms == 0 {
		return time.Time{}
	}
	return time.UnixMilli(ms).UTC()
}

// Notes are those about a partnership before an id, the newest first; the deleted ones are among them.
func Notes(ctx context.Context, r db.Reader, partnership, before string, limit int) ([]Note, error) {
	return db.All(ctx, r, scanNote, `/* partner.Notes */ select `+noteColumns+`
		where n.partnership = $1 and (n.id < $2 or $2 = '') order by n.id desc limit $3`, partnership, before, limit)
}

// Pinned are the notes about a partnership that shall be seen first.
func Pinned(ctx context.Context, r db.Reader, partnership string) ([]Note, error) {
	return db.All(ctx, r, scanNote, `/* partner.Pinned */ select `+noteColumns+`
		where n.partnership = $1 and n.pinned and n.deleted = 0 order by n.id desc`, partnership)
}

// GetNote is the note with the id.
func GetNote(ctx context.Context, r db.Reader, id string) (Note, error) {
	n, err := db.One(ctx, r, scanNote, `/* partner.GetNote */ select `+noteColumns+` where n.id = $1`, id)
	if errors.Is(err, db.ErrNone) {
		return n, problem.NotFound("note", id)
	}
	return n, err
}

func checkNote(text string) (string, error) {
	text = strings.TrimSpace(text)
	if text == "" || utf8.RuneCountInString(text) > noteMost {
		return "", problem.Wrong("text", "note_invalid", "a note has 1 to %d characters", noteMost)
	}
	return text, nil
}

// WriteNote adds a note about a partnership.
func WriteNote(ctx context.Context, tx *db.Tx, s Partnership, author, text string, pinned bool) (Note, error) {
	text, err := checkNote(text)
	if err != nil {
		return Note{}, err
	}
	name := id.New("nte", tx.Now)
	if _, err := db.Exec(ctx, tx, `/* partner.WriteNote */ insert into partnership_note (id, partnership, program, author, text, pinned, created, edited, deleted)
		values ($1, $2, $3, $4, $5, $6, $7, 0, 0)`, name, s.ID, s.Program, author, text, pinned, tx.Now.UnixMilli()); err != nil {
		return Note{}, err
	}
	return GetNote(ctx, tx, name)
}

// EditNote writes a note anew, which only its author can.
func EditNote(ctx context.Context, tx *db.Tx, id, author, text string) (Note, error) {
	text, err := checkNote(text)
	if err != nil {
		return Note{}, err
	}
	if _, err := ownNote(ctx, tx, id, author); err != nil {
		return Note{}, err
	}
	if _, err := db.Exec(ctx, tx, `/* partner.EditNote */ update partnership_note set text = $1, edited = $2 where id = $3`, text, tx.Now.UnixMilli(), id); err != nil {
		return Note{}, err
	}
	return GetNote(ctx, tx, id)
}

// PinNote lets a note be seen first, or no longer. That is everybody's.
func PinNote(ctx context.Context, tx *db.Tx, id string, pinned bool) error {
	_, err := db.Exec(ctx, tx, `/* partner.PinNote */ update partnership_note set pinned = $1 where id = $2 and deleted = 0`, pinned, id)
	return err
}

// DeleteNote takes a note's text away, which only its author can. Its place remains.
func DeleteNote(ctx context.Context, tx *db.Tx, id, author string) error {
	if _, err := ownNote(ctx, tx, id, author); err != nil {
		return err
	}
	_, err := db.Exec(ctx, tx, `/* partner.DeleteNote */ update partnership_note set text = '', pinned = $1, deleted = $2 where id = $3`,
		false, tx.Now.UnixMilli(), id)
	return err
}

func ownNote(ctx context.Context, tx *db.Tx, id, author string) (Note, error) {
	n, err := GetNote(ctx, tx, id)
	switch {
	case err != nil:
		return n, err
	case !n.Deleted.IsZero():
		return n, problem.NotFound("note", id)
	case n.Author != author:
		return n, &problem.Problem{Status: http.StatusForbidden, Code: "note_foreign", Detail: "only who wrote a note can change it"}
	}
	return n, nil
}
