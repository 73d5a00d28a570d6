package place

import (
	"encoding/json"
	"net/netip"
	"os"
	"path/filepath"
	"testing"
	"time"

	"github.com/tributary-hq/tributary/internal/place/placetest"
)

func write(t *testing.T, path string, body []byte) {
	t.Helper()
	if err := os.WriteFile(path, body, 0o600); err != nil {
		t.Fatal(err)
	}
}

func TestWhereAnAddressIs(t *testing.T) {
	countries, networks := filepath.Join(t.TempDir(), "country.mmdb"), filepath.Join(t.TempDir(), "asn.mmdb")
	write(t, countries, placetest.File(map[string]map[string]any{"192.0.2.0/25": placetest.Country("FR", "IDF"), "192.0.2.128/25": placetest.Country("DE"),
		"2001:db8:1::/48": placetest.Country("CN", "BJ"), "198.51.100.0/24": {"country_code": "US", "country": "United States"}, "203.0.113.0/24": placetest.Country("atlantis", "toolong")}))
	write(t, networks, placetest.File(map[string]map[string]any{"192.0.2.0/24": placetest.Network(3215, "Orange"), "198.51.100.0/24": {"asn": "AS64500", "as_name": "Cloud"}}))
	b, err := Open(countries, networks)
	if err != nil {
		t.Fatal(err)
	}
	for address, want := range map[string]Place{
		"192.0.2.7":      {"FR", "FR-IDF", "AS3215 Orange"},
		"192.0.2.200":    {"DE", "", "AS3215 Orange"},
		"2001:db8:1::7":  {"CN", "CN-BJ", ""},
		"198.51.100.255": {"US", "", "AS64500 Cloud"},
		"203.0.113.1":    {},
		"10.0.0.1":       {},
		"::1":            {},
	} {
		if got := b.Of(netip.MustParseAddr(address)); got != want {
			t.Errorf("%s: %+v, want %+v", address, got, want)
		}
	}
	if got := b.Of(netip.Addr{}); got != (Place{}) {
		t.Errorf("no address is in %+v", got)
	}
	var nobody *Book
	if nobody.Of(netip.MustParseAddr("192.0.2.7")) != (Place{}) || nobody.Refresh() != nil || nobody.Knows() {
		t.Error("without files something is known")
	}
}

func TestFilesAreReadAgain(t *testing.T) {
	path, there := filepath.Join(t.TempDir(), "p.mmdb"), netip.MustParseAddr("192.0.2.1")
	if _, err := Open(path); err == nil {
		t.Fatal("a file that is not there is no file")
	}
	put := func(code string, at time.Time) {
		write(t, path, placetest.File(map[string]map[string]any{"192.0.2.0/24": placetest.Country(code)}))
		if err := os.Chtimes(path, at, at); err != nil {
			t.Fatal(err)
		}
	}
	put("FR", time.Unix(1, 0))
	b, err := Open(path)
	if err != nil || b.Of(there).Country != "FR" {
		t.Fatal(b, err)
	}
	put("DE", time.Unix(2, 0))
	if err := b.Refresh(); err != nil || b.Of(there).Country != "DE" {
		t.Errorf("a new file is not read: %v", err)
	}
	write(t, path, []byte("no database"))
	if err := b.Refresh(); err == nil || b.Of(there).Country != "DE" {
		t.Errorf("a broken file loses what was known: %v", err)
	}
	if err := b.Refresh(); err != nil {
		t.Errorf("a broken file is told twice: %v", err)
	}
	os.Remove(path)
	if err := b.Refresh(); err == nil || b.Of(there).Country != "DE" {
		t.Errorf("a lost file loses what was known: %v", err)
	}
	if err := b.Refresh(); err != nil {
		t.Errorf("a lost file is told twice: %v", err)
	}
	put("CN", time.Unix(3, 0))
	if err := b.Refresh(); err != nil || b.Of(there).Country != "CN" {
		t.Errorf("a file that is back is not read: %v", err)
	}
}

// TestAFileOfOthers reads a database that another program wrote, and compares it with its source.
func TestAFileOfOthers(t *testing.T) {
	shared := "../../../shared/data/geo/GeoIP2-Country-Test"
	source, err := os.ReadFile(shared + ".json")
	if err != nil {
		shared = "../" + shared
		source, err = os.ReadFile(shared + ".json")
	}
	if err != nil {
		t.Skip("the shared files are not here")
	}
	b, err := Open(shared + ".mmdb")
	if err != nil {
		t.Fatal(err)
	}
	var rows []map[string]struct {
		Country struct {
			Code string `json:"iso_code"`
		} `json:"country"`
	}
	if err := json.Unmarshal(source, &rows); err != nil {
		t.Fatal(err)
	}
	compared := 0
	for _, row := range rows {
		for network, record := range row {
			if p, err := netip.ParsePrefix(network); err == nil && record.Country.Code != "" {
				compared++
				if got := b.Of(p.Addr()).Country; got != record.Country.Code {
					t.Errorf("%s: %q, want %q", network, got, record.Country.Code)
				}
			}
		}
	}
	if compared < 100 {
		t.Errorf("only %d networks compared", compared)
	}
}

func FuzzOpen(f *testing.F) {
	f.Add(placetest.File(map[string]map[string]any{"192.0.2.0/24": placetest.Country("FR", "IDF")}))
	f.Fuzz(func(t *testing.T, body []byte) {
		path := filepath.Join(t.TempDir(), "p.mmdb")
		write(t, path, body)
		if b, err := Open(path); err == nil {
			b.Of(netip.MustParseAddr("192.0.2.1"))
		}
	})
}

func BenchmarkOf(b *testing.B) {
	path := filepath.Join(b.TempDir(), "p.mmdb")
	if err := os.WriteFile(path, placetest.File(map[string]map[string]any{"192.0.2.0/24": placetest.Country("FR", "IDF")}), 0o600); err != nil {
		b.Fatal(err)
	}
	book, err := Open(path)
	if err != nil {
		b.Fatal(err)
	}
	there := netip.MustParseAddr("192.0.2.1")
	b.ReportAllocs()
	for b.Loop() {
		book.Of(there)
	}
}
