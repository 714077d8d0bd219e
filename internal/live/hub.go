package live

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"math/rand/v2"
	"net/netip"
	"runtime"
	"slices"
	"sync"
	"time"

	"dateline/internal/story"
)

// A Hub tells readers what its source tells. Its methods may be called at once.
type Hub struct {
	source  Source
	options Options
	log     *slog.Logger

	mu       sync.Mutex
	state    state           // guarded by mu, as is all below
	taken    []*runner       // shards of connections that were taken over; none where they cannot be
	handled  *runner         // the shard of readers with a goroutine each
	head     ID              // the newest entry that the shards were given
	memory   []*entry        // the newest entries, oldest first
	lost     int64           // the newest entry that is remembered no longer
	moved    chan struct{}   // closed and renewed when head moves
	standing map[string]word // what every new reader of a channel is told
	pace     Pace
	count    int
	peers    map[peer]int // connections from each address that is bounded
	loops    sync.WaitGroup
}

type state int

const (
	closed state = iota
	serving
	draining
)

// A word is what stands on a channel until it is replaced.
type word struct{ frame frame }

// A peer is an address whose connections are counted; the zero one is not.
type peer = netip.Addr

// NewHub makes a hub, which serves nobody before Run.
func NewHub(source Source, o Options) *Hub {
	if o.Limit == 0 {
		o.Limit = 10_000
	}
	if o.Shards == 0 {
		o.Shards = runtime.GOMAXPROCS(0)
	}
	if o.Log == nil {
		o.Log = slog.New(slog.DiscardHandler)
	}
	return &Hub{source: source, options: o, log: o.Log, moved: make(chan struct{}), standing: map[string]word{}, peers: map[peer]int{}, pace: Pace{Stream: true, Every: 10}}
}

// Run follows the source and serves readers until ctx ends; then it lets them go.
func (h *Hub) Run(ctx context.Context) error {
	wake := h.source.Wake()
	if err := h.open(ctx); err != nil {
		return fmt.Errorf("opening the streams: %w", err)
	}
	defer h.close()
	h.loops.Go(func() { h.beat(ctx) })
	ticker := time.NewTicker(tick) // a wake may be lost
	defer ticker.Stop()
	told := ""
	for {
		err := h.follow(ctx)
		switch {
		case err == nil:
			told = ""
		case ctx.Err() == nil && err.Error() != told:
			told = err.Error()
			h.log.Error("the streams cannot follow", "error", err)
		}
		select {
		case <-ctx.Done():
			return nil
		case <-wake:
		case <-ticker.C:
		}
	}
}

// beat lets seconds pass for the shards, however long the source takes.
func (h *Hub) beat(ctx context.Context) {
	ticker := time.NewTicker(tick)
	defer ticker.Stop()
	for {
		select {
		case <-ctx.Done():
			return
		case <-ticker.C:
			h.each(func(s *shard) { s.tick() })
		}
	}
}

// open starts the shards, with what they are to remember.
func (h *Hub) open(ctx context.Context) error {
	newest, err := h.source.Head(ctx)
	if err != nil {
		return err
	}
	memory, lost, err := h.read(ctx, newest)
	if err != nil {
		return err
	}
	h.mu.Lock()
	defer h.mu.Unlock()
	if h.state != closed {
		return errors.New("they were opened before")
	}
	h.memory, h.lost = memory, lost
	if n := len(memory); n > 0 {
		h.head = memory[n-1].id
	}
	if !h.options.Portable {
		for range h.options.Shards {
			r, err := takeRunner(h.left)
			if err != nil {
				return err
			}
			if r != nil { // nil: connections cannot be taken over here
				h.taken = append(h.taken, r)
			}
		}
	}
	h.handled = handleRunner(h.left)
	for _, r := range h.runners() {
		r.shard.memory, r.shard.lost, r.shard.head = slices.Clone(memory), lost, h.head
		h.loops.Go(r.run)
	}
	h.state = serving
	close(h.moved)
	h.moved = make(chan struct{})
	return nil
}

func (h *Hub) runners() []*runner { return append(slices.Clone(h.taken), h.handled) }

// read reads the newest entries up to number n, as they are to be told now.
func (h *Hub) read(ctx context.Context, n int64) (memory []*entry, lost int64, err error) {
	lost = max(0, n-kept)
	all, err := h.source.After(ctx, lost, kept)
	if err != nil {
		return nil, 0, err
	}
	for _, e := range all {
		if e.ID.N <= n {
			memory = append(memory, encode(e))
		}
	}
	return memory, lost, nil
}

// followed is how many entries are read from the source at once.
const followed = 64

// follow publishes all that the source has.
func (h *Hub) follow(ctx context.Context) error {
	for {
		h.mu.Lock()
		n := h.head.N
		h.mu.Unlock()
		all, err := h.source.After(ctx, n, followed)
		if err != nil || len(all) == 0 {
			return err
		}
		if slices.ContainsFunc(all, func(e Entry) bool { return e.Silences }) {
			if err := h.remember(ctx, n); err != nil {
				return err
			}
		}
		for _, e := range all {
			h.publish(e)
		}
	}
}

// remember reads anew what is remembered up to number n, after words were taken back: once
// for all entries that were read together, since none of them tells of such words any more.
func (h *Hub) remember(ctx context.Context, n int64) error {
	memory, lost, err := h.read(ctx, n)
	if err != nil {
		return err
	}
	h.mu.Lock()
	defer h.mu.Unlock()
	h.memory, h.lost = slices.Clone(memory), lost // the shards copy theirs, later
	h.eachLocked(func(s *shard) { s.replace(memory, lost) })
	return nil
}

// publish hands an entry to the shards. Whoever joins sees it either in memory or as it comes.
func (h *Hub) publish(e Entry) {
	x := encode(e)
	h.mu.Lock()
	defer h.mu.Unlock()
	if h.head.Volume != 0 && h.head.Volume != e.ID.Volume {
		reset := headFrame("reset", e.ID)
		h.eachLocked(func(s *shard) { s.tellAll(reset) })
	}
	h.memory = append(h.memory, x)
	if over := len(h.memory) - kept; over > 0 {
		h.lost = h.memory[over-1].id.N
		h.memory = slices.Delete(h.memory, 0, over)
	}
	h.head = e.ID
	h.eachLocked(func(s *shard) { s.publish(x) })
	close(h.moved)
	h.moved = make(chan struct{})
}

// each runs fn on every shard, after all that came before.
func (h *Hub) each(fn func(*shard)) {
	h.mu.Lock()
	defer h.mu.Unlock()
	h.eachLocked(fn)
}

func (h *Hub) eachLocked(fn func(*shard)) {
	if h.state == closed {
		return
	}
	for _, r := range h.runners() {
		r.post(fn)
	}
}

// Tell lets an event without an id stand on a channel: its readers are told now, and each
// new one when it comes. The same words again are not told again. No data takes it away.
func (h *Hub) Tell(channel, name string, data []byte) {
	h.mu.Lock()
	defer h.mu.Unlock()
	if data == nil {
		delete(h.standing, channel)
		return
	}
	f := frameOf("", name, data)
	if old, ok := h.standing[channel]; ok && string(old.frame.bytes) == string(f.bytes) {
		return
	}
	h.standing[channel] = word{f}
	h.eachLocked(func(s *shard) { s.tell(channel, f.bytes) })
}

// SetPace tells every page how to follow from now on. Pages that come by the other road are
// told the same.
func (h *Hub) SetPace(p Pace) {
	f := p.frame()
	h.mu.Lock()
	defer h.mu.Unlock()
	h.pace = p
	h.eachLocked(func(s *shard) { s.tellAll(f.bytes) })
}

func (p Pace) frame() frame {
	b, _ := json.Marshal(p) // two plain values
	return frameOf("", "pace", b)
}

// Readers is how many connections there are.
func (h *Hub) Readers() int {
	h.mu.Lock()
	defer h.mu.Unlock()
	return h.count
}

// Drain lets all readers go, each with another time to wait before it returns, and takes no
// more. It may be called at any time, and returns before they are gone.
func (h *Hub) Drain() {
	h.mu.Lock()
	defer h.mu.Unlock()
	if h.state != serving {
		return
	}
	h.eachLocked(func(s *shard) { s.drain(returnTime) })
	h.state = draining
}

// returnTime spreads those who return over ten seconds.
func returnTime() []byte { return retryLine(1000 + rand.IntN(9000)) }

// close lets everybody go and stops the shards.
func (h *Hub) close() {
	h.Drain()
	h.mu.Lock()
	for _, r := range h.runners() {
		r.post(func(*shard) { r.over = true })
	}
	h.mu.Unlock()
	h.loops.Wait()
}

// errFull and errAway are why there is no stream; a page that hears it asks instead.
var (
	errFull = story.Refuse(story.Unavailable, "so many readers are connected that there is no stream for another; ask at /since instead")
	errAway = story.Refuse(story.Unavailable, "the streams are closed for a moment")
)

// enter counts a reader in. Whoever entered is counted out by left.
func (h *Hub) enter(p peer) error {
	h.mu.Lock()
	defer h.mu.Unlock()
	switch {
	case h.state != serving:
		return errAway
	case h.count >= h.options.Limit || p.IsValid() && h.peers[p] >= h.options.PerAddress:
		return errFull
	}
	h.count++
	if p.IsValid() {
		h.peers[p]++
	}
	return nil
}

// left counts out a reader whom a shard let go.
func (h *Hub) left(r *reader) { h.countOut(r.peer) }

func (h *Hub) countOut(p peer) {
	h.mu.Lock()
	defer h.mu.Unlock()
	h.count--
	if p.IsValid() {
		if h.peers[p]--; h.peers[p] == 0 {
			delete(h.peers, p)
		}
	}
}

// patience is how long a newcomer waits for the hub to have told all that the source has.
const patience = 5 * time.Second

// upToDate waits until everything that the source has was published: what was taken back
// before somebody asked is not told to them.
func (h *Hub) upToDate(ctx context.Context) error {
	n, err := h.source.Head(ctx)
	if err != nil {
		return err
	}
	ctx, stop := context.WithTimeout(ctx, patience)
	defer stop()
	for {
		h.mu.Lock()
		head, moved, is := h.head.N, h.moved, h.state
		h.mu.Unlock()
		switch {
		case is == closed:
			return errAway
		case head >= n:
			return nil
		}
		select {
		case <-ctx.Done():
			return errAway
		case <-moved:
		}
	}
}

// carry moves a place that is too long ago forward over what concerned others, as far as
// the source can tell.
func (h *Hub) carry(ctx context.Context, after string, channels []string) (string, error) {
	id, ok := ParseID(after)
	source, can := h.source.(QuietSource)
	h.mu.Lock()
	head := h.head
	h.mu.Unlock()
	if !ok || !can || id.Volume != head.Volume || id.N >= head.N-MaxBehind {
		return after, nil
	}
	upTo, quiet, err := source.Quiet(ctx, channels, id.N)
	if err != nil || !quiet {
		return after, err
	}
	return ID{id.Volume, upTo}.String(), nil
}

// begin is where a reader begins who has seen the entry that it names, or "" for now. It
// begins anew where that is another volume's, too long ago, in the future, or no id.
func (h *Hub) begin(after string) (cursor int64, reset bool) {
	if after == "" {
		return h.head.N, false
	}
	id, ok := ParseID(after)
	if !ok || id.Volume != h.head.Volume || id.N > h.head.N || id.N < h.head.N-MaxBehind || id.N < h.lost {
		return h.head.N, true
	}
	return id.N, false
}
