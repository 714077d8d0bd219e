package record_test

import (
	"bytes"
	"encoding/json"
	"strings"
	"testing"
	"time"

	"dateline/internal/record"
	"dateline/internal/story"
)

// full is an entry of which every field says something.
func full() record.Entry {
	at := time.Date(2024, 3, 22, 15, 5, 0, 7000, time.UTC)
	e := record.Entry{Envelope: record.Envelope{Volume: 2, N: 90, At: at, Kind: record.KindArticle, Form: 1, Class: story.Speaks, Desk: "desk-a", Acting: "desk-b",
		Subject: "0123456789", Part: "entry-1", Revision: 4, Prior: 88, Decision: record.Decision{Road: story.BySchedule, Basis: record.UnderOrder(3), DeskEntry: 5,
			WindowStart: at.Add(time.Hour), WindowEnd: at.Add(26 * time.Hour), Almanac: "1.2", ZoneData: "2026a עברית"}},
		Salt: bytes.Repeat([]byte{7}, record.SaltLength), Content: []byte(`{"headline":"<Ferry & \u2028 bridge>"}`)}
	e.Commit = record.CommitTo(e.Salt, e.Content)
	return e
}

func TestALeafIsReadAsItWasWritten(t *testing.T) {
	for _, e := range []record.Envelope{full().Envelope, {Volume: 1, N: 1, Kind: record.KindVolume}, {At: time.UnixMicro(0).UTC()}} {
		got, err := record.ParseLeaf(e.Leaf())
		if err != nil || got != e {
			t.Errorf("%+v\n%+v %v", e, got, err)
		}
	}
}

func TestOnlyALeafIsRead(t *testing.T) {
	leaf := string(full().Leaf())
	for name, bad := range map[string]string{
		"nothing": "", "another form": strings.Replace(leaf, "dateline/1", "dateline/2", 1), "a line more": leaf + "x y\n", "cut": leaf[:len(leaf)-1],
		"a line less": strings.Replace(leaf, "part entry-1\n", "", 1), "two in a line": strings.Replace(leaf, "part entry-1\n", "part entry-1 ", 1),
		"another order": strings.Replace(leaf, "kind article\nform 1\n", "form 1\nkind article\n", 1), "a plus": strings.Replace(leaf, "n 90", "n +90", 1),
		"a zero before": strings.Replace(leaf, "n 90", "n 090", 1), "a zero for none": strings.Replace(leaf, "prior 88", "prior 0", 1), "capitals": strings.ToUpper(leaf),
		"a name doubled": strings.Replace(leaf, "desk desk-a", "desk desk desk-a", 1) + "-", "too far": strings.Replace(leaf, "n 90", "n 9223372036854775808", 1),
		"a short commitment": leaf[:len(leaf)-3] + "\n", "endless": "dateline/1\n" + strings.Repeat("x", record.MaxLeaf), "no date": strings.Replace(leaf, "at 1", "at 99999999999999", 1),
		"two lines ended": strings.Replace(leaf, "\n", "\r\n", 3), "form of 40 bits": strings.Replace(leaf, "form 1\n", "form 1.0\n", 1),
	} {
		if e, err := record.ParseLeaf([]byte(bad)); err == nil {
			t.Errorf("%s is read as a leaf: %+v", name, e)
		}
	}
}

func TestALineIsReadAsItWasWritten(t *testing.T) {
	e := full()
	b, err := record.AppendLine(nil, e)
	if err != nil || bytes.Count(b, []byte("\n")) != 1 {
		t.Fatalf("%s %v", b, err)
	}
	got, err := record.ParseLine(b)
	if err != nil || got.Envelope != e.Envelope || !bytes.Equal(got.Content, e.Content) || !bytes.Equal(got.Salt, e.Salt) {
		t.Errorf("%+v %v", got, err)
	}
	e.GoneBy = 95 // killed: the house still has the words
	if b, err = record.AppendLine(nil, e); err != nil || bytes.Contains(b, []byte("content")) || bytes.Contains(b, []byte("salt")) {
		t.Errorf("%s %v", b, err)
	}
	if got, err = record.ParseLine(b); err != nil || got.GoneBy != 95 || got.Content != nil {
		t.Errorf("%+v %v", got, err)
	}
}

func TestALineThatDoesNotKeepItsWordIsRefused(t *testing.T) {
	whole, err := record.AppendLine(nil, full())
	if err != nil {
		t.Fatal(err)
	}
	change := func(set func(map[string]any)) string {
		var m map[string]any
		if err := json.Unmarshal(whole, &m); err != nil {
			t.Fatal(err)
		}
		set(m)
		b, err := json.Marshal(m)
		if err != nil {
			t.Fatal(err)
		}
		return string(b)
	}
	for name, bad := range map[string]string{
		"no JSON": "x", "cut": string(whole[:len(whole)-5]), "other words": change(func(m map[string]any) { m["content"] = "e30=" }),
		"no salt": change(func(m map[string]any) { delete(m, "salt") }), "no words": change(func(m map[string]any) { delete(m, "content") }),
		"gone, and there": change(func(m map[string]any) { m["goneBy"] = 95 }), "no leaf": change(func(m map[string]any) { delete(m, "leaf") }),
		"gone by itself": change(func(m map[string]any) { delete(m, "content"); delete(m, "salt"); m["goneBy"] = 90 }),
		"gone before":    change(func(m map[string]any) { delete(m, "content"); delete(m, "salt"); m["goneBy"] = -1 }),
	} {
		if e, err := record.ParseLine([]byte(bad)); err == nil {
			t.Errorf("%s: %+v", name, e)
		}
	}
}

// FuzzParseLine: what is read is written again with the same leaf.
func FuzzParseLine(f *testing.F) {
	whole, _ := record.AppendLine(nil, full())
	f.Add(whole)
	f.Add([]byte(`{"leaf":"dateline/1\n"}`))
	f.Fuzz(func(t *testing.T, b []byte) {
		e, err := record.ParseLine(b)
		if err != nil {
			return
		}
		again, err := record.AppendLine(nil, e)
		if err != nil {
			t.Fatal(err)
		}
		if same, err := record.ParseLine(again); err != nil || same.Envelope != e.Envelope {
			t.Errorf("%+v\n%+v %v", e, same, err)
		}
	})
}

func TestALogTellsItsVolume(t *testing.T) {
	for name, want := range map[string]int64{"paper.example/record/1-0123456789": 1, "localhost:8080/record/12-abc": 12,
		"paper.example/record/01-x": 0, "paper.example/record/x-y": 0, "paper.example/record/1": 0, "paper.example": 0, "": 0, "a/record/-1-x": 0} {
		if n, err := record.VolumeOf(name); n != want || (err == nil) != (want > 0) {
			t.Errorf("%q is of volume %d, %v", name, n, err)
		}
	}
}
