package web

import (
	"context"
	"encoding/csv"
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/tributary-hq/tributary/internal/db"
	"github.com/tributary-hq/tributary/internal/db/dbtest"
	"github.com/tributary-hq/tributary/internal/partner"
)

// TestWhatTheBrandKeepsStaysThere looks for the brand's own words in everything that partners and other brands read.
func TestWhatTheBrandKeepsStaysThere(t *testing.T) {
	dbtest.Run(t, func(t *testing.T, d *db.DB) {
		w := newWorld(t, d)
		group, note, property := w.group(), w.note(), w.property()
		secrets := []string{group.Name, group.ID, "hush hush", note.Text, note.ID, "Looked after", w.person("manager")}
		owner := w.as("owner")
		at := "/console/acme/partners/" + w.pts["Marta’s Kitchen"].ID
		owner.step(at+"/care", url.Values{"group": {group.ID}, "manager": {w.person("manager")}, "tags": {"Hush hush, #Second"}}, at)
		owner.step(at+"/properties/"+property.ID+"/confirm", nil, at)
		body := owner.shows(at+"?tab=notes", group.Name, "#hush hush", "#second", "Never lend her a pan.", "Looked after by manager")
		if strings.Contains(body, "edit-"+note.ID) {
			t.Error("a note of the manager can be changed by the owner")
		}
		for _, reader := range []string{"Marta’s Kitchen", "Zed Reviews", "rivalowner", "Trailhead Weekly", ""} {
			b := w.as(reader)
			for _, p := range append(append(w.pages(), w.mailPages()...), w.partnersPages()...) {
				_, body, _ := b.get(p.address)
				for _, secret := range secrets {
					if strings.Contains(body, secret) && !strings.Contains(p.address, secret) {
						t.Fatalf("%q reads %q on %s", reader, secret, p.address)
					}
				}
			}
		}
		marta := w.as("Marta’s Kitchen")
		body = marta.shows("/partner/"+w.pts["Marta’s Kitchen"].ID+"/profile/properties", property.Address, "Confirmed by Acme Outdoor Partners")
		if strings.Contains(body, "owner@") || strings.Contains(body, "by owner") {
			t.Error("the partner reads who of the team has looked")
		}
	})
}

func TestTreatManyAtOnce(t *testing.T) {
	dbtest.Run(t, func(t *testing.T, d *db.DB) {
		w := newWorld(t, d)
		owner := w.as("owner")
		pts := func(names ...string) (rows []string) {
			for _, name := range names {
				rows = append(rows, w.pts[name].ID)
			}
			return rows
		}
		group := w.group()
		many := append(pts("Marta’s Kitchen"), make([]string, 201)...)
		for i := range many[1:] {
			many[i+1] = "pts_" + strings.Repeat("0", 20) + string(rune('a'+i%26)) + string(rune('a'+i/26))
		}
		for _, c := range []struct {
			promise string
			form    url.Values
			want    []string
		}{
			{"one that cannot be does not stop the others", url.Values{"do": {"accept"}, "row": pts("Nordic Nomads", "Deal Otter")},
				[]string{"1 partner accepted.", "1 could not be:", "the state is “Active” by now", "Deal Otter</a>"}},
			{"another program's partner does not exist", url.Values{"do": {"pause"}, "row": pts("Zed Reviews"), "pause.reason": {"x"}}, []string{"1 could not be:"}},
			{"a group", url.Values{"do": {"group"}, "row": pts("Deal Otter", "Trailhead Weekly"), "group.group": {group.ID}}, []string{"The group of 2 partners is set.", "Secret cooks"}},
			{"tags", url.Values{"do": {"tag"}, "row": pts("Deal Otter", "Trailhead Weekly"), "tag.tags": {"Spring, deals"}}, []string{"2 partners tagged.", "deals, spring"}},
			{"without a tag", url.Values{"do": {"untag"}, "row": pts("Deal Otter"), "untag.tags": {"DEALS"}}, []string{"Tags removed from 1 partner."}},
			{"a manager", url.Values{"do": {"manager"}, "row": pts("Deal Otter"), "manager.manager": {w.person("finance")}}, []string{"1 partner assigned."}},
			{"a manager of another brand's", url.Values{"do": {"manager"}, "row": pts("Deal Otter"), "manager.manager": {w.person("rivalowner")}}, []string{"1 could not be:"}},
			{"pause", url.Values{"do": {"pause"}, "row": pts("Deal Otter"), "pause.reason": {"Feed is old"}}, []string{"1 partner paused.", "Paused"}},
			{"resume", url.Values{"do": {"resume"}, "row": pts("Deal Otter")}, []string{"1 partner resumed."}},
			{"nobody", url.Values{"do": {"pause"}}, []string{"Choose at least one partner."}},
			{"too many", url.Values{"do": {"pause"}, "row": many}, []string{"At most 200 partners at once."}},
			{"nonsense", url.Values{"do": {"explode"}, "row": pts("Deal Otter")}, []string{"nothing that can be done"}},
		} {
			_, body, _ := owner.post("/console/acme/partners?sort=partner", c.form)
			for _, want := range c.want {
				if !strings.Contains(body, want) {
					t.Errorf("%s: no %q", c.promise, want)
				}
			}
			if strings.Contains(body, "Zed") {
				t.Errorf("%s: another brand's partner is named", c.promise)
			}
		}
		for _, c := range []struct{ filter, finds, leaves string }{
			{"group=" + group.ID, "Deal Otter</a>", "Nordic Nomads</a>"},
			{"group=none", "Nordic Nomads</a>", "Deal Otter</a>"},
			{"tag=Deals", "Trailhead Weekly</a>", "Deal Otter</a>"},
			{"manager=" + w.person("finance"), "Deal Otter</a>", "Trailhead Weekly</a>"},
			{"manager=none", "Trailhead Weekly</a>", "Deal Otter</a>"},
			{"kind=podcast", "Nothing found", "Deal Otter</a>"},
			{"country=FR", "Nothing found", "Deal Otter</a>"},
			{"q=spring", "Nothing found", "Deal Otter</a>"},
		} {
			body := owner.shows("/console/acme/partners?"+c.filter, c.finds)
			if strings.Contains(body, c.leaves) {
				t.Errorf("%s: %q is left in", c.filter, c.leaves)
			}
		}
		_, body, _ := owner.get("/console/acme/partners?tag=spring&file=csv")
		lines, err := csv.NewReader(strings.NewReader(strings.TrimPrefix(body, "\ufeff"))).ReadAll()
		if err != nil || len(lines) != 3 || !strings.Contains(body, "Secret cooks") {
			t.Errorf("the file has %d lines, %v: %s", len(lines), err, body)
		}
		analyst := w.as("analyst")
		if status, _, _ := analyst.post("/console/acme/partners", url.Values{"do": {"pause"}, "row": pts("Deal Otter")}); status != http.StatusForbidden {
			t.Errorf("an analyst pauses: %d", status)
		}
		if body := analyst.shows("/console/acme/partners"); strings.Contains(body, `name="row"`) {
			t.Error("an analyst is offered to select")
		}
	})
}

func TestApplicationsOneAfterTheOther(t *testing.T) {
	dbtest.Run(t, func(t *testing.T, d *db.DB) {
		w := newWorld(t, d)
		for _, name := range []string{"Fern", "Moss", "Lichen"} {
			w.write(func(ctx context.Context, tx *db.Tx) error {
				p, err := partner.Create(ctx, tx, partner.Partner{Name: name, Email: email(name), Kind: "creator", Locale: "fr"})
				if err == nil {
					_, err = partner.Apply(ctx, tx, w.acme, p, []partner.Answer{{Question: "plan", Answer: "Plan of " + name}})
				}
				return err
			})
			w.now = w.now.Add(time.Minute)
		}
		queue, err := partner.Partnerships(t.Context(), d.Read(), partner.Filter{Program: w.acme.ID, Status: partner.Applied})
		if err != nil || len(queue) != 4 {
			t.Fatalf("%d wait, %v", len(queue), err)
		}
		owner := w.as("owner")
		at := func(i int) string { return "/console/acme/applications/" + queue[i].ID }
		owner.shows("/console/acme", `href="/console/acme/applications"`)
		owner.shows("/console/acme/applications", "Plan of Fern", "Plan of Moss", "Plan of Lichen", "Accepting agrees: 10% of each sale")
		owner.shows(at(1), "2 of 4", "Plan of", `href="`+at(0)+`"`, `href="`+at(2)+`"`)
		post := func(i int, what string) string { return "/console/acme/partners/" + queue[i].ID + "/" + what }
		owner.step(post(1, "decline"), url.Values{"then": {"next"}, "why": {"reach"}, "reason": {"Écrivez-nous au printemps."}}, at(2))
		owner.step(post(3, "accept"), url.Values{"then": {"next"}}, at(0)) // the last: the queue begins again
		owner.step("/console/acme/applications", url.Values{"do": {"decline"}, "row": {queue[0].ID, queue[1].ID}, "decline.why": {"methods"}}, "1 application declined.")
		owner.step(post(2, "accept"), url.Values{"then": {"next"}}, "/console/acme/applications")
		owner.shows("/console/acme/applications", "Nobody is waiting")
		declined := queue[1].Partner
		said := w.inbox(declined.Email)
		if len(said) == 0 || !strings.Contains(said[0].Text, "Nous commençons avec des partenaires") || !strings.Contains(said[0].Text, "Écrivez-nous au printemps.") {
			t.Errorf("%s, who reads %s, is written: %+v", declined.Name, declined.Locale, said)
		}
	})
}

func TestNotesAreTheirAuthors(t *testing.T) {
	w := newWorld(t, dbtest.Open(t, db.SQLite))
	at := "/console/acme/partners/" + w.pts["Deal Otter"].ID
	owner, manager := w.as("owner"), w.as("manager")
	owner.step(at+"/notes", url.Values{"text": {" "}}, "A note has 1 to 4000 characters.")
	owner.step(at+"/notes", url.Values{"text": {"Calls on Mondays.\nLikes <b>otters</b>."}, "pinned": {"yes"}}, at)
	notes, err := partner.Notes(t.Context(), w.d.Read(), w.pts["Deal Otter"].ID, "", 9)
	if err != nil || len(notes) != 1 {
		t.Fatal(notes, err)
	}
	one := at + "/notes/" + notes[0].ID
	manager.shows(at+"?tab=notes", "Calls on Mondays.", "&lt;b&gt;otters", "Unpin")
	manager.shows(at+"?tab=timeline", "Calls on Mondays.", "First sale", "First click", "Contract version 1 agreed", "Link ")
	for _, path := range []string{one, one + "/delete"} {
		if status, _, _ := manager.post(path, url.Values{"text": {"Never calls."}}); status != http.StatusForbidden {
			t.Errorf("somebody else at %s: %d", path, status)
		}
	}
	manager.step(one+"/pin", nil, at)
	owner.step(one, url.Values{"text": {"Calls on Tuesdays."}}, at)
	owner.shows(at+"?tab=notes", "Calls on Tuesdays.", "edited")
	owner.step(one+"/delete", nil, at)
	body := manager.shows(at+"?tab=notes", "owner deleted a note on")
	if strings.Contains(body, "Tuesdays") {
		t.Error("a deleted note is still read")
	}
	if body := manager.shows(at + "?tab=timeline"); strings.Contains(body, "Tuesdays") {
		t.Error("a deleted note is in the timeline")
	}
	if status, _, _ := owner.post(one, url.Values{"text": {"again"}}); status != http.StatusNotFound {
		t.Errorf("a deleted note is written anew: %d", status)
	}
}

func TestGroupsMerge(t *testing.T) {
	w := newWorld(t, dbtest.Open(t, db.SQLite))
	owner := w.as("owner")
	groups := "/console/acme/groups"
	owner.step(groups, url.Values{"name": {""}, "colour": {"teal"}}, "A group needs a name")
	owner.step(groups, url.Values{"name": {"Content"}, "colour": {"teal"}}, groups)
	owner.step(groups, url.Values{"name": {"Content"}, "colour": {"pink"}}, "There is a group with this name.")
	first := w.group()
	list, err := partner.Groups(t.Context(), w.d.Read(), w.acme.ID)
	if err != nil || len(list) != 2 || list[1].Members != 1 {
		t.Fatalf("%+v %v", list, err)
	}
	owner.step(groups+"/"+first.ID, url.Values{"name": {"Content"}, "colour": {"teal"}}, "There is a group with this name.")
	owner.step(groups+"/"+first.ID+"/raise", nil, groups)
	owner.step(groups+"/"+first.ID+"/dissolve", url.Values{"into": {list[0].ID}}, groups)
	owner.shows("/console/acme/partners?group="+list[0].ID, "Marta’s Kitchen</a>")
	if status, _, _ := w.as("rivalowner").post("/console/rival/groups/"+list[0].ID, url.Values{"name": {"Mine"}}); status != http.StatusNotFound {
		t.Errorf("another brand changes a group: %d", status)
	}
}

func TestProfileOfOnesOwn(t *testing.T) {
	w := newWorld(t, dbtest.Open(t, db.SQLite))
	marta, trail := w.as("Marta’s Kitchen"), w.as("Trailhead Weekly")
	mine := "/partner/" + w.pts["Marta’s Kitchen"].ID + "/profile/"
	marta.step(mine+"properties", url.Values{"kind": {"newsletter"}, "address": {"kitchen.example"}}, "it begins with https://")
	marta.step(mine+"properties", url.Values{"kind": {"newsletter"}, "address": {"https://kitchen.example/"}, "audience": {"many"}}, "not a number of people")
	marta.step(mine+"properties", url.Values{"kind": {"newsletter"}, "address": {"https://kitchen.example/"}, "audience": {"12 000"}}, mine)
	marta.step(mine+"properties", url.Values{"kind": {"website"}, "address": {"https://kitchen.example/"}}, "This property is there already.")
	marta.shows(mine+"properties", "12,000 people a month")
	marta.step(mine+"contacts", url.Values{"name": {"Otto"}}, "An e-mail address or a telephone number is needed.")
	marta.step(mine+"contacts", url.Values{"name": {"Otto"}, "phone": {"+49 761 1234"}, "role": {"Invoices"}}, mine)
	owner := w.as("owner")
	at := "/console/acme/partners/" + w.pts["Marta’s Kitchen"].ID
	owner.shows("/console/acme/partners?q=kitchen.example", "Marta’s Kitchen</a>")
	owner.shows(at+"?tab=profile", "https://kitchen.example/", "Otto", "Invoices", "&#43;49 761 1234", email("Marta’s Kitchen"), "Not confirmed")
	body := w.as("analyst").shows(at+"?tab=profile", "p***@example.org")
	if strings.Contains(body, "PayPal · pay."+email("Marta’s Kitchen")) {
		t.Error("an analyst reads the account")
	}
	p := w.property()
	owner.step(at+"/properties/"+p.ID+"/confirm", nil, at)
	owner.shows(at+"?tab=profile", "Confirmed by owner")
	marta.step(mine+"properties/"+p.ID, url.Values{"kind": {"channel"}, "address": {"https://video.example/@other"}}, mine)
	if body := owner.shows(at+"?tab=profile", "https://video.example/@other"); strings.Contains(body, "Confirmed by owner") {
		t.Error("another address is still confirmed")
	}
	theirs := "/partner/" + w.pts["Trailhead Weekly"].ID + "/profile/"
	for _, path := range []string{theirs + "properties/" + p.ID, theirs + "properties/" + p.ID + "/remove", theirs + "contacts/" + w.contact().ID + "/remove"} {
		if status, _, _ := trail.post(path, url.Values{"kind": {"app"}}); status != http.StatusNotFound {
			t.Errorf("%s of another partner: %d", path, status)
		}
	}
	if status, _, _ := w.as("rivalowner").post("/console/rival/partners/"+w.pts["Zed Reviews"].ID+"/properties/"+p.ID+"/confirm", nil); status != http.StatusNotFound {
		t.Errorf("another brand confirms: %d", status)
	}
	marta.step(mine+"properties/"+p.ID+"/remove", nil, mine)
}

func TestColleaguesSignInForTheSamePartner(t *testing.T) {
	dbtest.Run(t, func(t *testing.T, d *db.DB) {
		w := newWorld(t, d)
		marta := w.as("Marta’s Kitchen")
		team := "/partner/" + w.pts["Marta’s Kitchen"].ID + "/profile/team"
		marta.step(team+"/"+w.person("Marta’s Kitchen")+"/remove", nil, "Somebody must be able to sign in.")
		marta.step(team, url.Values{"email": {"otto"}}, "This is not an e-mail address.")
		marta.post(team, url.Values{"email": {"otto@example.org"}})
		link, mal := w.keyTo("otto@example.org")
		owner := w.as("owner")
		if status, _, _ := owner.get("/console/acme/settings/mails/" + mal); status != http.StatusNotFound {
			t.Errorf("the brand reads the partner's invitation: %d", status)
		}
		if body := owner.shows("/console/acme/settings/team"); strings.Contains(body, "otto@") {
			t.Error("the brand sees whom the partner invites")
		}
		marta.shows(team, "otto@example.org", "valid until")
		otto := w.browser()
		otto.shows(link, "invites you to sign in for Marta’s Kitchen.")
		otto.step(link, url.Values{"name": {"Otto Amt"}, "password": {password}}, "/partner")
		otto.shows(team, "Otto Amt", "Marta’s Kitchen")
		otto.step(team+"/"+w.person("Marta’s Kitchen")+"/remove", nil, team)
		if status, _, _ := marta.get(team); status != http.StatusNotFound {
			t.Errorf("who was removed still reads: %d", status)
		}
		w.now = w.now.Add(1e9)
		otto.post(team, url.Values{"email": {"third@example.org"}})
		late, _ := w.keyTo("third@example.org")
		body := otto.shows(team, "third@example.org")
		inv := body[strings.Index(body, "/invitations/")+len("/invitations/"):]
		otto.step(team+"/invitations/"+inv[:strings.Index(inv, "/")]+"/withdraw", nil, team)
		if _, body, _ := w.browser().get(late); strings.Contains(body, `type="password"`) {
			t.Error("a withdrawn invitation can be accepted")
		}
	})
}
