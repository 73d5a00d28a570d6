package web

import (
	"bytes"
	"context"
	"mime/multipart"
	"net/http"
	"net/url"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/tributary-hq/tributary/internal/commission"
	"github.com/tributary-hq/tributary/internal/contract"
	"github.com/tributary-hq/tributary/internal/creative"
	"github.com/tributary-hq/tributary/internal/db"
	"github.com/tributary-hq/tributary/internal/db/dbtest"
	"github.com/tributary-hq/tributary/internal/money"
	"github.com/tributary-hq/tributary/internal/touch"
)

// uploads sends a form with a picture.
func (b *browser) uploads(path string, form url.Values, picture []byte) (status int, body, location string) {
	b.w.t.Helper()
	var sent bytes.Buffer
	w := multipart.NewWriter(&sent)
	for name := range form {
		w.WriteField(name, form.Get(name))
	}
	part, err := w.CreateFormFile("picture", "hills.exe")
	if err != nil {
		b.w.t.Fatal(err)
	}
	part.Write(picture)
	w.Close()
	r, err := http.NewRequest("POST", b.w.server.URL+path, &sent)
	if err != nil {
		b.w.t.Fatal(err)
	}
	r.Header.Set("Content-Type", w.FormDataContentType())
	return b.do(r)
}

func TestLibraryOfCreatives(t *testing.T) {
	dbtest.Run(t, func(t *testing.T, d *db.DB) {
		w := newWorld(t, d)
		owner, marta := w.as("owner"), w.as("Marta’s Kitchen")
		at, mine := "/console/acme/creatives", "/partner/"+w.pts["Marta’s Kitchen"].ID+"/creatives"
		name := `Tents "for" <two> & 'more'`
		good := url.Values{"kind": {"banner"}, "name": {name}, "target": {"https://acme.example/tents"}, "locale": {"de"}, "place": {"3"}}
		for _, c := range []struct {
			name, field, value, want string
			picture                  []byte
		}{
			{"a drawing", "", "", "This is not a PNG, JPEG, GIF or WebP picture.", []byte("<svg/>")},
			{"no picture", "", "", "Choose a picture.", nil},
			{"a picture that is too large", "", "", "A picture has at most 500 kB.", make([]byte, creative.PictureMost+1)},
			{"a page of another shop", "target", "https://rival.example/", "Links may lead only to pages of this program.", pixels(300, 250)},
			{"a day that is none", "starts", "tomorrow", "This is not a day.", pixels(300, 250)},
			{"an end before the start", "ends", "2020-01-01", "The last day is before the first.", pixels(300, 250)},
			{"a place that is none", "place", "first", "This is not a whole number.", pixels(300, 250)},
		} {
			form := url.Values{}
			for name, list := range good {
				form[name] = list
			}
			form.Set("starts", "2026-01-02")
			if c.field != "" {
				form.Set(c.field, c.value)
			}
			status, body, _ := owner.uploads(at, form, c.picture)
			if status != http.StatusUnprocessableEntity || !strings.Contains(alerts(body), c.want) || !strings.Contains(body, `value="Tents &#34;for&#34; &lt;two&gt; &amp; &#39;more&#39;"`) {
				t.Errorf("%s: %d %s", c.name, status, alerts(body))
			}
			if c.field != "" && !strings.Contains(body, "Choose the picture again") {
				t.Errorf("%s: it is not said that the picture is lost", c.name)
			}
		}
		status, body, to := owner.uploads(at, good, pixels(300, 250))
		if status != http.StatusSeeOther || !strings.HasPrefix(to, at+"/crv_") {
			t.Fatalf("a good one: %d %s", status, alerts(body))
		}
		id := to[len(at)+1:]
		if body := owner.shows(to, "300 × 250", "Nobody uses it yet", `src="/b/`+id+`.png"`); strings.Contains(body, "<two>") {
			t.Error("a name made a tag")
		}

		marta.shows(mine, "Get the code", `width="300" height="250"`)
		var codes []string
		for range 2 {
			marta.step(mine+"/"+id, nil, mine+"/"+id)
			body := marta.shows(mine+"/"+id, "Here is your code.")
			codes = append(codes, regexp.MustCompile(`/c/([a-z0-9]{7})`).FindStringSubmatch(body)[1])
			want := `&lt;a href=&#34;` + w.server.URL + "/c/" + codes[0] + `&#34; rel=&#34;sponsored nofollow&#34;&gt;&lt;img src=&#34;` + w.server.URL + "/b/" + id +
				`.png?l=` + codes[0] + `&#34; width=&#34;300&#34; height=&#34;250&#34; alt=&#34;Tents &amp;#34;for&amp;#34; &amp;lt;two&amp;gt; &amp;amp; &amp;#39;more&amp;#39;&#34;&gt;&lt;/a&gt;`
			if !strings.Contains(body, want) {
				t.Errorf("the code to copy is not %s", want)
			}
		}
		if codes[0] != codes[1] {
			t.Errorf("the second time the code is %s, the first %s", codes[1], codes[0])
		}
		marta.shows(mine, "Copy code")

		owner.step(at+"/"+id+"/archive", nil, at+"/"+id)
		owner.shows(at+"?show=archived", "Tents &#34;for&#34;")
		marta.shows(mine+"/"+id, "no longer offers this", codes[0])
		trail := w.as("Trailhead Weekly")
		theirs := "/partner/" + w.pts["Trailhead Weekly"].ID + "/creatives"
		if status, _, _ := trail.get(theirs + "/" + id); status != http.StatusNotFound {
			t.Errorf("an archived one for a partner who never had it: %d", status)
		}
		if status, _, _ := trail.post(theirs+"/"+id, nil); status != http.StatusNotFound {
			t.Errorf("its code for a partner who never had it: %d", status)
		}
		owner.step(at+"/"+id+"/restore", nil, at+"/"+id)
		trail.shows(theirs+"/"+id, "Get the code")

		owner.step(at+"/"+id, url.Values{"name": {""}, "target": {"https://acme.example/packs"}}, "A name of at most 120 characters is needed.")
		owner.step(at+"/"+id, url.Values{"name": {"Packs"}, "target": {"https://acme.example/packs"}, "place": {""}}, at+"/"+id)
		link, err := creative.Search(context.Background(), d.Read(), creative.LinkFilter{Program: w.acme.ID, Words: codes[0], Limit: 2})
		if err != nil || len(link) != 1 || link[0].Target != "https://acme.example/packs" {
			t.Errorf("the partner's link is %+v, %v", link, err)
		}
	})
}

func TestResultsOfACreativeAreThoseOfItsLinks(t *testing.T) {
	dbtest.Run(t, func(t *testing.T, d *db.DB) {
		w := newWorld(t, d)
		m := w.material(creative.Material{Kind: creative.Words, Name: "Mended", Text: "Mended"}, nil)
		for i, name := range []string{"Marta’s Kitchen", "Deal Otter"} {
			old := w.links[name]
			w.links[name] = w.takes(name, m)
			for n := range 2 + i {
				click := w.click(name, w.acme, time.Hour)
				w.meet([]touch.Touch{click})
				if n == 0 {
					w.buy(w.acme, "C-"+name, "100.00", click.ID)
				}
			}
			w.links[name] = old
		}
		owner := w.as("owner")
		row := regexp.MustCompile(`(?s)>Mended</a>.*?</tr>`).FindString(owner.shows("/console/acme/creatives"))
		for _, want := range []string{"data-name=\"Partners\" class=\"num\">2<", "data-name=\"Clicks\" class=\"num\">5<", "data-name=\"Conversions\" class=\"num\">2<", "data-name=\"Commissions\" class=\"num\">€20.00<"} {
			if !strings.Contains(row, want) {
				t.Errorf("no %s in %s", want, row)
			}
		}
		owner.shows("/console/acme/creatives/"+m.ID, "Deal Otter", "Marta’s Kitchen", "€20.00")
		body := w.as("Marta’s Kitchen").shows("/partner/"+w.pts["Marta’s Kitchen"].ID+"/creatives/"+m.ID, "€10.00", "<dt>Clicks</dt><dd>2</dd>")
		if strings.Contains(body, "€20.00") {
			t.Error("a partner sees what others earn")
		}
		if status, file, _ := owner.get("/console/acme/creatives?file=csv"); status != http.StatusOK || !strings.Contains(file, "Mended,text") || !strings.Contains(file, ",2,20.00,EUR") {
			t.Errorf("the file: %d %s", status, file)
		}
	})
}

func TestLinksOfAProgram(t *testing.T) {
	w := newWorld(t, dbtest.Open(t, db.SQLite))
	owner, link := w.as("owner"), w.links["Deal Otter"]
	for _, c := range []struct{ words, finds, leaves string }{
		{"", link.Code, w.links["Zed Reviews"].Code},
		{"otter", link.Code, w.links["Marta’s Kitchen"].Code},
		{strings.ToUpper(link.Code), link.Code, w.links["Marta’s Kitchen"].Code},
		{"/tents", link.Code, "Nothing found"},
		{"%", "Nothing found", link.Code},
	} {
		body := owner.shows("/console/acme/links?q=" + url.QueryEscape(c.words))
		if !strings.Contains(body, c.finds) || strings.Contains(body, c.leaves) {
			t.Errorf("%q: finds %t, leaves %t", c.words, strings.Contains(body, c.finds), !strings.Contains(body, c.leaves))
		}
	}
	owner.shows("/console/acme/links/"+link.ID, "Deal Otter", "https://acme.example/tents", link.Code)
	if status, _, _ := owner.get("/console/acme/links/" + w.links["Zed Reviews"].ID); status != http.StatusNotFound {
		t.Errorf("another program's link: %d", status)
	}
}

func TestContractsByTheirTerms(t *testing.T) {
	dbtest.Run(t, func(t *testing.T, d *db.DB) {
		w := newWorld(t, d)
		agree := func(name string, rate money.Rate, since time.Time) {
			terms := contract.Sensible("EUR")
			terms.Payouts = map[string]contract.Payout{"sale": {Rate: rate}, "lead": {}} // that a lead earns nothing says nothing
			w.write(func(ctx context.Context, tx *db.Tx) error {
				_, err := commission.Agree(ctx, tx, w.keys, w.pts[name].ID, since, terms, "test")
				return err
			})
		}
		agree("Deal Otter", 50_000, w.now)
		agree("Summit Podcast", 100_000, w.now)
		agree("Trailhead Weekly", 120_000, w.now.AddDate(0, 1, 0))
		owner, at := w.as("owner"), "/console/acme/contracts"
		body := owner.shows(at, "3 partners", "1 partner", "5% of each sale", "<del>10% </del><ins>12% </ins>", "Coming changes")
		if n := strings.Count(body, `class="panel group"`); n != 2 {
			t.Errorf("there are %d kinds of terms", n)
		}
		for _, c := range []struct{ show, finds, leaves string }{
			{"standard", "Marta’s Kitchen", "Deal Otter"}, {"own", "Deal Otter", "Marta’s Kitchen"}, {"scheduled", "Trailhead Weekly", "Deal Otter"}, {"ended", "Nothing found", "Deal Otter"}} {
			if body := owner.shows(at+"?show="+c.show, c.finds); strings.Contains(body, c.leaves) {
				t.Errorf("%s shows %s", c.show, c.leaves)
			}
		}
		if body := owner.shows(at+"?q=otter", "Deal Otter"); strings.Contains(body, "Marta’s Kitchen") {
			t.Error("the search finds everybody")
		}
		owner.shows(at+"/"+w.pts["Trailhead Weekly"].ID, "Version 2", "later", "The partner earns", "<ins>12% </ins>")
	})
}

func TestSettingsHaveTheirPages(t *testing.T) {
	w := newWorld(t, dbtest.Open(t, db.SQLite))
	owner, analyst, at := w.as("owner"), w.as("analyst"), "/console/acme/settings"
	if body := analyst.shows(at, "Application form"); strings.Contains(body, at+"/tokens") || strings.Contains(body, "<textarea") {
		t.Error("an analyst is offered what they may not do")
	}
	owner.shows(at, at+"/tokens", "acme", "EUR")
	owner.step(at+"/brand", url.Values{"name": {" "}}, "A name of at most 120 characters is needed.")
	owner.step(at+"/brand", url.Values{"name": {"Acme & Sons"}}, at+"/brand")
	owner.shows(at+"/brand", `value="Acme &amp; Sons"`)
	w.browser().shows("/", "Acme &amp; Sons")
	owner.step(at+"/secret", nil, at+"/tracking")
	if body := owner.shows(at+"/tracking", "The postback has a new key."); strings.Contains(body, w.acme.Secret) {
		t.Error("the old key is still shown")
	}
	if status, body, _ := owner.post(at+"/model", url.Values{"model": {"position"}, "first": {"70"}, "last": {"70"}}); status != http.StatusUnprocessableEntity ||
		!strings.Contains(body, `value="70"`) || !strings.Contains(body, "cannot have more than 100%") {
		t.Errorf("a model that is impossible: %d %s", status, alerts(body))
	}
}

func TestAPhonesBarHasFivePlaces(t *testing.T) {
	for surface, items := range map[string][]navItem{"console": consoleNav, "cabinet": cabinetNav} {
		n := 0
		for _, item := range items {
			if item.Main {
				n++
			}
		}
		if n != 4 {
			t.Errorf("the bar of the %s has %d pages beside its menu", surface, n)
		}
	}
}
