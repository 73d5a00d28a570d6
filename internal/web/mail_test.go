package web

import (
	"context"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/tributary-hq/tributary/internal/auth"
	"github.com/tributary-hq/tributary/internal/db"
	"github.com/tributary-hq/tributary/internal/db/dbtest"
	"github.com/tributary-hq/tributary/internal/lang"
	"github.com/tributary-hq/tributary/internal/mail"
	"github.com/tributary-hq/tributary/internal/partner"
)

// catching serves the world as a demonstration does: every mail can be read.
func (w *world) catching() {
	w.t.Helper()
	post, err := mail.Open(mail.Options{Catch: true, BaseURL: w.server.URL})
	if err != nil {
		w.t.Fatal(err)
	}
	w.server.Config.Handler = New(Options{DB: w.d, Keys: w.keys, BaseURL: w.server.URL, Post: post, Log: slog.New(slog.NewTextHandler(io.Discard, nil))})
}

func TestForgottenPassword(t *testing.T) {
	dbtest.Run(t, func(t *testing.T, d *db.DB) {
		w := newWorld(t, d)
		b := w.browser()
		b.shows("/sign-in", `href="/forgot"`)
		answers := map[string]string{}
		for _, address := range []string{email("owner"), "nobody@example.org"} {
			status, body, _ := b.post("/forgot", url.Values{"email": {address}})
			if status != http.StatusOK {
				t.Errorf("%s: %d", address, status)
			}
			answers[address] = strings.ReplaceAll(body, address, "X")
		}
		if answers[email("owner")] != answers["nobody@example.org"] {
			t.Error("the answer tells whether somebody has the address")
		}
		if len(w.inbox("nobody@example.org")) != 0 || len(w.inbox(email("owner"))) != 1 {
			t.Error("not one mail, to whom it may concern")
		}
		if status, body, _ := b.post("/forgot", url.Values{"email": {"not an address"}}); status != http.StatusUnprocessableEntity || !strings.Contains(body, `value="not an address"`) {
			t.Errorf("no address: %d", status)
		}
		before := w.as("owner")
		link, _ := w.keyTo(email("owner"))
		b.shows(link, email("owner"))
		for _, short := range []string{"", "short", strings.Repeat("x", 300)} {
			if status, body, _ := b.post(link, url.Values{"password": {short}}); status != http.StatusUnprocessableEntity || !strings.Contains(body, "10 to 256") {
				t.Errorf("a bad password: %d", status)
			}
		}
		b.step(link, url.Values{"password": {"a whole new password"}}, "/sign-in")
		b.shows("/sign-in", "Your password is changed.")
		if _, _, to := before.get("/console/acme"); !strings.HasPrefix(to, "/sign-in") {
			t.Error("other devices are still signed in")
		}
		b.step("/sign-in", url.Values{"email": {email("owner")}, "password": {"a whole new password"}}, "/")
		for address, want := range map[string]int{link: http.StatusGone, "/reset/" + strings.Repeat("0", 52): http.StatusNotFound, "/reset/x": http.StatusNotFound} {
			for _, method := range []string{"get", "post"} {
				status, body, _ := b.get(address)
				if method == "post" {
					status, body, _ = b.post(address, url.Values{"password": {"yet another password"}})
				}
				if status != want || !strings.Contains(body, `href="/forgot"`) {
					t.Errorf("%s %s: %d, want %d and the way to a new link", method, address, status, want)
				}
			}
		}
		late := w.asks(email("finance"))
		w.now = w.now.Add(mail.ResetFor)
		if status, _, _ := b.get(late); status != http.StatusGone {
			t.Errorf("an hour later: %d", status)
		}
	})
}

func TestTeam(t *testing.T) {
	dbtest.Run(t, func(t *testing.T, d *db.DB) {
		w := newWorld(t, d)
		w.catching()
		owner, team := w.as("owner"), "/console/acme/settings/team"
		for _, c := range []struct{ email, role, fault string }{
			{email("finance"), "analyst", "in the team already"}, {"nonsense", "analyst", "not an e-mail address"}, {"x@example.org", "partner", "not a role"},
		} {
			if status, body, _ := owner.post(team, url.Values{"email": {c.email}, "role": {c.role}}); status != http.StatusUnprocessableEntity || !strings.Contains(body, c.fault) {
				t.Errorf("invite %s as %s: %d", c.email, c.role, status)
			}
		}
		owner.step(team, url.Values{"email": {"nina@example.org"}, "role": {"finance"}}, team)
		owner.shows(team, "nina@example.org", "Finance, until")
		nina := w.browser()
		link, _ := w.keyTo("nina@example.org")
		nina.shows(link, "owner invites you to the team of Acme Outdoor", "nina@example.org")
		if _, _, to := w.as("rivalowner").post(link, nil); to != link {
			t.Errorf("somebody else accepts: %s", to)
		}
		w.as("rivalowner").shows(link, "Sign out, then open the link again")
		if status, body, _ := nina.post(link, url.Values{"name": {""}, "password": {"long enough by far"}}); status != http.StatusUnprocessableEntity || !strings.Contains(body, "A name of at most") {
			t.Errorf("no name: %d", status)
		}
		nina.step(link, url.Values{"name": {"Nina"}, "password": {"long enough by far"}}, "/console")
		nina.shows("/console/acme/payouts", "Payouts")
		nina.shows(team, "Nina", "nina@example.org")
		if status, body, _ := w.browser().get(link); status != http.StatusGone || !strings.Contains(body, "Ask owner for a new one") {
			t.Errorf("the link again: %d", status)
		}
		member, _, err := auth.ByEmail(context.Background(), d.Read(), "nina@example.org")
		if err != nil {
			t.Fatal(err)
		}
		self, _, err := auth.ByEmail(context.Background(), d.Read(), email("owner"))
		if err != nil {
			t.Fatal(err)
		}
		owner.step(team+"/"+member.ID+"/role", url.Values{"role": {"analyst"}}, team)
		if status, _, _ := nina.post("/console/acme/payouts", nil); status != http.StatusForbidden {
			t.Errorf("an analyst makes a batch: %d", status)
		}
		for path, want := range map[string]int{team + "/" + self.ID + "/remove": http.StatusConflict, team + "/" + self.ID + "/role": http.StatusConflict,
			team + "/per_none/remove": http.StatusNotFound, team + "/" + w.pts["Marta’s Kitchen"].Partner.ID + "/role": http.StatusNotFound} {
			if status, _, _ := owner.post(path, url.Values{"role": {"analyst"}}); status != want {
				t.Errorf("%s: %d, want %d", path, status, want)
			}
		}
		owner.step(team+"/"+member.ID+"/remove", nil, team)
		if status, _, _ := nina.get("/console/acme"); status != http.StatusNotFound {
			t.Errorf("still in the team: %d", status)
		}

		again, _ := w.invites("nina@example.org", auth.Manager)
		w.browser().shows(again, "There is an account with nina@example.org", "/sign-in?to=")
		nina.shows(again, "You accept as Nina")
		nina.step(again, nil, "/console")
		nina.shows("/console/acme/partners", "Partners")

		gone, _ := w.invites("gone@example.org", auth.Manager)
		open, err := mail.OpenInvites(context.Background(), d.Read(), w.acme.Brand, w.now)
		if err != nil || len(open) != 1 {
			t.Fatalf("open: %v %v", open, err)
		}
		owner.step(team+"/invitations/"+open[0].ID+"/withdraw", nil, team)
		if status, _, _ := w.browser().get(gone); status != http.StatusGone {
			t.Errorf("a withdrawn invitation: %d", status)
		}
	})
}

func TestInvitePartner(t *testing.T) {
	dbtest.Run(t, func(t *testing.T, d *db.DB) {
		w := newWorld(t, d)
		w.catching()
		manager, at := w.as("manager"), "/console/acme/partners/invite"
		form := func(name, email string) url.Values {
			return url.Values{"name": {name}, "email": {email}, "kind": {"podcast"}, "locale": {"fr"}}
		}
		for _, c := range []struct{ name, email, fault string }{{"", "p@example.org", "A name of"}, {"P", "p@", "not an e-mail"}, {"Marta", email("Marta’s Kitchen"), "already"}} {
			if status, body, _ := manager.post(at, form(c.name, c.email)); status != http.StatusUnprocessableEntity || !strings.Contains(body, c.fault) {
				t.Errorf("invite %q %q: %d", c.name, c.email, status)
			}
		}
		manager.step(at, form("Bergluft", "berg@example.org"), "/console/acme/partners")
		manager.shows("/console/acme/partners?q=bergluft", "Bergluft", "approved")
		mails := w.inbox("berg@example.org")
		if len(mails) != 1 || mails[0].Kind != mail.PartnerInvitation || mails[0].Locale != "fr" {
			t.Fatalf("mails: %+v", mails)
		}
		b := w.browser()
		link, _ := w.keyTo("berg@example.org")
		b.shows(link, "invites you to Acme Outdoor Partners as a partner")
		b.step(link, url.Values{"name": {"Berg"}, "password": {"long enough by far"}}, "/partner")
		_, _, cabinet := b.get("/partner")
		b.shows(cabinet, "Acme Outdoor Partners")

		manager.step(at, form("A nickname", email("Zed Reviews")), "/console/acme/partners") // of another brand's program
		if body := manager.shows("/console/acme/partners?q=zed", "Nothing found"); strings.Contains(body, "blog.example") {
			t.Error("another brand's partner is shown before they accept")
		}
		zed := w.as("Zed Reviews")
		link, _ = w.keyTo(email("Zed Reviews"))
		zed.step(link, nil, "/partner")
		manager.shows("/console/acme/partners?q=zed", "Zed Reviews")
		in, err := partner.In(context.Background(), d.Read(), w.pts["Zed Reviews"].Partner.ID)
		if err != nil || len(in) != 2 || in[1].Status != partner.Approved && in[0].Status != partner.Approved {
			t.Errorf("Zed is in %+v %v", in, err)
		}
		for _, l := range w.inbox(email("Zed Reviews")) {
			if l.Brand == w.acme.Brand && l.Kind != mail.PartnerInvitation {
				t.Errorf("who was invited is told again: %s", l.Kind)
			}
		}
	})
}

func TestMailLog(t *testing.T) {
	w := newWorld(t, dbtest.Open(t, db.SQLite))
	link, id := w.invites("newcomer@example.org", auth.Analyst)
	w.asks(email("owner"))
	log := "/console/acme/settings/mails"
	body := w.as("owner").shows(log, "newcomer@example.org", "No mail server is set up", "Welcome to Acme Outdoor Partners")
	if strings.Contains(body, "Set a new password") || strings.Contains(body, "Zed") {
		t.Error("mails of others are in the log")
	}
	for _, address := range []string{log + "/" + id, log + "/" + id + "/html"} {
		if body := w.as("finance").shows(address, "/invitation/…"); strings.Contains(body, link) {
			t.Errorf("%s tells the one-time key", address)
		}
		if status, _, _ := w.as("rivalowner").get(strings.Replace(address, "acme", "rival", 1)); status != http.StatusNotFound {
			t.Errorf("another brand reads %s: %d", address, status)
		}
	}
	if status, _, _ := w.as("owner").post(log+"/"+id+"/resend", nil); status != http.StatusConflict {
		t.Errorf("what was caught is sent again: %d", status)
	}
	w.catching()
	w.as("owner").shows(log, "Set a new password")
	w.as("owner").shows(log+"/"+id, link)
	answer := httptest.NewRecorder()
	if err := letterBody(`<p style="color:#123456">x</p>`).send(nil, answer); err != nil {
		t.Fatal(err)
	}
	policy := answer.Header().Get("Content-Security-Policy")
	if strings.Contains(policy, "unsafe-inline") || !strings.Contains(policy, "sandbox") || !strings.Contains(policy, "'sha256-") || strings.Contains(policy, "script") {
		t.Errorf("the policy of a mail is %q", policy)
	}
	w.now = w.now.Add(time.Hour)
	if len(w.deliver()) < 3 {
		t.Error("mails are lost")
	}
}

func TestMailsHaveWords(t *testing.T) {
	families := map[string][]string{"states.mail": {}, "mails.kinds": {}, "roles": {}, "role_hints": {}, "keys": {"key_unknown", "key_used", "key_expired"}}
	for _, state := range mailStates[1:] {
		families["states.mail"] = append(families["states.mail"], string(state))
	}
	for _, kind := range mail.Kinds {
		families["mails.kinds"] = append(families["mails.kinds"], string(kind))
	}
	for _, role := range auth.Roles {
		families["roles"] = append(families["roles"], string(role))
		families["role_hints"] = append(families["role_hints"], string(role))
	}
	for _, l := range lang.All() {
		for family, names := range families {
			for _, name := range names {
				if !l.Has(family + "." + name) {
					t.Errorf("%s has no word for %s.%s", l.Tag, family, name)
				}
			}
		}
	}
}
