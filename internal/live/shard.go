package live

import (
	"cmp"
	"slices"
)

// Lines are the connections of a shard. All methods are called by the shard alone.
type lines interface {
	// open begins to tell the shard, under a key, when a line hangs up.
	open(line int32, k key) error
	// write takes as much of b as it can without waiting, and keeps nothing of it.
	write(line int32, b []byte) (int, error)
	// want says whether the shard is to be told when more can be written.
	want(line int32, k key, writable bool) error
	close(line int32)
}

// A key names a reader. Slots are used again; the turn tells who it is.
type key struct{ slot, turn int32 }

// A shard writes to its share of the readers. It is a state machine without a clock, a lock
// or a goroutine of its own: whoever runs it calls one method after the other.
//
// A reader holds no buffer. Where its line takes less than it is given, the rest waits in a
// queue that points into the shared bytes. Where the queue is full, the reader is behind:
// it is given nothing until the queue is empty, and then what the shard remembers.
type shard struct {
	lines    lines
	gone     func(r *reader) // told of each reader that left
	readers  []reader
	free     []int32
	channels map[string]*channel
	memory   []*entry // the newest entries, oldest first
	head     ID
	lost     int64 // the newest entry that is remembered no longer
	ticks    uint32
	turns    int32 // readers that ever came
	count    int
	leaving  []int32
	scratch  []byte
}

// A reader is one connection. There may be many thousands: it is kept small.
type reader struct {
	subs   []sub
	queue  *queue // nil where nothing waits
	peer   peer
	cursor int64 // the newest entry that it was given, or that it needs not be given
	line   int32
	turn   int32
	wrote  uint32 // the tick at which it was last given all that there was
	used   bool
	behind bool // entries after cursor are still to be given from memory
	wants  bool // is told when its line takes more
	leaves bool
}

// A queue is what waits for a reader.
type queue struct {
	parts [][]byte // point into shared bytes
	bytes int
	since uint32 // the tick at which it began to wait
}

// A channel lists its readers, densely and in no order.
type channel struct {
	name    string
	readers []place
}

// A place is a reader's in a channel: its slot, and which of its subs this is.
type place struct {
	slot int32
	nth  int32
}

// A sub is a channel of a reader's, and where in the channel's list the reader stands.
type sub struct {
	channel *channel
	at      int32
}

func newShard(l lines, gone func(*reader)) *shard {
	return &shard{lines: l, gone: gone, channels: map[string]*channel{}, scratch: make([]byte, 0, chunk+MaxData)}
}

// A joining is a reader who comes: what it is told first, and the newest entry that it knows.
type joining struct {
	line     int32
	peer     peer
	channels []string
	cursor   int64
	first    []byte
}

func (s *shard) join(j joining) {
	slot := int32(len(s.readers))
	if n := len(s.free); n > 0 {
		slot, s.free = s.free[n-1], s.free[:n-1]
	} else {
		s.readers = append(s.readers, reader{})
	}
	r := &s.readers[slot]
	s.turns++
	*r = reader{line: j.line, turn: s.turns, used: true, peer: j.peer, cursor: j.cursor, behind: j.cursor < s.head.N,
		queue: &queue{parts: [][]byte{j.first}, bytes: len(j.first), since: s.ticks}}
	s.count++
	s.subscribe(slot, j.channels)
	if err := s.lines.open(j.line, key{slot, r.turn}); err != nil {
		s.leave(slot)
	} else {
		s.pump(slot)
	}
	s.reap()
}

func (s *shard) subscribe(slot int32, names []string) {
	r := &s.readers[slot]
	r.subs = make([]sub, len(names))
	for i, name := range names {
		c := s.channels[name]
		if c == nil {
			c = &channel{name: name}
			s.channels[name] = c
		}
		r.subs[i] = sub{c, int32(len(c.readers))}
		c.readers = append(c.readers, place{slot, int32(i)})
	}
}

// unsubscribe takes a reader out of its channels: the last of each list takes its place.
func (s *shard) unsubscribe(slot int32) {
	for _, x := range s.readers[slot].subs {
		c, last := x.channel, len(x.channel.readers)-1
		moved := c.readers[last]
		c.readers[x.at] = moved
		s.readers[moved.slot].subs[moved.nth].at = x.at
		if c.readers = c.readers[:last]; last == 0 {
			delete(s.channels, c.name)
		}
	}
}

// publish gives an entry to everybody in its channels.
func (s *shard) publish(e *entry) {
	s.head = e.id
	s.memory = append(s.memory, e)
	if over := len(s.memory) - kept; over > 0 {
		s.lost = s.memory[over-1].id.N
		s.memory = slices.Delete(s.memory, 0, over)
	}
	for _, f := range e.frames {
		for _, name := range f.channels {
			if c := s.channels[name]; c != nil {
				for _, p := range c.readers {
					s.give(p.slot, e.id.N, f.bytes)
				}
			}
		}
	}
	s.reap()
}

// give gives a reader an entry, unless it has it or will find it in memory.
func (s *shard) give(slot int32, n int64, b []byte) {
	r := &s.readers[slot]
	switch {
	case r.leaves || r.behind || r.cursor >= n:
	case r.queue != nil && r.queue.bytes+len(b) > backlog:
		r.behind, r.cursor = true, n-1 // everything before it was given, or was for others
	default:
		r.cursor = n
		s.write(slot, b)
	}
}

// tell gives bytes that are no entry to everybody in a channel. Who has too much waiting is
// cut, and told when it returns.
func (s *shard) tell(name string, b []byte) {
	if c := s.channels[name]; c != nil {
		for _, p := range c.readers {
			s.say(p.slot, b)
		}
	}
	s.reap()
}

// tellAll is tell for everybody.
func (s *shard) tellAll(b []byte) {
	for slot := range s.readers {
		if s.readers[slot].used {
			s.say(int32(slot), b)
		}
	}
	s.reap()
}

func (s *shard) say(slot int32, b []byte) {
	if q := s.readers[slot].queue; q != nil && q.bytes+len(b) > backlog {
		s.leave(slot)
		return
	}
	s.write(slot, b)
}

// write writes to a reader's line, or lets wait what it does not take.
func (s *shard) write(slot int32, b []byte) {
	r := &s.readers[slot]
	if r.leaves {
		return
	}
	if q := r.queue; q != nil {
		q.parts, q.bytes = append(q.parts, b), q.bytes+len(b)
		return
	}
	n, err := s.lines.write(r.line, b)
	r.wrote = s.ticks
	if err == nil && n < len(b) {
		r.queue = &queue{parts: [][]byte{b[n:]}, bytes: len(b) - n, since: s.ticks}
		s.want(slot, true)
	}
	if err != nil {
		s.leave(slot)
	}
}

func (s *shard) want(slot int32, writable bool) {
	r := &s.readers[slot]
	if r.wants != writable {
		if r.wants = writable; s.lines.want(r.line, key{slot, r.turn}, writable) != nil {
			s.leave(slot)
		}
	}
}

// writable goes on with a reader whose line takes more.
func (s *shard) writable(k key) {
	if s.is(k) {
		s.pump(k.slot)
		s.reap()
	}
}

// hangup ends a reader whose line has ended.
func (s *shard) hangup(k key) {
	if s.is(k) {
		s.leave(k.slot)
		s.reap()
	}
}

func (s *shard) is(k key) bool {
	return int(k.slot) < len(s.readers) && s.readers[k.slot].used && s.readers[k.slot].turn == k.turn
}

// pump writes what waits for a reader, and then what memory holds for it.
func (s *shard) pump(slot int32) {
	r := &s.readers[slot]
	for r.queue != nil && !r.leaves {
		if r.behind {
			s.refill(slot)
		}
		b := r.queue.gather(s.scratch[:0])
		n, err := s.lines.write(r.line, b)
		if err != nil {
			s.leave(slot)
			return
		}
		r.queue.drop(n)
		if n < len(b) {
			s.want(slot, true)
			return
		}
		if r.queue.since = s.ticks; r.queue.bytes == 0 && !r.behind {
			r.queue = nil
			s.want(slot, false)
		}
	}
}

// refill lets wait what memory holds for a reader, as much as may.
func (s *shard) refill(slot int32) {
	r := &s.readers[slot]
	if r.cursor < s.lost {
		s.leave(slot) // what it needs is forgotten: it is told so when it returns
		return
	}
	from, _ := slices.BinarySearchFunc(s.memory, r.cursor+1, func(e *entry, n int64) int { return cmp.Compare(e.id.N, n) })
	for _, e := range s.memory[from:] {
		f, ok := e.first(r.has)
		if ok && r.queue.bytes > 0 && r.queue.bytes+len(f.bytes) > backlog {
			return
		}
		if r.cursor = e.id.N; ok {
			r.queue.parts, r.queue.bytes = append(r.queue.parts, f.bytes), r.queue.bytes+len(f.bytes)
		}
	}
	r.behind = false
}

func (r *reader) has(channel string) bool {
	return slices.ContainsFunc(r.subs, func(x sub) bool { return x.channel.name == channel })
}

// gather copies what comes next into b, to be written at once.
func (q *queue) gather(b []byte) []byte {
	for _, p := range q.parts {
		if len(b) > 0 && len(b)+len(p) > chunk {
			break
		}
		b = append(b, p...)
	}
	return b
}

// drop takes n bytes off the beginning.
func (q *queue) drop(n int) {
	q.bytes -= n
	for len(q.parts) > 0 && n >= len(q.parts[0]) {
		n -= len(q.parts[0])
		q.parts[0] = nil
		q.parts = q.parts[1:]
	}
	if n > 0 {
		q.parts[0] = q.parts[0][n:]
	}
}

// tick is called once a second: it cuts who has not taken its backlog, and lets hearts beat,
// each second those of another share of the readers. Who heard something since its last
// turn needs no heartbeat.
func (s *shard) tick() {
	s.ticks++
	heart := headFrame("head", s.head)
	for i := range s.readers {
		r := &s.readers[i]
		switch {
		case !r.used:
		case r.queue != nil && s.ticks-r.queue.since >= stall:
			s.leave(int32(i))
		case r.queue == nil && uint32(i)%beat == s.ticks%beat && s.ticks-r.wrote >= beat:
			s.write(int32(i), heart)
		}
	}
	s.reap()
}

// replace remembers other entries than before, after words were taken back. Who still has
// something waiting is cut: it may be those words.
func (s *shard) replace(memory []*entry, lost int64) {
	s.memory, s.lost = slices.Clone(memory), lost
	for i := range s.readers {
		if s.readers[i].used && s.readers[i].queue != nil {
			s.leave(int32(i))
		}
	}
	s.reap()
}

// drain ends all readers; each is told how long to wait before it returns.
func (s *shard) drain(retry func() []byte) {
	for i := range s.readers {
		if r := &s.readers[i]; r.used {
			if r.queue == nil {
				s.write(int32(i), retry())
			}
			s.leave(int32(i))
		}
	}
	s.reap()
}

// leave marks a reader as one that ends. It stays in its places until reap: somebody may be
// going through them.
func (s *shard) leave(slot int32) {
	if r := &s.readers[slot]; r.used && !r.leaves {
		r.leaves = true
		s.leaving = append(s.leaving, slot)
	}
}

func (s *shard) reap() {
	for _, slot := range s.leaving {
		r := &s.readers[slot]
		s.lines.close(r.line)
		s.unsubscribe(slot)
		s.gone(r)
		*r = reader{}
		s.free = append(s.free, slot)
		s.count--
	}
	if s.leaving = s.leaving[:0]; s.count == 0 {
		s.readers, s.free, s.leaving = nil, nil, nil
	}
}
