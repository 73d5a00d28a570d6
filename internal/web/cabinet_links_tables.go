package web

import (
	"cmp"
	"strings"
)

// linkTable are a partner's links, the newest first.
func (v *visit) linkTable() table[linkRow] {
	return table[linkRow]{Sums: "list.total", Empty: emptiness{Icon: "links", Title: v.text("links.empty"), Text: v.text("links.empty_text")},
		Sorted: "-since", Columns: []column[linkRow]{
			{Name: "link", Head: "links.link", Order: func(a, b linkRow) int { return strings.Compare(a.called(), b.called()) },
				Cell: func(v *visit, l linkRow) cell {
					c := textCell(l.called(), cabinetBase(v.partnership)+"/links/"+l.ID)
					c.Note, c.Fate = cmp.Or(l.Target, v.program.Landing), l.Fate
					return c
				}},
			{Name: "address", Head: "link.address", Cell: func(_ *visit, l linkRow) cell {
				path := strings.TrimPrefix(l.Address, originOf(l.Address))
				return cell{Text: path, Lead: originOf(l.Address), Plain: l.Address, Copied: l.ID}
			}},
			{Name: "clicks", Head: "metrics.clicks", Number: true, Sum: sumOf(linkRow.clicks), Order: func(a, b linkRow) int { return cmp.Compare(a.Clicks, b.Clicks) },
				Cell: func(v *visit, l linkRow) cell { return v.numberCell(l.Clicks) }},
			{Name: "sales", Head: "metrics.sales", Number: true, Sum: sumOf(linkRow.sales), Order: func(a, b linkRow) int { return cmp.Compare(a.Sales, b.Sales) },
				Cell: func(v *visit, l linkRow) cell { return v.numberCell(l.Sales) }},
			{Name: "earnings", Head: "metrics.earnings", Number: true, Sum: sumIn(linkRow.earned), Order: func(a, b linkRow) int { return cmp.Compare(a.Earned.Minor, b.Earned.Minor) },
				Cell: func(v *visit, l linkRow) cell { return v.moneyCell(l.Earned) }},
			{Name: "since", Head: "list.since", Number: true, Spare: true, Order: func(a, b linkRow) int { return strings.Compare(a.ID, b.ID) },
				Cell: func(v *visit, l linkRow) cell { return v.dateCell(l.Created) }},
		}}
}

// originOf is an address without its path.
func originOf(address string) string {
	scheme, rest, _ := strings.Cut(address, "://")
	host, _, _ := strings.Cut(rest, "/")
	return scheme + "://" + host
}

// called is the link's label, or its path.
func (l linkRow) called() string { return cmp.Or(l.Label, "/c/"+l.Code) }

func (l linkRow) clicks() int64 { return l.Clicks }
func (l linkRow) sales() int64  { return l.Sales }
func (l linkRow) earned() int64 { return l.Earned.Minor }

// codeTable are a partner's promo codes.
func (v *visit) codeTable() table[codeRow] {
	return table[codeRow]{Name: "codes", Empty: emptiness{Icon: "coin", Title: v.text("codes.none"), Text: v.text("codes.none_text")}, Columns: []column[codeRow]{
		{Name: "code", Head: "links.promo_code", Cell: func(_ *visit, c codeRow) cell { return cell{Text: c.Code.Code, Copied: "code-" + c.Code.Code} }},
		{Name: "uses", Head: "codes.uses", Number: true, Cell: func(v *visit, c codeRow) cell { return v.numberCell(c.Uses) }},
		{Name: "earnings", Head: "metrics.earnings", Number: true, Cell: func(v *visit, c codeRow) cell { return v.moneyCell(c.Earned) }},
	}}
}
