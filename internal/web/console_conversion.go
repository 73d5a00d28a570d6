package web

import (
	"github.com/tributary-hq/tributary/internal/commission"
	"github.com/tributary-hq/tributary/internal/conversion"
	"github.com/tributary-hq/tributary/internal/problem"
)

type conversionPage struct {
	consolePage
	Receipt receipt
	Row     conversionRow
	DoneAt  string
}

// conversion is one conversion with its receipt.
func (s *site) conversion(v *visit) (answer, error) {
	data := conversionPage{consolePage: v.console(), DoneAt: v.decideAt()}
	var err error
	if data.Receipt, err = v.receipt(v.conversion, ""); err != nil {
		if problem.Code(err) == "conversion_unknown" {
			return nil, errNotFound
		}
		return nil, err
	}
	rows, err := v.conversionRows([]conversion.Conversion{v.conversion}, commission.Wanted{})
	if err != nil {
		return nil, err
	}
	data.Row = rows[0]
	return s.page("console/conversions/detail", saleName(v.lang, v.conversion.Event, v.conversion.Order), data), nil
}
