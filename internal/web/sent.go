package web

import (
	"cmp"
	"slices"
	"strings"
	"time"

	"github.com/tributary-hq/tributary/internal/commission"
	"github.com/tributary-hq/tributary/internal/steer"
	"github.com/tributary-hq/tributary/internal/touch"
)

// sentWords say what decided where a visitor was sent: a rule, a cap, or a split test with the variant.
func (v *visit) sentWords(sent, variant string) (words, address string, err error) {
	base := consoleBase(v.program) + "/redirects"
	switch prefix, _, _ := strings.Cut(sent, "_"); prefix {
	case "rul":
		r, err := steer.GetRule(v.Context(), v.read(), sent)
		if err != nil {
			return "", "", err
		}
		links, caps, err := v.ruleNames([]steer.Rule{r})
		return v.text("steer.by_rule", "rule", v.ruleSentence(r, links, caps)), base + "/rules/" + sent, err
	case "cap":
		c, err := steer.GetCap(v.Context(), v.read(), sent)
		if err != nil {
			return "", "", err
		}
		return v.text("steer.by_cap", "cap", v.capName(c)), base + "/caps", nil
	case "spl":
		t, err := steer.GetSplit(v.Context(), v.read(), sent)
		for _, one := range t.Variants {
			if one.Key == variant {
				variant = one.Name
			}
		}
		return v.text("steer.by_split", "name", t.Name, "variant", variant), base + "/tests/" + sent, err
	}
	return "", "", nil
}

// sentCell is what decided, in a list of touches. A list names few rules, and most touches none.
func (v *visit) sentCell(sent, variant string) cell {
	words, address, err := v.sentWords(sent, variant)
	if err != nil || words == "" {
		return textCell(sent, "")
	}
	return cell{Text: clip(words, 60), Plain: sent + " " + variant, Address: address}
}

// sentBy is what decided about the touches of a conversion, by touch.
func (v *visit) sentBy(e commission.Explanation) (map[string]string, error) {
	ids := make([]string, len(e.Steps))
	for i, s := range e.Steps {
		ids[i] = s.Touch
	}
	touches, err := touch.Named(v.Context(), v.read(), ids)
	found := map[string]string{}
	for id, t := range touches {
		if t.Sent == "" {
			continue
		}
		if found[id], _, err = v.sentWords(t.Sent, t.Variant); err != nil {
			return nil, err
		}
	}
	return found, err
}

// placeCount is how many clicks came from a country.
type placeCount struct {
	Country string
	Clicks  int64
	All     int64
}

// placesIn are the clicks that count by country, the most first; those of which nobody knows come last.
func (v *visit) placesIn(from, to time.Time) (listing, error) {
	counts, err := touch.Grouped(v.Context(), v.read(), touch.Cut{Program: v.program.ID, From: from, To: to}, "country")
	if err != nil {
		return listing{}, err
	}
	var all int64
	for _, n := range counts {
		all += n
	}
	var list []placeCount
	for code, n := range counts {
		if code != "" || len(counts) > 1 {
			list = append(list, placeCount{code, n, all})
		}
	}
	slices.SortFunc(list, func(a, b placeCount) int {
		return cmp.Or(cmp.Compare(b2i(a.Country == ""), b2i(b.Country == "")), cmp.Compare(b.Clicks, a.Clicks), strings.Compare(a.Country, b.Country))
	})
	t := table[placeCount]{Name: "places", Empty: emptiness{Icon: "traffic", Title: v.text("steer.no_places"), Text: v.text("steer.no_places_text")},
		Columns: []column[placeCount]{
			{Name: "country", Head: "steer.country", Cell: func(v *visit, c placeCount) cell {
				return cell{Text: v.countryName(c.Country), Plain: c.Country}.barBelow(c.Clicks * 1000 / max(1, c.All))
			}},
			{Name: "clicks", Head: "metrics.clicks", Number: true, Cell: func(v *visit, c placeCount) cell { return v.numberCell(c.Clicks) }},
			{Name: "share", Head: "traffic.share", Number: true, Cell: func(v *visit, c placeCount) cell {
				return textCell(v.lang.Percent((c.Clicks*1000+c.All/2)/max(1, c.All)), "")
			}},
		}}
	return t.all(v, list), nil
}

func b2i(b bool) int {
	if b {
		return 1
	}
	return 0
}

// countryName is a country's name, also that of none.
func (v *visit) countryName(code string) string {
	if code == "" {
		return v.text("steer.unknown")
	}
	return v.country(code)
}
