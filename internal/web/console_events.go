package web

import (
	"encoding/json"
	"strings"
	"time"

	"github.com/tributary-hq/tributary/internal/event"
	"github.com/tributary-hq/tributary/internal/money"
)

// happening is an event in words.
type happening struct {
	Text    string
	Icon    string
	Address string
	At      time.Time
	who     string
	facts   told
}

// told is what an event's data can hold that a sentence needs.
type told struct {
	Partnership  string       `json:"partnership"`
	Partnerships []string     `json:"partnerships"`
	Conversion   string       `json:"conversion"`
	Order        string       `json:"order_id"`
	Event        string       `json:"event"`
	Batch        string       `json:"batch"`
	Amount       money.Amount `json:"amount"`
}

// happenings are events in words, each with the page that it is about.
func (v *visit) happenings(events []event.Event) ([]happening, error) {
	facts := make([]told, len(events))
	var ids []string
	for i, e := range events {
		if err := json.Unmarshal(e.Data, &facts[i]); err != nil {
			facts[i] = told{} // written by another version: the event still says what happened
		}
		if strings.HasPrefix(e.Subject, "pts_") {
			facts[i].Partnership = e.Subject
		}
		if facts[i].Partnership == "" && len(facts[i].Partnerships) > 0 {
			facts[i].Partnership = facts[i].Partnerships[0]
		}
		ids = append(ids, facts[i].Partnership)
	}
	names, err := v.names(ids)
	if err != nil {
		return nil, err
	}
	list := make([]happening, len(events))
	for i, e := range events {
		f := facts[i]
		who := names[f.Partnership].Partner.Name
		if who == "" {
			who = v.text("happened.nobody")
		}
		amount := ""
		switch {
		case f.Amount.Minor == 0 && v.lang.Has("events."+f.Event):
			amount = v.text("events." + f.Event) // a lead has a name rather than an amount
		case f.Amount.Currency != "":
			amount = v.lang.Money(f.Amount)
		}
		icon, _, _ := strings.Cut(string(e.Kind), ".")
		list[i] = happening{Text: v.text("happened."+string(e.Kind), "who", who, "amount", amount, "order", f.Order), Icon: icon,
			Address: consoleBase(v.program) + about(e, f), At: e.At, who: who, facts: f}
	}
	return list, nil
}

// about is the page of what an event is about, below the program's base.
func about(e event.Event, f told) string {
	switch {
	case f.Batch != "":
		return "/payouts/" + f.Batch
	case f.Conversion != "":
		return "/conversions/" + f.Conversion
	case strings.HasPrefix(e.Subject, "cnv_"):
		return "/conversions/" + e.Subject
	case f.Partnership != "":
		return "/partners/" + f.Partnership
	}
	return ""
}
