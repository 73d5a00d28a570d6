package web

import (
	"github.com/tributary-hq/tributary/internal/partner"
	"github.com/tributary-hq/tributary/internal/problem"
)

// treatment is what became of doing something to many partners at once.
type treatment struct {
	Did    string // a message below "treated"
	Done   int
	Failed []untreated
}

// untreated is a partner to whom it could not be done, and why.
type untreated struct {
	Name    string
	Address string // empty when it is none of the program's
	Why     string
}

// treatMost is how many partners can be treated at once.
const treatMost = 200

// treat does what the form says to those it names, each by itself: one that cannot be done does not stop the others.
func (s *site) treat(v *visit) (treatment, error) {
	do, ids, err := selected(v)
	if err != nil {
		return treatment{}, err
	}
	h, err := handlingNamed(do)
	switch {
	case err != nil:
		return treatment{}, err
	case len(ids) == 0:
		return treatment{}, problem.Wrong("row", "none_chosen", "choose at least one partner")
	case len(ids) > treatMost:
		return treatment{}, problem.Wrong("row", "too_many_chosen", "at most %d partners at once", treatMost)
	}
	t := treatment{Did: h.name}
	for _, id := range ids {
		p, err := h.on(s, v, id)
		if err == nil {
			t.Done++
			continue
		}
		t.Failed = append(t.Failed, v.untreated(s, id, p, err))
	}
	return t, nil
}

func (v *visit) untreated(s *site, id string, p partner.Partnership, err error) untreated {
	u := untreated{Name: id}
	if p.ID != "" {
		u.Name, u.Address = p.Partner.Name, consoleBase(v.program)+"/partners/"+p.ID
	}
	switch is, ok := problem.As(err); {
	case ok && is.Code == "partnership_moved":
		u.Why = v.text("treated.is", "state", v.text("states.partnership."+string(p.Status)))
	case ok:
		u.Why = detail(v.lang, is.Code, is.Detail)
		for _, f := range is.Fields {
			u.Why = detail(v.lang, f.Code, f.Detail)
		}
	default:
		s.log.Error("partner not treated", "partnership", id, "error", err)
		u.Why = v.text("treated.internal")
	}
	return u
}
