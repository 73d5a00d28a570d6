package audit

import (
	"context"
	"strings"

	"github.com/tributary-hq/tributary/internal/db"
	"github.com/tributary-hq/tributary/internal/deliver"
	"github.com/tributary-hq/tributary/internal/postback"
	"github.com/tributary-hq/tributary/internal/program"
)

// aPostback is told with its server alone: the rest of the address may hold a key of the partner's.
func aPostback(ctx context.Context, r db.Reader, _, id string) (thing, error) {
	p, err := postback.Find(ctx, r, id)
	if err != nil {
		return thing{}, err
	}
	prog, err := program.Get(ctx, r, p.Program)
	if err != nil {
		return thing{}, err
	}
	targets, err := deliver.Targets(ctx, r, []string{id})
	if err != nil {
		return thing{}, err
	}
	host, moments := "", make([]string, len(p.Moments))
	if t, err := postback.Parse(p.Template); err == nil {
		host = t.Host()
	}
	for i, m := range p.Moments {
		moments[i] = string(m)
	}
	t := targets[id]
	return within(prog, p.Name, field{"name", p.Name}, field{"host", host}, field{"way", string(p.Way)}, field{"moments", strings.Join(moments, ", ")},
		field{"events", strings.Join(p.Events, ", ")}, field{"signed", yes(t.Secret != "")}, field{"paused_by", string(t.PausedBy)}), nil
}
