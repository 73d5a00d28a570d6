package web

import (
	"unicode"
	"unicode/utf8"

	"github.com/tributary-hq/tributary/internal/lang"
)

// bought is the event that is an order; all others go by their own names.
const bought = "sale"

// saleName is a conversion by the shop's number: an order, or a lead, or whatever the event is.
func saleName(l *lang.Language, event, order string) string {
	if event == bought {
		return l.Text("conversions.one", "order", order)
	}
	return l.Text("conversions.other", "event", capital(eventName(l, event)), "order", order)
}

// capital begins a word with a large letter.
func capital(word string) string {
	first, size := utf8.DecodeRuneInString(word)
	return string(unicode.ToUpper(first)) + word[size:]
}

// listName is the same below a head that says that these are orders.
func listName(l *lang.Language, event, order string) string {
	if event == bought {
		return order
	}
	return saleName(l, event, order)
}
