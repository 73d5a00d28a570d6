package audit

import (
	"context"
	"fmt"
	"strings"

	"github.com/tributary-hq/tributary/internal/auth"
	"github.com/tributary-hq/tributary/internal/db"
	"github.com/tributary-hq/tributary/internal/partner"
	"github.com/tributary-hq/tributary/internal/program"
)

// careFields are what a brand keeps about a partnership. The text of its notes is not among them: who deletes one takes it
// away for good.
func careFields(ctx context.Context, r db.Reader, partnership string) ([]field, error) {
	care, err := partner.CareOf(ctx, r, partnership)
	if err != nil {
		return nil, err
	}
	group, manager := "", ""
	if care.Group != "" {
		g, err := partner.GetGroup(ctx, r, care.Group)
		if err != nil {
			return nil, err
		}
		group = g.Name
	}
	if care.Manager != "" {
		p, err := auth.Get(ctx, r, care.Manager)
		if err != nil {
			return nil, err
		}
		manager = p.Name
	}
	return []field{{"group", group}, {"manager", manager}, {"tags", strings.Join(care.Tags, ", ")}}, nil
}

func aGroup(ctx context.Context, r db.Reader, _, id string) (thing, error) {
	g, err := partner.GetGroup(ctx, r, id)
	if err != nil {
		return thing{}, err
	}
	p, err := program.Get(ctx, r, g.Program)
	return within(p, g.Name, field{"name", g.Name}, field{"colour", g.Colour}, field{"rank", fmt.Sprint(g.Rank)}), err
}

// aProperty is called by its address. It concerns those whom its partner concerns.
func aProperty(ctx context.Context, r db.Reader, _, id string) (thing, error) {
	p, err := partner.GetProperty(ctx, r, id)
	if err != nil {
		return thing{}, err
	}
	brands, err := brandsOf(ctx, r, p.Partner)
	audience := ""
	if p.Audience > 0 {
		audience = fmt.Sprint(p.Audience)
	}
	return thing{title: p.Address, brands: brands, fields: []field{{"kind", p.Kind}, {"address", p.Address}, {"audience", audience}}}, err
}

func aContact(ctx context.Context, r db.Reader, _, id string) (thing, error) {
	c, err := partner.GetContact(ctx, r, id)
	if err != nil {
		return thing{}, err
	}
	brands, err := brandsOf(ctx, r, c.Partner)
	return thing{title: c.Name, brands: brands, fields: []field{{"name", c.Name}, {"sees_to", c.Role}, {"email", c.Email}, {"phone", c.Phone}}}, err
}
