package main

import (
	"fmt"
	"strings"
	"testing"

	"github.com/chromedp/chromedp"
	"github.com/chromedp/chromedp/kb"
)

// press types keys, as a keyboard does.
func (p person) press(keys ...string) {
	p.t.Helper()
	for _, key := range keys {
		p.does(fmt.Sprintf("press %q", key), chromedp.KeyEvent(key))
	}
}

// focus is where the keyboard is.
type focus struct {
	At      string `json:"at"`      // the element in words
	Here    bool   `json:"here"`    // it is the one that is looked for
	Ringed  bool   `json:"ringed"`  // one sees that it has the focus
	Covered string `json:"covered"` // what lies over all of it
	Body    bool   `json:"body"`    // nothing has the focus
}

// focusOn asks for the focus. An element is covered when none of its corners' and middle's points within the window are its own.
const focusOn = `((wanted) => {
	const e = document.activeElement, b = e.getBoundingClientRect(), style = getComputedStyle(e)
	const points = [[.5, .5], [.1, .2], [.9, .2], [.1, .8], [.9, .8]].map(([x, y]) => document.elementFromPoint(b.left + x * b.width, b.top + y * b.height))
	return { at: e.tagName.toLowerCase() + (e.id ? '#' + e.id : '') + '.' + e.className + ' ' + (e.ariaLabel ?? e.textContent.trim()).slice(0, 40).replace(/\s+/g, ' '), here: wanted !== '' && e.matches(wanted), body: e === document.body,
		ringed: style.outlineStyle !== 'none' && parseFloat(style.outlineWidth) >= 1.5 || style.boxShadow !== 'none' && e.matches('.skip'),
		covered: points.some((o) => o && (e.contains(o) || o.contains(e) && o !== document.body && o !== document.documentElement)) ? '' : String(points[0]?.className || points[0]?.tagName || 'outside the window') }
})`

// focused is where the keyboard is; it is an error when one cannot see that.
func (p person) focused(wanted string) focus {
	p.t.Helper()
	f := ask(p, chromedp.Evaluate[focus](fmt.Sprintf("%s(%q)", focusOn, wanted)))
	if !f.Body && (!f.Ringed || f.Covered != "") {
		p.t.Errorf("at %s the focus on %s cannot be seen: ring %t, covered by %q", pathOf(ask(p, chromedp.Location())), f.At, f.Ringed, f.Covered)
	}
	return f
}

// tabTo presses Tab until an element has the focus, and returns how often.
func (p person) tabTo(wanted string) (n int) {
	p.t.Helper()
	var passed []string
	for n = 1; n <= 80; n++ {
		p.press(kb.Tab)
		f := p.focused(wanted)
		if f.Here {
			return n
		}
		passed = append(passed, f.At)
	}
	p.t.Fatalf("at %s Tab never comes to %s, only to %s", ask(p, chromedp.Location()), wanted, strings.Join(passed, " | "))
	return 0
}

// TestWithKeysAlone walks the main ways without a mouse.
func TestWithKeysAlone(t *testing.T) {
	program := browserProgram(t)
	base := strings.TrimSuffix(startDemo(t, t.TempDir())["Shop"], "/shop/")
	browser := newBrowser(t, program)
	owner := browser.tab()

	owner.does("go to the door", arrive(base+"/sign-in?to=/console/birkwild/partners%3Fstatus=applied"), see("h1"))
	if n := owner.tabTo(".skip"); n != 1 {
		t.Errorf("the way past the navigation is the stop number %d", n)
	}
	owner.press(kb.Enter)
	if n := owner.tabTo("main input[name=email]"); n != 1 {
		t.Errorf("after skipping, the first field is the stop number %d", n)
	}
	owner.press("marta@birkwild.example", kb.Tab, "walk-the-river", kb.Enter)
	owner.does("be let in", see(".side-nav"))

	owner.tabTo(`main tbody a`)
	owner.press(kb.Enter)
	owner.does("see the application", see("button[popovertarget=accept]:not([popovertargetaction])"))
	owner.tabTo("main button[popovertarget=accept]")
	owner.press(" ")
	owner.does("be asked", see("#accept"))
	if f := owner.focused("#accept *"); !f.Here {
		t.Errorf("the dialog is open and the focus on %s", f.At)
	}
	owner.press(kb.Escape)
	owner.does("think again", seeNo("#accept"))
	if f := owner.focused("button[popovertarget=accept]"); !f.Here {
		t.Errorf("the dialog was closed, and the focus is on %s", f.At)
	}
	owner.press(kb.Enter)
	owner.tabTo("#accept button.first")
	owner.press(kb.Enter)
	owner.does("read that it was done", see(".notice"), see("button[popovertarget=pause]:not([popovertargetaction])"))

	owner.tabTo("header button[popovertarget=menu-theme]")
	owner.press(kb.Enter)
	owner.tabTo("#menu-theme button[value=dark]")
	owner.press(" ")
	owner.does("see it dark", see("html[data-theme=dark] h1"), seeNo("#menu-theme"))
	if f := owner.focused("button[popovertarget=menu-theme]"); !f.Here {
		t.Errorf("after choosing a theme the focus is on %s", f.At)
	}
	owner.does("start over", arrive(base+"/console/birkwild"))
	owner.tabTo("header button[popovertarget=menu-language]")
	owner.press(kb.Enter)
	owner.tabTo("#menu-language button[lang=zh]")
	owner.press(kb.Enter)
	owner.does("read Chinese", see("html[lang=zh] h1"))

	partner := browser.tab()
	partner.signIn(base, "lena@huettenzauber.example")
	partner.does("wait for the cabinet", see(".side-nav a[href$='/links']"))
	partner.tabTo(".side-nav a[href$='/links']")
	partner.press(kb.Enter)
	partner.does("see the links", see("form[action$='/links']"))
	partner.tabTo("form[action$='/links'] input[name=label]")
	partner.press("By keys alone")
	partner.tabTo("form[action$='/links'] button.first")
	partner.press(kb.Enter)
	partner.does("read that it was made", see(".notice"))
	if links := ask(partner, read("main")); !strings.Contains(links, "By keys alone") {
		t.Errorf("the new link is not there:\n%s", links)
	}
}

// TestFocusIsNeverCovered goes through whole pages on a phone, forwards and back: neither bar may lie over what has the focus.
func TestFocusIsNeverCovered(t *testing.T) {
	program := browserProgram(t)
	base := strings.TrimSuffix(startDemo(t, t.TempDir())["Shop"], "/shop/")
	owner := newBrowser(t, program).tab()
	owner.signIn(base, "marta@birkwild.example")
	owner.looks(390, 844, "light")
	for _, page := range []string{"/console/birkwild", "/console/birkwild/partners", "/console/birkwild/settings"} {
		owner.does("open "+page, arrive(base+page), see("h1"))
		for _, key := range []step{chromedp.KeyEvent(kb.Tab), chromedp.KeyEvent(kb.Tab, chromedp.KeyModifiers(chromedp.ModifierShift))} {
			stops := 0
			for range 70 {
				owner.does("go on", key)
				if owner.focused("").Body {
					break
				}
				stops++
			}
			if stops < 20 {
				t.Errorf("%s has only %d stops", page, stops)
			}
		}
	}
}
