package api_test

import (
	"strings"
	"testing"

	"github.com/tributary-hq/tributary/internal/api"
	"github.com/tributary-hq/tributary/internal/auth"
	"github.com/tributary-hq/tributary/internal/db"
	"github.com/tributary-hq/tributary/internal/db/dbtest"
)

// TestAccountsAreForThoseWhoPay asks for everything that can be read, with each permission alone.
func TestAccountsAreForThoseWhoPay(t *testing.T) {
	h := open(t, dbtest.Open(t, db.SQLite))
	ids := h.things()
	const full, masked = `"pay_to":"ann@example.com"`, `"pay_to":"a***@example.com"`
	works := map[auth.Permission]bool{auth.WritePayouts: true, auth.ApprovePayouts: true, auth.WritePartners: true}
	for _, scope := range auth.Permissions {
		_, secret := h.token(auth.Live, scope)
		told := map[string]bool{}
		for _, o := range api.Operations() {
			if o.Method != "GET" || strings.HasSuffix(o.Path, "{name}") {
				continue
			}
			got := h.do(o.Method, fill(o.Path, ids), "", "Authorization", "Bearer "+secret)
			if strings.Contains(got.body, full) && !works[scope] {
				t.Errorf("%s tells the account to %s", o.ID, scope)
			}
			told[o.ID] = strings.Contains(got.body, full) || strings.Contains(got.body, masked)
			if strings.Contains(got.body, masked) && works[scope] {
				t.Errorf("%s hides the account from %s", o.ID, scope)
			}
		}
		for _, id := range []string{"partners-get", "partnerships-get", "partnerships-list", "payouts-get", "payouts-list", "batches-get"} {
			if !told[id] {
				t.Errorf("%s says nothing of the account to %s", id, scope)
			}
		}
	}
}
