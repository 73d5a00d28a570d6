package api

import (
	"context"

	"github.com/tributary-hq/tributary/client"
	"github.com/tributary-hq/tributary/internal/auth"
	"github.com/tributary-hq/tributary/internal/db"
	"github.com/tributary-hq/tributary/internal/problem"
	"github.com/tributary-hq/tributary/internal/program"
)

func (a *API) getMe(ctx context.Context, who auth.Actor, _ *struct{}) (client.Me, error) {
	brand, err := program.GetBrand(ctx, a.db.Read(), who.Brand)
	if err != nil {
		return client.Me{}, err
	}
	token, err := a.tokenOf(ctx, a.db.Read(), who, who.ID)
	return client.Me{Token: tellToken(token), Brand: client.Brand{ID: brand.ID, Slug: brand.Slug, Name: brand.Name}}, err
}

// tokenOf is the brand's token with the id.
func (a *API) tokenOf(ctx context.Context, r db.Reader, who auth.Actor, id string) (auth.Token, error) {
	tokens, err := auth.Tokens(ctx, r, who.Brand)
	if err != nil {
		return auth.Token{}, err
	}
	for _, t := range tokens {
		if t.ID == id {
			return t, nil
		}
	}
	return auth.Token{}, problem.NotFound("token", id)
}
