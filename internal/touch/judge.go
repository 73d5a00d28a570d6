package touch

import "strings"

// Judge says whether a request for a link counts as a visit: by its method, its header that tells a prefetch (Sec-Purpose and
// its older names) and the User-Agent. It errs on the visitor's side: what is not plainly a program counts.
func Judge(method, purpose, agent string) Mark {
	switch {
	case method == "HEAD":
		return Head
	case purpose != "" && (has(purpose, "prefetch") || has(purpose, "prerender") || has(purpose, "preview")):
		return Prefetch
	case isProgram(agent):
		return Bot
	}
	return Counts
}

// browsers are how the User-Agent of everything begins that people browse with.
var browsers = []string{"Mozilla/", "Opera/", "BlackBerry", "LG-", "Nokia", "SAMSUNG-", "SonyEricsson", "UCWEB/"}

// programs are words that only crawlers and tools write into a User-Agent, in small letters. Words of apps that people use are
// not among them, such as search, shopping or scan.
var programs = wordIndex(
	"://", "@", "-agent", "analyzer", "apachebench", "appengine", "appinsights", "archive", "audit", "bot",
	"brandverity", "capture", "censys", "check", "cms detector", "coccoc/", "compatible; google", "compatible; um-",
	"crawl", "curl", "dareboost", "datanyze", "domains project", "embedly", "externalhit", "favicon", "fetch", "finder",
	"generator", "go-http", "google-", "gtmetrix", "harvest", "headless", "heritrix", "http-client",
	"http_client", "httpclient", "httrack", "inspect", "java/", "libwww", "lighthouse", "linktiger", "mediapartners",
	"metadata", "monitor", "nessus", "nikto", "nutch", "okhttp", "openvas", "parser", "phantomjs", "pingadmin",
	"pingdom", "playwright", "preview", "probe", "proximic", "proxy", "ptst/", "puppeteer", "python", "qwantify",
	"scope3", "scrap", "screenshot", "securityheaders", "selenium", "site-verif", "sitemap", "slurp", "spider",
	"splash", "synthetic", "testing", "thousandeyes", "uptime", "validator", "webtotem", "wget", "woorank", "xenu",
	"yacy", "zgrab",
)

// cubot is a maker of telephones, whose owners are people.
const cubot = "cubot"

func isProgram(agent string) bool {
	return !beginsAsBrowser(agent) || programs.in(agent) && !has(agent, cubot)
}

func beginsAsBrowser(agent string) bool {
	for _, name := range browsers {
		if strings.HasPrefix(agent, name) {
			return true
		}
	}
	return false
}

// words finds any of many words in one pass: by their first letter, then the whole.
type words [256][]string

func wordIndex(list ...string) *words {
	w := new(words)
	for _, word := range list {
		w[word[0]] = append(w[word[0]], word)
	}
	return w
}

func (w *words) in(text string) bool {
	for i := range len(text) {
		for _, word := range w[lower(text[i])] {
			if begins(text[i:], word) {
				return true
			}
		}
	}
	return false
}

// has tells whether text has the word, which is in small letters, in letters of any size. It allocates nothing.
func has(text, word string) bool {
	for i := 0; i+len(word) <= len(text); i++ {
		if begins(text[i:], word) {
			return true
		}
	}
	return false
}

func begins(text, word string) bool {
	if len(text) < len(word) {
		return false
	}
	for i := range len(word) {
		if lower(text[i]) != word[i] {
			return false
		}
	}
	return true
}

func lower(c byte) byte {
	if c >= 'A' && c <= 'Z' {
		c += 'a' - 'A'
	}
	return c
}
