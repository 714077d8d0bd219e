package live

import (
	"bufio"
	"context"
	"crypto/tls"
	"encoding/json"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"os"
	"runtime"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"dateline/internal/story"
)

// fakeSource is a record that a test writes.
type fakeSource struct {
	mu      sync.Mutex
	volume  int64
	entries []Entry
	wake    chan struct{}
}

func newSource(entries int) *fakeSource {
	s := &fakeSource{volume: 1, wake: make(chan struct{}, 1)}
	for range entries {
		s.add("house.en", `{}`)
	}
	return s
}

// add adds an entry that tells data on a channel.
func (s *fakeSource) add(channel, data string) (n int64) {
	return s.append(Entry{Events: []Event{{[]string{channel}, "article", []byte(data)}}})
}

func (s *fakeSource) append(e Entry) int64 {
	s.mu.Lock()
	e.ID = ID{s.volume, int64(len(s.entries) + 1)}
	s.entries = append(s.entries, e)
	s.mu.Unlock()
	select {
	case s.wake <- struct{}{}:
	default: // it is awake already
	}
	return e.ID.N
}

func (s *fakeSource) Head(context.Context) (int64, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	return int64(len(s.entries)), nil
}

func (s *fakeSource) After(_ context.Context, n int64, limit int) ([]Entry, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	all := s.entries[min(int(n), len(s.entries)):]
	return slices.Clone(all[:min(limit, len(all))]), nil
}

func (s *fakeSource) Wake() <-chan struct{} { return s.wake }

// A road is a way for a stream to its reader.
type road struct {
	name     string
	portable bool
	tls      bool
	h2       bool
}

var roads = []road{{name: "taken over"}, {name: "handled", portable: true}, {name: "tls", tls: true}, {name: "http2", tls: true, h2: true}}

// house is a hub behind a server.
type house struct {
	t      *testing.T
	source *fakeSource
	hub    *Hub
	web    *httptest.Server
	mu     sync.Mutex
	bodies []io.Closer // guarded by mu
}

// onEveryRoad runs a test on every road, and looks that it leaves no goroutine and no
// descriptor behind.
func onEveryRoad(t *testing.T, entries int, o Options, test func(*house)) {
	for _, r := range roads {
		t.Run(r.name, func(t *testing.T) {
			before := runtime.NumGoroutine()
			files := descriptors()
			h := openHouse(t, entries, o, r)
			ctx, stop := context.WithCancel(t.Context())
			done := make(chan error)
			go func() { done <- h.hub.Run(ctx) }()
			eventually(t, "the hub serves", func() bool { return h.state() == serving })
			test(h)
			stop()
			if err := <-done; err != nil {
				t.Error(err)
			}
			for _, b := range h.bodies {
				_ = b.Close()
			}
			h.web.Client().CloseIdleConnections()
			h.web.Close()
			eventually(t, "all goroutines end", func() bool { return runtime.NumGoroutine() <= before })
			eventually(t, "all descriptors are closed", func() bool { return descriptors() <= files })
		})
	}
}

func openHouse(t *testing.T, entries int, o Options, r road) *house {
	h := &house{t: t, source: newSource(entries)}
	o.Portable = r.portable
	h.hub = NewHub(h.source, o)
	h.web = httptest.NewUnstartedServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if err := h.hub.Stream(w, r); err != nil {
			refusal, _ := story.AsRefusal(err)
			http.Error(w, refusal.Sentence, map[story.Kind]int{story.Invalid: 400, story.Unavailable: 503}[refusal.Kind])
		}
	}))
	h.web.EnableHTTP2 = r.h2
	h.web.Config.ConnContext = func(ctx context.Context, c net.Conn) context.Context {
		if t, ok := c.(*tls.Conn); ok {
			c = t.NetConn()
		}
		_ = c.(*net.TCPConn).SetWriteBuffer(16 << 10) // so that a reader who takes nothing is soon seen
		return ctx
	}
	if h.web.Config.WriteTimeout = time.Minute; r.tls {
		h.web.StartTLS()
	} else {
		h.web.Start()
	}
	transport := h.web.Client().Transport.(*http.Transport)
	transport.HTTP2 = &http.HTTP2Config{MaxReceiveBufferPerStream: 64 << 10}
	transport.DialContext = func(ctx context.Context, network, addr string) (net.Conn, error) {
		c, err := new(net.Dialer).DialContext(ctx, network, addr)
		if err == nil {
			err = c.(*net.TCPConn).SetReadBuffer(64 << 10)
		}
		return c, err
	}
	return h
}

func (h *house) state() state {
	h.hub.mu.Lock()
	defer h.hub.mu.Unlock()
	return h.hub.state
}

// tick lets seconds pass for the shards.
func (h *house) tick(seconds int) {
	for range seconds {
		h.hub.each(func(s *shard) { s.tick() })
	}
}

func descriptors() int {
	all, _ := os.ReadDir("/proc/self/fd")
	return len(all)
}

func eventually(t *testing.T, what string, is func() bool) {
	t.Helper()
	for range 1000 {
		if is() {
			return
		}
		time.Sleep(5 * time.Millisecond)
	}
	t.Fatal("never: " + what)
}

// a stream is one reader's.
type stream struct {
	t    *testing.T
	body io.ReadCloser
	in   *bufio.Reader
}

func (h *house) get(query, last string) *http.Response {
	h.t.Helper()
	ctx, stop := context.WithTimeout(h.t.Context(), 30*time.Second) // what never comes fails, and does not hang
	h.t.Cleanup(stop)
	r, _ := http.NewRequestWithContext(ctx, "GET", h.web.URL+"/live?"+query, nil)
	if last != "" {
		r.Header.Set("Last-Event-ID", last)
	}
	answer, err := h.web.Client().Do(r)
	if err != nil {
		h.t.Fatal(err)
	}
	h.mu.Lock()
	defer h.mu.Unlock()
	h.bodies = append(h.bodies, answer.Body)
	return answer
}

func (h *house) listen(query, last string) *stream {
	h.t.Helper()
	answer := h.get(query, last)
	if answer.StatusCode != 200 || answer.Header.Get("Content-Type") != "text/event-stream; charset=utf-8" || answer.Header.Get("Date") == "" {
		h.t.Fatal(answer.StatusCode, answer.Header)
	}
	s := &stream{h.t, answer.Body, bufio.NewReader(answer.Body)}
	if !strings.HasPrefix(s.next(), "retry: ") {
		h.t.Fatal("a stream begins with how long to wait after it")
	}
	return s
}

// next reads a frame; "" at the end.
func (s *stream) next() string {
	s.t.Helper()
	var lines []string
	for {
		line, err := s.in.ReadString('\n')
		if err != nil {
			return ""
		}
		if line = strings.TrimSuffix(line, "\n"); line == "" {
			return strings.Join(lines, "|")
		}
		lines = append(lines, line)
	}
}

func (s *stream) want(frames ...string) {
	s.t.Helper()
	for _, w := range frames {
		if got := s.next(); got != w {
			s.t.Fatalf("got %.200q, want %q", got, w)
		}
	}
}

func article(n int64, data string) string {
	return fmt.Sprintf("id: 1-%d|event: article|data: %s", n, data)
}

func TestReadersAreToldWhatComes(t *testing.T) {
	onEveryRoad(t, 5, Options{}, func(h *house) {
		a, b := h.listen("ch=house.en&after=1-5", ""), h.listen("ch=house.en,article.x&after=1-5", "")
		both := h.source.append(Entry{Events: []Event{{[]string{"article.x"}, "article", []byte(`"text"`)}, {[]string{"house.en", "desk.en.y"}, "article", []byte(`"card"`)}}})
		h.source.add("house.he", `"not for them"`)
		last := h.source.add("house.en", `"last"`)
		a.want(article(both, `"card"`), article(last, `"last"`))
		b.want(article(both, `"text"`), article(last, `"last"`))
		h.tick(beat)
		a.want(fmt.Sprintf(`id: 1-%d|event: head|data: {"head":"1-%d"}`, last, last))
		_ = a.body.Close()
		eventually(h.t, "one left", func() bool { return h.hub.Readers() == 1 })
		_ = b.body.Close()
		eventually(h.t, "both left", func() bool { return h.hub.Readers() == 0 })
	})
}

func TestWhatWasMissedIsCaughtUp(t *testing.T) {
	onEveryRoad(t, 300, Options{}, func(h *house) {
		h.listen("ch=house.en&after=1-297", "").want(article(298, `{}`), article(299, `{}`), article(300, `{}`))
		h.listen("ch=house.en&after=1-1", "1-299").want(article(300, `{}`))
		s := h.listen("ch=house.en&after=1-100", "")
		for n := int64(101); n <= 300; n++ {
			s.want(article(n, `{}`))
		}
		now := h.listen("ch=house.en", "")
		h.source.add("house.en", `"new"`)
		now.want(article(301, `"new"`))
	})
}

// TestForgedPlacesGiveAReset holds I-37: no place that somebody makes up gives more than
// what is public, and each leads to the same reset.
func TestForgedPlacesGiveAReset(t *testing.T) {
	onEveryRoad(t, 300, Options{}, func(h *house) {
		for _, last := range []string{"1-99", "1-301", "1-9223372036854775807", "2-300", "0-300", "1--5", "-1-5", "abc", "1-3.5", "other.example/1-300", "1-300%00", strings.Repeat("9", 30<<10)} {
			s := h.listen("ch=house.en&after=1-299", last)
			s.want(`id: 1-300|event: reset|data: {"head":"1-300"}`)
			_ = s.body.Close()
		}
		if len(roads) == 0 {
			h.t.Fatal("nothing was tried")
		}
		s := h.listen("ch=house.en&after=1-299", strings.Repeat("1", 100))
		s.want(`id: 1-300|event: reset|data: {"head":"1-300"}`)
		h.source.add("house.en", `"new"`)
		s.want(article(301, `"new"`))
	})
}

func TestAnotherVolumeGivesAReset(t *testing.T) {
	onEveryRoad(t, 3, Options{}, func(h *house) {
		s := h.listen("ch=house.en&after=1-3", "")
		h.source.mu.Lock()
		h.source.volume = 2
		h.source.mu.Unlock()
		h.source.add("house.en", `"new"`)
		s.want(`id: 2-4|event: reset|data: {"head":"2-4"}`, `id: 2-4|event: article|data: "new"`)
		h.listen("ch=house.en&after=1-3", "").want(`id: 2-4|event: reset|data: {"head":"2-4"}`)
	})
}

func TestBadChannelsAreRefused(t *testing.T) {
	onEveryRoad(t, 3, Options{}, func(h *house) {
		for _, query := range []string{"", "ch=", "ch=a,,b", "ch=A", "ch=a%0a", "ch=" + strings.Repeat("a", 65), "ch=" + strings.Repeat("a,", 16) + "a"} {
			if got := h.get(query, ""); got.StatusCode != 400 {
				h.t.Errorf("%q: %d", query, got.StatusCode)
			}
		}
		if h.hub.Readers() != 0 {
			h.t.Error("who was refused is counted")
		}
	})
}

func TestThereIsRoomForSoMany(t *testing.T) {
	onEveryRoad(t, 3, Options{Limit: 2}, func(h *house) {
		a := h.listen("ch=house.en", "")
		h.listen("ch=house.en", "")
		if got := h.get("ch=house.en", ""); got.StatusCode != 503 || got.Header.Get("Retry-After") == "" {
			h.t.Errorf("one too many: %d", got.StatusCode)
		}
		if answer, err := h.hub.Since(h.t.Context(), "1-1", []string{"house.en"}); err != nil || len(answer.Events) != 2 || answer.Pace.Stream {
			h.t.Errorf("%+v %v", answer, err)
		}
		_ = a.body.Close()
		eventually(h.t, "one left", func() bool { return h.hub.Readers() == 1 })
		h.listen("ch=house.en", "")
	})
}

func TestStandingWords(t *testing.T) {
	onEveryRoad(t, 3, Options{}, func(h *house) {
		h.hub.Tell("notice.en", "notice", []byte(`"one"`))
		s := h.listen("ch=house.en,notice.en&after=1-3", "")
		s.want(`event: notice|data: "one"`)
		h.hub.Tell("notice.en", "notice", []byte(`"one"`))
		h.hub.Tell("notice.en", "notice", []byte(`"two"`))
		s.want(`event: notice|data: "two"`)
		h.hub.SetPace(Pace{Every: 7})
		s.want(`event: pace|data: {"stream":false,"every":7}`)
		h.listen("ch=notice.en&after=1-2", "").want(`event: notice|data: "two"`, `event: pace|data: {"stream":false,"every":7}`)
		answer, err := h.hub.Since(h.t.Context(), "1-2", []string{"house.en", "notice.en"})
		b, _ := json.Marshal(answer)
		if want := `{"head":"1-3","events":[{"id":"1-3","event":"article","data":{}}],"standing":{"notice.en":"two"},"pace":{"stream":false,"every":7}}`; err != nil || string(b) != want {
			h.t.Errorf("%s %v", b, err)
		}
		if answer, err := h.hub.Since(h.t.Context(), "1-4", []string{"house.en"}); err != nil || !answer.Reset || answer.Head != "1-3" || len(answer.Events) != 0 {
			h.t.Errorf("%+v %v", answer, err)
		}
	})
}

// TestSlowReadersAreCutAndCaughtUp holds I-51: who takes nothing is cut within ten seconds
// after its buffer fills, and misses nothing when it returns.
func TestSlowReadersAreCutAndCaughtUp(t *testing.T) {
	onEveryRoad(t, 0, Options{}, func(h *house) {
		h.source.add("house.en", `"first"`)
		slow, quick := h.listen("ch=house.en&after=1-1", ""), h.listen("ch=house.en&after=1-1", "")
		big := `"` + strings.Repeat("x", MaxData-2) + `"`
		for n := int64(2); n <= 60; n++ {
			h.source.add("house.en", big)
			quick.want(article(n, big))
		}
		if held := h.held(); held > 2*backlog+2*MaxData {
			h.t.Errorf("%d bytes wait for one reader", held)
		}
		for range 8 * stall { // what the other has taken, the kernel may still be telling
			h.tick(1)
			if h.hub.Readers() == 1 {
				break
			}
			time.Sleep(20 * time.Millisecond)
		}
		eventually(h.t, "the slow one is cut", func() bool { return h.hub.Readers() == 1 })
		last := int64(1)
		for {
			f := slow.next()
			if f == "" {
				break
			}
			if strings.Contains(f, "event: article") && strings.HasSuffix(f, `x"`) {
				if last++; f != article(last, big) {
					h.t.Fatalf("%.50q is not %d", f, last)
				}
			}
		}
		if last >= 60 {
			h.t.Fatal("nothing was held back, so that this tested nothing")
		}
		again := h.listen("ch=house.en", fmt.Sprintf("1-%d", last))
		for n := last + 1; n <= 60; n++ {
			again.want(article(n, big))
		}
	})
}

// held is the most that waits for one reader.
func (h *house) held() (most int) {
	var all sync.WaitGroup
	var mu sync.Mutex
	h.hub.mu.Lock()
	for _, r := range h.hub.runners() {
		all.Add(1)
		r.post(func(s *shard) {
			defer all.Done()
			mu.Lock()
			defer mu.Unlock()
			for _, r := range s.readers {
				if r.queue != nil {
					most = max(most, r.queue.bytes)
				}
			}
		})
	}
	h.hub.mu.Unlock()
	all.Wait()
	return most
}

func TestWhatWasTakenBackIsToldToNobody(t *testing.T) {
	onEveryRoad(t, 3, Options{}, func(h *house) {
		secret := h.source.add("house.en", `"secret"`)
		eventually(h.t, "it is told", func() bool { return h.hub.upToDate(h.t.Context()) == nil })
		h.source.mu.Lock()
		h.source.entries[secret-1].Events = nil
		h.source.mu.Unlock()
		kill := h.source.append(Entry{Silences: true, Events: []Event{{[]string{"house.en"}, "article", []byte(`"gone"`)}}})
		h.listen("ch=house.en&after=1-3", "").want(article(kill, `"gone"`))
	})
}

// TestDrain holds the streams' part of I-53: everybody is told when to return, each at
// another time, and nobody is left.
func TestDrain(t *testing.T) {
	onEveryRoad(t, 3, Options{}, func(h *house) {
		var all []*stream
		for range 10 {
			all = append(all, h.listen("ch=house.en", ""))
		}
		h.hub.Drain()
		times := map[string]bool{}
		for _, s := range all {
			times[s.next()] = true
			s.want("")
		}
		if len(times) < 3 {
			h.t.Errorf("they all return at once: %v", times)
		}
		for f := range times {
			if !strings.HasPrefix(f, "retry: ") {
				h.t.Errorf("%q", f)
			}
		}
		if got := h.get("ch=house.en", ""); got.StatusCode != 503 || got.Header.Get("Retry-After") == "" {
			h.t.Errorf("one who comes then: %d", got.StatusCode)
		}
		eventually(h.t, "nobody is left", func() bool { return h.hub.Readers() == 0 })
	})
}

// TestManyComeAndGo lets readers join, read and leave while entries come, and looks that
// nobody who stays misses one or gets one twice.
func TestManyComeAndGo(t *testing.T) {
	onEveryRoad(t, 10, Options{Shards: 3}, func(h *house) {
		const readers, entries = 40, 120
		var all sync.WaitGroup
		for i := range readers {
			all.Go(func() {
				last := int64(10)
				for last < 10+entries {
					s := h.listen("ch=house.en", fmt.Sprintf("1-%d", last))
					for k := 0; last < 10+entries && (i%2 == 0 || k < 7); {
						f := s.next()
						if strings.Contains(f, "event: head") {
							continue
						}
						if f != article(last+1, `"x"`) {
							h.t.Errorf("got %q after %d", f, last)
							return
						}
						last, k = last+1, k+1
					}
					_ = s.body.Close()
				}
			})
		}
		for range entries {
			h.source.add("house.en", `"x"`)
			runtime.Gosched()
		}
		all.Wait()
	})
}

// TestPlainTCPIsTakenOver: on the first road nothing but a descriptor is left of a reader.
func TestPlainTCPIsTakenOver(t *testing.T) {
	if runtime.GOOS != "linux" {
		t.Skip("connections are taken over on Linux only")
	}
	h := openHouse(t, 3, Options{}, roads[0])
	defer h.web.Close()
	ctx, stop := context.WithCancel(t.Context())
	done := make(chan error)
	go func() { done <- h.hub.Run(ctx) }()
	eventually(t, "the hub serves", func() bool { return h.state() == serving })
	before := runtime.NumGoroutine()
	var all []net.Conn
	for range 50 {
		c, err := net.Dial("tcp", h.web.Listener.Addr().String())
		if err != nil {
			t.Fatal(err)
		}
		_, _ = fmt.Fprintf(c, "GET /live?ch=house.en HTTP/1.1\r\nHost: x\r\n\r\n")
		all = append(all, c)
	}
	eventually(t, "all are there", func() bool { return h.hub.Readers() == 50 })
	eventually(t, "no goroutine is left of them", func() bool { return runtime.NumGoroutine() <= before })
	for _, c := range all {
		_ = c.Close()
	}
	eventually(t, "all left", func() bool { return h.hub.Readers() == 0 })
	stop()
	if err := <-done; err != nil {
		t.Error(err)
	}
}
