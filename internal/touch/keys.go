package touch

import (
	"context"
	"crypto/rand"
	"crypto/sha256"
	"crypto/subtle"
	"encoding/base64"
	"encoding/binary"
	"encoding/hex"
	"errors"
	"fmt"
	"strings"
	"time"

	"github.com/tributary-hq/tributary/internal/db"
)

// ErrMalformed says that a text has not the form of a click id.
var ErrMalformed = errors.New("not a click id")

// ErrForged says that a text has the form of a click id, but that this installation did not make it.
var ErrForged = errors.New("a forged click id")

// Claim is what a click id says by itself, proved by its MAC, whether the click has been read yet or not.
type Claim struct {
	At    time.Time
	Link  int64 // the link's number
	Agent bool  // a program that buys for somebody asked for it, and it was never a click
}

// Keys sign click ids. The last one signs; all are believed.
type Keys struct{ pads []pads }

// pads are a key as HMAC (RFC 2104) uses it: xored with the inner and the outer padding, a SHA-256 block each.
type pads struct{ inner, outer [sha256.BlockSize]byte }

// AgentFor is how long after an agent asked its token proves anything.
const AgentFor = 24 * time.Hour

// Stale tells whether the claim is an agent's and proves nothing any more at a moment.
func (c Claim) Stale(at time.Time) bool { return c.Agent && at.After(c.At.Add(AgentFor)) }

// A click id is 28 bytes: the key's number, six of milliseconds, whose first bit tells an agent's token from a click, five of the link's number, six of chance, and ten of an
// HMAC-SHA256 over the others; in base64url these are 38 characters.
const (
	idSigned = 18
	idBytes  = 28
	idLength = 38
)

// strict, so that the four bits that the last character has to spare are zero and an id is written in one way only.
var idText = base64.RawURLEncoding.Strict()

// NewKeys makes keys of secrets, oldest first, at most 255.
func NewKeys(secrets ...[]byte) Keys {
	k := Keys{make([]pads, len(secrets))}
	for i, secret := range secrets {
		if len(secret) > sha256.BlockSize {
			sum := sha256.Sum256(secret)
			secret = sum[:]
		}
		p := &k.pads[i]
		copy(p.inner[:], secret)
		copy(p.outer[:], secret)
		for j := range p.inner {
			p.inner[j] ^= 0x36
			p.outer[j] ^= 0x5c
		}
	}
	return k
}

// LoadKeys reads the installation's keys; the first time it makes one. They are kept oldest first, in hexadecimal, with
// spaces between them.
func LoadKeys(ctx context.Context, d *db.DB) (Keys, error) {
	var text string
	err := d.Write(ctx, func(tx *db.Tx) error {
		secret := make([]byte, 32)
		rand.Read(secret)
		_, err := db.Exec(ctx, tx, `/* touch.LoadKeys */ insert into setting (name, value) values ('click_keys', $1) on conflict (name) do nothing`,
			hex.EncodeToString(secret))
		if err == nil {
			text, err = db.One(ctx, tx, db.Value[string], `/* touch.LoadKeys */ select value from setting where name = 'click_keys'`)
		}
		return err
	})
	if err != nil {
		return Keys{}, fmt.Errorf("load click keys: %w", err)
	}
	var secrets [][]byte
	for word := range strings.FieldsSeq(text) {
		secret, err := hex.DecodeString(word)
		if err != nil {
			return Keys{}, fmt.Errorf("load click keys: %w", err)
		}
		secrets = append(secrets, secret)
	}
	return NewKeys(secrets...), nil
}

// NewID makes a click id. It is unique by chance: 48 bits for each link and millisecond.
func (k Keys) NewID(at time.Time, link int64) string { return k.newID(at, link, 0) }

// NewAgentID makes the token of an agent that asks by a link. It is a click id in form and proof, and short-lived.
func (k Keys) NewAgentID(at time.Time, link int64) string { return k.newID(at, link, agentBit) }

const agentBit = 0x80

func (k Keys) newID(at time.Time, link int64, flag byte) string {
	var id [idBytes]byte
	binary.BigEndian.PutUint64(id[4:12], uint64(link)) // its upper three bytes are written over
	var ms [8]byte
	binary.BigEndian.PutUint64(ms[:], uint64(at.UnixMilli()))
	copy(id[1:7], ms[2:])
	id[1] |= flag
	id[0] = byte(len(k.pads))
	rand.Read(id[12:idSigned])
	k.sign(&id)
	var text [idLength]byte
	idText.Encode(text[:], id[:])
	return string(text[:])
}

// Parse reads a click id and proves it.
func (k Keys) Parse(s string) (Claim, error) {
	if len(s) != idLength || strings.ContainsAny(s, "\r\n") { // which base64 would pass over
		return Claim{}, ErrMalformed
	}
	var id, proof [idBytes]byte
	if _, err := idText.Decode(id[:], []byte(s)); err != nil {
		return Claim{}, ErrMalformed
	}
	if id[0] == 0 || int(id[0]) > len(k.pads) {
		return Claim{}, ErrForged
	}
	proof = id
	k.sign(&proof)
	if subtle.ConstantTimeCompare(id[:], proof[:]) != 1 {
		return Claim{}, ErrForged
	}
	var ms, link [8]byte
	copy(ms[2:], id[1:7])
	copy(link[3:], id[7:12])
	agent := ms[2]&agentBit != 0
	ms[2] &^= agentBit
	return Claim{Agent: agent, At: time.UnixMilli(int64(binary.BigEndian.Uint64(ms[:]))).UTC(), Link: int64(binary.BigEndian.Uint64(link[:]))}, nil
}

// sign writes the MAC of the key that the id names. All of it is on the stack: this runs for each redirect.
func (k Keys) sign(id *[idBytes]byte) {
	p := &k.pads[id[0]-1]
	var inner [sha256.BlockSize + idSigned]byte
	copy(inner[:], p.inner[:])
	copy(inner[sha256.BlockSize:], id[:idSigned])
	sum := sha256.Sum256(inner[:])
	var outer [sha256.BlockSize + sha256.Size]byte
	copy(outer[:], p.outer[:])
	copy(outer[sha256.BlockSize:], sum[:])
	sum = sha256.Sum256(outer[:])
	copy(id[idSigned:], sum[:idBytes-idSigned])
}
