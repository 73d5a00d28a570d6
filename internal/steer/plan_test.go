package steer

import (
	"encoding/json"
	"fmt"
	"math/rand/v2"
	"net/netip"
	"slices"
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"

	"github.com/tributary-hq/tributary/internal/program"
	"github.com/tributary-hq/tributary/internal/touch"
)

var (
	berlin = &program.Program{ID: "prg_1", Landing: "https://shop.example/", Domains: []string{"shop.example"}, Timezone: "Europe/Berlin"}
	here   = netip.MustParseAddr("192.0.2.7")
)

const (
	firefox = "Mozilla/5.0 (X11; Linux x86_64; rv:143.0) Gecko/20100101 Firefox/143.0"
	iphone  = "Mozilla/5.0 (iPhone; CPU iPhone OS 18_5 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/18.5 Mobile/15E148 Safari/604.1"
	pixel   = "Mozilla/5.0 (Linux; Android 10; K) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/140.0.0.0 Mobile Safari/537.36"
)

// sunday is 3 May 2026, a Sunday, 21:30 UTC: half past eleven in the evening in Berlin.
var sunday = time.Date(2026, 5, 3, 21, 30, 0, 0, time.UTC)

func TestConditions(t *testing.T) {
	usual := Question{Link: "lnk_1", Partnership: "pts_1", Visitor: here, Agent: firefox, Language: "fr-CH, de;q=0.8", Referrer: "https://www.Blog.example:8443/x?u=other.example",
		Country: "FR", Region: "FR-IDF", Sub: [5]string{"mail", "top"}, At: sunday}
	with := func(change func(*Question)) Question {
		q := usual
		change(&q)
		return q
	}
	unknown := with(func(q *Question) { q.Country, q.Region, q.Language, q.Referrer, q.Agent = "", "", "", "", "" })
	for _, c := range []struct {
		promise string
		when    Conditions
		q       Question
		want    bool
	}{
		{"nothing asked", Conditions{}, unknown, true},
		{"in the country", Conditions{Countries: []string{"DE", "FR"}}, usual, true},
		{"in another", Conditions{Countries: []string{"DE"}}, usual, false},
		{"nobody knows where", Conditions{Countries: []string{"DE"}}, unknown, false},
		{"abroad", Conditions{Countries: []string{"DE", "AT"}, Abroad: true}, usual, true},
		{"at home", Conditions{Countries: []string{"FR"}, Abroad: true}, usual, false},
		{"who knows whether abroad", Conditions{Countries: []string{"FR"}, Abroad: true}, unknown, false},
		{"in the region", Conditions{Regions: []string{"FR-IDF"}}, usual, true},
		{"in another region", Conditions{Regions: []string{"FR-75"}}, usual, false},
		{"a computer", Conditions{Devices: []string{"computer"}}, usual, true},
		{"no telephone", Conditions{Devices: []string{"phone"}}, usual, false},
		{"a telephone", Conditions{Devices: []string{"phone"}, Systems: []string{"ios"}}, with(func(q *Question) { q.Agent = iphone }), true},
		{"of another system", Conditions{Devices: []string{"phone"}, Systems: []string{"ios"}}, with(func(q *Question) { q.Agent = pixel }), false},
		{"the first language", Conditions{Languages: []string{"fr"}}, usual, true},
		{"not the second", Conditions{Languages: []string{"de"}}, usual, false},
		{"no language", Conditions{Languages: []string{"de"}}, unknown, false},
		{"by the program's clock", Conditions{From: 23, To: 24}, usual, true},
		{"not by another clock", Conditions{From: 21, To: 22}, usual, false},
		{"over midnight", Conditions{From: 22, To: 6}, usual, true},
		{"over midnight, but by day", Conditions{From: 22, To: 6}, with(func(q *Question) { q.At = sunday.Add(12 * time.Hour) }), false},
		{"on Sunday", Conditions{Weekdays: []time.Weekday{time.Sunday}}, usual, true},
		{"an hour later it is Monday", Conditions{Weekdays: []time.Weekday{time.Sunday}}, with(func(q *Question) { q.At = sunday.Add(time.Hour) }), false},
		{"from the host", Conditions{Referrers: []string{"blog.example"}}, usual, true},
		{"from a host that ends like it", Conditions{Referrers: []string{"log.example"}}, usual, false},
		{"not from what stands in the query", Conditions{Referrers: []string{"other.example"}}, usual, false},
		{"from nowhere", Conditions{Referrers: []string{"blog.example"}}, unknown, false},
		{"with the sub-id", Conditions{Sub: 2, SubIDs: []string{"side", "top"}}, usual, true},
		{"with it elsewhere", Conditions{Sub: 1, SubIDs: []string{"top"}}, usual, false},
		{"people", Conditions{Quality: "people"}, usual, true},
		{"bots", Conditions{Quality: "bots"}, usual, false},
		{"a bot", Conditions{Quality: "bots"}, with(func(q *Question) { q.Mark = touch.Bot }), true},
		{"new", Conditions{Visit: "new"}, usual, true},
		{"returning", Conditions{Visit: "returning"}, usual, false},
		{"returned", Conditions{Visit: "returning"}, with(func(q *Question) { q.Returning = true }), true},
		{"all together", Conditions{Countries: []string{"FR"}, Devices: []string{"computer"}, Languages: []string{"fr"}, From: 20, To: 24, Referrers: []string{"blog.example"}}, usual, true},
		{"all but one", Conditions{Countries: []string{"FR"}, Devices: []string{"computer"}, Languages: []string{"en"}, From: 20, To: 24}, usual, false},
	} {
		r := Rule{ID: "rul_1", When: c.when, Do: Block}
		if err := r.check(berlin); err != nil {
			t.Errorf("%s: %v", c.promise, err)
		}
		if got := compile(berlin, []Rule{r}, nil, nil).Rule(&c.q) != nil; got != c.want {
			t.Errorf("%s: %v", c.promise, got)
		}
	}
}

func TestTheFirstRuleHolds(t *testing.T) {
	rules := []Rule{
		{ID: "late", Place: 9, Do: Block},
		{ID: "resting", Place: 1, Do: Block, Resting: true},
		{ID: "elsewhere", Place: 2, Do: Block, Link: "lnk_2"},
		{ID: "gone", Place: 3, Do: ToPage, Target: "https://sold.example/"}, // a domain that the program has no more
		{ID: "german", Place: 4, Do: Block, When: Conditions{Countries: []string{"DE"}}},
		{ID: "ours", Place: 5, Do: ToPage, Target: "https://shop.example/x", Link: "lnk_1"},
	}
	p := compile(berlin, rules, nil, nil)
	for _, c := range []struct{ link, country, want string }{{"lnk_1", "DE", "german"}, {"lnk_1", "FR", "ours"}, {"lnk_2", "DE", "elsewhere"}, {"lnk_3", "", "late"}} {
		if got := p.Rule(&Question{Link: c.link, Country: c.country, At: sunday}); got == nil || got.ID != c.want {
			t.Errorf("%s from %q: %+v, want %s", c.link, c.country, got, c.want)
		}
	}
}

// holds is what a rule means, said once more and without sets.
func (r *Rule) holds(q *Question, zone *time.Location) bool {
	c := r.When
	device, system := machine(q.Agent)
	within := func(list []string, value string) bool { return len(list) == 0 || slices.Contains(list, value) }
	at := q.At.In(zone)
	return (r.Link == "" || r.Link == q.Link) && (len(c.Countries) == 0 || q.Country != "" && slices.Contains(c.Countries, q.Country) != c.Abroad) &&
		within(c.Regions, q.Region) && within(c.Devices, device) && within(c.Systems, system) && within(c.Languages, tongue(q.Language)) &&
		c.isOpen(at.Hour()) && (len(c.Weekdays) == 0 || slices.Contains(c.Weekdays, at.Weekday())) &&
		(len(c.Referrers) == 0 || isAt(hostOf(q.Referrer), c.Referrers)) && (len(c.SubIDs) == 0 || slices.Contains(c.SubIDs, q.Sub[c.Sub-1])) &&
		(c.Quality == "" || (c.Quality == "bots") == (q.Mark != touch.Counts)) && (c.Visit == "" || (c.Visit == "returning") == q.Returning)
}

// isAt tells whether a host is one of the hosts, or below one.
func isAt(host string, hosts []string) bool {
	for _, h := range hosts {
		if strings.HasSuffix(host, h) && (len(host) == len(h) || host[len(host)-len(h)-1] == '.') {
			return true
		}
	}
	return false
}

// TestSetsSayWhatRulesMean compares the sets of hundreds of rules with the rules one by one.
func TestSetsSayWhatRulesMean(t *testing.T) {
	countries, agents, hosts := []string{"", "FR", "DE", "US", "CN"}, []string{"", firefox, iphone, pixel}, []string{"", "blog.example", "a.blog.example", "other.example"}
	some := func(t *rapid.T, what string, of []string) []string {
		return rapid.SliceOfNDistinct(rapid.SampledFrom(of[1:]), 0, 2, rapid.ID[string]).Draw(t, what)
	}
	rapid.Check(t, func(t *rapid.T) {
		var rules []Rule
		for n := range rapid.IntRange(0, 150).Draw(t, "rules") {
			c := Conditions{Countries: some(t, "countries", countries), Regions: some(t, "regions", []string{"", "FR-IDF", "DE-BY"}), Devices: some(t, "devices", append([]string{""}, Devices...)),
				Systems: some(t, "systems", append([]string{""}, Systems...)), Languages: some(t, "languages", []string{"", "fr", "en"}), From: rapid.IntRange(0, 23).Draw(t, "from"),
				To: rapid.IntRange(0, 24).Draw(t, "to"), Referrers: some(t, "referrers", hosts), Quality: rapid.SampledFrom([]string{"", "people", "bots"}).Draw(t, "quality"),
				Visit: rapid.SampledFrom([]string{"", "new", "returning"}).Draw(t, "visit"), SubIDs: some(t, "subs", []string{"", "x", "y"}), Sub: 1}
			c.Abroad = len(c.Countries) > 0 && rapid.Bool().Draw(t, "abroad")
			rules = append(rules, Rule{ID: fmt.Sprint(n), Place: int64(n), When: c, Do: Block, Link: rapid.SampledFrom([]string{"", "", "lnk_1", "lnk_2"}).Draw(t, "link")})
		}
		p := compile(berlin, rules, nil, nil)
		for range 20 {
			q := Question{Link: rapid.SampledFrom([]string{"lnk_1", "lnk_2", "lnk_3"}).Draw(t, "of"), Country: rapid.SampledFrom(countries).Draw(t, "country"),
				Region: rapid.SampledFrom([]string{"", "FR-IDF", "US-NY"}).Draw(t, "region"), Agent: rapid.SampledFrom(agents).Draw(t, "agent"),
				Language: rapid.SampledFrom([]string{"", "fr-FR", "en", "zh"}).Draw(t, "language"), Referrer: "https://" + rapid.SampledFrom(hosts).Draw(t, "host") + "/",
				Returning: rapid.Bool().Draw(t, "returning"), At: sunday.Add(time.Duration(rapid.IntRange(0, 200).Draw(t, "hour")) * time.Hour)}
			if rapid.Bool().Draw(t, "bot") {
				q.Mark = touch.Bot
			}
			q.Sub[0] = rapid.SampledFrom([]string{"", "x", "z"}).Draw(t, "sub")
			want := slices.IndexFunc(rules, func(r Rule) bool { return r.holds(&q, p.zone) })
			got := p.Rule(&q)
			if want < 0 && got != nil || want >= 0 && (got == nil || got.ID != rules[want].ID) {
				text, _ := json.Marshal(got)
				t.Fatalf("%+v: %s, want %d", q, text, want)
			}
		}
	})
}

// TestAVisitorStays shows that a variant is found again, that weights hold, and that two tests do not go together.
func TestAVisitorStays(t *testing.T) {
	r := rand.New(rand.NewPCG(1, 2))
	one := Split{ID: "spl_1", Variants: []Variant{{Key: "a", Weight: 3}, {Key: "b", Weight: 1}}}
	other := Split{ID: "spl_2", Variants: one.Variants}
	const visitors = 40_000
	inB, inBoth := 0, 0
	for range visitors {
		who := netip.AddrFrom4([4]byte{byte(r.Uint32()), byte(r.Uint32()), byte(r.Uint32()), byte(r.Uint32())})
		v := one.variantOf(who, firefox)
		if again := one.variantOf(who, firefox); again.Key != v.Key {
			t.Fatalf("%s is in %s and then in %s", who, v.Key, again.Key)
		}
		if v.Key == "b" {
			inB++
			if other.variantOf(who, firefox).Key == "b" {
				inBoth++
			}
		}
	}
	if inB < visitors*24/100 || inB > visitors*26/100 {
		t.Errorf("%d of %d see a quarter's variant", inB, visitors)
	}
	if inBoth < inB*23/100 || inBoth > inB*27/100 {
		t.Errorf("of %d, %d are in the same variant of another test", inB, inBoth)
	}
}

func TestTestsTakeWhoWouldGetThere(t *testing.T) {
	general := Split{ID: "spl_1", Variants: []Variant{{Key: "a", Weight: 1}, {Key: "b", Weight: 1, Target: "https://shop.example/b"}}}
	own := Split{ID: "spl_2", Link: "lnk_2", Variants: general.Variants}
	over := Split{ID: "spl_3", Link: "lnk_3", Variants: general.Variants, Ended: sunday}
	p := compile(berlin, nil, nil, []Split{general, own, over})
	for _, c := range []struct {
		q    Question
		want string
	}{
		{Question{Link: "lnk_1"}, "spl_1"}, {Question{Link: "lnk_1", Own: true}, ""}, {Question{Link: "lnk_1", Fixed: true}, ""}, {Question{Link: "lnk_2", Own: true}, "spl_2"},
		{Question{Link: "lnk_2", Own: true, Fixed: true}, ""}, {Question{Link: "lnk_3", Own: true}, ""},
	} {
		c.q.Visitor = here
		if got := p.Decide(&c.q, ""); got.Sent != c.want || (got.Variant == "") != (c.want == "") {
			t.Errorf("%+v: %+v, want %q", c.q, got, c.want)
		}
	}
}

func TestMachines(t *testing.T) {
	for agent, want := range map[string]string{firefox: "computer linux", iphone: "phone ios", pixel: "phone android", "": "other other",
		"Mozilla/5.0 (iPad; CPU OS 16_6 like Mac OS X) AppleWebKit/605.1.15":                             "tablet ios",
		"Mozilla/5.0 (Linux; Android 14; SM-X710) AppleWebKit/537.36 Chrome/140.0.0.0 Safari/537.36":     "tablet android",
		"Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 Chrome/140.0.0.0 Safari/537.36":    "computer windows",
		"Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/605.1.15 Version/18.5 Safari/605.1": "computer macos",
		"Mozilla/5.0 (X11; CrOS x86_64 14541.0.0) AppleWebKit/537.36 Chrome/140.0.0.0 Safari/537.36":     "computer chromeos",
		"Mozilla/5.0 (Web0S; Linux/SmartTV) AppleWebKit/537.36 Chrome/120.0.0.0 Safari/537.36":           "other other"} {
		if device, system := machine(agent); device+" "+system != want {
			t.Errorf("%q: %s %s, want %s", agent, device, system, want)
		}
	}
}

func manyRules(n int) []Rule {
	var rules []Rule
	for i := range n {
		c := Conditions{Countries: []string{string(rune('A'+i%26)) + string(rune('A'+i/26%26))}}
		switch i % 5 {
		case 1:
			c.Devices = []string{"phone"}
		case 2:
			c.Languages = []string{"it"}
		case 3:
			c.From, c.To = 1, 2
		case 4:
			c.Countries, c.Referrers = nil, []string{fmt.Sprintf("blog%d.example", i)}
		}
		rules = append(rules, Rule{ID: fmt.Sprint(i), Place: int64(i), When: c, Do: Block})
	}
	return rules
}

// BenchmarkDecide is the whole cost of rules: none, one, and five hundred of which none fits.
func BenchmarkDecide(b *testing.B) {
	q := Question{Link: "lnk_1", Visitor: here, Agent: firefox, Language: "fr-CH, de", Referrer: "https://www.blog.example/", Country: "ZZ", At: sunday}
	for _, n := range []int{0, 1, 50, 500} {
		b.Run(fmt.Sprint(n), func(b *testing.B) {
			var p *Plan
			if n > 0 {
				p = compile(berlin, manyRules(n), nil, nil)
			}
			b.ReportAllocs()
			for b.Loop() {
				if d := p.Decide(&q, ""); d.Sent != "" {
					b.Fatal(d)
				}
			}
		})
	}
}
