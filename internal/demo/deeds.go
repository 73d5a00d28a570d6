package demo

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"net/http"
	"net/url"
	"strings"
	"time"

	"github.com/tributary-hq/tributary/client"
	"github.com/tributary-hq/tributary/internal/money"
)

// visit is somebody following a partner's link.
type visit struct {
	on       *browser
	code     string
	taken    string // the creative by which they come, when it is one; a key of walk.taken
	page     string // of a product, when the link shall lead to another page than its own
	sub      string // the partner's word
	referrer string
	method   string // GET when empty
	purpose  string // what a browser says that fetches ahead
}

func (v visit) do(ctx context.Context, w *walk) error {
	query := url.Values{}
	if v.sub != "" {
		query.Set("sub1", v.sub)
	}
	if v.page != "" {
		query.Set("u", w.story.Base+"/shop/p/"+v.page)
	}
	code := v.code
	if v.taken != "" {
		code = w.taken[v.taken]
	}
	r := w.request(ctx, v.on, "/c/"+code, query)
	if v.method != "" {
		r.Method = v.method
	}
	if v.purpose != "" {
		r.Header.Set("Sec-Purpose", v.purpose)
	}
	if v.referrer != "" {
		r.Header.Set("Referer", v.referrer)
	}
	answer, err := w.ask(r, http.StatusFound)
	if err != nil || v.method != "" || v.purpose != "" {
		return err
	}
	page, err := answer.Location()
	if err != nil {
		return err
	}
	v.on.click = page.Query().Get("tclid")
	return w.land(ctx, v.on, page.String(), v.referrer)
}

// direct is somebody coming to the shop by themselves. The tag still knows by which click they came before.
type direct struct{ on *browser }

func (d direct) do(ctx context.Context, w *walk) error {
	return w.land(ctx, d.on, w.story.Base+"/shop/", "")
}

// lead is a reader who signs up for the Sunday letter, whose sender reports it by postback.
type lead struct {
	on     *browser
	number string
}

func (l lead) do(ctx context.Context, w *walk) error {
	_, err := w.ask(w.request(ctx, nil, "/postback/"+brandSlug, url.Values{"key": {w.key}, "event": {"lead"}, "order_id": {l.number},
		"click_id": {l.on.click}}), http.StatusOK)
	return err
}

// order is somebody buying in the shop, which reports it by the API.
type order struct {
	at     time.Time
	number string
	by     *shopper
	items  []int // places among the products
	code   string
	twice  bool // the shop was not sure that it had been heard
}

func (o *order) do(ctx context.Context, w *walk) error {
	var sum int64
	for _, i := range o.items {
		sum += products[i].cents
	}
	report := client.NewConversion{Program: brandSlug, OrderID: o.number, Amount: euros(discounted(sum, o.code)), ClickID: o.by.desk.click,
		VisitorID: o.by.desk.visitor, CustomerID: customerID(o.by.email), EmailSHA256: hashed(o.by.email), PromoCode: o.code}
	_, err := w.shop.ReportConversion(ctx, report)
	if err == nil && o.twice {
		w.clock.pass(time.Minute)
		_, err = w.shop.ReportConversion(ctx, report)
	}
	return err
}

// refund is the shop giving an order back.
type refund struct {
	of     *order
	part   int64 // cents; 0 for the whole
	reason string
}

func (r refund) do(ctx context.Context, w *walk) error {
	report := client.NewRefund{Program: brandSlug, OrderID: r.of.number, Reason: r.reason}
	if r.part > 0 {
		report.RefundID, report.Amount = "R"+strings.TrimPrefix(r.of.number, "BW"), euros(r.part)
	}
	_, err := w.shop.ReportRefund(ctx, report)
	return err
}

// signIn is a customer signing in on a device that the shop did not know as theirs.
type signIn struct {
	who *shopper
	on  *browser
}

func (s signIn) do(ctx context.Context, w *walk) error {
	_, err := w.shop.Identify(ctx, client.Identity{Program: brandSlug, VisitorID: s.on.visitor, CustomerID: customerID(s.who.email)})
	return err
}

func euros(cents int64) *client.Money {
	a := money.Of(cents, "EUR")
	return &client.Money{Amount: a.Decimal(), Currency: string(a.Currency)}
}

// customerID is how the shop knows a customer: by the address, which it tells nobody.
func customerID(email string) string { return "cus_" + hashed(email)[:12] }

func hashed(email string) string {
	sum := sha256.Sum256([]byte(strings.ToLower(strings.TrimSpace(email))))
	return hex.EncodeToString(sum[:])
}
