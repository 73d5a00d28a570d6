package web

import (
	"time"

	"github.com/tributary-hq/tributary/internal/commission"
)

// filePage is how many commissions are read at a time for a file, and fileMost how many it has.
const (
	filePage = 1000
	fileMost = 50_000
)

// myEarningsFile are the commissions that the list shows, all of them.
func (s *site) myEarningsFile(v *visit) (answer, error) {
	table := sheet{head: []string{"commission", "date", "order", "event", "state", "reason", "final_on", "amount", "currency"}}
	f := v.wishes(v.stretch(anyTime))
	f.Limit = filePage
	for len(table.rows) < fileMost {
		rows, err := v.earningRows(f, v.query("q"))
		if err != nil {
			return nil, err
		}
		for _, row := range rows {
			final := ""
			if row.State != commission.Reversed {
				final = row.Matures.In(v.zone).Format(time.DateOnly)
			}
			table.rows = append(table.rows, []string{row.ID, row.At.In(v.zone).Format(time.RFC3339), row.Sale.Order, row.Sale.Event, string(row.State), row.Reason,
				final, row.Amount.Decimal(), string(row.Amount.Currency)})
			f.Before = row.ID
		}
		if len(rows) < filePage {
			break
		}
	}
	return table.file("earnings-" + v.now().Format("20060102") + ".csv")
}
