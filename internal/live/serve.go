package live

import (
	"context"
	"encoding/json"
	"math/rand/v2"
	"net/http"
	"net/netip"
	"slices"
	"strings"

	"dateline/internal/story"
)

// Channels reads the names in a request's ch parameters, separated by commas. They are
// sorted, and each is there once.
func Channels(r *http.Request) ([]string, error) {
	names := strings.Split(strings.Join(r.URL.Query()["ch"], ","), ",")
	if len(names) > MaxChannels {
		return nil, story.Refuse(story.Invalid, "a connection may name %d channels, not more", MaxChannels)
	}
	for _, n := range names {
		if !validChannel(n) {
			return nil, story.Refuse(story.Invalid, "ch must name channels, such as house.en, with a comma between two of them")
		}
	}
	slices.Sort(names)
	return slices.Compact(names), nil
}

// Stream answers a request for a stream of the channels named in ?ch=, of what came after
// ?after=, or after the header Last-Event-ID where there is one. An error is a refusal, and
// nothing has been answered then.
func (h *Hub) Stream(w http.ResponseWriter, r *http.Request) error {
	names, err := Channels(r)
	if err != nil {
		return err
	}
	header := w.Header()
	if r.Method == http.MethodHead {
		streamHeader(header)
		w.WriteHeader(http.StatusOK)
		return nil
	}
	p := h.peerOf(r)
	if err := h.enter(p); err != nil {
		header.Set("Retry-After", "30")
		return err
	}
	after := r.URL.Query().Get("after")
	if last := r.Header.Get("Last-Event-ID"); last != "" {
		after = last
	}
	if after, err = h.carry(r.Context(), after, names); err == nil {
		err = h.upToDate(r.Context())
	}
	if err != nil {
		h.countOut(p)
		header.Set("Retry-After", "5")
		return err
	}
	streamHeader(header)
	j := joining{peer: p, channels: names}
	if len(h.taken) == 0 || !canTake(r) {
		h.handle(w, r, func(add func(*shard) int32) bool { return h.join(h.handled, j, after, add) })
		return nil
	}
	if j.line, err = takeAnswered(w); err != nil {
		h.countOut(p)
		h.log.Debug("a reader was lost", "error", err)
		return nil // what can be answered was
	}
	if !h.join(h.taken[int(j.line)%len(h.taken)], j, after, nil) {
		drop(j.line)
	}
	return nil
}

// takeAnswered lets net/http answer with the head of an endless body, and takes the
// connection over behind it.
func takeAnswered(w http.ResponseWriter) (int32, error) {
	w.Header().Set("Transfer-Encoding", "identity") // not in chunks: the body ends with the connection
	w.WriteHeader(http.StatusOK)
	return take(w)
}

// join posts a reader to a shard: whatever is published after this comes to it from there.
// add, where there is one, gives it its line. Where the hub is closing, it is counted out.
func (h *Hub) join(r *runner, j joining, after string, add func(*shard) int32) bool {
	h.mu.Lock()
	if h.state != serving {
		h.mu.Unlock()
		h.countOut(j.peer)
		return false
	}
	defer h.mu.Unlock()
	var reset bool
	j.cursor, reset = h.begin(after)
	j.first = retryLine(1000 + rand.IntN(3000)) // those whom a crash cuts off do not return at once
	if reset {
		j.first = append(j.first, headFrame("reset", h.head)...)
	}
	for _, name := range j.channels {
		j.first = append(j.first, h.standing[name].frame.bytes...)
	}
	if !h.pace.Stream {
		j.first = append(j.first, h.pace.frame().bytes...)
	}
	r.post(func(s *shard) {
		if add != nil {
			j.line = add(s)
		}
		s.join(j)
	})
	return true
}

// peerOf is the address that a request's connection counts for. This machine's own are not
// counted: a server in front of this one has as many readers as there are.
func (h *Hub) peerOf(r *http.Request) peer {
	a, err := netip.ParseAddrPort(r.RemoteAddr)
	if err != nil || h.options.PerAddress == 0 || a.Addr().IsLoopback() {
		return peer{}
	}
	return a.Addr().Unmap()
}

// streamHeader is what every stream begins with. Nobody on the way may keep it, or hold it
// back until there is more.
func streamHeader(h http.Header) {
	h.Set("Content-Type", "text/event-stream; charset=utf-8")
	h.Set("Cache-Control", "no-store, no-transform")
	h.Set("X-Accel-Buffering", "no")
}

// An Answer is what a page hears that asks instead of listening: the same for everybody who
// asks the same.
type Answer struct {
	Head     string                     `json:"head"`
	Reset    bool                       `json:"reset,omitempty"` // begin anew: what was asked for is not known
	Events   []Told                     `json:"events"`
	Standing map[string]json.RawMessage `json:"standing,omitempty"` // by channel
	Pace     Pace                       `json:"pace"`
}

// Told is an event in an answer.
type Told struct {
	ID    string          `json:"id"`
	Event string          `json:"event"`
	Data  json.RawMessage `json:"data"`
}

// answerBytes is the most that the events of one answer hold, the last one apart. What is
// left is in the next answer: its head is that of the last event.
const answerBytes = 256 << 10

// Since tells what came on channels after the entry that is named. It waits until all that
// the source has was published.
func (h *Hub) Since(ctx context.Context, after string, channels []string) (Answer, error) {
	after, err := h.carry(ctx, after, channels)
	if err == nil {
		err = h.upToDate(ctx)
	}
	if err != nil {
		return Answer{}, err
	}
	h.mu.Lock()
	defer h.mu.Unlock()
	if h.state == closed {
		return Answer{}, errAway
	}
	a := Answer{Head: h.head.String(), Events: []Told{}, Standing: map[string]json.RawMessage{}, Pace: h.pace}
	if h.count*10 >= h.options.Limit*9 || h.state == draining {
		a.Pace.Stream = false
	}
	for _, name := range channels {
		if w, ok := h.standing[name]; ok {
			a.Standing[name] = w.frame.data
		}
	}
	cursor, reset := h.begin(after)
	a.Reset = reset
	has := func(name string) bool { return slices.Contains(channels, name) }
	bytes := 0
	for _, e := range h.memory {
		f, ok := e.first(has)
		if e.id.N <= cursor || !ok {
			continue
		}
		id := e.id.String()
		a.Events = append(a.Events, Told{id, f.name, f.data})
		if bytes += len(f.data); bytes > answerBytes {
			a.Head = id
			break
		}
	}
	return a, nil
}
