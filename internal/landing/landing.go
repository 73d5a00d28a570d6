// Package landing looks whether the pages that links lead to are there. It asks the pages and never the links, so that it
// makes no clicks.
package landing

import (
	"context"
	"errors"
	"io"
	"log/slog"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"time"

	"github.com/tributary-hq/tributary/internal/db"
	"github.com/tributary-hq/tributary/internal/deliver"
)

// Page is a page that links of a program lead to, and how it answered.
type Page struct {
	Program string
	Address string
	Status  int           // 0 without an answer
	Fault   deliver.Fault // empty: it is there
	At      time.Time
	Since   time.Time // how long it has been so
	Misses  int64     // nights in a row
}

// Dead tells whether a page is not there. One night can be a night of maintenance, except where the server says that the
// page is gone.
func (p Page) Dead() bool {
	return p.Misses >= 2 || p.Misses > 0 && (p.Status == http.StatusNotFound || p.Status == http.StatusGone)
}

const columns = "program, address, status, fault, at, since, misses"

func scan(row db.Row) (Page, error) {
	var p Page
	var at, since int64
	err := row.Scan(&p.Program, &p.Address, &p.Status, &p.Fault, &at, &since, &p.Misses)
	p.At, p.Since = time.UnixMilli(at).UTC(), time.UnixMilli(since).UTC()
	return p, err
}

// Of are a program's pages that did not answer when they were last asked, those that are missed longest first.
func Of(ctx context.Context, r db.Reader, program string) ([]Page, error) {
	return db.All(ctx, r, scan, `/* landing.Of */ select `+columns+` from page_check where program = $1 and misses > 0 order by since, address limit 1000`, program)
}

// Asked is when a program's pages were last asked; zero when never.
func Asked(ctx context.Context, r db.Reader, program string) (time.Time, error) {
	ms, err := db.One(ctx, r, db.Value[int64], `/* landing.Asked */ select coalesce(max(at), 0) from page_check where program = $1`, program)
	if err != nil || ms == 0 {
		return time.Time{}, err
	}
	return time.UnixMilli(ms).UTC(), nil
}

// The bounds of a night: pages, how long after one its host is asked again, and how long all may take.
const (
	pagesMost = 2000
	pause     = time.Second
	nightMost = 4 * time.Minute
	askMost   = 15 * time.Second
	hostsMost = 16 // at the same time
)

// Checker asks pages.
type Checker struct {
	DB     *db.DB
	Log    *slog.Logger
	Client *http.Client // which reaches public addresses only
	Agent  string       // who asks, in the words of the request
	Pause  time.Duration
}

// Agent is how a checker of an installation names itself.
func Agent(base string) string { return "Tributary link check bot (+" + base + ")" }

type wanted struct{ program, address string }

// Night asks the pages of links by which somebody can come, those first that were asked longest ago.
func (c *Checker) Night(ctx context.Context) error {
	list, err := db.All(ctx, c.DB.Read(), func(row db.Row) (w wanted, err error) { return w, row.Scan(&w.program, &w.address) }, `/* landing.Night */
		select w.program, w.address from (
			select distinct l.program as program, case when l.target = '' then p.landing else l.target end as address
			from link l join program p on p.id = l.program join partnership s on s.id = l.partnership
			where s.status = 'approved' and p.status = 'active' and p.test_of = ''
		) w left join page_check c on c.program = w.program and c.address = w.address
		order by coalesce(c.at, 0), w.program, w.address limit $1`, pagesMost)
	if err != nil {
		return err
	}
	hosts := map[string][]wanted{}
	for _, w := range list {
		if u, err := url.Parse(w.address); err == nil {
			hosts[u.Host] = append(hosts[u.Host], w)
		}
	}
	ctx, cancel := context.WithTimeout(ctx, nightMost)
	defer cancel()
	turns, done := make(chan []wanted), make(chan error)
	for range min(hostsMost, len(hosts)) {
		go func() {
			var failed error
			for pages := range turns {
				failed = errors.Join(failed, c.host(ctx, pages))
			}
			done <- failed
		}()
	}
	for _, name := range sortedKeys(hosts) {
		turns <- hosts[name]
	}
	close(turns)
	for range min(hostsMost, len(hosts)) {
		err = errors.Join(err, <-done)
	}
	return err
}

func sortedKeys(m map[string][]wanted) (names []string) {
	for name := range m {
		names = append(names, name)
	}
	slices.Sort(names)
	return names
}

// host asks pages of one host, one after the other, with a pause after each that was really asked for. What the night is too
// short for comes first in the next.
func (c *Checker) host(ctx context.Context, pages []wanted) error {
	disturbed := false
	for _, w := range pages {
		if disturbed {
			select {
			case <-ctx.Done():
			case <-time.After(c.Pause):
			}
		}
		if ctx.Err() != nil {
			return nil
		}
		status, fault := c.ask(ctx, w.address)
		disturbed = fault != deliver.Address
		if err := c.keep(context.WithoutCancel(ctx), w, status, fault); err != nil {
			return err
		}
	}
	return nil
}

// ask is how a page answers: to HEAD and, where that is not taken, to GET. A redirect is followed for five steps.
func (c *Checker) ask(ctx context.Context, address string) (status int, fault deliver.Fault) {
	ctx, cancel := context.WithTimeout(ctx, askMost)
	defer cancel()
	method := http.MethodHead
	for range 7 {
		request, err := http.NewRequestWithContext(ctx, method, address, nil)
		if err != nil {
			return 0, deliver.Broken
		}
		request.Header.Set("User-Agent", c.Agent)
		request.Header.Set("Accept", "text/html,*/*;q=0.8")
		answer, err := c.Client.Do(request)
		if err != nil {
			return 0, deliver.FaultOf(err)
		}
		io.CopyN(io.Discard, answer.Body, 1<<10)
		answer.Body.Close()
		status = answer.StatusCode
		to := answer.Header.Get("Location")
		switch {
		case status >= 300 && status < 400 && to != "":
			next, err := request.URL.Parse(to)
			if err != nil || next.Scheme != "https" && next.Scheme != "http" {
				return status, deliver.Redirect
			}
			address = next.String()
		case method == http.MethodHead && status >= 400:
			method = http.MethodGet
		case status >= 400 && status != http.StatusUnauthorized && status != http.StatusForbidden && status != http.StatusTooManyRequests:
			return status, deliver.Status
		default: // who keeps programs out has a page
			return status, deliver.NoFault
		}
	}
	return status, deliver.Redirect
}

func (c *Checker) keep(ctx context.Context, w wanted, status int, fault deliver.Fault) error {
	return c.DB.Write(ctx, func(tx *db.Tx) error {
		missed := int64(0)
		if fault != deliver.NoFault {
			missed = 1
		}
		_, err := db.Exec(ctx, tx, `/* landing.keep */ insert into page_check (`+columns+`) values ($1, $2, $3, $4, $5, $5, $6)
			on conflict (program, address) do update set status = excluded.status, fault = excluded.fault, at = excluded.at,
				since = case when page_check.fault = excluded.fault then page_check.since else excluded.since end,
				misses = case when excluded.misses = 0 then 0 else page_check.misses + 1 end`,
			w.program, w.address, status, string(fault), tx.Now.UnixMilli(), missed)
		return err
	})
}

// New is a checker with the usual pause.
func New(d *db.DB, log *slog.Logger, client *http.Client, base string) *Checker {
	return &Checker{DB: d, Log: log, Client: client, Agent: Agent(strings.TrimSuffix(base, "/")), Pause: pause}
}

// Sweep forgets pages that no link has led to for long.
func Sweep(ctx context.Context, tx *db.Tx) error {
	_, err := db.Exec(ctx, tx, `/* landing.Sweep */ delete from page_check where at < $1`, tx.Now.Add(-30*24*time.Hour).UnixMilli())
	return err
}
