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
	var b [15]byte
	var ms [8]byte
	binary.BigEndian.PutUint64(ms[:], uint64(at.UnixMilli()))
	copy(b[:6], ms[2:])
	rand.Read(b[6:]) // never fails: crypto/rand ends the program rather than return less
	return prefix + "_" + crockford.EncodeToString(b[:])
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
