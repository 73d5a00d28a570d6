package track

import (
	"context"
	"crypto/hmac"
	"crypto/rand"
	"crypto/sha256"
	"encoding/hex"
	"net/netip"
	"sync"
	"time"

	"github.com/tributary-hq/tributary/internal/db"
	"github.com/tributary-hq/tributary/internal/touch"
)

// namers give those a name for a day in whose browsers nothing may be stored. It is made of the day's chance, the program,
// the address and the browser; the chance is thrown away when the day is over, and with it every way back. Two people behind
// one address with the same browser have one name: that is the price.
type namers struct {
	mu   sync.Mutex
	day  string
	salt []byte
}

// name is the visitor's for the day of the moment.
func (n *namers) name(ctx context.Context, d *db.DB, at time.Time, prog string, from netip.Addr, agent string) (string, error) {
	salt, err := n.saltOf(ctx, d, at.UTC().Format(time.DateOnly))
	if err != nil {
		return "", err
	}
	mac := hmac.New(sha256.New, salt)
	for _, text := range [...]string{prog, from.Unmap().WithZone("").String(), agent} {
		mac.Write([]byte(text))
		mac.Write([]byte{0})
	}
	return touch.ForADay + hex.EncodeToString(mac.Sum(nil)[:16]), nil
}

// saltOf is the chance of a day, the same on every node; that of the days before is forgotten.
func (n *namers) saltOf(ctx context.Context, d *db.DB, day string) ([]byte, error) {
	n.mu.Lock()
	defer n.mu.Unlock()
	if n.day == day {
		return n.salt, nil
	}
	fresh := make([]byte, 32)
	rand.Read(fresh)
	var salt []byte
	err := d.Write(ctx, func(tx *db.Tx) error {
		if _, err := db.Exec(ctx, tx, `/* track.saltOf */ delete from visitor_salt where day < $1`, tx.Now.UTC().Format(time.DateOnly)); err != nil {
			return err
		}
		if _, err := db.Exec(ctx, tx, `/* track.saltOf */ insert into visitor_salt (day, salt) values ($1, $2) on conflict (day) do nothing`, day, fresh); err != nil {
			return err
		}
		var err error
		salt, err = db.One(ctx, tx, db.Value[[]byte], `/* track.saltOf */ select salt from visitor_salt where day = $1`, day)
		return err
	})
	if err == nil {
		n.day, n.salt = day, salt
	}
	return salt, err
}
