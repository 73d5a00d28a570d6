package web

import (
	"context"
	"strconv"

	"github.com/tributary-hq/tributary/internal/audit"
	"github.com/tributary-hq/tributary/internal/conversion"
	"github.com/tributary-hq/tributary/internal/db"
	"github.com/tributary-hq/tributary/internal/money"
	"github.com/tributary-hq/tributary/internal/program"
	"github.com/tributary-hq/tributary/internal/trial"
)

type trialsPage struct {
	consolePage
	trial.Seen
	Address string // of the test link; empty before it is made
	Sales   listing
	Last    string // the id of the newest test sale; empty before there is one
	Said    string // how a shop says by the API that an order is a test
}

// trials is where something is tried: a click, a sale, its receipt, and all that was tried before.
func (s *site) trials(v *visit) (answer, error) {
	data := trialsPage{consolePage: v.console(), Said: `"test": true`}
	var err error
	if data.Seen, data.Address, err = s.tried(v); err != nil {
		return nil, err
	}
	if len(data.Seen.Sales) > 0 {
		data.Last = data.Seen.Sales[0].ID
	}
	read := func(before string, limit int) ([]conversion.Conversion, error) {
		return trial.Sales(v.Context(), v.read(), v.program.ID, before, limit)
	}
	data.Sales, err = v.testTable().page(v, read, func(c conversion.Conversion) string { return c.ID })
	return s.page("console/settings/test", v.text("trial.title"), data), err
}

// tried is what was tried with the program, and the address of the test link.
func (s *site) tried(v *visit) (seen trial.Seen, address string, err error) {
	seen, err = trial.Look(v.Context(), v.read(), v.program.ID, 1)
	if seen.Link.Code != "" {
		address = s.base + "/c/" + seen.Link.Code
	}
	return seen, address, err
}

func (v *visit) testTable() table[conversion.Conversion] {
	return table[conversion.Conversion]{Empty: emptiness{Icon: "conversions", Title: v.text("trial.empty"), Text: v.text("trial.empty_text")},
		Columns: []column[conversion.Conversion]{
			{Name: "order", Head: "list.order", Cell: func(v *visit, c conversion.Conversion) cell {
				return textCell(c.Order, consoleBase(v.program)+"/settings/test/"+c.ID)
			}},
			{Name: "event", Head: "list.event", Aside: true, Cell: func(v *visit, c conversion.Conversion) cell { return textCell(capital(eventName(v.lang, c.Event)), "") }},
			{Name: "received", Head: "list.when", Cell: func(v *visit, c conversion.Conversion) cell { return v.momentCell(c.Received) }},
			{Name: "source", Head: "conversions.source", Aside: true, Cell: func(v *visit, c conversion.Conversion) cell { return textCell(v.text("sources."+string(c.Source)), "") }},
			{Name: "amount", Head: "list.amount", Number: true, Cell: func(v *visit, c conversion.Conversion) cell { return v.moneyCell(c.Amount) }},
		}}
}

// testBy is the person who tries, and what they call the partner who is only there for that.
func (v *visit) testBy() trial.By {
	return trial.By{Person: v.person.ID, Name: v.text("trial.partner"), Locale: v.lang.Tag}
}

// makeTestLink makes the link by which tests click.
func (s *site) makeTestLink(v *visit) (answer, error) {
	err := v.write(func(ctx context.Context, tx *db.Tx) error {
		if _, err := trial.Ready(ctx, tx, s.keys, v.program, v.testBy()); err != nil {
			return err
		}
		return v.record(ctx, tx, audit.ProgramTrial, v.program.ID)
	})
	if err != nil {
		return nil, err
	}
	return s.to(settingsPath(v, "test")), nil
}

// tryOnce sends a test sale.
func (s *site) tryOnce(v *visit) (sale conversion.Conversion, err error) {
	err = v.write(func(ctx context.Context, tx *db.Tx) error {
		link, err := trial.Ready(ctx, tx, s.keys, v.program, v.testBy())
		if err != nil {
			return err
		}
		amount, err := money.Parse(sampleAmount(v.program), v.program.Currency)
		if err != nil {
			return err
		}
		if sale, err = trial.Sell(ctx, tx, s.keys, v.program, link, amount); err != nil {
			return err
		}
		return v.record(ctx, tx, audit.ProgramTry, v.program.ID, audit.Note("order", sale.Order))
	})
	return sale, err
}

// sendTestSale sends a test sale and leads to its receipt.
func (s *site) sendTestSale(v *visit) (answer, error) {
	sale, err := s.tryOnce(v)
	if err != nil {
		return nil, err
	}
	return s.to(settingsPath(v, "test") + "/" + sale.ID), nil
}

// forgetTests deletes all that was tried.
func (s *site) forgetTests(v *visit) (answer, error) {
	err := v.write(func(ctx context.Context, tx *db.Tx) error {
		n, err := trial.Forget(ctx, tx, v.program.ID)
		if err != nil {
			return err
		}
		return v.record(ctx, tx, audit.ProgramForget, v.program.ID, audit.Note("tests", strconv.Itoa(n)))
	})
	if err != nil {
		return nil, err
	}
	return s.done(settingsPath(v, "test"), "tests_forgotten"), nil
}

type testReceiptPage struct {
	consolePage
	Receipt receipt
}

// testReceipt explains a test sale, to the cent like any other.
func (s *site) testReceipt(v *visit) (answer, error) {
	told, err := v.receipt(v.conversion, "")
	if err != nil {
		return nil, err
	}
	return s.page("console/settings/test-receipt", v.text("trial.receipt"), testReceiptPage{v.console(), told}), nil
}

// testSale is the test sale of the program with the id.
func (v *visit) testSale(id string) (conversion.Conversion, error) {
	sale, err := conversion.Get(v.Context(), v.read(), id)
	if err == nil && sale.Program != program.TestID(v.program.ID) {
		err = errNotFound
	}
	return sale, err
}
