//go:build linux

package main

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"net"
	"os"
	"slices"
	"strconv"
	"syscall"
	"time"
)

// The load is one thread over descriptors, so that the client costs less than any server: it
// asks on every connection, reads the answer whole, and asks again.

// wire is one connection.
type wire struct {
	fd    int
	asked time.Time
	left  int    // bytes of the body that are still to come
	head  []byte // of an answer whose header is not there whole
}

// loader is all connections and what they saw.
type loader struct {
	request []byte
	wires   map[int]*wire
	poll    int
	buffer  []byte
	took    []time.Duration
	one
}

// load is the role of the client: load ADDR PATH CONNECTIONS DURATION. It prints what it saw
// as one line of JSON.
func load(args []string) error {
	if len(args) != 4 {
		return errors.New("load takes an address, a path, connections and a duration")
	}
	connections, err := strconv.Atoi(args[2])
	if err != nil {
		return err
	}
	length, err := time.ParseDuration(args[3])
	if err != nil {
		return err
	}
	l := &loader{wires: map[int]*wire{}, buffer: make([]byte, 256<<10)}
	l.request = fmt.Appendf(nil, "GET %s HTTP/1.1\r\nHost: localhost\r\nUser-Agent: pages\r\nAccept: text/html\r\nAccept-Encoding: gzip\r\n\r\n", args[1])
	if l.poll, err = syscall.EpollCreate1(0); err != nil {
		return err
	}
	for range connections {
		if err := l.dial(args[0]); err != nil {
			return err
		}
	}
	if err := l.run(length); err != nil {
		return err
	}
	return json.NewEncoder(os.Stdout).Encode(l.one)
}

func (l *loader) dial(addr string) error {
	to, err := net.ResolveTCPAddr("tcp4", addr)
	if err != nil {
		return err
	}
	fd, err := syscall.Socket(syscall.AF_INET, syscall.SOCK_STREAM|syscall.SOCK_CLOEXEC, 0)
	if err != nil {
		return err
	}
	at := &syscall.SockaddrInet4{Port: to.Port}
	copy(at.Addr[:], to.IP.To4())
	if err := syscall.Connect(fd, at); err != nil {
		return fmt.Errorf("connecting: %w", err)
	}
	if err := errors.Join(syscall.SetNonblock(fd, true), syscall.SetsockoptInt(fd, syscall.IPPROTO_TCP, syscall.TCP_NODELAY, 1)); err != nil {
		return err
	}
	l.wires[fd] = &wire{fd: fd}
	return syscall.EpollCtl(l.poll, syscall.EPOLL_CTL_ADD, fd, &syscall.EpollEvent{Events: syscall.EPOLLIN, Fd: int32(fd)})
}

func (l *loader) run(length time.Duration) error {
	begun := time.Now()
	for _, w := range l.wires {
		if err := l.ask(w, begun); err != nil {
			return err
		}
	}
	events := make([]syscall.EpollEvent, 256)
	for time.Since(begun) < length {
		n, err := syscall.EpollWait(l.poll, events, 100)
		if err != nil && !errors.Is(err, syscall.EINTR) {
			return err
		}
		for i := range max(n, 0) {
			if err := l.read(l.wires[int(events[i].Fd)]); err != nil {
				return err
			}
		}
	}
	l.Took, l.Requests = time.Since(begun), len(l.took)
	if l.Requests == 0 {
		return errors.New("no request was answered")
	}
	slices.Sort(l.took)
	l.P50, l.P99 = l.took[l.Requests/2], l.took[l.Requests*99/100]
	return nil
}

func (l *loader) ask(w *wire, now time.Time) error {
	w.asked = now
	n, err := syscall.Write(w.fd, l.request)
	if err == nil && n != len(l.request) {
		err = errors.New("half a request left")
	}
	return err
}

// read takes what has come, and asks again after a whole answer.
func (l *loader) read(w *wire) error {
	n, err := syscall.Read(w.fd, l.buffer)
	switch {
	case errors.Is(err, syscall.EAGAIN):
		return nil
	case err != nil:
		return err
	case n == 0:
		return errors.New("the server closed a connection")
	}
	l.Bytes += int64(n)
	got := l.buffer[:n]
	if w.left == 0 {
		if w.head != nil {
			got = append(w.head, got...)
		}
		end := bytes.Index(got, []byte("\r\n\r\n"))
		if end < 0 {
			w.head = bytes.Clone(got)
			return nil
		}
		w.head = nil
		if w.left, err = l.header(got[:end+4]); err != nil {
			return err
		}
		got = got[end+4:]
	}
	if w.left -= len(got); w.left > 0 {
		return nil
	}
	if w.left < 0 {
		return errors.New("an answer is longer than it said")
	}
	now := time.Now()
	l.took = append(l.took, now.Sub(w.asked))
	return l.ask(w, now)
}

var lengthHeader = []byte("\r\nContent-Length: ")

// header reads the status and the length of the body.
func (l *loader) header(head []byte) (length int, err error) {
	if !bytes.HasPrefix(head, []byte("HTTP/1.1 200 ")) || !bytes.Contains(head, []byte("\r\nContent-Encoding: gzip\r\n")) {
		return 0, fmt.Errorf("the answer was %q", head)
	}
	at := bytes.Index(head, lengthHeader)
	if at < 0 {
		return 0, fmt.Errorf("the answer has no length: %q", head)
	}
	digits := head[at+len(lengthHeader):]
	return strconv.Atoi(string(digits[:bytes.IndexByte(digits, '\r')]))
}
