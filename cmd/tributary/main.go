// Command tributary is the whole product: a server for partner programs, its demonstration, and the tools of the one who
// keeps it.
package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"os"
	"os/signal"
	"path/filepath"
	"syscall"

	"github.com/alecthomas/kong"

	"github.com/tributary-hq/tributary/internal/db"
	"github.com/tributary-hq/tributary/internal/touch"
)

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	err := run(ctx, os.Args[1:], os.Stdin, os.Stdout, os.Stderr)
	stop()
	if err != nil {
		fmt.Fprintln(os.Stderr, "tributary:", err)
		os.Exit(1)
	}
}

// commands is the command line. Each value comes from its flag, else from its environment variable, else from the file that
// --config names.
type commands struct {
	Config   kong.ConfigFlag `help:"A JSON file with values for flags, such as {\"listen\": \":80\"}." env:"TRIBUTARY_CONFIG" type:"path"`
	Data     string          `help:"The folder of the database and what belongs to it." default:"./tributary-data" env:"TRIBUTARY_DATA" type:"path"`
	Database string          `help:"The database: a file's path, or postgres://…. Without it, tributary.db in the data folder." env:"TRIBUTARY_DATABASE"`

	Serve     serveCmd     `cmd:"" help:"Serve the programs of this installation."`
	Demo      demoCmd      `cmd:"" help:"Fill a database with a believable brand and serve it."`
	Migrate   migrateCmd   `cmd:"" help:"Bring the database to the schema of this version."`
	Verify    verifyCmd    `cmd:"" help:"Derive every commission again from the facts and compare it with the books, to the cent."`
	User      userCmd      `cmd:"" help:"Add a person, or set a password."`
	Token     tokenCmd     `cmd:"" help:"Create, list and revoke API tokens."`
	Backup    backupCmd    `cmd:"" help:"Write a copy of the database into a file, while the server runs."`
	Attribute attributeCmd `cmd:"" help:"Compare the models of attribution over a file of journeys."`
	Bench     benchCmd     `cmd:"" help:"Measure clicks and conversions per second on this machine."`
	Version   versionCmd   `cmd:"" help:"Print the version."`
}

// terminal is where a command reads and writes.
type terminal struct {
	in       io.Reader
	out, err io.Writer
}

func (t terminal) printf(format string, args ...any) { fmt.Fprintf(t.out, format, args...) }

// errExit ends the program with a failure that has been said.
var errExit = errors.New("")

func run(ctx context.Context, args []string, stdin io.Reader, stdout, stderr io.Writer) error {
	if len(args) == 0 || args[0] == "help" { // help is asked for
		args = append(args[min(1, len(args)):], "--help")
	}
	var c commands
	exited := false
	parser, err := kong.New(&c, kong.Name("tributary"), kong.Description("Partner programs in which every cent can be explained."),
		kong.Configuration(belowEnvironment), kong.Writers(stdout, stderr), kong.UsageOnError(), kong.ConfigureHelp(kong.HelpOptions{Compact: true}),
		kong.Exit(func(int) { exited = true }))
	if err != nil {
		return err
	}
	parsed, err := parser.Parse(args)
	if exited {
		return nil // help was asked for and given
	}
	if err != nil {
		return err
	}
	parsed.BindTo(ctx, (*context.Context)(nil))
	return parsed.Run(&c, terminal{stdin, stdout, stderr}, slog.New(slog.NewTextHandler(stderr, nil)))
}

// target is the database that the flags name.
func (c *commands) target() string {
	if c.Database != "" {
		return c.Database
	}
	return filepath.Join(c.Data, "tributary.db")
}

func exists(path string) bool {
	_, err := os.Stat(path)
	return err == nil
}

// open opens the database for a tool: one that is there, at the schema of this version. Tools change no schema.
func (c *commands) open(ctx context.Context) (*db.DB, touch.Keys, error) {
	if target := c.target(); !db.IsPostgres(target) {
		if _, err := os.Stat(target); err != nil {
			if demo := filepath.Join(c.Data, "demo.db"); c.Database == "" && exists(demo) {
				return nil, touch.Keys{}, fmt.Errorf("there is no database at %s; for the demonstration's, say --database %s", target, demo)
			}
			return nil, touch.Keys{}, fmt.Errorf("there is no database at %s", target)
		}
	}
	d, err := db.Open(ctx, c.target(), db.Options{})
	if err != nil {
		return nil, touch.Keys{}, err
	}
	if err = d.Check(ctx); err == nil {
		var keys touch.Keys
		if keys, err = touch.LoadKeys(ctx, d); err == nil {
			return d, keys, nil
		}
	}
	return nil, touch.Keys{}, errors.Join(err, d.Close())
}
