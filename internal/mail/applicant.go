package mail

import (
	"context"
	"time"

	"github.com/tributary-hq/tributary/internal/auth"
	"github.com/tributary-hq/tributary/internal/db"
	"github.com/tributary-hq/tributary/internal/program"
)

// RemindApplicant writes to somebody who has an account and applied to a program as if they had none: to sign in, and apply as
// who they are. It is in no brand's log, for a brand need not know who is here, and goes out once a day at most.
func RemindApplicant(ctx context.Context, tx *db.Tx, base string, prog program.Program, email, locale string) error {
	m := Mail{To: email, Locale: locale, Kind: ApplicationKnown, Data: Data{From: prog.Name, Words: []any{"email", email}, Link: base + "/sign-in?to=/p/" + prog.Slug}}
	who, known, err := auth.ByEmail(ctx, tx, email)
	if err != nil {
		return err
	}
	if known {
		m.To, m.Name, m.Locale = who.Email, who.Name, who.Locale
	}
	m.Once = string(m.Kind) + "/" + prog.ID + "/" + m.To + "/" + tx.Now.UTC().Format(time.DateOnly)
	return Send(ctx, tx, m)
}
