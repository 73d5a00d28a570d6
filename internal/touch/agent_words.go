package touch

// What words of a User-Agent say.
const (
	tool       seen = 1 << iota // only programs write it
	errand                      // a program's work; on telephones apps of people have such names too
	library                     // what a program is made with, and a few of the first browsers
	address                     // where to read about a program
	site                        // its name alone; on telephones it is that of an app or of a network
	desk                        // the machine on a desk: Windows, Macintosh, X11
	device                      // any other machine that people browse with
	pocket                      // a telephone of the time before Android, whose name came first
	engine                      // what draws pages
	compatible                  // what old browsers said of themselves, and crawlers still do
	old                         // a browser that may say so
	explorer                    // Microsoft's, whose names owners' toolbars added themselves to
	embedder                    // a program that people use, with a browser in it
	chromium                    // Chrome/
	gecko                       // Firefox/
	safari                      // Safari/
	apple                       // an iPhone, an iPad
	windows                     //
	macintosh                   //
	bsalsa                      // a browser to be put into programs, whose name is an address
)

var agentWords = newVocabulary(
	list{tool, []string{
		// what they do
		"bot|", "bots|", "robot", "~cubot", "crawl", "spider", "slurp", "scrap", "harvest", "fetch", "headless", "archive|", "archiver", "archiving", "archive.", "sitemap", "indexer",
		"preview", "prerender", "screenshot", "thumbnail", "favicon", "validator", "monitor", "uptime", "synthetic", "lighthouse", "pagespeed",
		"linkcheck", "link check", "link_check", "checklink", "checker", "site-verif", "verification", "inspector", "auditor", "audit|", "analyzer", "profiler", "unfurl", "embedly", "onebox",
		"externalhit", "resolver", "feedfetch", "feedpars", "feedburner", "parser", "generator", "web server survey", "vulnerab", "pentest", "security scan", "|probe",
		"webscan", "-scan", "metadata", "oembed", "imageproxy", "mailproxy", "imgproxy", "subscriber", "hit-counter", "webhook", "callback-",
		"webcapture", "cms detector", "domains project", "copyright", "plagiar", "brand protect", "ad verif",
		// what they are made with
		"|curl/", "libcurl", "pycurl", "wget", "python", "urllib", "aiohttp", "httplib", "scrapy", "|java/1", "~hotjava/1", "java-http", "apache-http", "httpclient", "http-client", "http_client",
		"http client", "asynchttp", "okhttp", "retrofit", "go-http", "fasthttp", "gocolly", "node-fetch", "axios", "undici", "superagent", "guzzle", "lwp::", "lwp-", "mechanize",
		"|php/", "rest-client", "restsharp", "httpie", "httpunit", "htmlunit", "jersey/", "jetty/", "faraday", "typhoeus",
		"winhttp", "httprequest", "xmlhttp", "indy library", "libhttp", "http_get", "http-get", "reqwest", "dart:io",
		"phantomjs", "slimerjs", "casperjs", "puppeteer", "playwright", "selenium", "webdriver", "cypress/", "zombie.js", "jsdom", "splash ", "wkhtml", "cutycapt", "weasyprint", "chromedp",
		"testcafe", "katalon", "browserless", "apachebench", "jmeter", "gatling", "loadtest", "loader.io",
		"appengine", "cloudflare-", "amazon cloudfront", "aws-", "googleimage", "google-", "-google", "google favicon", "google web preview", "google page", "google-http", "mediapartners",
		// who they are
		"yahoo! slurp", "heritrix", "nutch", "httrack", "webcopier", "teleport", "offline explorer", "sitesucker", "xenu", "screaming frog", "linktiger", "dareboost", "gtmetrix", "pingdom", "pingadmin",
		"ptst/", "webpagetest", "speedcurve", "catchpoint", "thousandeyes", "newrelic", "datadog", "dynatrace", "ruxit", "site24x7", "statuscake", "uptrends", "zabbix", "nagios",
		"check_http", "ghost inspector", "appinsights", "alertsite", "webmetrics", "rigor)",
		"censys", "zgrab", "masscan", "nmap", "nikto", "nessus", "openvas", "acunetix", "netsparker", "qualys", "sqlmap", "wpscan", "nuclei", "w3af", "arachni", "appscan", "whatweb", "dirbuster", "gobuster",
		"netcraft", "internet-measurement", "netsystemsresearch", "leakix", "shodan", "onyphe", "project discovery", "projectdiscovery", "hardenize", "foregenix", "detectify", "securityheaders", "ssllabs", "ssl labs", "watchtowr",
		"facebookcatalog", "facebookplatform", "meta-external", "vkshare", "skypeuri", "bitlybot", "flipboardproxy", "pinterest/0", "redditbot", "slack-img", "quora link", "outbrain",
		"ahrefs", "semrush", "majestic", "|moz.com", "dataforseo", "serpstat", "siteimprove", "silktide", "woorank", "seobility", "sistrix", "netpeak", "brandverity", "proximic", "grapeshot", "adbeat", "comscore", "integral ad", "doubleverify", "adsnaver",
		"scope3", "datanyze", "builtwith", "wappalyzer", "brandwatch", "meltwater", "trendiction", "talkwalker", "sindup", "pixalate", "qwantify", "yacy", "panscient", "daumoa", "coccoc/", "ezooms", "feedly", "inoreader", "feedbin", "newsblur",
		"theoldreader", "netvibes", "tiny tiny rss", "superfeedr", "feeder.co", "printfriendly", "instapaper", "webtotem", "sucuri", "sitelock",
		"gptbot", "oai-search", "chatgpt-", "claude-", "anthropic", "perplexity-", "cohere-ai", "mistralai", "youchat", "|ai-user", "manus-user", "gemini-", "novaact", "operator-agent", "bytedance-", "ccbot", "diffbot", "omgili", "imagesift", "img2dataset", "firecrawl", "jina.ai", "exa.ai", "tavily", "browserbase",
		"compatible; google", "compatible; um-", "-agent", "useragent", "user agent", "user-agent", "mailto", "(at)", "[at]", "+http",
	}},
	list{errand, []string{
		"|scan|", "|scanner", "check", "|verify", "|test", "tester", "|proxy", "proxy|", "finder", "|link|", "|feed|", "|rss", "news", "|seo", "|ping", "|reader", "aggregat", "collector", "|data|", "|search", "research", "survey",
		"capture", "render", "optimi", "audit", "insight", "analy", "tracker", "watch", "|site|", "|domain|", "|api|", "|http|", "|client", "server", "service", "library", "|image|", "|batch", "|agent",
		"detect", "security", "download", "|cache", "|rank|", "|backlink", "|import", "|export", "|recon", "discover", "|java)", "|script", "automat",
	}},
	list{library, []string{"libwww"}},
	list{address, []string{"://", "www."}},
	list{site, []string{".com|", ".org|", ".io|", ".co|", ".ai|", ".de|", ".ru|", ".fr|", ".eu|", ".html", ".php", ".dev|", ".app|", "|bit.ly", "|rb.gy"}},
	list{bsalsa, []string{"bsalsa"}},

	list{desk, []string{"windows 3", "windows 9", "windows nt", "windows xp", "windows 2000", "|winnt", "|win9", "|win32", "|win64", "|win98", "|win95", "x11", "|wayland", "macintosh", "mac_powerpc", "mac os", "~like mac os", "|cros|", "ppc mac"}},
	list{windows, []string{"windows nt"}},
	list{macintosh, []string{"macintosh"}},
	list{device, []string{
		"android", "iphone", "ipad", "ipod", "windows phone", "windows ce", "windows mobile", "zunewp", "xblwp", "iemobile", "ppc;", "|linux", "|ubuntu", "freebsd", "openbsd", "netbsd", "dragonfly", "sunos", "solaris", "irix", "hp-ux", "|aix|", "osf1", "openvms",
		"os/2", "|beos", "haiku", "amiga", "morphos", "|aros", "|atari", "risc os", "|risc", "syllable", "fuchsia", "darwin", "minix", "netpositive", "webpositive", "plan 9", "reactos", "serenityos", "qnx", "inferno",
		"symbian", "series40", "series60", "series 60", "|s60", "nokia", "blackberry", "playbook", "|bb10", "|rim|", "webos", "web0s", "hpwos", "hp-tablet", "|palm", "meego", "maemo", "tizen", "|bada", "kaios", "sailfish", "firefox os", "|mobile", "|tablet", "|phone", "|pda", "openharmony", "harmonyos", "brew", "hiptop", "|avantgo",
		"playstation", "nintendo", "|wii", "xbox", "|psp", "dreamcast", "|sega", "steam", "oculus", "quest", "smart-tv", "smarttv", "smart tv", "hbbtv", "ce-html", "netcast", "|tv", "googletv", "appletv", "apple tv", "|roku", "|aft", "crkey", "directfb", "maple", "viera", "bravia", "philips", "aquos", "opera tv", "webtv", "inettv", "dtv", "netrange", "vewd", "qtembedded", "qtcar", "tesla", "kindle", "kobo", "|nook", "tolino", "pocketbook", "sonyericsson", "samsung", "|lg", "|unknown",
	}},
	list{apple, []string{"(iphone;", "(ipad;", "(ipod;", "(ipod touch;"}},
	list{pocket, []string{
		"midp", "cldc", "up.browser", "up.link", "ucweb", "opera mini", "opera mobi", "obigo", "netfront", "teleca", "openwave", "|wap", "|brew", "symbian", "dolfin", "iemobile", "polaris", "jasmine", "mmp/", "mib/", "kbrowser", "novarra", "maui", "mauibrowser",
		"windows ce", "mqqbrowser", "j2me", "profile/", "android/", "ucbrowser", "mobile safari",
	}},
	list{engine, []string{
		"applewebkit", "gecko|", "trident", "msie", "presto", "opera", "khtml", "konqueror", "netfront", "goanna", "servo/", "firefox/", "safari/", "icab", "omniweb", "dillo", "netscape", "links", "netsurf", "ladybird", "libweb", "edge/", "chrome/",
		"chimera/", "navigator", "lynx", "w3m", "webkit/", "blink", "flow/",
	}},
	list{compatible, []string{"compatible;", "compatible)"}},
	list{old, []string{"msie", "konqueror", "opera", "icab", "omniweb", "netpositive", "webpositive", "abrowse", "dillo", "netfront", "avantgo", "avant browser", "blazer", "compatible; windows", "compatible; linux", "compatible; android", "netscape", "palmsource", "ibrowse", "aweb", "voyager", "links", "wii", "playstation", "edbrowse", "compatible; u; "}},
	list{explorer, []string{"msie", "trident/", "iemobile"}},
	list{embedder, []string{"electron/", "qtwebengine", "cef/", "unity/", "valve steam", "steam", "nwjs", "webview", "wechat", "micromessenger", "microsoft", "teams/", "office", "adobe", "discord/", "slack", "dingtalk", "spotify", "overwolf", "battle.net", "unreal", "zoom", "webex"}},
	list{embedder, []string{"armv", "aarch64"}}, // no desk, but what is built into something
	list{chromium, []string{"|chrome/"}},
	list{gecko, []string{"|firefox/"}},
	list{safari, []string{"|safari/"}},
)

// openings are how a User-Agent begins that people browse with, other than Mozilla and telephones.
var openings = []string{
	"Opera/", "Opera ", "BlackBerry", "LG-", "LG/", "LGE-", "Nokia", "NOKIA", "SAMSUNG-", "SEC-", "SonyEricsson", "UCWEB", "JUC", "IUC", "MOT-", "SIE-", "DoCoMo/", "KDDI-", "J-PHONE", "SoftBank/", "Vodafone/",
	"HbbTV/", "Lynx/", "Links ", "Links/", "ELinks", "w3m/", "Emacs-w3m", "Emacs-W3", "Dillo/", "NetSurf", "edbrowse/", "Edbrowse/", "retawq/", "browsh/", "amaya/", "iCab/", "IBrowse", "AmigaVoyager", "Amiga-AWeb", "Contiki/",
	"NCSA_Mosaic", "NCSA Mosaic", "Mosaic", "OmniWeb/", "HotJava/", "Cyberdog/", "Bunjalloo/", "MicroWeb", "Arachne/", "WebPositive", "Konqueror", "Galeon", "Midori/", "chawan", "Offpunk", "Lagrange", "eww/", "URL/Emacs", "Dooble/", "Uzbl", "Klondike/", "PSP (",
}

// basics are the products that stand in the text of every browser, in small letters.
var basics = setOf(
	"mozilla", "applewebkit", "khtml", "gecko", "like", "version", "mobile", "safari", "chrome", "chromium", "webkit", "tablet",
	"desktop", "firefox", "built", "on", "running", "with", "from", "linux", "u", "wv", "web", "large", "screen",
)

// brands are the names that browsers for a desk give themselves, in small letters, and the names of what is about them:
// systems, search services that ship one, programs with a browser in them. Names with the parts of browserish need not be here.
var brands = setOf(
	"edg", "edge", "edga", "edgios", "opr", "opera", "oprgx", "opx", "opt", "vivaldi", "iron", "brave", "yowser", "whale",
	"corp.", "maxthon", "mxios", "comodo_dragon", "icedragon", "avast", "avg", "ccleaner", "norton", "avira", "ghostery",
	"iridium", "falkon", "qupzilla", "qtwebengine", "arora", "midori", "epiphany", "rekonq", "konqueror", "otter", "luakit",
	"uzbl", "vimb", "nyxt", "min", "dooble", "netscape", "galeon", "kazehakase", "dillo", "goanna", "palemoon", "basilisk",
	"waterfox", "seamonkey", "lightning", "thunderbird", "betterbird", "postbox", "icecat", "iceweasel", "iceape", "k-meleon",
	"librewolf", "mullvad", "floorp", "zen", "mypal", "serpent", "cometbird", "camino", "conkeror", "swiftfox", "flock",
	"lunascape", "sleipnir", "kinza", "slimjet", "slimboat", "superbird", "torch", "citrio", "amigo", "mrchrome", "soc",
	"mail.ru", "nichrome", "orbitum", "sputnik", "atom", "chedot", "epic", "ecosia", "duckduckgo", "ddg", "arc", "dia", "comet",
	"thorium", "mercury", "colibri", "rockmelt", "coolnovo", "chromeplus", "polarity", "perk", "wavebox", "sidekick", "shift",
	"station", "stack", "ulaa", "quark", "quarkpc", "puffin", "silk", "se", "2.x", "metasr", "lbbrowser", "theworld",
	"2345explorer", "2345chrome", "360se", "qihu", "360ee", "qhbrowser", "liebao", "core", "hbpc", "uos", "lenovo", "slbrowser",
	"qqbrowser", "qaxbrowser", "miuibrowser", "wechat", "micromessenger", "windowswechat", "macwechat", "wxwork", "nettype",
	"language", "xweb", "flue", "miniprogramenv", "dingtalk", "feishu", "lark", "larklocale", "alidingtalk", "qq", "tim", "ali",
	"aliapp", "kakaotalk", "line", "naver", "inapp", "viber", "whatsapp", "telegram", "skype", "webex", "obsidian", "ubuntu",
	"debian", "fedora", "suse", "opensuse", "redhat", "centos", "mandriva", "mint", "raspbian", "kubuntu", "gentoo", "arch",
	"slackware", "freebsd", "openbsd", "netbsd", "haiku", "sunos", "xbox", "playstation", "oculus", "vr", "tesla", "qtcarbrowser",
	"gls", "seb", "crkey", "tv", "smarttv", "webos", "tizen", "cros", "android", "gnome", "webappmanager", "atcontent", "viasat",
	"agc", "lcte", "trailer", "config", "unique", "ablock", "cck", "snapchat", "instagram", "pinterest", "twitter", "reader",
	"ibooks", "facebook", "catalyst", "notion", "figma", "applemail", "outlook", "evolution", "wkwebview", "ddgmac", "aol",
	"aolshield", "aoldesktop", "aolbuild", "adg", "slbchan", "sznprohlizec", "devicetype", "yandex", "yabrowser", "spark",
	"genspark", "kagi", "orion", "herond", "ungoogled", "tenta", "cyberfox", "elementary", "elements", "swing", "polypane",
	"sizzy", "responsively", "blisk", "beaker", "biscuit", "coast", "neon", "kiwi", "vast", "cliqz", "tungsten", "hola",
	"decentr", "osiris", "dissenter", "sogou", "coowon", "crusta", "baidu", "tor", "roblox", "robloxapp", "rbxapp", "ladybird",
	"libweb", "servo", "flow", "cent", "chatgpt", "atlas", "perplexity", "claude", "explorer", "copilot",
)

// browserish are parts of names that only browsers have.
var browserish = newVocabulary(list{engine, []string{"browser", "explorer", "fox", "chrome", "chromium", "safari", "webkit", "gecko", "opera", "navigator", "moz", "wechat", "[fb", "fban", "fbav"}})

func setOf(names ...string) map[string]bool {
	set := make(map[string]bool, len(names))
	for _, name := range names {
		set[name] = true
	}
	return set
}
