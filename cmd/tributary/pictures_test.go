package main

import (
	"context"
	"flag"
	"io"
	"log/slog"
	"net"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/chromedp/cdproto/page"
	"github.com/chromedp/chromedp"

	"github.com/tributary-hq/tributary/internal/app"
	"github.com/tributary-hq/tributary/internal/demo"
)

var update = flag.Bool("update", false, "make the pictures of the README anew")

// pictures are those of the README. An address ends where a link is to be followed: the first that matches what comes after " > ".
var pictures = []struct {
	file, reader, address string
	width, height         int64
	scheme, language      string
}{
	{"overview.webp", "marta@birkwild.example", "/console/birkwild", 1440, 900, "light", "en"},
	{"receipt.webp", "marta@birkwild.example", sharedReceipt, 1440, 1000, "light", "en"},
	{"partner-dark.webp", "marta@birkwild.example", "/console/birkwild/partners?q=H%C3%BCttenzauber > main tbody a", 1440, 900, "dark", "en"},
	{"overview-zh.webp", "marta@birkwild.example", "/console/birkwild", 1440, 900, "light", "zh"},
	{"program.webp", "", "/p/birkwild", 1440, 900, "light", "en"},
	{"cabinet-phone.webp", "lena@huettenzauber.example", "/partner", 390, 844, "light", "en"},
}

const (
	// sharedReceipt is the receipt of an order that partners share.
	sharedReceipt = "/console/birkwild/conversions > shared"
	pictureMost   = 200_000 // bytes
	docs          = "../../docs/"
)

// pictureDay is the moment at which the demonstration of the pictures ends: the same pages give the same pictures.
var pictureDay = time.Date(2026, 9, 17, 14, 40, 0, 0, time.UTC)

// TestPicturesOfTheReadme holds the README's pictures to their list and size, and makes them anew with -update.
func TestPicturesOfTheReadme(t *testing.T) {
	if *update {
		takePictures(t)
	}
	readme, err := os.ReadFile("../../README.md")
	if err != nil {
		t.Fatal(err)
	}
	var shown []string
	for _, found := range regexp.MustCompile(`docs/([\w-]+\.(?:webp|png))`).FindAllStringSubmatch(string(readme), -1) {
		shown = append(shown, found[1])
	}
	for _, p := range pictures {
		if !slices.Contains(shown, p.file) {
			t.Errorf("the README does not show %s", p.file)
		}
		if file, err := os.Stat(docs + p.file); err != nil {
			t.Error(err)
		} else if file.Size() > pictureMost {
			t.Errorf("%s takes %d bytes", p.file, file.Size())
		}
	}
	if len(shown) != len(pictures) {
		t.Errorf("the README shows %v", shown)
	}
}

func takePictures(t *testing.T) {
	t.Helper()
	browser := newBrowser(t, browserProgram(t))
	base := demoAt(t, pictureDay)
	readers := map[string]person{}
	for _, shot := range pictures {
		p, known := readers[shot.reader]
		if !known {
			p = browser.tab()
			if shot.reader != "" {
				p.signIn(base, shot.reader)
			}
			readers[shot.reader] = p
		}
		p.does("begin", arrive(base+"/"), see("h1"))
		ask(p, chromedp.Evaluate[bool](`fetch('/language', {method: 'POST', body: new URLSearchParams({language: '`+shot.language+`'}), redirect: 'manual'}).then(() => true)`, chromedp.EvalAwaitPromise))
		p.does("look", chromedp.EmulateViewport(shot.width, shot.height, chromedp.EmulateScale(1.5)))
		p.prefers(shot.scheme)
		address, link, follow := strings.Cut(shot.address, " > ")
		p.does("open "+address, arrive(base+address), see("h1"))
		if follow {
			p.does("open what is behind", arrive(p.behind(link)), see("h1"))
		}
		quality := int64(86)
		picture, err := chromedp.Call(p.ctx, page.CaptureScreenshot, page.CaptureScreenshotParams{Format: "webp", Quality: &quality})
		if err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(docs+shot.file, picture.Data, 0o644); err != nil {
			t.Fatal(err)
		}
	}
}

// behind is where a link leads; "shared" is the order of a list to which most partners and touches led.
func (p person) behind(link string) string {
	p.t.Helper()
	if link != "shared" {
		return ask(p, chromedp.Evaluate[string](`document.querySelector('`+link+`').href`))
	}
	return ask(p, chromedp.Evaluate[string](`(async () => {
		let best = '', most = 0
		for (const a of document.querySelectorAll('main tbody a[href*="/conversions/"]')) {
			const page = new DOMParser().parseFromString(await (await fetch(a.href)).text(), 'text/html')
			const parts = page.querySelectorAll('.receipt-part').length * 10 + Math.min(page.querySelectorAll('.step').length, 6)
			if (parts > most) [best, most] = [a.href, parts]
		}
		return best
	})()`, chromedp.EvalAwaitPromise))
}

// demoAt is a demonstration that ends at a moment and stands still there.
func demoAt(t *testing.T, end time.Time) (base string) {
	t.Helper()
	ctx, stop := context.WithCancel(context.Background())
	target := filepath.Join(t.TempDir(), "demo.db")
	log := slog.New(slog.NewTextHandler(io.Discard, nil))
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	base = "http://" + l.Addr().String()
	clock := demo.NewClock(end)
	a, err := app.Open(ctx, app.Config{Database: target, BaseURL: base, Log: log, Clock: clock.Now, Relaxed: true, Still: true, Catch: true})
	if err != nil {
		t.Fatal(err)
	}
	_, err = demo.Fill(ctx, a, clock, base, demoSeed, io.Discard)
	if err := finish(a, err); err != nil {
		t.Fatal(err)
	}
	a, err = app.Open(ctx, app.Config{Database: target, BaseURL: base, Log: log, Clock: func() time.Time { return end }})
	if err != nil {
		t.Fatal(err)
	}
	if _, err := demo.Open(ctx, a, base, log); err != nil {
		t.Fatal(finish(a, err))
	}
	done := make(chan error, 1)
	go func() { done <- finish(a, a.Run(ctx, l)) }()
	t.Cleanup(func() {
		stop()
		if err := <-done; err != nil {
			t.Errorf("the demonstration ended with %v", err)
		}
	})
	return base
}
