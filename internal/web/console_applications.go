package web

import (
	"slices"

	"github.com/tributary-hq/tributary/internal/contract"
	"github.com/tributary-hq/tributary/internal/partner"
	"github.com/tributary-hq/tributary/internal/problem"
)

// applicationsPage is the queue of those who wait for an answer, the oldest first.
type applicationsPage struct {
	consolePage
	Tabs   []chip
	Rows   []applicationRow
	More   bool // than are shown
	Offer  contract.Terms
	Queue  listing // what can be done with those selected
	Result treatment
	Fault  string
}

type applicationRow struct {
	partner.Partnership
	Answers []partner.Answer // with the questions in words
}

// queueMost is how many applications are shown at once, which is how many can be answered at once.
const queueMost = 100

func (v *visit) waiting(limit int) ([]partner.Partnership, error) {
	return partner.Partnerships(v.Context(), v.read(), partner.Filter{Program: v.program.ID, Status: partner.Applied, Limit: limit})
}

func (v *visit) reasons() []choice {
	return append([]choice{{"", v.text("applications.own_words")}}, choices(v.lang, "refusals", refusals)...)
}

func (s *site) applicants(v *visit) (answer, error) {
	data, err := v.applications()
	return s.page("console/applications/list", v.text("applications.title"), data), err
}

func (v *visit) applications() (applicationsPage, error) {
	data := applicationsPage{consolePage: v.console(), Queue: listing{ID: "queue", DoneAt: consoleBase(v.program) + "/applications"}}
	for _, d := range v.partnerDeeds(partnerChoices{}) {
		if d.Name == "accept" || d.Name == "decline" {
			data.Queue.Deeds = append(data.Queue.Deeds, d)
		}
	}
	list, err := v.waiting(queueMost + 1)
	if err != nil {
		return data, err
	}
	if data.More = len(list) > queueMost; data.More {
		list = list[:queueMost]
	}
	for _, p := range list {
		data.Rows = append(data.Rows, applicationRow{p, inWords(v.program, p.Answers)})
	}
	if data.Offer, err = contract.Defaults(v.program); err != nil {
		return data, err
	}
	data.Tabs, err = v.partnersTabs("applications")
	return data, err
}

// treatApplicants answers several applications at once.
func (s *site) treatApplicants(v *visit) (answer, error) {
	result, err := s.treat(v)
	p, refused := problem.As(err)
	if err != nil && !refused {
		return nil, err
	}
	data, err := v.applications()
	if data.Result = result; refused {
		data.Fault = detail(v.lang, p.Fields[0].Code, p.Fields[0].Detail)
		return s.again("console/applications/list", v.text("applications.title"), data), err
	}
	return s.page("console/applications/list", v.text("applications.title"), data), err
}

// applicationPage is one application, with the way to those around it.
type applicationPage struct {
	consolePage
	Partnership      partner.Partnership
	Answers          []partner.Answer
	Properties       []partner.Property
	Offer            contract.Terms
	Reasons          []choice
	Place, Of        int
	Previous, Behind string // addresses, or empty
}

func (s *site) applicant(v *visit) (answer, error) {
	data := applicationPage{consolePage: v.console(), Partnership: v.partnership, Answers: inWords(v.program, v.partnership.Answers), Reasons: v.reasons()}
	list, err := v.waiting(0)
	if err != nil {
		return nil, err
	}
	at := slices.IndexFunc(list, func(p partner.Partnership) bool { return p.ID == v.partnership.ID })
	data.Place, data.Of = at+1, len(list)
	if data.Place == 0 {
		data.Of = 0 // it is answered already
	}
	if at > 0 {
		data.Previous = data.Base + "/applications/" + list[at-1].ID
	}
	if at >= 0 && at+1 < len(list) {
		data.Behind = data.Base + "/applications/" + list[at+1].ID
	}
	if data.Properties, err = partner.Properties(v.Context(), v.read(), v.partnership.Partner.ID); err != nil {
		return nil, err
	}
	if data.Offer, err = contract.Defaults(v.program); err != nil {
		return nil, err
	}
	return s.page("console/applications/detail", v.partnership.Partner.Name, data), nil
}

// nextApplication is the one behind the partnership of the path, or the first; when none is left, the empty queue.
func (v *visit) nextApplication() (string, error) {
	base := consoleBase(v.program) + "/applications"
	for _, after := range []string{v.partnership.ID, ""} {
		list, err := partner.Partnerships(v.Context(), v.read(), partner.Filter{Program: v.program.ID, Status: partner.Applied, After: after, Limit: 1})
		if err != nil {
			return base, err
		}
		if len(list) > 0 {
			return base + "/" + list[0].ID, nil
		}
	}
	return base, nil
}

// partnersTabs lead between the list, the applications and the groups.
func (v *visit) partnersTabs(here string) ([]chip, error) {
	counts, err := partner.ByStatus(v.Context(), v.read(), v.program.ID)
	base := consoleBase(v.program)
	tabs := []chip{
		{Label: v.text("nav.partners"), Address: base + "/partners", Here: here == "partners"},
		{Label: v.text("applications.title"), Address: base + "/applications", Here: here == "applications"},
		{Label: v.text("groups.title"), Address: base + "/groups", Here: here == "groups"},
	}
	if n := counts[partner.Applied]; n > 0 {
		tabs[1].Count = v.lang.Number(n)
	}
	return tabs, err
}
