package live

import (
	"context"
	"net/http"
	"sync"
	"sync/atomic"
	"time"
)

// The portable road, and that of TLS, HTTP/2 and sockets of the system: each reader keeps
// the goroutine of its request, which writes what the shard hands it, a piece at a time.

// grace is how long a line that is closed may go on with what it was handed last.
const grace = 2 * time.Second

// A handledLine is a request that is answered as long as its reader stays.
type handledLine struct {
	out    chan []byte // holds the piece that is next; closed once the shard let go
	wanted atomic.Bool // the shard is to be told when a piece was written
	key    key         // owned by the shard

	mu     sync.Mutex
	writer *http.ResponseController // guarded by mu; nil once the request is over
}

// handledLines are the lines of the one shard of such readers.
type handledLines struct {
	all  map[int32]*handledLine
	next int32
	post func(func(*shard))
}

func handleRunner(left func(*reader)) *runner {
	woken := make(chan struct{}, 1)
	l := &handledLines{all: map[int32]*handledLine{}}
	r := &runner{shard: newShard(l, left), wait: func() { <-woken }, shut: func() {}}
	r.wake = func() {
		select {
		case woken <- struct{}{}:
		default: // it is awake already
		}
	}
	l.post = r.post
	return r
}

// add gives a line its number. Like all of the shard's, it is called by the shard alone.
func (l *handledLines) add(x *handledLine) int32 {
	l.next++
	l.all[l.next] = x
	return l.next
}

func (l *handledLines) open(line int32, k key) error {
	l.all[line].key = k
	return nil
}

func (l *handledLines) write(line int32, b []byte) (int, error) {
	x := l.all[line]
	if len(x.out) == cap(x.out) || len(b) == 0 {
		return 0, nil
	}
	x.out <- append([]byte(nil), b...) // nobody else sends
	return len(b), nil
}

func (l *handledLines) want(line int32, k key, writable bool) error {
	x := l.all[line]
	x.wanted.Store(writable)
	if writable && len(x.out) == 0 { // it was taken just before
		l.post(func(s *shard) { s.writable(k) })
	}
	return nil
}

func (l *handledLines) close(line int32) {
	close(l.all[line].out)
	time.AfterFunc(grace, l.all[line].cut)
	delete(l.all, line)
}

// cut ends a write that does not return.
func (x *handledLine) cut() {
	x.mu.Lock()
	defer x.mu.Unlock()
	if x.writer != nil {
		_ = x.writer.SetWriteDeadline(time.Unix(1, 0)) // long ago
	}
}

// release lets go of the request's writer, which nobody may touch after it.
func (x *handledLine) release() {
	x.mu.Lock()
	defer x.mu.Unlock()
	x.writer = nil
}

// handle answers one request as long as its reader and the shard want. join posts to the
// shard, with what gives the line its number there.
func (h *Hub) handle(w http.ResponseWriter, r *http.Request, join func(add func(*shard) int32) bool) {
	c := http.NewResponseController(w)
	_ = c.SetReadDeadline(time.Time{}) // where there are none, none is in the way
	_ = c.SetWriteDeadline(time.Time{})
	ctx, gone := context.WithCancel(r.Context())
	defer gone()
	x := &handledLine{out: make(chan []byte, 1), writer: c}
	defer x.release()
	w.WriteHeader(http.StatusOK)
	if !join(func(s *shard) int32 { return s.lines.(*handledLines).add(x) }) {
		return
	}
	for {
		select {
		case <-ctx.Done():
			h.handled.post(func(s *shard) { s.hangup(x.key) })
			for range x.out { // until the shard has let it go
			}
			return
		case b, more := <-x.out:
			if !more {
				return
			}
			if _, err := w.Write(b); err != nil || c.Flush() != nil {
				gone()
				continue
			}
			if x.wanted.Load() {
				h.handled.post(func(s *shard) { s.writable(x.key) })
			}
		}
	}
}
