package web

import (
	"errors"
	"io"
	"net/http"
	"slices"
	"strconv"
	"time"

	"github.com/tributary-hq/tributary/internal/creative"
	"github.com/tributary-hq/tributary/internal/problem"
)

// tongues are the languages that a creative can be marked with, by their own names.
var tongues = []choice{{"en", "English"}, {"zh", "简体中文"}, {"fr", "Français"}, {"de", "Deutsch"}, {"es", "Español"}, {"it", "Italiano"}, {"nl", "Nederlands"},
	{"pt", "Português"}, {"pl", "Polski"}, {"cs", "Čeština"}, {"da", "Dansk"}, {"sv", "Svenska"}, {"nb", "Norsk"}, {"fi", "Suomi"}, {"tr", "Türkçe"},
	{"ja", "日本語"}, {"ko", "한국어"}}

// tongue is the name of a language.
func tongue(tag string) string {
	for _, one := range tongues {
		if one.Value == tag {
			return one.Label
		}
	}
	return tag
}

// creativeForm asks for a creative of a kind; that of a new banner asks for its picture too.
func creativeForm(v *visit, m creative.Material) form {
	f := form{Fields: []field{{Name: "name", Label: "creative_name", Value: m.Name, Required: true, Hint: "creative_name"}}}
	add := func(list ...field) { f.Fields = append(f.Fields, list...) }
	switch m.Kind {
	case creative.Banner:
		if m.ID == "" {
			add(field{Name: "picture", Type: "file", Required: true, Hint: "picture", Unit: strconv.Itoa(creative.PictureMost)})
		}
		add(field{Name: "text", Label: "alt", Value: m.Text, Hint: "alt"})
	case creative.Words:
		add(field{Name: "text", Label: "link_words", Value: m.Text, Required: true, Hint: "link_words"})
	case creative.Letter:
		add(field{Name: "subject", Value: m.Subject, Required: true}, field{Name: "text", Label: "letter_text", Type: "textarea", Value: m.Text, Required: true, Hint: "letter_text"})
	}
	languages := append([]choice{{"", v.text("library.any_language")}}, tongues...)
	if !slices.ContainsFunc(languages, func(c choice) bool { return c.Value == m.Locale }) {
		languages = append(languages, choice{m.Locale, m.Locale})
	}
	target := field{Name: "target", Type: "url", Value: m.Target, Hint: "target"}
	if m.Kind == creative.Goal {
		target.Required, target.Hint = true, "goal"
	}
	add(target,
		field{Name: "locale", Label: "creative_locale", Type: "select", Value: m.Locale, Choices: languages},
		field{Name: "starts", Type: "date", Value: dayOf(v, m.Starts)},
		field{Name: "ends", Type: "date", Value: dayOf(v, m.Ends.Add(-time.Second)), Hint: "ends"},
		field{Name: "place", Type: "number", Value: strconv.FormatInt(m.Place, 10), Hint: "place"})
	if m.Ends.IsZero() {
		f.set("ends", "")
	}
	return f
}

func dayOf(v *visit, t time.Time) string {
	if t.IsZero() {
		return ""
	}
	return t.In(v.zone).Format(time.DateOnly)
}

// readCreative puts what the form says into a creative.
func readCreative(v *visit, f form, m creative.Material) (creative.Material, error) {
	m.Name, m.Text, m.Subject, m.Target, m.Locale = f.value("name"), f.value("text"), f.value("subject"), f.value("target"), f.value("locale")
	var faults []*problem.Problem
	day := func(name string, later int) (t time.Time) {
		text := f.value(name)
		if text == "" {
			return t
		}
		t, err := time.ParseInLocation(time.DateOnly, text, v.zone)
		if err != nil || t.Year() < 2000 || t.Year() > 9000 {
			faults = append(faults, problem.Wrong(name, "since_invalid", "%q is not a day", text))
			return time.Time{}
		}
		return t.AddDate(0, 0, later).UTC()
	}
	m.Starts, m.Ends = day("starts", 0), day("ends", 1) // the last day is one of them
	var err error
	if m.Place, err = strconv.ParseInt(f.value("place"), 10, 32); err != nil && f.value("place") != "" {
		faults = append(faults, problem.Invalid("place", "%q is not a whole number", f.value("place")))
	}
	return m, problem.Join(faults...)
}

// readPicture is the file that was sent, or as much of it as shows that it is too large.
func (v *visit) readPicture() ([]byte, error) {
	file, _, err := v.FormFile("picture")
	if errors.Is(err, http.ErrMissingFile) || errors.Is(err, http.ErrNotMultipart) {
		return nil, nil
	}
	if err != nil {
		return nil, err
	}
	defer file.Close()
	return io.ReadAll(io.LimitReader(file, creative.PictureMost+1))
}
