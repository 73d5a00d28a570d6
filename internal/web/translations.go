package web

import (
	"context"
	"maps"
	"strings"

	"github.com/tributary-hq/tributary/internal/audit"
	"github.com/tributary-hq/tributary/internal/db"
	"github.com/tributary-hq/tributary/internal/lang"
	"github.com/tributary-hq/tributary/internal/problem"
	"github.com/tributary-hq/tributary/internal/program"
)

// translation is what a program says of itself, in one other language.
type translation struct {
	Language string
	Form     form
}

// Translations are the fields of the form by language, each with what the program says in its own as the label.
func (p settingsPage) Translations() (list []translation) {
	for _, l := range lang.All() {
		part := translation{Language: l.Name}
		for _, f := range p.Languages.Fields {
			if strings.HasSuffix(f.Name, "."+l.Tag) {
				part.Form.Fields = append(part.Form.Fields, f)
			}
		}
		if len(part.Form.Fields) > 0 {
			list = append(list, part)
		}
	}
	return list
}

// translationForm asks for the description and the questions in the languages that are not the program's own.
func translationForm(v *visit) form {
	var f form
	p := v.program
	for _, l := range lang.All() {
		if l.Tag == p.Locale {
			continue
		}
		f.Fields = append(f.Fields, field{Name: "description." + l.Tag, Label: "description", Type: "textarea", Value: p.Descriptions[l.Tag]})
		for _, q := range p.Form {
			f.Fields = append(f.Fields, field{Name: "question." + q.Name + "." + l.Tag, Words: q.Label, Value: q.Labels[l.Tag]})
		}
	}
	return f
}

// changeTranslations writes them anew. What is empty is said in the program's own language.
func (s *site) changeTranslations(v *visit) (answer, error) {
	f := translationForm(v)
	f.read(v.PostForm)
	return s.saveSettings(v, "questions", "saved", f, func(data *settingsPage) *form { return &data.Languages }, func(ctx context.Context, tx *db.Tx) error {
		p, err := program.Get(ctx, tx, v.program.ID)
		if err != nil {
			return err
		}
		if err := translate(&p, f); err != nil {
			return err
		}
		if _, err = program.Change(ctx, tx, p); err != nil {
			return err
		}
		return v.record(ctx, tx, audit.ProgramChange, p.ID)
	})
}

func translate(p *program.Program, f form) error {
	var faults []*problem.Problem
	put := func(in *map[string]string, name, tag string) {
		text := f.value(name + "." + tag)
		if name != "description" && len(text) > questionMost {
			faults = append(faults, problem.Wrong(name+"."+tag, "question_invalid", "a question has at most %d bytes", questionMost))
		}
		all := maps.Clone(*in)
		if all == nil {
			all = map[string]string{}
		}
		if all[tag] = text; text == "" {
			delete(all, tag)
		}
		*in = all
	}
	for _, l := range lang.All() {
		if l.Tag == p.Locale {
			continue // is said already
		}
		put(&p.Descriptions, "description", l.Tag)
		for i := range p.Form {
			put(&p.Form[i].Labels, "question."+p.Form[i].Name, l.Tag)
		}
	}
	return problem.Join(faults...)
}
