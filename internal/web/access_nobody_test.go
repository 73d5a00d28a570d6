package web

import (
	"context"
	"net/http"
	"net/http/httptest"
	"regexp"
	"strings"
	"testing"

	"github.com/tributary-hq/tributary/internal/auth"
	"github.com/tributary-hq/tributary/internal/commission"
	"github.com/tributary-hq/tributary/internal/db"
	"github.com/tributary-hq/tributary/internal/db/dbtest"
	"github.com/tributary-hq/tributary/internal/partner"
)

// readers are everybody there is: nobody, the brand's team by role, another brand's owner, and partners of one, of the other.
var readers = []string{"", "owner", "manager", "finance", "analyst", "rivalowner", "Marta’s Kitchen", "Trailhead Weekly", "Zed Reviews"}

// roleOf is what a reader is in the brand whose pages are asked for.
func roleOf(reader string) auth.Role {
	switch {
	case reader == "":
		return ""
	case people[reader] == "acme":
		return auth.Role(reader)
	case people[reader] == "rival":
		return auth.Owner // of their own brand
	}
	return auth.Partner
}

// TestWhoSeesWhatNamesNothing goes through the routes behind the sign-in whose path names no program: they lead everybody to
// what is their own.
func TestWhoSeesWhatNamesNothing(t *testing.T) {
	w := newWorld(t, dbtest.Open(t, db.SQLite))
	for _, reader := range readers {
		b := w.as(reader)
		for _, r := range routes {
			method, address, _ := strings.Cut(r.pattern, " ")
			if r.may == "" || strings.Contains(address, "{") {
				continue
			}
			var want int
			switch role := roleOf(reader); {
			case reader == "", r.may == auth.Read && strings.HasPrefix(address, "/partner") == (role == auth.Partner):
				want = http.StatusSeeOther // to the sign-in, or to what they have
			case r.may == auth.Read:
				want = http.StatusNotFound
			case role == auth.Partner:
				want = http.StatusNotFound
			case !role.May(r.may):
				want = http.StatusForbidden
			case method == "GET":
				want = http.StatusOK
			default:
				want = http.StatusUnprocessableEntity // an empty form
			}
			var status int
			var to string
			if method == "GET" {
				status, _, to = b.get(address)
			} else {
				status, _, to = b.post(address, nil)
			}
			if status != want {
				t.Errorf("%s for %q: %d, want %d", r.pattern, reader, status, want)
			}
			if reader == "" && !strings.HasPrefix(to, "/sign-in") {
				t.Errorf("%s leads a stranger to %q", r.pattern, to)
			}
			if console := strings.HasPrefix(to, "/console/"); console && roleOf(reader) == auth.Partner || strings.HasPrefix(to, "/partner/") && roleOf(reader) != auth.Partner {
				t.Errorf("%s leads %q to %q", r.pattern, reader, to)
			}
		}
	}
}

var aim = regexp.MustCompile(`<form[^>]*\bmethod="post"[^>]*\baction="([^"#?]*)|<form[^>]*\baction="([^"#?]*)[^>]*\bmethod="post"`)

// TestNobodyIsOfferedWhatTheyMayNotDo reads all pages with every role, and asks of each form in them whether its sending
// would be refused.
func TestNobodyIsOfferedWhatTheyMayNotDo(t *testing.T) {
	w := newWorld(t, dbtest.Open(t, db.SQLite))
	doors, may := http.NewServeMux(), map[string]auth.Permission{}
	for _, r := range routes {
		may[r.pattern] = r.may
		doors.HandleFunc(r.pattern, http.NotFound)
	}
	for _, reader := range []string{"owner", "manager", "finance", "analyst", "Marta’s Kitchen"} {
		b, forms := w.as(reader), 0
		for _, page := range append(w.pages(), w.mailPages()...) {
			status, body, _ := b.get(page.address)
			if status != http.StatusOK {
				continue
			}
			for _, found := range aim.FindAllStringSubmatch(body, -1) {
				action := found[1] + found[2]
				_, door := doors.Handler(httptest.NewRequest("POST", action, nil))
				needs, known := may[door]
				if !known {
					t.Errorf("%s has a form to %q, which is nowhere", page.address, action)
				} else if needs != "" && !roleOf(reader).May(needs) {
					t.Errorf("%s offers %q the form to %s, which needs %s", page.address, reader, action, needs)
				}
				if needs != "" {
					forms++
				}
			}
		}
		if reader == "owner" && forms < 20 {
			t.Errorf("the owner was offered only %d forms: they were not found", forms)
		}
	}
}

// TestWhatMustNotBeSaid reads every page and file of the cabinet and of the console: a partner finds nothing of the other
// partners, and neither finds anything of the other brand.
func TestWhatMustNotBeSaid(t *testing.T) {
	dbtest.Run(t, func(t *testing.T, d *db.DB) {
		w := newWorld(t, d)
		const me = "Marta’s Kitchen"
		rivals := []string{"Rival", "Zed", email("rivalowner"), email("Zed Reviews"), w.pts["Zed Reviews"].ID, w.links["Zed Reviews"].Code, w.rival.ID, w.rival.Brand, "R-5"}
		others := append(w.ordersWithout(me), rivals...)
		for name, s := range w.pts {
			if name != me {
				others = append(others, name, email(name), s.ID, s.Partner.ID, s.Partner.Email)
				if s.Partner.PayTo != "" {
					others = append(others, s.Partner.PayTo)
				}
			}
		}
		for name, link := range w.links {
			if name != me {
				others = append(others, link.ID, "/c/"+link.Code)
			}
		}
		others = append(others, "customer-4711", email("finance"), email("analyst"))
		partnersPages, brandsPages := 0, 0
		for _, page := range append(w.pages(), w.mailPages()...) {
			reader, secrets := "owner", rivals
			switch {
			case strings.HasPrefix(page.route, "GET /partner"):
				reader, secrets = me, others
				partnersPages++
			case strings.HasPrefix(page.route, "GET /console"):
				brandsPages++
			default:
				continue
			}
			_, body, _ := w.as(reader).get(page.address)
			for _, secret := range secrets {
				if at := strings.Index(body, secret); at >= 0 {
					t.Errorf("%s tells %s %q: %s", page.address, reader, secret, around(body, secret))
				}
			}
		}
		if len(others) < 40 || partnersPages < 15 || brandsPages < 15 {
			t.Errorf("%d secrets on %d and %d pages: too few", len(others), partnersPages, brandsPages)
		}
	})
}

// ordersWithout are the orders of the program for which a partner has no commission.
func (w *world) ordersWithout(name string) (orders []string) {
	w.t.Helper()
	ctx := context.Background()
	all, err := commission.Conversions(ctx, w.d.Read(), commission.Wanted{Program: w.acme.ID, Limit: 1000})
	if err != nil {
		w.t.Fatal(err)
	}
	for _, c := range all {
		of, err := commission.Of(ctx, w.d.Read(), []string{c.ID})
		if err != nil {
			w.t.Fatal(err)
		}
		mine := false
		for _, share := range of[c.ID] {
			mine = mine || share.Partnership == w.pts[name].ID
		}
		if !mine {
			orders = append(orders, c.Order)
		}
	}
	return orders
}

// TestAccountsAreForThoseWhoPay reads all pages of the console with every role of the team.
func TestAccountsAreForThoseWhoPay(t *testing.T) {
	w := newWorld(t, dbtest.Open(t, db.SQLite))
	account := w.pts["Marta’s Kitchen"].Partner.PayTo
	for _, reader := range []string{"owner", "manager", "finance", "analyst"} {
		b, told, masked := w.as(reader), 0, 0
		for _, page := range append(w.pages(), w.mailPages()...) {
			if !strings.HasPrefix(page.route, "GET /console") {
				continue
			}
			_, body, _ := b.get(page.address)
			told += strings.Count(body, account)
			masked += strings.Count(body, partner.Masked(account))
		}
		if sees := reader != "analyst"; sees != (told > 0) || sees != (masked == 0) {
			t.Errorf("%s sees the account %d times, and masked %d times", reader, told, masked)
		}
	}
}
