package ready

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"
)

var noon = time.Date(2024, 3, 22, 12, 0, 0, 0, time.UTC)

func newCache(limit int) *Cache { return New(limit, func() time.Time { return noon }, "everything") }

// drawn is a kept page of a body that shows what keys name.
func drawn(body string, keys ...string) func() (*Answer, error) {
	return func() (*Answer, error) {
		return Prepare(Draft{Status: 200, Header: http.Header{"Content-Type": {"text/html"}}, Body: []byte(body), Kept: true, Keys: keys}), nil
	}
}

func failing() (*Answer, error) { return nil, errors.New("not to be asked for") }

// has wants the cache to hold a body at an address, "" for none.
func (c *Cache) has(t *testing.T, path, want string) {
	t.Helper()
	got := ""
	if a := c.Find(Address{Path: path}, noon); a != nil {
		got = string(a.body)
	}
	if got != want {
		t.Errorf("%s holds %q, want %q", path, got, want)
	}
}

func (c *Cache) put(t *testing.T, path, query, body string, keys ...string) {
	t.Helper()
	if _, err := c.Get(t.Context(), Address{path, query}, noon, drawn(body, keys...)); err != nil {
		t.Fatal(err)
	}
}

func TestDropIsExact(t *testing.T) {
	c := newCache(1 << 20)
	c.put(t, "/one", "", "one", "a-1", "latest")
	c.put(t, "/two", "", "two", "a-2", "latest")
	c.put(t, "/three", "", "three", "a-3")
	c.Drop("a-2")
	c.has(t, "/one", "one")
	c.has(t, "/two", "")
	c.Drop("latest", "nothing")
	c.has(t, "/one", "")
	c.has(t, "/three", "three")
	c.Drop("everything")
	if n, bytes := c.Size(); n != 0 || bytes != 0 || len(c.showing) != 0 {
		t.Errorf("%d answers of %d bytes and %d keys are left", n, bytes, len(c.showing))
	}
}

// TestOneDrawsForAll has many ask at once for what is not there.
func TestOneDrawsForAll(t *testing.T) {
	c := newCache(1 << 20)
	var draws atomic.Int32
	begun, letGo := make(chan struct{}), make(chan struct{})
	ask := func(ctx context.Context) error {
		a, err := c.Get(ctx, Address{Path: "/"}, noon, func() (*Answer, error) {
			draws.Add(1)
			close(begun)
			<-letGo
			return drawn("page")()
		})
		if err == nil && string(a.body) != "page" {
			err = fmt.Errorf("got %q", a.body)
		}
		return err
	}
	var all sync.WaitGroup
	all.Go(func() { wantNone(t, ask(t.Context())) })
	<-begun
	gone, leave := context.WithCancel(t.Context())
	leave()
	if err := ask(gone); !errors.Is(err, context.Canceled) {
		t.Errorf("who left was told %v", err)
	}
	for range 50 {
		all.Go(func() { wantNone(t, ask(t.Context())) })
	}
	close(letGo)
	all.Wait()
	if draws.Load() != 1 {
		t.Errorf("drawn %d times", draws.Load())
	}
}

func wantNone(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Error(err)
	}
}

// TestWhatBeganBeforeAChange is neither kept nor joined, if it shows what changed; otherwise
// it is kept.
func TestWhatBeganBeforeAChange(t *testing.T) {
	for _, x := range []struct {
		changed, kept string
	}{{"a-1", ""}, {"everything", ""}, {"a-2", "old"}} {
		c := newCache(1 << 20)
		old, err := c.Get(t.Context(), Address{Path: "/"}, noon, func() (*Answer, error) {
			c.Drop(x.changed)                                               // an entry is applied while the page is drawn
			ctx, cancel := context.WithTimeout(t.Context(), 20*time.Second) // it would wait for itself
			defer cancel()
			fresh, err := c.Get(ctx, Address{Path: "/"}, noon, func() (*Answer, error) { return Prepare(Draft{Status: 404, Body: []byte("new")}), nil })
			if err != nil || string(fresh.body) != "new" {
				t.Errorf("who came after the change of %s got %v, %v", x.changed, fresh, err)
			}
			return drawn("old", "a-1", "house")()
		})
		if err != nil || string(old.body) != "old" {
			t.Errorf("%q, %v", old.body, err)
		}
		c.has(t, "/", x.kept)
	}
}

func TestNobodyWaitsForAPanic(t *testing.T) {
	c := newCache(1 << 20)
	func() {
		defer func() { _ = recover() }()
		_, _ = c.Get(t.Context(), Address{Path: "/"}, noon, func() (*Answer, error) { panic("a page") })
	}()
	c.put(t, "/", "", "page")
	c.has(t, "/", "page")
	if _, err := c.Get(t.Context(), Address{Path: "/none"}, noon, failing); err == nil {
		t.Error("an error was lost")
	}
	c.has(t, "/none", "")
}

// TestMemoryIsBounded fills both shelves beyond what they hold.
func TestMemoryIsBounded(t *testing.T) {
	const limit = 1 << 20
	c := newCache(limit)
	c.put(t, "/front", "", "front")
	for i := range 3000 {
		c.put(t, "/s", fmt.Sprint("before=", i), strings.Repeat("x", 4000), "section")
		if _, bytes := c.Size(); bytes > limit {
			t.Fatalf("%d bytes after %d", bytes, i)
		}
	}
	c.has(t, "/front", "front")
	for i := range 3000 {
		c.put(t, fmt.Sprint("/", i), "", strings.Repeat("x", 4000), "section")
		if a := c.Find(Address{Path: fmt.Sprint("/", i)}, noon); a != nil {
			a.form(gzipped)
		}
		c.has(t, "/front", "front") // it is asked for all the time
		if _, bytes := c.Size(); bytes > limit {
			t.Fatalf("%d bytes after %d", bytes, i)
		}
	}
	c.has(t, "/0", "")
	c.put(t, "/huge", "", strings.Repeat("x", limit/4))
	c.has(t, "/huge", "")
	c.has(t, "/front", "front")
	c.Drop("everything")
	if n, bytes := c.Size(); n != 0 || bytes != 0 {
		t.Errorf("%d answers of %d bytes are left", n, bytes)
	}
}

func TestAnAnswerStandsForItsInstants(t *testing.T) {
	c := newCache(1 << 20)
	from, until := noon.Add(-time.Minute), noon.Add(time.Minute)
	draw := func() (*Answer, error) {
		return Prepare(Draft{Status: 200, Body: []byte("page"), Kept: true, From: from, Until: until}), nil
	}
	for at, there := range map[time.Time]bool{from.Add(-1): false, from: true, until.Add(-1): true, until: false} {
		if _, err := c.Get(t.Context(), Address{Path: "/"}, noon, draw); err != nil {
			t.Fatal(err)
		}
		if a := c.Find(Address{Path: "/"}, at); (a != nil) != there {
			t.Errorf("at %s: %v", at, a != nil)
		}
	}
}

// TestWhoWaitedPastTheEndGetsAnother: the answer that was made ended before he came.
func TestWhoWaitedPastTheEndGetsAnother(t *testing.T) {
	c := newCache(1 << 20)
	begun, letGo := make(chan struct{}), make(chan struct{})
	draw := func(body string, until time.Time) (*Answer, error) {
		return Prepare(Draft{Status: 200, Body: []byte(body), Kept: true, Until: until}), nil
	}
	var all sync.WaitGroup
	all.Go(func() {
		_, _ = c.Get(t.Context(), Address{Path: "/"}, noon, func() (*Answer, error) {
			close(begun)
			<-letGo
			return draw("before", noon.Add(time.Second))
		})
	})
	<-begun
	all.Go(func() {
		a, err := c.Get(t.Context(), Address{Path: "/"}, noon.Add(time.Second), func() (*Answer, error) { return draw("after", time.Time{}) })
		if err != nil || string(a.body) != "after" {
			t.Errorf("%q, %v", a.body, err)
		}
	})
	close(letGo)
	all.Wait()
}

// TestNothingOldAfterAChange has readers ask without end while a value changes: whoever asks
// after Drop returned gets at least the value that was there then.
func TestNothingOldAfterAChange(t *testing.T) {
	c := newCache(1 << 20)
	var value, told atomic.Int64
	read := func() {
		least := told.Load()
		a, err := c.Get(t.Context(), Address{Path: "/"}, noon, func() (*Answer, error) { return drawn(fmt.Sprint(value.Load()), "value")() })
		if err != nil {
			t.Error(err)
			return
		}
		a.form(coding(least % int64(codings)))
		var got int64
		if _, err := fmt.Sscan(string(a.body), &got); err != nil || got < least {
			t.Errorf("%d was shown after %d was there, %v", got, least, err)
		}
	}
	done := make(chan struct{})
	var readers sync.WaitGroup
	for range 8 {
		readers.Go(func() {
			for {
				select {
				case <-done:
					return
				default:
					read()
				}
			}
		})
	}
	for i := range int64(3000) {
		value.Store(i)
		c.Drop("value", "other")
		told.Store(i)
		read()
	}
	close(done)
	readers.Wait()
}
