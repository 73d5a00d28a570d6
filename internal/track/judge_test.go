package track

import (
	"fmt"
	"net/netip"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/tributary-hq/tributary/internal/network"
	"github.com/tributary-hq/tributary/internal/program"
	"github.com/tributary-hq/tributary/internal/touch"
)

const (
	person = "Mozilla/5.0 (X11; Linux x86_64; rv:143.0) Gecko/20100101 Firefox/143.0"
	other  = "Mozilla/5.0 (Windows NT 10.0; Win64; x64; rv:143.0) Gecko/20100101 Firefox/143.0"
)

func TestNetworksOfAFile(t *testing.T) {
	n, err := readNetworks(strings.NewReader("# of a cloud\n192.0.2.0/25 ; half\n192.0.2.64/26\n198.51.100.7\n\n203.0.113.0/24\n203.0.113.128/25\n2001:db8:1::/48\n2001:db8:2::1\n10.1.2.3/8"))
	if err != nil {
		t.Fatal(err)
	}
	for address, want := range map[string]bool{
		"192.0.2.0": true, "192.0.2.127": true, "192.0.2.128": false, "192.0.1.255": false, "198.51.100.7": true, "198.51.100.6": false, "198.51.100.8": false,
		"203.0.113.255": true, "203.0.114.0": false, "10.255.255.255": true, "11.0.0.0": false, "0.0.0.0": false, "255.255.255.255": false,
		"2001:db8:1:ffff::": true, "2001:db8:2::": false, "2001:db8:2::1": true, "::": false, "ffff::": false,
	} {
		if got := n.has(netip.MustParseAddr(address)); got != want {
			t.Errorf("%s: %v, want %v", address, got, want)
		}
	}
	if n.has(netip.Addr{}) {
		t.Error("no address is in a network")
	}
	for _, bad := range []string{"nonsense", "192.0.2.0/33", "::ffff:192.0.2.0/120"} {
		if _, err := readNetworks(strings.NewReader("10.0.0.0/8\n" + bad)); err == nil || !strings.Contains(err.Error(), "line 2") {
			t.Errorf("%q is read: %v", bad, err)
		}
	}
}

func TestHostsOfAFile(t *testing.T) {
	h, err := readHosts(strings.NewReader("# spam\nBuy-Traffic.example\n0.0.0.0 seo.example # twice\nxn--e1afmkfd.example."))
	if err != nil {
		t.Fatal(err)
	}
	for address, want := range map[string]bool{
		"https://buy-traffic.example/x": true, "http://www.Buy-Traffic.example:8080": true, "https://not-buy-traffic.example/": false, "https://example/": false,
		"https://a.b.seo.example./": true, "https://blog.example/?buy-traffic.example": false, "": false, "::": false, "https://xn--e1afmkfd.example": true,
	} {
		if got := h.has(address); got != want {
			t.Errorf("%s: %v, want %v", address, got, want)
		}
	}
	if _, err := readHosts(strings.NewReader("https://seo.example/")); err == nil {
		t.Error("an address is no host")
	}
}

func TestListsAreReadAgain(t *testing.T) {
	path := filepath.Join(t.TempDir(), "networks")
	write := func(text string) {
		if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	if _, err := OpenLists(path, ""); err == nil {
		t.Fatal("a list that is not there is no list")
	}
	write("192.0.2.0/24")
	l, err := OpenLists(path, "")
	if err != nil {
		t.Fatal(err)
	}
	knows := func(address string) bool { return (*l.networks.held.Load()).has(netip.MustParseAddr(address)) }
	if !knows("192.0.2.1") {
		t.Error("the list is not read")
	}
	write("198.51.100.0/24 # another")
	if err := l.Refresh(); err != nil || knows("192.0.2.1") || !knows("198.51.100.1") {
		t.Errorf("the list is not read again: %v", err)
	}
	write("198.51.100.0/24 and some nonsense")
	if err := l.Refresh(); err == nil || !knows("198.51.100.1") {
		t.Errorf("a broken list loses what was known: %v", err)
	}
	if err := l.Refresh(); err != nil {
		t.Errorf("a broken list is told twice: %v", err)
	}
	os.Remove(path)
	if err := l.Refresh(); err == nil || !knows("198.51.100.1") {
		t.Errorf("a lost list loses what was known: %v", err)
	}
	if err := l.Refresh(); err != nil {
		t.Errorf("a lost list is told twice: %v", err)
	}
	write("192.0.2.0/24")
	if err := l.Refresh(); err != nil || !knows("192.0.2.1") {
		t.Errorf("a list that is back is not read: %v", err)
	}
}

// TestJudgingClicks tells a story: each click is at so many milliseconds.
func TestJudgingClicks(t *testing.T) {
	networks, spammers := filepath.Join(t.TempDir(), "n"), filepath.Join(t.TempDir(), "s")
	for path, text := range map[string]string{networks: "198.51.100.0/24", spammers: "seo.example"} {
		if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	lists, err := OpenLists(networks, spammers)
	if err != nil {
		t.Fatal(err)
	}
	d := New(Options{Lists: lists})
	start := time.Date(2026, 5, 3, 12, 0, 0, 0, time.UTC)
	usual, patient, trusting := &program.Program{RepeatMS: 2000}, &program.Program{}, &program.Program{TrustDatacentres: true}
	for i, c := range []struct {
		promise         string
		ms              int
		program         *program.Program
		link, who, from string
		agent, language string
		want            touch.Mark
	}{
		{"a click counts", 0, usual, "a", "192.0.2.1", "", person, "de", touch.Counts},
		{"again a moment later it does not", 500, usual, "a", "192.0.2.1", "", person, "de", touch.Duplicate},
		{"nor the third time", 1900, usual, "a", "192.0.2.1", "", person, "de", touch.Duplicate},
		{"a repetition does not make the next one a repetition", 2100, usual, "a", "192.0.2.1", "", person, "de", touch.Counts},
		{"another link is another click", 2200, usual, "b", "192.0.2.1", "", person, "de", touch.Counts},
		{"another browser is another visitor", 2300, usual, "a", "192.0.2.1", "", other, "de", touch.Counts},
		{"a neighbour is another visitor", 2400, usual, "a", "192.0.2.2", "", person, "de", touch.Counts},
		{"a program may count each", 2500, patient, "c", "192.0.2.1", "", person, "de", touch.Counts},
		{"each", 2501, patient, "c", "192.0.2.1", "", person, "de", touch.Counts},
		{"a referrer that advertises itself", 9000, usual, "d", "192.0.2.9", "http://buttons.seo.example/", person, "de", touch.Spam},
		{"a person in a tunnel", 9000, usual, "d", "198.51.100.9", "", person, "de", touch.Counts},
		{"a machine in a data centre", 9000, usual, "e", "198.51.100.8", "", person, "", touch.Datacentre},
		{"that a program trusts", 9000, trusting, "f", "198.51.100.8", "", person, "", touch.Counts},
		{"the same elsewhere is a person with few headers", 9000, usual, "d", "192.0.2.10", "", person, "", touch.Counts},
		{"a bot stays a bot", 9001, usual, "d", "192.0.2.10", "", "curl/8.0", "", touch.Bot},
	} {
		visitor := netip.MustParseAddr(c.who)
		got := d.judge(touch.Asked{Method: "GET", Agent: c.agent, Language: c.language}, click{program: c.program, link: c.link, referrer: c.from,
			visitor: visitor, network: network.Kept(visitor), at: start.Add(time.Duration(c.ms) * time.Millisecond)})
		if got != c.want {
			t.Errorf("%d. %s: %q, want %q", i, c.promise, got, c.want)
		}
	}
}

func TestImpossibleRates(t *testing.T) {
	d := New(Options{})
	start := time.Date(2026, 5, 3, 12, 0, 0, 0, time.UTC)
	ask := func(ms, i int, link string) touch.Mark {
		visitor := netip.MustParseAddr(fmt.Sprintf("192.0.2.%d", i%250))
		return d.judge(touch.Asked{Method: "GET", Agent: person, Language: "de"}, click{program: &program.Program{}, link: link, visitor: visitor,
			network: network.Kept(visitor), at: start.Add(time.Duration(ms) * time.Millisecond)})
	}
	for i := range 20 {
		if got := ask(i*100, i, "hot"); got != touch.Counts {
			t.Fatalf("click %d of 20 in two seconds: %q", i+1, got)
		}
	}
	if got := ask(2100, 21, "hot"); got != touch.Rate {
		t.Errorf("the 21st: %q", got)
	}
	if got := ask(2100, 21, "cold"); got != touch.Counts {
		t.Errorf("another link: %q", got)
	}
	if got := ask(60_000, 21, "hot"); got != touch.Counts {
		t.Errorf("a minute later: %q", got)
	}
	for i := range 200 { // two a second, for ever: less than the rate at any time
		if got := ask(100_000+i*510, i, "steady"); got != touch.Counts {
			t.Fatalf("click %d of a steady stream: %q", i+1, got)
		}
	}
}

// TestProxiesAreNoVisitors: a proxy that the owner forgot to name has all clicks, and is not one visitor who is too fast.
func TestProxiesAreNoVisitors(t *testing.T) {
	d := New(Options{})
	for _, address := range []string{"127.0.0.1", "10.1.2.3", "192.168.1.1", "172.20.0.2", "::1", "fd00::1", "fe80::1"} {
		visitor := netip.MustParseAddr(address)
		for i := range 50 {
			got := d.judge(touch.Asked{Method: "GET", Agent: person, Language: "de"}, click{program: &program.Program{}, link: "hot", visitor: visitor,
				network: network.Kept(visitor), at: time.UnixMilli(1_800_000_000_000 + int64(i))})
			if got != touch.Counts {
				t.Fatalf("click %d from %s: %q", i+1, address, got)
			}
		}
	}
}

// TestAttackersOnlyMakeItForget: memory is bounded by its type; what remains is that an answer is never wrong.
func TestAttackersOnlyMakeItForget(t *testing.T) {
	r := newRecent()
	for i := range 1_000_000 {
		name := r.name("attacker", fmt.Sprint(i))
		if r.isRepeat(name, int64(1_000_000+i/1000), 2000) {
			t.Fatalf("the name %d has never clicked", i)
		}
		if r.rate(name, int64(1_000_000+i/1000), 10_000) > 1 {
			t.Fatalf("the name %d has one click", i)
		}
	}
}

func BenchmarkNetworks(b *testing.B) {
	var text strings.Builder
	for i := range 40_000 {
		fmt.Fprintf(&text, "%d.%d.%d.0/25\n", 1+i>>12, i>>4&255, i&15*16)
	}
	n, err := readNetworks(strings.NewReader(text.String()))
	if err != nil {
		b.Fatal(err)
	}
	b.ReportAllocs()
	i := uint32(0)
	for b.Loop() {
		i += 2654435761
		n.has(netip.AddrFrom4([4]byte{byte(i>>24) % 12, byte(i >> 16), byte(i >> 8), byte(i)}))
	}
}

func BenchmarkJudgeClick(b *testing.B) {
	d := New(Options{})
	asked := touch.Asked{Method: "GET", Agent: other, Accept: "text/html", Language: "de"}
	c := click{program: &program.Program{RepeatMS: 2000}, link: "lnk_06a1b2c3d4e5f6g7h8j9kmnp", visitor: netip.MustParseAddr("192.0.2.1"), network: "192.0.2.0", at: time.Now()}
	b.ReportAllocs()
	for b.Loop() {
		c.at = c.at.Add(time.Second)
		d.judge(asked, c)
	}
}
