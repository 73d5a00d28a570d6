package web

import (
	"strconv"
	"strings"
	"unicode"

	"golang.org/x/text/unicode/norm"

	"github.com/tributary-hq/tributary/internal/problem"
	"github.com/tributary-hq/tributary/internal/program"
)

const slugMost = 40

// slugOf is a short name made of a name: its letters and digits without their marks, words joined by hyphens. A name in
// another script gives the word for all others.
func slugOf(name, otherwise string) string {
	var b strings.Builder
	for _, r := range norm.NFKD.String(strings.ToLower(name)) {
		switch {
		case r >= 'a' && r <= 'z' || r >= '0' && r <= '9':
			b.WriteRune(r)
		case r == 'ß':
			b.WriteString("ss")
		case unicode.Is(unicode.Mn, r) || r == '’' || r == '\'':
		default:
			b.WriteByte(' ')
		}
	}
	slug := strings.Join(strings.Fields(b.String()), "-")
	slug = strings.Trim(slug[:min(len(slug), slugMost-3)], "-")
	if slug == "" {
		return otherwise
	}
	return slug
}

// freeSlug is a short name for a program that no other has.
func (v *visit) freeSlug(name, otherwise string) (string, error) {
	base := slugOf(name, otherwise)
	for n := 1; ; n++ {
		slug := base
		if n > 1 {
			slug += "-" + strconv.Itoa(n)
		}
		if program.Reserved(slug) {
			continue
		}
		_, err := program.BySlug(v.Context(), v.read(), slug)
		if p, ok := problem.As(err); ok && p.Code == "program_unknown" {
			return slug, nil
		}
		if err != nil {
			return "", err
		}
	}
}
