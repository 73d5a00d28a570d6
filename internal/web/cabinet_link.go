package web

import (
	"context"
	"html"
	"net/url"
	"strconv"

	"github.com/tributary-hq/tributary/internal/audit"
	"github.com/tributary-hq/tributary/internal/auth"
	"github.com/tributary-hq/tributary/internal/creative"
	"github.com/tributary-hq/tributary/internal/db"
	"github.com/tributary-hq/tributary/internal/partner"
	"github.com/tributary-hq/tributary/internal/program"
)

type myLinkPage struct {
	cabinetPage
	Link       creative.Link
	Address    string // the short link with its parameters
	Query      string // of the address, with its question mark
	Words      form   // sub-ids and shared
	Label      form
	End        form
	Over       bool   // it has ended
	Fate       badge  // what is wrong with it
	Snippet    string // a text link in HTML
	Disclosure string
	Styles     []linkStyle
	Open       bool // whether the link can be changed
}

// wordNames are the parameters that a partner can put onto a short link.
var wordNames = []string{"sub1", "sub2", "sub3", "sub4", "sub5", "shared"}

const wordMost = 200 // bytes, as touches keep them

// wordFields are the fields of the sub-ids and of the word that is shared with the brand.
func wordFields(v *visit) []field {
	var list []field
	for i, name := range wordNames[:5] {
		list = append(list, field{Name: name, Words: v.text("statistics.sub", "which", strconv.Itoa(i+1)), Hint: map[int]string{0: "sub"}[i]})
	}
	return append(list, field{Name: "shared", Hint: "shared"})
}

// words are the parameters that were given, as the end of a short link.
func words(given url.Values) string {
	q := url.Values{}
	for _, name := range wordNames {
		if word := given.Get(name); word != "" && len(word) <= wordMost {
			q.Set(name, word)
		}
	}
	if len(q) == 0 {
		return ""
	}
	return "?" + q.Encode()
}

// myLink is one link: to copy, with sub-ids, as a picture, as HTML.
func (s *site) myLink(v *visit) (answer, error) {
	data, err := s.readLink(v)
	return s.page("cabinet/links/detail", v.text("links.link"), data), err
}

func (s *site) readLink(v *visit) (myLinkPage, error) {
	brand, err := program.GetBrand(v.Context(), v.read(), v.program.Brand)
	data := myLinkPage{cabinetPage: v.cabinet(), Link: v.link, Words: form{Fields: wordFields(v)}, Label: labelForm(v.link.Label), End: endForm(v, v.link),
		Over: !v.link.Ends.IsZero() && !v.db.Now().Before(v.link.Ends),
		Open: v.partnership.Status == partner.Approved && v.actor.May(auth.WriteLinks) == nil}
	if err != nil {
		return data, err
	}
	dead, err := v.deadPages()
	data.Fate = v.plight(v.link, dead)
	data.Words.read(v.URL.Query())
	data.Query = words(v.URL.Query())
	data.Address = s.linkBase(v.program.ID, v.partnership.ID) + v.link.Code + data.Query
	text := v.link.Label
	if text == "" {
		text = brand.Name
	}
	if err == nil {
		var t program.Tag
		t, err = program.TagOf(v.Context(), v.read(), v.program.ID)
		data.Styles = s.styles(v, t)
	}
	data.Disclosure = v.text("snippet.disclosure", "brand", brand.Name)
	data.Snippet = `<a href="` + html.EscapeString(data.Address) + `" rel="sponsored nofollow">` + html.EscapeString(text) + `</a>`
	return data, err
}

func labelForm(label string) form {
	return form{Fields: []field{{Name: "label", Value: label, Hint: "label"}}}
}

// relabelLink writes a link's label anew.
func (s *site) relabelLink(v *visit) (answer, error) {
	f := labelForm(v.link.Label)
	f.read(v.PostForm)
	err := v.write(func(ctx context.Context, tx *db.Tx) error {
		if err := creative.Relabel(ctx, tx, v.partnership.ID, v.link.ID, f.value("label")); err != nil {
			return err
		}
		return v.record(ctx, tx, audit.LinkChange, v.link.ID)
	})
	if err == nil {
		return s.done(cabinetBase(v.partnership)+"/links/"+v.link.ID, "saved"), nil
	}
	if !f.blame(v.lang, err) {
		return nil, err
	}
	data, err := s.readLink(v)
	data.Label = f
	return s.again("cabinet/links/detail", v.text("links.link"), data), err
}
