package auth

import (
	"fmt"
	"strings"
	"testing"

	"github.com/tributary-hq/tributary/internal/db"
	"github.com/tributary-hq/tributary/internal/db/dbtest"
	"github.com/tributary-hq/tributary/internal/problem"
)

func TestWhoMayDoWhat(t *testing.T) {
	roles := []Role{Owner, Manager, Finance, Analyst, Partner, "stranger"}
	want := map[Permission]string{
		Read:             "owner manager finance analyst partner",
		WritePartners:    "owner manager",
		WriteContracts:   "owner manager",
		WriteLinks:       "owner manager partner",
		WriteConversions: "owner manager",
		WriteCommissions: "owner manager finance",
		WritePayouts:     "owner manager finance",
		ApprovePayouts:   "owner finance",
		WriteSettings:    "owner manager",
		WriteTeam:        "owner",
		ReadAudit:        "owner manager",
	}
	if len(want) != len(Permissions) {
		t.Errorf("%d permissions, %d said here", len(Permissions), len(want))
	}
	for _, p := range append(Permissions, "all") {
		var may []string
		for _, r := range roles {
			scope := "brd_1"
			if r == Partner {
				scope = "prt_1"
			}
			actor := Person{ID: "per_1", Name: "Ann"}.As(Membership{Person: "per_1", Scope: scope, Role: r})
			if actor.Brand+actor.Partner != scope {
				t.Errorf("%s acts for %q and %q", r, actor.Brand, actor.Partner)
			}
			if r.May(p) != (actor.May(p) == nil) {
				t.Errorf("%s: role and actor disagree on %s", r, p)
			}
			if r.May(p) {
				may = append(may, string(r))
			}
		}
		if got := strings.Join(may, " "); got != want[p] {
			t.Errorf("%s: %s; want %s", p, got, want[p])
		}
	}
	for name, a := range map[string]Actor{
		"nobody":              {},
		"another's role":      Person{ID: "per_1"}.As(Membership{Person: "per_2", Scope: "brd_1", Role: Owner}),
		"a token of no scope": Token{ID: "tok_1"}.Actor(),
	} {
		if err := a.May(Read); problem.Code(err) != "not_allowed" {
			t.Errorf("%s may read: %v", name, err)
		}
	}
}

func TestMembers(t *testing.T) {
	dbtest.Run(t, func(t *testing.T, d *db.DB) {
		clock(d, 0)
		ids := map[string]string{}
		for _, name := range []string{"ann", "bob", "cee"} {
			ids[name] = join(t, d, name+"@example.com", "").ID
		}
		const leave Role = "leave"
		for _, c := range []struct {
			name, who, scope string
			role             Role
			want, members    string
		}{
			{"the first", "bob", "brd_1", Owner, "", "bob:owner"},
			{"others join", "ann", "brd_1", Analyst, "", "ann:analyst bob:owner"},
			{"joining again changes the role", "ann", "brd_1", Manager, "", "ann:manager bob:owner"},
			{"the last owner stays", "bob", "brd_1", leave, "last_owner", "ann:manager bob:owner"},
			{"and stays owner", "bob", "brd_1", Finance, "last_owner", "ann:manager bob:owner"},
			{"until there is another", "ann", "brd_1", Owner, "", "ann:owner bob:owner"},
			{"then goes", "bob", "brd_1", leave, "", "ann:owner"},
			{"once", "bob", "brd_1", leave, "member_unknown", "ann:owner"},
			{"no role of a brand's", "cee", "brd_1", Partner, "role_invalid", "ann:owner"},
			{"no role at all", "cee", "brd_1", "king", "role_invalid", "ann:owner"},
			{"a partner's people", "ann", "prt_1", Partner, "", "ann:partner"},
			{"no role of a partner's", "cee", "prt_1", Owner, "role_invalid", "ann:partner"},
			{"of whom the last stays", "ann", "prt_1", leave, "last_colleague", "ann:partner"},
			{"until there is another", "bob", "prt_1", Partner, "", "ann:partner bob:partner"},
			{"then goes", "ann", "prt_1", leave, "", "bob:partner"},
			{"no scope", "cee", "prg_1", Analyst, "role_invalid", ""},
		} {
			err := d.Write(t.Context(), func(tx *db.Tx) error {
				if c.role == leave {
					return Leave(t.Context(), tx, ids[c.who], c.scope)
				}
				return Join(t.Context(), tx, ids[c.who], c.scope, c.role)
			})
			if problem.Code(err) != c.want || (err == nil) != (c.want == "") {
				t.Errorf("%s: %v, want %q", c.name, err, c.want)
			}
			members, err := Members(t.Context(), d.Read(), c.scope)
			var got []string
			for _, m := range members {
				name, _, _ := strings.Cut(m.Person.Email, "@")
				got = append(got, fmt.Sprintf("%s:%s", name, m.Role))
			}
			if strings.Join(got, " ") != c.members || err != nil {
				t.Errorf("%s: %v, %v; want %s", c.name, got, err, c.members)
			}
		}
		got, err := Memberships(t.Context(), d.Read(), ids["ann"])
		if want := (Membership{ids["ann"], "brd_1", Owner, start}); err != nil || len(got) != 1 || got[0] != want {
			t.Errorf("%+v, %v; want %+v", got, err, want)
		}
	})
}
