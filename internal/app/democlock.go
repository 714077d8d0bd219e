package app

import (
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"sync"
	"time"

	"dateline/internal/clock"
)

// demoStart is where the demo begins: Friday 22 March 2024, 17:05 in Jerusalem, seven
// minutes before its first desk closes.
var demoStart = time.Date(2024, 3, 22, 15, 5, 0, 0, time.UTC)

// demoBoot is when the demo's machine was started, so that Boot moves with Wall.
var demoBoot = time.Date(2024, 3, 1, 0, 0, 0, 0, time.UTC)

// A demoClock is the demo's clock. It runs at a speed, is moved by hand, and is kept in
// the demo's folder, so that a demo goes on where it stopped.
type demoClock struct {
	file string
	disk sync.Mutex // held while the file is written: the command and the ticker both keep it

	mu    sync.Mutex
	wall  time.Time // guarded by mu; at real
	real  time.Time // guarded by mu
	speed float64   // guarded by mu; 0 stands still
}

type demoClockFile struct {
	Wall time.Time `json:"wall"`
}

// openDemoClock reads the clock of a folder, or begins one at start.
func openDemoClock(dir string, start time.Time, speed float64) (*demoClock, error) {
	c := &demoClock{file: filepath.Join(dir, "clock.json"), wall: start, real: time.Now(), speed: speed}
	raw, err := os.ReadFile(c.file)
	if errors.Is(err, fs.ErrNotExist) {
		return c, c.keep()
	}
	if err != nil {
		return nil, fmt.Errorf("reading the demo's clock: %w", err)
	}
	var kept demoClockFile
	if err := json.Unmarshal(raw, &kept); err != nil || kept.Wall.IsZero() {
		return nil, fmt.Errorf("the demo's clock in %s cannot be read: delete it to begin anew", c.file)
	}
	c.wall = kept.Wall
	return c, nil
}

// read implements clock.Source.
func (c *demoClock) read() clock.Reading {
	wall := c.now()
	return clock.Reading{Wall: wall, Boot: wall.Sub(demoBoot), BootID: "demo"}
}

func (c *demoClock) now() time.Time {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.at(time.Now())
}

// at is the demo's time at a real time; mu is held.
func (c *demoClock) at(real time.Time) time.Time {
	passed := time.Duration(float64(real.Sub(c.real)) * c.speed)
	return c.wall.Add(passed).UTC().Truncate(time.Microsecond)
}

// set moves the clock forward; a demo's time never goes back.
func (c *demoClock) set(to time.Time) error {
	c.mu.Lock()
	real := time.Now()
	if now := c.at(real); to.Before(now) {
		c.mu.Unlock()
		return fmt.Errorf("the demo's clock is at %s already, and a clock never goes back", now.Format(time.RFC3339))
	}
	c.wall, c.real = to.UTC(), real
	c.mu.Unlock()
	return c.keep()
}

// run lets the clock run at a speed from now on.
func (c *demoClock) run(speed float64) {
	c.mu.Lock()
	defer c.mu.Unlock()
	real := time.Now()
	c.wall, c.real, c.speed = c.at(real), real, speed
}

// notBefore moves the clock to an instant if it is before it: a demo that was killed goes
// on after its last entry.
func (c *demoClock) notBefore(t time.Time) error {
	if c.now().Before(t) {
		return c.set(t)
	}
	return nil
}

// keep writes the clock into its folder, whole or not at all.
func (c *demoClock) keep() error {
	c.disk.Lock()
	defer c.disk.Unlock()
	raw, err := json.Marshal(demoClockFile{c.now()})
	if err != nil {
		return err
	}
	tmp := c.file + ".new"
	if err := os.WriteFile(tmp, raw, 0o600); err != nil {
		return fmt.Errorf("keeping the demo's clock: %w", err)
	}
	return os.Rename(tmp, c.file)
}

// demoNotBefore moves the clock of a demo's folder to an instant if it is before it; other
// folders have none.
func demoNotBefore(dir string, t time.Time) error {
	if _, err := os.Stat(filepath.Join(dir, "clock.json")); err != nil {
		return nil
	}
	c, err := openDemoClock(dir, t, 0)
	if err != nil {
		return err
	}
	return c.notBefore(t)
}
