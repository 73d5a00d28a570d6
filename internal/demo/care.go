package demo

import (
	"context"
	"slices"
	"time"

	"github.com/tributary-hq/tributary/internal/audit"
	"github.com/tributary-hq/tributary/internal/auth"
	"github.com/tributary-hq/tributary/internal/db"
	"github.com/tributary-hq/tributary/internal/partner"
)

// drawers are the brand's groups, with their partners' addresses.
var drawers = []struct {
	name, colour string
	in           []string
}{
	{"Content", "teal", []string{"lena@huettenzauber.example", "xiaoyu@shanye.example", "office@gipfeltest.example", "elodie@lesacleger.example", "aoife@trailmix.example"}},
	{"Deals", "orange", []string{"partner@sparfuchs24.example", "marchands@retourmalin.example", "hello@geardrop.example"}},
	{"Communities and tools", "violet", []string{"vorstand@fernwandern.example", "team@packwijzer.example", "partners@nordlys.example"}},
	{"Dealers", "green", []string{"laden@sporthuber.example"}},
}

// labels are the tags that partners have.
var labels = map[string][]string{
	"lena@huettenzauber.example":    {"top ten", "winter campaign"},
	"xiaoyu@shanye.example":         {"video", "winter campaign"},
	"office@gipfeltest.example":     {"top ten", "test samples"},
	"elodie@lesacleger.example":     {"french", "winter campaign"},
	"marchands@retourmalin.example": {"french"},
	"aoife@trailmix.example":        {"audio", "test samples"},
	"hello@geardrop.example":        {"watch prices"},
}

// remark is a note that somebody of the team wrote on a day.
type remark struct {
	day    int
	about  string
	by     auth.Role
	pinned bool
	text   string
}

var remarks = []remark{
	{3, "lena@huettenzauber.example", auth.Manager, true, "Lena prefers a call to a mail, Tuesdays after four. She decides about pictures herself; never ask her to change a text."},
	{40, "lena@huettenzauber.example", auth.Owner, false, "Twelve percent agreed on the telephone, from next week: she brings more new customers than anybody."},
	{20, "office@gipfeltest.example", auth.Manager, false, "Wants two Regenpfeifer jackets for the autumn test. They buy, we send first."},
	{51, "hello@geardrop.example", auth.Manager, true, "Third morning with last year's prices. Paused until the feed is right; Sam knows and is sorry."},
	{70, "partner@sparfuchs24.example", auth.Finance, false, "Search ad on our name reported by Marta. One commission taken back, agreed by telephone."},
	{58, "xiaoyu@shanye.example", auth.Manager, false, "Next film in the Vosges, in May. Would like a tent in the new green before it is sold."},
}

// owns are places in which partners reach people, and those that the brand has looked at.
var owns = []struct {
	who       string
	what      partner.Property
	confirmed bool
}{
	{"lena@huettenzauber.example", partner.Property{Kind: "website", Address: "https://huettenzauber.example/", Audience: 40_000}, true},
	{"lena@huettenzauber.example", partner.Property{Kind: "newsletter", Address: "https://huettenzauber.example/brief", Audience: 6_400}, false},
	{"xiaoyu@shanye.example", partner.Property{Kind: "channel", Address: "https://video.example/@shanye", Audience: 230_000}, true},
	{"office@gipfeltest.example", partner.Property{Kind: "website", Address: "https://gipfeltest.example/", Audience: 120_000}, true},
	{"elodie@lesacleger.example", partner.Property{Kind: "newsletter", Address: "https://lesacleger.example/lettre", Audience: 9_200}, true},
	{"aoife@trailmix.example", partner.Property{Kind: "podcast", Address: "https://trailmix.example/show", Audience: 11_000}, false},
	{"team@packwijzer.example", partner.Property{Kind: "app", Address: "https://packwijzer.example/app", Audience: 7_000}, false},
}

// reached are contacts that partners have named.
var reached = map[string][]partner.Contact{
	"lena@huettenzauber.example":    {{Name: "Lena Vogt", Role: "Everything", Email: "lena@huettenzauber.example", Phone: "+49 761 555 0142"}},
	"elodie@lesacleger.example":     {{Name: "Élodie Marchand", Role: "Rédaction", Email: "elodie@lesacleger.example"}, {Name: "Paul Giraud", Role: "Comptabilité", Email: "compta@lesacleger.example"}},
	"marchands@retourmalin.example": {{Name: "Inès Caron", Role: "Relations marchands", Email: "ines@retourmalin.example", Phone: "+33 1 55 00 01 20"}},
}

// careActs is what the brand writes down about its partners, and what they say of themselves.
func careActs(end time.Time) []act {
	var acts []act
	add := func(day int, clock time.Duration, do func(ctx context.Context, w *walk, tx *db.Tx) error) {
		acts = append(acts, act{at: midnight(end, day).Add(clock), do: func(ctx context.Context, w *walk) error {
			return w.a.DB.Write(ctx, func(tx *db.Tx) error { return do(ctx, w, tx) })
		}})
	}
	add(30, 15*time.Hour, sortPartners)
	add(31, 9*time.Hour, introduce)
	for _, n := range remarks {
		add(n.day, 16*time.Hour+20*time.Minute, func(ctx context.Context, w *walk, tx *db.Tx) error {
			s, err := partner.GetPartnership(ctx, tx, w.known[n.about])
			if err != nil {
				return err
			}
			if _, err := partner.WriteNote(ctx, tx, s, w.staff[n.by], n.text, n.pinned); err != nil {
				return err
			}
			return w.record(ctx, tx, n.by, audit.NoteWrite, s.ID)
		})
	}
	return acts
}

// sortPartners puts the partners into groups, tags them and says who looks after whom.
func sortPartners(ctx context.Context, w *walk, tx *db.Tx) error {
	for _, d := range drawers {
		g, err := partner.CreateGroup(ctx, tx, partner.Group{Program: w.program.ID, Name: d.name, Colour: d.colour})
		if err != nil {
			return err
		}
		if err := w.record(ctx, tx, auth.Manager, audit.GroupCreate, g.ID); err != nil {
			return err
		}
		for _, address := range d.in {
			s, err := partner.GetPartnership(ctx, tx, w.known[address])
			if err != nil {
				return err
			}
			if err := partner.SetGroup(ctx, tx, s, g.ID); err != nil {
				return err
			}
			who := w.staff[auth.Manager]
			if d.name == "Deals" {
				who = w.staff[auth.Owner]
			}
			if err := partner.SetManager(ctx, tx, s, who); err != nil {
				return err
			}
			if err := partner.Tag(ctx, tx, s, labels[address]...); err != nil {
				return err
			}
			if err := w.record(ctx, tx, auth.Manager, audit.PartnershipCare, s.ID); err != nil {
				return err
			}
		}
	}
	return nil
}

// introduce is partners naming their properties and contacts.
func introduce(ctx context.Context, w *walk, tx *db.Tx) error {
	for _, a := range allies {
		if err := w.introduce(ctx, tx, a.Email); err != nil {
			return err
		}
	}
	return nil
}

func (w *walk) introduce(ctx context.Context, tx *db.Tx, address string) error {
	s, err := partner.GetPartnership(ctx, tx, w.known[address])
	if err != nil {
		return err
	}
	for _, o := range owns {
		if o.who != address {
			continue
		}
		o.what.Partner = s.Partner.ID
		p, err := partner.AddProperty(ctx, tx, o.what)
		if err == nil && o.confirmed {
			err = partner.Confirm(ctx, tx, s, p.ID, w.staff[auth.Manager])
			if err == nil {
				err = w.record(ctx, tx, auth.Manager, audit.PropertyConfirm, s.ID, audit.Note("address", p.Address))
			}
		}
		if err != nil {
			return err
		}
	}
	for _, c := range slices.Clone(reached[address]) {
		c.Partner = s.Partner.ID
		if _, err := partner.AddContact(ctx, tx, c); err != nil {
			return err
		}
	}
	return nil
}
