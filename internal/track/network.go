package track

import (
	"net/http"
	"net/netip"
	"strings"
)

// Network is the client's address as it is kept: without its last part (IPv4 /24, IPv6 /48), so that it names a network and
// no person. Who asks through a trusted proxy is the last in X-Forwarded-For that is not one itself.
func Network(r *http.Request, proxies []netip.Prefix) string {
	peer, err := netip.ParseAddrPort(r.RemoteAddr)
	if err != nil {
		return ""
	}
	client := peer.Addr().Unmap()
	if len(proxies) > 0 {
		client = behind(client, r.Header["X-Forwarded-For"], proxies)
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

func behind(client netip.Addr, forwarded []string, proxies []netip.Prefix) netip.Addr {
	hops := strings.Split(strings.Join(forwarded, ","), ",")
	for i := len(hops) - 1; i >= 0 && trusts(proxies, client); i-- {
		hop, err := netip.ParseAddr(strings.TrimSpace(hops[i]))
		if err != nil {
			break
		}
		client = hop.Unmap()
	}
	return client
}

func trusts(proxies []netip.Prefix, a netip.Addr) bool {
	for _, proxy := range proxies {
		if proxy.Contains(a) {
			return true
		}
	}
	return false
}
