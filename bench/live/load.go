//go:build linux

package main

import (
	"bufio"
	"bytes"
	"encoding/json"
	"fmt"
	"math/rand/v2"
	"net/netip"
	"os"
	"slices"
	"strconv"
	"strings"
	"time"

	"golang.org/x/sys/unix"
)

// The load client: many readers in one process and one loop over their descriptors, so that
// it takes less of the machine than what it measures. It keeps the number of every event at
// every reader. It is told on standard input what to do, a line each, and answers with one.

// A reader is one connection, and what it was told.
type reader struct {
	index   int32
	fd      int // -1 for none
	from    [4]byte
	asked   bool
	headed  bool // the head of the answer has come
	rest    []byte
	event   string
	id      string
	last    string        // Last-Event-ID
	retry   time.Duration // how long it was asked to wait before it returns
	got     []int64
	returns time.Time // when it connects again
	stalls  time.Time // until when it reads nothing
}

type loader struct {
	to      unix.SockaddrInet4
	path    string
	epoll   int
	all     []*reader
	open    int // heads that have come
	dialing int
	held    bool // nobody connects
	chaos   bool
	delays  []int64 // nanoseconds from publishing to reading
	buffer  [256 << 10]byte
}

func load(addr, path string, n int) error {
	to, err := netip.ParseAddrPort(addr)
	if err != nil {
		return err
	}
	l := &loader{to: unix.SockaddrInet4{Port: int(to.Port()), Addr: to.Addr().As4()}, path: path}
	if l.epoll, err = unix.EpollCreate1(0); err != nil {
		return err
	}
	for i := range n {
		l.all = append(l.all, &reader{index: int32(i), fd: -1, from: [4]byte{127, 0, 0, byte(2 + i%8)}})
	}
	commands := make(chan string)
	go func() {
		defer close(commands)
		for in := bufio.NewScanner(os.Stdin); in.Scan(); {
			commands <- in.Text()
		}
	}()
	var until func() (answer any, done bool)
	for {
		l.turn()
		if until != nil {
			if answer, done := until(); done {
				until = nil
				if err := json.NewEncoder(os.Stdout).Encode(answer); err != nil {
					return err
				}
			}
			continue
		}
		select {
		case c, more := <-commands:
			if !more {
				return nil
			}
			until = l.obey(c)
		default:
		}
	}
}

// obey begins what a command says, and returns what tells when it is done.
func (l *loader) obey(command string) func() (any, bool) {
	name, arg, _ := strings.Cut(command, " ")
	n, _ := strconv.ParseInt(arg, 10, 64)
	begun := time.Now()
	took := func() map[string]any { return map[string]any{"ms": time.Since(begun).Milliseconds(), "open": l.open} }
	switch name {
	case "open": // all are connected
		return func() (any, bool) { return took(), l.open == len(l.all) || time.Since(begun) > time.Minute }
	case "forget":
		l.delays = nil
	case "delays":
		slices.Sort(l.delays)
		at := func(q float64) float64 {
			if len(l.delays) == 0 {
				return 0
			}
			return float64(l.delays[int(q*float64(len(l.delays)-1))]) / 1e6
		}
		return func() (any, bool) {
			return map[string]any{"events": len(l.delays), "p50": at(.5), "p99": at(.99), "max": at(1)}, true
		}
	case "cut": // all leave, and stay away
		l.held = true
		for _, r := range l.all {
			l.leave(r, 0)
		}
	case "return": // all come back at once; done when all have event n
		l.held = false
		for _, r := range l.all {
			r.returns = time.Time{}
		}
		return func() (any, bool) { return took(), l.allHave(n) || time.Since(begun) > time.Minute }
	case "have":
		return func() (any, bool) { return took(), l.allHave(n) || time.Since(begun) > time.Minute }
	case "chaos":
		l.chaos = n == 1
	case "judge":
		return func() (any, bool) { return l.judge(), true }
	}
	return func() (any, bool) { return took(), true }
}

func (l *loader) allHave(n int64) bool {
	return !slices.ContainsFunc(l.all, func(r *reader) bool { return len(r.got) == 0 || r.got[len(r.got)-1] < n })
}

// judge compares what every reader got with what all of them together got, from its first.
func (l *loader) judge() map[string]any {
	seen := map[int64]bool{}
	events, missed, doubled, disordered := 0, 0, 0, 0
	for _, r := range l.all {
		for _, n := range r.got {
			seen[n] = true
		}
	}
	var every []int64
	for n := range seen {
		every = append(every, n)
	}
	slices.Sort(every)
	for _, r := range l.all {
		events += len(r.got)
		if len(r.got) == 0 {
			missed += len(every)
			continue
		}
		for i := 1; i < len(r.got); i++ {
			if r.got[i] < r.got[i-1] {
				disordered++
			}
		}
		mine := slices.Clone(r.got)
		slices.Sort(mine)
		once := slices.Compact(slices.Clone(mine))
		doubled += len(mine) - len(once)
		at, _ := slices.BinarySearch(every, mine[0])
		missed += len(every) - at - len(once)
	}
	return map[string]any{"published": len(every), "events": events, "missed": missed, "doubled": doubled, "disordered": disordered}
}

// turn does what there is to do, for some milliseconds.
func (l *loader) turn() {
	now := time.Now()
	if l.dialing < 1000 && !l.held {
		for _, r := range l.all {
			if r.fd < 0 && now.After(r.returns) {
				l.dial(r)
				if l.dialing >= 1000 {
					break
				}
			}
		}
	}
	if l.chaos && rand.IntN(3) == 0 {
		r := l.all[rand.IntN(len(l.all))]
		if rand.IntN(4) == 0 {
			r.stalls = now.Add(15 * time.Second)
		} else {
			l.leave(r, time.Duration(rand.IntN(2000))*time.Millisecond)
		}
	}
	var events [512]unix.EpollEvent
	n, _ := unix.EpollWait(l.epoll, events[:], 2)
	for _, e := range events[:max(n, 0)] {
		r := l.all[e.Fd]
		if r.fd < 0 {
			continue
		}
		if e.Events&unix.EPOLLOUT != 0 && !r.asked {
			l.ask(r)
		} else if time.Now().After(r.stalls) {
			l.read(r)
		}
	}
}

func (l *loader) dial(r *reader) {
	fd, err := unix.Socket(unix.AF_INET, unix.SOCK_STREAM|unix.SOCK_NONBLOCK|unix.SOCK_CLOEXEC, 0)
	if err != nil {
		fatal(err)
	}
	_ = unix.SetsockoptInt(fd, unix.IPPROTO_IP, unix.IP_BIND_ADDRESS_NO_PORT, 1)
	_ = unix.SetsockoptInt(fd, unix.SOL_SOCKET, unix.SO_RCVBUF, 32<<10)
	err = unix.Bind(fd, &unix.SockaddrInet4{Addr: r.from})
	if err == nil {
		if err = unix.Connect(fd, &l.to); err == unix.EINPROGRESS {
			err = nil
		}
	}
	*r = reader{index: r.index, fd: fd, from: r.from, last: r.last, retry: r.retry, got: r.got, stalls: r.stalls}
	l.dialing++
	if err == nil {
		err = unix.EpollCtl(l.epoll, unix.EPOLL_CTL_ADD, fd, &unix.EpollEvent{Events: unix.EPOLLIN | unix.EPOLLOUT, Fd: r.index})
	}
	if err != nil {
		l.leave(r, time.Second)
	}
}

func (l *loader) ask(r *reader) {
	request := "GET " + l.path + " HTTP/1.1\r\nHost: bench\r\nAccept: text/event-stream\r\n"
	if r.last != "" {
		request += "Last-Event-ID: " + r.last + "\r\n"
	}
	if _, err := unix.Write(r.fd, []byte(request+"\r\n")); err != nil {
		l.leave(r, r.pause())
		return
	}
	r.asked = true
	_ = unix.EpollCtl(l.epoll, unix.EPOLL_CTL_MOD, r.fd, &unix.EpollEvent{Events: unix.EPOLLIN, Fd: r.index})
}

// pause is how long a browser waits: as long as it was asked to, else about three seconds.
func (r *reader) pause() time.Duration {
	if r.retry > 0 {
		return r.retry
	}
	return 2*time.Second + time.Duration(rand.IntN(2000))*time.Millisecond
}

// leave closes a reader's connection, until it comes again.
func (l *loader) leave(r *reader, wait time.Duration) {
	if r.fd < 0 {
		return
	}
	_ = unix.Close(r.fd)
	if r.headed {
		l.open--
	} else {
		l.dialing--
	}
	r.fd, r.headed, r.rest, r.returns = -1, false, nil, time.Now().Add(wait)
}

func (l *loader) read(r *reader) {
	n, err := unix.Read(r.fd, l.buffer[:])
	if err == unix.EAGAIN {
		return
	}
	if n <= 0 || err != nil {
		l.leave(r, r.pause())
		return
	}
	now := time.Now().UnixNano()
	b := l.buffer[:n]
	if len(r.rest) > 0 {
		b = append(r.rest, b...)
	}
	for {
		line, after, found := bytes.Cut(b, []byte("\n"))
		if !found {
			break
		}
		b = after
		if l.line(r, strings.TrimSuffix(string(line), "\r"), now); r.fd < 0 {
			return
		}
	}
	r.rest = append([]byte(nil), b...)
}

// line takes in a line of a stream. Sizes of chunks fall out like all that nobody knows.
func (l *loader) line(r *reader, line string, now int64) {
	name, value, _ := strings.Cut(line, ": ")
	switch {
	case !r.headed && strings.HasPrefix(line, "HTTP/1.1 ") && !strings.Contains(line, " 200 "):
		l.leave(r, time.Second)
	case !r.headed && line == "":
		r.headed = true
		l.open++
		l.dialing--
	case !r.headed:
	case name == "id":
		r.id = value
	case name == "retry":
		ms, _ := strconv.Atoi(value)
		r.retry = time.Duration(ms) * time.Millisecond
	case name == "event":
		r.event = value
	case name == "data":
		l.event(r, value, now)
		r.event, r.id = "", ""
	}
}

func (l *loader) event(r *reader, data string, now int64) {
	if r.id != "" {
		r.last = r.id
	}
	if r.event == "reset" {
		fmt.Fprintln(os.Stderr, "a reader was told to begin anew, after", r.last)
		r.got = append(r.got, -1) // counted as out of order
		return
	}
	if r.event != "article" && r.event != "" {
		return
	}
	n, ok := number(data, `"seq":`)
	if !ok {
		_, text, _ := strings.Cut(r.id, "-")
		n, _ = strconv.ParseInt(text, 10, 64)
	}
	r.got = append(r.got, n)
	if t, ok := number(data, `"t":`); ok {
		l.delays = append(l.delays, now-t)
	}
}

// number reads a number that follows a name in JSON.
func number(data, name string) (int64, bool) {
	i := strings.Index(data, name)
	if i < 0 {
		return 0, false
	}
	rest := data[i+len(name):]
	end := strings.IndexFunc(rest, func(c rune) bool { return c < '0' || c > '9' })
	n, err := strconv.ParseInt(rest[:max(end, 0)], 10, 64)
	return n, err == nil
}
