package track

import (
	"bufio"
	"fmt"
	"io"
	"net/netip"
	"slices"
	"strings"
)

// networks are stretches of addresses in their order, none touching another.
type networks struct{ from, to []netip.Addr }

// readNetworks reads a file of networks: one to a line, such as 192.0.2.0/24 or 2001:db8::/32, or a single address. What
// follows # or ; is a remark.
func readNetworks(r io.Reader) (*networks, error) {
	var all []netip.Prefix
	for n, line := range lines(r) {
		if !strings.Contains(line, "/") {
			line += "/" + map[bool]string{true: "128", false: "32"}[strings.Contains(line, ":")]
		}
		p, err := netip.ParsePrefix(line)
		if err != nil {
			return nil, fmt.Errorf("line %d is no network: %w", n, err)
		}
		if p.Addr().Is4In6() {
			return nil, fmt.Errorf("line %d is an IPv4 network in IPv6's way; write it in its own", n)
		}
		all = append(all, p.Masked())
	}
	slices.SortFunc(all, func(a, b netip.Prefix) int { return a.Addr().Compare(b.Addr()) })
	var list networks
	for _, p := range all {
		from, to := p.Addr(), lastOf(p)
		last := len(list.to) - 1
		if last >= 0 && from.BitLen() == list.to[last].BitLen() && from.Compare(list.to[last]) <= 0 {
			if to.Compare(list.to[last]) > 0 {
				list.to[last] = to
			}
			continue
		}
		list.from, list.to = append(list.from, from), append(list.to, to)
	}
	return &list, nil
}

// lastOf is the last address of a network.
func lastOf(p netip.Prefix) netip.Addr {
	bytes := p.Addr().AsSlice()
	for bit := p.Bits(); bit < len(bytes)*8; bit++ {
		bytes[bit/8] |= 1 << (7 - bit%8)
	}
	last, _ := netip.AddrFromSlice(bytes) // of 4 or 16
	return last
}

// has tells whether an address is in one of the networks.
func (n *networks) has(a netip.Addr) bool {
	i, found := slices.BinarySearchFunc(n.from, a, netip.Addr.Compare)
	return found || i > 0 && a.Compare(n.to[i-1]) <= 0
}

// lines are the lines of a file that say something, with their numbers from 1.
func lines(r io.Reader) func(func(int, string) bool) {
	return func(yield func(int, string) bool) {
		scan := bufio.NewScanner(r)
		for n := 1; scan.Scan(); n++ {
			line := scan.Text()
			if i := strings.IndexAny(line, "#;"); i >= 0 {
				line = line[:i]
			}
			if line = strings.TrimSpace(line); line != "" && !yield(n, line) {
				return
			}
		}
	}
}
