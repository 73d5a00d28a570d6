package touch

import "strings"

// isProgram tells by the User-Agent whether a program asks, and no person. Words decide first; then whether the text is built
// as the text of a browser is: with a machine, an engine that fits it, and no product that no browser has.
func isProgram(agent string) bool {
	s := agentWords.read(agent)
	switch {
	case s.has(tool) || hasMail(agent):
		return true
	case s.has(address) && !s.has(bsalsa), s.has(site) && s.has(desk) && !s.has(explorer):
		return true
	case !strings.HasPrefix(agent, "Mozilla/"):
		return !s.has(pocket) && !beginsAsBrowser(agent)
	case s.has(library):
		return true
	case !s.has(desk | device):
		return !isNetscape(agent)
	case s.has(compatible) && !s.has(old):
		return true
	case s.has(device) && !s.has(desk):
		return s.has(apple) && s.has(chromium) || !s.has(engine) && isBare(agent)
	case !s.has(engine):
		return !isNetscape(agent)
	}
	return s.has(chromium|gecko|safari) && !s.has(explorer) && isStrange(agent, s)
}

func beginsAsBrowser(agent string) bool {
	for _, name := range openings {
		if strings.HasPrefix(agent, name) {
			return true
		}
	}
	return false
}

// isNetscape holds for the first browsers, which told their language in brackets and no engine: Mozilla/4.7 [en] (WinNT; U).
func isNetscape(agent string) bool {
	version := strings.TrimPrefix(agent, "Mozilla/")
	return version != "" && version[0] >= '0' && version[0] < '5' && strings.Contains(version, "(") && !strings.Contains(version, "compatible") && !strings.HasSuffix(version, "()")
}

// isBare holds for a text that ends with the machine, as those do that somebody has cut, unless the machine is one whose
// browser is a part of it.
func isBare(agent string) bool {
	return strings.HasSuffix(agent, ")") && strings.Count(agent, "(") == 1 && strings.HasPrefix(agent, "Mozilla/5.0 (") &&
		(has(agent, "android") || has(agent, "iphone") || has(agent, "ipad"))
}

// hasMail tells whether the text has an address of mail: a letter after the @, for some browsers write ios@9.0.
func hasMail(agent string) bool {
	at := strings.IndexByte(agent, '@')
	return at > 0 && at+1 < len(agent) && isLetter(agent[at+1])
}

// isStrange looks at a browser for a desk: for names that no browser has, and for versions that never were together.
func isStrange(agent string, s seen) bool {
	if s.has(chromium) {
		if v := number(agent, "Chrome/"); v < 1 || v >= 30 && has(agent, "applewebkit/") && number(agent, "AppleWebKit/") != 537 {
			return true
		}
	}
	if s.has(gecko) && !s.has(chromium) && strings.HasSuffix(agent, " Firefox/"+after(agent, " Firefox/")) {
		shown, real := number(agent, "rv:"), number(agent, " Firefox/")
		if real >= 20 && shown != real && (shown != 109 || real > 119) {
			return true
		}
		if real >= 20 && !strings.Contains(agent, "Gecko/") && !strings.Contains(agent, "Servo/") {
			return true
		}
	}
	return !s.has(embedder) && isModern(agent, s) && (s.has(errand) || hasStranger(agent, number(agent, "Chrome/")))
}

// isModern holds for browsers of the years in which there are few. Before, everybody made one.
func isModern(agent string, s seen) bool {
	switch {
	case s.has(chromium):
		return number(agent, "Chrome/") >= 40
	case s.has(gecko):
		return number(agent, "Firefox/") >= 30
	}
	return number(agent, "AppleWebKit/") >= 600
}

// hasStranger tells whether a product outside of parentheses is none that browsers have. A browser that is made from Chrome
// may have Chrome's version, and then any name.
func hasStranger(agent string, version int) bool {
	deep := 0
	for i := 0; i < len(agent); i++ {
		switch c := agent[i]; {
		case c == '(':
			deep++
		case c == ')':
			deep--
		case deep == 0 && c != ' ' && c != ';' && c != ',':
			end := i
			for end < len(agent) && agent[end] != ' ' && agent[end] != '(' && agent[end] != ';' && agent[end] != ',' {
				end++
			}
			if token := agent[i:end]; !isProduct(token) && (version < 0 || number(token, "/") != version) {
				return true
			}
			i = end - 1
		}
	}
	return false
}

const longestProduct = 24

func isProduct(token string) bool {
	name, _, _ := strings.Cut(token, "/")
	if name == "" || name[0] >= '0' && name[0] <= '9' || !isLetter(name[0]) {
		return true
	}
	var small [longestProduct]byte
	if len(name) > len(small) {
		return browserish.read(name) != 0
	}
	for i := range len(name) {
		small[i] = lower(name[i])
	}
	return products[string(small[:len(name)])] || browserish.read(name) != 0
}

// after is what follows a word in a text, to its end.
func after(text, word string) string {
	_, rest, _ := strings.Cut(text, word)
	return rest
}

// number is the whole number that follows a word in a text, -1 without one.
func number(text, word string) int {
	rest := after(text, word)
	n := -1
	for i := 0; i < len(rest) && i < 4 && rest[i] >= '0' && rest[i] <= '9'; i++ {
		n = max(n, 0)*10 + int(rest[i]-'0')
	}
	return n
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
