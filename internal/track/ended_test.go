package track_test

import (
	"context"
	"fmt"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/tributary-hq/tributary/internal/commission"
	"github.com/tributary-hq/tributary/internal/creative"
	"github.com/tributary-hq/tributary/internal/db"
	"github.com/tributary-hq/tributary/internal/db/dbtest"
	"github.com/tributary-hq/tributary/internal/touch"
)

// TestALinkHasEndedWhicheverWayOneComes has every way but the redirect, which TestALinkEnds has.
func TestALinkHasEndedWhicheverWayOneComes(t *testing.T) {
	dbtest.Run(t, func(t *testing.T, d *db.DB) {
		ctx := context.Background()
		for i, c := range []struct {
			way  string
			come func(s shop) (status int, answer string)
			kind touch.Kind
			want int
		}{
			{"its code in the address", func(s shop) (int, string) {
				status, answer, _ := s.say(fmt.Sprintf(`{"type":"visit","visitor":%q,"url":"https://shop.example/?ref=x","ref":%q}`, visitor, s.link.Code))
				return status, string(answer)
			}, touch.Click, http.StatusNoContent},
			{"an agent", func(s shop) (int, string) {
				got := s.get("/agent/" + s.link.Code)
				return got.Code, got.Body.String()
			}, touch.Agent, http.StatusGone},
			{"a view", func(s shop) (int, string) {
				return s.get("/i/" + s.link.Code + ".gif").Code, ""
			}, touch.Impression, http.StatusOK},
		} {
			s := openShop(t, d, fmt.Sprint("gone", i))
			end := func(at time.Time) {
				err := d.Write(ctx, func(tx *db.Tx) error {
					_, err := creative.EndLink(ctx, tx, s.prog, s.link, at, "")
					return err
				})
				if err == nil {
					err = s.links.Refresh(ctx)
				}
				if err != nil {
					t.Fatal(err)
				}
			}
			end(d.Now().Add(-time.Hour))
			status, answer := c.come(s)
			s.meet(t)
			list := s.touches(t)
			again, more := c.come(s) // a repetition is one, and gets no more
			s.meet(t)
			if again != c.want || strings.Contains(more, "click\":") || strings.Contains(more, "token\":") {
				t.Errorf("%s, again: %d %s", c.way, again, more)
			}
			if status != c.want || strings.Contains(answer, "click\":") || strings.Contains(answer, "token\":") {
				t.Errorf("%s: %d %s", c.way, status, answer)
			}
			if len(list) != 1 || list[0].Kind != c.kind || list[0].Mark != touch.Expired || list[0].Link != s.link.ID {
				t.Errorf("%s: %+v", c.way, list)
			}
			s.say(fmt.Sprintf(`{"type":"conversion","visitor":%q,"order":"1","amount":"10","currency":"EUR"}`, visitor))
			if owed, err := commission.List(ctx, d.Read(), commission.Filter{Program: s.prog.ID, Limit: 9}); err != nil || len(owed) != 0 {
				t.Errorf("%s: still earns %+v %v", c.way, owed, err)
			}
			end(time.Time{})
			c.come(s)
			s.meet(t)
			if list := s.touches(t); len(list) < 2 || list[0].Mark == touch.Expired && list[1].Mark == touch.Expired {
				t.Errorf("%s: does not count when the end was taken back: %+v", c.way, list)
			}
		}
	})
}
