package main

import (
	"bufio"
	"context"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/chromedp/chromedp"
)

// firefox is a name that no door takes for a robot's; a headless browser's own is one.
const firefox = "Mozilla/5.0 (X11; Linux x86_64; rv:143.0) Gecko/20100101 Firefox/143.0"

// TestJourneyInABrowser walks the whole line as people do: a visitor follows a partner's link into the shop and orders, the
// brand and the partner see the sale and its receipt, and the brand pays out and downloads the file.
func TestJourneyInABrowser(t *testing.T) {
	program := browserProgram(t)
	data := t.TempDir()
	addresses := startDemo(t, data)
	base := strings.TrimSuffix(addresses["Shop"], "/shop/")

	visitor := newBrowser(t, program)
	var order string
	visitor.does("follow the partner's link", chromedp.Navigate(base+"/c/huettenzauber"), chromedp.WaitVisible("#gear"))
	if at := ask(visitor, chromedp.Location()); !strings.HasPrefix(at, base+"/shop/") {
		t.Fatalf("the link led to %s", at)
	}
	visitor.does("choose", chromedp.Click("#gear a.card"), chromedp.WaitVisible("form[action='/shop/cart'] button"))
	visitor.does("put it into the cart", chromedp.Click("form[action='/shop/cart'] button"), chromedp.WaitVisible("a[href='/shop/checkout']"))
	visitor.does("go to the checkout", chromedp.Click("a.button[href='/shop/checkout']"), chromedp.WaitVisible("#email"))
	visitor.does("order", chromedp.SendKeys("#name", "Ada"), chromedp.SendKeys("#email", "ada@example.org"),
		chromedp.Click("form[action='/shop/checkout'] button"), chromedp.WaitVisible("b.number"))
	order = ask(visitor, chromedp.Text("b.number"))

	owner := newBrowser(t, program)
	owner.signIn(base, "marta@birkwild.example")
	conversions := base + "/console/birkwild/conversions"
	owner.does("find the order", chromedp.Navigate(conversions+"?q="+order))
	found := ask(owner, chromedp.Evaluate[string](`[...document.querySelectorAll('main a[href*="/conversions/cnv_"]')].map(a => a.href)[0] || ''`))
	if found == "" {
		t.Fatalf("order %s is not among the conversions", order)
	}
	owner.does("open its receipt", chromedp.Navigate(found), chromedp.WaitVisible("ol.journey"))
	receipt := ask(owner, chromedp.Text("main"))
	for _, want := range []string{order, "Hüttenzauber"} {
		if !strings.Contains(receipt, want) {
			t.Errorf("the brand's receipt does not say %q:\n%s", want, receipt)
		}
	}

	partner := newBrowser(t, program)
	partner.signIn(base, "lena@huettenzauber.example")
	partner.does("look at the earnings", chromedp.Navigate(base+"/partner"), chromedp.WaitVisible("a[href$='/earnings']"))
	partner.does("list them", chromedp.Click("a[href$='/earnings']"), chromedp.WaitVisible("main table"))
	newest := ask(partner, chromedp.Evaluate[string](`document.querySelector('main a[href*="/earnings/com_"]').href`))
	partner.does("open the newest", chromedp.Navigate(newest), chromedp.WaitVisible("ol.journey"))
	if mine := ask(partner, chromedp.Text("main")); !strings.Contains(mine, order) {
		t.Errorf("the partner's newest receipt is not of order %s:\n%s", order, mine)
	}

	owner.does("make a batch", chromedp.Navigate(base+"/console/birkwild/payouts"), chromedp.Click("button[popovertarget=make]:not([popovertargetaction])"),
		chromedp.WaitVisible("#make button.first"), chromedp.Click("#make button.first"), chromedp.WaitVisible("button[popovertarget=approve]:not([popovertargetaction])"))
	owner.does("approve it", chromedp.Click("button[popovertarget=approve]:not([popovertargetaction])"), chromedp.WaitVisible("#approve button.first"),
		chromedp.Click("#approve button.first"), chromedp.WaitVisible("button[popovertarget=send]:not([popovertargetaction])"))
	owner.does("write the files", chromedp.Click("button[popovertarget=send]:not([popovertargetaction])"), chromedp.WaitVisible("#send button.first"),
		chromedp.Click("#send button.first"), chromedp.WaitVisible("a[download]"))
	file := ask(owner, chromedp.Evaluate[string](`fetch(document.querySelector('a[download][href*=paypal]').href).then(r => r.text())`, chromedp.EvalAwaitPromise))
	if !regexp.MustCompile(`(?m)^lena@huettenzauber\.example,\d+\.\d\d,EUR,pay_[0-9a-z]{24},[^,]*,PayPal\r?$`).MatchString(file) {
		t.Errorf("the payout file is %q", file)
	}

	if out, err := command("verify", "--database", filepath.Join(data, "demo.db")).CombinedOutput(); err != nil || !strings.Contains(string(out), "agree") {
		t.Errorf("verify: %v: %s", err, out)
	}
}

// browserProgram finds a browser, or skips.
func browserProgram(t *testing.T) string {
	t.Helper()
	for _, name := range []string{"chromium", "chromium-browser", "google-chrome"} {
		if path, err := exec.LookPath(name); err == nil {
			return path
		}
	}
	if os.Getenv("TEST_BROWSER") == "required" {
		t.Fatal("a browser is required and not here")
	}
	t.Skip("SKIPPED WITHOUT A BROWSER: install chromium to walk the pages")
	return ""
}

// startDemo starts the demonstration on a free port and returns the addresses that it prints.
func startDemo(t *testing.T, data string) map[string]string {
	t.Helper()
	cmd := command("demo", "--data", data, "--listen", "127.0.0.1:0")
	out, err := cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		cmd.Process.Signal(os.Interrupt)
		if err := cmd.Wait(); err != nil {
			t.Errorf("the demonstration ended with %v", err)
		}
	})
	addresses := map[string]string{}
	for lines := bufio.NewScanner(out); lines.Scan(); {
		if name, address, found := strings.Cut(strings.TrimSpace(lines.Text()), "http://"); found {
			addresses[strings.TrimSpace(name)] = "http://" + address
		}
		if strings.Contains(lines.Text(), "Ctrl-C") {
			break
		}
	}
	if addresses["Shop"] == "" {
		t.Fatalf("the demonstration printed the addresses %v", addresses)
	}
	for range 100 {
		if answer, err := http.Get(strings.TrimSuffix(addresses["Shop"], "/shop/") + "/healthz"); err == nil {
			answer.Body.Close()
			return addresses
		}
		time.Sleep(50 * time.Millisecond)
	}
	t.Fatal("the demonstration does not answer")
	return nil
}

// person is somebody before a browser of their own.
type person struct {
	t   *testing.T
	ctx context.Context
}

func newBrowser(t *testing.T, program string, more ...chromedp.ExecAllocatorOption) person {
	t.Helper()
	options := append(chromedp.DefaultExecAllocatorOptions[:], chromedp.ExecPath(program), chromedp.NoSandbox, chromedp.DisableGPU,
		chromedp.Flag("disable-quic", true), chromedp.Flag("disable-background-networking", true), chromedp.Flag("disable-component-update", true),
		chromedp.Flag("force-prefers-reduced-motion", true), // a click during a transition between pages meets nothing
		chromedp.Flag("user-agent", firefox), chromedp.UserDataDir(t.TempDir()))
	ctx, stop := chromedp.NewExecAllocator(context.Background(), append(options, more...)...)
	t.Cleanup(stop)
	ctx, stop = chromedp.NewContext(ctx)
	t.Cleanup(stop)
	if err := chromedp.Do(ctx, chromedp.EmulateViewport(1440, 900)); err != nil {
		t.Fatal(err)
	}
	return person{t, ctx}
}

// does takes steps that belong together, in at most twenty seconds.
func (p person) does(what string, steps ...chromedp.Action[chromedp.Void]) {
	p.t.Helper()
	ctx, cancel := context.WithTimeout(p.ctx, 20*time.Second)
	defer cancel()
	if err := chromedp.Do(ctx, steps...); err != nil {
		at, _ := chromedp.Run(p.ctx, chromedp.Location())
		p.t.Fatalf("%s, at %s: %v", what, at, err)
	}
}

func ask[T any](p person, question chromedp.Action[T]) T {
	p.t.Helper()
	ctx, cancel := context.WithTimeout(p.ctx, 20*time.Second)
	defer cancel()
	answer, err := chromedp.Run(ctx, question)
	if err != nil {
		p.t.Fatal(err)
	}
	return answer
}

func (p person) signIn(base, email string) {
	p.t.Helper()
	p.does("sign in as "+email, chromedp.Navigate(base+"/sign-in"), chromedp.SendKeys("input[name=email]", email),
		chromedp.SendKeys("input[name=password]", "walk-the-river\n"), chromedp.WaitVisible("nav.side-nav"))
}
