package web

import (
	"context"
	"net/url"
	"strings"
	"testing"

	"github.com/tributary-hq/tributary/internal/audit"
	"github.com/tributary-hq/tributary/internal/creative"
	"github.com/tributary-hq/tributary/internal/db"
	"github.com/tributary-hq/tributary/internal/db/dbtest"
	"github.com/tributary-hq/tributary/internal/program"
	"github.com/tributary-hq/tributary/internal/track"
)

// sourcesPages are an address of every GET route of sourcesRoutes, and who reads it.
func (w *world) sourcesPages() []struct{ route, address, reader string } {
	w.domain()
	return []struct{ route, address, reader string }{
		{"GET /console/{program}/settings/tag", "/console/acme/settings/tag", "owner"},
		{"GET /console/{program}/settings/direct", "/console/acme/settings/direct?state=asked", "manager"},
		{"GET /partner/{pts}/links/domains", "/partner/" + w.pts["Marta’s Kitchen"].ID + "/links/domains", "Marta’s Kitchen"},
	}
}

// domain is a site that Marta has asked for.
func (w *world) domain() (d creative.Domain) {
	w.t.Helper()
	w.write(func(ctx context.Context, tx *db.Tx) (err error) {
		pts := w.pts["Marta’s Kitchen"].ID
		list, err := creative.DomainsOf(ctx, tx, pts)
		for _, d = range list {
			if d.Host == "kitchen.example" {
				return err
			}
		}
		if err == nil {
			d, err = creative.AskDomain(ctx, tx, w.acme, pts, "kitchen.example", "test")
		}
		return err
	})
	return d
}

// sendsSources sends what is said of the browser tag and of partners' domains.
func (w *world) sendsSources(send sender, owner, marta *browser) {
	console, cabinet := "/console/acme/settings", "/partner/"+w.pts["Marta’s Kitchen"].ID+"/links/domains"
	send("POST /console/{program}/settings/tag", owner, console+"/tag", url.Values{"params": {"partner"}, "consent": {"cookieless"}}, audit.ProgramTag)
	send("POST /partner/{pts}/links/domains", marta, cabinet, url.Values{"host": {"pans.example"}}, audit.DomainAsk)
	list, err := creative.DomainsOf(w.t.Context(), w.d.Read(), w.pts["Marta’s Kitchen"].ID)
	if err != nil || len(list) == 0 {
		w.t.Fatal(list, err)
	}
	id := list[len(list)-1].ID
	send("POST /console/{program}/settings/direct/{drd}/approve", owner, console+"/direct/"+id+"/approve", nil, audit.DomainApprove)
	send("POST /console/{program}/settings/direct/{drd}/refuse", owner, console+"/direct/"+id+"/refuse", url.Values{"reason": {"Not hers."}}, audit.DomainRefuse)
	send("POST /partner/{pts}/links/domains/{drd}/withdraw", marta, cabinet+"/"+id+"/withdraw", nil, audit.DomainWithdraw)
}

func TestADomainIsAskedForAndAnswered(t *testing.T) {
	dbtest.Run(t, func(t *testing.T, d *db.DB) {
		w := newWorld(t, d)
		at := "/partner/" + w.pts["Marta’s Kitchen"].ID + "/links/domains"
		marta, owner := w.as("Marta’s Kitchen"), w.as("owner")
		marta.step(at, url.Values{"host": {"https://www.kitchen.example/pans"}}, at)
		for host, want := range map[string]string{"kitchen.example": "on the list already", "co.uk": "Strangers have their sites", "": "This is not a domain"} {
			marta.step(at, url.Values{"host": {host}}, want)
		}
		domain := w.domain()
		console := "/console/acme/settings/direct"
		owner.shows(console, "kitchen.example", "Marta’s Kitchen", "Asked for")
		owner.step(console+"/"+domain.ID+"/approve", nil, console)
		owner.shows(console, "Results")
		owner.step(console+"/"+domain.ID+"/approve", nil, "Somebody has answered this domain in the meantime.")
		marta.shows(at, "Approved", "Statistics")
		owner.step(console+"/"+domain.ID+"/refuse", url.Values{"reason": {"It is for sale."}}, console)
		marta.shows(at, "Refused", "It is for sale.")
		marta.step(at+"/"+domain.ID+"/withdraw", nil, at)
		owner.shows(console+"?state=withdrawn", "kitchen.example")
	})
}

func TestTheTagsPageShowsWhatAPageNeeds(t *testing.T) {
	dbtest.Run(t, func(t *testing.T, d *db.DB) {
		w := newWorld(t, d)
		owner := w.as("owner")
		_, integrity := track.TagVersion()
		at := "/console/acme/settings/tag"
		owner.step(at, url.Values{"params": {"partner, kiosk"}, "consent": {"none"}}, at)
		owner.shows(at, "data-refs=&#34;partner kiosk&#34;", "data-consent=&#34;none&#34;", strings.ReplaceAll(integrity, "+", "&#43;"), "<code>kiosk</code>")
		owner.step(at, url.Values{"params": {"no good!"}, "consent": {"none"}}, `value="no good!"`)
		owner.step(at, url.Values{"params": {"tclid"}, "consent": {"full"}}, "This parameter carries the click id already.")
		marta := w.as("Marta’s Kitchen")
		body := marta.shows("/partner/"+w.pts["Marta’s Kitchen"].ID+"/links/"+w.links["Marta’s Kitchen"].ID, "?partner=", "#a_aid=", "/i/"+w.links["Marta’s Kitchen"].Code+".gif")
		if strings.Contains(body, "ZgotmplZ") {
			t.Error("a link is not shown")
		}
		tag, err := program.TagOf(context.Background(), d.Read(), w.acme.ID)
		if err != nil || len(tag.Params) != 2 || tag.Consent != program.Silent {
			t.Errorf("%+v %v", tag, err)
		}
	})
}
