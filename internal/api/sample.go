package api

import (
	"html/template"
	"slices"
	"strings"

	"github.com/danielgtaylor/huma/v2"
)

// sample is a value as the schema describes it, made of the examples in it. Fields that may be left out and have no example
// are left out.
func sample(r huma.Registry, s *huma.Schema) any {
	if len(s.Examples) > 0 {
		return s.Examples[0]
	}
	if s.Ref != "" {
		s = r.SchemaFromRef(s.Ref)
	}
	switch {
	case s.Nullable: // has not happened
		return nil
	case len(s.Enum) > 0:
		return s.Enum[0]
	case s.Type == huma.TypeArray:
		return []any{sample(r, s.Items)}
	case s.Type == huma.TypeObject:
		out := fields{}
		for _, name := range sortedFields(s) {
			field := s.Properties[name]
			if slices.Contains(s.Required, name) || len(field.Examples) > 0 {
				out = append(out, pair{name, sample(r, field)})
			}
		}
		return out
	case s.Format == "date-time":
		return "2026-05-03T14:05:00Z"
	case s.Type == huma.TypeBoolean:
		return false
	case s.Type == huma.TypeInteger:
		return 1
	case s.Type == huma.TypeString:
		return ""
	}
	return map[string]any{}
}

// fields is an object that keeps the order of its fields.
type fields []pair

type pair struct {
	name  string
	value any
}

// MarshalJSON writes the object.
func (f fields) MarshalJSON() ([]byte, error) {
	var b strings.Builder
	b.WriteByte('{')
	for i, p := range f {
		if i > 0 {
			b.WriteByte(',')
		}
		b.WriteString(indented(p.name) + ":" + indented(p.value))
	}
	b.WriteByte('}')
	return []byte(b.String()), nil
}

// sortedFields are an object's fields: first the required ones, in the order in which their type has them, then the others by
// name.
func sortedFields(s *huma.Schema) []string {
	names := slices.Clone(s.Required)
	var rest []string
	for name := range s.Properties {
		if !slices.Contains(names, name) {
			rest = append(rest, name)
		}
	}
	slices.Sort(rest)
	return append(names, rest...)
}

// refTo is a schema's type in a word or two.
func refTo(s *huma.Schema) docsRef {
	switch {
	case s == nil:
		return docsRef{}
	case s.Ref != "":
		name := s.Ref[strings.LastIndex(s.Ref, "/")+1:]
		return docsRef{name, name}
	case s.Type == huma.TypeArray:
		item := refTo(s.Items)
		return docsRef{"list of " + item.Text, item.Type}
	case s.Type == huma.TypeObject && s.AdditionalProperties != nil:
		if value, ok := s.AdditionalProperties.(*huma.Schema); ok {
			item := refTo(value)
			return docsRef{"map to " + item.Text, item.Type}
		}
	case s.Format == "date-time":
		return docsRef{Text: "time"}
	case s.Type == "":
		return docsRef{Text: "any"}
	}
	return docsRef{Text: s.Type}
}

// describe is a field's description with the values it may have.
func describe(s *huma.Schema) string {
	text := s.Description
	if len(s.Enum) > 0 {
		words := make([]string, len(s.Enum))
		for i, v := range s.Enum {
			words[i] = "`" + strings.Trim(indented(v), `"`) + "`"
		}
		text += " One of " + strings.Join(words, ", ") + "."
	}
	return strings.TrimSpace(text)
}

// prose makes paragraphs of text, and code of what stands between backquotes.
func prose(text string) template.HTML {
	var b strings.Builder
	for paragraph := range strings.SplitSeq(text, "\n\n") {
		if paragraph == "" {
			continue
		}
		b.WriteString("<p>")
		for i, part := range strings.Split(paragraph, "`") {
			part = template.HTMLEscapeString(part)
			if i%2 == 1 {
				part = "<code>" + part + "</code>"
			}
			b.WriteString(part)
		}
		b.WriteString("</p>")
	}
	return template.HTML(b.String())
}
