package live

import "sync"

// A runner runs a shard: one goroutine that does what was posted, in order, and what the
// lines tell.
type runner struct {
	shard *shard
	wait  func() // until there may be something to do, doing what the lines tell
	wake  func() // ends wait
	shut  func() // gives back what the lines hold
	over  bool   // set by the last thing that is done

	mu     sync.Mutex
	posted []func(*shard) // guarded by mu
}

// post lets the shard do something, soon and after all that was posted before.
func (r *runner) post(do func(*shard)) {
	r.mu.Lock()
	first := len(r.posted) == 0
	r.posted = append(r.posted, do)
	r.mu.Unlock()
	if first {
		r.wake()
	}
}

func (r *runner) run() {
	defer r.shut()
	for !r.over {
		r.wait()
		r.mu.Lock()
		todo := r.posted
		r.posted = nil
		r.mu.Unlock()
		for _, do := range todo {
			do(r.shard)
		}
	}
}
