// Package id makes the names of things: a prefix that says the kind, then time and chance, so that ids sort by birth and
// nobody can guess one. It keeps nothing.
package id

import (
	"crypto/rand"
	"encoding/base32"
	"encoding/binary"
	"strings"
	"time"
)

// crockford's alphabet, lower case: sorts as its values do and has no letters that are misread.
var crockford = base32.NewEncoding("0123456789abcdefghjkmnpqrstvwxyz").WithPadding(base32.NoPadding)

// New makes an id such as "cnv_06d1x2…": 48 bits of milliseconds and 72 bits of chance, in 24 characters.
func New(prefix string, at time.Time) string {
	b := moment(at)
	rand.Read(b[6:]) // never fails: crypto/rand ends the program rather than return less
	return prefix + "_" + crockford.EncodeToString(b[:])
}

// First is the least id that New can make at a moment: ids of that moment and later are not before it.
func First(prefix string, at time.Time) string {
	b := moment(at)
	return prefix + "_" + crockford.EncodeToString(b[:])
}

// moment is an id's bytes without chance.
func moment(at time.Time) (b [15]byte) {
	var ms [8]byte
	binary.BigEndian.PutUint64(ms[:], uint64(max(0, at.UnixMilli())))
	copy(b[:6], ms[2:])
	return b
}

// Is tells whether s has the form of an id with the prefix.
func Is(prefix, s string) bool {
	rest, ok := strings.CutPrefix(s, prefix+"_")
	if !ok || len(rest) != 24 {
		return false
	}
	_, err := crockford.DecodeString(rest)
	return err == nil
}

// Secret makes n bytes of chance as text, for tokens, keys and codes that must not be guessed.
func Secret(n int) string {
	b := make([]byte, n)
	rand.Read(b)
	return crockford.EncodeToString(b)
}
