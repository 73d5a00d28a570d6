package porch

import (
	"bytes"
	"net"
	"runtime/debug"
	"sync"
	"time"
)

// most is how many bytes a request may have here; net/http reads longer ones.
const most = 4 << 10

// guest is a connection of which nothing is known yet but plain requests.
type guest struct {
	porch *Porch
	conn  net.Conn
	until time.Time // the deadline that the connection has
	held  int       // bytes of space that have been read and not answered
	space [most]byte
	asked Request
}

var answers = sync.Pool{New: func() any { return &Answer{out: make([]byte, 0, 1024)} }}

// stay answers one request after the other, until the guest goes or is led to net/http.
func (g *guest) stay() {
	isLed := g.listen()
	if open := g.porch.leave(g); isLed && open {
		g.conn.SetDeadline(time.Time{}) // net/http sets its own
		select {
		case g.porch.inside <- &led{Conn: g.conn, said: bytes.Clone(g.space[:g.held])}:
			return
		case <-g.porch.gone:
		}
	}
	g.conn.Close()
}

// listen returns true when the guest has said what is not for here. An answer that panics ends its connection alone.
func (g *guest) listen() (isLed bool) {
	defer func() {
		if fault := recover(); fault != nil {
			g.porch.log.Error("answer at the porch", "fault", fault, "stack", string(debug.Stack()))
		}
	}()
	g.allow(time.Now(), g.porch.first)
	for !g.porch.isClosed() { // whoever closes ends the wait below as well
		n, err := g.conn.Read(g.space[g.held:])
		if err != nil {
			return false
		}
		g.held += n
		switch g.answer() {
		case ended:
			return false
		case elsewhere:
			return true
		}
	}
	return false
}

// What comes after some bytes of a guest.
type next int

const (
	more      next = iota // the next request
	ended                 // nothing
	elsewhere             // what net/http answers
)

// answer answers the requests that have been read, in one write.
func (g *guest) answer() next {
	a := answers.Get().(*Answer)
	defer answers.Put(a)
	a.out = a.out[:0]
	text, next := string(g.space[:g.held]), more // a copy, so that whoever gets a text may keep it
	now := time.Now()
	for text != "" && next == more {
		size, plain := g.asked.read(text)
		if !plain {
			next = elsewhere
			break
		}
		last := g.asked.last || g.porch.isClosed()
		a.begin(&g.asked, last, now)
		if !g.porch.answers(&g.asked, a) {
			next = elsewhere
			break
		}
		if text = text[size:]; last {
			next = ended
		}
	}
	g.held = copy(g.space[:], text)
	if len(a.out) > 0 {
		g.allow(now, g.porch.next)
		if _, err := g.conn.Write(a.out); err != nil {
			return ended
		}
	}
	return next
}

// allow lets the guest take so long from now on. Deadlines cost more than a look at the clock: one that is nearly right stays.
func (g *guest) allow(now time.Time, long time.Duration) {
	if until := now.Add(long); until.Sub(g.until) > long/4 {
		g.until = until
		g.conn.SetDeadline(until)
	}
}

// led is a connection that net/http goes on with: first it reads what was read before.
type led struct {
	net.Conn
	said []byte
}

func (l *led) Read(b []byte) (int, error) {
	if len(l.said) == 0 {
		return l.Conn.Read(b)
	}
	n := copy(b, l.said)
	if l.said = l.said[n:]; len(l.said) == 0 {
		l.said = nil
	}
	return n, nil
}
