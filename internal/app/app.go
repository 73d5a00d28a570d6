// Package app is the whole: it opens the database, wires the packages, starts them, and stops them so that nothing accepted
// is lost.
package app

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"maps"
	"net"
	"net/http"
	"net/netip"
	"strings"
	"sync"
	"time"

	"github.com/tributary-hq/tributary/internal/api"
	"github.com/tributary-hq/tributary/internal/audit"
	"github.com/tributary-hq/tributary/internal/auth"
	"github.com/tributary-hq/tributary/internal/certificate"
	"github.com/tributary-hq/tributary/internal/commission"
	"github.com/tributary-hq/tributary/internal/creative"
	"github.com/tributary-hq/tributary/internal/db"
	"github.com/tributary-hq/tributary/internal/deliver"
	"github.com/tributary-hq/tributary/internal/domain"
	"github.com/tributary-hq/tributary/internal/job"
	"github.com/tributary-hq/tributary/internal/landing"
	"github.com/tributary-hq/tributary/internal/mail"
	"github.com/tributary-hq/tributary/internal/once"
	"github.com/tributary-hq/tributary/internal/place"
	"github.com/tributary-hq/tributary/internal/porch"
	"github.com/tributary-hq/tributary/internal/postback"
	"github.com/tributary-hq/tributary/internal/refusal"
	"github.com/tributary-hq/tributary/internal/retention"
	"github.com/tributary-hq/tributary/internal/steer"
	"github.com/tributary-hq/tributary/internal/task"
	"github.com/tributary-hq/tributary/internal/touch"
	"github.com/tributary-hq/tributary/internal/track"
	"github.com/tributary-hq/tributary/internal/upload"
	"github.com/tributary-hq/tributary/internal/web"
)

// Config says what to open.
type Config struct {
	Database string // a file's path, or postgres://…
	BaseURL  string // how the world reaches the server, without a slash at the end
	Proxies  []netip.Prefix
	Log      *slog.Logger
	Clock    func() time.Time // time.Now when nil
	Relaxed  bool             // see db.Options
	Demo     bool             // pages say that this is a demonstration
	Rate     int              // API requests a second for one token; 0: any number
	SMTP     string           // the mail server, see mail.Options; empty: no mail leaves
	MailFrom string           // the sender of mails
	Reach    []netip.AddrPort // addresses that postbacks may go to though they are not public
	Networks string           // a file of data centres' networks, see track.Lists; empty: none are known
	Spammers string           // a file of hosts that advertise themselves as referrers; empty: none are known
	Resolver domain.Resolver  // the DNS that proves domains; the system's when nil
	TLS      *TLS             // certificates of our own; nil: plain HTTP, or a proxy has them
	Places   []string         // files of places, see package place; without any, nobody knows where visitors are
	Still    bool             // ask nobody by itself, neither the DNS nor the pages of links: the clock is that of a story
	Catch    bool             // keep mails for reading and send none; a demonstration always does
}

// App is an open installation. Nothing runs until Run.
type App struct {
	DB           *db.DB
	Keys         touch.Keys
	Links        *creative.Snapshot
	Keeper       *touch.Keeper
	Line         *commission.Line
	Jobs         *job.Runner
	Post         *mail.Post
	Sender       *deliver.Sender
	Handler      http.Handler
	Domains      *domain.Snapshot
	Refused      *refusal.Book
	Certificates *certificate.Keeper // nil without TLS
	Steer        *steer.Board
	lists        *track.Lists
	places       *place.Book
	losses       touch.Losses
	mux          *http.ServeMux
	door         *track.Door
	rest         *api.API
	log          *slog.Logger
	own          string // the host of our own name
}

// Open opens and migrates the database and wires everything to it.
func Open(ctx context.Context, c Config) (*App, error) {
	if c.Log == nil {
		c.Log = slog.Default()
	}
	d, err := db.Open(ctx, c.Database, db.Options{Clock: c.Clock, Relaxed: c.Relaxed})
	if err != nil {
		return nil, err
	}
	a := &App{DB: d, log: c.Log}
	if err := a.wire(ctx, c); err != nil {
		return nil, errors.Join(err, d.Close())
	}
	return a, nil
}

func (a *App) wire(ctx context.Context, c Config) (err error) {
	if _, err = a.DB.Migrate(ctx); err != nil {
		return err
	}
	if a.Keys, err = touch.LoadKeys(ctx, a.DB); err != nil {
		return err
	}
	if a.Links, err = creative.Load(ctx, a.DB); err != nil {
		return err
	}
	if a.Domains, err = domain.Load(ctx, a.DB); err != nil {
		return err
	}
	if a.lists, err = track.OpenLists(c.Networks, c.Spammers); err != nil {
		return err
	}
	if a.places, err = place.Open(c.Places...); err != nil {
		return err
	}
	if a.Steer, err = steer.Load(ctx, a.DB); err != nil {
		return err
	}
	a.Keeper = touch.NewKeeper(a.DB)
	a.Refused = refusal.New(a.DB)
	a.Line = commission.NewLine(a.DB, a.Keys)
	if a.Post, err = mail.Open(mail.Options{SMTP: c.SMTP, From: c.MailFrom, Catch: c.Catch || c.Demo, BaseURL: c.BaseURL}); err != nil {
		return err
	}
	a.Sender = deliver.Open(deliver.Options{DB: a.DB, Log: c.Log, Reach: c.Reach, Paused: postback.Paused(c.BaseURL)})
	work := maps.Clone(handlers)
	maps.Copy(work, a.Post.Handlers())
	maps.Copy(work, audit.Handlers)
	work[task.Job] = task.Handler(map[task.Kind]task.Work{"check": check(a.Keys), upload.Task: upload.Work(a.Keys)})
	if c.Resolver == nil {
		c.Resolver = net.DefaultResolver
	}
	own := hostOf(c.BaseURL)
	a.own = own
	work["domains"] = func(ctx context.Context, d *db.DB, _ json.RawMessage) error {
		return domain.CheckDue(ctx, d, c.Resolver, own)
	}
	checker := landing.New(a.DB, c.Log, deliver.Client(c.Reach), c.BaseURL)
	work["pages"] = func(ctx context.Context, _ *db.DB, _ json.RawMessage) error { return checker.Night(ctx) }
	if c.Still {
		still := func(context.Context, *db.DB, json.RawMessage) error { return nil }
		work["domains"], work["pages"] = still, still
	}
	a.Jobs = job.NewRunner(a.DB, c.Log, work, schedules...)
	a.door = track.New(track.Options{DB: a.DB, Links: a.Links, Keeper: a.Keeper, Keys: a.Keys, Line: a.Line, Log: c.Log, Proxies: c.Proxies, Lists: a.lists, Refused: a.Refused,
		Places: a.places, Steer: a.Steer, Losses: &a.losses})
	a.rest = api.New(api.Options{Refused: a.Refused, Domains: a.Domains, DB: a.DB, Keys: a.Keys, BaseURL: c.BaseURL, Log: c.Log, Rate: c.Rate, Proxies: c.Proxies})
	pages := web.New(web.Options{DB: a.DB, Keys: a.Keys, BaseURL: c.BaseURL, Log: c.Log, Demo: c.Demo, Post: a.Post, Proxies: c.Proxies, Resolver: c.Resolver, Domains: a.Domains, Places: a.places.Knows()})
	a.mux = http.NewServeMux()
	for _, pattern := range track.Patterns {
		a.mux.Handle(pattern, a.door)
	}
	for _, pattern := range api.Patterns {
		a.mux.Handle(pattern, a.rest)
	}
	a.mux.HandleFunc("GET /healthz", a.health)
	a.mux.Handle("/", pages)
	a.Handler = a.atHosts(own, a.door, http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if strings.HasPrefix(r.URL.Path, "/c/") { // the one that is loaded goes straight
			a.door.ServeHTTP(w, r)
			return
		}
		a.mux.ServeHTTP(w, r)
	}))
	if c.TLS != nil {
		a.secure(c, own)
	}
	return nil
}

// Mount adds a handler before Run; the demonstration's shop comes in this way.
func (a *App) Mount(pattern string, h http.Handler) { a.mux.Handle(pattern, h) }

// What runs by itself.
var (
	handlers = map[job.Kind]job.Handler{
		"mature": func(ctx context.Context, d *db.DB, _ json.RawMessage) error {
			_, err := commission.Mature(ctx, d)
			return err
		},
		retention.Job: retention.Handle,
		"sweep": func(ctx context.Context, d *db.DB, _ json.RawMessage) error {
			return d.Write(ctx, func(tx *db.Tx) error {
				if _, err := auth.SweepSessions(ctx, tx); err != nil {
					return err
				}
				if err := mail.Sweep(ctx, tx); err != nil {
					return err
				}
				if err := deliver.Sweep(ctx, tx); err != nil {
					return err
				}
				if err := refusal.Sweep(ctx, tx); err != nil {
					return err
				}
				if err := landing.Sweep(ctx, tx); err != nil {
					return err
				}
				_, err := once.Sweep(ctx, tx, tx.Now.Add(-once.KeepFor))
				return err
			})
		},
	}
	schedules = []job.Schedule{
		{Kind: "mature", Every: time.Hour},
		{Kind: "pages", Every: 24 * time.Hour, Offset: 2 * time.Hour},
		{Kind: "domains", Every: 5 * time.Minute},
		{Kind: "sweep", Every: 24 * time.Hour, Offset: 3 * time.Hour},
		{Kind: retention.Job, Every: 24 * time.Hour, Offset: 2 * time.Hour},
	}
)

func (a *App) health(w http.ResponseWriter, r *http.Request) {
	ctx, cancel := context.WithTimeout(r.Context(), 2*time.Second)
	defer cancel()
	w.Header().Set("Cache-Control", "no-store")
	if err := a.DB.Ping(ctx); err != nil {
		http.Error(w, "the database does not answer", http.StatusServiceUnavailable)
		return
	}
	fmt.Fprintln(w, "ok")
}

// Met is what else is done for touches that become known; the demonstration expands the journal by hand with it.
func (a *App) Met(ctx context.Context, tx *db.Tx, touches []touch.Touch) error {
	return commission.Met(ctx, tx, a.Keys, touches)
}

// stopMost is how long requests under way may take once the server is told to stop.
const stopMost = 20 * time.Second

// Run serves until the context ends, then finishes what was accepted: open requests, the queues of the journal and the line,
// the job under way. It does not close the database.
func (a *App) Run(ctx context.Context, listeners ...net.Listener) error {
	server := &http.Server{Handler: a.Handler, ReadHeaderTimeout: 10 * time.Second, ReadTimeout: time.Minute, WriteTimeout: 2 * time.Minute, IdleTimeout: 2 * time.Minute,
		MaxHeaderBytes: 32 << 10, ErrorLog: slog.NewLogLogger(a.log.Handler(), slog.LevelDebug)}
	work, stopWork := context.WithCancel(context.WithoutCancel(ctx))
	var workers sync.WaitGroup
	workers.Go(func() { touch.Forward(work, a.DB, a.log, a.Met) })
	workers.Go(func() { a.Jobs.Run(work) })
	workers.Go(func() { a.refresh(work) })
	workers.Go(func() { a.Post.Follow(work, a.DB, a.log) })
	workers.Go(func() { postback.Follow(work, a.DB, a.log) })
	workers.Go(func() { a.Sender.Run(work) })
	failed := make(chan error, len(listeners))
	var porches []*porch.Porch
	for _, l := range listeners {
		if a.Certificates == nil { // net/http wants to see the TLS of a connection; without TLS, links are answered before it
			p := porch.Open(l, a.quick, a.log)
			porches, l = append(porches, p), p
		}
		go func() { failed <- server.Serve(l) }()
	}
	var err error
	select {
	case <-ctx.Done():
		late, cancel := context.WithTimeout(context.WithoutCancel(ctx), stopMost)
		err = server.Shutdown(late)
		for _, p := range porches {
			err = errors.Join(err, p.Shutdown(late))
		}
		cancel()
	case err = <-failed:
		server.Close()
	}
	stopWork()
	workers.Wait()
	if errors.Is(err, http.ErrServerClosed) {
		return nil
	}
	return err
}

// Close finishes the queues and closes the database.
func (a *App) Close() error {
	if err := a.Refused.Flush(context.Background()); err != nil {
		a.log.Error("count refused reports: the last are not counted", "error", err)
	}
	a.Keeper.Close()
	late, cancel := context.WithTimeout(context.Background(), stopMost)
	lost := a.losses.Keep(late, a.DB, a.log)
	cancel()
	a.Line.Close()
	a.rest.Close()
	a.Sender.Close()
	if a.Certificates != nil {
		return errors.Join(lost, a.Certificates.Close(), a.DB.Close())
	}
	return errors.Join(lost, a.DB.Close())
}

// lossesMost is how long the counts of losses are tried to be written before the others are looked after again.
const lossesMost = 5 * time.Second

// refresh keeps the links in memory up with the database, and the lists of traffic with their files.
func (a *App) refresh(ctx context.Context) {
	tick := time.NewTicker(time.Second)
	defer tick.Stop()
	for {
		select {
		case <-ctx.Done():
			return
		case <-tick.C:
			if err := a.Links.Refresh(ctx); err != nil && ctx.Err() == nil {
				a.log.Error("refresh links", "error", err)
			}
			soon, cancel := context.WithTimeout(ctx, lossesMost)
			err := a.losses.Keep(soon, a.DB, a.log)
			if cancel(); err != nil && ctx.Err() == nil {
				a.log.Debug("the database is away", "error", err)
			}
			if err := a.Refused.Flush(ctx); err != nil && ctx.Err() == nil {
				a.log.Error("count refused reports: some are not counted", "error", err)
			}
			if err := a.Domains.Refresh(ctx); err != nil && ctx.Err() == nil {
				a.log.Error("refresh domains", "error", err)
			}
			if err := a.Steer.Refresh(ctx); err != nil && ctx.Err() == nil {
				a.log.Error("refresh rules, caps and tests", "error", err)
			}
			if err := a.places.Refresh(); err != nil {
				a.log.Error("read the files of places: what was known before holds", "error", err)
			}
			if err := a.lists.Refresh(); err != nil {
				a.log.Error("read the lists of traffic: what was known before holds", "error", err)
			}
		}
	}
}
