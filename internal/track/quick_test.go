package track_test

import (
	"bufio"
	"fmt"
	"io"
	"log/slog"
	"net"
	"net/http"
	"net/netip"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/tributary-hq/tributary/internal/db"
	"github.com/tributary-hq/tributary/internal/db/dbtest"
	"github.com/tributary-hq/tributary/internal/porch"
	"github.com/tributary-hq/tributary/internal/touch"
	"github.com/tributary-hq/tributary/internal/track"
)

// clickID is what differs between two answers to the same request.
var clickID = regexp.MustCompile(`tclid=[A-Za-z0-9_-]{38}`)

// listen serves the door on a port of its own until the test ends.
func (s shop) listen(t *testing.T, withPorch bool) (address string) {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	address = l.Addr().String()
	if withPorch {
		l = porch.Open(l, s.door.Quick, slog.Default())
	}
	server := &http.Server{Handler: s.door}
	go server.Serve(l)
	t.Cleanup(func() { server.Close() })
	return address
}

// send says raw bytes and returns the answer's status, its fields but the date, its body, and which click it names.
func send(t *testing.T, address, said string) (text, click string) {
	t.Helper()
	conn, err := net.Dial("tcp", address)
	if err != nil {
		t.Fatal(err)
	}
	defer conn.Close()
	conn.SetDeadline(time.Now().Add(10 * time.Second))
	io.WriteString(conn, said)
	answer, err := http.ReadResponse(bufio.NewReader(conn), &http.Request{Method: strings.Fields(said)[0]})
	if err != nil {
		t.Fatalf("%q: %v", said, err)
	}
	body, err := io.ReadAll(answer.Body)
	if err != nil {
		t.Fatalf("%q: %v", said, err)
	}
	answer.Header.Del("Date")
	var lines []string
	for name, values := range answer.Header {
		lines = append(lines, fmt.Sprint(name, ": ", values))
	}
	slices.Sort(lines)
	text = fmt.Sprintf("%s\n%s\n%s", answer.Status, strings.Join(lines, "\n"), body)
	return clickID.ReplaceAllString(text, "tclid=ID"), strings.TrimPrefix(clickID.FindString(text), "tclid=")
}

// TestThePorchAnswersLinksAsTheHouseDoes asks the same of both, and finds the same touches.
func TestThePorchAnswersLinksAsTheHouseDoes(t *testing.T) {
	s := openShop(t, dbtest.Open(t, db.SQLite), "ann")
	s.door = track.New(track.Options{DB: s.db, Links: s.links, Keeper: s.keeper, Keys: s.keys, Line: s.line, Proxies: []netip.Prefix{netip.MustParsePrefix("127.0.0.0/8")}})
	with, without := s.listen(t, true), s.listen(t, false)
	for n, c := range []struct{ method, path, fields, want string }{
		{"GET", "/c/ann", "", "302 Found"},
		{"HEAD", "/c/ann", "", "302 Found"},
		{"GET", "/c/ann?u=https%3A%2F%2Fshop.example%2Fred%3Fsize%3D42%23top&sub1=a&gclid=g", "", "302 Found"},
		{"GET", "/c/ann?gclid=a%0d%0aSet-Cookie:x", "", "302 Found"},
		{"GET", "/c/ann?u=https://evil.example/", "", "302 Found"},
		{"HEAD", "/c/ann?u=https://evil.example/", "", "302 Found"},
		{"GET", "/c/nobody", "Accept-Language: fr\r\n", "404 Not Found"},
		{"HEAD", "/c/nobody", "", "404 Not Found"},
		{"GET", "/c/", "", "404 Not Found"},
		{"GET", "/c/ann/x", "", "404 Not Found"},
		{"POST", "/c/ann", "Content-Length: 0\r\n", "405 Method Not Allowed"},
		{"GET", "/tag.js", "", "200 OK"},
		{"GET", "/c/ann", "Sec-Purpose: Prefetch\r\n", "302 Found"},
		{"GET", "/c/ann", "Sec-Fetch-Dest: image\r\n", "302 Found"},
		{"GET", "/c/ann", "X-Forwarded-For: 198.51.100.77, 127.0.0.9\r\nReferer: https://blog.example/\r\nSec-CH-UA-Platform: \"Linux\"\r\n", "302 Found"},
		{"GET", "/c/ann", "X-Forwarded-For: 2001:db8:77::9\r\n", "302 Found"},
		{"GET", "/c/ann", "X-Forwarded-For: 198.51.100.77\r\nX-Forwarded-For: 203.0.113.9\r\n", "302 Found"},
		{"GET", "/c/ann", "X-Forwarded-For: nonsense\r\n", "302 Found"},
	} {
		said := func(who string) string {
			return c.method + " " + c.path + " HTTP/1.1\r\nHost: go.example\r\nConnection: close\r\nUser-Agent: " + person + "\r\nAccept: text/html\r\n" +
				fmt.Sprintf("Cookie: %s=%d\r\n", who, n) + c.fields + "\r\n"
		}
		before := len(s.touches(t))
		want, first := send(t, without, said("house"))
		got, second := send(t, with, said("porch"))
		if got != want || !strings.HasPrefix(got, c.want) {
			t.Errorf("%s %s %q: the porch answers\n%s\nthe house\n%s", c.method, c.path, c.fields, got, want)
		}
		kept := len(s.touches(t)) - before
		named, err := touch.Named(t.Context(), s.db.Read(), []string{first, second})
		if err != nil {
			t.Fatal(err)
		}
		switch {
		case !strings.HasPrefix(want, "302"):
			if kept != 0 {
				t.Errorf("%s %s: %d touches of who was not redirected", c.method, c.path, kept)
			}
		case kept != 2 || len(named) != 2:
			t.Errorf("%s %s: %d touches", c.method, c.path, kept)
		case alike(named[first]) != alike(named[second]):
			t.Errorf("%s %s: the house kept %+v, the porch %+v", c.method, c.path, named[first], named[second])
		}
	}
	for _, path := range []string{"/i/ann.gif?sub1=a", "/i/nobody.gif", "/i/ann.png"} {
		before := len(s.touches(t))
		said := "GET " + path + " HTTP/1.1\r\nHost: go.example\r\nConnection: close\r\nUser-Agent: " + person + "\r\nReferer: https://blog.example/\r\n\r\n"
		want, _ := send(t, without, said)
		got, _ := send(t, with, said)
		if kept := len(s.touches(t)) - before; got != want || kept != 2 && path == "/i/ann.gif?sub1=a" {
			t.Errorf("%s: the porch answers\n%s\nthe house\n%s\n%d are kept", path, got, want, kept)
		}
	}
	s.keeper.Close()
	busy := "GET /c/ann HTTP/1.1\r\nHost: go.example\r\nConnection: close\r\n\r\n"
	got, _ := send(t, with, busy)
	if want, _ := send(t, without, busy); got != want || !strings.HasPrefix(got, "503") || !strings.Contains(got, "Retry-After") {
		t.Errorf("busy, the porch answers\n%s\nthe house\n%s", got, want)
	}
}

// alike is a touch without what differs between two: which it is, when it was, and that the second repeats the first.
func alike(one touch.Touch) touch.Touch {
	one.ID, one.Who, one.At, one.Turn = "", "", time.Time{}, 0
	if one.Mark == touch.Duplicate {
		one.Mark = touch.Counts
	}
	return one
}
