package api

import (
	"context"

	"github.com/tributary-hq/tributary/client"
	"github.com/tributary-hq/tributary/internal/audit"
	"github.com/tributary-hq/tributary/internal/auth"
	"github.com/tributary-hq/tributary/internal/db"
)

func tellToken(t auth.Token) client.Token {
	return client.Token{ID: t.ID, Name: t.Name, Mode: string(t.Mode), Scopes: tellAll(t.Scopes, func(p auth.Permission) string { return string(p) }),
		Hint: t.Hint, CreatedAt: t.Created, UsedAt: tellMoment(t.Used), RevokedAt: tellMoment(t.Revoked)}
}

func (a *API) listTokens(ctx context.Context, who auth.Actor, in *struct{ Paging }) (client.Page[client.Token], error) {
	tokens, err := auth.Tokens(ctx, a.db.Read(), who.Brand)
	if err != nil {
		return client.Page[client.Token]{}, err
	}
	return pageOfAll(in.Paging, tokens, func(t auth.Token) string { return t.ID }, tellToken)
}

// CreatedToken is exported because huma passes over what is not.
type CreatedToken struct{ client.CreatedToken }

// withoutSecret is what is kept for a repeat of the request: the secret is not kept anywhere.
func (t CreatedToken) withoutSecret() any {
	t.Secret = ""
	return t
}

// createToken makes a token that can do no more than the one that asks for it.
func (a *API) createToken(ctx context.Context, tx *db.Tx, who auth.Actor, in *struct{ Body client.NewToken }) (CreatedToken, error) {
	mode := auth.Mode(in.Body.Mode)
	if mode == "" {
		mode = auth.Live
	}
	scopes := make([]auth.Permission, len(in.Body.Scopes))
	for i, scope := range in.Body.Scopes {
		scopes[i] = auth.Permission(scope)
	}
	t, secret, err := auth.NewToken(ctx, tx, who.Brand, in.Body.Name, mode, scopes...)
	if err != nil {
		return CreatedToken{}, err
	}
	for _, scope := range scopes {
		if err := who.May(scope); err != nil {
			return CreatedToken{}, err
		}
	}
	return CreatedToken{client.CreatedToken{Token: tellToken(t), Secret: secret}}, audit.Record(ctx, tx, who, audit.TokenCreate, t.ID)
}

func (a *API) revokeToken(ctx context.Context, tx *db.Tx, who auth.Actor, in *struct {
	ID string `path:"token" doc:"Id of the token."`
}) (client.Token, error) {
	if err := auth.Revoke(ctx, tx, who.Brand, in.ID); err != nil {
		return client.Token{}, err
	}
	if err := audit.Record(ctx, tx, who, audit.TokenRevoke, in.ID); err != nil {
		return client.Token{}, err
	}
	tx.After(a.tokens.forget)
	t, err := a.tokenOf(ctx, tx, who, in.ID)
	return tellToken(t), err
}
