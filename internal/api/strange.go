package api

import (
	"encoding"
	"encoding/json"
	"fmt"
	"reflect"
	"slices"
	"strings"

	"github.com/tributary-hq/tributary/client"
)

// mistyped says what belongs in the place of a JSON value of another type.
func mistyped(wrong *json.UnmarshalTypeError) string {
	isNumber := strings.HasPrefix(wrong.Value, "number")
	name := wrong.Field[strings.LastIndex(wrong.Field, ".")+1:]
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
			below := at + "/" + strings.NewReplacer("~", "~0", "/", "~1").Replace(name)
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

func sortedKeys(m map[string]any) []string {
	names := make([]string, 0, len(m))
	for name := range m {
		names = append(names, name)
	}
	slices.Sort(names)
	return names
}
