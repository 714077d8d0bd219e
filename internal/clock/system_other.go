//go:build !linux

package clock

import "time"

// System reads this machine's clocks. Without CLOCK_BOOTTIME, the time since the start
// of the process stands in, and every process is a boot of its own.
func System() Source {
	start := time.Now()
	id := start.UTC().Format(time.RFC3339Nano)
	return func() Reading {
		now := time.Now()
		return Reading{Wall: now.UTC().Truncate(time.Microsecond), Boot: now.Sub(start), BootID: id}
	}
}
