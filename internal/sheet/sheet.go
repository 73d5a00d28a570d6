// Package sheet reads tables that people send: CSV in any of the ways in which spreadsheets write it, and XLSX. It tells what
// it found and guesses nothing about meaning. What it reads is bounded: a file is at most Most bytes, and neither a zip that
// swells nor a sheet without end takes more than a fixed amount of memory.
package sheet

import (
	"bytes"
	"errors"
	"io"
	"strings"

	"github.com/tributary-hq/tributary/internal/problem"
)

// The bounds of a file.
const (
	Most        = 16 << 20 // bytes
	RowsMost    = 100_000
	columnsMost = 100
	cellMost    = 4000 // bytes
)

// Row is a line with something on it.
type Row struct {
	Line  int // where it begins in the file, the first being 1
	Cells []string
	Fault *problem.Problem // why it cannot be read
}

// Cell is what a row has in a column; nothing beyond its end.
func (r Row) Cell(column int) string {
	if column < 0 || column >= len(r.Cells) {
		return ""
	}
	return r.Cells[column]
}

// Form is how a file was written.
type Form struct {
	Kind     string // csv or xlsx
	Encoding string // utf-8, utf-16 or windows-1252
	Comma    rune   // between the cells of a CSV
}

// Reader reads a table. Close it.
type Reader struct {
	Form
	Head  []string
	next  func() (Row, error)
	close func() error
	rows  int
}

var errTooLong = problem.Wrong("file", "file_too_long", "the file has more than %d lines: send it in parts", RowsMost)

// Open finds out how a file is written and reads its head, the first line with something on it.
func Open(body []byte) (*Reader, error) {
	if len(body) > Most {
		return nil, problem.Wrong("file", "file_too_large", "the file is larger than %d MB: send it in parts", Most>>20)
	}
	var r *Reader
	var err error
	switch {
	case bytes.HasPrefix(body, []byte("PK\x03\x04")):
		r, err = openXLSX(body)
	case bytes.HasPrefix(body, []byte("\xd0\xcf\x11\xe0")):
		return nil, problem.Wrong("file", "file_old_excel", "that is a file of an old Excel: save it as .xlsx or CSV")
	default:
		r, err = openCSV(body)
	}
	if err != nil {
		return nil, err
	}
	head, err := r.Next()
	if err == nil && head.Fault != nil {
		err = head.Fault
	}
	if err == io.EOF {
		err = problem.Wrong("file", "file_empty", "the file has no lines")
	}
	if err != nil {
		r.Close()
		return nil, err
	}
	r.Head, r.rows = head.Cells, 0
	return r, nil
}

// Next is the next line with something on it; after the last the error is io.EOF.
func (r *Reader) Next() (Row, error) {
	for {
		row, err := r.next()
		if err != nil {
			return row, err
		}
		row.check()
		if row.Fault == nil && strings.Join(row.Cells, "") == "" {
			continue
		}
		if r.rows++; r.rows > RowsMost {
			return row, errTooLong
		}
		return row, nil
	}
}

// check trims the cells, and says when a line is beyond what is read.
func (r *Row) check() {
	if len(r.Cells) > columnsMost {
		r.Cells, r.Fault = nil, problem.Invalid("line", "the line has more than %d cells", columnsMost)
		return
	}
	for i, cell := range r.Cells {
		if len(cell) > cellMost {
			r.Cells, r.Fault = nil, problem.Wrong("line", "quote_open", "a cell is longer than %d bytes: is a quotation mark never closed?", cellMost)
			return
		}
		r.Cells[i] = strings.TrimSpace(strings.ToValidUTF8(strings.ReplaceAll(cell, "\x00", ""), "\uFFFD"))
	}
}

// Close frees what the file took.
func (r *Reader) Close() error { return r.close() }

// All reads what is left of the table.
func (r *Reader) All() ([]Row, error) {
	var rows []Row
	for {
		row, err := r.Next()
		if errors.Is(err, io.EOF) {
			return rows, nil
		}
		if err != nil {
			return rows, err
		}
		rows = append(rows, row)
	}
}
