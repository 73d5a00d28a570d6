package app_test

import (
	"errors"
	"os"
	"path/filepath"
	"syscall"
	"testing"
	"time"

	"github.com/tributary-hq/tributary/internal/db"
	"github.com/tributary-hq/tributary/internal/db/dbtest"
)

func TestAFullDiskRefusesHonestly(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	if err := syscall.Mount("tributary", dir, "tmpfs", 0, "size=6m"); err != nil {
		t.Skipf("SKIPPED: no small disk can be made here: %v", err)
	}
	t.Cleanup(func() { syscall.Unmount(dir, 0) })
	template, err := os.ReadFile(dbtest.Target(t, db.SQLite))
	if err != nil {
		t.Fatal(err)
	}
	target := filepath.Join(dir, "tributary.db")
	if err := os.WriteFile(target, template, 0o600); err != nil {
		t.Fatal(err)
	}
	r := openRiver(t, target)
	r.visit(200 * time.Millisecond)
	ballast := filepath.Join(dir, "ballast")
	f, err := os.Create(ballast)
	if err != nil {
		t.Fatal(err)
	}
	for err == nil {
		_, err = f.Write(make([]byte, 4096))
	}
	if f.Close(); !errors.Is(err, syscall.ENOSPC) {
		t.Fatal(err)
	}
	r.visit(2 * time.Second)
	if err := os.Remove(ballast); err != nil {
		t.Fatal(err)
	}
	r.recovers(t)
	r.check(t, true)
}
