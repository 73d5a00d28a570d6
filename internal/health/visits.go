package health

import (
	"time"

	"github.com/tributary-hq/tributary/internal/db"
	"github.com/tributary-hq/tributary/internal/touch"
)

// seen is a touch of late.
type seen struct {
	id   string
	kind touch.Kind
	mark touch.Mark
	at   time.Time
}

// touches reads those of late, and which of the clicks were seen to land.
func (l *look) touches() (err error) {
	l.recent, err = db.All(l.ctx, l.r, func(row db.Row) (s seen, err error) {
		var at int64
		err = row.Scan(&s.id, &s.kind, &s.mark, &at)
		s.at = time.UnixMilli(at).UTC()
		return s, err
	}, `/* health.touches */ select id, kind, mark, at from touch where program = $1 order by at desc limit $2`, l.program, touchesSeen)
	if err != nil {
		return err
	}
	var clicks []string
	for _, s := range l.recent {
		if isClick(s) && len(clicks) < clicksSeen {
			clicks = append(clicks, touch.WhoClick(s.id))
		}
	}
	type joined struct {
		click string
		at    time.Time
	}
	l.landed = map[string]time.Time{}
	return db.Batches(clicks, 256, func(clicks []string) error {
		var args db.Args
		prog := args.Add(l.program)
		list, err := db.All(l.ctx, l.r, func(row db.Row) (j joined, err error) {
			var at int64
			err = row.Scan(&j.click, &at)
			j.at = time.UnixMilli(at).UTC()
			return j, err
		}, `/* health.touches */ select a, max(at) from identity_link where program = `+prog+` and a in `+args.In(clicks)+` and b like 'v:%' group by a`, args.List()...)
		for _, j := range list {
			l.landed[j.click] = j.at
		}
		return err
	})
}

// clicksAndTag judges what came by links, and what the tag saw of it.
func (l *look) clicksAndTag() []Finding {
	clicks, tag, unseen := Finding{Name: "clicks", State: Idle}, Finding{Name: "tag", State: Idle}, Finding{Name: "unseen", State: Idle}
	sampled := 0
	for _, s := range l.recent { // the newest first
		if s.kind == touch.Direct && s.at.After(tag.Last) {
			tag.Last = s.at
		}
		if !isClick(s) {
			continue
		}
		if clicks.Last.IsZero() {
			clicks.Last = s.at
		}
		if sampled++; sampled > clicksSeen {
			continue
		}
		landed, ok := l.landed[touch.WhoClick(s.id)]
		if landed.After(tag.Last) {
			tag.Last = landed
		}
		if l.now.Sub(s.at) < landsWithin {
			continue
		}
		unseen.Of++
		if !ok {
			unseen.N++
			unseen.Last = s.at
		}
	}
	if !clicks.Last.IsZero() {
		if clicks.State = Fine; l.now.Sub(clicks.Last) > silentAfter {
			clicks.State, clicks.Since = Watch, clicks.Last
		}
	}
	switch {
	case tag.Last.IsZero() && !clicks.Last.IsZero():
		tag.State = Watch // orders may come from a server, which needs no tag
	case tag.Last.IsZero():
	case !clicks.Last.IsZero() && clicks.Last.Sub(tag.Last) > tagSilentAfter:
		tag.State, tag.Since = Bad, tag.Last
	default:
		tag.State = Fine
	}
	if !tag.Last.IsZero() && unseen.Of >= 20 {
		switch {
		case unseen.N*10 > unseen.Of*8:
			unseen.State = Bad
		case unseen.N*10 > unseen.Of*4:
			unseen.State = Watch
		default:
			unseen.State = Fine
		}
	}
	return []Finding{clicks, tag, unseen}
}
