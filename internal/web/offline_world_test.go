package web

import (
	"bytes"
	"context"
	"io"
	"log/slog"
	"mime/multipart"
	"net/http"
	"net/url"
	"strings"
	"testing"

	"github.com/tributary-hq/tributary/internal/audit"
	"github.com/tributary-hq/tributary/internal/commission"
	"github.com/tributary-hq/tributary/internal/db"
	"github.com/tributary-hq/tributary/internal/db/dbtest"
	"github.com/tributary-hq/tributary/internal/job"
	"github.com/tributary-hq/tributary/internal/offline"
	"github.com/tributary-hq/tributary/internal/task"
	"github.com/tributary-hq/tributary/internal/upload"
)

const aFile = "order,amount,at,code\nU-1,10,2026-02-01,\nU-2,=x,2026-02-01,<b>\n"

// uploaded keeps a file, of the brand or of a partner; it is taken as well when it is the partner's, or when asked for.
func (w *world) uploaded(partnership string, kind upload.Kind, body string, take bool) (u upload.Upload) {
	w.t.Helper()
	w.write(func(ctx context.Context, tx *db.Tx) (err error) {
		if u, err = upload.Keep(ctx, tx, upload.Upload{Program: w.acme.ID, Partnership: partnership, Kind: kind, Name: "may <1>.csv", Author: "per_none"}, []byte(body)); err == nil && take {
			u, err = upload.Take(ctx, tx, u.ID, "per_none")
		}
		return err
	})
	w.takesFiles()
	return u
}

// takesFiles does the tasks that take files.
func (w *world) takesFiles() {
	w.t.Helper()
	works := map[task.Kind]task.Work{upload.Task: upload.Work(w.keys)}
	if _, err := job.NewRunner(w.d, slog.New(slog.NewTextHandler(io.Discard, nil)), map[job.Kind]job.Handler{task.Job: task.Handler(works)}).RunDue(context.Background()); err != nil {
		w.t.Fatal(err)
	}
}

// offlinePages are an address of every GET route of offlineRoutes, and who reads it.
func (w *world) offlinePages() []struct{ route, address, reader string } {
	marta := w.pts["Marta’s Kitchen"].ID
	w.write(func(ctx context.Context, tx *db.Tx) error {
		if _, err := commission.Assign(ctx, tx, w.keys, w.acme.ID, []offline.Assignment{{Kind: offline.Number, Name: "+49 30 111111", Partnership: marta},
			{Kind: offline.Card, Name: "tok_1", Partnership: marta}, {Kind: offline.Number, Name: "+49 30 222222"}}); err != nil {
			return err
		}
		_, err := commission.Call(ctx, tx, w.keys, w.acme.ID, []offline.NewCall{{Call: "K-1", Number: "+49 30 111111", Caller: "+49 170 5550101", At: tx.Now, Seconds: 90}})
		return err
	})
	kept, done := w.uploaded("", upload.Conversions, aFile, false), w.uploaded("", upload.Conversions, aFile, true)
	strange := w.uploaded("", upload.Transactions, "what;ever\n1;2\n", false)
	mine := w.uploaded(marta, upload.Cards, "card\ntok_2\n4111111111111111\n", true)
	const at = "/console/acme"
	base := "/partner/" + marta
	return []struct{ route, address, reader string }{
		{"GET /console/{program}/uploads", at + "/uploads?kind=calls", "owner"},
		{"GET /console/{program}/uploads/{upl}", at + "/uploads/" + kept.ID, "owner"},
		{"GET /console/{program}/uploads/{upl}", at + "/uploads/" + done.ID, "owner"},
		{"GET /console/{program}/uploads/{upl}", at + "/uploads/" + strange.ID, "owner"},
		{"GET /console/{program}/uploads/{upl}/file", at + "/uploads/" + done.ID + "/file", "owner"},
		{"GET /console/{program}/uploads/{upl}/refused", at + "/uploads/" + done.ID + "/refused", "owner"},
		{"GET /console/{program}/samples/{kind}", at + "/samples/transactions.csv", "owner"},
		{"GET /console/{program}/numbers", at + "/numbers", "owner"},
		{"GET /console/{program}/cards", at + "/cards", "owner"},
		{"GET /partner/{pts}/offline", base + "/offline", "Marta’s Kitchen"},
		{"GET /partner/{pts}/offline/{upl}/refused", base + "/offline/" + mine.ID + "/refused", "Marta’s Kitchen"},
		{"GET /partner/{pts}/samples/{kind}", base + "/samples/cards.csv", "Marta’s Kitchen"},
	}
}

// sendsFile sends a form with a file.
func (b *browser) sendsFile(address string, form url.Values, name, body string) (status int, answer, location string) {
	b.w.t.Helper()
	var sent bytes.Buffer
	to := multipart.NewWriter(&sent)
	for field := range form {
		to.WriteField(field, form.Get(field))
	}
	part, err := to.CreateFormFile("file", name)
	if err != nil {
		b.w.t.Fatal(err)
	}
	io.WriteString(part, body)
	to.Close()
	r, err := http.NewRequest("POST", b.w.server.URL+address, &sent)
	if err != nil {
		b.w.t.Fatal(err)
	}
	r.Header.Set("Content-Type", to.FormDataContentType())
	return b.do(r)
}

// TestAFileIsSentReadAndTaken walks from the form to the refused lines, as the brand and as a partner.
func TestAFileIsSentReadAndTaken(t *testing.T) {
	dbtest.Run(t, func(t *testing.T, d *db.DB) {
		w := newWorld(t, d)
		owner := w.as("owner")
		const at = "/console/acme/uploads"
		if status, body, _ := owner.sendsFile(at, url.Values{"kind": {"conversions"}}, "x.xls", "\xd0\xcf\x11\xe0"); status != 422 || !strings.Contains(body, "old Excel") {
			t.Errorf("an old workbook: %d %s", status, alerts(body))
		}
		if status, body, _ := owner.post(at, url.Values{"kind": {"conversions"}}); status != 422 || !strings.Contains(body, "Choose a file") {
			t.Errorf("no file: %d", status)
		}
		_, _, page := owner.sendsFile(at, url.Values{"kind": {"conversions"}}, "../may.csv", "ref;worth;day;code\nW-1;1.500;02/03/2026;\nW-2;x;02/03/2026;\n")
		if _, body, _ := owner.get(page); !strings.Contains(body, "Order number") || !strings.Contains(body, "<h1>may.csv</h1>") {
			t.Errorf("the preview: %s", body)
		}
		if status, body, _ := owner.post(page+"/take", nil); status != 422 {
			t.Errorf("taken without an order number: %d %s", status, alerts(body))
		}
		owner.post(page, url.Values{"column.order_id": {"0"}, "column.amount": {"1"}, "column.at": {"2"}, "decimal": {","}, "dates": {"mdy"}})
		if _, body, _ := owner.get(page); !strings.Contains(body, "1500") || !strings.Contains(body, "2026-02-03") {
			t.Errorf("corrected, the preview does not say so")
		}
		owner.post(page+"/take", nil)
		w.takesFiles()
		if _, body, _ := owner.get(page); !strings.Contains(body, "Line 3") {
			t.Errorf("the result does not name the refused line")
		}
		if _, body, _ := owner.get(page + "/refused"); !strings.Contains(body, "W-2;x;02/03/2026;;This is not an amount.") || strings.Contains(body, "W-1") {
			t.Errorf("the refused lines are %q", body)
		}
		if _, body, _ := owner.get("/console/acme/conversions?q=W-1"); !strings.Contains(body, "1,500.00") {
			t.Error("the conversion is not in the list")
		}
		marta := w.as("Marta’s Kitchen")
		base := "/partner/" + w.pts["Marta’s Kitchen"].ID + "/offline"
		if status, body, _ := marta.sendsFile(base, nil, "c.csv", "card,since,partner\ntok_7,,Deal Otter\ntok_8,2020-01-01,\n"); status != 303 {
			t.Fatalf("a partner's file: %d %s", status, alerts(body))
		}
		w.takesFiles()
		if _, body, _ := marta.get(base); !strings.Contains(body, "tok_7") || strings.Contains(body, "tok_8") {
			t.Error("the partner's cards are not as sent")
		}
		if status, _, _ := marta.get(base + "/" + page[strings.LastIndex(page, "/")+1:] + "/refused"); status != 404 {
			t.Errorf("a partner gets the brand's file: %d", status)
		}
		if _, body, _ := w.as("analyst").get(page); strings.Contains(body, "/discard") {
			t.Error("an analyst is offered to discard a file")
		}
	})
}

// offlineForms sends every form of offlineRoutes.
func (w *world) offlineForms(owner, marta *browser, send func(route string, by *browser, address string, form url.Values, want ...audit.Action) (body, to string),
	file func(route string, by *browser, address string, form url.Values, body string, want ...audit.Action) (to string)) {
	const console, at = "POST /console/{program}", "/console/acme"
	page := file(console+"/uploads", owner, at+"/uploads", url.Values{"kind": {"conversions"}}, aFile, audit.UploadSend)
	send(console+"/uploads/{upl}", owner, page, url.Values{"column.order_id": {"0"}, "column.amount": {"1"}, "decimal": {"."}, "dates": {"dmy"}}, audit.UploadRead)
	send(console+"/uploads/{upl}/take", owner, page+"/take", nil, audit.UploadTake)
	other := file(console+"/uploads", owner, at+"/uploads", url.Values{"kind": {"refunds"}}, "order\nU-9\n", audit.UploadSend)
	send(console+"/uploads/{upl}/discard", owner, other+"/discard", nil, audit.UploadDiscard)
	send(console+"/numbers", owner, at+"/numbers", url.Values{"number": {"+49 30 1234567"}, "partner": {w.pts["Marta’s Kitchen"].ID}}, audit.NumberAssign)
	send(console+"/numbers", owner, at+"/numbers", url.Values{"number": {"+49 30 1234567"}, "partner": {w.pts["Marta’s Kitchen"].ID}}) // it is so already
	send(console+"/numbers/rule", owner, at+"/numbers/rule", url.Values{"seconds": {"90"}}, audit.ProgramCalls)
	file("POST /partner/{pts}/offline", marta, "/partner/"+w.pts["Marta’s Kitchen"].ID+"/offline", nil, "card\ntok_5\n", audit.UploadTake)
}
