package touch

// What is left of a User-Agent when it shall no longer single out a visitor: a browser and a system, without versions. The
// first word that fits holds, for browsers name those that they descend from.
var (
	plainBrowsers = []plainWord{{"edg", "Edge"}, {"opr/", "Opera"}, {"opera", "Opera"}, {"samsung", "Samsung Internet"}, {"firefox", "Firefox"},
		{"fxios", "Firefox"}, {"crios", "Chrome"}, {"chrome/", "Chrome"}, {"chrome,", "Chrome"}, {"safari", "Safari"}}
	plainSystems = []plainWord{{"android", "Android"}, {"iphone", "iPhone"}, {"ipad", "iPad"}, {"windows", "Windows"}, {"mac os", "macOS"}, {"macos", "macOS"},
		{"cros ", "ChromeOS"}, {"chromeos", "ChromeOS"}, {"linux", "Linux"}}
)

type plainWord struct{ word, name string }

// PlainAgent is a User-Agent in plain words, such as "Firefox, Linux"; nothing, when it is not one of a known browser on a
// known system. Plain words stay as they are.
func PlainAgent(agent string) string {
	browser, system := plainName(agent, plainBrowsers), plainName(agent, plainSystems)
	if browser == "" || system == "" {
		return ""
	}
	return browser + ", " + system
}

func plainName(agent string, words []plainWord) string {
	for _, w := range words {
		if has(agent, w.word) {
			return w.name
		}
	}
	return ""
}
