// Package api is the REST door for the brands' own programs: it reads what they send, hands it to the line and says in JSON
// what became of it. It decides nothing about money, shows no brand what is another's, and does nothing twice for one
// idempotency key.
package api

import (
	"log/slog"
	"net/http"
	"strings"

	"github.com/danielgtaylor/huma/v2"
	"github.com/danielgtaylor/huma/v2/adapters/humago"

	"github.com/tributary-hq/tributary/internal/auth"
	"github.com/tributary-hq/tributary/internal/commission"
	"github.com/tributary-hq/tributary/internal/conversion"
	"github.com/tributary-hq/tributary/internal/db"
	"github.com/tributary-hq/tributary/internal/domain"
	"github.com/tributary-hq/tributary/internal/network"
	"github.com/tributary-hq/tributary/internal/program"
	refusals "github.com/tributary-hq/tributary/internal/refusal"
	"github.com/tributary-hq/tributary/internal/report"
	"github.com/tributary-hq/tributary/internal/touch"
)

// DefaultRate is a limit that only a runaway program meets.
const DefaultRate = 200

// Options are what the door opens on.
type Options struct {
	Refused *refusals.Book   // counts what is refused; nobody does when nil
	Domains *domain.Snapshot // at which links stand; nil: at BaseURL
	DB      *db.DB
	Keys    touch.Keys
	BaseURL string // of this installation, without a slash at the end: links and files are addressed by it
	Log     *slog.Logger
	Proxies network.Proxies
	Rate    int // requests a second that one token may send, five seconds' worth at once; 0: any number
}

// API is the door as one handler. Close it to finish what was accepted.
type API struct {
	db       *db.DB
	keys     touch.Keys
	base     string
	refused  *refusals.Book
	domains  *domain.Snapshot
	log      *slog.Logger
	huma     huma.API
	mux      *http.ServeMux
	limits   *limits
	proxies  network.Proxies
	book     report.Book
	tokens   recent[auth.Token]
	programs recent[program.Program]
	sales    *lane[conversion.New, commission.Credited]
	refunds  *lane[conversion.NewRefund, commission.Refunded]
	edits    *lane[conversion.NewEdit, commission.Told[conversion.Edit]]
	verdicts *lane[conversion.NewVerdict, commission.Told[conversion.Verdict]]
}

// Patterns are the addresses that a mux hands to the door.
var Patterns = []string{"/v1/", "/openapi.json", "/openapi.yaml", "/docs", "/docs/"}

// New opens the door.
func New(o Options) *API {
	a := &API{db: o.DB, keys: o.Keys, base: strings.TrimRight(o.BaseURL, "/"), refused: o.Refused, domains: o.Domains, log: o.Log, mux: http.NewServeMux(), limits: newLimits(o.Rate), proxies: o.Proxies}
	if a.log == nil {
		a.log = slog.Default()
	}
	a.sales = newLane(a.db, a.credit, a.tellReported)
	a.refunds = newLane(a.db, a.refund, a.tellRefunded)
	a.edits = newLane(a.db, a.edit, a.tellEdits)
	a.verdicts = newLane(a.db, a.qualify, a.tellVerdicts)
	a.huma = humago.New(a.mux, config(a.base))
	for _, o := range operations {
		o.register(a)
	}
	a.mux.HandleFunc("/v1/", a.unknownPath)
	a.serveDocuments()
	return a
}

// Close takes no more facts of orders, finishes those that were accepted, and returns.
func (a *API) Close() {
	a.sales.Close()
	a.refunds.Close()
	a.edits.Close()
	a.verdicts.Close()
}

// ServeHTTP answers at each of Patterns.
func (a *API) ServeHTTP(w http.ResponseWriter, r *http.Request) { a.mux.ServeHTTP(w, r) }

// config is what huma must know. Its own pages are off: they load scripts from elsewhere.
func config(base string) huma.Config {
	c := huma.DefaultConfig("Tributary API", "1")
	c.CreateHooks, c.Transformers = nil, nil
	c.OpenAPIPath, c.DocsPath, c.SchemasPath = "", "", ""
	c.Formats = map[string]huma.Format{"application/json": jsonFormat, "json": jsonFormat}
	c.RejectUnknownQueryParameters = true
	c.Info.Description = about + aboutAgents
	c.Servers = []*huma.Server{{URL: base}}
	c.Tags = tags
	c.Components.SecuritySchemes = map[string]*huma.SecurityScheme{"token": {Type: "http", Scheme: "bearer",
		Description: "A token of the brand: trb_live_… or trb_test_…"}}
	c.Security = []map[string][]string{{"token": {}}}
	return c
}
