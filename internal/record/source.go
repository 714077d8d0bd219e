package record

import "context"

// A Source is what followers follow. Entries come in order without a gap; a reader that
// has seen n has seen everything before n. All methods may be called at once.
type Source interface {
	// After returns up to limit entries with numbers greater than n, in order.
	After(ctx context.Context, n int64, limit int) ([]Entry, error)
	// Head returns the number of the newest entry, 0 for an empty record.
	Head(ctx context.Context) (int64, error)
	// Wake returns a channel that receives after the record grew. A wake may be lost,
	// repeated or late: a follower also looks for itself every second.
	Wake() <-chan struct{}
}

// Signed is a Source that also gives its signed checkpoints, for
// editions that publish them.
type Signed interface {
	Source
	// Checkpoints returns up to limit signed checkpoints of a volume of more than size
	// entries, in order.
	Checkpoints(ctx context.Context, volume, size int64, limit int) ([]SignedCheckpoint, error)
}
