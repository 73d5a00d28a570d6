package commission

import (
	"context"
	"time"

	"github.com/tributary-hq/tributary/internal/db"
)

// Kind is what a person can decide about a commission.
type Kind string

// The kinds. Of the decisions on one commission the later turn holds over the earlier, but a reversal is the last.
const (
	ToHold    Kind = "hold"    // it does not lock, whatever its day, until it is released or approved
	ToRelease Kind = "release" // the hold ends: it locks on its day, or with the next maturing when the day has passed
	ToApprove Kind = "approve" // a hold ends and it locks now, which makes its conversion's shares final
	ToReverse Kind = "reverse" // it is taken back; what was paid already becomes a debt
)

// Kinds are all kinds.
var Kinds = []Kind{ToApprove, ToHold, ToRelease, ToReverse}

// HoldReasons are why a commission is held. Its partner reads the reason, and never the note.
var HoldReasons = []string{"order_check", "return_open", "payment_open", "traffic_check", "terms_check", "partner_details", "other"}

// Decision is what a person decided about a commission. It is a fact, kept as it came.
type Decision struct {
	ID          string
	Program     string
	Conversion  string
	Partnership string
	Kind        Kind
	Reason      string // of a hold or a reversal
	Note        string // for the brand alone
	Author      string
	At          time.Time
	Turn        int64
}

const decisionColumns = "id, program, conversion, partnership, kind, reason, note, author, at, turn"

func scanDecision(row db.Row) (Decision, error) {
	var d Decision
	var at int64
	err := row.Scan(&d.ID, &d.Program, &d.Conversion, &d.Partnership, &d.Kind, &d.Reason, &d.Note, &d.Author, &at, &d.Turn)
	d.At = moment(at)
	return d, err
}

func (d Decision) row() []any {
	return []any{d.ID, d.Program, d.Conversion, d.Partnership, string(d.Kind), d.Reason, d.Note, d.Author, d.At.UnixMilli(), d.Turn}
}

// standing is what the decisions about a partnership's part, in the order of their turns, have come to: why it is held, or
// why it was reversed, or neither.
func standing(decisions []Decision, partnership string) (held, reversed string) {
	for _, d := range decisions {
		switch {
		case d.Partnership != partnership:
		case d.Kind == ToReverse:
			return "", d.Reason
		case d.Kind == ToHold:
			held = d.Reason
		default:
			held = ""
		}
	}
	return held, ""
}

// lastOf is the last decision about a partnership's part; its kind is empty when there is none.
func lastOf(decisions []Decision, partnership string) (last Decision) {
	for _, d := range decisions {
		if d.Partnership == partnership {
			last = d
		}
	}
	return last
}

// Decisions are those about conversions, by conversion, in the order of their turns.
func Decisions(ctx context.Context, r db.Reader, conversions []string) (map[string][]Decision, error) {
	found := map[string][]Decision{}
	err := db.Batches(conversions, 500, func(conversions []string) error {
		var args db.Args
		list, err := db.All(ctx, r, scanDecision, `/* commission.Decisions */ select `+decisionColumns+` from decision
			where conversion in `+args.In(conversions)+` order by turn, id`, args.List()...)
		for _, d := range list {
			found[d.Conversion] = append(found[d.Conversion], d)
		}
		return err
	})
	return found, err
}
