package web

import (
	"net/http"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/tributary-hq/tributary/internal/db"
	"github.com/tributary-hq/tributary/internal/db/dbtest"
	"github.com/tributary-hq/tributary/internal/lang"
)

// pageOf is an address of every GET route, and who reads it.
func (w *world) pages() []struct{ route, address, reader string } {
	marta, otter := w.pts["Marta’s Kitchen"].ID, w.pts["Nordic Nomads"].ID
	com := w.commissionOf("Marta’s Kitchen")
	return []struct{ route, address, reader string }{
		{"GET /{$}", "/", ""},
		{"GET /p/{slug}", "/p/acme", ""},
		{"GET /p/{slug}/thanks", "/p/acme/thanks", ""},
		{"GET /p/{slug}/status", "/p/acme/status", "Marta’s Kitchen"},
		{"GET /sign-in", "/sign-in?to=/console/acme", ""},
		{"GET /styleguide", "/styleguide?status=paused&days=7", ""},
		{"GET /console", "/console", "owner"},
		{"GET /console/{program}", "/console/acme?days=90&show=revenue", "owner"},
		{"GET /console/{program}/partners", "/console/acme/partners?q=kit", "owner"},
		{"GET /console/{program}/partners/{pts}", "/console/acme/partners/" + marta, "owner"},
		{"GET /console/{program}/partners/{pts}", "/console/acme/partners/" + otter, "owner"},
		{"GET /console/{program}/conversions", "/console/acme/conversions?event=sale", "owner"},
		{"GET /console/{program}/conversions/{cnv}", "/console/acme/conversions/" + w.sale.Conversion.ID, "owner"},
		{"GET /console/{program}/payouts", "/console/acme/payouts", "owner"},
		{"GET /console/{program}/payouts/{batch}", "/console/acme/payouts/" + w.batch.ID, "owner"},
		{"GET /console/{program}/payouts/{batch}/files/{file}", "/console/acme/payouts/" + w.batch.ID + "/files/" + w.file(), "owner"},
		{"GET /console/{program}/ledger", "/console/acme/ledger", "owner"},
		{"GET /console/{program}/settings", "/console/acme/settings", "owner"},
		{"GET /console/{program}/search", "/console/acme/search?q=kit", "owner"},
		{"GET /partner/{pts}/search", "/partner/" + marta + "/search?q=A-shared", "Marta’s Kitchen"},
		{"GET /console/{program}/tasks/{tsk}", "/console/acme/tasks/" + w.check(), "owner"},
		{"GET /console/new", "/console/new", "owner"},
		{"GET /console/{program}/setup", "/console/acme/setup", "owner"},
		{"GET /console/{program}/setup/order", "/console/acme/setup/order", "owner"},
		{"GET /console/{program}/setup/partner", "/console/acme/setup/partner?partner=" + marta, "owner"},
		{"GET /partner", "/partner", "Marta’s Kitchen"},
		{"GET /partner/{pts}", "/partner/" + marta, "Marta’s Kitchen"},
		{"GET /partner/{pts}/links", "/partner/" + marta + "/links", "Marta’s Kitchen"},
		{"GET /partner/{pts}/statistics", "/partner/" + marta + "/statistics?by=link&show=earnings&sort=-epc", "Marta’s Kitchen"},
		{"GET /partner/{pts}/statistics", "/partner/" + marta + "/statistics?period=month&sub1=mail&from=x", "Marta’s Kitchen"},
		{"GET /partner/{pts}/links/{lnk}", "/partner/" + marta + "/links/" + w.links["Marta’s Kitchen"].ID + "?sub1=mail", "Marta’s Kitchen"},
		{"GET /partner/{pts}/links/{lnk}/qr.svg", "/partner/" + marta + "/links/" + w.links["Marta’s Kitchen"].ID + "/qr.svg", "Marta’s Kitchen"},
		{"GET /partner/{pts}/links/{lnk}/qr.png", "/partner/" + marta + "/links/" + w.links["Marta’s Kitchen"].ID + "/qr.png", "Marta’s Kitchen"},
		{"GET /partner/{pts}/payouts/{pay}", "/partner/" + marta + "/payouts/" + w.payout(), "Marta’s Kitchen"},
		{"GET /partner/{pts}/earnings", "/partner/" + marta + "/earnings", "Marta’s Kitchen"},
		{"GET /partner/{pts}/earnings/{com}", "/partner/" + marta + "/earnings/" + com, "Marta’s Kitchen"},
		{"GET /partner/{pts}/payouts", "/partner/" + marta + "/payouts", "Marta’s Kitchen"},
		{"GET /partner/{pts}/contract", "/partner/" + marta + "/contract", "Marta’s Kitchen"},
		{"GET /partner/{pts}/profile", "/partner/" + marta + "/profile", "Marta’s Kitchen"},
	}
}

var (
	inline   = regexp.MustCompile(`<style|\sstyle=|\son[a-z]+=|<script>|javascript:`)
	elseHost = regexp.MustCompile(`(?:src|srcset)="https?://|<link[^>]+href="https?://`)
	file     = regexp.MustCompile(`\.(csv|svg|png)$|/(file|refused)$|/samples/`)
	title    = regexp.MustCompile(`<title>[^<]{3,}</title>`)
)

func TestEveryPageInEveryLanguage(t *testing.T) {
	dbtest.Run(t, func(t *testing.T, d *db.DB) {
		w := newWorld(t, d)
		readers := map[string]*browser{}
		shown := map[string]bool{}
		for _, page := range slices.Concat(w.pages(), w.mailPages(), w.auditPages(), w.creativePages(), w.partnersPages(), w.postbackPages(), w.trafficPages(), w.codesPages(), w.domainPages(), w.healthPages(), w.offlinePages(), w.steerPages(), w.orderPages(), w.sourcesPages(), w.trialPages()) {
			shown[page.route] = true
			for _, l := range lang.All() {
				b := readers[page.reader]
				if b == nil {
					b = w.as(page.reader)
					readers[page.reader] = b
				}
				if status, _, _ := b.post("/language", map[string][]string{"language": {l.Tag}}); status != http.StatusSeeOther {
					t.Fatalf("choose %s: %d", l.Tag, status)
				}
				status, body, to := b.get(page.address)
				if page.address == "/console" || page.address == "/partner" {
					if status != http.StatusSeeOther || !strings.HasPrefix(to, page.address+"/") {
						t.Errorf("%s leads to %d %s", page.address, status, to)
					}
					continue
				}
				if status != http.StatusOK {
					t.Errorf("%s in %s: %d %s", page.address, l.Tag, status, body)
					continue
				}
				if strings.Contains(page.route, "/files/") || strings.HasSuffix(page.route, "/html") || file.MatchString(page.route) {
					continue
				}
				for _, fault := range faultsOf(body, l.Tag) {
					t.Errorf("%s in %s: %s", page.address, l.Tag, fault)
				}
			}
		}
		shown["GET /setup"] = true // where nobody is yet
		for _, r := range routes {
			if strings.HasPrefix(r.pattern, "GET ") && !shown[r.pattern] {
				t.Errorf("no test reads %s", r.pattern)
			}
		}
	})
}

// faultsOf are what no page may have.
func faultsOf(body, tag string) (faults []string) {
	for _, c := range []struct {
		bad  bool
		what string
	}{
		{strings.Contains(body, lang.Missing), "a message is missing: " + around(body, lang.Missing)},
		{!strings.Contains(body, `<html lang="`+tag+`"`), "the language is not said"},
		{!title.MatchString(body), "there is no title"},
		{inline.MatchString(body), "style or script inside the page: " + inline.FindString(body)},
		{elseHost.MatchString(body), "something is loaded from elsewhere"},
		{strings.Contains(body, "ZgotmplZ"), "a value was refused by the template"},
		{strings.Contains(body, "%!"), "a format went wrong: " + around(body, "%!")},
		{strings.Contains(body, "{n}") || strings.Contains(body, "{name}"), "an argument was not filled in"},
		{!strings.HasSuffix(strings.TrimSpace(body), "</html>"), "the page is cut off"},
		{strings.Count(body, "<h1") != 1, "not exactly one heading"},
	} {
		if c.bad {
			faults = append(faults, c.what)
		}
	}
	return faults
}

func around(body, what string) string {
	i := strings.Index(body, what)
	if i < 0 {
		return ""
	}
	return body[max(0, i-40):min(len(body), i+80)]
}
