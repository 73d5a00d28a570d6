// Package placetest writes small files of places for tests.
package placetest

import (
	"encoding/binary"
	"net/netip"
	"slices"
)

// File is a database in MaxMind's format, version 2.0, with a record for each network: a search tree of 24-bit nodes over
// IPv6, in which IPv4 is ::/96, then the records, then what describes the file. Networks must not contain each other.
func File(records map[string]map[string]any) []byte {
	type node [2]int // below zero: nothing; from leaf on: a record
	const leaf = 1 << 20
	tree := []node{{-1, -1}}
	var data []byte
	networks := make([]string, 0, len(records))
	for network := range records {
		networks = append(networks, network)
	}
	slices.Sort(networks)
	for _, network := range networks {
		p := netip.MustParsePrefix(network)
		bytes, bits := p.Addr().As16(), p.Bits()
		if p.Addr().Is4() {
			bytes, bits = [16]byte{}, bits+96
			four := p.Addr().As4()
			copy(bytes[12:], four[:])
		}
		at := 0
		for i := range bits {
			side := int(bytes[i/8]>>(7-i%8)) & 1
			if i == bits-1 {
				tree[at][side] = leaf + len(data)
			} else {
				if tree[at][side] < 0 {
					tree = append(tree, node{-1, -1})
					tree[at][side] = len(tree) - 1
				}
				at = tree[at][side]
			}
		}
		data = append(data, encode(records[network])...)
	}
	var file []byte
	for _, n := range tree {
		for _, to := range n {
			switch {
			case to < 0:
				to = len(tree)
			case to >= leaf:
				to = to - leaf + len(tree) + 16
			}
			file = append(file, byte(to>>16), byte(to>>8), byte(to))
		}
	}
	file = append(append(file, make([]byte, 16)...), data...)
	file = append(file, "\xab\xcd\xefMaxMind.com"...)
	return append(file, encode(map[string]any{"binary_format_major_version": uint64(2), "binary_format_minor_version": uint64(0), "build_epoch": uint64(1_760_000_000),
		"database_type": "Test", "description": map[string]any{}, "ip_version": uint64(6), "languages": []any{}, "node_count": uint64(len(tree)), "record_size": uint64(24)})...)
}

// encode writes a value as the format has it: strings, unsigned numbers, maps, lists.
func encode(v any) []byte {
	head := func(kind byte, size int) []byte {
		var b []byte
		first, more := byte(size), []byte(nil)
		if size >= 29 {
			first, more = 29, []byte{byte(size - 29)}
		}
		if kind > 7 {
			b = append(b, first, kind-7)
		} else {
			b = append(b, kind<<5|first)
		}
		return append(b, more...)
	}
	switch v := v.(type) {
	case string:
		return append(head(2, len(v)), v...)
	case uint64:
		number := binary.BigEndian.AppendUint64(nil, v)
		for len(number) > 0 && number[0] == 0 {
			number = number[1:]
		}
		return append(head(9, len(number)), number...)
	case map[string]any:
		b := head(7, len(v))
		names := make([]string, 0, len(v))
		for name := range v {
			names = append(names, name)
		}
		slices.Sort(names)
		for _, name := range names {
			b = append(append(b, encode(name)...), encode(v[name])...)
		}
		return b
	case []any:
		b := head(11, len(v))
		for _, one := range v {
			b = append(b, encode(one)...)
		}
		return b
	}
	panic("placetest: no such value")
}

// Country is the record of a network that is in a country, and in a region of it where one is named.
func Country(code string, region ...string) map[string]any {
	record := map[string]any{"country": map[string]any{"iso_code": code}}
	if len(region) > 0 {
		record["subdivisions"] = []any{map[string]any{"iso_code": region[0]}}
	}
	return record
}

// Network is the record of an autonomous system.
func Network(number uint64, name string) map[string]any {
	return map[string]any{"autonomous_system_number": number, "autonomous_system_organization": name}
}
