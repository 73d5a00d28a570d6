// Package touch keeps that a visitor met a partner: a click, an impression, a code, a direct visit. What it has kept it
// never edits, and it decides nothing about who earned what.
package touch

import (
	"context"
	"strings"
	"time"
	"unicode"

	"github.com/tributary-hq/tributary/internal/db"
)

// Kind is how a visitor met a partner.
type Kind string

// The kinds of touches. A direct visit has no partner; a landing is the browser tag's word that a visitor came by a click,
// it joins the two and is not a touch of its own.
const (
	Click      Kind = "click"
	Impression Kind = "impression"
	Code       Kind = "code"
	Direct     Kind = "direct"
	Landing    Kind = "landing"
	Bound      Kind = "bound" // the customer is a partner's since an earlier order; it is known of an order, and never kept
	Call       Kind = "call"  // to a number of the partner's
	Card       Kind = "card"  // paid with one that is enrolled with the partner
	Agent      Kind = "agent" // a program that buys for somebody asked by the partner's link
)

// Mark is why a touch does not count.
type Mark string

// The marks. A touch without one counts.
const (
	Counts     Mark = ""
	Head       Mark = "head"
	Prefetch   Mark = "prefetch"
	Embedded   Mark = "embedded" // loaded as a part of a page, not followed
	Bot        Mark = "bot"
	Datacentre Mark = "datacentre" // from a network of machines, and not quite like a person
	Spam       Mark = "spam"       // its referrer advertises itself in statistics
	Rate       Mark = "rate"       // more of one link from one network than people make
	Duplicate  Mark = "duplicate"  // a visitor's click on one link again, moments later
	Expired    Mark = "expired"    // the link had ended
	Blocked    Mark = "blocked"    // a rule of the brand lets nobody through who came so
	Capped     Mark = "capped"     // a cap had been reached
	Refused    Mark = "refused"    // a person of the brand has looked at it
	Unknown    Mark = "unknown"    // it names a partner by a code that nobody has
	Foreign    Mark = "foreign"    // it names a partner of another program
)

// Marks are all marks but Counts.
var Marks = []Mark{Bot, Prefetch, Head, Embedded, Datacentre, Spam, Rate, Duplicate, Expired, Blocked, Capped, Refused, Unknown, Foreign}

// Touch is one meeting, as it came.
type Touch struct {
	ID          string // of a click, the click id
	Program     string
	Kind        Kind
	Partnership string // empty for a direct visit
	Link        string
	Who         string // WhoClick or WhoVisitor
	At          time.Time
	Turn        int64 // the program's, when the touch became known
	Mark        Mark
	URL         string // the page it led to, or was met on
	Referrer    string
	Agent       string
	Address     string    // the network's, never the whole
	Sub         [5]string // the partner's own words
	Shared      string
	Country     string // where the visitor was, ISO 3166-1; empty when no file of places says
	Region      string // ISO 3166-2, such as DE-BY
	ASN         string // whose network it was: AS3320 and its name
	Sent        string // the rule, the cap or the split test that decided where to; empty: none did
	Variant     string // of the split test
	Click       string // of a landing: the click id with which the tag saw the visitor arrive, or WhoViewer
}

// WhoClick is the name of an unknown visitor who came by a click.
func WhoClick(id string) string { return "c:" + id }

// WhoVisitor is the name of a browser that the tag knows.
func WhoVisitor(v string) string { return "v:" + v }

// ForADay begins the name of a browser in which nothing may be stored. It is forgotten when the day is over, and two people
// behind one address can have the same.
const ForADay = "day"

// IsForADay tells whether somebody is named so.
func IsForADay(who string) bool { return strings.HasPrefix(who, "v:"+ForADay) }

// WhoViewer is the name of a browser that was shown something of a partner's.
func WhoViewer(v string) string { return "s:" + v }

// IsViewer tells whether a landing joins its visitor with a viewer.
func IsViewer(click string) bool { return strings.HasPrefix(click, "s:") }

// clean makes the texts, which strangers send, fit to be kept: valid UTF-8 without control characters, and not too long.
func (t *Touch) clean() {
	t.URL, t.Referrer = clean(t.URL, 2000), clean(t.Referrer, 1000)
	t.Agent, t.Shared = clean(t.Agent, 400), clean(t.Shared, 200)
	t.Country, t.Region, t.ASN = clean(t.Country, 2), clean(t.Region, 6), clean(t.ASN, 120)
	for i, sub := range t.Sub {
		t.Sub[i] = clean(sub, 200)
	}
}

func clean(s string, most int) string {
	plain := len(s) <= most
	for i := 0; i < len(s) && plain; i++ {
		plain = s[i] >= ' ' && s[i] < 0x7f
	}
	if plain {
		return s
	}
	s = strings.Map(func(r rune) rune {
		if unicode.IsControl(r) {
			return -1
		}
		return r
	}, strings.ToValidUTF8(s, ""))
	if len(s) > most {
		s = strings.ToValidUTF8(s[:most], "") // not half a letter
	}
	return s
}

const touchColumns = `id, program, kind, partnership, link, who, at, turn, mark, url, referrer, agent, address,
	sub1, sub2, sub3, sub4, sub5, shared, country, region, asn, sent, variant`

func scanTouch(row db.Row) (Touch, error) {
	var t Touch
	var at int64
	err := row.Scan(&t.ID, &t.Program, &t.Kind, &t.Partnership, &t.Link, &t.Who, &at, &t.Turn, &t.Mark, &t.URL, &t.Referrer,
		&t.Agent, &t.Address, &t.Sub[0], &t.Sub[1], &t.Sub[2], &t.Sub[3], &t.Sub[4], &t.Shared, &t.Country, &t.Region, &t.ASN, &t.Sent, &t.Variant)
	t.At = time.UnixMilli(at).UTC()
	return t, err
}

func (t *Touch) row() []any {
	return []any{t.ID, t.Program, string(t.Kind), t.Partnership, t.Link, t.Who, t.At.UnixMilli(), t.Turn, string(t.Mark), t.URL, t.Referrer,
		t.Agent, t.Address, t.Sub[0], t.Sub[1], t.Sub[2], t.Sub[3], t.Sub[4], t.Shared, t.Country, t.Region, t.ASN, t.Sent, t.Variant}
}

// insert adds those touches that are not there yet, and returns them.
func insert(ctx context.Context, tx *db.Tx, touches []Touch) ([]Touch, error) {
	rows := make([][]any, len(touches))
	for i := range touches {
		rows[i] = touches[i].row()
	}
	added, err := db.Insert(ctx, tx, `/* touch.insert */ insert into touch (`+touchColumns+`)`, rows, `on conflict (id) do nothing`)
	if err != nil || added == int64(len(touches)) {
		return touches, err
	}
	return fresh(ctx, tx, touches)
}

// fresh are those touches that were not there before: what is kept of them has the turn that has just been taken.
func fresh(ctx context.Context, tx *db.Tx, touches []Touch) ([]Touch, error) {
	ids := make([]string, len(touches))
	for i, t := range touches {
		ids[i] = t.ID
	}
	known, err := Named(ctx, tx, ids)
	var kept []Touch
	for _, t := range touches {
		if known[t.ID].Turn == t.Turn {
			kept = append(kept, t)
			delete(known, t.ID) // twice in one batch: the first was kept
		}
	}
	return kept, err
}
