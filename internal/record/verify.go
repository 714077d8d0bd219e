package record

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"time"

	"golang.org/x/mod/sumdb/tlog"

	"dateline/internal/story"
)

// A Log is all that a record keeps, for whoever checks it.
type Log interface {
	// After returns up to limit entries with numbers greater than n, in order.
	After(ctx context.Context, n int64, limit int) ([]Entry, error)
	// Hashes returns up to limit stored hashes of the tree from a stored index on.
	Hashes(ctx context.Context, from int64, limit int) ([]tlog.Hash, error)
	// Checkpoints returns up to limit signed checkpoints of more than size entries, in order.
	Checkpoints(ctx context.Context, size int64, limit int) ([]SignedCheckpoint, error)
}

// VerifyOptions are what was kept elsewhere, and so cannot have been changed with the record.
type VerifyOptions struct {
	Verifier   string // the record's public key; without it, the record's own word is taken
	Checkpoint []byte // a signed checkpoint
}

// A Problem is one thing that is wrong.
type Problem struct {
	N    int64
	What string
}

// A Report says what a check of the record proved.
type Report struct {
	Entries     int64
	Checkpoints int64
	First, Last time.Time
	Problems    []Problem
	More        int    // problems beyond those listed
	Proved      string // in words; "" where there are problems
}

const maxProblems = 100

// Verify reads the whole record and lists everything that is not as it was written: a
// flipped byte, a gap, a swap, a back-dated line, an entry inside a rest. The rule of rest
// is computed here a second time, apart from the gate.
func Verify(ctx context.Context, log Log, o VerifyOptions) (Report, error) {
	v := verifier{log: log, options: o, last: map[[2]string]int64{}, gone: map[int64]int64{}, desks: map[string]deskAt{}}
	for {
		entries, err := log.After(ctx, v.n, 500)
		if err != nil {
			return v.report, err
		}
		for _, e := range entries {
			v.entry(e)
		}
		if len(entries) == 0 {
			break
		}
	}
	if err := v.tree(ctx); err != nil {
		return v.report, err
	}
	v.withheld()
	v.outside()
	if len(v.report.Problems) == 0 {
		v.report.Proved = "consistent with itself"
		if o.Verifier != "" || o.Checkpoint != nil {
			v.report.Proved = "nothing changed since what was kept elsewhere"
		}
	}
	return v.report, nil
}

type verifier struct {
	log     Log
	options VerifyOptions
	report  Report

	n      int64
	at     time.Time
	hashes hashList
	key    string
	last   map[[2]string]int64 // newest entry of each (subject, part)
	gone   map[int64]int64     // entries that are gone, and by which
	kills  map[int64][]int64   // what each kill withholds
	desks  map[string]deskAt
}

type deskAt struct {
	n int64
	d Desk
}

// hashList is the tree as it is computed anew.
type hashList []tlog.Hash

func (h hashList) ReadHashes(indexes []int64) ([]tlog.Hash, error) {
	out := make([]tlog.Hash, len(indexes))
	for i, x := range indexes {
		if x < 0 || x >= int64(len(h)) {
			return nil, fmt.Errorf("hash %d is missing", x)
		}
		out[i] = h[x]
	}
	return out, nil
}

func (v *verifier) problem(n int64, format string, a ...any) {
	if len(v.report.Problems) == maxProblems {
		v.report.More++
		return
	}
	v.report.Problems = append(v.report.Problems, Problem{n, fmt.Sprintf(format, a...)})
}

func (v *verifier) entry(e Entry) {
	if e.N != v.n+1 {
		v.problem(e.N, "number %d follows %d", e.N, v.n)
	}
	if !e.At.After(v.at) {
		v.problem(e.N, "its instant is not later than the one before")
	}
	if v.report.Entries == 0 {
		v.report.First = e.At
		v.firstEntry(e)
	}
	subject := [2]string{e.Subject, e.Part}
	if e.Prior != v.last[subject] {
		v.problem(e.N, "it names %d as the entry before of its subject, which is %d", e.Prior, v.last[subject])
	}
	v.last[subject] = e.N
	v.class(e)
	v.content(e)
	v.decision(e)
	if stored, _, err := Grow(v.report.Entries, e.Envelope, v.hashes); err != nil {
		v.problem(e.N, "%s", err)
	} else {
		v.hashes = append(v.hashes, stored...)
	}
	v.report.Entries++
	v.n, v.at, v.report.Last = e.N, e.At, e.At
}

// firstEntry takes the record's own word for its key, unless another was kept.
func (v *verifier) firstEntry(e Entry) {
	v.key = v.options.Verifier
	if e.Kind != KindVolume {
		v.problem(e.N, "a record begins with a volume entry, not with a %s", e.Kind)
		return
	}
	if volume, err := Decode[Volume](e); err == nil && v.key == "" {
		v.key = volume.Key
	}
}

var classes = map[Kind][]story.Class{
	KindVolume: {story.Houses}, KindHouse: {story.Houses}, KindDesk: {story.Houses}, KindDuty: {story.Houses},
	KindArticle: {story.Speaks}, KindFront: {story.Speaks}, KindPerson: {story.Speaks},
	KindPicture:  {story.Speaks, story.Silences},
	KindWithdraw: {story.Silences}, KindKill: {story.Silences},
}

func (v *verifier) class(e Entry) {
	for _, c := range classes[e.Kind] {
		if c == e.Class {
			return
		}
	}
	v.problem(e.N, "no %s is of class %s", e.Kind, e.Class)
}

// content holds an entry's words to its commitment, and remembers what later entries are
// judged by.
func (v *verifier) content(e Entry) {
	if e.GoneBy != 0 {
		v.gone[e.N] = e.GoneBy
	}
	if e.Content == nil || len(e.Salt) != SaltLength {
		v.problem(e.N, "its content is missing")
		return
	}
	if CommitTo(e.Salt, e.Content) != e.Commit {
		v.problem(e.N, "its content is not what was committed to")
		return
	}
	var err error
	switch e.Kind {
	case KindDesk:
		var d Desk
		if d, err = Decode[Desk](e); err == nil {
			v.desks[e.Subject] = deskAt{e.N, d}
		}
	case KindKill:
		var k Kill
		if k, err = Decode[Kill](e); err == nil {
			if v.kills == nil {
				v.kills = map[int64][]int64{}
			}
			v.kills[e.N] = k.Withheld
		}
	default:
		var any map[string]json.RawMessage
		err = json.Unmarshal(e.Content, &any)
	}
	if err != nil {
		v.problem(e.N, "its content cannot be read")
	}
}

// decision judges an entry a second time: what speaks stands outside every window of its
// desk, and five seconds before one, by the newest desk entry before it.
func (v *verifier) decision(e Entry) {
	d := e.Decision
	if e.Class != story.Speaks {
		if d.Basis != NotJudged {
			v.problem(e.N, "what is of class %s is not judged, but its basis is %q", e.Class, d.Basis)
		}
		return
	}
	desk, known := v.desks[string(e.Desk)]
	if !known || d.DeskEntry != desk.n || d.Almanac != desk.d.Almanac || d.ZoneData != desk.d.ZoneData {
		v.problem(e.N, "it was not judged by the newest entry of its desk")
		return
	}
	if e.At.Before(desk.d.From) || !e.At.Before(desk.d.Horizon) {
		v.problem(e.N, "its desk's rests are not known for its instant")
	}
	var shown Window
	for _, w := range desk.d.Windows {
		if shown.End.IsZero() && e.At.UnixMicro() < w.End.UnixMicro() {
			shown = w
		}
		inside := e.At.UnixMicro() >= w.Start.UnixMicro()-5_000_000 && e.At.UnixMicro() < w.End.UnixMicro()
		if inside && d.Basis == Open {
			v.problem(e.N, "it speaks while its desk rests")
		}
	}
	if !shown.Start.Equal(d.WindowStart) || !shown.End.Equal(d.WindowEnd) {
		v.problem(e.N, "it does not name the window that it was judged by")
	}
}

// tree compares the stored hashes and every signed checkpoint with the tree computed anew.
func (v *verifier) tree(ctx context.Context) error {
	for at := int64(0); ; {
		stored, err := v.log.Hashes(ctx, at, 2000)
		if err != nil {
			return err
		}
		for i, h := range stored {
			if x := at + int64(i); x >= int64(len(v.hashes)) || v.hashes[x] != h {
				v.problem(0, "stored hash %d of the tree is not what the entries give", x)
			}
		}
		at += int64(len(stored))
		if len(stored) == 0 {
			if at != int64(len(v.hashes)) {
				v.problem(0, "%d hashes of the tree are stored, the entries give %d", at, len(v.hashes))
			}
			break
		}
	}
	return v.checkpoints(ctx)
}

func (v *verifier) checkpoints(ctx context.Context) error {
	size := int64(0)
	for {
		signed, err := v.log.Checkpoints(ctx, size, 500)
		if err != nil {
			return err
		}
		for _, s := range signed {
			v.checkpoint(s.Note, s.Size)
			size = s.Size
			v.report.Checkpoints++
		}
		if len(signed) == 0 {
			break
		}
	}
	if size != v.report.Entries {
		v.problem(v.n, "the last checkpoint covers %d entries of %d", size, v.report.Entries)
	}
	return nil
}

func (v *verifier) checkpoint(msg []byte, size int64) {
	c, err := OpenCheckpoint(msg, v.key)
	if err != nil {
		v.problem(size, "the checkpoint of %d entries: %s", size, err)
		return
	}
	if size != 0 && c.Size != size {
		v.problem(size, "the checkpoint of %d entries says %d", size, c.Size)
	}
	if c.Size > v.report.Entries {
		v.problem(v.n, "a checkpoint covers %d entries, and there are %d", c.Size, v.report.Entries)
		return
	}
	root, err := tlog.TreeHash(c.Size, v.hashes)
	if err != nil || !bytes.Equal(root[:], c.Root[:]) {
		v.problem(size, "the checkpoint of %d entries signs another tree", c.Size)
	}
}

// withheld holds what is gone to the kills that took it, both ways.
func (v *verifier) withheld() {
	named := map[int64]int64{}
	for kill, all := range v.kills {
		for _, n := range all {
			named[n] = kill
			if n >= kill || v.gone[n] != kill {
				v.problem(n, "kill %d withholds it, but it is not marked as gone", kill)
			}
		}
	}
	for n, by := range v.gone {
		if named[n] != by {
			v.problem(n, "it is marked as gone by %d, which does not name it", by)
		}
	}
}

// outside compares with what was kept elsewhere.
func (v *verifier) outside() {
	if v.options.Checkpoint != nil {
		v.checkpoint(v.options.Checkpoint, 0)
	}
}
