package touch

import (
	"context"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/base64"
	"errors"
	"strings"
	"testing"
	"time"

	"github.com/tributary-hq/tributary/internal/db"
	"github.com/tributary-hq/tributary/internal/db/dbtest"
)

var (
	noon     = time.Date(2026, 5, 3, 12, 0, 0, 123e6, time.UTC)
	testKeys = NewKeys([]byte("the first key of them"), []byte("the second key, which signs"))
)

func TestClickIDComesBack(t *testing.T) {
	for _, link := range []int64{1, 1<<39 - 1, 0x1234567890} {
		id := testKeys.NewID(noon, link)
		if len(id) != 38 || strings.Trim(id, "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_") != "" {
			t.Errorf("%q is not 38 characters of base64url", id)
		}
		claim, err := testKeys.Parse(id)
		if err != nil || claim != (Claim{At: noon, Link: link}) {
			t.Errorf("Parse(%q) = %v, %v", id, claim, err)
		}
		if again := testKeys.NewID(noon, link); again == id {
			t.Errorf("%q twice", id)
		}
	}
}

func TestClickIDTampered(t *testing.T) {
	id := testKeys.NewID(noon, 42)
	raw, _ := base64.RawURLEncoding.DecodeString(id)
	for bit := range len(raw) * 8 {
		forged := append([]byte(nil), raw...)
		forged[bit/8] ^= 1 << (bit % 8)
		if _, err := testKeys.Parse(base64.RawURLEncoding.EncodeToString(forged)); !errors.Is(err, ErrForged) {
			t.Errorf("bit %d flipped: %v", bit, err)
		}
	}
	for i := range len(id) {
		for c := range 256 {
			if byte(c) == id[i] {
				continue
			}
			if _, err := testKeys.Parse(id[:i] + string([]byte{byte(c)}) + id[i+1:]); err == nil {
				t.Errorf("character %d as %q passes", i, byte(c))
			}
		}
	}
	for _, bad := range []string{"", "x", id + "A", id[:37], " " + id[1:], id[:36] + "\r\n", strings.Repeat("=", 38)} {
		if _, err := testKeys.Parse(bad); !errors.Is(err, ErrMalformed) {
			t.Errorf("Parse(%q): %v", bad, err)
		}
	}
}

func TestClickIDOfAnotherKey(t *testing.T) {
	old := NewKeys([]byte("the first key of them"))
	if _, err := testKeys.Parse(old.NewID(noon, 7)); err != nil {
		t.Errorf("an id of a key that signs no more: %v", err)
	}
	if _, err := old.Parse(testKeys.NewID(noon, 7)); !errors.Is(err, ErrForged) {
		t.Errorf("an id of a key that is not there: %v", err)
	}
	if _, err := NewKeys([]byte("theirs")).Parse(old.NewID(noon, 7)); !errors.Is(err, ErrForged) {
		t.Errorf("an id of someone else's key: %v", err)
	}
}

func TestMACIsHMAC(t *testing.T) {
	for _, secret := range []string{"short", strings.Repeat("long", 40)} {
		raw, _ := base64.RawURLEncoding.DecodeString(NewKeys([]byte(secret)).NewID(noon, 42))
		mac := hmac.New(sha256.New, []byte(secret))
		mac.Write(raw[:idSigned])
		if !hmac.Equal(mac.Sum(nil)[:10], raw[idSigned:]) {
			t.Errorf("the MAC with a key of %d bytes is not HMAC-SHA256", len(secret))
		}
	}
}

func TestLoadKeysOnce(t *testing.T) {
	dbtest.Run(t, func(t *testing.T, d *db.DB) {
		ctx := context.Background()
		first, err := LoadKeys(ctx, d)
		if err != nil {
			t.Fatal(err)
		}
		second, err := LoadKeys(ctx, d)
		if err != nil {
			t.Fatal(err)
		}
		if _, err := second.Parse(first.NewID(noon, 9)); err != nil {
			t.Errorf("another start has other keys: %v", err)
		}
	})
}

func FuzzParse(f *testing.F) {
	f.Add(testKeys.NewID(noon, 42))
	f.Add("")
	f.Fuzz(func(t *testing.T, s string) {
		claim, err := testKeys.Parse(s)
		if err == nil && (claim.Link < 0 || len(s) != 38) {
			t.Errorf("%q passes as %v", s, claim)
		}
	})
}

func BenchmarkNewID(b *testing.B) {
	b.ReportAllocs()
	for b.Loop() {
		testKeys.NewID(noon, 42)
	}
}

func BenchmarkParse(b *testing.B) {
	id := testKeys.NewID(noon, 42)
	b.ReportAllocs()
	for b.Loop() {
		testKeys.Parse(id)
	}
}
