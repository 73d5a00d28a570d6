package main

import (
	"errors"
	"fmt"
	"io"
	"os"
	"runtime"
	"runtime/debug"

	"github.com/tributary-hq/tributary/internal/attribution/study"
)

type attributeCmd struct {
	File         string `arg:"" help:"The journeys as comma-separated values; - for standard input. Columns: path,total_conversions,total_conversion_value,total_null, or a line for each touch: journey,time,channel,conversions,value."`
	Format       string `help:"How the result is written: table, json or csv." enum:"table,json,csv" default:"table"`
	Order        int    `help:"Markov chains up to this order, 1 to 3." default:"1"`
	WithoutNulls bool   `help:"Leave out the journeys that ended in no conversion."`
}

func (a *attributeCmd) Run(t terminal) error {
	if a.Order < 1 || a.Order > study.Order {
		return fmt.Errorf("--order is from 1 to %d", study.Order)
	}
	in := t.in
	if a.File != "-" {
		file, err := os.Open(a.File)
		if err != nil {
			return err
		}
		defer file.Close()
		in = file
	}
	debug.SetMemoryLimit(24 << 20) // one pass over sums: what is garbage goes early
	s, err := study.Read(in, study.Options{Order: a.Order, WithoutNulls: a.WithoutNulls, Workers: runtime.GOMAXPROCS(0)})
	if fault := (*study.LineError)(nil); errors.As(err, &fault) {
		return fmt.Errorf("%s: %w", a.File, err)
	}
	if err != nil {
		return err
	}
	all, err := s.Credits()
	if err != nil {
		return err
	}
	write := map[string]func(io.Writer, []study.Credits) error{"table": study.WriteTable, "json": study.WriteJSON, "csv": study.WriteCSV}[a.Format]
	if a.Format == "table" {
		t.printf("%d journeys, %.6g conversions worth %.6g, %.6g times none\n\n", s.Journeys(), s.Total().Conversions, s.Total().Value, s.Nulls())
	}
	return write(t.out, all)
}
