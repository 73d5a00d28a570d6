package health

import (
	"slices"
	"time"

	"github.com/tributary-hq/tributary/internal/db"
)

// sale is a conversion of late.
type sale struct {
	source       string
	at, received time.Time
	click, code  string
}

// sales reads those of late, and which of their codes are somebody's.
func (l *look) sales() (err error) {
	l.sold, err = db.All(l.ctx, l.r, func(row db.Row) (s sale, err error) {
		var at, received int64
		err = row.Scan(&s.source, &at, &received, &s.click, &s.code)
		s.at, s.received = time.UnixMilli(at).UTC(), time.UnixMilli(received).UTC()
		return s, err
	}, `/* health.sales */ select source, at, received, click, code from conversion where program = $1 order by id desc limit $2`, l.program, conversionsSeen)
	if err != nil {
		return err
	}
	var codes []string
	for _, s := range l.sold {
		if s.code != "" && !slices.Contains(codes, s.code) {
			codes = append(codes, s.code)
		}
	}
	known := map[string]bool{}
	err = db.Batches(codes, 256, func(codes []string) error {
		var args db.Args
		prog := args.Add(l.program)
		list, err := db.All(l.ctx, l.r, db.Value[string], `/* health.sales */ select code from promo_code where program = `+prog+` and code in `+args.In(codes), args.List()...)
		for _, code := range list {
			known[code] = true
		}
		return err
	})
	for _, s := range l.sold {
		if s.code != "" && !known[s.code] {
			l.strange++
		}
	}
	return err
}

// conversions judges what the shop reported.
func (l *look) conversions() []Finding {
	heard, unclicked := Finding{Name: "conversions", State: Idle}, Finding{Name: "unclicked", State: Idle, Of: int64(len(l.sold))}
	clock, codes := Finding{Name: "clock", State: Idle, Of: int64(len(l.sold))}, Finding{Name: "codes", State: Idle, N: l.strange}
	ways := map[string]int{}
	for _, s := range l.sold { // the newest first
		if heard.Last.IsZero() {
			heard.Last = s.received
		}
		i, ok := ways[s.source]
		if !ok {
			i, ways[s.source] = len(heard.Parts), len(heard.Parts)
			heard.Parts = append(heard.Parts, Part{Name: s.source, At: s.received})
		}
		heard.Parts[i].N++
		if s.click == "" {
			unclicked.N++
		}
		if s.at.Sub(s.received) > time.Minute {
			clock.N++
			clock.Last = s.received
		}
		if s.code != "" {
			codes.Of++
		}
	}
	lastClick := time.Time{}
	for _, s := range l.recent {
		if isClick(s) {
			lastClick = s.at
			break
		}
	}
	switch {
	case heard.Last.IsZero() && !lastClick.IsZero():
		heard.State = Watch
	case heard.Last.IsZero():
	case l.now.Sub(heard.Last) > silentAfter && lastClick.Sub(heard.Last) > silentAfter:
		heard.State, heard.Since = Bad, heard.Last // visitors come and nobody buys: it is the report that is missing
	case l.now.Sub(heard.Last) > silentAfter:
		heard.State, heard.Since = Watch, heard.Last
	default:
		heard.State = Fine
	}
	if len(l.sold) > 0 {
		unclicked.State, clock.State = Fine, Fine
		switch {
		case len(l.sold) >= 10 && unclicked.N*10 > unclicked.Of*8:
			unclicked.State = Bad
		case len(l.sold) >= 10 && unclicked.N*10 > unclicked.Of*5:
			unclicked.State = Watch
		}
		if clock.N > 0 {
			clock.State = Watch
		}
	}
	if codes.Of > 0 {
		if codes.State = Fine; codes.N > 0 {
			codes.State = Watch
		}
	}
	return []Finding{heard, unclicked, clock, codes}
}
