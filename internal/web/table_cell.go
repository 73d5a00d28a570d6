package web

import (
	"html/template"
	"strconv"
	"strings"
	"time"

	"github.com/tributary-hq/tributary/internal/money"
	"github.com/tributary-hq/tributary/internal/web/chart"
)

// cell is what a row has in a column: as it is read on the page, and as it is kept in a file.
type cell struct {
	Text    string
	Plain   string // in the file; Text when empty
	Address string // where it leads
	Note    string // below it, smaller
	Picture string // the letter before a name
	Badge   badge
	Fate    badge         // after the rest: what is wrong with it
	To      string        // what Text moves to
	Drawing template.HTML // below it
	Copied  string        // the id under which it can be copied
	Lead    string        // what is copied before Text, and not seen
	Below   bool          // a number below zero
	Tight   bool          // does not break
}

// InFile is the cell as a file has it.
func (c cell) InFile() string {
	switch {
	case c.Plain != "":
		return c.Plain
	case c.Badge.Word != "" && c.Text == "":
		return c.Badge.Word
	}
	return c.Text
}

// Class is how the cell looks in its column.
func (c cell) Class(column heading) string {
	var list []string
	if column.Number {
		list = append(list, "num")
	}
	if column.Aside {
		list = append(list, "aside")
	}
	if c.Below {
		list = append(list, "minus")
	}
	if c.Tight {
		list = append(list, "tight")
	}
	return strings.Join(list, " ")
}

// textCell is words that lead somewhere, or nowhere.
func textCell(text, address string) cell { return cell{Text: text, Address: address} }

// nameCell is somebody or something by name, with a line on what it is.
func nameCell(name, note, address string) cell {
	return cell{Text: name, Note: note, Address: address, Picture: initial(name)}
}

func (v *visit) numberCell(n int64) cell {
	return cell{Text: v.lang.Number(n), Plain: strconv.FormatInt(n, 10), Below: n < 0}
}

// moneyCell is an amount; the file has it as a decimal number, and its currency in a column of its own.
func (v *visit) moneyCell(a money.Amount) cell {
	return cell{Text: v.lang.Money(a), Plain: a.Decimal(), Below: a.Minor < 0}
}

// minorCell is an amount of the program's currency.
func (v *visit) minorCell(minor int64) cell { return v.moneyCell(money.Of(minor, v.program.Currency)) }

// partCell is an amount and, where it is only a part, what it is a part of.
func (v *visit) partCell(a, whole money.Amount) cell {
	c := v.moneyCell(a)
	if a != whole {
		c.Note = v.text("list.of", "whole", whole)
	}
	return c
}

func (v *visit) momentCell(t time.Time) cell {
	if t.IsZero() {
		return none
	}
	return cell{Text: v.lang.Moment(t.In(v.zone)), Plain: t.In(v.zone).Format(time.RFC3339), Tight: true}
}

func (v *visit) dateCell(t time.Time) cell {
	if t.IsZero() {
		return none
	}
	return cell{Text: v.lang.Date(t.In(v.zone)), Plain: t.In(v.zone).Format(time.DateOnly), Tight: true}
}

// stateCell is a state as a badge; the file has its name, which is the same in every language.
func (v *visit) stateCell(kind, name string) cell {
	return cell{Badge: newBadge(v.lang, kind, name), Plain: name}
}

// none is a fact that a row does not have.
var none = cell{Text: "—", Plain: " "}

// barBelow draws how a row compares with the largest, in thousandths, below its name.
func (c cell) barBelow(share int64) cell {
	c.Drawing = chart.Bar(share)
	return c
}

// sumOf is the total of a number over all rows.
func sumOf[R any](of func(R) int64) func(*visit, []R) cell {
	return func(v *visit, rows []R) cell {
		var n int64
		for _, row := range rows {
			n += of(row)
		}
		return v.numberCell(n)
	}
}

// sumIn is the same for minor units of the program's currency.
func sumIn[R any](of func(R) int64) func(*visit, []R) cell {
	return func(v *visit, rows []R) cell {
		var n int64
		for _, row := range rows {
			n += of(row)
		}
		return v.moneyCell(money.Of(n, v.program.Currency))
	}
}
