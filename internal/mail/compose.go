package mail

import (
	"bytes"
	_ "embed"
	"html/template"
	"strings"

	"github.com/tributary-hq/tributary/internal/lang"
)

//go:embed letter.html
var letterHTML string

var letterTemplate = template.Must(template.New("letter").Parse(letterHTML))

// letter is what letter.html shows.
type letter struct {
	Tag, Subject, From, Greeting string
	Lines                        []string // the paragraphs before the button
	QuoteName, Quote             string
	Action, Link                 string
	Copy                         string // how to go on where the button does not work
	After                        string // what follows the button; may be empty
	Foot                         string
}

type composed struct{ locale, subject, text, html string }

// compose puts a mail into words. Each kind has a subject, a lead and an action in the catalogue, and may have more.
func compose(m Mail) (composed, error) {
	l := lang.Of(m.Locale)
	say := func(part string) string {
		key := "letters." + string(m.Kind) + "." + part
		if !l.Has(key) {
			return ""
		}
		return l.Text(key, append([]any{"from", m.Data.From}, m.Data.Words...)...)
	}
	w := letter{Tag: l.Tag, Subject: oneLine(say("subject")), From: m.Data.From, Greeting: l.Text("letters.hello"), Quote: m.Data.Quote,
		Link: m.Data.Link, After: say("after"), Foot: say("foot")}
	if m.Name != "" {
		w.Greeting = l.Text("letters.hello_name", "name", m.Name)
	}
	for _, part := range []string{"lead", "more"} {
		if text := say(part); text != "" {
			w.Lines = append(w.Lines, text)
		}
	}
	if w.Quote != "" {
		w.QuoteName = l.Text("letters.reason")
	}
	if w.Link != "" {
		w.Action, w.Copy = say("action"), l.Text("letters.copy")
	}
	if w.Foot == "" {
		w.Foot = l.Text("letters.foot", "from", m.Data.From)
	}
	var html bytes.Buffer
	if err := letterTemplate.Execute(&html, w); err != nil {
		return composed{}, err
	}
	return composed{l.Tag, w.Subject, w.plain(), html.String()}, nil
}

// plain is the mail for those who read no HTML.
func (w letter) plain() string {
	var blocks []string
	add := func(lines ...string) {
		if text := strings.TrimSpace(strings.Join(lines, "\n")); text != "" {
			blocks = append(blocks, text)
		}
	}
	add(w.Greeting)
	for _, line := range w.Lines {
		add(line)
	}
	if w.Quote != "" {
		add(w.QuoteName, "> "+strings.ReplaceAll(w.Quote, "\n", "\n> "))
	}
	if w.Link != "" {
		add(w.Action, w.Link)
	}
	add(w.After)
	add("-- ", w.Foot)
	return strings.Join(blocks, "\n\n") + "\n"
}
