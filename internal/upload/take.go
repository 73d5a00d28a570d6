package upload

import (
	"context"
	"errors"
	"fmt"
	"io"

	"github.com/tributary-hq/tributary/internal/db"
	"github.com/tributary-hq/tributary/internal/money"
	"github.com/tributary-hq/tributary/internal/problem"
	"github.com/tributary-hq/tributary/internal/program"
	"github.com/tributary-hq/tributary/internal/sheet"
	"github.com/tributary-hq/tributary/internal/task"
	"github.com/tributary-hq/tributary/internal/touch"
)

// perTransaction is how many lines are taken at a time: few, so that a click never waits long for the writer.
const perTransaction = 200

// Outcome is what came of an upload.
type Outcome struct {
	Accepted int64 `json:"accepted"`
	Known    int64 `json:"known"`
	Refused  int64 `json:"refused"`
}

// Work takes uploads. The lines of a transaction and how far the file is are written together, so that one which is done
// again, after a crash or by two at once, goes on exactly where it ended.
func Work(keys touch.Keys) task.Work {
	return func(ctx context.Context, d *db.DB, t task.Task, tell func(done, all int)) (any, error) {
		_, name := t.Kind.Split()
		u, err := Get(ctx, d.Read(), name)
		if err != nil || u.State == Done {
			return Outcome{u.Accepted, u.Known, u.Refused}, err
		}
		if u, err = takeAll(ctx, d, keys, u, tell); err != nil {
			return nil, err
		}
		return Outcome{u.Accepted, u.Known, u.Refused}, nil
	}
}

func takeAll(ctx context.Context, d *db.DB, keys touch.Keys, u Upload, tell func(done, all int)) (Upload, error) {
	body, err := File(ctx, d.Read(), u.ID)
	if err != nil {
		return u, err
	}
	r, err := readerOf(ctx, d.Read(), u)
	if err != nil {
		return u, err
	}
	file, err := sheet.Open(body)
	if err != nil {
		return u, err
	}
	defer file.Close()
	for skipped := int64(0); skipped < u.Done; skipped++ {
		if _, err := file.Next(); err != nil {
			return u, fmt.Errorf("go on at line %d of upload %s: %w", u.Done, u.ID, err)
		}
	}
	for ended := false; !ended; {
		var lines []*line
		for len(lines) < perTransaction && !ended {
			row, err := file.Next()
			switch {
			case errors.Is(err, io.EOF):
				ended = true
			case err != nil:
				return u, err
			default:
				lines = append(lines, r.line(row))
			}
		}
		err := d.Write(ctx, func(tx *db.Tx) error { return step(ctx, tx, keys, r, &u, lines, ended) })
		if err != nil {
			return u, fmt.Errorf("take lines of upload %s: %w", u.ID, err)
		}
		tell(int(u.Done), int(u.Total))
	}
	return u, nil
}

// readerOf is what reads the lines of an upload.
func readerOf(ctx context.Context, r db.Reader, u Upload) (*reader, error) {
	p, err := program.Get(ctx, r, u.Program)
	return &reader{Upload: u, zone: p.Zone(), currency: string(p.Currency)}, err
}

// step takes some lines, if nobody else has taken them since u was read.
func step(ctx context.Context, tx *db.Tx, keys touch.Keys, r *reader, u *Upload, lines []*line, ended bool) error {
	taken, faults, err := takeLines(ctx, tx, keys, r, lines)
	if err != nil {
		return err
	}
	next := *u
	next.Done += int64(len(lines))
	next.Accepted, next.Known, next.Refused = next.Accepted+taken.Accepted, next.Known+taken.Known, next.Refused+taken.Refused
	var finished int64
	if ended {
		next.State, next.Finished, finished = Done, tx.Now, tx.Now.UnixMilli()
	}
	n, err := db.Exec(ctx, tx, `/* upload.step */ update upload set done = $1, accepted = $2, known = $3, refused = $4, state = $5, finished = $6
		where id = $7 and done = $8 and state = 'running'`, next.Done, next.Accepted, next.Known, next.Refused, string(next.State), finished, u.ID, u.Done)
	if err != nil {
		return err
	}
	if n == 0 {
		return fmt.Errorf("somebody else takes upload %s", u.ID)
	}
	rows := make([][]any, len(faults))
	for i, f := range faults {
		rows[i] = []any{u.ID, f.Line, f.Code, f.Field, f.Detail}
	}
	if _, err := db.Insert(ctx, tx, `/* upload.step */ insert into upload_fault (upload, line, code, field, detail)`, rows, ""); err != nil {
		return err
	}
	tx.After(func() { *u = next })
	return nil
}

// takeLines reports lines and counts what came of them.
func takeLines(ctx context.Context, tx *db.Tx, keys touch.Keys, r *reader, lines []*line) (taken Outcome, faults []Fault, err error) {
	for _, l := range lines {
		l.faults = nil // read again when the transaction is
	}
	results, err := reports[r.Kind](ctx, tx, keys, r, lines)
	if err != nil {
		return taken, nil, err
	}
	for i, result := range results {
		p, refused := problem.As(result.Err)
		switch {
		case refused:
			taken.Refused++
			faults = append(faults, faultOf(lines[i].row.Line, p))
		case result.Err != nil:
			return taken, nil, result.Err
		case result.Value:
			taken.Known++
		default:
			taken.Accepted++
		}
	}
	return taken, faults, nil
}

func faultOf(line int, p *problem.Problem) Fault {
	f := Fault{Line: int64(line), Code: p.Code, Detail: p.Detail}
	if len(p.Fields) > 0 {
		f.Field, f.Code, f.Detail = p.Fields[0].Name, p.Fields[0].Code, p.Fields[0].Detail
	}
	return f
}

// Preview is what would come of a file.
type Preview struct {
	sheet.Form
	Head    []string
	Missing []string // fields that are needed and stand in no column; then nothing was tried
	Lines   []Understood
	Amount  money.Amount // of all lines together, as far as they can be read
	Tried   int64        // how many lines were tried, from the first
	Outcome
	Faults []Fault // of the lines that were tried
}

// Understood is a line as it was read.
type Understood struct {
	Line   int
	Values []string // in the order of the kind's fields
}

// The bounds of a preview.
const (
	triedMost      = 500
	understoodMost = 8
)

var errTried = errors.New("tried, and taken back")

// Try reads a file, reports its first lines in a transaction, and takes all of that back: the checks are those of the real
// thing. The lines beyond are read for their sums alone.
func Try(ctx context.Context, d *db.DB, keys touch.Keys, u Upload) (Preview, error) {
	body, err := File(ctx, d.Read(), u.ID)
	if err != nil {
		return Preview{}, err
	}
	r, err := readerOf(ctx, d.Read(), u)
	if err != nil {
		return Preview{}, err
	}
	file, err := sheet.Open(body)
	if err != nil {
		return Preview{}, err
	}
	defer file.Close()
	p := Preview{Form: file.Form, Head: file.Head, Missing: u.Reading.Missing(u.Kind, u.Partnership), Amount: money.Of(0, money.Currency(r.currency))}
	var lines []*line
	for {
		row, err := file.Next()
		if errors.Is(err, io.EOF) {
			break
		}
		if err != nil {
			return p, err
		}
		l := r.line(row)
		p.Amount.Minor += l.counts(p.Amount.Currency)
		if len(lines) < triedMost {
			lines = append(lines, l)
		}
		if len(p.Lines) < understoodMost {
			p.Lines = append(p.Lines, l.understood())
		}
	}
	if len(p.Missing) > 0 {
		return p, nil
	}
	p.Tried = int64(len(lines))
	err = d.Write(ctx, func(tx *db.Tx) error {
		p.Outcome, p.Faults = Outcome{}, nil
		for rest := lines; len(rest) > 0; {
			n := min(len(rest), perTransaction)
			taken, faults, err := takeLines(ctx, tx, keys, r, rest[:n])
			if err != nil {
				return err
			}
			p.Accepted, p.Known, p.Refused = p.Accepted+taken.Accepted, p.Known+taken.Known, p.Refused+taken.Refused
			p.Faults, rest = append(p.Faults, faults...), rest[n:]
		}
		return errTried
	})
	if errors.Is(err, errTried) {
		err = nil
	}
	return p, err
}

// counts is the amount of the line that counts, as far as it can be read.
func (l *line) counts(c money.Currency) int64 {
	if l.text("amount") != "" || l.text("total") == "" {
		return sum(0, l.number("amount"), c)
	}
	return max(0, sum(0, l.number("total"), c)-sum(0, l.number("tax"), c)-sum(0, l.number("shipping"), c))
}

// understood is the line as its fields read it.
func (l *line) understood() Understood {
	u := Understood{Line: l.row.Line}
	for _, f := range l.of.Kind.Fields(l.of.Partnership) {
		value := l.text(f.Name)
		switch {
		case f.sort == number && value != "":
			value = l.number(f.Name)
		case f.sort == moment && value != "":
			if t := l.moment(f.Name); !t.IsZero() {
				value = t.In(l.of.zone).Format("2006-01-02 15:04")
			}
		case f.Name == "caller" && len(value) > 4: // nobody's whole number is shown
			value = "…" + value[len(value)-4:]
		}
		u.Values = append(u.Values, clip(value))
	}
	return u
}

// Refused is a file of the lines that were refused, as they were sent, with the reason at the end of each: to be corrected
// and sent again. say puts a reason into the reader's language.
func Refused(ctx context.Context, r db.Reader, u Upload, title string, say func(Fault) string) ([]byte, error) {
	body, err := File(ctx, r, u.ID)
	if err != nil {
		return nil, err
	}
	faults, err := Faults(ctx, r, u.ID, 0, sheet.RowsMost)
	if err != nil {
		return nil, err
	}
	byLine := make(map[int]Fault, len(faults))
	for _, f := range faults {
		byLine[int(f.Line)] = f
	}
	file, err := sheet.Open(body)
	if err != nil {
		return nil, err
	}
	defer file.Close()
	width := len(file.Head)
	rows := [][]string{append(file.Head, title)}
	for {
		row, err := file.Next()
		if errors.Is(err, io.EOF) {
			return sheet.Write(file.Comma, rows), nil
		}
		if err != nil {
			return nil, err
		}
		if f, ok := byLine[row.Line]; ok {
			cells := make([]string, width+1)
			for i := range width {
				cells[i] = sheet.Untame(row.Cell(i))
			}
			cells[width] = say(f)
			rows = append(rows, cells)
		}
	}
}
