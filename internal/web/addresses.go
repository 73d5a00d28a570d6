package web

// Addresses are the patterns of all routes, for those who must go through every page there is.
func Addresses() []string {
	list := make([]string, len(routes))
	for i, r := range routes {
		list[i] = r.pattern
	}
	return list
}
