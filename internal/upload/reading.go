package upload

import (
	"errors"
	"io"
	"slices"

	"github.com/tributary-hq/tributary/internal/problem"
	"github.com/tributary-hq/tributary/internal/sheet"
)

// Reading is how a file is understood: in which column each field stands, and how its numbers and days are written. A person
// can correct it before the file is taken.
type Reading struct {
	Columns map[string]int `json:"columns"` // by field, from 0; what is not there is in no column
	Decimal string         `json:"decimal"` // . or ,
	Dates   sheet.Order    `json:"dates"`
}

// looked is how many lines are looked at to find out how numbers and days are written.
const looked = 2000

// guess finds out how a file is to be read, and counts its lines.
func guess(kind Kind, partnership string, body []byte) (Reading, int, error) {
	file, err := sheet.Open(body)
	if err != nil {
		return Reading{}, 0, err
	}
	defer file.Close()
	reading := Reading{Columns: map[string]int{}}
	taken := map[int]bool{}
	heads := make([]string, len(file.Head))
	for i, head := range file.Head {
		heads[i] = plain(head)
	}
	list := kind.Fields(partnership)
	for _, exact := range []bool{true, false} { // a field's own name before all that it may be called
		for _, f := range list {
			if _, found := reading.Columns[f.Name]; found {
				continue
			}
			names := []string{plain(f.Name)}
			if !exact {
				names = names[:0]
				for _, name := range f.also {
					names = append(names, plain(name))
				}
			}
			for _, name := range names {
				if i := slices.Index(heads, name); i >= 0 && !taken[i] {
					reading.Columns[f.Name], taken[i] = i, true
					break
				}
			}
		}
	}
	settleTotal(reading.Columns)
	cells := map[sort][]string{}
	lines := 0
	for {
		row, err := file.Next()
		if errors.Is(err, io.EOF) {
			break
		}
		if err != nil {
			return reading, 0, err
		}
		if lines++; lines > looked {
			continue
		}
		for _, f := range list {
			if i, ok := reading.Columns[f.Name]; ok && f.sort != text {
				cells[f.sort] = append(cells[f.sort], row.Cell(i))
			}
		}
	}
	if lines == 0 {
		return reading, 0, problem.Wrong("file", "file_empty", "the file has no lines below its head")
	}
	reading.Decimal, reading.Dates = ".", sheet.OrderOf(cells[moment])
	if mark := sheet.DecimalOf(cells[number]); mark != 0 && file.Kind == "csv" {
		reading.Decimal = string(mark)
	} else if mark == 0 && file.Comma == ';' {
		reading.Decimal = ","
	}
	if reading.Dates == "" {
		reading.Dates = sheet.DayFirst
	}
	return reading, lines, nil
}

// settleTotal decides what a total is: without tax and shipping beside it the amount, and nothing where there is an amount.
func settleTotal(columns map[string]int) {
	total, ok := columns["total"]
	if !ok {
		return
	}
	_, amount := columns["amount"]
	_, tax := columns["tax"]
	_, shipping := columns["shipping"]
	if !amount && !tax && !shipping {
		columns["amount"], amount = total, true
	}
	if amount {
		delete(columns, "total")
	}
}

// check puts a person's correction into its kept form.
func (g *Reading) check(kind Kind, partnership string) error {
	columns := map[string]int{}
	for _, f := range kind.Fields(partnership) {
		if i, ok := g.Columns[f.Name]; ok && i >= 0 {
			columns[f.Name] = i
		}
	}
	g.Columns = columns
	if g.Decimal != "." && g.Decimal != "," {
		return problem.Invalid("decimal", "before the decimals stands . or ,")
	}
	if g.Dates != sheet.DayFirst && g.Dates != sheet.MonthFirst {
		return problem.Invalid("dates", "a day begins with its day (dmy) or its month (mdy)")
	}
	return nil
}

// Missing are the fields that are needed and stand in no column.
func (g Reading) Missing(kind Kind, partnership string) []string {
	var missing []string
	for _, f := range kind.Fields(partnership) {
		if _, ok := g.Columns[f.Name]; f.Needed && !ok {
			missing = append(missing, f.Name)
		}
	}
	if _, ok := g.Columns["auth_code"]; kind == Transactions && !ok {
		if _, ok := g.Columns["transaction_id"]; !ok {
			missing = append(missing, "transaction_id")
		}
	}
	return missing
}
