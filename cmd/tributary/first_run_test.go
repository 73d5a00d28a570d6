package main

import (
	"bufio"
	"fmt"
	"io"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/chromedp/chromedp"
)

// TestFirstRunInABrowser leads the first person from an empty database to a program, a shop that has been heard, a test
// order, and a first partner with a link.
func TestFirstRunInABrowser(t *testing.T) {
	b := newBrowser(t, browserProgram(t))
	database := filepath.Join(t.TempDir(), "first.db")
	base, setup := startEmpty(t, database)

	b.does("be the first", arrive(setup), write("#f-name", "Ada"), write("#f-email", "ada@moor.example"),
		write("#f-password", "walk-the-river"), write("#f-brand", "Moor"), click("button.wide"), see("#f-landing"))
	b.does("forget the shop's address", click("aside button.first"), see(".faults"))
	b.does("make the program", choose("#f-currency", "EUR"), write("#f-landing", "moor.example"), click("aside button.first"), see("#postback"))
	key := ask(b, chromedp.Evaluate[string](`document.querySelector('#postback').textContent.match(/key=([a-z0-9]+)/)[1]`))
	b.does("wait for the shop", arrive(base+"/console/moor-partners/setup/order"), see("#heard"))
	answer, err := http.Get(fmt.Sprintf("%s/postback/moor-partners?key=%s&order_id=LIVE-1&amount=49.90&currency=EUR", base, key))
	if err != nil {
		t.Fatal(err)
	}
	said, err := io.ReadAll(answer.Body)
	answer.Body.Close()
	if err != nil || answer.StatusCode != http.StatusOK {
		t.Fatalf("the postback was answered %s: %s", answer.Status, said)
	}
	b.does("hear its order", see("#heard a"))
	if heard := ask(b, read("#heard")); !strings.Contains(heard, "LIVE-1") {
		t.Errorf("what was heard is %q", heard)
	}
	b.does("send a test order", click("form[action*='setup/order'] button"), see("#receipt"))
	ask(b, chromedp.Evaluate[bool](`document.querySelector('a[href$="/setup/partner"]').click(), true`))
	b.does("invite the first partner", see("form button.first"), write("#f-name", "Bea"),
		write("#f-email", "bea@blog.example"), click("form button.first"), see("#first-link"))
	if link := ask(b, read("#first-link")); !strings.Contains(link, base+"/c/") {
		t.Errorf("the partner's link is %q", link)
	}
	if out, err := command("verify", "--database", database).CombinedOutput(); err != nil || !strings.Contains(string(out), "agree") {
		t.Errorf("verify: %v: %s", err, out)
	}
}

// startEmpty starts "serve" on a database that is not there yet, and returns its address and where the first person goes.
func startEmpty(t *testing.T, database string) (base, setup string) {
	t.Helper()
	cmd := command("serve", "--database", database, "--listen", "127.0.0.1:0")
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
			t.Errorf("the server ended with %v", err)
		}
	})
	for lines := bufio.NewScanner(out); lines.Scan(); {
		line := strings.TrimSpace(lines.Text())
		if _, address, found := strings.Cut(line, "serves at "); found {
			base = address
		}
		if _, address, found := strings.Cut(line, "Open "); found {
			return base, address
		}
	}
	t.Fatal("the server did not say where to begin")
	return "", ""
}
