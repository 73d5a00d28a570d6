package dbtest

import (
	"net/url"
	"os"
	"os/exec"
	"os/user"
	"path/filepath"
	"strconv"
	"syscall"
	"testing"
	"time"

	"github.com/tributary-hq/tributary/internal/db"
)

// Own is a PostgreSQL server of one test's own, which may be killed and started again. It keeps its promises: a commit is on
// the disk when it returns.
type Own struct {
	Target string // of a migrated, empty database
	bin    string
	dir    string
	attr   *syscall.SysProcAttr
	run    *exec.Cmd
}

// OpenOwn starts one, or skips the test where PostgreSQL is not installed.
func OpenOwn(t testing.TB) *Own {
	t.Helper()
	bin, err := postgresBin()
	if err != nil {
		t.Skipf("SKIPPED ON POSTGRESQL: %v", err)
	}
	dir, err := os.MkdirTemp("", "tributary-own-")
	if err != nil {
		t.Fatal(err)
	}
	s := &Own{Target: "postgres://postgres@/postgres?host=" + url.QueryEscape(dir), bin: bin, dir: dir, attr: endsWithUs()}
	if os.Geteuid() == 0 {
		u, err := user.Lookup("postgres")
		if err != nil {
			if u, err = user.Lookup("nobody"); err != nil {
				t.Fatal(err)
			}
		}
		uid, _ := strconv.Atoi(u.Uid)
		gid, _ := strconv.Atoi(u.Gid)
		if err := os.Chown(dir, uid, gid); err != nil {
			t.Fatal(err)
		}
		s.attr.Credential = &syscall.Credential{Uid: uint32(uid), Gid: uint32(gid)}
	}
	t.Cleanup(func() {
		s.Kill(t)
		os.RemoveAll(dir)
	})
	if out, err := s.command("initdb", "-D", dir+"/data", "-U", "postgres", "-A", "trust", "-E", "UTF8", "--locale=C", "--no-sync", "--no-instructions").CombinedOutput(); err != nil {
		t.Fatalf("initdb: %v: %s", err, out)
	}
	s.Start(t)
	if err := migrate(s.Target); err != nil {
		t.Fatal(err)
	}
	return s
}

func (s *Own) command(name string, args ...string) *exec.Cmd {
	c := exec.Command(filepath.Join(s.bin, name), args...)
	c.Dir, c.SysProcAttr = s.dir, s.attr
	return c
}

// Start starts the server and returns when it answers.
func (s *Own) Start(t testing.TB) {
	t.Helper()
	s.run = s.command("postgres", "-D", s.dir+"/data", "-k", s.dir, "-c", "listen_addresses=", "-c", "shared_buffers=32MB")
	if err := s.run.Start(); err != nil {
		t.Fatal(err)
	}
	for deadline := time.Now().Add(30 * time.Second); ; time.Sleep(50 * time.Millisecond) {
		d, err := db.Open(t.Context(), s.Target, db.Options{})
		if err == nil {
			d.Close()
			return
		}
		if time.Now().After(deadline) {
			t.Fatalf("the server does not come up: %v", err)
		}
	}
}

// Kill ends the server as a power cut would end it: at once, with whatever it was doing.
func (s *Own) Kill(t testing.TB) {
	t.Helper()
	if s.run == nil {
		return
	}
	s.run.Process.Signal(syscall.SIGQUIT) // its processes end at once and write nothing; the next start recovers
	s.run.Wait()
	s.run = nil
}
