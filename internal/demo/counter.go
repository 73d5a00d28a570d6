package demo

import (
	"context"
	"fmt"
	"strings"
	"time"

	"github.com/tributary-hq/tributary/client"
	"github.com/tributary-hq/tributary/internal/audit"
	"github.com/tributary-hq/tributary/internal/auth"
	"github.com/tributary-hq/tributary/internal/commission"
	"github.com/tributary-hq/tributary/internal/db"
	"github.com/tributary-hq/tributary/internal/offline"
	"github.com/tributary-hq/tributary/internal/upload"
)

// lines are phone numbers that are partners', from a day on; the last was given back. Berlin's numbers of this range are kept
// for stories.
var lines = []struct {
	number, whose string
	from, until   int
}{
	{"+49 30 23125 014", "lena@huettenzauber.example", 40, 0},
	{"+49 30 23125 020", "aoife@trailmix.example", 41, 0},
	{"+49 30 23125 033", "hello@geardrop.example", 30, 55},
}

// counterActs are what no browser sees: calls, cards, and the files that tell of them.
func counterActs(end time.Time) (acts []act) {
	at := func(day int, clock time.Duration, do func(context.Context, *walk) error) {
		acts = append(acts, act{at: midnight(end, day).Add(clock), do: do, told: true})
	}
	for _, l := range lines {
		at(l.from, 9*time.Hour+30*time.Minute, func(ctx context.Context, w *walk) error { return w.assign(ctx, l.number, w.known[l.whose]) })
		if l.until > 0 {
			at(l.until, 10*time.Hour, func(ctx context.Context, w *walk) error { return w.assign(ctx, l.number, "") })
		}
	}
	for day := 42; day < days-1; day++ {
		if day%7 < 5 {
			at(day, 18*time.Hour+30*time.Minute, func(ctx context.Context, w *walk) error { return w.ring(ctx, day) })
		}
	}
	at(44, 11*time.Hour, enrolMembers)
	at(45, 12*time.Hour, printCodes)
	at(46, 12*time.Hour, enrolReaders)
	at(63, 16*time.Hour, func(ctx context.Context, w *walk) error { return w.till(ctx, 48, 62) })
	at(84, 16*time.Hour, func(ctx context.Context, w *walk) error { return w.till(ctx, 63, 83) })
	at(days-1, 8*time.Hour, bringReturns)
	return acts
}

// assign says whose a number is from now on; nobody's without a partnership.
func (w *walk) assign(ctx context.Context, number, partnership string) error {
	return w.a.DB.Write(ctx, func(tx *db.Tx) error {
		told, err := commission.Assign(ctx, tx, w.a.Keys, w.program.ID, []offline.Assignment{{Kind: offline.Number, Name: number, Partnership: partnership,
			Author: w.staff[auth.Manager]}})
		if err == nil {
			err = told[0].Err
		}
		if err != nil {
			return err
		}
		return w.record(ctx, tx, auth.Manager, audit.NumberAssign, told[0].Value.ID)
	})
}

// talks are how long calls last, in seconds; 0 is one that nobody took.
var talks = []int64{185, 64, 12, 310, 0, 95, 41, 226}

// ring is the telephone company telling in the evening who has called. Some call again.
func (w *walk) ring(ctx context.Context, day int) error {
	var calls []client.NewCall
	for i := range 1 + day%2 {
		n := 2*day + i
		call := client.NewCall{CallID: fmt.Sprintf("CA-%d", 7000+n), Number: lines[n%5%2].number, Caller: fmt.Sprintf("+4917604069%03d", n*7%23),
			At: midnight(w.clock.end, day).Add(10*time.Hour + time.Duration(n*53%430)*time.Minute), Seconds: talks[n%len(talks)]}
		if call.Seconds == 0 {
			call.Outcome = "missed"
		}
		calls = append(calls, call)
	}
	told, err := w.shop.ReportCalls(ctx, brandSlug, client.NewCalls{Calls: calls})
	return accepted(told, err)
}

// accepted is the first refusal among answers.
func accepted(told client.OfflineResults, err error) error {
	for _, r := range told.Results {
		if err == nil && r.Problem != nil {
			err = r.Problem
		}
	}
	return err
}

// enrolMembers is the cashback site telling which of its members' cards pay in the workshop.
func enrolMembers(ctx context.Context, w *walk) error {
	var cards []client.NewCard
	for i := range 5 {
		cards = append(cards, client.NewCard{Card: token(i), Partnership: w.known["marchands@retourmalin.example"]})
	}
	return accepted(w.shop.EnrolCards(ctx, brandSlug, client.NewCards{Cards: cards}))
}

// token is what the payment service calls the i-th card.
func token(i int) string {
	return fmt.Sprintf("tok_%s%02d", []string{"7Hq2", "K31b", "pV9c", "Zm4w"}[i%4], 11+7*i)
}

// enrolReaders is Lena's file of readers who had their cards noted at her evening in the workshop. One of them gave the
// number of the card itself, which nobody may keep.
func enrolReaders(ctx context.Context, w *walk) error {
	lena, _, err := auth.ByEmail(ctx, w.a.DB.Read(), tracked)
	if err != nil {
		return err
	}
	u := upload.Upload{Partnership: w.known[tracked], Kind: upload.Cards, Name: "evening-in-the-workshop.csv", Author: lena.ID}
	return w.file(ctx, u, true, "card", token(5), token(6), "4242 4242 4242 4242", token(7))
}

// till is what the workshop's till took by card between two days, as a file. Somebody has typed one line by hand.
func (w *walk) till(ctx context.Context, from, to int) error {
	rows := []string{"transaction;card;amount;date;store"}
	for day := from; day <= to; day += 2 {
		p := products[day%len(products)]
		at := midnight(w.clock.end, day).Add(10*time.Hour + time.Duration(day*37%460)*time.Minute)
		rows = append(rows, fmt.Sprintf("T-%d;%s;%s;%s;workshop", 9000+day, token(day%9), strings.Replace(euros(p.cents).Amount, ".", ",", 1), at.Format("2006-01-02 15:04")))
	}
	rows = append(rows, fmt.Sprintf("T-%d;%s;see receipt;%s;workshop", 9000+to+1, token(to%9), midnight(w.clock.end, to).Format("2006-01-02 15:04")))
	name := fmt.Sprintf("till-%s.csv", midnight(w.clock.end, to).Format(time.DateOnly))
	return w.file(ctx, upload.Upload{Kind: upload.Transactions, Name: name, Author: w.staff[auth.Manager]}, true, rows...)
}

// bringReturns is a file of what came back at the counter this week: it was sent, and nobody has taken it yet.
func bringReturns(ctx context.Context, w *walk) error {
	sales, err := commission.Conversions(ctx, w.a.DB.Read(), commission.Wanted{Program: w.program.ID, Event: "sale", Limit: 40})
	if err != nil {
		return err
	}
	rows := []string{"order;refund;reason"}
	for i := 0; i < len(sales) && len(rows) < 5; i += 9 {
		rows = append(rows, fmt.Sprintf("%s;C-%d;item_returned", sales[i].Order, 410+i))
	}
	rows = append(rows, "BW-?;C-460;item_returned", ";C-461;item_returned")
	return w.file(ctx, upload.Upload{Kind: upload.Refunds, Name: "returns-at-the-counter.csv", Author: w.staff[auth.Manager]}, false, rows...)
}

// file is somebody sending a file with these lines, and perhaps having it taken.
func (w *walk) file(ctx context.Context, u upload.Upload, take bool, rows ...string) error {
	u.Program = w.program.ID
	err := w.a.DB.Write(ctx, func(tx *db.Tx) error {
		kept, err := upload.Keep(ctx, tx, u, []byte(strings.Join(rows, "\n")+"\n"))
		if err != nil {
			return err
		}
		what := audit.UploadSend
		if take {
			what = audit.UploadTake
			_, err = upload.Take(ctx, tx, kept.ID, u.Author)
		}
		if err != nil || u.Partnership != "" {
			return err
		}
		return w.record(ctx, tx, auth.Manager, what, kept.ID)
	})
	if err == nil && take {
		_, err = w.a.Jobs.RunDue(ctx)
	}
	return err
}
