package api_test

import (
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/tributary-hq/tributary/client"
	"github.com/tributary-hq/tributary/internal/api"
	"github.com/tributary-hq/tributary/internal/audit"
	"github.com/tributary-hq/tributary/internal/auth"
	"github.com/tributary-hq/tributary/internal/db"
	"github.com/tributary-hq/tributary/internal/db/dbtest"
	"github.com/tributary-hq/tributary/internal/touch"
)

// facts are the writes that report what has happened. They change nothing that somebody decided, and are not in the log.
var facts = []string{"conversions-report", "conversions-report-batch", "refunds-report", "refunds-report-batch", "edits-report", "verdicts-report", "identities-link",
	"calls-report", "transactions-report", "cards-enrol"}

// TestEveryWriteIsInTheLog does all that can be written, and finds each in the log, with who it was and from where.
func TestEveryWriteIsInTheLog(t *testing.T) {
	dbtest.Run(t, func(t *testing.T, d *db.DB) {
		h := open(t, d)
		ids := h.things()
		want := map[string]audit.Action{"commissions-reverse": audit.CommissionReverse, "programs-create": audit.ProgramCreate, "programs-change": audit.ProgramChange,
			"policies-add": audit.ProgramModel, "partnerships-create": audit.PartnershipInvite, "partnerships-accept": audit.PartnershipAccept,
			"partnerships-decline": audit.PartnershipDecline, "partnerships-pause": audit.PartnershipPause, "partnerships-resume": audit.PartnershipResume,
			"partnerships-end": audit.PartnershipEnd, "partners-change": audit.PartnerChange, "contracts-add": audit.PartnershipAgree,
			"links-create": audit.LinkCreate, "codes-create": audit.PartnershipCode, "code-policies-add": audit.ProgramCodes, "codes-stand": audit.PartnershipStand,
			"code-batches-create": audit.PartnershipBatch, "identities-split": audit.ProgramPart, "bindings-add": audit.ProgramUnbind, "payouts-cancel": audit.BatchCancel, "batches-create": audit.BatchMake,
			"batches-approve": audit.BatchApprove, "batches-send": audit.BatchSend, "batches-settle": audit.BatchSettle, "tokens-create": audit.TokenCreate,
			"tokens-revoke": audit.TokenRevoke, "commissions-decide": audit.CommissionHold, "partnerships-change": audit.PartnershipCare,
			"groups-create": audit.GroupCreate, "groups-change": audit.GroupChange, "groups-dissolve": audit.GroupDissolve, "notes-write": audit.NoteWrite,
			"notes-change": audit.NotePin, "notes-delete": audit.NoteDelete, "properties-add": audit.PropertyAdd, "properties-confirm": audit.PropertyConfirm,
			"properties-remove": audit.PropertyRemove, "domains-ask": audit.DomainAsk, "domains-approve": audit.DomainApprove,
			"domains-refuse": audit.DomainRefuse, "domains-withdraw": audit.DomainWithdraw, "programs-change-tag": audit.ProgramTag, "creatives-create": audit.CreativeAdd, "creatives-archive": audit.CreativeArchive,
			"creatives-code": audit.LinkCreate, "postbacks-pause": audit.PostbackPause, "postbacks-resume": audit.PostbackResume,
			"postbacks-replay": audit.PostbackReplay, "touches-judge": audit.ProgramJudge,
			"uploads-send": audit.UploadSend, "uploads-take": audit.UploadTake, "numbers-assign": audit.NumberAssign,
			"rules-create": audit.RuleAdd, "rules-replace": audit.RuleChange, "rules-move": audit.RuleMove, "rules-remove": audit.RuleRemove, "caps-create": audit.CapAdd,
			"caps-change": audit.CapChange, "caps-remove": audit.CapRemove, "splits-begin": audit.SplitBegin, "splits-end": audit.SplitEnd, "links-end": audit.LinkChange, "qualifying-add": audit.ProgramQualify}
		applies := func(name string) string {
			return must(h.CreatePartnership(t.Context(), "alpine", client.NewPartnership{Partner: client.NewPartner{Name: name, Email: name + "@example.com"}}))(t).ID
		}
		declined, accepted := applies("dora"), applies("carl")
		operations := api.Operations()
		rank := func(id string) int { // what comes in an order of its own
			return slices.Index([]string{"commissions-reverse", "partnerships-resume", "payouts-cancel", "batches-create", "batches-approve",
				"batches-send", "batches-settle", "partnerships-end", "rules-remove", "caps-remove", "tokens-revoke"}, id)
		}
		slices.SortStableFunc(operations, func(a, b api.Operation) int { return rank(a.ID) - rank(b.ID) })
		h.token(auth.Live, auth.Read)
		spare := all(t, h.Tokens(t.Context()))[0].ID
		for _, o := range operations {
			if o.Method == "GET" {
				continue
			}
			in := map[string]string{}
			for name, id := range ids {
				in[name] = id
			}
			body := bodies[o.ID]
			switch o.ID {
			case "commissions-decide":
				sale := must(h.ReportConversion(t.Context(), client.NewConversion{Program: "alpine", OrderID: "D-1", Amount: euros("50"), PromoCode: "ANN10"}))(t)
				body = strings.ReplaceAll(body, "com_none", sale.Commissions[0].ID)
			case "touches-judge":
				h.met(touch.Touch{ID: "seen", Program: ids["program"], Kind: touch.Click, Partnership: ids["partnership"], At: noon, Mark: touch.Bot})
			case "numbers-assign":
				body = strings.ReplaceAll(body, "pts_none", ids["partnership"])
			case "notes-write":
				body = `{"text":"lend her no pan"}`
			case "partnerships-decline":
				in["partnership"] = declined
			case "partnerships-accept":
				in["partnership"] = accepted
			case "batches-create":
				h.code(must(h.Partnership(t.Context(), ids["partnership"]))(t), "ANN11")
				must(h.ReportConversion(t.Context(), client.NewConversion{Program: "alpine", OrderID: "B-1", Amount: euros("500"), PromoCode: "ANN11"}))(t)
			case "tokens-revoke":
				in["token"] = spare
			}
			h.at(h.db.Now().Add(time.Second))
			if o.ID == "batches-create" {
				h.mature()
			}
			before := len(all(t, h.Audit(t.Context(), client.AuditFilter{})))
			got := h.do(o.Method, fill(o.Path, in), body)
			if got.status >= 300 {
				t.Errorf("%s: %d %s", o.ID, got.status, got.body)
				continue
			}
			if o.ID == "batches-create" {
				var b client.Batch
				decode(t, got.body, &b)
				ids["batch"] = b.ID
			}
			list := all(t, h.Audit(t.Context(), client.AuditFilter{}))
			if slices.Contains(facts, o.ID) {
				if len(list) != before {
					t.Errorf("%s is in the log", o.ID)
				}
				continue
			}
			if len(list) != before+1 || list[0].Action != string(want[o.ID]) {
				t.Errorf("%s leaves %d entries, the newest %+v, want one of %s", o.ID, len(list)-before, list[0], want[o.ID])
				continue
			}
			if e := list[0]; e.ActorKind != "token" || e.ActorName == "" || e.From != "127.0.0.0" || e.Title == "" {
				t.Errorf("%s is told as %+v", o.ID, e)
			}
		}
		text := h.do("GET", "/v1/audit?limit=200", "").body
		for _, never := range []string{h.secret, "eve@example.com", "trb_", "lend her"} {
			if strings.Contains(text, `"after":"`+never) {
				t.Errorf("the log tells %s", never)
			}
		}
		if got := h.second().do("GET", "/v1/audit", "").body; strings.Contains(got, "alpine") || strings.Contains(got, "ann") {
			t.Errorf("another brand reads %s", got)
		}
		newest := all(t, h.Audit(t.Context(), client.AuditFilter{Action: "partnership.decline", Subject: declined}))
		if len(newest) != 1 || len(newest[0].Changes) != 1 || newest[0].Changes[0] != (client.AuditChange{Field: "status", Before: "applied", After: "declined"}) {
			t.Errorf("the decline is told as %+v", newest)
		}
		if got := all(t, h.Audit(t.Context(), client.AuditFilter{To: newest[0].At})); len(got) == 0 || !got[0].At.Before(newest[0].At) {
			t.Errorf("%d entries before %s", len(got), newest[0].At)
		}
	})
}

// TestARehearsalIsNotLogged has a token for tests write.
func TestARehearsalIsNotLogged(t *testing.T) {
	h := open(t, dbtest.Open(t, db.SQLite))
	tester, _ := h.token(auth.Test, auth.Permissions...)
	must(tester.CreateProgram(t.Context(), client.NewProgram{Slug: "alpine", Name: "Alpine", Currency: "EUR", Landing: "https://shop.example.com/"}))(t)
	if list := all(t, h.Audit(t.Context(), client.AuditFilter{})); len(list) != 0 {
		t.Errorf("what was taken back is in the log: %+v", list)
	}
}
