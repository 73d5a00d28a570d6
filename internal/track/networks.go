package track

import (
	"bufio"
	"cmp"
	"encoding/binary"
	"fmt"
	"io"
	"net/netip"
	"slices"
	"strings"
)

// networks are stretches of addresses in their order, none touching another: those of IPv4 as numbers, which are searched
// within the memory that is near.
type networks struct {
	four stretches[uint32]
	six  stretches[netip.Addr]
}

type stretches[A any] struct{ from, to []A }

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
		if from, to := p.Addr(), lastOf(p); from.Is4() {
			list.four.add(number(from), number(to), cmp.Compare[uint32])
		} else {
			list.six.add(from, to, netip.Addr.Compare)
		}
	}
	return &list, nil
}

// add takes a stretch that begins where the last one does, or later.
func (s *stretches[A]) add(from, to A, compare func(a, b A) int) {
	if last := len(s.to) - 1; last >= 0 && compare(from, s.to[last]) <= 0 {
		if compare(to, s.to[last]) > 0 {
			s.to[last] = to
		}
		return
	}
	s.from, s.to = append(s.from, from), append(s.to, to)
}

// number is an IPv4 address as a number.
func number(a netip.Addr) uint32 {
	bytes := a.As4()
	return binary.BigEndian.Uint32(bytes[:])
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
	switch {
	case a.Is4():
		address := number(a)
		i, found := slices.BinarySearch(n.four.from, address)
		return found || i > 0 && address <= n.four.to[i-1]
	case a.Is6():
		i, found := slices.BinarySearchFunc(n.six.from, a, netip.Addr.Compare)
		return found || i > 0 && a.Compare(n.six.to[i-1]) <= 0
	}
	return false
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
