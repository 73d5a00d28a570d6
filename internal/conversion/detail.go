package conversion

import (
	"encoding/json"
	"math/big"
	"strconv"
	"strings"

	"github.com/tributary-hq/tributary/internal/money"
	"github.com/tributary-hq/tributary/internal/problem"
	"github.com/tributary-hq/tributary/internal/program"
)

// NewItem is a line of an order as a stranger reports it. Its price is that of one piece, without tax.
type NewItem struct {
	SKU      string
	Name     string
	Category string
	Quantity int64  // 0: one
	Price    string // plain decimal
	Discount string // of the whole line; may be empty
}

// NewDetail is what an order is made of, as a stranger reports it. All of it may be left out.
type NewDetail struct {
	Items    []NewItem
	Discount string // of the whole order, beyond those of its lines
	Tax      string
	Shipping string
	Total    string // what the customer pays
	Buyer    string // new or returning
	Fields   map[string]string
}

// Item is a line of an order. Amounts are minor units of the program's currency.
type Item struct {
	SKU      string `json:"sku"`
	Name     string `json:"name,omitempty"`
	Category string `json:"category,omitempty"`
	Quantity int64  `json:"quantity"`
	Price    int64  `json:"price"`
	Discount int64  `json:"discount,omitempty"`
}

// Value is what the line comes to before the order's discount.
func (i Item) Value() int64 { return i.Quantity*i.Price - i.Discount }

// Detail is what an order is made of. Amounts are minor units of the program's currency; the amount that counts is that of the
// items less the discounts, never tax or shipping.
type Detail struct {
	Items    []Item            `json:"items,omitempty"`
	Discount int64             `json:"discount,omitempty"`
	Tax      int64             `json:"tax,omitempty"`
	Shipping int64             `json:"shipping,omitempty"`
	Total    int64             `json:"total,omitempty"`
	Buyer    string            `json:"buyer,omitempty"`
	Fields   map[string]string `json:"fields,omitempty"`
}

// Empty tells whether nothing was said.
func (d Detail) Empty() bool { return d.text() == "" }

// text is how a detail is kept: nothing for nothing.
func (d Detail) text() string {
	b, err := json.Marshal(d)
	if err != nil {
		panic(err) // a struct of numbers and texts
	}
	if string(b) == "{}" {
		return ""
	}
	return string(b)
}

func detailOf(text string) (d Detail, err error) {
	if text != "" {
		err = json.Unmarshal([]byte(text), &d)
	}
	return d, err
}

// The bounds of a detail.
const (
	itemsMost    = 200
	quantityMost = 1_000_000
	fieldsMost   = 20
	fieldMost    = 40 // bytes of a field's name
)

// Buyers are what a report can say of its customer.
var Buyers = []string{"new", "returning"}

// readOrder reads what an order comes to. The amount may be left out where the items or the total tell it; what is said twice
// must be the same.
func readOrder(amount, currency string, n NewDetail, p program.Program, needed bool) (money.Amount, Detail, []*problem.Problem) {
	d := Detail{Buyer: n.Buyer, Fields: n.Fields}
	r := reader{currency: p.Currency}
	r.buyer(n.Buyer)
	r.fields(n.Fields)
	for i, item := range n.Items {
		d.Items = append(d.Items, r.item("items."+strconv.Itoa(i), item))
	}
	if len(n.Items) > itemsMost {
		r.faults = append(r.faults, problem.Invalid("items", "an order has at most %d items, not %d", itemsMost, len(n.Items)))
	}
	d.Discount, d.Tax = r.sum("discount", n.Discount), r.sum("tax", n.Tax)
	d.Shipping, d.Total = r.sum("shipping", n.Shipping), r.sum("total", n.Total)
	told := strings.TrimSpace(amount) != ""
	derived := len(n.Items) > 0 || n.Total != ""
	base, fault := readAmount(amount, currency, p, needed && !derived || told)
	switch {
	case !told && derived && currency == "":
		base, fault = money.Of(0, p.Currency), nil
	case !told && derived:
		base, fault = readAmount("0", currency, p, true) // for its currency
	}
	if fault != nil {
		return base, d, append(r.faults, fault)
	}
	if len(r.faults) > 0 {
		return base, d, r.faults
	}
	if fault := d.reckon(&base, told, n.Total != ""); fault != nil {
		return base, d, []*problem.Problem{fault}
	}
	return base, d, nil
}

// reckon finds the amount that counts, and holds everything that was said of it against each other.
func (d Detail) reckon(base *money.Amount, told, total bool) *problem.Problem {
	of := func(minor int64) string { return money.Of(minor, base.Currency).Decimal() }
	var items int64
	for _, item := range d.Items {
		if items += item.Value(); items > money.Max {
			return problem.Wrong("items", "items_too_much", "the items come to more than any order")
		}
	}
	switch {
	case len(d.Items) > 0:
		left := items - d.Discount
		switch {
		case left < 0:
			return problem.Wrong("discount", "discount_too_large", "the items come to %s, less than the discount of %s", of(items), of(d.Discount))
		case told && base.Minor != left:
			return problem.Wrong("amount", "amount_differs", "the items come to %s, less a discount of %s that is %s, not the amount %s: leave tax and shipping out of it",
				of(items), of(d.Discount), of(left), of(base.Minor))
		}
		base.Minor = left
	case !told && total:
		if base.Minor = d.Total - d.Tax - d.Shipping; base.Minor < 0 {
			return problem.Wrong("total", "total_differs", "tax %s and shipping %s are more than the total %s", of(d.Tax), of(d.Shipping), of(d.Total))
		}
	}
	if sum := base.Minor + d.Tax + d.Shipping; total && sum != d.Total {
		return problem.Wrong("total", "total_differs", "the amount %s, tax %s and shipping %s come to %s, not to the total %s",
			of(base.Minor), of(d.Tax), of(d.Shipping), of(sum), of(d.Total))
	}
	return nil
}

// reader gathers what is wrong with a detail.
type reader struct {
	currency money.Currency
	faults   []*problem.Problem
}

func (r *reader) fault(p *problem.Problem) {
	if p != nil {
		r.faults = append(r.faults, p)
	}
}

func (r *reader) sum(field, text string) int64 {
	if strings.TrimSpace(text) == "" {
		return 0
	}
	a, err := money.Parse(strings.TrimSpace(text), r.currency)
	if err != nil || a.Minor < 0 {
		r.fault(problem.Wrong(field, codeOf(field), "%q is not an amount of %s from zero up, with at most %d decimals", cut(text), r.currency, r.currency.Scale()))
		return 0
	}
	return a.Minor
}

// codeOf is the code of a fault in an amount: those of items have one together.
func codeOf(field string) string {
	if strings.HasPrefix(field, "items.") {
		return "item_invalid"
	}
	return field + "_invalid"
}

func (r *reader) text(field, s string) {
	if checkText(field, s) != nil {
		r.fault(problem.Wrong(field, "item_invalid", "a text of an item has at most %d bytes, all of which can be printed", textMost))
	}
}

func (r *reader) item(field string, n NewItem) Item {
	i := Item{SKU: strings.TrimSpace(n.SKU), Name: strings.TrimSpace(n.Name), Category: strings.TrimSpace(n.Category), Quantity: n.Quantity,
		Price: r.sum(field+".unit_price", n.Price), Discount: r.sum(field+".discount", n.Discount)}
	if i.Quantity == 0 {
		i.Quantity = 1
	}
	if i.SKU == "" {
		r.fault(problem.Wrong(field+".sku", "item_invalid", "an item needs its SKU, so that it can be given back"))
	}
	r.text(field+".sku", i.SKU)
	r.text(field+".name", i.Name)
	r.text(field+".category", i.Category)
	switch {
	case i.Quantity < 0 || i.Quantity > quantityMost:
		r.fault(problem.Wrong(field+".quantity", "item_invalid", "a quantity is between 1 and %d", quantityMost))
	case i.Price > money.Max/i.Quantity:
		r.fault(problem.Wrong(field+".unit_price", "item_invalid", "the item comes to more than any order"))
	case i.Value() < 0:
		r.fault(problem.Wrong(field+".discount", "item_invalid", "the discount is more than the item"))
	}
	return i
}

func (r *reader) buyer(said string) {
	if said != "" && said != Buyers[0] && said != Buyers[1] {
		r.fault(problem.Invalid("buyer", "%q is neither new nor returning", cut(said)))
	}
}

func (r *reader) fields(fields map[string]string) {
	if len(fields) > fieldsMost {
		r.fault(problem.Invalid("fields", "an order has at most %d fields of its own, not %d", fieldsMost, len(fields)))
		return
	}
	for name, value := range fields {
		if name == "" || len(name) > fieldMost || checkText("fields", name) != nil {
			r.fault(problem.Invalid("fields", "%q is not a field's name of 1 to %d bytes", cut(name), fieldMost))
			return
		}
		r.fault(checkText("fields", value))
	}
}

// Worth is what pieces of an order come to, by SKU, after all discounts: of the whole order exactly its amount, of a part its
// part. There are never more of them than were ordered.
func (d Detail) Worth(pieces map[string]int64) int64 {
	prices, weights := make([]money.Micro, len(d.Items)), make([]int64, len(d.Items))
	var all int64
	for i, item := range d.Items {
		prices[i], weights[i] = money.Fixed(d.Discount), item.Value()
		all += weights[i]
	}
	off := make([]int64, len(d.Items))
	if d.Discount > 0 && all > 0 {
		off = money.Split(prices, weights)
	}
	left := make(map[string]int64, len(pieces))
	for sku, n := range pieces {
		left[sku] = n
	}
	var worth int64
	for i, item := range d.Items {
		n := min(left[item.SKU], item.Quantity)
		left[item.SKU] -= n
		worth += portion(item.Value()-off[i], n, item.Quantity)
	}
	return worth
}

// portion is n of so many pieces that come to a value, rounded to the nearest.
func portion(value, n, of int64) int64 {
	part := new(big.Int).Mul(big.NewInt(value), big.NewInt(n))
	part.Add(part, big.NewInt(of/2))
	return part.Quo(part, big.NewInt(of)).Int64()
}

// Ordered is how many pieces of each SKU there are.
func (d Detail) Ordered() map[string]int64 {
	ordered := map[string]int64{}
	for _, item := range d.Items {
		ordered[item.SKU] += item.Quantity
	}
	return ordered
}
