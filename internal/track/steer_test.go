package track_test

import (
	"context"
	"fmt"
	"net/http"
	"net/netip"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/tributary-hq/tributary/internal/creative"
	"github.com/tributary-hq/tributary/internal/db"
	"github.com/tributary-hq/tributary/internal/db/dbtest"
	"github.com/tributary-hq/tributary/internal/place"
	"github.com/tributary-hq/tributary/internal/place/placetest"
	"github.com/tributary-hq/tributary/internal/program"
	"github.com/tributary-hq/tributary/internal/steer"
	"github.com/tributary-hq/tributary/internal/touch"
	"github.com/tributary-hq/tributary/internal/track"
)

// steered is a shop whose visitors can be sent elsewhere, and whose countries are known.
type steered struct {
	shop
	t     testing.TB
	board *steer.Board
	now   time.Time
}

func openSteered(t testing.TB, d *db.DB) *steered {
	t.Helper()
	s := &steered{t: t, now: time.Date(2026, 5, 4, 10, 0, 0, 0, time.UTC)}
	d.SetClock(func() time.Time { return s.now })
	s.shop = openShop(t, d, "ann")
	path := filepath.Join(t.TempDir(), "p.mmdb")
	if err := os.WriteFile(path, placetest.File(map[string]map[string]any{"192.0.2.0/24": placetest.Country("FR", "IDF"), "198.51.100.0/24": placetest.Country("DE", "BY")}), 0o600); err != nil {
		t.Fatal(err)
	}
	places, err := place.Open(path)
	if err != nil {
		t.Fatal(err)
	}
	if s.board, err = steer.Load(context.Background(), d); err != nil {
		t.Fatal(err)
	}
	s.door = track.New(track.Options{DB: d, Links: s.links, Keeper: s.keeper, Keys: s.keys, Line: s.line, Places: places, Steer: s.board, Proxies: []netip.Prefix{netip.MustParsePrefix("10.0.0.0/8")}})
	return s
}

func (s *steered) write(fn func(ctx context.Context, tx *db.Tx) error) {
	s.t.Helper()
	ctx := context.Background()
	if err := s.db.Write(ctx, func(tx *db.Tx) error { return fn(ctx, tx) }); err != nil {
		s.t.Fatal(err)
	}
	s.refresh()
}

func (s *steered) refresh() {
	s.t.Helper()
	if err := s.board.Refresh(context.Background()); err != nil {
		s.t.Fatal(err)
	}
	if err := s.links.Refresh(context.Background()); err != nil {
		s.t.Fatal(err)
	}
}

func (s *steered) rule(r steer.Rule) (added steer.Rule) {
	s.t.Helper()
	s.write(func(ctx context.Context, tx *db.Tx) (err error) {
		added, err = steer.AddRule(ctx, tx, s.prog, r)
		return err
	})
	return added
}

func (s *steered) cap(c steer.Cap) (added steer.Cap) {
	s.t.Helper()
	s.write(func(ctx context.Context, tx *db.Tx) (err error) {
		added, err = steer.AddCap(ctx, tx, s.prog, c)
		return err
	})
	return added
}

// follows is somebody at an address of the network 192.0.2.0/24, or of another one that is named whole.
func (s *steered) follows(query, who string, header ...string) (status int, page, click string) {
	s.t.Helper()
	s.now = s.now.Add(time.Millisecond) // so that the last touch is the last
	if !strings.Contains(who, ".") {
		who = "192.0.2." + who
	}
	r := httpGet("/c/ann"+query, who+":4711", header...)
	s.door.ServeHTTP(r.w, r.r)
	at := r.w.Header().Get("Location")
	page, click, _ = strings.Cut(at, "tclid=")
	return r.w.Code, strings.TrimRight(page, "?&"), click
}

func (s *steered) last() touch.Touch {
	s.t.Helper()
	return s.touches(s.t.(*testing.T))[0]
}

func TestRulesSendElsewhere(t *testing.T) {
	dbtest.Run(t, func(t *testing.T, d *db.DB) {
		s := openSteered(t, d)
		german := s.rule(steer.Rule{Do: steer.ToPage, Target: "https://shop.example/de", When: steer.Conditions{Countries: []string{"de"}}})
		phone := s.rule(steer.Rule{Do: steer.Block, When: steer.Conditions{Devices: []string{"phone"}}})
		sub := s.rule(steer.Rule{Do: steer.ToFallback, Link: s.link.ID, When: steer.Conditions{Sub: 1, SubIDs: []string{"old"}}})
		returning := s.rule(steer.Rule{Do: steer.ToPage, Target: "https://shop.example/again", When: steer.Conditions{Visit: "returning", Sub: 2, SubIDs: []string{"loyal"}}})
		const iphone = "Mozilla/5.0 (iPhone; CPU iPhone OS 18_5 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/18.5 Mobile/15E148 Safari/604.1"
		for i, c := range []struct {
			promise, query, who string
			header              []string
			status              int
			page, sent          string
			mark                touch.Mark
			country             string
		}{
			{"no rule fits", "", "1", nil, 302, "https://shop.example/", "", "", "FR"},
			{"by country", "", "198.51.100.1", nil, 302, "https://shop.example/de", german.ID, "", "DE"},
			{"also who was promised another page", "?u=https://shop.example/x", "198.51.100.2", nil, 302, "https://shop.example/de", german.ID, "", "DE"},
			{"blocked", "", "3", []string{"User-Agent", iphone, "Accept-Language", "fr"}, 403, "", phone.ID, touch.Blocked, "FR"},
			{"to the landing page, for there is nothing afterwards", "?sub1=old&u=https://shop.example/x", "4", nil, 302, "https://shop.example/", sub.ID, "", "FR"},
			{"new", "?sub2=loyal", "5", nil, 302, "https://shop.example/", "", "", "FR"},
			{"returning", "?sub2=loyal", "5", nil, 302, "https://shop.example/again", returning.ID, "", "FR"},
			{"nobody knows where from", "", "203.0.113.1", nil, 302, "https://shop.example/", "", "", ""},
		} {
			s.now = s.now.Add(time.Minute)
			status, page, click := s.follows(c.query, c.who, c.header...)
			if status != c.status || page != c.page || (click == "") != (status != 302) {
				t.Errorf("%d. %s: %d %s %s", i, c.promise, status, page, click)
			}
			if got := s.last(); got.Sent != c.sent || got.Mark != c.mark || got.Country != c.country {
				t.Errorf("%d. %s: the touch is %+v", i, c.promise, got)
			}
		}
		_, _, _ = s.follows("", "6", "User-Agent", "curl/8.0")
		if got := s.last(); got.Mark != touch.Bot || got.Region != "FR-IDF" {
			t.Errorf("a bot is %+v", got)
		}
		r := httpGet("/c/ann", "192.0.2.7:1", "User-Agent", iphone, "Accept-Language", "zh-CN")
		s.door.ServeHTTP(r.w, r.r)
		if body := r.w.Body.String(); r.w.Code != http.StatusForbidden || !strings.Contains(body, `lang="zh"`) || !strings.Contains(body, "未对您开放") {
			t.Errorf("the page of a block is %d %s", r.w.Code, body)
		}
		s.write(func(ctx context.Context, tx *db.Tx) error { return steer.RemoveRule(ctx, tx, s.prog.ID, phone.ID) })
		if status, _, _ := s.follows("", "8", "User-Agent", iphone); status != http.StatusFound {
			t.Errorf("a rule that was removed: %d", status)
		}
	})
}

func TestALinkEnds(t *testing.T) {
	dbtest.Run(t, func(t *testing.T, d *db.DB) {
		s := openSteered(t, d)
		s.rule(steer.Rule{Do: steer.Block, When: steer.Conditions{Quality: "bots"}})
		ends := s.now.Add(time.Hour)
		end := func(at time.Time, afterwards string) {
			s.write(func(ctx context.Context, tx *db.Tx) error {
				_, err := creative.EndLink(ctx, tx, s.prog, s.link, at, afterwards)
				return err
			})
		}
		end(ends, "https://shop.example/over?a=b#c")
		for i, c := range []struct {
			promise, query string
			at             time.Time
			to             string
			mark           touch.Mark
			click          bool
		}{
			{"before", "", ends.Add(-time.Millisecond), "https://shop.example/", "", true},
			{"at its end", "", ends, "https://shop.example/over?a=b#c", touch.Expired, false},
			{"afterwards, with what an advertiser added", "?gclid=g", ends.Add(time.Hour), "https://shop.example/over?a=b&gclid=g#c", touch.Expired, false},
			{"also who asks for another page", "?u=https://shop.example/x", ends.Add(2 * time.Hour), "https://shop.example/over?a=b#c", touch.Expired, false},
		} {
			s.now = c.at.Add(-time.Millisecond)
			status, page, click := s.follows(c.query, fmt.Sprint(10+i))
			if status != 302 || page != c.to || (click != "") != c.click {
				t.Errorf("%s: %d %s %s", c.promise, status, page, click)
			}
			if got := s.last(); got.Mark != c.mark {
				t.Errorf("%s: marked %q", c.promise, got.Mark)
			}
		}
		if _, _, click := s.follows("", "19", "User-Agent", "curl/8"); click != "" {
			t.Error("a program is given a click id by a link that has ended")
		}
		end(ends, "")
		if _, page, _ := s.follows("", "20"); page != "https://shop.example/" {
			t.Errorf("without a page for afterwards it leads to %s", page)
		}
		end(time.Time{}, "")
		if _, _, click := s.follows("", "21"); click == "" || s.last().Mark != touch.Counts {
			t.Error("a link whose end was taken back does not count")
		}
	})
}

func TestACapIsReached(t *testing.T) {
	dbtest.Run(t, func(t *testing.T, d *db.DB) {
		s := openSteered(t, d)
		c := s.cap(steer.Cap{Measure: steer.Clicks, Period: steer.Day, Most: 3, Target: "https://shop.example/enough"})
		quiet := s.cap(steer.Cap{Measure: steer.Clicks, Period: steer.Total, Most: 5, Link: s.link.ID})
		s.rule(steer.Rule{Do: steer.ToPage, Target: "https://shop.example/five", When: steer.Conditions{Cap: quiet.ID}})
		pass := func(promise, want string, mark touch.Mark) {
			t.Helper()
			s.now = s.now.Add(time.Second)
			if _, page, _ := s.follows("", fmt.Sprint(s.now.Unix()%200)); page != want {
				t.Errorf("%s: to %s, want %s", promise, page, want)
			}
			if got := s.last(); got.Mark != mark {
				t.Errorf("%s: marked %q", promise, got.Mark)
			}
		}
		pass("the first", "https://shop.example/", "")
		s.follows("", "250", "User-Agent", "curl/8.0") // counts nowhere
		pass("the second", "https://shop.example/", "")
		pass("the last", "https://shop.example/", "")
		pass("beyond", "https://shop.example/enough", touch.Capped)
		if got := s.last(); got.Sent != c.ID {
			t.Errorf("sent by %q", got.Sent)
		}
		s.now = s.now.Add(time.Minute)
		s.refresh()
		pass("as the facts say it too", "https://shop.example/enough", touch.Capped)
		s.board = nil
		var err error
		if s.board, err = steer.Load(context.Background(), d); err != nil {
			t.Fatal(err)
		}
		s.door = track.New(track.Options{DB: d, Links: s.links, Keeper: s.keeper, Keys: s.keys, Line: s.line, Steer: s.board})
		pass("after a restart", "https://shop.example/enough", touch.Capped)
		s.write(func(ctx context.Context, tx *db.Tx) error { return steer.ChangeCap(ctx, tx, s.prog, c.ID, 4, c.Target) })
		pass("it has been raised by one", "https://shop.example/", "")
		pass("which is taken", "https://shop.example/enough", touch.Capped)
		s.now = s.now.AddDate(0, 0, 1)
		pass("another day begins, though nobody has counted", "https://shop.example/", "")
		s.refresh()
		pass("five there were in all, a rule says", "https://shop.example/five", "")
		s.refresh()
		now, err := steer.Standings(context.Background(), s.db.Read(), &book, s.prog, []steer.Cap{c, quiet}, s.now)
		if err != nil || now[c.ID].Amount != 2 || now[quiet.ID].Amount != 6 {
			t.Errorf("they stand at %+v %v", now, err)
		}
	})
}

// TestACapHoldsInACrowd lets many come at the same moment: exactly as many pass as the cap says.
func TestACapHoldsInACrowd(t *testing.T) {
	s := openSteered(t, dbtest.Open(t, db.SQLite))
	s.cap(steer.Cap{Measure: steer.Clicks, Period: steer.Week, Most: 50, Target: "https://shop.example/enough"})
	s.cap(steer.Cap{Measure: steer.Clicks, Period: steer.Month, Most: 60, Partnership: s.link.Partnership, Target: "https://shop.example/more"})
	var wait sync.WaitGroup
	var mu sync.Mutex
	to := map[string]int{}
	for n := range 200 {
		wait.Go(func() {
			r := httpGet("/c/ann", fmt.Sprintf("8.8.%d.%d:1", n, n))
			s.door.ServeHTTP(r.w, r.r)
			page, _, _ := strings.Cut(r.w.Header().Get("Location"), "?")
			mu.Lock()
			defer mu.Unlock()
			to[page]++
		})
	}
	wait.Wait()
	if to["https://shop.example/"] != 50 || to["https://shop.example/enough"] != 150 {
		t.Errorf("visitors went to %v", to)
	}
}

func TestVisitorsAreSplit(t *testing.T) {
	dbtest.Run(t, func(t *testing.T, d *db.DB) {
		s := openSteered(t, d)
		var split steer.Split
		s.write(func(ctx context.Context, tx *db.Tx) (err error) {
			split, err = steer.Begin(ctx, tx, s.prog, steer.Split{Name: "Tents", Rate: 300, Lift: 20, Variants: []steer.Variant{{Name: "As it is", Weight: 1},
				{Name: "With a picture", Weight: 1, Target: "https://shop.example/picture"}}})
			return err
		})
		seen := map[string]int{}
		for who := range 60 {
			s.now = s.now.Add(time.Minute)
			_, first, _ := s.follows("", fmt.Sprint(who))
			s.now = s.now.Add(time.Minute)
			_, again, click := s.follows("", fmt.Sprint(who))
			if first != again || click == "" {
				t.Fatalf("visitor %d is sent to %s and then to %s", who, first, again)
			}
			seen[first]++
		}
		if len(seen) != 2 || seen["https://shop.example/"] < 15 || seen["https://shop.example/"] > 45 {
			t.Errorf("visitors were sent to %v", seen)
		}
		list := s.touches(t)
		if list[0].Sent != split.ID || list[0].Variant == "" {
			t.Errorf("the touch has %+v", list[0])
		}
		var converting touch.Touch
		for _, one := range list {
			if one.Variant == "b" {
				converting = one
				break
			}
		}
		s.sells(converting.ID, "30.00")
		s.now = s.now.Add(time.Minute)
		outcomes, days, err := split.Outcomes(context.Background(), s.db.Read(), s.now, s.prog.Zone())
		if err != nil || len(days) != 1 || outcomes[0].Clicks+outcomes[1].Clicks != 120 || outcomes[0].Conversions != 0 || outcomes[1].Conversions != 1 || outcomes[1].Revenue != 3000 {
			t.Errorf("%+v %v %v", outcomes, days, err)
		}
		if _, ok := steer.Best(outcomes); ok {
			t.Error("one sale declares a winner")
		}
		s.write(func(ctx context.Context, tx *db.Tx) error { return steer.End(ctx, tx, s.prog.ID, split.ID, "b") })
		for who := range 20 {
			if _, page, _ := s.follows("", fmt.Sprint(100+who)); page != "https://shop.example/" {
				t.Errorf("after its end a test sends to %s", page)
			}
		}
	})
}

// TestNothingLeadsElsewhere offers hostile addresses wherever a page can be said, and then takes a domain away.
func TestNothingLeadsElsewhere(t *testing.T) {
	d := dbtest.Open(t, db.SQLite)
	s := openSteered(t, d)
	for _, address := range hostile {
		trimmed := strings.TrimSpace(address)
		if u, err := url.Parse(trimmed); err == nil && s.prog.Allows(u) && trimmed != address {
			continue // spaces around a good address
		}
		for what, try := range map[string]func(ctx context.Context, tx *db.Tx) error{
			"a rule": func(ctx context.Context, tx *db.Tx) error {
				_, err := steer.AddRule(ctx, tx, s.prog, steer.Rule{Do: steer.ToPage, Target: address})
				return err
			},
			"a cap": func(ctx context.Context, tx *db.Tx) error {
				_, err := steer.AddCap(ctx, tx, s.prog, steer.Cap{Measure: steer.Clicks, Period: steer.Day, Most: 1, Target: address})
				return err
			},
			"a test": func(ctx context.Context, tx *db.Tx) error {
				_, err := steer.Begin(ctx, tx, s.prog, steer.Split{Name: "x", Rate: 100, Lift: 10, Variants: []steer.Variant{{Name: "a", Weight: 1}, {Name: "b", Weight: 1, Target: address}}})
				return err
			},
			"an end": func(ctx context.Context, tx *db.Tx) error {
				_, err := creative.EndLink(ctx, tx, s.prog, s.link, s.now, address)
				return err
			},
		} {
			if err := d.Write(context.Background(), func(tx *db.Tx) error { return try(context.Background(), tx) }); err == nil {
				t.Errorf("%s leads to %q", what, address)
			}
		}
	}
	s.write(func(ctx context.Context, tx *db.Tx) error {
		_, err := steer.AddRule(ctx, tx, s.prog, steer.Rule{Do: steer.ToPage, Target: "http://127.0.0.1:9999/"})
		return err
	})
	if _, page, _ := s.follows("", "1"); page != "http://127.0.0.1:9999/" {
		t.Fatalf("a page of the program: %s", page)
	}
	s.prog.Domains = []string{"shop.example"}
	s.write(func(ctx context.Context, tx *db.Tx) error {
		_, err := program.Change(ctx, tx, s.prog)
		return err
	})
	if _, page, _ := s.follows("", "2"); page != "https://shop.example/" {
		t.Errorf("a domain that the program has no more is still led to: %s", page)
	}
}

// BenchmarkRedirect is a click from the request to its answer, with no rule and with five hundred that do not fit.
func BenchmarkRedirect(b *testing.B) {
	for _, rules := range []int{0, 500} {
		b.Run(fmt.Sprint(rules, " rules"), func(b *testing.B) {
			s := openSteered(b, dbtest.Open(b, db.SQLite))
			if rules > 0 {
				s.write(func(ctx context.Context, tx *db.Tx) error {
					for i := range rules {
						c := steer.Conditions{Countries: []string{string(rune('G'+i%20)) + string(rune('A'+i/20%26))}, Devices: [][]string{nil, {"phone"}, {"tablet"}}[i%3]}
						if i%5 == 4 {
							c = steer.Conditions{Referrers: []string{fmt.Sprintf("blog%d.example", i)}, Languages: [][]string{nil, {"it"}}[i%2]}
						}
						if _, err := steer.AddRule(ctx, tx, s.prog, steer.Rule{Do: steer.Block, When: c}); err != nil {
							return err
						}
					}
					return nil
				})
			}
			b.ReportAllocs()
			b.SetParallelism(64)
			b.ResetTimer()
			var mu sync.Mutex
			n := 0
			b.RunParallel(func(pb *testing.PB) {
				for pb.Next() {
					mu.Lock()
					n++
					who := n
					mu.Unlock()
					r := httpGet("/c/ann", fmt.Sprintf("192.%d.%d.%d:1", who>>16&255, who>>8&255, who&255), "Referer", "https://www.blog.example/", "Accept-Language", "fr")
					if s.door.ServeHTTP(r.w, r.r); r.w.Code != http.StatusFound {
						b.Errorf("%d", r.w.Code)
					}
				}
			})
		})
	}
}
