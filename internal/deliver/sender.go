package deliver

import (
	"context"
	"errors"
	"log/slog"
	"net/http"
	"net/netip"
	"os"
	"sync"
	"time"

	"github.com/tributary-hq/tributary/internal/db"
	"github.com/tributary-hq/tributary/internal/id"
)

// Options say how a sender works.
type Options struct {
	DB      *db.DB
	Log     *slog.Logger
	Reach   []netip.AddrPort                                          // addresses that are dialled though they are not public
	Workers int                                                       // targets at the same time; 0: workersUsual
	Most    time.Duration                                             // for an attempt; 0: totalMost
	Paused  func(ctx context.Context, tx *db.Tx, target string) error // a target was paused because it fails
}

// Sender brings what is due. Any number of nodes share the work.
type Sender struct {
	Options
	client *http.Client
	node   string
	lane   *db.Lane[tried, Target]
	wake   chan struct{}
	busy   chan struct{} // a token for each target that is being served
	all    sync.WaitGroup
}

const (
	workersUsual = 128
	lease        = time.Minute
	poll         = time.Second
	turnMost     = 20 // deliveries to one target before others that wait longer have their turn
	turnFor      = 5 * time.Second
	stepMost     = 30 * time.Second // for one transaction
)

// Open makes a sender. Nothing is sent until it runs.
func Open(o Options) *Sender {
	if o.Workers == 0 {
		o.Workers = workersUsual
	}
	if o.Most == 0 {
		o.Most = totalMost
	}
	host, _ := os.Hostname() // only for people to read
	s := &Sender{Options: o, client: newClient(o.Reach), node: host + "-" + id.Secret(5), wake: make(chan struct{}, 1), busy: make(chan struct{}, o.Workers)}
	s.lane = db.NewLane(o.DB, 64, 4*o.Workers, s.record)
	return s
}

// Close ends a sender that no longer runs.
func (s *Sender) Close() {
	s.lane.Close()
	s.client.CloseIdleConnections()
}

// Run sends what becomes due until ctx ends, and then waits for the requests under way.
func (s *Sender) Run(ctx context.Context) {
	tick := time.NewTicker(poll)
	defer tick.Stop()
	for {
		if _, err := s.begin(ctx); err != nil && ctx.Err() == nil {
			s.Log.Error("deliveries cannot be sent", "error", err)
		}
		select {
		case <-ctx.Done():
			s.all.Wait()
			return
		case <-tick.C:
		case <-s.wake:
		}
	}
}

// RunDue sends what is due, and what becomes due thereby, and returns when nothing is under way.
func (s *Sender) RunDue(ctx context.Context) error {
	for {
		n, err := s.begin(ctx)
		if err != nil {
			return err
		}
		s.all.Wait()
		if n == 0 {
			return nil
		}
	}
}

// begin takes as many due targets as there is room for, and starts to serve them.
func (s *Sender) begin(ctx context.Context) (int, error) {
	room := cap(s.busy) - len(s.busy)
	if ctx.Err() != nil || room == 0 {
		return 0, nil
	}
	targets, err := s.take(ctx, room)
	for _, t := range targets {
		s.busy <- struct{}{}
		s.all.Go(func() {
			defer func() {
				<-s.busy
				select {
				case s.wake <- struct{}{}:
				default:
				}
			}()
			if err := s.serve(ctx, t); err != nil {
				s.Log.Error("deliveries cannot be sent", "target", t.ID, "error", err) // its lease ends by itself
			}
		})
	}
	return len(targets), err
}

// take leases targets that have something due, those first that have waited longest.
func (s *Sender) take(ctx context.Context, most int) (list []Target, err error) {
	ctx, cancel := context.WithTimeout(ctx, stepMost)
	defer cancel()
	const due = "due > 0 and due <= $1 and paused = 0 and leased_til <= $1"
	_, err = db.One(ctx, s.DB.Read(), db.Value[string], `/* deliver.take */ select id from delivery_target where `+due+` limit 1`, s.DB.Now().UnixMilli())
	if errors.Is(err, db.ErrNone) {
		return nil, nil // no need to make anyone wait for a writer
	}
	if err != nil {
		return nil, err
	}
	err = s.DB.Write(ctx, func(tx *db.Tx) (err error) {
		skip := db.ForUpdate(tx)
		if skip != "" {
			skip += " skip locked"
		}
		list, err = db.All(ctx, tx, scanTarget, `/* deliver.take */ with next as materialized (
				select id from delivery_target where `+due+` order by due, id limit $2`+skip+`)
			update delivery_target set leased_by = $3, leased_til = $4 where id in (select id from next) returning `+targetColumns,
			tx.Now.UnixMilli(), int64(most), s.node, tx.Now.Add(lease).UnixMilli())
		return err
	})
	return list, err
}

// serve sends what is due to a target, one after the other, for a turn, and gives it back.
func (s *Sender) serve(ctx context.Context, t Target) error {
	work := context.WithoutCancel(ctx) // what has been begun is finished
	list, err := db.All(work, s.DB.Read(), scanDelivery, `/* deliver.serve */ select `+deliveryColumns+` from delivery
		where target = $1 and state = 'waiting' and due <= $2 order by test desc, number limit $3`, t.ID, s.DB.Now().UnixMilli(), int64(turnMost))
	if err != nil {
		return err
	}
	begun := time.Now()
	for _, d := range list {
		if ctx.Err() != nil || time.Since(begun) > turnFor || !t.Paused.IsZero() || t.Rests.After(s.DB.Now()) {
			break
		}
		open, err := s.stillOpen(work, d)
		if err != nil {
			return err
		}
		if !open {
			continue
		}
		a := try(work, s.client, t, d, s.DB.Now(), s.Most)
		if t, err = s.lane.Do(work, tried{t, d, a}); err != nil {
			return err
		}
	}
	return s.giveBack(work, t.ID)
}

// stillOpen asks whether the delivery waits as it did, and its target is not paused.
func (s *Sender) stillOpen(ctx context.Context, d Delivery) (bool, error) {
	n, err := db.One(ctx, s.DB.Read(), db.Value[int64], `/* deliver.stillOpen */ select count(*) from delivery d join delivery_target t on t.id = d.target
		where d.id = $1 and d.state = 'waiting' and d.attempts = $2 and t.paused = 0 and t.leased_by = $3`, d.ID, d.Attempts, s.node)
	return n == 1, err
}

// giveBack ends the lease, and says when the target is due next.
func (s *Sender) giveBack(ctx context.Context, target string) error {
	ctx, cancel := context.WithTimeout(ctx, stepMost)
	defer cancel()
	return s.DB.Write(ctx, func(tx *db.Tx) error {
		if _, err := hold(ctx, tx, target); err != nil { // whoever adds has committed, or waits for us
			return err
		}
		_, err := db.Exec(ctx, tx, `/* deliver.giveBack */ update delivery_target set leased_by = '', leased_til = 0,
			due = coalesce((select case when min(d.due) > rests then min(d.due) else rests end from delivery d
				where d.target = $1 and d.state = 'waiting' having count(*) > 0), 0) where id = $1 and leased_by = $2`, target, s.node)
		return err
	})
}

// tried is an attempt that is over.
type tried struct {
	target   Target
	delivery Delivery
	attempt  Attempt
}

// record writes what came of attempts, and how their targets stand after them. One that was cancelled or replayed meanwhile
// keeps its state; the attempt is not written then.
func (s *Sender) record(ctx context.Context, tx *db.Tx, batch []tried) ([]db.Result[Target], error) {
	results := make([]db.Result[Target], len(batch))
	for i, one := range batch {
		t, err := hold(ctx, tx, one.target.ID)
		if err != nil {
			return nil, err
		}
		was := t
		t, d := after(t, one.delivery, one.attempt, tx.Now, chance())
		n, err := db.Exec(ctx, tx, `/* deliver.record */ update delivery set state = $1, attempts = $2, tries = $3, due = $4, finished = $5
			where id = $6 and attempts = $7 and state = 'waiting'`, string(d.State), d.Attempts, d.Tries, d.Due.UnixMilli(), stamp(d.Finished), d.ID, one.delivery.Attempts)
		if err != nil {
			return nil, err
		}
		if n == 0 {
			results[i].Value = was
			continue
		}
		a := one.attempt
		if _, err := db.Exec(ctx, tx, `/* deliver.record */ insert into delivery_attempt (delivery, number, at, took, status, fault, detail, answer)
			values ($1, $2, $3, $4, $5, $6, $7, $8)`, d.ID, a.Number, a.At.UnixMilli(), a.Took.Milliseconds(), a.Status, string(a.Fault), a.Detail, a.Answer); err != nil {
			return nil, err
		}
		if _, err := db.Exec(ctx, tx, `/* deliver.record */ update delivery_target set failing = $1, misses = $2, rests = $3, paused = $4, paused_by = $5,
			leased_til = case when leased_by = $6 then $7 else leased_til end where id = $8`, stamp(t.Failing), t.Misses, stamp(t.Rests), stamp(t.Paused), string(t.PausedBy),
			s.node, tx.Now.Add(lease).UnixMilli(), t.ID); err != nil {
			return nil, err
		}
		if was.Paused.IsZero() && !t.Paused.IsZero() && s.Paused != nil {
			if err := s.Paused(ctx, tx, t.ID); err != nil {
				return nil, err
			}
		}
		results[i].Value = t
	}
	return results, nil
}

func stamp(t time.Time) int64 {
	if t.IsZero() {
		return 0
	}
	return t.UnixMilli()
}
