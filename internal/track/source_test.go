package track_test

import (
	"context"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"net/http"
	"os"
	"strings"
	"testing"
	"time"

	"github.com/tributary-hq/tributary/internal/commission"
	"github.com/tributary-hq/tributary/internal/contract"
	"github.com/tributary-hq/tributary/internal/conversion"
	"github.com/tributary-hq/tributary/internal/creative"
	"github.com/tributary-hq/tributary/internal/db"
	"github.com/tributary-hq/tributary/internal/db/dbtest"
	"github.com/tributary-hq/tributary/internal/problem"
	"github.com/tributary-hq/tributary/internal/program"
	"github.com/tributary-hq/tributary/internal/touch"
	"github.com/tributary-hq/tributary/internal/track"
)

// meet reads the journal as the running product does.
func (s shop) meet(t *testing.T) {
	t.Helper()
	for {
		n, err := touch.Expand(context.Background(), s.db, 1000, func(ctx context.Context, tx *db.Tx, list []touch.Touch) error {
			return commission.Met(ctx, tx, s.keys, list)
		})
		if err != nil {
			t.Fatal(err)
		}
		if n == 0 {
			return
		}
	}
}

// owns gives the shop's partner an approved domain.
func (s shop) owns(t *testing.T, host string) creative.Domain {
	t.Helper()
	ctx := context.Background()
	var d creative.Domain
	err := s.db.Write(ctx, func(tx *db.Tx) (err error) {
		if d, err = creative.AskDomain(ctx, tx, s.prog, s.link.Partnership, host, "test"); err == nil {
			d, err = creative.ApproveDomain(ctx, tx, s.prog, d, "test")
		}
		return err
	})
	if err == nil {
		err = s.links.Refresh(ctx)
	}
	if err != nil {
		t.Fatal(err)
	}
	return d
}

// newest is the click, or else the direct visit, that was kept last.
func newest(list []touch.Touch) touch.Touch {
	for _, kind := range []touch.Kind{touch.Click, touch.Direct} {
		for _, t := range list {
			if t.Kind == kind {
				return t
			}
		}
	}
	return touch.Touch{}
}

func TestWhoseAVisitIsWithoutARedirect(t *testing.T) {
	dbtest.Run(t, func(t *testing.T, d *db.DB) {
		for i, c := range []struct {
			name, url, ref, referrer string
			kind                     touch.Kind
			mark                     touch.Mark
			link                     string // ann, the domain's, none
			sub1                     string
		}{
			{"a link's code", "https://shop.example/?ref=CODE&sub1=top", "CODE", "", touch.Click, "", "ann", "top"},
			{"a link's code in capitals", "https://shop.example/?ref=CODE", "UPPER", "", touch.Click, "", "ann", ""},
			{"behind the #", "https://shop.example/#a_aid=CODE&sub1=foot", "CODE", "https://t.example/", touch.Click, "", "ann", "foot"},
			{"a promo code", "https://shop.example/?via=ann10", "ann10", "", touch.Click, "", "none", ""},
			{"a code that nobody has", "https://shop.example/?ref=nobody", "nobody", "", touch.Direct, touch.Unknown, "none", ""},
			{"a code with strange letters", "https://shop.example/?ref=%00%ff'--", "\x01é'--", "", touch.Direct, touch.Unknown, "none", ""},
			{"an approved domain", "https://shop.example/", "", "https://blog.example/post", touch.Click, "", "domain", ""},
			{"below an approved domain", "https://shop.example/?sub2=x", "", "https://www.Blog.example:8080/", touch.Click, "", "domain", ""},
			{"a domain that only looks like it", "https://shop.example/", "", "https://notblog.example/", touch.Direct, "", "none", ""},
			{"a domain that begins like it", "https://shop.example/", "", "https://blog.example.evil.example/", touch.Direct, "", "none", ""},
			{"an unknown code from an approved domain", "https://shop.example/?ref=nobody", "nobody", "https://blog.example/", touch.Click, "", "domain", ""},
			{"from the shop itself", "https://shop.example/", "", "https://www.shop.example/", touch.Direct, "", "none", ""},
		} {
			s := openShop(t, d, fmt.Sprintf("ann%d", i))
			domain := s.owns(t, "blog.example")
			c.url, c.ref = strings.ReplaceAll(c.url, "CODE", s.link.Code), strings.ReplaceAll(strings.ReplaceAll(c.ref, "CODE", s.link.Code), "UPPER", strings.ToUpper(s.link.Code))
			body, _ := json.Marshal(map[string]any{"type": "visit", "visitor": visitor, "url": c.url, "referrer": c.referrer, "ref": c.ref})
			status, answer, _ := s.say(string(body))
			s.meet(t)
			got := newest(s.touches(t))
			link := map[string]string{"ann": s.link.ID, "domain": domain.Link, "none": ""}[c.link]
			if status >= 300 || got.Kind != c.kind || got.Mark != c.mark || got.Link != link || got.Sub[0] != c.sub1 || (got.Partnership != "") != (c.kind == touch.Click) {
				t.Errorf("%s: %d %s: %+v", c.name, status, answer, got)
			}
			var told struct{ Click string }
			json.Unmarshal(answer, &told)
			if claim, err := s.keys.Parse(told.Click); (c.link != "none") != (err == nil) || err == nil && claim.At.IsZero() {
				t.Errorf("%s: the tag is told the click %q", c.name, told.Click)
			}
			// Whoever buys now was sent by the partner, if there is one: the tag's name of the visitor suffices.
			sold, _, _ := s.say(fmt.Sprintf(`{"type":"conversion","visitor":%q,"order":"1","items":[{"price":10,"quantity":2},{"price":"5.50"}],"currency":"EUR"}`, visitor))
			owed, err := commission.List(context.Background(), d.Read(), commission.Filter{Program: s.prog.ID, Limit: 9})
			if sold != 200 || err != nil || (len(owed) == 1) != (c.kind == touch.Click) || len(owed) == 1 && owed[0].Amount.Minor != 255 {
				t.Errorf("%s: sold %d, owed %+v %v", c.name, sold, owed, err)
			}
		}
	})
}

func TestACodeOfAnotherProgramIsAStray(t *testing.T) {
	d := dbtest.Open(t, db.SQLite)
	s, other := openShop(t, d, "ann"), openShop(t, d, "bob")
	s.say(fmt.Sprintf(`{"type":"visit","visitor":%q,"url":"https://shop.example/","ref":%q}`, visitor, other.link.Code))
	if got := newest(s.touches(t)); got.Mark != touch.Foreign || got.Partnership != "" {
		t.Errorf("%+v", got)
	}
}

func TestAVisitThatIsToldTwiceIsKeptOnce(t *testing.T) {
	dbtest.Run(t, func(t *testing.T, d *db.DB) {
		s := openShop(t, d, "ann")
		first := fmt.Sprintf(`{"type":"visit","visitor":%q,"url":"https://shop.example/?ref=ann","ref":"ann"`, visitor)
		s.say(first + `,"age":5000}`)
		s.say(first + `,"again":true,"age":6000}`)
		s.meet(t)
		// Another node, or this one after a restart, remembers nothing and asks the database.
		s.door = track.New(track.Options{DB: d, Links: s.links, Keeper: s.keeper, Keys: s.keys, Line: s.line})
		s.say(first + `,"again":true,"age":9000}`)
		if list := s.touches(t); len(list) != 1 || list[0].Kind != touch.Click || d.Now().Sub(list[0].At) < 4*time.Second {
			t.Errorf("%+v", list)
		}
	})
}

func TestASessionThatGoesOnHasNoNewSource(t *testing.T) {
	s := openShop(t, dbtest.Open(t, db.SQLite), "ann")
	s.owns(t, "blog.example")
	for kept, referrer := range []string{"https://accounts.bank.example/", "https://blog.example/"} {
		s.say(fmt.Sprintf(`{"type":"visit","visitor":%q,"url":"https://shop.example/","referrer":%q,"later":true}`, visitor, referrer))
		if n := len(s.touches(t)); n != kept {
			t.Errorf("back from %s: %d touches", referrer, n)
		}
	}
}

func TestADomainIsSomebodysOwn(t *testing.T) {
	for text, want := range map[string]string{"https://www.Blog.example/x?y": "blog.example", " shop.co.uk": "shop.co.uk", "ann.github.io": "ann.github.io",
		"bücher.example": "xn--bcher-kva.example", "co.uk": "host_shared", "github.io": "host_shared", "127.0.0.1": "host_invalid", "localhost": "host_invalid",
		"": "host_invalid", "a b.example": "host_invalid", "https://[::1]/": "host_invalid", "blog.example.": "blog.example"} {
		if got, err := creative.ReadHost(text); got != want && problem.Code(err) != want {
			t.Errorf("%q: %q %v", text, got, err)
		}
	}
}

func TestADomainIsOnePartnersAndEndsWithItsRefusal(t *testing.T) {
	dbtest.Run(t, func(t *testing.T, d *db.DB) {
		ctx := context.Background()
		s := openShop(t, d, "ann")
		held := s.owns(t, "blog.example")
		refused := map[string]func(tx *db.Tx) error{
			"host_there": func(tx *db.Tx) error {
				_, err := creative.AskDomain(ctx, tx, s.prog, s.link.Partnership, "www.blog.example", "test")
				return err
			},
			"host_own": func(tx *db.Tx) error {
				_, err := creative.AskDomain(ctx, tx, s.prog, s.link.Partnership, "m.shop.example", "test")
				return err
			},
			"domain_state": func(tx *db.Tx) error { _, err := creative.ApproveDomain(ctx, tx, s.prog, held, "test"); return err },
			"direct_taken": func(tx *db.Tx) error {
				other := held
				other.State = creative.DomainAsked
				_, err := creative.ApproveDomain(ctx, tx, s.prog, other, "test")
				return err
			},
		}
		for code, try := range refused {
			if err := d.Write(ctx, try); problem.Code(err) != code {
				t.Errorf("%s: %v", code, err)
			}
		}
		if err := d.Write(ctx, func(tx *db.Tx) error { _, err := creative.RefuseDomain(ctx, tx, held, "sold", "test"); return err }); err != nil {
			t.Fatal(err)
		}
		if err := s.links.Refresh(ctx); err != nil {
			t.Fatal(err)
		}
		if _, ok := s.links.Direct(s.prog.ID, "blog.example"); ok {
			t.Error("a refused domain is still recognised")
		}
		again := s.owns(t, "blog.example")
		if again.ID != held.ID || again.Link != held.Link {
			t.Errorf("approved again it is another one: %+v", again)
		}
	})
}

func TestAHiddenDomainForwards(t *testing.T) {
	s := openShop(t, dbtest.Open(t, db.SQLite), "ann")
	domain := s.owns(t, "hidden.example")
	for _, c := range []struct{ referrer, query, want, link string }{
		{"https://go.hidden.example/", "", "https://shop.example/?tclid=", domain.Link},
		{"https://go.hidden.example/", "?u=https://shop.example/red", "https://shop.example/red?tclid=", domain.Link},
		{"https://elsewhere.example/", "", "https://shop.example/", ""},
		{"", "?u=https://shop.example/red", "https://shop.example/red", ""},
	} {
		before := len(s.touches(t))
		w := s.get("/d/ann"+c.query, "Referer", c.referrer)
		list := s.touches(t)
		if at := w.Header().Get("Location"); w.Code != 302 || !strings.HasPrefix(at, c.want) || (c.link == "") != (at == c.want) {
			t.Errorf("%s: %d %s", c.referrer, w.Code, at)
		}
		if (len(list) > before) != (c.link != "") || c.link != "" && list[0].Link != c.link {
			t.Errorf("%s: %+v", c.referrer, list)
		}
	}
	if w := s.get("/d/ann?u=https://evil.example/", "Referer", ""); w.Header().Get("Location") != "https://shop.example/" {
		t.Errorf("it leads elsewhere: %d %s", w.Code, w.Header().Get("Location"))
	}
	if w := s.get("/d/nobody"); w.Code != 404 {
		t.Errorf("an unknown program: %d", w.Code)
	}
}

// pays lets views count for so many days.
func (s shop) pays(t *testing.T, views int64) {
	t.Helper()
	ctx := context.Background()
	terms := contract.Sensible("EUR")
	terms.ViewDays = views
	err := s.db.Write(ctx, func(tx *db.Tx) error {
		_, err := commission.Agree(ctx, tx, s.keys, s.link.Partnership, s.db.Now(), terms, "test")
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
}

func TestViewsAreKeptAndJudged(t *testing.T) {
	dbtest.Run(t, func(t *testing.T, d *db.DB) {
		s := openShop(t, d, "ann")
		for _, c := range []struct {
			name   string
			header []string
			mark   touch.Mark
		}{
			{"a person", []string{"Sec-Fetch-Dest", "image", "Referer", "https://blog.example/"}, ""},
			{"the same a moment later", []string{"Sec-Fetch-Dest", "image"}, touch.Duplicate},
			{"a robot", []string{"User-Agent", "Googlebot/2.1 (+http://www.google.com/bot.html)"}, touch.Bot},
			{"fetched ahead", []string{"Sec-Purpose", "prefetch", "X-Forwarded-For", "192.0.2.9"}, touch.Prefetch},
		} {
			w := s.get("/i/ann.gif?sub1=top", c.header...)
			var got touch.Touch
			for _, t := range s.touches(t) {
				if t.Mark == c.mark {
					got = t
				}
			}
			if w.Code != 200 || w.Header().Get("Content-Type") != "image/gif" || w.Header().Get("Cache-Control") != "no-store" || w.Header().Get("Set-Cookie") != "" {
				t.Errorf("%s: %d %v", c.name, w.Code, w.Header())
			}
			if got.Kind != touch.Impression || got.Mark != c.mark || got.Partnership != s.link.Partnership || got.Link != s.link.ID || got.Sub[0] != "top" || got.Who != "" {
				t.Errorf("%s: %+v", c.name, got)
			}
		}
		if w := s.get("/i/nobody.gif"); w.Code != 200 || w.Header().Get("Content-Type") != "image/gif" {
			t.Errorf("a code that nobody has breaks a page: %d", w.Code)
		}
		seen, err := touch.Views(context.Background(), d.Read(), touch.Cut{Program: s.prog.ID, From: d.Now().Add(-time.Hour), To: d.Now().Add(time.Hour)}, "link")
		if err != nil || seen[s.link.ID] != 1 {
			t.Errorf("counted %v %v", seen, err)
		}
		if w := s.get("/c/ann"); w.Code != 302 {
			t.Fatal(w.Code)
		}
		if got := newest(s.touches(t)); got.Mark != touch.Counts {
			t.Errorf("the click after a view is %q", got.Mark)
		}
	})
}

func TestSeenAndNotClicked(t *testing.T) {
	dbtest.Run(t, func(t *testing.T, d *db.DB) {
		for _, c := range []struct {
			name    string
			views   int64
			click   bool
			verdict commission.Verdict
			owed    int
		}{
			{"agreed", 7, false, commission.Counted, 1},
			{"a click beats it", 7, true, commission.ClickBeatsView, 1},
			{"not agreed any more", 0, false, commission.ViewsNotAgreed, 0},
		} {
			slug := strings.ReplaceAll(c.name, " ", "-")
			s := openShop(t, d, slug)
			s.pays(t, 7)
			w := s.get("/i/" + slug + ".gif")
			cookie := w.Header().Get("Set-Cookie")
			name, _, _ := strings.Cut(cookie, ";")
			if !strings.Contains(cookie, "HttpOnly; Secure; SameSite=None") || !strings.HasPrefix(name, "trb_seen=") {
				t.Fatalf("%s: the browser gets %q", c.name, cookie)
			}
			s.pays(t, c.views)
			click := ""
			if c.click {
				click = s.click()
			}
			s.say(fmt.Sprintf(`{"type":"visit","visitor":%q,"url":"https://shop.example/","click":%q}`, visitor, click), "Cookie", name)
			s.meet(t)
			if status, body, _ := s.say(fmt.Sprintf(`{"type":"conversion","visitor":%q,"order":"1","amount":"10","currency":"EUR"}`, visitor)); status != 200 {
				t.Fatalf("%s: %d %s", c.name, status, body)
			}
			sold, err := conversion.By(context.Background(), d.Read(), s.prog.ID, []string{"v:" + visitor}, time.UnixMilli(0))
			if err != nil || len(sold) != 1 {
				t.Fatal(sold, err)
			}
			e, err := commission.Explain(context.Background(), d.Read(), sold[0].ID)
			var got commission.Verdict
			for _, step := range e.Steps {
				if step.Kind == touch.Impression {
					got = step.Verdict
				}
			}
			if err != nil || got != c.verdict || len(e.Parts) != c.owed {
				t.Errorf("%s: %+v %v", c.name, e, err)
			}
			if proof, err := commission.Verify(context.Background(), d.Read(), s.keys, s.prog, func(int, int) {}); err != nil || len(proof.Faults) > 0 {
				t.Errorf("%s: %v %v", c.name, proof.Faults, err)
			}
		}
	})
}

func TestASignInIsBelievedWithAProof(t *testing.T) {
	s := openShop(t, dbtest.Open(t, db.SQLite), "ann")
	prog, err := s.links.Program(context.Background(), s.prog.ID)
	if err != nil {
		t.Fatal(err)
	}
	prog.TagSales = false
	mac := hmac.New(sha256.New, []byte(prog.Secret))
	mac.Write([]byte("customer:4711"))
	proof := hex.EncodeToString(mac.Sum(nil))
	for customer, want := range map[string]int{"4711": 204, "4712": 403} {
		if status, body, _ := s.say(fmt.Sprintf(`{"type":"customer","visitor":%q,"customer":%q,"proof":%q}`, visitor, customer, proof)); status != want {
			t.Errorf("%s: %d %s", customer, status, body)
		}
	}
}

func TestWithoutScriptsAPictureTells(t *testing.T) {
	dbtest.Run(t, func(t *testing.T, d *db.DB) {
		s := openShop(t, d, "ann")
		err := d.Write(context.Background(), func(tx *db.Tx) error {
			return program.SetTag(context.Background(), tx, s.prog, program.Tag{Params: []string{"partner"}, Consent: program.Full})
		})
		if err != nil {
			t.Fatal(err)
		}
		for _, page := range []string{"https://shop.example/?partner=ann&sub1=x", "https://shop.example/ref/ann/", "https://shop.example/?tclid=" + s.click()} {
			s.door = track.New(track.Options{DB: d, Links: s.links, Keeper: s.keeper, Keys: s.keys, Line: s.line}) // forgets what was a moment ago
			if w := s.get("/t/ann.gif", "Referer", page, "Sec-Fetch-Dest", "image"); w.Code != 200 || w.Header().Get("Content-Type") != "image/gif" || w.Header().Get("Set-Cookie") != "" || w.Header().Get("Tributary-Result") != "" {
				t.Errorf("%s: %d %v", page, w.Code, w.Header())
			}
			s.meet(t)
			if got := newest(s.touches(t)); got.Kind != touch.Click || got.Mark != "" {
				t.Errorf("%s: %+v", page, got)
			}
		}
		for header, query := range map[string]string{"origin_not_allowed": "", "order_id_missing": "?order=%20&amount=1&currency=EUR"} {
			referrer := map[bool]string{true: "https://shop.example/", false: "https://evil.example/"}[query != ""]
			if w := s.get("/t/ann.gif"+query, "Referer", referrer); w.Code != 200 || w.Header().Get("Tributary-Result") != header {
				t.Errorf("%s: %d %v", header, w.Code, w.Header())
			}
		}
		s.get("/t/ann.gif?order=7&amount=10&currency=EUR&customer=4711", "Referer", "https://shop.example/")
		owed, err := commission.List(context.Background(), d.Read(), commission.Filter{Program: s.prog.ID, Limit: 9})
		if err != nil || len(owed) != 1 || owed[0].Partnership != s.link.Partnership {
			t.Errorf("owed %+v %v", owed, err)
		}
	})
}

func TestTheTagThatIsSentIsMadeOfItsSource(t *testing.T) {
	source, err := os.ReadFile("tag.js")
	if err != nil {
		t.Fatal(err)
	}
	made, err := os.ReadFile("tag.min.sum")
	if sum := sha256.Sum256(source); err != nil || !strings.HasPrefix(string(made), hex.EncodeToString(sum[:])) {
		t.Errorf("run go generate ./internal/track: %v", err)
	}
}

func TestATagThatAPageHoldsOnToStays(t *testing.T) {
	dbtest.Run(t, func(t *testing.T, d *db.DB) {
		s := openShop(t, d, "ann")
		path, integrity := track.TagVersion()
		w := s.get(path, "Accept-Encoding", "gzip")
		if w.Code != 200 || w.Body.Len() > 2048 || !strings.Contains(w.Header().Get("Cache-Control"), "immutable") || w.Header().Get("Access-Control-Allow-Origin") != "*" || !strings.HasPrefix(integrity, "sha384-") {
			t.Errorf("%d %d bytes %v", w.Code, w.Body.Len(), w.Header())
		}
		err := d.Write(context.Background(), func(tx *db.Tx) error {
			_, err := db.Exec(context.Background(), tx, `update tag_version set path = '/tag/0123.js'`)
			return err
		})
		if was := s.get("/tag/0123.js"); err != nil || was.Code != 200 || was.Body.String() != s.get("/tag.js").Body.String() {
			t.Errorf("a version of before: %d %v", was.Code, err)
		}
		if never := s.get("/tag/4567.js"); never.Code != http.StatusNotFound {
			t.Errorf("a version that never was: %d", never.Code)
		}
	})
}
