package demo

import (
	"net/http"
	"strconv"
	"strings"

	"github.com/tributary-hq/tributary/client"
	"github.com/tributary-hq/tributary/internal/problem"
)

func (s *shop) shelf(w http.ResponseWriter, r *http.Request) error {
	return s.show(w, r, http.StatusOK, "shelf", brandName, views())
}

func (s *shop) product(w http.ResponseWriter, r *http.Request) error {
	p, ok := productNamed(r.PathValue("product"))
	if !ok {
		return problem.NotFound("product", r.PathValue("product"))
	}
	return s.show(w, r, http.StatusOK, "product", p.name, p.view())
}

// view is a product as pages show it.
type view struct {
	Slug, Name, Kind, Words string
	Cents                   int64
	Facts                   []string
}

func (p product) view() view { return view{p.slug, p.name, p.kind, p.words, p.cents, p.facts} }

func views() []view {
	list := make([]view, len(products))
	for i, p := range products {
		list[i] = p.view()
	}
	return list
}

// cartCookie holds the cart itself: "glut:1.quell:2".
const cartCookie = "birkwild_cart"

const eachMost = 9 // of one product in a cart

type cartLine struct {
	Product view
	Count   int64
}

// Cents is what the line comes to.
func (l cartLine) Cents() int64 { return l.Product.Cents * l.Count }

// cart is what a visitor wants, in the order of the shelf.
type cart []cartLine

func readCart(r *http.Request) cart {
	counts := map[string]int64{}
	for line := range strings.SplitSeq(cookie(r, cartCookie), ".") {
		slug, count, _ := strings.Cut(line, ":")
		if n, err := strconv.ParseInt(count, 10, 64); err == nil && n > 0 {
			counts[slug] = min(n, eachMost)
		}
	}
	var c cart
	for _, p := range products {
		if n := counts[p.slug]; n > 0 {
			c = append(c, cartLine{p.view(), n})
		}
	}
	return c
}

func (c cart) String() string {
	var lines []string
	for _, l := range c {
		lines = append(lines, l.Product.Slug+":"+strconv.FormatInt(l.Count, 10))
	}
	return strings.Join(lines, ".")
}

// Sum is what the cart comes to, in cents.
func (c cart) Sum() (sum int64) {
	for _, l := range c {
		sum += l.Cents()
	}
	return sum
}

// lines are what an order of the cart is made of.
func (c cart) lines(code string) client.OrderDetail {
	var d client.OrderDetail
	for _, l := range c {
		d.Items = append(d.Items, client.OrderItem{SKU: l.Product.Slug, Name: l.Product.Name, Quantity: l.Count, UnitPrice: euros(l.Product.Cents).Amount})
	}
	if off := c.Sum() - discounted(c.Sum(), code); off > 0 {
		d.Discount = euros(off).Amount
	}
	return d
}

func (c cart) count() (n int64) {
	for _, l := range c {
		n += l.Count
	}
	return n
}

// with is the cart with another count of a product.
func (c cart) with(p product, change func(int64) int64) cart {
	var changed cart
	for _, each := range products {
		var n int64
		for _, l := range c {
			if l.Product.Slug == each.slug {
				n = l.Count
			}
		}
		if each.slug == p.slug {
			n = min(change(n), eachMost)
		}
		if n > 0 {
			changed = append(changed, cartLine{each.view(), n})
		}
	}
	return changed
}

func (s *shop) cart(w http.ResponseWriter, r *http.Request) error {
	return s.show(w, r, http.StatusOK, "cart", "Your cart", readCart(r))
}

// changeCart adds one of a product, or sets how many there shall be.
func (s *shop) changeCart(w http.ResponseWriter, r *http.Request) error {
	p, ok := productNamed(r.PostFormValue("product"))
	if !ok {
		return problem.NotFound("product", r.PostFormValue("product"))
	}
	more := func(n int64) int64 { return n + 1 }
	if wish, err := strconv.ParseInt(r.PostFormValue("count"), 10, 64); err == nil {
		more = func(int64) int64 { return wish }
	}
	s.setCookie(w, cartCookie, readCart(r).with(p, more).String())
	return to(w, r, "/shop/cart")
}
