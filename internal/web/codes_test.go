package web

import (
	"context"
	"fmt"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/tributary-hq/tributary/internal/audit"
	"github.com/tributary-hq/tributary/internal/commission"
	"github.com/tributary-hq/tributary/internal/contract"
	"github.com/tributary-hq/tributary/internal/conversion"
	"github.com/tributary-hq/tributary/internal/creative"
	"github.com/tributary-hq/tributary/internal/db"
	"github.com/tributary-hq/tributary/internal/db/dbtest"
)

// offers gives a partner a code, and returns it.
func (w *world) offers(name, code string) string {
	w.t.Helper()
	w.write(func(ctx context.Context, tx *db.Tx) error {
		if known, err := creative.CodesNamed(ctx, tx, w.acme.ID, []string{code}); err != nil || len(known) > 0 {
			return err
		}
		_, err := commission.GiveCode(ctx, tx, w.keys, w.acme.ID, w.pts[name].ID, code)
		return err
	})
	return code
}

// hands makes single-use codes for a partner.
func (w *world) hands(name string) creative.Batch {
	w.t.Helper()
	var b creative.Batch
	w.write(func(ctx context.Context, tx *db.Tx) (err error) {
		b, err = creative.CreateBatch(ctx, tx, creative.Batch{Program: w.acme.ID, Partnership: w.pts[name].ID, Size: 3, Prefix: "once-"})
		return err
	})
	return b
}

// buys is an order of a customer with a code, so long ago.
func (w *world) buys(order, customer, code string, ago time.Duration) conversion.Conversion {
	w.t.Helper()
	var sale conversion.Conversion
	w.write(func(ctx context.Context, tx *db.Tx) error {
		r, err := commission.Credit(ctx, tx, w.keys, []conversion.New{{Program: w.acme.ID, Order: order, Amount: "100", Currency: string(w.acme.Currency),
			Customer: customer, Code: code, At: w.now.Add(-ago), Source: conversion.FromAPI}})
		if err == nil {
			sale, err = r[0].Value.Conversion, r[0].Err
		}
		return err
	})
	return sale
}

func (w *world) codesPages() []struct{ route, address, reader string } {
	marta := "/partner/" + w.pts["Marta’s Kitchen"].ID
	w.offers("Marta’s Kitchen", "STOVE10")
	batch := w.hands("Marta’s Kitchen")
	w.buys("with-code", "cus-code", "STOVE10", time.Hour)
	return []struct{ route, address, reader string }{
		{"GET /console/{program}/codes", "/console/acme/codes", "owner"},
		{"GET /console/{program}/codes/{code}", "/console/acme/codes/STOVE10", "owner"},
		{"GET /console/{program}/codes/batches/{cba}/codes.csv", "/console/acme/codes/batches/" + batch.ID + "/codes.csv", "owner"},
		{"GET /partner/{pts}/batches/{cba}/codes.csv", marta + "/batches/" + batch.ID + "/codes.csv", "Marta’s Kitchen"},
		{"GET /partner/{pts}/links", marta + "/links", "Marta’s Kitchen"},
		{"GET /console/{program}/customers", "/console/acme/customers", "analyst"},
		{"GET /console/{program}/customers", "/console/acme/customers?q=cus-code", "owner"},
	}
}

// sendsCodes sends every form about codes and customers.
func (w *world) sendsCodes(send func(route string, by *browser, address string, form url.Values, want ...audit.Action) (string, string), owner *browser) {
	const at, console = "/console/acme", "POST /console/{program}"
	w.offers("Marta’s Kitchen", "STOVE10")
	marta := w.pts["Marta’s Kitchen"].ID
	send(console+"/codes/policy", owner, at+"/codes/policy", url.Values{"credit": {"in_path"}}, audit.ProgramCodes)
	send(console+"/codes/{code}", owner, at+"/codes/STOVE10", url.Values{"state": {"met"}, "partnership": {marta}, "reason": {"On a list"}}, audit.PartnershipStand)
	send(console+"/codes/{code}/replace", owner, at+"/codes/STOVE10/replace", url.Values{"code": {"STOVE11"}}, audit.PartnershipCode, audit.PartnershipStand)
	send(console+"/partners/{pts}/batches", owner, at+"/partners/"+marta+"/batches", url.Values{"size": {"5"}, "prefix": {"VIP-"}}, audit.PartnershipBatch)
	w.buys("s-1", "split-1", "", time.Hour)
	w.write(func(ctx context.Context, tx *db.Tx) error {
		return commission.Identify(ctx, tx, w.keys, w.acme.ID, conversion.WhoCustomer("split-1"), conversion.WhoCustomer("split-2"))
	})
	key := conversion.WhoCustomer("split-1")
	send(console+"/customers/split", owner, at+"/customers/split", url.Values{"key": {key}, "name": {conversion.WhoCustomer("split-2")}, "do": {"apart"}, "reason": {"Sisters"}}, audit.ProgramPart)
	body := owner.shows(at + "/customers?q=split-1")
	split := body[strings.Index(body, `name="split" value="`)+20:]
	send(console+"/customers/same", owner, at+"/customers/same", url.Values{"key": {key}, "split": {split[:strings.Index(split, `"`)]}}, audit.ProgramPart)
	send(console+"/customers/bind", owner, at+"/customers/bind", url.Values{"key": {key}, "partnership": {marta}}, audit.PartnershipBind)
	send(console+"/customers/bind", owner, at+"/customers/bind", url.Values{"key": {key}, "partnership": {""}}, audit.ProgramUnbind)
}

func TestCodesAndCustomers(t *testing.T) {
	dbtest.Run(t, func(t *testing.T, d *db.DB) {
		w := newWorld(t, d)
		w.now = w.now.AddDate(0, 0, 40)
		w.offers("Marta’s Kitchen", "LEAKY")
		w.now = w.now.AddDate(0, 0, 30)
		owner, marta := w.as("owner"), "/partner/"+w.pts["Marta’s Kitchen"].ID
		const at = "/console/acme"

		t.Run("a code that leaks is shown with its figures, and suspended", func(t *testing.T) {
			for i := range 5 {
				w.buys(fmt.Sprint("before", i), fmt.Sprint("lb", i), "LEAKY", 15*24*time.Hour)
			}
			for i := range 20 {
				w.buys(fmt.Sprint("leak", i), fmt.Sprint("lk", i), "LEAKY", 24*time.Hour)
			}
			owner.shows(at+"/codes", "20 of 20 uses last week came without a visit from this partner.", "5 of 5")
			owner.step(at+"/codes/LEAKY", url.Values{"state": {"suspended"}, "partnership": {w.pts["Marta’s Kitchen"].ID}, "reason": {"On a list of codes"}}, at+"/codes/LEAKY")
			owner.shows(at+"/codes/LEAKY", "Suspended", "On a list of codes")
			late := w.buys("leak-late", "late", "LEAKY", 0)
			owner.shows(at+"/conversions/"+late.ID, "The code LEAKY was suspended when it was used.", "The promo code was suspended when it was used.")
		})
		t.Run("a batch is a file; a partner does not read the orders", func(t *testing.T) {
			b := w.hands("Marta’s Kitchen")
			list, err := creative.CodesIn(t.Context(), d.Read(), b)
			if err != nil {
				t.Fatal(err)
			}
			w.buys("once-1", "o1", list[0].Code, 0)
			second := w.buys("once-2", "o2", list[0].Code, 0)
			_, body, _ := owner.get(at + "/codes/batches/" + b.ID + "/codes.csv")
			if !strings.Contains(body, list[0].Code) || !strings.Contains(body, "once-1") || strings.Contains(body, "once-2") {
				t.Errorf("the brand's file: %s", body)
			}
			_, body, _ = w.as("Marta’s Kitchen").get(marta + "/batches/" + b.ID + "/codes.csv")
			if !strings.Contains(body, list[2].Code) || strings.Contains(body, "once-1") {
				t.Errorf("the partner's file: %s", body)
			}
			owner.shows(at+"/conversions/"+second.ID, "can be used once and had been used", "The first was order once-1.")
			w.as("Marta’s Kitchen").shows(marta+"/links", "1 of 3")
			if status, _, _ := w.as("Deal Otter").get("/partner/" + w.pts["Deal Otter"].ID + "/batches/" + b.ID + "/codes.csv"); status != 404 {
				t.Errorf("another partner's codes: %d", status)
			}
		})
		t.Run("a customer who is bound says so on the receipt", func(t *testing.T) {
			terms := contract.Sensible(w.acme.Currency)
			terms.BindMonths = 12
			w.write(func(ctx context.Context, tx *db.Tx) error {
				_, err := commission.Agree(ctx, tx, w.keys, w.pts["Marta’s Kitchen"].ID, w.now.AddDate(0, 0, -20), terms, "test")
				return err
			})
			w.offers("Marta’s Kitchen", "HELLO10")
			w.now = w.now.Add(time.Hour)
			w.buys("bound-1", "loyal", "HELLO10", time.Minute)
			later := w.buys("bound-2", "loyal", "", 0)
			owner.shows(at+"/conversions/"+later.ID, "they brought the first order, bound-1", "Later orders are theirs too, until")
			owner.shows(at+"/customers?q=loyal", "they brought the first order, bound-1", "bound-2")
			owner.shows(at+"/contracts", "stays theirs for 12 months")
			owner.step(at+"/customers/bind", url.Values{"key": {"u:loyal"}, "partnership": {""}, "why": {"Asked us to"}, "since": {w.now.AddDate(0, 0, -1).Format(time.DateOnly)}}, at+"/customers")
			owner.shows(at+"/customers?q=loyal", "Nobody’s customer", "Asked us to")
		})
		t.Run("faults stand beside their fields", func(t *testing.T) {
			w.offers("Marta’s Kitchen", "FAULTY")
			for _, c := range []struct {
				address string
				form    url.Values
				want    string
			}{
				{"/codes/FAULTY", url.Values{"state": {"hosts"}, "hosts": {""}, "partnership": {w.pts["Marta’s Kitchen"].ID}}, "Name at least one site"},
				{"/codes/FAULTY/replace", url.Values{"code": {"LEAKY"}}, "aria-invalid"},
				{"/partners/" + w.pts["Marta’s Kitchen"].ID + "/batches", url.Values{"size": {"0"}}, "A batch has 1 to 10,000 codes."},
				{"/customers/split", url.Values{"key": {"u:loyal"}, "do": {"apart"}}, "Tick some of the names"},
			} {
				if status, body, _ := owner.post(at+c.address, c.form); status != 422 || !strings.Contains(body, c.want) {
					t.Errorf("%s: %d, without %q", c.address, status, c.want)
				}
			}
		})
	})
}
