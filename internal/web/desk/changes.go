package desk

import (
	"context"
	"encoding/json"
	"log/slog"
	"math/rand/v2"
	"slices"
	"sync"

	"dateline/internal/live"
	"dateline/internal/newsroom"
	"dateline/internal/store"
	"dateline/internal/story"
)

// Listening tells the newsroom's open pages that something changed, and knows who has a
// story open. docs/live.md is what it promises to pages.
type Listening struct {
	hub     *live.Hub
	changes *changes
	here    *presence
}

// NewListening makes what the newsroom's pages are told by. Nobody is told anything before
// Run.
func NewListening(room *newsroom.Room, log *slog.Logger) *Listening {
	c := newChanges(room.DeskOf)
	room.OnChange(c.add)
	p := &presence{now: room.Now, seats: map[seatKey]*seat{}, moved: func(id story.ArticleID) { c.add([]store.Change{{What: presenceChanged, ID: string(id)}}) }}
	// Every reader has a goroutine, whose every write is judged: a newsroom has some hundred.
	return &Listening{live.NewHub(c, live.Options{Limit: 2000, Portable: true, Log: log}), c, p}
}

// Run tells pages until ctx ends.
func (l *Listening) Run(ctx context.Context) error { return l.hub.Run(ctx) }

// Drain lets all pages go, before the newsroom stops.
func (l *Listening) Drain() { l.hub.Drain() }

// presenceChanged is a change that no commit makes: somebody opened a story, or left it.
const presenceChanged store.Changed = "here"

// keptChanges is how many changes are remembered for pages that return.
const keptChanges = 512

// changes are the newsroom's changes in order, as the source of a hub. Their numbers are
// this process's own; a page that comes from another one, or from before, begins anew.
type changes struct {
	deskOf func(context.Context, story.ArticleID) (story.DeskID, bool, error)
	run    int64 // names this process, in the place of a volume
	wake   chan struct{}

	mu  sync.Mutex
	all []store.Change // guarded by mu; the last one has the number n
	n   int64          // guarded by mu
}

func newChanges(deskOf func(context.Context, story.ArticleID) (story.DeskID, bool, error)) *changes {
	c := &changes{deskOf: deskOf, run: 1 + rand.Int64N(1<<52), wake: make(chan struct{}, 1)}
	c.add([]store.Change{{}}) // that of nothing: a stream has a place from the beginning
	return c
}

// add takes changes in. It waits for nobody.
func (c *changes) add(all []store.Change) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.n += int64(len(all))
	c.all = append(c.all, all...)
	if over := len(c.all) - keptChanges; over > 0 {
		c.all = slices.Delete(c.all, 0, over)
	}
	select {
	case c.wake <- struct{}{}:
	default: // it is awake already
	}
}

// Head implements live.Source.
func (c *changes) Head(context.Context) (int64, error) {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.n, nil
}

// Wake implements live.Source.
func (c *changes) Wake() <-chan struct{} { return c.wake }

// After implements live.Source. Changes that are remembered no longer were so many that
// anything may have changed.
func (c *changes) After(ctx context.Context, n int64, limit int) (all []live.Entry, err error) {
	c.mu.Lock()
	first := c.n - int64(len(c.all)) // the number before the oldest
	lost := n < first
	n = max(n, first)
	some := slices.Clone(c.all[n-first:])
	c.mu.Unlock()
	if lost && len(some) > 0 {
		some[0] = store.Change{What: store.AnyChanged}
	}
	for i, x := range some[:min(limit, len(some))] {
		e := live.Entry{ID: live.ID{Volume: c.run, N: n + int64(i) + 1}}
		if e.Events, err = c.events(ctx, x); err != nil {
			return nil, err
		}
		all = append(all, e)
	}
	return all, nil
}

// What pages hear, each on channels of its own.
const (
	houseChannel = "house" // what any page has to ask about
	trayChannel  = "tray"
	boardPrefix  = "board." // and the id of a desk
	storyPrefix  = "story." // and the id of a story
)

// events is what a change tells. It says which desk or story, and not a word of them.
func (c *changes) events(ctx context.Context, x store.Change) ([]live.Event, error) {
	switch x.What {
	case store.AnyChanged:
		return []live.Event{told("any", "", houseChannel)}, nil
	case store.TrayChanged:
		return []live.Event{told("tray", "", trayChannel)}, nil
	case store.DeskChanged:
		return []live.Event{told("desk", x.ID, boardPrefix+x.ID)}, nil
	case presenceChanged:
		return []live.Event{told("here", x.ID, storyPrefix+x.ID)}, nil
	case store.StoryChanged:
		all := []live.Event{told("story", x.ID, storyPrefix+x.ID)}
		desk, found, err := c.deskOf(ctx, story.ArticleID(x.ID))
		if found {
			all = append(all, told("desk", string(desk), boardPrefix+string(desk)))
		}
		return all, err
	}
	return nil, nil
}

func told(name, id, channel string) live.Event {
	data, _ := json.Marshal(struct { // two plain strings
		ID string `json:"id,omitempty"`
	}{id})
	return live.Event{Channels: []string{channel}, Name: name, Data: data}
}
