package record

import (
	"cmp"
	"context"
	"fmt"
	"maps"
	"slices"
	"time"

	"golang.org/x/mod/sumdb/note"
	"golang.org/x/mod/sumdb/tlog"
)

// A Log is all that a record keeps, for whoever checks it. Each of its volumes has a tree
// and checkpoints of its own. What was committed together is seen together: whoever has an
// entry also gets its hashes and its checkpoint.
type Log interface {
	// After returns up to limit entries with numbers greater than n, in order.
	After(ctx context.Context, n int64, limit int) ([]Entry, error)
	// Hashes returns up to limit stored hashes of a volume's tree from a stored index on.
	Hashes(ctx context.Context, volume, from int64, limit int) ([]tlog.Hash, error)
	// Checkpoints returns up to limit signed checkpoints of a volume of more than size
	// entries, in order.
	Checkpoints(ctx context.Context, volume, size int64, limit int) ([]SignedCheckpoint, error)
}

// VerifyOptions are what was kept elsewhere, and so cannot have been changed with the record.
type VerifyOptions struct {
	Verifier   string // a volume's public key; without it, the record's own word is taken
	Checkpoint []byte // a signed checkpoint
	// TakenBack lists entries that a restore had from a mirror after they had gone there: no
	// more is here of them than readers get.
	TakenBack []int64

	// Public says that the log is a copy that readers get. What a kill takes back has no
	// content there, as after an erasure, and takes with it what else gave its words away:
	// fronts that gave it a headline, captions of its pictures.
	Public bool
}

// A Problem is one thing that is wrong.
type Problem struct {
	N    int64 // of the entry; of a checkpoint, the number of the last entry that it covers
	What string
}

// A Report says what a check of the record proved.
type Report struct {
	Volumes       int64
	Entries       int64
	Checkpoints   int64
	FirstN, LastN int64
	First, Last   time.Time
	Problems      []Problem // in the order of entries
	More          int       // problems beyond those listed
	Proved        string    // in words; "" where there are problems
}

// What a report can say that it proved.
const (
	Consistent      = "consistent with itself"
	SinceSigned     = "nothing changed since it was signed with the key that was kept elsewhere"
	sinceCheckpoint = "nothing changed since the checkpoint of %d entries that was kept elsewhere"
)

const maxProblems = 100

// Verify reads the whole record and lists everything that is not as it was written: a
// flipped byte, a gap, a swap, a back-dated line, an entry inside a rest. The rule of rest
// is computed here a second time, apart from the gate.
//
// It streams entries, stored hashes and checkpoints side by side. What it holds of them is
// a page of each, the newest entry of each desk, and a number for each (subject, part). A
// record that grows meanwhile is checked as far as it has come.
func Verify(ctx context.Context, log Log, o VerifyOptions) (Report, error) {
	v := verifier{log: log, options: o, logs: map[string]bool{},
		last: map[[2]string]int64{}, gone: map[int64]gone{}, desks: map[string]deskAt{},
		orders: map[int64]time.Time{}, exceptions: map[int64]Exception{}}
	if o.Verifier != "" {
		key, err := note.NewVerifier(o.Verifier)
		if err != nil {
			return v.report, fmt.Errorf("the key that was kept elsewhere is none: %w", err)
		}
		v.keptKey = key
	}
	if err := v.run(ctx); err != nil {
		return v.report, err
	}
	v.leftGone()
	slices.SortStableFunc(v.report.Problems, func(a, b Problem) int { return cmp.Compare(a.N, b.N) })
	if len(v.report.Problems) == 0 {
		v.report.Proved = v.proved()
	}
	return v.report, nil
}

type verifier struct {
	log     Log
	options VerifyOptions
	report  Report
	keptKey note.Verifier // what was kept elsewhere; nil for nothing
	trusted int64         // the volume that what was kept elsewhere is of, 0 until it is met

	// Of the volume that is read now.
	volume int64
	first  int64         // the number of its own entry
	key    note.Verifier // nil where it names none
	kept   *Checkpoint   // the checkpoint that was kept elsewhere, until its size is reached
	proof  proof

	logs       map[string]bool // names of the logs so far
	n          int64           // the highest number so far
	at         time.Time
	last       map[[2]string]int64 // newest entry of each (subject, part)
	gone       map[int64]gone      // entries that are marked as gone, until what took them is read
	desks      map[string]deskAt
	orders     map[int64]time.Time // house entries that give the standing order in force, and their instants
	exceptions map[int64]Exception
}

func (v *verifier) problem(n int64, format string, a ...any) {
	if len(v.report.Problems) == maxProblems {
		v.report.More++
		return
	}
	v.report.Problems = append(v.report.Problems, Problem{n, fmt.Sprintf(format, a...)})
}

func (v *verifier) run(ctx context.Context) error {
	for {
		entries, err := v.log.After(ctx, v.n, 500)
		if err != nil {
			return err
		}
		if len(entries) == 0 {
			break
		}
		before := v.n
		v.proof.refresh()
		for _, e := range entries {
			if err := v.entry(ctx, e); err != nil {
				return err
			}
		}
		if v.n <= before {
			v.problem(v.n, "the record does not go on after this entry")
			break
		}
	}
	if v.report.Entries == 0 {
		v.proof = proof{log: v.log, volume: 1}
		if v.keptKey != nil || v.options.Checkpoint != nil {
			v.problem(0, "the record is empty")
		}
	} else {
		v.unmet()
	}
	return v.end(ctx, true)
}

// unmet lists what was kept elsewhere and is of no volume of this record.
func (v *verifier) unmet() {
	if v.trusted > 0 {
		return
	}
	if v.keptKey != nil {
		v.problem(v.report.FirstN, "no volume names the key that was kept elsewhere")
	}
	if v.options.Checkpoint != nil {
		v.problem(v.report.FirstN, "the checkpoint that was kept elsewhere is of no volume of this record")
	}
}

// proved says what holds. A volume's own entry signs what is known of the one before, so
// what is kept of one volume holds those before it as well, and none after it.
func (v *verifier) proved() string {
	proved := Consistent
	switch {
	case v.options.Checkpoint != nil:
		c, _ := parseCheckpoint(string(v.options.Checkpoint)) // its signature was checked
		proved = fmt.Sprintf(sinceCheckpoint, c.Size)
	case v.options.Verifier != "":
		proved = SinceSigned
	}
	if v.trusted > 0 && v.trusted < v.volume {
		proved += fmt.Sprintf(", up to volume %d; what follows is %s", v.trusted, Consistent)
	}
	return proved
}

func (v *verifier) entry(ctx context.Context, e Entry) error {
	begins := v.report.Entries == 0 || e.Kind == KindVolume && e.Volume > v.volume
	if begins {
		if err := v.turn(ctx, e); err != nil {
			return err
		}
	} else if e.Kind == KindVolume {
		v.problem(e.N, "a volume begins in the midst of another")
	}
	v.report.Entries++
	if e.Volume != v.volume {
		v.problem(e.N, "it is of volume %d, in volume %d", e.Volume, v.volume)
	}
	if !begins && e.N != v.n+1 {
		v.problem(e.N, "number %d follows %d", e.N, v.n)
	}
	if v.report.Entries > 1 && !e.At.After(v.at) {
		v.problem(e.N, "its instant is not later than the one before")
	}
	subject := [2]string{e.Subject, e.Part}
	if e.Prior != v.last[subject] {
		v.problem(e.N, "it names %d as the entry before of its subject, which is %d", e.Prior, v.last[subject])
	}
	v.last[subject] = e.N
	v.shape(e)
	v.decision(e)
	v.content(e)
	var err error
	if v.report.Entries == 1 || e.N > v.n {
		if err = v.place(ctx, e, begins); err == nil {
			v.n = e.N
		}
	}
	v.at, v.report.Last, v.report.LastN = e.At, e.At, v.n
	return err
}

// A gone entry was withheld, or erased where nothing is left of it.
type gone struct {
	by      int64
	erased  bool
	kind    Kind
	subject string
}

// takes settles what a kill or an erase names with what is marked as gone by it.
func (v *verifier) takes(e Entry, all []int64) {
	for _, n := range all {
		g, ok := v.gone[n]
		switch {
		case !ok || g.by < e.N:
			v.problem(n, "entry %d takes it back, but it is not marked as gone", e.N)
		case g.by > e.N && e.Kind == KindErase && !v.public(n):
			v.problem(n, "entry %d erased it, but it is marked as gone by %d", e.N, g.by)
		case g.by == e.N && g.erased != (e.Kind == KindErase) && !v.public(n):
			v.problem(n, "the %s in entry %d took it back, and its content does not show that", e.Kind, e.N)
			delete(v.gone, n)
		case g.by == e.N:
			delete(v.gone, n)
		}
	}
	maps.DeleteFunc(v.gone, func(n int64, g gone) bool { return g.by == e.N && goesWith(g.kind, g.subject, e) && v.public(n) })
}

// public reports whether no more is here of an entry than readers get.
func (v *verifier) public(n int64) bool {
	return v.options.Public || slices.Contains(v.options.TakenBack, n)
}

// goesWith reports whether a kill or an erasure may take an entry with it that it does not
// name: an older text or note of its subject, or what can give words of it away.
func goesWith(kind Kind, subject string, taker Entry) bool {
	return subject == taker.Subject || kind == KindFront || kind == KindPicture
}

// Takes reports whether an entry is a kill or an erasure that may have taken a public copy's
// content away: it names that entry, or the entry goes with what it names. One whose own
// words are gone names nothing.
func Takes(taker, e Entry) bool {
	if taker.N <= e.N || (taker.Kind != KindKill && taker.Kind != KindErase) {
		return false
	}
	var named []int64
	if kill, err := Decode[Kill](taker); err == nil && taker.Kind == KindKill {
		named = kill.Withheld
	}
	if erase, err := Decode[Erase](taker); err == nil && taker.Kind == KindErase {
		named = erase.Destroyed
	}
	return slices.Contains(named, e.N) || goesWith(e.Kind, e.Subject, taker)
}

// leftGone lists what is marked as gone by an entry that does not name it.
func (v *verifier) leftGone() {
	for _, n := range slices.Sorted(maps.Keys(v.gone)) {
		v.problem(n, "it is marked as gone by %d, which does not take it back", v.gone[n].by)
	}
}
