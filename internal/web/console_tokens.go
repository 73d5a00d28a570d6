package web

import (
	"context"
	"fmt"

	"github.com/tributary-hq/tributary/internal/audit"
	"github.com/tributary-hq/tributary/internal/auth"
	"github.com/tributary-hq/tributary/internal/db"
)

func tokenForm(v *visit) form {
	return form{Fields: []field{
		{Name: "name", Label: "token_name", Required: true, Hint: "token_name"},
		{Name: "mode", Type: "select", Value: "live", Choices: choices(v.lang, "states.token", []string{"live", "test"})},
		{Name: "scope", Type: "select", Value: "conversions", Choices: choices(v.lang, "scopes", []string{"read", "conversions", "all"})},
	}}
}

// scopes are the sets of permissions that the page offers for a token.
var scopes = map[string][]auth.Permission{
	"read":        {auth.Read},
	"conversions": {auth.Read, auth.WriteConversions},
	"all":         auth.Permissions,
}

// wantedScopes are those that were ticked one by one, or else the set that was chosen.
func wantedScopes(v *visit, f form) []auth.Permission {
	var list []auth.Permission
	for _, one := range v.PostForm["exactly"] {
		list = append(list, auth.Permission(one))
	}
	if len(list) > 0 {
		return list
	}
	return scopes[f.value("scope")]
}

// Scopes are all that a token may be allowed.
func (p settingsPage) Scopes() []auth.Permission { return auth.Permissions }

// createToken makes an API token. Its secret is on this answer and never again, so there is no redirect.
func (s *site) createToken(v *visit) (answer, error) {
	f := tokenForm(v)
	f.read(v.PostForm)
	var secret string
	err := v.write(func(ctx context.Context, tx *db.Tx) error {
		made, told, err := auth.NewToken(ctx, tx, v.program.Brand, f.value("name"), auth.Mode(f.value("mode")), wantedScopes(v, f)...)
		if err != nil {
			return err
		}
		secret = told
		return v.record(ctx, tx, audit.TokenCreate, made.ID)
	})
	if err != nil && !f.blame(v.lang, err) {
		return nil, fmt.Errorf("make a token: %w", err)
	}
	data, err := s.readSettings(v, "tokens")
	if data.Secret = secret; f.Failed() {
		data.Form = f
		return s.again("console/settings/tokens", v.text("nav.settings"), data), err
	}
	return s.page("console/settings/tokens", v.text("nav.settings"), data), err
}

// revokeToken ends an API token.
func (s *site) revokeToken(v *visit) (answer, error) {
	err := v.write(func(ctx context.Context, tx *db.Tx) error {
		if err := auth.Revoke(ctx, tx, v.program.Brand, v.PathValue("tok")); err != nil {
			return err
		}
		return v.record(ctx, tx, audit.TokenRevoke, v.PathValue("tok"))
	})
	if err != nil {
		return nil, err
	}
	return s.done(settingsPath(v, "tokens"), "token_revoked"), nil
}
