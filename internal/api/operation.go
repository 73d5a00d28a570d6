package api

import (
	"context"
	"net/http"
	"strings"

	"github.com/danielgtaylor/huma/v2"

	"github.com/tributary-hq/tributary/internal/auth"
	"github.com/tributary-hq/tributary/internal/db"
)

// operation is one line of the table: what is asked for, who may ask, and who answers.
type operation struct {
	method  string
	path    string
	id      string
	needs   auth.Permission
	summary string
	more    string // the rest of the description
	answer  answerer
}

// answerer puts an operation before its handler.
type answerer func(a *API, op huma.Operation, needs auth.Permission)

const (
	bodyMost  = 256 << 10 // bytes of a request's body
	batchMost = 4 << 20   // of those that carry many things
)

func (o operation) register(a *API) {
	op := huma.Operation{Method: o.method, Path: o.path, OperationID: o.id, Summary: o.summary, Tags: []string{o.tag()},
		Description: strings.TrimSpace(o.more + "\n\nNeeds the permission `" + string(o.needs) + "`."), DefaultStatus: http.StatusOK,
		MaxBodyBytes: bodyMost, BodyReadTimeout: -1} // admit has read the body
	op.Responses = map[string]*huma.Response{"default": {Description: "Refused. The code says why.", Content: map[string]*huma.MediaType{
		"application/problem+json": {Schema: a.huma.OpenAPI().Components.Schemas.Schema(problemType, true, "")}}}}
	o.answer(a, op, o.needs)
}

// tag is the subject in the documentation: the first word of the id that is one.
func (o operation) tag() string {
	for _, t := range tags {
		if strings.HasPrefix(o.id, t.Name+"-") {
			return t.Name
		}
	}
	panic("api: operation " + o.id + " is of no subject")
}

// told is an answer to a read.
type told[O any] struct{ Body O }

// reads is an operation that changes nothing.
func reads[I, O any](handle func(*API, context.Context, auth.Actor, *I) (O, error)) answerer {
	return func(a *API, op huma.Operation, needs auth.Permission) {
		op.Middlewares = huma.Middlewares{a.admit(needs, op)}
		huma.Register(a.huma, op, func(ctx context.Context, in *I) (*told[O], error) {
			out, err := handle(a, ctx, callerIn(ctx).Actor, in)
			if err != nil {
				return nil, a.refuse(ctx, op.Method, op.Path, err)
			}
			return &told[O]{out}, nil
		})
	}
}

// done is an answer to a write, as it is kept with the idempotency key.
type done struct {
	status   int
	body     []byte
	replayed bool
}

// written is done for huma.
type written[O any] struct {
	Status   int
	Replayed string `header:"Idempotency-Replayed" doc:"true when this is the answer to an earlier request with the same key." enum:"true"`
	Body     text[O]
}

// text is an O that has been written down as JSON.
type text[O any] struct{ json []byte }

func (t text[O]) written() []byte { return t.json }

// Schema is that of O.
func (text[O]) Schema(r huma.Registry) *huma.Schema { return schemaOf[O](r) }

// writes is an operation whose handler works in one transaction, which also keeps the answer for the idempotency key.
func writes[I, O any](handle func(*API, context.Context, *db.Tx, auth.Actor, *I) (O, error)) answerer {
	return func(a *API, op huma.Operation, needs auth.Permission) {
		answers[O](func(a *API, ctx context.Context, who caller, in *I) (done, error) {
			return a.write(ctx, who, func(tx *db.Tx) (int, any, error) {
				out, err := handle(a, ctx, tx, who.Actor, in)
				return op.DefaultStatus, out, err
			})
		})(a, op, needs)
	}
}

// writesReports is writes for many reports at once: those of a test token are kept, as tests.
func writesReports[I, O any](handle func(*API, context.Context, *db.Tx, caller, *I) (O, error)) answerer {
	return func(a *API, op huma.Operation, needs auth.Permission) {
		answers[O](func(a *API, ctx context.Context, who caller, in *I) (done, error) {
			who.apart = true
			return a.write(ctx, who, func(tx *db.Tx) (int, any, error) {
				out, err := handle(a, ctx, tx, who, in)
				return op.DefaultStatus, out, err
			})
		})(a, op, needs)
	}
}

// answers is a write that sees to the idempotency key itself.
func answers[O, I any](handle func(*API, context.Context, caller, *I) (done, error)) answerer {
	return func(a *API, op huma.Operation, needs auth.Permission) {
		op.Parameters = append(op.Parameters, idempotencyKey)
		op.Middlewares = huma.Middlewares{a.admit(needs, op)}
		huma.Register(a.huma, op, func(ctx context.Context, in *I) (*written[O], error) {
			d, err := handle(a, ctx, callerIn(ctx), in)
			if err != nil {
				return nil, a.refuse(ctx, op.Method, op.Path, err)
			}
			out := &written[O]{Status: d.status, Body: text[O]{d.body}}
			if d.replayed {
				out.Replayed = "true"
			}
			return out, nil
		})
	}
}

// reports is a fact on its way into a lane: 201 for a new one, 200 for one that was there before. The line says more exactly
// than a schema what is wrong with it, so only unknown fields and wrong types are refused before.
func reports[O, I any](handle func(*API, context.Context, caller, *I) (done, error)) answerer {
	return func(a *API, op huma.Operation, needs auth.Permission) {
		op.DefaultStatus, op.SkipValidateBody = http.StatusCreated, true
		op.Responses["200"] = &huma.Response{Description: "It had been reported before and stands as it was.", Content: map[string]*huma.MediaType{
			"application/json": {Schema: schemaOf[O](a.huma.OpenAPI().Components.Schemas)}}}
		answers[O](handle)(a, op, needs)
	}
}

// creates is writes that answers 201.
func creates[I, O any](handle func(*API, context.Context, *db.Tx, auth.Actor, *I) (O, error)) answerer {
	return func(a *API, op huma.Operation, needs auth.Permission) {
		op.DefaultStatus = http.StatusCreated
		writes(handle)(a, op, needs)
	}
}

// many takes a larger body, and leaves what is in it to its handler.
func many(answer answerer) answerer {
	return func(a *API, op huma.Operation, needs auth.Permission) {
		op.MaxBodyBytes, op.SkipValidateBody = batchMost, true
		answer(a, op, needs)
	}
}

var idempotencyKey = &huma.Param{Name: keyHeader, In: "header", Schema: &huma.Schema{Type: huma.TypeString},
	Description: "Up to 200 printable characters of your own. A repeat of the request with the same key does nothing and gets the same answer; another request with the same key is refused.",
	Example:     "order-A-1001"}
