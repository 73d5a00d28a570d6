package demo

import (
	"context"
	"io"
	"log/slog"
	"math/rand/v2"
	"net"
	"net/http"
	"net/url"
	"time"

	"github.com/tributary-hq/tributary/internal/audit"
	"github.com/tributary-hq/tributary/internal/auth"
	"github.com/tributary-hq/tributary/internal/creative"
	"github.com/tributary-hq/tributary/internal/db"
	"github.com/tributary-hq/tributary/internal/domain"
	"github.com/tributary-hq/tributary/internal/landing"
)

// A link to something that is no longer made, and one of a draw that is over.
const (
	goneLink, gonePage = "huette-laterne", "/shop/p/laterne"
	drawLink           = "huette-verlosung"
	drawEnds           = 60
)

// groundActs are where visitors come from and where they are led: domains, links that end, pages that are gone.
func groundActs(end time.Time) (acts []act) {
	at := func(day int, clock time.Duration, do func(ctx context.Context, w *walk) error) {
		acts = append(acts, act{at: midnight(end, day).Add(clock), do: do})
	}
	write := func(day int, clock time.Duration, do func(ctx context.Context, w *walk, tx *db.Tx) error) {
		at(day, clock, func(ctx context.Context, w *walk) error {
			return w.a.DB.Write(ctx, func(tx *db.Tx) error { return do(ctx, w, tx) })
		})
	}
	write(12, 15*time.Hour, func(ctx context.Context, w *walk, tx *db.Tx) error {
		return w.link(ctx, tx, goneLink, gonePage, "Winter evenings: a lantern")
	})
	write(46, 15*time.Hour, func(ctx context.Context, w *walk, tx *db.Tx) error {
		return w.link(ctx, tx, drawLink, "/shop/p/biwak-2", "Reader draw: a Biwak 2")
	})
	write(48, 15*time.Hour, endDraw)
	readers := rand.New(rand.NewPCG(1, 0x64_72_61_77))
	for i := range 9 { // the last of them come too late
		b := newBrowser(readers)
		at(52+i*5/4, time.Duration(9+i)*time.Hour, visit{on: b, code: drawLink, referrer: "https://huettenzauber.example/verlosung"}.do)
	}
	at(30, 10*time.Hour, func(ctx context.Context, w *walk) error { return w.claim(ctx, "go.birkwild.example", "", auth.Owner) })
	write(31, 9*time.Hour, func(ctx context.Context, w *walk, tx *db.Tx) error {
		if err := domain.LetPartners(ctx, tx, w.program.ID, true); err != nil {
			return err
		}
		return w.record(ctx, tx, auth.Owner, audit.ProgramDomains, w.program.ID)
	})
	at(84, 19*time.Hour, func(ctx context.Context, w *walk) error {
		return w.claim(ctx, "geh.huettenzauber.example", w.known[tracked], "")
	})
	for _, s := range sites {
		write(s.asked, 14*time.Hour, s.ask)
		if s.answered > 0 {
			write(s.answered, 10*time.Hour, s.answer)
			at(s.answered, 10*time.Hour, func(ctx context.Context, w *walk) error { return w.a.Links.Refresh(ctx) })
		}
		for i := range s.visits {
			b := newBrowser(readers)
			at(s.answered+1+i*2, time.Duration(8+i)*time.Hour, func(ctx context.Context, w *walk) error {
				return w.land(ctx, b, w.story.Base+"/shop/", "https://www."+s.host+"/")
			})
		}
	}
	at(86, 14*time.Hour, func(ctx context.Context, w *walk) error { return w.oldKey(ctx, 3) })
	at(87, 3*time.Hour, lookAtPages)
	at(88, 3*time.Hour, lookAtPages)
	return acts
}

// link is Lena making one more link.
func (w *walk) link(ctx context.Context, tx *db.Tx, code, page, label string) error {
	_, err := creative.CreateLink(ctx, tx, w.program, creative.Link{Partnership: w.known[tracked], Code: code, Target: w.story.Base + page, Label: label})
	return err
}

// endDraw says on which day the draw is over, and where its readers are led from then on.
func endDraw(ctx context.Context, w *walk, tx *db.Tx) error {
	list, err := creative.Search(ctx, tx, creative.LinkFilter{Program: w.program.ID, Words: drawLink, Limit: 1})
	if err != nil {
		return err
	}
	_, err = creative.EndLink(ctx, tx, w.program, list[0], midnight(w.clock.end, drawEnds), w.story.Base+"/shop/")
	return err
}

// site is a partner's own, from which visitors are recognised without a link.
type site struct {
	whose, host     string
	asked, answered int
	refused         string // why
	visits          int
}

var sites = []site{
	{whose: "lena@huettenzauber.example", host: "huettenzauber.example", asked: 49, answered: 50, visits: 14},
	{whose: "partner@sparfuchs24.example", host: "birkwild-gutscheine.example", asked: 57, answered: 58, refused: "This name has ours in it. Please use your own."},
	{whose: "elodie@lesacleger.example", host: "lesacleger.example", asked: 88},
}

func (s site) ask(ctx context.Context, w *walk, tx *db.Tx) error {
	_, err := creative.AskDomain(ctx, tx, w.program, w.known[s.whose], s.host, "")
	return err
}

func (s site) answer(ctx context.Context, w *walk, tx *db.Tx) error {
	list, err := creative.DomainsOf(ctx, tx, w.known[s.whose])
	if err != nil {
		return err
	}
	if s.refused != "" {
		if _, err := creative.RefuseDomain(ctx, tx, list[0], s.refused, w.staff[auth.Manager]); err != nil {
			return err
		}
		return w.record(ctx, tx, auth.Manager, audit.DomainRefuse, list[0].ID)
	}
	if _, err := creative.ApproveDomain(ctx, tx, w.program, list[0], w.staff[auth.Manager]); err != nil {
		return err
	}
	return w.record(ctx, tx, auth.Manager, audit.DomainApprove, list[0].ID)
}

// claim adds a domain at which links shall stand. Nobody has set its records yet: the DNS knows no such name.
func (w *walk) claim(ctx context.Context, name, partnership string, by auth.Role) error {
	own := w.story.host()
	var d domain.Domain
	err := w.a.DB.Write(ctx, func(tx *db.Tx) (err error) {
		d, err = domain.Claim(ctx, tx, domain.Domain{Name: name, Program: w.program.ID, Partnership: partnership, Author: w.staff[by]}, own)
		if err != nil || by == "" {
			return err
		}
		return w.record(ctx, tx, by, audit.DomainAdd, d.ID)
	})
	if err == nil {
		_, err = domain.Check(ctx, w.a.DB, nobodyThere{}, own, d)
	}
	return err
}

// host is where the demonstration is served.
func (s *Story) host() string {
	u, err := url.Parse(s.Base)
	if err != nil {
		return ""
	}
	return domain.Plain(u.Host)
}

// nobodyThere is the DNS of names that are made up.
type nobodyThere struct{}

func (nobodyThere) LookupCNAME(_ context.Context, host string) (string, error) {
	return "", noName(host)
}
func (nobodyThere) LookupTXT(_ context.Context, name string) ([]string, error) {
	return nil, noName(name)
}
func (nobodyThere) LookupHost(_ context.Context, host string) ([]string, error) {
	return nil, noName(host)
}

func noName(name string) error {
	return &net.DNSError{Err: "no such host", Name: name, IsNotFound: true}
}

// oldKey is a sender that still has the key from before it was renewed: what it reports is refused.
func (w *walk) oldKey(ctx context.Context, times int) error {
	for i := range times {
		w.clock.pass(7 * time.Minute)
		_, err := w.ask(w.request(ctx, nil, "/postback/"+brandSlug, url.Values{"key": {"psk_before"}, "event": {"lead"}, "order_id": {"letter-old-" + string(rune('1'+i))}}),
			http.StatusForbidden)
		if err != nil {
			return err
		}
	}
	return w.a.Refused.Flush(ctx)
}

// lookAtPages asks the shop's pages at night, as a server does by itself.
func lookAtPages(ctx context.Context, w *walk) error {
	log := slog.New(slog.NewTextHandler(io.Discard, nil))
	c := landing.New(w.a.DB, log, &http.Client{Transport: door{Shop(w.a, w.story, log)}, CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }},
		w.story.Base)
	c.Pause = 0
	return c.Night(ctx)
}
