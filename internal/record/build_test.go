package record_test

import (
	"bytes"
	"context"
	"crypto/rand"
	"crypto/sha256"
	"fmt"
	"slices"
	"testing"
	"time"

	"golang.org/x/mod/sumdb/tlog"

	"dateline/internal/record"
	"dateline/internal/story"
)

// A volume is a record in slices, as a store would keep it.
type volume struct {
	number  int64 // 0 is the first
	before  int64 // the newest n known of the volume before it
	former  *volume
	key     record.Key
	entries []record.Entry
	hashes  []tlog.Hash
	signed  []record.SignedCheckpoint
	desks   map[story.DeskID]deskEntry
}

type deskEntry struct {
	n int64
	d record.Desk
}

func (v *volume) After(_ context.Context, n int64, limit int) ([]record.Entry, error) {
	from := slices.IndexFunc(v.entries, func(e record.Entry) bool { return e.N > n })
	if from < 0 {
		return nil, nil
	}
	return v.entries[from:min(from+limit, len(v.entries))], nil
}

func (v *volume) Hashes(_ context.Context, volume, from int64, limit int) ([]tlog.Hash, error) {
	if volume != max(v.number, 1) {
		return nil, nil
	}
	from = min(from, int64(len(v.hashes)))
	return v.hashes[from:min(from+int64(limit), int64(len(v.hashes)))], nil
}

func (v *volume) Checkpoints(_ context.Context, volume, size int64, limit int) ([]record.SignedCheckpoint, error) {
	if volume != max(v.number, 1) {
		return nil, nil
	}
	from := slices.IndexFunc(v.signed, func(c record.SignedCheckpoint) bool { return c.Size > size })
	if from < 0 {
		return nil, nil
	}
	return v.signed[from:min(from+limit, len(v.signed))], nil
}

func (v *volume) ReadHashes(indexes []int64) ([]tlog.Hash, error) {
	out := make([]tlog.Hash, len(indexes))
	for i, x := range indexes {
		if x >= int64(len(v.hashes)) {
			return nil, fmt.Errorf("hash %d is missing", x)
		}
		out[i] = v.hashes[x]
	}
	return out, nil
}

// copy is deep: a test may change any byte of it.
func (v *volume) copy() *volume {
	c := &volume{number: v.number, before: v.before, former: v.former, key: v.key, hashes: slices.Clone(v.hashes), desks: v.desks}
	for _, e := range v.entries {
		e.Salt, e.Content = slices.Clone(e.Salt), slices.Clone(e.Content)
		c.entries = append(c.entries, e)
	}
	for _, s := range v.signed {
		c.signed = append(c.signed, record.SignedCheckpoint{Size: s.Size, Note: slices.Clone(s.Note)})
	}
	return c
}

func newKey(t testing.TB, log string) record.Key {
	t.Helper()
	secret, err := record.NewKey(log, rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	k, err := record.ParseKey(secret)
	if err != nil {
		t.Fatal(err)
	}
	return k
}

// must is for what cannot fail in a record that the test itself writes.
func must[T any](x T, err error) T {
	if err != nil {
		panic(err)
	}
	return x
}

// add appends what e begins: number, prior, decision, salt and commitment are filled in.
func (v *volume) add(e record.Entry, content any) int64 {
	size := int64(len(v.entries))
	e.Volume, e.N, e.Form = max(v.number, 1), v.before+size+1, record.Form
	for w := v; w != nil && e.Prior == 0; w = w.former {
		for _, before := range w.entries {
			if before.Subject == e.Subject && before.Part == e.Part {
				e.Prior = before.N
			}
		}
	}
	v.decide(&e)
	salt := sha256.Sum256([]byte(fmt.Sprint("salt", e.N)))
	e.Salt, e.Content = salt[:], must(record.Encode(content))
	e.Commit = record.CommitTo(e.Salt, e.Content)
	if d, ok := content.(record.Desk); ok {
		v.desks[story.DeskID(e.Subject)] = deskEntry{e.N, d}
	}
	v.entries = append(v.entries, e)
	stored, _, err := record.Grow(size, e.Envelope, v)
	if err != nil {
		panic(err)
	}
	v.hashes = append(v.hashes, stored...)
	return e.N
}

func (v *volume) decide(e *record.Entry) {
	d := &e.Decision
	if e.Class == story.Houses {
		*d = record.Decision{Road: story.ByHouse, Basis: record.NotJudged}
		return
	}
	if d.Road == "" {
		d.Road = story.ByPerson
	}
	if d.Basis == "" {
		d.Basis = record.Open
	}
	if e.Class == story.Silences {
		d.Basis = record.NotJudged
	}
	desk := v.desks[e.Desk]
	d.DeskEntry, d.Almanac, d.ZoneData = desk.n, desk.d.Almanac, desk.d.ZoneData
	for _, w := range desk.d.Windows {
		if e.At.Before(w.End) {
			d.WindowStart, d.WindowEnd = w.Start, w.End
			return
		}
	}
}

// sign covers all entries so far, as each commit does.
func (v *volume) sign() {
	size := int64(len(v.entries))
	root := must(tlog.TreeHash(size, v))
	note := must(v.key.Sign(record.Checkpoint{Log: v.key.Log(), Size: size, Root: root}))
	v.signed = append(v.signed, record.SignedCheckpoint{Size: size, Note: note})
}

// rehash makes the whole record fit its changed entries, signed by a key.
func (v *volume) rehash(k record.Key) {
	all, sizes := v.entries, v.signed
	v.entries, v.hashes, v.signed, v.key = nil, nil, nil, k
	for i, e := range all {
		if e.Content != nil {
			e.Commit = record.CommitTo(e.Salt, e.Content)
		}
		v.entries = append(v.entries, e)
		stored, _, err := record.Grow(int64(i), e.Envelope, v)
		if err != nil {
			panic(err)
		}
		v.hashes = append(v.hashes, stored...)
		if slices.ContainsFunc(sizes, func(s record.SignedCheckpoint) bool { return s.Size == int64(i)+1 }) {
			v.sign()
		}
	}
}

const (
	jerusalem = story.DeskID("jrs")
	newYork   = story.DeskID("nyc")
	testLog   = "localhost:8080/record/1-0123456789"
)

// friday is two hours before the first desk's rest.
var friday = time.Date(2024, 3, 22, 13, 12, 0, 0, time.UTC)

func desk(slug string, start, end time.Time) record.Desk {
	d := record.Desk{Slug: slug, Names: record.Words{"en": slug}, Place: record.Place{City: record.Words{"en": slug}, Zone: "UTC"},
		From: friday.AddDate(0, 0, -8), Horizon: friday.AddDate(0, 0, 400), Almanac: "1", ZoneData: "2026a"}
	for week := range 3 {
		d.Windows = append(d.Windows, record.Window{Start: start.AddDate(0, 0, 7*week), End: end.AddDate(0, 0, 7*week), Name: "Shabbat", Rule: "test"})
	}
	return d
}

func article(change record.Change, headline string) record.Article {
	return record.Article{Text: story.Text{Type: story.Report, Slug: "bridge", Lang: "en", Section: "news", Headline: headline,
		Doc: story.Doc{{ID: "00000000", Kind: story.Paragraph, Spans: []story.Span{{Text: "The bridge is open."}}}}}, Change: change, Material: true}
}

// fixedKey is the same key each time, so that a fuzzer meets the same record.
func fixedKey(t testing.TB) record.Key {
	t.Helper()
	k, err := record.ParseKey(must(record.NewKey(testLog, bytes.NewReader(make([]byte, 1000)))))
	if err != nil {
		t.Fatal(err)
	}
	return k
}

// build writes a record of every kind that is known, with each way in which words go.
func build(t testing.TB) *volume {
	t.Helper()
	v := &volume{key: fixedKey(t), desks: map[story.DeskID]deskEntry{}}
	at := friday
	put := func(kind record.Kind, class story.Class, d story.DeskID, subject, part string, content any) int64 {
		at = at.Add(time.Second + time.Microsecond)
		e := record.Entry{Envelope: record.Envelope{At: at, Kind: kind, Class: class, Desk: d, Subject: subject, Part: part}}
		if kind == record.KindArticle {
			e.Revision = 1
		}
		return v.add(e, content)
	}
	speak := func(kind record.Kind, d story.DeskID, subject string, content any) int64 {
		return put(kind, story.Speaks, d, subject, "", content)
	}
	put(record.KindVolume, story.Houses, "", testLog, "", record.Volume{Log: testLog, Key: v.key.Verifier(), Cause: "first"})
	house := put(record.KindHouse, story.Houses, "", "house", "", record.House{Names: record.Words{"en": "The Ledger"}, Languages: []string{"en"}, Arranged: true})
	v.sign()
	put(record.KindDesk, story.Houses, jerusalem, string(jerusalem), "", desk("jerusalem", friday.Add(2*time.Hour), friday.Add(27*time.Hour)))
	put(record.KindDesk, story.Houses, newYork, string(newYork), "", desk("new-york", friday.Add(10*time.Hour), friday.Add(35*time.Hour)))
	v.sign()
	speak(record.KindPerson, jerusalem, "person0001", record.Person{Slug: "dana", Names: record.Words{"en": "Dana"}})
	speak(record.KindArticle, jerusalem, "art0000001", article(record.Posted, "Bridge opens"))
	speak(record.KindArticle, jerusalem, "art0000001", article(record.Updated, "Bridge open"))
	speak(record.KindFront, jerusalem, "en", record.Front{Lang: "en", Rest: "newest"})
	speak(record.KindPicture, jerusalem, "pic0000001", record.Picture{Caption: "The bridge"})
	put(record.KindPicture, story.Silences, jerusalem, "pic0000001", "", record.Picture{Withdrawn: true})
	put(record.KindWithdraw, story.Silences, jerusalem, "art0000001", "", record.Withdraw{Note: "In error."})
	v.sign()
	speak(record.KindArticle, jerusalem, "art0000001", article(record.Reinstated, "Bridge open"))
	kill := put(record.KindKill, story.Silences, jerusalem, "art0000001", "", record.Kill{Withheld: []int64{6, 7, 11, 12}})
	for _, n := range []int64{6, 7, 11, 12} {
		v.entries[n-1].GoneBy = kill
	}
	speak(record.KindArticle, newYork, "art0000002", article(record.Posted, "A name by mistake"))
	erased := []int64{14, 6}
	erase := put(record.KindErase, story.Silences, newYork, "art0000002", "", record.Erase{Destroyed: erased, Wording: "By order of a court.", Ordered: "2024-03-22"})
	for _, n := range erased {
		e := &v.entries[n-1]
		e.GoneBy, e.Salt, e.Content = erase, nil, nil
	}
	v.sign()
	rest := friday.Add(2 * time.Hour)
	at = rest
	put(record.KindDuty, story.Houses, jerusalem, string(jerusalem), "", record.Duty{Window: record.Window{Start: rest, End: rest.Add(25 * time.Hour)}, Follows: []story.DeskID{newYork}})
	exception := put(record.KindException, story.Houses, jerusalem, string(jerusalem), "art0000003",
		record.Exception{Desk: jerusalem, Article: "art0000003", From: at, Until: at.Add(time.Hour), Wording: "Danger to life."})
	speakUnder := func(subject string, road story.Road, basis record.Basis) {
		at = at.Add(time.Second)
		e := record.Envelope{At: at, Kind: record.KindArticle, Class: story.Speaks, Desk: jerusalem, Subject: subject, Revision: 1}
		e.Decision.Road, e.Decision.Basis = road, basis
		v.add(record.Entry{Envelope: e}, article(record.Posted, "Sirens"))
	}
	speakUnder("art0000003", story.ByPerson, record.UnderException(exception))
	speakUnder("art0000004", story.BySchedule, record.UnderOrder(house))
	v.sign()
	for i := range 40 {
		speak(record.KindArticle, newYork, fmt.Sprintf("art000%04d", 100+i%7), article(record.Updated, fmt.Sprint("Line ", i)))
		if i%4 == 3 {
			v.sign()
		}
	}
	put(record.KindDuty, story.Houses, jerusalem, string(jerusalem), "", record.Duty{Open: true})
	v.sign()
	return v
}

func verify(t testing.TB, v *volume, o record.VerifyOptions) record.Report {
	t.Helper()
	r, err := record.Verify(context.Background(), v, o)
	if err != nil {
		t.Fatal(err)
	}
	if (r.Proved == "") != (len(r.Problems) > 0) {
		t.Fatalf("a report with %d problems says %q", len(r.Problems), r.Proved)
	}
	return r
}
