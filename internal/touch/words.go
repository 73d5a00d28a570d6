package touch

// seen is what the words of a User-Agent say, a bit for each thing that a rule asks for.
type seen uint32

func (s seen) has(any seen) bool { return s&any != 0 }

// vocabulary finds all words of its lists in one pass over a text, in letters of any size, and allocates nothing. A step of
// it is a look into a table: Aho and Corasick's automaton, with the ways back already in it.
type vocabulary struct {
	next [][alphabet]uint16 // by state, by letter
	ends []uint16           // by state: the place in words of the longest one that ends here, from 1; 0 for none
	also []uint16           // by state: the longest state behind it at which a word ends, 0 for none
	word []word
}

type word struct {
	says         seen
	length       int
	opens, shuts bool   // where it begins, and where it ends, no other word goes on
	innocent     bool   // what is shorter and ends at the same place says nothing
	same         uint16 // another word of the same letters, with other bounds
}

// The letters of the alphabet: a to z and 0 to 9, the signs that words have, and one for everything else.
const (
	signs    = " /:@+.;()[]-_!,"
	alphabet = 1 + 26 + 10 + len(signs)
)

var letters = func() (of [256]uint8) {
	for c := range 26 {
		of['a'+c], of['A'+c] = uint8(1+c), uint8(1+c)
	}
	for c := range 10 {
		of['0'+c] = uint8(27 + c)
	}
	for i := range len(signs) {
		of[signs[i]] = uint8(37 + i)
	}
	return of
}()

// list is words that say the same. A word is in small letters; a | before it or after it says that no letter may go on
// there: "|scan|" is in "Port-Scan 1" and in "PortScan", and not in "Scandinavia". A ~ before a word makes it innocent, which
// says nothing: "~cubot" keeps "bot" from being seen in it.
type list struct {
	says  seen
	words []string
}

func newVocabulary(lists ...list) *vocabulary {
	v := &vocabulary{next: make([][alphabet]uint16, 1), ends: make([]uint16, 1), word: make([]word, 1)}
	for _, l := range lists {
		for _, text := range l.words {
			v.add(l.says, text)
		}
	}
	v.link()
	return v
}

func (v *vocabulary) add(says seen, text string) {
	w := word{says: says}
	if text[0] == '~' {
		w = word{innocent: true}
		text = text[1:]
	}
	if text[0] == '|' {
		w.opens, text = true, text[1:]
	}
	if last := len(text) - 1; text[last] == '|' {
		w.shuts, text = true, text[:last]
	}
	w.length = len(text)
	state := uint16(0)
	for i := range len(text) {
		letter := letters[text[i]]
		if letter == 0 {
			panic("touch: no word can have " + text[i:i+1])
		}
		if v.next[state][letter] == 0 {
			v.next, v.ends = append(v.next, [alphabet]uint16{}), append(v.ends, 0)
			v.next[state][letter] = uint16(len(v.next) - 1)
		}
		state = v.next[state][letter]
	}
	w.same = v.ends[state]
	v.word = append(v.word, w)
	v.ends[state] = uint16(len(v.word) - 1)
}

// link fills in where a state goes on when its own word does not: as if the text had begun later.
func (v *vocabulary) link() {
	back := make([]uint16, len(v.next))
	v.also = make([]uint16, len(v.next))
	queue := []uint16{0}
	for len(queue) > 0 {
		state := queue[0]
		queue = queue[1:]
		for letter, to := range v.next[state] {
			if to == 0 {
				v.next[state][letter] = v.next[back[state]][letter]
				continue
			}
			if state != 0 {
				back[to] = v.next[back[state]][letter]
			}
			if v.also[to] = back[to]; v.ends[back[to]] == 0 {
				v.also[to] = v.also[back[to]]
			}
			queue = append(queue, to)
		}
	}
}

// read is what the words of a text say together.
func (v *vocabulary) read(text string) (all seen) {
	state := uint16(0)
	for i := range len(text) {
		state = v.next[state][letters[text[i]]]
		at := state
		if v.ends[at] == 0 {
			at = v.also[at]
		}
		for ; at != 0; at = v.also[at] {
			says, innocent := v.ending(v.ends[at], text, i+1)
			if all |= says; innocent {
				break
			}
		}
	}
	return all
}

// ending is what the words of the same letters say that end before a place of the text.
func (v *vocabulary) ending(first uint16, text string, end int) (all seen, innocent bool) {
	for n := first; n != 0; n = v.word[n].same {
		w := &v.word[n]
		if w.opens && !opensAt(text, end-w.length) || w.shuts && !shutsAt(text, end) {
			continue
		}
		all |= w.says
		innocent = innocent || w.innocent
	}
	return all, innocent
}

// opensAt tells whether a word begins at a place: no letter is before it, or a small one before a capital.
func opensAt(text string, i int) bool {
	return i == 0 || !isLetter(text[i-1]) || isCapital(text[i]) && !isCapital(text[i-1])
}

// shutsAt tells whether a word ends before a place.
func shutsAt(text string, i int) bool {
	return i == len(text) || !isLetter(text[i]) || isCapital(text[i]) && !isCapital(text[i-1])
}

func isLetter(c byte) bool { return letters[c] >= 1 && letters[c] <= 26 }

func isCapital(c byte) bool { return c >= 'A' && c <= 'Z' }
