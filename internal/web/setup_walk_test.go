package web

import (
	"context"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"net/url"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/tributary-hq/tributary/internal/conversion"
	"github.com/tributary-hq/tributary/internal/db"
	"github.com/tributary-hq/tributary/internal/db/dbtest"
	"github.com/tributary-hq/tributary/internal/lang"
	"github.com/tributary-hq/tributary/internal/program"
	"github.com/tributary-hq/tributary/internal/touch"
)

// emptyWorld is an installation in which nobody is yet, served, and the code of its first person.
func emptyWorld(t *testing.T, d *db.DB) (*world, string) {
	t.Helper()
	w := &world{t: t, d: d, keys: touch.NewKeys([]byte("0123456789abcdef0123456789abcdef")), now: time.Date(2026, 3, 1, 9, 0, 0, 0, time.UTC)}
	d.SetClock(func() time.Time { return w.now })
	w.server = httptest.NewServer(nil)
	t.Cleanup(w.server.Close)
	w.server.Config.Handler = New(Options{DB: d, Keys: w.keys, BaseURL: w.server.URL, Log: slog.New(slog.NewTextHandler(io.Discard, nil))})
	code, err := SetupCode(context.Background(), d)
	if err != nil || code == "" {
		t.Fatalf("the code is %q, %v", code, err)
	}
	return w, code
}

func ownerForm(code string) url.Values {
	return url.Values{"code": {code}, "name": {"Ada Moor"}, "email": {"ada@moor.example"}, "password": {password}, "locale": {"en"}, "brand": {"Café Moor"}}
}

func goodProgram() url.Values {
	return url.Values{"name": {"Moor Friends"}, "landing": {"moor.example"}, "currency": {"eur"}, "timezone": {"Europe/Berlin"}, "locale": {"fr"},
		"event.sale": {"1"}, "rate.sale": {"12,5"}, "event.lead": {"1"}, "fixed.lead": {"3"}, "click_param": {"tclid"}, "window_days": {"45"}, "lock_days": {"14"},
		"cycle": {"monthly"}, "threshold": {""}, "model": {"position"}}
}

func TestFirstRun(t *testing.T) {
	dbtest.Run(t, func(t *testing.T, d *db.DB) {
		w, code := emptyWorld(t, d)
		ada := w.browser()
		for _, page := range []string{"/", "/sign-in"} {
			if status, _, to := ada.get(page); status != http.StatusSeeOther || to != "/setup" {
				t.Errorf("%s of an empty installation leads to %d %q", page, status, to)
			}
		}
		ada.shows("/setup", "enter the setup code", `name="code"`)
		ada.shows("/setup?code="+code, "Nobody is here yet", `value="`+code+`"`)
		ada.step("/setup", ownerForm(code), "/console/new")

		ada.shows("/console/new", "Café Moor Partners", "10% of each sale, 30 days after the click, paid monthly from $50", `<option value="JPY">`)
		look := goodProgram()
		look.Set("look", "1")
		if status, body, _ := ada.post("/console/new", look); status != http.StatusOK || !strings.Contains(body, "12.5% of each sale and €3 for each lead, 45 days after the click, paid monthly from €50") {
			t.Errorf("the look at the words: %d", status)
		}
		ada.step("/console/new", goodProgram(), "/console/moor-friends/setup")
		p, err := program.BySlug(context.Background(), d.Read(), "moor-friends")
		if err != nil || p.Landing != "https://moor.example" || p.Locale != "fr" || p.Timezone != "Europe/Berlin" || strings.Join(p.Events, " ") != "sale lead" {
			t.Fatalf("the program is %+v, %v", p, err)
		}
		w.acme = p

		at := "/console/moor-friends"
		ada.shows(at+"/setup", "Your program is open.", "/tag.js", "?key="+p.Secret, "$TOKEN")
		_, body, _ := ada.post(at+"/setup/token", nil)
		secret := regexp.MustCompile(`trb_live_[a-z0-9]{52}`).FindString(body)
		if secret == "" || strings.Count(body, secret) != 2 {
			t.Error("the token is not shown alone and in the command")
		}
		if strings.Contains(ada.shows(at+"/setup"), "trb_live_") {
			t.Error("the token is shown twice")
		}
		ada.step(at+"/setup/tag", url.Values{"sell": {"1"}}, at+"/setup")
		ada.shows(at+"/setup", "The tag may report orders")

		ada.shows(at+"/setup/order", "No visit by the tag yet", "No order yet", `http-equiv="refresh"`)
		status, _, to := ada.post(at+"/setup/order", nil)
		if status != http.StatusSeeOther {
			t.Fatalf("the test order was answered %d", status)
		}
		for range 2 { // and after a reload
			ada.shows(to, "The test order went all the way", "Test partner", "€12.50", "12.5% of €100.00", "Test</span>")
		}
		w.standsNowhere(ada)

		w.meet([]touch.Touch{{ID: "tch_1", Program: p.ID, Kind: touch.Direct, Who: touch.WhoVisitor("visitor-1-visitor"), At: w.now}})
		w.report(conversion.New{Program: p.ID, Order: "M-1", Amount: "20.00", Currency: "EUR", Source: conversion.FromPostback})
		ada.shows(at+"/setup/order", "A visit by the tag", "Order M-1", "€20.00", "Postback")

		ada.shows(at, "Until your program runs", "First partner")
		_, body, _ = ada.post(at+"/setup/partner", url.Values{"name": {"Blog of Bea"}, "email": {"bea@blog.example"}})
		for _, want := range []string{"Blog of Bea is in", "/p/moor-friends", "Hand over this link yourself"} {
			if !strings.Contains(body, want) {
				t.Errorf("after the invitation there is no %q", want)
			}
		}
		key := regexp.MustCompile(`/invitation/[A-Za-z0-9_-]+`).FindString(body)
		w.browser().step(key, url.Values{"name": {"Bea"}, "password": {"long enough by far"}}, "/partner")
		link := regexp.MustCompile(`/c/[a-z0-9]{7}`).FindString(body)
		if link == "" {
			t.Error("there is no link to copy")
		}
		if body := ada.shows(at, "Blog of Bea joined"); strings.Contains(body, "applied") || strings.Contains(body, "made a link") {
			t.Error("whom the brand took in has applied or made a link")
		}
		if strings.Contains(ada.shows(at), "Until your program runs") {
			t.Error("the list stays when all is done")
		}
		w.browser().shows("/p/moor-friends", "12,5\u202f% de chaque vente")
	})
}

func TestOnlyTheFirstPersonSetsUp(t *testing.T) {
	dbtest.Run(t, func(t *testing.T, d *db.DB) {
		w, old := emptyWorld(t, d)
		code, err := SetupCode(context.Background(), d)
		if err != nil || code == old {
			t.Fatalf("a second start: %q, %v", code, err)
		}
		b := w.browser()
		for _, wrong := range []string{"x", old, code + "x", strings.ToUpper(code)} {
			if status, body, _ := b.get("/setup?code=" + wrong); status != http.StatusUnprocessableEntity || strings.Contains(body, `name="brand"`) {
				t.Errorf("the code %q: %d", wrong, status)
			}
			status, body, _ := b.post("/setup", ownerForm(wrong))
			if status != http.StatusUnprocessableEntity || !strings.Contains(body, "This is not the code") || !strings.Contains(body, `value="Café Moor"`) {
				t.Errorf("the form with the code %q: %d %s", wrong, status, alerts(body))
			}
		}
		b.step("/setup", ownerForm(code), "/console/new")
		for _, who := range []*browser{b, w.browser()} {
			if status, _, _ := who.get("/setup?code=" + code); status != http.StatusNotFound {
				t.Errorf("the page for a second person: %d", status)
			}
			second := ownerForm(code)
			second.Set("email", "bob@moor.example")
			if status, _, _ := who.post("/setup", second); status != http.StatusNotFound {
				t.Errorf("the form of a second person: %d", status)
			}
		}
		if again, err := SetupCode(context.Background(), d); again != "" || err != nil {
			t.Errorf("there is a code %q for an installation with people, %v", again, err)
		}
	})
}

func TestOfTwoFirstPeopleOneIsTheFirst(t *testing.T) {
	dbtest.Run(t, func(t *testing.T, d *db.DB) {
		w, code := emptyWorld(t, d)
		answers := make(chan int)
		for _, name := range []string{"ada", "bob"} {
			form := ownerForm(code)
			form.Set("email", name+"@moor.example")
			form.Set("brand", name)
			go func() {
				answer, err := http.DefaultTransport.RoundTrip(postOf(w.server.URL+"/setup", form))
				if err != nil {
					answers <- 0
					return
				}
				answer.Body.Close()
				answers <- answer.StatusCode
			}()
		}
		if one, other := <-answers, <-answers; (one == http.StatusSeeOther) == (other == http.StatusSeeOther) {
			t.Errorf("the two were answered %d and %d", one, other)
		}
		if brands, err := program.Brands(context.Background(), d.Read()); err != nil || len(brands) != 1 {
			t.Errorf("there are %d brands, %v", len(brands), err)
		}
	})
}

func postOf(address string, form url.Values) *http.Request {
	r, _ := http.NewRequest("POST", address, strings.NewReader(form.Encode()))
	r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	return r
}

func TestTheListOfStepsCanBePutAway(t *testing.T) {
	w, code := emptyWorld(t, dbtest.Open(t, db.SQLite))
	ada := w.browser()
	ada.step("/setup", ownerForm(code), "/console/new")
	ada.step("/console/new", goodProgram(), "/console/moor-friends/setup")
	ada.shows("/console/moor-friends", "Until your program runs")
	ada.step("/console/moor-friends/setup/dismiss", nil, "/console/moor-friends")
	if strings.Contains(ada.shows("/console/moor-friends"), "Until your program runs") {
		t.Error("the list is still there")
	}
	if status, _, to := ada.get("/console"); status != http.StatusSeeOther || to != "/console/moor-friends" {
		t.Errorf("the console leads to %d %s", status, to)
	}
}

func TestFirstAnswersThatAreRefused(t *testing.T) {
	w, code := emptyWorld(t, dbtest.Open(t, db.SQLite))
	b := w.browser()
	for _, c := range []struct{ name, field, value, want string }{
		{"no name", "name", " ", "An answer is needed here."},
		{"no address", "email", "ada", "This is not an e-mail address."},
		{"a short password", "password", "short", "A password has 10 to 256 characters."},
		{"no brand", "brand", "", "An answer is needed here."},
		{"a brand with too long a name", "brand", strings.Repeat("b", 121), "A name of at most 120 characters is needed."},
		{"an impossible short name", "slug", "Über uns", "Small letters, digits and hyphens"},
	} {
		form := ownerForm(code)
		form.Set(c.field, c.value)
		status, body, _ := b.post("/setup", form)
		if status != http.StatusUnprocessableEntity || !strings.Contains(alerts(body), c.want) || strings.Count(body, c.want) < 2 ||
			c.field != "email" && !strings.Contains(body, `value="ada@moor.example"`) || strings.Contains(body, password) {
			t.Errorf("%s: %d %s", c.name, status, alerts(body))
		}
	}
	all := url.Values{"code": {code}, "name": {""}, "email": {"ada"}, "password": {"x"}, "brand": {""}}
	if _, body, _ := b.post("/setup", all); strings.Count(alerts(body), "<li>") != 4 {
		t.Errorf("not all that is wrong is said at once: %s", alerts(body))
	}
	b.step("/setup", ownerForm(code), "/console/new") // nothing of the refused ones was kept
	for _, c := range []struct{ name, field, value, want string }{
		{"no name", "name", "", "An answer is needed here."},
		{"no shop", "landing", "", "An answer is needed here."},
		{"a shop that is no address", "landing", "ftp://moor", "This is not a web address."},
		{"a currency that does not exist", "currency", "EURO", "This is not a currency code"},
		{"a zone on another planet", "timezone", "Mars/Olympus", "This is not a time zone"},
		{"more than all", "rate.sale", "101", "A share is between 0 and 100%."},
		{"a sum in words", "fixed.lead", "three", "This is not an amount."},
		{"no day to look back", "window_days", "0", "1 to 400 days."},
		{"a lock for ever", "lock_days", "1000", "0 to 366 days."},
		{"too many decimals", "threshold", "1.234", "This is not an amount."},
		{"a model that nobody knows", "model", "luck", "Choose one of the models."},
		{"a parameter with a space", "click_param", "my id", "Letters, digits"},
		{"the console's own short name", "slug", "new", "This short name is an address of the pages."},
	} {
		form := goodProgram()
		form.Set(c.field, c.value)
		status, body, _ := b.post("/console/new", form)
		if status != http.StatusUnprocessableEntity || !strings.Contains(alerts(body), c.want) || c.field != "name" && !strings.Contains(body, `value="Moor Friends"`) ||
			c.value != "" && c.field != "model" && !strings.Contains(body, `value="`+c.value+`"`) {
			t.Errorf("%s: %d %s", c.name, status, alerts(body))
		}
	}
	wrong := goodProgram()
	for field, value := range map[string]string{"name": "", "landing": "ftp://moor", "currency": "EURO", "timezone": "Mars", "rate.sale": "101", "fixed.lead": "three",
		"window_days": "0", "lock_days": "soon", "threshold": "1.234", "model": "luck", "click_param": "my id"} {
		wrong.Set(field, value)
	}
	if _, body, _ := b.post("/console/new", wrong); strings.Count(alerts(body), "<li>") != 11 {
		t.Errorf("not all that is wrong is said at once: %s", alerts(body))
	}
	nothing := goodProgram()
	for _, name := range []string{"event.sale", "rate.sale", "event.lead", "fixed.lead"} {
		nothing.Set(name, "")
	}
	b.step("/console/new", nothing, "A contract must pay for at least one event")
	b.step("/console/new", goodProgram(), "/console/moor-friends/setup")
	b.step("/console/new", goodProgram(), "/console/moor-friends-2/setup")
	w.catching()
	var err error
	if w.acme, err = program.BySlug(context.Background(), w.d.Read(), "moor-friends"); err != nil {
		t.Fatal(err)
	}
	at := "/console/moor-friends/setup/partner"
	b.step(at, url.Values{"name": {""}, "email": {"x"}}, "An answer is needed here.")
	b.step(at, url.Values{"name": {"Bea"}, "email": {"x"}}, "This is not an e-mail address.")
	bea := url.Values{"name": {"Bea"}, "email": {"bea@blog.example"}}
	b.step(at, bea, at+"?partner=")
	link, _ := w.keyTo("bea@blog.example")
	w.browser().step(link, url.Values{"name": {"Bea"}, "password": {"long enough by far"}}, "/partner")
	b.step(at, bea, "already")
	b.step("/console/moor-friends-2/setup/partner", bea, "/console/moor-friends-2/setup/partner") // she is in when she accepts
	if mails := w.inbox("bea@blog.example"); len(mails) != 2 {
		t.Errorf("mails: %+v", mails)
	}
}

func TestUsualThresholdFollowsTheCurrency(t *testing.T) {
	w, code := emptyWorld(t, dbtest.Open(t, db.SQLite))
	b := w.browser()
	b.step("/setup", ownerForm(code), "/console/new")
	for currency, want := range map[string]string{"JPY": "from ¥5,000", "EUR": "from €50", "KWD": "from KWD"} {
		form := goodProgram()
		form.Set("currency", currency)
		form.Set("look", "1")
		if _, body, _ := b.post("/console/new", form); !strings.Contains(body, want) {
			t.Errorf("%s: no %q", currency, want)
		}
	}
}

func TestFirstPagesInEveryLanguage(t *testing.T) {
	w, code := emptyWorld(t, dbtest.Open(t, db.SQLite))
	b := w.browser()
	read := func(addresses ...string) {
		t.Helper()
		for _, l := range lang.All() {
			b.post("/language", url.Values{"language": {l.Tag}})
			for _, address := range addresses {
				_, body, _ := b.get(address)
				for _, fault := range faultsOf(body, l.Tag) {
					t.Errorf("%s in %s: %s", address, l.Tag, fault)
				}
			}
		}
	}
	read("/setup", "/setup?code="+code, "/setup?code=wrong")
	b.step("/setup", ownerForm(code), "/console/new")
	read("/console/new")
	b.step("/console/new", goodProgram(), "/console/moor-friends/setup")
	read("/console/moor-friends", "/console/moor-friends/setup", "/console/moor-friends/setup/order", "/console/moor-friends/setup/partner", "/console/moor-friends/settings")
	receipt, _, _ := strings.Cut(b.step("/console/moor-friends/setup/order", nil, "/console/moor-friends/setup/order?test="), "#")
	read(receipt)
}

func TestSettingsOfAProgram(t *testing.T) {
	w := newWorld(t, dbtest.Open(t, db.SQLite))
	owner, analyst := w.as("owner"), w.as("analyst")
	settings := "/console/acme/settings"
	owner.shows(settings+"/questions", "How will you promote us?", "Application form")
	owner.step(settings+"/questions", url.Values{"question.0": {"How will you promote us?"}, "question.1": {"Since when?"}, "required.1": {"1"}}, settings+"/questions")
	body := w.browser().shows("/p/acme", "Since when?")
	if !strings.Contains(body, `name="form.question_2"`) || !strings.Contains(body, `name="form.plan"`) {
		t.Error("a question has lost its name")
	}
	owner.step(settings+"/questions", url.Values{"question.0": {""}, "question.1": {strings.Repeat("why ", 100)}}, "This question is too long.")
	owner.step(settings+"/questions", url.Values{"question.0": {""}, "question.1": {"Since when?"}}, settings+"/questions")
	if body := w.browser().shows("/p/acme", "Since when?"); strings.Contains(body, "How will you promote us?") {
		t.Error("a question that was emptied is still asked")
	}
	owner.step(settings+"/languages", url.Values{"description.fr": {"Des sacs.\n\nEt <des> tentes."}, "question.question_2.fr": {"Depuis quand ?"}}, settings+"/questions")
	owner.step(settings+"/questions", url.Values{"question.0": {"Since when?"}}, settings) // which keeps what it is called elsewhere
	reader := w.browser()
	reader.post("/language", url.Values{"language": {"fr"}})
	reader.shows("/p/acme", "Depuis quand ?", "<p>Des sacs.</p><p>Et &lt;des&gt; tentes.</p>")
	w.browser().shows("/p/acme", "Since when?")
	owner.step(settings+"/languages", url.Values{"question.question_2.fr": {strings.Repeat("x", 301)}}, "This question is too long.")
	owner.step(settings+"/tracking", url.Values{"click_param": {"tclid"}, "locale": {"en"}}, "Choose at least one event type")
	owner.step(settings+"/tracking", url.Values{"event.sale": {"1"}, "events": {"Trial!"}, "click_param": {"tclid"}, "locale": {"en"}}, "Choose at least one event type")
	owner.step(settings+"/tracking", url.Values{"event.sale": {"1"}, "events": {"trial, demo_call"}, "click_param": {"click id"}, "locale": {"en"}}, "Letters, digits")
	owner.step(settings+"/tracking", url.Values{"event.sale": {"1"}, "events": {"trial, demo_call"}, "click_param": {"aff_click"}, "tag_sales": {"yes"}}, settings+"/tracking")
	p, err := program.BySlug(context.Background(), w.d.Read(), "acme")
	if err != nil || strings.Join(p.Events, " ") != "sale trial demo_call" || p.ClickParam != "aff_click" || !p.TagSales {
		t.Errorf("the program is %+v, %v", p, err)
	}
	owner.shows(settings+"/tracking", `value="trial demo_call"`, `data-param=&#34;aff_click&#34;`)
	for _, path := range []string{"/console/new", "/console/acme/setup"} {
		if status, _, _ := analyst.get(path); status != http.StatusForbidden {
			t.Errorf("%s for an analyst: %d", path, status)
		}
	}
	for reader, want := range map[string]int{"owner": 200, "manager": 200, "rivalowner": 200, "finance": 403, "Marta’s Kitchen": 404} {
		if status, body, _ := w.as(reader).get("/console/new"); status != want || reader == "rivalowner" && strings.Contains(body, "Acme") {
			t.Errorf("/console/new for %s: %d", reader, status)
		}
	}
	other := goodProgram()
	other.Set("brand", w.acme.Brand)
	if status, _, _ := w.as("rivalowner").post("/console/new", other); status != http.StatusNotFound {
		t.Errorf("a program for another's brand: %d", status)
	}
}

func TestSlugOf(t *testing.T) {
	for name, want := range map[string]string{"Café Moor": "cafe-moor", "Marta’s Kitchen": "martas-kitchen", "Straße & Co.": "strasse-co", "河流": "brand", "": "brand",
		"--": "brand", strings.Repeat("long ", 20): "long-long-long-long-long-long-long-lo"} {
		if got := slugOf(name, "brand"); got != want {
			t.Errorf("%q is %q, want %q", name, got, want)
		}
	}
}
