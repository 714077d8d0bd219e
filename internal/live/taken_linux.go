package live

import (
	"errors"
	"fmt"
	"net"
	"net/http"
	"os"
	"runtime"
	"syscall"
	"unsafe"

	"golang.org/x/sys/unix"
)

// The road of plain TCP on Linux: once the request is read, the connection is taken over
// from net/http, and nothing of it is left but a descriptor. A shard writes to its
// descriptors and is told by epoll(7) which hang up and which can be written again.

// sendBuffer is what the kernel is asked to hold for a reader; it takes twice that. What a
// reader who stands still costs is bounded by it.
const sendBuffer = 64 << 10

// takenLines are the descriptors of a shard.
type takenLines struct {
	epoll  *os.File // waited for by the runtime's own poller, so that no thread is held
	wakeup int
	runner *runner
	events [256]unix.EpollEvent
	writes uint
}

// fair is how many writes a shard does before whoever else has work may do some: half a
// millisecond's.
const fair = 64

// nobody is the slot of what is no reader.
const nobody = -1

func takeRunner(left func(*reader)) (*runner, error) {
	ep, err := unix.EpollCreate1(unix.EPOLL_CLOEXEC)
	if err != nil {
		return nil, fmt.Errorf("opening epoll: %w", err)
	}
	wake, err := unix.Eventfd(0, unix.EFD_CLOEXEC|unix.EFD_NONBLOCK)
	if err != nil {
		return nil, errors.Join(fmt.Errorf("opening an eventfd: %w", err), unix.Close(ep))
	}
	err = errors.Join(unix.SetNonblock(ep, true), unix.EpollCtl(ep, unix.EPOLL_CTL_ADD, wake, &unix.EpollEvent{Events: unix.EPOLLIN, Fd: nobody}))
	if err != nil {
		return nil, errors.Join(fmt.Errorf("opening epoll: %w", err), unix.Close(ep), unix.Close(wake))
	}
	l := &takenLines{epoll: os.NewFile(uintptr(ep), "epoll"), wakeup: wake}
	l.runner = &runner{shard: newShard(l, left), wait: l.wait, wake: l.wake, shut: l.shut}
	return l.runner, nil
}

func (l *takenLines) wake() {
	_, _ = unix.Write(l.wakeup, []byte{1, 0, 0, 0, 0, 0, 0, 0}) // full: it is awake already
}

func (l *takenLines) shut() {
	_ = l.epoll.Close()
	_ = unix.Close(l.wakeup)
}

// wait waits for the lines, or to be woken, and does what the lines tell.
func (l *takenLines) wait() {
	n := 0
	poll := func(fd uintptr) bool {
		var err error
		if n, err = unix.EpollWait(int(fd), l.events[:], 0); err != nil {
			n = 0 // interrupted: it is asked again when it is readable
		}
		return n > 0 || err != nil
	}
	c, err := l.epoll.SyscallConn()
	if err != nil || c.Read(poll) != nil {
		l.runner.over = true // it was closed, or cannot be waited for
		return
	}
	for _, e := range l.events[:n] {
		l.happened(e)
	}
}

func (l *takenLines) happened(e unix.EpollEvent) {
	k := key{e.Fd, e.Pad}
	switch {
	case k.slot == nobody:
		var b [8]byte
		_, _ = unix.Read(l.wakeup, b[:]) // empties it
	case e.Events&(unix.EPOLLIN|unix.EPOLLRDHUP|unix.EPOLLHUP|unix.EPOLLERR) != 0:
		l.runner.shard.hangup(k) // a reader says nothing after its request, but that it leaves
	case e.Events&unix.EPOLLOUT != 0:
		l.runner.shard.writable(k)
	}
}

func (l *takenLines) control(op int, line int32, k key, more uint32) error {
	err := errors.New("the shard is closed")
	c, closed := l.epoll.SyscallConn()
	if closed == nil {
		closed = c.Control(func(ep uintptr) {
			err = unix.EpollCtl(int(ep), op, int(line), &unix.EpollEvent{Events: unix.EPOLLIN | unix.EPOLLRDHUP | more, Fd: k.slot, Pad: k.turn})
		})
	}
	return errors.Join(closed, err)
}

func (l *takenLines) open(line int32, k key) error { return l.control(unix.EPOLL_CTL_ADD, line, k, 0) }

func (l *takenLines) want(line int32, k key, writable bool) error {
	more := uint32(0)
	if writable {
		more = unix.EPOLLOUT
	}
	return l.control(unix.EPOLL_CTL_MOD, line, k, more)
}

func (l *takenLines) write(line int32, b []byte) (int, error) {
	if l.writes++; l.writes%fair == 0 {
		runtime.Gosched() // a write never waits, and thousands of them would keep all else waiting
	}
	n, err := send(line, b)
	if err == unix.EAGAIN || err == unix.EINTR {
		return 0, nil
	}
	return n, err
}

// send is send(2): of write(2) the kernel goes through its files first, which is a
// twentieth of the whole. It never waits, so the scheduler need not know of it.
func send(line int32, b []byte) (int, error) {
	if len(b) == 0 {
		return 0, nil
	}
	n, _, errno := unix.RawSyscall6(unix.SYS_SENDTO, uintptr(line), uintptr(unsafe.Pointer(&b[0])), uintptr(len(b)), unix.MSG_DONTWAIT|unix.MSG_NOSIGNAL, 0, 0)
	if errno != 0 {
		return 0, errno
	}
	return int(n), nil
}

func (l *takenLines) close(line int32) { _ = unix.Close(int(line)) } // gone either way

// canTake reports whether the connection of a request is plain TCP and spoken in HTTP/1.
func canTake(r *http.Request) bool {
	_, tcp := r.Context().Value(http.LocalAddrContextKey).(*net.TCPAddr)
	return tcp && r.TLS == nil && r.ProtoMajor == 1
}

// take takes the connection of a request over, and returns a descriptor of its own.
func take(w http.ResponseWriter) (line int32, err error) {
	conn, _, err := http.NewResponseController(w).Hijack()
	if err != nil {
		return 0, fmt.Errorf("taking a connection over: %w", err)
	}
	fd, err := duplicate(conn)
	return int32(fd), errors.Join(err, conn.Close())
}

func duplicate(conn net.Conn) (fd int, err error) {
	s, ok := conn.(syscall.Conn)
	if !ok {
		return 0, errors.New("this connection has no descriptor")
	}
	raw, err := s.SyscallConn()
	if err != nil {
		return 0, err
	}
	var inner error
	err = raw.Control(func(from uintptr) {
		if fd, inner = unix.FcntlInt(from, unix.F_DUPFD_CLOEXEC, 0); inner == nil {
			_ = unix.SetsockoptInt(fd, unix.SOL_SOCKET, unix.SO_SNDBUF, sendBuffer) // a wish
		}
	})
	return fd, errors.Join(err, inner)
}

func drop(line int32) { _ = unix.Close(int(line)) }
