package client_test

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"net/http/httptest"
	"testing"

	"github.com/tributary-hq/tributary/client"
)

// server answers with the statuses, one after the other, and keeps the idempotency keys that came.
type server struct {
	statuses []int
	body     string
	keys     []string
}

func (s *server) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	status := s.statuses[min(len(s.keys), len(s.statuses)-1)]
	s.keys = append(s.keys, r.Header.Get("Idempotency-Key"))
	if status == 0 {
		panic(http.ErrAbortHandler) // the connection breaks
	}
	w.WriteHeader(status)
	fmt.Fprint(w, s.body)
}

func TestRetries(t *testing.T) {
	const refused = `{"code":"x_invalid","detail":"x","status":422}`
	for _, test := range []struct {
		name     string
		statuses []int
		tries    int
		body     string
		fails    bool
	}{
		{"what works is sent once", []int{201}, 1, `{}`, false},
		{"what is busy is sent again", []int{503, 429, 201}, 3, `{}`, false},
		{"so is what was cut off", []int{0, 201}, 2, `{}`, false},
		{"but not for ever", []int{503}, 4, refused, true},
		{"a refusal is final", []int{422}, 1, refused, true},
		{"so is a fault", []int{500}, 1, refused, true},
	} {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			s := &server{statuses: test.statuses, body: test.body}
			ts := httptest.NewServer(s)
			defer ts.Close()
			_, err := client.New(ts.URL, "t", client.Options{}).ReportConversion(context.Background(), client.NewConversion{})
			if len(s.keys) != test.tries || (err != nil) != test.fails {
				t.Errorf("%d tries, %v", len(s.keys), err)
			}
			for _, key := range s.keys {
				if key == "" || key != s.keys[0] {
					t.Errorf("the keys %q are not one", s.keys)
				}
			}
		})
	}
}

func TestProblems(t *testing.T) {
	s := &server{statuses: []int{422}, body: `{"type":"/problems/x","code":"x","status":422,"detail":"d","errors":[{"pointer":"/a","code":"x","detail":"d"}]}`}
	ts := httptest.NewServer(s)
	defer ts.Close()
	c := client.New(ts.URL, "t", client.Options{})
	_, err := c.Me(t.Context())
	if p := (*client.Problem)(nil); !errors.As(err, &p) || p.Code != "x" || p.Errors[0].Pointer != "/a" {
		t.Errorf("the problem is %v", err)
	}
	s.body = "<html>Bad gateway</html>"
	if _, err := c.Me(t.Context()); err == nil || err.Error() != "the server answered 422 Unprocessable Entity" {
		t.Errorf("a proxy's page is %v", err)
	}
}

func TestListsWalkTheirPages(t *testing.T) {
	var asked []string
	ts := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		asked = append(asked, r.URL.RawQuery)
		if r.URL.Query().Get("after") == "" {
			fmt.Fprint(w, `{"data":[{"id":"1"},{"id":"2"}],"next":"2"}`)
		} else {
			fmt.Fprint(w, `{"data":[{"id":"3"}],"next":null}`)
		}
	}))
	defer ts.Close()
	c := client.New(ts.URL, "t", client.Options{})
	links := c.Links(t.Context(), "pts_1")
	for range 2 { // an iterator begins anew each time
		var ids string
		for l, err := range links {
			if err != nil {
				t.Fatal(err)
			}
			ids += l.ID
		}
		if ids != "123" {
			t.Errorf("walked %s", ids)
		}
	}
	for range links {
		break
	}
	if len(asked) != 5 || asked[1] != "after=2&limit=200" || asked[4] != "limit=200" {
		t.Errorf("asked %q", asked)
	}
}
