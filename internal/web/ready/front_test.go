package ready

import (
	"bufio"
	"bytes"
	"context"
	"fmt"
	"io"
	"net"
	"net/http"
	"regexp"
	"runtime"
	"slices"
	"strings"
	"sync/atomic"
	"testing"
	"time"
)

// A stall is a server of one cache, with or without a front.
type stall struct {
	addr   string
	server *http.Server
	asked  atomic.Int32 // how often the server's handler was asked

	begun, letGo chan struct{} // of the one request for /slow
}

func newStall(t *testing.T, front *Front) *stall {
	t.Helper()
	c := New(64<<20, func() time.Time { return noon }, "everything")
	c.put(t, "/page", "", strings.Repeat("<p>Words of a page.</p>\n", 300), "a-1")
	c.put(t, "/robots.txt", "", "User-agent: *\n")
	if _, err := c.Get(t.Context(), Address{Path: "/gone"}, noon, func() (*Answer, error) { return page(http.StatusGone, time.Time{}), nil }); err != nil {
		t.Fatal(err)
	}
	if _, err := c.Get(t.Context(), Address{Path: "/ends"}, noon, func() (*Answer, error) { return page(200, noon.Add(time.Second)), nil }); err != nil {
		t.Fatal(err)
	}
	big := Draft{Status: 200, Header: http.Header{"Content-Type": {"font/woff2"}}, Body: bytes.Repeat([]byte("0123456789abcdef"), 5<<16), Kept: true}
	if _, err := c.Get(t.Context(), Address{Path: "/big"}, noon, func() (*Answer, error) { return Prepare(big), nil }); err != nil {
		t.Fatal(err)
	}
	s := &stall{begun: make(chan struct{}), letGo: make(chan struct{})}
	find := func(path string) (*Answer, time.Time) { return c.Find(Address{Path: path}, noon), noon }
	s.server = &http.Server{ReadHeaderTimeout: time.Minute, Handler: http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		s.asked.Add(1)
		if r.URL.Path == "/slow" {
			close(s.begun)
			<-s.letGo
		}
		if a, _ := find(r.URL.Path); a != nil && r.URL.RawQuery == "" && (r.Method == "GET" || r.Method == "HEAD") {
			a.Send(w, r, noon)
			return
		}
		fmt.Fprintf(w, "%s %s is not ready", r.Method, r.URL)
	})}
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	s.addr = l.Addr().String()
	if front != nil {
		front.Find, front.Now = find, time.Now
		l = front.Stand(s.server, l)
	}
	go func() { _ = s.server.Serve(l) }()
	t.Cleanup(func() { _ = s.server.Close() })
	return s
}

func patient() *Front { return &Front{Idle: time.Minute, Writing: time.Minute} }

// unfinished begins a piece after which the server waits for the next one before it answers.
const unfinished = "unfinished: "

// talk opens a connection, has one request answered, and then sends pieces, each once what
// came before it is answered, or, if it is unfinished, once the server has begun with it. It
// returns all that is answered until the server closes.
func (s *stall) talk(t *testing.T, pieces ...string) string {
	t.Helper()
	c, err := net.Dial("tcp", s.addr)
	if err != nil {
		t.Fatal(err)
	}
	defer c.Close()
	_ = c.SetDeadline(time.Now().Add(30 * time.Second))
	var all bytes.Buffer
	r := bufio.NewReader(io.TeeReader(c, &all))
	first := "GET /robots.txt HTTP/1.1\r\nHost: x\r\n\r\n"
	answer := func(request string) {
		if _, err := io.WriteString(c, request); err != nil {
			return // it was closed on purpose
		}
		method, _, _ := strings.Cut(request, " ")
		if w, err := http.ReadResponse(r, &http.Request{Method: method}); err == nil {
			_, _ = io.Copy(io.Discard, w.Body)
		}
	}
	answer(first)
	for _, piece := range pieces {
		if head, more := strings.CutPrefix(piece, unfinished); more {
			before := s.asked.Load()
			_, _ = io.WriteString(c, head)
			for s.asked.Load() == before {
				runtime.Gosched()
			}
			continue
		}
		answer(piece)
	}
	_, _ = io.WriteString(c, "GET /last HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n")
	_, _ = io.Copy(io.Discard, r) // until the server closes
	return all.String()
}

var dates = regexp.MustCompile(`(?m)^Date: [^\r]*\r\n`)

// sorted is what was answered without dates and with headers in order.
func sorted(got string) string {
	parts := strings.Split(dates.ReplaceAllString(got, ""), "\r\n\r\n")
	for i, p := range parts {
		at := max(0, strings.LastIndex(p, "HTTP/1.1 "))
		lines := strings.Split(p[at:], "\r\n")
		slices.Sort(lines)
		parts[i] = p[:at] + strings.Join(lines, "\r\n")
	}
	return strings.Join(parts, "\r\n\r\n")
}

// conversations are what a reader, a bad program and an enemy send after a first request.
var conversations = [][]string{
	{"GET /page HTTP/1.1\r\nHost: x\r\n\r\n"},
	{"GET /page HTTP/1.1\r\nHost: x\r\nAccept-Encoding: gzip, deflate, br\r\nUser-Agent: a\r\nCookie: b=c\r\n\r\n"},
	{"GET /page HTTP/1.1\r\nHost: x\r\nAccept-Encoding: gzip;q=0.5\r\nIf-None-Match: *\r\n\r\n"},
	{"GET /page HTTP/1.1\r\nHost: x\r\nAccept-Encoding: identity;q=0\r\n\r\n"},
	{"GET /page HTTP/1.1\r\nHost: x\r\n\r\n", "GET /robots.txt HTTP/1.1\r\nhOST:x\r\nConnection: Keep-Alive\r\n\r\n", "HEAD /page HTTP/1.1\r\nHost: x\r\n\r\n", "GET /page HTTP/1.1\r\nHost: x\r\n\r\n"},
	{"GET /page?x=1 HTTP/1.1\r\nHost: x\r\n\r\n"}, {"GET /%70age HTTP/1.1\r\nHost: x\r\n\r\n"}, {"GET //page HTTP/1.1\r\nHost: x\r\n\r\n"}, {"GET http://x/page HTTP/1.1\r\nHost: y\r\n\r\n"},
	{"GET /gone HTTP/1.1\r\nHost: x\r\nIf-None-Match: *\r\n\r\n"}, {"GET /ends HTTP/1.1\r\nHost: x\r\n\r\n"}, {"GET /none HTTP/1.1\r\nHost: x\r\n\r\n"},
	{"GET /big HTTP/1.1\r\nHost: x\r\n\r\n"}, {"GET /page HTTP/1.1\r\nHost: x\r\nRange: bytes=0-3\r\n\r\n"},
	{"GET /page HTTP/1.0\r\nHost: x\r\n\r\n"}, {"GET /page HTTP/1.1\r\n\r\n"}, {"GET /page HTTP/1.1\r\nHost: x\r\nHost: y\r\n\r\n"}, {"GET /page HTTP/1.1\r\nHost: a b\r\n\r\n"},
	{"GET /page HTTP/1.1\r\nHost : x\r\n\r\n"}, {"GET /page HTTP/1.1\r\nHost: x\r\n folded: y\r\n\r\n"}, {"GET  /page HTTP/1.1\r\nHost: x\r\n\r\n"}, {"GET /page HTTP/1.1\nHost: x\n\n"},
	{"GET /page HTTP/1.1\r\nHost: x\nX: y\r\n\r\n"}, {"GET /page HTTP/1.1\r\nHost: x\rX: y\r\n\r\n"}, {"GET /page HTTP/1.1\r\nHost: x\r\nCookie: \x00\r\n\r\n"},
	{"GET /page HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n"}, {"GET /page HTTP/1.1\r\nHost: x\r\nExpect: 100-continue\r\n\r\n"},
	{"GET /page HTTP/1.1\r\nHost: x\r\nUpgrade: h2c\r\nConnection: upgrade\r\n\r\n"}, {"\r\nGET /page HTTP/1.1\r\nHost: x\r\n\r\n"}, {"GARBAGE\r\n\r\n"}, {"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n"},
	// two at once, and one in pieces
	{"GET /page HTTP/1.1\r\nHost: x\r\n\r\nGET /robots.txt HTTP/1.1\r\nHost: x\r\n\r\n"},
	{"GET /robots.txt HTTP/1.1\r\nHost: x\r\n\r\nGET /pa", "ge HTTP/1.1\r\nHost: x\r\n\r\n"},
	{"GET /robots.txt HTTP/1.1\r\nHost: x\r\n\r\nGET /none HTTP/1.1\r\nX-Hidden: ", "GET /page HTTP/1.1\r\nHost: x\r\n\r\n"},
	// bodies that look like requests
	{"POST /none HTTP/1.1\r\nHost: x\r\nContent-Length: 37\r\n\r\nGET /page HTTP/1.1\r\nHost: evil\r\n\r\n\r\n\r\n"},
	{unfinished + "POST /none HTTP/1.1\r\nHost: x\r\nContent-Length: 31\r\n\r\n", "GET /page HTTP/1.1\r\nHost: e\r\n\r\n"},
	{unfinished + "GET /page HTTP/1.1\r\nHost: x\r\nContent-Length: 31\r\n\r\n", "GET /page HTTP/1.1\r\nHost: e\r\n\r\n"},
	{unfinished + "GET /page HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n", "1f\r\nGET /page HTTP/1.1\r\nHost: e\r\n\r\n\r\n0\r\n\r\n"},
	{"GET /page HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\nContent-Length: 4\r\n\r\n0\r\n\r\n"},
	{"GET /page HTTP/1.1\r\nHost: x\r\ncontent_length: 31\r\n\r\n", "GET /robots.txt HTTP/1.1\r\nHost: x\r\n\r\n"},
	{"POST /none HTTP/1.1\r\nHost: x\r\n\r\n", "GET /page HTTP/1.1\r\nHost: x\r\n\r\n"},
	{"OPTIONS * HTTP/1.1\r\nHost: x\r\n\r\n", "GET /page HTTP/1.1\r\nHost: x\r\n\r\n"},
	{"GET /page HTTP/1.1\r\nHost: x\r\nCookie: " + strings.Repeat("a", 6000) + "\r\n\r\n", "GET /page HTTP/1.1\r\nHost: x\r\n\r\n"},
	{"GET /page HTTP/1.1\r\nHost: x\r\nCookie: " + strings.Repeat("a", 4096-44) + "\r\n\r\n"},
}

// TestAFrontAnswersAsTheServer has every conversation with a server behind a front and with
// the server alone: nobody can tell them apart.
func TestAFrontAnswersAsTheServer(t *testing.T) {
	behind, alone := newStall(t, patient()), newStall(t, nil)
	for _, pieces := range conversations {
		got, want := sorted(behind.talk(t, pieces...)), sorted(alone.talk(t, pieces...))
		if got != want {
			t.Errorf("%.200q is answered\n%.600q, not\n%.600q", pieces, got, want)
		}
	}
	if b, a := behind.asked.Load(), alone.asked.Load(); b >= a {
		t.Errorf("the server behind was asked %d times, and alone %d", b, a)
	}
}

// TestTheServerHearsOfNoHit counts what reaches the handler.
func TestTheServerHearsOfNoHit(t *testing.T) {
	s := newStall(t, patient())
	client := &http.Client{Transport: &http.Transport{MaxConnsPerHost: 1, DisableCompression: true}}
	defer client.CloseIdleConnections()
	for i := range 50 {
		w, err := client.Get("http://" + s.addr + "/page")
		if err != nil {
			t.Fatal(err)
		}
		n, err := io.Copy(io.Discard, w.Body)
		if err != nil || n != w.ContentLength || n != 7200 || w.StatusCode != 200 || w.Header.Get("Date") == "" {
			t.Fatalf("%d: %d of %d bytes, %v", i, n, w.ContentLength, err)
		}
	}
	if n := s.asked.Load(); n != 1 {
		t.Errorf("the handler was asked %d times", n)
	}
	stop, cancel := context.WithTimeout(t.Context(), 20*time.Second)
	defer cancel()
	if err := s.server.Shutdown(stop); err != nil {
		t.Errorf("a connection that waits holds a stop up: %v", err)
	}
}

// TestTheNextRequestMayComeEarly: one that comes while the server answers the one before
// stays on the connection, and is not the server's because it watches for the reader to leave.
func TestTheNextRequestMayComeEarly(t *testing.T) {
	s := newStall(t, patient())
	c, err := net.Dial("tcp", s.addr)
	if err != nil {
		t.Fatal(err)
	}
	defer c.Close()
	_ = c.SetDeadline(time.Now().Add(30 * time.Second))
	r := bufio.NewReader(c)
	fmt.Fprint(c, "GET /slow HTTP/1.1\r\nHost: x\r\n\r\n")
	<-s.begun
	fmt.Fprint(c, "GET /page HTTP/1.1\r\nHost: x\r\n\r\n")
	close(s.letGo)
	for _, length := range []int64{22, 7200} {
		w, err := http.ReadResponse(r, nil)
		if err != nil {
			t.Fatal(err)
		}
		if n, err := io.Copy(io.Discard, w.Body); err != nil || n != length {
			t.Errorf("%d bytes, %v", n, err)
		}
	}
	if n := s.asked.Load(); n != 1 {
		t.Errorf("the handler was asked %d times", n)
	}
}

// TestWaitingAndWritingEnd has a reader say nothing more, and one that takes nothing.
func TestWaitingAndWritingEnd(t *testing.T) {
	front := patient()
	front.Idle, front.Writing = 100*time.Millisecond, 100*time.Millisecond
	s := newStall(t, front)
	for _, path := range []string{"/page", "/big"} {
		c, err := net.Dial("tcp", s.addr)
		if err != nil {
			t.Fatal(err)
		}
		_ = c.SetDeadline(time.Now().Add(30 * time.Second))
		_ = c.(*net.TCPConn).SetReadBuffer(4 << 10)
		r := bufio.NewReader(c)
		for _, at := range []string{"/page", path} {
			fmt.Fprintf(c, "GET %s HTTP/1.1\r\nHost: x\r\n\r\n", at)
			if at == "/big" {
				_, err = r.ReadByte() // it has begun
				break
			}
			w, err := http.ReadResponse(r, nil)
			if err != nil {
				t.Fatal(err)
			}
			_, _ = io.Copy(io.Discard, w.Body)
		}
		if path == "/page" {
			_, err = r.ReadByte()
		} else {
			for err == nil { // what goes to a closed connection fails in the end
				_, err = c.Write([]byte("x"))
				runtime.Gosched()
			}
		}
		if late, is := err.(net.Error); err == nil || is && late.Timeout() {
			t.Errorf("%s: the connection was not closed: %v", path, err)
		}
		_ = c.Close()
	}
}

// FuzzParse holds what is read here to what the server reads.
func FuzzParse(f *testing.F) {
	for _, pieces := range conversations {
		f.Add([]byte(strings.TrimPrefix(pieces[0], unfinished)))
	}
	f.Fuzz(func(t *testing.T, b []byte) {
		r, whole := parse(b)
		if !whole {
			return
		}
		in := bufio.NewReaderSize(bytes.NewReader(b), len(b)+16)
		want, err := http.ReadRequest(in)
		if err != nil {
			if r.simple {
				t.Fatalf("%q is not a request: %v", b, err)
			}
			return
		}
		body, err := io.ReadAll(want.Body)
		if err != nil || len(body) > 0 || in.Buffered() > 0 {
			t.Fatalf("%q has a body, or more comes: %q, %v", b, body, err)
		}
		if !r.simple {
			return
		}
		if want.Method != "GET" || want.URL.Path != string(r.path) || want.URL.RawQuery != "" || want.URL.ForceQuery || want.Close || want.Host == "" ||
			want.Header.Get("Accept-Encoding") != string(r.accept) || want.Header.Get("If-None-Match") != string(r.match) || len(want.Header["Accept-Encoding"]) > 1 || want.Header["Range"] != nil {
			t.Fatalf("%q: %+v is not %+v", b, want, r)
		}
	})
}
