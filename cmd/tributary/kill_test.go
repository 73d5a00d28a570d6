package main

import (
	"context"
	"fmt"
	"net/http"
	"net/url"
	"sync"
	"sync/atomic"
	"syscall"
	"testing"
	"time"

	"github.com/tributary-hq/tributary/client"
	"github.com/tributary-hq/tributary/internal/app"
	"github.com/tributary-hq/tributary/internal/auth"
	"github.com/tributary-hq/tributary/internal/commission"
	"github.com/tributary-hq/tributary/internal/creative"
	"github.com/tributary-hq/tributary/internal/db"
	"github.com/tributary-hq/tributary/internal/db/dbtest"
	"github.com/tributary-hq/tributary/internal/partner"
	"github.com/tributary-hq/tributary/internal/program"
	"github.com/tributary-hq/tributary/internal/touch"
)

// answered is what the server has said that it kept.
type answered struct {
	mu     sync.Mutex
	clicks []string
	landed int                 // of the clicks: by how many somebody has landed
	orders map[string]string   // conversion by order
	earned []string            // commissions that nobody has decided about
	told   map[string][]string // the other facts, by their kind
}

// TestNothingAnsweredIsLost kills the server in the middle of facts of every kind, three times, and finds everything that it
// had answered, once.
func TestNothingAnsweredIsLost(t *testing.T) {
	for _, engine := range []db.Engine{db.SQLite, db.Postgres} {
		t.Run(string(engine), func(t *testing.T) {
			target := dbtest.Target(t, engine)
			code, token := seed(t, target)
			said := answered{orders: map[string]string{}, told: map[string][]string{}}
			var orders, others atomic.Int64
			for round := range 3 {
				server, base := startServer(t, target)
				ctx, stop := context.WithCancel(context.Background())
				var load sync.WaitGroup
				api := client.New(base, token, client.Options{})
				prog, err := api.Program(ctx, "acme")
				if err != nil {
					t.Fatal(err)
				}
				for _, fact := range otherFacts {
					load.Go(func() { knock{api, base, prog.PostbackKey, &said, &others}.tell(ctx, fact) })
				}
				for range 8 {
					load.Go(func() { said.click(ctx, base+"/c/"+code) })
					load.Go(func() { said.sell(ctx, client.New(base, token, client.Options{}), &orders) })
				}
				time.Sleep(700 * time.Millisecond)
				signal, clean := syscall.SIGKILL, false
				if round == 2 {
					signal, clean = syscall.SIGTERM, true
				}
				if err := server.Process.Signal(signal); err != nil {
					t.Fatal(err)
				}
				err = server.Wait()
				if clean && err != nil {
					t.Errorf("told to stop, the server ended with %v", err)
				}
				stop()
				load.Wait()
			}
			if len(said.clicks) < 20 || len(said.orders) < 20 {
				t.Errorf("only %d clicks and %d sales were answered", len(said.clicks), len(said.orders))
			}
			said.check(t, target)
		})
	}
}

// seed makes a program with one partner's link, and a token to report sales with.
func seed(t *testing.T, target string) (code, token string) {
	t.Helper()
	ctx := context.Background()
	d := dbtest.Reopen(t, target)
	defer d.Close()
	keys, err := touch.LoadKeys(ctx, d)
	if err != nil {
		t.Fatal(err)
	}
	err = d.Write(ctx, func(tx *db.Tx) error {
		brand, err := program.CreateBrand(ctx, tx, "Acme", "acme")
		if err != nil {
			return err
		}
		prog, err := program.Create(ctx, tx, program.Program{Brand: brand.ID, Slug: "acme", Name: "Acme", Currency: "EUR", Landing: "https://acme.example"}, program.Model{}, "test")
		if err != nil {
			return err
		}
		ann, err := partner.Create(ctx, tx, partner.Partner{Name: "Ann", Email: "ann@example.org"})
		if err != nil {
			return err
		}
		s, err := partner.Apply(ctx, tx, prog, ann, nil)
		if err != nil {
			return err
		}
		if _, err := commission.Accept(ctx, tx, keys, s.ID, nil, "test"); err != nil {
			return err
		}
		link, err := creative.CreateLink(ctx, tx, prog, creative.Link{Partnership: s.ID})
		if err != nil {
			return err
		}
		code = link.Code
		_, token, err = auth.NewToken(ctx, tx, brand.ID, "test", auth.Live, auth.Permissions...)
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return code, token
}

// click follows the link until the context ends, and notes each click id that it was given.
func (a *answered) click(ctx context.Context, link string) {
	browser := &http.Client{CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }}
	for ctx.Err() == nil {
		request, err := http.NewRequestWithContext(ctx, http.MethodGet, link, nil)
		if err != nil {
			return
		}
		request.Header.Set("User-Agent", "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0")
		answer, err := browser.Do(request)
		if err != nil {
			time.Sleep(5 * time.Millisecond)
			continue
		}
		answer.Body.Close()
		if to, err := url.Parse(answer.Header.Get("Location")); err == nil && answer.StatusCode == http.StatusFound {
			a.mu.Lock()
			a.clicks = append(a.clicks, to.Query().Get("tclid"))
			a.mu.Unlock()
		}
	}
}

// sell reports one order after the other, half of them with a click that was just answered.
func (a *answered) sell(ctx context.Context, c *client.Client, orders *atomic.Int64) {
	for ctx.Err() == nil {
		sale := client.NewConversion{Program: "acme", OrderID: fmt.Sprint(orders.Add(1)), Amount: &client.Money{Amount: "10.00", Currency: "EUR"}}
		a.mu.Lock()
		if n := len(a.clicks); n > 0 && n%2 == 0 {
			sale.ClickID = a.clicks[n-1]
		}
		a.mu.Unlock()
		kept, err := c.ReportConversion(ctx, sale)
		if err != nil {
			time.Sleep(5 * time.Millisecond)
			continue
		}
		a.mu.Lock()
		a.orders[sale.OrderID] = kept.ID
		for _, c := range kept.Commissions {
			a.earned = append(a.earned, c.ID)
		}
		a.mu.Unlock()
	}
}

// check opens what is left of the database, lets the forwarder finish, and looks for everything that was answered.
func (a *answered) check(t *testing.T, target string) {
	t.Helper()
	ctx := context.Background()
	whole, err := app.Open(ctx, app.Config{Database: target})
	if err != nil {
		t.Fatal(err)
	}
	defer whole.Close()
	for n := 1; n > 0; {
		if n, err = touch.Expand(ctx, whole.DB, 1000, whole.Met); err != nil {
			t.Fatal(err)
		}
	}
	touches, err := touch.Named(ctx, whole.DB.Read(), a.clicks)
	if err != nil {
		t.Fatal(err)
	}
	for _, id := range a.clicks {
		if touches[id].ID != id {
			t.Errorf("click %s was answered and is not there", id)
		}
	}
	for order, id := range a.orders {
		list, err := db.All(ctx, whole.DB.Read(), db.Value[string], "select id from conversion where order_id = $1", order)
		if err != nil || len(list) != 1 || list[0] != id {
			t.Errorf("order %s was answered as %s and is there as %v, %v", order, id, list, err)
		}
	}
	a.checkOthers(t, whole.DB.Read())
	proof, err := app.Verify(ctx, whole.DB, whole.Keys)
	if err != nil || len(proof.Faults) > 0 {
		t.Errorf("the books do not agree: %v, %v", proof.Faults, err)
	}
	t.Logf("%d clicks and %d sales were answered", len(a.clicks), len(a.orders))
}
