// Package ready keeps answers whose bytes are made: pages of the readers' site and what
// belongs to them, each made once per change, in the codings that readers' programs ask for.
// An answer is found by its address, stands for the instants of one moment, and leaves when
// something that it shows changes, or when memory is short.
package ready

import (
	"container/list"
	"context"
	"errors"
	"sync"
	"time"
)

// A Cache holds answers. Its methods may be called at once.
type Cache struct {
	now        func() time.Time
	everything string // the key that stands for all

	mu      sync.Mutex
	shelves [2]shelf                        // guarded by mu; addresses without a query, and with one
	showing map[string]map[*Answer]struct{} // guarded by mu; by key
	making  map[string]*flight              // guarded by mu; by address: whom a new reader may join
	flights map[*flight]struct{}            // guarded by mu; all that are being made
}

// A shelf holds answers within a limit of memory. The one that nobody asked for the longest
// leaves first.
type shelf struct {
	limit, bytes int
	byAddress    map[string]*Answer
	used         list.List // of *Answer, the one asked for last in front
}

// queryShare is the part of the memory that addresses with a query may fill, as a divisor:
// anybody can think of more of them, and they are not to push the others out.
const queryShare = 8

// New makes a cache of at most limit bytes. now is asked once per request. everything is the
// key whose change drops all.
func New(limit int, now func() time.Time, everything string) *Cache {
	c := &Cache{now: now, everything: everything, showing: map[string]map[*Answer]struct{}{}, making: map[string]*flight{}, flights: map[*flight]struct{}{}}
	c.shelves[0] = shelf{limit: limit - limit/queryShare, byAddress: map[string]*Answer{}}
	c.shelves[1] = shelf{limit: limit / queryShare, byAddress: map[string]*Answer{}}
	return c
}

// An Address is where an answer is found: a path, and what stands after the question mark.
type Address struct{ Path, Query string }

func (a Address) key() string {
	if a.Query == "" {
		return a.Path
	}
	return a.Path + "?" + a.Query
}

func (c *Cache) shelf(a Address) *shelf {
	if a.Query == "" {
		return &c.shelves[0]
	}
	return &c.shelves[1]
}

// Now is the instant of a request.
func (c *Cache) Now() time.Time { return c.now() }

// Find returns the answer of an address that stands at an instant; nil for none.
func (c *Cache) Find(at Address, now time.Time) *Answer {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.find(at, now)
}

func (c *Cache) find(at Address, now time.Time) *Answer {
	s := c.shelf(at)
	a := s.byAddress[at.key()]
	if a == nil {
		return nil
	}
	if !a.stands(now) {
		c.drop(a)
		return nil
	}
	s.used.MoveToFront(a.place)
	return a
}

// A flight is an answer that is being made, and those who wait for it.
type flight struct {
	done    chan struct{} // closed once answer and err are there
	answer  *Answer
	err     error
	changed map[string]struct{} // what changed since it began: owned by the cache's mu
}

// errCut says that the making of an answer ended in a panic, which goes on elsewhere.
var errCut = errors.New("the page could not be made")

// Get returns the answer of an address that stands at an instant, made by draw if it is not
// there. Those who ask for the same address meanwhile wait for the same answer, unless
// something changed since it began: it may be of the time before.
func (c *Cache) Get(ctx context.Context, at Address, now time.Time, draw func() (*Answer, error)) (*Answer, error) {
	for {
		a, f, first := c.join(at, now)
		if a != nil {
			return a, nil
		}
		if first {
			return c.draw(at, f, draw)
		}
		select {
		case <-ctx.Done():
			return nil, ctx.Err()
		case <-f.done:
		}
		if f.err != nil || f.answer.stands(now) {
			return f.answer, f.err
		}
	}
}

// join finds an answer, or else the flight that makes it; first where the caller is to.
func (c *Cache) join(at Address, now time.Time) (a *Answer, f *flight, first bool) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if a = c.find(at, now); a != nil {
		return a, nil, false
	}
	if f = c.making[at.key()]; f != nil {
		return nil, f, false
	}
	f = &flight{done: make(chan struct{}), err: errCut, changed: map[string]struct{}{}}
	c.making[at.key()], c.flights[f] = f, struct{}{}
	return nil, f, true
}

func (c *Cache) draw(at Address, f *flight, draw func() (*Answer, error)) (*Answer, error) {
	defer close(f.done)
	defer c.land(at, f) // also after a panic
	f.answer, f.err = draw()
	return f.answer, f.err
}

// land ends a flight and keeps its answer, unless something that it shows changed meanwhile.
func (c *Cache) land(at Address, f *flight) {
	c.mu.Lock()
	defer c.mu.Unlock()
	delete(c.flights, f)
	if c.making[at.key()] == f {
		delete(c.making, at.key())
	}
	if f.err != nil || !f.answer.kept || f.outdated(c.everything) {
		return
	}
	c.keep(at, f.answer)
}

// outdated reports whether something that the answer shows changed since it was begun.
func (f *flight) outdated(everything string) bool {
	if _, all := f.changed[everything]; all {
		return true
	}
	for _, k := range f.answer.keys {
		if _, is := f.changed[k]; is {
			return true
		}
	}
	return false
}

// keep puts an answer on its shelf, unless it would fill much of it alone.
func (c *Cache) keep(at Address, a *Answer) {
	s := c.shelf(at)
	if a.cost > s.limit/8 {
		return
	}
	if old := s.byAddress[at.key()]; old != nil {
		c.drop(old)
	}
	a.cache, a.at, a.place = c, at, s.used.PushFront(a)
	s.byAddress[at.key()] = a
	s.bytes += a.cost
	for _, k := range a.keys {
		if c.showing[k] == nil {
			c.showing[k] = map[*Answer]struct{}{}
		}
		c.showing[k][a] = struct{}{}
	}
	c.fit(s)
}

// fit drops what was asked for least recently until the shelf is within its limit.
func (c *Cache) fit(s *shelf) {
	for s.bytes > s.limit {
		c.drop(s.used.Back().Value.(*Answer))
	}
}

// grew counts bytes that an answer took on: a coding that was asked for the first time.
func (c *Cache) grew(a *Answer, bytes int) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if a.place == nil {
		return // it left meanwhile
	}
	a.cost += bytes
	s := c.shelf(a.at)
	s.bytes += bytes
	c.fit(s)
}

func (c *Cache) drop(a *Answer) {
	s := c.shelf(a.at)
	s.used.Remove(a.place)
	s.bytes -= a.cost
	delete(s.byAddress, a.at.key())
	for _, k := range a.keys {
		delete(c.showing[k], a)
		if len(c.showing[k]) == 0 {
			delete(c.showing, k)
		}
	}
	a.place = nil
}

// Drop drops every answer that shows one of what keys name. Whoever asks after it returned
// gets nothing that was begun before it was called.
func (c *Cache) Drop(keys ...string) {
	c.mu.Lock()
	defer c.mu.Unlock()
	clear(c.making)
	for f := range c.flights {
		for _, k := range keys {
			f.changed[k] = struct{}{}
		}
	}
	for _, k := range keys {
		if k == c.everything {
			c.dropAll()
			return
		}
		for a := range c.showing[k] {
			c.drop(a)
		}
	}
}

func (c *Cache) dropAll() {
	for i := range c.shelves {
		for _, a := range c.shelves[i].byAddress {
			c.drop(a)
		}
	}
}

// Size is how many answers there are, and the bytes that they are counted for.
func (c *Cache) Size() (answers, bytes int) {
	c.mu.Lock()
	defer c.mu.Unlock()
	for i := range c.shelves {
		answers += c.shelves[i].used.Len()
		bytes += c.shelves[i].bytes
	}
	return answers, bytes
}
