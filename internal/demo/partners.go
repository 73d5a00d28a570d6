package demo

import (
	"github.com/tributary-hq/tributary/internal/contract"
	"github.com/tributary-hq/tributary/internal/partner"
)

// part is what a partner does in a buyer's journey.
type part string

const (
	inspires part = "inspires" // writes, shows, advises: stands at its beginning
	closes   part = "closes"   // codes and cash back: stands just before the order
)

// ally is a partner of the brand, as the fill tells of it.
type ally struct {
	partner.Partner
	answers  [3]string // to questions
	joins    int       // the day on which it is accepted
	part     part
	traffic  float64 // visits, in proportion to the others'
	growth   float64 // how many times as many visits it sends at the end as at the beginning
	buys     float64 // how readily its visitors buy, in proportion to the others'
	letters  float64 // the same for the Sunday letter
	terms    []agreement
	links    []way
	code     string // a promo code
	signsIn  string // who signs in for it; empty for nobody
	pausedOn int
	reason   string // why it was paused
}

// agreement is a version of a contract: agreed on a day, in force from a day on.
type agreement struct {
	agreed, since int
	terms         contract.Terms
}

// way is a link, and the words that the partner adds to it.
type way struct {
	code, product, label string // product empty: to the landing page
	subs                 []string
}

func quickly(t *contract.Terms) { t.LockDays = 14 }

var allies = []ally{
	{
		Partner: partner.Partner{Name: "Hüttenzauber", Kind: "blogger", Email: "lena@huettenzauber.example", Website: "https://huettenzauber.example",
			Country: "DE", Locale: "en", Rail: "paypal", PayTo: "lena@huettenzauber.example"},
		answers: [3]string{
			"About 40,000 hikers a month, most of them from the south of Germany.",
			"Packing lists, long tests, and a link under each photo.",
			"My Grat 45 has been to the workshop twice and is better than new.",
		},
		joins: -5, part: inspires, traffic: 15, growth: 1.5, buys: 1.15, letters: 1.2, signsIn: "Lena Vogt", code: "HUETTE10",
		terms: []agreement{{-5, -5, terms(100_000, 0)}, {41, 45, terms(120_000, 0)}},
		links: []way{
			{"huettenzauber", "", "Blog, side bar", []string{"sidebar"}},
			{"huette-biwak", "biwak-2", "Test: a tent for two and a dog", []string{"test-biwak", "newsletter-38"}},
			{"huette-liste", "grat-45", "Packing list for three huts", []string{"packliste", "pdf"}},
		},
	},
	{
		Partner: partner.Partner{Name: "山野日记 Mountain Diary", Kind: "creator", Email: "xiaoyu@shanye.example", Website: "https://shanye.example",
			Country: "CN", Locale: "zh", Rail: "wise", PayTo: "xiaoyu@shanye.example"},
		answers: [3]string{"我的频道有二十三万人关注徒步和露营。", "每周一期视频，简介里放链接和优惠码。", "我在黑森林用了你们的帐篷，非常喜欢。"},
		joins:   -5, part: inspires, traffic: 13, growth: 2.1, buys: 0.9, letters: 0.5, code: "SHANYE10",
		terms: []agreement{{-5, -5, terms(100_000, 0)}, {86, 101, terms(110_000, 0)}},
		links: []way{
			{"shanye", "", "频道主页", []string{"bio"}},
			{"shanye-zhangpeng", "biwak-2", "黑森林两日", []string{"ep-41", "ep-44", "ep-47"}},
		},
	},
	{
		Partner: partner.Partner{Name: "Testlabor Gipfel", Kind: "review", Email: "office@gipfeltest.example", Website: "https://gipfeltest.example",
			Country: "AT", Locale: "en", Rail: "paypal", PayTo: "office@gipfeltest.example"},
		answers: [3]string{
			"120,000 readers a month who are about to buy.",
			"Side-by-side tests; we buy every product ourselves.",
			"You sent us spare parts before we asked.",
		},
		joins: -5, part: inspires, traffic: 17, growth: 1.2, buys: 1.5, letters: 0.2,
		terms: []agreement{{-5, -5, terms(125_000, 0, quickly)}},
		links: []way{
			{"gipfeltest", "", "All tests", []string{"index"}},
			{"gipfel-jacke", "regenpfeifer", "Rain jackets under €300", []string{"regenjacken", "bestenliste"}},
			{"gipfel-schlafsack", "fruehtau", "Sleeping bags for three seasons", []string{"schlafsaecke"}},
		},
	},
	{
		Partner: partner.Partner{Name: "Sparfuchs24", Kind: "coupon", Email: "partner@sparfuchs24.example", Website: "https://sparfuchs24.example",
			Country: "DE", Locale: "en", Rail: "paypal", PayTo: "auszahlung@sparfuchs24.example"},
		answers: [3]string{
			"Two million people who look for a code before they pay.",
			"A page for your shop with the codes you give us.",
			"",
		},
		joins: -4, part: closes, traffic: 9, growth: 1.3, buys: 1.2, letters: 0, code: "FUCHS5",
		terms: []agreement{{-4, -4, terms(50_000, 0)}},
		links: []way{{"sparfuchs", "", "Shop page", []string{"shop-page", "app"}}},
	},
	{
		Partner: partner.Partner{Name: "Retour Malin", Kind: "cashback", Email: "marchands@retourmalin.example", Website: "https://retourmalin.example",
			Country: "FR", Locale: "fr", Rail: "wise", PayTo: "tresorerie@retourmalin.example"},
		answers: [3]string{
			"380 000 membres actifs en France et en Belgique.",
			"Une fiche marchand, et un rappel dans notre extension.",
			"",
		},
		joins: -4, part: closes, traffic: 6, growth: 1.6, buys: 1.3, letters: 0,
		terms: []agreement{{-4, -4, terms(40_000, 200)}},
		links: []way{{"retourmalin", "", "Fiche marchand", []string{"m-20417", "m-33860", "m-51112", "m-60988"}}},
	},
	{
		Partner: partner.Partner{Name: "Gear Drop Daily", Kind: "deal", Email: "hello@geardrop.example", Website: "https://geardrop.example",
			Country: "GB", Locale: "en", Rail: "paypal", PayTo: "hello@geardrop.example"},
		answers: [3]string{
			"60,000 subscribers to our morning mail.",
			"One deal a day, with a counter.",
			"Readers keep asking for repairable gear.",
		},
		joins: -4, part: closes, traffic: 8, growth: 0.7, buys: 0.7, letters: 0.3,
		pausedOn: 52, reason: "Showed last year's prices three mornings in a row. We talk again when the feed is right.",
		terms: []agreement{{-4, -4, terms(80_000, 0)}},
		links: []way{{"geardrop", "", "Deal of the day", []string{"mail", "site"}}},
	},
	{
		Partner: partner.Partner{Name: "Forum Fernwandern", Kind: "community", Email: "vorstand@fernwandern.example", Website: "https://fernwandern.example",
			Country: "DE", Locale: "en", Rail: "paypal", PayTo: "kasse@fernwandern.example"},
		answers: [3]string{
			"18,000 members; most have walked for more than a week.",
			"A pinned thread about gear that lasts.",
			"Half of the board carries your packs.",
		},
		joins: -5, part: inspires, traffic: 8, growth: 1.1, buys: 1.2, letters: 1.6,
		terms: []agreement{{-5, -5, terms(100_000, 0)}},
		links: []way{{"fernwandern", "", "Pinned thread", []string{"thread-1180", "thread-2041"}}},
	},
	{
		Partner: partner.Partner{Name: "Le Sac Léger", Kind: "newsletter", Email: "elodie@lesacleger.example", Website: "https://lesacleger.example",
			Country: "FR", Locale: "fr", Rail: "paypal", PayTo: "elodie@lesacleger.example"},
		answers: [3]string{
			"9 200 abonnés qui marchent léger, surtout en France et en Suisse.",
			"Une lettre chaque jeudi, avec un seul produit, essayé pendant un mois.",
			"Vos chaussettes sont les seules que je rachète.",
		},
		joins: -5, part: inspires, traffic: 10, growth: 1.4, buys: 1.25, letters: 2.2, signsIn: "Élodie Marchand", code: "LEGER10",
		terms: []agreement{{-5, -5, terms(100_000, 0)}},
		links: []way{
			{"lesacleger", "", "Pied de page", []string{"pied"}},
			{"leger-rechaud", "glut", "Lettre 112 : le réchaud", []string{"lettre-112"}},
			{"leger-chaussettes", "siebenmeilen", "Lettre 118 : les chaussettes", []string{"lettre-118"}},
		},
	},
	{
		Partner: partner.Partner{Name: "Trail Mix Radio", Kind: "podcast", Email: "aoife@trailmix.example", Website: "https://trailmix.example",
			Country: "IE", Locale: "en", Rail: "wise", PayTo: "aoife@trailmix.example"},
		answers: [3]string{
			"11,000 listeners an episode.",
			"I read your code at the end and mean it.",
			"You lent me a stove in Freiburg and would not take it back.",
		},
		joins: 11, part: inspires, traffic: 5, growth: 1.5, buys: 1, letters: 0.8, code: "TRAILMIX",
		terms: []agreement{{11, 11, terms(100_000, 0)}},
		links: []way{{"trailmix", "", "Show notes", []string{"e77", "e78", "e79", "e80"}}},
	},
	{
		Partner: partner.Partner{Name: "Packwijzer", Kind: "tool", Email: "team@packwijzer.example", Website: "https://packwijzer.example",
			Country: "NL", Locale: "en", Rail: "wise", PayTo: "team@packwijzer.example"},
		answers: [3]string{
			"Our packing-list planner is used for 7,000 trips a month.",
			"A link beside each item, next to its weight.",
			"Your weights are right to the gram.",
		},
		joins: -3, part: inspires, traffic: 9, growth: 1.8, buys: 1.05, letters: 0.4,
		terms: []agreement{{-3, -3, terms(100_000, 0)}},
		links: []way{
			{"packwijzer", "", "Planner", []string{"list", "share", "print"}},
			{"pack-matte", "rast", "Sit mat, 62 g", []string{"weight"}},
		},
	},
	{
		Partner: partner.Partner{Name: "Sport Huber Garmisch", Kind: "dealer", Email: "laden@sporthuber.example", Website: "https://sporthuber.example",
			Country: "DE", Locale: "en"},
		answers: [3]string{
			"The people who come into the shop.",
			"A card with your address when we do not have the size.",
			"You are neighbours, nearly.",
		},
		joins: -3, part: inspires, traffic: 3, growth: 1, buys: 1.4, letters: 0.5, code: "HUBER",
		terms: []agreement{{-3, -3, terms(80_000, 0)}},
		links: []way{{"sporthuber", "", "Card at the till", []string{"karte"}}},
	},
	{
		Partner: partner.Partner{Name: "Nordlys Media", Kind: "subnetwork", Email: "partners@nordlys.example", Website: "https://nordlys.example",
			Country: "DK", Locale: "en", Rail: "wise", PayTo: "finance@nordlys.example"},
		answers: [3]string{"240 small publishers in Scandinavia.", "They choose their programs; sub1 is the publisher.", ""},
		joins:   27, part: inspires, traffic: 8, growth: 2.4, buys: 0.75, letters: 0.6,
		terms: []agreement{{27, 27, terms(90_000, 0)}},
		links: []way{{"nordlys", "", "All publishers", []string{"pub-104", "pub-117", "pub-221", "pub-235", "pub-302"}}},
	},
}

// applicant is somebody who is not a partner, or not yet.
type applicant struct {
	partner.Partner
	signsIn  string
	answers  [3]string
	applies  int
	declined string // why; empty while the application waits
}

var applicants = []applicant{
	{partner.Partner{Name: "CouponStorm", Kind: "coupon", Email: "growth@couponstorm.example", Website: "https://couponstorm.example",
		Country: "US", Locale: "en"},
		"Brad Keller",
		[3]string{"Everyone.", "Search ads on brand names, pop-unders, a toolbar.", ""}, 38,
		"Thank you for asking. Advertising on our name is the one thing that our terms rule out."},
	{partner.Partner{Name: "户外装备研究所", Kind: "review", Email: "hello@huwai.example", Website: "https://huwai.example",
		Country: "CN", Locale: "zh"},
		"陈曦",
		[3]string{"每月八万读者，大多在比较装备。", "实测文章和对比表，全部自费购买。", "希望测试你们的背包。"}, 87, ""},
	{partner.Partner{Name: "Camille en bivouac", Kind: "creator", Email: "camille@bivouac.example", Website: "https://bivouac.example",
		Country: "FR", Locale: "fr"},
		"Camille Roux",
		[3]string{
			"31 000 abonnés, surtout des débutantes.",
			"Des vidéos courtes depuis le sentier, et un lien en bio.",
			"Parce que vous réparez.",
		}, 89, ""},
}
