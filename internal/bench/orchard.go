package bench

import (
	"context"
	"encoding/json"
	"fmt"
	"math"
	"math/rand/v2"
	"slices"

	"github.com/tributary-hq/tributary/internal/app"
	"github.com/tributary-hq/tributary/internal/auth"
	"github.com/tributary-hq/tributary/internal/commission"
	"github.com/tributary-hq/tributary/internal/contract"
	"github.com/tributary-hq/tributary/internal/creative"
	"github.com/tributary-hq/tributary/internal/db"
	"github.com/tributary-hq/tributary/internal/partner"
	"github.com/tributary-hq/tributary/internal/program"
)

// Orchard is a program that has been at work for long: what the pages are measured on.
type Orchard struct {
	Program  program.Program
	Owner    auth.Person // of the brand
	Partner  auth.Person // of the partner with the most visitors
	Largest  partner.Partnership
	Link     creative.Link // one of theirs
	Password string        // of both persons
	links    []creative.Link
	until    []float64 // of each link: its share of the clicks, and of those before it
}

var (
	firstNames = [...]string{"Alder", "Birch", "Cairn", "Drift", "Ember", "Fjord", "Grove", "Heath", "Inlet", "Juniper", "Kestrel", "Larch", "Moor", "North", "Otter", "Pine", "Quill", "Ridge", "Shore", "Thorn"}
	lastNames  = [...]string{"Journal", "Letters", "Reviews", "Notes", "Radio", "Weekly", "Club", "Deals", "Maps", "Stories"}
	pagesOf    = [...]string{"", "tents", "packs"} // that links lead to
)

// found makes the brand, its owner, the program and its partners with three links each. The n-th partner sends about as many
// visitors as the first, divided by n.
func (o *Orchard) found(ctx context.Context, a *app.App, partners int, r *rand.Rand) error {
	o.Password = "an orchard in bloom"
	hash, err := auth.NewPassword(ctx, o.Password)
	if err != nil {
		return err
	}
	return a.DB.Write(ctx, func(tx *db.Tx) error {
		brand, err := program.CreateBrand(ctx, tx, "Orchard", "orchard")
		if err != nil {
			return err
		}
		terms := contract.Sensible("EUR")
		terms.Payouts["lead"] = contract.Payout{Fixed: 150}
		defaults, err := json.Marshal(terms)
		if err != nil {
			return err
		}
		if o.Owner, err = o.person(ctx, tx, "Olive Orchard", "owner@orchard.example", brand.ID, auth.Owner, hash); err != nil {
			return err
		}
		if o.Program, err = program.Create(ctx, tx, program.Program{Brand: brand.ID, Slug: "orchard", Name: "Orchard Partners", Currency: "EUR", Timezone: "Europe/Berlin", Locale: "en",
			Landing: "https://orchard.example/", Events: []string{"sale", "lead"}, Defaults: defaults, Description: "Gear that lasts."}, program.Model{Name: "last"}, o.Owner.ID); err != nil {
			return err
		}
		var total float64
		for n := range partners {
			in, err := o.join(ctx, tx, a, n)
			if err != nil {
				return err
			}
			if n == 0 {
				o.Largest = in
				if o.Partner, err = o.person(ctx, tx, "Paula Partner", "partner@orchard.example", in.Partner.ID, auth.Partner, hash); err != nil {
					return err
				}
			}
			if in.Status != partner.Approved {
				continue
			}
			for i, page := range pagesOf {
				link, err := creative.CreateLink(ctx, tx, o.Program, creative.Link{Partnership: in.ID, Target: o.Program.Landing + page, Label: page})
				if err != nil {
					return err
				}
				total += (0.6 + 0.8*r.Float64()) / float64((n+1)*(i+1))
				o.links, o.until = append(o.links, link), append(o.until, total)
			}
		}
		o.Link = o.links[0]
		return nil
	})
}

func (o *Orchard) person(ctx context.Context, tx *db.Tx, name, email, scope string, role auth.Role, hash auth.Password) (auth.Person, error) {
	p, err := auth.Create(ctx, tx, auth.Person{Name: name, Email: email})
	if err != nil {
		return p, err
	}
	if err := auth.SetPassword(ctx, tx, p.ID, hash); err != nil {
		return p, err
	}
	return p, auth.Join(ctx, tx, p.ID, scope, role)
}

// join makes the n-th partner and takes them in; one in thirty has applied only, one in twenty has not said how to be paid.
func (o *Orchard) join(ctx context.Context, tx *db.Tx, a *app.App, n int) (partner.Partnership, error) {
	name := firstNames[n%len(firstNames)] + " " + lastNames[n/len(firstNames)%len(lastNames)]
	address := fmt.Sprintf("p%d@orchard.example", n)
	if n >= len(firstNames)*len(lastNames) {
		name = fmt.Sprint(name, " ", n)
	}
	p := partner.Partner{Name: name, Kind: partner.Kinds[n%len(partner.Kinds)], Email: address, Website: fmt.Sprintf("https://p%d.example", n), Country: "DE"}
	if n%20 != 7 {
		p.Rail, p.PayTo = partner.Rails[n%len(partner.Rails)], address
	}
	p, err := partner.Create(ctx, tx, p)
	if err != nil {
		return partner.Partnership{}, err
	}
	in, err := partner.Apply(ctx, tx, o.Program, p, nil)
	if err != nil || n%30 == 29 {
		return in, err
	}
	return commission.Accept(ctx, tx, a.Keys, in.ID, nil, o.Owner.ID)
}

// pick is a link, as likely as it is followed.
func (o *Orchard) pick(r *rand.Rand) creative.Link {
	at := r.Float64() * o.until[len(o.until)-1]
	i, _ := slices.BinarySearchFunc(o.until, at, func(until, at float64) int {
		if until <= at {
			return -1
		}
		return int(math.Copysign(1, until-at))
	})
	return o.links[i]
}
