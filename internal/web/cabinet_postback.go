package web

import (
	"context"
	"strconv"
	"time"

	"github.com/tributary-hq/tributary/internal/audit"
	"github.com/tributary-hq/tributary/internal/auth"
	"github.com/tributary-hq/tributary/internal/db"
	"github.com/tributary-hq/tributary/internal/deliver"
	"github.com/tributary-hq/tributary/internal/postback"
	"github.com/tributary-hq/tributary/internal/problem"
)

type myPostbackPage struct {
	cabinetPage
	postback.Postback
	State  string
	Target deliver.Target
	Tally  deliver.Tally
	Told   string // the moments, in words
	Plain  bool
	Secret string // shown once
	Open   bool
	Log    []loggedDelivery
	Next   string
	Chips  []chip
	Span   form
	Former bool // the secret before still signs
}

// loggedDelivery is a delivery with each attempt.
type loggedDelivery struct {
	deliver.Delivery
	Order string // of the commission's conversion
	Done  []deliver.Attempt
}

// Again tells whether it can be replayed.
func (d loggedDelivery) Again() bool {
	return d.State == deliver.Delivered || d.State == deliver.Failed
}

// deliveryStates are the filters of the log, in order; the first is all.
var deliveryStates = []deliver.State{"", deliver.Waiting, deliver.Delivered, deliver.Failed}

func (s *site) myPostback(v *visit) (answer, error) { return s.showPostback(v, "") }

func (s *site) showPostback(v *visit, secret string) (answer, error) {
	data, err := s.readPostbackPage(v)
	data.Secret = secret
	return s.page("cabinet/postbacks/detail", v.postback.Name, data), err
}

func replayForm(v *visit) form {
	return form{Fields: []field{
		{Name: "from", Label: "replay_from", Type: "date", Value: v.today().AddDate(0, 0, -1).Format(time.DateOnly), Required: true},
		{Name: "to", Label: "replay_to", Type: "date", Value: v.today().Format(time.DateOnly), Required: true},
	}}
}

func (s *site) readPostbackPage(v *visit) (myPostbackPage, error) {
	ctx, r, p := v.Context(), v.read(), v.postback
	at := cabinetBase(v.partnership) + "/postbacks/" + p.ID
	data := myPostbackPage{cabinetPage: v.cabinet(), Postback: p, Told: v.momentsOf(p), Open: v.actor.May(auth.WriteLinks) == nil, Span: replayForm(v)}
	rows, err := v.withStandings([]postback.Postback{p})
	if err != nil {
		return data, err
	}
	data.Target, data.Tally, data.State = rows[0].Target, rows[0].Tally, rows[0].state()
	data.Former = data.Target.Former != "" && v.now().Before(data.Target.FormerTil)
	if t, err := postback.Parse(p.Template); err == nil {
		data.Plain = t.Plain()
	}
	state := deliver.State(v.query("state"))
	for _, one := range deliveryStates {
		label, address := v.text("mails.all"), at
		if one != "" {
			label, address = v.text("states.delivery."+string(one)), at+"?state="+string(one)
		}
		data.Chips = append(data.Chips, chip{Label: label, Address: address, Here: one == state})
	}
	before, _ := strconv.ParseInt(v.query("before"), 10, 64) // what is no number begins at the newest
	list, err := deliver.List(ctx, r, deliver.Filter{Target: p.ID, State: state, Before: before, Limit: perPage + 1})
	if err != nil {
		return data, err
	}
	if len(list) > perPage {
		list = list[:perPage]
		data.Next = v.here("before", strconv.FormatInt(list[perPage-1].Number, 10))
	}
	for i, d := range list {
		if data.Target.Rests.After(d.Due) {
			list[i].Due = data.Target.Rests
		}
	}
	data.Log, err = v.logged(list)
	return data, err
}

// logged reads the attempts at deliveries, and the orders that they are about.
func (v *visit) logged(list []deliver.Delivery) ([]loggedDelivery, error) {
	var ids, subjects []string
	for _, d := range list {
		ids, subjects = append(ids, d.ID), append(subjects, d.Subject)
	}
	attempts, err := deliver.AttemptsAt(v.Context(), v.read(), ids)
	if err != nil {
		return nil, err
	}
	orders, err := postback.Orders(v.Context(), v.read(), subjects)
	logged := make([]loggedDelivery, len(list))
	for i, d := range list {
		logged[i] = loggedDelivery{d, orders[d.Subject], attempts[d.ID]}
	}
	return logged, err
}

// treatPostback does something with the postback and goes back to its page.
func (s *site) treatPostback(v *visit, what audit.Action, notice string, fn func(ctx context.Context, tx *db.Tx) error) (answer, error) {
	err := v.write(func(ctx context.Context, tx *db.Tx) error {
		if err := fn(ctx, tx); err != nil {
			return err
		}
		return v.record(ctx, tx, what, v.postback.ID)
	})
	return s.done(cabinetBase(v.partnership)+"/postbacks/"+v.postback.ID, notice), err
}

func (s *site) testPostback(v *visit) (answer, error) {
	return s.treatPostback(v, audit.PostbackTry, "postback_tested", func(ctx context.Context, tx *db.Tx) error {
		_, err := postback.Test(ctx, tx, v.program, v.partnership, v.postback)
		return err
	})
}

func (s *site) pausePostback(v *visit) (answer, error) {
	return s.treatPostback(v, audit.PostbackPause, "postback_paused", func(ctx context.Context, tx *db.Tx) error {
		return deliver.Stop(ctx, tx, v.postback.ID, deliver.ByPartner)
	})
}

func (s *site) resumePostback(v *visit) (answer, error) {
	return s.treatPostback(v, audit.PostbackResume, "postback_resumed", func(ctx context.Context, tx *db.Tx) error {
		return deliver.Start(ctx, tx, v.postback.ID, deliver.ByPartner)
	})
}

func (s *site) removePostback(v *visit) (answer, error) {
	err := v.write(func(ctx context.Context, tx *db.Tx) error {
		if err := postback.Remove(ctx, tx, v.postback.ID); err != nil {
			return err
		}
		return v.record(ctx, tx, audit.PostbackRemove, v.postback.ID)
	})
	return s.done(cabinetBase(v.partnership)+"/postbacks", "postback_removed"), err
}

// signPostback gives a postback a new secret, or ends signing. The secret is on this answer and never again.
func (s *site) signPostback(v *visit) (answer, error) {
	secret := ""
	if v.PostFormValue("do") != "end" {
		secret = deliver.NewSecret()
	}
	err := v.write(func(ctx context.Context, tx *db.Tx) error {
		if err := deliver.Rotate(ctx, tx, v.postback.ID, secret); err != nil {
			return err
		}
		return v.record(ctx, tx, audit.PostbackSign, v.postback.ID)
	})
	if err != nil || secret == "" {
		return s.done(cabinetBase(v.partnership)+"/postbacks/"+v.postback.ID, "saved"), err
	}
	return s.showPostback(v, secret)
}

func (s *site) replayDelivery(v *visit) (answer, error) {
	return s.treatPostback(v, audit.PostbackReplay, "postback_replayed", func(ctx context.Context, tx *db.Tx) error {
		_, err := deliver.Replay(ctx, tx, v.delivery)
		return err
	})
}

// replayPostback sends the messages of some days again.
func (s *site) replayPostback(v *visit) (answer, error) {
	f := replayForm(v)
	f.read(v.PostForm)
	day := func(name string) (time.Time, *problem.Problem) {
		t, err := time.ParseInLocation(time.DateOnly, f.value(name), v.zone)
		if err != nil {
			return t, problem.Wrong(name, "since_invalid", "%q is not a day", f.value(name))
		}
		return t, nil
	}
	from, fault1 := day("from")
	to, fault2 := day("to")
	err := problem.Join(fault1, fault2)
	if err == nil {
		var n int64
		err = v.write(func(ctx context.Context, tx *db.Tx) (err error) {
			n, err = deliver.ReplaySpan(ctx, tx, v.postback.ID, from, to.AddDate(0, 0, 1))
			if err == nil && n == 0 {
				return problem.Wrong("from", "replay_nothing", "nothing was sent in these days that could be sent again")
			}
			if err != nil {
				return err
			}
			return v.record(ctx, tx, audit.PostbackReplay, v.postback.ID, audit.Note("messages", strconv.FormatInt(n, 10)))
		})
	}
	if err == nil {
		return s.done(cabinetBase(v.partnership)+"/postbacks/"+v.postback.ID, "postback_replayed"), nil
	}
	if !f.blame(v.lang, err) {
		return nil, err
	}
	data, err := s.readPostbackPage(v)
	data.Span = f
	return s.again("cabinet/postbacks/detail", v.postback.Name, data), err
}
