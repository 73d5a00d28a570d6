package creative

import (
	"context"
	"strings"
	"time"

	"github.com/tributary-hq/tributary/internal/db"
	"github.com/tributary-hq/tributary/internal/problem"
	"github.com/tributary-hq/tributary/internal/program"
)

// Code is a promo code: a buyer who uses it was sent by the partner, whatever else is known.
type Code struct {
	Program     string
	Code        string // upper case
	Partnership string
	Created     time.Time
	Turn        int64
}

const codeColumns = "program, code, partnership, created, turn"

func scanCode(row db.Row) (Code, error) {
	var c Code
	var created int64
	err := row.Scan(&c.Program, &c.Code, &c.Partnership, &created, &c.Turn)
	c.Created = time.UnixMilli(created).UTC()
	return c, err
}

// Plain is a promo code as it is kept and compared: trimmed, in capitals.
func Plain(code string) string { return strings.ToUpper(strings.TrimSpace(code)) }

// CreateCode gives a promo code of the program to a partnership. It derives nothing again: that is the caller's to do.
func CreateCode(ctx context.Context, tx *db.Tx, prog, partnership, code string) (Code, error) {
	c := Code{Program: prog, Code: Plain(code), Partnership: partnership, Created: tx.Now}
	if !isCode(c.Code) {
		return Code{}, problem.Invalid("code", "%q is not a code of 2 to 64 letters, digits, hyphens and underscores", clip(code))
	}
	turns, err := program.Turn(ctx, tx, prog)
	if err != nil {
		return Code{}, err
	}
	c.Turn = turns[prog]
	n, err := db.Exec(ctx, tx, `/* creative.CreateCode */ insert into promo_code (`+codeColumns+`)
		values ($1, $2, $3, $4, $5) on conflict (program, code) do nothing`, c.Program, c.Code, c.Partnership, c.Created.UnixMilli(), c.Turn)
	if err == nil && n == 0 {
		return Code{}, problem.Wrong("code", "code_taken", "the code %q is taken", c.Code)
	}
	return c, err
}

// Codes are the promo codes of a partnership, oldest first.
func Codes(ctx context.Context, r db.Reader, partnership string) ([]Code, error) {
	return db.All(ctx, r, scanCode, `/* creative.Codes */ select `+codeColumns+` from promo_code
		where partnership = $1 order by created, code`, partnership)
}

// CodesNamed are the codes of a program, those that exist, by code as Plain writes it; the input may be written otherwise.
func CodesNamed(ctx context.Context, r db.Reader, prog string, codes []string) (map[string]Code, error) {
	plain := make([]string, len(codes))
	for i, code := range codes {
		plain[i] = Plain(code)
	}
	found := make(map[string]Code, len(codes))
	err := db.Batches(plain, 500, func(codes []string) error {
		var args db.Args
		list, err := db.All(ctx, r, scanCode, `/* creative.CodesNamed */ select `+codeColumns+` from promo_code
			where program = `+args.Add(prog)+` and code in `+args.In(codes), args.List()...)
		for _, c := range list {
			found[c.Code] = c
		}
		return err
	})
	return found, err
}
