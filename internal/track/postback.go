package track

import (
	"context"
	"crypto/subtle"
	"errors"
	"io"
	"mime"
	"net/http"

	"github.com/tributary-hq/tributary/internal/problem"
)

const postbackMost = 64 << 10 // bytes of a body

// postback takes what a shop's server reports, with the program's key, by query or by form.
func (d *Door) postback(w http.ResponseWriter, r *http.Request) {
	answer, err := d.report(w, r)
	if err != nil {
		d.refuse(w, r, err)
		return
	}
	writeJSON(w, http.StatusOK, "application/json", answer)
}

func (d *Door) report(w http.ResponseWriter, r *http.Request) (reply, error) {
	if r.Method == http.MethodHead { // a link checker's, not a shop's
		w.Header().Set("Allow", "GET, POST")
		return reply{}, &problem.Problem{Status: http.StatusMethodNotAllowed, Code: "method_not_allowed", Detail: "a postback is a GET or a POST"}
	}
	prog, err := d.links.Program(r.Context(), r.PathValue("program"))
	if err != nil {
		return reply{}, err
	}
	form, err := formBody(w, r)
	if err != nil {
		return reply{}, err
	}
	given, err := readParams(r.URL.RawQuery, form)
	if err != nil {
		return reply{}, err
	}
	if subtle.ConstantTimeCompare([]byte(given["key"]), []byte(prog.Secret)) != 1 {
		return reply{}, &problem.Problem{Status: http.StatusForbidden, Code: "key_wrong", Detail: "the key is not the one of this program"}
	}
	report, err := readReport(prog.ID, given)
	if err != nil {
		return reply{}, err
	}
	return d.write(r.Context(), report)
}

func (d *Door) write(ctx context.Context, r report) (reply, error) {
	if r.refunded {
		done, err := d.line.Refund(ctx, r.refund)
		return reply{done.Refund.ID, done.Duplicate}, err
	}
	done, err := d.line.Credit(ctx, r.sale)
	return reply{done.Conversion.ID, done.Duplicate}, err
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
