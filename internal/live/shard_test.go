package live

import (
	"bytes"
	"errors"
	"fmt"
	"math/rand/v2"
	"runtime"
	"slices"
	"strings"
	"testing"
)

// fakeLines are lines that take as much as a test lets them.
type fakeLines struct {
	t     *testing.T
	all   map[int32]*fakeLine
	open_ int
}

type fakeLine struct {
	key    key
	room   int // bytes that it takes
	got    bytes.Buffer
	wants  bool
	broken bool
	closed bool
}

var errBroken = errors.New("the line is broken")

func (f *fakeLines) open(line int32, k key) error {
	f.all[line].key = k
	return nil
}

func (f *fakeLines) write(line int32, b []byte) (int, error) {
	l := f.all[line]
	if l.closed {
		f.t.Fatalf("line %d is written to after it was closed", line)
	}
	if l.broken {
		return 0, errBroken
	}
	n := min(l.room, len(b))
	l.room -= n
	l.got.Write(b[:n])
	return n, nil
}

func (f *fakeLines) want(line int32, k key, writable bool) error {
	if f.all[line].key != k {
		f.t.Fatalf("line %d is wanted under another key", line)
	}
	f.all[line].wants = writable
	return nil
}

func (f *fakeLines) close(line int32) {
	if f.all[line].closed {
		f.t.Fatalf("line %d is closed twice", line)
	}
	f.all[line].closed = true
	f.open_--
}

// modelReader is what a test knows of a reader without looking at the shard.
type modelReader struct {
	line     int32
	channels []string
	after    int64
	due      []int64 // numbers of the entries that it is to get, in order
	stuck    int     // ticks in a row that began with something waiting
}

// model plays a shard against lists.
type model struct {
	t       *testing.T
	rand    *rand.Rand
	lines   *fakeLines
	shard   *shard
	readers []*modelReader
	n       int64
	entries []*entry
	gone    int
}

func newModel(t *testing.T, seed uint64) *model {
	m := &model{t: t, rand: rand.New(rand.NewPCG(seed, 5)), lines: &fakeLines{t: t, all: map[int32]*fakeLine{}}}
	m.shard = newShard(m.lines, func(*reader) { m.gone++ })
	return m
}

func channelName(i int) string { return fmt.Sprintf("desk.en.%d", i) }

func (m *model) someChannels() (names []string) {
	for range 1 + m.rand.IntN(3) {
		names = append(names, channelName(m.rand.IntN(6)))
	}
	slices.Sort(names)
	return slices.Compact(names)
}

func (m *model) join() {
	line := int32(len(m.lines.all) + 1)
	m.lines.all[line] = &fakeLine{room: m.rand.IntN(60_000)}
	m.lines.open_++
	after := max(0, m.n-int64(m.rand.IntN(MaxBehind+1)))
	r := &modelReader{line: line, channels: m.someChannels(), after: after}
	for _, e := range m.entries {
		if _, ok := e.first(func(c string) bool { return slices.Contains(r.channels, c) }); ok && e.id.N > after {
			r.due = append(r.due, e.id.N)
		}
	}
	m.readers = append(m.readers, r)
	m.shard.join(joining{line: line, channels: r.channels, cursor: after, first: retryLine(1000)})
}

func (m *model) publish() {
	m.n++
	e := Entry{ID: ID{1, m.n}}
	for range m.rand.IntN(3) {
		e.Events = append(e.Events, Event{m.someChannels(), "article", []byte(`{"x":"` + strings.Repeat("x", m.rand.IntN(MaxData-10)) + `"}`)})
	}
	x := encode(e)
	m.entries = append(m.entries, x)
	for _, r := range m.readers {
		if _, ok := x.first(func(c string) bool { return slices.Contains(r.channels, c) }); ok {
			r.due = append(r.due, m.n)
		}
	}
	m.shard.publish(x)
}

// drained lets a line take something, and tells the shard if it asked.
func (m *model) drained(r *modelReader, room int) {
	l := m.lines.all[r.line]
	l.room += room
	if l.wants && !l.closed {
		m.shard.writable(l.key)
	}
}

func (m *model) tick() {
	waits := map[int32]bool{}
	for i := range m.shard.readers {
		if r := &m.shard.readers[i]; r.used && r.queue != nil {
			waits[r.line] = true
		}
	}
	m.shard.tick()
	for _, r := range m.readers {
		if r.stuck++; !waits[r.line] {
			r.stuck = 0
		}
		if r.stuck > stall && !m.lines.all[r.line].closed {
			m.t.Fatalf("a reader who took nothing for %d ticks is not cut", r.stuck)
		}
	}
}

// late lets a line that was closed before tell something: nobody else is meant.
func (m *model) late() {
	l := m.lines.all[int32(1+m.rand.IntN(len(m.lines.all)))]
	if before := m.shard.count; l.closed {
		m.shard.writable(l.key)
		if m.shard.hangup(l.key); m.shard.count != before {
			m.t.Fatal("a line that was closed before ended another reader")
		}
	}
}

func (m *model) step() {
	var r *modelReader
	if len(m.readers) > 0 {
		r = m.readers[m.rand.IntN(len(m.readers))]
	}
	switch x := m.rand.IntN(100); {
	case x < 15 || r == nil:
		m.join()
	case x < 45:
		m.publish()
	case x < 80:
		before := m.lines.all[r.line].got.Len()
		if m.drained(r, m.rand.IntN(40_000)); m.lines.all[r.line].got.Len() > before {
			r.stuck = 0
		}
	case x < 86:
		m.shard.hangup(m.lines.all[r.line].key)
	case x < 90:
		m.lines.all[r.line].broken = true
	case x < 92:
		m.shard.tell(channelName(m.rand.IntN(6)), frameOf("", "notice", []byte("{}")).bytes)
	case x < 93:
		from := max(0, len(m.entries)-kept)
		m.shard.replace(m.entries[from:], int64(from))
	case x < 95:
		m.late()
	default:
		m.tick()
	}
}

// check looks at what each reader got.
func (m *model) check() {
	kept := m.readers[:0]
	for _, r := range m.readers {
		l := m.lines.all[r.line]
		got := idsIn(m.t, l.got.Bytes())
		if len(got) > len(r.due) || !slices.Equal(got, r.due[:len(got)]) {
			m.t.Fatalf("line %d got %v, and is due %v", r.line, got, r.due)
		}
		if l.closed {
			continue
		}
		kept = append(kept, r)
		if l.room > 0 && !l.broken && len(got) != len(r.due) && !l.wants {
			m.t.Fatalf("line %d takes more, is due more, and is not waited for", r.line)
		}
	}
	m.readers = kept
}

// checkLists looks at what waits for each reader, and at every list.
func (m *model) checkLists() {
	subs, open := 0, 0
	for i := range m.shard.readers {
		r := &m.shard.readers[i]
		if !r.used {
			continue
		}
		open++
		if r.queue != nil && r.queue.bytes > backlog+MaxData+200 || r.queue != nil && r.queue.bytes == 0 {
			m.t.Fatalf("%d bytes wait for one reader", r.queue.bytes)
		}
		for nth, x := range r.subs {
			if x.channel.readers[x.at] != (place{int32(i), int32(nth)}) || m.shard.channels[x.channel.name] != x.channel {
				m.t.Fatal("a reader does not stand where it says")
			}
		}
		subs += len(r.subs)
	}
	for _, c := range m.shard.channels {
		if subs -= len(c.readers); len(c.readers) == 0 {
			m.t.Fatal("a channel without readers is kept")
		}
	}
	if subs != 0 || m.shard.count != open || m.lines.open_ != open || m.gone != len(m.lines.all)-open {
		m.t.Fatalf("%d places too many or few; %d readers, %d lines open, %d gone of %d", -subs, m.shard.count, open, m.gone, len(m.lines.all))
	}
}

// idsIn are the numbers of the whole entries in a stream; of one that is cut off, none.
func idsIn(t *testing.T, stream []byte) (ids []int64) {
	end := bytes.LastIndex(stream, []byte("\n\n"))
	if end < 0 {
		return nil
	}
	for _, f := range strings.Split(string(stream[:end]), "\n\n") {
		lines := strings.Split(f, "\n")
		if len(lines) == 3 && lines[1] == "event: article" {
			id, ok := ParseID(strings.TrimPrefix(lines[0], "id: "))
			if !ok {
				t.Fatalf("no event: %.100q", f)
			}
			ids = append(ids, id.N)
		} else if lines[0] != "event: notice" && !strings.HasPrefix(lines[0], "retry: ") && lines[1] != "event: head" {
			t.Fatalf("a frame that nobody sent: %.100q", f)
		}
	}
	return ids
}

// TestShardIsItsModel plays random joins, entries, stuck and broken lines, and looks at
// everything after each step. In the end every line takes all, and everybody who is still
// there has everything.
func TestShardIsItsModel(t *testing.T) {
	seeds, steps := uint64(30), 700
	if testing.Short() {
		seeds = 10
	}
	for seed := range seeds {
		m := newModel(t, seed)
		for i := range steps {
			m.step()
			m.checkLists()
			if i%20 == 0 {
				m.check()
			}
		}
		m.check()
		for _, r := range m.readers {
			for range 300 {
				m.drained(r, 1<<20)
			}
			l := m.lines.all[r.line]
			if got := idsIn(t, l.got.Bytes()); !l.closed && !l.broken && !slices.Equal(got, r.due) {
				t.Fatalf("seed %d: line %d got %d of %d entries", seed, r.line, len(got), len(r.due))
			}
		}
		m.shard.drain(func() []byte { return retryLine(1) })
		m.checkLists()
		if m.shard.count != 0 || len(m.shard.channels) != 0 || m.shard.readers != nil {
			t.Fatal("something is left of readers who are gone")
		}
	}
}

// TestWordsTakenBackAreCut: who has not taken all of it yet is cut when words are taken back.
func TestWordsTakenBackAreCut(t *testing.T) {
	m := newModel(t, 1)
	m.lines.all[1], m.lines.all[2] = &fakeLine{room: 60}, &fakeLine{room: 1 << 20}
	for line := range int32(2) {
		m.shard.join(joining{line: line + 1, channels: []string{"house.en"}, first: retryLine(1)})
	}
	m.shard.publish(encode(Entry{ID: ID{1, 1}, Events: []Event{{[]string{"house.en"}, "article", []byte(`{"words":"` + strings.Repeat("secret", 100) + `"}`)}}}))
	m.shard.replace([]*entry{{id: ID{1, 1}}}, 0)
	if !m.lines.all[1].closed || m.lines.all[2].closed {
		t.Error("exactly the one with words waiting is cut")
	}
	m.lines.all[3] = &fakeLine{room: 1 << 20}
	m.shard.join(joining{line: 3, channels: []string{"house.en"}, first: retryLine(1)})
	if strings.Contains(m.lines.all[3].got.String(), "secret") {
		t.Error("memory still holds the words")
	}
}

// TestReaderIsSmall holds a reader to what ten thousand of them may cost.
func TestReaderIsSmall(t *testing.T) {
	m := newModel(t, 1)
	const many = 10_000
	for line := range int32(many) {
		m.lines.all[line] = &fakeLine{room: 1 << 20}
	}
	before := int64(heap())
	for line := range int32(many) {
		m.shard.join(joining{line: line, channels: []string{"house.en", "notice.en"}, first: nil})
	}
	defer runtime.KeepAlive(m)
	if each := (int64(heap()) - before) / many; each > 400 {
		t.Errorf("a reader takes %d bytes", each)
	}
}

// TestWhatIsForgottenEndsAReader: who fell back further than the shard remembers is let go,
// to be told so when it returns, and is never told what came after a gap.
func TestWhatIsForgottenEndsAReader(t *testing.T) {
	m := newModel(t, 1)
	m.lines.all[1] = &fakeLine{room: 60}
	m.shard.join(joining{line: 1, channels: []string{"house.en"}, first: retryLine(1)})
	for n := range int64(2 * kept) {
		m.shard.publish(encode(Entry{ID: ID{1, n + 1}, Events: []Event{{[]string{"house.en"}, "article", []byte(`"` + strings.Repeat("x", 1000) + `"`)}}}))
	}
	l := m.lines.all[1]
	l.room = 1 << 20
	m.shard.writable(l.key)
	got := idsIn(t, l.got.Bytes())
	if !l.closed || len(got) >= kept {
		t.Errorf("closed: %t, after %d entries", l.closed, len(got))
	}
	for i, n := range got {
		if n != int64(i+1) {
			t.Fatalf("a gap: %v", got)
		}
	}
}
