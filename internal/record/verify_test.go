package record_test

import (
	"bytes"
	"fmt"
	"slices"
	"testing"
	"time"

	"golang.org/x/mod/sumdb/tlog"

	"dateline/internal/record"
	"dateline/internal/story"
)

func TestVerify(t *testing.T) {
	v := build(t)
	kinds := map[record.Kind]bool{}
	for _, e := range v.entries {
		kinds[e.Kind] = true
	}
	if len(kinds) != 12 || len(v.entries) != 60 {
		t.Fatalf("the test's own record has %d kinds in %d entries", len(kinds), len(v.entries))
	}
	last := v.signed[len(v.signed)-1].Note
	for _, c := range []struct {
		name   string
		o      record.VerifyOptions
		proved string
	}{
		{"alone", record.VerifyOptions{}, "consistent with itself"},
		{"key", record.VerifyOptions{Verifier: v.key.Verifier()}, "nothing changed since it was signed with the key that was kept elsewhere"},
		{"checkpoint", record.VerifyOptions{Checkpoint: last}, "nothing changed since the checkpoint of 60 entries that was kept elsewhere"},
		{"both", record.VerifyOptions{Verifier: v.key.Verifier(), Checkpoint: v.signed[1].Note}, "nothing changed since the checkpoint of 4 entries that was kept elsewhere"},
	} {
		r := verify(t, v, c.o)
		if len(r.Problems) > 0 || r.Proved != c.proved {
			t.Errorf("%s: %q, %v", c.name, r.Proved, r.Problems)
		}
		if r.Entries != 60 || r.FirstN != 1 || r.LastN != 60 || r.Checkpoints != int64(len(v.signed)) || !r.First.Equal(v.entries[0].At) || !r.Last.Equal(v.entries[59].At) {
			t.Errorf("%s: %+v", c.name, r)
		}
	}
	if _, err := record.Verify(t.Context(), v, record.VerifyOptions{Verifier: "none"}); err == nil {
		t.Error("a key that is none was taken")
	}
	if r := verify(t, &volume{}, record.VerifyOptions{}); r.Entries != 0 || r.Proved != "consistent with itself" {
		t.Errorf("of an empty record: %+v", r)
	}
	if r := verify(t, &volume{}, record.VerifyOptions{Verifier: v.key.Verifier()}); len(r.Problems) != 1 {
		t.Errorf("of a record that was emptied: %+v", r)
	}
}

// Whoever holds the house's key can write the record anew; what was kept elsewhere tells.
func TestVerifyWithWhatWasKept(t *testing.T) {
	good := build(t)
	key := good.key.Verifier()
	kept := good.signed[len(good.signed)-1].Note
	backDated := good.copy()
	backDated.entries[40].At = backDated.entries[39].At.Add(time.Microsecond)
	backDated.rehash(good.key)
	cut := good.copy()
	cut.entries, cut.hashes = cut.entries[:59], cut.hashes[:tlog.StoredHashIndex(0, 59)]
	cut.signed = cut.signed[:len(cut.signed)-1]
	cut.sign()
	stranger := good.copy()
	other := newKey(t, testLog)
	stranger.entries[0].Content = must(record.Encode(record.Volume{Log: testLog, Key: other.Verifier(), Cause: "first"}))
	stranger.rehash(other)
	for name, v := range map[string]*volume{"back-dated": backDated, "cut": cut, "signed by another": stranger} {
		if r := verify(t, v, record.VerifyOptions{}); r.Proved != record.Consistent {
			t.Errorf("%s: %q %v", name, r.Proved, r.Problems)
		}
		wantFound(t, v, record.VerifyOptions{Checkpoint: kept}, 0, "%s, with a checkpoint kept elsewhere", name)
		wantFound(t, v, record.VerifyOptions{Checkpoint: kept, Verifier: key}, 0, "%s, with both kept elsewhere", name)
	}
	wantFound(t, stranger, record.VerifyOptions{Verifier: key}, 1, "signed by another, with the key kept elsewhere")
	wantFound(t, good, record.VerifyOptions{Checkpoint: []byte("none")}, 1, "a checkpoint that is none")
	if r := verify(t, good, record.VerifyOptions{Checkpoint: append(slices.Clone(kept), "— witness AAAAAAAA\n"...)}); r.Proved == "" {
		t.Error("a checkpoint with a witness beside the key:", r.Problems)
	}
}

func TestVerifyListsAtMostAHundred(t *testing.T) {
	v := build(t)
	for i := range v.entries {
		v.entries[i].Class, v.entries[i].Kind, v.entries[i].Prior = "x", "x", 77
	}
	r := verify(t, v, record.VerifyOptions{})
	if len(r.Problems) != 100 || r.More == 0 {
		t.Errorf("%d problems and %d more", len(r.Problems), r.More)
	}
}

// FuzzVerify hands hostile rows to Verify and Decode: neither may panic or go on for ever,
// and nothing that differs from what was written may pass.
func FuzzVerify(f *testing.F) {
	good := build(f)
	good.entries = good.entries[:19] // every kind is among them
	good.rehash(good.key)
	f.Add(uint8(3), int64(1), int64(1), int64(0), int64(0), "article", "speaks", "open", []byte(`{"windows":[{"start":"0000-01-01T00:00:00Z","end":"9999-12-31T23:59:59Z"}]}`), []byte("x"))
	f.Add(uint8(2), int64(3), int64(1711112000000000), int64(3), int64(-1), "desk", "house", "exception 9", []byte(nil), []byte(nil))
	f.Add(uint8(12), int64(1<<62), int64(-1<<63), int64(1<<62), int64(15), "kill", "silences", "standing order 2", []byte(`{"withheld":[1,1,-5,9223372036854775807]}`), bytes.Repeat([]byte("s"), 32))
	f.Fuzz(func(t *testing.T, i uint8, n, at, goneBy, prior int64, kind, class, basis string, content, note []byte) {
		v := good.copy()
		e := &v.entries[int(i)%len(v.entries)]
		was := *e
		e.N, e.At, e.GoneBy, e.Prior = n, time.UnixMicro(at), goneBy, prior
		e.Kind, e.Class, e.Decision.Basis = record.Kind(kind), story.Class(class), record.Basis(basis)
		e.Content = content
		if i%2 == 0 {
			e.Commit = record.CommitTo(e.Salt, content)
		}
		_, _ = record.Decode[record.Article](*e)
		_, _ = record.Decode[record.Desk](*e)
		changed := e.N != was.N || !e.At.Equal(was.At) || e.GoneBy != was.GoneBy || e.Prior != was.Prior || e.Kind != was.Kind ||
			e.Class != was.Class || e.Decision.Basis != was.Decision.Basis || !bytes.Equal(e.Content, was.Content)
		r := verify(t, v, record.VerifyOptions{})
		if changed && r.Proved != "" {
			t.Errorf("entry %d was changed to %+v, and nothing was found", was.N, e)
		}
		if _, err := e.SafeLeaf(); err == nil {
			v.rehash(v.key)
			verify(t, v, record.VerifyOptions{Checkpoint: note})
		}
		v.signed[0].Note = note
		verify(t, v, record.VerifyOptions{Checkpoint: note})
	})
}

func BenchmarkVerify(b *testing.B) {
	for _, each := range []int{1, 20} {
		b.Run(fmt.Sprintf("checkpoint every %d", each), func(b *testing.B) {
			v := build(b)
			at := v.entries[59].At
			for i := range 2000 {
				at = at.Add(time.Millisecond)
				e := record.Envelope{At: at, Kind: record.KindArticle, Class: story.Speaks, Desk: newYork, Subject: fmt.Sprintf("art0%06d", i), Revision: 1}
				v.add(record.Entry{Envelope: e}, article(record.Posted, "Bridge opens"))
				if i%each == each-1 {
					v.sign()
				}
			}
			b.ReportAllocs()
			for b.Loop() {
				if r := verify(b, v, record.VerifyOptions{}); r.Proved == "" {
					b.Fatal(r.Problems)
				}
			}
			b.ReportMetric(float64(len(v.entries)*b.N)/b.Elapsed().Seconds(), "entries/s")
		})
	}
}
