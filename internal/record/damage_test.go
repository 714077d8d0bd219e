package record_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"golang.org/x/mod/sumdb/tlog"

	"dateline/internal/record"
	"dateline/internal/story"
)

// wantFound fails unless a check finds something, at entry n if n is not 0.
func wantFound(t *testing.T, v *volume, o record.VerifyOptions, n int64, name string, a ...any) record.Report {
	t.Helper()
	r := verify(t, v, o)
	if len(r.Problems) == 0 {
		t.Errorf("%s: nothing was found", fmt.Sprintf(name, a...))
	} else if n != 0 && !slices.ContainsFunc(r.Problems, func(p record.Problem) bool { return p.N == n }) {
		t.Errorf("%s: not found at entry %d: %v", fmt.Sprintf(name, a...), n, r.Problems)
	}
	return r
}

func TestVerifyFindsEveryChangedField(t *testing.T) {
	v := build(t)
	for i := range v.entries {
		for name, change := range fields() {
			was := v.entries[i]
			change(&v.entries[i].Envelope)
			wantFound(t, v, record.VerifyOptions{}, v.entries[i].N, "%s of entry %d", name, was.N)
			v.entries[i] = was
		}
	}
}

func TestVerifyFindsEveryFlippedByte(t *testing.T) {
	v := build(t)
	flip := func(what string, b []byte, step int) {
		for i := 0; i < len(b); i += step {
			b[i] ^= 1 << (i % 8)
			wantFound(t, v, record.VerifyOptions{}, 0, "byte %d of %s", i, what)
			b[i] ^= 1 << (i % 8)
		}
	}
	for i := range v.entries {
		flip(fmt.Sprint("content ", i+1), v.entries[i].Content, 17)
		flip(fmt.Sprint("salt ", i+1), v.entries[i].Salt, 5)
	}
	for i := range v.hashes {
		flip(fmt.Sprint("hash ", i), v.hashes[i][:], 11)
	}
	note := v.signed[2].Note
	for i := range note { // each bit: base64 has some that no signature covers
		for bit := range 8 {
			note[i] ^= 1 << bit
			wantFound(t, v, record.VerifyOptions{}, 0, "bit %d of byte %d of a checkpoint", bit, i)
			note[i] ^= 1 << bit
		}
	}
	if r := verify(t, v, record.VerifyOptions{}); len(r.Problems) > 0 {
		t.Fatal("the test did not put back what it changed:", r.Problems)
	}
}

// A damage is done to a record that was good; at names an entry where it must show (0:
// anywhere), and says what must be said of it.
type damage struct {
	name string
	at   int64
	says string
	do   func(v *volume)
}

var damages = []damage{
	{"an entry is removed", 31, "number 31 follows 29", func(v *volume) { v.entries = slices.Delete(v.entries, 29, 30) }},
	{"the first entry is removed", 2, "begins with a volume entry", func(v *volume) { v.entries = v.entries[1:] }},
	{"two entries are swapped, rows and all", 31, "number 31 follows 32", func(v *volume) { v.entries[30], v.entries[31] = v.entries[31], v.entries[30] }},
	{"two entries exchange numbers", 32, "the tree holds another line", func(v *volume) {
		a, b := &v.entries[30], &v.entries[31]
		a.N, b.N = b.N, a.N
		*a, *b = *b, *a
	}},
	{"an entry comes twice", 31, "number 31 follows 31", func(v *volume) { v.entries = slices.Insert(v.entries, 31, v.entries[30]) }},
	{"the last entry is cut off", 59, "the tree goes on", func(v *volume) { v.entries = v.entries[:59] }},
	{"the last entry and its hashes are cut off", 59, "covers 60 entries, and there are 59", func(v *volume) {
		v.entries, v.hashes = v.entries[:59], v.hashes[:tlog.StoredHashIndex(0, 59)]
	}},
	{"all entries are cut off", 0, "the tree goes on", func(v *volume) { v.entries = nil }},
	{"all hashes are cut off", 1, "hashes of the tree end", func(v *volume) { v.hashes = nil }},
	{"a hash is cut out", 0, "a hash of the tree", func(v *volume) { v.hashes = slices.Delete(v.hashes, 50, 51) }},
	{"a hash is added", 60, "the tree goes on", func(v *volume) { v.hashes = append(v.hashes, tlog.Hash{}) }},
	{"the last checkpoint is cut off", 60, "covers 59 entries of 60", func(v *volume) { v.signed = v.signed[:len(v.signed)-1] }},
	{"all checkpoints are cut off", 60, "covers 0 entries of 60", func(v *volume) { v.signed = nil }},
	{"a checkpoint says another size", 0, "of 12 entries says 11", func(v *volume) { v.signed[2].Size++ }},
	{"a checkpoint reaches beyond", 60, "covers 61 entries", func(v *volume) { v.signed = append(v.signed, record.SignedCheckpoint{Size: 61}) }},
	{"checkpoints do not rise", 0, "of 11 entries says 15", func(v *volume) { v.signed[3].Size = v.signed[2].Size }},
	{"a cosignature is added", 0, "not as it was signed", func(v *volume) { v.signed[2].Note = append(v.signed[2].Note, "— x AAAAAAAA\n"...) }},
	{"a line is back-dated and all hashed anew", 0, "signs another tree", func(v *volume) {
		v.entries[40].At = v.entries[39].At.Add(time.Microsecond)
		signed := v.signed
		v.rehash(v.key)
		v.signed = signed
	}},
	{"an instant is that of the one before", 41, "not later than the one before", func(v *volume) { v.entries[40].At = v.entries[39].At; v.rehash(v.key) }},
	{"gone by a later entry that does not name it", 30, "gone by 31, which does not", func(v *volume) { v.entries[29].GoneBy = 31 }},
	{"gone by an earlier entry", 30, "gone by 13, which cannot", func(v *volume) { v.entries[29].GoneBy = 13 }},
	{"gone by an entry that is not there", 30, "which does not take it back", func(v *volume) { v.entries[29].GoneBy = 1 << 40 }},
	{"gone by less than nothing", 30, "gone by -1, which cannot", func(v *volume) { v.entries[29].GoneBy = -1 }},
	{"gone no more", 7, "not marked as gone", func(v *volume) { v.entries[6].GoneBy = 0 }},
	{"a kill is gone", 13, "gone by 15, which cannot", func(v *volume) { v.entries[12].GoneBy = 15 }},
	{"a desk is gone", 3, "gone by 15, which cannot", func(v *volume) { v.entries[2].GoneBy = 15; v.entries[2].Content = nil; v.entries[2].Salt = nil }},
	{"content is gone that was only withheld", 7, "does not show that", func(v *volume) { v.entries[6].Content, v.entries[6].Salt = nil, nil }},
	{"content is gone, and nothing says so", 30, "nothing says that it was erased", func(v *volume) { v.entries[29].Content, v.entries[29].Salt = nil, nil }},
	{"a salt outlives its content", 14, "its salt was kept", func(v *volume) { v.entries[13].Salt = []byte("x") }},
	{"what was erased is there", 14, "does not show that", func(v *volume) {
		e := v.entries[29]
		v.entries[13].Content, v.entries[13].Salt, v.entries[13].Commit = e.Content, e.Salt, e.Commit
		v.rehash(v.key)
	}},
	{"a salt is short", 30, "not what was committed to", func(v *volume) { v.entries[29].Salt = []byte("x"); v.rehash(v.key) }},
	{"content is no JSON", 30, "cannot be read", func(v *volume) { v.entries[29].Content = []byte("{"); v.rehash(v.key) }},
	{"content is that of another kind", 8, "cannot be read", func(v *volume) { v.entries[7].Content = []byte(`{"places":7}`); v.rehash(v.key) }},
	{"a desk's windows are in disorder", 3, "cannot be read", func(v *volume) {
		d := must(record.Decode[record.Desk](v.entries[2]))
		slices.Reverse(d.Windows)
		v.entries[2].Content = must(record.Encode(d))
		v.rehash(v.key)
	}},
	{"a desk's windows move", 6, "does not name the window", func(v *volume) {
		d := must(record.Decode[record.Desk](v.entries[2]))
		d.Windows[0].Start = d.Windows[0].Start.Add(time.Second)
		v.entries[2].Content = must(record.Encode(d))
		v.rehash(v.key)
	}},
	{"a kind that nobody knows", 30, "is not known here", func(v *volume) { v.entries[29].Kind = "advertisement"; v.rehash(v.key) }},
	{"an article of the house", 30, "of class", func(v *volume) { v.entries[29].Class = story.Houses; v.rehash(v.key) }},
	{"an article that silences", 30, "of class", func(v *volume) {
		v.entries[29].Class, v.entries[29].Decision.Basis = story.Silences, record.NotJudged
		v.rehash(v.key)
	}},
	{"an article that was not judged", 30, "does not let it pass", func(v *volume) { v.entries[29].Decision.Basis = record.NotJudged; v.rehash(v.key) }},
	{"a kill that was judged", 13, "is not judged, but its basis", func(v *volume) { v.entries[12].Decision.Basis = record.Open; v.rehash(v.key) }},
	{"a form to come", 30, "form 2", func(v *volume) { v.entries[29].Form = 2; v.rehash(v.key) }},
	{"an article of no revision", 30, "revision 0", func(v *volume) { v.entries[29].Revision = 0; v.rehash(v.key) }},
	{"a revision below nothing", 8, "revision -1", func(v *volume) { v.entries[7].Revision = -1; v.rehash(v.key) }},
	{"no subject", 60, "no subject", func(v *volume) { v.entries[59].Subject = ""; v.rehash(v.key) }},
	{"a road that nobody knows", 30, "no road", func(v *volume) { v.entries[29].Decision.Road = "sea"; v.rehash(v.key) }},
	{"a desk that nobody knows", 30, "not known yet", func(v *volume) { v.entries[29].Desk = "xyz"; v.rehash(v.key) }},
	{"another volume", 30, "of volume 2", func(v *volume) { v.entries[29].Volume = 2; v.rehash(v.key) }},
	{"another kind of prior", 30, "names 1 as the entry before", func(v *volume) { v.entries[29].Prior = 1; v.rehash(v.key) }},
	{"an older desk entry", 30, "not judged by entry 4", func(v *volume) { v.entries[29].Decision.DeskEntry = 3; v.rehash(v.key) }},
	{"another almanac", 30, "not judged by entry 4", func(v *volume) { v.entries[29].Decision.Almanac = "2"; v.rehash(v.key) }},
	{"other zone data", 30, "not judged by entry 4", func(v *volume) { v.entries[29].Decision.ZoneData = "2019a"; v.rehash(v.key) }},
	{"another window", 30, "does not name the window", func(v *volume) {
		d := &v.entries[29].Decision
		d.WindowStart, d.WindowEnd = d.WindowStart.AddDate(0, 0, 7), d.WindowEnd.AddDate(0, 0, 7)
		v.rehash(v.key)
	}},
	{"a house that was judged by a desk", 16, "not judged by entry 0", func(v *volume) { v.entries[15].Decision.DeskEntry = 3; v.rehash(v.key) }},
	{"a volume in the midst", 30, "in the midst", func(v *volume) {
		v.entries[29].Kind, v.entries[29].Class = record.KindVolume, story.Houses
		v.rehash(v.key)
	}},
	{"a volume that is named otherwise within", 1, "not that of its log", func(v *volume) {
		v.entries[0].Content = must(record.Encode(record.Volume{Log: "elsewhere", Key: v.key.Verifier()}))
		v.rehash(v.key)
	}},
	{"a volume with the key of another log", 1, "not that of its log", func(v *volume) {
		v.entries[0].Subject = "elsewhere"
		v.entries[0].Content = must(record.Encode(record.Volume{Log: "elsewhere", Key: v.key.Verifier()}))
		v.rehash(v.key)
	}},
	{"an erased entry that another erased again", 14, "erased it, but it is marked as gone by 20", func(v *volume) { v.entries[13].GoneBy = 20 }},
	{"a duty is gone by a kill that names it", 16, "which cannot take it back", func(v *volume) {
		v.entries[15].GoneBy = 18
		v.entries[17].Kind, v.entries[17].Class, v.entries[17].Content = record.KindKill, story.Silences, []byte(`{"withheld":[16]}`)
		v.rehash(v.key)
	}},
	{"a kill names itself", 13, "which cannot take it back", func(v *volume) {
		v.entries[12].GoneBy, v.entries[12].Content = 13, []byte(`{"withheld":[6,7,11,12,13]}`)
		v.rehash(v.key)
	}},
	{"an article is gone by itself", 30, "gone by 30, which cannot", func(v *volume) { v.entries[29].GoneBy = 30 }},
	{"a volume of another log", 1, "not that of its log", func(v *volume) { v.entries[0].Subject = "elsewhere"; v.rehash(v.key) }},
	{"a volume with a key that is none", 1, "that it names is none", func(v *volume) {
		v.entries[0].Content = must(record.Encode(record.Volume{Log: testLog, Key: "none"}))
		v.rehash(v.key)
	}},
	{"a record that begins late", 0, "begins with number 6", func(v *volume) {
		for i := range v.entries {
			v.entries[i].N += 5
		}
		v.rehash(v.key)
	}},
}

func TestVerifyFindsDamage(t *testing.T) {
	good := build(t)
	for _, d := range damages {
		v := good.copy()
		d.do(v)
		r := wantFound(t, v, record.VerifyOptions{}, d.at, "%s", d.name)
		if !slices.ContainsFunc(r.Problems, func(p record.Problem) bool {
			return (d.at == 0 || p.N == d.at) && strings.Contains(p.What, d.says)
		}) {
			t.Errorf("%s: nothing says %q: %v", d.name, d.says, r.Problems)
		}
	}
}

// One fault is one problem, or few, where it is; the rest of the record stays readable.
func TestVerifyNamesTheFaultAlone(t *testing.T) {
	good := build(t)
	for _, name := range []string{"an entry is removed", "gone no more", "an older desk entry", "a salt is short"} {
		i := slices.IndexFunc(damages, func(d damage) bool { return d.name == name })
		v := good.copy()
		damages[i].do(v)
		if r := verify(t, v, record.VerifyOptions{}); len(r.Problems) > 3 {
			t.Errorf("%s: %d problems: %v", name, len(r.Problems), r.Problems)
		}
	}
}
