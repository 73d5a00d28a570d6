package main

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"net/url"
	"sync/atomic"
	"testing"
	"time"

	"github.com/tributary-hq/tributary/client"
	"github.com/tributary-hq/tributary/internal/db"
)

// knock is at the doors of a server that will be killed.
type knock struct {
	*client.Client
	base   string
	secret string // of postbacks
	said   *answered
	n      *atomic.Int64 // numbers that are given once
}

// otherFact is a kind of fact beside clicks and sales.
type otherFact struct {
	name string
	tell func(ctx context.Context, k knock) (name string, ok bool)
	find string
}

// otherFacts are the kinds of facts beside clicks and sales: how one is told to the server, and how it is found again by what
// it was answered by, exactly once.
var otherFacts = []otherFact{
	{"landing", func(ctx context.Context, k knock) (string, bool) {
		visitor := fmt.Sprintf("visitor%016d", k.n.Add(1))
		click := k.said.arrive()
		return visitor, click != "" && k.beacon(ctx, map[string]string{"type": "visit", "visitor": visitor, "click": click, "url": "https://acme.example/"})
	}, `select count(*) from identity_link where b = 'v:' || $1`},
	{"visit", func(ctx context.Context, k knock) (string, bool) {
		visitor := fmt.Sprintf("visitor%016d", k.n.Add(1))
		return visitor, k.beacon(ctx, map[string]string{"type": "visit", "visitor": visitor, "url": "https://acme.example/"})
	}, `select count(*) from touch where who = 'v:' || $1`},
	{"postback", func(ctx context.Context, k knock) (string, bool) {
		order := fmt.Sprint("p-", k.n.Add(1))
		q := url.Values{"key": {k.secret}, "order_id": {order}, "amount": {"10.00"}, "currency": {"EUR"}, "click_id": {k.said.last(func(a *answered) []string { return a.clicks })}}
		request, err := http.NewRequestWithContext(ctx, http.MethodGet, k.base+"/postback/acme?"+q.Encode(), nil)
		return order, err == nil && isDone(request)
	}, `select count(*) from conversion where order_id = $1`},
	{"refund", func(ctx context.Context, k knock) (string, bool) {
		name := fmt.Sprint("r-", k.n.Add(1))
		order := k.said.last(func(a *answered) []string { return a.told["postback"] })
		if order == "" {
			return "", false
		}
		_, err := k.ReportRefund(ctx, client.NewRefund{Program: "acme", OrderID: order, RefundID: name, Amount: &client.Money{Amount: "1.00", Currency: "EUR"}})
		return name, err == nil
	}, `select count(*) from refund where refund_id = $1`},
	{"decision", func(ctx context.Context, k knock) (string, bool) {
		commission := k.said.pop()
		if commission == "" {
			return "", false
		}
		results, err := k.Decide(ctx, client.NewDecision{Decision: "hold", Commissions: []string{commission}})
		return commission, err == nil && results[0].Problem == nil && results[0].Status == "done"
	}, `select count(*) from decision d join commission c on c.conversion = d.conversion and c.partnership = d.partnership where c.id = $1`},
	{"identity", func(ctx context.Context, k knock) (string, bool) {
		customer := fmt.Sprint("c-", k.n.Add(1))
		_, err := k.Identify(ctx, client.Identity{Program: "acme", CustomerID: customer, VisitorID: "of" + customer})
		return customer, err == nil
	}, `select count(*) from identity_link where a = 'u:' || $1`},
}

// beacon sends what the browser tag would.
func (k knock) beacon(ctx context.Context, said map[string]string) bool {
	body, _ := json.Marshal(said)
	request, err := http.NewRequestWithContext(ctx, http.MethodPost, k.base+"/t/acme", bytes.NewReader(body))
	if err != nil {
		return false
	}
	request.Header.Set("Origin", "https://acme.example")
	request.Header.Set("User-Agent", "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0")
	return isDone(request)
}

func isDone(request *http.Request) bool {
	answer, err := http.DefaultClient.Do(request)
	if err != nil {
		return false
	}
	answer.Body.Close()
	return answer.StatusCode < 300
}

// tell tells one kind of fact after the other until the context ends, and notes those that were answered.
func (k knock) tell(ctx context.Context, fact otherFact) {
	for ctx.Err() == nil {
		name, ok := fact.tell(ctx, k)
		if !ok {
			time.Sleep(5 * time.Millisecond)
			continue
		}
		k.said.mu.Lock()
		k.said.told[fact.name] = append(k.said.told[fact.name], name)
		k.said.mu.Unlock()
	}
}

// last is the last of a list, or nothing.
func (a *answered) last(of func(*answered) []string) string {
	a.mu.Lock()
	defer a.mu.Unlock()
	if list := of(a); len(list) > 0 {
		return list[len(list)-1]
	}
	return ""
}

// arrive is a click by which nobody has landed, or nothing.
func (a *answered) arrive() string {
	a.mu.Lock()
	defer a.mu.Unlock()
	if a.landed >= len(a.clicks) {
		return ""
	}
	a.landed++
	return a.clicks[a.landed-1]
}

// pop is a commission that nobody has decided about, or nothing.
func (a *answered) pop() string {
	a.mu.Lock()
	defer a.mu.Unlock()
	if n := len(a.earned); n > 0 {
		id := a.earned[n-1]
		a.earned = a.earned[:n-1]
		return id
	}
	return ""
}

// checkOthers looks for every other fact that was answered.
func (a *answered) checkOthers(t *testing.T, r db.Reader) {
	t.Helper()
	for _, fact := range otherFacts {
		if len(a.told[fact.name]) < 3 {
			t.Errorf("of the kind %s only %d were answered", fact.name, len(a.told[fact.name]))
		}
		for _, name := range a.told[fact.name] {
			if n, err := db.One(context.Background(), r, db.Value[int64], fact.find, name); err != nil || n != 1 {
				t.Errorf("%s %s was answered and is there %d times, %v", fact.name, name, n, err)
			}
		}
		t.Logf("%d of the kind %s were answered", len(a.told[fact.name]), fact.name)
	}
}
