package live

import (
	"runtime"
	"strings"
	"testing"
)

// heap is how many bytes are in use.
func heap() uint64 {
	runtime.GC()
	var m runtime.MemStats
	runtime.ReadMemStats(&m)
	return m.HeapAlloc
}

func TestIDs(t *testing.T) {
	for text, want := range map[string]ID{"1-0": {1, 0}, "3-1234": {3, 1234}} {
		if got, ok := ParseID(text); !ok || got != want || got.String() != text {
			t.Errorf("%s: %v %v", text, got, ok)
		}
	}
	for _, text := range []string{"", "-", "1", "1-", "-1", "1--1", "0-1", "01-1", "1-01", "+1-1", "1-1 ", "1-1-1", "1-9223372036854775808", "a-b", strings.Repeat("9", 1<<20), "1-" + strings.Repeat("0", 1<<20)} {
		if got, ok := ParseID(text); ok {
			t.Errorf("%.40q is read as %v", text, got)
		}
	}
}

func TestFrames(t *testing.T) {
	f := frameOf("1-2", "article", []byte("{\n\"a\":\r1}"))
	if string(f.bytes) != "id: 1-2\nevent: article\ndata: { \"a\": 1}\n\n" || string(f.data) != `{ "a": 1}` {
		t.Errorf("%q %q", f.bytes, f.data)
	}
	if f := frameOf("", "article", []byte(strings.Repeat("x", MaxData+1))); string(f.bytes) != "event: article\ndata: {}\n\n" {
		t.Errorf("too much data: %.50q", f.bytes)
	}
}
