package commission

import (
	"context"
	"slices"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/tributary-hq/tributary/internal/conversion"
	"github.com/tributary-hq/tributary/internal/db"
	"github.com/tributary-hq/tributary/internal/program"
	"github.com/tributary-hq/tributary/internal/touch"
)

// asTest is what a report says by which it can be one of a test.
type asTest struct {
	program *string
	order   string
	click   string
	said    bool // by the report itself
}

// How each kind of report is looked at.
var (
	salesApart    = func(n *conversion.New) asTest { return asTest{&n.Program, n.Order, n.Click, n.Test} }
	refundsApart  = func(n *conversion.NewRefund) asTest { return asTest{&n.Program, n.Order, "", n.Test} }
	editsApart    = func(n *conversion.NewEdit) asTest { return asTest{&n.Program, n.Order, "", n.Test} }
	verdictsApart = func(n *conversion.NewVerdict) asTest { return asTest{&n.Program, n.Order, "", n.Test} }
)

// sameOrder is how long after a test order its number, without a click, means that order. Later it can be a sale's.
const sameOrder = 24 * time.Hour

// apart hands what belongs to a test to the twin of the program that was named: what says so, what brings a test's click, and
// what else is said soon of an order that is known as a test alone. A click of a partner's is never a test.
func apart[N any](ctx context.Context, tx *db.Tx, keys touch.Keys, news []N, of func(*N) asTest) ([]N, error) {
	news = slices.Clone(news)
	clicks := map[int64][]asTest{}
	var numbers []int64
	var known, open []asTest // known to be of a test; not yet
	for i := range news {
		t := of(&news[i])
		claim, err := keys.Parse(strings.TrimSpace(t.click))
		switch {
		case program.IsTest(*t.program):
		case t.said:
			if err := toTwin(ctx, tx, t); err != nil {
				return nil, err
			}
			known = append(known, t)
		case err == nil:
			clicks[claim.Link] = append(clicks[claim.Link], t)
			numbers = append(numbers, claim.Link)
		default:
			open = append(open, t)
		}
	}
	links, err := linksNumbered(ctx, tx, numbers)
	if err != nil {
		return nil, err
	}
	for number, link := range links {
		for _, t := range clicks[number] {
			if link.Program == program.TestID(*t.program) {
				*t.program = link.Program
				known = append(known, t)
			}
		}
	}
	return news, byOrder(ctx, tx, known, open)
}

// toTwin hands a report to the twin, which is made if there is none. A program that does not exist has none: the line says so.
func toTwin(ctx context.Context, tx *db.Tx, t asTest) error {
	known, err := program.Several(ctx, tx, []string{*t.program})
	if err != nil || known[*t.program].ID == "" {
		return err
	}
	twin, err := program.Twin(ctx, tx, known[*t.program])
	*t.program = twin.ID
	return err
}

type orderIn struct{ program, order string }

// byOrder hands to twins what is said of orders that they have and their programs have not.
func byOrder(ctx context.Context, tx *db.Tx, known, open []asTest) error {
	var ids, orders []string
	for _, t := range open {
		if order := strings.TrimSpace(t.order); order != "" && isText(order) {
			ids, orders = append(ids, program.TestID(*t.program)), append(orders, order)
		}
	}
	if len(ids) == 0 {
		return nil
	}
	var args db.Args
	twins, err := db.All(ctx, tx, db.Value[string], `/* commission.byOrder */ select id from program where id in `+args.In(distinct(ids)), args.List()...)
	if err != nil || len(twins) == 0 { // nothing has been tried: so it is nearly always
		return err
	}
	var programs []string
	for _, twin := range twins {
		programs = append(programs, twin, program.RealID(twin))
	}
	has := map[orderIn]bool{}
	for _, t := range known {
		has[orderIn{*t.program, strings.TrimSpace(t.order)}] = true
	}
	err = db.Batches(distinct(orders), 500, func(orders []string) error {
		var args db.Args
		found, err := db.All(ctx, tx, func(row db.Row) (o orderIn, err error) { return o, row.Scan(&o.program, &o.order) },
			`/* commission.byOrder */ select program, order_id from conversion where order_id in `+args.In(orders)+` and program in `+args.In(programs)+`
			and (program not like 'tst_%' or received >= `+args.Add(tx.Now.Add(-sameOrder).UnixMilli())+`)`, args.List()...)
		for _, o := range found {
			has[o] = true
		}
		return err
	})
	for _, t := range open {
		order := strings.TrimSpace(t.order)
		if twin := program.TestID(*t.program); !has[orderIn{*t.program, order}] && has[orderIn{twin, order}] {
			*t.program = twin
		}
	}
	return err
}

// isText tells whether a text is one that a database has; what is not is refused further on.
func isText(s string) bool { return utf8.ValidString(s) && !strings.ContainsRune(s, 0) }
