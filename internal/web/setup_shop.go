package web

import (
	"context"
	"net/url"

	"github.com/tributary-hq/tributary/internal/audit"
	"github.com/tributary-hq/tributary/internal/auth"
	"github.com/tributary-hq/tributary/internal/db"
	"github.com/tributary-hq/tributary/internal/money"
	"github.com/tributary-hq/tributary/internal/program"
	"github.com/tributary-hq/tributary/internal/track"
)

type shopPage struct {
	consolePage
	Tag      string
	TagOrder string
	Postback string
	Secret   string // of the token that was just made, shown this once
	Curl     string
}

// connectShop shows the ways in which a shop can report, side by side.
func (s *site) connectShop(v *visit) (answer, error) {
	data, err := s.shop(v, "")
	return s.page("setup/shop", v.text("setup.shop.title"), data), err
}

func (s *site) shop(v *visit, secret string) (shopPage, error) {
	p := v.program
	installed, err := program.TagOf(v.Context(), v.read(), p.ID)
	data := shopPage{consolePage: v.console(), Tag: track.Snippet(s.base, p, installed, false), TagOrder: orderCall(p), Postback: s.postback(p), Secret: secret}
	if secret == "" {
		secret = "$TOKEN"
	}
	data.Curl = "curl " + s.base + "/v1/conversions \\\n  -H \"Authorization: Bearer " + secret + "\" \\\n  -H \"Idempotency-Key: A-1001\" \\\n" +
		"  -H \"Content-Type: application/json\" \\\n  -d '{\"program\": \"" + p.Slug + "\", \"order_id\": \"A-1001\", \"click_id\": \"{click_id}\",\n" +
		"       \"amount\": {\"amount\": \"" + sampleAmount(p) + "\", \"currency\": \"" + string(p.Currency) + "\"}}'"
	return data, err
}

// orderCall is how a page reports an order by the tag.
func orderCall(p program.Program) string {
	return "<script>\n  window.trb = window.trb || function () { (trb.q = trb.q || []).push(arguments) }\n" +
		"  trb('conversion', { order: 'A-1001', amount: '" + sampleAmount(p) + "', currency: '" + string(p.Currency) + "' })\n</script>"
}

// sampleAmount is an order's amount in the program's currency, as a shop would write it.
func sampleAmount(p program.Program) string {
	return money.Of(2*usualThreshold(p.Currency), p.Currency).Decimal()
}

// postback is the address that a shop's server calls for each order.
func (s *site) postback(p program.Program) string {
	return s.base + "/postback/" + url.PathEscape(p.Slug) + "?key=" + p.Secret +
		"&click_id={click_id}&order_id={order_id}&amount={amount}&currency=" + string(p.Currency)
}

// letTagSell lets the browser tag report orders, or no longer.
func (s *site) letTagSell(v *visit) (answer, error) {
	err := v.write(func(ctx context.Context, tx *db.Tx) error {
		p, err := program.Get(ctx, tx, v.program.ID)
		if err != nil {
			return err
		}
		p.TagSales = v.PostForm.Get("sell") != ""
		if _, err = program.Change(ctx, tx, p); err != nil {
			return err
		}
		return v.record(ctx, tx, audit.ProgramChange, p.ID)
	})
	if err != nil {
		return nil, err
	}
	return s.done(consoleBase(v.program)+"/setup", "saved"), nil
}

// createShopToken makes an API token that can report orders. Its secret is on this answer and never again, so there is no
// redirect.
func (s *site) createShopToken(v *visit) (answer, error) {
	var secret string
	err := v.write(func(ctx context.Context, tx *db.Tx) error {
		made, told, err := auth.NewToken(ctx, tx, v.program.Brand, v.text("setup.shop.token_name"), auth.Live, auth.WriteConversions)
		if err != nil {
			return err
		}
		secret = told
		return v.record(ctx, tx, audit.TokenCreate, made.ID)
	})
	if err != nil {
		return nil, err
	}
	data, err := s.shop(v, secret)
	return s.page("setup/shop", v.text("setup.shop.title"), data), err
}
