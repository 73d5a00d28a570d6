package web

import (
	"slices"
	"strings"

	"github.com/tributary-hq/tributary/internal/auth"
	"github.com/tributary-hq/tributary/internal/commission"
	"github.com/tributary-hq/tributary/internal/conversion"
	"github.com/tributary-hq/tributary/internal/money"
	"github.com/tributary-hq/tributary/internal/partner"
)

type conversionsPage struct {
	consolePage
	Chips   []chip
	Stretch stretch
	Search  string
	Keep    []choice // what the search must send along
	Also    []choice // what the filter must send along
	Events  []choice
	Event   string
	partnerPick
	Table  listing
	Totals string // what all that the list asks for comes to
	Fate   funnel // empty ID: the list is narrowed, and it is not shown
}

// partnerPick is the choice of a partner that narrows a list.
type partnerPick struct {
	Partners []choice // too many partners to choose from are none, and found by their names
	Partner  string
}

type conversionRow struct {
	conversion.Conversion
	Who         string // who earned it; empty: nobody
	State       string
	Others      []string                // states of further commissions
	Net         money.Amount            // what refunds have left of the amount
	Earned      money.Amount            // by the commissions that the list asks for
	All         money.Amount            // by everybody
	Commissions []commission.Commission // that the list asks for
}

func (r conversionRow) id() string { return r.ID }

// key names the row's commissions, for what is decided about a row is decided about each.
func (r conversionRow) key() string {
	var ids []string
	for _, c := range r.Commissions {
		ids = append(ids, c.ID)
	}
	return strings.Join(ids, " ")
}

// conversionStates are those of a list's filter.
var conversionStates = []commission.State{commission.Pending, commission.Held, commission.Payable, commission.InPayout, commission.Paid, commission.Reversed, commission.Nobody}

// tightMost is how long a number may be that is kept on one line.
const tightMost = 20

// conversionTable lists conversions with who earned them; narrowed tells that less than all is asked for.
func (v *visit) conversionTable(narrowed bool) table[conversionRow] {
	base := consoleBase(v.program) + "/conversions"
	t := table[conversionRow]{File: "conversions", Empty: emptiness{Icon: "conversions", Title: v.text("conversions.empty"), Text: v.text("conversions.empty_text")}}
	if narrowed {
		t.Empty = emptiness{Icon: "search", Title: v.text("list.nothing"), Text: v.text("conversions.nothing_text")}
	}
	if v.actor.May(auth.WriteCommissions) == nil {
		t.Key, t.DoneAt = conversionRow.key, v.decideAt()
		t.Worth = func(r conversionRow) money.Amount { return r.Earned }
		t.Deeds = v.deedsFor(commission.ToApprove, commission.ToHold, commission.ToRelease, commission.ToReverse)
	}
	t.Columns = []column[conversionRow]{
		{Name: "conversion", Filed: true, Cell: func(_ *visit, r conversionRow) cell { return textCell(r.ID, "") }},
		{Name: "order", Head: "list.order", Cell: func(v *visit, r conversionRow) cell {
			return cell{Text: listName(v.lang, r.Event, r.Order), Plain: r.Order, Address: base + "/" + r.ID, Tight: len(r.Order) <= tightMost}
		}},
		{Name: "date", Head: "list.when", Cell: func(v *visit, r conversionRow) cell { return v.momentCell(r.At) }},
		{Name: "event", Head: "list.event", Aside: true, Cell: func(v *visit, r conversionRow) cell {
			return cell{Text: eventName(v.lang, r.Event), Plain: r.Event}
		}},
		{Name: "partners", Head: "list.partner", Cell: func(_ *visit, r conversionRow) cell {
			if r.Who == "" {
				return none
			}
			return textCell(r.Who, "")
		}},
		{Name: "state", Head: "list.state", Cell: func(v *visit, r conversionRow) cell {
			c := v.stateCell("commission", r.State)
			var others []string
			for _, state := range r.Others {
				others = append(others, v.text("states.commission."+state))
			}
			c.Note = strings.Join(others, ", ")
			return c
		}},
		{Name: "amount", Head: "list.amount", Number: true, Cell: func(v *visit, r conversionRow) cell {
			if r.Amount.Minor == 0 && r.Event != bought {
				return cell{Text: none.Text, Plain: r.Amount.Decimal()}
			}
			return v.partCell(r.Net, r.Amount)
		}},
		{Name: "commission", Head: "list.commission", Number: true, Cell: func(v *visit, r conversionRow) cell { return v.partCell(r.Earned, r.All) }},
		{Name: "currency", Filed: true, Cell: func(_ *visit, r conversionRow) cell { return textCell(string(r.Amount.Currency), "") }},
		{Name: "reported", Head: "conversions.reported", Number: true, Spare: true, Cell: func(v *visit, r conversionRow) cell { return v.moneyCell(r.Amount) }},
		{Name: "customer", Head: "conversions.customer", Spare: true, Cell: func(_ *visit, r conversionRow) cell { return textCell(r.Customer, "") }},
		{Name: "code", Head: "links.promo_code", Spare: true, Cell: func(_ *visit, r conversionRow) cell { return textCell(r.Code, "") }},
		{Name: "click", Filed: true, Cell: func(_ *visit, r conversionRow) cell { return textCell(r.Click, "") }},
		{Name: "source", Head: "conversions.source", Spare: true, Cell: func(v *visit, r conversionRow) cell {
			return cell{Text: v.text("sources." + string(r.Source)), Plain: string(r.Source)}
		}},
		{Name: "received", Head: "conversions.received", Spare: true, Cell: func(v *visit, r conversionRow) cell { return v.momentCell(r.Received) }},
		{Name: "commissions", Filed: true, Cell: func(_ *visit, r conversionRow) cell { return textCell(r.key(), "") }},
	}
	return t
}

// conversions is the list of what visitors did, with who earned it.
func (s *site) conversions(v *visit) (answer, error) {
	q := v.URL.Query()
	data := conversionsPage{consolePage: v.console(), Stretch: v.stretch(anyTime), Search: v.query("q"), Event: v.query("event"),
		Keep: kept(q, "q", "before", "file"), Also: kept(q, "event", "partner", "from", "to", "period", "before", "file")}
	w := commission.Wanted{Program: v.program.ID, Event: data.Event, Search: data.Search, From: data.Stretch.From, To: data.Stretch.To}
	if state := commission.State(v.query("state")); slices.Contains(conversionStates, state) {
		w.State = state
	}
	if v.query("state") == lockingState {
		w.State, w.Final = commission.Pending, v.db.Now().Add(lockingSoon)
	}
	data.Chips = v.conversionChips()
	for _, event := range v.program.Events {
		data.Events = append(data.Events, choice{event, capital(eventName(v.lang, event))})
	}
	var err error
	if w.Partnership, err = v.choosePartner(&data.partnerPick); err != nil {
		return nil, err
	}
	read := func(before string, limit int) ([]conversionRow, error) {
		w.Before, w.Limit = before, limit
		list, err := commission.Conversions(v.Context(), v.read(), w)
		if err != nil {
			return nil, err
		}
		return v.conversionRows(list, w)
	}
	narrowed := data.Search+data.Event+string(w.State)+w.Partnership != "" || data.Stretch.Name != anyTime
	table := v.conversionTable(narrowed)
	if w.Partnership != "" || w.State != "" {
		for i := range table.Deeds {
			table.Deeds[i].About = v.text("conversions.about_shown")
		}
	}
	if table.isFile(v) {
		return table.file(v, read, conversionRow.id)
	}
	if !narrowed && v.query("before") == "" {
		if data.Fate, err = v.fate(); err != nil {
			return nil, err
		}
	}
	if data.Totals, err = v.conversionTotals(w); err != nil {
		return nil, err
	}
	if data.Table, err = table.page(v, read, conversionRow.id); err != nil {
		return nil, err
	}
	return s.page("console/conversions/list", v.text("nav.conversions"), data), nil
}

// partnersMost is how many partners a reader can choose from; of more, one is found by a part of the name.
const partnersMost = 200

// choosePartner reads whose rows are asked for, by id or by words, and offers the partners.
func (v *visit) choosePartner(data *partnerPick) (partnership string, err error) {
	asked := v.query("partner")
	all, err := partner.Search(v.Context(), v.read(), partner.Filter{Program: v.program.ID, Limit: partnersMost + 1})
	if err != nil {
		return "", err
	}
	var chosen partner.Partnership
	if strings.HasPrefix(asked, "pts_") {
		names, err := v.names([]string{asked})
		if err != nil {
			return "", err
		}
		if names[asked].Program == v.program.ID {
			chosen = names[asked]
		}
	} else if asked != "" {
		found, err := partner.Search(v.Context(), v.read(), partner.Filter{Program: v.program.ID, Words: asked, Limit: 1})
		if err != nil {
			return "", err
		}
		if len(found) == 1 {
			chosen = found[0].Partnership
		}
	}
	if len(all) <= partnersMost {
		data.Partner = chosen.ID
		for _, p := range all {
			data.Partners = append(data.Partners, choice{p.ID, p.Partner.Name})
		}
		slices.SortFunc(data.Partners, func(a, b choice) int { return strings.Compare(strings.ToLower(a.Label), strings.ToLower(b.Label)) })
	} else if data.Partner = asked; chosen.ID != "" {
		data.Partner = chosen.Partner.Name
	}
	if asked != "" && chosen.ID == "" {
		return asked, nil // nobody of that name has a conversion
	}
	return chosen.ID, nil
}

// conversionRows adds to conversions what became of them: of their commissions those that the list asks for.
func (v *visit) conversionRows(list []conversion.Conversion, w commission.Wanted) ([]conversionRow, error) {
	ids := make([]string, len(list))
	for i, c := range list {
		ids[i] = c.ID
	}
	nets, err := commission.Nets(v.Context(), v.read(), ids)
	if err != nil {
		return nil, err
	}
	commissions, err := commission.Of(v.Context(), v.read(), ids)
	if err != nil {
		return nil, err
	}
	var earners []string
	for _, of := range commissions {
		for _, c := range of {
			earners = append(earners, c.Partnership)
		}
	}
	names, err := v.names(earners)
	if err != nil {
		return nil, err
	}
	rows := make([]conversionRow, len(list))
	for i, c := range list {
		rows[i] = newConversionRow(c, commissions[c.ID], names, w)
		rows[i].Net = money.Of(nets[c.ID], c.Amount.Currency)
	}
	return rows, nil
}

func newConversionRow(c conversion.Conversion, commissions []commission.Commission, names map[string]partner.Partnership, w commission.Wanted) conversionRow {
	row := conversionRow{Conversion: c, State: string(commission.Nobody), Earned: money.Of(0, c.Amount.Currency), All: money.Of(0, c.Amount.Currency)}
	var who, states []string
	for _, one := range commissions {
		row.All.Minor += one.Amount.Minor
		who = append(who, names[one.Partnership].Partner.Name)
		states = append(states, string(one.State))
		if w.State != "" && one.State != w.State || w.Partnership != "" && one.Partnership != w.Partnership {
			continue
		}
		row.Commissions = append(row.Commissions, one)
		row.Earned.Minor += one.Amount.Minor
	}
	row.Who = strings.Join(who, ", ")
	// The state that is asked for comes first, and what was reversed last.
	rank := func(state string) int {
		if state == string(w.State) {
			return -1
		}
		return slices.Index([]string{"held", "pending", "payable", "in_payout", "paid", "reversed"}, state)
	}
	slices.SortStableFunc(states, func(a, b string) int { return rank(a) - rank(b) })
	if states = slices.Compact(states); len(states) > 0 {
		row.State, row.Others = states[0], states[1:]
	}
	return row
}
