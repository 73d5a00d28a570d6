package web

import (
	"cmp"
	"fmt"
	"html/template"
	"slices"
	"strconv"
	"strings"

	"github.com/tributary-hq/tributary/internal/creative"
)

type creativesPage struct {
	consolePage
	Library []tab
	Chips   []chip
	Kinds   []chip
	Table   listing
}

// usedCreative is a creative with how it is used and what came by it, all partners together.
type usedCreative struct {
	creative.Material
	Partners int64
	measures
}

// creatives are the library of a program.
func (s *site) creatives(v *visit) (answer, error) {
	ctx, r, span := v.Context(), v.read(), v.span()
	data := creativesPage{consolePage: v.console(), Library: v.libraryTabs("creatives"), Chips: v.spanChips(span)}
	library, err := creative.Library(ctx, r, v.program.ID)
	if err != nil {
		return nil, err
	}
	uses, err := creative.Uses(ctx, r, v.program.ID)
	if err != nil {
		return nil, err
	}
	came, err := v.cameBy("", span.now())
	if err != nil {
		return nil, err
	}
	used := map[string]*usedCreative{}
	var rows []usedCreative
	for _, m := range library {
		used[m.ID] = &usedCreative{Material: m}
	}
	for _, u := range uses {
		one := used[u.Creative]
		one.Partners++
		one.add(came[u.Link.ID])
	}
	data.Kinds = v.creativeChips(library)
	for _, m := range library {
		if v.wants(m) {
			rows = append(rows, *used[m.ID])
		}
	}
	table := v.creativeTable()
	if table.isFile(v) {
		return table.fileAll(v, rows)
	}
	data.Table = table.all(v, rows)
	return s.page("console/creatives/list", v.text("nav.creatives"), data), nil
}

// creativeShows are the parts of the library that a reader can choose: the kinds, and what is archived.
func creativeShows() []string {
	shows := []string{""}
	for _, kind := range creative.Kinds {
		shows = append(shows, string(kind))
	}
	return append(shows, creative.Archived)
}

// shows tells whether a part of the library has the creative; only its own part has what is archived.
func shows(show string, m creative.Material) bool {
	if show == creative.Archived || !m.Archived.IsZero() {
		return show == creative.Archived && !m.Archived.IsZero()
	}
	return show == "" || show == string(m.Kind)
}

func (v *visit) wants(m creative.Material) bool { return shows(v.query("show"), m) }

func (v *visit) creativeChips(library []creative.Material) []chip {
	var list []chip
	for _, show := range creativeShows() {
		var n int64
		for _, m := range library {
			if shows(show, m) {
				n++
			}
		}
		label := v.text("library.all")
		if show == creative.Archived {
			label = v.text("states.creative.archived")
		} else if show != "" {
			label = v.text("creative_kinds." + show)
		}
		list = append(list, chip{label, v.lang.Number(n), v.here("show", show), v.query("show") == show})
	}
	return list
}

func (v *visit) creativeTable() table[usedCreative] {
	base := consoleBase(v.program) + "/creatives"
	t := table[usedCreative]{File: "creatives", Sums: "list.total", Sorted: "place",
		Empty: emptiness{Icon: "creatives", Title: v.text("library.empty"), Text: v.text("library.empty_text")}}
	if v.query("show") != "" {
		t.Empty = emptiness{Icon: "search", Title: v.text("list.nothing"), Text: v.text("list.nothing_text")}
	} else if v.console().May("links.write") {
		t.Empty.Step, t.Empty.Address = v.text("library.add"), base+"/new"
	}
	t.Columns = append([]column[usedCreative]{
		{Name: "name", Head: "fields.name", Cell: func(v *visit, m usedCreative) cell {
			return cell{Text: m.Name, Address: base + "/" + m.ID, Drawing: thumbnail(m.Material)}
		}, Order: func(a, b usedCreative) int { return strings.Compare(a.Name, b.Name) }},
		{Name: "kind", Head: "library.kind", Aside: true, Cell: func(v *visit, m usedCreative) cell {
			return cell{Text: v.text("creative_kinds." + string(m.Kind)), Plain: string(m.Kind), Note: sizeOf(m.Material)}
		}},
		{Name: "language", Head: "fields.creative_locale", Aside: true, Cell: func(_ *visit, m usedCreative) cell {
			if m.Locale == "" {
				return none
			}
			return cell{Text: tongue(m.Locale), Plain: m.Locale}
		}},
		{Name: "state", Head: "list.state", Cell: func(v *visit, m usedCreative) cell { return v.stateCell("creative", m.State(v.db.Now())) }},
		{Name: "partners", Head: "library.partners", Number: true, Cell: func(v *visit, m usedCreative) cell { return v.numberCell(m.Partners) },
			Order: func(a, b usedCreative) int { return cmp.Compare(a.Partners, b.Partners) }},
		{Name: "place", Head: "fields.place", Number: true, Spare: true, Cell: func(v *visit, m usedCreative) cell { return v.numberCell(m.Place) },
			Order: func(a, b usedCreative) int { return cmp.Compare(a.Place, b.Place) }},
	}, resultColumns(func(m usedCreative) measures { return m.measures })...)
	return t
}

// sizeOf is the size of a banner: 300 × 250.
func sizeOf(m creative.Material) string {
	if m.Kind != creative.Banner {
		return ""
	}
	return strconv.FormatInt(m.Width, 10) + " × " + strconv.FormatInt(m.Height, 10)
}

// thumbnail is a banner's picture in a list.
func thumbnail(m creative.Material) template.HTML {
	if m.Kind != creative.Banner {
		return ""
	}
	width, height := within(m.Width, m.Height, 150, 56)
	return template.HTML(fmt.Sprintf(`<img class="thumb" src="%s" width="%d" height="%d" alt="" loading="lazy">`, template.HTMLEscapeString(m.Source()), width, height))
}

// within is the size of a picture in a frame, smaller where it must be, and never without any.
func within(width, height, most, high int64) (int64, int64) {
	if width > most {
		width, height = most, height*most/width
	}
	if height > high {
		width, height = width*high/height, high
	}
	return max(1, width), max(1, height)
}

// kindOf is the kind that the address or the form names; a banner when it names none.
func kindOf(v *visit) creative.Kind {
	if kind := creative.Kind(v.FormValue("kind")); slices.Contains(creative.Kinds, kind) {
		return kind
	}
	return creative.Banner
}
