package touch

import (
	"encoding/json"
	"os"
	"testing"
)

const (
	firefox = "Mozilla/5.0 (X11; Linux x86_64; rv:143.0) Gecko/20100101 Firefox/143.0"
	chrome  = "Mozilla/5.0 (Linux; Android 10; K) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/140.0.0.0 Mobile Safari/537.36"
)

func TestJudge(t *testing.T) {
	for _, c := range []struct {
		name, method, purpose, agent string
		want                         Mark
	}{
		{"a person counts", "GET", "", firefox, Counts},
		{"on a telephone too", "GET", "", chrome, Counts},
		{"in a network's own browser", "GET", "", "Mozilla/5.0 (iPhone; CPU iPhone OS 18_6 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Mobile/15E148 Instagram 390.0.0.28.85 (iPhone15,2; iOS 18_6; en_GB; scale=3.00; 1179x2556)", Counts},
		{"on an Apple", "GET", "", "Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/26.0 Safari/605.1.15", Counts},
		{"with Edge", "GET", "", "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/140.0.0.0 Safari/537.36 Edg/140.0.0.0", Counts},
		{"with Samsung's", "GET", "", "Mozilla/5.0 (Linux; Android 14; SAMSUNG SM-S918B) AppleWebKit/537.36 (KHTML, like Gecko) SamsungBrowser/25.0 Chrome/121.0.0.0 Mobile Safari/537.36", Counts},
		{"in the search app", "GET", "", "Mozilla/5.0 (iPhone; CPU iPhone OS 18_6 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) GSA/383.0.797833943 Mobile/15E148 Safari/604.1", Counts},
		{"with a telephone that is named so", "GET", "", "Mozilla/5.0 (Linux; Android 9; CUBOT_X18_Plus) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/83.0.4103.106 Mobile Safari/537.36", Counts},
		{"in the app of a shop", "GET", "", "Mozilla/5.0 (Linux; Android 14; Pixel 8 Build/UQ1A; wv) AppleWebKit/537.36 (KHTML, like Gecko) Version/4.0 Chrome/120.0.0.0 Mobile Safari/537.36 Amazon Shopping/28.1", Counts},
		{"in the app of a search", "GET", "", "Mozilla/5.0 (iPhone; CPU iPhone OS 17_0 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) NAVER(inapp; search; 1000; 12.1.0; 14PRO)", Counts},
		{"with an old browser", "GET", "", "Mozilla/4.0 (compatible; MSIE 8.0; Windows NT 6.1; Trident/4.0)", Counts},
		{"with a small one", "GET", "", "Opera/9.80 (J2ME/MIDP; Opera Mini/9.80 (S60; SymbOS; Opera Mobi/23.348; U; en) Presto/2.5.25 Version/10.54", Counts},
		{"HEAD is a look, not a visit", "HEAD", "", firefox, Head},
		{"a prefetch may never be seen", "GET", "prefetch;anonymous-client-ip", chrome, Prefetch},
		{"nor a prerender", "GET", "prefetch;prerender", chrome, Prefetch},
		{"nor a preview", "GET", "Preview", chrome, Prefetch},
		{"no name at all", "GET", "", "", Bot},
		{"a crawler", "GET", "", "Mozilla/5.0 (compatible; Googlebot/2.1; +http://www.google.com/bot.html)", Bot},
		{"a crawler in capitals", "GET", "", "Mozilla/5.0 (compatible; YANDEXBOT/3.0)", Bot},
		{"a tool", "GET", "", "curl/8.14.1", Bot},
		{"a library", "GET", "", "Go-http-client/2.0", Bot},
		{"a browser that nobody looks at", "GET", "", "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) HeadlessChrome/140.0.0.0 Safari/537.36", Bot},
		{"a messenger's preview", "GET", "", "WhatsApp/2.23.20.0", Bot},
	} {
		if got := Judge(c.method, c.purpose, c.agent); got != c.want {
			t.Errorf("%s: %q, want %q", c.name, got, c.want)
		}
	}
}

// TestJudgeRecall measures against a public list of crawlers; it is not part of the source, so it may not be here.
func TestJudgeRecall(t *testing.T) {
	text, err := os.ReadFile("../../../shared/data/bots/crawler-user-agents.json")
	if err != nil {
		t.Skipf("SKIPPED: no list of crawlers to measure against: %v", err)
	}
	var crawlers []struct{ Instances []string }
	if err := json.Unmarshal(text, &crawlers); err != nil {
		t.Fatal(err)
	}
	var known, all int
	for _, c := range crawlers {
		for _, agent := range c.Instances {
			all++
			if isProgram(agent) {
				known++
			}
		}
	}
	if known*100 < all*90 {
		t.Errorf("%d of %d crawlers are known, want 90 %%", known, all)
	}
	t.Logf("%d of %d crawlers are known", known, all)
}

func BenchmarkJudge(b *testing.B) {
	b.ReportAllocs()
	for b.Loop() {
		Judge("GET", "", chrome)
	}
}
