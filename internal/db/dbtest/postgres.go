package dbtest

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"net/url"
	"os"
	"os/exec"
	"os/user"
	"path/filepath"
	"strconv"
	"strings"
	"sync"
	"syscall"
	"time"

	"github.com/tributary-hq/tributary/internal/db"
)

// templateName is the migrated, empty database that tests' own are copies of; one a process, for tests of several
// packages may share a server.
var templateName = fmt.Sprintf("tributary_%d", os.Getpid())

// postgresServer is the server that TEST_POSTGRES names, or else one of our own, started once a test process and gone
// with it.
var postgresServer = sync.OnceValues(func() (*server, error) {
	address := os.Getenv("TEST_POSTGRES")
	if !db.IsPostgres(address) {
		var err error
		if address, err = startPostgres(); err != nil {
			return nil, err
		}
	}
	u, err := url.Parse(address)
	if err != nil {
		return nil, err
	}
	s := &server{address: u}
	for deadline := time.Now().Add(20 * time.Second); ; time.Sleep(30 * time.Millisecond) {
		if s.admin, err = db.Open(context.Background(), s.target("postgres"), db.Options{}); err == nil {
			break
		}
		if time.Now().After(deadline) {
			return nil, err
		}
	}
	if err := s.exec("create database " + templateName + ` template template0 encoding 'UTF8' lc_collate 'C' lc_ctype 'C'`); err != nil {
		return nil, err
	}
	return s, migrate(s.target(templateName))
})

// server is a PostgreSQL server with databases for tests. Making and dropping one takes it longer than most tests take, so
// they are emptied and used again.
type server struct {
	address *url.URL
	admin   *db.DB
	mu      sync.Mutex
	made    int
	free    []string
}

// target is the server's address for one of its databases.
func (s *server) target(database string) string {
	u := *s.address
	u.Path = "/" + database
	return u.String()
}

// exec runs a statement that no transaction may hold, such as create database.
func (s *server) exec(statement string) error {
	return s.admin.Outside(context.Background(), statement)
}

func (s *server) borrow() (string, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if last := len(s.free) - 1; last >= 0 {
		name := s.free[last]
		s.free = s.free[:last]
		return name, nil
	}
	s.made++
	name := fmt.Sprintf("%s_%d", templateName, s.made)
	return name, s.exec("create database " + name + " template " + templateName)
}

func (s *server) giveBack(name string) error {
	d, err := db.Open(context.Background(), s.target(name), db.Options{})
	if err != nil {
		return err
	}
	defer d.Close()
	err = d.Outside(context.Background(), `do $$
		declare name text;
		begin
			set local session_replication_role = replica; -- foreign keys rest meanwhile
			for name in select tablename from pg_tables where schemaname = 'public' and tablename <> 'migration' loop
				execute format('delete from %I', name);
			end loop;
		end $$`)
	s.mu.Lock()
	defer s.mu.Unlock()
	s.free = append(s.free, name)
	return err
}

// lifeline is the pipe to the server's keeper. It is kept here so that nothing closes it before this process ends.
var lifeline io.WriteCloser

// startPostgres makes a cluster in a temporary folder and serves it on a socket there. A small shell holds it: when this
// process ends, however it ends, the pipe closes, and the shell stops the server and removes the folder.
func startPostgres() (string, error) {
	bin, err := postgresBin()
	if err != nil {
		return "", err
	}
	dir, err := os.MkdirTemp("", "tributary-pg-")
	if err != nil {
		return "", err
	}
	attr := &syscall.SysProcAttr{Setpgid: true}
	if os.Geteuid() == 0 { // the server refuses to run as root
		u, err := user.Lookup("postgres")
		if err != nil {
			if u, err = user.Lookup("nobody"); err != nil {
				return "", err
			}
		}
		uid, _ := strconv.Atoi(u.Uid)
		gid, _ := strconv.Atoi(u.Gid)
		if err := os.Chown(dir, uid, gid); err != nil {
			return "", err
		}
		attr.Credential = &syscall.Credential{Uid: uint32(uid), Gid: uint32(gid)}
	}
	initdb := exec.Command(filepath.Join(bin, "initdb"), "-D", dir+"/data", "-U", "postgres", "-A", "trust", "-E", "UTF8", "--locale=C", "--no-sync", "--no-instructions")
	initdb.SysProcAttr, initdb.Dir = attr, dir
	if out, err := initdb.CombinedOutput(); err != nil {
		os.RemoveAll(dir)
		return "", fmt.Errorf("initdb: %w: %s", err, out)
	}
	keeper := exec.Command("sh", "-c", `"$1" -D "$2/data" -k "$2" -c listen_addresses= -c fsync=off -c synchronous_commit=off -c full_page_writes=off -c max_connections=200 -c shared_buffers=64MB >"$2/log" 2>&1 &
server=$!
read -r _
kill -INT $server
wait $server
rm -rf "$2"`, "sh", filepath.Join(bin, "postgres"), dir)
	keeper.SysProcAttr, keeper.Dir = attr, dir
	if lifeline, err = keeper.StdinPipe(); err != nil {
		return "", err
	}
	if err := keeper.Start(); err != nil {
		return "", err
	}
	return "postgres://postgres@/postgres?host=" + url.QueryEscape(dir), nil
}

// postgresBin is the folder of the server's programs.
func postgresBin() (string, error) {
	if path, err := exec.LookPath("initdb"); err == nil {
		if real, err := filepath.EvalSymlinks(path); err == nil {
			return filepath.Dir(real), nil
		}
	}
	if out, err := exec.Command("pg_config", "--bindir").Output(); err == nil {
		dir := string(bytes.TrimSpace(out))
		if _, err := os.Stat(filepath.Join(dir, "initdb")); err == nil {
			return dir, nil
		}
	}
	found, _ := filepath.Glob("/usr/lib/postgresql/*/bin/initdb")
	if len(found) == 0 {
		return "", errors.New("no PostgreSQL server program found")
	}
	return strings.TrimSuffix(found[len(found)-1], "/initdb"), nil
}
