package auth

import (
	"context"
	"crypto/rand"
	"crypto/subtle"
	"encoding/base64"
	"errors"
	"fmt"
	"runtime"
	"strings"
	"time"
	"unicode/utf8"

	"golang.org/x/crypto/argon2"

	"github.com/tributary-hq/tributary/internal/db"
	"github.com/tributary-hq/tributary/internal/problem"
)

// Password is what is kept of a password. Only NewPassword makes one, so that none can be stored as it was typed.
type Password struct{ phc string }

// NewPassword hashes a password of 10 to 256 characters. It takes its time: call it before the transaction, not in it.
func NewPassword(ctx context.Context, typed string) (Password, error) {
	if n := utf8.RuneCountInString(typed); n < 10 || n > 256 {
		return Password{}, problem.Invalid("password", "a password has 10 to 256 characters")
	}
	h := hash{cost: cost, salt: make([]byte, 16)}
	rand.Read(h.salt)
	var err error
	if h.key, err = h.derive(ctx, typed, 32); err != nil {
		return Password{}, err
	}
	return Password{h.String()}, nil
}

// argon is the cost of one hash.
type argon struct {
	memory  uint32 // KiB
	time    uint32 // passes
	threads uint8
}

// cost is the least that OWASP's password storage cheat sheet recommends for Argon2id.
var cost = argon{memory: 19 * 1024, time: 2, threads: 1}

// hash is an Argon2id hash, written in the PHC string format.
type hash struct {
	cost argon
	salt []byte
	key  []byte
}

var b64 = base64.RawStdEncoding.Strict()

func (h hash) String() string {
	return fmt.Sprintf("$argon2id$v=%d$m=%d,t=%d,p=%d$%s$%s", argon2.Version, h.cost.memory, h.cost.time, h.cost.threads,
		b64.EncodeToString(h.salt), b64.EncodeToString(h.key))
}

var errHash = errors.New("not a password hash in the PHC format")

// parseHash reads what String writes, and nothing else. Costs and lengths are bounded, so that a broken row cannot keep the
// machine busy.
func parseHash(s string) (hash, error) {
	parts := strings.Split(s, "$")
	if len(parts) != 6 || len(s) > 512 {
		return hash{}, errHash
	}
	var h hash
	c := &h.cost
	_, costs := fmt.Sscanf(parts[3], "m=%d,t=%d,p=%d", &c.memory, &c.time, &c.threads)
	salt, salts := b64.DecodeString(parts[4])
	key, keys := b64.DecodeString(parts[5])
	h.salt, h.key = salt, key
	switch {
	case costs != nil, salts != nil, keys != nil, h.String() != s,
		c.threads < 1, c.time < 1, c.time > 32, c.memory < 8*uint32(c.threads), c.memory > 1<<20, len(salt) < 8, len(key) < 16:
		return hash{}, errHash
	}
	return h, nil
}

// derivations bounds the hashes computed at one time, and with them the memory that a flood of sign-ins can take.
var derivations = make(chan struct{}, runtime.GOMAXPROCS(0))

// derivationWait is how long one may wait for its turn. A flood is sent away rather than kept waiting with everybody else.
const derivationWait = 3 * time.Second

func (h hash) derive(ctx context.Context, typed string, length int) ([]byte, error) {
	select {
	case derivations <- struct{}{}:
	case <-time.After(derivationWait):
		return nil, db.ErrBusy
	case <-ctx.Done():
		return nil, ctx.Err()
	}
	defer func() { <-derivations }()
	return argon2.IDKey([]byte(typed), h.salt, h.cost.time, h.cost.memory, h.cost.threads, uint32(length)), nil
}

// verify tells whether a password is the one kept. Where there is none it takes as long and says no.
func verify(ctx context.Context, phc, typed string) (right bool, err error) {
	h := hash{cost: cost, salt: make([]byte, 16), key: make([]byte, 32)}
	if phc != "" {
		if h, err = parseHash(phc); err != nil {
			return false, err
		}
	}
	key, err := h.derive(ctx, typed, len(h.key))
	return err == nil && phc != "" && subtle.ConstantTimeCompare(key, h.key) == 1, err
}
