package web

import (
	"context"
	"encoding/json"
	"slices"
	"strings"

	iso "github.com/bojanz/currency"

	"github.com/tributary-hq/tributary/internal/audit"
	"github.com/tributary-hq/tributary/internal/contract"
	"github.com/tributary-hq/tributary/internal/db"
	"github.com/tributary-hq/tributary/internal/money"
	"github.com/tributary-hq/tributary/internal/problem"
	"github.com/tributary-hq/tributary/internal/program"
)

type newProgramPage struct {
	Brand      program.Brand
	Form       form
	Events     []string
	Currencies []string
	Zones      []string
	Currency   money.Currency
	Terms      *contract.Terms // in words, as far as they can be read
}

// Words are the terms to be said.
func (p newProgramPage) Words() contract.Terms { return *p.Terms }

// usualCurrency is where a reader of the language probably sells.
var usualCurrency = map[string]string{"en": "USD", "fr": "EUR", "zh": "CNY"}

// usualZones are offered where no script knows them all.
var usualZones = []string{"UTC", "Europe/London", "Europe/Paris", "Europe/Berlin", "Europe/Zurich", "Europe/Athens", "Africa/Lagos", "Africa/Johannesburg",
	"Asia/Dubai", "Asia/Kolkata", "Asia/Shanghai", "Asia/Hong_Kong", "Asia/Singapore", "Asia/Tokyo", "Australia/Sydney", "America/New_York",
	"America/Chicago", "America/Denver", "America/Los_Angeles", "America/Toronto", "America/Montreal", "America/Mexico_City", "America/Sao_Paulo"}

func (s *site) newProgramForm(v *visit) (answer, error) {
	data, err := v.newProgram()
	if err != nil {
		return nil, err
	}
	if draft, err := readProgram(v, data.Form); err == nil {
		data.Terms, data.Currency = &draft.terms, draft.Currency
	}
	return s.page("setup/program", v.text("setup.program.title"), data), nil
}

// newProgram is the page with sensible answers.
func (v *visit) newProgram() (newProgramPage, error) {
	data := newProgramPage{Events: program.EventTypes, Currencies: iso.GetCurrencyCodes(), Zones: usualZones}
	var err error
	data.Brand, err = program.GetBrand(v.Context(), v.read(), v.actor.Brand)
	data.Form = programForm(v, data.Brand)
	return data, err
}

func programForm(v *visit, brand program.Brand) form {
	f := form{Fields: []field{
		{Name: "name", Label: "program_name", Value: v.text("setup.program.named", "brand", brand.Name), Required: true, Hint: "program_name"},
		{Name: "landing", Label: "shop", Type: "url", Required: true, Hint: "shop", Complete: "url"},
		{Name: "currency", Value: usualCurrency[v.lang.Tag], Required: true, Hint: "currency"},
		{Name: "timezone", Value: "UTC", Required: true, Hint: "timezone"},
		{Name: "locale", Label: "program_locale", Type: "select", Value: v.lang.Tag, Choices: languageChoices(), Hint: "program_locale"},
		{Name: "slug", Label: "program_slug", Hint: "slug"},
		{Name: "click_param", Value: "tclid", Hint: "click_param"},
		{Name: "window_days", Type: "number", Value: "30", Required: true, Hint: "window_days"},
		{Name: "lock_days", Type: "number", Value: "30", Required: true, Hint: "lock_days"},
		{Name: "cycle", Type: "select", Value: "monthly", Choices: choices(v.lang, "cycles", []string{"daily", "weekly", "monthly"})},
		{Name: "threshold", Hint: "usual_threshold"},
		{Name: "model", Type: "select", Value: "last", Choices: modelChoices(v), Hint: "model"},
	}}
	for _, event := range program.EventTypes {
		name := eventName(v.lang, event)
		f.Fields = append(f.Fields, field{Name: "event." + event, Words: name, Type: "check"},
			field{Name: "rate." + event, Words: v.text("fields.rate_of", "event", name), Unit: "%"},
			field{Name: "fixed." + event, Words: v.text("fields.fixed_for", "event", name)})
	}
	f.set("event.sale", "1")
	f.set("rate.sale", "10")
	return f
}

// modelChoices are the models with what each does, as its own numbers do it.
func modelChoices(v *visit) []choice {
	var list []choice
	for _, name := range program.ModelNames {
		m := program.Model{Name: name}
		if err := m.Check(); err != nil {
			continue
		}
		list = append(list, choice{name, v.text("models."+name) + " – " + v.text("models_how."+name, "n", m.HalfLife, "first", m.First, "last", m.Last)})
	}
	return list
}

// draft is a program as the form says it.
type draft struct {
	program.Program
	terms contract.Terms
	model program.Model
}

// readProgram is what the form says. An event with a reward is one that the program takes.
func readProgram(v *visit, f form) (draft, error) {
	d := draft{model: program.Model{Name: f.value("model")}}
	d.Name, d.Landing, d.Timezone, d.Locale = f.value("name"), address(f.value("landing")), f.value("timezone"), f.value("locale")
	d.Slug, d.ClickParam = f.value("slug"), f.value("click_param")
	var unknown error
	c, err := money.ParseCurrency(f.value("currency"))
	if d.Currency = c; err != nil {
		unknown, d.Currency = problem.Wrong("currency", "currency_unknown", "%v", err), "USD" // to read the rest
	}
	for _, event := range program.EventTypes {
		if f.value("event."+event) != "" || f.value("rate."+event) != "" || f.value("fixed."+event) != "" {
			d.Events = append(d.Events, event)
		}
	}
	v.program = d.Program // whose events and currency the terms are read in
	var fault error
	d.terms, _, fault = readTerms(v, f)
	if f.value("threshold") == "" {
		d.terms.Threshold = usualThreshold(d.Currency)
	}
	return d, both(unknown, fault, d.model.Check())
}

// address takes a web address as people type it.
func address(typed string) string {
	if typed != "" && !strings.Contains(typed, "://") {
		return "https://" + typed
	}
	return typed
}

// usualThreshold is about fifty euros in a currency of the same scale, in minor units.
func usualThreshold(c money.Currency) int64 {
	return map[int]int64{0: 5000, 2: 50_00, 3: 20_000, 4: 50_0000}[c.Scale()]
}

// createProgram adds the program. Asked only to look, it shows the terms in words and writes nothing.
func (s *site) createProgram(v *visit) (answer, error) {
	data, err := v.newProgram()
	if err != nil {
		return nil, err
	}
	data.Form.read(v.PostForm)
	d, fault := readProgram(v, data.Form)
	if fault == nil {
		data.Terms, data.Currency = &d.terms, d.Currency
	}
	if v.PostForm.Get("look") != "" {
		if fault != nil && !data.Form.blame(v.lang, fault) {
			return nil, fault
		}
		return s.page("setup/program", v.text("setup.program.title"), data), nil
	}
	p, err := v.create(data.Brand, d, both(problem.Join(data.Form.missing()...), fault))
	if err != nil {
		if !data.Form.blame(v.lang, err) {
			return nil, err
		}
		return s.again("setup/program", v.text("setup.program.title"), data), nil
	}
	return s.done(consoleBase(p)+"/setup", "program_created"), nil
}

// create adds the program of a draft, unless the draft has a fault; then it says all that is wrong.
func (v *visit) create(brand program.Brand, d draft, fault error) (p program.Program, err error) {
	if d.Slug == "" {
		if d.Slug, err = v.freeSlug(d.Name, brand.Slug); err != nil {
			return p, err
		}
	}
	d.Brand = brand.ID
	if d.Defaults, err = json.Marshal(d.terms); err != nil {
		return p, err
	}
	if !slices.ContainsFunc(languageChoices(), func(c choice) bool { return c.Value == d.Locale }) {
		d.Locale = v.lang.Tag
	}
	err = v.write(func(ctx context.Context, tx *db.Tx) (err error) {
		p, err = program.Create(ctx, tx, d.Program, d.model, v.person.ID)
		if err := both(fault, err); err != nil {
			return err
		}
		return v.record(ctx, tx, audit.ProgramCreate, p.ID)
	})
	return p, err
}
