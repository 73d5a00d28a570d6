package touch

import (
	"context"
	"time"

	"github.com/tributary-hq/tributary/internal/db"
)

// Place is a touch's place in the order of time.
type Place struct {
	At time.Time
	ID string
}

// After are touches of a program behind a place and before a moment, oldest first.
func After(ctx context.Context, r db.Reader, program string, p Place, before time.Time, most int) ([]Touch, error) {
	id := `id` + db.CollateC(r)
	return db.All(ctx, r, scanTouch, `/* touch.After */ select `+touchColumns+` from touch
		where program = $1 and at >= $2 and at < $3 and (at > $2 or `+id+` > $4) order by at, `+id+` limit $5`,
		program, p.At.UnixMilli(), before.UnixMilli(), p.ID, most)
}

// Forget deletes touches of one program, and adds them to the totals of their days in the zone. Who counts touches counts
// the totals with them.
func Forget(ctx context.Context, tx *db.Tx, touches []Touch, zone *time.Location) error {
	if len(touches) == 0 {
		return nil
	}
	type total struct {
		at                            int64
		partnership, link, kind, mark string
	}
	totals := map[total]int64{}
	ids := make([]string, len(touches))
	for i, t := range touches {
		ids[i] = t.ID
		year, month, day := t.At.In(zone).Date()
		totals[total{time.Date(year, month, day, 0, 0, 0, 0, zone).UnixMilli(), t.Partnership, t.Link, string(t.Kind), string(t.Mark)}]++
	}
	rows := make([][]any, 0, len(totals))
	for of, n := range totals {
		rows = append(rows, []any{touches[0].Program, of.at, of.partnership, of.link, of.kind, of.mark, n})
	}
	if _, err := db.Insert(ctx, tx, `/* touch.Forget */ insert into touch_total (program, at, partnership, link, kind, mark, touches)`, rows,
		`on conflict (program, at, partnership, link, kind, mark) do update set touches = touch_total.touches + excluded.touches`); err != nil {
		return err
	}
	return db.Batches(ids, 512, func(ids []string) error {
		var args db.Args
		_, err := db.Exec(ctx, tx, `/* touch.Forget */ delete from touch where id in `+args.In(ids), args.List()...)
		return err
	})
}

// Plainly takes from touches their networks, and leaves of their browsers' own words the browser and the system.
func Plainly(ctx context.Context, tx *db.Tx, touches []Touch) error {
	byAgent := map[string][]string{}
	for _, t := range touches {
		if plain := PlainAgent(t.Agent); t.Address != "" || t.Agent != plain {
			byAgent[plain] = append(byAgent[plain], t.ID)
		}
	}
	for agent, ids := range byAgent {
		err := db.Batches(ids, 512, func(ids []string) error {
			var args db.Args
			_, err := db.Exec(ctx, tx, `/* touch.Plainly */ update touch set address = '', agent = `+args.Add(agent)+` where id in `+args.In(ids), args.List()...)
			return err
		})
		if err != nil {
			return err
		}
	}
	return nil
}

// Forgotten is how many touches of a program are kept no longer, and the last of their days; zero when there are none.
func Forgotten(ctx context.Context, r db.Reader, program string) (touches int64, last time.Time, err error) {
	type row struct{ touches, last int64 }
	all, err := db.One(ctx, r, func(in db.Row) (row, error) {
		var all row
		err := in.Scan(&all.touches, &all.last)
		return all, err
	}, `/* touch.Forgotten */ select cast(coalesce(sum(touches), 0) as bigint), coalesce(max(at), 0) from touch_total where program = $1`, program)
	if err == nil && all.touches > 0 {
		last = time.UnixMilli(all.last).UTC()
	}
	return all.touches, last, err
}
