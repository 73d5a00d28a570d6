package app

import (
	"context"
	"crypto/x509"
	"net"
	"net/http"
	"net/url"
	"strings"

	"github.com/tributary-hq/tributary/internal/certificate"
	"github.com/tributary-hq/tributary/internal/domain"
	"github.com/tributary-hq/tributary/internal/track"
)

// TLS says where the certificates of our name and of proven domains come from.
type TLS struct {
	CA          string // the ACME directory; Let's Encrypt's when empty
	Email       string
	Roots       *x509.CertPool
	Plain, Safe net.Addr // where we listen without encryption, and where with it
}

func hostOf(base string) string {
	u, err := url.Parse(base)
	if err != nil {
		return ""
	}
	return domain.Plain(u.Host)
}

// atHosts sends what is asked at a proven domain to the doors of its links, and everything else on.
func (a *App) atHosts(own string, door *track.Door, next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.Host != own {
			if at, ok := a.Domains.At(r.Host); ok {
				door.ServeAt(w, r, at)
				return
			}
		}
		next.ServeHTTP(w, r)
	})
}

// secure gets certificates, for our own name and for proven domains. What comes without encryption is answered where it
// is a link's; people's pages are only there with it.
func (a *App) secure(c Config, own string) {
	a.Certificates = certificate.Open(certificate.Options{DB: a.DB, Log: c.Log, CA: c.TLS.CA, Email: c.TLS.Email, Roots: c.TLS.Roots,
		Plain: c.TLS.Plain, Safe: c.TLS.Safe,
		May: func(ctx context.Context, name string) (bool, error) {
			if name == own {
				return true, nil
			}
			return a.Domains.Has(ctx, name)
		}})
	all := a.Handler
	plain := a.Certificates.Challenges(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if _, ok := a.Domains.At(r.Host); ok || r.URL.Path == "/healthz" {
			all.ServeHTTP(w, r)
			return
		}
		if !strings.HasPrefix(r.URL.Path, "/") { // "*", or another host's name
			http.Error(w, "That is no address of a page.", http.StatusBadRequest)
			return
		}
		http.Redirect(w, r, c.BaseURL+r.URL.RequestURI(), http.StatusPermanentRedirect)
	}))
	a.Handler = http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.TLS == nil {
			plain.ServeHTTP(w, r)
			return
		}
		all.ServeHTTP(w, r)
	})
}
