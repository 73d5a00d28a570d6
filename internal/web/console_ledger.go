package web

import (
	"slices"
	"strings"

	"github.com/tributary-hq/tributary/internal/ledger"
	"github.com/tributary-hq/tributary/internal/money"
)

type ledgerPage struct {
	consolePage
	Stages  []stageTotal
	Rows    listing
	Sum     money.Amount // of all balances: nothing
	Entries listing
	Checked *checked
}

// stageTotal is what all accounts of one stage hold.
type stageTotal struct {
	Stage  string // a message below "accounts"
	Amount money.Amount
}

// balanceRow is a partner's balances.
type balanceRow struct {
	Partnership string
	Who         string
	balances
}

// stages are the accounts of a program, in the order in which money goes through them.
var stages = []string{"cost", "pending", "payable", "in_payout", "paid"}

// books is the trial balance of a program and its latest entries.
func (s *site) books(v *visit) (answer, error) {
	ctx, r, c := v.Context(), v.read(), v.program.Currency
	data := ledgerPage{consolePage: v.console(), Sum: money.Of(0, c)}
	all, err := ledger.Balances(ctx, r, v.program.ID)
	if err != nil {
		return nil, err
	}
	var ids []string
	for _, b := range all {
		ids = append(ids, owner(b.Account))
	}
	names, err := v.names(ids)
	if err != nil {
		return nil, err
	}
	readEntries := func(before string, limit int) ([]bookEntry, error) {
		entries, err := ledger.Latest(ctx, r, v.program.ID, before, limit)
		if err != nil {
			return nil, err
		}
		return v.bookEntries(v.postings(entries, names))
	}
	if entryTable.isFile(v) {
		return entryTable.file(v, readEntries, bookEntry.id)
	}
	if data.Entries, err = entryTable.page(v, readEntries, bookEntry.id); err != nil {
		return nil, err
	}
	totals, rows := map[string]int64{}, map[string]*balanceRow{}
	for _, b := range all {
		stage := string(b.Account)[strings.LastIndexByte(string(b.Account), '/')+1:]
		totals[stage] += b.Amount.Minor
		data.Sum.Minor += b.Amount.Minor
		if id := owner(b.Account); id != "" {
			if rows[id] == nil {
				rows[id] = &balanceRow{Partnership: id, Who: names[id].Partner.Name, balances: balances{Currency: c}}
			}
			rows[id].set(stage, b.Amount.Minor)
		}
	}
	for _, stage := range stages {
		data.Stages = append(data.Stages, stageTotal{stage, money.Of(totals[stage], c)})
	}
	var list []balanceRow
	for _, row := range rows {
		list = append(list, *row)
	}
	slices.SortFunc(list, func(a, b balanceRow) int { return strings.Compare(a.Partnership, b.Partnership) })
	table := v.balanceTable()
	if table.isFile(v) {
		return table.fileAll(v, list)
	}
	data.Rows = table.all(v, list)
	if data.Checked, err = v.lastCheck(); err != nil {
		return nil, err
	}
	return s.page("console/ledger", v.text("nav.ledger"), data), nil
}

// of is the balance at a stage.
func (b balances) of(stage string) int64 {
	switch stage {
	case "pending":
		return b.Pending
	case "payable":
		return b.Payable
	case "in_payout":
		return b.InPayout
	}
	return b.Paid
}

func (b *balances) set(stage string, minor int64) {
	switch stage {
	case "pending":
		b.Pending = minor
	case "payable":
		b.Payable = minor
	case "in_payout":
		b.InPayout = minor
	case "paid":
		b.Paid = minor
	}
}

// owner is the partnership of an account, or "".
func owner(a ledger.Account) string {
	if parts := strings.Split(string(a), "/"); parts[0] == "partner" {
		return parts[1]
	}
	return ""
}
