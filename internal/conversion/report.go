package conversion

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"slices"
	"strings"
	"time"

	"github.com/tributary-hq/tributary/internal/db"
	"github.com/tributary-hq/tributary/internal/problem"
)

// Report is what one report says of an order, as it was told. An order with a single report is that report; of an order with
// several all are kept, and it stands as Stand says.
type Report struct {
	N    int64 // 0 is the first that became known
	Said Conversion
}

// distrustedMost is how many untrusted reports of one order are kept. Anybody can send them.
const distrustedMost = 5

// print is the same for two reports that say the same, by doors of the same trust. The moment is no part of it: who sends a
// report again often says the moment of the sending.
func (c Conversion) print() string {
	b, err := json.Marshal([]any{c.Source.Trusted(), c.Amount, c.Click, c.Visitor, c.Customer, c.Email, c.Code, c.Detail})
	if err != nil {
		panic(err) // texts and numbers
	}
	sum := sha256.Sum256(b)
	return hex.EncodeToString(sum[:16])
}

// Stand is an order by all its reports. One with the shop's key outweighs those without, in whatever order they came: those
// remain as claims and add nothing: neither a promo code nor a name, for whoever guesses an order could put their own there. Reports
// of the same trust complete each other, but only with what they agree on the amount of; without a key only those of the same
// browser do, for anybody can send more. By which of its keys an order belongs to a person is for its caller to say.
func Stand(reports []Report) Conversion {
	first, list := reports[0].Said, reports
	if trusted := slices.DeleteFunc(slices.Clone(reports), func(r Report) bool { return !r.Said.Source.Trusted() }); len(trusted) > 0 {
		list = trusted
	}
	c := list[0].Said
	base := c
	c.ID, c.Received, c.Turn = first.ID, first.Received, first.Turn
	var used []string
	for i, r := range list {
		said := r.Said
		if i > 0 && !said.Source.Trusted() && !said.sameBrowser(base) {
			continue
		}
		if said.At.Before(c.At) {
			c.At = said.At
		}
		for _, one := range []struct{ to, from *string }{{&c.Click, &said.Click}, {&c.Visitor, &said.Visitor}, {&c.Customer, &said.Customer}, {&c.Email, &said.Email}} {
			// Where two reports of the shop name two customers, the order of the reports must not show.
			if *one.to == "" || said.Source.Trusted() && *one.from != "" && *one.from < *one.to {
				*one.to = *one.from
			}
		}
		if c.Detail.Empty() || len(c.Detail.Items) == 0 && len(said.Detail.Items) > 0 {
			c.Detail = said.Detail
		}
		used = append(used, said.Codes()...)
	}
	c.Who = c.Keys()[0]
	c.Code = strings.Join(codes(strings.Join(used, ",")), ",")
	return c
}

// sameBrowser tells whether two reports name the same browser. Two that name none do not.
func (c Conversion) sameBrowser(other Conversion) bool {
	return c.Visitor+c.Click != "" && c.Visitor == other.Visitor && c.Click == other.Click
}

// StandAt is an order by the reports that were known at a turn. None of several is an order that was not known.
func StandAt(reports []Report, turn int64) (Conversion, bool) {
	known := slices.DeleteFunc(slices.Clone(reports), func(r Report) bool { return r.Said.Turn > turn })
	if len(known) == 0 {
		return Conversion{}, false
	}
	return Stand(known), true
}

// Weighed is what a further report of an order has come to.
type Weighed struct {
	Stands Conversion // the order, with the report
	Kept   bool       // it says what no report had said
	Moved  bool       // the order stands differently
	Before Conversion // as it stood
	Known  []string   // the keys that trusted reports had named
}

// Weigh keeps a further report of an order that is known. One that says nothing new changes nothing; another amount by the same
// trust is refused, for who means it sends an edit. anchor is the key, of those of an order, by which it belongs to a person.
func Weigh(ctx context.Context, tx *db.Tx, known, again Conversion, anchor func(keys []string) string) (Weighed, error) {
	w := Weighed{Stands: known, Before: known}
	trusted, was := again.Source.Trusted(), known.Source.Trusted()
	if trusted == was && known.Amount != again.Amount {
		if !trusted { // anybody may ask by these doors
			return w, problem.Conflict("order_differs", "order %q was reported before with another amount", again.Order)
		}
		return w, problem.Conflict("order_differs", "order %q was reported before with the amount %s: send an edit if it has changed", again.Order, known.Amount)
	}
	if trusted == was && known.covers(again) {
		return w, nil
	}
	all, err := Reports(ctx, tx, []string{known.ID})
	if err != nil {
		return w, err
	}
	reports := all[known.ID]
	var fresh []Report
	if len(reports) == 0 {
		fresh = append(fresh, Report{0, known})
	}
	distrusted := 0
	for _, r := range append(reports, fresh...) {
		if r.Said.print() == again.print() {
			return w, nil
		}
		switch {
		case !r.Said.Source.Trusted():
			distrusted++
		case r.Said.SaysWho():
			w.Known = append(w.Known, r.Said.Keys()...)
		}
	}
	if !trusted && distrusted >= distrustedMost {
		return w, nil
	}
	again.ID = known.ID
	fresh = append(fresh, Report{int64(len(reports) + len(fresh)), again})
	if err := keepReports(ctx, tx, fresh); err != nil {
		return w, err
	}
	w.Stands, w.Kept = Stand(append(reports, fresh...)), true
	w.Stands.Who = anchor(w.Stands.Keys())
	w.Moved = !w.Stands.same(known)
	if !w.Moved {
		return w, nil
	}
	return w, restand(ctx, tx, w.Stands)
}

// covers tells whether a second report of the same trust and amount adds nothing.
func (c Conversion) covers(again Conversion) bool {
	within := func(said, known string) bool { return said == "" || said == known }
	for _, code := range again.Codes() {
		if !slices.Contains(c.Codes(), code) {
			return false
		}
	}
	return !again.At.Before(c.At) && within(again.Click, c.Click) && within(again.Visitor, c.Visitor) && within(again.Customer, c.Customer) &&
		within(again.Email, c.Email) && within(again.Detail.text(), c.Detail.text())
}

// same tells whether two standings of an order are one.
func (c Conversion) same(other Conversion) bool {
	return c.print() == other.print() && c.At.Equal(other.At) && c.Who == other.Who && c.Source == other.Source
}

func keepReports(ctx context.Context, tx *db.Tx, list []Report) error {
	rows := make([][]any, len(list))
	said := make([]Conversion, len(list))
	for i, r := range list {
		c := r.Said
		rows[i] = []any{c.ID, r.N, c.Program, c.At.UnixMilli(), c.Received.UnixMilli(), c.Turn, c.Amount.Minor, string(c.Amount.Currency), c.Click, c.Visitor,
			c.Customer, c.Email, c.Code, string(c.Source), c.Detail.text(), c.print()}
		said[i] = c
	}
	if err := db.InsertLater(ctx, tx, `/* conversion.Weigh */ insert into order_report (conversion, n, program, at, received, turn, amount, currency,
		click, visitor, customer, email, code, source, detail, print)`, rows, ""); err != nil {
		return err
	}
	if err := keepKeys(ctx, tx, said); err != nil {
		return err
	}
	if err := keepCodes(ctx, tx, said); err != nil {
		return err
	}
	return keepFields(ctx, tx, said)
}

// restand writes how an order stands now.
func restand(ctx context.Context, tx *db.Tx, c Conversion) error {
	return db.Later(ctx, tx, `/* conversion.Weigh */ update conversion set at = $1, amount = $2, who = $3, click = $4, visitor = $5, customer = $6, email = $7,
		code = $8, source = $9, detail = $10 where id = $11`, c.At.UnixMilli(), c.Amount.Minor, c.Who, c.Click, c.Visitor, c.Customer, c.Email,
		c.Code, string(c.Source), c.Detail.text(), c.ID)
}

// Reports are those of orders of which there is more than one, by conversion, the first first.
func Reports(ctx context.Context, r db.Reader, conversions []string) (map[string][]Report, error) {
	found := map[string][]Report{}
	err := db.Batches(conversions, 500, func(conversions []string) error {
		var args db.Args
		list, err := db.All(ctx, r, scanReport, `/* conversion.Reports */ select `+reportColumns+` from order_report o join conversion c on c.id = o.conversion
			where o.conversion in `+args.In(conversions)+` order by o.conversion, o.n`, args.List()...)
		for _, report := range list {
			found[report.Said.ID] = append(found[report.Said.ID], report)
		}
		return err
	})
	return found, err
}

const reportColumns = `o.n, o.conversion, o.program, c.event, c.order_id, o.at, o.received, o.turn, o.amount, o.currency, o.click, o.visitor, o.customer,
	o.email, o.code, o.source, o.detail`

func scanReport(row db.Row) (Report, error) {
	var r Report
	c := &r.Said
	var at, received int64
	var detail string
	err := row.Scan(&r.N, &c.ID, &c.Program, &c.Event, &c.Order, &at, &received, &c.Turn, &c.Amount.Minor, &c.Amount.Currency, &c.Click, &c.Visitor,
		&c.Customer, &c.Email, &c.Code, &c.Source, &detail)
	c.At, c.Received = time.UnixMilli(at).UTC(), time.UnixMilli(received).UTC()
	if err == nil {
		c.Detail, err = detailOf(detail)
	}
	return r, err
}

// keepKeys makes orders with several reports findable by every key that one of them names.
func keepKeys(ctx context.Context, tx *db.Tx, reports []Conversion) error {
	var rows [][]any
	for _, c := range reports {
		for _, key := range c.Keys() {
			rows = append(rows, []any{key, c.Program, c.ID})
		}
	}
	return db.InsertLater(ctx, tx, `/* conversion.keepKeys */ insert into conversion_key (key, program, conversion)`, rows, `on conflict do nothing`)
}

// Reporting are the orders with several reports of which one names any of the keys.
func Reporting(ctx context.Context, r db.Reader, program string, keys []string) ([]Conversion, error) {
	var ids []string
	err := db.Batches(keys, 500, func(keys []string) error {
		var args db.Args
		list, err := db.All(ctx, r, db.Value[string], `/* conversion.Reporting */ select conversion from conversion_key
			where program = `+args.Add(program)+` and key in `+args.In(keys), args.List()...)
		ids = append(ids, list...)
		return err
	})
	if err != nil {
		return nil, err
	}
	slices.Sort(ids)
	return Named(ctx, r, slices.Compact(ids))
}

// Misstood are the orders of a program that do not stand as their reports say.
func Misstood(ctx context.Context, r db.Reader, program string) ([]string, error) {
	ids, err := db.All(ctx, r, db.Value[string], `/* conversion.Misstood */ select distinct conversion from order_report where program = $1 order by conversion`, program)
	if err != nil {
		return nil, err
	}
	var faults []string
	err = db.Batches(ids, 500, func(ids []string) error {
		reports, err := Reports(ctx, r, ids)
		if err != nil {
			return err
		}
		list, err := Named(ctx, r, ids)
		for _, c := range list {
			stands := Stand(reports[c.ID])
			stands.Who = c.Who // which depends on what was said of keys
			if !stands.same(c) {
				faults = append(faults, "order "+c.Order+" ("+c.ID+") does not stand as its reports say")
			}
		}
		return err
	})
	return faults, err
}
