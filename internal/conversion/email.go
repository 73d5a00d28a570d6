package conversion

import (
	"crypto/sha256"
	"encoding/hex"
	"strings"

	"github.com/tributary-hq/tributary/internal/problem"
)

// HashEmail is an e-mail address as it is kept: the SHA-256 of the address, trimmed and in small letters, in hexadecimal. It is the
// form in which shops, advertising networks and customer systems hash addresses, so that what two of them send meets; a secret of
// our own mixed in would end that and would protect little, for whoever has the database has the secret beside it. Dots and what
// follows a plus are left as they are: only some providers pass over them, and two people are worse than one who is not found.
func HashEmail(address string) string {
	sum := sha256.Sum256([]byte(strings.ToLower(strings.TrimSpace(address))))
	return hex.EncodeToString(sum[:])
}

// EitherEmail is the hash of an address that came in clear, which goes no further than the door, or the hash that came.
func EitherEmail(address, hash string) (string, error) {
	switch address = strings.TrimSpace(address); {
	case address == "":
		return hash, nil
	case hash != "":
		return "", problem.Invalid("email", "send the e-mail address or its hash, not both")
	case len(address) > 320 || strings.Count(address, "@") != 1 || strings.ContainsAny(address, " \t\r\n,;<>"):
		return "", problem.Invalid("email", "that is not an e-mail address")
	}
	return HashEmail(address), nil
}
