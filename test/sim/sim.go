// Package sim plays a whole house through weeks in seconds, to find what no single test
// thinks of. Everything in it is real but the clocks: a store and an edition in files, the
// newsroom's own verbs, the readers' own handler. A seed is a list of actions: people write,
// file and take back, agencies send, clocks jump, desks move, zone data change, and the
// process is killed around its commits, its files copied as they are and opened again.
//
// It steps, it does not tick: the clock is moved to the next instant at which something could
// go wrong, and the same functions are called that the loops call. After each step a second
// judge, which reads the rules from nothing but the record and the stored rows, looks at what
// changed (checks.go); at each crash, at every sixtieth step and at the end it looks at the
// whole world (whole.go). Then all faults heal, and whatever waits must leave when it may.
//
// A failure prints its seed and the shortest list of actions, as sentences, that still fails.
package sim

import (
	"context"
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"time"
)

// Options are what a run may choose.
type Options struct {
	Dir   string // an empty folder of its own; removed by the caller
	Steps int    // actions of a seed
	// Only, where set, is the world's whole list of actions: those numbers of the seed's.
	Only []int
}

// wholeEvery is after how many steps the whole world is looked at.
const wholeEvery = 60

// A Failure is a promise that did not hold.
type Failure struct {
	Seed    uint64
	Promise string   // by its number in PROMISES.md, or by its name
	What    string   // in a sentence
	Trace   []string // what had been done, a sentence for each action, the last one last
	Done    []int    // the numbers of those actions in the seed's list
}

// Error tells the promise and what broke it.
func (f *Failure) Error() string { return f.Promise + ": " + f.What }

// Report is the failure for people, with the command that runs it again.
func (f *Failure) Report() string {
	var b strings.Builder
	fmt.Fprintf(&b, "seed %d breaks a promise after %d actions.\n\n", f.Seed, len(f.Trace))
	for i, line := range f.Trace {
		fmt.Fprintf(&b, "%4d. %s\n", i+1, line)
	}
	fmt.Fprintf(&b, "\n%s\n\nTo run it again: go -C test test ./sim -run TestSeeds -seed %d -v\n", f.Error(), f.Seed)
	return b.String()
}

// An action is one thing that is done to the world. Its numbers are drawn with it, so that
// it stays what it is where others are left out of the list.
type action struct {
	verb       *verb
	a, b, c, d uint32
}

// plan draws the actions of a seed.
func plan(seed uint64, steps int) []action {
	rng := rand.New(rand.NewPCG(seed, 1))
	sum := 0
	for _, v := range verbs {
		sum += v.weight
	}
	all := make([]action, steps)
	for i := range all {
		at := rng.IntN(sum)
		j := slices.IndexFunc(verbs, func(v verb) bool { at -= v.weight; return at < 0 })
		all[i] = action{&verbs[j], rng.Uint32(), rng.Uint32(), rng.Uint32(), rng.Uint32()}
	}
	return all
}

// Run plays a seed. The failure is nil where every promise held; the error says that the
// simulator itself could not go on.
func Run(ctx context.Context, seed uint64, o Options) (*Failure, error) {
	w, err := begin(ctx, seed, o.Dir)
	if err != nil {
		return nil, fmt.Errorf("seed %d: setting up: %w", seed, err)
	}
	defer w.close()
	all := plan(seed, o.Steps)
	for i, a := range all {
		if o.Only != nil && !slices.Contains(o.Only, i) {
			continue
		}
		w.done = append(w.done, i)
		if err := w.act(a); err != nil {
			return nil, fmt.Errorf("seed %d, action %d (%s): %w", seed, i, a.verb.name, err)
		}
		if w.broken != nil || ctx.Err() != nil {
			break
		}
	}
	if w.broken == nil && ctx.Err() == nil {
		if err := w.heal(); err != nil {
			return nil, fmt.Errorf("seed %d, healing: %w", seed, err)
		}
	}
	return w.failure(seed), ctx.Err()
}

// act does one action and looks at what it changed.
func (w *world) act(a action) error {
	if err := w.before(); err != nil {
		return err
	}
	began := w.clock.wall()
	w.silent = a.verb.private
	sentence, err := a.verb.do(w, a)
	if err != nil {
		return err
	}
	w.say(began, "%s", sentence)
	if w.crashed != nil {
		if err := w.restart(); err != nil {
			return err
		}
	}
	if err := w.check(); err != nil || w.broken != nil {
		return err
	}
	if w.steps++; w.steps%wholeEvery == 0 || w.reopened {
		w.reopened = false
		return w.checkWhole()
	}
	return nil
}

// say adds a sentence to the trace.
func (w *world) say(at time.Time, format string, a ...any) {
	w.trace = append(w.trace, at.Format("2006-01-02 15:04:05.000000 ")+fmt.Sprintf(format, a...))
}

// breaks notes that a promise does not hold; the first is the one to tell.
func (w *world) breaks(promise, format string, a ...any) {
	if w.broken == nil {
		w.broken = &Failure{Promise: promise, What: fmt.Sprintf(format, a...)}
	}
}

func (w *world) failure(seed uint64) *Failure {
	if w.broken != nil {
		w.broken.Seed, w.broken.Trace, w.broken.Done = seed, w.trace, w.done
	}
	return w.broken
}
