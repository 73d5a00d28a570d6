package conversion

import (
	"context"
	"strings"

	"github.com/tributary-hq/tributary/internal/db"
)

// searchMost is how many conversions one search finds, the newest: more than any customer has.
const searchMost = 2000

// Search are the ids of conversions that a text means, whole: an order, a customer, a click id, a conversion id, an e-mail
// address or its hash, or the value of a field of the shop's own. The newest come first. Each is asked along an index of its own.
func Search(ctx context.Context, r db.Reader, program, text string) ([]string, error) {
	hash := strings.ToLower(text)
	if strings.Contains(text, "@") {
		hash = HashEmail(text)
	}
	return db.All(ctx, r, db.Value[string], `/* conversion.Search */
		select id from (
			select id from conversion where order_id = $1 and program = $2
			union select id from conversion where click = $1 and click <> '' and program = $2
			union select id from conversion where who = $3 and program = $2
			union select id from conversion where email = $4 and email <> '' and program = $2
			union select conversion from conversion_field where value = $1 and program = $2
			union select id from conversion where id = $1 and program = $2) found
		order by id desc limit $5`, text, program, WhoCustomer(text), hash, searchMost)
}
