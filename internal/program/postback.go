package program

import (
	"maps"
	"regexp"
	"slices"

	"github.com/tributary-hq/tributary/internal/problem"
)

// PostbackParams are the parameters of a postback to which a program can give further names.
var PostbackParams = []string{"click_id", "order_id", "amount", "currency", "event", "customer_id", "email_sha256", "promo_code", "at", "status", "refund_id",
	"reason", "tax", "shipping", "discount", "total"}

var namePattern = regexp.MustCompile(`^[A-Za-z0-9_.\-\[\]]{1,64}$`)

const namesMost = 10 // of one parameter

func checkPostbackNames(names map[string][]string) *problem.Problem {
	seen := map[string]string{}
	for _, param := range slices.Sorted(maps.Keys(names)) {
		if !slices.Contains(PostbackParams, param) {
			return problem.Invalid("postback_names", "%q is not a parameter of a postback", param)
		}
		if len(names[param]) > namesMost {
			return problem.Invalid("postback_names", "%s has more than %d further names", param, namesMost)
		}
		for _, name := range names[param] {
			switch other := seen[name]; {
			case !namePattern.MatchString(name) || name == "key" || name == "sig":
				return problem.Invalid("postback_names", "%q is no name for %s", name, param)
			case other != "":
				return problem.Invalid("postback_names", "%q cannot be a name of both %s and %s", name, other, param)
			}
			seen[name] = param
		}
	}
	return nil
}
