package porch

import (
	"net/http"
	"strconv"
	"sync/atomic"
	"time"
)

// Answer is what is sent back. Its fields come first, then Send.
type Answer struct {
	fields []byte
	out    []byte // the answers of one write
	head   bool   // to a HEAD
	old    bool
	last   bool // the connection ends with it
	now    time.Time
}

// Set adds a field. It is http.Header's method; each name is set once, or added with Add.
func (a *Answer) Set(name, value string) { a.Add(name, value) }

// Add adds a field, as often as the name has values.
func (a *Answer) Add(name, value string) {
	a.fields = append(a.fields, name...)
	a.fields = append(a.fields, ": "...)
	for i := range len(value) {
		c := value[i]
		if c == '\r' || c == '\n' {
			c = ' ' // no value begins another field
		}
		a.fields = append(a.fields, c)
	}
	a.fields = append(a.fields, "\r\n"...)
}

// Send ends the answer. A HEAD gets no body.
func (a *Answer) Send(status int, body []byte) {
	out := append(a.out, "HTTP/1.1 "...)
	if a.old {
		out[len(out)-len("1 ")] = '0'
	}
	out = strconv.AppendInt(out, int64(status), 10)
	out = append(out, ' ')
	out = append(out, http.StatusText(status)...)
	out = append(out, "\r\n"...)
	out = append(out, a.fields...)
	out = append(out, "Date: "...)
	out = append(out, date(a.now)...)
	if a.last && !a.old { // which ends by itself
		out = append(out, "\r\nConnection: close"...)
	}
	if a.head {
		body = nil
	} else {
		out = append(out, "\r\nContent-Length: "...)
		out = strconv.AppendInt(out, int64(len(body)), 10)
	}
	out = append(out, "\r\n\r\n"...)
	a.out = append(out, body...)
}

// begin makes ready for the answer to a request.
func (a *Answer) begin(r *Request, last bool, now time.Time) {
	a.fields, a.head, a.old, a.last, a.now = a.fields[:0], r.Method == http.MethodHead, r.old, last, now
}

// second is a second and how HTTP writes it.
type second struct {
	unix int64
	text string
}

var thisSecond atomic.Pointer[second]

// date is a moment as HTTP writes it; it is written once a second.
func date(now time.Time) string {
	known := thisSecond.Load()
	if known == nil || known.unix != now.Unix() {
		known = &second{now.Unix(), now.UTC().Format(http.TimeFormat)}
		thisSecond.Store(known)
	}
	return known.text
}
