package track_test

import (
	"context"
	"encoding/json"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/tributary-hq/tributary/internal/commission"
	"github.com/tributary-hq/tributary/internal/conversion"
	"github.com/tributary-hq/tributary/internal/db"
	"github.com/tributary-hq/tributary/internal/db/dbtest"
	"github.com/tributary-hq/tributary/internal/problem"
	"github.com/tributary-hq/tributary/internal/program"
	"github.com/tributary-hq/tributary/internal/touch"
)

// TestAgentToken has a program that buys for somebody ask by a link, and the shop report what it bought.
func TestAgentToken(t *testing.T) {
	dbtest.Run(t, func(t *testing.T, d *db.DB) {
		s := openShop(t, d, "ann")
		ctx := context.Background()
		if got := s.get("/agent/nobody"); got.Code != http.StatusNotFound {
			t.Errorf("no such link: %d", got.Code)
		}
		got := s.get("/agent/ann?sub1=bot")
		var told struct {
			Token, Parameter, Target string
			Expires                  time.Time `json:"expires_at"`
		}
		if err := json.Unmarshal(got.Body.Bytes(), &told); err != nil || told.Parameter != "tclid" || !strings.HasSuffix(told.Target, "tclid="+told.Token) {
			t.Fatalf("%d %s %v", got.Code, got.Body, err)
		}
		claim, err := s.keys.Parse(told.Token)
		if err != nil || !claim.Agent || claim.Link != s.link.Number || !told.Expires.Equal(claim.At.Add(touch.AgentFor)) {
			t.Fatalf("%+v %v", claim, err)
		}
		if click, err := s.keys.Parse(s.keys.NewID(claim.At, s.link.Number)); err != nil || click.Agent || !click.At.Equal(claim.At) {
			t.Errorf("a click id is taken for an agent's: %+v", click)
		}
		sale := func(order, token string, at time.Time) (commission.Credited, error) {
			return s.line.Credit(ctx, conversion.New{Program: s.prog.ID, Order: order, At: at, Amount: "10", Currency: "EUR", Click: token})
		}
		kinds := func(c commission.Credited) (kinds string) {
			e, err := commission.Explain(ctx, d.Read(), c.Conversion.ID)
			if err != nil {
				t.Fatal(err)
			}
			for _, step := range e.Steps {
				kinds += string(step.Kind) + " " + string(step.Verdict)
			}
			return kinds
		}
		first, err := sale("1", told.Token, claim.At)
		if err != nil || kinds(first) != "agent counted" {
			t.Fatalf("before the touch is read: %q %v", kinds(first), err)
		}
		if _, err := touch.Expand(ctx, d, 100, func(ctx context.Context, tx *db.Tx, touches []touch.Touch) error {
			return commission.Met(ctx, tx, s.keys, touches)
		}); err != nil {
			t.Fatal(err)
		}
		if got := kinds(first); got != "agent counted" {
			t.Errorf("once the touch is read: %q", got)
		}
		if again, err := sale("1", told.Token, claim.At); err != nil || !again.Duplicate {
			t.Errorf("a replay: %+v %v", again, err)
		}
		forged := told.Token[:10] + "A" + told.Token[11:]
		if forged == told.Token {
			forged = told.Token[:10] + "B" + told.Token[11:]
		}
		if _, err := sale("2", forged, claim.At); problem.Code(err) != "click_id_invalid" {
			t.Errorf("a forged token: %v", err)
		}
		d.SetClock(func() time.Time { return claim.At.Add(48 * time.Hour) })
		if _, err := sale("3", told.Token, claim.At.Add(touch.AgentFor+time.Second)); problem.Code(err) != "agent_token_expired" {
			t.Errorf("a day later: %v", err)
		}
		if late, err := sale("4", told.Token, claim.At.Add(time.Hour)); err != nil || kinds(late) != "agent counted" {
			t.Errorf("reported late, bought in time: %v", err)
		}
		err = d.View(ctx, func(r db.Reader) error {
			p, err := program.Get(ctx, r, s.prog.ID)
			if err != nil {
				return err
			}
			proof, err := commission.Verify(ctx, r, s.keys, p, func(int, int) {})
			for _, fault := range proof.Faults {
				t.Error(fault)
			}
			return err
		})
		if err != nil {
			t.Fatal(err)
		}
	})
}
