package task_test

import (
	"context"
	"errors"
	"io"
	"log/slog"
	"slices"
	"strings"
	"testing"

	"github.com/tributary-hq/tributary/internal/db"
	"github.com/tributary-hq/tributary/internal/db/dbtest"
	"github.com/tributary-hq/tributary/internal/job"
	"github.com/tributary-hq/tributary/internal/task"
)

func TestTask(t *testing.T) {
	dbtest.Run(t, func(t *testing.T, d *db.DB) {
		ctx := context.Background()
		must := func(err error) {
			t.Helper()
			if err != nil {
				t.Fatal(err)
			}
		}
		must(d.Write(ctx, func(tx *db.Tx) error {
			if _, err := db.Exec(ctx, tx, `insert into brand (id, slug, name, created) values ('brd_1', 'b', 'B', 0)`); err != nil {
				return err
			}
			_, err := db.Exec(ctx, tx, `insert into program (id, brand, slug, name, description, currency, timezone, locale, landing, domains, events, click_param,
				form, defaults, secret, tag_sales, status, created, changed)
				values ('prg_1', 'brd_1', 'p', 'P', '', 'EUR', 'UTC', 'en', '', '[]', '[]', '', '[]', '{}', '', $1, 'active', 0, 0)`, false)
			return err
		}))
		begin := func(kind task.Kind) (made task.Task) {
			t.Helper()
			must(d.Write(ctx, func(tx *db.Tx) (err error) {
				made, err = task.Begin(ctx, tx, "prg_1", kind, "per_1")
				return err
			}))
			return made
		}
		var first, seen task.Task
		works := map[task.Kind]task.Work{
			"count": func(ctx context.Context, d *db.DB, _ task.Task, tell func(done, all int)) (any, error) {
				tell(3, 10)
				tell(4, 10) // too soon after the first to be written down
				running, err := task.Get(ctx, d.Read(), first.ID)
				seen = running
				return map[string]int{"found": 7}, err
			},
			"break": func(context.Context, *db.DB, task.Task, func(int, int)) (any, error) {
				return nil, errors.New("out of ink")
			},
		}
		run := func() error {
			_, err := job.NewRunner(d, slog.New(slog.NewTextHandler(io.Discard, nil)), map[job.Kind]job.Handler{task.Job: task.Handler(works)}).RunDue(ctx)
			return err
		}

		first = begin("count")
		if again := begin("count"); again.ID != first.ID || first.State != task.Running || string(first.Outcome) != "null" {
			t.Errorf("two tasks of a kind at once: %+v and %+v", first, again)
		}
		must(run())
		if seen.ID != first.ID || seen.Done != 3 || seen.All != 10 {
			t.Errorf("under way it stands at %+v", seen)
		}
		done, err := task.Get(ctx, d.Read(), first.ID)
		must(err)
		if done.State != task.Done || string(done.Outcome) != `{"found":7}` || done.Done != 10 || done.Finished.IsZero() {
			t.Errorf("done it is %+v", done)
		}
		if second := begin("count"); second.ID == first.ID {
			t.Error("a task that is done is begun again")
		}
		broken := begin("break")
		run() // tells of the failure
		broken, err = task.Get(ctx, d.Read(), broken.ID)
		must(err)
		if broken.State != task.Failed || string(broken.Outcome) != "null" {
			t.Errorf("broken it is %+v", broken)
		}

		news := func() string {
			list, err := task.News(ctx, d.Read(), "prg_1", "per_1")
			must(err)
			var kinds []string
			for _, t := range list {
				kinds = append(kinds, string(t.Kind))
			}
			slices.Sort(kinds) // of the same moment
			return strings.Join(kinds, " ")
		}
		if got := news(); got != "break count count" {
			t.Errorf("news of %q", got)
		}
		must(d.Write(ctx, func(tx *db.Tx) error { return task.See(ctx, tx, first.ID) }))
		if got := news(); got != "break count" {
			t.Errorf("after a look, news of %q", got)
		}
		if latest, ok, err := task.Latest(ctx, d.Read(), "prg_1", "count"); err != nil || !ok || latest.ID == first.ID {
			t.Errorf("the latest is %+v %v", latest, err)
		}
		if list, err := task.News(ctx, d.Read(), "prg_1", "per_2"); err != nil || len(list) > 0 {
			t.Errorf("somebody else hears of %v %v", list, err)
		}
	})
}
