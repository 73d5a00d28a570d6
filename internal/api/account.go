package api

import (
	"github.com/tributary-hq/tributary/internal/auth"
	"github.com/tributary-hq/tributary/internal/partner"
)

// account is where a partner is paid, as far as it is for the eyes of who asks.
func account(who auth.Actor, payTo string) string {
	if who.SeesAccounts() {
		return payTo
	}
	return partner.Masked(payTo)
}
