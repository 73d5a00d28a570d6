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
	if s.has(embedder) || !isModern(agent, s) {
		return false
	}
	strange, branded := products(agent, number(agent, "Chrome/"))
	return !branded && (strange || s.has(errand))
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

// products looks at the products outside of parentheses: whether one is none that browsers have, and whether one is the name
// of a browser, or of a program with one, which may bring along what it likes.
func products(agent string, version int) (strange, branded bool) {
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
			switch kindOf(agent[i:end], version) {
			case brand:
				branded = true
			case stranger:
				strange = true
			}
			i = end - 1
		}
	}
	return strange, branded
}

type product int

const (
	basic product = iota
	brand
	stranger
)

const longestProduct = 24

// kindOf is what a product is. One that has Chrome's version, or a version of four parts as Chrome's are, is a browser that
// was made from it.
func kindOf(token string, chrome int) product {
	name, version, _ := strings.Cut(token, "/")
	if name == "" || !isLetter(name[0]) {
		return basic
	}
	var space [longestProduct]byte
	small := space[:0]
	for i := 0; i < len(name) && i < len(space); i++ {
		small = append(small, lower(name[i]))
	}
	switch {
	case basics[string(small)]:
		return basic
	case brands[string(small)] || browserish.read(name) != 0 || chrome > 0 && number(token, "/") == chrome || isFourPart(version):
		return brand
	}
	return stranger
}

// isFourPart holds for versions such as 93.8.2780.81.
func isFourPart(version string) bool {
	for i := range len(version) {
		if c := version[i]; c != '.' && (c < '0' || c > '9') {
			return false
		}
	}
	return strings.Count(version, ".") == 3
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
