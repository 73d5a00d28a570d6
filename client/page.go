package client

import (
	"context"
	"iter"
	"maps"
	"net/url"
	"strconv"
	"time"
)

// Page is a piece of a list.
type Page[T any] struct {
	Data []T     `json:"data" doc:"The items of this page."`
	Next *string `json:"next" doc:"Cursor of the next page: pass it as \"after\". Null on the last page."`
}

// list walks a list page by page. An error ends it.
func list[T any](ctx context.Context, c *Client, path string, query url.Values) iter.Seq2[T, error] {
	return func(yield func(T, error) bool) {
		query := maps.Clone(query) // an iterator may be walked more than once
		if query == nil {
			query = url.Values{}
		}
		query.Set("limit", "200")
		for {
			page, err := get[Page[T]](ctx, c, path, query)
			if err != nil {
				var zero T
				yield(zero, err)
				return
			}
			for _, item := range page.Data {
				if !yield(item, nil) {
					return
				}
			}
			if page.Next == nil {
				return
			}
			query.Set("after", *page.Next)
		}
	}
}

// values are the query parameters that are not empty, given as name, value, name, value, ….
func values(pairs ...string) url.Values {
	query := url.Values{}
	for i := 0; i+1 < len(pairs); i += 2 {
		if pairs[i+1] != "" {
			query.Set(pairs[i], pairs[i+1])
		}
	}
	return query
}

func number(n int) string {
	if n == 0 {
		return ""
	}
	return strconv.Itoa(n)
}

func moment(t time.Time) string {
	if t.IsZero() {
		return ""
	}
	return t.UTC().Format(time.RFC3339Nano)
}
