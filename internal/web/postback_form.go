package web

import (
	"net/url"
	"slices"

	"github.com/tributary-hq/tributary/internal/postback"
)

// postbackForm asks for a postback.
type postbackForm struct {
	form
	Moments []postback.Moment // those chosen
	Events  []string
	Sign    bool   // only of a new one
	Fault   string // what is wrong with the moments
}

func newPostbackForm(v *visit, p postback.Postback) postbackForm {
	return postbackForm{Moments: p.Moments, Events: p.Events, form: form{Fields: []field{
		{Name: "template", Label: "postback_template", Type: "textarea", Value: p.Template, Required: true, Hint: "postback_template"},
		{Name: "way", Label: "postback_way", Type: "select", Value: string(p.Way), Choices: choices(v.lang, "postback_ways", spelled(postback.Ways)), Hint: "postback_way"},
		{Name: "name", Label: "postback_name", Value: p.Name, Hint: "postback_name"},
	}}}
}

// Address are the fields of the address and how it is called, Name is the other.
func (f postbackForm) Address() form { return form{Fields: f.Fields[:2]} }

// Called is the field of the name.
func (f postbackForm) Called() form { return form{Fields: f.Fields[2:]} }

// Tells tells whether a moment is chosen.
func (f postbackForm) Tells(m postback.Moment) bool { return slices.Contains(f.Moments, m) }

// Of tells whether an event type is chosen.
func (f postbackForm) Of(event string) bool { return slices.Contains(f.Events, event) }

// readPostback takes what was sent into the form and a postback.
func readPostback(f *postbackForm, sent url.Values, p postback.Postback) postback.Postback {
	f.read(sent)
	f.Moments, f.Events, f.Sign = nil, sent["event"], sent.Get("sign") != ""
	for _, m := range sent["moment"] {
		f.Moments = append(f.Moments, postback.Moment(m))
	}
	p.Template, p.Way, p.Name, p.Moments, p.Events = f.value("template"), postback.Way(f.value("way")), f.value("name"), f.Moments, f.Events
	return p
}

// sampleFacts are what previews are filled with, and are the same as long as nobody looks at the clock.
func (v *visit) sampleFacts() postback.Facts {
	f := postback.Sample(postback.Approved, v.partnership.Partner.ID, v.program.ID, "A-1001", v.program.Currency, v.now())
	f.Chance = 4815162342 % (1 << 32)
	return f
}

// macroRow is a macro, what it stands for and what it becomes in the preview.
type macroRow struct{ Name, Value string }

func (v *visit) macros() (list []macroRow) {
	f := v.sampleFacts()
	for _, m := range postback.Macros {
		list = append(list, macroRow{m.Name, m.Value(f)})
	}
	return list
}

// preview is the message with sample values; empty when there is nothing to show yet.
func (v *visit) preview(template string, way postback.Way) string {
	t, err := postback.Parse(template)
	if err != nil {
		return ""
	}
	r := t.Request(way, v.sampleFacts())
	text := r.Method + " " + r.URL
	if r.Body != "" {
		text += "\n\n" + r.Body
	}
	return text
}

// spelled are the names of values that are words.
func spelled[T ~string](list []T) []string {
	names := make([]string, len(list))
	for i, one := range list {
		names[i] = string(one)
	}
	return names
}
