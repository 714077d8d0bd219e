package record_test

import (
	"bytes"
	"crypto/rand"
	"encoding/base64"
	"errors"
	"strings"
	"testing"
	"time"

	"golang.org/x/mod/sumdb/tlog"

	"dateline/internal/record"
	"dateline/internal/story"
)

// plainTree is the tree of RFC 6962, section 2.1, in its own words.
func plainTree(leaves [][]byte) tlog.Hash {
	if len(leaves) == 1 {
		return tlog.RecordHash(leaves[0])
	}
	k := 1
	for k*2 < len(leaves) {
		k *= 2
	}
	return tlog.NodeHash(plainTree(leaves[:k]), plainTree(leaves[k:]))
}

func TestGrow(t *testing.T) {
	var leaves [][]byte
	v := &volume{}
	for size := range int64(40) {
		e := fullEnvelope()
		e.N = size + 1
		if at := tlog.StoredHashIndex(0, size); at != int64(len(v.hashes)) {
			t.Fatalf("with %d leaves the next hash is %d, and %d are stored", size, at, len(v.hashes))
		}
		stored, root, err := record.Grow(size, e, v)
		if err != nil {
			t.Fatal(err)
		}
		leaves = append(leaves, e.Leaf())
		want, err := tlog.StoredHashes(size, e.Leaf(), v)
		if err != nil || len(want) != len(stored) {
			t.Fatalf("%d leaves: %d hashes to store, want %d (%v)", size, len(stored), len(want), err)
		}
		for i := range want {
			if want[i] != stored[i] {
				t.Errorf("%d leaves: hash %d differs", size, i)
			}
		}
		v.hashes = append(v.hashes, stored...)
		if whole, err := tlog.TreeHash(size+1, v); err != nil || root != whole || root != plainTree(leaves) {
			t.Errorf("%d leaves: another root (%v)", size+1, err)
		}
	}
}

func TestGrowRefuses(t *testing.T) {
	broken := errors.New("broken")
	for name, grow := range map[string]func() error{
		"a size below nothing": func() error { _, _, err := record.Grow(-1, fullEnvelope(), &volume{}); return err },
		"a forged field":       func() error { _, _, err := record.Grow(0, record.Envelope{Subject: "a\nb"}, &volume{}); return err },
		"hashes that are lost": func() error { _, _, err := record.Grow(5, fullEnvelope(), &volume{}); return err },
		"a store that fails": func() error {
			_, _, err := record.Grow(6, fullEnvelope(), tlog.HashReaderFunc(func([]int64) ([]tlog.Hash, error) { return nil, broken }))
			return err
		},
		"a store that gives less": func() error {
			_, _, err := record.Grow(6, fullEnvelope(), tlog.HashReaderFunc(func(x []int64) ([]tlog.Hash, error) { return nil, nil }))
			return err
		},
	} {
		if grow() == nil {
			t.Errorf("it grew with %s", name)
		}
	}
}

func TestKeyAndCheckpoint(t *testing.T) {
	for _, host := range []string{"localhost:8080", "news.example", "[::1]:8080", "עיתון.example"} {
		log := record.LogName(host, 3, rand.Reader)
		tail, ok := strings.CutPrefix(log, host+"/record/3-")
		if !ok || !story.ValidID(tail, 10) {
			t.Errorf("a log of %s is named %s", host, log)
		}
		k := newKey(t, log)
		c := record.Checkpoint{Log: log, Size: 12, Root: tlog.RecordHash([]byte("x"))}
		msg, err := k.Sign(c)
		if err != nil || k.Log() != log {
			t.Fatal(err)
		}
		if want := log + "\n12\n" + base64.StdEncoding.EncodeToString(c.Root[:]) + "\n\n— " + log + " "; !strings.HasPrefix(string(msg), want) {
			t.Errorf("got\n%s\nwant it to begin with\n%s", msg, want)
		}
		if got, err := record.OpenCheckpoint(msg, k.Verifier()); err != nil || got != c {
			t.Errorf("%s: %+v, %v", host, got, err)
		}
	}
}

func TestKeyRefuses(t *testing.T) {
	for _, log := range []string{"", "a b/record/1-0", "a+b/record/1-0", "a\n/record"} {
		if secret, err := record.NewKey(log, rand.Reader); err == nil {
			t.Errorf("a log named %q got the key %q", log, secret)
		}
	}
	a, b := must(record.NewKey(testLog, rand.Reader)), must(record.NewKey(testLog, nil))
	private, _, _ := strings.Cut(a, " ")
	_, other, _ := strings.Cut(b, " ")
	for _, secret := range []string{"", "x", private, private + " ", private + " " + other, "x " + other, a + "x"} {
		if _, err := record.ParseKey(secret); err == nil {
			t.Errorf("%q is no key", secret)
		}
	}
	if _, err := record.ParseKey(a + "\n"); err != nil {
		t.Error("a key with a line end:", err)
	}
	if _, err := (record.Key{}).Sign(record.Checkpoint{}); err == nil {
		t.Error("no key signed")
	}
	k := newKey(t, testLog)
	if _, err := k.Sign(record.Checkpoint{Log: "another"}); err == nil {
		t.Error("the key signed for another log")
	}
}

func TestOpenCheckpointFindsAnyChange(t *testing.T) {
	k := newKey(t, testLog)
	msg := must(k.Sign(record.Checkpoint{Log: testLog, Size: 3}))
	c := must(record.OpenCheckpoint(msg, k.Verifier()))
	for i := range msg {
		for bit := range 8 {
			bad := bytes.Clone(msg)
			bad[i] ^= 1 << bit
			if got, err := record.OpenCheckpoint(bad, k.Verifier()); err == nil && got != c {
				t.Errorf("bit %d of byte %d: %+v", bit, i, got)
			}
		}
	}
	if _, err := record.OpenCheckpoint(msg, newKey(t, testLog).Verifier()); err == nil {
		t.Error("another key opened it")
	}
	if _, err := record.OpenCheckpoint(msg, "x"); err == nil {
		t.Error("no key opened it")
	}
}

func BenchmarkGrow(b *testing.B) {
	v := &volume{}
	e := fullEnvelope()
	start := time.Now()
	for b.Loop() {
		stored, _, err := record.Grow(e.N-4711, e, v)
		if err != nil {
			b.Fatal(err)
		}
		v.hashes = append(v.hashes, stored...)
		e.N++
	}
	b.ReportMetric(float64(b.N)/time.Since(start).Seconds(), "entries/s")
}
