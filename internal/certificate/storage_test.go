package certificate

import (
	"context"
	"errors"
	"io/fs"
	"slices"
	"testing"
	"time"

	"github.com/tributary-hq/tributary/internal/db"
	"github.com/tributary-hq/tributary/internal/db/dbtest"
)

func TestWhatIsKeptIsReadOnEveryNode(t *testing.T) {
	dbtest.Run(t, func(t *testing.T, d *db.DB) {
		ctx := t.Context()
		one, two := newStorage(d), newStorage(d)
		for _, name := range []string{"acme/ca/users/a", "certificates/ca/x.example/x.example.crt", "certificates/ca/x.example/x.example.key", "certificates/ca0", "other"} {
			if err := one.Store(ctx, name, []byte("old")); err != nil {
				t.Fatal(err)
			}
			if err := one.Store(ctx, name, []byte(name)); err != nil {
				t.Fatal(err)
			}
			if body, err := two.Load(ctx, name); err != nil || string(body) != name {
				t.Errorf("%s: %q %v", name, body, err)
			}
		}
		for _, c := range []struct {
			folder    string
			recursive bool
			want      []string
		}{
			{"certificates", false, []string{"certificates/ca", "certificates/ca0"}},
			{"certificates/ca", false, []string{"certificates/ca/x.example"}},
			{"certificates/ca", true, []string{"certificates/ca/x.example/x.example.crt", "certificates/ca/x.example/x.example.key"}},
			{"", false, []string{"acme", "certificates", "other"}},
		} {
			if got, err := two.List(ctx, c.folder, c.recursive); err != nil || !slices.Equal(got, c.want) {
				t.Errorf("%q: %q %v", c.folder, got, err)
			}
		}
		if _, err := two.List(ctx, "nothing", true); !errors.Is(err, fs.ErrNotExist) {
			t.Error(err)
		}
		if info, err := two.Stat(ctx, "other"); err != nil || info.Size != 5 || !info.IsTerminal {
			t.Errorf("%+v %v", info, err)
		}
		if info, err := two.Stat(ctx, "certificates"); err != nil || info.IsTerminal {
			t.Errorf("%+v %v", info, err)
		}
		if err := two.Delete(ctx, "certificates/ca"); err != nil {
			t.Fatal(err)
		}
		if one.Exists(ctx, "certificates/ca") || !one.Exists(ctx, "certificates/ca0") || !one.Exists(ctx, "certificates") {
			t.Error("a folder is deleted with all in it, and nothing beside it")
		}
		if _, err := one.Load(ctx, "certificates/ca/x.example/x.example.key"); !errors.Is(err, fs.ErrNotExist) {
			t.Error(err)
		}
	})
}

func TestOneNodeAtATimeWorksOnAName(t *testing.T) {
	dbtest.Run(t, func(t *testing.T, d *db.DB) {
		one, two := newStorage(d), newStorage(d)
		if err := one.Lock(t.Context(), "x"); err != nil {
			t.Fatal(err)
		}
		soon, cancel := context.WithTimeout(t.Context(), 50*time.Millisecond)
		defer cancel()
		if err := two.Lock(soon, "x"); !errors.Is(err, context.DeadlineExceeded) {
			t.Fatalf("locked twice: %v", err)
		}
		if err := one.Unlock(t.Context(), "x"); err != nil {
			t.Fatal(err)
		}
		if err := two.Lock(t.Context(), "x"); err != nil {
			t.Fatal(err)
		}
		two.held.end("x") // as if it had died
		later := time.Now().Add(2 * lockFor)
		d.SetClock(func() time.Time { return later })
		if err := one.Lock(t.Context(), "x"); err != nil {
			t.Fatal(err)
		}
		if err := two.Unlock(t.Context(), "x"); err != nil {
			t.Fatal(err)
		}
		soon, cancel = context.WithTimeout(t.Context(), 50*time.Millisecond)
		defer cancel()
		if err := two.Lock(soon, "x"); err == nil {
			t.Error("who lost a lock freed another's")
		}
		if err := one.free(t.Context()); err != nil {
			t.Fatal(err)
		}
		if err := two.Lock(t.Context(), "x"); err != nil {
			t.Error(err)
		}
		if err := one.Lock(t.Context(), "y"); !errors.Is(err, errClosed) {
			t.Errorf("a node that stops took a lock: %v", err)
		}
	})
}
