package web

import "github.com/tributary-hq/tributary/internal/auth"

// admitToBrand decides where the path names nothing: everybody who has signed in may look for their first program; what is
// made for a brand needs its permission. The form may name the brand; else it is the first for which the person may.
func (v *visit) admitToBrand(may auth.Permission) error {
	if may == auth.Read {
		return nil
	}
	wanted := v.FormValue("brand")
	err := error(errNotFound)
	for _, m := range v.memberships {
		if m.Role == auth.Partner || wanted != "" && wanted != m.Scope {
			continue
		}
		actor := v.person.As(m)
		if err = actor.May(may); err == nil {
			v.actor = actor
			return nil
		}
	}
	return err
}
