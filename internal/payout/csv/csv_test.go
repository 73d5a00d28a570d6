package csv_test

import (
	"strings"
	"testing"

	"github.com/tributary-hq/tributary/internal/money"
	"github.com/tributary-hq/tributary/internal/payout/csv"
)

var two = []csv.Payment{
	{ID: "pay_1", Payee: "Ann", Email: "ann@example.org", Amount: money.Of(1250, "EUR"), Note: "Acme"},
	{ID: "pay_2", Payee: `=Bob, "the" shop`, Email: "bob@example.org", Amount: money.Of(7, "EUR"), Note: "+Acme\nline"},
}

func TestFiles(t *testing.T) {
	paypal, err := csv.PayPal(two)
	if want := "ann@example.org,12.50,EUR,pay_1,Acme,PayPal\r\nbob@example.org,0.07,EUR,pay_2,Acme line,PayPal\r\n"; err != nil || string(paypal) != want {
		t.Errorf("PayPal file %q, %v; want %q", paypal, err, want)
	}
	wise, err := csv.Wise(two)
	want := "name,recipientId,recipientEmail,sourceCurrency,targetCurrency,amount,amountCurrency,paymentReference\r\n" +
		"Ann,,ann@example.org,EUR,EUR,12.50,source,pay_1\r\n" +
		"\"Bob, \"\"the\"\" shop\",,bob@example.org,EUR,EUR,0.07,source,pay_2\r\n"
	if err != nil || string(wise) != want {
		t.Errorf("Wise file %q, %v; want %q", wise, err, want)
	}
	yen, err := csv.PayPal([]csv.Payment{{ID: "pay_1", Email: "a@example.org", Amount: money.Of(1200, "JPY")}})
	if err != nil || !strings.HasPrefix(string(yen), "a@example.org,1200,JPY") {
		t.Errorf("yen: %q, %v", yen, err)
	}
}

func TestNoFileLeavesThatIsWrong(t *testing.T) {
	pay := func(id string, minor int64, c money.Currency) csv.Payment {
		return csv.Payment{ID: id, Email: "a@example.org", Amount: money.Of(minor, c)}
	}
	for promise, payments := range map[string][]csv.Payment{
		"one currency a file":    {pay("pay_1", 1, "EUR"), pay("pay_2", 1, "USD")},
		"no payment of nothing":  {pay("pay_1", 0, "EUR")},
		"no payment below it":    {pay("pay_1", -5, "EUR")},
		"no id that is too long": {pay(strings.Repeat("x", 31), 1, "EUR")},
		"no id with a space":     {pay("pay 1", 1, "EUR")},
		"no more than they take": make([]csv.Payment, csv.PayPalMost+1),
	} {
		if file, err := csv.PayPal(payments); err == nil {
			t.Errorf("%s: wrote %q", promise, file)
		}
	}
	if _, err := csv.Wise(make([]csv.Payment, csv.WiseMost+1)); err == nil {
		t.Error("a Wise file with too many payments was written")
	}
}

func TestReadResults(t *testing.T) {
	cases := []struct{ promise, file, want string }{
		{"our own form", "id,status,reason\npay_1,paid,\npay_2,failed,account closed\n", "2 pay_1 paid |3 pay_2 failed account closed|"},
		{"a service's names and words", "Transaction Status,Unique ID\nCompleted,pay_1\nReturned,pay_2\nUnclaimed,pay_3\n", "2 pay_1 paid |3 pay_2 failed |4 pay_3 pending |"},
		{"semicolons and a byte order mark", "\ufeffid;status\npay_1;SUCCESS\n", "2 pay_1 paid |"},
		{"tabs", "paymentReference\tstatus\npay_1\toutgoing_payment_sent\n", "2 pay_1 paid |"},
		{"a line without an id", "id,status\n,paid\n", "2 ! |"},
		{"a word that is not understood", "id,status\npay_1,maybe\n", "2 ! |"},
		{"a short line", "id,status\npay_1\n", "2 ! |"},
		{"a quote that never ends", "id,status\npay_1,paid\n\"pay_2,paid\n", "2 pay_1 paid |3 ! |"},
	}
	for _, c := range cases {
		t.Run(c.promise, func(t *testing.T) {
			results, err := csv.ReadResults(strings.NewReader(c.file))
			if err != nil {
				t.Fatal(err)
			}
			var got strings.Builder
			for _, r := range results {
				if r.Fault != "" {
					r.ID, r.Status = "!", ""
				}
				got.WriteString(strings.TrimRight(strings.Join([]string{string(rune('0' + r.Line)), r.ID, string(r.Status)}, " "), " ") + " " + r.Reason + "|")
			}
			if got.String() != c.want {
				t.Errorf("got %q, want %q", got.String(), c.want)
			}
		})
	}
	for _, file := range []string{"", "a,b\n1,2\n", "id\npay_1\n", "\"", "\x00\x01"} {
		if results, err := csv.ReadResults(strings.NewReader(file)); err == nil {
			t.Errorf("%q was read as %v", file, results)
		}
	}
}

func FuzzReadResults(f *testing.F) {
	f.Add("id,status,reason\npay_1,paid,\n")
	f.Add("Unique ID\tTransaction Status\npay_1\tFailed\n")
	f.Add("\ufeffid;status\n\"pay_1;paid")
	f.Fuzz(func(t *testing.T, file string) {
		results, err := csv.ReadResults(strings.NewReader(file))
		if err != nil {
			return
		}
		for _, r := range results {
			settled := r.Status == csv.Paid || r.Status == csv.Failed || r.Status == csv.Waiting
			if (r.Fault == "") != (r.ID != "" && settled) {
				t.Errorf("%q: a result that is neither read nor refused: %+v", file, r)
			}
		}
	})
}
