package api

import (
	"encoding"
	"encoding/json"
	"errors"
	"fmt"
	"reflect"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/tributary-hq/tributary/client"
)

// wrongIn is the JSON pointer to the first value of a body that cannot be read as what belongs there, and why.
func wrongIn(body json.RawMessage, t reflect.Type, at string) (pointer string, wrong error) {
	for t.Kind() == reflect.Pointer {
		t = t.Elem()
	}
	if wrong = json.Unmarshal(body, reflect.New(t).Interface()); wrong == nil || isSyntax(wrong) {
		return "", nil
	}
	below := func(name string, part json.RawMessage, t reflect.Type) bool {
		deeper, why := wrongIn(part, t, at+"/"+escapedName(name))
		if why != nil {
			pointer, wrong = deeper, why
		}
		return why != nil
	}
	var list []json.RawMessage
	var fields map[string]json.RawMessage
	switch {
	case reflect.PointerTo(t).Implements(textual):
	case t.Kind() == reflect.Slice && json.Unmarshal(body, &list) == nil:
		for i, one := range list {
			if below(strconv.Itoa(i), one, t.Elem()) {
				return pointer, wrong
			}
		}
	case t.Kind() == reflect.Struct && json.Unmarshal(body, &fields) == nil:
		known := fieldsOf(t)
		for _, name := range sortedKeys(fields) {
			if field, has := known[strings.ToLower(name)]; has && below(name, fields[name], field) {
				return pointer, wrong
			}
		}
	}
	return at, wrong
}

func isSyntax(err error) bool {
	var syntax *json.SyntaxError
	return errors.As(err, &syntax)
}

func escapedName(name string) string { return strings.NewReplacer("~", "~0", "/", "~1").Replace(name) }

// mistyped says what belongs in the place of a JSON value that cannot be read.
func mistyped(err error, at string) string {
	var wrong *json.UnmarshalTypeError
	var moment *time.ParseError
	switch {
	case errors.As(err, &moment):
		return `a moment is written as "2026-03-14T10:15:00Z"`
	case !errors.As(err, &wrong):
		return strings.TrimPrefix(err.Error(), "json: ")
	}
	isNumber := strings.HasPrefix(wrong.Value, "number")
	name := at[strings.LastIndex(at, "/")+1:]
	switch {
	case wrong.Type == reflect.TypeFor[client.Money]():
		return `a sum is an object such as {"amount":"12.90","currency":"EUR"}`
	case isNumber && wrong.Type.Kind() == reflect.String && name == "amount":
		return `amounts are strings such as "12.90"`
	case isNumber && wrong.Type.Kind() == reflect.String:
		return "this is a string: write the number between quotation marks"
	}
	return fmt.Sprintf("a JSON %s is not what belongs here", wrong.Value)
}

// strange is the JSON pointer (RFC 6901) to the first field of a body that its type does not have.
func strange(body []byte, v any) (pointer string, ok bool) {
	var sent any
	if json.Unmarshal(body, &sent) != nil {
		return "", false
	}
	return strangeIn(sent, reflect.TypeOf(v), "")
}

var textual = reflect.TypeFor[encoding.TextUnmarshaler]()

func strangeIn(sent any, t reflect.Type, at string) (pointer string, ok bool) {
	for t.Kind() == reflect.Pointer {
		t = t.Elem()
	}
	if reflect.PointerTo(t).Implements(textual) {
		return "", false
	}
	switch sent := sent.(type) {
	case []any:
		if t.Kind() != reflect.Slice {
			return "", false
		}
		for i, one := range sent {
			if pointer, ok := strangeIn(one, t.Elem(), fmt.Sprintf("%s/%d", at, i)); ok {
				return pointer, true
			}
		}
	case map[string]any:
		known := fieldsOf(t)
		for _, name := range sortedKeys(sent) {
			below := at + "/" + escapedName(name)
			field, has := known[strings.ToLower(name)]
			switch {
			case t.Kind() == reflect.Map:
				field = t.Elem()
			case t.Kind() != reflect.Struct:
				return "", false
			case !has:
				return below, true
			}
			if pointer, ok := strangeIn(sent[name], field, below); ok {
				return pointer, true
			}
		}
	}
	return "", false
}

// fieldsOf are the types of a struct's JSON fields by their names in small letters, as encoding/json finds them.
func fieldsOf(t reflect.Type) map[string]reflect.Type {
	found := map[string]reflect.Type{}
	if t.Kind() != reflect.Struct {
		return found
	}
	for _, f := range reflect.VisibleFields(t) {
		name, _, _ := strings.Cut(f.Tag.Get("json"), ",")
		switch {
		case name == "-" || !f.IsExported() || f.Anonymous && name == "":
		case name == "":
			found[strings.ToLower(f.Name)] = f.Type
		default:
			found[strings.ToLower(name)] = f.Type
		}
	}
	return found
}

func sortedKeys[T any](m map[string]T) []string {
	names := make([]string, 0, len(m))
	for name := range m {
		names = append(names, name)
	}
	slices.Sort(names)
	return names
}
