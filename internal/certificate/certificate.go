// Package certificate gets and renews the certificates of our own name and of proven domains, and of no other name. What it
// has goes on working while the authority does not.
package certificate

import (
	"context"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"net/http"

	"github.com/caddyserver/certmagic"
	"go.uber.org/zap"

	"github.com/tributary-hq/tributary/internal/db"
)

// Options say whose certificates are got, and where.
type Options struct {
	DB    *db.DB
	Log   *slog.Logger
	CA    string         // the ACME directory; Let's Encrypt's when empty
	Email string         // whom the authority writes to; nobody when empty
	Roots *x509.CertPool // whom to believe that they are the authority; the system's when nil
	Plain net.Addr       // where we are asked without encryption, and where with it; so that certmagic opens no doors of its own
	Safe  net.Addr
	May   func(ctx context.Context, name string) (bool, error)
}

// Keeper has the certificates.
type Keeper struct {
	cache   *certmagic.Cache
	config  *certmagic.Config
	issuer  *certmagic.ACMEIssuer
	storage *storage
}

// ErrName is for names that are not ours to serve.
var ErrName = errors.New("the name is no proven domain")

// inMemory is how many certificates are held; others are read again when they are asked for.
const inMemory = 10_000

// Open makes a keeper. It orders nothing until somebody asks for a name.
func Open(o Options) *Keeper {
	log := zap.New(bridge{o.Log})
	k := &Keeper{storage: newStorage(o.DB)}
	k.cache = certmagic.NewCache(certmagic.CacheOptions{
		GetConfigForCert: func(certmagic.Certificate) (*certmagic.Config, error) { return k.config, nil },
		Capacity:         inMemory,
		Logger:           log,
	})
	k.config = certmagic.New(k.cache, certmagic.Config{
		Storage: k.storage, Logger: log,
		OCSP: certmagic.OCSPConfig{DisableStapling: true},
		OnDemand: &certmagic.OnDemandConfig{DecisionFunc: func(ctx context.Context, name string) error {
			may, err := o.May(ctx, name)
			if err == nil && !may {
				err = fmt.Errorf("%w: %.255q", ErrName, name)
			}
			return err
		}},
	})
	ca := o.CA
	if ca == "" {
		ca = certmagic.LetsEncryptProductionCA
	}
	host, safe := split(o.Safe)
	_, plain := split(o.Plain)
	k.issuer = certmagic.NewACMEIssuer(k.config, certmagic.ACMEIssuer{CA: ca, Email: o.Email, Agreed: true, TrustedRoots: o.Roots, Logger: log,
		ListenHost: host, AltTLSALPNPort: safe, AltHTTPPort: plain})
	k.config.Issuers = []certmagic.Issuer{k.issuer}
	return k
}

func split(at net.Addr) (host string, port int) {
	if tcp, ok := at.(*net.TCPAddr); ok {
		if !tcp.IP.IsUnspecified() {
			host = tcp.IP.String()
		}
		port = tcp.Port
	}
	return host, port
}

// Listen is a listener that speaks TLS, and answers the authority's questions on the way.
func (k *Keeper) Listen(plain net.Listener) net.Listener {
	c := k.config.TLSConfig()
	c.NextProtos = append([]string{"h2", "http/1.1"}, c.NextProtos...)
	c.MinVersion = tls.VersionTLS12
	return tls.NewListener(plain, c)
}

// Challenges answers what the authority asks over plain HTTP, and hands everything else to next.
func (k *Keeper) Challenges(next http.Handler) http.Handler {
	return k.issuer.HTTPChallengeHandler(next)
}

// Close ends what renews by itself, and leaves what was under way to others.
func (k *Keeper) Close() error {
	k.cache.Stop()
	ctx, cancel := context.WithTimeout(context.Background(), lockFor)
	defer cancel()
	return k.storage.free(ctx)
}
