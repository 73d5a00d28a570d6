package db

import "testing"

func TestPositional(t *testing.T) {
	for query, want := range map[string]string{
		"select 1":                             "select 1",
		"insert into a values ($1,$2),($3,$4)": "insert into a values (?,?),(?,?)",
		"select $1, $1":                        "select $1, $1",
		"select $2, $1":                        "select $2, $1",
		"select $1 where a = $22":              "select $1 where a = $22",
		"select $10":                           "select $10",
		"select '$'":                           "select '$'",
	} {
		if got := positional(query); got != want {
			t.Errorf("%q becomes %q, want %q", query, got, want)
		}
	}
}
