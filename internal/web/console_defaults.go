package web

import (
	"context"
	"encoding/json"

	"github.com/tributary-hq/tributary/internal/audit"
	"github.com/tributary-hq/tributary/internal/contract"
	"github.com/tributary-hq/tributary/internal/db"
	"github.com/tributary-hq/tributary/internal/program"
)

// changeDefaults changes the terms that new partners are offered; nothing that was agreed changes.
func (s *site) changeDefaults(v *visit) (answer, error) {
	f := termsForm(v, contract.Terms{}, false)
	f.read(v.PostForm)
	return s.saveSettings(v, "terms", "saved", f, func(data *settingsPage) *form { return &data.Terms }, func(ctx context.Context, tx *db.Tx) error {
		terms, _, err := readTerms(v, f)
		if err != nil {
			return err
		}
		p, err := program.Get(ctx, tx, v.program.ID)
		if err != nil {
			return err
		}
		if p.Defaults, err = json.Marshal(terms); err != nil {
			return err
		}
		if _, err = program.Change(ctx, tx, p); err != nil {
			return err
		}
		return v.record(ctx, tx, audit.ProgramOffer, p.ID)
	})
}
