package app

import "github.com/tributary-hq/tributary/internal/porch"

// quick answers links at our own name on a porch. At a domain of a program's own other rules hold: that is for the house.
func (a *App) quick(r *porch.Request, answer *porch.Answer) bool {
	if r.Host != a.own {
		if _, ok := a.Domains.At(r.Host); ok {
			return false
		}
	}
	return a.door.Quick(r, answer)
}
