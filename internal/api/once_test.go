package api_test

import (
	"fmt"
	"strings"
	"sync"
	"testing"

	"github.com/tributary-hq/tributary/client"
	"github.com/tributary-hq/tributary/internal/auth"
	"github.com/tributary-hq/tributary/internal/db"
	"github.com/tributary-hq/tributary/internal/db/dbtest"
)

func TestIdempotencyKey(t *testing.T) {
	dbtest.Run(t, func(t *testing.T, d *db.DB) {
		h := open(t, d)
		h.program("alpine")
		sale := func(order string) string {
			return `{"program":"alpine","order_id":"` + order + `","amount":{"amount":"1","currency":"EUR"}}`
		}
		program := `{"slug":"lake","name":"Lake","currency":"EUR","landing":"https://shop.example.com/"}`
		for _, test := range []struct{ name, path, key, body, status, says string }{
			{"a sale", "/v1/conversions", "k1", sale("1"), "201", `"duplicate":false`},
			{"the same again", "/v1/conversions", "k1", sale("1"), "201 replayed", `"duplicate":false`},
			{"another sale with the key", "/v1/conversions", "k1", sale("2"), "422", "idempotency_key_reused"},
			{"the order with another key", "/v1/conversions", "k2", sale("1"), "200", `"duplicate":true`},
			{"a refusal is not kept", "/v1/conversions", "k3", sale(""), "422", "order_id_missing"},
			{"so it can be put right", "/v1/conversions", "k3", sale("3"), "201", `"duplicate":false`},
			{"a program", "/v1/programs", "k4", program, "201", `"slug":"lake"`},
			{"the same program again", "/v1/programs", "k4", program, "201 replayed", `"slug":"lake"`},
			{"without the key", "/v1/programs", "", program, "422", "slug_taken"},
			{"a key used elsewhere", "/v1/programs", "k1", program, "422", "idempotency_key_reused"},
			{"a key too long", "/v1/programs", strings.Repeat("k", 201), program, "422", `"parameter":"Idempotency-Key"`},
			{"a key beyond ASCII", "/v1/conversions", "clé", sale("4"), "422", "idempotency_key_invalid"},
		} {
			got := h.do("POST", test.path, test.body, "Idempotency-Key", test.key)
			status := fmt.Sprint(got.status)
			if got.header.Get("Idempotency-Replayed") == "true" {
				status += " replayed"
			}
			if status != test.status || !strings.Contains(got.body, test.says) {
				t.Errorf("%s: %s %s, want %s %s", test.name, status, got.body, test.status, test.says)
			}
		}
		if h.second().do("POST", "/v1/programs", strings.ReplaceAll(program, "lake", "sea"), "Idempotency-Key", "k4").status != 201 {
			t.Error("one brand's key stands in another's way")
		}
	})
}

// TestFiftyReportsOfOneOrder are one conversion and one commission, whatever their keys.
func TestFiftyReportsOfOneOrder(t *testing.T) {
	dbtest.Run(t, func(t *testing.T, d *db.DB) {
		h := open(t, d)
		for _, key := range []string{"the same", "each call's", "each its own"} {
			t.Run(key, func(t *testing.T) {
				prog := "p" + strings.NewReplacer(" ", "", "'", "").Replace(key)
				h.program(prog)
				h.code(h.partner(prog, prog), "ANN10")
				var wg sync.WaitGroup
				var mu sync.Mutex
				fresh := 0
				ids := map[string]bool{}
				for i := range 50 {
					wg.Go(func() {
						c := h.Client
						switch key {
						case "the same":
							c = c.Once("one key")
						case "each its own":
							c = c.Once(fmt.Sprint("key ", i))
						}
						got, err := c.ReportConversion(t.Context(), client.NewConversion{Program: prog, OrderID: "A-1", Amount: euros("100"), PromoCode: "ANN10"})
						mu.Lock()
						defer mu.Unlock()
						if err != nil || len(got.Commissions) != 1 {
							t.Errorf("%+v, %v", got, err)
							return
						}
						if ids[got.Commissions[0].ID] = true; !got.Duplicate {
							fresh++
						}
					})
				}
				wg.Wait()
				if n := len(all(t, h.Commissions(t.Context(), prog, client.CommissionFilter{}))); n != 1 || len(ids) != 1 {
					t.Errorf("%d commissions, %d told", n, len(ids))
				}
				if key != "the same" && fresh != 1 {
					t.Errorf("%d were told to be the first", fresh)
				}
			})
		}
	})
}

// TestFiftyWritesWithOneKey make one program.
func TestFiftyWritesWithOneKey(t *testing.T) {
	dbtest.Run(t, func(t *testing.T, d *db.DB) {
		h := open(t, d)
		var wg sync.WaitGroup
		for range 50 {
			wg.Go(func() {
				p, err := h.Once("one key").CreateProgram(t.Context(), client.NewProgram{Slug: "alpine", Name: "Alpine", Currency: "EUR", Landing: "https://shop.example.com/"})
				if err != nil || p.Slug != "alpine" {
					t.Errorf("%+v, %v", p, err)
				}
			})
		}
		wg.Wait()
		if n := len(all(t, h.Programs(t.Context()))); n != 1 {
			t.Errorf("%d programs", n)
		}
	})
}

func TestSecretIsToldOnce(t *testing.T) {
	h := open(t, dbtest.Open(t, db.SQLite))
	once := h.Once("one key")
	first := must(once.CreateToken(t.Context(), client.NewToken{Name: "shop", Scopes: []string{"conversions.write"}}))(t)
	again := must(once.CreateToken(t.Context(), client.NewToken{Name: "shop", Scopes: []string{"conversions.write"}}))(t)
	if first.Secret == "" || again.Secret != "" || again.ID != first.ID {
		t.Errorf("first %+v, again %+v", first, again)
	}
	if me := must(h.as(first.Secret).Me(t.Context()))(t); me.Token.ID != first.ID || me.Brand.Slug != "alpine-goods" {
		t.Errorf("me is %+v", me)
	}
	settings, _ := h.token(auth.Live, auth.WriteSettings)
	if _, err := settings.CreateToken(t.Context(), client.NewToken{Name: "more", Scopes: []string{"payouts.approve"}}); code(err) != "not_allowed" {
		t.Errorf("a token gave away what it has not: %v", err)
	}
}
