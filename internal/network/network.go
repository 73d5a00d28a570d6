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

// Of is the network of the one who sent the request. Who asks through a trusted proxy is the last in X-Forwarded-For that is
// not one itself.
func (p Proxies) Of(r *http.Request) string {
	peer, err := netip.ParseAddrPort(r.RemoteAddr)
	if err != nil {
		return ""
	}
	client := peer.Addr().Unmap()
	if len(p) > 0 {
		client = p.behind(client, r.Header["X-Forwarded-For"])
	}
	bits := 24
	if client.Is6() {
		bits = 48
	}
	prefix, err := client.WithZone("").Prefix(bits)
	if err != nil {
		return ""
	}
	return prefix.Addr().String()
}

func (p Proxies) behind(client netip.Addr, forwarded []string) netip.Addr {
	hops := strings.Split(strings.Join(forwarded, ","), ",")
	for i := len(hops) - 1; i >= 0 && p.trusts(client); i-- {
		hop, err := netip.ParseAddr(strings.TrimSpace(hops[i]))
		if err != nil {
			break
		}
		client = hop.Unmap()
	}
	return client
}

func (p Proxies) trusts(a netip.Addr) bool {
	for _, proxy := range p {
		if proxy.Contains(a) {
			return true
		}
	}
	return false
}
