package creative

import (
	"context"
	"crypto/rand"
	"errors"
	"strings"
	"time"

	"github.com/tributary-hq/tributary/internal/db"
	"github.com/tributary-hq/tributary/internal/id"
	"github.com/tributary-hq/tributary/internal/problem"
	"github.com/tributary-hq/tributary/internal/program"
)

// Batch is a number of codes that were made for a partner, of which each can be used once.
type Batch struct {
	ID          string
	Program     string
	Partnership string
	Label       string
	Prefix      string // that the codes begin with; may be empty
	Size        int64
	Created     time.Time
	Author      string
}

const batchColumns = "id, program, partnership, label, prefix, size, created, author"

func scanBatch(row db.Row) (Batch, error) {
	var b Batch
	var created int64
	err := row.Scan(&b.ID, &b.Program, &b.Partnership, &b.Label, &b.Prefix, &b.Size, &created, &b.Author)
	b.Created = time.UnixMilli(created).UTC()
	return b, err
}

// The bounds of a batch.
const (
	BatchMost  = 10_000
	prefixMost = 20
	labelMost  = 120
)

// letters are those of which a code is made up: none that is misread for another one or for a digit, and no vowel but A and
// E, so that few words are made.
const letters = "ABCDEFGHJKMNPQRSTVWXYZ23456789"

// chanceLetters is how many of them a code has: of 30 letters, ten are 49 bits, so that nobody finds one of ten thousand codes
// in a billion guesses.
const chanceLetters = 10

// chance is a part of a code that nobody can guess.
func chance() string {
	var b strings.Builder
	one := make([]byte, 1)
	for b.Len() < chanceLetters {
		rand.Read(one)
		if int(one[0]) < 256/len(letters)*len(letters) { // each letter as likely as the others
			b.WriteByte(letters[int(one[0])%len(letters)])
		}
	}
	return b.String()
}

// CreateBatch makes codes for a partnership.
func CreateBatch(ctx context.Context, tx *db.Tx, b Batch) (Batch, error) {
	b.ID, b.Created, b.Prefix, b.Label = id.New("cba", tx.Now), tx.Now, Plain(b.Prefix), strings.TrimSpace(b.Label)
	var faults []*problem.Problem
	if b.Size < 1 || b.Size > BatchMost {
		faults = append(faults, problem.Invalid("size", "a batch has 1 to %d codes", BatchMost))
	}
	if b.Prefix != "" && (len(b.Prefix) > prefixMost || !isCode(b.Prefix+"X")) {
		faults = append(faults, problem.Invalid("prefix", "%q is not a beginning of at most %d letters, digits, hyphens and underscores", clip(b.Prefix), prefixMost))
	}
	if len([]rune(b.Label)) > labelMost {
		faults = append(faults, problem.Invalid("label", "a note has at most %d letters", labelMost))
	}
	if err := problem.Join(faults...); err != nil {
		return b, err
	}
	turns, err := program.Turn(ctx, tx, b.Program)
	if err != nil {
		return b, err
	}
	if _, err := db.Insert(ctx, tx, `/* creative.CreateBatch */ insert into code_batch (`+batchColumns+`)`, [][]any{{b.ID, b.Program, b.Partnership, b.Label,
		b.Prefix, b.Size, b.Created.UnixMilli(), b.Author}}, ""); err != nil {
		return b, err
	}
	rows := make([][]any, b.Size)
	for i := range rows {
		c := Code{Program: b.Program, Code: b.Prefix + chance(), Partnership: b.Partnership, Given: b.Partnership, Batch: b.ID, Created: tx.Now, Turn: turns[b.Program]}
		rows[i] = c.row()
	}
	// A code that is there by chance fails the whole: once in many lives.
	_, err = db.Insert(ctx, tx, `/* creative.CreateBatch */ insert into promo_code (`+codeColumns+`)`, rows, "")
	return b, err
}

// GetBatch is the batch with the id.
func GetBatch(ctx context.Context, r db.Reader, id string) (Batch, error) {
	b, err := db.One(ctx, r, scanBatch, `/* creative.GetBatch */ select `+batchColumns+` from code_batch where id = $1`, id)
	if errors.Is(err, db.ErrNone) {
		return b, problem.NotFound("batch", id)
	}
	return b, err
}

// BatchUse is a batch and how many of its codes were used.
type BatchUse struct {
	Batch
	Used int64
}

// Batches are those of a partnership, the newest first.
func Batches(ctx context.Context, r db.Reader, partnership string) ([]BatchUse, error) {
	return batches(ctx, r, "partnership = $1 order by id desc", partnership)
}

// BatchesOf are the newest of a program.
func BatchesOf(ctx context.Context, r db.Reader, prog string, limit int) ([]BatchUse, error) {
	return batches(ctx, r, "program = $1 order by id desc limit $2", prog, limit)
}

func batches(ctx context.Context, r db.Reader, which string, args ...any) ([]BatchUse, error) {
	return db.All(ctx, r, func(row db.Row) (BatchUse, error) {
		var b BatchUse
		one, err := scanBatch(more{row, &b.Used})
		b.Batch = one
		return b, err
	}, `/* creative.Batches */ select `+batchColumns+`, (select count(*) from promo_code c where c.batch = code_batch.id and (
			exists (select 1 from conversion v where v.code = c.code and v.program = c.program and v.code <> '') or exists (select 1 from `+amongSeveral+`)))
		from code_batch where `+which, args...)
}

// amongSeveral are the orders v that used a promo code c among several.
const amongSeveral = `conversion_code k join conversion v on v.id = k.conversion
	where k.code = c.code and k.program = c.program and v.code <> k.code and replace(',' || v.code || ',', ',' || k.code || ',', '') <> ',' || v.code || ','`

// more reads one further column after those that a scan function knows.
type more struct {
	db.Row
	last any
}

func (m more) Scan(into ...any) error { return m.Row.Scan(append(into, m.last)...) }

// SingleCode is a code of a batch, and by which order it was used; empty when it is free.
type SingleCode struct {
	Code  string
	Order string
	Used  time.Time
}

// CodesIn are the codes of a batch, by code, each with its first use.
func CodesIn(ctx context.Context, r db.Reader, b Batch) ([]SingleCode, error) {
	list, err := db.All(ctx, r, func(row db.Row) (SingleCode, error) {
		var c SingleCode
		var used int64
		err := row.Scan(&c.Code, &c.Order, &used)
		if used > 0 {
			c.Used = time.UnixMilli(used).UTC()
		}
		return c, err
	}, `/* creative.CodesIn */
		select c.code, '' as order_id, 0 as at from promo_code c where c.batch = $1
		union all select c.code, v.order_id, v.at from promo_code c join conversion v on v.code = c.code and v.program = c.program and v.code <> ''
			where c.batch = $1
		union all select c.code, v.order_id, v.at from promo_code c, `+amongSeveral+` and c.batch = $1
		order by 1, 3, 2`, b.ID)
	var first []SingleCode
	for _, c := range list {
		switch last := len(first) - 1; {
		case last < 0 || first[last].Code != c.Code: // as if it were unused
			first = append(first, c)
		case first[last].Order == "":
			first[last] = c
		}
	}
	return first, err
}
