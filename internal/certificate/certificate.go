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
	May   func(ctx context.Context, name string) (bool, error)
	// RenewBefore is the part of a certificate's life that is left when the next visitor has it renewed; a third when 0.
	RenewBefore float64
}

// Keeper has the certificates.
type Keeper struct {
	cache  *certmagic.Cache
	config *certmagic.Config
	issuer *certmagic.ACMEIssuer
}

// ErrName is for names that are not ours to serve.
var ErrName = errors.New("the name is no proven domain")

// inMemory is how many certificates are held; others are read again when they are asked for.
const inMemory = 10_000

// Open makes a keeper. It orders nothing until somebody asks for a name.
func Open(o Options) *Keeper {
	log := zap.New(bridge{o.Log})
	k := &Keeper{}
	k.cache = certmagic.NewCache(certmagic.CacheOptions{
		GetConfigForCert:   func(certmagic.Certificate) (*certmagic.Config, error) { return k.config, nil },
		Capacity:           inMemory,
		Logger:             log,
	})
	ratio := o.RenewBefore
	if ratio == 0 {
		ratio = certmagic.DefaultRenewalWindowRatio
	}
	k.config = certmagic.New(k.cache, certmagic.Config{
		Storage: newStorage(o.DB), Logger: log, RenewalWindowRatio: ratio,
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
	k.issuer = certmagic.NewACMEIssuer(k.config, certmagic.ACMEIssuer{CA: ca, Email: o.Email, Agreed: true, TrustedRoots: o.Roots, Logger: log})
	k.config.Issuers = []certmagic.Issuer{k.issuer}
	return k
}

// Listen is a listener that speaks TLS, and answers the authority's questions on the way.
func (k *Keeper) Listen(plain net.Listener) net.Listener {
	c := k.config.TLSConfig()
	c.NextProtos = append([]string{"h2", "http/1.1"}, c.NextProtos...)
	c.MinVersion = tls.VersionTLS12
	return tls.NewListener(plain, c)
}

// Challenges answers what the authority asks over plain HTTP, and hands everything else to next.
func (k *Keeper) Challenges(next http.Handler) http.Handler { return k.issuer.HTTPChallengeHandler(next) }

// Close ends what renews by itself.
func (k *Keeper) Close() { k.cache.Stop() }
