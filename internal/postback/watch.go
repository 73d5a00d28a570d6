package postback

import (
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"maps"
	"math/rand/v2"
	"slices"
	"time"

	"github.com/tributary-hq/tributary/internal/commission"
	"github.com/tributary-hq/tributary/internal/conversion"
	"github.com/tributary-hq/tributary/internal/db"
	"github.com/tributary-hq/tributary/internal/deliver"
	happened "github.com/tributary-hq/tributary/internal/event"
	"github.com/tributary-hq/tributary/internal/money"
	"github.com/tributary-hq/tributary/internal/partner"
	paid "github.com/tributary-hq/tributary/internal/payout"
	"github.com/tributary-hq/tributary/internal/touch"
)

// tells are the events that are moments of commissions, and which commissions an event is about.
var tells = map[happened.Kind]struct {
	moment Moment
	about  func(ctx context.Context, r db.Reader, subjects []string) (map[string][]commission.Commission, error)
}{
	happened.ConversionCreated:  {Created, commission.Of},
	happened.CommissionCredited: {Created, itself},
	happened.CommissionHeld:     {Held, itself},
	happened.CommissionReleased: {Released, itself},
	happened.CommissionLocked:   {Approved, itself},
	happened.CommissionReversed: {Reversed, itself},
	happened.PayoutPaid:         {Paid, inPayouts},
}

func itself(ctx context.Context, r db.Reader, ids []string) (map[string][]commission.Commission, error) {
	named, err := commission.Named(ctx, r, ids)
	found := make(map[string][]commission.Commission, len(named))
	for id, c := range named {
		found[id] = []commission.Commission{c}
	}
	return found, err
}

// inPayouts are the commissions that payouts have paid; what only netted a debt off was paid before.
func inPayouts(ctx context.Context, r db.Reader, payouts []string) (map[string][]commission.Commission, error) {
	found := map[string][]commission.Commission{}
	for _, id := range payouts {
		lines, err := paid.Lines(ctx, r, id)
		if err != nil {
			return nil, err
		}
		var ids []string
		for _, l := range lines {
			if l.Amount > 0 {
				ids = append(ids, l.Commission)
			}
		}
		named, err := commission.Named(ctx, r, ids)
		if err != nil {
			return nil, err
		}
		for _, id2 := range ids {
			found[id] = append(found[id], named[id2])
		}
	}
	return found, nil
}

const (
	watcher   = "postback"
	batchMost = 1000 // events that are read at once
)

// Watch writes the messages about what has happened and was not told, and returns how many events it read. A message is
// written exactly once, however often and on however many nodes this is called. All reading is done before the transaction,
// which is short: sales need not wait for postbacks.
func Watch(ctx context.Context, d *db.DB) (int, error) {
	if listened, err := anybody(ctx, d.Read()); err != nil || !listened {
		return 0, err
	}
	for total := 0; ; {
		from, err := happened.Place(ctx, d.Read(), watcher)
		if err != nil {
			return total, err
		}
		batch, err := happened.List(ctx, d.Read(), happened.Filter{After: from, Limit: batchMost})
		if err != nil || len(batch) == 0 {
			return total, err
		}
		messages, err := wanted(ctx, d.Read(), batch)
		if err != nil {
			return total, err
		}
		facts, err := gather(ctx, d.Read(), messages)
		if err != nil {
			return total, err
		}
		err = d.Write(ctx, func(tx *db.Tx) error {
			moved, err := happened.Move(ctx, tx, watcher, from, batch[len(batch)-1].Seq)
			if err != nil || !moved {
				return err
			}
			return tell(ctx, tx, messages, facts)
		})
		if total += len(batch); err != nil || len(batch) < batchMost {
			return total, err
		}
	}
}

// anybody tells whether there is a postback at all. While there is none, nobody reads events; the first one begins with what
// comes after it.
func anybody(ctx context.Context, r db.Reader) (bool, error) {
	_, err := db.One(ctx, r, db.Value[string], `/* postback.anybody */ select id from postback where removed = 0 limit 1`)
	if errors.Is(err, db.ErrNone) {
		return false, nil
	}
	return err == nil, err
}

// Follow watches until ctx ends.
func Follow(ctx context.Context, d *db.DB, log *slog.Logger) {
	tick := time.NewTicker(time.Second)
	defer tick.Stop()
	for {
		select {
		case <-ctx.Done():
			return
		case <-tick.C:
			if _, err := Watch(ctx, d); err != nil && ctx.Err() == nil {
				log.Error("write postbacks", "error", err)
			}
		}
	}
}

// message is a moment of a commission that a postback wants to be told of.
type message struct {
	postback   Postback
	event      happened.Event
	moment     Moment
	commission commission.Commission
}

// once is what two messages have in common that are the same: a commission comes into being only once, whichever event
// says so.
func (m message) once() string {
	if m.moment == Created {
		return m.postback.ID + "/created/" + m.commission.ID
	}
	return m.postback.ID + "/" + m.event.ID + "/" + m.commission.ID
}

// tell writes messages.
func tell(ctx context.Context, tx *db.Tx, messages []message, facts []Facts) error {
	byTarget := map[string][]int{}
	for i, m := range messages {
		if m.postback.wants(m.moment, facts[i].Sale.Event) {
			byTarget[m.postback.ID] = append(byTarget[m.postback.ID], i)
		}
	}
	var list []deliver.New
	for _, target := range slices.Sorted(maps.Keys(byTarget)) {
		number, err := deliver.Number(ctx, tx, target, len(byTarget[target]))
		if err != nil {
			return err
		}
		for _, i := range byTarget[target] {
			m, f := messages[i], facts[i]
			t, err := Parse(m.postback.Template)
			if err != nil {
				return err
			}
			f.Number = number
			list = append(list, deliver.New{Target: target, Number: number, Once: m.once(), About: string(m.moment), Subject: m.commission.ID, Request: t.Request(m.postback.Way, f)})
			number++
		}
	}
	return deliver.Add(ctx, tx, list...)
}

// wanted are the messages that postbacks may want, in the order of the events. Whom an event concerns stands in it, so those
// that concern nobody who listens cost no query.
func wanted(ctx context.Context, r db.Reader, batch []happened.Event) ([]message, error) {
	listening, err := listening(ctx, r, batch)
	if err != nil || len(listening) == 0 {
		return nil, err
	}
	subjects := map[happened.Kind][]string{}
	for _, e := range batch {
		concerned, err := concerns(e, listening)
		if err != nil {
			return nil, err
		}
		if concerned {
			subjects[e.Kind] = append(subjects[e.Kind], e.Subject)
		}
	}
	about := map[happened.Kind]map[string][]commission.Commission{}
	for kind, ids := range subjects {
		if about[kind], err = tells[kind].about(ctx, r, ids); err != nil {
			return nil, err
		}
	}
	var list []message
	for _, e := range batch {
		for _, c := range about[e.Kind][e.Subject] {
			for _, p := range listening[c.Partnership] {
				if moment := tells[e.Kind].moment; !e.At.Before(p.Created) && slices.Contains(p.Moments, moment) {
					list = append(list, message{p, e, moment, c})
				}
			}
		}
	}
	return list, nil
}

// listening are the postbacks in the events' programs, by partnership.
func listening(ctx context.Context, r db.Reader, batch []happened.Event) (map[string][]Postback, error) {
	programs := map[string]bool{}
	for _, e := range batch {
		programs[e.Program] = true
	}
	var args db.Args
	list, err := db.All(ctx, r, scan, `/* postback.listening */ select `+columns+` from postback
		where removed = 0 and program in `+args.In(slices.Sorted(maps.Keys(programs)))+` order by id`, args.List()...)
	found := map[string][]Postback{}
	for _, p := range list {
		found[p.Partnership] = append(found[p.Partnership], p)
	}
	return found, err
}

// concerns tells whether an event is a moment of a commission of somebody who listens.
func concerns(e happened.Event, listening map[string][]Postback) (bool, error) {
	if _, ok := tells[e.Kind]; !ok {
		return false, nil
	}
	var said struct {
		Partnership  string   `json:"partnership"`
		Partnerships []string `json:"partnerships"`
	}
	if err := json.Unmarshal(e.Data, &said); err != nil {
		return false, fmt.Errorf("read event %s: %w", e.ID, err)
	}
	return slices.ContainsFunc(append(said.Partnerships, said.Partnership), func(id string) bool { return len(listening[id]) > 0 }), nil
}

// gather reads what messages say.
func gather(ctx context.Context, r db.Reader, messages []message) ([]Facts, error) {
	if len(messages) == 0 {
		return nil, nil
	}
	conversions, partnerships := map[string]bool{}, map[string]bool{}
	for _, m := range messages {
		conversions[m.commission.Conversion], partnerships[m.commission.Partnership] = true, true
	}
	ids := slices.Sorted(maps.Keys(conversions))
	sales, err := conversion.Named(ctx, r, ids)
	if err != nil {
		return nil, err
	}
	byID := map[string]conversion.Conversion{}
	for _, s := range sales {
		byID[s.ID] = s
	}
	explained, err := commission.Explanations(ctx, r, ids)
	if err != nil {
		return nil, err
	}
	members, err := partner.Named(ctx, r, slices.Sorted(maps.Keys(partnerships)))
	if err != nil {
		return nil, err
	}
	facts := make([]Facts, len(messages))
	var clicks []string
	for i, m := range messages {
		c, e := m.commission, explained[m.commission.Conversion]
		f := Facts{Moment: m.moment, At: m.event.At, Partner: members[c.Partnership].Partner.ID, Commission: c, Sale: byID[c.Conversion],
			Net: money.Of(e.Net, c.Amount.Currency), Chance: rand.Uint32()}
		f.Click.ID, f.Code = own(e, c.Partnership)
		if f.Click.ID != "" {
			clicks = append(clicks, f.Click.ID)
		}
		facts[i] = f
	}
	touches, err := touch.Named(ctx, r, clicks)
	for i := range facts {
		facts[i].Click = cmp.Or(touches[facts[i].Click.ID], facts[i].Click) // one that only its id proves has no words yet
	}
	return facts, err
}

// own are the last click and the code by which a partnership came to its part.
func own(e commission.Explanation, partnership string) (click, code string) {
	for _, step := range e.Steps {
		if step.Partnership != partnership || step.Verdict != commission.Counted {
			continue
		}
		switch step.Kind {
		case touch.Click:
			click = step.Touch
		case touch.Code:
			code = step.Code
		}
	}
	return click, code
}
