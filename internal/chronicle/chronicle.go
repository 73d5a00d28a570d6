// Package chronicle tells what has happened with one partner in a program, in one order: the states, the contracts, links and
// codes, the first click, the sales that are worth a word, payouts, and what the brand wrote down. It is for the brand's eyes:
// the brand's own notes are in it. It keeps nothing; every fact is read where it was written.
package chronicle

import (
	"context"
	"fmt"
	"strconv"
	"strings"
	"time"

	"github.com/tributary-hq/tributary/internal/db"
	"github.com/tributary-hq/tributary/internal/money"
	"github.com/tributary-hq/tributary/internal/partner"
)

// Kind says what a fact is.
type Kind string

// The kinds.
const (
	Status   Kind = "status"   // Word is the new state
	Contract Kind = "contract" // N is the version
	Link     Kind = "link"     // Word is its short name, Text its label
	Code     Kind = "code"     // Word is the promo code
	Click    Kind = "click"    // the first
	Sale     Kind = "sale"     // the N-th
	Payout   Kind = "payout"   // Word is its state
	Note     Kind = "note"
)

// Kinds are all of them.
var Kinds = []Kind{Status, Contract, Link, Code, Click, Sale, Payout, Note}

// Milestones are the sales that are told of: the first, the tenth, ….
var Milestones = []int64{1, 10, 100, 1000}

// Fact is something that has happened.
type Fact struct {
	Kind   Kind
	ID     string // of what it is about
	At     time.Time
	Author string // a person's name, or empty
	Word   string
	Text   string
	N      int64
	Amount money.Amount // of a payout
}

// Cursor is where a page ended: what follows is older.
func (f Fact) Cursor() string { return fmt.Sprintf("%d.%s", f.At.UnixMilli(), f.ID) }

// sources are where the facts are, each as: id, at, author, word, text, n, currency. $1 is the partnership, $2 its program,
// $3 when it began.
var sources = []struct {
	kind  Kind
	query string
}{
	{Status, `select id, since as at, author, status as word, reason as text, 0 as n, '' as currency from partnership_change where partnership = $1`},
	{Contract, `select id, created, author, '', '', version, '' from terms where partnership = $1`},
	{Link, `select id, created, '', code, label, 0, '' from link where partnership = $1`},
	{Code, `select code, created, '', code, '', 0, '' from promo_code where partnership = $1`},
	{Click, `select * from (select id, at, '' as a, '' as b, '' as c, 0 as d, '' as e from touch
		where program = $2 and at >= $3 and partnership = $1 and kind = 'click' and mark = '' order by at limit 1) first`},
	{Payout, `select id, case when settled > 0 then settled when sent > 0 then sent else created end, '', state, reason, amount, currency
		from payout where partnership = $1`},
	{Note, `select id, created, author, '', text, 0, '' from partnership_note where partnership = $1 and deleted = 0`},
}

// query is all sources under one order.
func query(r db.Reader, args *db.Args, s partner.Partnership) string {
	args.Add(s.ID)
	args.Add(s.Program)
	args.Add(s.Created.UnixMilli())
	var parts []string
	add := func(kind Kind, query string) {
		parts = append(parts, "select '"+string(kind)+"' as kind, f.* from ("+query+") f")
	}
	for _, one := range sources {
		add(one.kind, one.query)
	}
	for _, n := range Milestones {
		add(Sale, `select * from (select c.conversion, c.at, '' as a, '' as b, '' as c, `+strconv.FormatInt(n, 10)+` as d, '' as e
			from commission c join conversion v on v.id = c.conversion
			where c.partnership = $1 and c.amount > 0 and v.event = 'sale' order by c.id limit 1 offset `+strconv.FormatInt(n-1, 10)+`) nth`)
	}
	return `select x.kind, x.id, x.at, coalesce(p.name, ''), x.word, x.text, x.n, x.currency from (` + strings.Join(parts, " union all ") + `) x
		left join person p on p.id = x.author`
}

func scanFact(row db.Row) (Fact, error) {
	var f Fact
	var at int64
	err := row.Scan(&f.Kind, &f.ID, &at, &f.Author, &f.Word, &f.Text, &f.N, &f.Amount.Currency)
	if f.At = time.UnixMilli(at).UTC(); f.Kind == Payout {
		f.Amount.Minor = f.N
	}
	return f, err
}

// Of are the facts about a partnership, the latest first, after a cursor when there is one. One that cannot be read is the
// beginning.
func Of(ctx context.Context, r db.Reader, s partner.Partnership, after string, limit int) ([]Fact, error) {
	var args db.Args
	text := query(r, &args, s)
	exact := db.CollateC(r) // ids of several kinds are compared
	if ms, id, ok := strings.Cut(after, "."); ok {
		if at, err := strconv.ParseInt(ms, 10, 64); err == nil {
			when := args.Add(at)
			text += ` where (x.at < ` + when + ` or x.at = ` + when + ` and x.id` + exact + ` < ` + args.Add(id) + `)`
		}
	}
	return db.All(ctx, r, scanFact, `/* chronicle.Of */ `+text+` order by x.at desc, x.id`+exact+` desc limit `+args.Add(limit), args.List()...)
}
