package edition

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"time"

	"dateline/internal/record"
)

// ErrOtherRecord says that an edition was built from a record that is not the one it is
// given now, as after a restore: it is to be deleted and built again.
var ErrOtherRecord = errors.New("the edition was built from another record")

// batch is how many entries are applied in one transaction.
const batch = 200

// Applied is the number of the newest entry that is applied.
func (e *Edition) Applied() int64 { return e.at().n }

func (e *Edition) at() cursor {
	e.mu.Lock()
	defer e.mu.Unlock()
	return e.cursor
}

// WaitFor waits until entry n is applied.
func (e *Edition) WaitFor(ctx context.Context, n int64) error {
	for {
		e.mu.Lock()
		cursor, moved := e.cursor.n, e.applied
		e.mu.Unlock()
		if cursor >= n {
			return nil
		}
		select {
		case <-ctx.Done():
			return ctx.Err()
		case <-moved:
		}
	}
}

// Wake implements record.Source: the edition is itself one, for streams and mirrors. Each
// call makes a channel that stays for the edition's life: a follower calls it once.
func (e *Edition) Wake() <-chan struct{} {
	ch := make(chan struct{}, 1)
	e.mu.Lock()
	defer e.mu.Unlock()
	e.wakes = append(e.wakes, ch)
	return ch
}

func (e *Edition) moved(to cursor) {
	e.mu.Lock()
	defer e.mu.Unlock()
	e.cursor = to
	close(e.applied)
	e.applied = make(chan struct{})
	for _, ch := range e.wakes {
		select {
		case ch <- struct{}{}:
		default: // it is awake already
		}
	}
}

// CatchUp applies everything that the source has.
func (e *Edition) CatchUp(ctx context.Context, src record.Source) error {
	if err := e.check(ctx, src); err != nil {
		return err
	}
	for {
		entries, err := src.After(ctx, e.Applied(), batch)
		if err != nil {
			return err
		}
		if len(entries) == 0 {
			return e.keepCheckpoint(ctx, src)
		}
		if err := errors.Join(e.applyBatch(ctx, entries, src), e.keepCheckpoint(ctx, src)); err != nil {
			return err
		}
	}
}

// applyBatch applies a batch or, where one of its entries fails, all that come before it.
func (e *Edition) applyBatch(ctx context.Context, entries []record.Entry, src record.Source) error {
	err := e.apply(ctx, entries, src)
	if err == nil || len(entries) == 1 || ctx.Err() != nil {
		return err
	}
	for i := range entries {
		if err := e.apply(ctx, entries[i:i+1], src); err != nil {
			return err
		}
	}
	return nil
}

// check looks, once, whether the source holds the entry that this edition ended with.
func (e *Edition) check(ctx context.Context, src record.Source) error {
	e.mu.Lock()
	n, checked := e.cursor.n, e.checked
	e.mu.Unlock()
	if checked {
		return nil
	}
	if n > 0 {
		theirs, err := src.After(ctx, n-1, 1)
		if err != nil {
			return err
		}
		ours, err := e.After(ctx, n-1, 1)
		if err != nil {
			return err
		}
		if len(theirs) == 0 || len(ours) == 0 || !sameLeaf(theirs[0], ours[0]) {
			return fmt.Errorf("entry %d: %w", n, ErrOtherRecord)
		}
	}
	e.mu.Lock()
	defer e.mu.Unlock()
	e.checked = true
	return nil
}

// sameLeaf compares what is hashed of two entries. What is no leaf is like nothing.
func sameLeaf(a, b record.Entry) bool {
	x, errX := a.SafeLeaf()
	y, errY := b.SafeLeaf()
	return errX == nil && errY == nil && bytes.Equal(x, y)
}

// Follow applies what the source has and will have until ctx ends. A failing entry is
// told once per cause and tried again: nothing is ever skipped.
func (e *Edition) Follow(ctx context.Context, src record.Source) error {
	wake := src.Wake()
	ticker := time.NewTicker(time.Second)
	defer ticker.Stop()
	told := ""
	for {
		err := errors.Join(e.CatchUp(ctx, src), e.scrub(ctx))
		switch {
		case err == nil:
			told = ""
		case ctx.Err() == nil && err.Error() != told:
			told = err.Error()
			e.options.Log.Error("the edition cannot follow the record", "error", err)
		}
		select {
		case <-ctx.Done():
			return ctx.Err()
		case <-wake:
		case <-ticker.C:
		}
	}
}
