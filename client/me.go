package client

import "context"

// Me is who a token acts for.
type Me struct {
	Token Token `json:"token" doc:"The token that asks."`
	Brand Brand `json:"brand" doc:"The brand it acts for."`
}

// Brand is who runs programs.
type Brand struct {
	ID   string `json:"id" doc:"Id of the brand." example:"brd_06a1b2c3d4e5f6g7h8j9kmnp"`
	Slug string `json:"slug" doc:"Short name in addresses." example:"alpine-goods"`
	Name string `json:"name" doc:"Name as people know it." example:"Alpine Goods"`
}

// Me tells who the client's token is.
func (c *Client) Me(ctx context.Context) (Me, error) { return get[Me](ctx, c, path("me"), nil) }
