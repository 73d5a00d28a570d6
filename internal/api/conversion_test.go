package api_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/tributary-hq/tributary/client"
	"github.com/tributary-hq/tributary/internal/auth"
	"github.com/tributary-hq/tributary/internal/db"
	"github.com/tributary-hq/tributary/internal/db/dbtest"
)

func TestReportConversion(t *testing.T) {
	dbtest.Run(t, func(t *testing.T, d *db.DB) {
		h := open(t, d)
		h.program("alpine")
		ann := h.partner("alpine", "ann")
		h.code(ann, "ANN10")
		sale := client.NewConversion{Program: "alpine", OrderID: "A-1", Amount: euros("100.00"), PromoCode: "ann10"}

		first := must(h.ReportConversion(t.Context(), sale))(t)
		if first.Duplicate || len(first.Commissions) != 1 || first.Commissions[0].Amount != *euros("10.00") || first.Commissions[0].Partnership != ann.ID {
			t.Errorf("first report: %+v", first)
		}
		second := must(h.ReportConversion(t.Context(), sale))(t)
		if !second.Duplicate || second.ID != first.ID || len(second.Commissions) != 1 {
			t.Errorf("second report: %+v", second)
		}
		told := must(h.Conversion(t.Context(), first.ID))(t)
		part := told.Explanation.Parts[0]
		if part.Arithmetic != "10 % of 100.00 EUR = 10.00 EUR" || part.Whole != "10.00" || told.Explanation.Steps[0].Verdict != "counted" {
			t.Errorf("explanation: %+v", told.Explanation)
		}
		back := must(h.ReportRefund(t.Context(), client.NewRefund{Program: "alpine", OrderID: "A-1", RefundID: "R-1", Amount: euros("25")}))(t)
		if back.Conversion != first.ID || back.Commissions[0].Amount != *euros("7.50") {
			t.Errorf("refund: %+v", back)
		}
		if back.Warnings != nil || first.Warnings != nil {
			t.Errorf("warned of nothing: %+v %+v", first.Warnings, back.Warnings)
		}
		much := must(h.ReportRefund(t.Context(), client.NewRefund{Program: "alpine", OrderID: "A-1", RefundID: "R-2", Amount: euros("75.01")}))(t)
		if len(much.Warnings) != 1 || much.Warnings[0].Code != "refunds_exceed_order" || !strings.Contains(much.Warnings[0].Detail, "100.01") {
			t.Errorf("an over-refund: %+v", much)
		}
		odd := must(h.ReportConversion(t.Context(), client.NewConversion{Program: "alpine", OrderID: "A-2", Amount: euros("10"), PromoCode: "nobody"}))(t)
		if odd.ID == "" || len(odd.Warnings) != 1 || odd.Warnings[0].Code != "promo_code_unknown" {
			t.Errorf("a code of nobody: %+v", odd)
		}
	})
}

// refusals are bodies of POST /v1/conversions, and what each is told.
var refusals = []struct{ name, body, status, says string }{
	{"no program", `{"order_id":"1","amount":{"amount":"1","currency":"EUR"}}`, "422", "program_missing"},
	{"a program of nobody", `{"program":"x","order_id":"1","amount":{"amount":"1","currency":"EUR"}}`, "404", "program_unknown"},
	{"no order", `{"program":"alpine","amount":{"amount":"1","currency":"EUR"}}`, "422", `"code":"order_id_missing","errors":[{"pointer":"/order_id"`},
	{"no amount", `{"program":"alpine","order_id":"1"}`, "422", `"pointer":"/amount"`},
	{"an empty amount", `{"program":"alpine","order_id":"1","amount":{"amount":" ","currency":"EUR"}}`, "422", "amount_invalid"},
	{"half a cent", `{"program":"alpine","order_id":"1","amount":{"amount":"0.005","currency":"EUR"}}`, "422", "amount_invalid"},
	{"less than nothing", `{"program":"alpine","order_id":"1","amount":{"amount":"-1","currency":"EUR"}}`, "422", "amount_invalid"},
	{"a float", `{"program":"alpine","order_id":"1","amount":{"amount":1.5,"currency":"EUR"}}`, "422", `"pointer":"/amount/amount","code":"input_invalid","detail":"amounts are strings such as \"12.90\""`},
	{"a bare number", `{"program":"alpine","order_id":"1","amount":1.5}`, "422", `"detail":"a sum is an object such as`},
	{"an order number without quotation marks", `{"program":"alpine","order_id":1}`, "422", `"pointer":"/order_id"`},
	{"no such currency", `{"program":"alpine","order_id":"1","amount":{"amount":"1","currency":"EUX"}}`, "422", `"code":"currency_unknown","errors":[{"pointer":"/amount/currency"`},
	{"another currency", `{"program":"alpine","order_id":"1","amount":{"amount":"1","currency":"USD"}}`, "422", "currency_not_accepted"},
	{"no such event", `{"program":"alpine","order_id":"1","event":"nap","amount":{"amount":"1","currency":"EUR"}}`, "422", "event_type_unknown"},
	{"a made-up click", `{"program":"alpine","order_id":"1","click_id":"abc","amount":{"amount":"1","currency":"EUR"}}`, "422", "click_id_invalid"},
	{"an e-mail address in clear", `{"program":"alpine","order_id":"1","email_sha256":"a@b.c","amount":{"amount":"1","currency":"EUR"}}`, "422", "email_sha256_invalid"},
	{"from tomorrow", `{"program":"alpine","order_id":"1","at":"2026-05-04T12:00:00Z","amount":{"amount":"1","currency":"EUR"}}`, "422", "at_invalid"},
	{"no moment", `{"program":"alpine","order_id":"1","at":"noon","amount":{"amount":"1","currency":"EUR"}}`, "422", `"pointer":"/at","code":"input_invalid","detail":"a moment is written as`},
	{"a field of nobody", `{"program":"alpine","order_id":"1","sum":1}`, "422", `"errors":[{"pointer":"/sum","code":"input_invalid","detail":"there is no field \"sum\""`},
	{"a field of nobody further in", `{"program":"alpine","order_id":"1","amount":{"amount":"1","currency":"EUR","tax":1}}`, "422", `"pointer":"/amount/tax"`},
	{"NUL", `{"program":"alpine","order_id":"1\u0000","amount":{"amount":"1","currency":"EUR"}}`, "422", "input_invalid"},
	{"two bodies", `{"program":"alpine"}{}`, "422", "input_invalid"},
	{"not JSON", `program=alpine`, "422", "input_invalid"},
	{"nothing", ``, "400", "input_invalid"},
}

func TestReportConversionRefused(t *testing.T) {
	dbtest.Run(t, func(t *testing.T, d *db.DB) {
		h := open(t, d)
		h.program("alpine")
		for _, test := range refusals {
			got := h.do("POST", "/v1/conversions", test.body)
			if fmt.Sprint(got.status) != test.status || !strings.Contains(got.body, test.says) {
				t.Errorf("%s: %d %s, want %s %s", test.name, got.status, got.body, test.status, test.says)
			}
			if kind := got.header.Get("Content-Type"); kind != "application/problem+json" {
				t.Errorf("%s: is %q", test.name, kind)
			}
		}
		for range h.Conversions(t.Context(), "alpine", client.ConversionFilter{}) {
			t.Error("something was kept")
		}
	})
}

func TestBatchAnswersEachLine(t *testing.T) {
	dbtest.Run(t, func(t *testing.T, d *db.DB) {
		h := open(t, d)
		h.program("alpine")
		h.second().program("lake")
		results := must(h.ReportConversions(t.Context(), []client.NewConversion{
			{Program: "alpine", OrderID: "1", Amount: euros("5")},
			{Program: "alpine", OrderID: "1", Amount: euros("5")},
			{Program: "alpine", OrderID: "1", Amount: euros("6")},
			{Program: "lake", OrderID: "2", Amount: euros("5")},
			{Program: "alpine", Amount: euros("5")},
			{Program: "alpine", OrderID: "3", Amount: &client.Money{Amount: "5", Currency: "JPY"}},
			{Program: "alpine", OrderID: "4", Event: "lead"},
		}))(t)
		var got []string
		for _, r := range results {
			line := r.Status
			if r.Problem != nil {
				line = r.Problem.Code
			}
			got = append(got, line)
		}
		want := "credited duplicate order_differs program_unknown order_id_missing currency_not_accepted credited"
		if strings.Join(got, " ") != want {
			t.Errorf("got  %s\nwant %s", strings.Join(got, " "), want)
		}
	})
}

func TestABatchThatCannotBeReadNamesItsLine(t *testing.T) {
	h := open(t, dbtest.Open(t, db.SQLite))
	h.program("alpine")
	fine := `{"program":"alpine","order_id":"1","amount":{"amount":"5","currency":"EUR"}}`
	for line, pointer := range map[string]string{
		`{"program":"alpine","order_id":"2","amount":5}`:                                                        "/conversions/1/amount",
		`{"program":"alpine","order_id":"2","items":[{"sku":"a","unit_price":"1"},{"sku":"b","unit_price":1}]}`: "/conversions/1/items/1/unit_price",
		`{"program":"alpine","order_id":"2","at":"2026-03-14"}`:                                                 "/conversions/1/at",
		`{"program":"alpine","order_id":"2","sum":"5"}`:                                                         "/conversions/1/sum",
		`"alpine"`: "/conversions/1",
	} {
		got := h.do("POST", "/v1/conversions/batch", `{"conversions":[`+fine+`,`+line+`]}`)
		if got.status != 422 || !strings.Contains(got.body, `"pointer":"`+pointer+`"`) {
			t.Errorf("%s: %d %s, want %s", line, got.status, got.body, pointer)
		}
	}
	for range h.Conversions(t.Context(), "alpine", client.ConversionFilter{}) {
		t.Error("something was kept")
	}
}

func TestATestTokenLeavesTestsAlone(t *testing.T) {
	dbtest.Run(t, func(t *testing.T, d *db.DB) {
		h := open(t, d)
		h.program("alpine")
		test, _ := h.token(auth.Test, auth.WriteConversions, auth.WriteSettings)
		c := must(test.ReportConversion(t.Context(), client.NewConversion{Program: "alpine", OrderID: "1", Amount: euros("5")}))(t)
		if c.ID == "" || c.Duplicate || !c.Test {
			t.Errorf("answered %+v", c)
		}
		must(test.CreateProgram(t.Context(), client.NewProgram{Slug: "ghost", Name: "Ghost", Currency: "EUR", Landing: "https://shop.example.com/"}))(t)
		for range h.Conversions(t.Context(), "alpine", client.ConversionFilter{}) {
			t.Error("the test is among the conversions")
		}
		if got := all(t, h.TestConversions(t.Context(), "alpine")); len(got) != 1 || got[0].ID != c.ID {
			t.Errorf("the tests are %+v", got)
		}
		if _, err := h.Program(t.Context(), "ghost"); err == nil {
			t.Error("the program was kept")
		}
	})
}

func TestATestByTheAPICountsNowhere(t *testing.T) {
	dbtest.Run(t, func(t *testing.T, d *db.DB) {
		h := open(t, d)
		alpine := h.program("alpine")
		before := len(all(t, h.Events(t.Context(), client.EventFilter{})))
		c := must(h.ReportConversion(t.Context(), client.NewConversion{Program: "alpine", OrderID: "T-1", Amount: euros("5"), Test: true}))(t)
		again := must(h.ReportConversion(t.Context(), client.NewConversion{Program: "alpine", OrderID: "T-1", Amount: euros("5")}))(t)
		if !c.Test || c.Program != alpine.ID || !again.Duplicate || again.ID != c.ID {
			t.Errorf("reported %+v, then %+v", c, again)
		}
		refund := must(h.ReportRefund(t.Context(), client.NewRefund{Program: "alpine", OrderID: "T-1"}))(t)
		if !refund.Test || refund.Conversion != c.ID {
			t.Errorf("refunded %+v", refund)
		}
		results := must(h.ReportConversions(t.Context(), []client.NewConversion{{Program: "alpine", OrderID: "T-2", Amount: euros("5"), Test: true},
			{Program: "alpine", OrderID: "T-2", Amount: euros("5")}, {Program: "alpine", OrderID: "R-1", Amount: euros("7")}}))(t)
		if results[1].Status != "duplicate" || !results[1].Conversion.Test || results[2].Conversion.Test {
			t.Errorf("the batch is %+v", results)
		}
		if got := must(h.Conversion(t.Context(), c.ID))(t); !got.Test || got.Explanation.Reason == "" {
			t.Errorf("the test is explained as %+v", got)
		}
		if got := all(t, h.TestConversions(t.Context(), "alpine")); len(got) != 2 {
			t.Errorf("the tests are %+v", got)
		}
		if got := all(t, h.Conversions(t.Context(), "alpine", client.ConversionFilter{})); len(got) != 1 || got[0].OrderID != "R-1" {
			t.Errorf("the conversions are %+v", got)
		}
		if got := all(t, h.Programs(t.Context())); len(got) != 1 {
			t.Errorf("the programs are %+v", got)
		}
		if got := len(all(t, h.Events(t.Context(), client.EventFilter{}))); got != before+1 {
			t.Errorf("%d events were told, want that of the sale alone", got-before)
		}
		if status := h.second().do("GET", "/v1/conversions/"+c.ID, "").status; status != 404 {
			t.Errorf("another brand reads the test: %d", status)
		}
	})
}
