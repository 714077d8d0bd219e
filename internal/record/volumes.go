package record

import (
	"context"
	"strings"

	"golang.org/x/mod/sumdb/note"
)

// turn ends the volume that was read, if any, and begins the one whose first entry is e.
func (v *verifier) turn(ctx context.Context, e Entry) error {
	begins := Volume{}
	if e.Kind != KindVolume {
		v.problem(e.N, "a record begins with a volume entry, not with kind %q", e.Kind)
	} else if volume, err := Decode[Volume](e); err == nil {
		begins = volume // what cannot be read is listed by content
	}
	if v.report.Entries == 0 {
		v.report.First, v.report.FirstN = e.At, e.N
		if e.N < 1 || e.Volume < 1 || (e.Volume == 1 && e.N != 1) {
			v.problem(e.N, "volume %d begins with number %d", e.Volume, e.N)
		}
	} else {
		if err := v.end(ctx, false); err != nil {
			return err
		}
		v.link(e, begins)
	}
	v.report.Volumes++
	v.volume, v.first, v.key, v.kept = e.Volume, e.N, nil, nil
	v.proof = proof{log: v.log, volume: e.Volume}
	v.open(e, begins)
	return nil
}

// open reads which log and key a volume names, and holds them to what was kept elsewhere.
func (v *verifier) open(e Entry, volume Volume) {
	if key, err := note.NewVerifier(volume.Key); err != nil {
		v.problem(e.N, "the key that it names is none: nothing shows who signed its checkpoints")
	} else {
		v.key = key
		if key.Name() != volume.Log || e.Subject != volume.Log {
			v.problem(e.N, "the key that it names is not that of its log")
		}
	}
	if v.logs[volume.Log] {
		v.problem(e.N, "its log has the name of one before it")
	}
	v.logs[volume.Log] = true
	if v.key == nil {
		return
	}
	msg := v.options.Checkpoint
	of, _, _ := strings.Cut(string(msg), "\n")
	if msg == nil || of != volume.Log {
		if v.keptKey != nil && volume.Key == v.options.Verifier {
			v.trusted = e.Volume
		}
		return
	}
	v.trusted = e.Volume
	if v.keptKey != nil && volume.Key != v.options.Verifier {
		v.problem(e.N, "it names another key than the one that was kept elsewhere")
	}
	if c, _, err := openCheckpoint(msg, v.key); err != nil {
		v.problem(e.N, "the checkpoint that was kept elsewhere: %s", err)
	} else {
		v.kept = &c
		v.compareKept()
	}
}

// link holds the entry that begins a later volume to the volume before it: it goes on after
// the newest number that was known, and signs what was known, so that nobody can cut the
// former volume short or use a number twice.
func (v *verifier) link(e Entry, next Volume) {
	if e.Volume != v.volume+1 {
		v.problem(e.N, "volume %d follows volume %d", e.Volume, v.volume)
	}
	if next.Cause != Restored && next.Cause != KeyChange {
		v.problem(e.N, "%q is no cause of a later volume", next.Cause)
	}
	if next.Former == nil {
		v.problem(e.N, "it does not say what it knows of the volume before")
		return
	}
	if next.Former.N != v.n {
		v.problem(e.N, "it names %d as the last entry of the volume before, which is %d", next.Former.N, v.n)
	}
	if v.key == nil {
		return // listed where that volume opens
	}
	c, exact, err := openCheckpoint([]byte(next.Former.Checkpoint), v.key)
	switch {
	case err != nil:
		v.problem(e.N, "its checkpoint of the volume before: %s", err)
		return
	case !exact:
		v.problem(e.N, "its checkpoint of the volume before is not as it was signed")
	case c.Size < v.proof.size:
		v.problem(e.N, "its checkpoint of the volume before covers %d entries, and there are %d", c.Size, v.proof.size)
	case c.Size == v.proof.size && !v.proof.lost && c.Root != v.proof.root():
		v.problem(e.N, "its checkpoint of the volume before signs another tree")
	}
	if known := max(v.n, v.first+c.Size-1); e.N != known+1 {
		v.problem(e.N, "it has number %d, and %d is the newest known of the volume before", e.N, known)
	}
}
