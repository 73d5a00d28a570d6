package web

import (
	"github.com/tributary-hq/tributary/internal/conversion"
	"github.com/tributary-hq/tributary/internal/problem"
)

type conversionPage struct {
	consolePage
	Receipt receipt
	Row     conversionRow
	Reasons []choice
}

// conversion is one conversion with its receipt.
func (s *site) conversion(v *visit) (answer, error) {
	data := conversionPage{consolePage: v.console(), Reasons: choices(v.lang, "reasons", conversion.Reasons)}
	var err error
	if data.Receipt, err = v.receipt(v.conversion, ""); err != nil {
		if problem.Code(err) == "conversion_unknown" {
			return nil, errNotFound
		}
		return nil, err
	}
	rows, err := v.conversionRows([]conversion.Conversion{v.conversion})
	if err != nil {
		return nil, err
	}
	data.Row = rows[0]
	return s.page("console/conversions/detail", v.text("conversions.one", "order", v.conversion.Order), data), nil
}
