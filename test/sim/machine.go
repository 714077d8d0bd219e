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
	// the kernel's daemon, a boot or an administrator said since. It follows the offset when
	// the house keeps a reading that is not further off than can be told.
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

// unnoticed is how far a clock may be off without anybody being able to tell
// (clock.Tolerance, said once more on purpose).
const unnoticed = 2 * time.Second

// step moves the wall clock alone. What happens before the house has trusted this boot cannot
// be told: the boot's word is all that there is then.
func (m *machine) step(d time.Duration, anchored string) {
	m.off += d
	m.synced = false
	if anchored != m.Read().BootID {
		m.excused = m.off
	}
}

// right sets the wall clock to what it truly is; nobody says so to the house.
func (m *machine) right(anchored string) { m.step(-m.off, anchored) }

// sync is the kernel's daemon setting the clock right, and saying so until somebody moves it.
func (m *machine) sync(anchored string) {
	m.right(anchored)
	m.synced = true
}

// lied reports whether the wall clock shows what nobody vouched for.
func (m *machine) lied() bool {
	apart := m.off - m.excused
	return !m.synced && (apart > unnoticed || apart < -unnoticed)
}

// reboot begins another boot after some time without power, with what the battery's clock says.
func (m *machine) reboot(away, off time.Duration) {
	m.pass(away)
	m.off, m.booted, m.synced, m.excused = off, m.now, false, off
	m.boots++
}
