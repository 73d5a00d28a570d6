package demo

import (
	"context"
	"crypto/rand"
	"errors"
	"net/http"
	"net/mail"
	"strings"
	"sync"
	"time"

	"github.com/tributary-hq/tributary/client"
	"github.com/tributary-hq/tributary/internal/problem"
)

// sold is an order that a visitor has placed.
type sold struct {
	Number   string
	Name     string
	Cart     cart
	Code     string
	Off      int64 // cents that the code took off
	Paid     int64 // cents
	Refunded bool
}

// orders are those placed since the shop was opened, so many of them at most.
type orders struct {
	mu     sync.Mutex
	of     map[string]sold
	oldest []string
}

const ordersMost = 1000

func (o *orders) put(s sold) {
	o.mu.Lock()
	defer o.mu.Unlock()
	if o.of == nil {
		o.of = map[string]sold{}
	}
	if _, known := o.of[s.Number]; !known {
		o.oldest = append(o.oldest, s.Number)
	}
	o.of[s.Number] = s
	if len(o.oldest) > ordersMost {
		delete(o.of, o.oldest[0])
		o.oldest = o.oldest[1:]
	}
}

func (o *orders) get(number string) (sold, error) {
	o.mu.Lock()
	defer o.mu.Unlock()
	s, ok := o.of[number]
	if !ok {
		return s, problem.NotFound("order", number)
	}
	return s, nil
}

// form is what a buyer types at the checkout, and what is wrong with it.
type form struct {
	Cart              cart
	Name, Email, Code string
	Faults            map[string]string
}

func (f *form) check() bool {
	f.Faults = map[string]string{}
	if f.Name == "" || len(f.Name) > 120 {
		f.Faults["name"] = "Please tell us whom to send it to."
	}
	if !isEmail(f.Email) {
		f.Faults["email"] = "This is not an e-mail address. One that you make up is fine, such as you@example.com."
	}
	if len(f.Code) > 64 {
		f.Faults["code"] = "Promo codes are shorter than that."
	}
	return len(f.Faults) == 0
}

func isEmail(s string) bool {
	a, err := mail.ParseAddress(s)
	return err == nil && a.Address == s && len(s) <= 254
}

func (s *shop) checkout(w http.ResponseWriter, r *http.Request) error {
	f := form{Cart: readCart(r)}
	if len(f.Cart) == 0 {
		return to(w, r, "/shop/cart")
	}
	return s.show(w, r, http.StatusOK, "checkout", "Checkout", f)
}

// buy takes an order and reports it to the partner program.
func (s *shop) buy(w http.ResponseWriter, r *http.Request) error {
	f := form{Cart: readCart(r), Name: typed(r, "name"), Email: typed(r, "email"), Code: strings.ToUpper(typed(r, "code"))}
	if len(f.Cart) == 0 {
		return to(w, r, "/shop/cart")
	}
	if !f.check() {
		return s.show(w, r, http.StatusUnprocessableEntity, "checkout", "Checkout", f)
	}
	sum := f.Cart.Sum()
	order := sold{Number: newNumber(), Name: f.Name, Cart: f.Cart, Code: f.Code, Paid: discounted(sum, f.Code)}
	order.Off = sum - order.Paid
	report := s.about(r, f.Email)
	report.OrderID, report.PromoCode, report.OrderDetail = order.Number, f.Code, f.Cart.lines(f.Code)
	if err := s.report(r.Context(), report); err != nil {
		return err
	}
	s.orders.put(order)
	s.setCookie(w, cartCookie, "")
	return to(w, r, "/shop/orders/"+order.Number)
}

func typed(r *http.Request, field string) string { return strings.TrimSpace(r.PostFormValue(field)) }

// newNumber is an order's number. It is hard to guess, for who knows it may give the order back.
func newNumber() string { return "BW-" + time.Now().In(zone).Format("060102") + "-" + rand.Text()[:6] }

// about is a report of what the shop knows about the visitor who makes a request: the click that led here, the tag's number,
// and the customer, whose address it tells nobody.
func (s *shop) about(r *http.Request, email string) client.NewConversion {
	n := client.NewConversion{Program: brandSlug, ClickID: cookie(r, clickCookie), CustomerID: customerID(email), EmailSHA256: hashed(email)}
	if visitor := typed(r, "visitor"); len(visitor) <= 64 {
		n.VisitorID = visitor
	}
	return n
}

// report tells the program of a conversion. A click id that it does not know, such as one of a demonstration that has been
// started over since, is left out the second time.
func (s *shop) report(ctx context.Context, n client.NewConversion) error {
	_, err := s.api.Once(n.OrderID).ReportConversion(ctx, n)
	if p := (*client.Problem)(nil); errors.As(err, &p) && strings.HasPrefix(p.Code, "click_id_") {
		n.ClickID = ""
		_, err = s.api.Once(n.OrderID+"-without-click").ReportConversion(ctx, n)
	}
	return err
}

func (s *shop) thanks(w http.ResponseWriter, r *http.Request) error {
	order, err := s.orders.get(r.PathValue("order"))
	if err != nil {
		return err
	}
	return s.show(w, r, http.StatusOK, "thanks", "Thank you", order)
}

// refund gives an order back, whole. A real shop would ask who is asking.
func (s *shop) refund(w http.ResponseWriter, r *http.Request) error {
	order, err := s.orders.get(r.PathValue("order"))
	if err != nil {
		return err
	}
	back := client.NewRefund{Program: brandSlug, OrderID: order.Number, Reason: "item_returned"}
	_, err = s.api.Once(order.Number+"-refund").ReportRefund(r.Context(), back)
	if err != nil {
		return err
	}
	order.Refunded = true
	s.orders.put(order)
	return to(w, r, "/shop/orders/"+order.Number)
}

// subscribe is a lead: a reader of the Sunday letter. An address counts once.
func (s *shop) subscribe(w http.ResponseWriter, r *http.Request) error {
	email := typed(r, "email")
	if !isEmail(email) {
		return problem.Invalid("email", "%q is not an e-mail address. One that you make up is fine, such as you@example.com.", email)
	}
	lead := s.about(r, email)
	lead.Event, lead.OrderID = "lead", "letter-"+hashed(email)[:16]
	if err := s.report(r.Context(), lead); err != nil {
		return err
	}
	return to(w, r, "/shop/letter")
}

func (s *shop) subscribed(w http.ResponseWriter, r *http.Request) error {
	return s.show(w, r, http.StatusOK, "letter", "The Sunday letter", nil)
}
