package web

import (
	"math/big"
	"strconv"

	"github.com/tributary-hq/tributary/internal/money"
)

// myStatisticsFile is the table of the statistics with all its rows.
func (s *site) myStatisticsFile(v *visit) (answer, error) {
	q := v.question()
	if _, err := v.filters(q); err != nil {
		return nil, err
	}
	found, err := v.figure(q)
	if err != nil {
		return nil, err
	}
	rows, err := v.rows(q, found)
	if err != nil {
		return nil, err
	}
	c := v.program.Currency
	table := sheet{head: []string{q.by, "label", "clicks", "leads", "sales", "rejected", "earnings", "currency", "epc", "conversion_rate_percent"}}
	for _, row := range rows {
		table.rows = append(table.rows, []string{row.Name, row.Label, strconv.FormatInt(row.Clicks, 10), strconv.FormatInt(row.Leads, 10),
			strconv.FormatInt(row.Sales, 10), strconv.FormatInt(row.Rejected, 10), money.Of(row.Earned, c).Decimal(), string(c),
			plain(row.PerClick(), c), big.NewRat(row.Rate(), 10).FloatString(1)})
	}
	return table.file("statistics-" + q.by + "-" + q.cut.From.Format("20060102") + "-" + q.cut.To.AddDate(0, 0, -1).Format("20060102") + ".csv")
}

// plain is an exact price as a file writes it, with one decimal more than its currency has.
func plain(m money.Micro, c money.Currency) string {
	unit := int64(money.Whole)
	for range c.Scale() {
		unit *= 10
	}
	return big.NewRat(int64(m), unit).FloatString(c.Scale() + 1)
}
