package web

import (
	"html"
	"net/http"
	"net/http/httptest"
	"net/url"
	"regexp"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/tributary-hq/tributary/internal/conversion"
	"github.com/tributary-hq/tributary/internal/db"
	"github.com/tributary-hq/tributary/internal/db/dbtest"
	"github.com/tributary-hq/tributary/internal/deliver"
	"github.com/tributary-hq/tributary/internal/touch"
)

func TestPostbacksOfAPartner(t *testing.T) {
	dbtest.Run(t, func(t *testing.T, d *db.DB) {
		w := newWorld(t, d)
		marta, owner := w.as("Marta’s Kitchen"), w.as("owner")
		base := "/partner/" + w.pts["Marta’s Kitchen"].ID + "/postbacks"
		var status atomic.Int64
		status.Store(200)
		tracker := httptest.NewServer(http.HandlerFunc(func(rw http.ResponseWriter, r *http.Request) {
			rw.WriteHeader(int(status.Load()))
			rw.Write([]byte("heard <" + r.URL.Query().Get("o") + ">"))
		}))
		defer tracker.Close()
		good := url.Values{"template": {tracker.URL + "/pb?o={order_id}&s={status}&key=s3cr3t"}, "way": {"get"}, "name": {"My <tracker>"}, "moment": {"created", "paid"}}

		t.Run("what is wrong is said beside the field, and nothing typed is lost", func(t *testing.T) {
			for _, c := range []struct{ field, value, want string }{
				{"template", "tracker.example", "This is not an address that begins with https://."},
				{"template", "https://t.example/{sub1}?x=1", "A macro stands before the question mark."},
				{"template", "https://t.example/?x=%zz", "A percent sign is not followed"},
				{"moment", "", "Choose at least one moment."},
				{"way", "pigeon", "is no way to send"},
			} {
				form := url.Values{}
				for name, list := range good {
					form[name] = list
				}
				form[c.field] = []string{c.value}
				if status, body, _ := marta.post(base, form); status != http.StatusUnprocessableEntity || !strings.Contains(body, c.want) || !strings.Contains(body, "My &lt;tracker&gt;") {
					t.Errorf("%s %q: %d", c.field, c.value, status)
				}
			}
		})
		t.Run("a preview shows what arrives and keeps nothing", func(t *testing.T) {
			form := url.Values{"template": {"http://t.example/pb?o={ORDER_ID}&x={nobody}"}, "way": {"json"}, "do": {"preview"}}
			status, body, _ := marta.post(base, form)
			if body = html.UnescapeString(body); status != http.StatusOK || !strings.Contains(body, "POST http://t.example/pb\n\n"+`{"o":"A-1001","x":"{nobody}"}`) || !strings.Contains(body, "anybody on the way can read") {
				t.Errorf("%d %s", status, body)
			}
			if _, body, _ := marta.get(base); !strings.Contains(body, "No postbacks yet") {
				t.Error("the preview was kept")
			}
		})

		_, _, at := marta.post(base, good)
		if !strings.HasPrefix(at, base+"/pbk_") {
			t.Fatalf("made at %q", at)
		}
		reads := func(b *browser, path string, wanted ...string) {
			t.Helper()
			status, body, _ := b.get(path)
			for _, want := range wanted {
				if no, found := strings.CutPrefix(want, "no "); found && strings.Contains(body, no) || !found && !strings.Contains(body, want) {
					t.Errorf("%s: %d, %q", path, status, want)
				}
			}
		}
		t.Run("a test and an order arrive, each attempt with its answer", func(t *testing.T) {
			marta.post(at+"/test", nil)
			w.now = w.now.Add(time.Minute)
			click := w.click("Marta’s Kitchen", w.acme, time.Hour)
			w.meet([]touch.Touch{click})
			w.report(conversion.New{Program: w.acme.ID, Order: "A-9001", Amount: "80.00", Currency: "EUR", Click: click.ID, Source: conversion.FromAPI})
			w.sends()
			reads(marta, at, "heard &lt;TEST-1001&gt;", "heard &lt;A-9001&gt;", "s=pending", "1 attempt", "Delivered", "Active")
		})
		t.Run("a secret is shown once", func(t *testing.T) {
			_, body, _ := marta.post(at+"/sign", nil)
			secret := regexp.MustCompile(`whsec_[A-Za-z0-9+/=]{32}`).FindString(html.UnescapeString(body))
			if secret == "" {
				t.Fatal("no secret is shown")
			}
			reads(marta, at, "Each message is signed.", "no "+secret)
			reads(owner, "/console/acme/settings/postbacks", "no "+secret)
			_, _, to := marta.post(at+"/sign", url.Values{"do": {"end"}})
			reads(marta, to, "Messages are not signed")
		})
		t.Run("a failure is told, and a replay mends it", func(t *testing.T) {
			status.Store(503)
			marta.post(at+"/test", nil)
			w.sends()
			reads(marta, at, "Failing", "Refused: the answer was 503", "next attempt")
			reads(owner, "/console/acme/settings/postbacks", "Failing", "Marta’s Kitchen", "127.0.0.1", "no s3cr3t")
			status.Store(200)
			marta.post(at+"/replay", url.Values{"from": {"2026-01-01"}, "to": {w.now.Format(time.DateOnly)}})
			w.sends()
			reads(marta, at, "2 attempts", "Active")
			if status, body, _ := marta.post(at+"/replay", url.Values{"from": {"2020-01-01"}, "to": {"2020-01-02"}}); status != 422 || !strings.Contains(body, "Nothing was sent in these days") {
				t.Errorf("a period without messages: %d", status)
			}
			if status, body, _ := marta.post(at+"/replay", url.Values{"from": {"yesterday"}, "to": {""}}); status != 422 || !strings.Contains(body, "yesterday") {
				t.Errorf("a day that is none: %d", status)
			}
		})
		t.Run("the brand's pause stands over the partner's word", func(t *testing.T) {
			id := at[strings.LastIndex(at, "/")+1:]
			owner.post("/console/acme/settings/postbacks", url.Values{"row": {id}, "do": {"stop"}})
			reads(marta, at, "The brand has paused this postback", "no action=\""+at+"/resume")
			if status, _, _ := marta.post(at+"/resume", nil); status != http.StatusConflict {
				t.Errorf("the partner resumes: %d", status)
			}
			owner.post("/console/acme/settings/postbacks", url.Values{"row": {id}, "do": {"restart"}})
			reads(marta, at, "Active")
			rival := w.as("rivalowner")
			if status, _, _ := rival.post("/console/rival/settings/postbacks", url.Values{"row": {id}, "do": {"stop"}}); status != http.StatusNotFound {
				t.Errorf("another brand pauses it: %d", status)
			}
		})
		t.Run("others neither read nor change it", func(t *testing.T) {
			other := w.as("Deal Otter")
			mine := "/partner/" + w.pts["Deal Otter"].ID + "/postbacks"
			theirs := w.listens("Deal Otter", tracker.URL+"/other")
			for _, path := range []string{at, mine + at[strings.LastIndex(at, "/"):], mine + at[strings.LastIndex(at, "/"):] + "/edit"} {
				if status, _, _ := other.get(path); status != http.StatusNotFound {
					t.Errorf("%s: %d", path, status)
				}
			}
			if status, _, _ := marta.post(at+"/replay/"+w.lastDelivery(theirs).ID, nil); status != http.StatusNotFound {
				t.Errorf("another's message is replayed: %d", status)
			}
		})
		t.Run("it is changed, paused, resumed and removed", func(t *testing.T) {
			good.Set("name", "Renamed")
			good.Set("way", "form")
			marta.post(at, good)
			reads(marta, at, "Renamed", "POST, as a form")
			marta.post(at+"/pause", nil)
			reads(marta, base, "Paused")
			marta.post(at+"/resume", nil)
			reads(marta, base, "Active")
			marta.post(at+"/remove", nil)
			reads(marta, base, "no Renamed")
			if status, _, _ := marta.get(at); status != http.StatusNotFound {
				t.Errorf("it is still there: %d", status)
			}
		})
		if list, err := deliver.Targets(t.Context(), d.Read(), []string{at[strings.LastIndex(at, "/")+1:]}); err != nil || len(list) != 1 {
			t.Errorf("targets: %v %v", list, err)
		}
	})
}
