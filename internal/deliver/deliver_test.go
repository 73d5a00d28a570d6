package deliver_test

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/tributary-hq/tributary/internal/db"
	"github.com/tributary-hq/tributary/internal/db/dbtest"
	"github.com/tributary-hq/tributary/internal/deliver"
)

func TestEveryFaultIsOnRecord(t *testing.T) {
	dbtest.Run(t, func(t *testing.T, d *db.DB) {
		r := newReceiver(t)
		w := newWorld(t, d)
		gone := newReceiver(t)
		gone.Close()
		for i, c := range []struct {
			address string
			state   deliver.State
			status  int
			fault   deliver.Fault
			answer  string
		}{
			{r.URL + "/ok", deliver.Delivered, 200, "", "thanks"},
			{r.URL + "/slow-body", deliver.Delivered, 200, "", "first"},
			{r.URL + "/huge", deliver.Delivered, 200, "", strings.Repeat("x", 1024)},
			{r.URL + "/binary", deliver.Delivered, 200, "", "�ok"},
			{r.URL + "/500", deliver.Waiting, 500, deliver.Status, "the tracker is down\n"},
			{r.URL + "/redirect", deliver.Waiting, 302, deliver.Redirect, ""},
			{r.URL + "/hang", deliver.Waiting, 0, deliver.Timeout, ""},
			{r.URL + "/reset", deliver.Waiting, 0, deliver.Broken, ""},
			{r.URL + "/nonsense", deliver.Waiting, 0, deliver.Broken, ""},
			{gone.URL + "/ok", deliver.Waiting, 0, deliver.Connect, ""},
			{"https" + strings.TrimPrefix(r.URL, "http") + "/ok", deliver.Waiting, 0, deliver.Certificate, ""},
			{"http://nobody.invalid/", deliver.Waiting, 0, deliver.Name, ""},
		} {
			target := fmt.Sprintf("t%02d", i)
			w.target(target, "")
			w.add(target, c.address)
			w.run()
			list, _ := w.log(target)
			tries := w.attempts(list[0])
			if list[0].State != c.state || len(tries) != 1 {
				t.Errorf("%s: %s after %d attempts", c.address, list[0].State, len(tries))
				continue
			}
			if a := tries[0]; a.Status != c.status || a.Fault != c.fault || c.fault != deliver.Redirect && a.Answer != c.answer || a.Took > 3*time.Second {
				t.Errorf("%s: %+v", c.address, a)
			}
		}
		if n := len(r.at("/ok")); n != 1 {
			t.Errorf("/ok was asked %d times: a redirect was followed", n)
		}
	})
}

func TestADeliveryIsTriedAtItsTimesAndThenGivenUp(t *testing.T) {
	dbtest.Run(t, func(t *testing.T, d *db.DB) {
		r := newReceiver(t)
		w := newWorld(t, d)
		w.target("a", "")
		w.add("a", r.URL+"/500")
		w.run()
		for i, wait := range deliver.Waits {
			list, _ := w.log("a")
			if got := list[0].Due.Sub(w.now); got < wait || got > wait+wait/5+time.Millisecond {
				t.Errorf("wait %d is %s, not about %s", i+1, got, wait)
			}
			w.pass(wait - time.Second)
			w.run()
			w.says("a", fmt.Sprintf("waiting/%d", i+1)) // not before its time
			w.pass(wait/5 + 2*time.Second)
			w.run()
		}
		w.says("a", "failed/9")
		w.pass(48 * time.Hour)
		w.run()
		if n := len(r.at("/500")); n != 9 {
			t.Errorf("%d attempts", n)
		}
	})
}

func TestOneThatHangsDelaysNobody(t *testing.T) {
	dbtest.Run(t, func(t *testing.T, d *db.DB) {
		r := newReceiver(t)
		w := newWorld(t, d, func(o *deliver.Options) { o.Workers, o.Most = 4, time.Second })
		for i := range 6 { // more than can be served at the same time
			target := fmt.Sprintf("a-hangs-%d", i)
			w.target(target, "")
			for range 30 {
				w.add(target, r.URL+"/hang")
			}
		}
		w.target("z-well", "")
		var all []string
		for i := range 60 {
			all = append(all, fmt.Sprintf("%s/ok?n=%d", r.URL, i))
		}
		w.add("z-well", all...)
		begun := time.Now()
		w.run()
		if took := time.Since(begun); took > 8*time.Second {
			t.Errorf("all that was due took %s", took)
		}
		got := r.at("/ok")
		if len(got) != 60 {
			t.Fatalf("%d of 60 arrived", len(got))
		}
		for i, a := range got {
			if a.query != fmt.Sprintf("n=%d", i) {
				t.Fatalf("number %d is %s: not in order", i, a.query)
			}
		}
		if n := len(r.at("/hang")); n != 6 {
			t.Errorf("those that hang were asked %d times: each must rest after the first", n)
		}
		if r.most.Load() > 4 {
			t.Errorf("%d requests at the same time", r.most.Load())
		}
	})
}

func TestATargetHasOneRequestAtATimeOnAnyNumberOfNodes(t *testing.T) {
	dbtest.Run(t, func(t *testing.T, d *db.DB) {
		r := newReceiver(t)
		w := newWorld(t, d)
		w.target("a", "")
		for i := range 40 {
			w.add("a", fmt.Sprintf("%s/ok?n=%d", r.URL, i))
		}
		var nodes sync.WaitGroup
		for range 3 {
			s := w.open()
			nodes.Go(func() {
				for range 20 {
					if err := s.RunDue(t.Context()); err != nil {
						t.Error(err)
					}
				}
			})
		}
		nodes.Wait()
		w.run()
		if n := len(r.at("/ok")); n != 40 || r.most.Load() != 1 {
			t.Errorf("%d arrived, %d at the same time", n, r.most.Load())
		}
	})
}

func TestALeaseEndsWithItsNode(t *testing.T) {
	dbtest.Run(t, func(t *testing.T, d *db.DB) {
		r := newReceiver(t)
		w := newWorld(t, d)
		w.target("a", "")
		w.add("a", r.URL+"/ok")
		w.write(func(ctx context.Context, tx *db.Tx) error { // a node that died
			_, err := db.Exec(ctx, tx, `update delivery_target set leased_by = 'dead', leased_til = $1`, tx.Now.Add(time.Minute).UnixMilli())
			return err
		})
		w.run()
		w.says("a", "waiting/0")
		w.pass(time.Minute)
		w.run()
		w.says("a", "delivered/1")
	})
}

func TestOnlyPublicAddressesAreDialled(t *testing.T) {
	w := newWorld(t, dbtest.Open(t, db.SQLite), func(o *deliver.Options) { o.Reach = nil })
	r := newReceiver(t)
	port := r.URL[strings.LastIndex(r.URL, ":"):]
	for i, address := range []string{"http://127.0.0.1:8080/", "http://localhost:8080/", "http://10.1.2.3/", "http://192.168.1.1/", "http://172.16.0.1/", "http://169.254.169.254/latest/meta-data/",
		"http://100.64.0.1/", "http://0.0.0.0/", "http://[::1]:8080/", "http://[fe80::1]/", "http://[fd00:ec2::254]/", "http://[::ffff:127.0.0.1]/", "http://[64:ff9b::7f00:1]/",
		"http://2130706433/", "http://127.1/", "http://1.1.1.1:22/", "http://localhost" + port + "/ok"} {
		target := fmt.Sprintf("t%02d", i)
		w.target(target, "")
		w.add(target, address)
		w.run()
		list, _ := w.log(target)
		if a := w.attempts(list[0]); len(a) != 1 || a[0].Fault != deliver.Address && a[0].Fault != deliver.Name || a[0].Fault == deliver.Address && a[0].Detail != "" {
			t.Errorf("%s: %+v", address, a)
		}
	}
	if len(r.got) > 0 {
		t.Errorf("something arrived: %+v", r.got)
	}
}

func TestARecoveredReceiverGetsEverythingInOrder(t *testing.T) {
	dbtest.Run(t, func(t *testing.T, d *db.DB) {
		r := newReceiver(t)
		w := newWorld(t, d)
		w.target("a", "")
		r.mood.Store("/reset")
		for i := range 50 {
			w.add("a", fmt.Sprintf("%s/moody?n=%d", r.URL, i))
		}
		w.run()
		if n := len(r.at("/moody")); n != 1 {
			t.Errorf("%d attempts at a receiver that does not answer", n)
		}
		r.mood.Store("/ok")
		w.pass(7 * time.Second)
		w.run()
		var order []string
		for _, a := range r.at("/moody")[1:] {
			order = append(order, a.query)
		}
		if len(order) != 50 || order[0] != "n=0" || order[49] != "n=49" {
			t.Errorf("arrived: %v", order)
		}
	})
}

func TestAReceiverThatIsBusyIsLeftAlone(t *testing.T) {
	dbtest.Run(t, func(t *testing.T, d *db.DB) {
		r := newReceiver(t)
		w := newWorld(t, d)
		w.target("a", "")
		w.add("a", r.URL+"/busy", r.URL+"/ok")
		w.run()
		w.pass(time.Minute)
		w.run()
		w.says("a", "waiting/1 waiting/0")
		w.pass(90 * time.Second)
		w.run()
		if _, said := w.log("a"); !strings.HasPrefix(said, "waiting/2") {
			t.Errorf("after the time that it asked for: %s", said)
		}
	})
}

func TestFiveDaysOfFailurePauseATarget(t *testing.T) {
	dbtest.Run(t, func(t *testing.T, d *db.DB) {
		r := newReceiver(t)
		w := newWorld(t, d)
		w.target("a", "")
		r.mood.Store("/500")
		for day := range 5 {
			w.add("a", r.URL+"/moody")
			w.run()
			if len(w.paused) > 0 {
				t.Fatalf("paused on day %d", day)
			}
			w.pass(24 * time.Hour)
		}
		w.add("a", r.URL+"/moody")
		w.run()
		w.run()
		if !slices.Equal(w.paused, []string{"a"}) {
			t.Fatalf("told of %v", w.paused)
		}
		before := len(r.at("/moody"))
		r.mood.Store("/ok")
		w.add("a", r.URL+"/moody")
		w.pass(time.Hour)
		w.run()
		if n := len(r.at("/moody")); n != before {
			t.Errorf("%d requests while it was paused", n-before)
		}
		w.write(func(ctx context.Context, tx *db.Tx) error { return deliver.Start(ctx, tx, "a", deliver.ByPartner) })
		w.run()
		if _, said := w.log("a"); strings.Contains(said, "waiting") || !strings.HasSuffix(said, "delivered/1") {
			t.Errorf("after it was resumed: %s", said)
		}
	})
}

func TestWhoPausesAndWhoResumes(t *testing.T) {
	dbtest.Run(t, func(t *testing.T, d *db.DB) {
		w := newWorld(t, d)
		for i, c := range []struct {
			stops []deliver.Pause
			start deliver.Pause
			runs  bool
		}{
			{[]deliver.Pause{deliver.ByPartner}, deliver.ByPartner, true},
			{[]deliver.Pause{deliver.ByPartner}, deliver.ByBrand, true},
			{[]deliver.Pause{deliver.ByFailing}, deliver.ByPartner, true},
			{[]deliver.Pause{deliver.ByBrand}, deliver.ByPartner, false},
			{[]deliver.Pause{deliver.ByBrand, deliver.ByPartner}, deliver.ByPartner, false},
			{[]deliver.Pause{deliver.ByPartner, deliver.ByBrand}, deliver.ByPartner, false},
			{[]deliver.Pause{deliver.ByBrand}, deliver.ByBrand, true},
			{[]deliver.Pause{deliver.ByRemoval, deliver.ByBrand}, deliver.ByBrand, false},
		} {
			target := fmt.Sprintf("t%d", i)
			w.target(target, "")
			for _, by := range c.stops {
				w.write(func(ctx context.Context, tx *db.Tx) error { return deliver.Stop(ctx, tx, target, by) })
			}
			err := d.Write(t.Context(), func(tx *db.Tx) error { return deliver.Start(t.Context(), tx, target, c.start) })
			found, _ := deliver.Targets(t.Context(), d.Read(), []string{target})
			if (err == nil) != c.runs || found[target].Paused.IsZero() != c.runs {
				t.Errorf("%v, then resumed by %s: %v", c.stops, c.start, err)
			}
		}
	})
}

func TestReplay(t *testing.T) {
	dbtest.Run(t, func(t *testing.T, d *db.DB) {
		r := newReceiver(t)
		w := newWorld(t, d)
		w.target("a", "")
		w.target("b", "")
		from := w.now
		for range 4 {
			w.add("a", r.URL+"/ok")
			w.add("b", r.URL+"/ok")
			w.pass(time.Hour)
		}
		w.run()
		list, _ := w.log("a")
		w.write(func(ctx context.Context, tx *db.Tx) error {
			n, err := deliver.Replay(ctx, tx, list[0])
			if n != 1 {
				t.Errorf("%d are replayed", n)
			}
			return err
		})
		w.write(func(ctx context.Context, tx *db.Tx) error {
			n, err := deliver.ReplaySpan(ctx, tx, "a", from.Add(2*time.Hour), from.Add(4*time.Hour))
			if n != 2 {
				t.Errorf("%d are replayed", n)
			}
			return err
		})
		w.run()
		w.says("a", "delivered/2 delivered/1 delivered/2 delivered/2")
		w.says("b", "delivered/1 delivered/1 delivered/1 delivered/1")
		ids := map[string]int{}
		for _, a := range r.at("/ok") {
			ids[a.header.Get("Webhook-Id")]++
		}
		if ids[list[0].ID] != 2 || len(ids) != 8 {
			t.Errorf("a replayed delivery is another to its receiver: %v", ids)
		}
	})
}

func TestARemovedTargetGetsNothing(t *testing.T) {
	dbtest.Run(t, func(t *testing.T, d *db.DB) {
		r := newReceiver(t)
		w := newWorld(t, d)
		w.target("a", "")
		w.add("a", r.URL+"/ok")
		w.write(func(ctx context.Context, tx *db.Tx) error { return deliver.Remove(ctx, tx, "a") })
		w.run()
		w.says("a", "cancelled/0")
		if err := d.Write(t.Context(), func(tx *db.Tx) error {
			_, err := deliver.ReplaySpan(t.Context(), tx, "a", time.Time{}, w.now.Add(time.Hour))
			return err
		}); err == nil {
			t.Error("a removed target was replayed")
		}
	})
}

func TestSeenTwiceIsSentOnce(t *testing.T) {
	dbtest.Run(t, func(t *testing.T, d *db.DB) {
		r := newReceiver(t)
		w := newWorld(t, d)
		w.target("a", "")
		for range 3 {
			w.write(func(ctx context.Context, tx *db.Tx) error {
				n, err := deliver.Number(ctx, tx, "a", 1)
				if err != nil {
					return err
				}
				return deliver.Add(ctx, tx, deliver.New{Target: "a", Number: n, Once: "a/evt_1", Request: deliver.Request{Method: "GET", URL: r.URL + "/ok"}})
			})
		}
		w.run()
		if n := len(r.at("/ok")); n != 1 {
			t.Errorf("%d arrived", n)
		}
	})
}

func TestSweepForgetsWhatIsOld(t *testing.T) {
	dbtest.Run(t, func(t *testing.T, d *db.DB) {
		r := newReceiver(t)
		w := newWorld(t, d)
		w.target("a", "")
		w.add("a", r.URL+"/500")
		w.run()
		w.pass(deliver.KeepFor + time.Hour)
		w.target("b", "")
		w.add("b", r.URL+"/ok")
		w.run()
		w.write(deliver.Sweep)
		left, err := db.One(t.Context(), d.Read(), db.Value[int64], `select (select count(*) from delivery) * 100 + (select count(*) from delivery_attempt)`)
		if err != nil || left != 101 {
			t.Errorf("left %d %v", left, err)
		}
	})
}

// TestSignatures follows the example of the Standard Webhooks specification.
func TestSignatures(t *testing.T) {
	const secret, id, body = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw", "msg_p5jXN8AQM9LWM0D4loKWxJek", `{"test": 2432232314}`
	if got := deliver.Sign(secret, id, time.Unix(1614265330, 0), body); got != "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=" {
		t.Error(got)
	}
	dbtest.Run(t, func(t *testing.T, d *db.DB) {
		r := newReceiver(t)
		w := newWorld(t, d)
		first, second := deliver.NewSecret(), deliver.NewSecret()
		w.target("a", first)
		rotate := func(secret string) {
			w.write(func(ctx context.Context, tx *db.Tx) error { return deliver.Rotate(ctx, tx, "a", secret) })
		}
		for i, c := range []struct {
			do   func()
			want []string
		}{
			{func() {}, []string{first}},
			{func() { rotate(second) }, []string{second, first}},
			{func() { w.pass(deliver.FormerFor) }, []string{second}},
			{func() { rotate("") }, nil},
		} {
			c.do()
			w.add("a", fmt.Sprintf("%s/ok?n=%d", r.URL, i))
			w.run()
			a := r.at("/ok")[i]
			var want []string
			for _, s := range c.want {
				want = append(want, deliver.Sign(s, a.header.Get("Webhook-Id"), w.now, a.query))
			}
			if got := a.header.Get("Webhook-Signature"); got != strings.Join(want, " ") {
				t.Errorf("case %d: signed %q", i, got)
			}
		}
	})
}
