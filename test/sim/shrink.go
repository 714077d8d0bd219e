package sim

import (
	"context"
	"os"
	"path/filepath"
	"time"
)

// Shrink leaves actions out of a failing list for as long as the same promise still breaks,
// larger parts first, until none can be left out or the time is over.
func Shrink(ctx context.Context, f *Failure, o Options, atMost time.Duration) *Failure {
	ctx, cancel := context.WithTimeout(ctx, atMost)
	defer cancel()
	for part := (len(f.Done) + 1) / 2; part > 0 && ctx.Err() == nil; {
		smaller := false
		for from := 0; from < len(f.Done) && ctx.Err() == nil; {
			g := again(ctx, f, o, from, min(from+part, len(f.Done)))
			if g == nil {
				from += part
				continue
			}
			f, smaller = g, true
		}
		if part == 1 && !smaller {
			break
		}
		part = max(1, min(part/2, len(f.Done)/2))
		if part == 1 && len(f.Done) == 1 {
			break
		}
	}
	return f
}

// again runs a failing list without some of its actions; nil if it does not fail alike.
func again(ctx context.Context, f *Failure, o Options, from, to int) *Failure {
	dir, err := os.MkdirTemp(filepath.Dir(o.Dir), "shrink")
	if err != nil {
		return nil
	}
	defer os.RemoveAll(dir)
	o.Dir, o.Only = dir, append(append([]int{}, f.Done[:from]...), f.Done[to:]...)
	g, err := Run(ctx, f.Seed, o)
	if err != nil || g == nil || g.Promise != f.Promise {
		return nil
	}
	return g
}
