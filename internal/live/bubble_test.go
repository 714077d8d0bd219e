package live

import (
	"bytes"
	"context"
	"errors"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"
)

// tube is the writer of a request without a network: it keeps what it is given or, shut,
// keeps its writer waiting until it is told that the time is over.
type tube struct {
	shut bool
	over chan struct{}

	mu  sync.Mutex
	got bytes.Buffer
}

func (*tube) Header() http.Header             { return http.Header{} }
func (*tube) WriteHeader(int)                 {}
func (*tube) Flush()                          {}
func (*tube) SetReadDeadline(time.Time) error { return nil }

func (t *tube) SetWriteDeadline(at time.Time) error {
	if !at.IsZero() {
		close(t.over)
	}
	return nil
}

func (t *tube) Write(b []byte) (int, error) {
	if t.shut {
		<-t.over
		return 0, errors.New("the time is over")
	}
	t.mu.Lock()
	defer t.mu.Unlock()
	return t.got.Write(b)
}

func (t *tube) count(words string) int {
	t.mu.Lock()
	defer t.mu.Unlock()
	return strings.Count(t.got.String(), words)
}

// inBubble runs a hub in a bubble, with a reader of house.en.
func inBubble(t *testing.T, reader *tube, test func(*Hub, *fakeSource)) {
	synctest.Test(t, func(t *testing.T) {
		reader.over = make(chan struct{})
		ctx, stop := context.WithCancel(t.Context())
		source := newSource(3)
		hub := NewHub(source, Options{Portable: true})
		done := make(chan error)
		go func() { done <- hub.Run(ctx) }()
		synctest.Wait()
		answered := make(chan error)
		go func() {
			answered <- hub.Stream(reader, httptest.NewRequestWithContext(ctx, "GET", "/live?ch=house.en", nil))
		}()
		synctest.Wait()
		test(hub, source)
		stop()
		if err := errors.Join(<-answered, <-done); err != nil {
			t.Error(err)
		}
	})
}

func TestHeartsBeat(t *testing.T) {
	reader := &tube{}
	inBubble(t, reader, func(hub *Hub, source *fakeSource) {
		time.Sleep(beat*tick + tick/2)
		if got := reader.count("event: head\ndata: {\"head\":\"1-3\"}"); got != 1 {
			t.Errorf("%d heartbeats in %d ticks", got, beat)
		}
		source.add("house.he", `{}`)
		time.Sleep(10 * beat * tick)
		if got := reader.count("id: 1-4\nevent: head\n"); got != 10 {
			t.Errorf("%d heartbeats with the new head in %d ticks", got, 10*beat)
		}
		for range 20 { // who hears something needs none
			source.add("house.en", `{}`)
			time.Sleep(5 * tick)
		}
		if got := reader.count("event: head\n"); got != 11 {
			t.Errorf("%d heartbeats, %d of them while there was news", got, got-11)
		}
	})
}

// TestNobodyStandsStillForTenSeconds holds I-51 to its time.
func TestNobodyStandsStillForTenSeconds(t *testing.T) {
	reader := &tube{shut: true}
	inBubble(t, reader, func(hub *Hub, source *fakeSource) {
		time.Sleep(30*time.Second - time.Millisecond) // two heartbeats are all that a goroutine holds
		for range 3 {
			source.add("house.en", `{}`)
		}
		time.Sleep((stall - 2) * tick)
		if hub.Readers() != 1 {
			t.Error("a reader is cut too soon")
		}
		time.Sleep(10*time.Second - (stall-2)*tick)
		if hub.Readers() != 0 {
			t.Error("a reader stands still for ten seconds")
		}
	})
}

// brokenSource fails as long as a test wants.
type brokenSource struct {
	*fakeSource
	mu     sync.Mutex
	broken bool
}

func (s *brokenSource) After(ctx context.Context, n int64, limit int) ([]Entry, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.broken {
		return nil, errors.New("the disk is away")
	}
	return s.fakeSource.After(ctx, n, limit)
}

// TestNobodyIsToldLessThanThereIs: while the source fails, newcomers are sent away rather
// than told of a past, and all goes on by itself when it is back.
func TestNobodyIsToldLessThanThereIs(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		ctx, stop := context.WithCancel(t.Context())
		source := &brokenSource{fakeSource: newSource(3)}
		hub := NewHub(source, Options{Portable: true})
		done := make(chan error)
		go func() { done <- hub.Run(ctx) }()
		synctest.Wait()
		source.mu.Lock()
		source.broken = true
		source.mu.Unlock()
		source.add("house.en", `{}`)
		if _, err := hub.Since(ctx, "1-3", []string{"house.en"}); !errors.Is(err, errAway) {
			t.Error(err)
		}
		source.mu.Lock()
		source.broken = false
		source.mu.Unlock()
		if a, err := hub.Since(ctx, "1-3", []string{"house.en"}); err != nil || len(a.Events) != 1 {
			t.Errorf("%+v %v", a, err)
		}
		stop()
		if err := <-done; err != nil {
			t.Error(err)
		}
	})
}
