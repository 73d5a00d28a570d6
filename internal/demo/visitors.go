package demo

import (
	"encoding/hex"
	"fmt"
	"math/rand/v2"
	"strings"
)

// browser is a visitor's device: what the tag and the shop's cookie remember there.
type browser struct {
	agent   string
	address string // with a port, as a server sees it
	visitor string // the tag's random number; empty where the tag is blocked
	click   string // the last click id that led to the shop
}

// shopper is somebody who buys.
type shopper struct {
	email   string
	desk    *browser
	phone   *browser // nil for most
	ordered int      // the day of the last order
}

// agents are the browsers that people use, with their shares.
var agents = []struct {
	share float64
	words string
}{
	{24, "Mozilla/5.0 (iPhone; CPU iPhone OS 18_6 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/18.6 Mobile/15E148 Safari/604.1"},
	{20, "Mozilla/5.0 (Linux; Android 10; K) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/141.0.0.0 Mobile Safari/537.36"},
	{19, "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/141.0.0.0 Safari/537.36"},
	{11, "Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/18.6 Safari/605.1.15"},
	{9, "Mozilla/5.0 (Windows NT 10.0; Win64; x64; rv:143.0) Gecko/20100101 Firefox/143.0"},
	{6, "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/141.0.0.0 Safari/537.36 Edg/141.0.0.0"},
	{6, "Mozilla/5.0 (Linux; Android 15; SAMSUNG SM-S921B) AppleWebKit/537.36 (KHTML, like Gecko) SamsungBrowser/28.0 Chrome/130.0.0.0 Mobile Safari/537.36"},
	{5, "Mozilla/5.0 (X11; Linux x86_64; rv:143.0) Gecko/20100101 Firefox/143.0"},
}

// robots are who follows links without reading what is behind them.
var robots = []string{
	"Mozilla/5.0 (compatible; Googlebot/2.1; +http://www.google.com/bot.html)",
	"Mozilla/5.0 (compatible; bingbot/2.0; +http://www.bing.com/bingbot.htm)",
	"Mozilla/5.0 (compatible; AhrefsBot/7.0; +http://ahrefs.com/robot/)",
	"facebookexternalhit/1.1 (+http://www.facebook.com/externalhit_uatext.php)",
	"python-requests/2.32.3",
}

// names and hosts are what buyers' addresses are made of.
var (
	names = strings.Fields(`anna ben carla david elif finn greta hanna ida jan katja lukas mia noah olga paul ria simon tim ute
		vera willi yann zoe amelie bruno chloe diego emma felix gaspard hugo ines jules lea marc nina oscar pia rosa sven theo`)
	surnames = strings.Fields(`albrecht bauer costa dubois engel fischer garnier huber ivanov jansen keller lange moreau nowak okafor
		petit quast roth schmid thoma urban vogel weber ziegler brandt eriksen fabre gruber hansen jung`)
	hosts = []string{"post.example", "mail.example", "brief.example", "courriel.example"}
)

func newBrowser(r *rand.Rand) *browser {
	b := &browser{address: fmt.Sprintf("198.%d.%d.%d:%d", 18+r.IntN(2), r.IntN(256), 1+r.IntN(254), 20_000+r.IntN(40_000))} // RFC 2544: nobody's
	b.agent = agents[draw(r, len(agents), func(i int) float64 { return agents[i].share })].words
	if chance(r, 0.86) { // the others block the tag
		b.visitor = randomHex(r, 16)
	}
	return b
}

func newShopper(r *rand.Rand, number int) *shopper {
	email := fmt.Sprintf("%s.%s%d@%s", names[r.IntN(len(names))], surnames[r.IntN(len(surnames))], number, hosts[r.IntN(len(hosts))])
	return &shopper{email: email, desk: newBrowser(r)}
}

func randomHex(r *rand.Rand, n int) string {
	b := make([]byte, n)
	for i := range b {
		b[i] = byte(r.UintN(256))
	}
	return hex.EncodeToString(b)
}

func chance(r *rand.Rand, p float64) bool { return r.Float64() < p }

// draw is one of n places, each as likely as it weighs.
func draw(r *rand.Rand, n int, weight func(int) float64) int {
	var total float64
	for i := range n {
		total += weight(i)
	}
	left := r.Float64() * total
	for i := range n {
		if left -= weight(i); left < 0 {
			return i
		}
	}
	return n - 1
}
