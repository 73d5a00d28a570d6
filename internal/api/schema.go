package api

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"reflect"
	"strings"

	"github.com/danielgtaylor/huma/v2"

	"github.com/tributary-hq/tributary/client"
)

var problemType = reflect.TypeFor[client.Problem]()

func schemaOf[O any](r huma.Registry) *huma.Schema { return r.Schema(reflect.TypeFor[O](), true, "") }

func init() { // huma asks for these as globals, and this is the only package that uses it
	huma.DefaultArrayNullable = false
	huma.NewErrorWithContext = misread
	huma.NewError = func(status int, message string, errs ...error) huma.StatusError {
		return misread(nil, status, message, errs...)
	}
}

var jsonFormat = huma.Format{Marshal: writeJSON, Unmarshal: readJSON}

func writeJSON(w io.Writer, v any) error {
	if t, ok := v.(interface{ written() []byte }); ok {
		_, err := w.Write(t.written())
		return err
	}
	return huma.DefaultJSONFormat.Marshal(w, v)
}

// readJSON reads one JSON value and nothing after it, refuses fields that nobody asked for, and text that PostgreSQL cannot
// hold. Its errors are for people: "at /pointer: what is wrong".
func readJSON(body []byte, v any) error {
	if bytes.Contains(body, []byte(`\u0000`)) {
		return errors.New("a text must not hold the character NUL")
	}
	dec := json.NewDecoder(bytes.NewReader(body))
	dec.DisallowUnknownFields()
	err := dec.Decode(v)
	if err == nil {
		if _, err := dec.Token(); err != io.EOF {
			return errors.New("there is more after the JSON value")
		}
		return nil
	}
	if at, wrong := wrongIn(body, reflect.TypeOf(v), ""); wrong != nil {
		return fmt.Errorf("at %s: %s", at, mistyped(wrong, at))
	}
	if name, ok := strings.CutPrefix(err.Error(), "json: unknown field "); ok {
		if pointer, ok := strange(body, v); ok {
			return fmt.Errorf("at %s: there is no field %s", pointer, name)
		}
		return fmt.Errorf("there is no field %s", name)
	}
	if early := (*json.SyntaxError)(nil); errors.As(err, &early) || errors.Is(err, io.ErrUnexpectedEOF) || errors.Is(err, io.EOF) {
		return errors.New("this is not JSON")
	}
	return errors.New(strings.TrimPrefix(err.Error(), "json: "))
}
