package trial

import (
	"context"

	"github.com/tributary-hq/tributary/internal/db"
	"github.com/tributary-hq/tributary/internal/program"
)

// facts are the tables with what has been tried, what leans on another before it. The twin stays, with its settings, its
// partner and the link: what is written down somewhere goes on working.
var facts = []string{"decision", "derivation", "commission", "conversion_field", "conversion_key", "conversion_code", "code_use", "customer_binding", "order_report", "order_edit", "refund", "verdict", "conversion", "judgement",
	"identity", "identity_link", "identity_split", "identity_side", "touch", "touch_total", "touch_loss", "entry", "event", "program_day", "refusal", "retention"}

// Forget deletes all that was tried with a program. It is the one place where entries of the books are deleted: those of tests
// balance among themselves, so what is left balances too.
func Forget(ctx context.Context, tx *db.Tx, prog string) (sales int, err error) {
	twin := program.TestID(prog)
	if _, err := program.Amend(ctx, tx, twin); err != nil {
		return 0, err
	}
	if _, err := db.Exec(ctx, tx, `/* trial.Forget */ delete from account where name in (select source from entry where program = $1 union select target from entry where program = $1)`,
		twin); err != nil {
		return 0, err
	}
	for _, table := range facts {
		n, err := db.Exec(ctx, tx, `/* trial.Forget */ delete from `+table+` where program = $1`, twin)
		if err != nil {
			return 0, err
		}
		if table == "conversion" {
			sales = int(n)
		}
	}
	return sales, nil
}
