package app

import (
	"sync"
	"testing"
	"time"
)

// TestTheDemosClockIsKeptByTwo: the ticker keeps it while the command that moves it does.
func TestTheDemosClockIsKeptByTwo(t *testing.T) {
	dir := t.TempDir()
	c, err := openDemoClock(dir, demoStart, 0)
	if err != nil {
		t.Fatal(err)
	}
	var both sync.WaitGroup
	for range 2 {
		both.Go(func() {
			for range 200 {
				if err := c.keep(); err != nil {
					t.Error(err)
					return
				}
			}
		})
	}
	for i := range 200 {
		if err := c.set(demoStart.Add(time.Duration(i) * time.Second)); err != nil {
			t.Error(err)
			break
		}
	}
	both.Wait()
	again, err := openDemoClock(dir, demoStart, 0)
	if err != nil {
		t.Fatal(err)
	}
	if got, want := again.now(), c.now(); !got.Equal(want) {
		t.Errorf("the folder says %s, the clock %s", got, want)
	}
}
