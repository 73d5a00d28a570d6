package web

import (
	"context"
	"time"

	"github.com/tributary-hq/tributary/internal/audit"
	"github.com/tributary-hq/tributary/internal/creative"
	"github.com/tributary-hq/tributary/internal/db"
	"github.com/tributary-hq/tributary/internal/problem"
	"github.com/tributary-hq/tributary/internal/steer"
)

// endForm asks until when a link leads to its page: its last day, and where to afterwards.
func endForm(v *visit, l creative.Link) form {
	last := ""
	if !l.Ends.IsZero() {
		last = dayOf(v, l.Ends.Add(-time.Second))
	}
	return form{Fields: []field{{Name: "ends", Label: "link_ends", Type: "date", Value: last, Hint: "link_ends"},
		{Name: "afterwards", Label: "link_afterwards", Type: "url", Value: l.Afterwards, Hint: "link_afterwards"}}}
}

// endLink writes anew until when a link leads to its page.
func (s *site) endLink(v *visit) (answer, error) {
	f := endForm(v, v.link)
	f.read(v.PostForm)
	var ends time.Time
	var err error
	if text := f.value("ends"); text != "" {
		if ends, err = time.ParseInLocation(time.DateOnly, text, v.zone); err != nil {
			err = problem.Wrong("ends", "since_invalid", "%q is not a day", text)
		}
		ends = ends.AddDate(0, 0, 1) // the last day is one of its days
	}
	if err == nil {
		err = v.write(func(ctx context.Context, tx *db.Tx) error {
			if _, err := creative.EndLink(ctx, tx, v.program, v.link, ends, f.value("afterwards")); err != nil {
				return err
			}
			return v.record(ctx, tx, audit.LinkChange, v.link.ID)
		})
	}
	if err == nil {
		return s.done(cabinetBase(v.partnership)+"/links/"+v.link.ID, "saved"), nil
	}
	if !f.blame(v.lang, err) {
		return nil, err
	}
	data, err := s.readLink(v)
	data.End = f
	return s.again("cabinet/links/detail", v.text("links.link"), data), err
}

// myCaps are the caps that are the partner's own or of its links; those of the whole program are the brand's business.
func (v *visit) myCaps() ([]capRow, error) {
	all, err := steer.Caps(v.Context(), v.read(), v.program.ID)
	if err != nil || len(all) == 0 {
		return nil, err
	}
	links, err := creative.Links(v.Context(), v.read(), v.partnership.ID, "", linksMost)
	if err != nil {
		return nil, err
	}
	mine := map[string]bool{}
	for _, l := range links {
		mine[l.ID] = true
	}
	var list []steer.Cap
	for _, c := range all {
		if c.Partnership == v.partnership.ID || c.Link != "" && mine[c.Link] {
			list = append(list, c)
		}
	}
	return v.capRows(list)
}
