package track

import (
	"context"
	"crypto/hmac"
	"crypto/sha256"
	"crypto/subtle"
	"encoding/hex"
	"errors"
	"io"
	"mime"
	"net/http"
	"strings"

	"github.com/tributary-hq/tributary/internal/commission"
	"github.com/tributary-hq/tributary/internal/conversion"
	"github.com/tributary-hq/tributary/internal/db"
	"github.com/tributary-hq/tributary/internal/problem"
	"github.com/tributary-hq/tributary/internal/program"
)

const postbackMost = 64 << 10 // bytes of a body

// postback takes what a shop's server reports, by query or by form. With the program's key, or signed with it, the report is
// believed; without, it is taken as one that anybody can send, if the program takes such.
func (d *Door) postback(w http.ResponseWriter, r *http.Request) {
	if r.Method == http.MethodHead { // a link checker's, not a shop's
		w.Header().Set("Allow", "GET, POST")
		d.refuse(w, r, &problem.Problem{Status: http.StatusMethodNotAllowed, Code: "method_not_allowed", Detail: "a postback is a GET or a POST"})
		return
	}
	form, err := formBody(w, r)
	answer, plain := reply{}, false
	if err == nil {
		answer, plain, err = d.report(r, form)
	}
	switch {
	case plain:
		d.answerPlainly(w, r, answer, err)
	case err != nil:
		d.refuse(w, r, err)
	default:
		writeJSON(w, http.StatusOK, "application/json", answer)
	}
}

// report reads a postback and hands it in. plain tells that the sender reads words instead of JSON.
func (d *Door) report(r *http.Request, form string) (answer reply, plain bool, err error) {
	prog, err := d.links.Program(r.Context(), r.PathValue("program"))
	if err != nil {
		return reply{}, false, err
	}
	given, err := readParams(namesOf(prog.PostbackNames), r.URL.RawQuery, form)
	if err != nil {
		return reply{}, false, err
	}
	plain = given["format"] == "text"
	from, err := believed(prog, given, r.URL.RawQuery, form)
	if err != nil {
		return reply{}, plain, err
	}
	report, err := readReport(prog.ID, given, from)
	if err != nil {
		return reply{}, plain, err
	}
	answer, err = d.write(r.Context(), report)
	return answer, plain, err
}

// believed is as what a postback is taken.
func believed(prog *program.Program, given map[string]string, query, form string) (conversion.Source, error) {
	_, keyed := given["key"]
	_, signed := given["sig"]
	switch {
	case keyed && subtle.ConstantTimeCompare([]byte(given["key"]), []byte(prog.Secret)) == 1:
		return conversion.FromPostback, nil
	case signed && !keyed && isSigned(prog.Secret, query, form):
		return conversion.FromPostback, nil
	case signed && !keyed:
		return "", &problem.Problem{Status: http.StatusForbidden, Code: "signature_wrong",
			Detail: "the signature is not the hexadecimal HMAC-SHA256, by the key of this program, of all that stands before &sig="}
	case !keyed && prog.TagSales:
		return conversion.FromPixel, nil
	case !keyed:
		return "", &problem.Problem{Status: http.StatusForbidden, Code: "key_missing",
			Detail: "a postback brings the key of this program as key=, or is signed with it"}
	}
	return "", &problem.Problem{Status: http.StatusForbidden, Code: "key_wrong", Detail: "the key is not the one of this program"}
}

// isSigned tells whether the only text with parameters ends with the signature of all that is before it.
func isSigned(secret, query, form string) bool {
	text := query
	if form != "" {
		if query != "" {
			return false // what is not signed is not believed
		}
		text = form
	}
	said, signature, ok := strings.Cut(text, "&sig=")
	given, err := hex.DecodeString(signature)
	if !ok || err != nil {
		return false
	}
	mac := hmac.New(sha256.New, []byte(secret))
	mac.Write([]byte(said))
	return hmac.Equal(given, mac.Sum(nil))
}

func (d *Door) write(ctx context.Context, r report) (reply, error) {
	switch r.kind {
	case aRefund:
		done, err := d.line.Refund(ctx, r.refund)
		return reply{done.Refund.ID, done.Duplicate}, err
	case aVerdict:
		var results []db.Result[commission.Told[conversion.Verdict]]
		err := d.db.Write(ctx, func(tx *db.Tx) (err error) {
			results, err = commission.Qualify(ctx, tx, d.keys, []conversion.NewVerdict{r.verdict})
			return err
		})
		if err != nil {
			return reply{}, err
		}
		return reply{results[0].Value.Fact.ID, results[0].Value.Duplicate}, results[0].Err
	}
	done, err := d.line.Credit(ctx, r.sale)
	return reply{done.Conversion.ID, done.Duplicate}, err
}

// answerPlainly says in one word and an id what networks look for.
func (d *Door) answerPlainly(w http.ResponseWriter, r *http.Request, answer reply, err error) {
	text, status := "OK "+answer.ID, http.StatusOK
	p, isProblem := problem.As(err)
	switch {
	case isProblem:
		text, status = "ERROR "+p.Code, p.Status
	case err != nil:
		d.refuse(w, r, err)
		return
	case answer.Duplicate:
		text = "DUPLICATE " + answer.ID
	}
	h := w.Header()
	h["Content-Type"], h["Cache-Control"], h["X-Content-Type-Options"] = []string{"text/plain; charset=utf-8"}, noStore, noSniff
	w.WriteHeader(status)
	io.WriteString(w, text+"\n")
}

// formBody is the body of a form, raw.
func formBody(w http.ResponseWriter, r *http.Request) (string, error) {
	body, err := readBody(w, r, postbackMost)
	if err != nil || len(body) == 0 {
		return "", err
	}
	kind, _, _ := mime.ParseMediaType(r.Header.Get("Content-Type"))
	if kind != "application/x-www-form-urlencoded" {
		return "", &problem.Problem{Status: http.StatusUnsupportedMediaType, Code: "content_type_unknown",
			Detail: "a postback is sent as a query or as application/x-www-form-urlencoded"}
	}
	return string(body), nil
}

func readBody(w http.ResponseWriter, r *http.Request, most int64) ([]byte, error) {
	body, err := io.ReadAll(http.MaxBytesReader(w, r.Body, most))
	if tooLong := (*http.MaxBytesError)(nil); errors.As(err, &tooLong) {
		return nil, &problem.Problem{Status: http.StatusRequestEntityTooLarge, Code: "body_too_large", Detail: "the body is longer than is taken here"}
	}
	if err != nil {
		return nil, &problem.Problem{Status: http.StatusBadRequest, Code: "body_incomplete", Detail: "the body did not arrive whole"}
	}
	return body, nil
}
