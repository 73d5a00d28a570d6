package api

import "github.com/tributary-hq/tributary/internal/auth"

// Operation is a line of the table, for tests that walk it.
type Operation struct {
	ID, Method, Path string
	Needs            auth.Permission
}

// Operations is the table.
func Operations() []Operation {
	list := make([]Operation, len(operations))
	for i, o := range operations {
		list[i] = Operation{o.id, o.method, o.path, o.needs}
	}
	return list
}

// Curls are the requests to try that the documentation shows, by the address of their operation.
func Curls() map[string]string {
	lines := map[string]string{}
	for _, o := range operations {
		lines[o.path] = curl(o, "", "")
	}
	return lines
}
