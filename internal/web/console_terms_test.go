package web

import (
	"html"
	"net/http"
	"net/url"
	"strings"
	"testing"

	"github.com/tributary-hq/tributary/internal/db"
	"github.com/tributary-hq/tributary/internal/db/dbtest"
)

// TestTermsAreReadBack: nothing is agreed before the page has said just these terms, and since when they hold.
func TestTermsAreReadBack(t *testing.T) {
	w := newWorld(t, dbtest.Open(t, db.SQLite))
	owner, at := w.as("owner"), "/console/acme/partners/"+w.pts["Marta’s Kitchen"].ID
	terms := url.Values{"rate.sale": {"12"}, "window_days": {"45"}, "lock_days": {"14"}, "cycle": {"weekly"}, "threshold": {"20"}}
	for _, c := range []struct{ since, says string }{
		{"", "They hold for conversions from now on."},
		{w.now.AddDate(0, 1, 0).Format("2006-01-02"), "What comes before keeps the terms it has."},
		{w.now.AddDate(0, -1, 0).Format("2006-01-02"), "that are not locked yet are calculated again"},
	} {
		terms.Set("since", c.since)
		status, body, _ := owner.post(at+"/terms", terms)
		if sure := readBack(body); status != http.StatusOK || !strings.HasPrefix(sure, "12% of each sale, 45 days after the click, paid weekly from €20 ") ||
			!strings.Contains(html.UnescapeString(body), c.says) {
			t.Errorf("since %q: %d %q", c.since, status, sure)
		}
	}
	_, body, _ := owner.post(at+"/terms", terms)
	terms.Set("sure", readBack(body))
	terms.Set("rate.sale", "13")
	if _, body, _ = owner.post(at+"/terms", terms); !strings.HasPrefix(readBack(body), "13% of each sale") {
		t.Error("other terms are agreed than were read back")
	}
	if strings.Contains(owner.shows(at+"?tab=contract"), "Version 2") {
		t.Error("something was agreed")
	}
	terms.Del("sure")
	owner.agrees(at+"/terms", terms, at)
	owner.shows(at+"?tab=contract", "Version 2", "13% of each sale")
	owner.shows("/console/acme/contracts/"+w.pts["Marta’s Kitchen"].ID, `href="`+at+`?tab=contract#contract">Agree new terms</a>`)
}
