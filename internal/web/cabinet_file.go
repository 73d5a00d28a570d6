package web

import (
	"bytes"
	"encoding/csv"
	"strings"
)

// sheet is a table to download. Its file is RFC 4180 in UTF-8; the mark at its beginning tells spreadsheets so.
type sheet struct {
	head []string
	rows [][]string
}

// file is the sheet as an answer.
func (s sheet) file(name string) (answer, error) {
	var b bytes.Buffer
	b.WriteString("\ufeff")
	w := csv.NewWriter(&b)
	w.UseCRLF = true
	for _, row := range append([][]string{s.head}, s.rows...) {
		safe := make([]string, len(row))
		for i, cell := range row {
			safe[i] = harmless(cell)
		}
		if err := w.Write(safe); err != nil {
			return nil, err
		}
	}
	w.Flush()
	return download{name: name, kind: "text/csv; charset=utf-8", body: b.Bytes()}, w.Error()
}

// harmless keeps a spreadsheet from running a cell that a stranger wrote: one that begins like a formula gets an
// apostrophe before it. Numbers below zero stay numbers.
func harmless(cell string) string {
	if cell == "" || !strings.ContainsRune("=+-@\t\r\n", rune(cell[0])) {
		return cell
	}
	if cell[0] == '-' && len(cell) > 1 && strings.Trim(cell[1:], "0123456789.") == "" {
		return cell
	}
	return "'" + cell
}
