package api_test

import (
	"slices"
	"strings"
	"testing"

	"github.com/tributary-hq/tributary/client"
	"github.com/tributary-hq/tributary/internal/api"
	"github.com/tributary-hq/tributary/internal/auth"
	"github.com/tributary-hq/tributary/internal/db"
	"github.com/tributary-hq/tributary/internal/db/dbtest"
)

// things are ids that the second brand must never see, by the name that they have in a path.
func (h *house) things() map[string]string {
	h.t.Helper()
	ctx := h.t.Context()
	h.program("alpine")
	ann := h.partner("alpine", "ann")
	h.code(ann, "ANN10")
	link := must(h.CreateLink(ctx, ann.ID, client.NewLink{Code: "annlink"}))(h.t)
	sale := must(h.ReportConversion(ctx, client.NewConversion{Program: "alpine", OrderID: "A-1", Amount: euros("100"), PromoCode: "ANN10"}))(h.t)
	h.mature()
	batch := must(h.CreateBatch(ctx, "alpine", client.NewBatch{}))(h.t)
	words := must(h.CreateCreative(ctx, "alpine", client.NewCreative{Kind: "text", Name: "Words", Text: "Hills"}))(h.t)
	contracts := all(h.t, h.Contracts(ctx, ann.ID))
	tokens := all(h.t, h.Tokens(ctx))
	group := must(h.CreateGroup(ctx, "alpine", client.NewGroup{Name: "Content"}))(h.t)
	note := must(h.WriteNote(ctx, ann.ID, client.NewNote{Text: "Prefers a call."}))(h.t)
	property := must(h.AddProperty(ctx, ann.ID, client.NewProperty{Kind: "website", Address: "https://ann.example.com/"}))(h.t)
	sent := must(h.SendUpload(ctx, "alpine", client.NewUpload{Kind: "conversions", Content: []byte("order,amount\nU-1,10\n")}))(h.t)
	rule := must(h.CreateRule(ctx, "alpine", client.NewRedirect{Action: "block", When: client.Conditions{Countries: []string{"FR"}}}))(h.t)
	cap := must(h.CreateCap(ctx, "alpine", client.NewCap{Measure: "clicks", Period: "day", Most: 10}))(h.t)
	split := must(h.BeginSplit(ctx, "alpine", client.NewSplit{Link: link.ID, Name: "Film", Rate: 200, Lift: 20, Variants: []client.NewVariant{{Name: "As it is", Weight: 1},
		{Name: "Film", Weight: 1, Target: "https://shop.example.com/film"}}}))(h.t)
	domain := must(h.AskDomain(ctx, ann.ID, client.NewDomain{Host: "ann.example.com"}))(h.t)
	return map[string]string{"upload": sent.ID, "rule": rule.ID, "cap": cap.ID, "split": split.ID, "domain": domain.ID, "postback": h.postback(ann).ID, "group": group.ID, "note": note.ID, "property": property.ID, "program": sale.Program, "partnership": ann.ID, "partner": ann.Partner.ID, "link": link.ID, "conversion": sale.ID,
		"commission": sale.Commissions[0].ID, "contract": contracts[0].ID, "batch": batch.ID, "payout": batch.Payouts[0].ID, "token": tokens[0].ID,
		"name": "x.csv", "code": "ANN10", "code_batch": must(h.CreateCodeBatch(ctx, ann.ID, client.NewCodeBatch{Size: 2}))(h.t).ID, "creative": words.ID}
}

// fill puts ids into a path.
func fill(path string, ids map[string]string) string {
	for name, id := range ids {
		path = strings.ReplaceAll(path, "{"+name+"}", id)
	}
	return path
}

// bodies are what the writes take, so that nothing but the scope is in their way.
var bodies = map[string]string{
	"conversions-report":       `{"program":"alpine","order_id":"A-2","amount":{"amount":"1","currency":"EUR"}}`,
	"uploads-send":             `{"kind":"conversions","name":"a.csv","content":"b3JkZXIsYW1vdW50LGNvZGUKWC0xLDEwLEFOTjEwCg=="}`,
	"calls-report":             `{"calls":[{"call_id":"K-1","number":"+49301234567","caller":"+491705550101","at":"2026-01-01T00:00:00Z","seconds":90}]}`,
	"transactions-report":      `{"transactions":[{"transaction_id":"T-1","card":"tok_1","at":"2026-01-01T00:00:00Z","amount":{"amount":"1","currency":"EUR"}}]}`,
	"cards-enrol":              `{"cards":[{"card":"tok_1"}]}`,
	"numbers-assign":           `{"number":"+49301234567","partnership":"pts_none"}`,
	"conversions-report-batch": `{"conversions":[{"program":"alpine","order_id":"A-3","amount":{"amount":"1","currency":"EUR"}}]}`,
	"refunds-report":           `{"program":"alpine","order_id":"A-1"}`,
	"identities-split":         `{"program":"alpine","kind":"apart","names":["customer:c1"],"others":["customer:c2"]}`,
	"bindings-add":             `{"program":"alpine","name":"customer:c1"}`,
	"code-policies-add":        `{"credit":"always"}`,
	"codes-stand":              `{"suspended":true}`,
	"code-batches-create":      `{"size":3}`,
	"refunds-report-batch":     `{"refunds":[{"program":"alpine","order_id":"A-1"}]}`,
	"edits-report":             `{"program":"alpine","order_id":"A-1","edit_id":"E-1","amount":{"amount":"1","currency":"EUR"}}`,
	"verdicts-report":          `{"program":"alpine","event":"sale","order_id":"A-1","verdict":"qualified"}`,
	"qualifying-add":           `{"event":"lead","rule":"verdict"}`,
	"identities-link":          `{"program":"alpine","visitor_id":"v","customer_id":"c"}`,
	"commissions-reverse":      `{}`,
	"commissions-decide":       `{"decision":"hold","commissions":["com_none"]}`,
	"programs-create":          `{"slug":"other","name":"Other","currency":"EUR","landing":"https://shop.example.com/"}`,
	"programs-change":          `{"name":"Mine"}`,
	"policies-add":             `{"model":{"name":"first"}}`,
	"partnerships-create":      `{"partner":{"name":"Eve","email":"eve@example.com"}}`,
	"partners-change":          `{"pay_to":"eve@example.com"}`,
	"groups-create":            `{"name":"Mine"}`,
	"groups-change":            `{"name":"Mine too"}`,
	"notes-write":              `{"text":"mine"}`,
	"postbacks-replay":         `{"from":"2026-01-01T00:00:00Z","to":"2026-01-02T00:00:00Z"}`,
	"notes-change":             `{"pinned":true}`,
	"domains-ask":              `{"host":"eve.example.com"}`,
	"domains-refuse":           `{"reason":"not hers"}`,
	"programs-change-tag":      `{"consent":"cookieless"}`,
	"properties-add":           `{"kind":"website","address":"https://eve.example.com/"}`,
	"partnerships-change":      `{"tags":["mine"]}`,
	"contracts-add":            `{"terms":{"payouts":{"sale":{"rate":"99"}},"window_days":30,"lock_days":0,"cycle":"daily","threshold":{"amount":"0","currency":"EUR"}}}`,
	"links-create":             `{}`,
	"codes-create":             `{"code":"EVE"}`,
	"creatives-create":         `{"kind":"text","name":"Eve's","text":"Hills"}`,
	"touches-judge":            `{"counts":true,"all":{"mark":"bot"}}`,
	"batches-settle":           "id,status\nx,paid\n",
	"rules-create":             `{"when":{},"action":"block"}`,
	"rules-replace":            `{"when":{},"action":"fallback"}`,
	"rules-move":               `{"place":1}`,
	"caps-create":              `{"measure":"clicks","period":"day","most":5}`,
	"caps-change":              `{"most":6}`,
	"splits-begin":             `{"name":"x","rate":100,"lift":10,"variants":[{"name":"a","weight":1},{"name":"b","weight":1,"target":"https://shop.example.com/b"}]}`,
	"splits-end":               `{}`,
	"links-end":                `{"ends":"2030-01-01T00:00:00Z"}`,
	"tokens-create":            `{"name":"mine","scopes":["read"]}`,
}

// TestOneScopeIsNotAnother asks for every operation with each permission alone: with the one it needs it is never refused for
// that, with any other always.
func TestOneScopeIsNotAnother(t *testing.T) {
	h := open(t, dbtest.Open(t, db.SQLite))
	ids := h.things()
	for _, scope := range auth.Permissions {
		_, secret := h.token(auth.Live, scope)
		for _, o := range api.Operations() {
			got := h.do(o.Method, fill(o.Path, ids), bodies[o.ID], "Authorization", "Bearer "+secret)
			denied := got.status == 403 && strings.Contains(got.body, `"code":"not_allowed"`)
			if may := o.Needs == scope || o.Needs == auth.Read; may == denied {
				t.Errorf("%s with %s: %d %s", o.ID, scope, got.status, got.body)
			}
			if got.status >= 500 {
				t.Errorf("%s with %s: %d", o.ID, scope, got.status)
			}
		}
	}
}

func TestNoTokenNoAnswer(t *testing.T) {
	h := open(t, dbtest.Open(t, db.SQLite))
	ids := h.things()
	_, revoked := h.token(auth.Live, auth.Read)
	if got := h.do("GET", "/v1/me", "", "Authorization", "Bearer "+revoked); got.status != 200 {
		t.Fatalf("before: %d", got.status)
	}
	must(h.RevokeToken(t.Context(), all(t, h.Tokens(t.Context()))[0].ID))(t)
	for _, o := range api.Operations() {
		for _, header := range []string{"", "Bearer x", "Basic eDp5", "Bearer trb_live_" + strings.Repeat("0", 52), "Bearer " + revoked} {
			got := h.do(o.Method, fill(o.Path, ids), bodies[o.ID], "Authorization", header)
			if got.status != 401 || !strings.Contains(got.body, "not_signed_in") || strings.Contains(got.body, h.brand.ID) {
				t.Errorf("%s with %q: %d %s", o.ID, header, got.status, got.body)
			}
		}
	}
}

// TestAnotherBrandSeesNothing asks for everything of the first brand with a token of the second that may do everything.
func TestAnotherBrandSeesNothing(t *testing.T) {
	dbtest.Run(t, func(t *testing.T, d *db.DB) {
		h := open(t, d)
		ids := h.things()
		other := h.second()
		secrets := []string{h.brand.ID, "alpine-goods", "ann@example.com", "annlink"}
		for _, id := range ids {
			secrets = append(secrets, id)
		}
		for _, o := range api.Operations() {
			path := fill(o.Path, ids)
			got := other.do(o.Method, path, bodies[o.ID])
			if path != o.Path || slices.Contains([]string{"conversions-report", "refunds-report", "edits-report", "verdicts-report", "identities-link", "identities-split", "bindings-add"}, o.ID) {
				if got.status != 404 {
					t.Errorf("%s: %d %s", o.ID, got.status, got.body)
				}
			} else if got.status >= 300 {
				t.Errorf("%s: %d %s", o.ID, got.status, got.body)
			}
			for _, s := range secrets {
				if strings.Contains(got.body, s) && !strings.Contains(path, s) {
					t.Errorf("%s tells %s: %s", o.ID, s, got.body)
				}
			}
		}
		if p := must(h.Program(t.Context(), "alpine"))(t); p.Name == "Mine" {
			t.Error("the other brand changed the program")
		}
	})
}

func TestAnotherBrandsIdIsLikeNone(t *testing.T) {
	h := open(t, dbtest.Open(t, db.SQLite))
	ids := h.things()
	other := h.second()
	for name, id := range ids {
		for _, o := range api.Operations() {
			if o.Method != "GET" || !strings.HasSuffix(o.Path, "{"+name+"}") || name == "name" {
				continue
			}
			nobody := id[:4] + strings.Repeat("0", len(id)-4)
			theirs, none := other.do("GET", fill(o.Path, map[string]string{name: id}), ""), other.do("GET", fill(o.Path, map[string]string{name: nobody}), "")
			if theirs.status != none.status || strings.ReplaceAll(theirs.body, id, nobody) != none.body {
				t.Errorf("%s: %s is told apart from %s", o.ID, theirs.body, none.body)
			}
		}
	}
}
