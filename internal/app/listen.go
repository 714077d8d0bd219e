package app

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net"
	"net/http"
	"os"
	"strings"
	"sync/atomic"
	"time"

	"dateline/internal/web/ready"
)

// drain is how long a stop waits for requests that are being answered.
const drain = 10 * time.Second

// A request must have come whole, and an answer must have left, within these: long enough
// for the largest picture over a slow line, and not for ever.
const (
	readWithin  = 3 * time.Minute
	writeWithin = 5 * time.Minute
)

// readersName is the listener whose answers may be ready.
const readersName = "readers"

// A listener is one of the three: readers, newsroom, operator.
type listener struct {
	name   string
	addr   string
	net    net.Listener
	server *http.Server
}

// open begins to listen on a host and port, or on the path of a socket.
func open(name, addr string, h http.Handler, log *slog.Logger) (*listener, error) {
	network := "tcp"
	if strings.Contains(addr, "/") || strings.HasSuffix(addr, ".sock") {
		network = "unix"
		if len(addr) > 100 {
			return nil, fmt.Errorf("the path of the %s socket is too long for this system: %s", name, addr)
		}
		_ = os.Remove(addr) // left by a process that was killed; the folder's lock is ours
	}
	l, err := net.Listen(network, addr)
	if err != nil {
		return nil, fmt.Errorf("listening for the %s: %w", name, err)
	}
	if network == "unix" {
		if err := os.Chmod(addr, 0o600); err != nil {
			return nil, errors.Join(err, l.Close())
		}
	}
	s := &http.Server{Handler: h, ReadHeaderTimeout: 5 * time.Second, ReadTimeout: readWithin, WriteTimeout: writeWithin, IdleTimeout: 60 * time.Second,
		MaxHeaderBytes: 32 << 10, ErrorLog: slog.NewLogLogger(log.Handler(), slog.LevelDebug)}
	if x, ok := h.(readier); ok && name == readersName {
		front := &ready.Front{Find: x.Ready, Now: time.Now, Idle: s.IdleTimeout, Writing: s.WriteTimeout}
		l = front.Stand(s, l)
	}
	return &listener{name, addr, l, s}, nil
}

// url is the address of a listener for people: always localhost by name, since passkeys
// need a name.
func (l *listener) url() string {
	_, port, err := net.SplitHostPort(l.net.Addr().String())
	if err != nil {
		return l.addr
	}
	host, _, err := net.SplitHostPort(l.addr)
	if ip := net.ParseIP(host); err != nil || host == "" || (ip != nil && (ip.IsLoopback() || ip.IsUnspecified())) {
		host = "localhost"
	}
	return "http://" + net.JoinHostPort(host, port)
}

// serveAll serves until ctx ends or something breaks, then stops in reverse order,
// letting what is being answered finish within ten seconds.
func serveAll(ctx context.Context, broken <-chan error, log *slog.Logger, listeners ...*listener) error {
	failed := make(chan error, len(listeners))
	for _, l := range listeners {
		go func() {
			if err := l.server.Serve(l.net); !errors.Is(err, http.ErrServerClosed) {
				failed <- fmt.Errorf("serving the %s: %w", l.name, err)
			}
		}()
	}
	var err error
	select {
	case <-ctx.Done():
		log.Info("stopping")
	case err = <-failed:
	case err = <-broken:
		return fmt.Errorf("the disk failed, and nothing after that can be believed: %w", err)
	}
	stop, cancel := context.WithTimeout(context.WithoutCancel(ctx), drain)
	defer cancel()
	return errors.Join(err, stopAll(stop, log, listeners))
}

// stopAll stops in reverse order. Who is not done when the time is over is cut off: that
// is how a stop ends, and no failure of it.
func stopAll(within context.Context, log *slog.Logger, listeners []*listener) (err error) {
	for i := len(listeners) - 1; i >= 0; i-- {
		l := listeners[i]
		stopped := l.server.Shutdown(within)
		if errors.Is(stopped, context.DeadlineExceeded) {
			log.Warn("cut off what was not answered in time", "listener", l.name)
			stopped = l.server.Close()
		}
		err = errors.Join(err, stopped)
	}
	return err
}

// A door is a handler that can be changed while it is served: the first-run page gives
// way to the newsroom without a new start.
type door struct{ behind atomic.Pointer[http.Handler] }

func (d *door) open(h http.Handler) { d.behind.Store(&h) }

// A readier has answers that need no handler.
type readier interface {
	Ready(path string) (*ready.Answer, time.Time)
}

// Ready asks what is behind the door.
func (d *door) Ready(path string) (*ready.Answer, time.Time) {
	if h := d.behind.Load(); h != nil {
		if x, ok := (*h).(readier); ok {
			return x.Ready(path)
		}
	}
	return nil, time.Time{}
}

func (d *door) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	if h := d.behind.Load(); h != nil {
		(*h).ServeHTTP(w, r)
		return
	}
	w.Header().Set("Retry-After", "60")
	http.Error(w, "This paper is being set up.", http.StatusServiceUnavailable)
}

// newLog writes structured lines. They never hold unpublished text.
func newLog(w io.Writer) *slog.Logger {
	return slog.New(slog.NewTextHandler(w, &slog.HandlerOptions{Level: slog.LevelInfo}))
}
