package web

import (
	"cmp"
	"context"
	"net/url"
	"slices"
	"strings"
	"time"

	"github.com/tributary-hq/tributary/internal/audit"
	"github.com/tributary-hq/tributary/internal/commission"
	"github.com/tributary-hq/tributary/internal/conversion"
	"github.com/tributary-hq/tributary/internal/db"
	"github.com/tributary-hq/tributary/internal/journey"
	"github.com/tributary-hq/tributary/internal/partner"
	"github.com/tributary-hq/tributary/internal/program"
	"github.com/tributary-hq/tributary/internal/touch"
)

// customersPage is a search for customers, and the person who was found: their names, what joined them, their orders, and whose
// they are.
type customersPage struct {
	consolePage
	Search  string
	Key     string // that was found; empty: nobody
	Names   []personName
	More    int // names that are not shown
	Links   []personLink
	Said    []personSplit
	Orders  listing
	Bound   string // whose they are now, in words
	History []bindingStep
	Bind    form
	Split   form
}

// personName is a key in words.
type personName struct {
	Key    string
	Kind   string // a message below "names"
	Text   string
	Shared bool
}

// personLink is a report that joined names.
type personLink struct {
	At    time.Time
	Names string
	Order string
	Cut   bool // it does not hold
}

type personSplit struct {
	journey.Split
	Names, Others, Who string
}

type bindingStep struct {
	commission.Binding
	Title, Who string
}

// namesMost is how many names and links of a person are shown.
const namesMost = 100

// customers finds a person by the shop's id of the customer, by an e-mail address or its hash, by an order, a click or a visitor.
func (s *site) customers(v *visit) (answer, error) {
	data, err := s.readCustomer(v, v.query("q"))
	if err != nil {
		return nil, err
	}
	return s.page("console/customers", v.text("customers.title"), data), nil
}

// findPerson is a key of the person whom a text means; empty when there is none.
func (v *visit) findPerson(text string) (string, error) {
	if text == "" {
		return "", nil
	}
	ctx, r := v.Context(), v.read()
	hash := strings.ToLower(text)
	if strings.Contains(text, "@") {
		hash = conversion.HashEmail(text)
	}
	keys := []string{text, conversion.WhoCustomer(text), conversion.WhoEmail(hash), touch.WhoVisitor(text), touch.WhoClick(text)}
	known, err := journey.Sizes(ctx, r, v.program.ID, keys)
	if err != nil {
		return "", err
	}
	for _, key := range keys {
		if known[key] > 0 {
			return key, nil
		}
	}
	sales, err := conversion.By(ctx, r, v.program.ID, keys, time.UnixMilli(0))
	if err != nil || len(sales) > 0 {
		return firstWho(sales), err
	}
	ids, err := conversion.Search(ctx, r, v.program.ID, text)
	if err != nil || len(ids) == 0 {
		return "", err
	}
	sales, err = conversion.Named(ctx, r, ids[:1])
	return firstWho(sales), err
}

func firstWho(sales []conversion.Conversion) string {
	if len(sales) == 0 {
		return ""
	}
	return sales[0].Who
}

func (s *site) readCustomer(v *visit, text string) (customersPage, error) {
	data := customersPage{consolePage: v.console(), Search: text}
	ctx, r := v.Context(), v.read()
	var err error
	if data.Key, err = v.findPerson(text); err != nil || data.Key == "" {
		return data, err
	}
	people, err := journey.People(ctx, r, v.program.ID, []string{data.Key})
	if err != nil {
		return data, err
	}
	keys := people[data.Key]
	splits, err := journey.SplitsOf(ctx, r, v.program.ID, "")
	if err != nil {
		return data, err
	}
	slices.SortFunc(keys, func(a, b string) int { return cmp.Or(cmp.Compare(strength(a), strength(b)), cmp.Compare(a, b)) })
	for i, key := range keys {
		if i == namesMost {
			data.More = len(keys) - i
			break
		}
		data.Names = append(data.Names, v.personName(key, splits))
	}
	bonds, err := journey.Bonds(ctx, r, v.program.ID, keys, false)
	if err != nil {
		return data, err
	}
	for _, b := range bonds {
		if len(b.Keys) < 2 || len(data.Links) == namesMost {
			continue
		}
		data.Links = append(data.Links, personLink{At: b.At, Names: v.namesText(b.Keys), Order: b.Order, Cut: splits.Cut(b)})
	}
	for _, one := range splits.About(keys) {
		data.Said = append(data.Said, personSplit{one, v.namesText(one.A), v.namesText(one.B), v.sayer(one.Author)})
	}
	slices.Reverse(data.Said)
	if err := v.readBinding(&data, keys); err != nil {
		return data, err
	}
	data.Split = form{Fields: []field{{Name: "reason", Type: "textarea", Most: 500}}}
	return data, nil
}

// sayer is who has said something; the product itself, where nobody did.
func (v *visit) sayer(author string) string {
	if author == "" {
		return v.text("customers.itself")
	}
	return v.nameOf(author)
}

// strength puts the names of a person into the order in which they say who it is.
func strength(key string) int { return strings.Index("ue vco", key[:1]) }

// nameKinds are the messages below "names", by the beginning of a key.
var nameKinds = map[string]string{"u": "customer", "e": "email", "v": "visitor", "c": "click", "o": "order"}

func (v *visit) personName(key string, splits *journey.Splits) personName {
	kind, text, _ := strings.Cut(key, ":")
	return personName{Key: key, Kind: nameKinds[kind], Text: text, Shared: splits.Shared(key, program.Always)}
}

// namesText is several names in one line.
func (v *visit) namesText(keys []string) string {
	var list []string
	for i, key := range keys {
		if i == 4 {
			list = append(list, v.text("customers.more", "n", len(keys)-i))
			break
		}
		kind, text, _ := strings.Cut(key, ":")
		list = append(list, v.text("names."+nameKinds[kind])+" "+clip(text, 16))
	}
	return strings.Join(list, " · ")
}

// readBinding adds the orders of a person, and whose they are.
func (v *visit) readBinding(data *customersPage, keys []string) error {
	ctx, r := v.Context(), v.read()
	sales, err := conversion.By(ctx, r, v.program.ID, keys, time.UnixMilli(0))
	if err != nil {
		return err
	}
	slices.SortFunc(sales, func(a, b conversion.Conversion) int { return cmp.Or(b.At.Compare(a.At), cmp.Compare(a.ID, b.ID)) })
	rows, err := v.conversionRows(sales[:min(len(sales), namesMost)], commission.Wanted{})
	if err != nil {
		return err
	}
	t := v.conversionTable(true)
	t.Key, t.Deeds, t.File, t.DoneAt = nil, nil, "", ""
	data.Orders = t.all(v, rows)
	said, err := commission.BindingsOf(ctx, r, v.program.ID, keys)
	if err != nil {
		return err
	}
	var whose []string
	for _, key := range keys {
		for _, b := range said[key] {
			data.History = append(data.History, bindingStep{Binding: b})
			whose = append(whose, b.Partnership)
		}
	}
	if len(sales) > 0 {
		e, err := commission.Explain(ctx, r, sales[0].ID)
		if err != nil {
			return err
		}
		if e.Bound != nil {
			names, err := v.names([]string{e.Bound.Partnership})
			if err != nil {
				return err
			}
			data.Bound = v.boundText(*e.Bound, names[e.Bound.Partnership].Partner.Name)
		}
	}
	names, err := v.names(whose)
	if err != nil {
		return err
	}
	for i := range data.History {
		step := &data.History[i]
		step.Who, step.Title = v.nameOf(step.Author), v.text("customers.bound_to", "name", names[step.Partnership].Partner.Name)
		if step.Partnership == "" {
			step.Title = v.text("customers.unbound")
		}
	}
	slices.SortStableFunc(data.History, func(a, b bindingStep) int { return cmp.Or(b.Since.Compare(a.Since), cmp.Compare(b.Turn, a.Turn)) })
	data.Bind, err = v.bindForm()
	return err
}

// boundText says why a customer is a partner's.
func (v *visit) boundText(b commission.Bound, name string) string {
	text := v.text("bound.said", "name", name, "date", v.lang.Date(b.Since.In(v.zone)))
	if b.Order != "" {
		text = v.text("bound.first", "name", name, "date", v.lang.Date(b.Since.In(v.zone)), "order", b.Order)
	}
	if b.Until.IsZero() {
		return text + " " + v.text("bound.for_ever")
	}
	return text + " " + v.text("bound.until", "date", v.lang.Date(b.Until.In(v.zone)))
}

func (v *visit) bindForm() (form, error) {
	whose, err := v.partnersToChoose(choice{"", v.text("customers.nobody")})
	return form{Fields: []field{
		{Name: "partnership", Label: "customer_of", Type: "select", Choices: whose},
		{Name: "since", Type: "date", Hint: "code_since"},
		{Name: "until", Label: "bound_until", Type: "date", Hint: "bound_until"},
		{Name: "why", Label: "reason", Type: "textarea", Most: 500},
	}}, err
}

// customerAgain leads back to the person, or shows the page with what was wrong in one of its forms.
func (s *site) customerAgain(v *visit, key, notice string, err error, place func(*customersPage) *form) (answer, error) {
	if err == nil {
		return s.done(consoleBase(v.program)+"/customers?q="+url.QueryEscape(key), notice), nil
	}
	data, fault := s.readCustomer(v, key)
	if fault != nil {
		return nil, fault
	}
	f := place(&data)
	f.read(v.PostForm)
	if !f.blame(v.lang, err) {
		return nil, err
	}
	return s.again("console/customers", v.text("customers.title"), data), nil
}

// splitCustomer says that the names that were ticked are somebody else's, or that each of them is of many people.
func (s *site) splitCustomer(v *visit) (answer, error) {
	key := v.PostForm.Get("key")
	err := v.write(func(ctx context.Context, tx *db.Tx) error {
		split := journey.Split{Program: v.program.ID, Kind: journey.Apart, A: v.PostForm["name"], Reason: v.PostForm.Get("reason"), Author: v.person.ID}
		people, err := journey.People(ctx, tx, v.program.ID, []string{key})
		if err != nil {
			return err
		}
		split.A = slices.DeleteFunc(split.A, func(name string) bool { return !slices.Contains(people[key], name) })
		if v.PostForm.Get("do") == "shared" {
			split.Kind = journey.Shared
		} else {
			for _, other := range people[key] {
				if !slices.Contains(split.A, other) {
					split.B = append(split.B, other)
				}
			}
		}
		out, err := commission.Separate(ctx, tx, s.keys, split)
		if err != nil {
			return err
		}
		return audit.Parted(ctx, tx, v.by(), out.Split)
	})
	return s.customerAgain(v, key, "person_split", err, func(data *customersPage) *form { return &data.Split })
}

// rejoinCustomer takes back what was said of names.
func (s *site) rejoinCustomer(v *visit) (answer, error) {
	key := v.PostForm.Get("key")
	err := v.write(func(ctx context.Context, tx *db.Tx) error {
		splits, err := journey.SplitsOf(ctx, tx, v.program.ID, "")
		if err != nil {
			return err
		}
		i := slices.IndexFunc(splits.All(), func(one journey.Split) bool { return one.ID == v.PostForm.Get("split") && one.Kind != journey.Same })
		if i < 0 {
			return errNotFound // no page sends this
		}
		was := splits.All()[i]
		out, err := commission.Separate(ctx, tx, s.keys, journey.Split{Program: v.program.ID, Kind: journey.Same, A: was.A, B: was.B, Author: v.person.ID})
		if err != nil {
			return err
		}
		return audit.Parted(ctx, tx, v.by(), out.Split)
	})
	return s.customerAgain(v, key, "person_same", err, func(data *customersPage) *form { return &data.Split })
}

// bindCustomer says whose a customer is from a day on.
func (s *site) bindCustomer(v *visit) (answer, error) {
	key := v.PostForm.Get("key")
	f, err := v.bindForm()
	if err != nil {
		return nil, err
	}
	f.read(v.PostForm)
	err = v.write(func(ctx context.Context, tx *db.Tx) error {
		since, err := readDay(v, f, "since", tx.Now)
		if err != nil {
			return err
		}
		until, err := readDay(v, f, "until", time.Time{})
		if err != nil {
			return err
		}
		if name := f.value("partnership"); name != "" {
			if to, err := partner.GetPartnership(ctx, tx, name); err != nil || to.Program != v.program.ID {
				return errNotFound // no page sends this
			}
		}
		b, _, err := commission.Bind(ctx, tx, s.keys, commission.Binding{Program: v.program.ID, Key: key, Partnership: f.value("partnership"), Since: since,
			Until: until, Reason: f.value("why"), Author: v.person.ID})
		if err != nil {
			return err
		}
		return audit.Bound(ctx, tx, v.by(), b)
	})
	return s.customerAgain(v, key, "customer_bound", err, func(data *customersPage) *form { return &data.Bind })
}
