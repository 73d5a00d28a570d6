package track

import (
	"fmt"
	"io"
	"os"
	"sync"
	"sync/atomic"
	"time"
)

// Lists are what the owner of the installation knows about traffic, in files of his own: networks of data centres, and hosts
// that advertise themselves as referrers. They are read again when they change.
type Lists struct {
	refreshing sync.Mutex
	networks   listFile[*networks]
	spammers   listFile[hosts]
}

// OpenLists reads the files; an empty path is an empty list.
func OpenLists(networksPath, spammersPath string) (*Lists, error) {
	l := &Lists{networks: listFile[*networks]{path: networksPath, read: readNetworks}, spammers: listFile[hosts]{path: spammersPath, read: readHosts}}
	none := new(networks)
	l.networks.held.Store(&none)
	l.spammers.held.Store(&hosts{})
	return l, l.Refresh()
}

// Refresh reads the files that have changed since they were last read; call it about once a second. A file that cannot be
// read leaves what was known before, and is an error once.
func (l *Lists) Refresh() error {
	l.refreshing.Lock()
	defer l.refreshing.Unlock()
	if err := l.networks.refresh(); err != nil {
		return err
	}
	return l.spammers.refresh()
}

// listFile is a file and what was last read of it.
type listFile[T any] struct {
	path string
	read func(io.Reader) (T, error)
	held atomic.Pointer[T]
	size int64
	at   time.Time
}

func (f *listFile[T]) refresh() error {
	if f.path == "" {
		return nil
	}
	file, err := os.Open(f.path)
	if err != nil {
		if f.size < 0 {
			return nil // told before
		}
		f.size = -1
		return err
	}
	defer file.Close()
	info, err := file.Stat()
	if err != nil || info.Size() == f.size && info.ModTime().Equal(f.at) {
		return err
	}
	f.size, f.at = info.Size(), info.ModTime()
	list, err := f.read(file)
	if err != nil {
		return fmt.Errorf("read %s: %w", f.path, err)
	}
	f.held.Store(&list)
	return nil
}
