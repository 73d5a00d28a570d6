package program

import (
	"context"
	"slices"
	"strings"
	"time"

	"github.com/tributary-hq/tributary/internal/db"
	"github.com/tributary-hq/tributary/internal/id"
	"github.com/tributary-hq/tributary/internal/problem"
)

// CodeCredit is what a partner's promo code on an order counts for.
type CodeCredit string

// What a code counts for. A program that has decided nothing shares it like any other touch.
const (
	CodeShares CodeCredit = "shares"  // it is a touch at the moment of the sale, and the settlement model shares
	CodeAlways CodeCredit = "always"  // its partner has the order
	CodeInPath CodeCredit = "in_path" // its partner has the order if something else of theirs counts before it
	CodeWinner CodeCredit = "winner"  // it confirms a partner who has the order without it, and takes from nobody
)

// CodeCredits are all of them.
var CodeCredits = []CodeCredit{CodeShares, CodeAlways, CodeInPath, CodeWinner}

// CodePolicy is what codes count for from a moment on.
type CodePolicy struct {
	ID      string
	Program string
	Since   time.Time
	Turn    int64
	Credit  CodeCredit
	Author  string
}

// DecideCodes adds a code policy from a moment on. It derives nothing again: that is the caller's to do.
func DecideCodes(ctx context.Context, tx *db.Tx, program string, since time.Time, c CodeCredit, author string) (CodePolicy, error) {
	if !slices.Contains(CodeCredits, c) {
		return CodePolicy{}, problem.Invalid("credit", "%q is not what a code can count for; there are %s", c, strings.Join(texts(CodeCredits), ", "))
	}
	turn, err := Amend(ctx, tx, program)
	if err != nil {
		return CodePolicy{}, err
	}
	p := CodePolicy{ID: id.New("cpo", tx.Now), Program: program, Since: since, Turn: turn, Credit: c, Author: author}
	_, err = db.Exec(ctx, tx, `/* program.DecideCodes */
		insert into code_policy (id, program, since, turn, credit, created, author) values ($1, $2, $3, $4, $5, $6, $7)`,
		p.ID, p.Program, p.Since.UnixMilli(), p.Turn, string(p.Credit), tx.Now.UnixMilli(), author)
	return p, err
}

func texts[T ~string](list []T) []string {
	out := make([]string, len(list))
	for i, one := range list {
		out[i] = string(one)
	}
	return out
}

// CodePolicies are those of the programs, in the order in which they come into force.
func CodePolicies(ctx context.Context, r db.Reader, programs []string) (map[string][]CodePolicy, error) {
	var args db.Args
	list, err := db.All(ctx, r, func(row db.Row) (CodePolicy, error) {
		var p CodePolicy
		var since int64
		err := row.Scan(&p.ID, &p.Program, &since, &p.Turn, &p.Credit, &p.Author)
		p.Since = time.UnixMilli(since).UTC()
		return p, err
	}, `/* program.CodePolicies */ select id, program, since, turn, credit, author from code_policy
		where program in `+args.In(programs)+` order by program, since, turn`, args.List()...)
	found := map[string][]CodePolicy{}
	for _, name := range programs {
		found[name] = nil // that there are none is known, too
	}
	for _, p := range list {
		found[p.Program] = append(found[p.Program], p)
	}
	return found, err
}

// CodesAt is what codes count for at a moment, as decided up to the turn.
func CodesAt(policies []CodePolicy, at time.Time, turn int64) CodeCredit {
	for _, p := range slices.Backward(policies) {
		if !p.Since.After(at) && p.Turn <= turn {
			return p.Credit
		}
	}
	return CodeShares
}
