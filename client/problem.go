package client

import (
	"encoding/json"
	"fmt"
	"net/http"
)

// Problem is why a request was refused (RFC 9457). Code is stable; Detail is a sentence for people.
type Problem struct {
	Type   string         `json:"type" doc:"Stable address of this kind of problem." example:"/problems/currency_unknown"`
	Title  string         `json:"title" doc:"The HTTP status in words." example:"Unprocessable Entity"`
	Status int            `json:"status" doc:"The HTTP status." example:"422"`
	Detail string         `json:"detail" doc:"What happened and what to do, in a sentence." example:"\"EUX\" is not an ISO 4217 currency"`
	Code   string         `json:"code" doc:"Stable name of this kind of problem, for programs." example:"currency_unknown"`
	Errors []ProblemField `json:"errors,omitempty" doc:"The fields that are at fault, when fields are."`
}

// ProblemField is one fault in the input: either Pointer says where in the body, or Parameter which of the others.
type ProblemField struct {
	Pointer   string `json:"pointer,omitempty" doc:"JSON pointer (RFC 6901) into the request's body." example:"/amount/currency"`
	Parameter string `json:"parameter,omitempty" doc:"Name of the path, query or header parameter."`
	Code      string `json:"code" doc:"Stable name of the fault." example:"currency_unknown"`
	Detail    string `json:"detail" doc:"The fault in a sentence." example:"\"EUX\" is not an ISO 4217 currency"`
}

// Warning is said of a report that was kept as it came, though something about it is probably a mistake.
type Warning struct {
	Code   string `json:"code" doc:"Stable name of what is odd." example:"promo_code_unknown"`
	Detail string `json:"detail" doc:"What is odd, in a sentence." example:"no partner has the promo code ANNA10 now: nobody earns by it"`
}

func (p *Problem) Error() string { return p.Code + ": " + p.Detail }

// readProblem reads an answer that is not a success. What is no problem document, such as a proxy's page, becomes a plain
// one of its status.
func readProblem(status int, body []byte) error {
	p := &Problem{}
	if err := json.Unmarshal(body, p); err != nil || p.Code == "" {
		return fmt.Errorf("the server answered %d %s", status, http.StatusText(status))
	}
	return p
}
