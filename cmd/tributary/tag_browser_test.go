package main

import (
	"context"
	"fmt"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/chromedp/cdproto/emulation"
	"github.com/chromedp/cdproto/page"
	"github.com/chromedp/chromedp"

	"github.com/tributary-hq/tributary/internal/db"
)

// tagWorld is the demo shop and what it keeps, and other people's sites.
type tagWorld struct {
	base    string
	kept    *db.DB
	browser person
	orders  atomic.Int64
}

// sends posts a form of the pages as somebody who is signed in.
func (p person) sends(address, form string) {
	p.t.Helper()
	status := ask(p, chromedp.Evaluate[int](fmt.Sprintf(`fetch(%q, { method: 'POST', body: new URLSearchParams(%q) }).then((r) => r.status)`, address, form), chromedp.EvalAwaitPromise))
	if status != http.StatusOK {
		p.t.Fatalf("POST %s: %d", address, status)
	}
}

// says runs a script in the page.
func (p person) says(script string) {
	p.t.Helper()
	p.does("run "+script, chromedp.Evaluate[chromedp.Void]("{"+script+"}; undefined"))
}

// first runs a script in every page before its own.
func (p person) first(script string) {
	p.t.Helper()
	if _, err := chromedp.Call(p.ctx, page.AddScriptToEvaluateOnNewDocument, page.AddScriptToEvaluateOnNewDocumentParams{Source: script}); err != nil {
		p.t.Fatal(err)
	}
}

// tagged waits until the tag of the page has begun.
var tagged = until("the tag", `!!window.trb && !window.trb.q`)

// opens goes to a page of the shop and waits for the tag.
func (p person) opens(address string) {
	p.t.Helper()
	p.does("open "+address, arrive(address), tagged)
}

// sold reports an order by the tag and returns whose the commission is.
func (w *tagWorld) sold(p person) string {
	p.t.Helper()
	order := fmt.Sprintf("T-%d", w.orders.Add(1))
	p.says(fmt.Sprintf(`trb('conversion', { order: '%s', items: [{ price: '60.00', quantity: 2 }], currency: 'EUR' })`, order))
	return w.owner(p.t, order)
}

// owner is the address of the partner who earned with an order: "nobody" when none did, "" when the order did not arrive.
func (w *tagWorld) owner(t *testing.T, order string) string {
	t.Helper()
	for late := time.Now().Add(patience); time.Now().Before(late); time.Sleep(50 * time.Millisecond) {
		// The journal is read once a second; a touch that is read after the order derives it again.
		found, err := db.All(t.Context(), w.kept.Read(), db.Value[string], `select coalesce((select p.email from commission m join partnership s on s.id = m.partnership
			join partner p on p.id = s.partner where m.conversion = c.id and m.amount > 0), 'nobody') from conversion c where c.order_id = $1`, order)
		if err != nil {
			t.Fatal(err)
		}
		if len(found) == 1 && (found[0] != "nobody" || w.settled(t, order)) {
			return found[0]
		}
	}
	return ""
}

// settled tells whether the journal has been read for a while since the order.
func (w *tagWorld) settled(t *testing.T, order string) bool {
	since, err := db.One(t.Context(), w.kept.Read(), db.Value[int64], `select received from conversion where order_id = $1`, order)
	return err == nil && time.Since(time.UnixMilli(since)) > 2500*time.Millisecond
}

// holds says when the touches of pages whose address has a word in it are not these: "click click direct". It waits until they
// are there, and then for more of them.
func (w *tagWorld) holds(t *testing.T, word, want string) {
	t.Helper()
	kinds := func() string {
		list, err := db.All(t.Context(), w.kept.Read(), db.Value[string], `select kind || case when mark = '' then '' else ':' || mark end from touch where url like $1 order by at, id`, "%"+word+"%")
		if err != nil {
			t.Fatal(err)
		}
		return strings.Join(list, " ")
	}
	for late := time.Now().Add(patience / 4); kinds() != want && time.Now().Before(late); {
		time.Sleep(50 * time.Millisecond)
	}
	time.Sleep(1200 * time.Millisecond)
	if got := kinds(); got != want {
		t.Errorf("%s was kept as %q and not as %q", word, got, want)
	}
}

const lena = "lena@huettenzauber.example"

// TestTheTagInABrowser takes visitors to the shop in every way that needs no redirect, and asks whose their orders are.
func TestTheTagInABrowser(t *testing.T) {
	program := browserProgram(t)
	data := t.TempDir()
	base := strings.TrimSuffix(startDemo(t, data)["Shop"], "/shop/")
	kept, err := db.Open(context.Background(), filepath.Join(data, "demo.db"), db.Options{})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { kept.Close() })
	sites := otherSites(t, base)
	rules := chromedp.Flag("host-resolver-rules", "MAP *.example "+strings.TrimPrefix(sites.URL, "http://"))
	w := &tagWorld{base: base, kept: kept, browser: newBrowser(t, program, rules)}
	w.agree(t)
	shop := base + "/shop/"

	t.Run("a parameter, and storage that is cleared on the way", func(t *testing.T) {
		t.Parallel()
		p := w.browser.in(t).tab()
		p.opens(shop + "?ref=huettenzauber&sub1=one")
		p.says(`localStorage.clear()`)
		p.opens(shop + "p/glut")
		p.says(`document.cookie.split('; ').forEach((c) => { document.cookie = c.split('=')[0] + '=;path=/;max-age=0' })`)
		p.opens(shop)
		if got := w.sold(p); got != lena {
			t.Errorf("the order is %q's", got)
		}
		w.holds(t, "sub1=one", "click")
	})
	t.Run("behind the #", func(t *testing.T) {
		t.Parallel()
		p := w.browser.in(t).tab()
		p.opens(shop + "#a_aid=huettenzauber")
		if got := w.sold(p); got != lena {
			t.Errorf("the order is %q's", got)
		}
	})
	t.Run("in a page that is never loaded again", func(t *testing.T) {
		t.Parallel()
		p := w.browser.in(t).tab()
		p.opens(shop + "?single")
		p.says(`history.pushState(null, '', '/shop/?single&via=huettenzauber')`)
		p.says(`history.pushState(null, '', '/shop/?single&checkout')`)
		if got := w.sold(p); got != lena {
			t.Errorf("the order is %q's", got)
		}
		w.holds(t, "?single", "direct click")
	})
	t.Run("a code that nobody has", func(t *testing.T) {
		t.Parallel()
		p := w.browser.in(t).tab()
		p.opens(shop + "?ref=nobody-has-it")
		if got := w.sold(p); got != "nobody" {
			t.Errorf("the order is %q's", got)
		}
		w.holds(t, "nobody-has-it", "direct:unknown")
	})
	t.Run("two devices and a sign-in", func(t *testing.T) {
		t.Parallel()
		phone, desk := w.browser.in(t).tab(), w.browser.in(t).tab()
		phone.opens(shop + "?ref=huettenzauber")
		phone.says(`trb('customer', '4711')`)
		desk.opens(shop)
		desk.says(`trb('customer', '4711')`)
		if got := w.sold(desk); got != lena {
			t.Errorf("the order is %q's", got)
		}
	})
	t.Run("consent", func(t *testing.T) {
		t.Parallel()
		const asked = `window.trb = window.trb || function () { (trb.q = trb.q || []).push(arguments) }; trb('consent', '%s')`
		stored := chromedp.Evaluate[int](`localStorage.length + sessionStorage.length + document.cookie.length`)
		silent := w.browser.in(t).tab()
		silent.first(fmt.Sprintf(asked, "none"))
		silent.opens(shop + "?ref=huettenzauber&sub1=silent")
		if n := ask(silent, stored); n != 0 {
			t.Errorf("without consent %d are stored", n)
		}
		w.holds(t, "sub1=silent", "")
		silent.says(`trb('consent', 'full')`)
		if got := w.sold(silent); got != lena {
			t.Errorf("after consent the order is %q's", got)
		}
		nameless := w.browser.in(t).tab()
		nameless.first(fmt.Sprintf(asked, "cookieless"))
		nameless.opens(shop + "?ref=huettenzauber&sub1=nameless")
		nameless.opens(shop + "p/glut")
		if got := w.sold(nameless); got != lena {
			t.Errorf("cookieless the order is %q's", got)
		}
		if n := ask(nameless, stored); n != 0 {
			t.Errorf("cookieless %d are stored", n)
		}
		w.holds(t, "sub1=nameless", "click")
	})
	t.Run("without a connection, and then with one", func(t *testing.T) {
		t.Parallel()
		p := w.browser.in(t).tab()
		p.opens(shop)
		p.does("lose the connection", online(false))
		p.says(`history.pushState(null, '', '/shop/?ref=huettenzauber&sub1=offline')`)
		p.says(`trb('conversion', { order: 'T-offline', amount: '100.00', currency: 'EUR' })`)
		time.Sleep(300 * time.Millisecond)
		p.does("find it again", online(true))
		p.opens(shop)
		if got := w.owner(t, "T-offline"); got != lena {
			t.Errorf("the order is %q's", got)
		}
		w.holds(t, "sub1=offline", "click")
	})
	t.Run("from a partner's own site", func(t *testing.T) {
		t.Parallel()
		p := w.browser.in(t).tab()
		p.does("follow a bare link", arrive("http://www.bergpost.example/"), click("#shop"), see("#gear"), tagged)
		if got := w.sold(p); got != lena {
			t.Errorf("the order is %q's", got)
		}
		other := w.browser.in(t).tab()
		other.does("follow a stranger's", arrive("http://notbergpost.example/"), click("#shop"), see("#gear"), tagged)
		if got := w.sold(other); got != "nobody" {
			t.Errorf("a stranger's order is %q's", got)
		}
		hidden := w.browser.in(t).tab()
		hidden.does("be forwarded", arrive("http://bergpost.example/forward"), see("#gear"), tagged)
		if got := w.sold(hidden); got != lena {
			t.Errorf("the forwarded order is %q's", got)
		}
	})
	t.Run("from one of the brand's domains to the other", func(t *testing.T) {
		t.Parallel()
		p := w.browser.in(t).tab()
		p.opens("http://one.example/?ref=huettenzauber")
		was := ask(p, chromedp.Evaluate[string](`JSON.parse(localStorage._trb).visitor`))
		p.does("go to the checkout", click("#two"), see("#paying"), tagged)
		if is := ask(p, chromedp.Evaluate[string](`JSON.parse(localStorage._trb).visitor + location.search`)); is != was {
			t.Errorf("%s became %s", was, is)
		}
		if got := w.sold(p); got != lena {
			t.Errorf("the order is %q's", got)
		}
		thief := w.browser.in(t).tab()
		thief.opens("http://two.example/?_trb=" + was + "." + "zzzzzzzz" + ".")
		if is := ask(thief, chromedp.Evaluate[string](`JSON.parse(localStorage._trb).visitor`)); is == was {
			t.Error("a name is taken from an address that anybody can write")
		}
	})
	t.Run("without scripts", func(t *testing.T) {
		t.Parallel()
		p := w.browser.in(t).tab()
		if _, err := chromedp.Call(p.ctx, emulation.SetScriptExecutionDisabled, emulation.SetScriptExecutionDisabledParams{Value: true}); err != nil {
			t.Fatal(err)
		}
		p.does("come", arrive(shop+"?ref=huettenzauber&sub1=scriptless"), see("#gear"))
		p.says(`new Image().src = '/t/birkwild.gif?order=T-scriptless&amount=100&currency=EUR'`)
		if got := w.owner(t, "T-scriptless"); got != lena {
			t.Errorf("the order is %q's", got)
		}
		w.holds(t, "sub1=scriptless", "click")
	})
	t.Run("cookies refused", func(t *testing.T) {
		t.Parallel()
		profile := t.TempDir()
		if err := os.MkdirAll(filepath.Join(profile, "Default"), 0o700); err != nil {
			t.Fatal(err)
		}
		refuse := `{"profile":{"default_content_setting_values":{"cookies":2}}}`
		if err := os.WriteFile(filepath.Join(profile, "Default", "Preferences"), []byte(refuse), 0o600); err != nil {
			t.Fatal(err)
		}
		p := newBrowser(t, program, chromedp.UserDataDir(profile))
		p.opens(shop + "?ref=huettenzauber&sub1=refused")
		if open := ask(p, chromedp.Evaluate[bool](`(() => { try { return !!localStorage } catch (e) { document.cookie = 'a=b'; return document.cookie !== '' } })()`)); open {
			t.Fatal("the browser keeps something: the test shows nothing")
		}
		p.opens(shop + "p/glut")
		if got := w.sold(p); got != lena {
			t.Errorf("the order is %q's", got)
		}
	})
}

// in is the person in another test.
func (p person) in(t *testing.T) person { return person{t, p.ctx} }

// agree lets the shop's pages report orders, names two more domains, and approves Lena's site.
func (w *tagWorld) agree(t *testing.T) {
	owner, partner := w.browser.in(t).tab(), w.browser.in(t).tab()
	owner.signIn(w.base, "marta@birkwild.example")
	owner.sends("/console/birkwild/settings/tracking", "event.sale=1&event.lead=1&click_param=tclid&tag_sales=yes")
	owner.sends("/console/birkwild/traffic/rules", "repeat_ms=0") // all visitors here have one address and one browser
	own := ask(owner, chromedp.Evaluate[string](`fetch('/console/birkwild/settings').then((r) => r.text()).then((page) => {
		const form = new DOMParser().parseFromString(page, 'text/html').querySelector('form[action="/console/birkwild/settings"]')
		const data = new URLSearchParams(new FormData(form))
		data.set('domains', data.get('domains') + '\none.example\ntwo.example')
		return data.toString()
	})`, chromedp.EvalAwaitPromise))
	owner.sends("/console/birkwild/settings", own)
	partner.signIn(w.base, lena)
	partner.does("open the cabinet", arrive(w.base+"/partner"), see(".side-nav"))
	at := ask(partner, chromedp.Evaluate[string](`document.querySelector('.side-nav a[href$="/links"]').getAttribute('href')`))
	partner.does("name a site", arrive(w.base+at+"/domains"), write("#f-host", "https://bergpost.example/"),
		click("form[action$='/domains'] button.first"), see(".notice"))
	owner.does("approve it", arrive(w.base+"/console/birkwild/settings/direct?state=asked"), click(".domains li:first-child form[action$='/approve'] button"), see(".notice"))
	time.Sleep(1500 * time.Millisecond) // the doors read what is new once a second
}

// otherSites are what other names than the shop's show: a partner's pages, and two more domains of the brand.
func otherSites(t *testing.T, base string) *httptest.Server {
	s := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Content-Type", "text/html")
		switch {
		case strings.HasSuffix(r.Host, "bergpost.example") && r.URL.Path == "/forward":
			fmt.Fprintf(w, `<title>Forwarding</title><script>location.href = '%s/d/birkwild'</script>`, base)
		case strings.HasSuffix(r.Host, "bergpost.example"):
			fmt.Fprintf(w, `<title>A site</title><a id="shop" href="%s/shop/">The shop</a>`, base)
		case r.Host == "two.example":
			fmt.Fprintf(w, `<title>The checkout</title><script async src="%s/tag.js" data-program="birkwild" data-domains="one.example two.example"></script>
				<p id="paying">Pay here.</p>`, base)
		default:
			fmt.Fprintf(w, `<title>The brand</title><script async src="%s/tag.js" data-program="birkwild" data-domains="one.example two.example"></script>
				<a id="two" href="http://two.example/pay">Pay</a>`, base)
		}
	}))
	t.Cleanup(s.Close)
	return s
}
