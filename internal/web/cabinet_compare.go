package web

import (
	"maps"
	"slices"
	"unicode"

	"github.com/tributary-hq/tributary/internal/contract"
	"github.com/tributary-hq/tributary/internal/lang"
	"github.com/tributary-hq/tributary/internal/money"
)

// run is some words of a text that two versions share, or that only one of them has.
type run struct {
	Text string
	Kind string // same, gone or new
}

// change is a clause that is not what it was, word by word.
type change struct {
	Name string // a message below "clauses"
	Runs []run
}

// changes are the clauses in which two versions of a contract differ.
func changes(l *lang.Language, before, after contract.Terms, c money.Currency) []change {
	var list []change
	add := func(name, old, new string) {
		if old != new {
			list = append(list, change{name, compare(old, new)})
		}
	}
	both := contract.Terms{Payouts: map[string]contract.Payout{}}
	maps.Copy(both.Payouts, before.Payouts)
	for event, p := range after.Payouts {
		if p != (contract.Payout{}) {
			both.Payouts[event] = p
		}
	}
	said := func(t contract.Terms, event string) string {
		if t.Payouts[event] == (contract.Payout{}) {
			return ""
		}
		return reward(l, event, t.Payouts[event], c)
	}
	for _, event := range paidEvents(both) {
		add("pays", said(before, event), said(after, event))
	}
	for _, event := range slices.Compact(slices.Sorted(slices.Values(append(codeEvents(before), codeEvents(after)...)))) {
		add("with_code", withCode(l, before, event, c), withCode(l, after, event, c))
	}
	add("binds", bindText(l, before), bindText(l, after))
	add("window", l.Text("terms.window", "n", before.WindowDays), l.Text("terms.window", "n", after.WindowDays))
	add("views", l.Text("terms.views", "n", before.ViewDays), l.Text("terms.views", "n", after.ViewDays))
	add("lock", l.Text("terms.lock", "n", before.LockDays), l.Text("terms.lock", "n", after.LockDays))
	add("cycle", cycle(l, before, c), cycle(l, after, c))
	return list
}

// compare tells two texts apart word by word: the words of the longest common sequence stay, the rest is gone or new.
func compare(old, new string) []run {
	a, b := wordsOf(old), wordsOf(new)
	common := make([][]int, len(a)+1) // the length of the longest common sequence of what follows
	for i := range common {
		common[i] = make([]int, len(b)+1)
	}
	for i := len(a) - 1; i >= 0; i-- {
		for j := len(b) - 1; j >= 0; j-- {
			if a[i] == b[j] {
				common[i][j] = common[i+1][j+1] + 1
			} else {
				common[i][j] = max(common[i+1][j], common[i][j+1])
			}
		}
	}
	var runs []run
	add := func(text, kind string) {
		if n := len(runs); n > 0 && runs[n-1].Kind == kind {
			runs[n-1].Text += text
		} else {
			runs = append(runs, run{text, kind})
		}
	}
	i, j := 0, 0
	for i < len(a) || j < len(b) {
		switch {
		case i < len(a) && j < len(b) && a[i] == b[j]:
			add(a[i], "same")
			i, j = i+1, j+1
		case j == len(b) || i < len(a) && common[i+1][j] >= common[i][j+1]:
			add(a[i], "gone")
			i++
		default:
			add(b[j], "new")
			j++
		}
	}
	return runs
}

// wordsOf cuts a text into words, each with the space after it; a Chinese character is a word of its own, and what is
// between digits stays with them.
func wordsOf(text string) []string {
	var list []string
	var word []rune
	end := func() {
		if len(word) > 0 {
			list, word = append(list, string(word)), nil
		}
	}
	for _, r := range text {
		if unicode.Is(unicode.Han, r) {
			end()
			list = append(list, string(r))
			continue
		}
		word = append(word, r)
		if unicode.IsSpace(r) && r != '\u00a0' && r != '\u202f' {
			end()
		}
	}
	end()
	return slices.Clip(list)
}
