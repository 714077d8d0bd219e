package places

import (
	"bytes"
	"compress/gzip"
	"io"
	"strings"
	"testing"
)

// TestIndex: every name leads to its city, folded as Fold does it today.
func TestIndex(t *testing.T) {
	g := built()
	names := map[string]bool{}
	for i := range g.ends {
		key := g.key(i)
		if key == "" || i > 0 && (key < g.key(i-1) || key == g.key(i-1) && g.of[i] <= g.of[i-1]) {
			t.Fatalf("entry %d, %q, is out of order", i, key)
		}
		if g.primary[i] {
			names[g.cities[g.of[i]].ID+key] = true
		}
	}
	for i, c := range g.cities {
		if !names[c.ID+Fold(c.Name)] || c.Hebrew != "" && !names[c.ID+Fold(c.Hebrew)] {
			t.Errorf("the index lacks %s, %s", c, c.Hebrew)
		}
		if g.regions[i] != Fold(c.Region) {
			t.Errorf("%s: region %q", c, g.regions[i])
		}
		if g.countries[c.Country] == "" {
			t.Errorf("%s: its country has no name", c)
		}
	}
}

// TestUnpackRefuses: whatever is cut off or changed is an error, and no panic.
func TestUnpackRefuses(t *testing.T) {
	z, err := gzip.NewReader(bytes.NewReader(packed))
	if err != nil {
		t.Fatal(err)
	}
	body, err := io.ReadAll(z)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := decode(body); err != nil {
		t.Fatal(err)
	}
	for i := range 20 {
		if _, err := decode(body[:len(body)*i/20]); err == nil {
			t.Errorf("%d/20 of it are taken for the whole", i)
		}
	}
	if _, err := decode(append(bytes.Clone(body), 0)); err == nil {
		t.Error("a byte too many is not noticed")
	}
	for i := range 97 {
		at := len(body) * i / 97
		body[at] ^= 0xff
		_, _ = decode(body) // no checksum here, so it may be taken, but never panics
		body[at] ^= 0xff
	}
	sum := bytes.Clone(packed)
	sum[len(sum)-5] ^= 1
	for _, b := range [][]byte{nil, []byte("cities"), packed[:len(packed)/2], packed[:len(packed)-1], sum} {
		if _, err := unpack(b); err == nil {
			t.Errorf("%d bytes are taken", len(b))
		}
	}
}

func TestDistance(t *testing.T) {
	for _, c := range []struct {
		a, b       string
		most, want int
	}{
		{"", "", 3, 0}, {"abc", "abc", 0, 0}, {"abc", "abd", 3, 1}, {"abc", "ac", 3, 1}, {"ac", "abc", 3, 1}, {"abc", "", 3, 3},
		{"", "abc", 3, 3}, {"kitten", "sitting", 3, 3}, {"kitten", "sitting", 2, 3}, {"ירושלים", "ירושלימ", 3, 1}, {"abcdef", "uvwxyz", 2, 3},
	} {
		if got := distance([]rune(c.a), []rune(c.b), c.most); got != c.want {
			t.Errorf("%s, %s, at most %d: %d, want %d", c.a, c.b, c.most, got, c.want)
		}
	}
}

// FuzzSearch: whatever is typed, at most limit cities come, each once, and each has a
// name that begins as one of the readings of the query.
func FuzzSearch(f *testing.F) {
	for _, q := range []string{"", "jeru", "ירו", "paris, tex", "st. l", "a,b,c", "תל־אביב", "\xff", "a b c d e f g h", "İ", "ﬃ", "\u0301a", ",,,", "צה״ל"} {
		f.Add(q, 10)
	}
	g := built()
	keys := make([][]string, len(g.cities))
	for i := range g.ends {
		keys[g.of[i]] = append(keys[g.of[i]], g.key(i))
	}
	f.Fuzz(func(t *testing.T, query string, limit int) {
		found := Search(query, limit)
		if len(found) > max(0, min(limit, maxLimit)) {
			t.Fatalf("%d cities, limit %d", len(found), limit)
		}
		seen := map[string]bool{}
		for _, c := range found {
			if seen[c.ID] {
				t.Fatalf("%s comes twice", c)
			}
			seen[c.ID] = true
			if !begins(keys[g.byID[c.ID]], readings(query)) {
				t.Fatalf("%q led to %s", query, c)
			}
		}
		if folded := Fold(query); Fold(folded) != folded {
			t.Fatalf("%q folds to %q, and that to %q", query, folded, Fold(folded))
		}
		if c, err := Find(query); err == nil && c.Name == "" || err != nil && strings.Contains(err.Error(), "\n") {
			t.Fatalf("%q: %v, %v", query, c, err)
		}
	})
}

func begins(keys []string, all []reading) bool {
	for _, q := range all {
		for _, key := range keys {
			if strings.HasPrefix(key, q.name) {
				return true
			}
		}
	}
	return false
}
