package demo

import (
	"strings"

	"github.com/tributary-hq/tributary/internal/auth"
	"github.com/tributary-hq/tributary/internal/contract"
	"github.com/tributary-hq/tributary/internal/money"
	"github.com/tributary-hq/tributary/internal/program"
)

// The brand. Every name and address in this package is made up; .example belongs to nobody.
const (
	brandName = "Birkwild"
	brandSlug = "birkwild"
	slogan    = "Outdoor gear from Freiburg that is mended, not thrown away."
)

// description has a paragraph a line.
var description = strings.Join([]string{
	"Birkwild makes tents, packs and wool for people who would rather be outside. We are eleven people in a former " +
		"sawmill near Freiburg; everything we sell we also repair.",
	"We work with those who know the hills and say so honestly: writers, testers, podcasters, clubs, shops, and tools " +
		"that help to pack. You get 10 % of every order for thirty days after the click, and €1.50 for each reader who signs " +
		"up for our Sunday letter and €4 for a call of a minute or more to a number of your own. Everybody is paid once a month, in its last week, from €50.",
	"Please say that your links are paid. Please do not advertise on our name, and do not promise discounts that we do " +
		"not give.",
}, "\n\n")

// password opens every account of the demonstration.
const password = "walk-the-river"

// colleague is somebody of the brand's team.
type colleague struct {
	name, email string
	role        auth.Role
}

var team = []colleague{
	{"Marta Lindner", "marta@birkwild.example", auth.Owner},
	{"Jonas Adler", "jonas@birkwild.example", auth.Manager},
	{"Claire Petit", "claire@birkwild.example", auth.Finance},
}

var questions = []program.Question{
	{Name: "audience", Label: "Who reads, watches or asks you, and how many are they?", Required: true},
	{Name: "methods", Label: "How will you tell them about us?", Required: true},
	{Name: "why", Label: "Why Birkwild? One honest sentence is enough."},
}

// defaults are what a new partner is offered.
var defaults = terms(100_000, 0)

// terms are the usual ones with another share of a sale, and perhaps a fixed sum for it in cents.
func terms(rate money.Rate, fixed int64, change ...func(*contract.Terms)) contract.Terms {
	t := contract.Sensible("EUR")
	t.Payouts = map[string]contract.Payout{"sale": {Rate: rate, Fixed: fixed}, "lead": {Fixed: 150}, "call": {Fixed: 400}}
	for _, fn := range change {
		fn(&t)
	}
	return t
}

// The models by which the brand settles, and from which day on.
var models = []struct {
	day   int
	model program.Model
}{
	{-6, program.Model{Name: "last"}},
	{34, program.Model{Name: "position", First: 400_000, Last: 400_000}},
}
