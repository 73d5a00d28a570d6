package partner

import "strings"

// Masked is an account of which as much is left as tells it from most others, and as cannot be paid to: "a***@example.com".
func Masked(payTo string) string {
	if payTo == "" {
		return ""
	}
	name, service, mailed := strings.Cut(payTo, "@")
	first := []rune(name + "*")[:1]
	if mailed {
		service = "@" + service
	}
	return string(first) + "***" + service
}
