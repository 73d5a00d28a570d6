package web

// acceptPartner takes an application, or somebody declined before, into the program on its default terms.
func (s *site) acceptPartner(v *visit) (answer, error) { return s.decide(v, "accept", "accepted") }

// declinePartner refuses an application.
func (s *site) declinePartner(v *visit) (answer, error) { return s.decide(v, "decline", "declined") }

// pausePartner lets a partnership earn nothing for a while.
func (s *site) pausePartner(v *visit) (answer, error) { return s.decide(v, "pause", "paused") }

// resumePartner lets it earn again.
func (s *site) resumePartner(v *visit) (answer, error) { return s.decide(v, "resume", "resumed") }

// decide does something to the partnership of the path. Who goes through the applications comes to the next one.
func (s *site) decide(v *visit, name, notice string) (answer, error) {
	h, err := handlingNamed(name)
	if err != nil {
		return nil, err
	}
	if _, err := h.on(s, v, v.partnership.ID); err != nil {
		return nil, err
	}
	if v.PostFormValue("then") == "next" {
		next, err := v.nextApplication()
		return s.done(next, notice), err
	}
	return s.done(partnerBase(v), notice), nil
}

func partnerBase(v *visit) string { return consoleBase(v.program) + "/partners/" + v.partnership.ID }
