package track

import (
	"net/http"
	"net/netip"
	"strings"
)

// Network is the client's address as it is kept: without its last part (IPv4 /24, IPv6 /48), so that it names a network and
// no person.
func Network(r *http.Request, proxies []netip.Prefix) string { return networkOf(visitor(r, proxies)) }

// visitor is the client's whole address, not valid when there is none. Who asks through a trusted proxy is the last in
// X-Forwarded-For that is not one itself.
func visitor(r *http.Request, proxies []netip.Prefix) netip.Addr {
	peer, err := netip.ParseAddrPort(r.RemoteAddr)
	if err != nil {
		return netip.Addr{}
	}
	client := peer.Addr().Unmap()
	if len(proxies) > 0 {
		client = behind(client, r.Header["X-Forwarded-For"], proxies)
	}
	return client.WithZone("")
}

func networkOf(client netip.Addr) string {
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
