package db

import (
	"context"
	"fmt"
	"strings"
)

// assume tells SQLite's planner what the tables will look like when they are large. A new database has no statistics, and
// without them the planner takes "all of the program's" for about as few rows as "all of the person's" and walks the wrong
// index. The figures are orders of magnitude; PostgreSQL measures for itself.
func (t *Tx) assume(ctx context.Context) error {
	if t.engine() == Postgres {
		return nil
	}
	if err := t.script(ctx, "analyze sqlite_schema;\ndelete from sqlite_stat1;\n"); err != nil { // the first makes the table
		return err
	}
	indexes, err := All(ctx, t, func(row Row) ([4]string, error) {
		var i [4]string
		err := row.Scan(&i[0], &i[1], &i[2], &i[3])
		return i, err
	}, `/* db.assume */ select m.name, l.name, cast(l."unique" as text), group_concat(i.name, ',') from sqlite_master m, pragma_index_list(m.name) l, pragma_index_info(l.name) i
		where m.type = 'table' and m.name not like 'sqlite_%' group by m.name, l.name, l."unique" order by m.name, l.name`)
	if err != nil {
		return err
	}
	for _, i := range indexes {
		if _, err := Exec(ctx, t, `/* db.assume */ insert into sqlite_stat1 (tbl, idx, stat) values ($1, $2, $3)`,
			i[0], i[1], assumption(strings.Split(i[3], ","), i[2] == "1")); err != nil {
			return err
		}
	}
	return t.script(ctx, "analyze sqlite_schema;\n") // and this reads it
}

// broad are the columns that many rows share.
var broad = map[string]bool{"program": true, "brand": true, "kind": true, "state": true, "event": true, "mark": true, "noun": true}

// assumption is the statistics of one index: rows in all, then how many share the first column, the first two, and so on.
func assumption(columns []string, unique bool) string {
	rows := 1_000_000
	stat := []string{fmt.Sprint(rows)}
	for i, column := range columns {
		switch {
		case unique && i == len(columns)-1:
			rows = 1
		case broad[column]:
			rows = max(1, rows/2)
		default:
			rows = min(rows, 10)
		}
		stat = append(stat, fmt.Sprint(rows))
	}
	return strings.Join(stat, " ")
}
