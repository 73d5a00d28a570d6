package mail

import (
	"context"
	"slices"
	"testing"

	"github.com/tributary-hq/tributary/internal/auth"
	"github.com/tributary-hq/tributary/internal/db"
	"github.com/tributary-hq/tributary/internal/db/dbtest"
	"github.com/tributary-hq/tributary/internal/partner"
	"github.com/tributary-hq/tributary/internal/problem"
)

func TestInviteMember(t *testing.T) {
	dbtest.Run(t, func(t *testing.T, d *db.DB) {
		h, ctx := newHouse(t, d), context.Background()
		invite := func(email string, role auth.Role) error {
			return h.try(func(ctx context.Context, tx *db.Tx) error {
				_, err := InviteMember(ctx, tx, base, h.brand, h.owner, email, role)
				return err
			})
		}
		for _, c := range []struct {
			name, email string
			role        auth.Role
			want        string
		}{
			{"no address", "", auth.Analyst, "email_invalid"},
			{"no address at all", "someone", auth.Analyst, "email_invalid"},
			{"a partner is not of a team", "x@acme.example", auth.Partner, "role_invalid"},
			{"no such role", "x@acme.example", "king", "role_invalid"},
			{"in the team already", "Olga@acme.example", auth.Analyst, "member_known"},
			{"somebody", "Fin@acme.example ", auth.Finance, ""},
			{"again, in another role", "fin@acme.example", auth.Analyst, ""},
		} {
			if err := invite(c.email, c.role); problem.Code(err) != c.want || c.want == "" && err != nil {
				t.Errorf("%s: %v, want %q", c.name, err, c.want)
			}
		}
		h.logs("invitation waiting fin@acme.example", "invitation waiting fin@acme.example")
		open, err := OpenInvites(ctx, d.Read(), h.brand.ID, h.now)
		if err != nil || len(open) != 1 || open[0].Role != auth.Analyst {
			t.Fatalf("open invitations: %v %v", open, err)
		}
		var fin, mallory auth.Person
		h.write(func(ctx context.Context, tx *db.Tx) (err error) {
			if fin, err = auth.Create(ctx, tx, auth.Person{Name: "Fin", Email: "fin@acme.example"}); err != nil {
				return err
			}
			mallory, err = auth.Create(ctx, tx, auth.Person{Name: "Mallory", Email: "mallory@x.example"})
			return err
		})
		join := func(key string, who auth.Person) string {
			return problem.Code(h.try(func(ctx context.Context, tx *db.Tx) error { _, err := Join(ctx, tx, key, who, nil); return err }))
		}
		keys := h.sentKeys()
		var worked string
		for _, key := range keys { // one of them has been replaced
			if got := join(key, mallory); got != "invitation_foreign" && got != "key_expired" {
				t.Errorf("somebody else: %q", got)
			}
			if join(key, fin) == "" {
				worked = key
			}
		}
		if worked == "" || join(worked, fin) != "key_used" || join(secret, fin) != "key_unknown" {
			t.Error("one key works, once")
		}
		members, err := auth.Members(ctx, d.Read(), h.brand.ID)
		if err != nil || !slices.ContainsFunc(members, func(m auth.Member) bool { return m.Person.ID == fin.ID && m.Role == auth.Analyst }) || len(members) != 2 {
			t.Errorf("members: %v %v", members, err)
		}
		if err := invite("late@acme.example", auth.Manager); err != nil {
			t.Fatal(err)
		}
		keys = slices.DeleteFunc(h.sentKeys(), func(k string) bool { return slices.Contains(keys, k) })
		open, err = OpenInvites(ctx, d.Read(), h.brand.ID, h.now)
		if err != nil || len(open) != 1 {
			t.Fatalf("open invitations: %v %v", open, err)
		}
		h.now = h.now.Add(InviteFor)
		if _, err := Invited(ctx, d.Read(), keys[0], h.now); problem.Code(err) != "key_expired" {
			t.Errorf("two weeks later: %v", err)
		}
		h.now = h.now.Add(-InviteFor + 1e9)
		for _, c := range []struct{ brand, want string }{{"brd_other", "invitation_unknown"}, {h.brand.ID, ""}, {h.brand.ID, "invitation_unknown"}} {
			err := h.try(func(ctx context.Context, tx *db.Tx) error {
				_, err := Withdraw(ctx, tx, c.brand, open[0].ID)
				return err
			})
			if problem.Code(err) != c.want {
				t.Errorf("withdraw for %s: %v, want %q", c.brand, err, c.want)
			}
		}
		if _, err := Invited(ctx, d.Read(), keys[0], h.now); problem.Code(err) != "key_expired" {
			t.Errorf("after it was withdrawn: %v", err)
		}
	})
}

func TestPartnerOfAnotherProgramJoinsByAccepting(t *testing.T) {
	dbtest.Run(t, func(t *testing.T, d *db.DB) {
		h := newHouse(t, d)
		var who auth.Person
		h.write(func(ctx context.Context, tx *db.Tx) error {
			p, err := partner.Create(ctx, tx, partner.Partner{Name: "Zed", Email: "zed@x.example"})
			if err != nil {
				return err
			}
			if who, err = auth.Create(ctx, tx, auth.Person{Name: "Zed", Email: p.Email}); err != nil {
				return err
			}
			_, err = InvitePartner(ctx, tx, base, h.prog, h.owner, "", p.Name, p.Email, "zh")
			return err
		})
		if l := h.letters()[0]; l.Kind != PartnerInvitation || l.Locale != "zh" || l.Brand != h.brand.ID {
			t.Errorf("the invitation is %+v", l)
		}
		let := ""
		h.write(func(ctx context.Context, tx *db.Tx) error {
			_, err := Join(ctx, tx, h.sentKeys()[0], who, func(p partner.Partner, i Invite) error {
				let = p.Name + " into " + i.Program
				return nil
			})
			return err
		})
		if let != "Zed into "+h.prog.ID {
			t.Errorf("let in: %q", let)
		}
	})
}
