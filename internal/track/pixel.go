package track

import (
	"net/http"

	"github.com/tributary-hq/tributary/internal/conversion"
	"github.com/tributary-hq/tributary/internal/problem"
)

// resultHeader tells in words what came of a pixel, for who looks at it in the browser's tools.
const resultHeader = "Tributary-Result"

// pixel takes a conversion that a page reports by showing a picture. Anybody can show it, so it is never more than a claim,
// whatever key it carries. The answer is always the picture: a shop's page must not show a broken one.
func (d *Door) pixel(w http.ResponseWriter, r *http.Request) {
	result := "kept"
	answer, err := d.claim(r)
	d.note(r, err)
	p, isProblem := problem.As(err)
	switch {
	case isProblem:
		result = p.Code
	case isBusy(err):
		result = busyProblem.Code
	case err != nil:
		d.log.Error(r.Method+" "+r.URL.Path, "error", err)
		result = ourProblem.Code
	case answer.Duplicate:
		result = "duplicate"
	}
	w.Header().Set(resultHeader, result)
	writePixel(w)
}

func (d *Door) claim(r *http.Request) (reply, error) {
	if r.Method == http.MethodHead {
		return reply{}, &problem.Problem{Status: http.StatusMethodNotAllowed, Code: "method_not_allowed", Detail: "a pixel is a GET"}
	}
	prog, err := d.links.Program(r.Context(), r.PathValue("program"))
	if err != nil {
		return reply{}, err
	}
	if !prog.TagSales {
		return reply{}, &problem.Problem{Status: http.StatusForbidden, Code: "tag_sales_off", Detail: "this program takes no conversions from its pages"}
	}
	if !fromPageOf(prog, r) {
		return reply{}, &problem.Problem{Status: http.StatusForbidden, Code: "origin_not_allowed", Detail: "the page is not on a domain of this program"}
	}
	given, err := readParams(namesOf(prog.PostbackNames), r.URL.RawQuery)
	if err != nil {
		return reply{}, err
	}
	report, err := readReport(prog.ID, given, conversion.FromPixel)
	if err != nil {
		return reply{}, err
	}
	return d.write(r.Context(), report)
}
