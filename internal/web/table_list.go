package web

import "github.com/tributary-hq/tributary/internal/money"

// heading is a column's head; one with an address sorts.
type heading struct {
	Label   string
	Number  bool
	Aside   bool
	Address string
	Sorted  string // ascending, descending or empty
}

// listing is a table as its page shows it.
type listing struct {
	ID     string
	Heads  []heading
	Rows   []listedRow
	Sums   string // what heads the totals; empty: there are none
	Totals []cell // of the columns after the first
	Choice []choice
	Chosen []string
	Param  string   // of the choice of columns
	Keep   []choice // what the form of the choice sends along
	Reset  string   // the address with the columns as at first
	File   string
	Next   string
	Start  string
	Deeds  []deed
	DoneAt string
	Empty  emptiness
	Wide   bool // too wide for its head to stay in sight
}

type listedRow struct {
	Key   string
	Worth money.Amount // of the row's deeds; no currency: it has none
	Name  cell
	Cells []cell
}

// wideFrom is how many columns do not fit beside each other on every desk.
const wideFrom = 8

// Sortable are the columns that sort, for readers who see no heads.
func (l listing) Sortable() []heading {
	var list []heading
	for _, h := range l.Heads {
		if h.Address != "" {
			list = append(list, h)
		}
	}
	return list
}

// Head is the head of a row's cell after its name.
func (l listing) Head(i int) heading { return l.Heads[i+1] }

// Has tells whether a column is shown.
func (l listing) Has(name string) bool {
	for _, c := range l.Chosen {
		if c == name {
			return true
		}
	}
	return false
}

func (t table[R]) list(v *visit, rows, all []R, order string) listing {
	shown := t.shown(v)
	l := listing{ID: "table", Param: t.param("cols"), Empty: t.Empty, Deeds: t.Deeds, DoneAt: t.DoneAt, Wide: len(shown)+min(len(t.Deeds), 1) >= wideFrom}
	if t.Name != "" {
		l.ID = "table-" + t.Name
	}
	if t.File != "" {
		l.File = v.here("file", t.fileName())
	}
	if t.canChoose() {
		for _, c := range t.Columns {
			if !c.Filed && c.Name != shown[0].Name {
				l.Choice = append(l.Choice, choice{c.Name, c.heads(v)})
			}
		}
	}
	l.Keep = kept(v.URL.Query(), t.param("cols"), t.param("before"), t.param("start"), "file")
	l.Reset = v.here(t.param("cols"), "")
	for _, c := range shown {
		l.Chosen = append(l.Chosen, c.Name)
		l.Heads = append(l.Heads, t.heading(v, c, order))
	}
	for _, row := range rows {
		r := listedRow{Name: shown[0].Cell(v, row)}
		if t.Key != nil && len(t.Deeds) > 0 {
			r.Key = t.Key(row)
			if t.Worth != nil {
				r.Worth = t.Worth(row)
			}
		}
		for _, c := range shown[1:] {
			r.Cells = append(r.Cells, c.Cell(v, row))
		}
		l.Rows = append(l.Rows, r)
	}
	if t.Sums != "" && len(rows) > 0 {
		l.Sums = v.text(t.Sums)
		for _, c := range shown[1:] {
			var sum cell
			if c.Sum != nil {
				sum = c.Sum(v, all)
			}
			l.Totals = append(l.Totals, sum)
		}
	}
	return l
}

// canChoose tells whether there is anything to choose: a table of a few columns shows them all.
func (t table[R]) canChoose() bool {
	for _, c := range t.Columns {
		if c.Spare {
			return true
		}
	}
	return false
}

func (t table[R]) heading(v *visit, c column[R], order string) heading {
	h := heading{Label: c.heads(v), Number: c.Number, Aside: c.Aside}
	if c.Order == nil || order == "" {
		return h
	}
	first := c.Name
	if c.Number {
		first = "-" + c.Name // the largest first
	}
	switch order {
	case c.Name:
		h.Sorted, first = "ascending", "-"+c.Name
	case "-" + c.Name:
		h.Sorted, first = "descending", c.Name
	}
	h.Address = v.here(t.param("sort"), first, t.param("start"), "")
	return h
}
