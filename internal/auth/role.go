package auth

import (
	"slices"

	"github.com/tributary-hq/tributary/internal/problem"
)

// Permission is a right to do something within a scope.
type Permission string

// The permissions. Each write is a right of its own; reading is one.
const (
	Read             Permission = "read"
	WritePartners    Permission = "partners.write"
	WriteContracts   Permission = "contracts.write"
	WriteLinks       Permission = "links.write"
	WriteConversions Permission = "conversions.write"
	WriteCommissions Permission = "commissions.write"
	WritePayouts     Permission = "payouts.write"
	ApprovePayouts   Permission = "payouts.approve"
	WriteSettings    Permission = "settings.write"
	WriteTeam        Permission = "team.write"
	ReadAudit        Permission = "audit.read" // who changed what, and from where
)

// Permissions are all permissions, for those who choose among them.
var Permissions = []Permission{Read, WritePartners, WriteContracts, WriteLinks, WriteConversions, WriteCommissions, WritePayouts,
	ApprovePayouts, WriteSettings, WriteTeam, ReadAudit}

// Role is what a person is in a scope.
type Role string

// The roles: four in a brand, one at a partner.
const (
	Owner   Role = "owner"
	Manager Role = "manager"
	Finance Role = "finance"
	Analyst Role = "analyst"
	Partner Role = "partner"
)

// Roles are those of a brand's team, the mightiest first.
var Roles = []Role{Owner, Manager, Finance, Analyst}

var allowed = map[Role][]Permission{
	Owner:   Permissions,
	Manager: {Read, WritePartners, WriteContracts, WriteLinks, WriteConversions, WriteCommissions, WritePayouts, WriteSettings, ReadAudit},
	Finance: {Read, WriteCommissions, WritePayouts, ApprovePayouts},
	Analyst: {Read},
	Partner: {Read, WriteLinks},
}

// May tells whether the role has the permission.
func (r Role) May(p Permission) bool { return slices.Contains(allowed[r], p) }

// Actor is who asks for something: a person in one of the roles they have, or a token. The zero Actor may do nothing.
type Actor struct {
	ID      string // of the person or the token
	Name    string
	Brand   string // whose facts it acts on; empty for a partner
	Partner string // the same for a partner; empty for a brand's people and tokens
	From    string // the network that they ask from, as far as it may be kept
	allowed []Permission
}

// accounts are the rights whose holders work with the accounts that partners are paid to.
var accounts = []Permission{WritePayouts, ApprovePayouts, WritePartners}

// SeesAccounts tells whether the actor works with the accounts that partners are paid to. For others they are masked.
func (a Actor) SeesAccounts() bool {
	return slices.ContainsFunc(accounts, func(p Permission) bool { return a.May(p) == nil })
}

// May returns nil when the actor has the permission, and a problem to answer with when not.
func (a Actor) May(p Permission) error {
	if slices.Contains(a.allowed, p) {
		return nil
	}
	return problem.Denied("%s has no permission %s", a.Name, p)
}

// As is the person as the member of one scope.
func (p Person) As(m Membership) Actor {
	a := Actor{ID: p.ID, Name: p.Name}
	if m.Person != p.ID {
		return a
	}
	if a.allowed = allowed[m.Role]; m.Role == Partner {
		a.Partner = m.Scope
	} else {
		a.Brand = m.Scope
	}
	return a
}

// Actor is who acts with the token.
func (t Token) Actor() Actor {
	return Actor{ID: t.ID, Name: t.Name, Brand: t.Brand, allowed: t.Scopes}
}
