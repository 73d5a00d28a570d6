package web

import (
	"strconv"
	"strings"

	"golang.org/x/text/language"
	"golang.org/x/text/language/display"

	"github.com/tributary-hq/tributary/internal/money"
	"github.com/tributary-hq/tributary/internal/steer"
)

// either is some words of which any will do.
func (v *visit) either(words []string) string {
	if len(words) < 2 {
		return strings.Join(words, "")
	}
	last := len(words) - 1
	return v.text("steer.or", "some", strings.Join(words[:last], v.text("steer.comma")), "last", words[last])
}

// said are words whose messages are below a key.
func (v *visit) said(key string, words []string) []string {
	list := make([]string, len(words))
	for i, word := range words {
		list[i] = v.text(key + word)
	}
	return list
}

// country is a country's name, or its code where there is none.
func (v *visit) country(code string) string {
	region, err := language.ParseRegion(code)
	if err != nil {
		return code
	}
	if name := display.Regions(language.MustParse(v.lang.Tag)).Name(region); name != "" {
		return name
	}
	return code
}

// conditions are what a rule asks for, each in words.
func (v *visit) conditions(r steer.Rule, links, caps map[string]string) (list []string) {
	c := r.When
	say := func(asked bool, key string, args ...any) {
		if asked {
			list = append(list, v.text("steer.say."+key, args...))
		}
	}
	var countries, days, languages []string
	for _, code := range c.Countries {
		countries = append(countries, v.country(code))
	}
	for _, day := range c.Weekdays {
		days = append(days, v.text("steer.weekdays."+weekdayNames[day]))
	}
	for _, tag := range c.Languages {
		languages = append(languages, tongue(tag))
	}
	say(r.Link != "", "link", "code", links[r.Link])
	say(len(countries) > 0 && !c.Abroad, "countries", "list", v.either(countries))
	say(c.Abroad, "abroad", "list", v.either(countries))
	say(len(c.Regions) > 0, "regions", "list", v.either(c.Regions))
	say(len(c.Devices) > 0, "devices", "list", v.either(v.said("steer.devices.", c.Devices)))
	say(len(c.Systems) > 0, "systems", "list", v.either(v.said("steer.systems.", c.Systems)))
	say(len(languages) > 0, "languages", "list", v.either(languages))
	say(c.From != c.To, "hours", "from", strconv.Itoa(c.From), "to", strconv.Itoa(c.To))
	say(len(days) > 0, "weekdays", "list", v.either(days))
	say(len(c.Referrers) > 0, "referrers", "list", v.either(c.Referrers))
	say(len(c.SubIDs) > 0, "sub", "sub", "sub"+strconv.Itoa(c.Sub), "list", v.either(c.SubIDs))
	if c.Quality != "" {
		list = append(list, v.text("steer.say_quality."+c.Quality))
	}
	if c.Visit != "" {
		list = append(list, v.text("steer.say_visit."+c.Visit))
	}
	say(c.Cap != "", "cap", "name", caps[c.Cap])
	return list
}

var weekdayNames = [7]string{"sunday", "monday", "tuesday", "wednesday", "thursday", "friday", "saturday"}

// ruleSentence says a rule in one sentence.
func (v *visit) ruleSentence(r steer.Rule, links, caps map[string]string) string {
	who := v.text("steer.say.everybody")
	if list := v.conditions(r, links, caps); len(list) > 0 {
		who = v.text("steer.say.visitors", "what", strings.Join(list, v.text("steer.and")))
	}
	return v.text("steer.does."+string(r.Do), "who", who, "page", r.Target)
}

// capName says how much is enough: 1,000 clicks a day.
func (v *visit) capName(c steer.Cap) string {
	return v.text("steer.cap_named", "amount", v.capAmount(c, c.Most), "period", v.text("steer.periods_in."+string(c.Period)))
}

func (v *visit) capAmount(c steer.Cap, n int64) string {
	if c.Measure == steer.Commission {
		return v.text("steer.in_commission", "amount", money.Of(n, v.program.Currency))
	}
	return v.text("steer.amounts."+string(c.Measure), "n", n)
}
