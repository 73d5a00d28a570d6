package audit

import (
	"context"
	"strconv"
	"strings"

	"github.com/tributary-hq/tributary/internal/commission"
	"github.com/tributary-hq/tributary/internal/conversion"
	"github.com/tributary-hq/tributary/internal/db"
	"github.com/tributary-hq/tributary/internal/money"
	"github.com/tributary-hq/tributary/internal/program"
)

// anOrder is a conversion, called by the number of its order.
func anOrder(ctx context.Context, r db.Reader, _, id string) (thing, error) {
	c, err := conversion.Get(ctx, r, id)
	if err != nil {
		return thing{}, err
	}
	p, err := program.Get(ctx, r, c.Program)
	if err != nil {
		return thing{}, err
	}
	e, err := commission.Explain(ctx, r, id)
	if err != nil {
		return thing{}, err
	}
	t := within(p, c.Order, field{"order_amount", money.Of(e.Gross, c.Amount.Currency).String()}, field{"order_refunded", money.Of(e.Refunded, c.Amount.Currency).String()})
	if e.Qualify != nil {
		t.fields = append(t.fields, field{"qualified", string(e.Qualify.State)})
	}
	return t, nil
}

// postbackNames are the further names of a program's postback parameters.
func postbackNames(p program.Program) string {
	var lines []string
	for _, param := range program.PostbackParams {
		if names := p.PostbackNames[param]; len(names) > 0 {
			lines = append(lines, param+": "+strings.Join(names, ", "))
		}
	}
	return strings.Join(lines, "\n")
}

// qualifying are the rules of a program that were settled last, by event type.
func qualifying(rules []program.Qualifying) string {
	last := map[string]program.Qualifying{}
	for _, q := range rules {
		if q.Turn >= last[q.Event].Turn {
			last[q.Event] = q
		}
	}
	var lines []string
	for _, q := range rules {
		if last[q.Event].ID == q.ID {
			line := q.Event + ": " + string(q.Rule.Kind)
			switch q.Rule.Kind {
			case program.ByEvent:
				line += " " + q.Rule.Event
			case program.ByDays:
				line += " " + strconv.FormatInt(q.Rule.Days, 10)
			}
			lines = append(lines, line)
		}
	}
	return strings.Join(lines, "\n")
}
