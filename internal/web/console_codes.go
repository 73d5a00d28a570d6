package web

import (
	"context"

	"github.com/tributary-hq/tributary/internal/audit"
	"github.com/tributary-hq/tributary/internal/commission"
	"github.com/tributary-hq/tributary/internal/db"
)

func codeForm() form {
	return form{Fields: []field{{Name: "code", Label: "promo_code", Hint: "promo_code", Required: true}}}
}

// giveCode gives a promo code to a partner.
func (s *site) giveCode(v *visit) (answer, error) {
	f := codeForm()
	f.read(v.PostForm)
	err := v.write(func(ctx context.Context, tx *db.Tx) error {
		if _, err := commission.GiveCode(ctx, tx, s.keys, v.program.ID, v.partnership.ID, f.value("code")); err != nil {
			return err
		}
		return v.record(ctx, tx, audit.PartnershipCode, v.partnership.ID)
	})
	if err == nil {
		return s.done(partnerBase(v)+"?tab=links#codes", "code_given"), nil
	}
	if !f.blame(v.lang, err) {
		return nil, err
	}
	data, err := s.readPartner(v, "links")
	data.Code = f
	return s.again("console/partners/detail", v.partnership.Partner.Name, data), err
}
