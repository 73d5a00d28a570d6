package upload_test

import (
	"context"
	"fmt"
	"io"
	"log/slog"
	"strings"
	"testing"
	"time"

	"github.com/tributary-hq/tributary/internal/commission"
	"github.com/tributary-hq/tributary/internal/contract"
	"github.com/tributary-hq/tributary/internal/conversion"
	"github.com/tributary-hq/tributary/internal/creative"
	"github.com/tributary-hq/tributary/internal/db"
	"github.com/tributary-hq/tributary/internal/job"
	"github.com/tributary-hq/tributary/internal/money"
	"github.com/tributary-hq/tributary/internal/partner"
	"github.com/tributary-hq/tributary/internal/problem"
	"github.com/tributary-hq/tributary/internal/program"
	"github.com/tributary-hq/tributary/internal/task"
	"github.com/tributary-hq/tributary/internal/touch"
	"github.com/tributary-hq/tributary/internal/upload"
)

// world is a program that pays ten percent of sales and 5 EUR for calls, with the partners Ann and Bob.
type world struct {
	t    testing.TB
	d    *db.DB
	keys touch.Keys
	now  time.Time
	prog program.Program
	pts  map[string]string
	jobs *job.Runner
}

func newWorld(t testing.TB, d *db.DB) *world {
	t.Helper()
	w := &world{t: t, d: d, keys: touch.NewKeys([]byte("0123456789abcdef0123456789abcdef")), now: time.Date(2026, 1, 1, 12, 0, 0, 0, time.UTC), pts: map[string]string{}}
	d.SetClock(func() time.Time { return w.now })
	w.write(func(ctx context.Context, tx *db.Tx) error {
		brand, err := program.CreateBrand(ctx, tx, "Acme", "acme")
		if err != nil {
			return err
		}
		w.prog, err = program.Create(ctx, tx, program.Program{Brand: brand.ID, Slug: "acme", Name: "Acme", Currency: "EUR", Timezone: "Europe/Berlin",
			Landing: "https://acme.example", Events: []string{"sale", "lead", "call"}}, program.Model{Name: "last"}, "test")
		if err != nil {
			return err
		}
		terms := contract.Sensible("EUR")
		terms.Payouts["call"] = contract.Payout{Fixed: money.Of(500, "EUR").Minor}
		for _, name := range []string{"ann", "bob"} {
			p, err := partner.Create(ctx, tx, partner.Partner{Name: name, Email: name + "@example.org", Rail: "paypal", PayTo: name + "@example.org"})
			if err != nil {
				return err
			}
			s, err := partner.Apply(ctx, tx, w.prog, p, nil)
			if err != nil {
				return err
			}
			if _, err := commission.Accept(ctx, tx, w.keys, s.ID, &terms, "test"); err != nil {
				return err
			}
			w.pts[name] = s.ID
			if _, err := creative.CreateCode(ctx, tx, w.prog.ID, s.ID, strings.ToUpper(name)); err != nil {
				return err
			}
		}
		return nil
	})
	w.now = time.Date(2026, 4, 1, 12, 0, 0, 0, time.UTC)
	w.jobs = job.NewRunner(d, slog.New(slog.NewTextHandler(io.Discard, nil)), map[job.Kind]job.Handler{
		task.Job: task.Handler(map[task.Kind]task.Work{upload.Task: upload.Work(w.keys)})})
	return w
}

func (w *world) write(fn func(ctx context.Context, tx *db.Tx) error) {
	w.t.Helper()
	ctx := context.Background()
	if err := w.d.Write(ctx, func(tx *db.Tx) error { return fn(ctx, tx) }); err != nil {
		w.t.Fatal(err)
	}
}

// keep keeps a file of the brand.
func (w *world) keep(kind upload.Kind, file string) (u upload.Upload) {
	w.t.Helper()
	w.write(func(ctx context.Context, tx *db.Tx) (err error) {
		u, err = upload.Keep(ctx, tx, upload.Upload{Program: w.prog.ID, Kind: kind, Name: "file.csv", Author: "per_1"}, []byte(file))
		return err
	})
	return u
}

// take takes an upload, and returns what came of it.
func (w *world) take(u upload.Upload) upload.Upload {
	w.t.Helper()
	w.begin(u)
	w.run()
	return w.get(u.ID)
}

func (w *world) begin(u upload.Upload) {
	w.t.Helper()
	w.write(func(ctx context.Context, tx *db.Tx) error {
		_, err := upload.Take(ctx, tx, u.ID, "per_1")
		return err
	})
}

func (w *world) run() {
	w.t.Helper()
	if _, err := w.jobs.RunDue(context.Background()); err != nil {
		w.t.Fatal(err)
	}
}

func (w *world) get(id string) upload.Upload {
	w.t.Helper()
	u, err := upload.Get(context.Background(), w.d.Read(), id)
	if err != nil {
		w.t.Fatal(err)
	}
	return u
}

// counts are how many lines were accepted, known and refused, and why the latter were, by line.
func (w *world) counts(u upload.Upload) string {
	w.t.Helper()
	list, err := upload.Faults(context.Background(), w.d.Read(), u.ID, 0, 100)
	if err != nil {
		w.t.Fatal(err)
	}
	got := fmt.Sprintf("%d %d %d", u.Accepted, u.Known, u.Refused)
	for _, f := range list {
		got += fmt.Sprintf(" %d:%s", f.Line, f.Code)
	}
	return got
}

// earned is what each partner has earned with each order, and which orders nobody earned.
func (w *world) earned(orders ...string) string {
	w.t.Helper()
	ctx := context.Background()
	var parts []string
	for _, order := range orders {
		event := "sale"
		if name, of, ok := strings.Cut(order, "/"); ok && (name == "call" || name == "lead") {
			event, order = name, of
		}
		c, err := conversion.ByOrder(ctx, w.d.Read(), w.prog.ID, event, order)
		if problem.Code(err) == "order_unknown" {
			parts = append(parts, order+" unknown")
			continue
		}
		if err != nil {
			w.t.Fatal(err)
		}
		earned, err := commission.Of(ctx, w.d.Read(), []string{c.ID})
		if err != nil {
			w.t.Fatal(err)
		}
		text := order + " nobody"
		for _, m := range earned[c.ID] {
			for name, id := range w.pts {
				if id == m.Partnership && m.Amount.Minor != 0 {
					text = order + " " + name + " " + m.Amount.Decimal()
				}
			}
		}
		parts = append(parts, text)
	}
	return strings.Join(parts, ", ")
}

// agrees derives everything again.
func (w *world) agrees() {
	w.t.Helper()
	err := w.d.View(context.Background(), func(r db.Reader) error {
		proof, err := commission.Verify(context.Background(), r, w.keys, w.prog, func(int, int) {})
		for _, fault := range proof.Faults {
			w.t.Error(fault)
		}
		return err
	})
	if err != nil {
		w.t.Fatal(err)
	}
}

// taskOf is the task that takes an upload.
func taskOf(t testing.TB, d *db.DB, u upload.Upload) task.Task {
	t.Helper()
	one, err := task.Get(context.Background(), d.Read(), u.Task)
	if err != nil {
		t.Fatal(err)
	}
	return one
}
