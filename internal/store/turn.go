package store

import (
	"context"
	"slices"
	"sync"
)

// A turn is what one writer at a time has; those that wait get it in order of arrival.
type turn struct {
	mu    sync.Mutex
	taken bool      // guarded by mu
	line  []*waiter // guarded by mu
}

type waiter struct {
	ready chan struct{} // closed when the turn is its own
	ahead Ahead         // what it will ask
}

// take waits for the turn. A caller whose context ends while it waits leaves the line; one
// that was given the turn in that very moment has it and must give it on.
func (t *turn) take(ctx context.Context, ahead Ahead) error {
	t.mu.Lock()
	if !t.taken {
		t.taken = true
		t.mu.Unlock()
		return nil
	}
	mine := &waiter{make(chan struct{}), ahead}
	t.line = append(t.line, mine)
	t.mu.Unlock()
	select {
	case <-mine.ready:
		return nil
	case <-ctx.Done():
	}
	t.mu.Lock()
	defer t.mu.Unlock()
	if i := slices.Index(t.line, mine); i >= 0 {
		t.line = slices.Delete(t.line, i, i+1)
		return ctx.Err()
	}
	return nil
}

// waiting lists what the first of the line will ask.
func (t *turn) waiting(most int) (all []Ahead) {
	t.mu.Lock()
	defer t.mu.Unlock()
	for _, w := range t.line[:min(most, len(t.line))] {
		all = append(all, w.ahead)
	}
	return all
}

// pass gives the turn to the next in the line; false if nobody waits, and it is kept.
func (t *turn) pass() bool {
	t.mu.Lock()
	defer t.mu.Unlock()
	return t.next()
}

// leave gives the turn up.
func (t *turn) leave() {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.taken = t.next()
}

// next needs mu.
func (t *turn) next() bool {
	if len(t.line) == 0 {
		return false
	}
	close(t.line[0].ready)
	t.line = t.line[1:]
	return true
}
