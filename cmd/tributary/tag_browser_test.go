package main

import (
	"context"
	"fmt"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/chromedp/cdproto/emulation"
	"github.com/chromedp/cdproto/page"
	"github.com/chromedp/chromedp"

	"github.com/tributary-hq/tributary/internal/db"
)

// tagWorld is the demo shop and what it keeps, and other people's sites.
type tagWorld struct {
	t       *testing.T
	base    string
	kept    *db.DB
	browser person
	orders  int
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

// opens goes to a page of the shop and waits for the tag.
func (p person) opens(address string) {
	p.t.Helper()
	p.does("open "+address, chromedp.Navigate(address))
	ask(p, chromedp.Poll[bool](`!!window.trb && !window.trb.q`))
}

// sold reports an order by the tag and returns whose the commission is.
func (w *tagWorld) sold(p person, more string) string {
	w.t.Helper()
	w.orders++
	order := fmt.Sprintf("T-%d", w.orders)
	p.says(fmt.Sprintf(`trb('conversion', { order: '%s', items: [{ price: '60.00', quantity: 2 }], currency: 'EUR'%s })`, order, more))
	return w.owner(order)
}

// owner is the address of the partner who earned with an order: "nobody" when none did, "" when the order did not arrive.
func (w *tagWorld) owner(order string) string {
	w.t.Helper()
	for range 100 {
		// The journal is read once a second; a touch that is read after the order derives it again.
		time.Sleep(100 * time.Millisecond)
		found, err := db.All(w.t.Context(), w.kept.Read(), db.Value[string], `select coalesce((select p.email from commission m join partnership s on s.id = m.partnership
			join partner p on p.id = s.partner where m.conversion = c.id and m.amount > 0), 'nobody') from conversion c where c.order_id = $1`, order)
		if err != nil {
			w.t.Fatal(err)
		}
		if len(found) == 1 && (found[0] != "nobody" || w.settled(order)) {
			return found[0]
		}
	}
	return ""
}

// settled tells whether the journal has been read for a while since the order.
func (w *tagWorld) settled(order string) bool {
	since, err := db.One(w.t.Context(), w.kept.Read(), db.Value[int64], `select received from conversion where order_id = $1`, order)
	return err == nil && time.Since(time.UnixMilli(since)) > 2500*time.Millisecond
}

// kinds are the touches of pages whose address has a word in it: "click click direct".
func (w *tagWorld) kinds(word string) string {
	w.t.Helper()
	time.Sleep(1200 * time.Millisecond)
	list, err := db.All(w.t.Context(), w.kept.Read(), db.Value[string], `select kind || case when mark = '' then '' else ':' || mark end from touch where url like $1 order by at, id`, "%"+word+"%")
	if err != nil {
		w.t.Fatal(err)
	}
	return strings.Join(list, " ")
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
	w := &tagWorld{t: t, base: base, kept: kept, browser: newBrowser(t, program, rules)}
	w.agree()
	shop := base + "/shop/"

	t.Run("a parameter, and storage that is cleared on the way", func(t *testing.T) {
		p := w.browser.in(t).tab()
		p.opens(shop + "?ref=huettenzauber&sub1=one")
		p.says(`localStorage.clear()`)
		p.opens(shop + "p/glut")
		p.says(`document.cookie.split('; ').forEach((c) => { document.cookie = c.split('=')[0] + '=;path=/;max-age=0' })`)
		p.opens(shop)
		if got := w.sold(p, ""); got != lena {
			t.Errorf("the order is %q's", got)
		}
		if got := w.kinds("sub1=one"); got != "click" {
			t.Errorf("it was kept as %q", got)
		}
	})
	t.Run("behind the #", func(t *testing.T) {
		p := w.browser.in(t).tab()
		p.opens(shop + "#a_aid=huettenzauber")
		if got := w.sold(p, ""); got != lena {
			t.Errorf("the order is %q's", got)
		}
	})
	t.Run("in a page that is never loaded again", func(t *testing.T) {
		p := w.browser.in(t).tab()
		p.opens(shop + "?single")
		p.says(`history.pushState(null, '', '/shop/?single&via=huettenzauber')`)
		p.says(`history.pushState(null, '', '/shop/?single&checkout')`)
		if got := w.sold(p, ""); got != lena {
			t.Errorf("the order is %q's", got)
		}
		if got := w.kinds("?single"); got != "direct click" {
			t.Errorf("it was kept as %q", got)
		}
	})
	t.Run("a code that nobody has", func(t *testing.T) {
		p := w.browser.in(t).tab()
		p.opens(shop + "?ref=nobody-has-it")
		if got := w.sold(p, ""); got != "nobody" {
			t.Errorf("the order is %q's", got)
		}
		if got := w.kinds("nobody-has-it"); got != "direct:unknown" {
			t.Errorf("it was kept as %q", got)
		}
	})
	t.Run("two devices and a sign-in", func(t *testing.T) {
		phone, desk := w.browser.in(t).tab(), w.browser.in(t).tab()
		phone.opens(shop + "?ref=huettenzauber")
		phone.says(`trb('customer', '4711')`)
		desk.opens(shop)
		desk.says(`trb('customer', '4711')`)
		if got := w.sold(desk, ""); got != lena {
			t.Errorf("the order is %q's", got)
		}
	})
	t.Run("consent", func(t *testing.T) {
		const asked = `window.trb = window.trb || function () { (trb.q = trb.q || []).push(arguments) }; trb('consent', '%s')`
		stored := chromedp.Evaluate[int](`localStorage.length + sessionStorage.length + document.cookie.length`)
		silent := w.browser.in(t).tab()
		silent.first(fmt.Sprintf(asked, "none"))
		silent.opens(shop + "?ref=huettenzauber&sub1=silent")
		if n, kinds := ask(silent, stored), w.kinds("sub1=silent"); n != 0 || kinds != "" {
			t.Errorf("without consent %d are stored and %q told", n, kinds)
		}
		silent.says(`trb('consent', 'full')`)
		if got := w.sold(silent, ""); got != lena {
			t.Errorf("after consent the order is %q's", got)
		}
		nameless := w.browser.in(t).tab()
		nameless.first(fmt.Sprintf(asked, "cookieless"))
		nameless.opens(shop + "?ref=huettenzauber&sub1=nameless")
		nameless.opens(shop + "p/glut")
		if got := w.sold(nameless, ""); got != lena {
			t.Errorf("cookieless the order is %q's", got)
		}
		if n, kinds := ask(nameless, stored), w.kinds("sub1=nameless"); n != 0 || kinds != "click" {
			t.Errorf("cookieless %d are stored and %q told", n, kinds)
		}
	})
	t.Run("without a connection, and then with one", func(t *testing.T) {
		p := w.browser.in(t).tab()
		p.opens(shop)
		p.does("lose the connection", online(false))
		p.says(`history.pushState(null, '', '/shop/?ref=huettenzauber&sub1=offline')`)
		p.says(`trb('conversion', { order: 'T-offline', amount: '100.00', currency: 'EUR' })`)
		time.Sleep(300 * time.Millisecond)
		p.does("find it again", online(true))
		p.opens(shop)
		if got := w.owner("T-offline"); got != lena {
			t.Errorf("the order is %q's", got)
		}
		if got := w.kinds("sub1=offline"); got != "click" {
			t.Errorf("it was kept as %q", got)
		}
	})
	t.Run("from a partner's own site", func(t *testing.T) {
		p := w.browser.in(t).tab()
		p.does("follow a bare link", chromedp.Navigate("http://www.bergpost.example/"), chromedp.Click("#shop"), chromedp.WaitVisible("#gear"))
		if got := w.sold(p, ""); got != lena {
			t.Errorf("the order is %q's", got)
		}
		other := w.browser.in(t).tab()
		other.does("follow a stranger's", chromedp.Navigate("http://notbergpost.example/"), chromedp.Click("#shop"), chromedp.WaitVisible("#gear"))
		if got := w.sold(other, ""); got != "nobody" {
			t.Errorf("a stranger's order is %q's", got)
		}
		hidden := w.browser.in(t).tab()
		hidden.does("be forwarded", chromedp.Navigate("http://bergpost.example/forward"), chromedp.WaitVisible("#gear"))
		if got := w.sold(hidden, ""); got != lena {
			t.Errorf("the forwarded order is %q's", got)
		}
	})
	t.Run("from one of the brand's domains to the other", func(t *testing.T) {
		p := w.browser.in(t).tab()
		p.opens("http://one.example/?ref=huettenzauber")
		was := ask(p, chromedp.Evaluate[string](`JSON.parse(localStorage._trb).visitor`))
		p.does("go to the checkout", chromedp.Click("#two"), chromedp.WaitVisible("#paying"))
		ask(p, chromedp.Poll[bool](`!!window.trb && !window.trb.q`))
		if is := ask(p, chromedp.Evaluate[string](`JSON.parse(localStorage._trb).visitor + location.search`)); is != was {
			t.Errorf("%s became %s", was, is)
		}
		if got := w.sold(p, ""); got != lena {
			t.Errorf("the order is %q's", got)
		}
		thief := w.browser.in(t).tab()
		thief.opens("http://two.example/?_trb=" + was + "." + "zzzzzzzz" + ".")
		if is := ask(thief, chromedp.Evaluate[string](`JSON.parse(localStorage._trb).visitor`)); is == was {
			t.Error("a name is taken from an address that anybody can write")
		}
	})
	t.Run("without scripts", func(t *testing.T) {
		p := w.browser.in(t).tab()
		if _, err := chromedp.Call(p.ctx, emulation.SetScriptExecutionDisabled, emulation.SetScriptExecutionDisabledParams{Value: true}); err != nil {
			t.Fatal(err)
		}
		p.does("come", chromedp.Navigate(shop+"?ref=huettenzauber&sub1=scriptless"), chromedp.WaitVisible("#gear"))
		p.says(`new Image().src = '/t/birkwild.gif?order=T-scriptless&amount=100&currency=EUR'`)
		if got := w.owner("T-scriptless"); got != lena {
			t.Errorf("the order is %q's", got)
		}
		if got := w.kinds("sub1=scriptless"); got != "click" {
			t.Errorf("it was kept as %q", got)
		}
	})
	t.Run("cookies refused", func(t *testing.T) {
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
		if got := w.sold(p, ""); got != lena {
			t.Errorf("the order is %q's", got)
		}
	})
}

// in is the person in another test.
func (p person) in(t *testing.T) person { return person{t, p.ctx} }

// agree lets the shop's pages report orders, names two more domains, and approves Lena's site.
func (w *tagWorld) agree() {
	owner, partner := w.browser.tab(), w.browser.tab()
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
	partner.does("open the cabinet", chromedp.Navigate(w.base+"/partner"), chromedp.WaitVisible(".side-nav"))
	at := ask(partner, chromedp.Evaluate[string](`document.querySelector('.side-nav a[href$="/links"]').getAttribute('href')`))
	partner.does("ask for a domain", chromedp.Navigate(w.base+at+"/domains"), chromedp.SendKeys("#f-host", "https://bergpost.example/"),
		chromedp.Click("form[action$='/domains'] button.first"), chromedp.WaitVisible(".notice"))
	owner.does("approve it", chromedp.Navigate(w.base+"/console/birkwild/settings/direct?state=asked"), chromedp.Click("form[action$='/approve'] button"), chromedp.WaitVisible(".notice"))
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
