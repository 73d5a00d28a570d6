package auth

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/tributary-hq/tributary/internal/db"
	"github.com/tributary-hq/tributary/internal/db/dbtest"
	"github.com/tributary-hq/tributary/internal/problem"
)

func TestATokenIsMadeOfPermissions(t *testing.T) {
	dbtest.Run(t, func(t *testing.T, d *db.DB) {
		for _, c := range []struct {
			name, token string
			mode        Mode
			scopes      []Permission
			want        string
		}{
			{"reads at least", "Shop", Live, nil, "trb_live_ [read]"},
			{"each once, in one order", "Shop", Test, []Permission{WritePayouts, WriteLinks, Read, WriteLinks}, "trb_test_ [read links.write payouts.write]"},
			{"no such permission", "Shop", Live, []Permission{"all"}, "scopes_invalid"},
			{"no such mode", "Shop", "demo", nil, "mode_invalid"},
			{"no name", " ", Live, nil, "name_invalid"},
		} {
			var secret string
			var made Token
			err := d.Write(t.Context(), func(tx *db.Tx) (err error) {
				made, secret, err = NewToken(t.Context(), tx, "brd_1", c.token, c.mode, c.scopes...)
				return err
			})
			got := problem.Code(err)
			if err == nil {
				got = fmt.Sprint(secret[:len("trb_live_")], " ", made.Scopes)
				found, err := Bearer(t.Context(), d.Read(), secret)
				if err != nil || fmt.Sprint(found) != fmt.Sprint(made) || !strings.HasSuffix(secret, found.Hint) || len(found.Hint) != 4 {
					t.Errorf("%s: made %+v, found %+v, %v", c.name, made, found, err)
				}
				if a := found.Actor(); a.Brand != "brd_1" || a.May(Read) != nil || a.May(WriteTeam) == nil {
					t.Errorf("%s: acts as %+v", c.name, a)
				}
			}
			if got != c.want {
				t.Errorf("%s: %s, want %s", c.name, got, c.want)
			}
		}
	})
}

func TestATokenHoldsUntilItIsRevoked(t *testing.T) {
	dbtest.Run(t, func(t *testing.T, d *db.DB) {
		clock(d, 0)
		var token Token
		var secret string
		write(t, d, func(tx *db.Tx) (err error) {
			token, secret, err = NewToken(t.Context(), tx, "brd_1", "Shop", Live)
			return err
		})
		for _, c := range []struct {
			after, want time.Duration // since start
		}{{time.Second, time.Second}, {30 * time.Second, time.Second}, {61 * time.Second, 61 * time.Second}} {
			clock(d, c.after)
			found, err := Bearer(t.Context(), d.Read(), secret)
			if err != nil {
				t.Fatal(err)
			}
			if err := TouchToken(t.Context(), d, found); err != nil {
				t.Fatal(err)
			}
			if list, err := Tokens(t.Context(), d.Read(), "brd_1"); err != nil || len(list) != 1 || !list[0].Used.Equal(start.Add(c.want)) {
				t.Errorf("after %s: %+v, %v; want it used after %s", c.after, list, err, c.want)
			}
		}
		revoke := func(brand string) error {
			return d.Write(t.Context(), func(tx *db.Tx) error { return Revoke(t.Context(), tx, brand, token.ID) })
		}
		if err := revoke("brd_2"); problem.Code(err) != "token_unknown" {
			t.Errorf("another brand revoked it: %v", err)
		}
		for _, after := range []time.Duration{time.Hour, 2 * time.Hour} {
			clock(d, after)
			if err := revoke("brd_1"); err != nil {
				t.Fatal(err)
			}
		}
		if list, err := Tokens(t.Context(), d.Read(), "brd_1"); err != nil || !list[0].Revoked.Equal(start.Add(time.Hour)) {
			t.Errorf("%+v, %v; want it revoked the first time", list, err)
		}
		other := secret[:len(secret)-1] + map[bool]string{true: "1", false: "0"}[secret[len(secret)-1] == '0']
		for _, s := range []string{secret, other, "", "trb_live_", "\x00", secret + " "} {
			if _, err := Bearer(t.Context(), d.Read(), s); problem.Code(err) != "not_signed_in" {
				t.Errorf("%q: %v", s, err)
			}
		}
	})
}

func TestParseToken(t *testing.T) {
	chance := strings.Repeat("0az9", 13)
	for _, c := range []struct {
		name, secret string
		mode         Mode
		ok           bool
	}{
		{"live", "trb_live_" + chance, Live, true},
		{"test", "trb_test_" + chance, Test, true},
		{"another mode", "trb_demo_" + chance, "demo", false},
		{"another product's", "trp_live_" + chance, "", false},
		{"too short", "trb_live_" + chance[1:], "", false},
		{"too long", "trb_live_" + chance + "0", "", false},
		{"another alphabet", "trb_live_" + chance[1:] + "l", "", false},
		{"upper case", "trb_live_" + strings.ToUpper(chance), "", false},
		{"a space inside", "trb_live_" + chance[:20] + " " + chance[21:], "", false},
	} {
		if mode, ok := parseToken(c.secret); ok != c.ok || (ok && mode != c.mode) {
			t.Errorf("%s: %q, %t", c.name, mode, ok)
		}
	}
}

func FuzzParseToken(f *testing.F) {
	f.Add("trb_live_" + strings.Repeat("0az9", 13))
	f.Add("trb__")
	f.Fuzz(func(t *testing.T, s string) {
		mode, ok := parseToken(s)
		if !ok {
			return
		}
		rest, cut := strings.CutPrefix(s, "trb_"+string(mode)+"_")
		if !cut || len(rest) != secretLength || (mode != Live && mode != Test) {
			t.Errorf("%q is said to be %q", s, mode)
		}
		for _, c := range rest {
			if !strings.ContainsRune("0123456789abcdefghjkmnpqrstvwxyz", c) {
				t.Errorf("%q has a %q", s, c)
			}
		}
	})
}
