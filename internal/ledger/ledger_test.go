package ledger_test

import (
	"context"
	"testing"

	"github.com/tributary-hq/tributary/internal/db"
	"github.com/tributary-hq/tributary/internal/db/dbtest"
	"github.com/tributary-hq/tributary/internal/ledger"
	"github.com/tributary-hq/tributary/internal/money"
)

func TestPostingTwiceIsPostingOnce(t *testing.T) {
	dbtest.Run(t, func(t *testing.T, d *db.DB) {
		ctx := context.Background()
		post := func(seq, change int64) {
			t.Helper()
			e, ok := ledger.Move("com_1", seq, "prg_1", ledger.Cost("prg_1"), ledger.Pending("prg_1", "pts_1"), money.Of(change, "EUR"))
			if !ok {
				t.Fatal("no entry")
			}
			if err := d.Write(ctx, func(tx *db.Tx) error { return ledger.Post(ctx, tx, e) }); err != nil {
				t.Fatal(err)
			}
		}
		post(1, 500)
		post(1, 500)
		post(2, -120)
		balances, err := ledger.Of(ctx, d.Read(), "EUR", ledger.Cost("prg_1"), ledger.Pending("prg_1", "pts_1"))
		if err != nil {
			t.Fatal(err)
		}
		if got := balances[ledger.Pending("prg_1", "pts_1")]; got != 380 {
			t.Errorf("pending is %d, want 380", got)
		}
		if got := balances[ledger.Cost("prg_1")]; got != -380 {
			t.Errorf("cost is %d, want -380", got)
		}
	})
}

func TestAuditSeesWhatDoesNotHold(t *testing.T) {
	for _, engine := range []db.Engine{db.SQLite, db.Postgres} {
		t.Run(string(engine), func(t *testing.T) {
			ctx := context.Background()
			d := dbtest.Reopen(t, dbtest.Target(t, engine))
			defer d.Close()
			e, _ := ledger.Move("com_1", 1, "prg_1", ledger.Cost("prg_1"), ledger.Pending("prg_1", "pts_1"), money.Of(500, "EUR"))
			err := d.Write(ctx, func(tx *db.Tx) error {
				if err := ledger.Post(ctx, tx, e); err != nil {
					return err
				}
				_, err := db.Exec(ctx, tx, "update account set balance = balance + 1 where name = $1", string(ledger.Cost("prg_1")))
				return err
			})
			if err != nil {
				t.Fatal(err)
			}
			faults, err := ledger.Audit(ctx, d.Read())
			if err != nil || len(faults) != 2 {
				t.Errorf("audit found %q, %v; want the account and the currency", faults, err)
			}
		})
	}
}
