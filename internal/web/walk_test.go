package web

import (
	"bytes"
	"mime/multipart"
	"net/http"
	"net/url"
	"regexp"
	"strconv"
	"strings"
	"testing"

	"github.com/tributary-hq/tributary/internal/db"
	"github.com/tributary-hq/tributary/internal/db/dbtest"
	"github.com/tributary-hq/tributary/internal/lang"
	"github.com/tributary-hq/tributary/internal/mail"
	"github.com/tributary-hq/tributary/internal/payout"
)

// step is a form that is sent, and what the answer must be: the beginning of where it leads, or a text on the page.
func (b *browser) step(path string, form url.Values, want string) string {
	b.w.t.Helper()
	status, body, to := b.post(path, form)
	if strings.HasPrefix(want, "/") && (status != http.StatusSeeOther || !strings.HasPrefix(to, want)) || !strings.HasPrefix(want, "/") && !strings.Contains(body, want) {
		b.w.t.Fatalf("POST %s: %d to %q, want %q\n%s", path, status, to, want, alerts(body))
	}
	return to
}

// shows fails the test when a page has not all the texts.
func (b *browser) shows(path string, want ...string) string {
	b.w.t.Helper()
	status, body, to := b.get(path)
	if status != http.StatusOK {
		b.w.t.Fatalf("GET %s: %d %s", path, status, to)
	}
	for _, text := range want {
		if !strings.Contains(body, text) {
			b.w.t.Errorf("GET %s: no %q", path, text)
		}
	}
	return body
}

var alert = regexp.MustCompile(`(?s)role="alert".*?</div>`)

func alerts(body string) string { return strings.Join(alert.FindAllString(body, -1), "\n") }

func TestApplyAcceptLink(t *testing.T) {
	dbtest.Run(t, func(t *testing.T, d *db.DB) {
		w := newWorld(t, d)
		stranger := w.browser()
		stranger.shows("/p/acme", "10% of each sale, 30 days after the click, paid monthly from €50", "How will you promote us?")
		application := url.Values{"name": {"Fern & Co"}, "email": {"fern@example.org"}, "website": {"https://fern.example"}, "kind": {"creator"},
			"form.plan": {"With films"}, "password": {"a long enough one"}}
		to := stranger.step("/p/acme", application, "/p/acme/thanks")
		stranger.shows(to, "We have taken your application to Acme Outdoor Partners")
		stranger.step("/sign-in", url.Values{"email": {"fern@example.org"}, "password": {"a long enough one"}, "to": {"/p/acme/status"}}, "/p/acme/status")
		stranger.shows("/p/acme/status", "Your application is with the brand")
		body := stranger.shows("/p/rival", "You apply as Fern &amp; Co")
		if strings.Contains(body, `type="password"`) {
			t.Error("asks a person who is signed in for a password")
		}
		stranger.step("/p/rival", url.Values{"form.plan": {"Likewise"}}, "/p/rival/status")

		owner := w.as("owner")
		body = owner.shows("/console/acme/partners?status=applied", "Fern &amp; Co")
		fern := regexp.MustCompile(`/console/acme/partners/(pts_[a-z0-9]+)">Fern`).FindStringSubmatch(body)[1]
		at := "/console/acme/partners/" + fern
		owner.shows(at, "With films", "Accept")
		owner.step(at+"/accept", nil, at)
		owner.shows(at, "The partner is accepted.")
		owner.shows(at+"?tab=contract", "Version 1")
		owner.step(at+"/decline", nil, "Somebody has decided this meanwhile")
		terms := url.Values{"rate.sale": {"12,5"}, "window_days": {"45"}, "lock_days": {"14"}, "cycle": {"weekly"}, "threshold": {"20"}}
		owner.step(at+"/terms", terms, "They hold for conversions from now on.")
		terms.Set("since", "2030-01-01")
		owner.step(at+"/terms", terms, "Until then nothing changes.")
		terms.Set("since", "2026-01-01")
		owner.step(at+"/terms", terms, "that are not final yet are calculated again")
		terms.Set("sure", "no")
		owner.step(at+"/terms", terms, `value="12,5"`)
		if strings.Contains(owner.shows(at+"?tab=contract"), "Version 2") {
			t.Error("terms were agreed before they were confirmed")
		}
		terms.Del("since")
		terms.Set("sure", "yes")
		owner.step(at+"/terms", terms, at)
		owner.shows("/console/acme/contracts/"+fern, at+"?tab=contract&amp;agree=1#agree")
		owner.shows(at+"?tab=contract", "12.5% of each sale, 45 days after the click, paid weekly from €20", "Version 2")
		owner.step(at+"/pause", url.Values{"reason": {"holidays"}}, at)
		stranger.shows("/partner/"+fern+"/links", "Links can be made while your partnership is active.")
		owner.step(at+"/resume", nil, at)

		links := "/partner/" + fern + "/links"
		stranger.step(links, url.Values{"code": {"fern-films"}, "label": {"Films"}, "target": {"https://acme.example/boots"}}, links)
		stranger.shows(links, "/c/fern-films", "https://acme.example/boots", "Your link is ready.")
		stranger.step(links, url.Values{"target": {"https://elsewhere.example/"}, "label": {"kept as typed"}}, "Links may lead only to pages of this program.")
		_, body, _ = stranger.post(links, url.Values{"target": {"https://elsewhere.example/"}, "label": {"kept as typed"}})
		if !strings.Contains(body, `value="kept as typed"`) || !strings.Contains(body, `value="https://elsewhere.example/"`) {
			t.Error("what was typed is lost")
		}
		profile := "/partner/" + fern + "/profile"
		stranger.step(profile, url.Values{"name": {"Fern & Co"}, "kind": {"creator"}, "rail": {"wise"}, "pay_to": {"nonsense"}}, "This is not the e-mail address of an account.")
		stranger.step(profile, url.Values{"name": {"Fern & Co"}, "kind": {"creator"}, "rail": {"wise"}, "pay_to": {"fern@example.org"}, "locale": {"fr"}}, profile)
		stranger.shows(profile, `<html lang="fr"`, "Enregistré.")
	})
}

func TestApplicationsThatAreRefused(t *testing.T) {
	w := newWorld(t, dbtest.Open(t, db.SQLite))
	good := url.Values{"name": {"Fern"}, "email": {"fern@example.org"}, "website": {""}, "kind": {"creator"}, "form.plan": {"With films"}, "password": {"a long enough one"}}
	for _, c := range []struct{ name, field, value, want string }{
		{"a short password", "password", "short", "A password has 10 to 256 characters."},
		{"an answer that is missing", "form.plan", " ", "An answer is needed here."},
		{"no address", "email", "fern", "This is not an e-mail address."},
		{"no web address", "website", "javascript:alert(1)", "This is not a web address"},
		{"a kind that nobody knows", "kind", "spy", "is not a type of partner"},
	} {
		form := url.Values{}
		for name, values := range good {
			form[name] = values
		}
		form.Set(c.field, c.value)
		b := w.browser()
		status, body, _ := b.post("/p/acme", form)
		if status != http.StatusUnprocessableEntity || !strings.Contains(body, c.want) || !strings.Contains(body, `value="Fern"`) || strings.Contains(body, "a long enough one") {
			t.Errorf("%s: %d %s", c.name, status, alerts(body))
		}
		if _, _, to := b.get("/p/acme/status"); !strings.HasPrefix(to, "/sign-in") {
			t.Errorf("%s: is signed in", c.name)
		}
	}
	wrong := url.Values{"name": {""}, "email": {"fern"}, "website": {"javascript:alert(1)"}, "kind": {"creator"}, "form.plan": {""}, "password": {"short"}}
	if _, body, _ := w.browser().post("/p/acme", wrong); strings.Count(alerts(body), "<li>") != 5 {
		t.Errorf("not all that is wrong is said at once: %s", alerts(body))
	}
	// Nothing of the refused ones was kept: the good one goes through.
	w.browser().step("/p/acme", good, "/p/acme/thanks")
}

func TestApplyingDoesNotTellWhoIsHere(t *testing.T) {
	dbtest.Run(t, func(t *testing.T, d *db.DB) {
		w := newWorld(t, d)
		form := func(email string) url.Values {
			return url.Values{"name": {"Fern"}, "email": {email}, "kind": {"creator"}, "form.plan": {"With films"}, "password": {"a long enough one"}}
		}
		known := email("Deal Otter")
		for _, address := range []string{"fern@example.org", known, strings.ToUpper(known), email("owner")} {
			b := w.browser()
			b.step("/p/acme", form(address), "/p/acme/thanks")
			if _, _, to := b.get("/p/acme/status"); !strings.HasPrefix(to, "/sign-in") {
				t.Errorf("%s is signed in", address)
			}
		}
		mails := w.inbox(known)
		var reminders int
		for _, m := range mails {
			if m.Kind == mail.ApplicationKnown {
				reminders++
				if m.Brand != "" || !strings.Contains(m.Text, "/sign-in?to=/p/acme") {
					t.Errorf("the mail is %+v", m)
				}
			}
		}
		if reminders != 1 {
			t.Errorf("%d reminders to one who applied twice on a day", reminders)
		}
		for _, m := range w.inbox("fern@example.org") {
			t.Errorf("who is new is written to: %+v", m)
		}
		w.browser().step("/sign-in", url.Values{"email": {known}, "password": {"a long enough one"}}, "wrong")
	})
}

func TestPayoutsApproveSendSettle(t *testing.T) {
	dbtest.Run(t, func(t *testing.T, d *db.DB) {
		w := newWorld(t, d)
		w.now = w.now.AddDate(0, 2, 0)
		w.mature()
		finance, analyst := w.as("finance"), w.as("analyst")
		if body := analyst.shows("/console/acme/payouts"); strings.Contains(body, "Make a batch</button>") {
			t.Error("offers an analyst what they may not do")
		}
		finance.shows("/console/acme/payouts", "Due now")
		at := finance.step("/console/acme/payouts", nil, "/console/acme/payouts/bat_")
		body := finance.shows(at, "Approve this batch?", "The batch is made.")
		pays := regexp.MustCompile(`/cancel/(pay_[a-z0-9]+)`).FindAllStringSubmatch(body, -1)
		if len(pays) < 2 {
			t.Fatalf("%d payouts in the batch", len(pays))
		}
		finance.step(at+"/send", nil, "The batch must be approved first.")
		finance.step(at+"/cancel/"+pays[0][1], nil, at)
		finance.step(at+"/approve", nil, at)
		finance.shows(at, "The batch is approved.", "Make the payment files?")
		finance.step(at+"/send", nil, at)
		body = finance.shows(at, "The files are ready")
		file := regexp.MustCompile(`/files/([^"]+)"`).FindStringSubmatch(body)[1]
		if _, text, _ := finance.get(at + "/files/" + file); !strings.Contains(text, pays[1][1]) || strings.Contains(text, pays[0][1]) {
			t.Errorf("the file is %q", text)
		}
		if status, _, _ := finance.get(at + "/files/other.csv"); status != http.StatusNotFound {
			t.Errorf("a file that is not there: %d", status)
		}
		results := "id,status,reason\n" + pays[1][1] + ",paid,\n" + pays[0][1] + ",paid,\npay_none,failed,no account\n"
		answer := finance.upload(at+"/results", results)
		for _, want := range []string{"What the file did", "Paid", "Contradicts what is booked", "Not in this batch"} {
			if !strings.Contains(answer, want) {
				t.Errorf("no %q after the upload: %s", want, alerts(answer))
			}
		}
		if again := finance.upload(at+"/results", results); !strings.Contains(again, "Was so already") {
			t.Error("the same file again is not said to do nothing")
		}
		finance.shows(at, "Made by", "Approved by", "1 payment file was made", "taken out", "1 paid", "nothing new")
		back := finance.upload(at+"/results", "id,status,reason\n"+pays[1][1]+",returned,no account\n")
		if !strings.Contains(back, "1 returned") {
			t.Error("the history does not tell that a payment came back")
		}
		if bad := finance.upload(at+"/results", "not,a,result\n1,2,3\n"); !strings.Contains(bad, "This file has no column") {
			t.Error("a file of something else is not refused")
		}
	})
}

func TestABatchIsCalledByWhatBecameOfIt(t *testing.T) {
	v := &visit{lang: lang.Of("en")}
	for _, c := range []struct {
		totals      string
		state, said string
	}{
		{"draft 2, cancelled 1", "draft", ""},
		{"sent 2", "sent", ""},
		{"sent 2, paid 3, failed 1", "sent", "3 paid, 1 failed, 2 not settled yet"},
		{"paid 5, failed 1", partlyPaid, "5 paid, 1 failed"},
		{"paid 5, cancelled 1", "paid", ""},
		{"failed 2", "failed", "2 failed"},
		{"cancelled 2", "cancelled", ""},
	} {
		var totals []payout.Total
		for part := range strings.SplitSeq(c.totals, ", ") {
			state, n, _ := strings.Cut(part, " ")
			count, _ := strconv.ParseInt(n, 10, 64)
			totals = append(totals, payout.Total{State: payout.State(state), Count: count})
		}
		if state, said := batchState(totals), v.settled(totals); state != c.state || said != c.said {
			t.Errorf("%s: %s %q", c.totals, state, said)
		}
	}
}

func (b *browser) upload(path, text string) string {
	b.w.t.Helper()
	var body bytes.Buffer
	form := multipart.NewWriter(&body)
	file, err := form.CreateFormFile("file", "result.csv")
	if err != nil {
		b.w.t.Fatal(err)
	}
	file.Write([]byte(text))
	form.Close()
	r, err := http.NewRequest("POST", b.w.server.URL+path, &body)
	if err != nil {
		b.w.t.Fatal(err)
	}
	r.Header.Set("Content-Type", form.FormDataContentType())
	_, answer, _ := b.do(r)
	return answer
}

func TestReverseAndSettings(t *testing.T) {
	w := newWorld(t, dbtest.Open(t, db.SQLite))
	owner := w.as("owner")
	at := "/console/acme/conversions/" + w.sale.Conversion.ID
	decide := func(reason string) (string, url.Values) {
		return "/console/acme/commissions/decide?back=" + url.QueryEscape(at), url.Values{"row": {w.commissionOf("Deal Otter")}, "do": {"reverse"}, "reverse-reason": {reason}}
	}
	address, form := decide("terms_violation")
	owner.step(address, form, at)
	owner.shows(at, "The commission is reversed.", "Taken back: Breach of the terms")
	address, form = decide("a whim")
	owner.step(address, form, "This reason does not fit the decision.")

	settings := "/console/acme/settings"
	owner.step(settings, url.Values{"name": {""}, "landing": {"x"}, "timezone": {"Mars/Olympus"}, "status": {"active"}, "description": {"typed"}}, "This is not a time zone")
	owner.step(settings, url.Values{"name": {"Acme"}, "landing": {"https://acme.example/"}, "timezone": {"Europe/Paris"}, "status": {"active"}, "domains": {"acme.example"}}, settings)
	owner.step(settings+"/terms", url.Values{"rate.sale": {"101"}, "window_days": {"30"}, "lock_days": {"30"}, "cycle": {"monthly"}, "threshold": {"50"}}, "A share is between 0 and 100%.")
	owner.step(settings+"/terms", url.Values{"rate.sale": {"8"}, "fixed.lead": {"3.50"}, "window_days": {"30"}, "lock_days": {"30"}, "cycle": {"monthly"}, "threshold": {"0"}}, settings+"/terms")
	w.browser().shows("/p/acme", "8% of each sale and €3.50 for each lead, 30 days after the click, paid monthly")
	owner.step(settings+"/model", url.Values{"model": {"time_decay"}, "half_life": {"24"}}, settings+"/terms")
	owner.shows(settings+"/terms", "a touch weighs half after every 24 hours")
	_, body, _ := owner.post(settings+"/tokens", url.Values{"name": {"Shop"}, "mode": {"live"}, "scope": {"conversions"}})
	secret := regexp.MustCompile(`trb_live_[a-z0-9]+`).FindString(body)
	if secret == "" {
		t.Fatal("the token is not shown")
	}
	if strings.Contains(owner.shows(settings+"/tokens", "Shop"), secret) {
		t.Error("the token is shown twice")
	}
	token := regexp.MustCompile(`/tokens/(tok_[a-z0-9]+)/revoke`).FindStringSubmatch(body)[1]
	owner.step(settings+"/tokens/"+token+"/revoke", nil, settings+"/tokens")
	owner.shows(settings+"/tokens", "The token is revoked.", "Revoked")
}
