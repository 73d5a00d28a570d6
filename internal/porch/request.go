package porch

import (
	"net/netip"
	"strings"
)

// Request is a plain request: GET or HEAD, without a body, each field once, nothing that two servers could read differently.
type Request struct {
	Method string
	Path   string // letters, digits and -._~/ alone
	Query  string // raw, without the question mark
	Host   string
	Peer   netip.AddrPort
	fields []field
	old    bool // HTTP/1.0
	last   bool // the guest asks for no more
}

type field struct{ name, value string }

// Get is a field's value, empty when it is not there. It is http.Header's method.
func (r *Request) Get(name string) string {
	for i := range r.fields {
		if f := &r.fields[i]; len(f.name) == len(name) && strings.EqualFold(f.name, name) {
			return f.value
		}
	}
	return ""
}

// fieldsMost is how many fields a plain request has at most.
const fieldsMost = 32

// read reads the first request of a text and returns how many bytes it is. false says that it is not a plain one, or not whole.
func (r *Request) read(text string) (size int, plain bool) {
	line, rest, found := strings.Cut(text, "\r\n")
	if !found || !r.readLine(line) {
		return 0, false
	}
	r.fields = r.fields[:0]
	for {
		if line, rest, found = strings.Cut(rest, "\r\n"); !found {
			return 0, false
		}
		if line == "" {
			break
		}
		if !r.readField(line) {
			return 0, false
		}
	}
	return len(text) - len(rest), r.isPlain()
}

// readLine reads a line such as GET /c/spring?sub1=a HTTP/1.1.
func (r *Request) readLine(line string) bool {
	method, rest, _ := strings.Cut(line, " ")
	target, version, _ := strings.Cut(rest, " ")
	r.Method = method
	r.Path, r.Query, _ = strings.Cut(target, "?")
	r.old = version == "HTTP/1.0"
	r.last = r.old
	return (method == "GET" || method == "HEAD") && (r.old || version == "HTTP/1.1") && strings.HasPrefix(r.Path, "/") &&
		consists(r.Path, inPath) && consists(r.Query, inQuery)
}

func (r *Request) readField(line string) bool {
	name, value, found := strings.Cut(line, ":")
	value = strings.Trim(value, " \t")
	if !found || name == "" || !consists(name, inName) || !consists(value, inValue) || len(r.fields) == fieldsMost {
		return false
	}
	for i := range r.fields {
		if other := r.fields[i].name; len(other) == len(name) && strings.EqualFold(other, name) {
			return false
		}
	}
	r.fields = append(r.fields, field{name, value})
	return true
}

// isPlain looks at the fields that say how the request is to be read.
func (r *Request) isPlain() bool {
	r.Host = ""
	for _, f := range r.fields {
		switch len(f.name) {
		case len("Host"):
			if strings.EqualFold(f.name, "Host") {
				r.Host = f.value
			}
		case len("Connection"):
			if strings.EqualFold(f.name, "Connection") {
				r.last = r.old || strings.EqualFold(f.value, "close")
				if !r.last && !strings.EqualFold(f.value, "keep-alive") || r.old && !strings.EqualFold(f.value, "close") {
					return false
				}
			}
		case len("Expect"), len("Trailer"), len("Content-Length"), len("Transfer-Encoding"):
			for _, odd := range [...]string{"Expect", "Trailer", "Content-Length", "Transfer-Encoding"} {
				if strings.EqualFold(f.name, odd) {
					return false
				}
			}
		}
	}
	return r.Host != "" && consists(r.Host, inHost)
}

// place is a part of a request; each has its letters.
type place uint8

const (
	inPath place = 1 << iota
	inQuery
	inName
	inValue
	inHost
)

var letters = func() (of [256]place) {
	for c := range 256 {
		if c > ' ' && c < 0x7f && c != '#' {
			of[c] |= inQuery
		}
		if c >= ' ' && c != 0x7f || c == '\t' {
			of[c] |= inValue
		}
	}
	allow := func(where place, signs string) {
		for _, c := range "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789" + signs {
			of[c] |= where
		}
	}
	allow(inPath, "-._~/")
	allow(inName, "-_")
	allow(inHost, "-.:[]")
	return of
}()

func consists(text string, of place) bool {
	for i := range len(text) {
		if letters[text[i]]&of == 0 {
			return false
		}
	}
	return true
}
