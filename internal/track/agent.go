package track

import (
	"net/http"
	"time"

	"github.com/tributary-hq/tributary/internal/network"
	"github.com/tributary-hq/tributary/internal/problem"
	"github.com/tributary-hq/tributary/internal/touch"
)

// agentToken is what an agent that buys for somebody passes on to the shop.
type agentToken struct {
	Token   string    `json:"token"`
	Expires time.Time `json:"expires_at"`
	Param   string    `json:"parameter"` // in which the shop's pages take it
	Target  string    `json:"target"`
	Program string    `json:"program"`
}

var (
	noSuchLink = &problem.Problem{Status: http.StatusNotFound, Code: "link_unknown", Detail: "there is no such link"}
	linkEnded  = &problem.Problem{Status: http.StatusGone, Code: "link_ended", Detail: "this link has ended: no token is given by it"}
)

// agent gives a signed token to a program that buys for somebody and runs no browser: it asks by a partner's link and hands
// the token to the shop, which reports it as the click id. It is a touch of its own kind. That a machine asks is its purpose,
// so nothing is judged but how often: who asks more than people click gets a token that does not count.
func (d *Door) agent(w http.ResponseWriter, r *http.Request) {
	place, ok, err := d.links.Find(r.Context(), r.PathValue("code"))
	if err == nil && !ok {
		err = noSuchLink
	}
	if err != nil {
		d.refuse(w, r, err)
		return
	}
	at, who, asked := d.db.Now(), d.proxies.Client(r), readAsked(r.URL.RawQuery)
	from := network.Kept(who)
	mark := touch.Counts
	name := d.rates.name(from, place.Link, "agent")
	if isOfTheWorld(who) && d.rates.rate(name, at.UnixMilli(), rateSpan.Milliseconds()) > rateMost {
		mark = touch.Rate
	}
	mark = orExpired(mark, place, at)
	id := d.keys.NewAgentID(at, place.Number)
	err = d.keep(r.Context(), place.Program, touch.Touch{ID: id, Program: place.Program.ID, Kind: touch.Agent, Partnership: place.Partnership, Link: place.Link,
		Who: touch.WhoClick(id), At: at, Mark: mark, URL: place.Target, Agent: first(r, "User-Agent"), Address: from, Sub: asked.sub, Shared: asked.shared})
	if err == nil && place.Over(at) {
		err = linkEnded
	}
	if err != nil {
		d.refuse(w, r, err)
		return
	}
	writeJSON(w, http.StatusOK, "application/json", agentToken{id, at.Add(touch.AgentFor), place.Program.ClickParam,
		location(place.Target, asked.passed, place.Program.ClickParam, id), place.Program.Slug})
}
