package web

import "strings"

// Reads are the patterns of all addresses that can be read, in the order of the tables: for tools that look at every page.
func Reads() []string {
	var list []string
	for _, r := range routes {
		if address, ok := strings.CutPrefix(r.pattern, "GET "); ok {
			list = append(list, address)
		}
	}
	return list
}
