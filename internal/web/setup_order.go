package web

import (
	"github.com/tributary-hq/tributary/internal/trial"
)

type orderPage struct {
	consolePage
	Heard   heard
	Test    trial.Seen
	Link    string   // by which a test clicks; empty before it is made
	Receipt *receipt // of the test order that the address names
}

// awaitOrder waits for the shop's first word and shows what came, and what came of the test order.
func (s *site) awaitOrder(v *visit) (answer, error) {
	data := orderPage{consolePage: v.console()}
	var err error
	if data.Test, data.Link, err = s.tried(v); err != nil {
		return nil, err
	}
	if data.Heard, err = v.listen(); err != nil {
		return nil, err
	}
	if data.Test.Land.After(data.Heard.Visit) {
		data.Heard.Visit = data.Test.Land
	}
	if name := v.query("test"); name != "" {
		sale, err := v.testSale(name)
		if err != nil {
			return nil, err
		}
		told, err := v.receipt(sale, "")
		if err != nil {
			return nil, err
		}
		data.Receipt = &told
	}
	return s.page("setup/order", v.text("setup.order.title"), data), nil
}

// sendTestOrder lets a visitor of the test partner click and buy, and leads to the receipt.
func (s *site) sendTestOrder(v *visit) (answer, error) {
	sale, err := s.tryOnce(v)
	if err != nil {
		return nil, err
	}
	return s.to(consoleBase(v.program) + "/setup/order?test=" + sale.ID + "#receipt"), nil
}
