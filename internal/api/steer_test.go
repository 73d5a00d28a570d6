package api_test

import (
	"testing"
	"time"

	"github.com/tributary-hq/tributary/client"
	"github.com/tributary-hq/tributary/internal/db"
	"github.com/tributary-hq/tributary/internal/db/dbtest"
)

func TestSteeringByTheAPI(t *testing.T) {
	dbtest.Run(t, func(t *testing.T, d *db.DB) {
		h := open(t, d)
		ctx := t.Context()
		h.program("alpine")
		ann := h.partner("alpine", "ann")
		link := must(h.CreateLink(ctx, ann.ID, client.NewLink{Code: "annlink"}))(t)

		cap := must(h.CreateCap(ctx, "alpine", client.NewCap{Measure: "clicks", Period: "day", Most: 100, Partnership: ann.ID}))(t)
		first := must(h.CreateRule(ctx, "alpine", client.NewRedirect{Action: "page", Target: "https://shop.example.com/de", When: client.Conditions{Countries: []string{"de", "at", "de"}, Weekdays: []int{6, 0}}}))(t)
		second := must(h.CreateRule(ctx, "alpine", client.NewRedirect{Action: "block", Link: link.ID, When: client.Conditions{Cap: cap.ID}}))(t)
		if len(first.When.Countries) != 2 || first.When.Countries[0] != "AT" || first.When.Weekdays[0] != 0 || !first.Follows {
			t.Errorf("the rule is %+v", first)
		}
		must(h.MoveRule(ctx, second.ID, 1))(t)
		if list := all(t, h.Rules(ctx, "alpine")); len(list) != 2 || list[0].ID != second.ID {
			t.Errorf("the rules are %+v", list)
		}
		if _, err := h.RemoveCap(ctx, cap.ID); code(err) != "cap_asked" {
			t.Errorf("a cap that a rule asks for: %v", err)
		}
		for what, n := range map[string]client.NewRedirect{
			"nowhere":        {Action: "page"},
			"elsewhere":      {Action: "page", Target: "https://evil.example/"},
			"no country":     {Action: "block", When: client.Conditions{Countries: []string{"Atlantis"}}},
			"no time":        {Action: "block", When: client.Conditions{From: 5, To: 5}},
			"another's cap":  {Action: "block", When: client.Conditions{Cap: "cap_none"}},
			"another's link": {Action: "block", Link: "lnk_none"},
			"no sub-id":      {Action: "block", When: client.Conditions{SubIDs: []string{"x"}}},
		} {
			if _, err := h.CreateRule(ctx, "alpine", n); err == nil {
				t.Errorf("%s is taken", what)
			}
		}
		if got := must(h.ReplaceRule(ctx, second.ID, client.NewRedirect{Action: "fallback", Resting: true}))(t); got.Follows || got.When.Cap != "" || got.Link != "" {
			t.Errorf("written anew it is %+v", got)
		}
		most := int64(5)
		if got := must(h.ChangeCap(ctx, cap.ID, client.CapChange{Most: &most}))(t); got.Most != 5 || got.Reached || got.Amount != 0 {
			t.Errorf("the cap is %+v", got)
		}
		must(h.RemoveCap(ctx, cap.ID))(t)
		must(h.RemoveRule(ctx, first.ID))(t)
		if caps, rules := all(t, h.Caps(ctx, "alpine")), all(t, h.Rules(ctx, "alpine")); len(caps) != 0 || len(rules) != 1 {
			t.Errorf("what is left: %+v %+v", caps, rules)
		}

		n := client.NewSplit{Name: "Film", Rate: 250, Lift: 20, Variants: []client.NewVariant{{Name: "As it is", Weight: 1}, {Name: "Film", Weight: 3, Target: "https://shop.example.com/film"}}}
		split := must(h.BeginSplit(ctx, "alpine", n))(t)
		if split.ClicksNeeded < 10_000 || len(split.Variants) != 2 || split.Variants[1].Key != "b" || split.Best != "" || split.EndedAt != nil {
			t.Errorf("the test is %+v", split)
		}
		if _, err := h.BeginSplit(ctx, "alpine", n); code(err) != "split_running" {
			t.Errorf("a second test of the same: %v", err)
		}
		if _, err := h.EndSplit(ctx, split.ID, client.SplitEnd{Winner: "c"}); err == nil {
			t.Error("a winner that did not take part")
		}
		if got := must(h.EndSplit(ctx, split.ID, client.SplitEnd{Winner: "b"}))(t); got.EndedAt == nil || got.Winner != "b" {
			t.Errorf("ended it is %+v", got)
		}
		if got := must(h.Split(ctx, split.ID))(t); got.Winner != "b" || len(all(t, h.Splits(ctx, "alpine"))) != 1 {
			t.Errorf("read it is %+v", got)
		}

		ends := noon.Add(time.Hour)
		if got := must(h.EndLink(ctx, link.ID, client.LinkEnd{Ends: &ends, Afterwards: "https://shop.example.com/over"}))(t); got.Ends == nil || !got.Ends.Equal(ends) || got.Afterwards == "" {
			t.Errorf("the link is %+v", got)
		}
		if _, err := h.EndLink(ctx, link.ID, client.LinkEnd{Ends: &ends, Afterwards: "https://evil.example/"}); code(err) != "target_not_allowed" {
			t.Errorf("it ends elsewhere: %v", err)
		}
	})
}
