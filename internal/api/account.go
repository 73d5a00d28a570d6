package api

import (
	"strings"

	"github.com/tributary-hq/tributary/internal/auth"
)

// accountRights are the rights whose holders work with the accounts that partners are paid to.
var accountRights = []auth.Permission{auth.WritePayouts, auth.ApprovePayouts, auth.WritePartners}

// account is where a partner is paid, in full for those who work with it. For others it is masked, so that two accounts can
// mostly be told apart and none be used: "a***@example.com".
func account(who auth.Actor, payTo string) string {
	for _, right := range accountRights {
		if who.May(right) == nil {
			return payTo
		}
	}
	if payTo == "" {
		return ""
	}
	name, service, _ := strings.Cut(payTo, "@")
	first := []rune(name + "*")[:1]
	if service != "" {
		service = "@" + service
	}
	return string(first) + "***" + service
}
