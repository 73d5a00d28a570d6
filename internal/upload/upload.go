package upload

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"time"
	"unicode"

	"github.com/tributary-hq/tributary/internal/db"
	"github.com/tributary-hq/tributary/internal/id"
	"github.com/tributary-hq/tributary/internal/problem"
	"github.com/tributary-hq/tributary/internal/task"
)

// State is how far an upload is.
type State string

// The states.
const (
	New     State = "new"     // it can still be read otherwise
	Running State = "running" // or soon to be
	Done    State = "done"
)

// Upload is a file that somebody sent.
type Upload struct {
	ID          string
	Program     string
	Partnership string // whose all of it is; empty: the brand's
	Kind        Kind
	Name        string // of the file
	Bytes       int64
	Hash        string // SHA-256 of the file
	Reading     Reading
	Author      string
	Created     time.Time
	State       State
	Task        string
	Total       int64 // lines
	Done        int64 // of them
	Accepted    int64
	Known       int64
	Refused     int64
	Finished    time.Time // zero before
}

const uploadColumns = `id, program, partnership, kind, name, bytes, hash, reading, author, created, state, task, total, done, accepted, known, refused, finished`

func scanUpload(row db.Row) (Upload, error) {
	var u Upload
	var reading string
	var created, finished int64
	err := row.Scan(&u.ID, &u.Program, &u.Partnership, &u.Kind, &u.Name, &u.Bytes, &u.Hash, &reading, &u.Author, &created, &u.State, &u.Task,
		&u.Total, &u.Done, &u.Accepted, &u.Known, &u.Refused, &finished)
	u.Created = time.UnixMilli(created).UTC()
	if finished > 0 {
		u.Finished = time.UnixMilli(finished).UTC()
	}
	if err != nil {
		return u, err
	}
	return u, json.Unmarshal([]byte(reading), &u.Reading)
}

// Keep keeps a file, and how it would be read.
func Keep(ctx context.Context, tx *db.Tx, u Upload, body []byte) (Upload, error) {
	if !slices.Contains(Kinds, u.Kind) {
		return u, problem.Invalid("kind", "%q is not what a file can have on its lines", u.Kind)
	}
	if u.Partnership != "" && !u.Kind.Open() {
		return u, problem.Denied("partners send files of cards")
	}
	var err error
	var lines int
	if u.Reading, lines, err = guess(u.Kind, u.Partnership, body); err != nil {
		return u, err
	}
	sum := sha256.Sum256(body)
	u.ID, u.Created, u.State, u.Hash = id.New("upl", tx.Now), tx.Now, New, hex.EncodeToString(sum[:])
	u.Name, u.Bytes, u.Total = cleanName(u.Name), int64(len(body)), int64(lines)
	reading, err := json.Marshal(u.Reading)
	if err != nil {
		return u, err
	}
	if _, err := db.Insert(ctx, tx, `/* upload.Keep */ insert into upload (`+uploadColumns+`)`, [][]any{{u.ID, u.Program, u.Partnership, string(u.Kind), u.Name,
		u.Bytes, u.Hash, string(reading), u.Author, u.Created.UnixMilli(), string(u.State), "", u.Total, 0, 0, 0, 0, 0}}, ""); err != nil {
		return u, err
	}
	_, err = db.Exec(ctx, tx, `/* upload.Keep */ insert into upload_file (upload, body) values ($1, $2)`, u.ID, body)
	return u, err
}

// cleanName is the last part of a file's name, as it can be shown and given back.
func cleanName(name string) string {
	name = filepath.Base(strings.ReplaceAll(strings.ToValidUTF8(name, ""), `\`, "/"))
	name = strings.TrimSpace(strings.Map(func(r rune) rune {
		if unicode.IsControl(r) || strings.ContainsRune(`"<>|:*?`, r) {
			return -1
		}
		return r
	}, name))
	if runes := []rune(name); len(runes) > 120 {
		name = string(runes[len(runes)-120:])
	}
	if name == "" || name == "." || name == "/" {
		return "upload.csv"
	}
	return name
}

// Get is the upload with the id.
func Get(ctx context.Context, r db.Reader, id string) (Upload, error) {
	u, err := db.One(ctx, r, scanUpload, `/* upload.Get */ select `+uploadColumns+` from upload where id = $1`, id)
	if errors.Is(err, db.ErrNone) {
		return u, problem.NotFound("upload", id)
	}
	return u, err
}

// Wanted says which uploads a list has.
type Wanted struct {
	Program     string
	Partnership string // empty: those of the brand and of all partners
	Kind        Kind   // any when empty
	Before      string
	Limit       int
}

// List is a page of uploads, the newest first.
func List(ctx context.Context, r db.Reader, w Wanted) ([]Upload, error) {
	var args db.Args
	where := ` where program = ` + args.Add(w.Program)
	if w.Partnership != "" {
		where += ` and partnership = ` + args.Add(w.Partnership)
	}
	if w.Kind != "" {
		where += ` and kind = ` + args.Add(string(w.Kind))
	}
	if w.Before != "" {
		where += ` and id < ` + args.Add(w.Before)
	}
	return db.All(ctx, r, scanUpload, `/* upload.List */ select `+uploadColumns+` from upload`+where+` order by id desc limit `+args.Add(w.Limit), args.List()...)
}

// Twin is the last other upload of the very same file that was taken; ok is false when there is none.
func Twin(ctx context.Context, r db.Reader, u Upload) (twin Upload, ok bool, err error) {
	twin, err = db.One(ctx, r, scanUpload, `/* upload.Twin */ select `+uploadColumns+` from upload
		where program = $1 and id < $2 and hash = $3 and kind = $4 and state <> 'new' order by id desc limit 1`, u.Program, u.ID, u.Hash, string(u.Kind))
	if errors.Is(err, db.ErrNone) {
		return twin, false, nil
	}
	return twin, err == nil, err
}

// File is the file as it came.
func File(ctx context.Context, r db.Reader, id string) ([]byte, error) {
	return db.One(ctx, r, db.Value[[]byte], `/* upload.File */ select body from upload_file where upload = $1`, id)
}

var errTaken = problem.Conflict("upload_taken", "the file was taken already: what it said cannot be read otherwise")

// Correct reads a file otherwise. That is possible until it is taken.
func Correct(ctx context.Context, tx *db.Tx, u Upload, reading Reading) (Upload, error) {
	if err := reading.check(u.Kind, u.Partnership); err != nil {
		return u, err
	}
	text, err := json.Marshal(reading)
	if err != nil {
		return u, err
	}
	n, err := db.Exec(ctx, tx, `/* upload.Correct */ update upload set reading = $1 where id = $2 and state = 'new'`, string(text), u.ID)
	if err == nil && n == 0 {
		return u, errTaken
	}
	u.Reading = reading
	return u, err
}

// Task is the kind of the tasks that take uploads.
const Task task.Kind = "upload"

// Take begins to take the file. One whose task has failed goes on where it ended.
func Take(ctx context.Context, tx *db.Tx, id, author string) (Upload, error) {
	u, err := Get(ctx, tx, id)
	if err != nil {
		return u, err
	}
	if missing := u.Reading.Missing(u.Kind, u.Partnership); len(missing) > 0 {
		return u, problem.Wrong(missing[0], "column_missing", "say in which column the file has %s", strings.Join(missing, ", "))
	}
	switch u.State {
	case New:
	case Running:
		if t, err := task.Get(ctx, tx, u.Task); err != nil || t.State != task.Failed {
			return u, err
		}
	default:
		return u, errTaken
	}
	t, err := task.Begin(ctx, tx, u.Program, Task.About(u.ID), author)
	if err != nil {
		return u, err
	}
	n, err := db.Exec(ctx, tx, `/* upload.Take */ update upload set state = 'running', task = $1 where id = $2 and state <> 'done'`, t.ID, u.ID)
	if err == nil && n == 0 {
		return u, errTaken
	}
	u.State, u.Task = Running, t.ID
	return u, err
}

// Discard forgets a file that was not taken.
func Discard(ctx context.Context, tx *db.Tx, id string) error {
	n, err := db.Exec(ctx, tx, `/* upload.Discard */ delete from upload_file where upload in (select id from upload where id = $1 and state = 'new')`, id)
	if err != nil {
		return err
	}
	if n == 0 {
		return errTaken
	}
	_, err = db.Exec(ctx, tx, `/* upload.Discard */ delete from upload where id = $1 and state = 'new'`, id)
	return err
}

// Fault is why a line was refused.
type Fault struct {
	Line   int64
	Code   string
	Field  string
	Detail string
}

func scanFault(row db.Row) (Fault, error) {
	var f Fault
	err := row.Scan(&f.Line, &f.Code, &f.Field, &f.Detail)
	return f, err
}

// Faults are the refused lines from after a line on, in the order of the file.
func Faults(ctx context.Context, r db.Reader, id string, after int64, limit int) ([]Fault, error) {
	return db.All(ctx, r, scanFault, `/* upload.Faults */ select line, code, field, detail from upload_fault where upload = $1 and line > $2
		order by line limit $3`, id, after, limit)
}

// Reasons are how many lines were refused for which reason.
func Reasons(ctx context.Context, r db.Reader, id string) (map[string]int64, error) {
	type reason struct {
		code string
		n    int64
	}
	list, err := db.All(ctx, r, func(row db.Row) (reason, error) {
		var one reason
		err := row.Scan(&one.code, &one.n)
		return one, err
	}, `/* upload.Reasons */ select code, count(*) from upload_fault where upload = $1 group by code`, id)
	counts := map[string]int64{}
	for _, one := range list {
		counts[one.code] = one.n
	}
	return counts, err
}

// Cursor is where a list that ended with the fault goes on.
func (f Fault) Cursor() string { return strconv.FormatInt(f.Line, 10) }
