package web

import (
	"cmp"
	"slices"
)

// standing is what one partner brought in a stretch of days.
type standing struct {
	Partnership string
	Name        string
	Kind        string
	Clicks      int64
	Sales       int64
	Earned      int64
}

// standings are the partners of a program by what they earned, then by their clicks.
func (v *visit) standings(s span) ([]standing, error) {
	ctx, r, p := v.Context(), v.read(), v.program
	clicks, err := v.book.Clicks(ctx, r, p.ID, s.now())
	if err != nil {
		return nil, err
	}
	earned, err := v.book.Earned(ctx, r, p.ID, s.now())
	if err != nil {
		return nil, err
	}
	byID := map[string]*standing{}
	at := func(id string) *standing {
		if byID[id] == nil {
			byID[id] = &standing{Partnership: id}
		}
		return byID[id]
	}
	for n := range clicks {
		for id, count := range clicks[n] {
			at(id).Clicks += count
		}
		for id, sum := range earned[n] {
			at(id).Sales += sum.Count
			at(id).Earned += sum.Amount
		}
	}
	delete(byID, "")
	var list []standing
	var ids []string
	for id, one := range byID {
		list, ids = append(list, *one), append(ids, id)
	}
	names, err := v.names(ids)
	if err != nil {
		return nil, err
	}
	for i := range list {
		known := names[list[i].Partnership].Partner
		list[i].Name, list[i].Kind = known.Name, known.Kind
	}
	slices.SortFunc(list, func(a, b standing) int {
		return cmp.Or(cmp.Compare(b.Earned, a.Earned), cmp.Compare(b.Clicks, a.Clicks), cmp.Compare(a.Name, b.Name))
	})
	return list, nil
}

// standingTable are the best partners, in their order.
func (v *visit) standingTable() table[standing] {
	return table[standing]{Name: "top", Empty: emptiness{Icon: "partners", Title: v.text("overview.nobody"), Text: v.text("overview.nobody_text")},
		Columns: []column[standing]{
			{Name: "partner", Head: "list.partner", Cell: func(v *visit, s standing) cell {
				return nameCell(s.Name, v.text("kinds."+s.Kind), consoleBase(v.program)+"/partners/"+s.Partnership)
			}},
			{Name: "clicks", Head: "metrics.clicks", Number: true, Cell: func(v *visit, s standing) cell { return v.numberCell(s.Clicks) }},
			{Name: "conversions", Head: "metrics.conversions", Number: true, Cell: func(v *visit, s standing) cell { return v.numberCell(s.Sales) }},
			{Name: "commissions", Head: "metrics.commissions", Number: true, Cell: func(v *visit, s standing) cell { return v.minorCell(s.Earned) }},
		}}
}
