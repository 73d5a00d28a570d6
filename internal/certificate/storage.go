package certificate

import (
	"cmp"
	"context"
	"errors"
	"io/fs"
	"strings"
	"time"

	"github.com/caddyserver/certmagic"

	"github.com/tributary-hq/tributary/internal/db"
	"github.com/tributary-hq/tributary/internal/id"
)

// storage keeps what certmagic keeps in the database, so that all nodes have the same certificates, answer each other's
// challenges and order each one once. Private keys are in there too: whoever reads the database can read them.
type storage struct {
	db   *db.DB
	node string
	held *holdings
}

func newStorage(d *db.DB) *storage {
	return &storage{db: d, node: id.Secret(10), held: newHoldings()}
}

// A lock whose holder has died is free after lockFor; one who lives says so each third of that.
const (
	lockFor  = 30 * time.Second
	lockPoll = 500 * time.Millisecond
)

// Lock waits for the name.
func (s *storage) Lock(ctx context.Context, name string) error {
	for {
		var n int64
		err := s.db.Write(ctx, func(tx *db.Tx) (err error) {
			n, err = db.Exec(ctx, tx, `/* certificate.Lock */ insert into certificate_lock (name, holder, til) values ($1, $2, $3)
				on conflict (name) do update set holder = excluded.holder, til = excluded.til where certificate_lock.til < $4`,
				name, s.node, tx.Now.Add(lockFor).UnixMilli(), tx.Now.UnixMilli())
			return err
		})
		if err != nil {
			return err
		}
		if n == 1 {
			if !s.held.begin(name, func() { s.renew(name) }) {
				return cmp.Or(s.free(ctx), errClosed)
			}
			return nil
		}
		select {
		case <-ctx.Done():
			return ctx.Err()
		case <-time.After(lockPoll):
		}
	}
}

// renew says that the holder of a lock lives. What fails is tried again soon; after lockFor the lock is lost, and the worst is
// that a certificate is ordered twice.
func (s *storage) renew(name string) {
	ctx, cancel := context.WithTimeout(context.Background(), lockFor/3)
	defer cancel()
	_ = s.db.Write(ctx, func(tx *db.Tx) error {
		_, err := db.Exec(ctx, tx, `/* certificate.renew */ update certificate_lock set til = $1 where name = $2 and holder = $3`,
			tx.Now.Add(lockFor).UnixMilli(), name, s.node)
		return err
	})
}

// Unlock frees the name.
func (s *storage) Unlock(ctx context.Context, name string) error {
	s.held.end(name)
	return s.db.Write(ctx, func(tx *db.Tx) error {
		_, err := db.Exec(ctx, tx, `/* certificate.Unlock */ delete from certificate_lock where name = $1 and holder = $2`, name, s.node)
		return err
	})
}

var errClosed = errors.New("certificates are ordered no more: the server stops")

// free gives back all locks of this node.
func (s *storage) free(ctx context.Context) error {
	s.held.endAll()
	return s.db.Write(ctx, func(tx *db.Tx) error {
		_, err := db.Exec(ctx, tx, `/* certificate.free */ delete from certificate_lock where holder = $1`, s.node)
		return err
	})
}

// Store keeps a file.
func (s *storage) Store(ctx context.Context, name string, body []byte) error {
	return s.db.Write(ctx, func(tx *db.Tx) error {
		_, err := db.Exec(ctx, tx, `/* certificate.Store */ insert into certificate_file (name, body, changed) values ($1, $2, $3)
			on conflict (name) do update set body = excluded.body, changed = excluded.changed`, name, body, tx.Now.UnixMilli())
		return err
	})
}

// Load is a file's content.
func (s *storage) Load(ctx context.Context, name string) ([]byte, error) {
	body, err := db.One(ctx, s.db.Read(), db.Value[[]byte], `/* certificate.Load */ select body from certificate_file where name = $1`, name)
	if errors.Is(err, db.ErrNone) {
		return nil, fs.ErrNotExist
	}
	return body, err
}

// Delete takes a file away, or all below a folder.
func (s *storage) Delete(ctx context.Context, name string) error {
	return s.db.Write(ctx, func(tx *db.Tx) error {
		_, err := db.Exec(ctx, tx, `/* certificate.Delete */ delete from certificate_file where name = $1
			or (name`+db.CollateC(tx)+` >= $2 and name`+db.CollateC(tx)+` < $3)`, name, name+"/", name+"0")
		return err
	})
}

// Exists tells whether there is such a file or folder.
func (s *storage) Exists(ctx context.Context, name string) bool {
	files, err := s.below(ctx, name)
	if err != nil {
		return false
	}
	if len(files) > 0 {
		return true
	}
	_, err = s.Load(ctx, name)
	return err == nil
}

type file struct {
	name    string
	changed time.Time
	size    int64
}

func scanFile(row db.Row) (file, error) {
	var f file
	var changed int64
	err := row.Scan(&f.name, &changed, &f.size)
	f.changed = time.UnixMilli(changed).UTC()
	return f, err
}

// below are the files in a folder and its folders: "0" comes right after "/".
func (s *storage) below(ctx context.Context, folder string) ([]file, error) {
	folder = strings.TrimSuffix(folder, "/")
	from, to := folder+"/", folder+"0"
	if folder == "" {
		from, to = "", "\x7f"
	}
	bytewise := db.CollateC(s.db.Read())
	return db.All(ctx, s.db.Read(), scanFile, `/* certificate.below */ select name, changed, length(body) from certificate_file
		where name`+bytewise+` >= $1 and name`+bytewise+` < $2 order by name`, from, to)
}

// List are the names in a folder; recursive, those of its folders too.
func (s *storage) List(ctx context.Context, folder string, recursive bool) ([]string, error) {
	files, err := s.below(ctx, folder)
	if err != nil {
		return nil, err
	}
	if len(files) == 0 {
		return nil, fs.ErrNotExist
	}
	prefix := ""
	if folder = strings.TrimSuffix(folder, "/"); folder != "" {
		prefix = folder + "/"
	}
	var names []string
	seen := map[string]bool{}
	for _, f := range files {
		name := f.name
		if !recursive {
			first, _, _ := strings.Cut(strings.TrimPrefix(f.name, prefix), "/")
			name = prefix + first
		}
		if !seen[name] {
			seen[name] = true
			names = append(names, name)
		}
	}
	return names, nil
}

// Stat tells of a file or a folder.
func (s *storage) Stat(ctx context.Context, name string) (certmagic.KeyInfo, error) {
	f, err := db.One(ctx, s.db.Read(), scanFile, `/* certificate.Stat */ select name, changed, length(body) from certificate_file where name = $1`, name)
	if err == nil {
		return certmagic.KeyInfo{Key: name, Modified: f.changed, Size: f.size, IsTerminal: true}, nil
	}
	if !errors.Is(err, db.ErrNone) {
		return certmagic.KeyInfo{}, err
	}
	files, err := s.below(ctx, name)
	if err == nil && len(files) == 0 {
		err = fs.ErrNotExist
	}
	return certmagic.KeyInfo{Key: name}, err
}
