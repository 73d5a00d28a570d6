// Package once remembers what was answered to a request with an idempotency key, so that a request sent again is answered
// again and does nothing. It does not run requests and does not wait for those under way.
package once

import (
	"context"
	"crypto/sha256"
	"encoding/binary"
	"encoding/hex"
	"fmt"
	"net/http"
	"time"

	"github.com/tributary-hq/tributary/internal/db"
	"github.com/tributary-hq/tributary/internal/problem"
)

// KeepFor is how long answers are kept before they are swept.
const KeepFor = 7 * 24 * time.Hour

// Key is one request: who asks, the name the asker gave it, and the Hash of what is asked.
type Key struct {
	Owner string
	Name  string
	Hash  string
}

// Answer is what was said to a request before. Problem is set, and nothing else, when the key cannot be used for this one.
type Answer struct {
	Status  int
	Body    []byte
	Problem *problem.Problem
}

// Hash is the SHA-256 of the parts, in hexadecimal. Each part goes in behind its length: ("ab", "c") is not ("a", "bc").
func Hash(parts ...[]byte) string {
	sum := sha256.New()
	for _, part := range parts {
		sum.Write(binary.BigEndian.AppendUint64(nil, uint64(len(part))))
		sum.Write(part)
	}
	return hex.EncodeToString(sum.Sum(nil))
}

// isName tells whether a key's name is 1 to 255 printable ASCII characters, as draft-ietf-httpapi-idempotency-key-header has
// it.
func isName(s string) bool {
	for i := range len(s) {
		if s[i] < ' ' || s[i] > '~' {
			return false
		}
	}
	return 1 <= len(s) && len(s) <= 255
}

type kept struct {
	name, hash string
	status     int
	body       []byte
}

func scanKept(row db.Row) (kept, error) {
	var k kept
	err := row.Scan(&k.name, &k.hash, &k.status, &k.body)
	return k, err
}

// Find returns the answers to those requests that were answered before, and a problem for each whose key was used for
// another request.
func Find(ctx context.Context, r db.Reader, keys ...Key) (map[Key]Answer, error) {
	found := map[Key]Answer{}
	asked := map[string][]string{}
	for _, k := range keys {
		if isName(k.Name) {
			asked[k.Owner] = append(asked[k.Owner], k.Name)
		} else {
			found[k] = Answer{Problem: problem.Wrong("Idempotency-Key", "idempotency_key_invalid",
				"an idempotency key is 1 to 255 printable ASCII characters")}
		}
	}
	answered := map[Key]kept{} // by owner and name
	for owner, names := range asked {
		err := db.Batches(names, 500, func(names []string) error {
			var args db.Args
			list, err := db.All(ctx, r, scanKept, `/* once.Find */ select name, hash, status, body from once
				where owner = `+args.Add(owner)+` and name in `+args.In(names), args.List()...)
			for _, k := range list {
				answered[Key{Owner: owner, Name: k.name}] = k
			}
			return err
		})
		if err != nil {
			return nil, fmt.Errorf("find answers: %w", err)
		}
	}
	for _, key := range keys {
		k, ok := answered[Key{Owner: key.Owner, Name: key.Name}]
		switch {
		case !ok:
		case k.hash == key.Hash:
			found[key] = Answer{Status: k.status, Body: k.body}
		default:
			found[key] = Answer{Problem: &problem.Problem{Status: http.StatusUnprocessableEntity, Code: "idempotency_key_reused",
				Detail: fmt.Sprintf("the idempotency key %q came before with another request: a new request needs a new key", key.Name)}}
		}
	}
	return found, nil
}

// Given is the answer that was given to a request.
type Given struct {
	Key    Key
	Status int
	Body   []byte
}

// Keep writes down answers in the transaction that did what was asked. When another answer to one of the keys has been kept
// since Find, it returns a problem: the transaction must end without effect, and Find now knows the answer.
func Keep(ctx context.Context, tx *db.Tx, answers ...Given) error {
	rows := make([][]any, len(answers))
	for i, a := range answers {
		rows[i] = []any{a.Key.Owner, a.Key.Name, a.Key.Hash, a.Status, append([]byte{}, a.Body...), tx.Now.UnixMilli()}
	}
	n, err := db.Insert(ctx, tx, `/* once.Keep */ insert into once (owner, name, hash, status, body, at)`, rows, `on conflict (name, owner) do nothing`)
	if err != nil {
		return fmt.Errorf("keep answers: %w", err)
	}
	if n < int64(len(answers)) {
		return problem.Conflict("idempotency_key_in_use", "a request with the same idempotency key was answered at the same time: send it again")
	}
	return nil
}

// Sweep forgets the answers given before the moment, and returns how many.
func Sweep(ctx context.Context, tx *db.Tx, before time.Time) (int64, error) {
	return db.Exec(ctx, tx, `/* once.Sweep */ delete from once where at < $1`, before.UnixMilli())
}
