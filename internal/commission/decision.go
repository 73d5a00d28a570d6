package commission

import (
	"context"
	"time"

	"github.com/tributary-hq/tributary/internal/conversion"
	"github.com/tributary-hq/tributary/internal/db"
	"github.com/tributary-hq/tributary/internal/id"
	"github.com/tributary-hq/tributary/internal/touch"
)

// Decision is what a person decided about a commission. It is a fact, kept as it came.
type Decision struct {
	ID          string
	Program     string
	Conversion  string
	Partnership string
	Kind        string // reverse
	Reason      string
	Note        string
	Author      string
	At          time.Time
	Turn        int64
}

const decisionColumns = "id, program, conversion, partnership, kind, reason, note, author, at, turn"

func scanDecision(row db.Row) (Decision, error) {
	var d Decision
	var at int64
	err := row.Scan(&d.ID, &d.Program, &d.Conversion, &d.Partnership, &d.Kind, &d.Reason, &d.Note, &d.Author, &at, &d.Turn)
	d.At = time.UnixMilli(at).UTC()
	return d, err
}

// reversedBy is the reason for which a partnership's part was taken back by hand, or "".
func reversedBy(decisions []Decision, partnership string) string {
	for _, d := range decisions {
		if d.Partnership == partnership && d.Kind == "reverse" {
			return d.Reason
		}
	}
	return ""
}

func decisionsOf(ctx context.Context, r db.Reader, conversions []string) (map[string][]Decision, error) {
	found := map[string][]Decision{}
	err := db.Batches(conversions, 500, func(conversions []string) error {
		var args db.Args
		list, err := db.All(ctx, r, scanDecision, `/* commission.decisionsOf */ select `+decisionColumns+` from decision
			where conversion in `+args.In(conversions)+` order by at, id`, args.List()...)
		for _, d := range list {
			found[d.Conversion] = append(found[d.Conversion], d)
		}
		return err
	})
	return found, err
}

// Reverse takes a commission back by hand, at any time. What the partner was paid already becomes a debt.
func Reverse(ctx context.Context, tx *db.Tx, keys touch.Keys, commission, reason, note, author string) (Commission, error) {
	reason, fault := conversion.ReadReason(reason, "other")
	if fault != nil {
		return Commission{}, fault
	}
	c, err := Get(ctx, tx, commission)
	if err != nil {
		return c, err
	}
	p, err := hold(ctx, tx, c.Program)
	if err != nil {
		return c, err
	}
	d := Decision{ID: id.New("dec", tx.Now), Program: c.Program, Conversion: c.Conversion, Partnership: c.Partnership, Kind: "reverse",
		Reason: reason, Note: note, Author: author, At: tx.Now, Turn: p.turn}
	_, err = db.Exec(ctx, tx, `/* commission.Reverse */ insert into decision (`+decisionColumns+`) values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)`,
		d.ID, d.Program, d.Conversion, d.Partnership, d.Kind, d.Reason, d.Note, d.Author, d.At.UnixMilli(), d.Turn)
	if err != nil {
		return c, err
	}
	if err := again(ctx, tx, keys, p, []string{c.Conversion}, nil, nil); err != nil {
		return c, err
	}
	return Get(ctx, tx, commission)
}
