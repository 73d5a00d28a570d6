package track

import (
	"net/netip"
	"strings"
	"time"

	"github.com/tributary-hq/tributary/internal/program"
	"github.com/tributary-hq/tributary/internal/touch"
)

// More clicks than so many of one link, by one kind of browser in one network, are not people.
const (
	rateMost = 20
	rateSpan = 10 * time.Second
)

// click is what a judgement looks at beyond the request's own words.
type click struct {
	program  *program.Program
	link     string
	referrer string
	visitor  netip.Addr // whole; it is kept nowhere
	network  string
	at       time.Time
}

// judge says whether a click counts: by the request's own words, then by where it is from, then by what was just before.
func (d *Door) judge(asked touch.Asked, c click) touch.Mark {
	mark := touch.Judge(asked)
	if mark == touch.Counts {
		mark = d.judgeOrigin(asked, c)
	}
	if c.link == "" || !c.visitor.IsValid() {
		return mark
	}
	now := c.at.UnixMilli()
	hot := isOfTheWorld(c.visitor) && d.rates.rate(d.rates.name(c.network, c.link, asked.Agent), now, rateSpan.Milliseconds()) > rateMost
	switch {
	case mark != touch.Counts:
		return mark
	case hot:
		return touch.Rate
	case c.program.RepeatMS > 0 && d.repeats.isRepeat(d.repeats.name(c.visitor.String(), c.link, asked.Agent), now, c.program.RepeatMS):
		return touch.Duplicate
	}
	return touch.Counts
}

// isOfTheWorld tells whether an address is one of somebody out there. Behind a proxy that the owner has not named everybody
// has the proxy's: a rate would then be that of all visitors together.
func isOfTheWorld(a netip.Addr) bool {
	return a.IsGlobalUnicast() && !a.IsPrivate()
}

// judgeOrigin judges by the owner's lists. A data centre alone says little, for people come through it in tunnels: something
// else must be odd, and the program must not trust it.
func (d *Door) judgeOrigin(asked touch.Asked, c click) touch.Mark {
	switch {
	case (*d.lists.spammers.held.Load()).has(c.referrer):
		return touch.Spam
	case !c.program.TrustDatacentres && asked.Hints() > 0 && (*d.lists.networks.held.Load()).has(c.visitor):
		return touch.Datacentre
	}
	return touch.Counts
}

// getter is the fields of a request, whichever server has read them.
type getter interface{ Get(name string) string }

// ask is what a request says of who asks.
func ask(method string, h getter) touch.Asked {
	return touch.Asked{Method: method, Agent: h.Get("User-Agent"), Purpose: purpose(h), Accept: h.Get("Accept"), Language: h.Get("Accept-Language"),
		Dest: h.Get("Sec-Fetch-Dest"), Brands: h.Get("Sec-Ch-Ua"), Platform: h.Get("Sec-Ch-Ua-Platform")}
}

// purpose is what the browser says it fetches for, when it is not for the visitor to see.
func purpose(h getter) string {
	for _, name := range purposeHeader {
		if value := h.Get(name); value != "" {
			return strings.ToLower(value)
		}
	}
	return ""
}
