// Package conversion is what the program pays for: the visitor bought, signed up, called. It keeps sales and refunds as
// they were reported and decides nothing about who earned them.
package conversion

import (
	"encoding/hex"
	"slices"
	"strings"
	"time"

	"github.com/tributary-hq/tributary/internal/creative"
	"github.com/tributary-hq/tributary/internal/id"
	"github.com/tributary-hq/tributary/internal/money"
	"github.com/tributary-hq/tributary/internal/problem"
	"github.com/tributary-hq/tributary/internal/program"
	"github.com/tributary-hq/tributary/internal/touch"
)

// Source is the door through which a fact came.
type Source string

// The doors.
const (
	FromAPI      Source = "api"
	FromPostback Source = "postback"
	FromTag      Source = "tag"
	FromFile     Source = "file"
	FromCall     Source = "call"
	FromCard     Source = "card" // a processor's or a store's transaction
	FromPixel    Source = "pixel"
	FromConsole  Source = "console"
)

// Trusted tells whether the door asks for a key of the shop. By the others anybody can report anything.
func (s Source) Trusted() bool { return s != FromTag && s != FromPixel }

// New is a conversion as a stranger reports it.
type New struct {
	Program  string // id
	Event    string // empty: sale
	Order    string // the shop's own number; a second report of it is a duplicate
	At       time.Time
	Amount   string // plain decimal without tax, shipping and discounts; may be empty but for sales
	Currency string
	Click    string // the click id that the redirect gave to the landing page
	Visitor  string // the browser tag's first-party id
	Customer string // the shop's id of the customer
	Email    string // SHA-256 of the trimmed, lower-case address, in hex
	Code     string // a promo code that was used, or several with commas
	Source   Source
	Detail   NewDetail
	Test     bool // of the program's twin, whatever the click
}

// Conversion is an order as it stands by all its reports; see Report.
type Conversion struct {
	ID       string
	Program  string
	Event    string
	Order    string
	At       time.Time
	Received time.Time
	Turn     int64
	Amount   money.Amount
	Who      string // the strongest of its keys, see Keys
	Click    string
	Visitor  string
	Customer string
	Email    string
	Code     string // of several promo codes each once, in their order, with commas
	Source   Source
	Detail   Detail
}

// Codes are the promo codes that were used.
func (c Conversion) Codes() []string { return codes(c.Code) }

func codes(text string) []string {
	var list []string
	for code := range strings.SplitSeq(text, ",") {
		if code = creative.Plain(code); code != "" {
			list = append(list, code)
		}
	}
	slices.Sort(list)
	return slices.Compact(list)
}

// Claim is what the conversion's click id says of itself.
func (c Conversion) Claim(keys touch.Keys) (touch.Claim, bool) {
	if c.Click == "" {
		return touch.Claim{}, false
	}
	claim, err := keys.Parse(c.Click)
	return claim, err == nil
}

// Keys name the person who converted, the strongest first: customer, e-mail, visitor, click. A conversion that says
// nothing about its person is a person of its own.
func (c Conversion) Keys() []string {
	var keys []string
	if c.Customer != "" {
		keys = append(keys, WhoCustomer(c.Customer))
	}
	if c.Email != "" {
		keys = append(keys, WhoEmail(c.Email))
	}
	if c.Visitor != "" {
		keys = append(keys, touch.WhoVisitor(c.Visitor))
	}
	if c.Click != "" {
		keys = append(keys, touch.WhoClick(c.Click))
	}
	if len(keys) == 0 {
		keys = append(keys, "o:"+c.ID)
	}
	return keys
}

// SaysWho tells whether the report named its person at all.
func (c Conversion) SaysWho() bool { return c.Customer+c.Email+c.Visitor+c.Click != "" }

// WhoCustomer is the key of a person known by the shop's customer id.
func WhoCustomer(customer string) string { return "u:" + customer }

// WhoEmail is the key of a person known by a hashed e-mail address.
func WhoEmail(hash string) string { return "e:" + hash }

const (
	textMost = 200              // bytes of a name that a stranger gives
	skew     = 10 * time.Minute // a shop's clock may run ahead by so much
)

var earliest = time.Date(2000, 1, 1, 0, 0, 0, 0, time.UTC)

// Read checks a report against its program and makes the fact of it.
func Read(n New, p program.Program, keys touch.Keys, now time.Time) (Conversion, error) {
	c := Conversion{ID: id.New("cnv", now), Program: p.ID, Event: n.Event, Order: strings.TrimSpace(n.Order), At: n.At.UTC().Truncate(time.Millisecond),
		Received: now, Click: strings.TrimSpace(n.Click), Visitor: strings.TrimSpace(n.Visitor), Customer: strings.TrimSpace(n.Customer),
		Email: strings.ToLower(strings.TrimSpace(n.Email)), Code: strings.Join(codes(n.Code), ","), Source: n.Source}
	if c.Event == "" {
		c.Event = "sale"
	}
	if n.At.IsZero() {
		c.At = now
	}
	var faults []*problem.Problem
	c.Amount, c.Detail, faults = readOrder(n.Amount, n.Currency, n.Detail, p, c.Event == "sale")
	err := problem.Join(append([]*problem.Problem{
		checkEvent(p, c.Event), checkOrder(c.Order), checkAt(c.At, now), checkEmail(c.Email), checkClick(c.Click, c.At, keys),
		checkText("visitor", c.Visitor), checkText("customer", c.Customer), checkText("code", c.Code)}, faults...)...)
	c.Who = c.Keys()[0]
	return c, err
}

func checkEvent(p program.Program, event string) *problem.Problem {
	if !p.Accepts(event) {
		return problem.Wrong("event", "event_type_unknown", "%s has no event type %q; it has %s", p.Name, event, strings.Join(p.Events, ", "))
	}
	return nil
}

func checkOrder(order string) *problem.Problem {
	if order == "" {
		return problem.Wrong("order_id", "order_id_missing", "an order id is needed, so that a second report of the same order is not paid twice")
	}
	return checkText("order_id", order)
}

func checkText(field, s string) *problem.Problem {
	if len(s) > textMost {
		return problem.Invalid(field, "%s is longer than %d bytes", field, textMost)
	}
	if strings.ContainsFunc(s, func(r rune) bool { return r < ' ' || r == 0x7f || r == '\uFFFD' }) {
		return problem.Invalid(field, "%s has characters that cannot be printed", field)
	}
	return nil
}

func checkAt(at, now time.Time) *problem.Problem {
	if at.After(now.Add(skew)) || at.Before(earliest) {
		return problem.Invalid("at", "%s is not a moment in the past", at.Format(time.RFC3339))
	}
	return nil
}

func checkEmail(hash string) *problem.Problem {
	if hash == "" {
		return nil
	}
	if b, err := hex.DecodeString(hash); err != nil || len(b) != 32 {
		return problem.Invalid("email_sha256", "an e-mail address is sent as its SHA-256 in 64 hexadecimal digits, never in clear")
	}
	return nil
}

func checkClick(click string, at time.Time, keys touch.Keys) *problem.Problem {
	if click == "" {
		return nil
	}
	claim, err := keys.Parse(click)
	if err != nil {
		return problem.Wrong("click_id", "click_id_invalid", "%q is not a click id that this system gave out", cut(click))
	}
	if claim.Stale(at) {
		return problem.Wrong("click_id", "agent_token_expired", "the agent's token holds for %d hours, and the order is later", int(touch.AgentFor.Hours()))
	}
	return nil
}

// cut shortens what a stranger sent, for a sentence.
func cut(s string) string {
	if len(s) > 60 {
		return strings.ToValidUTF8(s[:60], "") + "…"
	}
	return s
}

func readAmount(text, currency string, p program.Program, needed bool) (money.Amount, *problem.Problem) {
	text = strings.TrimSpace(text)
	if text == "" && !needed {
		return money.Of(0, p.Currency), nil
	}
	if text == "" {
		return money.Amount{}, problem.Wrong("amount", "amount_missing", "a sale needs its amount")
	}
	if strings.TrimSpace(currency) == "" {
		return money.Amount{}, problem.Wrong("currency", "currency_missing", "an amount has a currency; %s takes %s", p.Name, p.Currency)
	}
	c, err := money.ParseCurrency(currency)
	if err != nil {
		return money.Amount{}, problem.Wrong("currency", "currency_unknown", "%q is not an ISO 4217 currency", cut(currency))
	}
	if c != p.Currency {
		return money.Amount{}, problem.Wrong("currency", "currency_not_accepted", "%s takes conversions in %s, not in %s", p.Name, p.Currency, c)
	}
	a, err := money.Parse(text, c)
	if err != nil || a.Minor < 0 {
		return money.Amount{}, problem.Invalid("amount", "%q is not an amount of %s from zero up, with at most %d decimals", cut(text), c, c.Scale())
	}
	return a, nil
}
