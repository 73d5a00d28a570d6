package web

import "strings"

// filePage is how many rows are read at a time for a file, and fileMost how many it has.
const (
	filePage = 1000
	fileMost = 50_000
)

// file is a list with all its columns and all its rows, or the newest fileMost of them.
func (t table[R]) file(v *visit, read cursorPage[R], id func(R) string) (answer, error) {
	out := t.sheet()
	before := ""
	for len(out.rows) < fileMost {
		rows, err := read(before, filePage)
		if err != nil {
			return nil, err
		}
		for _, row := range rows {
			out.rows = append(out.rows, t.filed(v, row))
		}
		if len(rows) < filePage {
			break
		}
		before = id(rows[len(rows)-1])
	}
	return out.file(t.File + "-" + v.now().Format("20060102") + ".csv")
}

// fileAll is the same for rows that are all at hand, in the order that the address asks for.
func (t table[R]) fileAll(v *visit, rows []R) (answer, error) {
	t.sort(v, rows)
	out := t.sheet()
	for _, row := range rows {
		out.rows = append(out.rows, t.filed(v, row))
	}
	return out.file(t.File + "-" + v.now().Format("20060102") + ".csv")
}

func (t table[R]) sheet() sheet {
	var s sheet
	for _, c := range t.Columns {
		s.head = append(s.head, c.Name)
	}
	return s
}

func (t table[R]) filed(v *visit, row R) []string {
	line := make([]string, len(t.Columns))
	for i, c := range t.Columns {
		line[i] = strings.TrimSpace(c.Cell(v, row).InFile())
	}
	return line
}
