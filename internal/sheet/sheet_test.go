package sheet_test

import (
	"bytes"
	"fmt"
	"strings"
	"testing"
	"time"
	"unicode/utf16"

	"github.com/xuri/excelize/v2"

	"github.com/tributary-hq/tributary/internal/problem"
	"github.com/tributary-hq/tributary/internal/sheet"
)

func utf16le(s string, mark bool) string {
	var b strings.Builder
	if mark {
		b.WriteString("\xff\xfe")
	}
	for _, u := range utf16.Encode([]rune(s)) {
		b.WriteByte(byte(u))
		b.WriteByte(byte(u >> 8))
	}
	return b.String()
}

func utf16be(s string) string {
	b := []byte(utf16le(s, false))
	for i := 0; i+1 < len(b); i += 2 {
		b[i], b[i+1] = b[i+1], b[i]
	}
	return "\xfe\xff" + string(b)
}

// TestUglyFiles reads what spreadsheets and people write, and tells each line as "line:cell|cell".
func TestUglyFiles(t *testing.T) {
	for _, c := range []struct{ name, file, form, want string }{
		{"plain", "a,b\n1,2\n", "csv utf-8 ,", "a|b 2:1|2"},
		{"no line end at the end", "a,b\n1,2", "csv utf-8 ,", "a|b 2:1|2"},
		{"Windows line ends", "a;b\r\n1;2\r\n", "csv utf-8 ;", "a|b 2:1|2"},
		{"line ends of old Macs", "a;b\r1;2\r", "csv utf-8 ;", "a|b 2:1|2"},
		{"tabs", "a\tb\n1,5\t2\n", "csv utf-8 \t", "a|b 2:1,5|2"},
		{"bars", "a|b|c\n1|2|3\n", "csv utf-8 |", "a|b|c 2:1|2|3"},
		{"decimal commas between semicolons", "a;b;c\n1,50;2,50;3,50\n1,5;2,5;3,5\n", "csv utf-8 ;", "a|b|c 2:1,50|2,50|3,50 3:1,5|2,5|3,5"},
		{"commas within quotes", "a;b\n\"x,y,z\";2\n", "csv utf-8 ;", "a|b 2:x,y,z|2"},
		{"a mark of UTF-8", "\xef\xbb\xbfa,b\n1,2\n", "csv utf-8 ,", "a|b 2:1|2"},
		{"UTF-16 of Excel", utf16le("a\tb\nü\t2\n", true), "csv utf-16 \t", "a|b 2:ü|2"},
		{"UTF-16 without its mark", utf16le("order,amount\n1,2\n", false), "csv utf-16 ,", "order|amount 2:1|2"},
		{"UTF-16, the other end first", utf16be("a,b\n你,2\n"), "csv utf-16 ,", "a|b 2:你|2"},
		{"the code page of Windows", "a;b\nM\xfcller;\x80 5\n", "csv windows-1252 ;", "a|b 2:Müller|€ 5"},
		{"a line end within quotes", "a,b\n\"1\n2\",3\n4,5\n", "csv utf-8 ,", "a|b 2:1\n2|3 4:4|5"},
		{"quotes within quotes", "a,b\n\"say \"\"hi\"\"\",2\n", "csv utf-8 ,", `a|b 2:say "hi"|2`},
		{"a quote in the middle", "a,b\n5\" screen,2\n", "csv utf-8 ,", `a|b 2:5" screen|2`},
		{"Excel says its delimiter", "sep=;\na;b\n1;2\n", "csv utf-8 ;", "a|b 3:1|2"},
		{"empty lines", "\n\na,b\n\n,\n1,2\n\n", "csv utf-8 ,", "a|b 6:1|2"},
		{"short and long lines", "a,b\n1\n1,2,3\n", "csv utf-8 ,", "a|b 2:1 3:1|2|3"},
		{"spaces around", " a , b \n 1 ,\t2\n", "csv utf-8 ,", "a|b 2:1|2"},
		{"one column", "a\n1\n2\n", "csv utf-8 ,", "a 2:1 3:2"},
		{"a quote that is never closed", "a,b\n1,2\n\"" + strings.Repeat("x,y\n", 2000), "csv utf-8 ,", "a|b 2:1|2 3!quote_open"},
		{"more cells than anybody needs", "a,b\n" + strings.Repeat("x,", 200) + "\n1,2\n", "csv utf-8 ,", "a|b 2!line_invalid 3:1|2"},
	} {
		t.Run(c.name, func(t *testing.T) {
			r, err := sheet.Open([]byte(c.file))
			if err != nil {
				t.Fatal(err)
			}
			defer r.Close()
			rows, err := r.All()
			if err != nil {
				t.Fatal(err)
			}
			got := strings.Join(r.Head, "|")
			for _, row := range rows {
				if row.Fault != nil {
					got += fmt.Sprintf(" %d!%s", row.Line, row.Fault.Code)
					continue
				}
				got += fmt.Sprintf(" %d:%s", row.Line, strings.Join(row.Cells, "|"))
			}
			if form := fmt.Sprintf("%s %s %c", r.Kind, r.Encoding, r.Comma); form != c.form || got != c.want {
				t.Errorf("read as %q: %q, want %q: %q", form, got, c.form, c.want)
			}
		})
	}
}

func workbook(t testing.TB, rows ...[]any) []byte {
	t.Helper()
	book := excelize.NewFile()
	defer book.Close()
	for i, row := range rows {
		if err := book.SetSheetRow("Sheet1", fmt.Sprint("A", i+1), &row); err != nil {
			t.Fatal(err)
		}
	}
	var out bytes.Buffer
	if err := book.Write(&out); err != nil {
		t.Fatal(err)
	}
	return out.Bytes()
}

func TestWorkbook(t *testing.T) {
	at := time.Date(2026, 3, 14, 10, 15, 0, 0, time.UTC)
	r, err := sheet.Open(workbook(t, []any{"Order", "Amount", "Date"}, []any{"A-1", 1234.5, at}, []any{}, []any{"A-2", "12,50", "14.3.2026"}))
	if err != nil {
		t.Fatal(err)
	}
	defer r.Close()
	rows, err := r.All()
	if err != nil || len(rows) != 2 {
		t.Fatal(rows, err)
	}
	if got, ok := sheet.Moment(rows[0].Cell(2), sheet.DayFirst, time.UTC); !ok || !got.Equal(at) {
		t.Errorf("the day is read as %v from %q", got, rows[0].Cell(2))
	}
	if rows[0].Cell(1) != "1234.5" || rows[1].Line != 4 || rows[1].Cell(1) != "12,50" {
		t.Errorf("read %v", rows)
	}
}

func TestRefusedFiles(t *testing.T) {
	for _, c := range []struct{ name, file, code string }{
		{"nothing", "", "file_empty"},
		{"only line ends", "\n\n\n", "file_empty"},
		{"an old workbook", "\xd0\xcf\x11\xe0\xa1\xb1", "file_old_excel"},
		{"half a workbook", "PK\x03\x04 and no more", "file_broken"},
		{"a picture", "\x89PNG\x0d\x0a\x1a\x0a\x00\x00\x00\x0dIHDR", "file_unknown"},
		{"too large", strings.Repeat("x", sheet.Most+1), "file_too_large"},
	} {
		if _, err := sheet.Open([]byte(c.file)); problem.Code(err) != c.code {
			t.Errorf("%s: %v, want %s", c.name, err, c.code)
		}
	}
	long, err := sheet.Open([]byte("a\n" + strings.Repeat("1\n", sheet.RowsMost+1)))
	if err != nil {
		t.Fatal(err)
	}
	if _, err := long.All(); problem.Code(err) != "file_too_long" {
		t.Errorf("a file without end: %v", err)
	}
}

func TestNumbers(t *testing.T) {
	for _, c := range []struct {
		text    string
		decimal rune
		want    string
	}{
		{"12.50", '.', "12.50"}, {"12,50", '.', "12.50"}, {"12.50", ',', "12.50"}, {"1.234,50 €", '.', "1234.50"}, {"€1,234.50", ',', "1234.50"},
		{"1.234", ',', "1234"}, {"1.234", '.', "1.234"}, {"1,234", '.', "1234"}, {"1,234", ',', "1.234"}, {"1 234,5", ',', "1234.5"}, {"1'234.50", '.', "1234.50"},
		{"1.234.567", '.', "1234567"}, {"-5", '.', "-5"}, {"−5,20", ',', "-5.20"}, {"5-", '.', "-5"}, {".5", '.', "0.5"}, {"¥500", '.', "500"}, {"", '.', ""},
		{"free", '.', "free"}, {"1.2.3", '.', "1.2.3"}, {"1,23,4", ',', "1,23,4"}, {"12EUR", '.', "12EUR"}, {"1e5", '.', "1e5"}, {"5-3", '.', "5-3"},
	} {
		if got := sheet.Number(c.text, c.decimal); got != c.want {
			t.Errorf("%q with %c: %q, want %q", c.text, c.decimal, got, c.want)
		}
	}
}

func TestMoments(t *testing.T) {
	berlin, err := time.LoadLocation("Europe/Berlin")
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct {
		text  string
		order sheet.Order
		want  string // in UTC
	}{
		{"2026-03-14T10:15:00Z", sheet.DayFirst, "2026-03-14 10:15"}, {"2026-03-14T10:15:00+02:00", sheet.DayFirst, "2026-03-14 08:15"},
		{"2026-03-14", sheet.DayFirst, "2026-03-13 23:00"}, {"2026-07-14 10:15", sheet.DayFirst, "2026-07-14 08:15"}, {"14.3.2026", sheet.DayFirst, "2026-03-13 23:00"},
		{"03/04/2026", sheet.DayFirst, "2026-04-02 22:00"}, {"03/04/2026", sheet.MonthFirst, "2026-03-03 23:00"}, {"3/4/26 1:30 PM", sheet.MonthFirst, "2026-03-04 12:30"},
		{"2026年3月14日", sheet.DayFirst, "2026-03-13 23:00"}, {"20260314", sheet.DayFirst, "2026-03-13 23:00"}, {"1773483300", sheet.DayFirst, "2026-03-14 10:15"},
		{"1773483300000", sheet.DayFirst, "2026-03-14 10:15"}, {"46095.5", sheet.DayFirst, "2026-03-14 11:00"}, {"14 Mar 2026", sheet.DayFirst, "2026-03-13 23:00"},
		{"2026-03-14 10:15:00 UTC", sheet.DayFirst, "2026-03-14 10:15"},
		{"31.2.2026", sheet.DayFirst, ""}, {"yesterday", sheet.DayFirst, ""}, {"0001-01-01", sheet.DayFirst, ""}, {"", sheet.DayFirst, ""}, {"7", sheet.DayFirst, ""},
	} {
		got := ""
		if at, ok := sheet.Moment(c.text, c.order, berlin); ok {
			got = at.UTC().Format("2006-01-02 15:04")
		}
		if got != c.want {
			t.Errorf("%q as %s: %q, want %q", c.text, c.order, got, c.want)
		}
	}
	for _, c := range []struct {
		cells []string
		want  sheet.Order
	}{
		{[]string{"1/2/2026", "13/2/2026"}, sheet.DayFirst}, {[]string{"1/2/2026", "2/13/2026"}, sheet.MonthFirst}, {[]string{"1/2/2026", "2026-13-13"}, ""},
	} {
		if got := sheet.OrderOf(c.cells); got != c.want {
			t.Errorf("%v are %q, want %q", c.cells, got, c.want)
		}
	}
}

func TestFormulasAreTame(t *testing.T) {
	for cell, want := range map[string]string{"=1+1": "'=1+1", "@SUM(A1)": "'@SUM(A1)", "+cmd|' /C calc'!A0": "'+cmd|' /C calc'!A0", "-2+3": "'-2+3", "-12.50": "-12.50",
		"+49 30 1234567": "+49 30 1234567", "Anna": "Anna", "＝1": "'＝1", "": "", "'tis": "'tis"} {
		if got := sheet.Tame(cell); got != want {
			t.Errorf("%q becomes %q, want %q", cell, got, want)
		}
		if got := sheet.Untame(sheet.Tame(cell)); got != cell {
			t.Errorf("%q comes back as %q", cell, got)
		}
	}
	if got := string(sheet.Write(';', [][]string{{"a", "b;c"}, {"=x", "1"}})); got != "\ufeffa;\"b;c\"\r\n'=x;1\r\n" {
		t.Errorf("written as %q", got)
	}
}

// FuzzOpen reads whatever a stranger sends: it must end, without more lines or longer cells than are allowed.
func FuzzOpen(f *testing.F) {
	f.Add([]byte("a,b\n1,2\n"))
	f.Add([]byte("sep=;\na;\"b\n"))
	f.Add([]byte(utf16le("a\tb\n1\t2", true)))
	f.Add([]byte("\xff\xfe\x00"))
	f.Add(workbook(f, []any{"a", "b"}, []any{1, 2}))
	f.Fuzz(func(t *testing.T, body []byte) {
		r, err := sheet.Open(body)
		if err != nil {
			if _, ok := problem.As(err); !ok {
				t.Fatal(err)
			}
			return
		}
		defer r.Close()
		rows, err := r.All()
		if _, ok := problem.As(err); err != nil && !ok {
			t.Fatal(err)
		}
		line := 0
		for _, row := range rows {
			if row.Line <= line {
				t.Fatalf("line %d comes after line %d", row.Line, line)
			}
			line = row.Line
			for _, cell := range row.Cells {
				if len(cell) > 4000*3 || strings.Contains(cell, "\x00") {
					t.Fatalf("a cell of %d bytes", len(cell))
				}
				number := sheet.Number(cell, ',')
				if again := sheet.Number(number, '.'); strings.Trim(number, "-0123456789.") == "" && strings.Count(number, ".") < 2 && !strings.HasPrefix(cell, number) && again != number {
					t.Fatalf("%q is %q and then %q", cell, number, again)
				}
				sheet.Moment(cell, sheet.DayFirst, time.UTC)
			}
		}
	})
}
