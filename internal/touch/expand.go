package touch

import (
	"context"
	"fmt"
	"log/slog"
	"time"

	"github.com/tributary-hq/tributary/internal/db"
	"github.com/tributary-hq/tributary/internal/program"
)

// Also is what else is done for touches that have become known, in the transaction in which they do.
type Also func(ctx context.Context, tx *db.Tx, touches []Touch) error

// Expand turns rows of the journal into touches, exactly once on any number of nodes: the transaction that takes the rows
// away is the one that writes their touches. It takes whole rows, oldest first, until they hold most touches, and returns
// how many it took. also gets the touches that were not known before, and the landings, which are written nowhere.
func Expand(ctx context.Context, d *db.DB, most int, also Also) (int, error) {
	var taken int
	err := d.Write(ctx, func(tx *db.Tx) error {
		touches, err := take(ctx, tx, most)
		taken = len(touches)
		if err != nil || taken == 0 {
			return err
		}
		if err := setTurns(ctx, tx, touches); err != nil {
			return err
		}
		var met, landed []Touch
		for _, t := range touches {
			if t.Kind == Landing {
				landed = append(landed, t)
			} else {
				met = append(met, t)
			}
		}
		if met, err = insert(ctx, tx, met); err != nil {
			return err
		}
		moments := make([]program.Moment, len(met))
		for i, t := range met {
			moments[i] = program.Moment{Program: t.Program, At: t.At, Turn: t.Turn}
		}
		if err := program.MarkDays(ctx, tx, program.Clicks, moments); err != nil {
			return err
		}
		if met = append(met, landed...); also == nil || len(met) == 0 {
			return nil
		}
		return also(ctx, tx, met)
	})
	if err != nil {
		return 0, fmt.Errorf("expand the journal: %w", err)
	}
	return taken, nil
}

// take deletes rows of the journal and returns what they hold.
func take(ctx context.Context, tx *db.Tx, most int) ([]Touch, error) {
	bodies, err := db.All(ctx, tx, db.Value[[]byte], `/* touch.take */
		delete from journal where id in (
			select id from (
				select id, cast(sum(touches) over (order by id) as bigint) - touches as before
				from (select id, touches from journal order by id limit 256) oldest) counted
			where before < $1)
		returning body`, most)
	if err != nil {
		return nil, err
	}
	var all []Touch
	for _, body := range bodies {
		touches, err := decode(body)
		if err != nil {
			return nil, err
		}
		all = append(all, touches...)
	}
	return all, nil
}

// setTurns takes the next turn of each program that the touches are of.
func setTurns(ctx context.Context, tx *db.Tx, touches []Touch) error {
	var programs []string
	seen := map[string]bool{}
	for _, t := range touches {
		if !seen[t.Program] {
			seen[t.Program] = true
			programs = append(programs, t.Program)
		}
	}
	turns, err := program.Turn(ctx, tx, programs...)
	for i := range touches {
		touches[i].Turn = turns[touches[i].Program]
	}
	return err
}

// Forward expands the journal about once a second until the context ends, and without a pause while there is a backlog.
// What fails is logged and tried again.
func Forward(ctx context.Context, d *db.DB, log *slog.Logger, also Also) {
	const most, pause = 256, time.Second // so few that a click never waits long for the writer
	for {
		began := time.Now()
		n, err := Expand(ctx, d, most, also)
		wait := pause
		switch {
		case ctx.Err() != nil:
			return
		case err != nil:
			log.Error("forward touches", "error", err)
		case n >= most:
			wait = time.Since(began) // as long for the others' writes
		}
		select {
		case <-ctx.Done():
			return
		case <-time.After(wait):
		}
	}
}
