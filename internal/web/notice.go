package web

import (
	"cmp"
	"time"
)

// noticeFor is how long a notice waits for the page that shows it.
const noticeFor = time.Minute

// notice is what became of the form that was sent last. The cookie holds only its name, or numbers and ids, so
// nobody can put words into it.
func (v *visit) notice() string {
	key := "notices." + v.cookie(noticeCookie)
	if !v.lang.Has(key) {
		return cmp.Or(v.tellDecided(v.cookie(noticeCookie)), v.tellJudged(v.cookie(noticeCookie)))
	}
	return v.text(key)
}
