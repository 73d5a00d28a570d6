// Package place tells where an address is and whose network it belongs to, by files that the owner of the installation
// supplies: databases in MaxMind's format, whoever made them. It asks no one over the net and keeps no address.
package place

import (
	"fmt"
	"net/netip"
	"os"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
	"time"

	"github.com/oschwald/maxminddb-golang/v2"
)

// Place is where an address is. What no file says is empty.
type Place struct {
	Country string // ISO 3166-1, two capitals
	Region  string // ISO 3166-2: DE-BY
	ASN     string // the network's number and its name: AS3320 Deutsche Telekom AG
}

// Book is all files together. A nil one knows nothing.
type Book struct {
	refreshing sync.Mutex
	files      []*file
}

// file is a file and what was last read of it. It is read into memory whole: a file that somebody overwrites while it is
// mapped would end the process.
type file struct {
	path string
	held atomic.Pointer[maxminddb.Reader]
	size int64 // -1 once it was told that it cannot be read
	at   time.Time
}

// Open reads the files.
func Open(paths ...string) (*Book, error) {
	b := &Book{}
	for _, path := range paths {
		b.files = append(b.files, &file{path: path})
	}
	return b, b.Refresh()
}

// Knows tells whether there is any file to ask.
func (b *Book) Knows() bool { return b != nil && len(b.files) > 0 }

// Refresh reads the files that have changed since they were last read; call it about once a second. A file that cannot be
// read leaves what was known before, and is an error once.
func (b *Book) Refresh() error {
	if b == nil {
		return nil
	}
	b.refreshing.Lock()
	defer b.refreshing.Unlock()
	for _, f := range b.files {
		if err := f.refresh(); err != nil {
			return fmt.Errorf("read places of %s: %w", f.path, err)
		}
	}
	return nil
}

func (f *file) refresh() error {
	info, err := os.Stat(f.path)
	if err != nil {
		if f.size < 0 {
			return nil // told before
		}
		f.size = -1
		return err
	}
	if info.Size() == f.size && info.ModTime().Equal(f.at) {
		return nil
	}
	f.size, f.at = info.Size(), info.ModTime()
	text, err := os.ReadFile(f.path)
	if err != nil {
		return err
	}
	reader, err := maxminddb.OpenBytes(text)
	if err != nil {
		return err
	}
	f.held.Store(reader)
	return nil
}

// Of is where an address is, by the first file that says so.
func (b *Book) Of(address netip.Addr) (p Place) {
	if b == nil || !address.IsValid() {
		return p
	}
	for _, f := range b.files {
		reader := f.held.Load()
		if reader == nil {
			continue
		}
		// A record that is not what it should be says nothing: a visitor does not wait for the owner to mend a file.
		if at := reader.Lookup(address); at.Found() {
			p.read(at)
		}
	}
	return p
}

// read takes what a record says and no record before it did: countries and regions as in the files of MaxMind, DB-IP and
// IPinfo, networks as in theirs too.
func (p *Place) read(at maxminddb.Result) {
	if p.Country == "" {
		p.Country = country(text(at, "country", "iso_code"))
		if p.Country == "" {
			p.Country = country(text(at, "country_code"))
		}
	}
	if p.Region == "" && p.Country != "" {
		if region := strings.ToUpper(text(at, "subdivisions", 0, "iso_code")); isRegion(region) {
			p.Region = p.Country + "-" + region
		}
	}
	if p.ASN != "" {
		return
	}
	var number uint64
	if at.DecodePath(&number, "autonomous_system_number") == nil && number > 0 {
		p.ASN = strings.TrimSpace("AS" + strconv.FormatUint(number, 10) + " " + text(at, "autonomous_system_organization"))
	} else if named := text(at, "asn"); strings.HasPrefix(named, "AS") {
		p.ASN = strings.TrimSpace(named + " " + text(at, "as_name"))
	}
}

func text(at maxminddb.Result, path ...any) (s string) {
	if at.DecodePath(&s, path...) != nil {
		return "" // it is not there, or something else
	}
	return s
}

func country(s string) string {
	if len(s) != 2 || s[0] < 'A' || s[0] > 'Z' || s[1] < 'A' || s[1] > 'Z' {
		return ""
	}
	return s
}

func isRegion(s string) bool {
	if len(s) < 1 || len(s) > 3 {
		return false
	}
	for i := range len(s) {
		if c := s[i]; (c < 'A' || c > 'Z') && (c < '0' || c > '9') {
			return false
		}
	}
	return true
}
