package web

import (
	"slices"

	"github.com/tributary-hq/tributary/internal/problem"
)

// Only is the form with no fields but these, for a page that sets them apart.
func (f form) Only(names ...string) form {
	var part form
	for _, name := range names {
		part.Fields = append(part.Fields, f.Field(name))
	}
	return part
}

// Field is the field with the name.
func (f form) Field(name string) field {
	if i := slices.IndexFunc(f.Fields, func(field field) bool { return field.Name == name }); i >= 0 {
		return f.Fields[i]
	}
	return field{Name: name}
}

// missing are the fields that need an answer and have none.
func (f form) missing() (faults []*problem.Problem) {
	for _, field := range f.Fields {
		if field.Required && field.Value == "" && field.Type != "password" {
			faults = append(faults, problem.Wrong(field.Name, "answer_missing", "an answer is needed"))
		}
	}
	return faults
}

// both gathers what several checks found, so that a person reads all of it at once. Of one field the first fault is said. A
// fault of our own comes before every problem.
func both(errs ...error) error {
	var found []*problem.Problem
	said := map[string]bool{}
	for _, err := range errs {
		if err == nil {
			continue
		}
		p, ok := problem.As(err)
		if !ok {
			return err
		}
		if len(p.Fields) == 0 {
			found = append(found, p)
		}
		for _, fault := range p.Fields {
			if !said[fault.Name] {
				found = append(found, problem.Wrong(fault.Name, fault.Code, "%s", fault.Detail))
			}
			said[fault.Name] = true
		}
	}
	return problem.Join(found...)
}

// retold is a problem of another form: what it says of one field is said of the other.
func retold(err error, from, to string) error {
	p, ok := problem.As(err)
	if !ok {
		return err
	}
	named := *p
	named.Fields = slices.Clone(p.Fields)
	for i := range named.Fields {
		if named.Fields[i].Name == from {
			named.Fields[i].Name = to
		}
	}
	return &named
}
