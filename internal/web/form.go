package web

import (
	"net/url"
	"slices"
	"strings"

	"github.com/tributary-hq/tributary/internal/lang"
	"github.com/tributary-hq/tributary/internal/problem"
)

// form is what a person fills in: its fields in order, and what was wrong with what they sent. Nothing typed is lost.
type form struct {
	Fields []field
	Faults []string // what is wrong with no one field
}

// field is one question of a form. Its words are the messages fields.<Label> and, when it has a hint, hints.<Hint>.
type field struct {
	Name     string
	Label    string // a message below "fields"; Name when empty
	Words    string // the label itself, where a person has written it
	Type     string // text when empty; also email, url, password, date, number, textarea, select
	Value    string
	Hint     string // a message below "hints", or empty
	Unit     string // beside the field: %, EUR
	Required bool
	Most     int // letters; 0: any number
	Choices  []choice
	Complete string // autocomplete
	Fault    string
}

type choice struct {
	Value string
	Label string
}

// Key is the message of the field's label.
func (f field) Key() string {
	if f.Label == "" {
		return "fields." + f.Name
	}
	return "fields." + f.Label
}

// Kind is the input's type.
func (f field) Kind() string {
	if f.Type == "" {
		return "text"
	}
	return f.Type
}

// Failed tells whether anything is wrong with the form.
func (f form) Failed() bool {
	return len(f.Faults) > 0 || slices.ContainsFunc(f.Fields, func(f field) bool { return f.Fault != "" })
}

// read takes what was sent into the fields; passwords are not kept for the answer.
func (f *form) read(sent url.Values) {
	for i := range f.Fields {
		if f.Fields[i].Type != "password" {
			f.Fields[i].Value = strings.TrimSpace(sent.Get(f.Fields[i].Name))
		}
	}
}

// value is what a field holds.
func (f form) value(name string) string {
	for _, field := range f.Fields {
		if field.Name == name {
			return field.Value
		}
	}
	return ""
}

// blame writes the problems of an error beside their fields, and those of no field on top. It returns false when the error
// is a fault of our own.
func (f *form) blame(l *lang.Language, err error) bool {
	p, ok := problem.As(err)
	if !ok {
		return false
	}
	for _, fault := range p.Fields {
		i := slices.IndexFunc(f.Fields, func(field field) bool { return field.Name == fault.Name })
		text := detail(l, fault.Code, fault.Detail)
		if i < 0 {
			f.Faults = append(f.Faults, text)
		} else {
			f.Fields[i].Fault = text
		}
	}
	if len(p.Fields) == 0 {
		f.Faults = append(f.Faults, detail(l, p.Code, p.Detail))
	}
	return true
}

// choices are options whose labels are the messages prefix.value.
func choices(l *lang.Language, prefix string, values []string) []choice {
	list := make([]choice, len(values))
	for i, value := range values {
		list[i] = choice{value, l.Text(prefix + "." + value)}
	}
	return list
}
