package web

import (
	"context"
	"io"
	"log/slog"
	"regexp"
	"time"

	"github.com/tributary-hq/tributary/internal/auth"
	"github.com/tributary-hq/tributary/internal/db"
	"github.com/tributary-hq/tributary/internal/job"
	"github.com/tributary-hq/tributary/internal/mail"
	"github.com/tributary-hq/tributary/internal/program"
)

// deliver catches all mails that wait, and returns those that were ever written, the newest first.
func (w *world) deliver() []mail.Letter {
	w.t.Helper()
	ctx := context.Background()
	post, err := mail.Open(mail.Options{Catch: true, BaseURL: w.server.URL})
	if err != nil {
		w.t.Fatal(err)
	}
	if _, err := post.Watch(ctx, w.d); err != nil {
		w.t.Fatal(err)
	}
	if _, err := job.NewRunner(w.d, slog.New(slog.NewTextHandler(io.Discard, nil)), post.Handlers()).RunDue(ctx); err != nil {
		w.t.Fatal(err)
	}
	list, err := mail.List(ctx, w.d.Read(), mail.Filter{Brands: []string{w.acme.Brand, w.rival.Brand, ""}, Limit: 1000})
	if err != nil {
		w.t.Fatal(err)
	}
	return list
}

// inbox are the mails to somebody, the newest first.
func (w *world) inbox(address string) (list []mail.Letter) {
	w.t.Helper()
	for _, l := range w.deliver() {
		if l.To == address {
			list = append(list, l)
		}
	}
	return list
}

var oneTime = regexp.MustCompile(`/(?:reset|invitation)/[0-9a-z]{52}`)

// keyTo is the path of the newest one-time link that somebody was sent, and the id of its mail.
func (w *world) keyTo(address string) (path, id string) {
	w.t.Helper()
	for _, l := range w.inbox(address) {
		if path := oneTime.FindString(l.Text); path != "" {
			return path, l.ID
		}
	}
	w.t.Fatalf("%s was sent no link", address)
	return "", ""
}

// asks is the link of a password reset for somebody.
func (w *world) asks(address string) string {
	w.t.Helper()
	w.now = w.now.Add(time.Second)
	w.write(func(ctx context.Context, tx *db.Tx) error { return mail.AskReset(ctx, tx, address, "127.0.0.0") })
	link, _ := w.keyTo(address)
	return link
}

// invites is the link of an invitation to the team, and the id of its mail.
func (w *world) invites(address string, role auth.Role) (link, id string) {
	w.t.Helper()
	w.now = w.now.Add(time.Second)
	w.write(func(ctx context.Context, tx *db.Tx) error {
		brand, err := program.GetBrand(ctx, tx, w.acme.Brand)
		if err != nil {
			return err
		}
		author, _, err := auth.ByEmail(ctx, tx, email("owner"))
		if err != nil {
			return err
		}
		_, err = mail.InviteMember(ctx, tx, w.server.URL, brand, author, address, role)
		return err
	})
	return w.keyTo(address)
}

// mailPages are an address of every GET route of mailRoutes, and who reads it.
func (w *world) mailPages() []struct{ route, address, reader string } {
	link, id := w.invites("newcomer@example.org", auth.Analyst)
	base := "/console/acme/settings/"
	return []struct{ route, address, reader string }{
		{"GET /forgot", "/forgot", ""},
		{"GET /reset/{key}", w.asks(email("finance")), ""},
		{"GET /invitation/{key}", link, ""},
		{"GET /invitation/{key}", link, "owner"},
		{"GET /console/{program}/partners/invite", "/console/acme/partners/invite", "owner"},
		{"GET /console/{program}/settings/team", base + "team", "owner"},
		{"GET /console/{program}/settings/team", base + "team", "analyst"},
		{"GET /console/{program}/settings/mails", base + "mails?state=caught", "owner"},
		{"GET /console/{program}/settings/mails/{mal}", base + "mails/" + id, "owner"},
		{"GET /console/{program}/settings/mails/{mal}/html", base + "mails/" + id + "/html", "owner"},
	}
}
