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
	visitor.does("follow the partner's link", arrive(base+"/c/huettenzauber"), see("#gear"))
	if at := ask(visitor, chromedp.Location()); !strings.HasPrefix(at, base+"/shop/") {
		t.Fatalf("the link led to %s", at)
	}
	visitor.does("choose", click("#gear a.card"), see("form[action='/shop/cart'] button"))
	visitor.does("put it into the cart", click("form[action='/shop/cart'] button"), see("a[href='/shop/checkout']"))
	visitor.does("go to the checkout", click("a.button[href='/shop/checkout']"), see("#email"))
	visitor.does("order", write("#name", "Ada"), write("#email", "ada@example.org"),
		click("form[action='/shop/checkout'] button"), see("b.number"))
	order = ask(visitor, read("b.number"))

	owner := newBrowser(t, program)
	owner.signIn(base, "marta@birkwild.example")
	conversions := base + "/console/birkwild/conversions"
	owner.does("find the order", arrive(conversions+"?q="+order))
	found := ask(owner, chromedp.Evaluate[string](`[...document.querySelectorAll('main a[href*="/conversions/cnv_"]')].map(a => a.href)[0] || ''`))
	if found == "" {
		t.Fatalf("order %s is not among the conversions", order)
	}
	owner.does("open its receipt", arrive(found), see("ol.journey"))
	receipt := ask(owner, read("main"))
	for _, want := range []string{order, "Hüttenzauber"} {
		if !strings.Contains(receipt, want) {
			t.Errorf("the brand's receipt does not say %q:\n%s", want, receipt)
		}
	}

	partner := newBrowser(t, program)
	partner.signIn(base, "lena@huettenzauber.example")
	partner.does("look at the earnings", arrive(base+"/partner"), see("a[href$='/earnings']"))
	partner.does("list them", click("a[href$='/earnings']"), see("main table"))
	newest := ask(partner, chromedp.Evaluate[string](`document.querySelector('main a[href*="/earnings/com_"]').href`))
	partner.does("open the newest", arrive(newest), see("ol.journey"))
	if mine := ask(partner, read("main")); !strings.Contains(mine, order) {
		t.Errorf("the partner's newest receipt is not of order %s:\n%s", order, mine)
	}

	owner.does("make a batch", arrive(base+"/console/birkwild/payouts"), click("button[popovertarget=make]:not([popovertargetaction])"),
		see("#make button.first"), click("#make button.first"), see("button[popovertarget=approve]:not([popovertargetaction])"))
	owner.does("approve it", click("button[popovertarget=approve]:not([popovertargetaction])"), see("#approve button.first"),
		click("#approve button.first"), see("button[popovertarget=send]:not([popovertargetaction])"))
	owner.does("write the files", click("button[popovertarget=send]:not([popovertargetaction])"), see("#send button.first"),
		click("#send button.first"), see("a[download]"))
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

// patience is what one step may take on the slowest machine.
const patience = time.Minute

// does takes steps that belong together, one after the other.
func (p person) does(what string, steps ...step) {
	p.t.Helper()
	ctx, cancel := context.WithTimeout(p.ctx, patience)
	defer cancel()
	for i, step := range steps {
		if err := chromedp.Do(ctx, step); err != nil {
			at, _ := chromedp.Run(p.ctx, chromedp.Location())
			p.t.Fatalf("%s, step %d, at %s: %v", what, i+1, at, err)
		}
	}
}

func ask[T any](p person, question chromedp.Action[T]) T {
	p.t.Helper()
	ctx, cancel := context.WithTimeout(p.ctx, patience)
	defer cancel()
	answer, err := chromedp.Run(ctx, question)
	if err != nil {
		p.t.Fatal(err)
	}
	return answer
}

func (p person) signIn(base, email string) {
	p.t.Helper()
	p.does("sign in as "+email, arrive(base+"/sign-in"), write("input[name=email]", email),
		write("input[name=password]", "walk-the-river\n"), see("nav.side-nav"))
}
