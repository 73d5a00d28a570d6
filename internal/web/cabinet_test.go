package web

import (
	"bytes"
	"encoding/csv"
	"fmt"
	"image/png"
	"net/http"
	"net/url"
	"regexp"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/tributary-hq/tributary/internal/conversion"
	"github.com/tributary-hq/tributary/internal/db"
	"github.com/tributary-hq/tributary/internal/db/dbtest"
	"github.com/tributary-hq/tributary/internal/touch"
)

// campaign is what Marta does besides: clicks with sub-ids and pages, a sale to which two of her clicks led, and a return.
func (w *world) campaign() {
	w.t.Helper()
	first, second := w.click("Marta’s Kitchen", w.acme, 50*time.Hour), w.click("Marta’s Kitchen", w.acme, 3*time.Hour)
	first.Sub[0], first.URL = "letter7", "https://acme.example/tents?utm=1"
	second.Sub[0], second.Sub[2], second.URL = "=HYPERLINK(1)", "spring", "https://acme.example/boots"
	land := func(t touch.Touch) touch.Touch {
		return touch.Touch{ID: "landing-" + t.ID, Program: w.acme.ID, Kind: touch.Landing, Who: touch.WhoVisitor("visitor-9"), Click: t.ID, At: t.At}
	}
	third := w.click("Marta’s Kitchen", w.acme, time.Hour)
	third.Sub[0] = "letter7"
	w.meet([]touch.Touch{first, second, land(first), land(second), third})
	w.report(conversion.New{Program: w.acme.ID, Order: "A-twice", Amount: "100.05", Currency: "EUR", Visitor: "visitor-9", Source: conversion.FromTag})
	w.buy(w.acme, "A-back", "50.00", third.ID)
	w.refund("A-back", "50.00")
}

// table reads a file of the cabinet: its heading and its rows by their first column.
func (b *browser) table(path string) (head []string, rows map[string][]string) {
	b.w.t.Helper()
	status, body, _ := b.get(path)
	text, marked := strings.CutPrefix(body, "\ufeff")
	if status != http.StatusOK || !marked || !strings.Contains(text, "\r\n") {
		b.w.t.Fatalf("%s: %d %q", path, status, body[:min(len(body), 80)])
	}
	all, err := csv.NewReader(strings.NewReader(text)).ReadAll()
	if err != nil {
		b.w.t.Fatal(err)
	}
	rows = map[string][]string{}
	for _, row := range all[1:] {
		rows[row[0]] = row
	}
	return all[0], rows
}

// said are some columns of a row: clicks, leads, sales, rejected and earnings.
func said(row []string) string {
	if len(row) < 7 {
		return "none"
	}
	return strings.Join(row[2:7], " ")
}

func TestStatistics(t *testing.T) {
	dbtest.Run(t, func(t *testing.T, d *db.DB) {
		w := newWorld(t, d)
		w.campaign()
		b := w.as("Marta’s Kitchen")
		at := "/partner/" + w.pts["Marta’s Kitchen"].ID
		link := w.links["Marta’s Kitchen"].ID
		for _, c := range []struct{ promise, query, row, want string }{
			{"a sub-id has the cents of its touches, and the sale only where it weighs most", "by=sub1", "letter7", "2 0 0 1 5.01"},
			{"a word that is a formula is not one in the file", "by=sub1", "'=HYPERLINK(1)", "1 0 1 0 5.00"},
			{"a page is one, whatever its address ends in", "by=page", "https://acme.example/tents", "1 0 0 0 5.01"},
			{"one sub-id within another", "by=sub3&sub1==HYPERLINK(1)", "spring", "1 0 1 0 5.00"},
			{"a filter holds for the days too", "by=day&sub1=letter7&period=today", w.now.Format("2006-01-02"), "1 0 0 1 5.01"},
			{"a filter that nothing meets", "by=link&sub1=nothing", link, "none"},
			{"days that were not", "by=link&from=2020-01-01&to=2020-01-31", link, "none"},
		} {
			_, rows := b.table(at + "/statistics?file=csv&" + strings.ReplaceAll(c.query, "==", "=%3D"))
			if got := said(rows[c.row]); got != c.want {
				t.Errorf("%s: %q, want %q (%v)", c.promise, got, c.want, rows)
			}
		}
		var totals string
		for _, by := range groupings {
			_, rows := b.table(at + "/statistics?file=csv&period=ninety&by=" + by)
			var sum measures
			for _, row := range rows {
				cents, err := strconv.ParseInt(strings.Replace(row[6], ".", "", 1), 10, 64)
				if err != nil {
					t.Fatal(err)
				}
				n := func(i int) int64 { n, _ := strconv.ParseInt(row[i], 10, 64); return n }
				sum.add(measures{0, n(2), n(3), n(4), n(5), cents})
			}
			if totals == "" {
				totals = fmt.Sprint(sum)
			} else if totals != fmt.Sprint(sum) {
				t.Errorf("by %s the sum is %v, by day %s", by, sum, totals)
			}
		}
		b.shows(at+"/statistics?by=sub1&sort=-earnings", "letter7", "Without a sub-id", `aria-sort="descending"`, "How this is counted")
		b.shows(at+"/statistics?link="+link, "Link: Spring story", "Take this filter away")
		b.shows(at+"/statistics?from=2026-05-09&to=2026-05-01", "The first day is after the last.", `value="2026-05-09"`)
		b.shows(at+"/statistics?from=junk", "These are not two days.")
		b.shows(at+"/statistics?from=2020-01-01&to=2026-05-01", "At most 400 days at once.")
		if body := b.shows(at + "/statistics?by=sub1&sub1=" + url.QueryEscape(`<script>alert(1)</script>`)); strings.Contains(body, "<script>alert") {
			t.Error("a filter comes out as markup")
		}
	})
}

func TestNobodyElsesFigures(t *testing.T) {
	dbtest.Run(t, func(t *testing.T, d *db.DB) {
		w := newWorld(t, d)
		w.campaign()
		b := w.as("Trailhead Weekly")
		at, other := "/partner/"+w.pts["Trailhead Weekly"].ID, w.links["Marta’s Kitchen"].ID
		secrets := []string{"Marta", "Deal Otter", "Summit", "Zed", w.links["Marta’s Kitchen"].Code, w.links["Deal Otter"].ID, "letter7", "A-twice", "A-back", "customer-4711", "visitor-7"}
		for _, page := range []string{"/statistics", "/statistics?by=link", "/statistics?by=sub1", "/statistics?by=page", "/statistics?file=csv&by=link", "/statistics?file=csv&by=sub1&period=ninety",
			"/links", "/links/" + w.links["Trailhead Weekly"].ID, "/earnings", "/earnings?q=A-shared", "/earnings?file=csv", "/payouts", "/contract", "/profile"} {
			status, body, _ := b.get(at + page)
			if status != http.StatusOK {
				t.Errorf("%s: %d", page, status)
			}
			for _, secret := range secrets {
				if strings.Contains(body, secret) {
					t.Errorf("%s tells %q", page, secret)
				}
			}
		}
		if _, rows := b.table(at + "/statistics?file=csv&by=link&period=ninety"); len(rows) != 1 || rows[w.links["Trailhead Weekly"].ID] == nil {
			t.Errorf("links of others: %v", rows)
		}
		if _, rows := b.table(at + "/earnings?file=csv&q=A-twice"); len(rows) != 0 {
			t.Errorf("an order of others: %v", rows)
		}
		for _, page := range []string{"/statistics?link=" + other, "/statistics?file=csv&link=" + other, "/links/" + other, "/links/" + other + "/qr.svg", "/links/" + other + "/qr.png",
			"/links/lnk_none", "/payouts/" + w.payout(), "/payouts/pay_none"} {
			if status, body, _ := b.get(at + page); status != http.StatusNotFound || strings.Contains(body, "Marta") {
				t.Errorf("%s: %d", page, status)
			}
		}
		if status, _, _ := b.post(at+"/links/"+other, url.Values{"label": {"mine"}}); status != http.StatusNotFound {
			t.Errorf("naming another's link: %d", status)
		}
	})
}

func TestLinkToHandOut(t *testing.T) {
	dbtest.Run(t, func(t *testing.T, d *db.DB) {
		w := newWorld(t, d)
		b := w.as("Marta’s Kitchen")
		links := "/partner/" + w.pts["Marta’s Kitchen"].ID + "/links"
		b.step(links, url.Values{"target": {"https://elsewhere.example/"}, "sub1": {"kept"}}, `aria-invalid="true" aria-describedby="h-target"`)
		_, body, _ := b.post(links, url.Values{"target": {"https://elsewhere.example/"}, "sub2": {"kept as typed"}})
		if !strings.Contains(body, `value="kept as typed"`) || !strings.Contains(body, "<details class=\"more\" open") {
			t.Error("a sub-id that was typed is lost")
		}
		made := b.step(links, url.Values{"code": {"marta-may"}, "label": {`May & <Co>`}, "target": {"https://acme.example/boots"}, "sub1": {"a b"}, "shared": {"x&y"}}, links+"/lnk_")
		body = b.shows(made, "/c/marta-may?shared=x%26y&amp;sub1=a&#43;b", "Your link is ready.", "qr.svg?shared=x%26y&amp;sub1=a", "This is an affiliate link: if you buy from Acme Outdoor through it",
			// escaped twice: as HTML to paste, and as the text of a field
			"&lt;a href=&#34;", "rel=&#34;sponsored nofollow&#34;&gt;May &amp;amp; &amp;lt;Co&amp;gt;&lt;/a&gt;</textarea>")
		if strings.Contains(body, "<Co>") {
			t.Error("a label comes out as markup")
		}
		page, query, _ := strings.Cut(made, "?")
		status, drawing, _ := b.get(page + "/qr.svg?" + query)
		if status != http.StatusOK || !strings.HasPrefix(drawing, "<svg ") || !regexp.MustCompile(`^<svg [^>]+><rect [^>]+/><path d="(M\d+,\d+h\d+v1h-\d+z)+"/></svg>\n$`).MatchString(drawing) {
			t.Errorf("the drawing: %d %.200s", status, drawing)
		}
		status, picture, _ := b.get(page + "/qr.png")
		if image, err := png.Decode(bytes.NewReader([]byte(picture))); status != http.StatusOK || err != nil || image.Bounds().Dx() < 300 {
			t.Errorf("the picture: %d %v", status, err)
		}
		b.step(page, url.Values{"label": {strings.Repeat("x", 121)}}, "At most 120 characters.")
		b.step(page, url.Values{"label": {"June"}}, page)
		b.shows(links, "June", "/c/marta-may", "€0.00")
	})
}

func TestPromoCodes(t *testing.T) {
	dbtest.Run(t, func(t *testing.T, d *db.DB) {
		w := newWorld(t, d)
		owner, marta := w.as("owner"), w.as("Marta’s Kitchen")
		at := "/console/acme/partners/" + w.pts["Marta’s Kitchen"].ID
		owner.step(at+"/codes", url.Values{"code": {"no code!"}}, "2 to 64 letters, digits, hyphens and underscores.")
		owner.step(at+"/codes", url.Values{"code": {"marta10"}}, at)
		owner.shows(at+"?tab=links", "MARTA10", "The partner has the code.")
		owner.step("/console/acme/partners/"+w.pts["Deal Otter"].ID+"/codes", url.Values{"code": {"Marta10"}}, "This name is taken.")
		if body := w.as("analyst").shows(at + "?tab=links"); strings.Contains(body, "Give a promo code") {
			t.Error("offers an analyst what they may not do")
		}
		w.now = w.now.Add(time.Hour)
		w.report(conversion.New{Program: w.acme.ID, Order: "A-code", Amount: "80.00", Currency: "EUR", Code: "marta10", Source: conversion.FromAPI})
		links := marta.shows("/partner/"+w.pts["Marta’s Kitchen"].ID+"/links", "MARTA10")
		if row := regexp.MustCompile(`(?s)code-MARTA10.*?</tr>`).FindString(links); !strings.Contains(row, `class="num">1</td><td role="cell" data-name="Earnings" class="num">€8.00</td>`) {
			t.Errorf("the code's row: %s", row)
		}
		_, rows := marta.table("/partner/" + w.pts["Marta’s Kitchen"].ID + "/statistics?file=csv&by=link")
		if got := said(rows["code:MARTA10"]); got != "0 0 1 0 8.00" {
			t.Errorf("the code in the statistics: %q", got)
		}
	})
}

func TestEarningsAndPayouts(t *testing.T) {
	dbtest.Run(t, func(t *testing.T, d *db.DB) {
		w := newWorld(t, d)
		w.campaign()
		b := w.as("Marta’s Kitchen")
		at := "/partner/" + w.pts["Marta’s Kitchen"].ID
		for _, c := range []struct{ query, has, hasNot string }{
			{"", "A-shared", "nothing found"},
			{"?q=A-twice", "A-twice", "A-shared"},
			{"?q=A-twi", "Nothing found", "A-twice"},
			{"?state=reversed", "A-back", "A-twice"},
			{"?state=paid&period=today", "Nothing found", "A-twice"},
			{"?from=" + w.now.Format("2006-01-02"), "A-twice", "A-2000"},
			{"?from=2020-01-01&to=2020-02-01", "Nothing found", "A-twice"},
		} {
			_, body, _ := b.get(at + "/earnings" + c.query)
			if !strings.Contains(body, c.has) || strings.Contains(body, c.hasNot) {
				t.Errorf("earnings%s: %q and no %q", c.query, c.has, c.hasNot)
			}
		}
		head, rows := b.table(at + "/earnings?file=csv&q=A-twice")
		if len(head) != 10 || len(rows) != 1 {
			t.Errorf("the file: %v %v", head, rows)
		}
		for _, row := range rows {
			if row[1] != "A-twice" || row[4] != "pending" || row[7] != "10.01" || row[8] != "EUR" {
				t.Errorf("the file: %v", row)
			}
		}
		body := b.shows(at+"/payouts/"+w.payout(), "What it pays", "In this payout", "Marta’s Kitchen", "A-10")
		if strings.Contains(body, "Trailhead") {
			t.Error("a statement tells of others")
		}
		b.shows(at+"/statistics", "Bars: Clicks")
		b.shows(at+"/statistics?show=earnings", "Bars: Earnings")
		b.shows(at, "Results so far", "becomes payable on", "Leads")
		b.shows(at+"/profile/team", "Who can sign in", email("Marta’s Kitchen"))
	})
}

func TestContractThatChanged(t *testing.T) {
	w := newWorld(t, dbtest.Open(t, db.SQLite))
	id := w.pts["Marta’s Kitchen"].ID
	w.as("owner").step("/console/acme/partners/"+id+"/terms", url.Values{"rate.sale": {"12"}, "fixed.lead": {"2"}, "window_days": {"45"}, "lock_days": {"30"}, "cycle": {"monthly"}, "threshold": {"50"}, "sure": {"yes"}}, "/console")
	w.as("Marta’s Kitchen").shows("/partner/"+id+"/contract", "<del>10% </del><ins>12% </ins>of each sale", "<ins>€2 for each lead</ins>", "A click counts for <del>30 </del><ins>45 </ins>days.", "The first agreement.")
}

func TestCompare(t *testing.T) {
	for _, c := range []struct{ name, old, new, want string }{
		{"the same", "a b", "a b", "a b"},
		{"a word in the middle", "a b c", "a x c", "a [-b -][+x +]c"},
		{"all is new", "", "a b", "[+a b+]"},
		{"all is gone", "a", "", "[-a-]"},
		{"Chinese by the character", "每笔成交 10%", "每笔线索 10%", "每笔[-成交-][+线索+] 10%"},
		{"a number with its unit", "12\u202f% de", "15\u202f% de", "[-12\u202f% -][+15\u202f% +]de"},
	} {
		var b strings.Builder
		for _, r := range compare(c.old, c.new) {
			b.WriteString(map[string]string{"gone": "[-" + r.Text + "-]", "new": "[+" + r.Text + "+]", "same": r.Text}[r.Kind])
		}
		if b.String() != c.want {
			t.Errorf("%s: %q, want %q", c.name, b.String(), c.want)
		}
	}
}

func TestHarmless(t *testing.T) {
	for _, c := range [][2]string{{"", ""}, {"word", "word"}, {"=1+1", "'=1+1"}, {"@SUM(A1)", "'@SUM(A1)"}, {"+49", "'+49"}, {"-1+cmd", "'-1+cmd"}, {"-12.50", "-12.50"},
		{"\t=1", "'\t=1"}, {"-", "'-"}, {"a=1", "a=1"}} {
		if got := harmless(c[0]); got != c[1] {
			t.Errorf("%q becomes %q, want %q", c[0], got, c[1])
		}
	}
}

func TestMeasures(t *testing.T) {
	if m := (measures{Clicks: 8, Sales: 1, Leads: 2, Rejected: 4, Earned: 1001}); m.Rate() != 375 || m.PerClick() != 125_100_000 {
		t.Errorf("%d %d", m.Rate(), m.PerClick())
	}
	if m := (measures{Sales: 1, Earned: 5}); m.Rate() != 0 || m.PerClick() != 0 {
		t.Error("without clicks there is no rate")
	}
}
