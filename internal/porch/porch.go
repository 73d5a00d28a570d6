// Package porch answers the few addresses that are asked for by the thousand, before net/http hears of them. It answers plain
// requests only; a connection on which anything else is said goes to net/http, with the bytes that were read, and stays there.
package porch

import (
	"context"
	"errors"
	"log/slog"
	"net"
	"sync"
	"time"
)

// Answers writes the answer to a request, or returns false to leave it to net/http. The texts of the request may be kept.
type Answers func(r *Request, a *Answer) bool

// patience is how long a connection may be silent: before its first request, and before the next one. To take an answer it has
// as long as that.
type patience struct{ first, next time.Duration }

var usual = patience{10 * time.Second, 2 * time.Minute}

// Porch stands before a listener. It is a net.Listener itself, of the connections that it does not serve.
type Porch struct {
	street  net.Listener
	answers Answers
	log     *slog.Logger
	patience
	inside chan net.Conn

	mu     sync.Mutex
	guests map[*guest]struct{}
	closed bool
	gone   chan struct{} // closed with the street
	stays  sync.WaitGroup
}

// Open begins to take connections from a listener. Close it, or a server that serves it.
func Open(street net.Listener, answers Answers, log *slog.Logger) *Porch {
	return open(street, answers, log, usual)
}

func open(street net.Listener, answers Answers, log *slog.Logger, patience patience) *Porch {
	p := &Porch{street: street, answers: answers, log: log, patience: patience, inside: make(chan net.Conn), guests: map[*guest]struct{}{}, gone: make(chan struct{})}
	go p.welcome()
	return p
}

// Accept is the next connection that is for net/http.
func (p *Porch) Accept() (net.Conn, error) {
	select {
	case conn := <-p.inside:
		return conn, nil
	case <-p.gone:
		return nil, net.ErrClosed
	}
}

// Addr is the listener's address.
func (p *Porch) Addr() net.Addr { return p.street.Addr() }

// Close takes no more connections, and no more requests from those that it has; those under way are answered.
func (p *Porch) Close() error {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.closed {
		return nil
	}
	p.closed = true
	close(p.gone)
	for g := range p.guests {
		g.conn.SetReadDeadline(time.Unix(1, 0)) // wakes who waits for a request
	}
	return p.street.Close()
}

// Shutdown closes and waits until what was under way has been answered, or the context ends.
func (p *Porch) Shutdown(ctx context.Context) error {
	err := p.Close()
	empty := make(chan struct{})
	go func() { p.stays.Wait(); close(empty) }()
	select {
	case <-empty:
		return err
	case <-ctx.Done():
		return errors.Join(err, ctx.Err())
	}
}

func (p *Porch) welcome() {
	const least, most = 5 * time.Millisecond, time.Second
	pause := least
	for {
		conn, err := p.street.Accept()
		if err == nil {
			pause = least
			p.enter(conn)
			continue
		}
		select {
		case <-p.gone:
			return
		case <-time.After(pause): // too many open files, most likely
			pause = min(2*pause, most)
		}
	}
}

func (p *Porch) enter(conn net.Conn) {
	g := &guest{porch: p, conn: conn}
	if at, ok := conn.RemoteAddr().(*net.TCPAddr); ok {
		g.asked.Peer = at.AddrPort()
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.closed {
		conn.Close()
		return
	}
	p.guests[g] = struct{}{}
	p.stays.Go(g.stay)
}

// leave forgets a guest, and tells whether the house is still open.
func (p *Porch) leave(g *guest) (open bool) {
	p.mu.Lock()
	defer p.mu.Unlock()
	delete(p.guests, g)
	return !p.closed
}

func (p *Porch) isClosed() bool {
	select {
	case <-p.gone:
		return true
	default:
		return false
	}
}
