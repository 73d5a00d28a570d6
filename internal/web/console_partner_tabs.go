package web

import (
	"slices"

	"github.com/tributary-hq/tributary/internal/chronicle"
	"github.com/tributary-hq/tributary/internal/commission"
	"github.com/tributary-hq/tributary/internal/contract"
	"github.com/tributary-hq/tributary/internal/creative"
	"github.com/tributary-hq/tributary/internal/partner"
	"github.com/tributary-hq/tributary/internal/program"
)

func (s *site) readPerformance(v *visit, data *partnerPage) error {
	span := v.span()
	data.Chips = v.spanChips(span)
	all, err := v.partnershipSeries(span)
	if err != nil {
		return err
	}
	data.Cards, data.Trend = v.figures(all)
	q := question{by: "link"}
	q.cut.Program, q.cut.Partnership, q.cut.From, q.cut.To = v.program.ID, v.partnership.ID, span.From, span.To
	found, err := v.figure(q)
	if err != nil {
		return err
	}
	rows, err := v.rows(q, found)
	for i := range rows {
		rows[i].Inner = "" // the statistics are the partner's page
	}
	shareRows(rows, measuredAs("earnings")) // by which it is sorted
	t := v.statTable(q, found.days)
	t.Name, t.Sorted, t.File, t.Empty = "links", "-earnings", "", emptiness{Icon: "links", Title: v.text("list.nothing"), Text: v.text("partner.no_traffic")}
	data.Tops = t.all(v, rows)
	return err
}

func (s *site) readCommissions(v *visit, data *partnerPage) (err error) {
	base := data.Base + "/conversions/"
	t := table[commission.Commission]{Empty: emptiness{Icon: "coin", Title: v.text("list.nothing"), Text: v.text("partner.no_commissions")},
		Columns: []column[commission.Commission]{
			{Name: "when", Head: "list.when", Cell: func(v *visit, c commission.Commission) cell {
				shown := v.momentCell(c.At)
				shown.Address = base + c.Conversion
				return shown
			}},
			{Name: "state", Head: "list.state", Cell: func(v *visit, c commission.Commission) cell { return v.stateCell("commission", string(c.State)) }},
			{Name: "final_on", Head: "earnings.locks", Number: true, Cell: func(v *visit, c commission.Commission) cell { return v.finalCell(c) }},
			{Name: "amount", Head: "list.commission", Number: true, Cell: func(v *visit, c commission.Commission) cell { return v.moneyCell(c.Amount) }},
		}}
	data.Commissions, err = t.page(v, func(before string, limit int) ([]commission.Commission, error) {
		return commission.List(v.Context(), v.read(), commission.Filter{Partnership: v.partnership.ID, Before: before, Limit: limit})
	}, func(c commission.Commission) string { return c.ID })
	return err
}

func (s *site) readContract(v *visit, data *partnerPage) error {
	versions, err := contract.Versions(v.Context(), v.read(), []string{v.partnership.ID})
	if err != nil {
		return err
	}
	data.Versions = versions[v.partnership.ID]
	data.Now, _ = contract.InForce(data.Versions, v.db.Now(), program.Always)
	slices.Reverse(data.Versions)
	start := data.Offer
	if data.Now.ID != "" {
		start = data.Now.Terms
	}
	data.Terms, data.Changing = termsForm(v, start, true), v.query("agree") != ""
	return nil
}

// Later tells whether a version of the contract comes into force only then.
func (p partnerPage) Later(c contract.Version) bool {
	return p.Now.ID != "" && c.ID != p.Now.ID && c.Since.After(p.Now.Since)
}

func (s *site) readPartnerLinks(v *visit, data *partnerPage) (err error) {
	data.LinkBase, data.Code = s.linkBase(v.program.ID, v.partnership.ID), codeForm()
	if data.Links, err = creative.Links(v.Context(), v.read(), v.partnership.ID, "", 200); err != nil {
		return err
	}
	if data.Codes, err = creative.Codes(v.Context(), v.read(), v.partnership.ID); err != nil {
		return err
	}
	data.Single = singleForm()
	batches, err := creative.Batches(v.Context(), v.read(), v.partnership.ID)
	data.Batches = v.codeBatchTable(consoleBase(v.program)+"/codes").all(v, batches)
	return err
}

func (s *site) readNotes(v *visit, data *partnerPage) error {
	ctx, r, id := v.Context(), v.read(), v.partnership.ID
	data.Note = noteForm("")
	list, err := partner.Notes(ctx, r, id, v.query("before"), perPage+1)
	if err != nil {
		return err
	}
	if len(list) > perPage {
		list = list[:perPage]
		data.Next = v.here("before", list[perPage-1].ID)
	}
	list = slices.DeleteFunc(list, func(n partner.Note) bool { return n.Pinned })
	if v.query("before") == "" {
		pinned, err := partner.Pinned(ctx, r, id)
		if err != nil {
			return err
		}
		list = append(pinned, list...)
	}
	data.Notes = list
	return nil
}

// moment is a fact of the timeline in words.
type moment struct {
	chronicle.Fact
	Title   string
	Address string // empty when there is nowhere to go
}

func (s *site) readTimeline(v *visit, data *partnerPage) error {
	facts, err := chronicle.Of(v.Context(), v.read(), v.partnership, v.query("before"), perPage+1)
	if err != nil {
		return err
	}
	if len(facts) > perPage {
		facts = facts[:perPage]
		data.Next = v.here("before", facts[perPage-1].Cursor())
	}
	for _, f := range facts {
		m := moment{Fact: f}
		switch key := "chronicle." + string(f.Kind); f.Kind {
		case chronicle.Status:
			m.Title = v.text(key + "." + f.Word)
		case chronicle.Payout:
			m.Title = v.text(key+"."+f.Word, "amount", f.Amount)
		case chronicle.Sale:
			m.Title, m.Address = v.text(key, "n", f.N), data.Base+"/conversions/"+f.ID
		default:
			m.Title = v.text(key, "n", f.N, "word", f.Word)
		}
		data.Moments = append(data.Moments, m)
	}
	return nil
}

func (s *site) readProfile(v *visit, data *partnerPage) (err error) {
	ctx, r, p := v.Context(), v.read(), v.partnership.Partner
	data.Answers = inWords(v.program, v.partnership.Answers)
	if data.Properties, err = partner.Properties(ctx, r, p.ID); err != nil {
		return err
	}
	if data.Confirmed, err = partner.Confirmed(ctx, r, p.ID, v.program.ID); err != nil {
		return err
	}
	if data.Contacts, err = partner.Contacts(ctx, r, p.ID); err != nil {
		return err
	}
	return nil
}
