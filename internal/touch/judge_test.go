package touch

import (
	"bufio"
	"encoding/json"
	"os"
	"strings"
	"testing"
)

const (
	firefox = "Mozilla/5.0 (X11; Linux x86_64; rv:143.0) Gecko/20100101 Firefox/143.0"
	chrome  = "Mozilla/5.0 (Linux; Android 10; K) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/140.0.0.0 Mobile Safari/537.36"
	desktop = "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/140.0.0.0 Safari/537.36"
)

func TestJudge(t *testing.T) {
	for _, c := range []struct {
		promise string
		asked   Asked
		want    Mark
	}{
		{"a person counts", Asked{Agent: firefox}, Counts},
		{"HEAD is a look, not a visit", Asked{Method: "HEAD", Agent: firefox}, Head},
		{"a prefetch may never be seen", Asked{Agent: chrome, Purpose: "prefetch;anonymous-client-ip"}, Prefetch},
		{"nor a prerender", Asked{Agent: chrome, Purpose: "prefetch;prerender"}, Prefetch},
		{"nor a preview", Asked{Agent: chrome, Purpose: "Preview"}, Prefetch},
		{"an image on a page is not followed", Asked{Agent: chrome, Dest: "image"}, Embedded},
		{"nor is a script", Asked{Agent: chrome, Dest: "script"}, Embedded},
		{"a page in a frame may be", Asked{Agent: chrome, Dest: "iframe"}, Counts},
		{"no name at all", Asked{}, Bot},
		{"the brands tell what the agent hides", Asked{Agent: desktop, Brands: `"HeadlessChrome";v="140", "Chromium";v="140"`}, Bot},
		{"one hint is a person with few headers", Asked{Agent: desktop, Accept: "*/*"}, Counts},
		{"or with another name", Asked{Agent: desktop, Accept: "text/html", Language: "de", Platform: `"Linux"`}, Counts},
		{"or an extension that plays an old browser", Asked{Agent: desktop, Accept: "text/html", Language: "de", Brands: `"Chromium";v="143"`}, Counts},
		{"two are none", Asked{Agent: desktop, Accept: "*/*", Platform: `"Linux"`}, Bot},
		{"nor are these two", Asked{Agent: desktop, Accept: "text/html", Language: "de", Platform: `"Linux"`, Brands: `"Chromium";v="143"`}, Bot},
		{"everything fits", Asked{Agent: desktop, Accept: "text/html", Language: "de", Platform: `"Windows"`, Brands: `"Chromium";v="140", "Not=A?Brand";v="24"`}, Counts},
		{"a telephone that asks for the pages of a desk", Asked{Agent: "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/140.0.0.0 Safari/537.36", Accept: "text/html", Language: "de", Platform: `"Android"`}, Counts},
	} {
		if c.asked.Method == "" {
			c.asked.Method = "GET"
		}
		if got := Judge(c.asked); got != c.want {
			t.Errorf("%s: %q, want %q", c.promise, got, c.want)
		}
	}
}

func TestPrograms(t *testing.T) {
	for _, c := range []struct{ name, agent string }{
		{"a crawler", "Mozilla/5.0 (compatible; Googlebot/2.1; +http://www.google.com/bot.html)"},
		{"in capitals", "Mozilla/5.0 (compatible; YANDEXBOT/3.0)"},
		{"that plays a telephone", "Mozilla/5.0 (Linux; Android 6.0.1; Nexus 5X Build/MMB29P) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/140.0.7339.207 Mobile Safari/537.36 (compatible; SomeThing/2.1)"},
		{"of a name that nobody knows", "Mozilla/5.0 (compatible; Zwarbl/1.0)"},
		{"behind a browser's name", "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/140.0.0.0 Safari/537.36 Zwarbl/1.0"},
		{"amid it", "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Zwarbl Chrome/140.0.0.0 Safari/537.36"},
		{"with its mail", "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/140.0.0.0 Safari/537.36 (me@zwarbl.example)"},
		{"with its page", "Mozilla/5.0 (iPhone; CPU iPhone OS 17_0 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Mobile/15E148 https://zwarbl.example"},
		{"a tool", "curl/8.14.1"},
		{"a library", "Go-http-client/2.0"},
		{"a name alone", "Zwarbl"},
		{"a browser that nobody looks at", "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) HeadlessChrome/140.0.0.0 Safari/537.36"},
		{"a messenger's preview", "WhatsApp/2.23.20.0"},
		{"half a browser", "Mozilla/5.0"},
		{"a machine without an engine", "Mozilla/5.0 (Windows NT 10.0; Win64; x64)"},
		{"an engine without a machine", "Mozilla/5.0 AppleWebKit/537.36 (KHTML, like Gecko) Chrome/140.0.0.0 Safari/537.36"},
		{"a Firefox that contradicts itself", "Mozilla/5.0 (Windows NT 10.0; Win64; x64; rv:60.0) Gecko/20100101 Firefox/128.0"},
		{"a Chrome with an engine of another time", "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/605.1.15 (KHTML, like Gecko) Chrome/140.0.0.0 Safari/605.1.15"},
		{"a Chrome of no version", "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/W.X.Y.Z Safari/537.36"},
		{"Google's engine on an iPhone", "Mozilla/5.0 (iPhone; CPU iPhone OS 17_0 like Mac OS X) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/140.0.0.0 Mobile Safari/537.36"},
	} {
		if !isProgram(c.agent) {
			t.Errorf("%s passes for a person: %s", c.name, c.agent)
		}
	}
}

// TestBrowsersArePeople holds the rules against the browsers of testdata, of all families and years.
func TestBrowsersArePeople(t *testing.T) {
	f, err := os.Open("testdata/browsers.txt")
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	var taken []string
	all := 0
	for lines := bufio.NewScanner(f); lines.Scan(); {
		if agent := lines.Text(); !strings.HasPrefix(agent, "#") {
			if all++; isProgram(agent) {
				taken = append(taken, agent)
			}
		}
	}
	t.Logf("%d of %d browsers are taken for programs:\n%s", len(taken), all, strings.Join(taken, "\n"))
	if all < 500 || len(taken)*1000 > all*3 {
		t.Errorf("%d of %d browsers are taken for programs, at most 0.3 %% of 500 or more may be:\n%s", len(taken), all, strings.Join(taken, "\n"))
	}
}

// TestCrawlersAreKnown measures against a public list of crawlers; it is not part of the source, so it may not be here.
func TestCrawlersAreKnown(t *testing.T) {
	text, err := os.ReadFile("../../../shared/data/bots/crawler-user-agents.json")
	if os.IsNotExist(err) {
		text, err = os.ReadFile("../../../../shared/data/bots/crawler-user-agents.json")
	}
	if err != nil {
		t.Skipf("SKIPPED: no list of crawlers to measure against: %v", err)
	}
	var crawlers []struct{ Instances []string }
	if err := json.Unmarshal(text, &crawlers); err != nil {
		t.Fatal(err)
	}
	var missed []string
	all := 0
	for _, c := range crawlers {
		for _, agent := range c.Instances {
			if all++; !isProgram(agent) {
				missed = append(missed, agent)
			}
		}
	}
	t.Logf("%d of %d crawlers are known; not these:\n%s", all-len(missed), all, strings.Join(missed, "\n"))
	if len(missed)*100 > all*3 {
		t.Errorf("%d of %d crawlers pass for people, at most 3 %% may", len(missed), all)
	}
}

func TestJudgingAllocatesNothing(t *testing.T) {
	a := Asked{Method: "GET", Agent: desktop, Accept: "text/html", Language: "de", Platform: `"Windows"`, Brands: `"Chromium";v="140", "Not=A?Brand";v="24"`}
	if n := testing.AllocsPerRun(100, func() { Judge(a) }); n > 0 {
		t.Errorf("%v allocations", n)
	}
}

func FuzzIsProgram(f *testing.F) {
	for _, agent := range []string{firefox, chrome, desktop, "", "Mozilla/", "Mozilla/5.0 ((((", "\xff/\x00", "@", "Chrome/"} {
		f.Add(agent)
	}
	f.Fuzz(func(t *testing.T, agent string) {
		if isProgram(agent) != isProgram(agent) {
			t.Error("twice the same is not the same")
		}
	})
}

func BenchmarkJudge(b *testing.B) {
	for _, c := range []struct{ name, agent string }{
		{"telephone", chrome},
		{"desk", desktop},
		{"crawler", "Mozilla/5.0 (compatible; Googlebot/2.1; +http://www.google.com/bot.html)"},
		{"app", "Mozilla/5.0 (iPhone; CPU iPhone OS 18_6 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Mobile/15E148 Instagram 390.0.0.28.85 (iPhone15,2; iOS 18_6; en_GB; scale=3.00; 1179x2556)"},
	} {
		b.Run(c.name, func(b *testing.B) {
			b.ReportAllocs()
			a := Asked{Method: "GET", Agent: c.agent, Accept: "text/html", Language: "de", Platform: `"Windows"`, Brands: `"Chromium";v="140"`}
			for b.Loop() {
				Judge(a)
			}
		})
	}
}
