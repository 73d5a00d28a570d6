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
	applicant.does("apply", arrive(base+"/p/birkwild"), write("#f-name", "Fernglas"), write("#f-email", "ida@fernglas.example"),
		write("#f-website", "https://fernglas.example"), write("#f-password", "walk-the-river"))
	if scripted := ask(applicant, chromedp.Evaluate[bool](`document.documentElement.classList.contains('scripted')`)); scripted {
		t.Fatal("scripts run: the test shows nothing")
	}
	for _, question := range ask(applicant, chromedp.Evaluate[[]string](`[...document.querySelectorAll('#apply textarea[required], #apply input[required]')].filter((e) => !e.value).map((e) => '#' + CSS.escape(e.id))`)) {
		applicant.does("answer", write(question, "12000"))
	}
	applicant.does("send it", click("#apply button.first"), see("main [role=status] a.button"))
	applicant.signIn(base, "ida@fernglas.example")

	owner := plain()
	owner.signIn(base, "marta@birkwild.example")
	owner.does("find the application", arrive(base+"/console/birkwild/partners?q=Fernglas"), click("main tbody a"),
		see("button[popovertarget=accept]:not([popovertargetaction])"))
	owner.does("accept", click("button[popovertarget=accept]:not([popovertargetaction])"), see("#accept button.first"),
		click("#accept button.first"), see(".notice"))
	owner.does("make a batch", arrive(base+"/console/birkwild/payouts"), click("button[popovertarget=make]:not([popovertargetaction])"),
		see("#make button.first"), click("#make button.first"), see("button[popovertarget=approve]:not([popovertargetaction])"))
	owner.does("read it dark, and in French", click("button[popovertarget=menu-theme]"), see("#menu-theme"),
		click("#menu-theme button[value=dark]"), see("html[data-theme=dark] h1"), click("button[popovertarget=menu-language]"),
		see("#menu-language"), click("#menu-language button[lang=fr]"), see("html[lang=fr][data-theme=dark] h1"))

	applicant.does("come to the cabinet", arrive(base+"/partner"), click(".side-nav a[href$='/links']"), write("#f-label", "Without scripts"),
		click("form[action$='/links'] button.first"), see(".notice"))
	if links := ask(applicant, read("main")); !strings.Contains(links, "Without scripts") || !strings.Contains(links, base+"/c/") {
		t.Errorf("the new link is not there:\n%s", links)
	}
}
