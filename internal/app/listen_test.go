package app

import (
	"bytes"
	"context"
	"errors"
	"net"
	"net/http"
	"path/filepath"
	"strings"
	"testing"
	"time"
)

// TestStopCutsOff stops a listener with a request that is never sent whole: the stop ends
// in its time, says what it cut off, and is no failure.
func TestStopCutsOff(t *testing.T) {
	var lines bytes.Buffer
	begun := make(chan bool)
	l, err := open("newsroom", filepath.Join(t.TempDir(), "n.sock"), http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) {
		close(begun)
		_, _ = r.Body.Read(make([]byte, 100))
	}), newLog(&lines))
	if err != nil {
		t.Fatal(err)
	}
	served := make(chan error, 1)
	go func() { served <- l.server.Serve(l.net) }()
	c, err := net.Dial("unix", l.addr)
	if err != nil {
		t.Fatal(err)
	}
	defer c.Close()
	if _, err := c.Write([]byte("POST /in HTTP/1.1\r\nHost: localhost\r\nContent-Length: 100\r\n\r\n")); err != nil {
		t.Fatal(err)
	}
	<-begun
	within, cancel := context.WithTimeout(t.Context(), 50*time.Millisecond)
	defer cancel()
	if err := stopAll(within, newLog(&lines), []*listener{l}); err != nil {
		t.Error(err)
	}
	if err := <-served; !errors.Is(err, http.ErrServerClosed) {
		t.Error(err)
	}
	if !strings.Contains(lines.String(), "cut off") {
		t.Error(lines.String())
	}
}

// TestNoRequestForEver has every listener bound the time of a request and of its answer.
func TestNoRequestForEver(t *testing.T) {
	l, err := open("readers", "localhost:0", http.NotFoundHandler(), newLog(t.Output()))
	if err != nil {
		t.Fatal(err)
	}
	defer l.net.Close()
	if s := l.server; s.ReadHeaderTimeout <= 0 || s.ReadTimeout <= 0 || s.WriteTimeout <= 0 || s.IdleTimeout <= 0 {
		t.Errorf("a bound is missing: %+v", []time.Duration{s.ReadHeaderTimeout, s.ReadTimeout, s.WriteTimeout, s.IdleTimeout})
	}
}
