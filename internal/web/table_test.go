package web

import (
	"cmp"
	"fmt"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/tributary-hq/tributary/internal/lang"
)

type tried struct {
	id string
	n  int64
}

func triedTable(name string) table[tried] {
	return table[tried]{Name: name, File: "tried", Sorted: "-n", Sums: "list.total", Key: func(r tried) string { return r.id },
		Deeds: []deed{{Name: "bless", Label: "Bless"}}, Columns: []column[tried]{
			{Name: "id", Head: "list.partner", Cell: func(_ *visit, r tried) cell { return textCell(r.id, "") }, Order: func(a, b tried) int { return strings.Compare(a.id, b.id) }},
			{Name: "n", Head: "list.amount", Number: true, Cell: func(v *visit, r tried) cell { return v.numberCell(r.n) },
				Order: func(a, b tried) int { return cmp.Compare(a.n, b.n) }, Sum: sumOf(func(r tried) int64 { return r.n })},
			{Name: "spare", Head: "list.state", Spare: true, Cell: func(_ *visit, r tried) cell { return textCell("s"+r.id, "") }},
			{Name: "filed", Filed: true, Cell: func(_ *visit, r tried) cell { return textCell("f"+r.id, "") }},
		}}
}

// asked is a visit of an address, without a site behind it.
func asked(address string) *visit {
	return &visit{Request: httptest.NewRequest("GET", address, nil), lang: lang.Of("en"), zone: time.UTC}
}

func TestTable(t *testing.T) {
	for _, c := range []struct{ promise, table, address, heads, rows, totals string }{
		{"is sorted as it says, and summed", "", "/", "Partner,Amount", "c 3,b 2,a 1", "6"},
		{"is sorted as asked", "", "/?sort=id", "Partner,Amount", "a 1,b 2,c 3", "6"},
		{"is not sorted by what does not exist", "", "/?sort=nonsense", "Partner,Amount", "c 3,b 2,a 1", "6"},
		{"is not sorted by what has no order", "", "/?sort=spare", "Partner,Amount", "c 3,b 2,a 1", "6"},
		{"shows chosen columns, in its own order", "", "/?cols=spare&cols=n", "Partner,Amount,State", "c 3 sc,b 2 sb,a 1 sa", "6,"},
		{"reads a list of columns too", "", "/?cols=spare", "Partner,State", "c sc,b sb,a sa", ""},
		{"never shows what is for the file", "", "/?cols=filed", "Partner", "c,b,a", ""},
		{"with a name has an address of its own", "x", "/?sort=id&x-sort=-id&cols=spare", "Partner,Amount", "c 3,b 2,a 1", "6"},
		{"begins where the page does", "", "/?start=2", "Partner,Amount", "a 1", "6"},
		{"begins at the beginning when there is no such page", "", "/?start=9", "Partner,Amount", "c 3,b 2,a 1", "6"},
	} {
		l := triedTable(c.table).all(asked(c.address), []tried{{"a", 1}, {"c", 3}, {"b", 2}})
		var heads, rows, totals []string
		for _, h := range l.Heads {
			heads = append(heads, h.Label)
		}
		for _, r := range l.Rows {
			words := []string{r.Name.Text}
			for _, cell := range r.Cells {
				words = append(words, cell.Text)
			}
			rows = append(rows, strings.Join(words, " "))
			if r.Key != r.Name.Text {
				t.Errorf("%s: the row %s has the key %q", c.promise, r.Name.Text, r.Key)
			}
		}
		for _, sum := range l.Totals {
			totals = append(totals, sum.Text)
		}
		for _, pair := range [][2]string{{strings.Join(heads, ","), c.heads}, {strings.Join(rows, ","), c.rows}, {strings.Join(totals, ","), c.totals}} {
			if pair[0] != pair[1] {
				t.Errorf("a table %s: %q, want %q", c.promise, pair[0], pair[1])
			}
		}
	}
}

func TestTableSortsTheOtherWayRound(t *testing.T) {
	for _, c := range []struct{ address, sorted, next string }{
		{"/?q=x", "descending", "/?q=x&sort=n"},
		{"/?sort=n", "ascending", "/?sort=-n"},
		{"/?sort=id&start=50", "", "/?sort=-n"},
	} {
		h := triedTable("").all(asked(c.address), []tried{{"a", 1}}).Heads[1]
		if h.Sorted != c.sorted || h.Address != c.next {
			t.Errorf("%s: %s and then %s, want %s and %s", c.address, h.Sorted, h.Address, c.sorted, c.next)
		}
	}
}

func TestTableByPages(t *testing.T) {
	read := func(before string, limit int) ([]tried, error) {
		var rows []tried
		n := 2*perPage + 10
		if before != "" {
			fmt.Sscanf(before, "%d", &n)
		}
		for n--; n >= 0 && len(rows) < limit; n-- {
			rows = append(rows, tried{id: fmt.Sprintf("%03d", n)})
		}
		return rows, nil
	}
	id := func(r tried) string { return r.id }
	address, seen := "/?q=x", 0
	for pages := 1; address != ""; pages++ {
		l, err := triedTable("").page(asked(address), read, id)
		if err != nil {
			t.Fatal(err)
		}
		seen += len(l.Rows)
		if (l.Start != "") != (pages > 1) || pages > 3 {
			t.Fatalf("page %d leads back to %q", pages, l.Start)
		}
		address = l.Next
	}
	if seen != 2*perPage+10 {
		t.Errorf("%d rows were seen", seen)
	}
}

func TestSelected(t *testing.T) {
	sent := url.Values{"do": {"bless"}, "row": {"a", "", "b", "a"}}
	r := httptest.NewRequest("POST", "/", strings.NewReader(sent.Encode()))
	r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	do, rows, err := selected(&visit{Request: r})
	if err != nil || do != "bless" || strings.Join(rows, "") != "ab" {
		t.Errorf("%s %v %v", do, rows, err)
	}
}
