package main

import (
	"context"
	"strings"
	"testing"

	"github.com/chromedp/cdproto/cdp"
	"github.com/chromedp/cdproto/network"
	"github.com/chromedp/chromedp"
)

// online lets the tab reach the network, or not.
func online(reached bool) step {
	return func(ctx context.Context, t *chromedp.Target) (chromedp.Void, error) {
		rules := []*network.Conditions{{Offline: !reached, DownloadThroughput: -1, UploadThroughput: -1}}
		_, err := cdp.Call(ctx, t, network.EmulateNetworkConditionsByRule, network.EmulateNetworkConditionsByRuleParams{MatchedNetworkConditions: rules})
		return chromedp.Void{}, err
	}
}

// signedOut takes the session away, as time does.
func signedOut(ctx context.Context, t *chromedp.Target) (chromedp.Void, error) {
	_, err := cdp.Call(ctx, t, network.ClearBrowserCookies, cdp.Empty{})
	return chromedp.Void{}, err
}

// TestNothingTypedIsLost takes the connection and the session away from somebody who fills in a form, and then lets Ctrl-K
// find a page for them.
func TestNothingTypedIsLost(t *testing.T) {
	program := browserProgram(t)
	base := strings.TrimSuffix(startDemo(t, t.TempDir())["Shop"], "/shop/")
	lena := newBrowser(t, program)
	lena.signIn(base, "lena@huettenzauber.example")
	lena.does("open the form of a link", arrive(base+"/partner"), click("nav a[href$='/links']"), see("#f-label"))
	lena.does("type", write("#f-label", "Winter huts"))
	label := chromedp.Evaluate[string](`document.querySelector("#f-label").value`)

	lena.does("send it without a connection", online(false), click("form[action$='/links'] button.first"), see(".kept"))
	if got := ask(lena, label); got != "Winter huts" {
		t.Errorf("without a connection the form holds %q", got)
	}
	lena.does("send it when the session is over", online(true), signedOut, click("form[action$='/links'] button.first"), see("input[name=password]"))
	lena.does("sign in again", write("input[name=email]", "lena@huettenzauber.example"), write("input[name=password]", "walk-the-river\n"),
		see(".kept"))
	if got := ask(lena, label); got != "Winter huts" {
		t.Errorf("after the sign-in the form holds %q", got)
	}
	lena.does("send it at last", click("form[action$='/links'] button.first"), see(".notice"))
	if main := ask(lena, read("main")); !strings.Contains(main, "Winter huts") {
		t.Errorf("the link is not there: %s", main)
	}
	lena.does("go back to the form", click("nav a[href$='/links']"), see("#f-label"))
	if got := ask(lena, label); got != "" {
		t.Errorf("what was sent is typed again: %q", got)
	}

	lena.does("find a page by keys", chromedp.KeyEvent("k", chromedp.KeyModifiers(chromedp.ModifierCtrl)), see("#palette"),
		chromedp.KeyEvent("earn"), see("#palette-found a[aria-selected=true][href$='/earnings']"), chromedp.KeyEvent("\r"), see("nav a[href$='/earnings'][aria-current]"))
}
