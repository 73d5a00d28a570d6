package health_test

import (
	"context"
	"fmt"
	"path/filepath"
	"testing"
	"time"

	"github.com/tributary-hq/tributary/internal/db"
	"github.com/tributary-hq/tributary/internal/db/dbtest"
	"github.com/tributary-hq/tributary/internal/domain"
	"github.com/tributary-hq/tributary/internal/health"
	"github.com/tributary-hq/tributary/internal/problem"
	"github.com/tributary-hq/tributary/internal/program"
	"github.com/tributary-hq/tributary/internal/refusal"
)

var start = time.Date(2026, 5, 20, 12, 0, 0, 0, time.UTC)

// patient is a program whose facts are written as they would be kept.
type patient struct {
	t    testing.TB
	d    *db.DB
	prog program.Program
	n    int
}

func open(t testing.TB, d *db.DB) *patient {
	t.Helper()
	p := &patient{t: t, d: d}
	d.SetClock(func() time.Time { return start })
	p.write(func(ctx context.Context, tx *db.Tx) error {
		b, err := program.CreateBrand(ctx, tx, "Acme", "acme")
		if err == nil {
			p.prog, err = program.Create(ctx, tx, program.Program{Brand: b.ID, Slug: "acme", Name: "Acme", Currency: "EUR", Landing: "https://shop.example/"}, program.Model{}, "")
		}
		return err
	})
	return p
}

func (p *patient) write(fn func(ctx context.Context, tx *db.Tx) error) {
	p.t.Helper()
	ctx := context.Background()
	if err := p.d.Write(ctx, func(tx *db.Tx) error { return fn(ctx, tx) }); err != nil {
		p.t.Fatal(err)
	}
}

func (p *patient) exec(query string, args ...any) {
	p.t.Helper()
	p.write(func(ctx context.Context, tx *db.Tx) error { _, err := db.Exec(ctx, tx, query, args...); return err })
}

const touchColumns = `insert into touch (id, program, kind, partnership, link, who, at, turn, mark, url, referrer, agent, address, sub1, sub2, sub3, sub4, sub5, shared) `

// touch is one so long ago; landed tells whether the tag saw the visitor.
func (p *patient) touch(kind string, ago time.Duration, landed bool) {
	p.n++
	id, at := fmt.Sprintf("t%d", p.n), start.Add(-ago).UnixMilli()
	p.exec(touchColumns+`values ($1, $2, $3, '', '', $1, $4, 1, '', '', '', '', '', '', '', '', '', '', '')`, id, p.prog.ID, kind, at)
	if landed {
		p.exec(`insert into identity_link (program, a, b, at, turn) values ($1, $2, $3, $4, 1)`, p.prog.ID, "c:"+id, "v:"+id, at)
	}
}

func (p *patient) sale(source string, ago, ahead time.Duration, click, code string) {
	p.n++
	received := start.Add(-ago)
	p.exec(`insert into conversion (id, program, event, order_id, at, received, turn, amount, currency, who, click, visitor, customer, email, code, source)
		values ($1, $2, 'sale', $1, $3, $4, 1, 100, 'EUR', '', $5, '', '', '', $6, $7)`, fmt.Sprintf("cnv_%09d", int64(time.Hour*1000-ago)/int64(time.Second)+int64(p.n)), p.prog.ID, received.Add(ahead).UnixMilli(), received.UnixMilli(), click, code, source)
}

func (p *patient) finding(name string) health.Finding {
	p.t.Helper()
	report, err := health.Of(context.Background(), p.d.Read(), p.prog, start)
	if err != nil {
		p.t.Fatal(err)
	}
	for i, f := range report.Findings {
		if i > 0 && severity(report.Findings[i-1].State) > severity(f.State) {
			p.t.Errorf("%s stands after %s", f.State, report.Findings[i-1].State)
		}
	}
	for _, f := range report.Findings {
		if f.Name == name {
			return f
		}
	}
	p.t.Fatalf("nothing is said of %s", name)
	return health.Finding{}
}

func severity(s health.State) int {
	return map[health.State]int{health.Bad: 0, health.Watch: 1, health.Fine: 2, health.Idle: 3}[s]
}

func TestFindings(t *testing.T) {
	const day, soon = 24 * time.Hour, time.Hour
	some := func(n int, do func(i int)) {
		for i := range n {
			do(i)
		}
	}
	for _, c := range []struct {
		name    string
		finding string
		facts   func(p *patient)
		want    health.State
		n       int64
	}{
		{"nobody came yet", "clicks", func(*patient) {}, health.Idle, 0},
		{"visitors come", "clicks", func(p *patient) { p.touch("click", soon, true) }, health.Fine, 0},
		{"no visitor for nine days", "clicks", func(p *patient) { p.touch("click", 9*day, true) }, health.Watch, 0},
		{"the tag was never there", "tag", func(p *patient) { p.touch("click", soon, false) }, health.Watch, 0},
		{"the tag sees arrivals", "tag", func(p *patient) { p.touch("click", soon, true) }, health.Fine, 0},
		{"the tag was lost", "tag", func(p *patient) { p.touch("click", soon, false); p.touch("direct", 5*day, false) }, health.Bad, 0},
		{"few are seen", "unseen", func(p *patient) { some(20, func(i int) { p.touch("click", soon, i < 10) }) }, health.Watch, 10},
		{"nearly nobody is seen", "unseen", func(p *patient) { some(20, func(i int) { p.touch("click", soon, i < 2) }) }, health.Bad, 18},
		{"those who came just now may still land", "unseen", func(p *patient) { some(20, func(i int) { p.touch("click", time.Minute, i < 2) }) }, health.Idle, 0},
		{"orders come", "conversions", func(p *patient) { p.sale("api", soon, 0, "x", "") }, health.Fine, 0},
		{"visitors, and no order ever", "conversions", func(p *patient) { p.touch("click", soon, true) }, health.Watch, 0},
		{"visitors, and no order any more", "conversions", func(p *patient) { p.touch("click", soon, true); p.sale("tag", 9*day, 0, "x", "") }, health.Bad, 0},
		{"most orders have no click", "unclicked", func(p *patient) {
			some(10, func(i int) { p.sale("api", soon, 0, map[bool]string{true: "x"}[i < 4], "") })
		}, health.Watch, 6},
		{"one order of two is not many", "unclicked", func(p *patient) { p.sale("api", soon, 0, "", "") }, health.Fine, 1},
		{"a clock that is ahead", "clock", func(p *patient) { p.sale("api", soon, 2*time.Hour, "x", "") }, health.Watch, 1},
		{"a report that comes late", "clock", func(p *patient) { p.sale("api", soon, -2*day, "x", "") }, health.Fine, 0},
		{"a code that nobody has", "codes", func(p *patient) { p.sale("api", soon, 0, "", "STRAY") }, health.Watch, 1},
		{"every report is refused", "refused", func(p *patient) {
			book := refusal.New(p.d)
			book.Note(p.prog.ID, "postback", problem.Invalid("amount", "x"))
			if err := book.Flush(context.Background()); err != nil {
				p.t.Fatal(err)
			}
		}, health.Bad, 1},
		{"a page is gone", "pages", func(p *patient) {
			p.exec(`insert into page_check (program, address, status, fault, at, since, misses) values ($1, 'https://shop.example/x', 404, 'status', $2, $2, 1)`, p.prog.ID, start.UnixMilli())
		}, health.Bad, 1},
		{"pages answer", "pages", func(p *patient) {
			p.exec(`insert into page_check (program, address, status, fault, at, since, misses) values ($1, 'https://shop.example/x', 200, '', $2, $2, 0)`, p.prog.ID, start.UnixMilli())
		}, health.Fine, 0},
		{"a domain waits", "domains", func(p *patient) {
			p.write(func(ctx context.Context, tx *db.Tx) error {
				_, err := domain.Claim(ctx, tx, domain.Domain{Name: "go.example.com", Program: p.prog.ID}, "tributary.example")
				return err
			})
		}, health.Watch, 1},
		{"no postback", "postbacks", func(*patient) {}, health.Idle, 0},
	} {
		t.Run(c.name, func(t *testing.T) {
			p := open(t, dbtest.Open(t, db.SQLite))
			c.facts(p)
			if f := p.finding(c.finding); f.State != c.want || f.N != c.n {
				t.Errorf("%+v", f)
			}
		})
	}
}

func TestFindingsAreTheSameOnPostgres(t *testing.T) {
	p := open(t, dbtest.Open(t, db.Postgres))
	p.touch("click", time.Hour, true)
	p.sale("postback", time.Hour, 0, "x", "STRAY")
	if f := p.finding("conversions"); f.State != health.Fine || len(f.Parts) != 1 || f.Parts[0].Name != "postback" {
		t.Errorf("%+v", f)
	}
	if f := p.finding("tag"); f.State != health.Fine {
		t.Errorf("%+v", f)
	}
}

// BenchmarkOf looks at a program with a million touches.
func BenchmarkOf(b *testing.B) {
	ctx := context.Background()
	d, err := db.Open(ctx, filepath.Join(b.TempDir(), "health.db"), db.Options{Relaxed: true})
	if err != nil {
		b.Fatal(err)
	}
	defer d.Close()
	if _, err := d.Migrate(ctx); err != nil {
		b.Fatal(err)
	}
	p := open(b, d)
	p.exec(`with recursive n(i) as (select 1 union all select i + 1 from n where i < 1000000) `+touchColumns+
		`select 't' || i, $1, case when i % 3 = 0 then 'direct' else 'click' end, '', '', 't' || i, $2 - i * 1000, 1, '', '', '', '', '', '', '', '', '', '', '' from n`, p.prog.ID, start.UnixMilli())
	p.exec(`insert into identity_link (program, a, b, at, turn) select program, 'c:' || id, 'v:' || id, at, 1 from touch where kind = 'click'`)
	for b.Loop() {
		if _, err := health.Of(ctx, d.Read(), p.prog, start); err != nil {
			b.Fatal(err)
		}
	}
}
