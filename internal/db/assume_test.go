package db_test

import (
	"context"
	"strings"
	"testing"

	"github.com/tributary-hq/tributary/internal/db"
	"github.com/tributary-hq/tributary/internal/db/dbtest"
)

// TestPlans holds the queries of the line to the index that stays fast in a large program, on an empty database of SQLite
// and with long lists.
func TestPlans(t *testing.T) {
	d := dbtest.Open(t, db.SQLite)
	for _, n := range []int{1, 16, 512} {
		list := "(" + strings.TrimSuffix(strings.Repeat("'x',", n), ",") + ")"
		for _, c := range []struct{ query, index string }{
			{"select * from touch where program = 'p' and who in " + list + " and at + 0 between 5 and 9", "touch_who (who=? AND program=?"},
			{"select * from touch where program = 'p' and at >= 5 and at <= 9 order by at", "touch_at (program=? AND at>? AND at<?"},
			{"select * from conversion where program = 'p' and who in " + list + " and at + 0 >= 5", "conversion_who (who=? AND program=?"},
			{"select * from refund where program = 'p' and order_id in " + list + " order by at, id", "(order_id=?"},
			{"select * from identity where program = 'p' and person in " + list, "identity_person (person=? AND program=?"},
			{"select * from identity where program = 'p' and key in " + list, "(key=? AND program=?"},
			{"select * from terms where partnership in " + list + " order by partnership, since, turn", "terms_of (partnership=?"},
			{"select * from commission where program = 'p' and matured = 0 and matures <= 7 order by matures, id limit 500", "commission_due (matures<?"},
			{"select * from commission where program = 'p' and partnership = 'x' and matured > 0 and amount <> settled", "commission_open (program=? AND partnership=?"},
			{"select id from conversion where order_id = 'x' and program = 'p'", "(order_id=? AND program=?"},
			{"select id from conversion where click = 'x' and click <> '' and program = 'p'", "conversion_click (click=?"},
			{"select id from conversion where who = 'x' and program = 'p'", "conversion_who (who=? AND program=?"},
			{"select id from conversion where email = 'x' and email <> '' and program = 'p'", "conversion_email (email=?"},
			{"select c.id from conversion c where c.id in " + list + " and c.event = 'sale' order by c.id desc limit 51", "(id=?"},
			{"select c.id from conversion c where c.program = 'p' and c.event = 'sale' and c.at >= 5 and c.id < 'x' order by c.id desc limit 51", "conversion_program (program=? AND id<?"},
			{"select m.conversion from commission m join conversion c on c.id = m.conversion where m.program = 'p' and m.state = 'held' and not exists (" +
				"select 1 from commission n where n.conversion = m.conversion and n.partnership < m.partnership and n.state = m.state) and m.conversion < 'x' " +
				"order by m.conversion desc limit 51", "commission_state (program=? AND state=? AND conversion<?"},
			{"select m.conversion from commission m join conversion c on c.id = m.conversion where m.program = 'p' and m.partnership = 'x' " +
				"order by m.conversion desc limit 51", "commission_of (partnership=?"},
			{"select d.conversion from derivation d join conversion c on c.id = d.conversion where d.program = 'p' and d.reason <> '' and c.event = 'lead' " +
				"order by d.conversion desc limit 51", "derivation_nobody (program=?"},
		} {
			plan, err := db.All(context.Background(), d.Read(), func(row db.Row) (string, error) {
				var id, parent, unused int
				var detail string
				err := row.Scan(&id, &parent, &unused, &detail)
				return detail, err
			}, "explain query plan "+c.query)
			if err != nil {
				t.Fatal(err)
			}
			if got := strings.Join(plan, "; "); !strings.Contains(got, c.index) {
				t.Errorf("%.100s… is planned as %q, not over %s", c.query, got, c.index)
			}
		}
	}
}
