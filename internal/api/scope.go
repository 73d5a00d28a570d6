package api

import (
	"context"

	"github.com/tributary-hq/tributary/internal/auth"
	"github.com/tributary-hq/tributary/internal/commission"
	"github.com/tributary-hq/tributary/internal/contract"
	"github.com/tributary-hq/tributary/internal/conversion"
	"github.com/tributary-hq/tributary/internal/creative"
	"github.com/tributary-hq/tributary/internal/db"
	"github.com/tributary-hq/tributary/internal/partner"
	"github.com/tributary-hq/tributary/internal/payout"
	"github.com/tributary-hq/tributary/internal/problem"
	"github.com/tributary-hq/tributary/internal/program"
)

// programOf is the program that the input names by id or short name, if it is the asker's. Another brand's does not exist.
func programOf(ctx context.Context, r db.Reader, who auth.Actor, name string) (program.Program, error) {
	p, err := program.Named(ctx, r, name)
	if err == nil && p.Brand != who.Brand {
		return program.Program{}, problem.NotFound("program", name)
	}
	return p, err
}

// kind is a sort of things that belong to a program.
type kind[T any] struct {
	name    string
	find    func(context.Context, db.Reader, string) (T, error)
	program func(T) string
}

var (
	partnerships = kind[partner.Partnership]{"partnership", partner.GetPartnership, func(s partner.Partnership) string { return s.Program }}
	groups       = kind[partner.Group]{"group", partner.GetGroup, func(g partner.Group) string { return g.Program }}
	notes        = kind[partner.Note]{"note", partner.GetNote, func(n partner.Note) string { return n.Program }}
	contracts    = kind[contract.Version]{"contract", contract.Get, func(v contract.Version) string { return v.Program }}
	links        = kind[creative.Link]{"link", creative.GetLink, func(l creative.Link) string { return l.Program }}
	conversions  = kind[conversion.Conversion]{"conversion", conversion.Get, func(c conversion.Conversion) string { return program.RealID(c.Program) }}
	commissions  = kind[commission.Commission]{"commission", commission.Get, func(c commission.Commission) string { return c.Program }}
	batches      = kind[payout.Batch]{"batch", payout.GetBatch, func(b payout.Batch) string { return b.Program }}
	payouts      = kind[payout.Payout]{"payout", payout.Get, func(p payout.Payout) string { return p.Program }}
)

// of is the thing with the id and its program, if that is the asker's. Another brand's is answered like one that nobody has.
func (k kind[T]) of(ctx context.Context, r db.Reader, who auth.Actor, id string) (T, program.Program, error) {
	var none T
	thing, err := k.find(ctx, r, id)
	if err != nil {
		return none, program.Program{}, err
	}
	p, err := program.Get(ctx, r, k.program(thing))
	if err == nil && p.Brand != who.Brand {
		err = problem.NotFound(k.name, id)
	}
	if err != nil {
		return none, program.Program{}, err
	}
	return thing, p, nil
}
