package main

import (
	"strings"
	"testing"

	"github.com/chromedp/cdproto/emulation"
	"github.com/chromedp/chromedp"
)

// TestWithoutScripts does the main things in browsers that run no script: apply, sign in, accept, make a link, pay.
func TestWithoutScripts(t *testing.T) {
	program := browserProgram(t)
	base := strings.TrimSuffix(startDemo(t, t.TempDir())["Shop"], "/shop/")
	browser := newBrowser(t, program)
	plain := func() person {
		p := browser.tab()
		if _, err := chromedp.Call(p.ctx, emulation.SetScriptExecutionDisabled, emulation.SetScriptExecutionDisabledParams{Value: true}); err != nil {
			t.Fatal(err)
		}
		return p
	}

	applicant := plain()
	applicant.does("apply", chromedp.Navigate(base+"/p/birkwild"), chromedp.SendKeys("#f-name", "Fernglas"), chromedp.SendKeys("#f-email", "ida@fernglas.example"),
		chromedp.SendKeys("#f-website", "https://fernglas.example"), chromedp.SendKeys("#f-password", "walk-the-river"))
	if scripted := ask(applicant, chromedp.Evaluate[bool](`document.documentElement.classList.contains('scripted')`)); scripted {
		t.Fatal("scripts run: the test shows nothing")
	}
	for _, question := range ask(applicant, chromedp.Evaluate[[]string](`[...document.querySelectorAll('#apply textarea[required], #apply input[required]')].filter((e) => !e.value).map((e) => '#' + CSS.escape(e.id))`)) {
		applicant.does("answer", chromedp.SendKeys(question, "12000"))
	}
	applicant.does("send it", chromedp.Click("#apply button.first"), chromedp.WaitVisible("main [role=status] a.button"))
	applicant.signIn(base, "ida@fernglas.example")

	owner := plain()
	owner.signIn(base, "marta@birkwild.example")
	owner.does("find the application", chromedp.Navigate(base+"/console/birkwild/partners?q=Fernglas"), chromedp.Click("main tbody a"),
		chromedp.WaitVisible("button[popovertarget=accept]:not([popovertargetaction])"))
	owner.does("accept", chromedp.Click("button[popovertarget=accept]:not([popovertargetaction])"), chromedp.WaitVisible("#accept button.first"),
		chromedp.Click("#accept button.first"), chromedp.WaitVisible(".notice"))
	owner.does("make a batch", chromedp.Navigate(base+"/console/birkwild/payouts"), chromedp.Click("button[popovertarget=make]:not([popovertargetaction])"),
		chromedp.WaitVisible("#make button.first"), chromedp.Click("#make button.first"), chromedp.WaitVisible("button[popovertarget=approve]:not([popovertargetaction])"))
	owner.does("read it dark, and in French", chromedp.Click("button[popovertarget=menu-theme]"), chromedp.WaitVisible("#menu-theme"),
		chromedp.Click("#menu-theme button[value=dark]"), chromedp.WaitVisible("html[data-theme=dark] h1"), chromedp.Click("button[popovertarget=menu-language]"),
		chromedp.WaitVisible("#menu-language"), chromedp.Click("#menu-language button[lang=fr]"), chromedp.WaitVisible("html[lang=fr][data-theme=dark] h1"))

	applicant.does("come to the cabinet", chromedp.Navigate(base+"/partner"), chromedp.Click(".side-nav a[href$='/links']"), chromedp.SendKeys("#f-label", "Without scripts"),
		chromedp.Click("form[action$='/links'] button.first"), chromedp.WaitVisible(".notice"))
	if links := ask(applicant, chromedp.Text("main")); !strings.Contains(links, "Without scripts") || !strings.Contains(links, base+"/c/") {
		t.Errorf("the new link is not there:\n%s", links)
	}
}
