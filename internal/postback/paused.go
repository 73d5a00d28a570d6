package postback

import (
	"context"
	"net/http"

	"github.com/tributary-hq/tributary/internal/auth"
	"github.com/tributary-hq/tributary/internal/db"
	"github.com/tributary-hq/tributary/internal/mail"
	"github.com/tributary-hq/tributary/internal/partner"
	"github.com/tributary-hq/tributary/internal/problem"
	prog "github.com/tributary-hq/tributary/internal/program"
)

// Paused writes to the partner whose postback was paused because nothing reached it. url is how the world reaches the
// installation.
func Paused(url string) func(ctx context.Context, tx *db.Tx, target string) error {
	return func(ctx context.Context, tx *db.Tx, target string) error {
		p, err := Find(ctx, tx, target)
		if fault, ok := problem.As(err); ok && fault.Status == http.StatusNotFound {
			return nil // not a postback, or one that is no more
		}
		if err != nil {
			return err
		}
		s, err := partner.GetPartnership(ctx, tx, p.Partnership)
		if err != nil {
			return err
		}
		program, err := prog.Get(ctx, tx, s.Program)
		if err != nil {
			return err
		}
		locale := s.Partner.Locale
		who, known, err := auth.ByEmail(ctx, tx, s.Partner.Email)
		if err != nil {
			return err
		}
		if known {
			locale = who.Locale
		}
		return mail.Send(ctx, tx, mail.Mail{Brand: program.Brand, To: s.Partner.Email, Name: s.Partner.Name, Locale: locale, Kind: mail.PostbackPaused,
			Data: mail.Data{From: program.Name, Words: []any{"name", p.Name}, Link: url + "/partner/" + s.ID + "/postbacks/" + p.ID}})
	}
}
