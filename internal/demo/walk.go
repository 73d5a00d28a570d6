package demo

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"slices"
	"time"

	"github.com/tributary-hq/tributary/client"
	"github.com/tributary-hq/tributary/internal/app"
	"github.com/tributary-hq/tributary/internal/auth"
	"github.com/tributary-hq/tributary/internal/creative"
	"github.com/tributary-hq/tributary/internal/postback"
	"github.com/tributary-hq/tributary/internal/program"
	"github.com/tributary-hq/tributary/internal/touch"
)

// walk is the fill under way.
type walk struct {
	a       *app.App
	clock   *Clock
	story   *Story
	shop    *client.Client // with the shop's token
	door    door
	program program.Program
	key     string // that postbacks must know
	staff   map[auth.Role]string
	known   map[string]string // partnerships by the partner's address
	library map[string]creative.Material
	taken   map[string]string // codes of the links that partners have for creatives, by the partner's address and the creative's key
	beat    time.Time         // when the journal was last expanded
}

const beatEvery = 3 * time.Hour

// through lets the acts happen, one after the other, and between them what a server does by itself.
func (w *walk) through(ctx context.Context, acts []act, progress io.Writer) error {
	day := 0
	for _, act := range acts {
		if err := ctx.Err(); err != nil {
			return err
		}
		for ; day < days && !act.at.Before(midnight(w.clock.end, day)); day++ {
			if err := w.night(ctx, day); err != nil {
				return err
			}
			if day == steerDay {
				if err := w.steer(ctx); err != nil {
					return err
				}
			}
			if day%10 == 0 {
				fmt.Fprint(progress, ".")
			}
		}
		w.clock.to(act.at)
		if err := act.do(ctx, w); err != nil {
			return fmt.Errorf("at %s: %w", act.at.In(zone).Format(time.DateTime), err)
		}
		if act.told {
			if _, err := w.a.Post.Watch(ctx, w.a.DB); err != nil {
				return err
			}
		}
		if err := w.expand(ctx, beatEvery); err != nil {
			return err
		}
	}
	w.clock.to(w.clock.end)
	fmt.Fprintln(progress)
	return w.expand(ctx, 0)
}

// night runs the jobs at the beginning of the n-th day: commissions mature.
func (w *walk) night(ctx context.Context, n int) error {
	w.clock.to(midnight(w.clock.end, n))
	if err := w.expand(ctx, 0); err != nil {
		return err
	}
	_, err := w.a.Jobs.RunDue(ctx)
	return err
}

// expand makes touches of the journal, when it was last done so long ago.
func (w *walk) expand(ctx context.Context, every time.Duration) error {
	if now := w.clock.Now(); every > 0 && now.Sub(w.beat) < every {
		return nil
	}
	w.beat = w.clock.Now()
	for {
		n, err := touch.Expand(ctx, w.a.DB, 512, w.a.Met)
		if err != nil {
			return err
		}
		if n == 0 {
			_, err := postback.Watch(ctx, w.a.DB) // what it writes is sent once the demonstration is served
			return err
		}
	}
}

// request is what a browser sends, or a server when there is none.
func (w *walk) request(ctx context.Context, b *browser, path string, query url.Values) *http.Request {
	address := w.story.Base + path
	if len(query) > 0 {
		address += "?" + query.Encode()
	}
	r, err := http.NewRequestWithContext(ctx, http.MethodGet, address, nil)
	if err != nil {
		panic(err) // its parts are our own
	}
	if b != nil {
		r.RemoteAddr = b.address
		r.Header.Set("User-Agent", b.agent)
	}
	return r
}

func (w *walk) ask(r *http.Request, want ...int) (*http.Response, error) {
	answer, err := w.door.RoundTrip(r)
	if err == nil && !slices.Contains(want, answer.StatusCode) {
		body, _ := io.ReadAll(answer.Body)
		err = fmt.Errorf("%s %s answered %d: %s", r.Method, r.URL, answer.StatusCode, body)
	}
	return answer, err
}

// land is what the tag says when a page of the shop has been opened.
func (w *walk) land(ctx context.Context, b *browser, page, referrer string) error {
	if b.visitor == "" {
		return nil
	}
	said := map[string]string{"type": "visit", "visitor": b.visitor, "url": page, "referrer": referrer}
	if b.click != "" {
		said["click"] = b.click
	}
	body, err := json.Marshal(said)
	if err != nil {
		return err
	}
	w.clock.pass(40 * time.Millisecond)
	r := w.request(ctx, b, "/t/"+brandSlug, nil)
	r.Method, r.Body = http.MethodPost, io.NopCloser(bytes.NewReader(body))
	r.Header.Set("Origin", w.story.Base)
	answer, err := w.ask(r, http.StatusNoContent, http.StatusOK)
	if err != nil || answer.StatusCode == http.StatusNoContent {
		return err
	}
	var told struct{ Click string } // who came from a partner's own site is given one
	err = json.NewDecoder(answer.Body).Decode(&told)
	b.click = told.Click
	return err
}
