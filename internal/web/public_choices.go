package web

import (
	"context"
	"slices"
	"time"

	"github.com/tributary-hq/tributary/internal/auth"
	"github.com/tributary-hq/tributary/internal/db"
	"github.com/tributary-hq/tributary/internal/lang"
	"github.com/tributary-hq/tributary/internal/problem"
)

const choiceFor = 365 * 24 * time.Hour

// chooseLanguage keeps the reader's language, on the device and with the person.
func (s *site) chooseLanguage(v *visit) (answer, error) {
	tag := v.PostFormValue("language")
	if !slices.ContainsFunc(lang.All(), func(l *lang.Language) bool { return l.Tag == tag }) {
		return nil, problem.Invalid("language", "%q is not a language of this installation", tag)
	}
	if v.signedIn {
		if err := v.write(func(ctx context.Context, tx *db.Tx) error { return auth.SetLocale(ctx, tx, v.person.ID, tag) }); err != nil {
			return nil, err
		}
	}
	s.setCookie(v.w, languageCookie, tag, choiceFor)
	return s.to(local(v.PostFormValue("to"))), nil
}

// chooseTheme keeps light or dark on the device; anything else follows the device's own preference again.
func (s *site) chooseTheme(v *visit) (answer, error) {
	switch theme := v.PostFormValue("theme"); theme {
	case "light", "dark":
		s.setCookie(v.w, themeCookie, theme, choiceFor)
	default:
		s.setCookie(v.w, themeCookie, "", 0)
	}
	return s.to(local(v.PostFormValue("to"))), nil
}
