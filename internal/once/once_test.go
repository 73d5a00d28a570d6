package once_test

import (
	"fmt"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/tributary-hq/tributary/internal/db"
	"github.com/tributary-hq/tributary/internal/db/dbtest"
	"github.com/tributary-hq/tributary/internal/once"
	"github.com/tributary-hq/tributary/internal/problem"
)

func TestHashKeepsPartsApart(t *testing.T) {
	seen := map[string]string{}
	for _, parts := range []string{"", "|", "a", "a|", "|a", "ab|c", "a|bc", "abc", "a|b|c"} {
		var list [][]byte
		for part := range strings.SplitSeq(parts, "|") {
			list = append(list, []byte(part))
		}
		hash := once.Hash(list...)
		if other, ok := seen[hash]; ok || len(hash) != 64 {
			t.Errorf("%q and %q have one hash: %s", parts, other, hash)
		}
		seen[hash] = parts
	}
}

func TestAnAnswerIsGivenAgain(t *testing.T) {
	dbtest.Run(t, func(t *testing.T, d *db.DB) {
		keep := func(key once.Key, status int, body string) error {
			return d.Write(t.Context(), func(tx *db.Tx) error {
				return once.Keep(t.Context(), tx, once.Given{Key: key, Status: status, Body: []byte(body)})
			})
		}
		for _, k := range []struct {
			key    once.Key
			status int
			body   string
		}{
			{once.Key{Owner: "tok_1", Name: "a", Hash: "h1"}, 201, `{"id":1}`},
			{once.Key{Owner: "tok_1", Name: "b", Hash: "h2"}, 422, "no\x00t \xff text"},
			{once.Key{Owner: "tok_2", Name: "a", Hash: "h3"}, 204, ""},
		} {
			if err := keep(k.key, k.status, k.body); err != nil {
				t.Fatal(err)
			}
		}
		cases := []struct {
			name string
			key  once.Key
			want string
		}{
			{"answered before", once.Key{Owner: "tok_1", Name: "a", Hash: "h1"}, `201 {"id":1}`},
			{"bytes as they were", once.Key{Owner: "tok_1", Name: "b", Hash: "h2"}, "422 no\x00t \xff text"},
			{"another owner's", once.Key{Owner: "tok_2", Name: "a", Hash: "h3"}, "204 "},
			{"never seen", once.Key{Owner: "tok_2", Name: "b", Hash: "h2"}, "none"},
			{"another request", once.Key{Owner: "tok_1", Name: "a", Hash: "h2"}, "idempotency_key_reused"},
			{"no name", once.Key{Owner: "tok_1", Hash: "h1"}, "idempotency_key_invalid"},
			{"no text", once.Key{Owner: "tok_1", Name: "a\x00", Hash: "h1"}, "idempotency_key_invalid"},
			{"too long", once.Key{Owner: "tok_1", Name: strings.Repeat("a", 256), Hash: "h1"}, "idempotency_key_invalid"},
		}
		var keys []once.Key
		for _, c := range cases {
			keys = append(keys, c.key)
		}
		found, err := once.Find(t.Context(), d.Read(), keys...)
		if err != nil {
			t.Fatal(err)
		}
		for _, c := range cases {
			got := "none"
			if a, ok := found[c.key]; ok && a.Problem != nil {
				got = a.Problem.Code
			} else if ok {
				got = fmt.Sprintf("%d %s", a.Status, a.Body)
			}
			if got != c.want {
				t.Errorf("%s: %q, want %q", c.name, got, c.want)
			}
		}
		if err := keep(once.Key{Owner: "tok_1", Name: "a", Hash: "h1"}, 200, ""); problem.Code(err) != "idempotency_key_in_use" {
			t.Errorf("kept twice: %v", err)
		}
	})
}

func TestOldAnswersAreSwept(t *testing.T) {
	dbtest.Run(t, func(t *testing.T, d *db.DB) {
		day := time.Date(2026, 5, 3, 0, 0, 0, 0, time.UTC)
		for i, at := range []time.Time{day, day.Add(once.KeepFor), day.Add(once.KeepFor + time.Hour)} {
			d.SetClock(func() time.Time { return at })
			err := d.Write(t.Context(), func(tx *db.Tx) error {
				n, err := once.Sweep(t.Context(), tx, tx.Now.Add(-once.KeepFor))
				if want := int64(i / 2); n != want {
					t.Errorf("swept %d at %s, want %d", n, at, want)
				}
				if err != nil {
					return err
				}
				return once.Keep(t.Context(), tx, once.Given{Key: once.Key{Owner: "tok_1", Name: fmt.Sprint(i)}, Status: 200})
			})
			if err != nil {
				t.Fatal(err)
			}
		}
	})
}

// Two requests with one key that have both found no answer do what was asked once.
func TestOneOfTwoAtTheSameTimeHasAnEffect(t *testing.T) {
	dbtest.Run(t, func(t *testing.T, d *db.DB) {
		key := once.Key{Owner: "tok_1", Name: "pay", Hash: "h"}
		var both, ready sync.WaitGroup
		ready.Add(2)
		results := make([]error, 2)
		for i := range results {
			both.Go(func() {
				found, err := once.Find(t.Context(), d.Read(), key)
				if err != nil || len(found) != 0 {
					t.Errorf("found %v, %v", found, err)
				}
				ready.Done()
				ready.Wait()
				results[i] = d.Write(t.Context(), func(tx *db.Tx) error {
					if _, err := db.Exec(t.Context(), tx, `insert into setting (name, value) values ($1, 'paid')`, fmt.Sprint(i)); err != nil {
						return err
					}
					return once.Keep(t.Context(), tx, once.Given{Key: key, Status: 201, Body: []byte("paid")})
				})
			})
		}
		both.Wait()
		lost := 0
		for _, err := range results {
			if err != nil {
				lost++
				if problem.Code(err) != "idempotency_key_in_use" {
					t.Error(err)
				}
			}
		}
		effects, err := db.All(t.Context(), d.Read(), db.Value[string], `select value from setting`)
		if err != nil || len(effects) != 1 || lost != 1 {
			t.Errorf("effects %q, %v; %d of 2 lost", effects, err, lost)
		}
		found, err := once.Find(t.Context(), d.Read(), key)
		if err != nil || string(found[key].Body) != "paid" {
			t.Errorf("found %v, %v", found, err)
		}
	})
}
