package web

import (
	"context"
	"fmt"
	"strconv"
	"strings"

	"github.com/tributary-hq/tributary/internal/audit"
	"github.com/tributary-hq/tributary/internal/db"
	"github.com/tributary-hq/tributary/internal/problem"
	"github.com/tributary-hq/tributary/internal/program"
)

// The bounds of an application form: how many questions, and bytes of one.
const (
	questionsMost = 12
	questionMost  = 300
)

// questionsForm has a line for each question of the application form, and a free one.
func questionsForm(v *visit) form {
	var f form
	for _, q := range append(v.program.Form, program.Question{}) {
		if len(f.Fields) == 2*questionsMost {
			break
		}
		n := strconv.Itoa(len(f.Fields) / 2)
		required := ""
		if q.Required {
			required = "1"
		}
		f.Fields = append(f.Fields, field{Name: "question." + n, Words: v.text("fields.question", "n", len(f.Fields)/2+1), Value: q.Label},
			field{Name: "required." + n, Label: "required", Type: "check", Value: required})
	}
	return f
}

// Pairs are the lines of a form that asks two things on each.
func (f form) Pairs() (list [][2]field) {
	for i := 0; i+1 < len(f.Fields); i += 2 {
		list = append(list, [2]field{f.Fields[i], f.Fields[i+1]})
	}
	return list
}

// changeQuestions writes the application form anew. A question whose line is empty is no more; answers that were given stay.
func (s *site) changeQuestions(v *visit) (answer, error) {
	f := questionsForm(v)
	f.read(v.PostForm)
	return s.saveSettings(v, "questions", "saved", f, func(data *settingsPage) *form { return &data.Form }, func(ctx context.Context, tx *db.Tx) error {
		p, err := program.Get(ctx, tx, v.program.ID)
		if err != nil {
			return err
		}
		if p.Form, err = readQuestions(f, p.Form); err != nil {
			return err
		}
		if _, err = program.Change(ctx, tx, p); err != nil {
			return err
		}
		return v.record(ctx, tx, audit.ProgramChange, p.ID)
	})
}

// readQuestions are the lines that are not empty. A question keeps its name, by which its answers know it.
func readQuestions(f form, kept []program.Question) ([]program.Question, error) {
	used := map[string]bool{}
	for _, q := range kept {
		used[q.Name] = true
	}
	var list []program.Question
	var faults []*problem.Problem
	for i, pair := range f.Pairs() {
		q := program.Question{Label: strings.Join(strings.Fields(pair[0].Value), " "), Required: pair[1].Value != ""}
		if q.Label == "" {
			continue
		}
		if len(q.Label) > questionMost {
			faults = append(faults, problem.Wrong(pair[0].Name, "question_invalid", "a question has at most %d bytes", questionMost))
		}
		if i < len(kept) {
			q.Name, q.Labels = kept[i].Name, kept[i].Labels
		}
		for n := i + 1; q.Name == ""; n++ {
			if name := fmt.Sprintf("question_%d", n); !used[name] {
				q.Name, used[name] = name, true
			}
		}
		list = append(list, q)
	}
	return list, problem.Join(faults...)
}
