package web

import (
	"context"
	"net"
	"net/http"
	"net/url"
	"strings"
	"testing"

	"github.com/tributary-hq/tributary/internal/audit"
	"github.com/tributary-hq/tributary/internal/db"
	"github.com/tributary-hq/tributary/internal/db/dbtest"
	"github.com/tributary-hq/tributary/internal/domain"
)

// aDNS answers for names below ours.example with a CNAME to this installation; other names it does not know.
type aDNS struct{ own string }

func (d aDNS) LookupCNAME(_ context.Context, host string) (string, error) {
	if strings.HasSuffix(host, ".ours.example") {
		return d.own + ".", nil
	}
	if host == d.own {
		return host + ".", nil
	}
	return "", &net.DNSError{Err: "no such host", Name: host, IsNotFound: true}
}

func (d aDNS) LookupTXT(_ context.Context, name string) ([]string, error) {
	return nil, &net.DNSError{Err: "no such host", Name: name, IsNotFound: true}
}

func (d aDNS) LookupHost(context.Context, string) ([]string, error) {
	return []string{"192.0.2.9"}, nil
}

// domainOf is a domain of the program, or of a partner by name.
func (w *world) domainOf(name, host string) (d domain.Domain) {
	w.t.Helper()
	partnership := ""
	if name != "" {
		partnership = w.pts[name].ID
	}
	w.write(func(ctx context.Context, tx *db.Tx) (err error) {
		if err := domain.LetPartners(ctx, tx, w.acme.ID, true); err != nil {
			return err
		}
		d, err = domain.Claim(ctx, tx, domain.Domain{Name: host, Program: w.acme.ID, Partnership: partnership}, "tributary.example")
		return err
	})
	return d
}

// domainPages are an address of every GET route of domainsRoutes, and who reads it.
func (w *world) domainPages() []struct{ route, address, reader string } {
	w.domainOf("", "waits.example")
	w.domainOf("Marta’s Kitchen", "kitchen.example")
	return []struct{ route, address, reader string }{
		{"GET /console/{program}/settings/domains", "/console/acme/settings/domains", "owner"},
		{"GET /console/{program}/settings/domains", "/console/acme/settings/domains", "analyst"},
		{"GET /partner/{pts}/domains", "/partner/" + w.pts["Marta’s Kitchen"].ID + "/domains", "Marta’s Kitchen"},
	}
}

// bringsDomains does with domains whatever can be done.
func (w *world) bringsDomains(send sender, owner, marta *browser) {
	const console, cabinet = "POST /console/{program}/settings/domains", "POST /partner/{pts}/domains"
	at, mine := "/console/acme/settings/domains", "/partner/"+w.pts["Marta’s Kitchen"].ID+"/domains"
	send(console+"/rule", owner, at+"/rule", url.Values{"partners": {"1"}}, audit.ProgramDomains)
	send(console, owner, at, url.Values{"name": {"go.ours.example"}}, audit.DomainAdd)
	send(cabinet, marta, mine, url.Values{"name": {"marta.ours.example"}}, audit.DomainAdd)
	for _, d := range w.domains() {
		if d.Partnership == "" {
			send(console+"/{dom}/check", owner, at+"/"+d.ID+"/check", nil)
			send(console+"/{dom}/remove", owner, at+"/"+d.ID+"/remove", nil, audit.DomainRemove)
		} else {
			send(cabinet+"/{dom}/check", marta, mine+"/"+d.ID+"/check", nil)
			send(cabinet+"/{dom}/remove", marta, mine+"/"+d.ID+"/remove", nil, audit.DomainRemove)
		}
	}
}

func (w *world) domains() []domain.Domain {
	w.t.Helper()
	list, err := domain.In(context.Background(), w.d.Read(), w.acme.ID)
	if err != nil {
		w.t.Fatal(err)
	}
	return list
}

func TestLinksAreShownAtTheDomainThatIsProven(t *testing.T) {
	dbtest.Run(t, func(t *testing.T, d *db.DB) {
		w := newWorld(t, d)
		owner, marta := w.as("owner"), w.as("Marta’s Kitchen")
		at, mine := "/console/acme/settings/domains", "/partner/"+w.pts["Marta’s Kitchen"].ID
		code := w.links["Marta’s Kitchen"].Code
		if status, _, _ := marta.post(mine+"/domains", url.Values{"name": {"marta.ours.example"}}); status < 400 {
			t.Errorf("a partner brought a domain that the program does not take: %d", status)
		}
		owner.step(at, url.Values{"name": {"not a host"}}, "This is no host such as go.example.com.")
		owner.step(at, url.Values{"name": {"https://Go.OURS.example/"}}, at)
		owner.step(at, url.Values{"name": {"go.ours.example"}}, "This domain is in the list already.")
		owner.shows(at, "go.ours.example", "In use")
		marta.shows(mine+"/links", "http://go.ours.example", "/"+code)
		owner.step(at, url.Values{"name": {"nobody.example"}}, at)
		owner.shows(at, "No such name", "_tributary.nobody.example", "tributary=")
		owner.step(at+"/rule", url.Values{"partners": {"1"}}, at)
		marta.step(mine+"/domains", url.Values{"name": {"marta.ours.example"}}, mine+"/domains")
		marta.shows(mine+"/links", "http://marta.ours.example")
		for _, one := range w.domains() {
			if one.Name == "go.ours.example" {
				if status, _, _ := marta.post(mine+"/domains/"+one.ID+"/remove", nil); status != http.StatusNotFound {
					t.Errorf("a partner removed the program’s: %d", status)
				}
			}
			owner.step(at+"/"+one.ID+"/remove", nil, at)
		}
		if _, body, _ := marta.get(mine + "/links"); strings.Contains(body, "ours.example") {
			t.Error("links are shown at a domain that was removed")
		}
	})
}
