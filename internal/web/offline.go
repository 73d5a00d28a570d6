package web

import (
	"cmp"
	"context"
	"fmt"
	"strconv"
	"time"

	"github.com/tributary-hq/tributary/internal/audit"
	"github.com/tributary-hq/tributary/internal/commission"
	"github.com/tributary-hq/tributary/internal/db"
	"github.com/tributary-hq/tributary/internal/offline"
	"github.com/tributary-hq/tributary/internal/partner"
	"github.com/tributary-hq/tributary/internal/problem"
	"github.com/tributary-hq/tributary/internal/upload"
)

type offlinePage struct {
	consolePage
	Form  form // to assign a number
	Rule  form // how long a call is that counts
	Pays  bool // whether the program pays for calls at all
	Table listing
	Calls listing
}

// choosableMost is how many partners there can be to choose from; with more, numbers come by file.
const choosableMost = 500

// assignedRow is a number or a card with its partner, and until when it is theirs.
type assignedRow struct {
	offline.Assignment
	Who   string
	Until time.Time
}

func (v *visit) assigned(w offline.Wanted) ([]assignedRow, error) {
	list, err := offline.List(v.Context(), v.read(), w)
	if err != nil {
		return nil, err
	}
	ends, err := offline.Until(v.Context(), v.read(), w.Program, w.Kind, list)
	if err != nil {
		return nil, err
	}
	var ids []string
	for _, a := range list {
		ids = append(ids, a.Partnership)
	}
	partnerships, err := partner.Named(v.Context(), v.read(), ids)
	rows := make([]assignedRow, len(list))
	for i, a := range list {
		rows[i] = assignedRow{a, cmp.Or(partnerships[a.Partnership].Partner.Name, v.text("offline.nobody")), ends[i]}
	}
	return rows, err
}

func (v *visit) assignedTable(kind offline.Kind) table[assignedRow] {
	t := table[assignedRow]{Empty: emptiness{Icon: "offline", Title: v.text("offline.no_" + string(kind)), Text: v.text("offline.no_" + string(kind) + "_text")}}
	t.Columns = []column[assignedRow]{
		{Name: "name", Head: "offline." + string(kind), Cell: func(_ *visit, r assignedRow) cell { return textCell(r.Name, "") }},
		{Name: "partner", Head: "list.partner", Cell: func(v *visit, r assignedRow) cell {
			if r.Partnership == "" {
				return textCell(r.Who, "")
			}
			return textCell(r.Who, consoleBase(v.program)+"/partners/"+r.Partnership)
		}},
		{Name: "since", Head: "offline.since", Cell: func(v *visit, r assignedRow) cell { return v.dateCell(r.Since) }},
		{Name: "until", Head: "offline.until", Cell: func(v *visit, r assignedRow) cell {
			if r.Until.IsZero() {
				return none
			}
			return v.dateCell(r.Until)
		}},
	}
	if !v.isConsole() {
		t.Columns = append(t.Columns[:1], t.Columns[2:]...)
	}
	return t
}

func (v *visit) listAssigned(kind offline.Kind, partnership string) (listing, error) {
	t := v.assignedTable(kind)
	t.Name = string(kind)
	return t.page(v, func(before string, limit int) ([]assignedRow, error) {
		return v.assigned(offline.Wanted{Program: v.program.ID, Kind: kind, Partnership: partnership, Before: before, Limit: limit})
	}, func(r assignedRow) string { return r.ID })
}

// callTable lists calls; of a caller nothing is known but a hash, whose end tells callers apart.
func (v *visit) callTable() table[offline.Call] {
	return table[offline.Call]{Name: "calls", Empty: emptiness{Icon: "offline", Title: v.text("offline.no_calls"), Text: v.text("offline.no_calls_text")},
		Columns: []column[offline.Call]{
			{Name: "number", Head: "offline.number", Cell: func(v *visit, c offline.Call) cell {
				return cell{Text: c.Number, Note: v.text("offline.caller", "caller", c.Caller[:8])}
			}},
			{Name: "when", Head: "list.when", Cell: func(v *visit, c offline.Call) cell { return v.momentCell(c.At) }},
			{Name: "seconds", Head: "offline.seconds", Number: true, Cell: func(_ *visit, c offline.Call) cell {
				return textCell(fmt.Sprintf("%d:%02d", c.Seconds/60, c.Seconds%60), "")
			}},
			{Name: "outcome", Head: "offline.outcome", Cell: func(v *visit, c offline.Call) cell { return v.stateCell("call", c.Outcome) }},
		}}
}

func (v *visit) offlinePage() (offlinePage, error) {
	data := offlinePage{consolePage: v.console(), Pays: v.program.Accepts("call")}
	partners := []choice{{"", v.text("offline.nobody")}}
	list, err := partner.Partnerships(v.Context(), v.read(), partner.Filter{Program: v.program.ID, Status: partner.Approved, Limit: choosableMost})
	if err != nil {
		return data, err
	}
	for _, p := range list {
		partners = append(partners, choice{p.ID, p.Partner.Name})
	}
	data.Form = form{Fields: []field{{Name: "number", Label: "phone_number", Type: "tel", Hint: "phone_number", Required: true},
		{Name: "partner", Label: "whose", Type: "select", Choices: partners}, {Name: "since", Label: "assigned_since", Type: "date", Hint: "assigned_since"}}}
	seconds, err := offline.Rule(v.Context(), v.read(), v.program.ID)
	data.Rule = form{Fields: []field{{Name: "seconds", Label: "call_seconds", Type: "number", Value: strconv.FormatInt(seconds, 10), Hint: "call_seconds"}}}
	return data, err
}

func (v *visit) fillNumbers(data *offlinePage) (err error) {
	if data.Table, err = v.listAssigned(offline.Number, ""); err != nil {
		return err
	}
	data.Calls, err = v.callTable().page(v, func(before string, limit int) ([]offline.Call, error) {
		return offline.Calls(v.Context(), v.read(), v.program.ID, before, limit)
	}, func(c offline.Call) string { return c.ID })
	return err
}

// numbers are the phone numbers that lead to partners, and the calls.
func (s *site) numbers(v *visit) (answer, error) {
	data, err := v.offlinePage()
	if err == nil {
		err = v.fillNumbers(&data)
	}
	return s.page("console/offline/numbers", v.text("sale_tabs.numbers"), data), err
}

func numbersAt(v *visit) string { return consoleBase(v.program) + "/numbers" }

// assignNumber says whose a number is.
func (s *site) assignNumber(v *visit) (answer, error) {
	data, err := v.offlinePage()
	if err != nil {
		return nil, err
	}
	data.Form.read(v.PostForm)
	var since time.Time
	if day := data.Form.value("since"); day != "" {
		if since, err = time.ParseInLocation(time.DateOnly, day, v.zone); err != nil {
			err = problem.Wrong("since", "date_invalid", "%q is not a day", day)
		}
	}
	if err == nil {
		err = v.write(func(ctx context.Context, tx *db.Tx) error {
			told, err := commission.Assign(ctx, tx, s.keys, v.program.ID, []offline.Assignment{{Kind: offline.Number, Name: data.Form.value("number"),
				Partnership: data.Form.value("partner"), Since: since, Author: v.person.ID}})
			if err = cmp.Or(err, first(told)); err != nil {
				return err
			}
			if told[0].Value.Duplicate {
				return nil
			}
			return v.record(ctx, tx, audit.NumberAssign, told[0].Value.ID)
		})
	}
	if err == nil {
		return s.done(numbersAt(v), "saved"), nil
	}
	if !data.Form.blame(v.lang, err) {
		return nil, err
	}
	return s.again("console/offline/numbers", v.text("sale_tabs.numbers"), data), v.fillNumbers(&data)
}

// first is what is wrong with the only one of a batch.
func first[T any](list []db.Result[T]) error {
	if len(list) == 0 {
		return nil
	}
	return list[0].Err
}

// setCallRule says how long a call is that counts as a conversion.
func (s *site) setCallRule(v *visit) (answer, error) {
	data, err := v.offlinePage()
	if err != nil {
		return nil, err
	}
	data.Rule.read(v.PostForm)
	seconds, err := strconv.ParseInt(data.Rule.value("seconds"), 10, 32)
	if err != nil {
		err = problem.Wrong("seconds", "seconds_invalid", "%q is not a number of seconds", data.Rule.value("seconds"))
	} else {
		err = v.write(func(ctx context.Context, tx *db.Tx) error {
			if err := offline.SetRule(ctx, tx, v.program.ID, seconds); err != nil {
				return err
			}
			return v.record(ctx, tx, audit.ProgramCalls, v.program.ID)
		})
	}
	if err == nil {
		return s.done(numbersAt(v), "saved"), nil
	}
	if !data.Rule.blame(v.lang, err) {
		return nil, err
	}
	return s.again("console/offline/numbers", v.text("sale_tabs.numbers"), data), v.fillNumbers(&data)
}

// cards are the cards that customers have enrolled with partners.
func (s *site) cards(v *visit) (answer, error) {
	data := offlinePage{consolePage: v.console()}
	var err error
	data.Table, err = v.listAssigned(offline.Card, "")
	return s.page("console/offline/cards", v.text("sale_tabs.cards"), data), err
}

type myOfflinePage struct {
	cabinetPage
	Open    bool
	Fault   string
	Numbers listing
	Cards   listing
	Uploads listing
}

func (v *visit) myOffline() (myOfflinePage, error) {
	data := myOfflinePage{cabinetPage: v.cabinet(), Open: v.partnership.Status == partner.Approved}
	var err error
	if data.Numbers, err = v.listAssigned(offline.Number, v.partnership.ID); err != nil {
		return data, err
	}
	if data.Cards, err = v.listAssigned(offline.Card, v.partnership.ID); err != nil {
		return data, err
	}
	t := v.uploadTable(data.Base + "/offline/")
	t.Name = "files"
	data.Uploads, err = t.page(v, func(before string, limit int) ([]uploadRow, error) {
		return v.uploadRows(upload.Wanted{Program: v.program.ID, Partnership: v.partnership.ID, Before: before, Limit: limit})
	}, func(r uploadRow) string { return r.ID })
	return data, err
}

// myOffline are a partner's own phone numbers and the cards that customers have enrolled with them.
func (s *site) myOffline(v *visit) (answer, error) {
	data, err := v.myOffline()
	return s.page("cabinet/offline/list", v.text("nav.offline"), data), err
}

// enrolCards takes a partner's file of cards.
func (s *site) enrolCards(v *visit) (answer, error) {
	name, body, err := v.readFile()
	if err == nil && v.partnership.Status != partner.Approved {
		err = problem.Denied("the partnership is not active")
	}
	if err == nil {
		err = v.write(func(ctx context.Context, tx *db.Tx) error {
			u, err := upload.Keep(ctx, tx, upload.Upload{Program: v.program.ID, Partnership: v.partnership.ID, Kind: upload.Cards, Name: name, Author: v.person.ID}, body)
			if err != nil {
				return err
			}
			if _, err := upload.Take(ctx, tx, u.ID, v.person.ID); err != nil {
				return err
			}
			return v.record(ctx, tx, audit.UploadTake, u.ID)
		})
	}
	if err == nil {
		return s.done(cabinetBase(v.partnership)+"/offline", "upload_begun"), nil
	}
	p, refused := problem.As(err)
	if !refused {
		return nil, err
	}
	data, err := v.myOffline()
	data.Fault = detail(v.lang, p.Code, p.Detail)
	return s.again("cabinet/offline/list", v.text("nav.offline"), data), err
}
