package creative

import (
	"context"
	"errors"
	"strings"
	"time"
	"unicode"

	"golang.org/x/text/unicode/norm"

	"github.com/tributary-hq/tributary/internal/db"
	"github.com/tributary-hq/tributary/internal/problem"
	"github.com/tributary-hq/tributary/internal/program"
)

// Code is a promo code: a buyer who uses it was sent by the partner, whatever else is known.
type Code struct {
	Program     string
	Code        string // as Plain writes it
	Partnership string // whose it is now; see Standing for whose it was
	Given       string // whose it was at first
	Batch       string // of single-use codes; empty for a code that anybody may use again and again
	Created     time.Time
	Turn        int64
}

const codeColumns = "program, code, partnership, given, batch, created, turn"

func scanCode(row db.Row) (Code, error) {
	var c Code
	var created int64
	err := row.Scan(&c.Program, &c.Code, &c.Partnership, &c.Given, &c.Batch, &created, &c.Turn)
	c.Created = time.UnixMilli(created).UTC()
	return c, err
}

func (c Code) row() []any {
	return []any{c.Program, c.Code, c.Partnership, c.Given, c.Batch, c.Created.UnixMilli(), c.Turn}
}

// dashes are what keyboards and word processors make of a hyphen.
var dashes = strings.NewReplacer("‐", "-", "‑", "-", "–", "-", "—", "-", "−", "-")

// Plain is a promo code as it is kept and compared: in capitals, without spaces and invisible signs, wide letters as narrow ones
// and every dash a hyphen, for that is how buyers type and paste them.
func Plain(code string) string {
	plain := true
	for i := 0; i < len(code) && plain; i++ {
		plain = code[i] > ' ' && code[i] < 0x7f
	}
	if !plain {
		code = strings.Map(func(r rune) rune {
			if unicode.IsSpace(r) || unicode.Is(unicode.Cf, r) {
				return -1
			}
			return r
		}, dashes.Replace(norm.NFKC.String(code)))
	}
	return strings.ToUpper(code)
}

// CreateCode gives a promo code of the program to a partnership. It derives nothing again: that is the caller's to do.
func CreateCode(ctx context.Context, tx *db.Tx, prog, partnership, code string) (Code, error) {
	c := Code{Program: prog, Code: Plain(code), Partnership: partnership, Given: partnership, Created: tx.Now}
	if !isCode(c.Code) {
		return Code{}, problem.Invalid("code", "%q is not a code of 2 to 64 letters, digits, hyphens and underscores", clip(code))
	}
	turns, err := program.Turn(ctx, tx, prog)
	if err != nil {
		return Code{}, err
	}
	c.Turn = turns[prog]
	n, err := db.Insert(ctx, tx, `/* creative.CreateCode */ insert into promo_code (`+codeColumns+`)`, [][]any{c.row()},
		`on conflict (program, code) do nothing`)
	if err == nil && n == 0 {
		return Code{}, problem.Wrong("code", "code_taken", "the code %q is taken", c.Code)
	}
	return c, err
}

// Codes are the promo codes that a partnership has now, oldest first, but for those of batches.
func Codes(ctx context.Context, r db.Reader, partnership string) ([]Code, error) {
	return db.All(ctx, r, scanCode, `/* creative.Codes */ select `+codeColumns+` from promo_code
		where partnership = $1 and batch = '' order by created, code`, partnership)
}

// CodesOf are the codes of a program that anybody may use again and again, by code.
func CodesOf(ctx context.Context, r db.Reader, prog string) ([]Code, error) {
	return db.All(ctx, r, scanCode, `/* creative.CodesOf */ select `+codeColumns+` from promo_code
		where program = $1 and batch = '' order by code`, prog)
}

// GetCode is a code of a program; the input may be written otherwise.
func GetCode(ctx context.Context, r db.Reader, prog, code string) (Code, error) {
	c, err := db.One(ctx, r, scanCode, `/* creative.GetCode */ select `+codeColumns+` from promo_code where program = $1 and code = $2`, prog, Plain(code))
	if errors.Is(err, db.ErrNone) {
		return c, problem.NotFound("code", code)
	}
	return c, err
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
