package main

import (
	"context"
	"os"

	"github.com/tributary-hq/tributary/internal/bench"
)

type benchCmd struct {
	Connections int `help:"Connections at a time." default:"256"`
	Seconds     int `help:"Length of each turn." default:"3"`
	Rounds      int `help:"Turns of each that is compared." default:"3"`
	Clicks      int `help:"Clicks after which the memory is read; 0 leaves it out." default:"1000000"`
}

func (b *benchCmd) Run(ctx context.Context, c *commands, t terminal) error {
	if err := os.MkdirAll(c.Data, 0o750); err != nil {
		return err
	}
	return bench.Run(ctx, bench.Options{Database: c.Database, Folder: c.Data, Connections: b.Connections, Seconds: b.Seconds, Rounds: b.Rounds, Clicks: b.Clicks}, t.out)
}
