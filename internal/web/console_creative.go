package web

import (
	"context"

	"github.com/tributary-hq/tributary/internal/audit"
	"github.com/tributary-hq/tributary/internal/creative"
	"github.com/tributary-hq/tributary/internal/db"
	"github.com/tributary-hq/tributary/internal/partner"
)

type creativePage struct {
	consolePage
	Creative creative.Material
	State    string
	Size     string
	Language string
	Kinds    []chip // of a new one
	Form     form
	Chips    []chip
	Table    listing
}

// Words are the form's fields but for the picture.
func (p creativePage) Words() form {
	var f form
	for _, field := range p.Form.Fields {
		if field.Type != "file" {
			f.Fields = append(f.Fields, field)
		}
	}
	return f
}

// newCreative asks for a creative.
func (s *site) newCreative(v *visit) (answer, error) {
	return s.page("console/creatives/new", v.text("library.add"), v.newCreativePage(kindOf(v))), nil
}

func (v *visit) newCreativePage(kind creative.Kind) creativePage {
	m := creative.Material{Kind: kind, Locale: v.program.Locale}
	data := creativePage{consolePage: v.console(), Creative: m, Form: creativeForm(v, m)}
	for _, one := range creative.Kinds {
		data.Kinds = append(data.Kinds, chip{Label: v.text("creative_kinds." + string(one)),
			Address: consoleBase(v.program) + "/creatives/new?kind=" + string(one), Here: one == kind})
	}
	return data
}

// addCreative adds a creative to the library.
func (s *site) addCreative(v *visit) (answer, error) {
	data := v.newCreativePage(kindOf(v))
	data.Form.read(v.PostForm)
	picture, err := v.readPicture()
	if err != nil {
		return nil, err
	}
	m, fault := readCreative(v, data.Form, creative.Material{Kind: data.Creative.Kind, Author: v.person.ID})
	err = v.write(func(ctx context.Context, tx *db.Tx) (err error) {
		if m, err = creative.Add(ctx, tx, v.program, m, picture); err != nil || fault != nil {
			return both(fault, err)
		}
		return v.record(ctx, tx, audit.CreativeAdd, m.ID)
	})
	if err == nil {
		return s.done(consoleBase(v.program)+"/creatives/"+m.ID, "creative_added"), nil
	}
	if !data.Form.blame(v.lang, err) {
		return nil, err
	}
	for i, field := range data.Form.Fields {
		if field.Type == "file" && field.Fault == "" && len(picture) > 0 {
			data.Form.Fields[i].Fault = v.text("library.picture_again") // a page cannot give a file back
		}
	}
	return s.again("console/creatives/new", v.text("library.add"), data), nil
}

// partnerUse is a partner's use of a creative.
type partnerUse struct {
	partner.Partnership
	Link creative.Link
	measures
}

// creative is one creative: what it is, and who uses it.
func (s *site) creative(v *visit) (answer, error) {
	data, err := s.readCreative(v)
	if err != nil {
		return nil, err
	}
	return s.page("console/creatives/detail", v.material.Name, data), nil
}

func (s *site) readCreative(v *visit) (creativePage, error) {
	ctx, r, span, m := v.Context(), v.read(), v.span(), v.material
	data := creativePage{consolePage: v.console(), Creative: m, State: m.State(v.db.Now()), Size: sizeOf(m), Language: tongue(m.Locale),
		Form: creativeForm(v, m), Chips: v.spanChips(span)}
	uses, err := creative.Uses(ctx, r, v.program.ID)
	if err != nil {
		return data, err
	}
	came, err := v.cameBy("", span.now())
	if err != nil {
		return data, err
	}
	var ids []string
	for _, u := range uses {
		ids = append(ids, u.Partnership)
	}
	names, err := v.names(ids)
	var rows []partnerUse
	for _, u := range uses {
		if u.Creative == m.ID {
			rows = append(rows, partnerUse{names[u.Partnership], u.Link, came[u.Link.ID]})
		}
	}
	base := consoleBase(v.program)
	data.Table = table[partnerUse]{Sums: "list.total", Sorted: "-clicks", Empty: emptiness{Icon: "partners", Title: v.text("library.unused"), Text: v.text("library.unused_text")},
		Columns: append([]column[partnerUse]{
			{Name: "partner", Head: "list.partner", Cell: func(_ *visit, u partnerUse) cell {
				return nameCell(u.Partner.Name, "/c/"+u.Link.Code, base+"/links/"+u.Link.ID)
			}},
		}, resultColumns(func(u partnerUse) measures { return u.measures })...)}.all(v, rows)
	return data, err
}

// changeCreative writes a creative anew.
func (s *site) changeCreative(v *visit) (answer, error) {
	f := creativeForm(v, v.material)
	f.read(v.PostForm)
	m, fault := readCreative(v, f, v.material)
	err := v.write(func(ctx context.Context, tx *db.Tx) error {
		if _, err := creative.Change(ctx, tx, v.program, m); err != nil || fault != nil {
			return both(fault, err)
		}
		return v.record(ctx, tx, audit.CreativeChange, m.ID)
	})
	if err == nil {
		return s.done(consoleBase(v.program)+"/creatives/"+v.material.ID, "saved"), nil
	}
	if !f.blame(v.lang, err) {
		return nil, err
	}
	data, err := s.readCreative(v)
	data.Form = f
	return s.again("console/creatives/detail", v.material.Name, data), err
}

func (s *site) archiveCreative(v *visit) (answer, error) {
	return s.shelve(v, true, audit.CreativeArchive, "creative_archived")
}

func (s *site) restoreCreative(v *visit) (answer, error) {
	return s.shelve(v, false, audit.CreativeRestore, "creative_restored")
}

func (s *site) shelve(v *visit, away bool, what audit.Action, notice string) (answer, error) {
	err := v.write(func(ctx context.Context, tx *db.Tx) error {
		if err := creative.Archive(ctx, tx, v.material.ID, away); err != nil {
			return err
		}
		return v.record(ctx, tx, what, v.material.ID)
	})
	if err != nil {
		return nil, err
	}
	return s.done(consoleBase(v.program)+"/creatives/"+v.material.ID, notice), nil
}
