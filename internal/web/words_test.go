package web

import (
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/tributary-hq/tributary/internal/auth"
	"github.com/tributary-hq/tributary/internal/commission"
	"github.com/tributary-hq/tributary/internal/conversion"
	"github.com/tributary-hq/tributary/internal/event"
	"github.com/tributary-hq/tributary/internal/lang"
	"github.com/tributary-hq/tributary/internal/partner"
	"github.com/tributary-hq/tributary/internal/payout"
	"github.com/tributary-hq/tributary/internal/program"
	"github.com/tributary-hq/tributary/internal/touch"
)

var (
	quoted = regexp.MustCompile(`"([a-z_]+(?:\.[a-z_]+)*\.?)"`)
	listed = regexp.MustCompile(`choices\([^"]*"([a-z_.]+)"`) // a family of which every one is offered
	badged = regexp.MustCompile(`\(state "([a-z]+)"`)
	hinted = regexp.MustCompile(`Hint: +"([a-z_]+)"`)
)

// TestNoWordIsUnused looks for every key in the sources: whole, or as the beginning of one that is put together.
func TestNoWordIsUnused(t *testing.T) {
	whole, beginnings := map[string]bool{}, map[string]bool{}
	read := func(text string) {
		for _, m := range listed.FindAllStringSubmatch(text, -1) {
			beginnings[m[1]+"."] = true
		}
		for _, m := range badged.FindAllStringSubmatch(text, -1) {
			beginnings["states."+m[1]+"."] = true
		}
		for _, m := range hinted.FindAllStringSubmatch(text, -1) {
			whole["hints."+m[1]] = true
		}
		for _, m := range quoted.FindAllStringSubmatch(text, -1) {
			if strings.HasSuffix(m[1], ".") {
				beginnings[m[1]] = true
			} else {
				whole[m[1]] = true
			}
		}
	}
	sources, err := fs.Glob(os.DirFS("."), "*.go")
	if err != nil {
		t.Fatal(err)
	}
	letters, err := filepath.Glob("../mail/*.go") // say words too
	if err != nil {
		t.Fatal(err)
	}
	sources = append(append(sources, letters...), "../track/stray.go")
	for _, name := range sources {
		if strings.HasSuffix(name, "_test.go") {
			continue
		}
		text, err := os.ReadFile(name)
		if err != nil {
			t.Fatal(err)
		}
		read(string(text))
	}
	if err := fs.WalkDir(templateFiles, ".", func(name string, entry fs.DirEntry, err error) error {
		if err != nil || entry.IsDir() {
			return err
		}
		text, err := templateFiles.ReadFile(name)
		read(string(text))
		return err
	}); err != nil {
		t.Fatal(err)
	}
	for _, key := range lang.Of("en").Keys() {
		used := whole[key]
		for i := range key {
			used = used || key[i] == '.' && beginnings[key[:i+1]]
		}
		if prefix, name, _ := strings.Cut(key, "."); prefix == "fields" || prefix == "notices" {
			used = whole[key] || whole[name]
		}
		if !used {
			t.Errorf("no page says %s", key)
		}
	}
}

// TestEveryStateHasWords goes through what other packages can say.
func TestEveryStateHasWords(t *testing.T) {
	families := map[string][]string{
		"kinds": partner.Kinds, "rails": partner.Rails, "reasons": conversion.Reasons, "holds": commission.HoldReasons, "models": program.ModelNames, "models_how": program.ModelNames,
		"events":     program.EventTypes,
		"cycles":     {"daily", "weekly", "monthly"},
		"sources":    {string(conversion.FromAPI), string(conversion.FromPostback), string(conversion.FromTag)},
		"why":        {payout.InDebt, payout.BelowThreshold, payout.NotDue, payout.NoMethod},
		"accounts":   stages,
		"uncredited": {commission.NoTouch, commission.CodeUnknown, string(commission.Marked), string(commission.OutsideWindow), string(commission.ViewsNotAgreed), string(commission.OutsideView), string(commission.Counted)},
		"verdicts": {string(commission.Counted), string(commission.Direct), string(commission.Marked), string(commission.AfterSale),
			string(commission.OutsideWindow), string(commission.PartnerNotActive), string(commission.NoContract), string(commission.ViewsNotAgreed),
			string(commission.OutsideView), string(commission.ClickBeatsView)},
		"states.partnership": {"applied", "approved", "declined", "paused", "ended"},
		"states.commission":  {"pending", "held", "payable", "in_payout", "paid", "reversed", "nobody"},
		"states.payout":      {"draft", "approved", "sent", "paid", "failed", "cancelled", partlyPaid},
		"states.outcome":     {"paid", "failed", "already", "pending", "unknown", "not_sent", "contradicts", "unreadable"},
		"states.token":       {string(auth.Live), string(auth.Test)},
		"marks":              marks(),
		"touches":            {"click", "impression", "code", "direct"},
	}
	for _, kind := range event.Kinds {
		families["happened"] = append(families["happened"], string(kind))
	}
	for _, l := range lang.All() {
		for family, names := range families {
			for _, name := range names {
				if !l.Has(family + "." + name) {
					t.Errorf("%s has no word for %s.%s", l.Tag, family, name)
				}
			}
		}
	}
}

func marks() (names []string) {
	for _, mark := range append([]touch.Mark{touch.Counts}, touch.Marks...) {
		names = append(names, markName(mark))
	}
	return names
}
