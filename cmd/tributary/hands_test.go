package main

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"strconv"
	"time"

	"github.com/chromedp/cdproto/cdp"
	"github.com/chromedp/cdproto/page"
	"github.com/chromedp/chromedp"
)

// The steps of a person before a page. Each asks the page itself again and again: the driver's own copy of a page's elements
// falls behind on a busy machine, and is then waited for in vain.

type step = chromedp.Action[chromedp.Void]

// arrive opens an address and waits until all of its page is there.
func arrive(address string) step {
	return chromedp.Func(func(ctx context.Context, t *chromedp.Target) error {
		if _, err := chromedp.Evaluate[chromedp.Void](`void (window.left = true)`)(ctx, t); err != nil {
			return err
		}
		gone, err := cdp.Call(ctx, t, page.Navigate, page.NavigateParams{URL: address})
		if err != nil || gone.ErrorText != "" {
			return cmp.Or(err, errors.New(gone.ErrorText))
		}
		if sameDocument := gone.LoaderID == ""; sameDocument {
			return nil
		}
		_, err = until("the page", `!window.left && document.readyState === 'complete'`)(ctx, t)
		return err
	})
}

// until waits for something to be true of the page.
func until(what, expression string) step {
	return chromedp.Func(func(ctx context.Context, t *chromedp.Target) error {
		for {
			if is, err := chromedp.Evaluate[bool](expression)(ctx, t); err == nil && is {
				return nil
			}
			select {
			case <-ctx.Done():
				return fmt.Errorf("waited for %s: %w", what, ctx.Err())
			case <-time.After(15 * time.Millisecond):
			}
		}
	})
}

// shown is the first element that matches and can be seen, or undefined.
func shown(selector string) string {
	return `[...document.querySelectorAll(` + strconv.Quote(selector) + `)].find(e => e.checkVisibility({visibilityProperty: true}) && e.getClientRects().length)`
}

func see(selector string) step { return until(selector, `!!`+shown(selector)) }

func seeNo(selector string) step { return until("no "+selector, `!`+shown(selector)) }

// click presses on the middle of an element as soon as it has come to rest there and nothing lies over it.
func click(selector string) step {
	return chromedp.Func(func(ctx context.Context, t *chromedp.Target) error {
		type place struct{ X, Y float64 }
		middle := `(() => {
			const e = ` + shown(selector) + `
			if (!e || e.disabled) return null
			e.scrollIntoView({block: 'center', behavior: 'instant'})
			const r = e.getClientRects()[0], x = r.x + r.width / 2, y = r.y + r.height / 2
			const top = document.elementFromPoint(x, y)
			return e.contains(top) || top?.contains(e) || e.labels?.length ? {X: x, Y: y} : null
		})()`
		var before *place
		for {
			at, err := chromedp.Evaluate[*place](middle)(ctx, t)
			if err == nil && at != nil && before != nil && *at == *before {
				_, err := chromedp.MouseClickXY(at.X, at.Y)(ctx, t)
				return err
			}
			before = at
			select {
			case <-ctx.Done():
				return fmt.Errorf("waited to click on %s: %w", selector, ctx.Err())
			case <-time.After(20 * time.Millisecond):
			}
		}
	})
}

// write types into a field, at the end of what it holds.
func write(selector, text string) step {
	return chromedp.Func(func(ctx context.Context, t *chromedp.Target) error {
		if _, err := see(selector)(ctx, t); err != nil {
			return err
		}
		focus := `(e => { e.focus(); if (e.value && e.setSelectionRange) try { e.setSelectionRange(e.value.length, e.value.length) } catch {} })(` + shown(selector) + `)`
		if _, err := chromedp.Evaluate[chromedp.Void](focus)(ctx, t); err != nil {
			return err
		}
		_, err := chromedp.KeyEvent(text)(ctx, t)
		return err
	})
}

// choose sets what a field holds.
func choose(selector, value string) step {
	return chromedp.Func(func(ctx context.Context, t *chromedp.Target) error {
		if _, err := see(selector)(ctx, t); err != nil {
			return err
		}
		_, err := chromedp.Evaluate[chromedp.Void](`void (`+shown(selector)+`.value = `+strconv.Quote(value)+`)`)(ctx, t)
		return err
	})
}

// read is the text of an element as it is shown.
func read(selector string) chromedp.Action[string] {
	return func(ctx context.Context, t *chromedp.Target) (string, error) {
		if _, err := see(selector)(ctx, t); err != nil {
			return "", err
		}
		return chromedp.Evaluate[string](shown(selector)+`.innerText`)(ctx, t)
	}
}
