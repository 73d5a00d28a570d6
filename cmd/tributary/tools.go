package main

import (
	"context"
	"errors"
	"fmt"
	"path/filepath"
	"runtime"
	"runtime/debug"
	"time"

	"github.com/tributary-hq/tributary/internal/app"
	"github.com/tributary-hq/tributary/internal/db"
)

// finish closes what was opened and keeps the first error.
func finish(closer interface{ Close() error }, err error) error {
	return errors.Join(err, closer.Close())
}

type migrateCmd struct{}

func (*migrateCmd) Run(ctx context.Context, c *commands, t terminal) error {
	d, err := db.Open(ctx, c.target(), db.Options{})
	if err != nil {
		return err
	}
	taken, err := d.Migrate(ctx)
	for _, name := range taken {
		t.printf("applied %s\n", name)
	}
	if err == nil && len(taken) == 0 {
		t.printf("nothing to do\n")
	}
	return finish(d, err)
}

type verifyCmd struct{}

func (*verifyCmd) Run(ctx context.Context, c *commands, t terminal) error {
	d, keys, err := c.open(ctx)
	if err != nil {
		return err
	}
	began := time.Now()
	proof, err := app.Verify(ctx, d, keys)
	if err = finish(d, err); err != nil {
		return err
	}
	for _, fault := range proof.Faults {
		t.printf("%s\n", fault)
	}
	t.printf("%d programs, %d conversions and %d commissions derived again in %s: ", proof.Programs, proof.Conversions, proof.Commissions,
		time.Since(began).Round(time.Millisecond))
	if len(proof.Faults) > 0 {
		t.printf("%d differences\n", len(proof.Faults))
		return fmt.Errorf("the books do not follow from the facts")
	}
	t.printf("the books agree to the cent\n")
	return nil
}

type backupCmd struct {
	File string `arg:"" help:"The new file to write." type:"path"`
}

func (b *backupCmd) Run(ctx context.Context, c *commands, t terminal) error {
	d, _, err := c.open(ctx)
	if err != nil {
		return err
	}
	if err := finish(d, d.Backup(ctx, b.File)); err != nil {
		return err
	}
	t.printf("wrote %s; to restore it, stop the server and put it in the place of %s\n", b.File, filepath.Base(c.target()))
	return nil
}

// version is set by the one who builds a release.
var version = "development"

type versionCmd struct{}

func (*versionCmd) Run(t terminal) error {
	revision := ""
	if info, ok := debug.ReadBuildInfo(); ok {
		for _, s := range info.Settings {
			if s.Key == "vcs.revision" {
				revision = " " + s.Value
			}
		}
	}
	t.printf("tributary %s%s %s %s/%s\n", version, revision, runtime.Version(), runtime.GOOS, runtime.GOARCH)
	return nil
}
