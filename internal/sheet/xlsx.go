package sheet

import (
	"archive/zip"
	"bytes"
	"io"

	"github.com/xuri/excelize/v2"

	"github.com/tributary-hq/tributary/internal/problem"
)

// The bounds of a workbook once it is unpacked.
const (
	unpackedMost = 128 << 20
	inMemoryMost = 24 << 20 // of one part; what is larger is unpacked to a file
	partsMost    = 2000
)

var errNotXLSX = problem.Wrong("file", "file_broken", "the file cannot be read as XLSX: open it and save it again, or save it as CSV")

// openXLSX reads the first sheet of a workbook, line by line, with its cells as they are stored: numbers with a point, days
// as serial numbers.
func openXLSX(body []byte) (*Reader, error) {
	parts, err := zip.NewReader(bytes.NewReader(body), int64(len(body)))
	if err != nil || len(parts.File) > partsMost {
		return nil, errNotXLSX
	}
	var size uint64
	for _, part := range parts.File { // a part that is longer than it says cannot be read at all
		if size += part.UncompressedSize64; size > unpackedMost || part.UncompressedSize64 > unpackedMost {
			return nil, problem.Wrong("file", "file_swells", "the workbook is too large once it is unpacked: save its sheet as CSV")
		}
	}
	book, err := excelize.OpenReader(bytes.NewReader(body), excelize.Options{RawCellValue: true, UnzipSizeLimit: unpackedMost, UnzipXMLSizeLimit: inMemoryMost})
	if err != nil {
		return nil, errNotXLSX
	}
	sheets := book.GetSheetList()
	if len(sheets) == 0 {
		book.Close()
		return nil, errNotXLSX
	}
	rows, err := book.Rows(sheets[0])
	if err != nil {
		book.Close()
		return nil, errNotXLSX
	}
	line := 0
	return &Reader{Form: Form{Kind: "xlsx", Encoding: "utf-8", Comma: ','}, close: func() error { return book.Close() }, next: func() (Row, error) {
		if !rows.Next() {
			if rows.Error() != nil {
				return Row{}, errNotXLSX
			}
			return Row{}, io.EOF
		}
		if line++; line > emptyMost+RowsMost {
			return Row{}, errTooLong
		}
		cells, err := rows.Columns()
		if err != nil {
			return Row{Line: line, Fault: problem.Wrong("line", "line_broken", "the line cannot be read")}, nil
		}
		return Row{Line: line, Cells: cells}, nil
	}}, nil
}

// emptyMost is how many empty lines a sheet may have.
const emptyMost = 100_000
