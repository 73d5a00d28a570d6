// Package problem is what can be said to a person about input that cannot be accepted: a stable code, a sentence, and the
// field it is about (RFC 9457). Faults of our own are ordinary errors, never problems.
package problem

import (
	"errors"
	"fmt"
	"net/http"
)

// Problem is an error whose text is meant for the one who sent the input.
type Problem struct {
	Status int     // HTTP status
	Code   string  // stable, snake_case; part of the API
	Detail string  // what happened and what to do
	Fields []Field // which fields, when the trouble is theirs
}

// Field is one fault in the input: Name is the field's name in the API and in forms.
type Field struct {
	Name   string
	Code   string
	Detail string
}

func (p *Problem) Error() string { return p.Code + ": " + p.Detail }

// Type is the stable URI of the problem's kind.
func (p *Problem) Type() string { return "/problems/" + p.Code }

// Invalid says that one field of the input is wrong; its code is the field's name and "_invalid".
func Invalid(field, format string, args ...any) *Problem {
	return Wrong(field, field+"_invalid", format, args...)
}

// Wrong says that one field of the input is wrong, with a code of its own.
func Wrong(field, code, format string, args ...any) *Problem {
	detail := fmt.Sprintf(format, args...)
	return &Problem{Status: http.StatusUnprocessableEntity, Code: code, Detail: detail,
		Fields: []Field{{Name: field, Code: code, Detail: detail}}}
}

// NotFound says that what the input names does not exist, or is not the asker's to see.
func NotFound(what, name string) *Problem {
	return &Problem{Status: http.StatusNotFound, Code: what + "_unknown", Detail: fmt.Sprintf("there is no %s %q", what, name)}
}

// Conflict says that the input is right but does not fit the state of things.
func Conflict(code, format string, args ...any) *Problem {
	return &Problem{Status: http.StatusConflict, Code: code, Detail: fmt.Sprintf(format, args...)}
}

// Denied says that the asker is known but may not do this.
func Denied(format string, args ...any) *Problem {
	return &Problem{Status: http.StatusForbidden, Code: "not_allowed", Detail: fmt.Sprintf(format, args...)}
}

// Unauthorized says that the asker is not known.
func Unauthorized(format string, args ...any) *Problem {
	return &Problem{Status: http.StatusUnauthorized, Code: "not_signed_in", Detail: fmt.Sprintf(format, args...)}
}

// Join gathers the problems of several fields into one; it returns nil when all are nil.
func Join(problems ...*Problem) error {
	var all *Problem
	for _, p := range problems {
		switch {
		case p == nil:
		case all == nil:
			all = p
		default:
			joined := &Problem{Status: all.Status, Code: "input_invalid", Detail: all.Detail + "; " + p.Detail}
			joined.Fields = append(append(joined.Fields, all.Fields...), p.Fields...)
			all = joined
		}
	}
	if all == nil {
		return nil
	}
	return all
}

// As finds the problem in an error, if it is one.
func As(err error) (*Problem, bool) {
	var p *Problem
	ok := errors.As(err, &p)
	return p, ok
}

// Code is the problem's code, or "" when the error is none.
func Code(err error) string {
	if p, ok := As(err); ok {
		return p.Code
	}
	return ""
}
