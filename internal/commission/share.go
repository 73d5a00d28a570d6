package commission

import (
	"context"
	"encoding/json"
	"fmt"
	"time"

	"github.com/tributary-hq/tributary/internal/db"
	"github.com/tributary-hq/tributary/internal/money"
)

// Share is what one touch has of its partnership's commission. How a sale counts to which several touches led: among
// partnerships its cents were divided by the program's model, and each has a commission of its own. Within a commission the
// partnership's own touches divide it by their weights, to the cent. The sale itself is not divided: each partnership counts
// it once, at that of its touches which weighs most, and of equals at the last. So whatever shares are grouped by, their
// sums are those of the commissions.
type Share struct {
	Commission Commission
	Event      string
	Order      string
	Step       Step
	Amount     int64 // minor units
	Counts     bool  // whether the sale is counted here
}

// Shares are those of commissions, the newest commission first; a page's filter is about commissions, not shares.
func Shares(ctx context.Context, r db.Reader, f Filter) ([]Share, error) {
	type row struct {
		c            Commission
		event, order string
		explanation  string
	}
	var args db.Args
	where := f.where(&args)
	limit := ""
	if f.Limit > 0 {
		limit = ` limit ` + args.Add(f.Limit)
	}
	rows, err := db.All(ctx, r, func(read db.Row) (row, error) {
		var one row
		c, err := scanCommission(also{read, []any{&one.event, &one.order, &one.explanation}})
		one.c = c
		return one, err
	}, `/* commission.Shares */ select m.*, v.event, v.order_id, d.explanation
		from (select `+commissionColumns+` from commission where `+where+`) m
		join conversion v on v.id = m.conversion join derivation d on d.conversion = m.conversion order by m.id desc`+limit, args.List()...)
	if err != nil {
		return nil, err
	}
	var shares []Share
	for _, one := range rows {
		var e struct {
			Steps []Step `json:"steps"`
		}
		if err := json.Unmarshal([]byte(one.explanation), &e); err != nil {
			return nil, fmt.Errorf("read explanation of %s: %w", one.c.Conversion, err)
		}
		for _, s := range divide(one.c, e.Steps) {
			s.Event, s.Order = one.event, one.order
			shares = append(shares, s)
		}
	}
	return shares, nil
}

// also reads further columns after those that a scan function knows.
type also struct {
	db.Row
	more []any
}

func (a also) Scan(into ...any) error { return a.Row.Scan(append(into, a.more...)...) }

// divide gives each touch of the commission's own partnership its share.
func divide(c Commission, steps []Step) []Share {
	var shares []Share
	var prices []money.Micro
	var weights []int64
	most := -1
	for _, s := range steps {
		if s.Partnership != c.Partnership || s.Weight <= 0 {
			continue
		}
		if most < 0 || s.Weight >= weights[most] {
			most = len(shares)
		}
		shares = append(shares, Share{Commission: c, Step: s})
		prices, weights = append(prices, money.Fixed(c.Amount.Minor)), append(weights, s.Weight)
	}
	if most < 0 { // nothing says by which touch: it is still the partnership's
		return []Share{{Commission: c, Amount: c.Amount.Minor, Counts: true}}
	}
	for i, amount := range money.Split(prices, weights) {
		shares[i].Amount = amount
	}
	shares[most].Counts = true
	return shares
}

// Outcome is what came of a partnership's conversions of one day. A conversion whose commission was reversed, by a refund
// of the whole or by hand, is rejected; it is then neither a sale nor a lead.
type Outcome struct {
	Date     time.Time // its midnight, in the zone that was asked for
	Sales    int64
	Leads    int64 // conversions of every event type but sale
	Rejected int64
	Earned   int64 // minor units of the program's currency
}

// Outcomes are those of each day by the moment of the conversion: every day from the one of from to the one before to.
func Outcomes(ctx context.Context, r db.Reader, partnership string, from, to time.Time, zone *time.Location) ([]Outcome, error) {
	type part struct {
		start int64
		Outcome
	}
	parts, err := db.All(ctx, r, func(row db.Row) (part, error) {
		var p part
		err := row.Scan(&p.start, &p.Sales, &p.Leads, &p.Rejected, &p.Earned)
		return p, err
	}, `/* commission.Outcomes */ select m.at / 900000,
		count(*) filter (where m.state <> 'reversed' and v.event = 'sale'), count(*) filter (where m.state <> 'reversed' and v.event <> 'sale'),
		count(*) filter (where m.state = 'reversed'), cast(sum(m.amount) as bigint)
		from commission m join conversion v on v.id = m.conversion
		where m.partnership = $1 and m.at >= $2 and m.at < $3 group by 1 order by 1`, partnership, from.UnixMilli(), to.UnixMilli())
	if err != nil {
		return nil, err
	}
	var days []Outcome
	year, month, first := from.In(zone).Date()
	for n := 0; ; n++ {
		day := Outcome{Date: time.Date(year, month, first+n, 0, 0, 0, 0, zone)}
		if !day.Date.Before(to) {
			return days, nil
		}
		end := time.Date(year, month, first+n+1, 0, 0, 0, 0, zone).UnixMilli()
		for len(parts) > 0 && parts[0].start*900_000 < end {
			p := parts[0]
			day.Sales, day.Leads, day.Rejected, day.Earned = day.Sales+p.Sales, day.Leads+p.Leads, day.Rejected+p.Rejected, day.Earned+p.Earned
			parts = parts[1:]
		}
		days = append(days, day)
	}
}
