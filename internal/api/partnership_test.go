package api_test

import (
	"context"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/tributary-hq/tributary/client"
	"github.com/tributary-hq/tributary/internal/auth"
	"github.com/tributary-hq/tributary/internal/db"
	"github.com/tributary-hq/tributary/internal/db/dbtest"
	"github.com/tributary-hq/tributary/internal/partner"
	"github.com/tributary-hq/tributary/internal/program"
)

func TestPartnershipStates(t *testing.T) {
	dbtest.Run(t, func(t *testing.T, d *db.DB) {
		h := open(t, d)
		h.program("alpine")
		applied := must(h.CreatePartnership(t.Context(), "alpine", client.NewPartnership{Partner: client.NewPartner{Name: "Ann", Email: "ann@example.com"}}))(t)
		type change = func(context.Context, string, client.StatusChange) (client.Partnership, error)
		accept := func(ctx context.Context, id string, _ client.StatusChange) (client.Partnership, error) {
			return h.AcceptPartnership(ctx, id, client.Acceptance{})
		}
		for _, test := range []struct {
			name   string
			change change
			want   string
		}{
			{"an application cannot be paused", h.PausePartnership, "partnership_state"},
			{"it can be declined", h.DeclinePartnership, "declined"},
			{"and accepted after all", accept, "approved"},
			{"but once", accept, "partnership_state"},
			{"an approved one rests", h.PausePartnership, "paused"},
			{"and goes on", h.ResumePartnership, "approved"},
			{"and ends", h.EndPartnership, "ended"},
			{"for good", h.ResumePartnership, "partnership_state"},
		} {
			got, err := test.change(t.Context(), applied.ID, client.StatusChange{})
			if got.Status+code(err) != test.want {
				t.Errorf("%s: %s %v, want %s", test.name, got.Status, err, test.want)
			}
		}
		_, err := h.CreatePartnership(t.Context(), "alpine", client.NewPartnership{Partner: client.NewPartner{Name: "Ann", Email: "ANN@example.com"}})
		if code(err) != "already_applied" {
			t.Errorf("a second application: %v", err)
		}
		if list := all(t, h.Partnerships(t.Context(), "alpine", client.PartnershipFilter{Status: "ended"})); len(list) != 1 || list[0].Partner.Email != "ann@example.com" {
			t.Errorf("ended: %+v", list)
		}
	})
}

func TestAnotherBrandsPartnerKeepsTheirProfile(t *testing.T) {
	h := open(t, dbtest.Open(t, db.SQLite))
	h.program("alpine")
	ann := h.partner("alpine", "ann")
	to := "mallory@example.com"
	moved := must(h.ChangePartner(t.Context(), ann.Partner.ID, client.PartnerChange{Rail: new("wise")}))(t)
	if moved.Rail != "wise" || moved.PayTo != "ann@example.com" {
		t.Errorf("changed: %+v", moved)
	}
	other := h.second()
	other.program("lake")
	_, err := other.CreatePartnership(t.Context(), "lake", client.NewPartnership{Accept: true, Partner: client.NewPartner{
		Name: "ann", Email: "ann@example.com", Rail: "paypal", PayTo: to}})
	if code(err) != "email_taken" || strings.Contains(fmt.Sprint(err), ann.Partner.ID) {
		t.Errorf("another brand took a partner in who had not asked: %v", err)
	}
	if err := h.db.Write(t.Context(), func(tx *db.Tx) error { // as the partner's own application does
		lake, err := program.BySlug(t.Context(), tx, "lake")
		if err != nil {
			return err
		}
		self, err := partner.Get(t.Context(), tx, ann.Partner.ID)
		if err != nil {
			return err
		}
		_, err = partner.Apply(t.Context(), tx, lake, self, nil)
		return err
	}); err != nil {
		t.Fatal(err)
	}
	if _, err := other.ChangePartner(t.Context(), ann.Partner.ID, client.PartnerChange{PayTo: &to}); code(err) != "partner_shared" {
		t.Errorf("another brand redirected the payouts: %v", err)
	}
}

func TestContractsByDate(t *testing.T) {
	dbtest.Run(t, func(t *testing.T, d *db.DB) {
		h := open(t, d)
		h.program("alpine")
		ann := h.partner("alpine", "ann")
		h.code(ann, "ANN")
		sale := must(h.ReportConversion(t.Context(), client.NewConversion{Program: "alpine", OrderID: "1", Amount: euros("100"), PromoCode: "ANN"}))(t)
		terms := tenPercent
		terms.Payouts = map[string]client.Rule{"sale": {Rate: "12.5", Fixed: euros("1")}, "lead": {Fixed: euros("2")}}
		v := must(h.AddContract(t.Context(), ann.ID, client.NewContract{Since: noon.Add(-time.Hour), Terms: terms}))(t)
		if v.Version != 2 || v.Terms.Payouts["sale"].Rate != "12.5" || *v.Terms.Payouts["lead"].Fixed != *euros("2.00") {
			t.Errorf("contract: %+v", v)
		}
		if got := must(h.Conversion(t.Context(), sale.ID))(t); got.Explanation.Parts[0].Version != 1 {
			t.Errorf("the version of noon holds at noon: %+v", got.Explanation.Parts)
		}
		must(h.AddContract(t.Context(), ann.ID, client.NewContract{Since: noon, Terms: terms}))(t)
		got := must(h.Conversion(t.Context(), sale.ID))(t)
		if p := got.Explanation.Parts[0]; p.Amount != *euros("13.50") || p.Arithmetic != "12.5 % of 100.00 EUR + 1.00 EUR fixed = 13.50 EUR" {
			t.Errorf("the later agreement of noon holds: %+v", p)
		}
		if n := len(all(t, h.Contracts(t.Context(), ann.ID))); n != 3 {
			t.Errorf("%d versions", n)
		}
		for _, test := range []struct {
			name string
			edit func(*client.Terms)
			want string
		}{
			{"nothing is paid for", func(t *client.Terms) { t.Payouts = map[string]client.Rule{} }, "payouts_invalid"},
			{"more than all", func(t *client.Terms) { t.Payouts = map[string]client.Rule{"sale": {Rate: "100.1"}} }, "payouts_invalid"},
			{"in dollars", func(t *client.Terms) { t.Threshold.Currency = "USD" }, "currency_not_accepted"},
			{"never paid", func(t *client.Terms) { t.Cycle = "never" }, "cycle_invalid"},
			{"for ever", func(t *client.Terms) { t.WindowDays = 401 }, "window_days_invalid"},
		} {
			wrong := tenPercent
			test.edit(&wrong)
			if _, err := h.AddContract(t.Context(), ann.ID, client.NewContract{Terms: wrong}); code(err) != test.want {
				t.Errorf("%s: %v, want %s", test.name, err, test.want)
			}
		}
	})
}

func TestOwnTermsNeedTheRightToContracts(t *testing.T) {
	h := open(t, dbtest.Open(t, db.SQLite))
	h.program("alpine")
	partners, _ := h.token(auth.Live, auth.WritePartners)
	n := client.NewPartnership{Accept: true, Terms: &tenPercent, Partner: client.NewPartner{Name: "Ann", Email: "ann@example.com"}}
	if _, err := partners.CreatePartnership(t.Context(), "alpine", n); code(err) != "not_allowed" {
		t.Errorf("with terms: %v", err)
	}
	n.Terms = nil
	must(partners.CreatePartnership(t.Context(), "alpine", n))(t)
}

func TestPrograms(t *testing.T) {
	dbtest.Run(t, func(t *testing.T, d *db.DB) {
		h := open(t, d)
		p := h.program("alpine")
		if p.Timezone != "UTC" || strings.Join(p.Events, " ") != "sale lead" || p.Terms.Payouts["sale"].Rate != "10" || len(p.PostbackKey) < 20 {
			t.Errorf("made: %+v", p)
		}
		reader, _ := h.token(auth.Live)
		if seen := must(reader.Program(t.Context(), p.ID))(t); seen.PostbackKey != "" {
			t.Error("a reader sees the postback key")
		}
		changed := must(h.ChangeProgram(t.Context(), "alpine", client.ProgramChange{Name: new("Alps"), Events: []string{"sale", "call"}}))(t)
		if changed.Name != "Alps" || changed.Landing != p.Landing || strings.Join(changed.Events, " ") != "sale call" || changed.PostbackKey != p.PostbackKey {
			t.Errorf("changed: %+v", changed)
		}
		must(h.AddPolicy(t.Context(), "alpine", client.NewPolicy{Model: client.Model{Name: "position", First: "50", Last: "30"}}))(t)
		if list := all(t, h.Policies(t.Context(), "alpine")); len(list) != 2 || list[1].Model.First != "50" {
			t.Errorf("policies: %+v", list)
		}
		for _, test := range []struct{ name, body, want string }{
			{"a name with blanks", `{"slug":"a b"}`, "slug_invalid"},
			{"no event types", `{"events":[]}`, "events_invalid"},
			{"no such zone", `{"timezone":"Mars"}`, "timezone_invalid"},
			{"another currency", `{"currency":"USD"}`, "input_invalid"},
			{"not a state", `{"status":"dead"}`, "status_invalid"},
			{"a number for a name", `{"name":1}`, `"pointer":"/name"`},
		} {
			if got := h.do("PATCH", "/v1/programs/alpine", test.body); got.status != 422 || !strings.Contains(got.body, test.want) {
				t.Errorf("%s: %d %s, want %s", test.name, got.status, got.body, test.want)
			}
		}
	})
}
