package app

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
	"path/filepath"

	"dateline/internal/clock"
	"dateline/internal/store"
)

// storeCommand copies the store of a stopped house between engines.
func storeCommand(ctx context.Context, args []string, out, _ io.Writer) (err error) {
	f := flag.NewFlagSet("store copy", flag.ContinueOnError)
	from := f.String("from", "", "the store as it is: the path of newsroom.db, or postgres://…")
	to := f.String("to", "", "an empty one: the path of a new file, or postgres://…")
	rest, err := parse(f, args, out)
	if err != nil {
		return err
	}
	if len(rest) != 1 || rest[0] != "copy" || *from == "" || *to == "" || *from == *to {
		return errors.New("store can copy, with --from and --to")
	}
	if _, err := os.Stat(*from); err != nil && !store.IsPostgres(*from) {
		return fmt.Errorf("there is no store in %s", *from)
	}
	for _, address := range []string{*from, *to} {
		if store.IsPostgres(address) {
			continue // its own lock keeps writers out
		}
		lock, err := lockFolder(filepath.Dir(address))
		if err != nil {
			return err
		}
		defer func() { err = errors.Join(err, lock.Close()) }()
	}
	c, err := store.Copy(ctx, *from, *to, store.Options{Now: clock.System()}, func(table string, rows int64) {
		_, _ = fmt.Fprintf(out, "%-12s %d\n", table, rows) // a line less is no failure
	})
	if err != nil {
		return err
	}
	_, err = fmt.Fprintf(out, "%d rows in %d tables, each read again and the same\n%d entries, %d checkpoints: %s\n", c.Rows, c.Tables, c.Record.Entries, c.Record.Checkpoints, c.Record.Proved)
	return err
}
