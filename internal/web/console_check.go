package web

import (
	"context"
	"encoding/json"

	"github.com/tributary-hq/tributary/internal/auth"
	"github.com/tributary-hq/tributary/internal/commission"
	"github.com/tributary-hq/tributary/internal/db"
	"github.com/tributary-hq/tributary/internal/task"
	"github.com/tributary-hq/tributary/internal/upload"
)

// checkRoutes prove the books from the console, and show how far that is.
var checkRoutes = []route{
	{"POST /console/{program}/ledger/check", auth.WritePayouts, (*site).beginCheck},
	{"GET /console/{program}/tasks/{tsk}", auth.Read, (*site).task},
}

// check is the task that derives everything again and compares it with the books.
const check task.Kind = "check"

type taskPage struct {
	consolePage
	Task  task.Task
	Proof commission.Proof
	Here  string
}

// Looked is how many conversions and commissions were looked at.
func (p taskPage) Looked() [2]int64 {
	return [2]int64{int64(p.Proof.Conversions), int64(p.Proof.Commissions)}
}

// beginCheck asks for a proof of the books.
func (s *site) beginCheck(v *visit) (answer, error) {
	var t task.Task
	err := v.write(func(ctx context.Context, tx *db.Tx) (err error) {
		t, err = task.Begin(ctx, tx, v.program.ID, check, v.person.ID)
		return err
	})
	if err != nil {
		return nil, err
	}
	return s.to(taskAddress(v, t)), nil
}

func taskAddress(v *visit, t task.Task) string { return consoleBase(v.program) + "/tasks/" + t.ID }

// task is how far long work is, and what came of it. Who asked for it and reads the outcome has seen it.
func (s *site) task(v *visit) (answer, error) {
	data := taskPage{consolePage: v.console(), Task: v.task, Here: taskAddress(v, v.task)}
	if v.task.State == task.Done {
		if err := json.Unmarshal(v.task.Outcome, &data.Proof); err != nil {
			return nil, err
		}
	}
	if v.task.State != task.Running && !v.task.Seen && v.task.Author == v.person.ID {
		if err := v.write(func(ctx context.Context, tx *db.Tx) error { return task.See(ctx, tx, v.task.ID) }); err != nil {
			return nil, err
		}
	}
	return s.page("console/task", v.text("check.title"), data), nil
}

// checked is what the last proof of the books found.
type checked struct {
	task.Task
	Address string
	Agrees  bool
}

// lastCheck is the program's last proof; nil when there was none.
func (v *visit) lastCheck() (*checked, error) {
	t, ok, err := task.Latest(v.Context(), v.read(), v.program.ID, check)
	if err != nil || !ok {
		return nil, err
	}
	var proof commission.Proof
	if err := json.Unmarshal(t.Outcome, &proof); err != nil {
		return nil, err
	}
	return &checked{t, taskAddress(v, t), t.State == task.Done && len(proof.Faults) == 0}, nil
}

// news are the reader's own tasks whose outcome waits to be seen.
func (v *visit) news() ([]found, error) {
	if v.program.ID == "" {
		return nil, nil
	}
	tasks, err := task.News(v.Context(), v.read(), v.program.ID, v.person.ID)
	var list []found
	for _, t := range tasks {
		one := found{Icon: "check", Text: v.text("check.over"), Address: taskAddress(v, t)}
		if kind, about := t.Kind.Split(); kind == upload.Task {
			one.Text, one.Address = v.text("uploads.over"), uploadsAt(v)+"/"+about
		}
		if one.Address != v.URL.Path {
			list = append(list, one)
		}
	}
	return list, err
}
