package postback

import (
	"fmt"
	"math/rand/v2"
	"strconv"
	"strings"
	"time"

	"github.com/tributary-hq/tributary/internal/commission"
	"github.com/tributary-hq/tributary/internal/conversion"
	"github.com/tributary-hq/tributary/internal/money"
	"github.com/tributary-hq/tributary/internal/touch"
)

// Facts are what a message can say: nothing but what its partner sees in the cabinet.
type Facts struct {
	Moment     Moment
	At         time.Time // of the moment
	Number     int64     // of the message within its postback
	Partner    string
	Commission commission.Commission
	Sale       conversion.Conversion
	Net        money.Amount // what of the order counts
	Click      touch.Touch  // the last of the partner's own clicks that counted; may be none
	Code       string       // the partner's own, if one was used
	Chance     uint32
}

// Macro is a name that a template can have in braces.
type Macro struct {
	Name string
	of   func(f Facts) string
}

// Macros are all of them, in the order in which they are shown.
var Macros = []Macro{
	{"click_id", func(f Facts) string { return f.Click.ID }},
	{"transaction_id", func(f Facts) string { return f.Commission.ID }},
	{"order_id", func(f Facts) string { return f.Sale.Order }},
	{"payout", payout},
	{"sum", payout},
	{"sale_amount", func(f Facts) string { return f.Net.Decimal() }},
	{"currency", func(f Facts) string { return string(f.Commission.Amount.Currency) }},
	{"status", func(f Facts) string { return f.Moment.Status() }},
	{"event", event},
	{"goal", event},
	{"program_id", program},
	{"offer_id", program},
	{"partner_id", func(f Facts) string { return f.Partner }},
	{"sub1", sub(0)}, {"sub2", sub(1)}, {"sub3", sub(2)}, {"sub4", sub(3)}, {"sub5", sub(4)},
	{"shared", func(f Facts) string { return f.Click.Shared }},
	{"promo_code", func(f Facts) string { return f.Code }},
	{"country", func(Facts) string { return "" }}, // known of no visitor
	{"timestamp", func(f Facts) string { return strconv.FormatInt(f.At.Unix(), 10) }},
	{"sequence", func(f Facts) string { return strconv.FormatInt(f.Number, 10) }},
	{"rand", func(f Facts) string { return fmt.Sprintf("%010d", f.Chance) }},
}

func payout(f Facts) string  { return f.Commission.Amount.Decimal() }
func event(f Facts) string   { return f.Sale.Event }
func program(f Facts) string { return f.Commission.Program }

func sub(i int) func(Facts) string { return func(f Facts) string { return f.Click.Sub[i] } }

// Value is what the macro becomes.
func (m Macro) Value(f Facts) string { return m.of(f) }

var byName = func() map[string]*Macro {
	all := map[string]*Macro{}
	for i := range Macros {
		all[Macros[i].Name] = &Macros[i]
	}
	return all
}()

// named is the macro with the name, in whatever case; nil when there is none.
func named(name string) *Macro { return byName[strings.ToLower(name)] }

// Sample are facts of an order that never was, for previews and tests.
func Sample(m Moment, partner, prog, order string, currency money.Currency, at time.Time) Facts {
	minor := int64(1)
	for range currency.Scale() {
		minor *= 10
	}
	click := touch.Touch{ID: "AQGh9_GD0mpQhboOUISNakMh", Shared: "spring", Sub: [5]string{"newsletter", "top-banner", "4711", "", ""}}
	f := Facts{Moment: m, At: at, Number: 1, Partner: partner, Click: click, Net: money.Of(120*minor, currency), Chance: rand.Uint32(),
		Sale:       conversion.Conversion{Event: "sale", Order: order, At: at, Amount: money.Of(120*minor, currency)},
		Commission: commission.Commission{ID: "com_06g1arqdg2eprtay6qredat0", Program: prog, Amount: money.Of(12*minor, currency)}}
	return f
}
