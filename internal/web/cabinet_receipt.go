package web

import (
	"github.com/tributary-hq/tributary/internal/commission"
	"github.com/tributary-hq/tributary/internal/conversion"
)

type myReceiptPage struct {
	cabinetPage
	Commission commission.Commission
	Receipt    receipt
}

// myReceipt explains one commission to the partner who earned it.
func (s *site) myReceipt(v *visit) (answer, error) {
	data := myReceiptPage{cabinetPage: v.cabinet(), Commission: v.commission}
	sale, err := conversion.Get(v.Context(), v.read(), v.commission.Conversion)
	if err != nil {
		return nil, err
	}
	if data.Receipt, err = v.receipt(sale, v.partnership.ID); err != nil {
		return nil, err
	}
	return s.page("cabinet/earnings/receipt", v.text("receipt.title"), data), nil
}
