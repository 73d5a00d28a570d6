package main

import (
	"context"
	"os"
	"time"

	"github.com/tributary-hq/tributary/internal/bench"
)

type benchCmd struct {
	Line   benchLineCmd   `cmd:"" default:"withargs" help:"Clicks and conversions per second."`
	Pages  benchPagesCmd  `cmd:"" help:"How long each page takes on an installation that has grown."`
	Growth benchGrowthCmd `cmd:"" help:"How touches are written and journeys are found while they pile up."`
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

type benchGrowthCmd struct {
	Touches   int           `help:"Touches to write." default:"1000000"`
	Most      time.Duration `help:"The time after which it stops, however many there are." default:"1h"`
	Days      int           `help:"Days that they take, until now." default:"365"`
	Partners  int           `help:"Partners that they come by." default:"200"`
	Steps     int           `help:"How many times figures are told on the way." default:"10"`
	Paths     int           `help:"Journeys that are looked up at each step." default:"1000"`
	Retention time.Duration `help:"Then compare clicks while old touches are forgotten with clicks alone, in turns of this length; 0 leaves it out. Needs more than 14 months of touches." default:"0s"`
}

func (b *benchGrowthCmd) Run(ctx context.Context, c *commands, t terminal) error {
	if err := os.MkdirAll(c.Data, 0o750); err != nil {
		return err
	}
	return bench.Growth(ctx, bench.GrowthOptions{Database: c.Database, Folder: c.Data, Touches: b.Touches, Most: b.Most, Days: b.Days, Partners: b.Partners,
		Steps: b.Steps, Paths: b.Paths, Retention: b.Retention}, t.out)
}
