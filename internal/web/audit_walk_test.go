package web

import (
	"context"
	"io"
	"log/slog"
	"net/http"
	"net/url"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/tributary-hq/tributary/internal/audit"
	"github.com/tributary-hq/tributary/internal/auth"
	"github.com/tributary-hq/tributary/internal/db"
	"github.com/tributary-hq/tributary/internal/db/dbtest"
	"github.com/tributary-hq/tributary/internal/job"
	"github.com/tributary-hq/tributary/internal/lang"
	"github.com/tributary-hq/tributary/internal/mail"
	"github.com/tributary-hq/tributary/internal/payout"
	"github.com/tributary-hq/tributary/internal/touch"
)

// unlogged are the forms that change nothing that anybody would look for later.
var unlogged = map[string]string{
	"POST /language":                        "what a reader reads in",
	"POST /theme":                           "what a reader reads in",
	"POST /forgot":                          "a mail is written, if anybody has the address; the new password is told",
	"POST /console/{program}/setup/dismiss": "a list of hints is put away",
	"POST /console/{program}/ledger/check":  "the books are read, and nothing in them changes",
	"POST /styleguide":                      "a sample of a form; nothing is kept",
}

// logged are the actions of all entries, in whosesoever log, the oldest first.
func (w *world) logged() []string {
	w.t.Helper()
	ctx := context.Background()
	if _, err := job.NewRunner(w.d, slog.New(slog.NewTextHandler(io.Discard, nil)), audit.Handlers).RunDue(ctx); err != nil {
		w.t.Fatal(err)
	}
	list, err := db.All(ctx, w.d.Read(), db.Value[string], "select noun || '.' || verb from audit order by id")
	if err != nil {
		w.t.Fatal(err)
	}
	return list
}

// log is the brand's log as its owner downloads it.
func (w *world) log(reader, address string) string {
	w.t.Helper()
	status, body, _ := w.as(reader).get(address)
	if status != http.StatusOK {
		w.t.Fatalf("GET %s: %d", address, status)
	}
	return body
}

// TestEveryFormIsInTheLog sends every form of the product once, and finds each in the log. A form that is added is missed here
// until it is sent too, or said to be unlogged.
func TestEveryFormIsInTheLog(t *testing.T) {
	dbtest.Run(t, func(t *testing.T, d *db.DB) {
		w := newWorld(t, d)
		w.now = w.now.AddDate(0, 0, 45)
		w.mature()
		team := map[string]*browser{}
		as := func(name string) *browser {
			if team[name] == nil {
				team[name] = w.as(name)
			}
			return team[name]
		}
		seen := map[string]bool{}
		send := func(route string, by *browser, address string, form url.Values, want ...audit.Action) (body, to string) {
			t.Helper()
			seen[route] = true
			w.now = w.now.Add(time.Second)
			before := len(w.logged())
			status, body, to := by.post(address, form)
			if status >= 400 && address != "/sign-in" {
				t.Fatalf("%s: %d %s", route, status, alerts(body))
			}
			var told []audit.Action
			for _, action := range w.logged()[before:] {
				told = append(told, audit.Action(action))
			}
			if slices.Sort(told); !slices.Equal(told, want) {
				t.Errorf("%s leaves %v in the log, want %v", route, told, want)
			}
			return body, to
		}
		const at, console = "/console/acme", "POST /console/{program}"
		nomads, marta := at+"/partners/"+w.pts["Nordic Nomads"].ID, "/partner/"+w.pts["Marta’s Kitchen"].ID

		owner := w.browser()
		send("POST /sign-in", owner, "/sign-in", url.Values{"email": {email("owner")}, "password": {"not the right one"}}, audit.SessionRefuse)
		send("POST /sign-in", w.browser(), "/sign-in", url.Values{"email": {"nobody@example.org"}, "password": {"not the right one"}})
		send("POST /sign-in", owner, "/sign-in", url.Values{"email": {email("owner")}, "password": {password}}, audit.SessionBegin)
		team["owner"] = owner
		send("POST /sign-out", w.as("analyst"), "/sign-out", nil, audit.SessionEnd)
		send("POST /sign-out", w.browser(), "/sign-out", nil)
		send("POST /p/{slug}", w.browser(), "/p/acme", url.Values{"name": {"Fern & Co"}, "email": {"fern@example.org"}, "kind": {"creator"}, "form.plan": {"With films"},
			"password": {"a long enough one"}}, audit.PartnershipApply)

		partner := console + "/partners/{pts}"
		send(partner+"/decline", owner, nomads+"/decline", url.Values{"reason": {"Not this season"}}, audit.PartnershipDecline)
		send(partner+"/accept", owner, nomads+"/accept", nil, audit.PartnershipAccept)
		send(partner+"/pause", owner, nomads+"/pause", nil, audit.PartnershipPause)
		send(partner+"/resume", owner, nomads+"/resume", nil, audit.PartnershipResume)
		send(partner+"/codes", owner, nomads+"/codes", url.Values{"code": {"NOMAD10"}}, audit.PartnershipCode)
		terms := url.Values{"rate.sale": {"12"}, "window_days": {"45"}, "lock_days": {"14"}, "cycle": {"weekly"}, "threshold": {"20"}, "sure": {"yes"}}
		send(partner+"/terms", owner, nomads+"/terms", terms, audit.PartnershipAgree)
		decide := func(do string, rows []string, want ...audit.Action) {
			t.Helper()
			send(console+"/commissions/decide", owner, at+"/commissions/decide", url.Values{"do": {do}, "row": rows, "hold-reason": {"order_check"},
				"reverse-reason": {"partner_fraud"}, "reverse-note": {"Bought by themselves"}}, want...)
		}
		otter, late := w.commissionOf("Deal Otter"), w.latest("Deal Otter")
		decide("hold", []string{late, otter}, audit.CommissionHold) // the other is locked
		decide("hold", []string{late})                              // it is held already
		decide("release", []string{late}, audit.CommissionRelease)
		decide("approve", []string{late}, audit.CommissionApprove)
		decide("reverse", []string{late, otter}, audit.CommissionReverse, audit.CommissionReverse)
		some := []string{w.pts["Deal Otter"].ID, w.pts["Trailhead Weekly"].ID}
		send(console+"/partners", owner, at+"/partners", url.Values{"do": {"tag"}, "tag.tags": {"spring"}, "row": some}, audit.PartnershipCare, audit.PartnershipCare)
		send(console+"/applications", owner, at+"/applications", url.Values{"do": {"pause"}, "pause.reason": {"Too many tags"}, "row": some[1:]}, audit.PartnershipPause)
		clicks := w.marked("Deal Otter", touch.Bot)
		send(console+"/traffic/judge", owner, at+"/traffic/judge", url.Values{"do": {"accept"}, "row": {clicks[0].ID}, "accept-reason": {"Our office"}}, audit.ProgramJudge)
		send(console+"/traffic/judge", owner, at+"/traffic/judge", url.Values{"do": {"accept"}, "row": {clicks[0].ID}}) // it counts already
		send(console+"/traffic/rules", owner, at+"/traffic/rules", url.Values{"repeat_ms": {"5000"}}, audit.ProgramChange)
		w.sendsCodes(send, owner)
		w.sendsSteering(send, owner, as("Marta’s Kitchen"))
		w.sendsCare(send, owner)
		w.sendsOrders(send, owner)
		w.sendsCreatives(send, owner, as("Marta’s Kitchen"))
		w.sendsProfile(send, as("Marta’s Kitchen"))
		w.sendsPostbacks(send, owner, as("Marta’s Kitchen"))
		w.bringsDomains(send, owner, as("Marta’s Kitchen"))
		w.sendsTrials(send, owner)
		w.sendsSources(send, owner, as("Marta’s Kitchen"))

		_, batch := send(console+"/payouts", owner, at+"/payouts", url.Values{"all": {"1"}}, audit.BatchMake)
		id := batch[strings.LastIndex(batch, "/")+1:]
		pays, err := payout.In(t.Context(), d.Read(), id)
		if err != nil || len(pays) < 2 {
			t.Fatalf("%d payouts, %v", len(pays), err)
		}
		one := console + "/payouts/{batch}"
		send(one+"/cancel/{pay}", owner, batch+"/cancel/"+pays[0].ID, nil, audit.BatchCancel)
		send(one+"/approve", owner, batch+"/approve", nil, audit.BatchApprove)
		send(one+"/send", owner, batch+"/send", nil, audit.BatchSend)
		w.now = w.now.Add(time.Second)
		before := len(w.logged())
		owner.upload(batch+"/results", "id,status,reason\n"+pays[1].ID+",paid,\n")
		if got := w.logged()[before:]; !slices.Equal(got, []string{string(audit.BatchSettle)}) {
			t.Errorf("results leave %v in the log", got)
		}
		seen[one+"/results"] = true

		settings := at + "/settings"
		send(console+"/settings", owner, settings, url.Values{"name": {"Acme Friends"}, "landing": {"https://acme.example/"}, "domains": {"acme.example"},
			"timezone": {"Europe/Paris"}, "status": {"active"}}, audit.ProgramChange)
		send(console+"/settings/terms", owner, settings+"/terms", terms, audit.ProgramOffer)
		send(console+"/settings/model", owner, settings+"/model", url.Values{"model": {"time_decay"}, "half_life": {"24"}}, audit.ProgramModel)
		send(console+"/settings/questions", owner, settings+"/questions", url.Values{"question.0": {"Where?"}, "required.0": {"1"}}, audit.ProgramChange)
		send(console+"/settings/tracking", owner, settings+"/tracking", url.Values{"event.sale": {"1"}, "click_param": {"ref"}, "locale": {"fr"}}, audit.ProgramChange)
		body, _ := send(console+"/settings/tokens", owner, settings+"/tokens", url.Values{"name": {"Shop"}, "mode": {"live"}, "scope": {"conversions"}}, audit.TokenCreate)
		send(console+"/settings/languages", owner, settings+"/languages", url.Values{"description.fr": {"Pour la montagne"}}, audit.ProgramChange)
		send(console+"/settings/secret", owner, settings+"/secret", nil, audit.ProgramSecret)
		send(console+"/settings/keeping", owner, settings+"/keeping", url.Values{"redirect_first": {"yes"}, "keep_months": {"24"}, "plain_days": {"30"}}, audit.ProgramChange)
		send(console+"/settings/brand", owner, settings+"/brand", url.Values{"name": {"Acme & Friends"}}, audit.BrandChange)
		secret := regexp.MustCompile(`trb_live_[a-z0-9]+`).FindString(body)
		token := regexp.MustCompile(`/tokens/(tok_[a-z0-9]+)/revoke`).FindStringSubmatch(body)[1]
		send(console+"/settings/tokens/{tok}/revoke", owner, settings+"/tokens/"+token+"/revoke", nil, audit.TokenRevoke)

		setup := at + "/setup"
		send(console+"/setup/tag", owner, setup+"/tag", url.Values{"sell": {"1"}}, audit.ProgramChange)
		send(console+"/setup/token", owner, setup+"/token", nil, audit.TokenCreate)
		send(console+"/setup/order", owner, setup+"/order", nil, audit.ProgramTry)
		send(console+"/setup/partner", owner, setup+"/partner", url.Values{"name": {"First"}, "email": {"first@example.org"}}, audit.PartnershipInvite)
		send(console+"/setup/dismiss", owner, setup+"/dismiss", nil)
		send(console+"/ledger/check", owner, at+"/ledger/check", nil)
		send("POST /console/new", owner, "/console/new", goodProgram(), audit.ProgramCreate)

		send(console+"/partners/invite", owner, at+"/partners/invite", url.Values{"name": {"Second"}, "email": {"second@example.org"}, "kind": {"creator"},
			"locale": {"en"}}, audit.PartnershipInvite)
		second, _ := w.keyTo("second@example.org")
		send("POST /invitation/{key}", w.browser(), second, url.Values{"name": {"Second"}, "password": {"a long enough one"}}, audit.PartnershipJoin, audit.SessionBegin)
		send(console+"/settings/team", owner, settings+"/team", url.Values{"email": {"third@example.org"}, "role": {"analyst"}}, audit.TeamInvite)
		third, _ := w.keyTo("third@example.org")
		send("POST /invitation/{key}", w.browser(), third, url.Values{"name": {"Third"}, "password": {"a long enough one"}}, audit.SessionBegin, audit.TeamJoin)
		send(console+"/settings/team", owner, settings+"/team", url.Values{"email": {"fourth@example.org"}, "role": {"finance"}}, audit.TeamInvite)
		body = owner.shows(settings+"/team", "fourth@example.org")
		open := regexp.MustCompile(`invitations/(inv_[a-z0-9]+)/withdraw`).FindStringSubmatch(body)[1]
		send(console+"/settings/team/invitations/{inv}/withdraw", owner, settings+"/team/invitations/"+open+"/withdraw", nil, audit.TeamWithdraw)
		analyst, _, err := auth.ByEmail(t.Context(), d.Read(), email("analyst"))
		if err != nil {
			t.Fatal(err)
		}
		member := settings + "/team/" + analyst.ID
		send(console+"/settings/team/{per}/role", owner, member+"/role", url.Values{"role": {"manager"}}, audit.TeamRole)
		send(console+"/settings/team/{per}/remove", owner, member+"/remove", nil, audit.TeamRemove)
		_, mal := w.keyTo("third@example.org")
		w.write(func(ctx context.Context, tx *db.Tx) error {
			_, err := db.Exec(ctx, tx, "update mail set state = 'failed' where id = $1", mal)
			return err
		})
		send(console+"/settings/mails/{mal}/resend", owner, settings+"/mails/"+mal+"/resend", nil, audit.MailResend)

		_, link := send("POST /partner/{pts}/links", as("Marta’s Kitchen"), marta+"/links", url.Values{"label": {"Stove"}}, audit.LinkCreate)
		link, _, _ = strings.Cut(link, "?")
		send("POST /partner/{pts}/links/{lnk}", as("Marta’s Kitchen"), link, url.Values{"label": {"Stoves"}}, audit.LinkChange)
		send("POST /partner/{pts}/profile", as("Marta’s Kitchen"), marta+"/profile", url.Values{"name": {"Marta’s Kitchen"}, "kind": {"blogger"}, "rail": {"wise"},
			"pay_to": {"accounts@martas.example"}, "locale": {"en"}}, audit.PartnerChange)
		w.offlineForms(owner, as("Marta’s Kitchen"), send, func(route string, by *browser, address string, form url.Values, body string, want ...audit.Action) string {
			t.Helper()
			seen[route] = true
			w.now = w.now.Add(time.Second)
			before := len(w.logged())
			status, answer, to := by.sendsFile(address, form, "x.csv", body)
			if told := w.logged()[before:]; status != http.StatusSeeOther || len(told) != len(want) || told[0] != string(want[0]) {
				t.Errorf("%s: %d %s leaves %v in the log, want %v", route, status, alerts(answer), told, want)
			}
			return to
		})
		send("POST /forgot", w.browser(), "/forgot", url.Values{"email": {email("finance")}})
		send("POST /reset/{key}", w.browser(), w.asks(email("finance")), url.Values{"password": {"another long one"}}, audit.PasswordChange)
		send("POST /language", owner, "/language", url.Values{"language": {"en"}})
		send("POST /styleguide", owner, "/styleguide", nil)
		send("POST /theme", owner, "/theme", url.Values{"theme": {"dark"}})

		empty, code := emptyWorld(t, dbtest.Open(t, d.Engine))
		empty.browser().step("/setup", ownerForm(code), "/console/new")
		if got := empty.logged(); !slices.Contains(got, string(audit.BrandCreate)) {
			t.Errorf("the first run leaves %v in the log", got)
		}
		seen["POST /setup"] = true

		for _, r := range routes {
			if strings.HasPrefix(r.pattern, "POST ") && !seen[r.pattern] {
				t.Errorf("no test finds %s in the log: send it here, or say in unlogged why it is not told", r.pattern)
			}
		}
		for pattern := range unlogged {
			if !seen[pattern] {
				t.Errorf("%s is in unlogged and was not sent", pattern)
			}
		}
		for _, l := range lang.All() {
			owner.post("/language", url.Values{"language": {l.Tag}})
			for _, address := range []string{"/console/acme/settings/audit", "/console/acme/settings/audit?noun=program", "/console/acme/settings/audit?noun=partnership"} {
				if body := owner.shows(address); strings.Contains(body, lang.Missing) {
					t.Errorf("%s in %s: %s", address, l.Tag, around(body, lang.Missing))
				}
			}
		}
		file := owner.shows(settings+"/audit.csv", "Not this season", "Acme Friends", "a***@martas.example", "NOMAD10", "127.0.0.0", "Pour la montagne", "Mountains and tents", "Otto Amt")
		for _, never := range []string{secret, "accounts@martas", password, "another long one", "argon2", w.acme.Secret, "Rival", "Never lend her a pan", "colleague"} {
			if strings.Contains(file, never) {
				t.Errorf("the log tells %q", never)
			}
		}
	})
}

// TestThePartnersSideOfTheLog has a partner of both brands and one of neither change how they are paid.
func TestThePartnersSideOfTheLog(t *testing.T) {
	dbtest.Run(t, func(t *testing.T, d *db.DB) {
		w := newWorld(t, d)
		profile := func(name, account, locale string) {
			t.Helper()
			w.as(name).step("/partner/"+w.pts[name].ID+"/profile", url.Values{"name": {name}, "kind": {"blogger"}, "website": {"https://blog.example"}, "rail": {"paypal"},
				"pay_to": {account}, "locale": {locale}}, "/partner/")
		}
		profile("Zed Reviews", "zeds-new-account@example.org", "en")
		profile("Marta’s Kitchen", "pay."+email("Marta’s Kitchen"), "fr") // a language concerns nobody else
		ours, theirs := w.log("owner", "/console/acme/settings/audit.csv"), w.log("rivalowner", "/console/rival/settings/audit.csv")
		for _, never := range []string{"Zed", "zeds", w.pts["Zed Reviews"].Partner.ID, "Marta", "partner.change"} {
			if strings.Contains(ours, never) {
				t.Errorf("a brand with which the partner does not work reads %q", never)
			}
		}
		for _, want := range []string{"partner.change", "Zed Reviews", "pay_to,p***@example.org,z***@example.org"} {
			if !strings.Contains(theirs, want) {
				t.Errorf("the brand does not read %q: %s", want, theirs)
			}
		}
		zed, _, err := auth.ByEmail(t.Context(), d.Read(), email("Zed Reviews"))
		if err != nil {
			t.Fatal(err)
		}
		for _, line := range strings.Split(theirs, "\n") {
			if strings.Contains(line, "Zed") && (strings.Contains(line, "127.0.0") || strings.Contains(line, zed.ID) || strings.Contains(line, "session")) {
				t.Errorf("the brand reads more of the partner than concerns it: %s", line)
			}
		}
		if strings.Contains(theirs, "zeds-new") {
			t.Error("the account is told")
		}
		told := func(name string) (list []mail.Letter) {
			for _, l := range w.inbox(email(name)) {
				if l.Kind == mail.PayoutWasChanged {
					list = append(list, l)
				}
			}
			return list
		}
		mails := told("Zed Reviews")
		if len(mails) != 1 || mails[0].Brand != "" || !strings.Contains(mails[0].Text, "z***@example.org") || strings.Contains(mails[0].Text, "zeds-new") {
			t.Errorf("the partner was written %d mails: %v", len(mails), mails)
		}
		if len(told("Marta’s Kitchen")) != 0 {
			t.Error("a language is told by mail")
		}
	})
}

// TestAPasswordThatChangesIsTold by mail to the person whose it is.
func TestAPasswordThatChangesIsTold(t *testing.T) {
	w := newWorld(t, dbtest.Open(t, db.SQLite))
	w.browser().step(w.asks(email("finance")), url.Values{"password": {"another long one"}}, "/sign-in")
	for _, l := range w.inbox(email("finance")) {
		if l.Subject == "Your password was changed" && strings.Contains(l.Text, w.server.URL+"/forgot") {
			return
		}
	}
	t.Error("nobody was told")
}

// TestTheLogIsNarrowed by what its address says.
func TestTheLogIsNarrowed(t *testing.T) {
	w := newWorld(t, dbtest.Open(t, db.SQLite))
	manager := w.as("manager")
	nomads := "/console/acme/partners/" + w.pts["Nordic Nomads"].ID
	manager.step(nomads+"/accept", nil, nomads)
	w.as("owner").step("/console/acme/settings/model", url.Values{"model": {"first"}}, "/console/acme/settings")
	who, _, err := auth.ByEmail(t.Context(), w.d.Read(), email("manager"))
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct{ query, shown, hidden string }{
		{"", "Accepted the partner", "Nothing here"},
		{"who=" + who.ID, "Accepted the partner", "Chose another settlement model"},
		{"noun=program", "Chose another settlement model", "Accepted the partner"},
		{"subject=" + w.pts["Nordic Nomads"].ID, "History of Nordic Nomads", "Chose another settlement model"},
		{"from=2026-01-01&to=2026-01-31", "No change fits", "Accepted the partner"},
		{"who=per_nobody", "No change fits", "Accepted the partner"},
	} {
		body := manager.shows("/console/acme/settings/audit?"+c.query, c.shown)
		if strings.Contains(body, `log-what">`+c.hidden) {
			t.Errorf("%q shows %q", c.query, c.hidden)
		}
	}
	manager.shows(nomads+"?tab=timeline", "/console/acme/settings/audit?subject="+w.pts["Nordic Nomads"].ID)
	if status, _, _ := w.as("analyst").get("/console/acme/settings/audit"); status != http.StatusForbidden {
		t.Errorf("an analyst reads the log: %d", status)
	}
}
