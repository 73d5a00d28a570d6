package main

import (
	"context"
	"os"
	"time"

	"github.com/tributary-hq/tributary/internal/bench"
)

type benchCmd struct {
	Line  benchLineCmd  `cmd:"" default:"withargs" help:"Clicks and conversions per second."`
	Pages benchPagesCmd `cmd:"" help:"How long each page takes on an installation that has grown."`
}

type benchLineCmd struct {
	Connections int `help:"Connections at a time." default:"256"`
	Seconds     int `help:"Length of each turn." default:"3"`
	Rounds      int `help:"Turns of each that is compared." default:"3"`
	Minutes     int `help:"Minutes of clicks without a pause; 0 leaves them out." default:"2"`
	Many        int `help:"Links, of a hundredth as many programs, with which clicks are measured again; 0 leaves them out." default:"100000"`
	Most        int `help:"Links with which the start is measured; 0 leaves it out." default:"1000000"`
}

func (b *benchLineCmd) Run(ctx context.Context, c *commands, t terminal) error {
	if err := os.MkdirAll(c.Data, 0o750); err != nil {
		return err
	}
	return bench.Run(ctx, bench.Options{Database: c.Database, Folder: c.Data, Connections: b.Connections, Turn: time.Duration(b.Seconds) * time.Second, Rounds: b.Rounds, Minutes: b.Minutes, Many: b.Many, Most: b.Most}, t.out)
}

type benchPagesCmd struct {
	Touches     int `help:"Touches to grow." default:"1000000"`
	Conversions int `help:"Conversions to grow." default:"50000"`
	Partners    int `help:"Partners to grow." default:"200"`
	Days        int `help:"Days that they take, until now." default:"365"`
	Runs        int `help:"Times that each page is opened." default:"15"`
}

func (b *benchPagesCmd) Run(ctx context.Context, c *commands, t terminal) error {
	if err := os.MkdirAll(c.Data, 0o750); err != nil {
		return err
	}
	return bench.Pages(ctx, bench.PagesOptions{Database: c.Database, Folder: c.Data, Runs: b.Runs,
		Size: bench.Size{Partners: b.Partners, Touches: b.Touches, Conversions: b.Conversions, Days: b.Days}}, t.out)
}
