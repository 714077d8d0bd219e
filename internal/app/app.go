// Package app reads the configuration, wires the house together, starts it in order and
// stops it in reverse. It sees every room; no room sees it.
package app

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
	"runtime/debug"
	"strings"

	"dateline/internal/almanac"
	"dateline/internal/zone"
)

const usage = `dateline runs a newspaper's desks, wires and site.

  dateline demo    [--addr localhost:8080] [--data DIR] [--at RFC3339|now] [--speed N]
                   an invented house; its clock begins on Friday 22 March 2024
  dateline demo clock INSTANT [--data DIR]
                   moves the demo's clock; answers when all that fell due shows
  dateline serve   [--config dateline.toml] [--data DIR]
                   the real thing; on an empty folder it asks for the house on a page
  dateline almanac --city NAME [--from DATE --to DATE | --at INSTANT] [--json] …
  dateline almanac places | observances | explain | diff …
                   when a desk rests, and why
  dateline wire    FILE… [--json]
                   what an agency sent
  dateline user    add|disable|link NAME [--role desk:role] [--admin] [--data DIR]
  dateline record  verify [URL | --data DIR] [--key KEY] [--checkpoint FILE]
                   proves the record, on this disk or at a house's address
  dateline record  newkey [--data DIR]
                   a new key, and a new volume of the record under it
  dateline edition rebuild [--data DIR]
  dateline edition follow URL [--data DIR] [--addr HOST:PORT] [--key KEY]
                   a verified mirror, which serves readers while its origin is away
  dateline backup  --to FOLDER [--data DIR] [--with-key] [--keep N]
                   of a house that runs or is stopped
  dateline restore --from FOLDER --data EMPTYDIR [--mirror URL|DIR]… [--key FILE] [--erased FILE]
                   the same house again, record and all
  dateline store   copy --from STORE --to EMPTY
                   moves a stopped house between SQLite (a file) and PostgreSQL (postgres://…)
  dateline dry-run [--data DIR]
                   what would leave the house in the next 72 hours, and what is in its way
  dateline check   [--config dateline.toml] [--data DIR]
                   configuration, keys, disks, clock, windows, record, edition
  dateline version

Each command explains itself with --help.`

// commands are all that the binary can do.
var commands = map[string]func(ctx context.Context, args []string, out, log io.Writer) error{
	"demo":    demoCommand,
	"serve":   serveCommand,
	"user":    userCommand,
	"record":  recordCommand,
	"edition": editionCommand,
	"dry-run": dryRunCommand,
	"check":   checkCommand,
	"backup":  backupCommand,
	"restore": restoreCommand,
	"store":   storeCommand,
	"almanac": func(_ context.Context, args []string, out, _ io.Writer) error { return almanacCommand(args, out) },
	"wire":    func(_ context.Context, args []string, out, _ io.Writer) error { return wireCommand(args, out) },
	"version": versionCommand,
	// The server calls itself for this one; it is of no use to people.
	"workshop": func(ctx context.Context, _ []string, out, _ io.Writer) error {
		return workshopCommand(ctx, os.Stdin, out)
	},
}

// Run does what the arguments say until it is done or ctx ends. Answers go to out, the
// log to log.
func Run(ctx context.Context, args []string, out, log io.Writer) error {
	if len(args) == 0 || args[0] == "help" || args[0] == "--help" || args[0] == "-h" {
		_, err := fmt.Fprintln(out, usage)
		return err
	}
	command, ok := commands[args[0]]
	if !ok {
		return fmt.Errorf("there is no command %q; dateline help lists them", args[0])
	}
	err := command(ctx, args[1:], out, log)
	if errors.Is(err, flag.ErrHelp) {
		return nil
	}
	return err
}

func versionCommand(_ context.Context, _ []string, out, _ io.Writer) error {
	_, err := fmt.Fprintf(out, "dateline %s, almanac %s, zone data %s\n", Version(), almanac.Version, zone.Built().Version())
	return err
}

// Version is the version of this binary, or the commit it was built from.
func Version() string {
	info, ok := debug.ReadBuildInfo()
	if !ok {
		return "unknown"
	}
	if v := info.Main.Version; v != "" && v != "(devel)" {
		return v
	}
	for _, s := range info.Settings {
		if s.Key == "vcs.revision" && len(s.Value) >= 12 {
			return s.Value[:12]
		}
	}
	return "devel"
}

// parse reads flags wherever they stand among the arguments, and returns the others.
// Errors are one sentence; --help prints the flags to out.
func parse(f *flag.FlagSet, args []string, out io.Writer) (rest []string, err error) {
	f.SetOutput(io.Discard)
	for {
		if err := f.Parse(args); errors.Is(err, flag.ErrHelp) {
			f.SetOutput(out)
			_, _ = fmt.Fprintf(out, "dateline %s\n", f.Name())
			f.PrintDefaults()
			return nil, err
		} else if err != nil {
			return nil, fmt.Errorf("%s (dateline %s --help)", strings.TrimPrefix(err.Error(), "flag: "), f.Name())
		}
		if f.NArg() == 0 {
			return rest, nil
		}
		rest, args = append(rest, f.Arg(0)), f.Args()[1:]
	}
}
