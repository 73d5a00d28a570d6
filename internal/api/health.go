package api

import (
	"context"
	"strings"

	"github.com/tributary-hq/tributary/client"
	"github.com/tributary-hq/tributary/internal/auth"
	"github.com/tributary-hq/tributary/internal/creative"
	"github.com/tributary-hq/tributary/internal/health"
)

func (a *API) getHealth(ctx context.Context, who auth.Actor, in *struct {
	Program string `path:"program" doc:"Id or short name of the program."`
}) (client.Health, error) {
	p, err := programOf(ctx, a.db.Read(), who, in.Program)
	if err != nil {
		return client.Health{}, err
	}
	report, err := health.Of(ctx, a.db.Read(), p, a.db.Now())
	return client.Health{State: string(report.Worst()), At: report.At, Findings: tellAll(report.Findings, tellFinding)}, err
}

func tellFinding(f health.Finding) client.HealthFinding {
	return client.HealthFinding{Name: f.Name, State: string(f.State), Last: tellMoment(f.Last), Since: tellMoment(f.Since), N: f.N, Of: f.Of,
		Parts: tellAll(f.Parts, func(p health.Part) client.HealthPart {
			return client.HealthPart{Name: p.Name, Reason: p.Reason, Field: p.Field, N: p.N, At: p.At}
		})}
}

// linkBase is what stands before a link's code: the domain of the partner or of the program, where one works.
func (a *API) linkBase(l creative.Link) string {
	if a.domains != nil {
		if name := a.domains.Best(l.Program, l.Partnership); name != "" {
			scheme, _, _ := strings.Cut(a.base, "://")
			return scheme + "://" + name + "/"
		}
	}
	return a.base + "/c/"
}
