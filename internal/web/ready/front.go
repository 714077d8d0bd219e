package ready

import (
	"bytes"
	"net"
	"net/http"

	"sync/atomic"
	"time"
)

// A Front stands before an http.Server and answers requests for what is ready on the
// connection itself, in one write, without the server hearing of them: that is most of what
// readers ask for, and most of what a request costs is what a server does around its handler.
//
// It answers only on a connection that waits between two requests of the server's, and only a
// request that came whole, alone and in a form of which nothing can be misunderstood
// (parse). Everything else goes to the server as it came. A connection on which anything came
// otherwise is the server's for good: what the server may have begun to read is never read
// here, so that the two cannot differ about where a request ends.
type Front struct {
	// Find returns what is ready for a path now, and the instant that it was asked at; nil
	// for nothing.
	Find func(path string) (*Answer, time.Time)
	// Now is this machine's time, for the Date of answers and for deadlines.
	Now func() time.Time
	// Idle is how long a connection may wait for the next request, and Writing how long an
	// answer may take to leave.
	Idle, Writing time.Duration

	date atomic.Pointer[dated]
}

// dated is the end of a header: the Date, as it is throughout a second, and the empty line.
type dated struct {
	second int64
	line   []byte
}

// Stand puts the front before a server that will serve a listener, and returns the listener
// to serve instead. Connections that are not TCP pass.
func (f *Front) Stand(s *http.Server, l net.Listener) net.Listener {
	before := s.ConnState
	s.ConnState = func(c net.Conn, state http.ConnState) {
		if x, ok := c.(*conn); ok {
			x.between.Store(state == http.StateIdle)
			x.active.Store(state == http.StateActive)
			if state == http.StateIdle {
				x.readBefore, x.writeBefore = time.Time{}, time.Time{} // the server set its own
			}
		}
		if before != nil {
			before(c, state)
		}
	}
	return &listener{l, f}
}

type listener struct {
	net.Listener
	front *Front
}

func (l *listener) Accept() (net.Conn, error) {
	c, err := l.Listener.Accept()
	if tcp, ok := c.(*net.TCPConn); ok && err == nil {
		return &conn{TCPConn: tcp, front: l.front}, nil
	}
	return c, err
}

// A conn is a connection that answers what is ready while the server waits on it.
type conn struct {
	*net.TCPConn
	front *Front

	between atomic.Bool // the server has answered all that it read, and waits
	active  atomic.Bool // the server answers a request, and watches for the reader to leave
	plain   atomic.Bool // it is the server's for good

	// What follows is owned by the server's own goroutine of this connection, which reads.
	begun                   bool   // a request was handed to the server
	path, accept, match     string // of the request before
	lines                   [1]string
	out                     net.Buffers
	parts                   [3][]byte
	readBefore, writeBefore time.Time // the deadlines that are set
}

// NetConn is the connection beneath, for whoever takes it over from the server.
func (c *conn) NetConn() net.Conn { return c.TCPConn }

// enough is room for any request of a reader's program; a read with less is of the server's
// watching for the reader to leave.
const enough = 2 << 10

// Read reads for the server. Between two requests it answers what is ready, and returns
// once something else came.
func (c *conn) Read(p []byte) (int, error) {
	if len(p) == 1 && c.active.Load() && !c.plain.Load() {
		if supported, err := watch(c.TCPConn); supported {
			return 0, err
		}
	}
	for {
		n, err := c.TCPConn.Read(p)
		if n == 0 || c.plain.Load() {
			return n, err
		}
		r, whole := parse(p[:n])
		if !whole || err != nil || len(p) < enough {
			c.plain.Store(true)
			return n, err
		}
		// Only the first request of a connection may come when the server is not between two:
		// any other would be the body or the end of one that it has begun to read.
		if !c.between.Load() {
			c.plain.Store(c.begun)
			c.begun = true
			return n, err
		}
		var sent bool
		if r.simple {
			sent, err = c.answer(r)
		}
		if err != nil {
			return 0, err // half an answer left: the server closes
		}
		if !sent {
			c.between.Store(false)
			return n, nil
		}
	}
}

// keep returns b as a string, the one that was there if it is the same.
func keep(was *string, b []byte) string {
	if *was != string(b) {
		*was = string(b)
	}
	return *was
}

// answer sends what is ready for a request; false, and nothing is sent, if nothing is.
func (c *conn) answer(r request) (sent bool, err error) {
	a, now := c.front.Find(keep(&c.path, r.path))
	if a == nil || !a.kept || a.status != http.StatusOK {
		return false, nil
	}
	if !a.still && !a.until.IsZero() && a.until.Sub(now) < sharedFor {
		return false, nil // it says for how long it is fresh
	}
	coded := identity
	if a.packed && r.accept != nil {
		c.lines[0] = keep(&c.accept, r.accept)
		var acceptable bool
		if coded, acceptable = choose(c.lines[:]); !acceptable {
			return false, nil
		}
	}
	f := a.form(coded)
	head, body := f.head, f.body
	if r.match != nil {
		c.lines[0] = keep(&c.match, r.match)
		if tagged(c.lines[:], f.tag) {
			head, body = f.same, nil
		}
	}
	return true, c.send(head, body)
}

// send writes an answer.
func (c *conn) send(head, body []byte) error {
	real := c.front.Now()
	if c.writeBefore.Sub(real) < c.front.Writing/2 {
		c.writeBefore = real.Add(c.front.Writing)
		if err := c.SetWriteDeadline(c.writeBefore); err != nil {
			return err
		}
	}
	c.parts = [3][]byte{head, c.front.dateLine(real), body}
	c.out = c.parts[:]
	if body == nil {
		c.out = c.parts[:2]
	}
	if _, err := c.out.WriteTo(c.TCPConn); err != nil {

		return err
	}
	if c.readBefore.Sub(real) < c.front.Idle/2 {
		c.readBefore = real.Add(c.front.Idle)
		return c.SetReadDeadline(c.readBefore)
	}
	return nil
}

func (f *Front) dateLine(real time.Time) []byte {
	second := real.Unix()
	d := f.date.Load()
	if d == nil || d.second != second {
		d = &dated{second, []byte("Date: " + real.UTC().Format(http.TimeFormat) + "\r\n\r\n")}
		f.date.Store(d)
	}
	return d.line
}

// heads makes the two headers of a form as they leave a front: that of 200 and that of 304.
func (f *form) heads() {
	head := func(status string, fields []field) []byte {
		var b bytes.Buffer
		b.WriteString("HTTP/1.1 " + status + "\r\n")
		clean := http.Header{}
		for _, x := range fields {
			clean[x.name] = x.value
		}
		_ = clean.Write(&b) // into memory; no line of a value becomes a line of the header
		return bytes.Clone(b.Bytes())
	}
	f.head, f.same = head("200 OK", f.fields), head("304 Not Modified", f.fields[:f.entity])
}
