package deliver

import (
	"context"
	"crypto/tls"
	"errors"
	"io"
	"net"
	"net/http"
	"net/netip"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"syscall"
	"time"

	"code.dny.dev/ssrf"

	"github.com/tributary-hq/tributary/internal/db"
)

// Fault is why an attempt did not reach its end.
type Fault string

// The faults.
const (
	NoFault     Fault = ""
	Status      Fault = "status"      // the answer was not 2xx
	Redirect    Fault = "redirect"    // the answer led elsewhere, which is not followed
	Timeout     Fault = "timeout"     // no answer in time
	Name        Fault = "name"        // nobody has the host's name
	Connect     Fault = "connect"     // nobody listens there
	Certificate Fault = "certificate" // no encrypted connection came about
	Address     Fault = "address"     // the address is not public
	Broken      Fault = "broken"      // the connection broke, or the answer was no HTTP
)

// Attempt is one try to bring a delivery.
type Attempt struct {
	Delivery string
	Number   int64
	At       time.Time
	Took     time.Duration
	Status   int // of the answer; 0 without one
	Fault    Fault
	Detail   string        // the fault in the words of the machine
	Answer   string        // its first bytes
	After    time.Duration // how long the receiver asked to be left alone
}

const attemptColumns = "delivery, number, at, took, status, fault, detail, answer"

func scanAttempt(row db.Row) (Attempt, error) {
	var a Attempt
	var at, took int64
	err := row.Scan(&a.Delivery, &a.Number, &at, &took, &a.Status, &a.Fault, &a.Detail, &a.Answer)
	a.At, a.Took = moment(at), time.Duration(took)*time.Millisecond
	return a, err
}

// Attempts are those at a delivery, the first one first.
func Attempts(ctx context.Context, r db.Reader, delivery string) ([]Attempt, error) {
	return db.All(ctx, r, scanAttempt, `/* deliver.Attempts */ select `+attemptColumns+` from delivery_attempt
		where delivery = $1 order by number`, delivery)
}

// AttemptsAt are those at several deliveries, by delivery.
func AttemptsAt(ctx context.Context, r db.Reader, deliveries []string) (map[string][]Attempt, error) {
	var args db.Args
	list, err := db.All(ctx, r, scanAttempt, `/* deliver.AttemptsAt */ select `+attemptColumns+` from delivery_attempt
		where delivery in `+args.In(deliveries)+` order by delivery, number`, args.List()...)
	found := map[string][]Attempt{}
	for _, a := range list {
		found[a.Delivery] = append(found[a.Delivery], a)
	}
	return found, err
}

// The bounds of an attempt.
const (
	connectMost = 5 * time.Second
	totalMost   = 15 * time.Second
	bodyMost    = 2 * time.Second // for the part of an answer that is kept; the status has decided already
	answerMost  = 1 << 10         // bytes of an answer that are kept
	headerMost  = 32 << 10
)

// Ports are those that are dialled: the web's, and the two that stand in for them.
var Ports = []uint16{80, 443, 8080, 8443}

// newClient is an HTTP client that reaches public addresses, and those of reach; port 0 there is any port. What is checked
// is the address that is dialled, after its name was resolved.
func newClient(reach []netip.AddrPort) *http.Client {
	guard := ssrf.New(ssrf.WithPorts(Ports...))
	dialer := &net.Dialer{Timeout: connectMost, Control: func(network, address string, c syscall.RawConn) error {
		to, err := netip.ParseAddrPort(address)
		if err == nil && slices.ContainsFunc(reach, func(r netip.AddrPort) bool { return r.Addr() == to.Addr() && (r.Port() == 0 || r.Port() == to.Port()) }) {
			return nil
		}
		return guard.Safe(network, address, c)
	}}
	return &http.Client{
		Transport: &http.Transport{DialContext: dialer.DialContext, TLSHandshakeTimeout: connectMost, MaxIdleConns: 200, MaxIdleConnsPerHost: 2,
			IdleConnTimeout: 30 * time.Second, MaxResponseHeaderBytes: headerMost, DisableCompression: true, ForceAttemptHTTP2: true},
		CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
	}
}

// try sends a delivery once.
func try(ctx context.Context, client *http.Client, t Target, d Delivery, at time.Time, most time.Duration) Attempt {
	a := Attempt{Delivery: d.ID, Number: d.Attempts + 1, At: at}
	begun := time.Now()
	ctx, cancel := context.WithTimeout(ctx, most)
	defer cancel()
	defer func() { a.Took = time.Since(begun) }()
	request, err := http.NewRequestWithContext(ctx, d.Request.Method, d.Request.URL, strings.NewReader(d.Request.Body))
	if err != nil {
		a.Fault, a.Detail = Broken, clip(err.Error(), detailMost)
		return a
	}
	content := d.Request.Body
	if content == "" {
		request.Body, request.ContentLength, content = http.NoBody, 0, request.URL.RawQuery
	}
	if d.Request.Type != "" {
		request.Header.Set("Content-Type", d.Request.Type)
	}
	t.Headers(request.Header, d, content, at)
	answer, err := client.Do(request)
	a.Took = time.Since(begun)
	if err != nil {
		if a.Fault = faultOf(err); a.Fault != Address { // what a name of the own network resolves to is nobody's business
			a.Detail = clip(inner(err).Error(), detailMost)
		}
		return a
	}
	defer answer.Body.Close()
	a.Status = answer.StatusCode
	switch {
	case a.Status >= 300 && a.Status < 400:
		a.Fault, a.Detail = Redirect, clip(answer.Header.Get("Location"), detailMost)
	case a.Status < 200 || a.Status >= 400:
		a.Fault = Status
	}
	if seconds, err := strconv.Atoi(answer.Header.Get("Retry-After")); err == nil && seconds > 0 && (a.Status == http.StatusTooManyRequests || a.Status == http.StatusServiceUnavailable) {
		a.After = time.Duration(min(seconds, 3600)) * time.Second
	}
	timer := time.AfterFunc(bodyMost, cancel)
	defer timer.Stop()
	head, _ := io.ReadAll(io.LimitReader(answer.Body, answerMost)) // as much as comes in time
	a.Answer = clip(string(head), answerMost)
	return a
}

const detailMost = 300

// inner is the error without the method and the address, which stand beside it.
func inner(err error) error {
	if u := (*url.Error)(nil); errors.As(err, &u) {
		return u.Err
	}
	return err
}

func faultOf(err error) Fault {
	var name *net.DNSError
	var cert *tls.CertificateVerificationError
	var record tls.RecordHeaderError
	var alert tls.AlertError
	timeout, ok := err.(interface{ Timeout() bool })
	switch {
	case errors.Is(err, ssrf.ErrProhibitedIP), errors.Is(err, ssrf.ErrProhibitedPort), errors.Is(err, ssrf.ErrProhibitedNetwork):
		return Address
	case errors.Is(err, context.DeadlineExceeded), ok && timeout.Timeout():
		return Timeout
	case errors.As(err, &name):
		return Name
	case errors.Is(err, http.ErrSchemeMismatch), errors.As(err, &cert), errors.As(err, &record), errors.As(err, &alert):
		return Certificate
	case errors.Is(err, syscall.ECONNREFUSED), errors.Is(err, syscall.EHOSTUNREACH), errors.Is(err, syscall.ENETUNREACH):
		return Connect
	}
	return Broken
}

// clip makes text fit for a column: short, and of characters that both engines take.
func clip(s string, most int) string {
	return strings.ReplaceAll(strings.ToValidUTF8(s[:min(len(s), most)], "�"), "\x00", "")
}
