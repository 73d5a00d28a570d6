package track

import (
	"fmt"
	"io"
	"net/url"
	"strings"
)

// hosts are names of hosts, each with all below it.
type hosts map[string]bool

// readHosts reads a file of hosts, one to a line; what follows # or ; is a remark. Lines of a hosts file, with an address
// before the name, are read too.
func readHosts(r io.Reader) (hosts, error) {
	all := hosts{}
	for n, line := range lines(r) {
		fields := strings.Fields(line)
		name := strings.ToLower(strings.Trim(fields[len(fields)-1], "."))
		if len(fields) > 2 || name == "" || strings.ContainsAny(name, "/:@*?") {
			return nil, fmt.Errorf("line %d is no host", n)
		}
		all[name] = true
	}
	return all, nil
}

// has tells whether the host of an address, or one above it, is among the hosts.
func (h hosts) has(address string) bool {
	if len(h) == 0 || address == "" {
		return false
	}
	u, err := url.Parse(address)
	if err != nil {
		return false
	}
	for name, more := strings.ToLower(strings.TrimSuffix(u.Hostname(), ".")), true; more; _, name, more = strings.Cut(name, ".") {
		if h[name] {
			return true
		}
	}
	return false
}
