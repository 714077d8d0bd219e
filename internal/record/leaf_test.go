package record_test

import (
	"bytes"
	"crypto/sha256"
	"strings"
	"testing"
	"time"

	"dateline/internal/record"
	"dateline/internal/story"
)

func fullEnvelope() record.Envelope {
	at := time.Date(2024, 3, 22, 15, 11, 59, 123456000, time.UTC)
	return record.Envelope{Volume: 2, N: 4711, At: at, Kind: record.KindArticle, Form: 1, Class: story.Speaks,
		Desk: "a1b2c3d4e5", Acting: "f6g7h8j9k0", Subject: "m1n2p3q4r5", Part: "s6t7v8w9x0", Revision: 7, Prior: 4700,
		Decision: record.Decision{Road: story.ByPerson, Basis: record.UnderException(12), DeskEntry: 3,
			WindowStart: at.Add(time.Hour), WindowEnd: at.Add(26 * time.Hour), Almanac: "1", ZoneData: "2026a"},
		Commit: sha256.Sum256([]byte("words"))}
}

// What a leaf says is fixed for ever: other programs hash it too.
func TestLeaf(t *testing.T) {
	full := `dateline/1
volume 2
n 4711
at 1711120319123456
kind article
form 1
class speaks
desk a1b2c3d4e5
acting-desk f6g7h8j9k0
subject m1n2p3q4r5
part s6t7v8w9x0
revision 7
prior 4700
road person
basis exception 12
desk-entry 3
window-start 1711123919123456
window-end 1711213919123456
almanac 1
zonedata 2026a
commit dba36bffa5cab0f922d087a3aeb179f9d4e745df40b323e1b1471402848c8a3e
`
	minimal := `dateline/1
volume 1
n 1
at 1
kind volume
form 1
class house
desk -
acting-desk -
subject a
part -
revision -
prior -
road house
basis not judged
desk-entry -
window-start -
window-end -
almanac -
zonedata -
commit 0000000000000000000000000000000000000000000000000000000000000000
`
	if got := string(fullEnvelope().Leaf()); got != full {
		t.Errorf("got\n%s\nwant\n%s", got, full)
	}
	e := record.Envelope{Volume: 1, N: 1, At: time.UnixMicro(1), Kind: record.KindVolume, Form: 1, Class: story.Houses, Subject: "a",
		Decision: record.Decision{Road: story.ByHouse, Basis: record.NotJudged}}
	if got := string(e.Leaf()); got != minimal {
		t.Errorf("got\n%s\nwant\n%s", got, minimal)
	}
}

// textFields are the fields that hold words of a sort.
var textFields = []struct {
	name string
	set  func(e *record.Envelope, s string)
}{
	{"kind", func(e *record.Envelope, s string) { e.Kind = record.Kind(s) }},
	{"class", func(e *record.Envelope, s string) { e.Class = story.Class(s) }},
	{"desk", func(e *record.Envelope, s string) { e.Desk = story.DeskID(s) }},
	{"acting-desk", func(e *record.Envelope, s string) { e.Acting = story.DeskID(s) }},
	{"subject", func(e *record.Envelope, s string) { e.Subject = s }},
	{"part", func(e *record.Envelope, s string) { e.Part = s }},
	{"road", func(e *record.Envelope, s string) { e.Decision.Road = story.Road(s) }},
	{"basis", func(e *record.Envelope, s string) { e.Decision.Basis = record.Basis(s) }},
	{"almanac", func(e *record.Envelope, s string) { e.Decision.Almanac = s }},
	{"zonedata", func(e *record.Envelope, s string) { e.Decision.ZoneData = s }},
}

func TestNothingForgesALeaf(t *testing.T) {
	hostile := []string{"-", "a\nb", "a\r", "a\u0085b", "a\u2028b", "a\u2029b", " a", "a ", "a\tb", "a\x00", "a\vb", "\xff", "\ufeffa", "a\u202eb", "a\u00a0b"}
	for _, f := range textFields {
		for _, s := range hostile {
			e := fullEnvelope()
			f.set(&e, s)
			if leaf, err := e.SafeLeaf(); err == nil {
				t.Errorf("%s %q made a leaf:\n%s", f.name, s, leaf)
			}
		}
		for _, s := range []string{"ירושלים", "a b", "en-GB", "localhost:8080/record/1-0123456789", "--"} {
			e := fullEnvelope()
			f.set(&e, s)
			if leaf, err := e.SafeLeaf(); err != nil || !strings.Contains(string(leaf), "\n"+f.name+" "+s+"\n") {
				t.Errorf("%s %q: %v", f.name, s, err)
			}
		}
	}
	for _, at := range []time.Time{time.Unix(0, 1), time.Unix(1<<60, 0)} {
		e := fullEnvelope()
		e.At = at
		if _, err := e.SafeLeaf(); err == nil {
			t.Errorf("a leaf was made of an instant that it cannot hold: %d s %d ns", at.Unix(), at.Nanosecond())
		}
	}
	defer func() {
		if recover() == nil {
			t.Error("Leaf made a leaf that forges a field")
		}
	}()
	record.Envelope{Subject: "a\nb"}.Leaf()
}

// fields are all fields of an envelope, each with a way to change it.
func fields() map[string]func(e *record.Envelope) {
	all := map[string]func(e *record.Envelope){
		"volume":       func(e *record.Envelope) { e.Volume++ },
		"n":            func(e *record.Envelope) { e.N++ },
		"at":           func(e *record.Envelope) { e.At = e.At.Add(time.Microsecond) },
		"form":         func(e *record.Envelope) { e.Form++ },
		"revision":     func(e *record.Envelope) { e.Revision++ },
		"prior":        func(e *record.Envelope) { e.Prior++ },
		"desk-entry":   func(e *record.Envelope) { e.Decision.DeskEntry++ },
		"window-start": func(e *record.Envelope) { e.Decision.WindowStart = e.Decision.WindowStart.Add(time.Microsecond) },
		"window-end":   func(e *record.Envelope) { e.Decision.WindowEnd = e.Decision.WindowEnd.Add(time.Microsecond) },
	}
	for _, f := range textFields {
		all[f.name] = func(e *record.Envelope) { f.set(e, "x") }
	}
	for i := range 32 {
		all["commit"+string(rune('A'+i))] = func(e *record.Envelope) { e.Commit[i] ^= 1 << (i % 8) }
	}
	return all
}

func TestEveryFieldIsInTheLeaf(t *testing.T) {
	seen := map[string]string{string(fullEnvelope().Leaf()): "none"}
	for name, change := range fields() {
		e := fullEnvelope()
		change(&e)
		leaf := string(e.Leaf())
		if other, twice := seen[leaf]; twice {
			t.Errorf("a change of %s gives the leaf of a change of %s", name, other)
		}
		seen[leaf] = name
	}
}

// FuzzLeaf holds that a leaf can be read back, so that no two envelopes share one.
func FuzzLeaf(f *testing.F) {
	f.Add("article", "a\nb", "-", "not judged", int64(0), int64(-62135596800000000))
	f.Add("kind", "subject", "part", "open", int64(7), int64(1711120319123456))
	f.Fuzz(func(t *testing.T, kind, subject, part, basis string, n, at int64) {
		e := record.Envelope{N: n, Kind: record.Kind(kind), Subject: subject, Part: part, At: time.UnixMicro(at), Decision: record.Decision{Basis: record.Basis(basis)}}
		leaf, err := e.SafeLeaf()
		if err != nil {
			return
		}
		lines := bytes.Split(leaf, []byte("\n"))
		if len(lines) != 22 {
			t.Fatalf("%d lines", len(lines))
		}
		for at, want := range map[int]string{4: kind, 9: subject, 10: part, 14: basis} {
			_, got, _ := strings.Cut(string(lines[at]), " ")
			if got != want && !(got == "-" && want == "") {
				t.Errorf("line %d says %q for %q", at, got, want)
			}
		}
	})
}
