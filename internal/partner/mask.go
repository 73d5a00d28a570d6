package partner

import (
	"strings"
	"unicode/utf8"
)

// Mask leaves of an e-mail address its first letter and its domain, and of anything else its first letter.
func Mask(account string) string {
	first, size := utf8.DecodeRuneInString(account)
	if size == 0 {
		return ""
	}
	if at := strings.LastIndexByte(account, '@'); at >= 0 {
		return string(first) + "***" + account[at:]
	}
	return string(first) + "***"
}
