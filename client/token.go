package client

import (
	"context"
	"iter"
	"net/http"
	"time"
)

// Token lets a program act for the brand.
type Token struct {
	ID        string     `json:"id" doc:"Id of the token." example:"tok_06a1b2c3d4e5f6g7h8j9kmnp"`
	Name      string     `json:"name" doc:"What it is for." example:"Shop backend"`
	Mode      string     `json:"mode" doc:"live or test." enum:"live,test" example:"live"`
	Scopes    []string   `json:"scopes" doc:"The permissions it has." example:"[\"read\",\"conversions.write\"]"`
	Hint      string     `json:"hint" doc:"The last four characters of its secret." example:"7k2m"`
	CreatedAt time.Time  `json:"created_at" doc:"When it was made."`
	UsedAt    *time.Time `json:"used_at" doc:"When it was last used, to the minute; null when never."`
	RevokedAt *time.Time `json:"revoked_at" doc:"When it was revoked; null while it holds."`
}

// NewToken is a token to be made.
type NewToken struct {
	Name   string   `json:"name" doc:"What it is for, at most 120 characters." example:"Shop backend"`
	Mode   string   `json:"mode,omitempty" doc:"live or test; live when left out." example:"live"`
	Scopes []string `json:"scopes" doc:"Its permissions: read (always included), partners.write, contracts.write, links.write, conversions.write, commissions.write, payouts.write, payouts.approve, settings.write, team.write. A token can only hand on what it has itself." example:"[\"conversions.write\"]"`
}

// CreatedToken is a token with its secret, which is told this once.
type CreatedToken struct {
	Token
	Secret string `json:"secret" doc:"The secret to send as a bearer token. It is shown this once and is not kept." example:"trb_live_0123456789abcdefghjkmnpqrstvwxyz0123456789abcdefghjk"`
}

// Tokens are the brand's tokens, the newest first.
func (c *Client) Tokens(ctx context.Context) iter.Seq2[Token, error] {
	return list[Token](ctx, c, path("tokens"), nil)
}

// CreateToken makes a token.
func (c *Client) CreateToken(ctx context.Context, t NewToken) (CreatedToken, error) {
	return write[CreatedToken](ctx, c, http.MethodPost, path("tokens"), t)
}

// RevokeToken ends a token for good.
func (c *Client) RevokeToken(ctx context.Context, id string) (Token, error) {
	return write[Token](ctx, c, http.MethodDelete, path("tokens", id), nil)
}
