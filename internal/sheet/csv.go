package sheet

import (
	"bytes"
	"encoding/binary"
	"encoding/csv"
	"errors"
	"slices"
	"strings"
	"unicode/utf16"
	"unicode/utf8"

	"golang.org/x/text/encoding/charmap"

	"github.com/tributary-hq/tributary/internal/problem"
)

func openCSV(body []byte) (*Reader, error) {
	text, encoding, err := decode(body)
	if err != nil {
		return nil, err
	}
	// Spreadsheets may say the delimiter in a line of its own, which is none of the table.
	skipped := 0
	comma := rune(0)
	if first, rest, ok := strings.Cut(text, "\n"); ok && len(strings.TrimSpace(first)) == 5 && strings.HasPrefix(strings.ToLower(first), "sep=") {
		comma, text, skipped = rune(first[4]), rest, 1
	}
	if !slices.Contains(commas, comma) {
		comma = commaOf(text)
	}
	in := csv.NewReader(strings.NewReader(text))
	in.Comma, in.LazyQuotes, in.FieldsPerRecord = comma, true, -1
	return &Reader{Form: Form{"csv", encoding, comma}, close: func() error { return nil }, next: func() (Row, error) {
		cells, err := in.Read()
		if bad := (*csv.ParseError)(nil); errors.As(err, &bad) {
			return Row{Line: bad.StartLine + skipped, Fault: problem.Wrong("line", "line_broken", "the line cannot be read as CSV")}, nil
		}
		if err != nil {
			return Row{}, err
		}
		line, _ := in.FieldPos(0)
		return Row{Line: line + skipped, Cells: cells}, nil
	}}, nil
}

// decode makes UTF-8 of what spreadsheets write: UTF-8, UTF-16 with or without its mark, or the Windows code page of Western
// Europe, which every other sequence of bytes is taken for. Line ends become those of Unix.
func decode(body []byte) (text, encoding string, err error) {
	switch {
	case bytes.HasPrefix(body, []byte("\xef\xbb\xbf")):
		text, encoding = strings.ToValidUTF8(string(body[3:]), "\uFFFD"), "utf-8"
	case bytes.HasPrefix(body, []byte("\xff\xfe")):
		text, encoding = wide(body[2:], binary.LittleEndian), "utf-16"
	case bytes.HasPrefix(body, []byte("\xfe\xff")):
		text, encoding = wide(body[2:], binary.BigEndian), "utf-16"
	case zeros(body, 1) > 30:
		text, encoding = wide(body, binary.LittleEndian), "utf-16"
	case zeros(body, 0) > 30:
		text, encoding = wide(body, binary.BigEndian), "utf-16"
	case utf8.Valid(body):
		text, encoding = string(body), "utf-8"
	default:
		out, err := charmap.Windows1252.NewDecoder().Bytes(body)
		if err != nil {
			return "", "", err
		}
		text, encoding = string(out), "windows-1252"
	}
	if strings.Count(text[:min(len(text), 4096)], "\x00") > 0 {
		return "", "", problem.Wrong("file", "file_unknown", "that is neither CSV nor XLSX")
	}
	text = strings.ReplaceAll(text, "\r\n", "\n")
	return strings.ReplaceAll(text, "\r", "\n"), encoding, nil
}

// zeros is how many in a hundred of the first bytes at even (0) or odd (1) places are zero.
func zeros(body []byte, at int) int {
	n, all := 0, 0
	for i := at; i < min(len(body), 2000); i += 2 {
		if all++; body[i] == 0 {
			n++
		}
	}
	return 100 * n / max(1, all)
}

func wide(body []byte, order binary.ByteOrder) string {
	units := make([]uint16, len(body)/2)
	for i := range units {
		units[i] = order.Uint16(body[2*i:])
	}
	return string(utf16.Decode(units))
}

// commas are what may stand between cells, the likeliest first.
var commas = []rune{',', ';', '\t', '|'}

// commaOf finds what stands between the cells: what the head has, and most of the next lines as often.
func commaOf(text string) rune {
	best, most := ',', 0
	for _, comma := range commas {
		in := csv.NewReader(strings.NewReader(text[:min(len(text), 64<<10)]))
		in.Comma, in.LazyQuotes, in.FieldsPerRecord = comma, true, -1
		columns, score := 0, 0
		for n := 0; n < 20; {
			cells, err := in.Read()
			if err != nil {
				break
			}
			if strings.Join(cells, "") == "" {
				continue
			}
			if n++; n == 1 {
				columns = len(cells)
			}
			if len(cells) == columns {
				score += min(columns, columnsMost) - 1
			}
		}
		if score > most {
			best, most = comma, score
		}
	}
	return best
}

// Write writes a table as CSV with the comma; what a spreadsheet would take for a formula it takes for text.
func Write(comma rune, rows [][]string) []byte {
	var out bytes.Buffer
	out.WriteString("\ufeff") // which Excel needs to read UTF-8
	to := csv.NewWriter(&out)
	to.Comma, to.UseCRLF = comma, true
	for _, row := range rows {
		safe := make([]string, len(row))
		for i, cell := range row {
			safe[i] = Tame(cell)
		}
		to.Write(safe) // to memory, which does not fail
	}
	to.Flush()
	return out.Bytes()
}

// Tame puts an apostrophe before what a spreadsheet would run as a formula. Numbers and phone numbers stay as they are.
func Tame(cell string) string {
	if cell == "" || !strings.ContainsRune("=+-@\t\r＝＋－＠", firstRune(cell)) {
		return cell
	}
	if (cell[0] == '-' || cell[0] == '+') && len(cell) > 1 && strings.Trim(cell[1:], "0123456789., \u00a0") == "" {
		return cell
	}
	return "'" + cell
}

func firstRune(s string) rune {
	r, _ := utf8.DecodeRuneInString(s)
	return r
}

// Untame takes away the apostrophe that Tame has put, when a file comes back.
func Untame(cell string) string {
	if rest, ok := strings.CutPrefix(cell, "'"); ok && Tame(rest) != rest {
		return rest
	}
	return cell
}
