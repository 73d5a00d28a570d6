package upload

import (
	"crypto/sha256"
	"encoding/hex"
	"strings"
	"time"

	"github.com/tributary-hq/tributary/internal/problem"
	"github.com/tributary-hq/tributary/internal/sheet"
)

// line is a row, read as its upload says.
type line struct {
	row    sheet.Row
	of     *reader
	faults []*problem.Problem
}

// reader reads the rows of an upload.
type reader struct {
	Upload
	zone     *time.Location
	currency string // of the program, where a row says none
}

func (r *reader) line(row sheet.Row) *line { return &line{row: row, of: r} }

// text is what the row has in a field.
func (l *line) text(field string) string {
	i, ok := l.of.Reading.Columns[field]
	if !ok {
		return ""
	}
	return sheet.Untame(l.row.Cell(i))
}

// word is a text in small letters.
func (l *line) word(field string) string { return strings.ToLower(l.text(field)) }

// number is a plain decimal, or what stands there when it is none: then the line refuses it in its own words.
func (l *line) number(field string) string {
	return sheet.Number(l.text(field), []rune(l.of.Reading.Decimal)[0])
}

// moment is when something was; what is left out is when the file came, so that a second reading says the same.
func (l *line) moment(field string) time.Time {
	s := l.text(field)
	if s == "" {
		return l.of.Created
	}
	t, ok := sheet.Moment(s, l.of.Reading.Dates, l.of.zone)
	if !ok {
		l.fault(problem.Wrong(field, "date_invalid", "%q is not a day or a moment", clip(s)))
	}
	return t
}

func (l *line) fault(p *problem.Problem) { l.faults = append(l.faults, p) }

// money is a currency as the line says it, or else the program's.
func (l *line) money(field string) string {
	if s := strings.ToUpper(l.text(field)); s != "" {
		return s
	}
	return l.of.currency
}

// email is the SHA-256 of an address; what is one already stays.
func (l *line) email(field string) string {
	s := l.word(field)
	if !strings.Contains(s, "@") {
		return s
	}
	sum := sha256.Sum256([]byte(s))
	return hex.EncodeToString(sum[:])
}

// err is what is wrong with the line before anybody has looked at what it says.
func (l *line) err() error {
	if l.row.Fault != nil {
		return l.row.Fault
	}
	return problem.Join(l.faults...)
}

func clip(s string) string {
	if len(s) > 60 {
		return strings.ToValidUTF8(s[:60], "") + "…"
	}
	return s
}
