package porch

import (
	"bufio"
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net"
	"net/http"
	"os"
	"runtime"
	"slices"
	"strings"
	"sync/atomic"
	"testing"
	"time"
)

// house is a server with a porch, or without one: both say what they were asked for, in the same words.
type house struct {
	porch    *Porch
	server   *http.Server
	address  string
	answered atomic.Int64 // at the porch
}

type getter interface{ Get(name string) string }
type setter interface{ Set(name, value string) }

// echo is the answer under /c/.
func echo(method, path, query, host string, asked getter, h setter) (status int, body []byte) {
	h.Set("Location", "https://shop.example/?asked="+query)
	h.Set("X-Asked", strings.Join([]string{method, path, host, asked.Get("User-Agent"), asked.Get("Referer"), asked.Get("X-Forwarded-For")}, "|"))
	if query == "body" {
		h.Set("Content-Type", "text/plain; charset=utf-8")
		return http.StatusNotFound, []byte("nothing\n")
	}
	return http.StatusFound, nil
}

func inside(w http.ResponseWriter, r *http.Request) {
	if strings.HasPrefix(r.URL.Path, "/c/") && (r.Method == http.MethodGet || r.Method == http.MethodHead) {
		status, body := echo(r.Method, r.URL.Path, r.URL.RawQuery, r.Host, r.Header, w.Header())
		w.WriteHeader(status)
		if r.Method != http.MethodHead {
			w.Write(body)
		}
		return
	}
	body, _ := io.ReadAll(r.Body)
	fmt.Fprintf(w, "%s %s with %d bytes, the last %q", r.Method, r.URL.Path, len(body), body[max(0, len(body)-8):])
}

func (h *house) answer(r *Request, a *Answer) bool {
	if r.Path == "/c/panic" {
		panic("a fault of ours")
	}
	if !strings.HasPrefix(r.Path, "/c/") {
		return false
	}
	h.answered.Add(1)
	a.Send(echo(r.Method, r.Path, r.Query, r.Host, r, a))
	return true
}

func build(t testing.TB, withPorch bool, p patience) *house {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	quiet := slog.New(slog.DiscardHandler)
	h := &house{address: l.Addr().String(), server: &http.Server{Handler: http.HandlerFunc(inside), ReadTimeout: p.next, WriteTimeout: p.next, ErrorLog: slog.NewLogLogger(quiet.Handler(), slog.LevelDebug)}}
	if withPorch {
		h.porch = open(l, h.answer, quiet, p)
		l = h.porch
	}
	go h.server.Serve(l)
	t.Cleanup(func() { h.server.Close() })
	return h
}

// say sends the parts, a moment apart, and returns all answers until the connection ends.
func (h *house) say(t testing.TB, parts ...string) string {
	t.Helper()
	conn, err := net.Dial("tcp", h.address)
	if err != nil {
		t.Fatal(err)
	}
	defer conn.Close()
	conn.SetDeadline(time.Now().Add(20 * time.Second))
	for i, part := range parts {
		if i > 0 {
			time.Sleep(30 * time.Millisecond)
		}
		io.WriteString(conn, part)
	}
	conn.(*net.TCPConn).CloseWrite()
	return answersOf(conn)
}

// answersOf reads answers and writes what of them has a meaning.
func answersOf(conn io.Reader) string {
	var all strings.Builder
	for r := bufio.NewReader(conn); ; {
		answer, err := http.ReadResponse(r, nil)
		if err != nil {
			return all.String()
		}
		body, _ := io.ReadAll(answer.Body)
		answer.Header.Del("Date")
		fmt.Fprintf(&all, "%s %s length %d close %t %q\n", answer.Proto, answer.Status, answer.ContentLength, answer.Close, body)
		var lines []string
		for name, values := range answer.Header {
			lines = append(lines, fmt.Sprintf("  %s: %q\n", name, values))
		}
		slices.Sort(lines)
		all.WriteString(strings.Join(lines, ""))
	}
}

const host = "Host: go.example\r\n"

// TestBothAnswerTheSame says the same bytes to a server with a porch and to net/http alone. plain is how many of the requests
// the porch answers itself.
func TestBothAnswerTheSame(t *testing.T) {
	with, without := build(t, true, usual), build(t, false, usual)
	long := strings.Repeat("x", most)
	for _, c := range []struct {
		name  string
		said  string
		plain int64
	}{
		{"a link", "GET /c/a HTTP/1.1\r\n" + host + "\r\n", 1},
		{"with all that a browser says", "GET /c/a?sub1=b HTTP/1.1\r\n" + host + "User-Agent: Mozilla/5.0 (X11)\r\nReferer: https://blog.example/\r\nCookie: a=b; c=d\r\nUpgrade-Insecure-Requests: 1\r\nConnection: keep-alive\r\n\r\n", 1},
		{"names in any letters, values with spaces around", "GET /c/a HTTP/1.1\r\nhOST:go.example \r\nuser-agent: \t x y \t\r\nREFERER:\r\n\r\n", 1},
		{"letters beyond ASCII in a value", "GET /c/a HTTP/1.1\r\n" + host + "User-Agent: caf\xc3\xa9 \xff\r\n\r\n", 1},
		{"an empty query", "GET /c/a? HTTP/1.1\r\n" + host + "\r\n", 1},
		{"a query of question marks and quotes", "GET /c/a?b=c?d'\"<>{}|^`\\%zz&%00 HTTP/1.1\r\n" + host + "\r\n", 1},
		{"an answer with a body", "GET /c/a?body HTTP/1.1\r\n" + host + "\r\n", 1},
		{"HEAD", "HEAD /c/a HTTP/1.1\r\n" + host + "\r\n", 1},
		{"HEAD of a body", "HEAD /c/a?body HTTP/1.1\r\n" + host + "\r\nGET /c/b HTTP/1.1\r\n" + host + "\r\n", 2},
		{"HTTP/1.0", "GET /c/a HTTP/1.0\r\n" + host + "\r\n", 1},
		{"HTTP/1.0 of a proxy", "GET /c/a HTTP/1.0\r\n" + host + "Connection: close\r\nX-Forwarded-For: 192.0.2.1\r\n\r\n", 1},
		{"HTTP/1.0 that stays", "GET /c/a HTTP/1.0\r\n" + host + "Connection: keep-alive\r\n\r\nGET /c/b HTTP/1.0\r\n" + host + "\r\n", 0},
		{"HTTP/1.0 without a host", "GET /c/a HTTP/1.0\r\n\r\n", 0},
		{"the last request", "GET /c/a HTTP/1.1\r\n" + host + "Connection: close\r\n\r\nGET /c/b HTTP/1.1\r\n" + host + "\r\n", 1},
		{"the last request, loudly", "GET /c/a HTTP/1.1\r\n" + host + "CONNECTION: Close\r\n\r\n", 1},
		{"one after the other in one piece", "GET /c/a HTTP/1.1\r\n" + host + "\r\nGET /c/b HTTP/1.1\r\n" + host + "\r\nHEAD /c/c HTTP/1.1\r\n" + host + "\r\n", 3},
		{"then a page", "GET /c/a HTTP/1.1\r\n" + host + "\r\nGET /console HTTP/1.1\r\n" + host + "\r\nGET /c/b HTTP/1.1\r\n" + host + "\r\n", 1},
		{"then a body with a request in it", "GET /c/a HTTP/1.1\r\n" + host + "\r\nPOST /p HTTP/1.1\r\n" + host + "Content-Length: 40\r\n\r\nGET /c/evil HTTP/1.1\r\nHost: go.example\r\nGET /c/b HTTP/1.1\r\n" + host + "\r\n", 1},
		{"forwarded once", "GET /c/a HTTP/1.1\r\n" + host + "X-Forwarded-For: 192.0.2.1, 192.0.2.2\r\n\r\n", 1},
		{"a field twice", "GET /c/a HTTP/1.1\r\n" + host + "Referer: one\r\nreferer: two\r\n\r\n", 0},
		{"two hosts", "GET /c/a HTTP/1.1\r\n" + host + "Host: evil.example\r\n\r\n", 0},
		{"no host", "GET /c/a HTTP/1.1\r\nUser-Agent: x\r\n\r\n", 0},
		{"an empty host", "GET /c/a HTTP/1.1\r\nHost:\r\n\r\n", 0},
		{"a host that is none", "GET /c/a HTTP/1.1\r\nHost: a b/c@d\r\n\r\n", 0},
		{"a page", "GET /console HTTP/1.1\r\n" + host + "\r\n", 0},
		{"another method", "POST /c/a HTTP/1.1\r\n" + host + "Content-Length: 3\r\n\r\nabc", 0},
		{"a method in small letters", "get /c/a HTTP/1.1\r\n" + host + "\r\n", 0},
		{"a GET with a body", "GET /c/a HTTP/1.1\r\n" + host + "Content-Length: 5\r\n\r\nhelloGET /c/b HTTP/1.1\r\n" + host + "\r\n", 0},
		{"a GET with no bytes of a body", "GET /c/a HTTP/1.1\r\n" + host + "Content-Length: 0\r\n\r\n", 0},
		{"two lengths", "GET /c/a HTTP/1.1\r\n" + host + "Content-Length: 0\r\nContent-Length: 5\r\n\r\nhello", 0},
		{"a length below zero", "GET /c/a HTTP/1.1\r\n" + host + "Content-Length: -1\r\n\r\n", 0},
		{"chunks", "GET /c/a HTTP/1.1\r\n" + host + "Transfer-Encoding: chunked\r\n\r\n0\r\n\r\nGET /c/b HTTP/1.1\r\n" + host + "\r\n", 0},
		{"chunks and a length", "GET /c/a HTTP/1.1\r\n" + host + "Content-Length: 6\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\nGGET /c/b HTTP/1.1\r\n" + host + "\r\n", 0},
		{"chunks of another kind", "GET /c/a HTTP/1.1\r\n" + host + "Transfer-Encoding: xchunked\r\n\r\n", 0},
		{"chunks behind a tab", "GET /c/a HTTP/1.1\r\n" + host + "Transfer-Encoding:\tchunked\r\n\r\n0\r\n\r\n", 0},
		{"a space before the colon", "GET /c/a HTTP/1.1\r\n" + host + "Content-Length : 5\r\n\r\nhello", 0},
		{"a field that goes on in the next line", "GET /c/a HTTP/1.1\r\n" + host + "User-Agent: a\r\n b\r\n\r\n", 0},
		{"a space before the first field", "GET /c/a HTTP/1.1\r\n " + host + "\r\n", 0},
		{"lines without a carriage return", "GET /c/a HTTP/1.1\nHost: go.example\n\n", 0},
		{"one line without it", "GET /c/a HTTP/1.1\r\nHost: go.example\nUser-Agent: x\r\n\r\n", 0},
		{"a carriage return alone", "GET /c/a HTTP/1.1\r\n" + host + "User-Agent: a\rContent-Length: 5\r\n\r\n", 0},
		{"a zero byte", "GET /c/a HTTP/1.1\r\n" + host + "User-Agent: a\x00b\r\n\r\n", 0},
		{"no colon", "GET /c/a HTTP/1.1\r\n" + host + "Nonsense\r\n\r\n", 0},
		{"no name", "GET /c/a HTTP/1.1\r\n" + host + ": x\r\n\r\n", 0},
		{"a name with a space", "GET /c/a HTTP/1.1\r\n" + host + "User Agent: x\r\n\r\n", 0},
		{"it waits for a word", "GET /c/a HTTP/1.1\r\n" + host + "Expect: 100-continue\r\n\r\n", 0},
		{"another word", "GET /c/a HTTP/1.1\r\n" + host + "Expect: 200-ok\r\n\r\n", 0},
		{"an upgrade", "GET /c/a HTTP/1.1\r\n" + host + "Connection: Upgrade\r\nUpgrade: websocket\r\n\r\n", 0},
		{"two words of the connection", "GET /c/a HTTP/1.1\r\n" + host + "Connection: close, x\r\n\r\n", 0},
		{"trailers", "GET /c/a HTTP/1.1\r\n" + host + "Trailer: X\r\n\r\n", 0},
		{"an escaped path", "GET /c/%61 HTTP/1.1\r\n" + host + "\r\n", 0},
		{"a path with signs", "GET /c/a'or'1 HTTP/1.1\r\n" + host + "\r\n", 0},
		{"a path upwards", "GET /c/../console HTTP/1.1\r\n" + host + "\r\n", 1},
		{"a whole address", "GET http://go.example/c/a HTTP/1.1\r\nHost: other.example\r\n\r\n", 0},
		{"two slashes", "GET //c/a HTTP/1.1\r\n" + host + "\r\n", 0},
		{"a fragment", "GET /c/a?b#c HTTP/1.1\r\n" + host + "\r\n", 0},
		{"a space in the address", "GET /c/a b HTTP/1.1\r\n" + host + "\r\n", 0},
		{"two spaces", "GET  /c/a HTTP/1.1\r\n" + host + "\r\n", 0},
		{"a tab", "GET\t/c/a\tHTTP/1.1\r\n" + host + "\r\n", 0},
		{"letters beyond ASCII in the address", "GET /c/a?q=\xc3\xbc HTTP/1.1\r\n" + host + "\r\n", 0},
		{"all of the server", "OPTIONS * HTTP/1.1\r\n" + host + "\r\n", 0},
		{"a tunnel", "CONNECT go.example:80 HTTP/1.1\r\n" + host + "\r\n", 0},
		{"HTTP/0.9", "GET /c/a\r\n\r\n", 0},
		{"HTTP/1.2", "GET /c/a HTTP/1.2\r\n" + host + "\r\n", 0},
		{"HTTP/2 at once", "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n", 0},
		{"TLS", "\x16\x03\x01\x00\x05hello", 0},
		{"empty lines first", "\r\n\r\nGET /c/a HTTP/1.1\r\n" + host + "\r\n", 0},
		{"nothing", "", 0},
		{"half a request", "GET /c/a HTTP/1.1\r\nHost: go.ex", 0},
		{"a long address", "GET /c/a?" + long + " HTTP/1.1\r\n" + host + "\r\n", 0},
		{"a long field", "GET /c/a HTTP/1.1\r\n" + host + "Cookie: " + long + "\r\n\r\n", 0},
		{"very many fields", "GET /c/a HTTP/1.1\r\n" + host + manyFields(fieldsMost) + "\r\n", 0},
		{"as many as may be", "GET /c/a HTTP/1.1\r\n" + host + manyFields(fieldsMost-1) + "\r\n", 1},
		{"a long body", "POST /p HTTP/1.1\r\n" + host + "Content-Length: 100003\r\n\r\n" + strings.Repeat("y", 100000) + "end", 0},
	} {
		before := with.answered.Load()
		got, want := with.say(t, c.said), without.say(t, c.said)
		if got != want {
			t.Errorf("%s: with a porch\n%swithout\n%s", c.name, got, want)
		}
		if n := with.answered.Load() - before; n != c.plain {
			t.Errorf("%s: the porch answered %d, not %d", c.name, n, c.plain)
		}
	}
}

func manyFields(n int) string {
	var all strings.Builder
	for i := range n {
		fmt.Fprintf(&all, "X-%d: y\r\n", i)
	}
	return all.String()
}

func TestARequestInPiecesIsAnswered(t *testing.T) {
	with, without := build(t, true, usual), build(t, false, usual)
	said := "GET /c/a?x=y HTTP/1.1\r\n" + host + "User-Agent: z\r\n\r\nPOST /p HTTP/1.1\r\n" + host + "Content-Length: 5\r\n\r\nhelloGET /c/b HTTP/1.1\r\n" + host + "\r\n"
	for _, cut := range []int{1, 3, 9, 30, 57, 60, 61, 62, 63, 64, 80, 130, 134, 140} {
		if got, want := with.say(t, said[:cut], said[cut:]), without.say(t, said); got != want || strings.Count(got, "HTTP/1.1") != 3 {
			t.Errorf("cut after %d: %s, want %s", cut, got, want)
		}
	}
}

func TestSlowAndSilentGuestsAreSentAway(t *testing.T) {
	h := build(t, true, patience{first: 80 * time.Millisecond, next: 160 * time.Millisecond})
	for name, said := range map[string]string{"silent": "", "silent after an answer": "GET /c/a HTTP/1.1\r\n" + host + "\r\n"} {
		conn, err := net.Dial("tcp", h.address)
		if err != nil {
			t.Fatal(err)
		}
		defer conn.Close()
		io.WriteString(conn, said)
		conn.SetDeadline(time.Now().Add(5 * time.Second))
		began := time.Now()
		if _, err := io.Copy(io.Discard, conn); errors.Is(err, os.ErrDeadlineExceeded) || time.Since(began) > 4*time.Second {
			t.Errorf("%s: still there after %s", name, time.Since(began))
		}
	}
}

// TestAGuestWhoDoesNotListenIsSentAway sends requests and reads no answer until the buffers are full.
func TestAGuestWhoDoesNotListenIsSentAway(t *testing.T) {
	h := build(t, true, patience{first: time.Second, next: 300 * time.Millisecond})
	conn, err := net.Dial("tcp", h.address)
	if err != nil {
		t.Fatal(err)
	}
	defer conn.Close()
	conn.SetDeadline(time.Now().Add(10 * time.Second))
	many := []byte(strings.Repeat("GET /c/a?"+strings.Repeat("q", 900)+" HTTP/1.1\r\n"+host+"\r\n", 64))
	for {
		if _, err := conn.Write(many); err != nil {
			if errors.Is(err, os.ErrDeadlineExceeded) {
				t.Error("it was listened to without an end")
			}
			return
		}
	}
}

func TestShutdownAnswersWhatIsUnderWay(t *testing.T) {
	began, end := make(chan struct{}), make(chan struct{})
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	p := Open(l, func(_ *Request, a *Answer) bool {
		close(began)
		<-end
		a.Send(http.StatusFound, nil)
		return true
	}, slog.New(slog.DiscardHandler))
	idle, err := net.Dial("tcp", l.Addr().String())
	if err != nil {
		t.Fatal(err)
	}
	defer idle.Close()
	busy, err := net.Dial("tcp", l.Addr().String())
	if err != nil {
		t.Fatal(err)
	}
	defer busy.Close()
	io.WriteString(busy, "GET /c/a HTTP/1.1\r\n"+host+"\r\n")
	<-began
	short, cancel := context.WithTimeout(t.Context(), 50*time.Millisecond)
	defer cancel()
	if err := p.Shutdown(short); !errors.Is(err, context.DeadlineExceeded) {
		t.Errorf("it did not wait for the answer: %v", err)
	}
	if _, err := net.Dial("tcp", l.Addr().String()); err == nil {
		t.Error("it still takes connections")
	}
	close(end)
	if err := p.Shutdown(t.Context()); err != nil {
		t.Error(err)
	}
	if got := answersOf(busy); !strings.Contains(got, "302") {
		t.Errorf("answered %q", got)
	}
	if _, err := p.Accept(); !errors.Is(err, net.ErrClosed) {
		t.Errorf("Accept after the end: %v", err)
	}
	if n, err := idle.Read(make([]byte, 1)); n != 0 || err == nil {
		t.Error("the idle connection is still open")
	}
}

func TestAFaultEndsItsConnectionAlone(t *testing.T) {
	h := build(t, true, usual)
	if got := h.say(t, "GET /c/panic HTTP/1.1\r\n"+host+"\r\n"); got != "" {
		t.Errorf("answered %q", got)
	}
	if got := h.say(t, "GET /c/a HTTP/1.1\r\n"+host+"\r\n"); !strings.Contains(got, "302") {
		t.Errorf("the next one was answered %q", got)
	}
}

func TestNoValueBeginsAnotherField(t *testing.T) {
	a := &Answer{}
	a.begin(&Request{Method: http.MethodGet}, false, time.Now())
	a.Set("Location", "https://shop.example/\r\nSet-Cookie: a=b")
	a.Send(http.StatusFound, nil)
	if bytes.Contains(a.out, []byte("\nSet-Cookie")) {
		t.Errorf("%q", a.out)
	}
}

// TestIdleConnectionsAreCheap counts the memory of connections that say nothing.
func TestIdleConnectionsAreCheap(t *testing.T) {
	const guests = 1000
	h := build(t, true, usual)
	var before, after runtime.MemStats
	runtime.GC()
	runtime.ReadMemStats(&before)
	for range guests {
		conn, err := net.Dial("tcp", h.address)
		if err != nil {
			t.Fatal(err)
		}
		defer conn.Close()
	}
	for deadline := time.Now().Add(5 * time.Second); ; time.Sleep(5 * time.Millisecond) {
		h.porch.mu.Lock()
		n := len(h.porch.guests)
		h.porch.mu.Unlock()
		if n == guests {
			break
		}
		if time.Now().After(deadline) {
			t.Fatalf("%d of %d connections are here", n, guests)
		}
	}
	runtime.GC()
	runtime.ReadMemStats(&after)
	each := (after.HeapAlloc + after.StackInuse - before.HeapAlloc - before.StackInuse) / guests
	if t.Logf("%d bytes for each, with the client's side", each); each > 16<<10 {
		t.Errorf("a silent connection takes %d bytes", each)
	}
}

// FuzzRead finds texts that the porch takes for plain and net/http does not, or reads otherwise.
func FuzzRead(f *testing.F) {
	f.Add("GET /c/a?b=c HTTP/1.1\r\nHost: go.example\r\nUser-Agent: x\r\n\r\nGET /c/b")
	f.Add("HEAD /c/a HTTP/1.0\r\nHost: go.example:80\r\nConnection: close\r\n\r\n")
	f.Add("GET /c/a HTTP/1.1\r\nHost: [::1]\r\nTransfer-Encoding: chunked\r\n\r\n")
	f.Fuzz(func(t *testing.T, text string) {
		var r Request
		size, plain := r.read(text)
		if !plain {
			return
		}
		rest := strings.NewReader(text)
		buffer := bufio.NewReaderSize(rest, 16<<10)
		theirs, err := http.ReadRequest(buffer)
		if err != nil {
			t.Fatalf("%q is plain here, and there %v", text, err)
		}
		if used := len(text) - rest.Len() - buffer.Buffered(); used != size {
			t.Errorf("%q: %d bytes here, %d there", text, size, used)
		}
		if theirs.ContentLength != 0 || len(theirs.TransferEncoding) > 0 || theirs.Method != r.Method || theirs.URL.Path != r.Path || theirs.URL.RawQuery != r.Query ||
			theirs.Host != r.Host || theirs.Close != r.last {
			t.Errorf("%q: %+v here, %+v there", text, r, theirs)
		}
		for name, values := range theirs.Header {
			if len(values) != 1 || r.Get(name) != values[0] {
				t.Errorf("%q: %s is %q here, %q there", text, name, r.Get(name), values)
			}
		}
	})
}
