package program

import (
	"context"
	"errors"
	"fmt"
	"math"
	"slices"

	"github.com/tributary-hq/tributary/internal/db"
	"github.com/tributary-hq/tributary/internal/id"
	"github.com/tributary-hq/tributary/internal/problem"
)

// Always is a turn later than every other.
const Always = math.MaxInt64

// Stamp is where a program stands: its turn, and a word that is another one whenever the program, its policies, contracts or
// partnerships have changed. What was read of these under one word holds as long as it is the word.
type Stamp struct {
	Turn   int64
	Agreed string
}

type stampRow struct {
	program string
	Stamp
}

func scanStamp(row db.Row) (stampRow, error) {
	var s stampRow
	err := row.Scan(&s.program, &s.Turn, &s.Agreed)
	return s, err
}

// Turn takes the next turn of each program and holds it until the transaction ends. Whoever adds facts to a program takes
// its turn first, so facts of one program are written one transaction after the other, on any number of nodes, and the
// turns say in which order: a logical clock that no machine's clock can disturb.
func Turn(ctx context.Context, tx *db.Tx, programs ...string) (map[string]int64, error) {
	stamps, err := Stamps(ctx, tx, programs...)
	turns := make(map[string]int64, len(stamps))
	for _, name := range programs {
		if turns[name] = stamps[name].Turn; turns[name] == 0 && err == nil {
			return nil, problem.NotFound("program", name)
		}
	}
	return turns, err
}

// Stamps is Turn for those of the programs that exist.
func Stamps(ctx context.Context, tx *db.Tx, programs ...string) (map[string]Stamp, error) {
	programs = slices.Compact(slices.Sorted(slices.Values(programs)))
	if lock := db.ForUpdate(tx); lock != "" && len(programs) > 1 { // in one order, so that nobody waits in a circle
		var args db.Args
		if _, err := db.All(ctx, tx, db.Value[string], `/* program.Turn */ select program from program_turn where program in `+
			args.In(programs)+` order by program`+lock, args.List()...); err != nil {
			return nil, err
		}
	}
	var args db.Args
	rows, err := db.All(ctx, tx, scanStamp, `/* program.Turn */
		update program_turn set turn = turn + 1 where program in `+args.In(programs)+` returning program, turn, agreed`, args.List()...)
	if err != nil {
		return nil, fmt.Errorf("take turns: %w", err)
	}
	stamps := make(map[string]Stamp, len(rows))
	for _, row := range rows {
		stamps[row.program] = row.Stamp
	}
	return stamps, nil
}

// Amend is Turn for one program of which something is agreed anew: its word becomes another one.
func Amend(ctx context.Context, tx *db.Tx, program string) (int64, error) {
	turn, err := db.One(ctx, tx, db.Value[int64], `/* program.Amend */
		update program_turn set turn = turn + 1, agreed = $1 where program = $2 returning turn`, id.New("agr", tx.Now), program)
	if errors.Is(err, db.ErrNone) {
		return 0, problem.NotFound("program", program)
	}
	return turn, err
}

// Renew gives a program whose turn the transaction holds another word: something that is read under it has changed.
func Renew(ctx context.Context, tx *db.Tx, program string) (agreed string, err error) {
	agreed = id.New("agr", tx.Now)
	_, err = db.Exec(ctx, tx, `/* program.Renew */ update program_turn set agreed = $1 where program = $2`, agreed, program)
	return agreed, err
}
