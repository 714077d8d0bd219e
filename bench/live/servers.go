//go:build linux

package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"os"
	"runtime"
	"runtime/debug"
	"slices"
	"sync"
	"time"
	"unsafe"

	"golang.org/x/sys/unix"

	"dateline/internal/live"
)

// memory is a record in memory, for measuring the fan-out alone.
type memory struct {
	mu   sync.Mutex
	all  []live.Entry
	wake chan struct{}
}

func (m *memory) Head(context.Context) (int64, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	return int64(len(m.all)), nil
}

func (m *memory) After(_ context.Context, n int64, limit int) ([]live.Entry, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	all := m.all[min(int(n), len(m.all)):]
	return slices.Clone(all[:min(limit, len(all))]), nil
}

func (m *memory) Wake() <-chan struct{} { return m.wake }

func (m *memory) publish(data []byte) {
	m.mu.Lock()
	m.all = append(m.all, live.Entry{ID: live.ID{Volume: 1, N: int64(len(m.all) + 1)}, Events: []live.Event{{Channels: []string{"house.en"}, Name: "article", Data: data}}})
	m.mu.Unlock()
	select {
	case m.wake <- struct{}{}:
	default: // it is awake already
	}
}

// serveHub serves the fan-out; POST /pub publishes.
func serveHub(addr string) error {
	m := &memory{wake: make(chan struct{}, 1)}
	hub := live.NewHub(m, live.Options{Limit: 19_000})
	go func() { fatal(hub.Run(context.Background())) }()
	return serveHTTP(addr, m.publish, func(w http.ResponseWriter, r *http.Request) {
		if err := hub.Stream(w, r); err != nil {
			http.Error(w, err.Error(), http.StatusServiceUnavailable)
		}
	})
}

// servePlain is what one writes with net/http alone: a goroutine and a channel each.
func servePlain(addr string) error {
	var mu sync.Mutex
	readers := map[chan []byte]bool{}
	n := 0
	publish := func(data []byte) {
		mu.Lock()
		defer mu.Unlock()
		n++
		frame := fmt.Appendf(nil, "id: 1-%d\nevent: article\ndata: %s\n\n", n, data)
		for c := range readers {
			select {
			case c <- frame:
			default: // slow
			}
		}
	}
	return serveHTTP(addr, publish, func(w http.ResponseWriter, r *http.Request) {
		c := make(chan []byte, 4)
		mu.Lock()
		readers[c] = true
		mu.Unlock()
		defer func() {
			mu.Lock()
			delete(readers, c)
			mu.Unlock()
		}()
		w.Header().Set("Content-Type", "text/event-stream")
		w.WriteHeader(http.StatusOK)
		flush := http.NewResponseController(w)
		for err := flush.Flush(); err == nil; err = flush.Flush() {
			select {
			case <-r.Context().Done():
				return
			case b := <-c:
				if _, err := w.Write(b); err != nil {
					return
				}
			}
		}
	})
}

// serveFloor does nothing but send(2) for each reader, from one loop that remembers, asks and
// checks nothing: what the kernel itself takes, and nobody can be below.
func serveFloor(addr string) error {
	var mu sync.Mutex
	var readers []int
	n := 0
	publish := func(data []byte) {
		mu.Lock()
		defer mu.Unlock()
		n++
		frame := fmt.Appendf(nil, "id: 1-%d\nevent: article\ndata: %s\n\n", n, data)
		for _, fd := range readers {
			_, _, _ = unix.RawSyscall6(unix.SYS_SENDTO, uintptr(fd), uintptr(unsafe.Pointer(&frame[0])), uintptr(len(frame)), unix.MSG_DONTWAIT|unix.MSG_NOSIGNAL, 0, 0)
		}
	}
	return serveHTTP(addr, publish, func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Content-Type", "text/event-stream")
		w.Header().Set("Transfer-Encoding", "identity")
		w.WriteHeader(http.StatusOK)
		conn, _, err := http.NewResponseController(w).Hijack()
		if err != nil {
			return
		}
		file, err := conn.(*net.TCPConn).File()
		_ = conn.Close()
		if err != nil {
			return
		}
		fd, err := unix.Dup(int(file.Fd()))
		_ = file.Close()
		if err == nil {
			mu.Lock()
			readers = append(readers, fd)
			mu.Unlock()
		}
	})
}

func serveHTTP(addr string, publish func([]byte), stream http.HandlerFunc) error {
	mux := http.NewServeMux()
	mux.HandleFunc("GET /live", stream)
	mux.HandleFunc("POST /pub", func(w http.ResponseWriter, r *http.Request) {
		b, err := io.ReadAll(http.MaxBytesReader(w, r.Body, 16<<10))
		if err == nil {
			publish(b)
		}
	})
	mux.HandleFunc("POST /settle", func(w http.ResponseWriter, _ *http.Request) {
		debug.FreeOSMemory() // what is garbage already is nobody's
		_, _ = fmt.Fprint(w, runtime.NumGoroutine())
	})
	l, err := net.Listen("tcp", addr)
	if err != nil {
		return err
	}
	return (&http.Server{Handler: mux, ReadHeaderTimeout: 5 * time.Second}).Serve(l)
}

func fatal(err error) {
	if err != nil && !errors.Is(err, http.ErrServerClosed) {
		fmt.Fprintln(os.Stderr, "bench-live:", err)
		os.Exit(1)
	}
}
