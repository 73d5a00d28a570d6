package demo

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"time"

	"github.com/tributary-hq/tributary/internal/db"
	"github.com/tributary-hq/tributary/internal/program"
)

// Story is what the demonstration must remember to be served again. It is kept in the database, written last.
type Story struct {
	Base    string    `json:"base"` // the address that its links lead to
	Seed    uint64    `json:"seed"`
	End     time.Time `json:"end"`     // the last moment that it tells of
	Program string    `json:"program"` // id
	Token   string    `json:"token"`   // the shop's: a shop keeps its token, and this one lives in here
}

// State is what a database holds.
type State string

// The states of a database.
const (
	Empty      State = "empty"
	Unfinished State = "unfinished" // a fill was begun and did not come to its end
	Ready      State = "ready"
	Foreign    State = "foreign" // something that is no demonstration
)

const marker = "demo"

// Look says what a database holds, and its story when it is ready. It changes nothing, not even the schema.
func Look(ctx context.Context, d *db.DB) (State, *Story, error) {
	r := d.Read()
	if _, err := db.All(ctx, r, db.Value[string], `/* demo.Look */ select name from migration`); err != nil {
		return Empty, nil, errors.Join(ctx.Err(), d.Ping(ctx)) // it answers, but has none of our tables
	}
	text, err := db.One(ctx, r, db.Value[string], `/* demo.Look */ select value from setting where name = $1`, marker)
	switch {
	case err == nil && text == "":
		return Unfinished, nil, nil
	case err == nil:
		s := &Story{}
		if err := json.Unmarshal([]byte(text), s); err != nil {
			return "", nil, fmt.Errorf("read the story: %w", err)
		}
		return Ready, s, nil
	case !errors.Is(err, db.ErrNone):
		return "", nil, err
	}
	brands, err := program.Brands(ctx, r)
	if err != nil {
		return "", nil, err
	}
	if len(brands) > 0 {
		return Foreign, nil, nil
	}
	return Empty, nil, nil
}

// begin marks the database before anything else is written; keep writes the story when all has been.
func begin(ctx context.Context, d *db.DB) error { return mark(ctx, d, "") }

func (s *Story) keep(ctx context.Context, d *db.DB) error {
	text, err := json.Marshal(s)
	if err != nil {
		return err
	}
	return mark(ctx, d, string(text))
}

func mark(ctx context.Context, d *db.DB, text string) error {
	return d.Write(ctx, func(tx *db.Tx) error {
		_, err := db.Exec(ctx, tx, `/* demo.mark */ insert into setting (name, value) values ($1, $2)
			on conflict (name) do update set value = excluded.value`, marker, text)
		return err
	})
}

// move lets the program and its links lead to another address, where the server was told to listen elsewhere than before.
func (s *Story) move(ctx context.Context, d *db.DB, base string) error {
	if s.Base == base {
		return nil
	}
	was := s.Base
	err := d.Write(ctx, func(tx *db.Tx) error {
		p, err := program.Get(ctx, tx, s.Program)
		if err != nil {
			return err
		}
		if p.Landing, p.Domains, err = grounds(base); err != nil {
			return err
		}
		if _, err := program.Change(ctx, tx, p); err != nil {
			return err
		}
		if _, err := db.Exec(ctx, tx, `/* demo.move */ update creative set target = replace(target, $1, $2) where target like $3`,
			was+"/", base+"/", was+"/%"); err != nil {
			return err
		}
		if _, err := db.Exec(ctx, tx, `/* demo.move */ update postback set template = replace(template, $1, $2) where template like $3`,
			was+"/", base+"/", was+"/%"); err != nil {
			return err
		}
		if _, err := db.Exec(ctx, tx, `/* demo.move */ update rule set target = replace(target, $1, $2), changed = $3 where target like $4`,
			was+"/", base+"/", tx.Now.UnixMilli(), was+"/%"); err != nil {
			return err
		}
		if _, err := db.Exec(ctx, tx, `/* demo.move */ update split set variants = replace(variants, $1, $2), changed = $3`,
			was+"/", base+"/", tx.Now.UnixMilli()); err != nil {
			return err
		}
		if _, err := db.Exec(ctx, tx, `/* demo.move */ update page_check set address = replace(address, $1, $2) where address like $3`,
			was+"/", base+"/", was+"/%"); err != nil {
			return err
		}
		if _, err := db.Exec(ctx, tx, `/* demo.move */ update link set afterwards = replace(afterwards, $1, $2), changed = $3 where afterwards like $4`,
			was+"/", base+"/", tx.Now.UnixMilli(), was+"/%"); err != nil {
			return err
		}
		_, err = db.Exec(ctx, tx, `/* demo.move */ update link set target = replace(target, $1, $2), changed = $3 where target like $4`,
			was+"/", base+"/", tx.Now.UnixMilli(), was+"/%")
		return err
	})
	if err != nil {
		return err
	}
	s.Base = base
	return s.keep(ctx, d)
}
