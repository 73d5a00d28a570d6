package api

import (
	"slices"

	"github.com/tributary-hq/tributary/client"
	"github.com/tributary-hq/tributary/internal/problem"
)

// Paging says which piece of a list is asked for. It is exported because huma passes over what is not.
type Paging struct {
	Limit int    `query:"limit" minimum:"1" maximum:"200" default:"50" doc:"How many items at most."`
	After string `query:"after" doc:"The cursor \"next\" of the page before; from the beginning when left out."`
}

// more is how many to read: one beyond the page, to know whether another follows.
func (p Paging) more() int { return p.Limit + 1 }

// page cuts a list that was read with more to the page asked for.
func page[T, W any](p Paging, list []T, cursor func(T) string, tell func(T) W) client.Page[W] {
	out := client.Page[W]{Data: []W{}}
	if len(list) > p.Limit {
		list = list[:p.Limit]
		next := cursor(list[p.Limit-1])
		out.Next = &next
	}
	for _, item := range list {
		out.Data = append(out.Data, tell(item))
	}
	return out
}

// pageOfAll is page for a list that is short enough to be read whole.
func pageOfAll[T, W any](p Paging, list []T, cursor func(T) string, tell func(T) W) (client.Page[W], error) {
	if p.After != "" {
		i := slices.IndexFunc(list, func(item T) bool { return cursor(item) == p.After })
		if i < 0 {
			return client.Page[W]{}, problem.Invalid("after", "the cursor is not where a list goes on")
		}
		list = list[i+1:]
	}
	return page(p, list, cursor, tell), nil
}
