package web

import (
	"cmp"
	"strings"
)

// statTable is the table of a partner's statistics. Its totals are those of the days, for what several rows share counts
// there once.
func (v *visit) statTable(q question, days []statRow) table[statRow] {
	var total measures
	for _, day := range days {
		total.add(day.measures)
	}
	t := table[statRow]{Sorted: "-clicks", Sums: "list.total", File: "statistics-" + q.by,
		Empty: emptiness{Icon: "statistics", Title: v.text("list.nothing"), Text: v.text("statistics.empty")}}
	if q.by == "day" {
		t.Sorted = "-name"
	}
	t.Columns = []column[statRow]{
		{Name: q.by, Filed: true, Cell: func(_ *visit, row statRow) cell { return textCell(row.Name, "") }},
		{Name: "name", Title: v.groupingName(q.by), Order: byName, Cell: func(_ *visit, row statRow) cell {
			return textCell(row.Label, row.Inner).barBelow(row.Share)
		}},
	}
	for _, m := range measured {
		t.Columns = append(t.Columns, column[statRow]{Name: m.Name, Head: "columns." + m.Name, Number: true,
			Cell:  func(v *visit, row statRow) cell { return m.show(v, row.measures) },
			Sum:   func(v *visit, _ []statRow) cell { return m.show(v, total) },
			Order: func(a, b statRow) int { return cmp.Compare(m.of(a.measures), m.of(b.measures)) },
		})
	}
	t.Columns = append(t.Columns, column[statRow]{Name: "currency", Filed: true,
		Cell: func(v *visit, _ statRow) cell { return textCell(string(v.program.Currency), "") }})
	return t
}

// byName puts days in their order, and all else in that of the alphabet.
func byName(a, b statRow) int {
	return cmp.Or(a.Date.Compare(b.Date), strings.Compare(a.Label, b.Label))
}
