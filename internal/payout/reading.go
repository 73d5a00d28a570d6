package payout

import (
	"context"
	"time"

	"github.com/tributary-hq/tributary/internal/db"
	"github.com/tributary-hq/tributary/internal/id"
)

// Reading is that a result file was read for a batch, and how many of its lines did what.
type Reading struct {
	At       time.Time
	Author   string // empty where it was not kept
	Paid     int64
	Failed   int64
	Returned int64 // had been paid, and came back
	Rest     int64 // lines that changed nothing
}

func keepReading(ctx context.Context, tx *db.Tx, batch string, r Reading) error {
	_, err := db.Exec(ctx, tx, `/* payout.keepReading */ insert into payout_reading (id, batch, at, author, paid, failed, returned, rest)
		values ($1, $2, $3, $4, $5, $6, $7, $8)`, id.New("rdg", tx.Now), batch, tx.Now.UnixMilli(), r.Author, r.Paid, r.Failed, r.Returned, r.Rest)
	return err
}

// Readings are the result files that were read for a batch, the first one first.
func Readings(ctx context.Context, r db.Reader, batch string) ([]Reading, error) {
	return db.All(ctx, r, func(row db.Row) (Reading, error) {
		var one Reading
		var at int64
		err := row.Scan(&at, &one.Author, &one.Paid, &one.Failed, &one.Returned, &one.Rest)
		one.At = moment(at)
		return one, err
	}, `/* payout.Readings */ select at, author, paid, failed, returned, rest from payout_reading where batch = $1 order by id`, batch)
}
