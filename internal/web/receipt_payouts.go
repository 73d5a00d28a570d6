package web

import (
	"cmp"
	"slices"
	"time"

	"github.com/tributary-hq/tributary/internal/ledger"
	"github.com/tributary-hq/tributary/internal/money"
	"github.com/tributary-hq/tributary/internal/payout"
)

// receiptPayout is a payout that a commission is in.
type receiptPayout struct {
	payout.Taken
	Address string
}

// Since is when the payout came to the state that it is in.
func (p receiptPayout) Since() time.Time {
	return cmp.Or(p.Settled, p.Sent, p.Created)
}

// addPayouts adds the payouts that the part's commission is in, and what they moved of it.
func (v *visit) addPayouts(data receipt, part *receiptPart, entries []ledger.Entry) error {
	taken, err := payout.Including(v.Context(), v.read(), part.Commission.ID)
	if err != nil {
		return err
	}
	for _, t := range taken {
		moved, err := t.Movements(v.Context(), v.read())
		if err != nil {
			return err
		}
		entries = append(entries, moved...)
		shown := receiptPayout{Taken: t, Address: data.Base + "/payouts/" + t.Batch}
		if data.Whose != "" {
			shown.Address = "/partner/" + part.Partnership + "/payouts/" + t.ID
		}
		part.Payouts = append(part.Payouts, shown)
	}
	slices.SortStableFunc(entries, func(a, b ledger.Entry) int { return cmp.Compare(a.At, b.At) })
	part.Postings = v.postings(entries, nil) // all accounts but the program's are those of whom the part is
	if open := part.Commission.Open(); open < 0 {
		part.Debt = money.Of(-open, data.Currency)
	}
	return nil
}
