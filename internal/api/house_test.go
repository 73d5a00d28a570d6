package api_test

import (
	"context"
	"encoding/json"
	"errors"
	"io"
	"iter"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/tributary-hq/tributary/client"
	"github.com/tributary-hq/tributary/internal/api"
	"github.com/tributary-hq/tributary/internal/auth"
	"github.com/tributary-hq/tributary/internal/commission"
	"github.com/tributary-hq/tributary/internal/db"
	"github.com/tributary-hq/tributary/internal/program"
	"github.com/tributary-hq/tributary/internal/touch"
)

// house is a brand with its programs behind a running API.
type house struct {
	*client.Client
	t      testing.TB
	db     *db.DB
	keys   touch.Keys
	api    *api.API
	server *httptest.Server
	brand  program.Brand
	secret string // of a token that may do everything
	log    *strings.Builder
}

var noon = time.Date(2026, 5, 3, 12, 0, 0, 0, time.UTC)

// open starts the API with one brand on it. The clock stands at noon.
func open(t testing.TB, d *db.DB) *house {
	t.Helper()
	d.SetClock(func() time.Time { return noon })
	h := &house{t: t, db: d, keys: touch.NewKeys([]byte("a key for tests")), log: &strings.Builder{}}
	h.api = api.New(api.Options{DB: d, Keys: h.keys, BaseURL: "https://partners.example.com", Log: slog.New(slog.NewTextHandler(h.log, nil))})
	h.server = httptest.NewServer(h.api)
	t.Cleanup(func() {
		h.server.Close()
		h.api.Close()
		if h.log.Len() > 0 && !t.Failed() {
			t.Errorf("the API logged: %s", h.log)
		}
	})
	h.enter("Alpine Goods", "alpine-goods")
	return h
}

// enter makes a brand with an almighty token and lets the client act for it.
func (h *house) enter(name, slug string) {
	h.t.Helper()
	h.write(func(ctx context.Context, tx *db.Tx) (err error) {
		if h.brand, err = program.CreateBrand(ctx, tx, name, slug); err == nil {
			_, h.secret, err = auth.NewToken(ctx, tx, h.brand.ID, "all", auth.Live, auth.Permissions...)
		}
		return err
	})
	h.Client = h.as(h.secret)
}

// second is another brand on the same installation.
func (h *house) second() *house {
	other := *h
	other.enter("Lake Shop", "lake-shop")
	return &other
}

func (h *house) as(secret string) *client.Client {
	return client.New(h.server.URL, secret, client.Options{HTTP: h.server.Client()})
}

// token is a client with the permissions, and its secret.
func (h *house) token(mode auth.Mode, scopes ...auth.Permission) (*client.Client, string) {
	h.t.Helper()
	var secret string
	h.write(func(ctx context.Context, tx *db.Tx) (err error) {
		_, secret, err = auth.NewToken(ctx, tx, h.brand.ID, "some", mode, scopes...)
		return err
	})
	return h.as(secret), secret
}

func (h *house) write(fn func(ctx context.Context, tx *db.Tx) error) {
	h.t.Helper()
	ctx := context.Background()
	if err := h.db.Write(ctx, func(tx *db.Tx) error { return fn(ctx, tx) }); err != nil {
		h.t.Fatal(err)
	}
}

// at moves the clock.
func (h *house) at(moment time.Time) { h.db.SetClock(func() time.Time { return moment }) }

var tenPercent = client.Terms{Payouts: map[string]client.Rule{"sale": {Rate: "10"}}, WindowDays: 30, LockDays: 30, Cycle: "monthly",
	Threshold: client.Money{Amount: "1", Currency: "EUR"}}

// program makes one in euros that offers ten percent.
func (h *house) program(slug string) client.Program {
	h.t.Helper()
	return must(h.CreateProgram(h.t.Context(), client.NewProgram{Slug: slug, Name: "Program " + slug, Currency: "EUR",
		Landing: "https://shop.example.com/", Terms: &tenPercent}))(h.t)
}

// partner brings an approved partner into a program.
func (h *house) partner(prog, name string) client.Partnership {
	h.t.Helper()
	return must(h.CreatePartnership(h.t.Context(), prog, client.NewPartnership{Accept: true, Partner: client.NewPartner{
		Name: name, Email: name + "@example.com", Rail: "paypal", PayTo: name + "@example.com"}}))(h.t)
}

// code gives a partner a promo code.
func (h *house) code(s client.Partnership, code string) {
	h.t.Helper()
	must(h.CreateCode(h.t.Context(), s.ID, client.NewCode{Code: code}))(h.t)
}

func euros(amount string) *client.Money { return &client.Money{Amount: amount, Currency: "EUR"} }

// must ends the test on an error.
func must[T any](v T, err error) func(testing.TB) T {
	return func(t testing.TB) T {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
		return v
	}
}

// answer is what came back, as it was on the wire.
type answer struct {
	status int
	body   string
	header http.Header
}

// do sends a request as it is.
func (h *house) do(method, path, body string, headers ...string) answer {
	h.t.Helper()
	req, err := http.NewRequestWithContext(h.t.Context(), method, h.server.URL+path, strings.NewReader(body))
	if err != nil {
		h.t.Fatal(err)
	}
	req.Header.Set("Authorization", "Bearer "+h.secret)
	for i := 0; i+1 < len(headers); i += 2 {
		req.Header.Set(headers[i], headers[i+1])
	}
	resp, err := h.server.Client().Do(req)
	if err != nil {
		h.t.Fatal(err)
	}
	defer resp.Body.Close()
	text, err := io.ReadAll(resp.Body)
	if err != nil {
		h.t.Fatal(err)
	}
	return answer{resp.StatusCode, string(text), resp.Header}
}

// mature lets thirty days and one go by and locks what is due.
func (h *house) mature() {
	h.t.Helper()
	h.at(h.db.Now().AddDate(0, 0, 31))
	if _, err := commission.Mature(h.t.Context(), h.db); err != nil {
		h.t.Fatal(err)
	}
}

// all gathers a list.
func all[T any](t testing.TB, items iter.Seq2[T, error]) []T {
	t.Helper()
	var list []T
	for item, err := range items {
		if err != nil {
			t.Fatal(err)
		}
		list = append(list, item)
	}
	return list
}

// code is the problem's code, or "" when there is none.
func code(err error) string {
	if p := (*client.Problem)(nil); errors.As(err, &p) {
		return p.Code
	}
	if err != nil {
		return err.Error()
	}
	return ""
}

func decode(t testing.TB, body string, into any) {
	t.Helper()
	if err := json.Unmarshal([]byte(body), into); err != nil {
		t.Fatalf("%v in %s", err, body)
	}
}
