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
