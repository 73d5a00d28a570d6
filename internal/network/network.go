// Package network tells where a request comes from, as far as it may be kept: the client's address without its last part
// (IPv4 /24, IPv6 /48), so that it names a network and no person.
package network

import (
	"net/http"
	"net/netip"
	"strings"
)

// Proxies are the networks of proxies whose X-Forwarded-For is believed.
type Proxies []netip.Prefix

// Of is the network of the one who sent the request.
func (p Proxies) Of(r *http.Request) string { return Kept(p.Client(r)) }

// Client is the whole address of the one who sent the request, which may be looked at and not kept; it is not valid when
// there is none.
func (p Proxies) Client(r *http.Request) netip.Addr {
	peer, err := netip.ParseAddrPort(r.RemoteAddr)
	if err != nil {
		return netip.Addr{}
	}
	return p.Behind(peer.Addr(), strings.Join(r.Header["X-Forwarded-For"], ","))
}

// Behind is the address of the one for whom a peer asks: through a trusted proxy it is the last of those that the request was
// forwarded for that is not one itself.
func (p Proxies) Behind(peer netip.Addr, forwarded string) netip.Addr {
	client := peer.Unmap()
	for forwarded != "" && p.trusts(client) {
		i := strings.LastIndexByte(forwarded, ',')
		hop, err := netip.ParseAddr(strings.TrimSpace(forwarded[i+1:]))
		if err != nil {
			break
		}
		client, forwarded = hop.Unmap(), forwarded[:max(i, 0)]
	}
	return client.WithZone("")
}

// Kept is what may be kept of an address: its network.
func Kept(client netip.Addr) string {
	bits := 24
	if client.Is6() {
		bits = 48
	}
	prefix, err := client.Prefix(bits)
	if err != nil || !client.IsValid() {
		return ""
	}
	return prefix.Addr().String()
}

func (p Proxies) trusts(a netip.Addr) bool {
	for _, proxy := range p {
		if proxy.Contains(a) {
			return true
		}
	}
	return false
}
