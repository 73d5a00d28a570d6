// Package creative is what a partner hands out: links and promo codes, each of one partnership. It follows nobody and
// counts nothing: who came by a link is for others to keep.
package creative

import (
	"context"
	"crypto/rand"
	"encoding/binary"
	"errors"
	"net/url"
	"strings"
	"time"

	"github.com/tributary-hq/tributary/internal/db"
	"github.com/tributary-hq/tributary/internal/event"
	"github.com/tributary-hq/tributary/internal/id"
	"github.com/tributary-hq/tributary/internal/problem"
	"github.com/tributary-hq/tributary/internal/program"
)

// Link leads visitors to a page of the program and says who sent them.
type Link struct {
	ID          string
	Number      int64 // random, positive, 39 bits: stands for the link in click ids
	Program     string
	Partnership string
	Code        string // in the address: /c/{code}
	Target      string // the page it leads to; empty for the program's landing page
	Label       string // the partner's own note
	Created     time.Time
	Ends        time.Time // from here on it leads elsewhere, and its clicks count no more; zero: never
	Afterwards  string    // where to, then; empty: to the program's landing page
}

const linkColumns = "id, number, program, partnership, code, target, label, created, ends, afterwards"

func scanLink(row db.Row) (Link, error) {
	var l Link
	var created, ends int64
	err := row.Scan(&l.ID, &l.Number, &l.Program, &l.Partnership, &l.Code, &l.Target, &l.Label, &created, &ends, &l.Afterwards)
	l.Created, l.Ends = time.UnixMilli(created).UTC(), moment(ends)
	return l, err
}

// pageMax is the longest address that a link may lead to, in bytes.
const pageMax = 2000

// Page reads the address of a page that a link may lead to. Send visitors to what its String says, not to the text as it
// came: browsers read sloppy addresses differently.
func Page(prog *program.Program, address string) (*url.URL, error) {
	u, err := url.Parse(address)
	if err != nil || len(address) > pageMax || !plainHost(u.Host) || !prog.Allows(u) {
		return nil, problem.Wrong("target", "target_not_allowed", "the address is not on a domain of this program: %q", clip(address))
	}
	u.RawQuery = escaped(u.RawQuery) // which a parsed address keeps as it came, as it does no other part
	return u, nil
}

func escaped(query string) string {
	const hex = "0123456789ABCDEF"
	var b strings.Builder
	for i := range len(query) {
		if c := query[i]; c > ' ' && c < 0x7f && c != '"' && c != '<' && c != '>' {
			b.WriteByte(c)
		} else {
			b.Write([]byte{'%', hex[c>>4], hex[c&15]})
		}
	}
	return b.String()
}

// plainHost holds for hosts that every browser reads as we do: no escapes, no letters that turn into others.
func plainHost(host string) bool {
	for i := range len(host) {
		if c := host[i]; !isAlphanumeric(c) && c != '.' && c != '-' && c != ':' {
			return false
		}
	}
	return host != ""
}

func clip(s string) string { return strings.ToValidUTF8(s[:min(len(s), 200)], "") }

func isAlphanumeric(c byte) bool {
	return c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z' || c >= '0' && c <= '9'
}

// IsCode tells whether a text has the form of a link's code.
func IsCode(s string) bool { return isCode(s) }

// isCode holds for [A-Za-z0-9][A-Za-z0-9_-]{1,63}.
func isCode(s string) bool {
	if len(s) < 2 || len(s) > 64 || !isAlphanumeric(s[0]) {
		return false
	}
	for i := range len(s) {
		if c := s[i]; !isAlphanumeric(c) && c != '_' && c != '-' {
			return false
		}
	}
	return true
}

func (l *Link) check(prog *program.Program) error {
	l.Code, l.Target, l.Label = strings.TrimSpace(l.Code), strings.TrimSpace(l.Target), strings.TrimSpace(l.Label)
	if l.Code != "" && !isCode(l.Code) {
		return problem.Invalid("code", "%q is not a code of 2 to 64 letters, digits, hyphens and underscores", clip(l.Code))
	}
	if len(l.Label) > 120 {
		return problem.Invalid("label", "a label has at most 120 characters")
	}
	if l.Target != "" {
		u, err := Page(prog, l.Target)
		if err != nil {
			return err
		}
		l.Target = u.String()
	}
	return l.checkEnd(prog)
}

// CreateLink adds a link of a partnership; without a code it gets a short one.
func CreateLink(ctx context.Context, tx *db.Tx, prog program.Program, l Link) (Link, error) {
	if err := l.check(&prog); err != nil {
		return Link{}, err
	}
	l.ID, l.Program, l.Created = id.New("lnk", tx.Now), prog.ID, tx.Now
	vanity := l.Code != ""
	for range 20 {
		l.Number = newNumber()
		if !vanity {
			l.Code = id.Secret(5)[:7]
		}
		n, err := db.Exec(ctx, tx, `/* creative.CreateLink */ insert into link (`+linkColumns+`, changed)
			values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11) on conflict do nothing`,
			l.ID, l.Number, l.Program, l.Partnership, l.Code, l.Target, l.Label, l.Created.UnixMilli(), milliseconds(l.Ends), l.Afterwards, tx.Now.UnixMilli())
		if err != nil {
			return l, err
		}
		if n == 1 {
			return l, event.Append(ctx, tx, event.New{Kind: event.LinkCreated, Brand: prog.Brand, Program: prog.ID, Subject: l.ID,
				Data: map[string]any{"partnership": l.Partnership, "code": l.Code, "target": l.Target}})
		}
		_, taken, err := byCode(ctx, tx, l.Code)
		if err != nil {
			return Link{}, err
		}
		if vanity && taken {
			return Link{}, problem.Wrong("code", "code_taken", "the code %q is taken", l.Code)
		}
	}
	return Link{}, errors.New("create link: no free number or code in 20 tries")
}

func newNumber() int64 {
	var b [8]byte
	rand.Read(b[3:])
	return max(1, int64(binary.BigEndian.Uint64(b[:])>>1))
}

func byCode(ctx context.Context, r db.Reader, code string) (l Link, ok bool, err error) {
	l, err = db.One(ctx, r, scanLink, `/* creative.byCode */ select `+linkColumns+` from link where code = $1`, code)
	if errors.Is(err, db.ErrNone) {
		return l, false, nil
	}
	return l, err == nil, err
}

// GetLink is the link with the id.
func GetLink(ctx context.Context, r db.Reader, id string) (Link, error) {
	l, err := db.One(ctx, r, scanLink, `/* creative.GetLink */ select `+linkColumns+` from link where id = $1`, id)
	if errors.Is(err, db.ErrNone) {
		return l, problem.NotFound("link", id)
	}
	return l, err
}

// Links are those of a partnership after an id, oldest first.
func Links(ctx context.Context, r db.Reader, partnership, after string, limit int) ([]Link, error) {
	return db.All(ctx, r, scanLink, `/* creative.Links */ select `+linkColumns+` from link
		where partnership = $1 and id > $2 order by id limit $3`, partnership, after, limit)
}

// LinksNamed are the links with the ids, those that exist, by id.
func LinksNamed(ctx context.Context, r db.Reader, ids []string) (map[string]Link, error) {
	found := make(map[string]Link, len(ids))
	err := db.Batches(ids, 500, func(ids []string) error {
		var args db.Args
		list, err := db.All(ctx, r, scanLink, `/* creative.LinksNamed */ select `+linkColumns+` from link where id in `+args.In(ids), args.List()...)
		for _, l := range list {
			found[l.ID] = l
		}
		return err
	})
	return found, err
}

// ByNumber are the links with the numbers that click ids carry, those that exist, by number.
func ByNumber(ctx context.Context, r db.Reader, numbers []int64) (map[int64]Link, error) {
	found := make(map[int64]Link, len(numbers))
	err := db.Batches(numbers, 256, func(numbers []int64) error {
		var args db.Args
		list, err := db.All(ctx, r, scanLink, `/* creative.ByNumber */ select `+linkColumns+` from link where number in `+anyOf(&args, numbers), args.List()...)
		for _, l := range list {
			found[l.Number] = l
		}
		return err
	})
	return found, err
}

// anyOf is args.In for numbers.
func anyOf(args *db.Args, numbers []int64) string {
	size := 1
	for size < len(numbers) {
		size *= 2
	}
	list := make([]string, size)
	for i := range list {
		list[i] = args.Add(numbers[min(i, len(numbers)-1)])
	}
	return "(" + strings.Join(list, ",") + ")"
}
