package app_test

import (
	"crypto/x509"
	"io"
	"log"
	"net"
	"net/http"
	"net/http/httptest"
	"sync/atomic"
	"testing"
	"time"

	"github.com/letsencrypt/pebble/v2/ca"
	pebble "github.com/letsencrypt/pebble/v2/db"
	"github.com/letsencrypt/pebble/v2/va"
	"github.com/letsencrypt/pebble/v2/wfe"
	"github.com/miekg/dns"
)

// authority is an ACME server as the real ones are: it believes nothing until it has asked at the name.
type authority struct {
	directory string
	itself    *x509.CertPool // who the server is
	gives     *x509.CertPool // who signs what it gives
	orders    atomic.Int64
	fails     atomic.Bool
}

// openAuthority opens one for which every name leads to this machine, at the ports.
func openAuthority(t *testing.T, httpPort, tlsPort int, lifetime time.Duration) *authority {
	t.Helper()
	t.Setenv("PEBBLE_VA_NOSLEEP", "1")
	t.Setenv("PEBBLE_WFE_NONCEREJECT", "0")
	a := &authority{itself: x509.NewCertPool(), gives: x509.NewCertPool()}
	quiet := log.New(io.Discard, "", 0)
	store := pebble.NewMemoryStore()
	signer := ca.New(quiet, store, "", "ecdsa", 0, 1, map[string]ca.Profile{"default": {ValidityPeriod: uint64(lifetime.Seconds())}})
	asker := va.New(quiet, httpPort, tlsPort, false, openDNS(t), store)
	front := wfe.New(quiet, store, asker, signer, []string{"ca.example"}, false, false, 1, 1)
	doors := front.Handler()
	server := httptest.NewTLSServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if a.fails.Load() {
			http.Error(w, "down", http.StatusInternalServerError)
			return
		}
		if r.URL.Path == "/order-plz" {
			a.orders.Add(1)
		}
		doors.ServeHTTP(w, r)
	}))
	t.Cleanup(server.Close)
	a.directory = server.URL + wfe.DirectoryPath
	a.itself.AddCert(server.Certificate())
	a.gives.AppendCertsFromPEM(signer.GetRootCert(0).PEM())
	return a
}

// openDNS is a DNS server for which every name is 127.0.0.1.
func openDNS(t *testing.T) string {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	server := &dns.Server{Listener: l, Handler: dns.HandlerFunc(func(w dns.ResponseWriter, q *dns.Msg) {
		answer := new(dns.Msg).SetReply(q)
		if name := q.Question[0]; name.Qtype == dns.TypeA {
			answer.Answer = []dns.RR{&dns.A{Hdr: dns.RR_Header{Name: name.Name, Rrtype: dns.TypeA, Class: dns.ClassINET, Ttl: 1}, A: net.IPv4(127, 0, 0, 1)}}
		}
		w.WriteMsg(answer)
	})}
	go server.ActivateAndServe()
	t.Cleanup(func() { server.Shutdown() })
	return l.Addr().String()
}
