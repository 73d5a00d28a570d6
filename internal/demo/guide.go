package demo

import (
	"context"
	"fmt"
	"log/slog"

	"github.com/tributary-hq/tributary/internal/app"
)

// Open makes an installation that holds a story ready to be served at base: the shop opens, and links lead to it.
func Open(ctx context.Context, a *app.App, base string, log *slog.Logger) (*Story, error) {
	state, story, err := Look(ctx, a.DB)
	if err != nil {
		return nil, err
	}
	if state != Ready {
		return nil, fmt.Errorf("the database holds no demonstration, it is %s", state)
	}
	if err := story.move(ctx, a.DB, base); err != nil {
		return nil, err
	}
	if err := a.Links.Refresh(ctx); err != nil {
		return nil, err
	}
	a.Mount("/shop/", Shop(a, story, log))
	a.Mount("/receiver/", Receiver(log))
	return story, nil
}

// SignIn is an account that a visitor of the demonstration may use.
type SignIn struct{ Role, Email, Password string }

// SignIns are the accounts, the mightiest first.
func SignIns() []SignIn {
	var list []SignIn
	for _, c := range team {
		list = append(list, SignIn{string(c.role), c.email, password})
	}
	for _, a := range allies {
		if a.signsIn != "" {
			list = append(list, SignIn{"partner", a.Email, password})
		}
	}
	return list
}

// Guide is what somebody who has started the demonstration wants to know first.
func (s *Story) Guide() []string {
	lines := []string{""}
	for _, place := range []struct{ name, path string }{
		{"Shop", "/shop/"}, {"Console", "/console"}, {"Partner's cabinet", "/partner"}, {"Program page", "/p/" + brandSlug}, {"API documentation", "/docs"},
		{"A partner's tracker", "/receiver/"}, {"Style guide", "/styleguide"},
	} {
		lines = append(lines, fmt.Sprintf("  %-21s%s%s", place.name, s.Base, place.path))
	}
	lines = append(lines, "", "Sign in, everybody with the password "+password+":", "")
	for _, who := range SignIns() {
		lines = append(lines, fmt.Sprintf("  %-21s%s", who.Role, who.Email))
	}
	return append(lines, "", "Follow a partner's link, buy something, and look at both sides:", "",
		fmt.Sprintf("  %s/c/%s", s.Base, allies[0].links[0].code))
}
