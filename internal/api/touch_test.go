package api_test

import (
	"fmt"
	"testing"
	"time"

	"github.com/tributary-hq/tributary/client"
	"github.com/tributary-hq/tributary/internal/auth"
	"github.com/tributary-hq/tributary/internal/db"
	"github.com/tributary-hq/tributary/internal/db/dbtest"
	"github.com/tributary-hq/tributary/internal/touch"
)

// met makes touches known.
func (h *house) met(touches ...touch.Touch) {
	h.t.Helper()
	keeper := touch.NewKeeper(h.db)
	for _, t := range touches {
		if err := keeper.Keep(h.t.Context(), t); err != nil {
			h.t.Fatal(err)
		}
	}
	keeper.Close()
	must(touch.Expand(h.t.Context(), h.db, 100, nil))(h.t)
}

// TestJudgeByTheAPI judges touches again, by their ids and by what they have in common.
func TestJudgeByTheAPI(t *testing.T) {
	dbtest.Run(t, func(t *testing.T, d *db.DB) {
		h, ctx := open(t, d), t.Context()
		h.program("alpine")
		ann := h.partner("alpine", "ann")
		link := must(h.CreateLink(ctx, ann.ID, client.NewLink{}))(t)
		h.at(noon.AddDate(0, 0, 1))
		number := must(db.One(ctx, d.Read(), db.Value[int64], "select number from link where id = $1", link.ID))(t)
		var ids []string
		var touches []touch.Touch
		for i, mark := range []touch.Mark{touch.Bot, touch.Bot, touch.Rate, touch.Counts} {
			at := noon.AddDate(0, 0, 1).Add(time.Duration(i) * time.Minute)
			id := h.keys.NewID(at, number)
			ids = append(ids, id)
			touches = append(touches, touch.Touch{ID: id, Program: ann.Program, Kind: touch.Click, Partnership: ann.ID, Link: link.ID, Who: touch.WhoClick(id),
				At: at, Mark: mark, Address: fmt.Sprintf("192.0.%d.0", i), Agent: "agent " + string(mark)})
		}
		h.met(touches...)
		h.at(noon.AddDate(0, 0, 2))
		must(h.ReportConversion(ctx, client.NewConversion{Program: "alpine", OrderID: "1", Amount: euros("100"), ClickID: ids[0]}))(t)
		trial, _ := h.token(auth.Test, auth.WriteCommissions)
		say := func(j client.Judged, err error) string {
			if err != nil {
				return code(err)
			}
			return fmt.Sprintf("%d %d %d %s %d %v", j.Touches, j.Already, j.Conversions, j.Earned.Amount, j.Final, j.More)
		}
		for _, c := range []struct {
			promise string
			by      *client.Client
			n       client.NewJudgement
			want    string
		}{
			{"nothing is asked", h.Client, client.NewJudgement{Counts: true}, "touches_invalid"},
			{"two things are asked", h.Client, client.NewJudgement{Touches: ids, All: &client.JudgedTouches{}}, "touches_invalid"},
			{"a touch of nobody", h.Client, client.NewJudgement{Touches: []string{"x"}}, "touch_unknown"},
			{"a trial keeps nothing", trial, client.NewJudgement{Counts: true, Touches: ids[:1]}, "1 0 1 10.00 0 false"},
			{"a click that was a person's", h.Client, client.NewJudgement{Counts: true, Touches: ids[:1], Reason: "a customer"}, "1 0 1 10.00 0 false"},
			{"again", h.Client, client.NewJudgement{Counts: true, Touches: ids[:1]}, "0 1 0 0.00 0 false"},
			{"all of a rule", h.Client, client.NewJudgement{Counts: true, All: &client.JudgedTouches{Mark: "bot"}}, "1 0 0 0.00 0 false"},
			{"all of a network", h.Client, client.NewJudgement{All: &client.JudgedTouches{Network: "192.0.0.0"}}, "1 0 1 -10.00 0 false"},
			{"all of a browser", h.Client, client.NewJudgement{Counts: true, All: &client.JudgedTouches{Agent: "agent rate"}}, "1 0 0 0.00 0 false"},
			{"all of a time", h.Client, client.NewJudgement{All: &client.JudgedTouches{From: noon.AddDate(0, 0, 1).Add(3 * time.Minute)}}, "1 0 0 0.00 0 false"},
			{"what does not count cannot count less", h.Client, client.NewJudgement{All: &client.JudgedTouches{Mark: "refused"}}, "0 0 0 0.00 0 false"},
		} {
			if got := say(c.by.Judge(ctx, "alpine", c.n)); got != c.want {
				t.Errorf("%s: %q, want %q", c.promise, got, c.want)
			}
		}
		for filter, want := range map[client.TouchFilter]int{{Mark: "any"}: 2, {Mark: "none"}: 2, {Mark: "refused"}: 2, {Mark: "bot"}: 0, {Network: "192.0.1.0"}: 1,
			{Agent: "agent rate"}: 1, {Agent: "agent"}: 0} {
			if list := all(t, h.Touches(ctx, "alpine", filter)); len(list) != want {
				t.Errorf("%+v: %d touches, want %d", filter, len(list), want)
			}
		}
	})
}

func TestProgramsChooseWhatRepeats(t *testing.T) {
	h := open(t, dbtest.Open(t, db.SQLite))
	if p := h.program("alpine"); p.RepeatMS != 2000 || p.TrustDCs {
		t.Errorf("a new program has %d ms, %v", p.RepeatMS, p.TrustDCs)
	}
	none, yes, long := int64(0), true, int64(60_001)
	p := must(h.ChangeProgram(t.Context(), "alpine", client.ProgramChange{RepeatMS: &none, TrustDCs: &yes}))(t)
	if p.RepeatMS != 0 || !p.TrustDCs {
		t.Errorf("changed to %d ms, %v", p.RepeatMS, p.TrustDCs)
	}
	if _, err := h.ChangeProgram(t.Context(), "alpine", client.ProgramChange{RepeatMS: &long}); err == nil {
		t.Error("a minute and more is no repetition")
	}
}
