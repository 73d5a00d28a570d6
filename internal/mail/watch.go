package mail

import (
	"context"
	"encoding/json"
	"log/slog"
	"net/http"
	"time"

	"github.com/tributary-hq/tributary/internal/auth"
	"github.com/tributary-hq/tributary/internal/commission"
	"github.com/tributary-hq/tributary/internal/db"
	"github.com/tributary-hq/tributary/internal/event"
	"github.com/tributary-hq/tributary/internal/lang"
	"github.com/tributary-hq/tributary/internal/partner"
	"github.com/tributary-hq/tributary/internal/problem"
	"github.com/tributary-hq/tributary/internal/program"
)

// batchMost is how many events are read in one transaction.
const batchMost = 500

// reactions are what is written about each kind of event.
var reactions = map[event.Kind]func(p *Post, ctx context.Context, tx *db.Tx, e event.Event) error{
	event.PartnerApproved:    (*Post).accepted,
	event.PartnerDeclined:    (*Post).declined,
	event.ContractSigned:     (*Post).agreed,
	event.ConversionCreated:  (*Post).converted,
	event.CommissionReversed: (*Post).takenBack,
	event.PayoutPaid:         (*Post).paid,
	event.PayoutFailed:       (*Post).unpaid,
}

// Watch writes the mails about what has happened and was not written about, and returns how many events it read. A mail is
// written exactly once, however often and on however many nodes this is called.
func (p *Post) Watch(ctx context.Context, d *db.DB) (int, error) {
	total := 0
	for {
		n, err := event.Follow(ctx, d, "mail", batchMost, func(ctx context.Context, tx *db.Tx, batch []event.Event) error {
			for _, e := range batch {
				react := reactions[e.Kind]
				if react == nil || e.Brand == program.TestBrand { // nobody is behind a test
					continue
				}
				err := react(p, ctx, tx, e)
				if is, ok := problem.As(err); ok && is.Status == http.StatusNotFound {
					continue // what it was about is gone, and its reader with it
				}
				if err != nil {
					return err
				}
			}
			return nil
		})
		if total += n; err != nil || n < batchMost {
			return total, err
		}
	}
}

// Follow watches until ctx ends.
func (p *Post) Follow(ctx context.Context, d *db.DB, log *slog.Logger) {
	tick := time.NewTicker(time.Second)
	defer tick.Stop()
	for {
		select {
		case <-ctx.Done():
			return
		case <-tick.C:
			if _, err := p.Watch(ctx, d); err != nil && ctx.Err() == nil {
				log.Error("write mails", "error", err)
			}
		}
	}
}

// toPartner writes to the partner of a partnership, in the name of its program.
func (p *Post) toPartner(ctx context.Context, tx *db.Tx, e event.Event, kind Kind, subject string, s partner.Partnership, fill func(l *lang.Language, prog program.Program, d *Data)) error {
	prog, err := program.Get(ctx, tx, s.Program)
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
	d := Data{From: prog.Name, Link: p.base + "/partner/" + s.ID}
	if fill != nil {
		fill(lang.Of(locale), prog, &d)
	}
	return Send(ctx, tx, Mail{Brand: e.Brand, To: s.Partner.Email, Name: s.Partner.Name, Locale: locale, Kind: kind, Data: d,
		Once: string(kind) + "/" + subject})
}

// accepted tells an applicant the answer. Who was invited knows it already, and who cannot sign in yet is invited to.
func (p *Post) accepted(ctx context.Context, tx *db.Tx, e event.Event) error {
	s, err := partner.GetPartnership(ctx, tx, e.Subject)
	if err != nil {
		return err
	}
	invited, err := wasInvited(ctx, tx, s)
	if err != nil || invited {
		return err
	}
	members, err := auth.Members(ctx, tx, s.Partner.ID)
	if err != nil {
		return err
	}
	if len(members) == 0 {
		return p.invite(ctx, tx, e, s)
	}
	return p.toPartner(ctx, tx, e, ApplicationAccepted, s.ID, s, nil)
}

func (p *Post) invite(ctx context.Context, tx *db.Tx, e event.Event, s partner.Partnership) error {
	prog, err := program.Get(ctx, tx, s.Program)
	if err != nil {
		return err
	}
	brand, err := program.GetBrand(ctx, tx, e.Brand)
	if err != nil {
		return err
	}
	_, err = InvitePartner(ctx, tx, p.base, prog, auth.Person{Name: brand.Name}, s.Partner.ID, s.Partner.Name, s.Partner.Email, s.Partner.Locale)
	return err
}

func (p *Post) declined(ctx context.Context, tx *db.Tx, e event.Event) error {
	s, err := partner.GetPartnership(ctx, tx, e.Subject)
	if err != nil {
		return err
	}
	var said struct{ Reason string }
	if err := json.Unmarshal(e.Data, &said); err != nil {
		return err
	}
	return p.toPartner(ctx, tx, e, ApplicationDeclined, s.ID, s, func(_ *lang.Language, prog program.Program, d *Data) {
		d.Quote, d.Link = said.Reason, p.base+"/p/"+prog.Slug+"/status"
	})
}

// converted writes to partners for whom a conversion is the first that they earn from.
func (p *Post) converted(ctx context.Context, tx *db.Tx, e event.Event) error {
	ids, err := db.All(ctx, tx, db.Value[string], `/* mail.converted */ select c.id from commission c
		where c.conversion = $1 and c.amount > 0
			and not exists (select 1 from commission o where o.partnership = c.partnership and o.conversion < c.conversion and o.amount > 0)
		order by c.id`, e.Subject)
	if err != nil {
		return err
	}
	for _, id := range ids {
		c, err := commission.Get(ctx, tx, id)
		if err != nil {
			return err
		}
		s, err := partner.GetPartnership(ctx, tx, c.Partnership)
		if err != nil {
			return err
		}
		err = p.toPartner(ctx, tx, e, FirstSale, s.ID, s, func(_ *lang.Language, prog program.Program, d *Data) {
			d.Words = []any{"amount", c.Amount, "date", c.Matures.In(prog.Zone())}
			d.Link += "/earnings/" + c.ID
		})
		if err != nil {
			return err
		}
	}
	return nil
}
