package sim_test

import (
	"context"
	"flag"
	"math/rand/v2"
	"os"
	"path/filepath"
	"runtime"
	"runtime/debug"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"dateline/test/sim"
)

var (
	seeds  = flag.Uint64("seeds", 200, "how many seeds are played, from the first on; 0: without end, seeds that were never played before")
	first  = flag.Uint64("first", 1, "the first seed")
	seed   = flag.Uint64("seed", 0, "one seed alone")
	steps  = flag.Int("steps", 300, "actions of a seed")
	long   = flag.Duration("for", 0, "begin no seed after so long")
	shrink = flag.Duration("shrink", time.Minute, "how long a failure is made shorter")
	folder = flag.String("dir", "", "where the houses' files lie; in memory, where the machine has /dev/shm")
)

// TestSeeds plays seeds side by side, until one of them breaks a promise.
func TestSeeds(t *testing.T) {
	ctx, cancel := context.WithCancel(t.Context())
	defer cancel()
	debug.SetGCPercent(400) // houses come and go, and none is large: collecting less often is a tenth of the time
	next, count := *first, *seeds
	switch {
	case *seed != 0:
		next, count = *seed, 1
	case *seeds == 0:
		next, count = rand.Uint64N(1<<62), 1<<62
	}
	end := time.Now().Add(*long)
	var played, failed atomic.Int64
	var mu sync.Mutex
	take := func() (uint64, bool) {
		mu.Lock()
		defer mu.Unlock()
		if count == 0 || ctx.Err() != nil || (*long != 0 && time.Now().After(end)) {
			return 0, false
		}
		next, count = next+1, count-1
		return next - 1, true
	}
	dir := place(t)
	var workers sync.WaitGroup
	for range runtime.GOMAXPROCS(0) {
		workers.Go(func() {
			for s, ok := take(); ok; s, ok = take() {
				if f := play(ctx, t, dir, s); f != nil && failed.Add(1) == 1 {
					cancel()
					t.Error(f.Report())
				}
				played.Add(1)
			}
		})
	}
	workers.Wait()
	t.Logf("%d seeds of %d steps", played.Load(), *steps)
}

func play(ctx context.Context, t *testing.T, dir string, s uint64) *sim.Failure {
	own, err := os.MkdirTemp(dir, "house")
	if err != nil {
		t.Error(err)
		return nil
	}
	defer os.RemoveAll(own)
	o := sim.Options{Dir: own, Steps: *steps}
	f, err := sim.Run(ctx, s, o)
	if err != nil && ctx.Err() == nil {
		t.Error(err)
	}
	if f == nil || ctx.Err() != nil { // another was first
		return nil
	}
	return sim.Shrink(context.WithoutCancel(ctx), f, o, *shrink)
}

// place is where the files lie. In memory a commit does not wait for a disk: a crash here is
// that of a process, whose files are copied as they are, so the disk plays no part in it.
func place(t *testing.T) string {
	t.Helper()
	if *folder == "" {
		if s, err := os.Stat("/dev/shm"); err != nil || !s.IsDir() {
			return t.TempDir()
		}
		*folder = "/dev/shm"
	}
	dir, err := os.MkdirTemp(*folder, "dateline-sim")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = os.RemoveAll(dir) })
	return filepath.Clean(dir)
}
