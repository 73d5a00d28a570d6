package web

import (
	"net/url"
	"strings"
	"testing"

	"github.com/tributary-hq/tributary/internal/db"
	"github.com/tributary-hq/tributary/internal/db/dbtest"
)

func TestSearch(t *testing.T) {
	dbtest.Run(t, func(t *testing.T, d *db.DB) {
		w := newWorld(t, d)
		owner := w.as("owner")
		for _, c := range []struct{ name, list, search, finds, leaves string }{
			{"a part of a name, in any case", "partners", "KITCH", "Marta’s Kitchen</a>", "Deal Otter</a>"},
			{"a name without its marks", "partners", "martas kitchen", "Nothing found", "Marta’s Kitchen</a>"},
			{"a name with marks that it has not", "partners", "Déal Ötter", "Deal Otter</a>", "Marta’s Kitchen</a>"},
			{"an e-mail address", "partners", "deal.otter@", "Deal Otter</a>", "Marta’s Kitchen</a>"},
			{"a percent sign is a letter", "partners", "%", "Nothing found", "Deal Otter</a>"},
			{"an order", "conversions", "A-shared", ">A-shared</a>", ">A-2001</a>"},
			{"a customer", "conversions", "customer-4711", ">A-shared</a>", ">A-2001</a>"},
			{"a click id", "conversions", w.click("Deal Otter", w.acme, 0).ID, "Nothing found", ">A-shared</a>"},
			{"another program's order", "conversions", "R-503", "Nothing found", ">R-503</a>"},
		} {
			body := owner.shows("/console/acme/" + c.list + "?q=" + url.QueryEscape(c.search))
			if !strings.Contains(body, c.finds) || strings.Contains(body, c.leaves) {
				t.Errorf("%s: %q is there %t, %q is there %t", c.name, c.finds, strings.Contains(body, c.finds), c.leaves, strings.Contains(body, c.leaves))
			}
			if !strings.Contains(body, `value="`+strings.ReplaceAll(c.search, "+", "&#43;")+`"`) {
				t.Errorf("%s: what was typed is lost", c.name)
			}
		}
	})
}

// TestFiguresAgree holds that the pages tell the same sums: the overview, the partners' list and the books.
func TestFiguresAgree(t *testing.T) {
	w := newWorld(t, dbtest.Open(t, db.SQLite))
	owner := w.as("owner")
	body := owner.shows("/console/acme/ledger", "Sum of all accounts", "€0.00", "-€574.34")
	if strings.Contains(body, "Zed") {
		t.Error("another brand's partner is in the books")
	}
	owner.shows("/console/acme?show=commissions", "€198.86")
	owner.shows("/console/acme/partners", "€198.86")
}

func TestCommands(t *testing.T) {
	dbtest.Run(t, func(t *testing.T, d *db.DB) {
		w := newWorld(t, d)
		marta, zed := "/partner/"+w.pts["Marta’s Kitchen"].ID+"/search?q=", "/console/acme/search?q="
		for _, c := range []struct{ promise, reader, address, finds, leaves string }{
			{"pages by a part of their name", "owner", zed + "ledg", `href="/console/acme/ledger"`, `href="/console/acme/payouts"`},
			{"partners by name", "owner", zed + "kitch", ">Marta’s Kitchen<", ">Deal Otter<"},
			{"the team", "owner", zed + "analyst", email("analyst")[:7], "rivalowner"},
			{"pages without their marks", "owner", zed + "l%C3%ABdger", `href="/console/acme/ledger"`, `href="/console/acme/payouts"`},
			{"orders by their number", "owner", zed + "A-shared", ">A-shared<", ">A-2001<"},
			{"every word counts", "owner", zed + "ledg+nothing", "Nothing found", `href="/console/acme/ledger"`},
			{"another brand's partner is nobody", "owner", zed + "zed", "Nothing found", "Zed Reviews"},
			{"what may be begun", "owner", zed + "invite", "/partners/invite", "Nothing found"},
			{"what may not be begun is not offered", "analyst", zed + "invite", "Nothing found", "/partners/invite"},
			{"a partner's own order", "Marta’s Kitchen", marta + "A-shared", ">A-shared<", "Trailhead"},
			{"a partner's own link", "Marta’s Kitchen", marta + "spring", "Spring story", "Nothing found"},
			{"a partner finds no other partner", "Marta’s Kitchen", marta + "otter", "Nothing found", "Deal Otter"},
		} {
			_, body, _ := w.as(c.reader).get(c.address)
			_, body, _ = strings.Cut(body, `id="found"`)
			if !strings.Contains(body, c.finds) || strings.Contains(body, c.leaves) {
				t.Errorf("%s: want %s and no %s", c.promise, c.finds, c.leaves)
			}
		}
	})
}
