package mail

import (
	"context"

	"github.com/tributary-hq/tributary/internal/auth"
	"github.com/tributary-hq/tributary/internal/db"
	"github.com/tributary-hq/tributary/internal/lang"
	"github.com/tributary-hq/tributary/internal/partner"
)

// PasswordChanged tells a person that their password is another one, and where they can set it anew if it was not them. Where
// nobody knows the installation's address, the link is empty.
func PasswordChanged(ctx context.Context, tx *db.Tx, link string, who auth.Person) error {
	return Send(ctx, tx, Mail{To: who.Email, Name: who.Name, Locale: who.Locale, Kind: PasswordWasChanged,
		Data: Data{From: "Tributary", Words: []any{"email", who.Email}, Link: link}})
}

// PayoutMethodChanged tells a partner that they are paid or reached in another way from now on, if they are. It goes to the
// address that they had too, when that is another one: who has taken an account over must not be the only one to read it. It
// stands in no brand's log.
func PayoutMethodChanged(ctx context.Context, tx *db.Tx, link string, was, is partner.Partner) error {
	if was.Rail == is.Rail && was.PayTo == is.PayTo && was.Email == is.Email {
		return nil
	}
	rail := is.Rail
	if rail == "" {
		rail = "none"
	}
	readers := []partner.Partner{is}
	if was.Email != is.Email {
		readers = append(readers, was)
	}
	for _, to := range readers {
		words := []any{"name", is.Name, "rail", lang.Of(to.Locale).Text("rails." + rail), "account", partner.Masked(is.PayTo), "email", partner.Masked(is.Email)}
		if err := Send(ctx, tx, Mail{To: to.Email, Name: to.Name, Locale: to.Locale, Kind: PayoutWasChanged,
			Data: Data{From: "Tributary", Words: words, Link: link}}); err != nil {
			return err
		}
	}
	return nil
}
