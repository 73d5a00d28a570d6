package upload_test

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"runtime"
	"strings"
	"testing"
	"time"

	"github.com/tributary-hq/tributary/internal/db"
	"github.com/tributary-hq/tributary/internal/db/dbtest"
	"github.com/tributary-hq/tributary/internal/problem"
	"github.com/tributary-hq/tributary/internal/sheet"
	"github.com/tributary-hq/tributary/internal/upload"
)

func TestLinesAreTakenOrRefusedEachByItself(t *testing.T) {
	for _, c := range []struct {
		name   string
		kind   upload.Kind
		file   string
		counts string
		earned string // of the orders that come first
		orders []string
	}{
		{"a shop's export in German", upload.Conversions,
			"Bestellnummer;Betrag;Währung;Datum;Gutscheincode\nA-1;1.234,50 €;EUR;14.3.2026 10:15;ann\nA-2;10,00;eur;15.03.2026;BOB\n",
			"2 0 0", "A-1 ann 123.45, A-2 bob 1.00", []string{"A-1", "A-2"}},
		{"of a total, tax and shipping do not count", upload.Conversions,
			"Order;Total;Tax;Versandkosten;Date;Code\nT-1;1.190,00;190,00;;2026-03-14;ann\nT-2;60,00;5,10;4,90;2026-03-14;ann\nT-3;5,00;5,10;0;2026-03-14;ann\nT-4;;1,00;;2026-03-14;ann\n",
			"2 0 2 4:total_differs 5:amount_missing", "T-1 ann 100.00, T-2 ann 5.00", []string{"T-1", "T-2"}},
		{"a net amount comes before a total, whatever that has in it", upload.Conversions, "order,total,net,at,code\nN-1,119,100,2026-03-14,ANN\n", "1 0 0", "N-1 ann 10.00", []string{"N-1"}},
		{"what is wrong is said of its line", upload.Conversions,
			"order id,amount,currency,date,code\nB-1,10,EUR,2026-03-14,ANN\n,10,EUR,2026-03-14,ANN\nB-3,ten,EUR,2026-03-14,ANN\nB-4,10,USD,2026-03-14,ANN\nB-5,-3,EUR,2026-03-14,ANN\nB-6,10,EUR,soon,ANN\nB-7,10,EUR,2031-01-01,ANN\n",
			"1 0 6 3:order_id_missing 4:amount_invalid 5:currency_not_accepted 6:amount_negative 7:date_invalid 8:at_invalid", "B-1 ann 1.00, B-5 unknown", []string{"B-1", "B-5"}},
		{"an order twice is known, and with another amount refused", upload.Conversions,
			"order,amount,at,code\nC-1,10,2026-03-14,ANN\nC-1,10,2026-03-14,ANN\nC-1,20,2026-03-14,ANN\n", "1 1 1 4:order_differs", "C-1 ann 1.00", []string{"C-1"}},
		{"leads have no amount", upload.Conversions, "order,event,code,at\nL-1,lead,ANN,2026-03-14\nL-2,party,ANN,2026-03-14\n", "1 0 1 3:event_type_unknown", "", nil},
		{"months first, where a day says so", upload.Conversions, "order,amount,at,code\nD-1,10,03/14/2026,ANN\nD-2,10,02/03/2026,ANN\n", "2 0 0", "D-1 ann 1.00", []string{"D-1"}},
		{"a line end within quotes", upload.Conversions, "order,note,amount,at,code\nE-1,\"two\nlines\",10,2026-03-14,ANN\nE-2,,x,2026-03-14,ANN\n", "1 0 1 4:amount_invalid", "E-1 ann 1.00", []string{"E-1"}},
		{"refunds before their orders", upload.Refunds, "order,refund,amount,reason\nF-1,R-1,5,item_returned\nF-1,R-1,5,item_returned\nF-2,,,chargeback\nF-3,,5,\nF-4,R-4,-5,\nF-5,R-5,5,whim\n",
			"3 1 2 5:refund_id_missing 7:reason_invalid", "", nil},
		{"numbers of partners by name, address and id", upload.Numbers, "number,partner,since\n+49 30 111111,Ann,2026-03-01\n0049-30-111111,ann@example.org,2026-03-01\n+49 30 222222,nobody,\n030 333333,ann,\n",
			"1 1 2 4:partner_unknown 5:phone_invalid", "", nil},
		{"never the number of a card", upload.Cards, "card,partner\n4111 1111 1111 1111,ann\n4111111111111111,ann\ntok_1,ann\n", "1 0 2 2:card_invalid 3:card_number", "", nil},
	} {
		t.Run(c.name, func(t *testing.T) {
			dbtest.Run(t, func(t *testing.T, d *db.DB) {
				w := newWorld(t, d)
				u := w.keep(c.kind, c.file)
				tried, err := upload.Try(context.Background(), d, w.keys, u)
				if err != nil {
					t.Fatal(err)
				}
				if got := w.earned(c.orders...); strings.Count(got, "unknown") != len(c.orders) {
					t.Errorf("the trial has left %s", got)
				}
				u = w.take(u)
				if got := w.counts(u); got != c.counts || u.State != upload.Done {
					t.Errorf("%s, it is %q, want %q", u.State, got, c.counts)
				}
				if tried.Outcome != (upload.Outcome{Accepted: u.Accepted, Known: u.Known, Refused: u.Refused}) {
					t.Errorf("tried it was %+v", tried.Outcome)
				}
				if got := w.earned(c.orders...); got != c.earned {
					t.Errorf("earned is %q, want %q", got, c.earned)
				}
				if again := w.take(w.keep(c.kind, c.file)); again.Accepted != 0 || again.Known != u.Accepted+u.Known || again.Refused != u.Refused {
					t.Errorf("a second time it is %q", w.counts(again))
				}
				w.agrees()
			})
		})
	}
}

// offlineFiles are facts that bear on each other: whose number and card it is, a call, purchases, what was given back.
var offlineFiles = []struct {
	kind upload.Kind
	file string
}{
	{upload.Numbers, "number,partner,since\n+49 30 111111,ann,2026-03-01\n+49 30 111111,bob,2026-03-20\n"},
	{upload.Cards, "card,partner,since\ntok_1,ann,2026-03-01\ntok_1,bob,2026-03-20\ntok_2,ann,2026-03-10\n"},
	{upload.Calls, "call sid,to,from,date,duration,status,customer\nK-1,+49 30 111111,0170 5550101,2026-03-05 10:00,185,completed,\n" +
		"K-2,+49 30 111111,+49 170 5550102,2026-03-25 10:00,3:05,answered,c-7\nK-3,+49 30 111111,+49 170 5550103,2026-03-06 10:00,12,answered,c-8\n" +
		"K-4,+49 30 999999,+49 170 5550104,2026-03-06 10:00,600,answered,\nK-5,+49 30 111111,+49 170 5550105,2026-03-06 10:00,600,voicemail,\n"},
	{upload.Transactions, "card,amount,at,transaction id,original\ntok_1,100,2026-03-05,T-1,\ntok_1,200.00,2026-03-25,T-2,\ntok_1,-50,2026-03-28,T-3,T-2\n" +
		"tok_2,80,2026-03-09,T-4,\ntok_2,90,2026-03-11,T-5,\ntok_9,10,2026-03-11,T-6,\n"},
	{upload.Transactions, "card,amount,at,store,approval code\ntok_2,60,2026-03-12,s1,AA11\ntok_2,-60,2026-03-13,s1,AA11\ntok_2,-5,2026-03-13,s1,\n"},
	{upload.Conversions, "order,amount,at,customer\nO-7,100,2026-03-26,c-7\nO-8,100,2026-03-26,c-8\n"},
}

func TestTheOrderOfFilesDoesNotMatter(t *testing.T) {
	want := "K-1 unknown, K-2 bob 5.00, K-3 unknown, K-4 nobody, K-5 unknown, T-1 ann 10.00, T-2 bob 15.00, T-4 nobody, T-5 ann 9.00, T-6 nobody, s1/AA11 nobody, O-7 bob 10.00, O-8 ann 10.00"
	orders := []string{"call/K-1", "call/K-2", "call/K-3", "call/K-4", "call/K-5", "T-1", "T-2", "T-4", "T-5", "T-6", "s1/AA11", "O-7", "O-8"}
	for turn := range 4 {
		t.Run(fmt.Sprint(turn), func(t *testing.T) {
			dbtest.Run(t, func(t *testing.T, d *db.DB) {
				w := newWorld(t, d)
				order := rand.New(rand.NewPCG(uint64(turn), 7)).Perm(len(offlineFiles))
				for _, i := range order {
					w.now = w.now.Add(time.Minute)
					u := w.take(w.keep(offlineFiles[i].kind, offlineFiles[i].file))
					if refused := map[int]string{2: " 2:phone_invalid", 4: " 4:original_id_missing"}[i]; !strings.HasSuffix(w.counts(u), fmt.Sprint(u.Refused)+refused) || u.State != upload.Done {
						t.Errorf("file %d is %s: %s", i, u.State, w.counts(u))
					}
				}
				if got := w.earned(orders...); got != want {
					t.Errorf("in the order %v it is\n%s, want\n%s", order, got, want)
				}
				w.agrees()
			})
		})
	}
}

// errCrash stands for the end of the process.
var errCrash = errors.New("the power is gone")

func TestACrashHalfWayTakesEachLineOnce(t *testing.T) {
	dbtest.Run(t, func(t *testing.T, d *db.DB) {
		w := newWorld(t, d)
		var file strings.Builder
		file.WriteString("order,amount,at,code\n")
		for i := range 900 {
			amount := "10"
			if i%100 == 99 {
				amount = "x"
			}
			fmt.Fprintf(&file, "N-%d,%s,2026-03-14,ANN\n", i, amount)
		}
		u := w.keep(upload.Conversions, file.String())
		w.begin(u)
		ctx, crash := context.WithCancelCause(context.Background())
		steps := 0
		_, err := upload.Work(w.keys)(ctx, d, taskOf(t, d, w.get(u.ID)), func(done, all int) {
			if steps++; steps == 2 {
				crash(errCrash)
			}
		})
		half := w.get(u.ID)
		if err == nil || half.Done != 400 || half.Accepted != 396 || half.State != upload.Running {
			t.Fatalf("after the crash %+v, %v", half, err)
		}
		w.run()
		if got := w.get(u.ID); got.State != upload.Done || got.Done != 900 || got.Accepted != 891 || got.Known != 0 || got.Refused != 9 {
			t.Errorf("in the end %+v", got)
		}
		if n, err := db.One(context.Background(), d.Read(), db.Value[int64], `select count(*) from conversion`); err != nil || n != 891 {
			t.Errorf("%d conversions, %v", n, err)
		}
		if err := d.Write(context.Background(), func(tx *db.Tx) error {
			_, err := upload.Take(context.Background(), tx, u.ID, "per_1")
			return err
		}); problem.Code(err) != "upload_taken" {
			t.Errorf("taken again: %v", err)
		}
	})
}

func TestRefusedLinesComeBackInTheFilesOwnColumns(t *testing.T) {
	dbtest.Run(t, func(t *testing.T, d *db.DB) {
		w := newWorld(t, d)
		u := w.take(w.keep(upload.Conversions, "Order;Note;Total;Date;Code\nX-1;fine;10,00;14.3.2026;ANN\nX-2;=1+1;1O,00;14.3.2026;ANN\nX-3;\"a;b\nc\";5;14.13.2026;ANN\n"))
		body, err := upload.Refused(context.Background(), d.Read(), u, "Reason", func(f upload.Fault) string { return f.Code })
		if err != nil {
			t.Fatal(err)
		}
		want := "\ufeffOrder;Note;Total;Date;Code;Reason\r\nX-2;'=1+1;1O,00;14.3.2026;ANN;amount_invalid\r\nX-3;\"a;b\r\nc\";5;14.13.2026;ANN;date_invalid\r\n"
		if string(body) != want {
			t.Errorf("it is %q, want %q", body, want)
		}
		mended := strings.NewReplacer("1O,00", "10,00", "14.13.", "14.3.").Replace(string(body))
		if again := w.take(w.keep(upload.Conversions, mended)); w.counts(again) != "2 0 0" {
			t.Errorf("corrected it is %s", w.counts(again))
		}
	})
}

func TestAPersonCorrectsHowAFileIsRead(t *testing.T) {
	dbtest.Run(t, func(t *testing.T, d *db.DB) {
		ctx := context.Background()
		w := newWorld(t, d)
		u := w.keep(upload.Conversions, "ref no.,worth,day,code\nY-1,1.500,02/03/2026,ANN\n")
		if p, err := upload.Try(ctx, d, w.keys, u); err != nil || strings.Join(p.Missing, " ") != "order_id" || p.Tried != 0 {
			t.Fatalf("tried %+v, %v", p, err)
		}
		correct := func(reading upload.Reading) (err error) {
			return d.Write(ctx, func(tx *db.Tx) error {
				u, err = upload.Correct(ctx, tx, u, reading)
				return err
			})
		}
		if err := correct(upload.Reading{Columns: map[string]int{"order_id": 0}, Decimal: ";", Dates: sheet.DayFirst}); problem.Code(err) != "decimal_invalid" {
			t.Errorf("decimals after a semicolon: %v", err)
		}
		if err := correct(upload.Reading{Columns: map[string]int{"order_id": 0, "amount": 1, "at": 2, "promo_code": 3, "nonsense": 4, "event": -1}, Decimal: ",", Dates: sheet.MonthFirst}); err != nil {
			t.Fatal(err)
		}
		p, err := upload.Try(ctx, d, w.keys, u)
		if err != nil || p.Accepted != 1 || p.Amount.Decimal() != "1500.00" || p.Lines[0].Values[6] != "2026-02-03 00:00" {
			t.Errorf("corrected it is %+v, %v", p, err)
		}
		w.take(u)
		if got := w.earned("Y-1"); got != "Y-1 ann 150.00" {
			t.Error(got)
		}
		if err := correct(u.Reading); problem.Code(err) != "upload_taken" {
			t.Errorf("read otherwise after it was taken: %v", err)
		}
	})
}

// TestFiftyThousandLines promises what a large file costs: seconds, and no memory that stays. It reads and tries all lines, and
// takes a fifth of them.
func TestFiftyThousandLines(t *testing.T) {
	if testing.Short() {
		t.Skip("takes seconds")
	}
	w := newWorld(t, dbtest.Open(t, "sqlite"))
	var file strings.Builder
	file.WriteString("order,amount,at,code\n")
	for i := range 50_000 {
		fmt.Fprintf(&file, "M-%d,10.00,2026-03-14 10:15,\n", i)
	}
	began := time.Now()
	large := w.keep(upload.Conversions, file.String())
	kept := time.Since(began)
	if _, err := upload.Try(context.Background(), w.d, w.keys, large); err != nil {
		t.Fatal(err)
	}
	tried := time.Since(began) - kept
	var before, after runtime.MemStats
	runtime.GC()
	runtime.ReadMemStats(&before)
	u := w.take(w.keep(upload.Conversions, strings.Join(strings.SplitAfter(file.String(), "\n")[:10_001], "")))
	runtime.GC()
	runtime.ReadMemStats(&after)
	if large.Total != 50_000 || u.Accepted != 10_000 {
		t.Fatalf("it is %+v", u)
	}
	grown := int64(after.HeapInuse) - int64(before.HeapInuse)
	t.Logf("50,000 lines, %d kB: kept in %v, tried in %v, 10,000 of them taken in %v; the heap has grown by %d kB", file.Len()>>10, kept, tried, time.Since(began)-kept-tried, grown>>10)
	if grown > 64<<20 || time.Since(began) > 60*time.Second {
		t.Errorf("it took %v and left %d bytes", time.Since(began), grown)
	}
}
