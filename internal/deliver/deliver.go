// Package deliver brings requests to other people's servers, and says of each what became of it. What it has accepted it
// brings at least once, or gives up where everybody can read why. It does not know what the requests mean, it follows no
// redirect, and it talks to no address that is not public.
//
// A target is somebody's server. Nodes lease targets, not deliveries: a target has one request at a time, in the order in
// which they were added, and one that does not answer rests for a while, so that its queue costs the others nothing.
package deliver

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/tributary-hq/tributary/internal/db"
	"github.com/tributary-hq/tributary/internal/id"
	"github.com/tributary-hq/tributary/internal/problem"
)

// State is how far a delivery is.
type State string

// The states of a delivery.
const (
	Waiting   State = "waiting"   // for its first attempt or the next
	Delivered State = "delivered" // the receiver has answered 2xx
	Failed    State = "failed"    // every attempt is used up
	Cancelled State = "cancelled" // its target was removed before
)

// Request is what is sent. Headers that sign and name it are added at each attempt.
type Request struct {
	Method string // GET or POST
	URL    string
	Type   string // of the body; empty without one
	Body   string
}

// New is a request to be brought to a target.
type New struct {
	Target  string
	Number  int64  // from Number
	Once    string // two deliveries with one key are one; empty: this one is like no other
	About   string // what it tells, a word of its owner's
	Subject string // the id of what it is about
	Test    bool   // goes before the others
	Request Request
}

// Delivery is a request with what has become of it.
type Delivery struct {
	ID       string // also what the receiver knows it by, the same at each attempt
	Target   string
	Number   int64 // 1, 2, 3, … within the target
	About    string
	Subject  string
	Test     bool
	Request  Request
	State    State
	Attempts int64     // ever
	Tries    int64     // since it was added or last replayed
	Due      time.Time // of the next attempt
	Created  time.Time
	Finished time.Time // zero before
}

const deliveryColumns = "id, target, number, about, subject, test, method, url, kind, body, state, attempts, tries, due, created, finished"

func scanDelivery(row db.Row) (Delivery, error) {
	var d Delivery
	var due, created, finished int64
	err := row.Scan(&d.ID, &d.Target, &d.Number, &d.About, &d.Subject, &d.Test, &d.Request.Method, &d.Request.URL, &d.Request.Type, &d.Request.Body,
		&d.State, &d.Attempts, &d.Tries, &due, &created, &finished)
	d.Due, d.Created, d.Finished = moment(due), moment(created), moment(finished)
	return d, err
}

func moment(ms int64) time.Time {
	if ms == 0 {
		return time.Time{}
	}
	return time.UnixMilli(ms).UTC()
}

// Number sets numbers aside for deliveries to a target, and returns the first of them. Whoever adds to several targets
// takes them in the order of their ids, so that two who do so never wait for each other.
func Number(ctx context.Context, tx *db.Tx, target string, many int) (int64, error) {
	last, err := db.One(ctx, tx, db.Value[int64], `/* deliver.Number */ update delivery_target set numbered = numbered + $1,
		due = case when due = 0 or due > $2 then case when rests > $2 then rests else $2 end else due end where id = $3 returning numbered`,
		int64(many), tx.Now.UnixMilli(), target)
	if errors.Is(err, db.ErrNone) {
		return 0, problem.NotFound("delivery_target", target)
	}
	return last - int64(many) + 1, err
}

// Add adds deliveries, if and when the transaction commits. One whose key is known is left out.
func Add(ctx context.Context, tx *db.Tx, list ...New) error {
	rows := make([][]any, len(list))
	for i, n := range list {
		name, now := id.New("dlv", tx.Now), tx.Now.UnixMilli()
		if n.Once == "" {
			n.Once = name
		}
		rows[i] = []any{n.Once, name, n.Target, n.Number, n.About, n.Subject, n.Test, n.Request.Method, n.Request.URL, n.Request.Type, n.Request.Body,
			string(Waiting), 0, 0, now, now, 0}
	}
	if _, err := db.Insert(ctx, tx, `/* deliver.Add */ insert into delivery (once_key, `+deliveryColumns+`)`, rows, `on conflict (once_key) do nothing`); err != nil {
		return fmt.Errorf("add deliveries: %w", err)
	}
	return nil
}

// Get is the delivery with the id.
func Get(ctx context.Context, r db.Reader, id string) (Delivery, error) {
	d, err := db.One(ctx, r, scanDelivery, `/* deliver.Get */ select `+deliveryColumns+` from delivery where id = $1`, id)
	if errors.Is(err, db.ErrNone) {
		return d, problem.NotFound("delivery", id)
	}
	return d, err
}

// Filter narrows a list of deliveries.
type Filter struct {
	Target string
	State  State // any when empty
	Before int64 // the number after which the page begins; newest first; 0: at the newest
	Limit  int
}

// List are a target's deliveries, the newest first.
func List(ctx context.Context, r db.Reader, f Filter) ([]Delivery, error) {
	var args db.Args
	where := "target = " + args.Add(f.Target)
	if f.State != "" {
		where += " and state = " + args.Add(string(f.State))
	}
	if f.Before > 0 {
		where += " and number < " + args.Add(f.Before)
	}
	return db.All(ctx, r, scanDelivery, `/* deliver.List */ select `+deliveryColumns+` from delivery where `+where+`
		order by number desc limit `+args.Add(f.Limit), args.List()...)
}

// Tally is how many of a target's deliveries are in each state.
type Tally struct{ Waiting, Delivered, Failed int64 }

// Tallies are those of several targets, by target.
func Tallies(ctx context.Context, r db.Reader, targets []string) (map[string]Tally, error) {
	type count struct {
		target string
		state  State
		n      int64
	}
	var args db.Args
	counts, err := db.All(ctx, r, func(row db.Row) (c count, err error) {
		err = row.Scan(&c.target, &c.state, &c.n)
		return c, err
	},
		`/* deliver.Tallies */ select target, state, count(*) from delivery where target in `+args.In(targets)+` group by target, state`, args.List()...)
	found := map[string]Tally{}
	for _, c := range counts {
		t := found[c.target]
		switch c.state {
		case Waiting:
			t.Waiting = c.n
		case Delivered:
			t.Delivered = c.n
		case Failed:
			t.Failed = c.n
		}
		found[c.target] = t
	}
	return found, err
}

// KeepFor is how long a delivery stays in the log, be it done or waiting for a target that is paused.
const KeepFor = 30 * 24 * time.Hour

// Sweep deletes old deliveries with their attempts.
func Sweep(ctx context.Context, tx *db.Tx) error {
	before := tx.Now.Add(-KeepFor).UnixMilli()
	if _, err := db.Exec(ctx, tx, `/* deliver.Sweep */ delete from delivery_attempt where delivery in (select id from delivery where created < $1)`, before); err != nil {
		return err
	}
	_, err := db.Exec(ctx, tx, `/* deliver.Sweep */ delete from delivery where created < $1`, before)
	return err
}
