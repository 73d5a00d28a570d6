package creative

import (
	"context"
	"fmt"

	"github.com/tributary-hq/tributary/internal/db"
)

// fillPage is how many links are read at once.
const fillPage = 10_000

// fill reads every link into parts that nobody reads yet; the next page is read while one is sorted in.
func (s *Snapshot) fill(ctx context.Context) error {
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	pages := make(chan []Link)
	var failed error
	go func() {
		defer close(pages)
		for after := ""; ; {
			links, err := db.All(ctx, s.db.Read(), scanPlace, `/* creative.Load */ select id, number, program, partnership, code, target, ends, afterwards from link
				where id > $1 order by id limit $2`, after, fillPage)
			if err != nil {
				failed = err
				return
			}
			select {
			case pages <- links:
			case <-ctx.Done():
				return
			}
			if len(links) < fillPage {
				return
			}
			after = links[fillPage-1].ID
		}
	}()
	parts := make([]map[string]spot, len(s.parts))
	for i := range parts {
		parts[i] = map[string]spot{}
	}
	programs := *s.programs.Load()
	for links := range pages {
		for _, l := range links {
			in := programs[l.Program]
			if in == nil {
				return fmt.Errorf("link %s is of program %s, which is not there", l.ID, l.Program)
			}
			s.put(parts[s.place(l.Code)], l, in)
		}
	}
	for i := range parts {
		s.parts[i].Store(&parts[i])
	}
	return failed
}

// scanPlace reads of a link what leads somewhere.
func scanPlace(row db.Row) (l Link, err error) {
	var ends int64
	err = row.Scan(&l.ID, &l.Number, &l.Program, &l.Partnership, &l.Code, &l.Target, &ends, &l.Afterwards)
	l.Ends = moment(ends)
	return l, err
}
