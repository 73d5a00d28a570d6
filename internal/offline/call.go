package offline

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"slices"
	"strings"
	"time"

	"github.com/tributary-hq/tributary/internal/conversion"
	"github.com/tributary-hq/tributary/internal/db"
	"github.com/tributary-hq/tributary/internal/id"
	"github.com/tributary-hq/tributary/internal/problem"
)

// NewCall is a call as a provider reports it.
type NewCall struct {
	Program  string // id
	Call     string // the provider's own id; a second report of it is a duplicate
	Number   string // that was called
	Caller   string // the caller's number, or its SHA-256 in hex; only the latter is kept
	At       time.Time
	Seconds  int64
	Outcome  string // one of Outcomes; empty: answered
	Customer string // the shop's id of the caller, if it is known
	Amount   string // what the call was worth; may be empty
	Currency string
}

// Outcomes are what can become of a call.
var Outcomes = []string{"answered", "missed", "busy", "voicemail", "failed"}

// Call is the fact that is kept.
type Call struct {
	ID       string
	Program  string
	Call     string
	Number   string
	Caller   string // SHA-256 of the caller's number
	At       time.Time
	Seconds  int64
	Outcome  string
	Turn     int64
	Received time.Time
}

// Who is the key of the person who called.
func (c Call) Who() string { return conversion.WhoCustomer(CustomerOf(c.Caller)) }

// Converts tells whether the call is one that the program pays for.
func (c Call) Converts(seconds int64) bool { return c.Outcome == "answered" && c.Seconds >= seconds }

// How customers are named who are known by a call or a card alone.
const (
	tel  = "tel:"
	card = "card:"
)

// CustomerOf names the customer who is known by a caller's hash.
func CustomerOf(caller string) string { return tel + caller }

// CustomerWith names the customer who is known by a card.
func CustomerWith(token string) string { return card + token }

// CallerOf is the caller's hash in the key of a person.
func CallerOf(who string) (string, bool) { return strings.CutPrefix(who, conversion.WhoCustomer(tel)) }

// CardOf is the card's token in the key of a person.
func CardOf(who string) (string, bool) { return strings.CutPrefix(who, conversion.WhoCustomer(card)) }

const (
	skew     = 10 * time.Minute
	longest  = 24 * 60 * 60
	textMost = 200
)

var earliest = time.Date(2000, 1, 1, 0, 0, 0, 0, time.UTC)

// ReadCall checks a report and makes the fact of it.
func ReadCall(n NewCall, now time.Time) (Call, error) {
	c := Call{ID: id.New("cll", now), Program: n.Program, Call: strings.TrimSpace(n.Call), At: n.At.UTC().Truncate(time.Millisecond), Seconds: n.Seconds,
		Outcome: strings.ToLower(strings.TrimSpace(n.Outcome)), Received: now}
	if c.Outcome == "" {
		c.Outcome = "answered"
	}
	var faults []*problem.Problem
	if c.Call == "" || len(c.Call) > textMost || strings.ContainsFunc(c.Call, func(r rune) bool { return r < ' ' || r == 0x7f || r == '\uFFFD' }) {
		faults = append(faults, problem.Wrong("call_id", "call_id_missing", "the provider's id of the call is needed, so that a second report of it is not counted twice"))
	}
	number, fault := PlainNumber("number", n.Number)
	c.Number, faults = number, append(faults, fault)
	caller, fault := hashed(n.Caller)
	c.Caller, faults = caller, append(faults, fault)
	if n.At.IsZero() || c.At.After(now.Add(skew)) || c.At.Before(earliest) {
		faults = append(faults, problem.Invalid("at", "%s is not a moment in the past", n.At.Format(time.RFC3339)))
	}
	if c.Seconds < 0 || c.Seconds > longest {
		faults = append(faults, problem.Invalid("seconds", "a call lasts from nothing to a day, not %d seconds", c.Seconds))
	}
	if !slices.Contains(Outcomes, c.Outcome) {
		faults = append(faults, problem.Invalid("outcome", "%q is not what can become of a call; there are %s", clip(n.Outcome), strings.Join(Outcomes, ", ")))
	}
	return c, problem.Join(faults...)
}

// hashed is the SHA-256 of a caller's number as PlainNumber writes it; what is one already stays.
func hashed(caller string) (string, *problem.Problem) {
	caller = strings.ToLower(strings.TrimSpace(caller))
	if b, err := hex.DecodeString(caller); err == nil && len(b) == sha256.Size {
		return caller, nil
	}
	number, fault := PlainNumber("caller", caller)
	if fault != nil {
		return "", fault
	}
	sum := sha256.Sum256([]byte(number))
	return hex.EncodeToString(sum[:]), nil
}

const callColumns = "id, program, call_id, number, caller, at, seconds, outcome, turn, received"

func scanCall(row db.Row) (Call, error) {
	var c Call
	var at, received int64
	err := row.Scan(&c.ID, &c.Program, &c.Call, &c.Number, &c.Caller, &at, &c.Seconds, &c.Outcome, &c.Turn, &received)
	c.At, c.Received = time.UnixMilli(at).UTC(), time.UnixMilli(received).UTC()
	return c, err
}

// Keep keeps calls. The result has for each, in order, the fact as it is kept: of a second report the first, which must
// have been of the same number and caller.
func Keep(ctx context.Context, tx *db.Tx, list []Call) ([]db.Result[conversion.Kept[Call]], error) {
	rows := make([][]any, len(list))
	for i, c := range list {
		rows[i] = []any{c.ID, c.Program, c.Call, c.Number, c.Caller, c.At.UnixMilli(), c.Seconds, c.Outcome, c.Turn, c.Received.UnixMilli()}
	}
	written, err := db.InsertReturning(ctx, tx, db.Value[string], `/* offline.Keep */ insert into call (`+callColumns+`)`, rows,
		`on conflict (call_id, program) do nothing returning id`)
	if err != nil {
		return nil, err
	}
	results := make([]db.Result[conversion.Kept[Call]], len(list))
	for i, c := range list {
		if slices.Contains(written, c.ID) {
			results[i].Value = conversion.Kept[Call]{Fact: c}
			continue
		}
		kept, err := db.One(ctx, tx, scanCall, `/* offline.Keep */ select `+callColumns+` from call where call_id = $1 and program = $2`, c.Call, c.Program)
		if err != nil {
			return nil, err
		}
		results[i].Value = conversion.Kept[Call]{Fact: kept, Duplicate: true}
		if kept.Number != c.Number || kept.Caller != c.Caller || kept.Seconds != c.Seconds || kept.Outcome != c.Outcome {
			results[i].Err = problem.Conflict("call_differs", "call %q was reported before, otherwise", c.Call)
		}
	}
	return results, nil
}

// By are the calls of callers, from a moment to a moment, both included.
func By(ctx context.Context, r db.Reader, program string, callers []string, from, to time.Time) ([]Call, error) {
	var all []Call
	err := db.Batches(callers, 500, func(callers []string) error {
		var args db.Args
		list, err := db.All(ctx, r, scanCall, `/* offline.By */ select `+callColumns+` from call where caller in `+args.In(callers)+`
			and program = `+args.Add(program)+` and at between `+args.Add(from.UnixMilli())+` and `+args.Add(to.UnixMilli())+` order by at, id`, args.List()...)
		all = append(all, list...)
		return err
	})
	return all, err
}

// To are the calls to numbers from a moment on.
func To(ctx context.Context, r db.Reader, program string, numbers []string, from time.Time) ([]Call, error) {
	var all []Call
	err := db.Batches(numbers, 500, func(numbers []string) error {
		var args db.Args
		list, err := db.All(ctx, r, scanCall, `/* offline.To */ select `+callColumns+` from call where number in `+args.In(numbers)+`
			and program = `+args.Add(program)+` and at >= `+args.Add(from.UnixMilli()), args.List()...)
		all = append(all, list...)
		return err
	})
	return all, err
}

// Calls is a page of a program's calls to any of the numbers, or to all when there are none, the last received first.
func Calls(ctx context.Context, r db.Reader, program, before string, limit int, numbers ...string) ([]Call, error) {
	var args db.Args
	where := ` where program = ` + args.Add(program)
	if len(numbers) > 0 {
		where += ` and number in ` + args.In(numbers)
	}
	if before != "" {
		where += ` and id < ` + args.Add(before)
	}
	return db.All(ctx, r, scanCall, `/* offline.Calls */ select `+callColumns+` from call`+where+` order by id desc limit `+args.Add(limit), args.List()...)
}

// RuleUsual is how many seconds a call lasts at least that is a conversion, where a program says nothing else.
const RuleUsual = 60

// Rule is how many seconds a call of the program must last to be a conversion.
func Rule(ctx context.Context, r db.Reader, program string) (int64, error) {
	seconds, err := db.One(ctx, r, db.Value[int64], `/* offline.Rule */ select seconds from call_rule where program = $1`, program)
	if errors.Is(err, db.ErrNone) {
		return RuleUsual, nil
	}
	return seconds, err
}

// SetRule says how long calls that come from now on must last to be conversions.
func SetRule(ctx context.Context, tx *db.Tx, program string, seconds int64) error {
	if seconds < 0 || seconds > longest {
		return problem.Invalid("seconds", "a call lasts from nothing to a day, not %d seconds", seconds)
	}
	_, err := db.Exec(ctx, tx, `/* offline.SetRule */ insert into call_rule (program, seconds) values ($1, $2)
		on conflict (program) do update set seconds = excluded.seconds`, program, seconds)
	return err
}
