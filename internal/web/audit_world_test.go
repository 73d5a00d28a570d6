package web

import (
	"context"
	"net/url"
	"regexp"
	"slices"
	"strings"
	"time"

	"github.com/tributary-hq/tributary/internal/audit"
	"github.com/tributary-hq/tributary/internal/auth"
	"github.com/tributary-hq/tributary/internal/commission"
	"github.com/tributary-hq/tributary/internal/partner"
	"github.com/tributary-hq/tributary/internal/touch"
)

// sender sends a form of a route, and sees that it leaves the actions in the log.
type sender func(route string, by *browser, address string, form url.Values, want ...audit.Action) (body, to string)

// sendsCare sends what a brand keeps about its partners.
func (w *world) sendsCare(send sender, owner *browser) {
	const at, console = "/console/acme", "POST /console/{program}"
	marta := at + "/partners/" + w.pts["Marta’s Kitchen"].ID
	groups := func() []partner.Group {
		list, err := partner.Groups(w.t.Context(), w.d.Read(), w.acme.ID)
		if err != nil {
			w.t.Fatal(err)
		}
		return list
	}
	for _, name := range []string{"Mountains", "Huts"} {
		send(console+"/groups", owner, at+"/groups", url.Values{"name": {name}, "colour": {"teal"}}, audit.GroupCreate)
	}
	first, second := groups()[0].ID, groups()[1].ID
	send(console+"/groups/{grp}", owner, at+"/groups/"+first, url.Values{"name": {"Mountains and tents"}, "colour": {"violet"}}, audit.GroupChange)
	send(console+"/groups/{grp}/raise", owner, at+"/groups/"+second+"/raise", nil, audit.GroupRaise)
	send(console+"/partners/{pts}/care", owner, marta+"/care", url.Values{"group": {first}, "manager": {w.person("manager")}, "tags": {"pans"}}, audit.PartnershipCare)
	send(console+"/groups/{grp}/dissolve", owner, at+"/groups/"+second+"/dissolve", url.Values{"into": {first}}, audit.GroupDissolve)
	send(console+"/partners/{pts}/notes", owner, marta+"/notes", url.Values{"text": {"Never lend her a pan."}}, audit.NoteWrite)
	list, err := partner.Notes(w.t.Context(), w.d.Read(), w.pts["Marta’s Kitchen"].ID, "", 1)
	if err != nil || len(list) != 1 {
		w.t.Fatalf("%d notes, %v", len(list), err)
	}
	note := "/notes/" + list[0].ID
	send(console+"/partners/{pts}/notes/{nte}", owner, marta+note, url.Values{"text": {"Never lend her a pan again."}}, audit.NoteChange)
	send(console+"/partners/{pts}/notes/{nte}/pin", owner, marta+note+"/pin", nil, audit.NotePin)
	send(console+"/partners/{pts}/notes/{nte}/delete", owner, marta+note+"/delete", nil, audit.NoteDelete)
	property := "/properties/" + w.property().ID
	send(console+"/partners/{pts}/properties/{ppt}/confirm", owner, marta+property+"/confirm", nil, audit.PropertyConfirm)
	send(console+"/partners/{pts}/properties/{ppt}/doubt", owner, marta+property+"/doubt", nil, audit.PropertyDoubt)
}

// sendsCreatives adds a creative and has a partner take it.
func (w *world) sendsCreatives(send sender, owner, marta *browser) {
	const at, console = "/console/acme/creatives", "POST /console/{program}/creatives"
	_, made := send(console, owner, at+"?kind=text", url.Values{"kind": {"text"}, "name": {"Hills"}, "text": {"To the hills"}}, audit.CreativeAdd)
	made, _, _ = strings.Cut(made, "?")
	send(console+"/{crv}", owner, made, url.Values{"name": {"Hills"}, "text": {"To the hills, mother"}, "locale": {"en"}}, audit.CreativeChange)
	mine := "/partner/" + w.pts["Marta’s Kitchen"].ID + "/creatives/" + made[strings.LastIndex(made, "/")+1:]
	send("POST /partner/{pts}/creatives/{crv}", marta, mine, nil, audit.LinkCreate)
	send("POST /partner/{pts}/creatives/{crv}", marta, mine, nil) // it is taken already
	send(console+"/{crv}/archive", owner, made+"/archive", nil, audit.CreativeArchive)
	send(console+"/{crv}/restore", owner, made+"/restore", nil, audit.CreativeRestore)
}

// sendsProfile sends what a partner says of itself, and who signs in for it.
func (w *world) sendsProfile(send sender, marta *browser) {
	of := w.pts["Marta’s Kitchen"].Partner.ID
	at, route := "/partner/"+w.pts["Marta’s Kitchen"].ID+"/profile", "POST /partner/{pts}/profile"
	place := url.Values{"kind": {"newsletter"}, "address": {"https://letter.example/"}, "audience": {"800"}}
	send(route+"/properties", marta, at+"/properties", place, audit.PropertyAdd)
	properties, err := partner.Properties(w.t.Context(), w.d.Read(), of)
	i := slices.IndexFunc(properties, func(p partner.Property) bool { return p.Audience == 800 })
	if err != nil || i < 0 {
		w.t.Fatal(properties, err)
	}
	place.Set("audience", "900")
	send(route+"/properties/{ppt}", marta, at+"/properties/"+properties[i].ID, place, audit.PropertyChange)
	send(route+"/properties/{ppt}/remove", marta, at+"/properties/"+properties[i].ID+"/remove", nil, audit.PropertyRemove)

	somebody := url.Values{"name": {"Otto Amt"}, "email": {"otto@example.org"}}
	send(route+"/contacts", marta, at+"/contacts", somebody, audit.ContactAdd)
	contacts, err := partner.Contacts(w.t.Context(), w.d.Read(), of)
	if err != nil || len(contacts) != 1 {
		w.t.Fatal(contacts, err)
	}
	somebody.Set("role", "Accounts")
	send(route+"/contacts/{pct}", marta, at+"/contacts/"+contacts[0].ID, somebody, audit.ContactChange)
	send(route+"/contacts/{pct}/remove", marta, at+"/contacts/"+contacts[0].ID+"/remove", nil, audit.ContactRemove)

	send(route+"/team", marta, at+"/team", url.Values{"email": {"cook@example.org"}}, audit.ColleagueInvite)
	key, _ := w.keyTo("cook@example.org")
	send("POST /invitation/{key}", w.browser(), key, url.Values{"name": {"Cook"}, "password": {"a long enough one"}}, audit.ColleagueJoin, audit.SessionBegin)
	cook, _, err := auth.ByEmail(w.t.Context(), w.d.Read(), "cook@example.org")
	if err != nil {
		w.t.Fatal(err)
	}
	send(route+"/team/{per}/remove", marta, at+"/team/"+cook.ID+"/remove", nil, audit.ColleagueRemove)
	send(route+"/team", marta, at+"/team", url.Values{"email": {"maid@example.org"}}, audit.ColleagueInvite)
	open := regexp.MustCompile(`invitations/(inv_[a-z0-9]+)/withdraw`).FindStringSubmatch(marta.shows(at+"/team", "maid@example.org"))[1]
	send(route+"/team/invitations/{inv}/withdraw", marta, at+"/team/invitations/"+open+"/withdraw", nil, audit.ColleagueWithdraw)
}

// latest is a new commission of a partner, which is not locked yet.
func (w *world) latest(name string) string {
	w.t.Helper()
	click := w.click(name, w.acme, time.Hour)
	w.meet([]touch.Touch{click})
	w.buy(w.acme, "L-1", "75.00", click.ID)
	list, err := commission.List(context.Background(), w.d.Read(), commission.Filter{Program: w.acme.ID, Partnership: w.pts[name].ID, State: commission.Pending, Limit: 1})
	if err != nil || len(list) == 0 {
		w.t.Fatal(list, err)
	}
	return list[0].ID
}
