package web

import (
	"slices"
	"strings"
	"time"

	"github.com/tributary-hq/tributary/internal/payout"
)

// happened is a line of a batch's history.
type happened struct {
	What string
	At   time.Time
}

// batchHistory tells a batch's way from its making to the last result file, from what was kept of it.
func (v *visit) batchHistory(b payout.Batch, payouts []payout.Payout, files []payout.File) ([]happened, error) {
	list := []happened{{v.text("payouts.made_by", "name", v.nameOf(b.Author)), b.Created}}
	if !b.Approved.IsZero() {
		list = append(list, happened{v.text("payouts.approved_by", "name", v.nameOf(b.Approver)), b.Approved})
	}
	if len(files) > 0 {
		list = append(list, happened{v.text("batch.files_made", "n", len(files)), files[0].Created})
	}
	for _, p := range payouts {
		if p.State == payout.Cancelled {
			list = append(list, happened{v.text("batch.taken_out", "name", p.Payee), p.Settled})
		}
	}
	readings, err := payout.Readings(v.Context(), v.read(), b.ID)
	if err != nil {
		return nil, err
	}
	for _, r := range readings {
		did := v.counted("batch.counts.", []count{{"paid", r.Paid}, {"failed", r.Failed}, {"returned", r.Returned}})
		switch {
		case did == "":
			did = v.text("batch.read_nothing", "name", v.nameOf(r.Author))
		case r.Author == "":
			did = v.text("batch.settled", "did", did)
		default:
			did = v.text("batch.read", "name", v.nameOf(r.Author), "did", did)
		}
		list = append(list, happened{did, r.At})
	}
	slices.SortStableFunc(list, func(a, b happened) int { return a.At.Compare(b.At) })
	return list, nil
}

// count is how many there are of something.
type count struct {
	name string
	n    int64
}

// counted are counts in words: 5 paid, 1 failed. What there is none of is not said.
func (v *visit) counted(prefix string, counts []count) string {
	var parts []string
	for _, c := range counts {
		if c.n > 0 {
			parts = append(parts, v.text(prefix+c.name, "n", c.n))
		}
	}
	return strings.Join(parts, v.text("batch.comma"))
}
