package db

import (
	"context"
	"errors"
	"io"
	"net"
	"os"
	"syscall"

	"github.com/jackc/pgx/v5/pgconn"
	"modernc.org/sqlite"
	sqlite3 "modernc.org/sqlite/lib"
)

// absences are the codes with which SQLite says that the disk is full, out of reach or held by somebody else.
var absences = map[int]bool{
	sqlite3.SQLITE_FULL: true, sqlite3.SQLITE_IOERR: true, sqlite3.SQLITE_BUSY: true, sqlite3.SQLITE_LOCKED: true, sqlite3.SQLITE_CANTOPEN: true,
	sqlite3.SQLITE_READONLY: true, sqlite3.SQLITE_PROTOCOL: true, sqlite3.SQLITE_NOMEM: true,
}

// Unavailable tells whether a statement failed because the database cannot serve at this moment: its disk is full, another
// process holds it, its server is gone or starting. The same statement may succeed later; whether a commit that failed so
// has gone through is open.
func Unavailable(err error) bool { return Retryable(err) || isAway(err) }

// IsFault tells whether an unavailable database is somebody's to look after: a queue that is full or closed is not.
func IsFault(err error) bool { return !errors.Is(err, ErrBusy) && !errors.Is(err, ErrClosed) }

// isAway is Unavailable, but for those faults of PostgreSQL that come of others at the same time.
func isAway(err error) bool {
	if errors.Is(err, ErrBusy) || errors.Is(err, ErrClosed) || errors.Is(err, context.DeadlineExceeded) || os.IsTimeout(err) {
		return true
	}
	if lite := (*sqlite.Error)(nil); errors.As(err, &lite) {
		return absences[lite.Code()&0xff]
	}
	if pg := (*pgconn.PgError)(nil); errors.As(err, &pg) {
		switch pg.Code[:min(2, len(pg.Code))] {
		case "08", "53", "57", "58": // no connection; no disk, memory or connections left; shut down; its files fail
			return true
		}
		return pg.Code == "25006" || pg.Code == "55P03" // read-only, locked
	}
	if connect := (*pgconn.ConnectError)(nil); errors.As(err, &connect) {
		return true
	}
	if away := (*net.OpError)(nil); errors.As(err, &away) {
		return true
	}
	for _, cut := range []error{pgconn.ErrConnClosed, io.EOF, io.ErrUnexpectedEOF, syscall.EPIPE, syscall.ECONNRESET} {
		if errors.Is(err, cut) {
			return true
		}
	}
	return false
}
