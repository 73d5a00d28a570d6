package trial

import (
	"slices"
	"testing"

	"github.com/tributary-hq/tributary/internal/db"
	"github.com/tributary-hq/tributary/internal/db/dbtest"
)

// settings are the tables with what a program is and has agreed: a twin has few of them, and forgetting leaves them alone.
var settings = []string{"assignment", "audit", "call", "call_rule", "cap", "code_batch", "code_policy", "code_standing", "creative", "direct_domain", "domain", "domain_rule",
	"invitation", "link", "page_check", "partner_group", "partnership", "partnership_care", "partnership_change", "partnership_note", "partnership_tag", "payout",
	"payout_batch", "policy", "postback", "program_turn", "promo_code", "property_confirmation", "qualifying", "rule", "split", "tag_setting", "task", "terms", "upload"}

// TestForgettingKnowsEveryTable fails for a new table with facts of a program: say here or in facts what it has.
func TestForgettingKnowsEveryTable(t *testing.T) {
	d := dbtest.Open(t, db.SQLite)
	tables, err := db.All(t.Context(), d.Read(), db.Value[string], `select m.name from sqlite_master m where m.type = 'table'
		and exists (select 1 from pragma_table_info(m.name) c where c.name = 'program') order by m.name`)
	if err != nil || len(tables) < 40 {
		t.Fatal(tables, err)
	}
	for _, table := range tables {
		if slices.Contains(facts, table) == slices.Contains(settings, table) {
			t.Errorf("%s is neither forgotten nor left alone, or both", table)
		}
	}
}
