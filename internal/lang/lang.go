// Package lang says things in the reader's language: sentences from a catalogue, numbers, money and dates as its readers
// write them. It knows no page and makes no markup.
package lang

import (
	"embed"
	"encoding/json"
	"fmt"
	"io/fs"
	"maps"
	"slices"
	"strings"
	"sync"

	"golang.org/x/text/feature/plural"
	"golang.org/x/text/language"
)

// Language is one of those that the product speaks.
type Language struct {
	Tag      string // BCP 47: en, zh, fr
	Name     string // in itself
	tag      language.Tag
	messages func() map[string]forms // read when first asked for: most commands say nothing
	style    style
}

// forms are a message by plural form; one that does not count has only Other.
type forms map[plural.Form]string

//go:embed words/*/*.json
var words embed.FS

// languages are all, the one for everybody else first.
var languages = []*Language{
	load("en", "English", english),
	load("zh", "简体中文", chinese),
	load("fr", "Français", french),
}

// All are the languages, in the order in which a reader may choose.
func All() []*Language { return slices.Clone(languages) }

// Of is the language that the tag names, or English.
func Of(tag string) *Language { return Choose(tag) }

// Choose is the language of the first wish that can be met, or English. A wish is a tag or an Accept-Language header;
// an empty one is none.
func Choose(wishes ...string) *Language {
	for _, wish := range wishes {
		list, _, err := language.ParseAcceptLanguage(wish)
		if err != nil {
			continue
		}
		for _, wanted := range list {
			for _, l := range languages {
				if base, _ := wanted.Base(); base.String() == l.Tag {
					return l
				}
			}
		}
	}
	return languages[0]
}

// Keys are the names of all messages, in order.
func (l *Language) Keys() []string { return slices.Sorted(maps.Keys(l.messages())) }

// Has tells whether there is a message.
func (l *Language) Has(key string) bool { return l.messages()[key] != nil }

// Missing marks a text whose key is in no catalogue.
const Missing = "⟦"

// Text is the message with the key. Arguments come as names and values: Text("links.count", "n", 3). Numbers, money,
// rates and times are written as the language does; n decides the plural form.
func (l *Language) Text(key string, args ...any) string {
	m := l.messages()[key]
	if m == nil {
		return Missing + key + "⟧"
	}
	text := m[l.form(m, args)]
	if len(args) == 0 {
		return text
	}
	pairs := make([]string, 0, len(args))
	for i := 0; i+1 < len(args); i += 2 {
		pairs = append(pairs, fmt.Sprintf("{%v}", args[i]), l.write(args[i+1]))
	}
	return strings.NewReplacer(pairs...).Replace(text)
}

func (l *Language) form(m forms, args []any) plural.Form {
	for i := 0; i+1 < len(args) && len(m) > 1; i += 2 {
		n, ok := count(args[i+1])
		if args[i] != "n" || !ok {
			continue
		}
		form := plural.Cardinal.MatchPlural(l.tag, int(n%1e6), 0, 0, 0, 0)
		if _, ok := m[form]; ok {
			return form
		}
	}
	return plural.Other
}

func count(v any) (int64, bool) {
	switch n := v.(type) {
	case int:
		return int64(max(n, -n)), true
	case int64:
		return max(n, -n), true
	}
	return 0, false
}

func load(tag, name string, s style) *Language {
	return &Language{Tag: tag, Name: name, tag: language.MustParse(tag), style: s,
		messages: sync.OnceValue(func() map[string]forms { return read(tag) })}
}

// catalogue is what is said in one language.
type catalogue struct {
	tag      string
	messages map[string]forms
}

func read(tag string) map[string]forms {
	c := catalogue{tag, map[string]forms{}}
	files, err := fs.Glob(words, "words/"+tag+"/*.json")
	if err != nil {
		panic(err) // embedded with this package
	}
	for _, file := range files {
		text, err := words.ReadFile(file)
		if err != nil {
			panic(err)
		}
		var tree map[string]any
		if err := json.Unmarshal(text, &tree); err != nil {
			panic(fmt.Sprintf("%s: %v", file, err))
		}
		c.add("", tree)
	}
	return c.messages
}

// formNames are the plural forms that the languages have, as a catalogue spells them.
var formNames = map[string]plural.Form{"one": plural.One, "other": plural.Other}

// say takes a message in; two files must not say the same one.
func (c catalogue) say(key string, m forms) {
	if _, said := c.messages[key]; said {
		panic(fmt.Sprintf("catalogue %s: %s is said twice", c.tag, key))
	}
	c.messages[key] = m
}

// add reads a branch of the catalogue: a text, the forms of one, or further branches.
func (c catalogue) add(key string, branch any) {
	switch b := branch.(type) {
	case string:
		c.say(key, forms{plural.Other: b})
	case map[string]any:
		if _, counts := b["other"].(string); counts && len(b) <= len(formNames) {
			m := forms{}
			for name, text := range b {
				form, ok := formNames[name]
				if !ok {
					break
				}
				m[form], _ = text.(string)
			}
			if len(m) == len(b) {
				c.say(key, m)
				return
			}
		}
		for name, next := range b {
			c.add(strings.TrimPrefix(key+"."+name, "."), next)
		}
	default:
		panic(fmt.Sprintf("catalogue %s: %s is neither a text nor a branch", c.tag, key))
	}
}
