package web

import (
	"slices"
	"strconv"
	"strings"

	"github.com/tributary-hq/tributary/internal/money"
)

// table says what a list of rows shows: each page has its own as data, and makes from it what a reader sees (see listing) or
// takes along as a file.
//
// A table lives in the address: which columns are chosen, by which it is sorted, where the page begins. A page with several
// tables gives all but one of them a name, which begins their parameters.
type table[R any] struct {
	Name    string // in the address; empty for a page's main table
	Columns []column[R]
	Sorted  string               // the column by which it is sorted at first, with a hyphen before it from the largest down
	Key     func(R) string       // a row's id, for tables whose rows can be selected
	Worth   func(R) money.Amount // what the deeds of a row are about, if it is money: a dialog says what the selected rows come to
	Deeds   []deed               // what can be done with the selected rows
	DoneAt  string               // the address that does it
	Empty   emptiness            // what is said instead of no rows
	Sums    string               // a message that heads the totals; empty: the table has none
	File    string               // the name of its file without .csv; empty: it has none
}

// column is one fact of every row. The first that is shown names the row; it is always there.
type column[R any] struct {
	Name   string                        // in the address and at the head of the file
	Head   string                        // the message at its head
	Title  string                        // its head in words, where no message has them
	Number bool                          // stands at the end of its cell
	Spare  bool                          // shown when the reader chooses it
	Aside  bool                          // left out on a phone
	Filed  bool                          // in the file and on no page
	Cell   func(v *visit, row R) cell    // what a row has here
	Order  func(a, b R) int              // how rows compare; nil: the column does not sort
	Sum    func(v *visit, rows []R) cell // what all rows have; nil: nothing
}

// deed is something to do with the selected rows. One that asks something, or that is risky, opens a dialog first. What is
// sent are the keys of the rows as "row", the deed's name as "do", and its fields.
type deed struct {
	Name   string
	Label  string
	Icon   string
	Risky  bool
	Text   string  // what it means, in the dialog
	About  string  // of which part of the rows, where it is not of all
	Fields []field // their names begin with the deed's, for all dialogs are in one form
}

// emptiness is said where a list has nothing: what would fill it, and the first step.
type emptiness struct {
	Icon, Title, Text string
	Step, Address     string // the words and the address of the first step; may be empty
}

// cursorPage is the part of a list that begins after a row, the newest first.
type cursorPage[R any] func(before string, limit int) ([]R, error)

// heads are the words at a column's head.
func (c column[R]) heads(v *visit) string {
	if c.Title != "" {
		return c.Title
	}
	return v.text(c.Head)
}

func (t table[R]) param(name string) string {
	if t.Name == "" {
		return name
	}
	return t.Name + "-" + name
}

// isFile tells whether the address asks for the table's file.
func (t table[R]) isFile(v *visit) bool {
	return t.File != "" && v.query("file") == t.fileName()
}

func (t table[R]) fileName() string {
	if t.Name == "" {
		return "csv"
	}
	return t.Name
}

// shown are the columns that the reader sees: those chosen in the address, or else those that are not spare.
func (t table[R]) shown(v *visit) []column[R] {
	chosen := v.URL.Query()[t.param("cols")]
	if len(chosen) == 1 {
		chosen = strings.Split(chosen[0], ",")
	}
	var list []column[R]
	for _, c := range t.Columns {
		wanted := !c.Spare
		if len(chosen) > 0 {
			wanted = slices.Contains(chosen, c.Name)
		}
		if (wanted || len(list) == 0) && !c.Filed {
			list = append(list, c)
		}
	}
	return list
}

// sort puts the rows in the order that the address asks for, and returns it.
func (t table[R]) sort(v *visit, rows []R) string {
	for _, order := range []string{v.query(t.param("sort")), t.Sorted} {
		name, down := strings.CutPrefix(order, "-")
		for _, c := range t.Columns {
			if c.Name != name || c.Order == nil {
				continue
			}
			slices.SortStableFunc(rows, func(a, b R) int {
				if down {
					return c.Order(b, a)
				}
				return c.Order(a, b)
			})
			return order
		}
	}
	return ""
}

// page lists what is read a page at a time, the newest first. Such a list does not sort: all of it is not at hand.
func (t table[R]) page(v *visit, read cursorPage[R], id func(R) string) (listing, error) {
	rows, err := read(v.query(t.param("before")), perPage+1)
	if err != nil {
		return listing{}, err
	}
	next := ""
	if len(rows) > perPage {
		rows = rows[:perPage]
		next = v.here(t.param("before"), id(rows[perPage-1]))
	}
	l := t.list(v, rows, rows, "")
	l.Next, l.Keep = next, kept(v.URL.Query(), t.param("cols"), t.param("before"), "file") // from is a day here
	if v.query(t.param("before")) != "" {
		l.Start = v.here(t.param("before"), "")
	}
	return l, nil
}

// all lists rows that are all at hand: it sorts them, sums them up and shows a page of them.
func (t table[R]) all(v *visit, rows []R) listing {
	order := t.sort(v, rows)
	from, err := strconv.Atoi(v.query(t.param("start")))
	if err != nil || from < 0 || from >= len(rows) {
		from = 0
	}
	to := min(len(rows), from+perPage)
	l := t.list(v, rows[from:to], rows, order)
	if to < len(rows) {
		l.Next = v.here(t.param("start"), strconv.Itoa(to))
	}
	if from > 0 {
		l.Start = v.here(t.param("start"), "")
	}
	return l
}

// selected are the rows that a form of the table was sent for, each once, and what is to be done with them.
func selected(v *visit) (do string, rows []string, err error) {
	if err := v.ParseForm(); err != nil {
		return "", nil, err
	}
	for _, row := range v.PostForm["row"] {
		if row != "" && !slices.Contains(rows, row) {
			rows = append(rows, row)
		}
	}
	return v.PostFormValue("do"), rows, nil
}
