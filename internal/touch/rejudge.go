package touch

import (
	"context"
	"slices"
	"time"

	"github.com/tributary-hq/tributary/internal/db"
	"github.com/tributary-hq/tributary/internal/id"
	"github.com/tributary-hq/tributary/internal/program"
)

// Judgement is what a person decided about a touch: which mark it has from the turn on. It is a fact, kept as it came. A
// touch has the mark of its last judgement; the first judgement's Was is the mark with which it came.
type Judgement struct {
	ID      string
	Program string
	Touch   string
	Was     Mark
	Mark    Mark
	Reason  string // in the person's words
	Author  string
	At      time.Time
	Turn    int64
}

const judgementColumns = "id, program, touch, was, mark, reason, author, at, turn"

func scanJudgement(row db.Row) (Judgement, error) {
	var j Judgement
	var at int64
	err := row.Scan(&j.ID, &j.Program, &j.Touch, &j.Was, &j.Mark, &j.Reason, &j.Author, &at, &j.Turn)
	j.At = time.UnixMilli(at).UTC()
	return j, err
}

// Rejudge decides whether touches of one program count, and returns those for which this is different from before. One that
// does not count anyway keeps its mark. The caller holds the program's turn.
func Rejudge(ctx context.Context, tx *db.Tx, turn int64, touches []Touch, counts bool, reason, author string) ([]Touch, error) {
	var changed []Touch
	var rows [][]any
	var moments []program.Moment
	for _, t := range touches {
		if counts == (t.Mark == Counts) {
			continue
		}
		was := t.Mark
		if t.Mark = Counts; !counts {
			t.Mark = Refused
		}
		changed = append(changed, t)
		rows = append(rows, []any{id.New("jdg", tx.Now), t.Program, t.ID, string(was), string(t.Mark), reason, author, tx.Now.UnixMilli(), turn})
		moments = append(moments, program.Moment{Program: t.Program, At: t.At, Turn: turn})
	}
	if len(changed) == 0 {
		return nil, nil
	}
	if _, err := db.Insert(ctx, tx, `/* touch.Rejudge */ insert into judgement (`+judgementColumns+`)`, rows, ""); err != nil {
		return nil, err
	}
	err := db.Batches(changed, 500, func(touches []Touch) error {
		var args db.Args
		mark := args.Add(string(touches[0].Mark))
		ids := make([]string, len(touches))
		for i, t := range touches {
			ids[i] = t.ID
		}
		_, err := db.Exec(ctx, tx, `/* touch.Rejudge */ update touch set mark = `+mark+` where id in `+args.In(ids), args.List()...)
		return err
	})
	if err != nil {
		return nil, err
	}
	return changed, program.MarkDays(ctx, tx, program.Clicks, moments)
}

// Judgements are those about touches, by touch, in the order of their turns.
func Judgements(ctx context.Context, r db.Reader, touches []string) (map[string][]Judgement, error) {
	found := map[string][]Judgement{}
	err := db.Batches(touches, 500, func(touches []string) error {
		var args db.Args
		list, err := db.All(ctx, r, scanJudgement, `/* touch.Judgements */ select `+judgementColumns+` from judgement
			where touch in `+args.In(touches)+` order by turn, id`, args.List()...)
		for _, j := range list {
			found[j.Touch] = append(found[j.Touch], j)
		}
		return err
	})
	return found, err
}

// Judged are all judgements of a program, by touch, in the order of their turns.
func Judged(ctx context.Context, r db.Reader, prog string) (map[string][]Judgement, error) {
	list, err := db.All(ctx, r, scanJudgement, `/* touch.Judged */ select `+judgementColumns+` from judgement where program = $1 order by turn, id`, prog)
	found := map[string][]Judgement{}
	for _, j := range list {
		found[j.Touch] = append(found[j.Touch], j)
	}
	return found, err
}

// MarkAt is the mark that a touch had at a turn, by all judgements about it; now is the one it has.
func MarkAt(judgements []Judgement, now Mark, turn int64) Mark {
	for _, j := range slices.Backward(judgements) {
		if j.Turn <= turn {
			return j.Mark
		}
		now = j.Was
	}
	return now
}
