package web

import (
	"net/http"
	"net/url"
	"strings"
	"testing"

	"github.com/tributary-hq/tributary/internal/creative"
	"github.com/tributary-hq/tributary/internal/db"
	"github.com/tributary-hq/tributary/internal/db/dbtest"
	"github.com/tributary-hq/tributary/internal/upload"
)

// TestWhoSeesWhat goes through every route that is behind the sign-in with every kind of reader.
func TestWhoSeesWhat(t *testing.T) {
	dbtest.Run(t, func(t *testing.T, d *db.DB) {
		w := newWorld(t, d)
		marta, zed := w.pts["Marta’s Kitchen"].ID, w.pts["Zed Reviews"].ID
		_, mal := w.invites("newcomer@example.org", "analyst")
		banner := w.material(creative.Material{Kind: creative.Banner, Name: "Tents"}, pixels(300, 250))
		tracker := w.listens("Marta’s Kitchen", "https://tracker.example/?o={order_id}")
		sent := w.uploaded(marta, upload.Cards, "card\ntok_1\n", true)
		fill := strings.NewReplacer("{program}", "acme", "{pts}", marta, "{cnv}", w.sale.Conversion.ID, "{com}", w.commissionOf("Marta’s Kitchen"),
			"{batch}", w.batch.ID, "{pay}", w.payout(), "{file}", w.file(), "{tok}", "tok_none", "{mal}", mal, "{code}", w.offers("Marta’s Kitchen", "STOVE10"), "{cba}", w.hands("Marta’s Kitchen").ID, "{per}", "per_none", "{inv}", "inv_none", "{crv}", banner.ID, "{tsk}", w.check(), "{lnk}", w.links["Marta’s Kitchen"].ID, "{grp}", w.group().ID, "{nte}", w.note().ID, "{ppt}", w.property().ID, "{pct}", w.contact().ID, "{drd}", w.domain().ID, "{pbk}", tracker.ID, "{dlv}", w.lastDelivery(tracker).ID, "{dom}", w.domainOf("Marta’s Kitchen", "kitchen.example").ID,
			"{upl}", sent.ID, "{kind}", "cards.csv", "{rul}", w.rule().ID, "{cap}", w.cap().ID, "{spl}", w.split().ID, "{tst}", w.tested().ID)
		allowed := map[string]string{ // by permission, the roles of the brand that have it
			"read": "owner manager finance analyst", "partners.write": "owner manager", "contracts.write": "owner manager", "settings.write": "owner manager",
			"commissions.write": "owner manager finance", "payouts.write": "owner manager finance", "payouts.approve": "owner finance", "team.write": "owner", "links.write": "owner manager", "conversions.write": "owner manager", "audit.read": "owner manager"}
		for _, reader := range readers {
			b := w.as(reader)
			for _, r := range routes {
				if r.may == "" || !strings.Contains(r.pattern, "{") {
					continue
				}
				method, pattern, _ := strings.Cut(r.pattern, " ")
				address := fill.Replace(pattern)
				ours := strings.HasPrefix(pattern, "/console") && strings.Contains("owner manager finance analyst", reader) && reader != "" ||
					strings.HasPrefix(pattern, "/partner") && reader == "Marta’s Kitchen"
				if ours && method == "POST" && (strings.HasPrefix(pattern, "/partner") || strings.Contains(allowed[string(r.may)], reader)) {
					continue // would change things: the walks do it
				}
				want := http.StatusNotFound
				switch {
				case reader == "":
					want = http.StatusSeeOther
				case ours && (strings.HasPrefix(pattern, "/partner") || strings.Contains(allowed[string(r.may)], reader)):
					want = http.StatusOK
				case ours:
					want = http.StatusForbidden
				}
				var status int
				var body string
				if method == "GET" {
					status, body, _ = b.get(address)
				} else {
					status, body, _ = b.post(address, url.Values{})
				}
				if status != want {
					t.Errorf("%s %s for %q: %d, want %d", method, address, reader, status, want)
				}
				if status != http.StatusOK {
					for _, secret := range []string{"Marta’s", "A-shared", "martas.kitchen@"} {
						if strings.Contains(body, secret) && reader != "Marta’s Kitchen" {
							t.Errorf("%s %s for %q tells %q", method, address, reader, secret)
						}
					}
				}
			}
		}
		t.Run("things of another program do not exist in this one", func(t *testing.T) {
			b := w.as("rivalowner")
			for _, address := range []string{"/console/rival/partners/" + marta, "/console/rival/conversions/" + w.sale.Conversion.ID,
				"/console/rival/payouts/" + w.batch.ID, "/console/nowhere", "/console/rival/partners/pts_none"} {
				if status, _, _ := b.get(address); status != http.StatusNotFound {
					t.Errorf("%s: %d", address, status)
				}
			}
			if status, _, _ := b.post("/console/rival/commissions/decide", url.Values{"row": {w.commissionOf("Deal Otter")}, "do": {"reverse"}, "reverse-reason": {"test"}}); status != http.StatusNotFound {
				t.Errorf("reversing another brand's commission: %d", status)
			}
		})
		t.Run("a partner reads of nobody else", func(t *testing.T) {
			b := w.as("Marta’s Kitchen")
			for _, page := range []string{"", "/links", "/earnings", "/earnings/" + w.commissionOf("Marta’s Kitchen"), "/payouts", "/contract", "/profile"} {
				_, body, _ := b.get("/partner/" + marta + page)
				for _, secret := range []string{"Trailhead", "Deal Otter", "Zed", "Rival", "customer-4711", w.pts["Deal Otter"].ID, w.links["Deal Otter"].Code, "10.79"} {
					if strings.Contains(body, secret) && (secret != "10.79" || !strings.Contains(page, "/earnings/")) {
						t.Errorf("%q is told on %q", secret, page)
					}
				}
			}
			if status, _, _ := b.get("/partner/" + marta + "/earnings/" + w.commissionOf("Deal Otter")); status != http.StatusNotFound {
				t.Errorf("another partner's receipt: %d", status)
			}
			if status, _, _ := b.get("/partner/" + zed); status != http.StatusNotFound {
				t.Errorf("another partner's cabinet: %d", status)
			}
			_, body, _ := b.get("/partner/" + marta + "/earnings/" + w.commissionOf("Marta’s Kitchen"))
			if !strings.Contains(body, "Another partner") || !strings.Contains(body, "€10.80") {
				t.Error("the receipt does not say that there were others, or what was earned")
			}
		})
	})
}

func TestForeignFormsAreRefused(t *testing.T) {
	w := newWorld(t, dbtest.Open(t, db.SQLite))
	b := w.as("owner")
	r, _ := http.NewRequest("POST", w.server.URL+"/console/acme/settings", strings.NewReader("name=x"))
	r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	r.Header.Set("Origin", "https://elsewhere.example")
	if status, _, _ := b.do(r); status != http.StatusForbidden {
		t.Errorf("a form from elsewhere: %d", status)
	}
}
