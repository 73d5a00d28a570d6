package touch

import (
	"context"
	"strconv"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/tributary-hq/tributary/internal/db"
)

// Cut is a part of a program's clicks that count. Empty fields do not narrow it.
type Cut struct {
	Program     string
	Partnership string
	From, To    time.Time // To is not included
	Link        string
	Page        string // the page that the click led to, as PageOf writes it
	Sub         [5]string
	Country     string
	Sent        string // by this rule, cap or split test
}

func (c Cut) where(args *db.Args, kind Kind) string {
	where := ` from touch where program = ` + args.Add(c.Program) + ` and at >= ` + args.Add(c.From.UnixMilli()) + ` and at < ` + args.Add(c.To.UnixMilli()) +
		` and kind = ` + args.Add(string(kind)) + ` and mark = ''`
	if c.Partnership != "" {
		where += ` and partnership = ` + args.Add(c.Partnership)
	}
	if c.Link != "" {
		where += ` and link = ` + args.Add(c.Link)
	}
	for i, sub := range c.Sub {
		if sub != "" {
			where += ` and sub` + strconv.Itoa(i+1) + ` = ` + args.Add(sub)
		}
	}
	if c.Country != "" {
		where += ` and country = ` + args.Add(c.Country)
	}
	if c.Sent != "" {
		where += ` and sent = ` + args.Add(c.Sent)
	}
	if c.Page != "" {
		longer := strconv.Itoa(utf8.RuneCountInString(c.Page) + 1)
		where += ` and (url = ` + args.Add(c.Page) + ` or substr(url, 1, ` + longer + `) in (` + args.Add(c.Page+"?") + `, ` + args.Add(c.Page+"#") + `))`
	}
	return where
}

// Has tells whether a touch is in the cut; its program, its partnership and its time are not looked at.
func (c Cut) Has(t Touch) bool {
	for i, sub := range c.Sub {
		if sub != "" && sub != t.Sub[i] {
			return false
		}
	}
	if c.Country != "" && c.Country != t.Country || c.Sent != "" && c.Sent != t.Sent {
		return false
	}
	return (c.Link == "" || c.Link == t.Link) && (c.Page == "" || c.Page == PageOf(t.URL))
}

// PageOf is the page of an address: what is before its query and its fragment.
func PageOf(address string) string {
	if i := strings.IndexAny(address, "?#"); i >= 0 {
		return address[:i]
	}
	return address
}

// columns are what clicks can be grouped by.
var columns = map[string]string{"link": "link", "page": "url", "country": "country", "variant": "variant", "sub1": "sub1", "sub2": "sub2", "sub3": "sub3", "sub4": "sub4", "sub5": "sub5"}

// Grouped is the clicks of a cut by link, by page, by country, by variant or by a sub-id, sub1 to sub5. Clicks without one have the
// empty name.
func Grouped(ctx context.Context, r db.Reader, c Cut, by string) (map[string]int64, error) {
	return grouped(ctx, r, c, Click, by)
}

// Views is Grouped for what was shown.
func Views(ctx context.Context, r db.Reader, c Cut, by string) (map[string]int64, error) {
	return grouped(ctx, r, c, Impression, by)
}

func grouped(ctx context.Context, r db.Reader, c Cut, kind Kind, by string) (map[string]int64, error) {
	column, ok := columns[by]
	if !ok {
		column = "link"
	}
	var args db.Args
	where := c.where(&args, kind)
	counts, err := db.All(ctx, r, scanCount, `/* touch.Grouped */ select `+column+`, count(*)`+where+` group by `+column, args.List()...)
	named := make(map[string]int64, len(counts))
	for _, count := range counts {
		name := count.Name
		if by == "page" {
			name = PageOf(name)
		}
		named[name] += count.Clicks
	}
	if err != nil || column != "link" || c.Page != "" || c.Sub != [5]string{} {
		return named, err // of touches that are kept no longer, neither pages nor sub-ids are
	}
	return named, addForgotten(ctx, r, c, named)
}

// addForgotten adds to the clicks by link those that are kept no longer.
func addForgotten(ctx context.Context, r db.Reader, c Cut, named map[string]int64) error {
	var args db.Args
	where := ` from touch_total where program = ` + args.Add(c.Program) + ` and at >= ` + args.Add(c.From.UnixMilli()) + ` and at < ` + args.Add(c.To.UnixMilli()) +
		` and kind = 'click' and mark = ''`
	if c.Partnership != "" {
		where += ` and partnership = ` + args.Add(c.Partnership)
	}
	if c.Link != "" {
		where += ` and link = ` + args.Add(c.Link)
	}
	counts, err := db.All(ctx, r, scanCount, `/* touch.Grouped */ select link, cast(sum(touches) as bigint)`+where+` group by link`, args.List()...)
	for _, count := range counts {
		named[count.Name] += count.Clicks
	}
	return err
}
