package api

import (
	"context"
	"strings"

	"github.com/tributary-hq/tributary/client"
	"github.com/tributary-hq/tributary/internal/audit"
	"github.com/tributary-hq/tributary/internal/auth"
	"github.com/tributary-hq/tributary/internal/commission"
	"github.com/tributary-hq/tributary/internal/conversion"
	"github.com/tributary-hq/tributary/internal/db"
	"github.com/tributary-hq/tributary/internal/journey"
	"github.com/tributary-hq/tributary/internal/money"
	"github.com/tributary-hq/tributary/internal/problem"
	"github.com/tributary-hq/tributary/internal/touch"
)

// nameKinds are the kinds of a person's names, and the key that each is.
var nameKinds = map[string]func(string) string{"customer": conversion.WhoCustomer, "email": conversion.WhoEmail, "visitor": touch.WhoVisitor, "click": touch.WhoClick}

// readKey is the key of a customer of the shop.
func readKey(customer string) (string, error) {
	customer = strings.TrimSpace(customer)
	if customer == "" || len(customer) > 200 || strings.ContainsFunc(customer, func(r rune) bool { return r < ' ' || r == 0x7f }) {
		return "", problem.Invalid("was_customer_id", "that is not the id of a customer")
	}
	return conversion.WhoCustomer(customer), nil
}

func readNames(field string, names []string) ([]string, error) {
	keys := make([]string, len(names))
	for i, name := range names {
		kind, rest, _ := strings.Cut(name, ":")
		key := nameKinds[kind]
		if key == nil || strings.TrimSpace(rest) == "" || len(rest) > 200 {
			return nil, problem.Invalid(field, "a name is customer:, email:, visitor: or click: and the name itself")
		}
		if rest = strings.TrimSpace(rest); kind == "email" {
			rest = strings.ToLower(rest)
		}
		keys[i] = key(rest)
	}
	return keys, nil
}

func (a *API) splitPerson(ctx context.Context, tx *db.Tx, who auth.Actor, in *struct{ Body client.NewPersonSplit }) (client.PersonSplit, error) {
	p, err := programOf(ctx, tx, who, in.Body.Program)
	if err != nil {
		return client.PersonSplit{}, err
	}
	s := journey.Split{Program: p.ID, Kind: journey.SplitKind(in.Body.Kind), Reason: in.Body.Reason, Author: who.ID}
	if s.A, err = readNames("names", in.Body.Names); err != nil {
		return client.PersonSplit{}, err
	}
	if s.B, err = readNames("others", in.Body.Others); err != nil {
		return client.PersonSplit{}, err
	}
	out, err := commission.Separate(ctx, tx, a.keys, s)
	if err != nil {
		return client.PersonSplit{}, err
	}
	return client.PersonSplit{ID: out.Split.ID, Kind: in.Body.Kind, Names: in.Body.Names, Others: in.Body.Others, Conversions: out.Conversions,
		Delta: tellMoney(money.Of(out.Delta, p.Currency)), Final: out.Final}, audit.Parted(ctx, tx, who, out.Split)
}

func (a *API) bindCustomer(ctx context.Context, tx *db.Tx, who auth.Actor, in *struct{ Body client.NewBinding }) (client.Binding, error) {
	p, err := programOf(ctx, tx, who, in.Body.Program)
	if err != nil {
		return client.Binding{}, err
	}
	keys, err := readNames("name", []string{in.Body.Name})
	if err != nil {
		return client.Binding{}, err
	}
	b, out, err := commission.Bind(ctx, tx, a.keys, commission.Binding{Program: p.ID, Key: keys[0], Partnership: in.Body.Partnership,
		Since: orNow(in.Body.Since, tx), Until: in.Body.Until, Reason: in.Body.Reason, Author: who.ID})
	if err != nil {
		return client.Binding{}, err
	}
	return client.Binding{ID: b.ID, Name: in.Body.Name, Partnership: b.Partnership, Since: b.Since, Until: b.Until, Conversions: out.Conversions,
		Delta: tellMoney(money.Of(out.Delta, p.Currency)), Final: out.Final}, audit.Bound(ctx, tx, who, b)
}
