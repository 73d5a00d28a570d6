package commission

import (
	"context"

	"github.com/tributary-hq/tributary/internal/conversion"
	"github.com/tributary-hq/tributary/internal/db"
	"github.com/tributary-hq/tributary/internal/touch"
)

// Line is the doors' way in: it gathers what comes at the same time into one transaction and answers when that is durable.
type Line struct {
	credit *db.Lane[conversion.New, Credited]
	refund *db.Lane[conversion.NewRefund, Refunded]
}

// The bounds of a line: how many share a transaction, and how many may wait.
const (
	perTransaction = 256
	waitingMost    = 4096
)

// NewLine opens a line to the database. Close it to finish what was accepted.
func NewLine(d *db.DB, keys touch.Keys) *Line {
	return &Line{
		credit: db.NewLane(d, perTransaction, waitingMost, func(ctx context.Context, tx *db.Tx, sales []conversion.New) ([]db.Result[Credited], error) {
			return Credit(ctx, tx, keys, sales)
		}),
		refund: db.NewLane(d, perTransaction, waitingMost, func(ctx context.Context, tx *db.Tx, refunds []conversion.NewRefund) ([]db.Result[Refunded], error) {
			return Refund(ctx, tx, keys, refunds)
		}),
	}
}

// Credit is Credit for one.
func (l *Line) Credit(ctx context.Context, sale conversion.New) (Credited, error) {
	return l.credit.Do(ctx, sale)
}

// Refund is Refund for one.
func (l *Line) Refund(ctx context.Context, refund conversion.NewRefund) (Refunded, error) {
	return l.refund.Do(ctx, refund)
}

// Close takes no more, finishes what was accepted, and returns.
func (l *Line) Close() {
	l.credit.Close()
	l.refund.Close()
}
