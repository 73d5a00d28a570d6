package web

import (
	"html/template"
	"strings"
	"time"

	"github.com/tributary-hq/tributary/internal/contract"
	"github.com/tributary-hq/tributary/internal/lang"
	"github.com/tributary-hq/tributary/internal/money"
)

// functions are what templates can call.
func (l *library) functions(words *lang.Language, zone *time.Location) template.FuncMap {
	return template.FuncMap{
		"t":       words.Text,
		"number":  words.Number,
		"percent": words.Percent,
		"rate":    words.Rate,
		"money":   words.Money,
		"round":   words.Round,
		"exact":   words.Exact,
		"amount":  func(minor int64, c money.Currency) string { return words.Money(money.Of(minor, c)) },
		"date":    func(t time.Time) string { return words.Date(t.In(zone)) },
		"day":     func(t time.Time) string { return words.Day(t.In(zone)) },
		"clock":   func(t time.Time) string { return words.Clock(t.In(zone)) },
		"moment":  func(t time.Time) string { return words.Moment(t.In(zone)) },
		"iso":     func(t time.Time) string { return t.UTC().Format(time.RFC3339) },
		"terms":   func(t contract.Terms, c money.Currency) string { return sentence(words, t, c) },
		"clauses": func(t contract.Terms, c money.Currency) []clause { return clauses(words, t, c) },
		"event":   func(name string) string { return eventName(words, name) },
		"sale":    func(event, order string) string { return saleName(words, event, order) },
		"static":  l.static.address,
		"state":   func(kind, name any) badge { return newBadge(words, kind, name) },
		"initial": initial,
		"parts":   paragraphs,
		"give":    pairs,
	}
}

// badge is a state as a word and an icon; Tone gives it a colour besides.
type badge struct {
	Word string
	Icon string
	Tone string
}

// tones are the icon and the colour of each state. A state that is not here is plain.
var tones = map[string]badge{
	"active": {"", "check", "good"}, "approved": {"", "check", "good"}, "paid": {"", "check", "good"}, "payable": {"", "coin", "good"},
	"counted": {"", "check", "good"}, "already": {"", "check", "plain"}, "live": {"", "check", "good"}, "due": {"", "coin", "good"}, partlyPaid: {"", "info", "wait"},
	"new": {"", "clock", "wait"}, "done": {"", "check", "good"}, "answered": {"", "check", "good"},
	"pending": {"", "clock", "wait"}, "applied": {"", "clock", "wait"}, "draft": {"", "clock", "wait"}, "waiting": {"", "clock", "wait"},
	"in_payout": {"", "send", "info"}, "sent": {"", "send", "info"}, "test": {"", "info", "info"},
	"paused": {"", "pause", "wait"}, "reversed": {"", "undo", "bad"}, "declined": {"", "cross", "bad"}, "failed": {"", "cross", "bad"},
	"rejected": {"", "cross", "bad"}, "ended": {"", "cross", "plain"}, "cancelled": {"", "cross", "plain"}, "revoked": {"", "cross", "plain"},
	"followed": {"", "check", "good"}, "resting": {"", "pause", "wait"}, "stray": {"", "cross", "bad"}, "removed": {"", "cross", "plain"},
	"open": {"", "check", "good"}, "near": {"", "info", "wait"}, "reached": {"", "cross", "bad"}, "running": {"", "clock", "info"}, "won": {"", "check", "good"},
	"asked": {"", "clock", "wait"}, "refused": {"", "cross", "bad"}, "withdrawn": {"", "minus", "plain"},
	"offered": {"", "check", "good"}, "scheduled": {"", "clock", "wait"}, "over": {"", "clock", "plain"}, "archived": {"", "minus", "plain"},
	"delivered": {"", "check", "good"}, "failing": {"", "info", "wait"}, "unreachable": {"", "cross", "bad"}, "stopped": {"", "pause", "wait"},
	"free": {"", "check", "good"}, "bound": {"", "check", "info"}, "suspended": {"", "pause", "wait"}, "leaked": {"", "info", "bad"},
	"bad": {"", "cross", "bad"}, "watch": {"", "info", "wait"}, "fine": {"", "check", "good"}, "idle": {"", "minus", "plain"},
	"works": {"", "check", "good"}, "elsewhere": {"", "info", "wait"}, "unproven": {"", "clock", "wait"}, "unchecked": {"", "clock", "wait"}, "contested": {"", "cross", "bad"}, "silent": {"", "pause", "wait"},
	"caught": {"", "info", "info"}, "unsent": {"", "pause", "wait"},
	"held": {"", "pause", "wait"}, "nobody": {"", "minus", "plain"}, "unknown": {"", "cross", "bad"}, "contradicts": {"", "cross", "bad"}, "unreadable": {"", "cross", "bad"},
}

// newBadge is the badge of a state; its word is the message states.<kind>.<name>.
func newBadge(words *lang.Language, kind, name any) badge {
	k, n := lower(kind), lower(name)
	b, ok := tones[n]
	if !ok {
		b = badge{Icon: "minus", Tone: "plain"}
	}
	b.Word = words.Text("states." + k + "." + n)
	return b
}

func lower(v any) string { return strings.ToLower(strings.TrimSpace(template.HTMLEscaper(v))) }

// initial is the first letter of a name, for its picture.
func initial(name string) string {
	for _, r := range strings.TrimSpace(name) {
		return strings.ToUpper(string(r))
	}
	return "·"
}

// pairs gives a part of a page several values: {{template "parts/x" give "Name" .Name "Amount" .Amount}}.
func pairs(list ...any) map[string]any {
	m := make(map[string]any, len(list)/2)
	for i := 0; i+1 < len(list); i += 2 {
		m[list[i].(string)] = list[i+1]
	}
	return m
}
