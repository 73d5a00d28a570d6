package api_test

import (
	"regexp"
	"strings"
	"testing"

	"github.com/tributary-hq/tributary/internal/api"
)

// TestRequestsToTryAreAddressesThatExist: only what a path leaves open is a variable, and none is the token to ask with.
func TestRequestsToTryAreAddressesThatExist(t *testing.T) {
	open := regexp.MustCompile(`\{\w+\}`)
	for path, line := range api.Curls() {
		_, rest, _ := strings.Cut(line, `"`)
		shown, _, _ := strings.Cut(rest, `"`)
		want := "^" + strings.ReplaceAll(regexp.QuoteMeta(open.ReplaceAllString(path, "\x00")), "\x00", `\$[A-Z_]+`) + "$"
		if !regexp.MustCompile(want).MatchString(shown) || strings.HasSuffix(shown, "$TOKEN") {
			t.Errorf("%s is shown as %s", path, shown)
		}
	}
}
