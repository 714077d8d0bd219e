package sim

import (
	"fmt"
	"time"

	"dateline/internal/clock"
)

// A machine has the clocks of the house's computer: the hour that it truly is, and how far
// what the computer shows is from it.
type machine struct {
	now    time.Time     // what time it truly is
	off    time.Duration // what the wall clock shows, less now
	booted time.Time
	boots  int
	synced bool

	// excused is the offset that the house may take for true: what it began with, or what
	// the kernel's daemon, a boot or an administrator said since. It moves with what nobody
	// could notice.
	excused time.Duration
}

func (m *machine) wall() time.Time { return m.now.Add(m.off).Truncate(time.Microsecond) }

// Read is a clock.Source.
func (m *machine) Read() clock.Reading {
	return clock.Reading{Wall: m.wall(), Boot: m.now.Sub(m.booted), BootID: fmt.Sprint("boot ", m.boots), Synced: m.synced}
}

// pass lets time pass on every clock.
func (m *machine) pass(d time.Duration) { m.now = m.now.Add(d) }

// reach lets time pass until the wall clock shows t; nothing if it does already.
func (m *machine) reach(t time.Time) {
	if d := t.Sub(m.wall()); d > 0 {
		m.pass(d)
	}
}

// unnoticed is how much a clock may be moved without anybody being able to tell
// (clock.Tolerance, said once more on purpose).
const unnoticed = 2 * time.Second

// step moves the wall clock alone. What is small enough cannot be told from a clock that
// runs a little fast or slow.
func (m *machine) step(d time.Duration) {
	m.off += d
	m.synced = false
	if d <= unnoticed && d >= -unnoticed {
		m.excused += d
	}
}

// lied reports whether the wall clock shows what nobody vouched for.
func (m *machine) lied() bool {
	apart := m.off - m.excused
	return !m.synced && (apart > unnoticed || apart < -unnoticed)
}

// sync is the kernel's daemon setting the clock right.
func (m *machine) sync() { m.off, m.synced, m.excused = 0, true, 0 }

// reboot begins another boot after some time without power, with what the battery's clock says.
func (m *machine) reboot(away, off time.Duration) {
	m.pass(away)
	m.off, m.booted, m.synced, m.excused = off, m.now, false, off
	m.boots++
}
