package main

import (
	"context"
	"encoding/json"
	"errors"
	"io/fs"
	"os"
	"strings"
	"testing"

	"github.com/chromedp/cdproto/page"
	"github.com/chromedp/chromedp"
)

// axeFile comes from npm, as testdata/npm/package-lock.json pins it.
const axeFile = "testdata/npm/node_modules/axe-core/axe.min.js"

// axeSource is the checker's script, or skips.
func axeSource(t *testing.T) string {
	t.Helper()
	source, err := os.ReadFile(axeFile)
	if errors.Is(err, fs.ErrNotExist) {
		if os.Getenv("TEST_BROWSER") == "required" {
			t.Fatal("axe-core is required and not here: npm ci --prefix cmd/tributary/testdata/npm")
		}
		t.Skip("SKIPPED WITHOUT AXE-CORE: npm ci --prefix cmd/tributary/testdata/npm")
	}
	if err != nil {
		t.Fatal(err)
	}
	return string(source)
}

// watcher sums up what moves by itself while a page is loading, and notes what its policy refuses.
const watcher = `
addEventListener('securitypolicyviolation', (event) => (window.refusedHere ??= []).push(event.violatedDirective + ' ' + event.blockedURI))
window.movedHere = 0
new PerformanceObserver((list) => { for (const e of list.getEntries()) if (!e.hadRecentInput) { window.movedHere += e.value; (window.moversHere ??= []).push(...e.sources.map((s) => s.node?.nodeName + '.' + s.node?.className)) } }).observe({ type: 'layout-shift', buffered: true })`

// everyPage puts a script before those of each page. The page's policy has no say in it.
func (p person) everyPage(source string) {
	p.t.Helper()
	if _, err := chromedp.Call(p.ctx, page.AddScriptToEvaluateOnNewDocument, page.AddScriptToEvaluateOnNewDocumentParams{Source: source}); err != nil {
		p.t.Fatal(err)
	}
}

// allRules are the levels A and AA of WCAG 2.0, 2.1 and 2.2, and what the makers of the checker hold to be good besides.
var allRules = map[string]any{"type": "tag", "values": []string{"wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"}}

// contrastRule is the one rule that colours can break.
var contrastRule = map[string]any{"type": "rule", "values": []string{"color-contrast"}}

// violations are the rules that a part of the page breaks, with the elements that do.
func (p person) violations(rules map[string]any, part string) (list []string) {
	p.t.Helper()
	options, err := json.Marshal(map[string]any{"runOnly": rules, "resultTypes": []string{"violations"}, "iframes": false, "preload": false})
	if err != nil {
		p.t.Fatal(err)
	}
	of, err := json.Marshal(part)
	if err != nil {
		p.t.Fatal(err)
	}
	ctx, cancel := context.WithTimeout(p.ctx, patience)
	defer cancel()
	list, err = chromedp.Run(ctx, chromedp.Evaluate[[]string](`axe.run(`+string(of)+`, `+string(options)+`).then((r) => r.violations.map((v) => v.id + ' (' + v.help + '): ' +
		v.nodes.slice(0, 4).map((n) => n.target.join(' ') + ' – ' + (n.any[0] ?? n.all[0] ?? n.none[0])?.message).join('; ') + (v.nodes.length > 4 ? ' and ' + (v.nodes.length - 4) + ' more' : '')))`,
		chromedp.EvalAwaitPromise))
	if err != nil {
		p.t.Fatalf("axe: %v", err)
	}
	for i, v := range list {
		list[i] = strings.Join(strings.Fields(v), " ")
	}
	return list
}
