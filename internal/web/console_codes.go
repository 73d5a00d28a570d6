package web

import (
	"cmp"
	"context"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/tributary-hq/tributary/internal/audit"
	"github.com/tributary-hq/tributary/internal/auth"
	"github.com/tributary-hq/tributary/internal/commission"
	"github.com/tributary-hq/tributary/internal/creative"
	"github.com/tributary-hq/tributary/internal/db"
	"github.com/tributary-hq/tributary/internal/partner"
	"github.com/tributary-hq/tributary/internal/problem"
	"github.com/tributary-hq/tributary/internal/program"
)

// codesPage is all promo codes of a program that can be used again and again, those first that look as if they had leaked.
type codesPage struct {
	consolePage
	Library  []tab
	Leaks    []leak
	Table    listing
	Batches  []codeBatchRow       // the newest
	Policies []program.CodePolicy // the newest first
	InForce  program.CodeCredit
	Policy   form
}

// leak is a code that has come to people whom its partner has not reached, in words.
type leak struct {
	Code, Address, Text string
}

// codeBatchRow is a partner's batch of single-use codes.
type codeBatchRow struct {
	creative.BatchUse
	Partner partner.Partnership
}

const batchesShown = 20

func (v *visit) codeBatchRows() (rows []codeBatchRow, err error) {
	list, err := creative.BatchesOf(v.Context(), v.read(), v.program.ID, batchesShown)
	if err != nil {
		return nil, err
	}
	whose := make([]string, len(list))
	for i, b := range list {
		whose[i] = b.Partnership
	}
	names, err := v.names(whose)
	for _, b := range list {
		rows = append(rows, codeBatchRow{b, names[b.Partnership]})
	}
	return rows, err
}

// offerRow is a code in the list, with how it stands now.
type offerRow struct {
	creative.Code
	creative.Standing
	Partner partner.Partnership
	Uses    commission.CodeFigures
}

// State is a code's standing in one word, below "states.code".
func (r offerRow) State() string { return stateOfCode(r.Standing, r.Uses) }

func stateOfCode(s creative.Standing, uses commission.CodeFigures) string {
	switch {
	case s.Suspended:
		return "suspended"
	case uses.Leaked():
		return "leaked"
	case s.Near != creative.Alone:
		return "bound"
	}
	return "free"
}

// codes lists the promo codes.
func (s *site) codes(v *visit) (answer, error) {
	data, err := s.readCodes(v)
	if err != nil {
		return nil, err
	}
	return s.page("console/codes/list", v.text("nav.codes"), data), nil
}

func (s *site) readCodes(v *visit) (codesPage, error) {
	data := codesPage{consolePage: v.console(), Library: v.libraryTabs("codes"), Policy: codePolicyForm(v)}
	ctx, r := v.Context(), v.read()
	codes, err := creative.CodesOf(ctx, r, v.program.ID)
	if err != nil {
		return data, err
	}
	rows, err := v.offerRows(codes)
	if err != nil {
		return data, err
	}
	for _, row := range rows {
		if row.State() == "leaked" {
			data.Leaks = append(data.Leaks, leak{row.Code.Code, data.Base + "/codes/" + row.Code.Code, v.leakText(row.Uses)})
		}
	}
	data.Table = v.offerTable().all(v, rows)
	if data.Batches, err = v.codeBatchRows(); err != nil {
		return data, err
	}
	policies, err := program.CodePolicies(ctx, r, []string{v.program.ID})
	data.Policies = policies[v.program.ID]
	data.InForce = program.CodesAt(data.Policies, v.db.Now(), program.Always)
	slices.Reverse(data.Policies)
	return data, err
}

// leakText says what is odd about a code's uses.
func (v *visit) leakText(uses commission.CodeFigures) string {
	text := v.text("promo.leak", "alone", uses.Week.Alone, "all", uses.Week.All)
	return text + " " + v.text("promo.leak_before", "alone", uses.Before.Alone, "all", uses.Before.All)
}

// offerRows adds to codes how they stand and how they were used.
func (v *visit) offerRows(codes []creative.Code) ([]offerRow, error) {
	ctx, r := v.Context(), v.read()
	named := map[string]creative.Code{}
	var whose []string
	for _, c := range codes {
		named[c.Code] = c
		whose = append(whose, c.Partnership)
	}
	standings, err := creative.Standings(ctx, r, v.program.ID, named)
	if err != nil {
		return nil, err
	}
	figures, err := commission.FiguresOfCodes(ctx, r, v.program.ID, v.db.Now())
	if err != nil {
		return nil, err
	}
	names, err := v.names(whose)
	rows := make([]offerRow, len(codes))
	for i, c := range codes {
		now, _ := creative.StandingAt(standings[c.Code], v.db.Now(), program.Always)
		rows[i] = offerRow{c, now, names[c.Partnership], figures[c.Code]}
	}
	return rows, err
}

func (v *visit) offerTable() table[offerRow] {
	base := consoleBase(v.program)
	return table[offerRow]{Sorted: "-uses", Empty: emptiness{Icon: "coin", Title: v.text("promo.none"), Text: v.text("promo.none_text")},
		Columns: []column[offerRow]{
			{Name: "code", Head: "links.promo_code", Order: func(a, b offerRow) int { return strings.Compare(a.Code.Code, b.Code.Code) },
				Cell: func(_ *visit, r offerRow) cell { return textCell(r.Code.Code, base+"/codes/"+r.Code.Code) }},
			{Name: "partner", Head: "list.partner", Order: func(a, b offerRow) int { return strings.Compare(a.Partner.Partner.Name, b.Partner.Partner.Name) },
				Cell: func(_ *visit, r offerRow) cell {
					return textCell(r.Partner.Partner.Name, base+"/partners/"+r.Code.Partnership)
				}},
			{Name: "state", Head: "list.state", Cell: func(v *visit, r offerRow) cell { return v.stateCell("code", r.State()) }},
			{Name: "uses", Head: "promo.week", Number: true, Order: func(a, b offerRow) int { return cmp.Compare(a.Uses.Week.All, b.Uses.Week.All) },
				Cell: func(v *visit, r offerRow) cell { return v.numberCell(r.Uses.Week.All) }},
			{Name: "alone", Head: "promo.alone", Number: true, Order: func(a, b offerRow) int { return cmp.Compare(a.Uses.Week.Alone, b.Uses.Week.Alone) },
				Cell: func(v *visit, r offerRow) cell { return v.numberCell(r.Uses.Week.Alone) }},
			{Name: "before", Head: "promo.before", Number: true, Aside: true,
				Cell: func(v *visit, r offerRow) cell { return v.numberCell(r.Uses.Before.All) }},
		}}
}

func codePolicyForm(v *visit) form {
	values := make([]string, len(program.CodeCredits))
	for i, c := range program.CodeCredits {
		values[i] = string(c)
	}
	return form{Fields: []field{
		{Name: "credit", Label: "code_credit", Type: "select", Value: string(program.CodeShares), Choices: choices(v.lang, "code_credits", values)},
		{Name: "since", Type: "date", Hint: "since"},
	}}
}

// decideCodes decides what codes count for from a day on.
func (s *site) decideCodes(v *visit) (answer, error) {
	f := codePolicyForm(v)
	f.read(v.PostForm)
	err := v.write(func(ctx context.Context, tx *db.Tx) error {
		since, err := readDay(v, f, "since", tx.Now)
		if err != nil {
			return err
		}
		if _, err := commission.DecideCodes(ctx, tx, s.keys, v.program.ID, since, program.CodeCredit(f.value("credit")), v.person.ID); err != nil {
			return err
		}
		return v.record(ctx, tx, audit.ProgramCodes, v.program.ID)
	})
	if err == nil {
		return s.done(consoleBase(v.program)+"/codes#policy", "codes_decided"), nil
	}
	if !f.blame(v.lang, err) {
		return nil, err
	}
	data, err := s.readCodes(v)
	data.Policy = f
	return s.again("console/codes/list", v.text("nav.codes"), data), err
}

// readDay is the midnight that a field names, or another moment when it is empty.
func readDay(v *visit, f form, name string, otherwise time.Time) (time.Time, error) {
	text := f.value(name)
	if text == "" {
		return otherwise, nil
	}
	day, err := time.ParseInLocation(time.DateOnly, text, v.zone)
	if err != nil {
		return day, problem.Invalid(name, "%q is not a day", text)
	}
	return day, nil
}

func codeForm() form {
	return form{Fields: []field{{Name: "code", Label: "promo_code", Hint: "promo_code", Required: true}}}
}

// giveCode gives a promo code to a partner.
func (s *site) giveCode(v *visit) (answer, error) {
	f := codeForm()
	f.read(v.PostForm)
	err := v.write(func(ctx context.Context, tx *db.Tx) error {
		if _, err := commission.GiveCode(ctx, tx, s.keys, v.program.ID, v.partnership.ID, f.value("code")); err != nil {
			return err
		}
		return v.record(ctx, tx, audit.PartnershipCode, v.partnership.ID)
	})
	if err == nil {
		return s.done(partnerBase(v)+"?tab=links#codes", "code_given"), nil
	}
	if !f.blame(v.lang, err) {
		return nil, err
	}
	data, err := s.readPartner(v, "links")
	data.Code = f
	return s.again("console/partners/detail", v.partnership.Partner.Name, data), err
}

func singleForm() form {
	return form{Fields: []field{{Name: "size", Label: "codes_size", Type: "number", Value: "50", Required: true},
		{Name: "prefix", Label: "codes_prefix", Hint: "codes_prefix"}, {Name: "label", Label: "codes_label"}}}
}

// makeCodes makes single-use codes for a partner.
func (s *site) makeCodes(v *visit) (answer, error) {
	f := singleForm()
	f.read(v.PostForm)
	err := v.write(func(ctx context.Context, tx *db.Tx) error {
		size, err := strconv.ParseInt(f.value("size"), 10, 32)
		if err != nil {
			return problem.Invalid("size", "%q is not a number of codes", f.value("size"))
		}
		b, err := creative.CreateBatch(ctx, tx, creative.Batch{Program: v.program.ID, Partnership: v.partnership.ID, Size: size, Prefix: f.value("prefix"),
			Label: f.value("label"), Author: v.person.ID})
		if err != nil {
			return err
		}
		return audit.BatchOfCodes(ctx, tx, v.by(), b)
	})
	if err == nil {
		return s.done(partnerBase(v)+"?tab=links#batches", "codes_made"), nil
	}
	if !f.blame(v.lang, err) {
		return nil, err
	}
	data, err := s.readPartner(v, "links")
	data.Single = f
	return s.again("console/partners/detail", v.partnership.Partner.Name, data), err
}

// batchOfCodes is a batch as a file: each code with the order that used it.
func (s *site) batchOfCodes(v *visit) (answer, error) {
	list, err := creative.CodesIn(v.Context(), v.read(), v.codeBatch)
	if err != nil {
		return nil, err
	}
	file := sheet{head: []string{"code", "used_at"}}
	if v.isConsole() {
		file.head = append(file.head, "order")
	}
	for _, c := range list {
		row := []string{c.Code, ""}
		if c.Order != "" {
			row[1] = c.Used.In(v.zone).Format(time.RFC3339)
		}
		if v.isConsole() {
			row = append(row, c.Order)
		}
		file.rows = append(file.rows, row)
	}
	return file.file(v.codeBatch.ID + ".csv")
}

// codeBatchTable are the batches of a partner.
func (v *visit) codeBatchTable(base string) table[creative.BatchUse] {
	may := !v.isConsole() || v.actor.May(auth.WriteLinks) == nil
	return table[creative.BatchUse]{Name: "batches", Empty: emptiness{Icon: "coin", Title: v.text("promo.no_batches"), Text: v.text("promo.no_batches_text")},
		Columns: []column[creative.BatchUse]{
			{Name: "made", Head: "promo.made", Cell: func(v *visit, b creative.BatchUse) cell {
				c := v.dateCell(b.Created)
				c.Note = b.Label
				return c
			}},
			{Name: "used", Head: "promo.used", Number: true, Cell: func(v *visit, b creative.BatchUse) cell {
				return textCell(v.text("promo.used_of", "used", v.lang.Number(b.Used), "all", v.lang.Number(b.Size)), "")
			}},
			{Name: "file", Head: "promo.file", Cell: func(_ *visit, b creative.BatchUse) cell {
				if !may {
					return none
				}
				return textCell("CSV", base+"/batches/"+b.ID+"/codes.csv")
			}},
		}}
}
