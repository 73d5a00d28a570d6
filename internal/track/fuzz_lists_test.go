package track

import (
	"net/netip"
	"strings"
	"testing"
	"time"
)

func FuzzNetworks(f *testing.F) {
	f.Add("192.0.2.0/24\n2001:db8::/32 # ours\n198.51.100.7", "192.0.2.9")
	f.Add("::ffff:1.2.3.4/100\n0.0.0.0/0", "::1")
	f.Fuzz(func(t *testing.T, text, address string) {
		list, err := readNetworks(strings.NewReader(text))
		a, wrong := netip.ParseAddr(address)
		if err != nil || wrong != nil {
			return
		}
		in := false
		for _, line := range lines(strings.NewReader(text)) {
			if p, err := netip.ParsePrefix(line); err == nil && p.Contains(a) {
				in = true
			}
			if one, err := netip.ParseAddr(line); err == nil && one == a {
				in = true
			}
		}
		if in != list.has(a) {
			t.Errorf("%s in %q: %v", a, text, !in)
		}
	})
}

func FuzzHosts(f *testing.F) {
	f.Add("spam.example\n127.0.0.1 more.example ; why", "https://a.spam.example/x")
	f.Fuzz(func(t *testing.T, text, address string) {
		list, err := readHosts(strings.NewReader(text))
		if err != nil {
			return
		}
		for name := range list {
			if !list.has("https://"+name+"/") && !strings.ContainsAny(name, "%[]\\\"<>^`{|}") && isASCII(name) {
				t.Errorf("%q is not in its own list", name)
			}
		}
		list.has(address)
	})
}

func isASCII(s string) bool {
	return strings.IndexFunc(s, func(r rune) bool { return r <= ' ' || r >= 0x7f }) < 0
}

func FuzzMoment(f *testing.F) {
	f.Add("2026-01-01T00:00:00+14:00")
	f.Add("1767225600")
	f.Fuzz(func(t *testing.T, text string) {
		at, err := readMoment(text)
		if err != nil || at.IsZero() {
			return
		}
		if again, err := readMoment(at.Format(time.RFC3339Nano)); err != nil || !again.Equal(at) {
			t.Errorf("%q is %s, which is %s %v", text, at, again, err)
		}
	})
}
