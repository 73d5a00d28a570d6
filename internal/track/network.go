package track

import (
	"net/http"
	"net/netip"
	"strings"
)

// network is the client's address as it is kept: without its last part (IPv4 /24, IPv6 /48), so that it names a network and
// no person. Who asks through a trusted proxy is the last in X-Forwarded-For that is not one itself.
func (d *Door) network(r *http.Request) string {
	peer, err := netip.ParseAddrPort(r.RemoteAddr)
	if err != nil {
		return ""
	}
	client := peer.Addr().Unmap()
	if len(d.proxies) > 0 {
		client = d.behind(client, r.Header["X-Forwarded-For"])
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

func (d *Door) behind(client netip.Addr, forwarded []string) netip.Addr {
	hops := strings.Split(strings.Join(forwarded, ","), ",")
	for i := len(hops) - 1; i >= 0 && d.trusts(client); i-- {
		hop, err := netip.ParseAddr(strings.TrimSpace(hops[i]))
		if err != nil {
			break
		}
		client = hop.Unmap()
	}
	return client
}

func (d *Door) trusts(a netip.Addr) bool {
	for _, proxy := range d.proxies {
		if proxy.Contains(a) {
			return true
		}
	}
	return false
}
