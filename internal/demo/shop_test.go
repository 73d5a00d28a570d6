package demo

import (
	"errors"
	"io"
	"log/slog"
	"net/http"
	"net/http/cookiejar"
	"net/url"
	"strings"
	"testing"

	"github.com/tributary-hq/tributary/internal/app"
	"github.com/tributary-hq/tributary/internal/commission"
	"github.com/tributary-hq/tributary/internal/conversion"
	"github.com/tributary-hq/tributary/internal/db"
	"github.com/tributary-hq/tributary/internal/partner"
)

// customer is a browser in the shop.
type customer struct {
	*testing.T
	client *http.Client
	body   string
	status int
	at     string
}

func newCustomer(t *testing.T, h http.Handler) *customer {
	jar, err := cookiejar.New(nil)
	if err != nil {
		t.Fatal(err)
	}
	return &customer{T: t, client: &http.Client{Transport: door{h}, Jar: jar}}
}

func (c *customer) read(r *http.Response, err error) {
	c.Helper()
	if err != nil {
		c.Fatal(err)
	}
	body, err := io.ReadAll(r.Body)
	if err != nil {
		c.Fatal(err)
	}
	c.body, c.status, c.at = string(body), r.StatusCode, r.Request.URL.Path
}

func (c *customer) get(path string) { c.Helper(); c.read(c.client.Get(testBase + path)) }

func (c *customer) post(path string, pairs ...string) {
	c.Helper()
	form := url.Values{}
	for i := 0; i < len(pairs); i += 2 {
		form.Set(pairs[i], pairs[i+1])
	}
	c.read(c.client.PostForm(testBase+path, form))
}

func (c *customer) wants(status int, text string) {
	c.Helper()
	if c.status != status || !strings.Contains(c.body, text) {
		c.Fatalf("%s answered %d, want %d with %q:\n%s", c.at, c.status, status, text, c.body)
	}
}

func opened(t *testing.T) (*app.App, *Story) {
	a, story := told(t, db.SQLite, evening, 0.02)
	story, err := Open(t.Context(), a, story.Base, slog.New(slog.DiscardHandler))
	if err != nil {
		t.Fatal(err)
	}
	return a, story
}

func TestWhoFollowsALinkAndBuysIsCreditedToThePartner(t *testing.T) {
	a, story := opened(t)
	for _, c := range []struct {
		name, link, code string
		earns            string // the partner's address; empty for nobody
		amount, share    int64  // cents
	}{
		{"by a link", "/c/lesacleger", "", "elodie@lesacleger.example", 16900 + 2*2900, 2270},
		{"by a link to a product", "/c/gipfel-jacke", "", "office@gipfeltest.example", 16900 + 2*2900, 2838},
		{"by a promo code alone", "/shop/", "leger10", "elodie@lesacleger.example", 20430, 2043},
		{"by a code that nobody has", "/shop/", "NOBODY", "", 16900 + 2*2900, 0},
		{"by no one", "/shop/", "", "", 16900 + 2*2900, 0},
	} {
		t.Run(c.name, func(t *testing.T) {
			b := newCustomer(t, a.Handler)
			b.get(c.link)
			b.wants(http.StatusOK, `data-program="birkwild"`)
			b.post("/shop/cart", "product", "grat-45")
			b.post("/shop/cart", "product", "quell", "count", "2")
			b.wants(http.StatusOK, "€227.00")
			b.post("/shop/checkout", "name", "Ann", "email", "nobody")
			b.wants(http.StatusUnprocessableEntity, `value="Ann"`)
			b.post("/shop/checkout", "name", "Ann", "email", strings.ReplaceAll(c.name, " ", "-")+"@example.com", "code", c.code)
			b.wants(http.StatusOK, "Thank you, Ann.")
			number := b.at[strings.LastIndex(b.at, "/")+1:]
			sale, err := conversion.ByOrder(t.Context(), a.DB.Read(), story.Program, "sale", number)
			if err != nil {
				t.Fatal(err)
			}
			who, earned := credited(t, a, sale.ID)
			if sale.Amount.Minor != c.amount || who != c.earns || earned != c.share {
				t.Fatalf("sold for %d, %q earns %d; want %d, %q, %d", sale.Amount.Minor, who, earned, c.amount, c.earns, c.share)
			}
			b.post(b.at + "/refund")
			b.wants(http.StatusOK, "Given back.")
			if _, earned := credited(t, a, sale.ID); earned != 0 {
				t.Fatalf("%d is still earned after the refund", earned)
			}
		})
	}
}

// credited is who earns with a conversion, and how much.
func credited(t *testing.T, a *app.App, sale string) (email string, cents int64) {
	t.Helper()
	all, err := commission.Of(t.Context(), a.DB.Read(), []string{sale})
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range all[sale] {
		s, err := partner.GetPartnership(t.Context(), a.DB.Read(), c.Partnership)
		if err != nil {
			t.Fatal(err)
		}
		email, cents = s.Partner.Email, cents+c.Amount.Minor
	}
	return email, cents
}

func TestTheShopForgivesItsVisitors(t *testing.T) {
	a, _ := opened(t)
	b := newCustomer(t, a.Handler)
	for _, c := range []struct {
		name   string
		do     func()
		status int
		text   string
	}{
		{"an empty cart cannot be paid", func() { b.get("/shop/checkout") }, http.StatusOK, "There is nothing in it yet."},
		{"a product that is not there", func() { b.get("/shop/p/anvil") }, http.StatusNotFound, "This path ends here."},
		{"a page that is not there", func() { b.get("/shop/anvil") }, http.StatusNotFound, "This path ends here."},
		{"an order that is not there", func() { b.get("/shop/orders/BW-1") }, http.StatusNotFound, "This path ends here."},
		{"a click id of another time", func() {
			b.get("/shop/?tclid=AQGYx2m0Yv8AAAAHK1p3Qm9xTzF2ZkhqUXdFZA")
			b.post("/shop/cart", "product", "glut")
			b.post("/shop/checkout", "name", "Ben", "email", "ben@example.com")
		}, http.StatusOK, "Thank you, Ben."},
		{"a letter to nobody", func() { b.post("/shop/letter", "email", "nobody") }, http.StatusUnprocessableEntity, "is not an e-mail address"},
		{"a letter", func() { b.post("/shop/letter", "email", "ben@example.com") }, http.StatusOK, "See you on Sunday."},
		{"the same letter again", func() { b.post("/shop/letter", "email", "ben@example.com") }, http.StatusOK, "See you on Sunday."},
		{"more than anybody needs", func() { b.post("/shop/cart", "product", "glut", "count", "4000") }, http.StatusOK, `value="9"`},
		{"nothing after all", func() { b.post("/shop/cart", "product", "glut", "count", "0") }, http.StatusOK, "There is nothing in it yet."},
	} {
		c.do()
		b.Log(c.name)
		b.wants(c.status, c.text)
	}
}

func TestLinksFollowTheServerToAnotherAddress(t *testing.T) {
	a, story := opened(t)
	const elsewhere = "http://127.0.0.1:9999"
	if err := story.move(t.Context(), a.DB, elsewhere); err != nil {
		t.Fatal(err)
	}
	if err := errors.Join(a.Links.Refresh(t.Context()), a.Steer.Refresh(t.Context())); err != nil {
		t.Fatal(err)
	}
	for _, code := range []string{"lesacleger", "gipfel-jacke"} {
		r, err := http.NewRequestWithContext(t.Context(), http.MethodGet, elsewhere+"/c/"+code, nil)
		if err != nil {
			t.Fatal(err)
		}
		answer, err := door{a.Handler}.RoundTrip(r)
		if to := answer.Header.Get("Location"); err != nil || !strings.HasPrefix(to, elsewhere+"/shop/") {
			t.Errorf("/c/%s leads to %q, %v", code, to, err)
		}
	}
	if _, again, err := Look(t.Context(), a.DB); err != nil || again.Base != elsewhere {
		t.Errorf("the story is at %v, %v", again, err)
	}
}

func TestOnlyAnEmptyDatabaseIsFilled(t *testing.T) {
	a, story := opened(t)
	clock := NewClock(evening)
	if _, err := Fill(t.Context(), a, clock, story.Base, 1, io.Discard); err == nil {
		t.Error("a story was told twice")
	}
	for text, want := range map[string]State{"": Unfinished, "{}": Ready} {
		if err := mark(t.Context(), a.DB, text); err != nil {
			t.Fatal(err)
		}
		if state, _, err := Look(t.Context(), a.DB); err != nil || state != want {
			t.Errorf("with the marker %q the database is %s, %v; want %s", text, state, err, want)
		}
	}
	err := a.DB.Write(t.Context(), func(tx *db.Tx) error {
		_, err := db.Exec(t.Context(), tx, `delete from setting where name = $1`, marker)
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	if state, _, err := Look(t.Context(), a.DB); err != nil || state != Foreign {
		t.Errorf("without its marker the database is %s, %v", state, err)
	}
}
