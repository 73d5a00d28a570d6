package program

import (
	"context"
	"fmt"
	"math"
	"slices"

	"github.com/tributary-hq/tributary/internal/db"
	"github.com/tributary-hq/tributary/internal/problem"
)

// Always is a turn later than every other.
const Always = math.MaxInt64

type turnRow struct {
	program string
	turn    int64
}

func scanTurn(row db.Row) (turnRow, error) {
	var t turnRow
	err := row.Scan(&t.program, &t.turn)
	return t, err
}

// Turn takes the next turn of each program and holds it until the transaction ends. Whoever adds facts to a program takes
// its turn first, so facts of one program are written one transaction after the other, on any number of nodes, and the
// turns say in which order: a logical clock that no machine's clock can disturb.
func Turn(ctx context.Context, tx *db.Tx, programs ...string) (map[string]int64, error) {
	programs = slices.Compact(slices.Sorted(slices.Values(programs)))
	if lock := db.ForUpdate(tx); lock != "" && len(programs) > 1 { // in one order, so that nobody waits in a circle
		var args db.Args
		if _, err := db.All(ctx, tx, db.Value[string], `/* program.Turn */ select program from program_turn where program in `+
			args.In(programs)+` order by program`+lock, args.List()...); err != nil {
			return nil, err
		}
	}
	var args db.Args
	rows, err := db.All(ctx, tx, scanTurn, `/* program.Turn */
		update program_turn set turn = turn + 1 where program in `+args.In(programs)+` returning program, turn`, args.List()...)
	if err != nil {
		return nil, fmt.Errorf("take turns: %w", err)
	}
	turns := make(map[string]int64, len(rows))
	for _, row := range rows {
		turns[row.program] = row.turn
	}
	for _, name := range programs {
		if turns[name] == 0 {
			return nil, problem.NotFound("program", name)
		}
	}
	return turns, nil
}
