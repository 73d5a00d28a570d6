package demo

// product is what the shop sells. Prices are in cents, without tax: the shop is a story about commissions, not about tax.
type product struct {
	slug, name, kind string
	cents            int64
	words            string
	facts            []string
	share            float64 // of the orders, in proportion to the others'
}

var products = []product{
	{"biwak-2", "Biwak 2", "Tent for two", 38900, "Stands in a storm, packs to the size of a loaf, and has no zip that we could not sew in again.",
		[]string{"1.9 kg", "Poles by the piece", "Two porches"}, 3},
	{"fruehtau", "Frühtau", "Sleeping bag, three seasons", 21900, "Down that was washed and used before. Warm to minus two, honest about it.",
		[]string{"980 g", "Comfort −2 °C", "Two lengths"}, 4},
	{"grat-45", "Grat 45", "Pack, 45 litres", 16900, "One large room, one small one, and straps that can be changed with a screwdriver.",
		[]string{"1.4 kg", "45 l", "Three back lengths"}, 7},
	{"regenpfeifer", "Regenpfeifer", "Rain jacket", 24900, "Three layers without fluorine. When it gets tired, send it in and it comes back proofed.",
		[]string{"410 g", "20,000 mm", "Hood for a helmet"}, 5},
	{"zweite-haut", "Zweite Haut", "Merino shirt", 7900, "Wool from the Swabian Alb. Four days in a hut and still welcome at the table.",
		[]string{"190 g/m²", "No itch", "Sizes XS to XXL"}, 10},
	{"glut", "Glut", "Gas stove", 6400, "Boils a litre in four minutes and simmers a porridge without burning it.",
		[]string{"240 g", "Folds flat", "Spare valve in the lid"}, 8},
	{"leuchtkaefer", "Leuchtkäfer", "Headlamp", 4490, "A red light for the hut, a white one for the path, and one button for both.",
		[]string{"78 g", "350 lumens", "Any AAA cell"}, 9},
	{"spechte", "Spechte", "Trekking poles, a pair", 8900, "Cork grips and tips that click out when they are worn.",
		[]string{"2 × 235 g", "62–135 cm", "Tips for rock and snow"}, 6},
	{"siebenmeilen", "Siebenmeilen", "Wool socks", 1990, "Darned for free for as long as they are more sock than hole.",
		[]string{"Left and right", "Cushioned heel", "Four sizes"}, 16},
	{"quell", "Quell", "Steel bottle, 0.75 l", 2900, "One wall, one lid, no smell of last week's tea.",
		[]string{"165 g", "0.75 l", "Fits any cup holder"}, 12},
	{"rast", "Rast", "Sit mat", 2400, "The difference between a break and a cold back.",
		[]string{"62 g", "Folds in six", "Wool felt"}, 11},
	{"morgenrot", "Morgenrot", "Enamel mug", 1650, "Holds coffee, soup or blueberries. The dents are yours.",
		[]string{"120 g", "0.4 l", "Goes on the fire"}, 13},
}

// discounts are what promo codes take off, in percent. Codes that the shop does not know take off nothing, but are reported.
var discounts = map[string]int64{"HUETTE10": 10, "SHANYE10": 10, "FUCHS5": 5, "LEGER10": 10, "TRAILMIX": 10, "HUBER": 5}

func productNamed(slug string) (product, bool) {
	for _, p := range products {
		if p.slug == slug {
			return p, true
		}
	}
	return product{}, false
}

// discounted is what is left of a sum with a promo code. The cent that cannot be halved stays with the buyer.
func discounted(cents int64, code string) int64 {
	return cents - (cents*discounts[code]+50)/100
}
