package app_test

import (
	"context"
	"fmt"
	"io"
	"log/slog"
	"net"
	"net/http"
	"net/url"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/tributary-hq/tributary/internal/app"
	"github.com/tributary-hq/tributary/internal/commission"
	"github.com/tributary-hq/tributary/internal/creative"
	"github.com/tributary-hq/tributary/internal/db"
	"github.com/tributary-hq/tributary/internal/partner"
	"github.com/tributary-hq/tributary/internal/program"
	"github.com/tributary-hq/tributary/internal/touch"
)

// river is an installation that runs, with one program that keeps a click before it sends the visitor on, and one that sends
// the visitor on first.
type river struct {
	*app.App
	base        string
	safe, swift program.Program
	ahead       atomic.Int64 // of the true time, as a clock that is wrong tells it
	orders      atomic.Int64

	mu        sync.Mutex
	clicks    []string // ids of safe clicks that were answered
	sent      []string // ids of swift clicks that were answered
	sold      []string // orders that were answered
	turned    int64    // safe clicks that were refused
	refusals  int64    // of all kinds
	dishonest []string
}

func openRiver(t *testing.T, target string) *river {
	t.Helper()
	r := &river{}
	clock := func() time.Time { return time.Now().Add(time.Duration(r.ahead.Load())) }
	var err error
	if r.App, err = app.Open(t.Context(), app.Config{Database: target, BaseURL: "http://127.0.0.1", Clock: clock, Log: slog.New(slog.NewTextHandler(io.Discard, nil))}); err != nil {
		t.Fatal(err)
	}
	if err := r.DB.Write(t.Context(), func(tx *db.Tx) error {
		brand, err := program.CreateBrand(t.Context(), tx, "Acme", "acme")
		if err != nil {
			return err
		}
		for slug, prog := range map[string]*program.Program{"safe": &r.safe, "swift": &r.swift} {
			if *prog, err = program.Create(t.Context(), tx, program.Program{Brand: brand.ID, Slug: slug, Name: slug, Currency: "EUR", Landing: "https://acme.example",
				Keeping: program.Keeping{RedirectFirst: slug == "swift"}}, program.Model{}, "test"); err != nil {
				return err
			}
			ann, err := partner.Create(t.Context(), tx, partner.Partner{Name: "Ann", Email: slug + "@example.org"})
			if err != nil {
				return err
			}
			s, err := partner.Apply(t.Context(), tx, *prog, ann, nil)
			if err != nil {
				return err
			}
			if _, err := commission.Accept(t.Context(), tx, r.Keys, s.ID, nil, "test"); err != nil {
				return err
			}
			if _, err := creative.CreateLink(t.Context(), tx, *prog, creative.Link{Partnership: s.ID, Code: slug}); err != nil {
				return err
			}
		}
		return nil
	}); err != nil {
		t.Fatal(err)
	}
	if err := r.Links.Refresh(t.Context()); err != nil {
		t.Fatal(err)
	}
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	ctx, stop := context.WithCancel(context.Background())
	done := make(chan error, 1)
	go func() { done <- r.Run(ctx, l) }()
	r.base = "http://" + l.Addr().String()
	t.Cleanup(func() {
		stop()
		if err := <-done; err != nil {
			t.Error(err)
		}
		if err := r.Close(); err != nil {
			t.Error(err)
		}
	})
	return r
}

var browser = &http.Client{Timeout: 30 * time.Second, Transport: &http.Transport{MaxIdleConnsPerHost: 64},
	CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }}

// ask sends a request and holds every refusal against what an honest one says.
func (r *river) ask(path string) *http.Response {
	request, err := http.NewRequest(http.MethodGet, r.base+path, nil)
	if err != nil {
		panic(err)
	}
	request.Header.Set("User-Agent", "Mozilla/5.0 (X11; Linux x86_64; rv:143.0) Gecko/20100101 Firefox/143.0")
	request.Header.Set("Accept-Language", "en")
	answer, err := browser.Do(request)
	r.mu.Lock()
	defer r.mu.Unlock()
	if err != nil {
		r.dishonest = append(r.dishonest, fmt.Sprintf("%s: %v", path[:min(len(path), 40)], err))
		return &http.Response{Header: http.Header{}}
	}
	body, _ := io.ReadAll(answer.Body)
	answer.Body.Close()
	switch {
	case answer.StatusCode < 400:
	case answer.StatusCode == http.StatusServiceUnavailable && answer.Header.Get("Retry-After") != "":
		r.refusals++
	default:
		r.dishonest = append(r.dishonest, fmt.Sprintf("%s: %d %s", path[:min(len(path), 40)], answer.StatusCode, body))
	}
	return answer
}

// padding makes rows large, so that what is full is full.
var padding = strings.Repeat("sub", 60)

// click follows a link of one of the programs, and tells whether the visitor was sent on.
func (r *river) click(slug string) bool {
	answer := r.ask(fmt.Sprintf("/c/%s?sub1=%d&sub2=%s&sub3=%s", slug, r.orders.Add(1), padding, padding))
	to, _ := url.Parse(answer.Header.Get("Location"))
	r.mu.Lock()
	defer r.mu.Unlock()
	switch {
	case answer.StatusCode == http.StatusFound && slug == "safe":
		r.clicks = append(r.clicks, to.Query().Get("tclid"))
	case answer.StatusCode == http.StatusFound:
		r.sent = append(r.sent, to.Query().Get("tclid"))
	case slug == "safe":
		r.turned++
	default:
		r.dishonest = append(r.dishonest, fmt.Sprintf("a visitor of the swift program is stranded with %d", answer.StatusCode))
	}
	return answer.StatusCode == http.StatusFound
}

// sell reports a sale by one of the last clicks.
func (r *river) sell() bool {
	order := fmt.Sprint("o-", r.orders.Add(1))
	q := url.Values{"key": {r.safe.Secret}, "order_id": {order}, "amount": {"10.00"}, "currency": {"EUR"}}
	r.mu.Lock()
	if n := len(r.clicks); n > 0 {
		q.Set("click_id", r.clicks[n-1])
	}
	r.mu.Unlock()
	answer := r.ask("/postback/safe?" + q.Encode())
	if answer.StatusCode == http.StatusOK {
		r.mu.Lock()
		r.sold = append(r.sold, order)
		r.mu.Unlock()
	}
	return answer.StatusCode == http.StatusOK
}

// visit lets many come at once, for as long as it is told.
func (r *river) visit(during time.Duration) {
	var all sync.WaitGroup
	for end := time.Now().Add(during); time.Now().Before(end); {
		for range 4 {
			all.Go(func() { r.click("safe") })
			all.Go(func() { r.click("swift") })
		}
		all.Go(func() { r.sell() })
		time.Sleep(25 * time.Millisecond)
	}
	all.Wait()
}

// recovers waits until all doors serve again.
func (r *river) recovers(t *testing.T) {
	t.Helper()
	began := time.Now()
	for !r.click("safe") || !r.sell() {
		if time.Since(began) > 20*time.Second {
			t.Fatal("the fault has ended and nothing is served again")
		}
		time.Sleep(50 * time.Millisecond)
	}
	t.Logf("serves again after %s", time.Since(began).Round(time.Millisecond))
}

// check holds everything that was answered against the database.
func (r *river) check(t *testing.T, wantRefusals bool) {
	t.Helper()
	ctx := t.Context()
	for _, what := range r.dishonest[:min(len(r.dishonest), 5)] {
		t.Error(what)
	}
	if wantRefusals != (r.refusals > 0) {
		t.Errorf("%d were refused", r.refusals)
	}
	if len(r.clicks) < 3 || len(r.sent) < 3 || len(r.sold) < 3 {
		t.Errorf("only %d, %d and %d were answered", len(r.clicks), len(r.sent), len(r.sold))
	}
	var lost, dropped touch.Lost
	var there, arrived map[string]touch.Touch
	for deadline := time.Now().Add(20 * time.Second); ; time.Sleep(100 * time.Millisecond) { // the forwarder and the counts are a moment behind
		var err error
		from, to := r.DB.Now().AddDate(-1, 0, 0), r.DB.Now().AddDate(1, 0, 0)
		if there, err = touch.Named(ctx, r.DB.Read(), r.clicks); err != nil {
			t.Fatal(err)
		}
		if arrived, err = touch.Named(ctx, r.DB.Read(), r.sent); err != nil {
			t.Fatal(err)
		}
		if lost, err = touch.LostBetween(ctx, r.DB.Read(), r.safe.ID, from, to); err != nil {
			t.Fatal(err)
		}
		if dropped, err = touch.LostBetween(ctx, r.DB.Read(), r.swift.ID, from, to); err != nil {
			t.Fatal(err)
		}
		if len(there) == len(r.clicks) && lost.TurnedAway == r.turned && len(arrived)+int(dropped.Dropped) >= len(r.sent) || time.Now().After(deadline) {
			break
		}
	}
	if len(there) != len(r.clicks) {
		t.Errorf("of %d clicks that were answered %d are there", len(r.clicks), len(there))
	}
	if lost.TurnedAway != r.turned || lost.Dropped != 0 {
		t.Errorf("%d visitors were turned away, %+v were counted", r.turned, lost)
	}
	if int64(len(r.sent)-len(arrived)) > dropped.Dropped || dropped.TurnedAway != 0 {
		t.Errorf("of %d visitors sent on %d touches are there, and %+v were counted as lost", len(r.sent), len(arrived), dropped)
	}
	if wantRefusals && lost.TurnedAway+dropped.Dropped == 0 {
		t.Error("nothing was counted as lost")
	}
	for _, order := range r.sold {
		n, err := db.One(ctx, r.DB.Read(), db.Value[int64], `select count(*) from conversion where order_id = $1`, order)
		if err != nil || n != 1 {
			t.Errorf("order %s was answered and is there %d times, %v", order, n, err)
		}
	}
	proof, err := app.Verify(ctx, r.DB, r.Keys)
	if err != nil || len(proof.Faults) > 0 {
		t.Errorf("the books do not agree: %v, %v", proof.Faults, err)
	}
	t.Logf("%d clicks, %d sent on, %d sales; %d turned away, %d dropped", len(r.clicks), len(r.sent), len(r.sold), lost.TurnedAway, dropped.Dropped)
}
