package record_test

import (
	"context"
	"slices"
	"strings"
	"testing"
	"time"

	"golang.org/x/mod/sumdb/tlog"

	"dateline/internal/record"
	"dateline/internal/story"
)

// A shelf is a record of several volumes.
type shelf []*volume

func (s shelf) After(ctx context.Context, n int64, limit int) (all []record.Entry, err error) {
	for _, v := range s {
		some, _ := v.After(ctx, n, limit)
		all = append(all, some...)
	}
	return all[:min(limit, len(all))], nil
}

func (s shelf) Hashes(ctx context.Context, volume, from int64, limit int) (all []tlog.Hash, err error) {
	for _, v := range s {
		if max(v.number, 1) == volume {
			return v.Hashes(ctx, volume, from, limit)
		}
	}
	return nil, nil
}

func (s shelf) Checkpoints(ctx context.Context, volume, size int64, limit int) ([]record.SignedCheckpoint, error) {
	for _, v := range s {
		if max(v.number, 1) == volume {
			return v.Checkpoints(ctx, volume, size, limit)
		}
	}
	return nil, nil
}

const secondLog = "localhost:8080/record/2-0123456789"

// restored is a record whose last entries were lost: the second volume knows a checkpoint
// that covers them, and goes on after it. cut is how many were lost.
func restored(t testing.TB, cut int) shelf {
	t.Helper()
	whole := plainVolume(t, 30)
	first := whole.copy()
	keep := len(first.entries) - cut
	first.entries, first.hashes, first.signed = first.entries[:keep], first.hashes[:tlog.StoredHashCount(int64(keep))], first.signed[:keep]
	second := &volume{number: 2, before: 30, former: first, key: newKey(t, secondLog), desks: map[story.DeskID]deskEntry{}}
	at := friday.Add(time.Hour)
	second.add(record.Entry{Envelope: record.Envelope{At: at, Kind: record.KindVolume, Class: story.Houses, Subject: secondLog}},
		record.Volume{Log: secondLog, Key: second.key.Verifier(), Cause: record.Restored,
			Former: &record.Former{N: int64(keep), Checkpoint: string(whole.signed[29].Note)}})
	second.sign()
	for i := range 9 {
		second.add(record.Entry{Envelope: record.Envelope{At: at.Add(time.Duration(i+1) * time.Second), Kind: record.KindHouse, Class: story.Houses, Subject: "house3"}}, record.House{})
		second.sign()
	}
	return shelf{first, second}
}

func verifyShelf(t testing.TB, s record.Log, o record.VerifyOptions) record.Report {
	t.Helper()
	r, err := record.Verify(t.Context(), s, o)
	if err != nil {
		t.Fatal(err)
	}
	return r
}

func TestVerifyReadsEveryVolume(t *testing.T) {
	for _, cut := range []int{0, 1, 7} {
		s := restored(t, cut)
		first, second := s[0], s[1]
		for _, c := range []struct {
			name   string
			o      record.VerifyOptions
			proved string
		}{
			{"alone", record.VerifyOptions{}, record.Consistent},
			{"the newest key", record.VerifyOptions{Verifier: second.key.Verifier()}, record.SinceSigned},
			{"the former key", record.VerifyOptions{Verifier: first.key.Verifier()}, record.SinceSigned + ", up to volume 1; what follows is consistent with itself"},
			{"a newer checkpoint", record.VerifyOptions{Checkpoint: second.signed[3].Note}, "nothing changed since the checkpoint of 4 entries that was kept elsewhere"},
			{"an older checkpoint", record.VerifyOptions{Checkpoint: first.signed[3].Note, Verifier: first.key.Verifier()}, "nothing changed since the checkpoint of 4 entries that was kept elsewhere, up to volume 1; what follows is consistent with itself"},
		} {
			r := verifyShelf(t, s, c.o)
			if r.Proved != c.proved || len(r.Problems) > 0 {
				t.Errorf("%d lost, %s: %q %v", cut, c.name, r.Proved, r.Problems)
			}
			if r.Volumes != 2 || r.FirstN != 1 || r.LastN != 40 || r.Entries != int64(40-cut) || r.Checkpoints != int64(40-cut) {
				t.Errorf("%d lost, %s: %+v", cut, c.name, r)
			}
		}
		if stranger := newKey(t, testLog); verifyShelf(t, s, record.VerifyOptions{Verifier: stranger.Verifier()}).Proved != "" {
			t.Error("a key that is of no volume proved something")
		}
		if lost := verifyShelf(t, s, record.VerifyOptions{Checkpoint: plainVolume(t, 3).signed[2].Note}); lost.Proved != "" {
			t.Error("a checkpoint by a stranger's key proved something")
		}
	}
}

// rewrite changes what the second volume says of itself, signed as if by its own key.
func rewrite(s shelf, change func(*record.Volume)) {
	e := &s[1].entries[0]
	volume := must(record.Decode[record.Volume](*e))
	change(&volume)
	e.Content = must(record.Encode(volume))
	s[1].rehash(s[1].key)
}

// renumber moves the numbers of the second volume.
func renumber(s shelf, by int64) {
	s[1].before += by
	for i := range s[1].entries {
		s[1].entries[i].N += by
		if i > 1 {
			s[1].entries[i].Prior += by
		}
	}
	s[1].rehash(s[1].key)
}

func TestVerifyFindsABrokenSequence(t *testing.T) {
	for _, c := range []struct {
		name string
		at   int64
		says string
		cut  int
		do   func(s shelf)
	}{
		{"a gap inside the first volume", 11, "number 11 follows 9", 0, func(s shelf) { s[0].entries = slices.Delete(s[0].entries, 9, 10) }},
		{"a gap inside the second volume", 36, "number 36 follows 34", 0, func(s shelf) { s[1].entries = slices.Delete(s[1].entries, 4, 5) }},
		{"a jump of another entry", 39, "number 39 follows 35", 0, func(s shelf) {
			for i := 5; i < 10; i++ {
				s[1].entries[i].N += 3
			}
			s[1].rehash(s[1].key)
		}},
		{"a volume that jumps further than is known", 34, "30 is the newest known", 0, func(s shelf) { renumber(s, 3) }},
		{"a volume that uses lost numbers again", 28, "30 is the newest known", 5, func(s shelf) { renumber(s, -3) }},
		{"a volume that uses numbers again that are here", 28, "30 is the newest known", 0, func(s shelf) { renumber(s, -3) }},
		{"an ordinal is passed over", 31, "volume 3 follows volume 1", 0, func(s shelf) {
			s[1].number = 3
			for i := range s[1].entries {
				s[1].entries[i].Volume = 3
			}
			s[1].rehash(s[1].key)
		}},
		{"an ordinal is used again", 31, "in the midst", 0, func(s shelf) {
			for i := range s[1].entries {
				s[1].entries[i].Volume = 1
			}
			s[1].rehash(s[1].key)
		}},
		{"a volume without its own entry", 32, "it is of volume 2, in volume 1", 0, func(s shelf) { s[1].entries = s[1].entries[1:] }},
		{"the former volume is cut short", 31, "names 30 as the last entry of the volume before, which is 26", 0, func(s shelf) {
			v := s[0]
			v.entries, v.hashes, v.signed = v.entries[:26], v.hashes[:tlog.StoredHashCount(26)], v.signed[:26]
		}},
		{"the former volume is written anew", 31, "signs another tree", 0, func(s shelf) {
			s[0].entries[9].At = s[0].entries[8].At.Add(time.Nanosecond * 500).Truncate(time.Microsecond)
			s[0].entries[9].Part = "other"
			s[0].rehash(s[0].key)
		}},
		{"the old volume goes on below a known checkpoint", 31, "names 25 as the last entry of the volume before, which is 26", 5, func(s shelf) {
			v := s[0]
			v.add(record.Entry{Envelope: record.Envelope{At: v.entries[24].At.Add(time.Microsecond), Kind: record.KindHouse, Class: story.Houses, Subject: "fork"}}, record.House{})
			v.sign()
		}},
		{"a checkpoint of the former that is older than it", 31, "covers 20 entries, and there are 30", 0, func(s shelf) {
			rewrite(s, func(v *record.Volume) { v.Former.Checkpoint = string(s[0].signed[19].Note) })
		}},
		{"a checkpoint of the former by a stranger", 31, "not by the record's key", 0, func(s shelf) {
			stranger := plainVolume(t, 30)
			rewrite(s, func(v *record.Volume) { v.Former.Checkpoint = string(stranger.signed[29].Note) })
		}},
		{"nothing known of the former", 31, "what it knows of the volume before", 0, func(s shelf) {
			rewrite(s, func(v *record.Volume) { v.Former = nil })
		}},
		{"no cause", 31, "is no cause", 0, func(s shelf) { rewrite(s, func(v *record.Volume) { v.Cause = record.FirstVolume }) }},
		{"the name of the former log", 31, "the name of one before it", 0, func(s shelf) {
			s[1].entries[0].Subject, s[1].entries[0].Prior = testLog, 1
			rewrite(s, func(v *record.Volume) { v.Log, v.Key = testLog, s[0].key.Verifier() })
			s[1].rehash(s[0].key)
		}},
		{"an instant before the former's last", 31, "not later", 0, func(s shelf) {
			s[1].entries[0].At = friday
			s[1].rehash(s[1].key)
		}},
		{"the hashes of the former are cut off", 30, "hashes of the tree end", 0, func(s shelf) { s[0].hashes = s[0].hashes[:tlog.StoredHashCount(29)] }},
		{"the former's last checkpoint is cut off", 30, "covers 29 entries of 30", 0, func(s shelf) { s[0].signed = s[0].signed[:29] }},
		{"a hash after the former's last", 30, "the tree goes on", 0, func(s shelf) { s[0].hashes = append(s[0].hashes, tlog.Hash{}) }},
	} {
		s := restored(t, c.cut)
		c.do(s)
		r := verifyShelf(t, s, record.VerifyOptions{})
		if !slices.ContainsFunc(r.Problems, func(p record.Problem) bool { return p.N == c.at && strings.Contains(p.What, c.says) }) {
			t.Errorf("%s: nothing at %d says %q: %v", c.name, c.at, c.says, r.Problems)
		}
	}
}

// A house that continues its old volume below a checkpoint that somebody kept is found out.
func TestVerifyRefusesTheOldVolumeBelowAKnownCheckpoint(t *testing.T) {
	whole := plainVolume(t, 30)
	fork := whole.copy()
	fork.entries, fork.hashes, fork.signed = fork.entries[:20], fork.hashes[:tlog.StoredHashCount(20)], fork.signed[:20]
	for i := range 15 {
		fork.add(record.Entry{Envelope: record.Envelope{At: friday.Add(time.Duration(i+1) * time.Hour), Kind: record.KindHouse, Class: story.Houses, Subject: "fork"}}, record.House{})
		fork.sign()
	}
	if r := verify(t, fork, record.VerifyOptions{}); r.Proved != record.Consistent {
		t.Fatal(r.Problems)
	}
	for _, kept := range []int{21, 25, 30} {
		wantFound(t, fork, record.VerifyOptions{Checkpoint: whole.signed[kept-1].Note}, int64(kept), "continued below a checkpoint of %d", kept)
	}
}

func TestVerifyKnowsWhatWasTakenBackWithoutWords(t *testing.T) {
	v := build(t)
	for _, n := range []int64{7, 11} { // a kill withheld them, and a mirror had nothing but their leaves
		v.entries[n-1].Salt, v.entries[n-1].Content = nil, nil
	}
	wantFound(t, v, record.VerifyOptions{TakenBack: []int64{7}}, 11, "words are gone that were only withheld")
	if r := verify(t, v, record.VerifyOptions{TakenBack: []int64{7, 11}}); r.Proved != record.Consistent {
		t.Error(r.Problems)
	}
	v.entries[29].Salt, v.entries[29].Content = nil, nil
	wantFound(t, v, record.VerifyOptions{TakenBack: []int64{7, 11, 30}}, 30, "words are gone that nothing took back")
}
