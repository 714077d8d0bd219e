// Package editiontest makes records for tests: a record.Source that a test writes by hand,
// and a small house on a Friday afternoon. No clock is read and nothing is random, so that
// the same house has the same bytes each time.
package editiontest

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"image"
	"image/color"
	"image/jpeg"
	"io/fs"
	"sync"
	"testing"
	"time"

	"dateline/internal/edition"
	"dateline/internal/record"
	"dateline/internal/story"
)

// A Record is a record.Source that a test writes.
type Record struct {
	t testing.TB

	mu      sync.Mutex
	volume  int64
	entries []record.Entry
	files   map[string][]byte // renditions by SHA-256
	wakes   []chan struct{}
}

// New is a record that holds its first volume entry only.
func New(t testing.TB) *Record {
	r := &Record{t: t, files: map[string][]byte{}}
	r.Volume(Begin.Add(-48*time.Hour), 1, "first")
	return r
}

// Up is the record as it was after its first entries, with the pictures of another.
func Up(t testing.TB, entries []record.Entry, pictures *Record) *Record {
	return &Record{t: t, volume: 1, entries: append([]record.Entry(nil), entries...), files: pictures.files}
}

var classes = map[record.Kind]story.Class{
	record.KindVolume: story.Houses, record.KindHouse: story.Houses, record.KindDesk: story.Houses, record.KindDuty: story.Houses,
	record.KindWithdraw: story.Silences, record.KindKill: story.Silences, record.KindErase: story.Silences,
}

// Append appends an entry. Its instant is at, or just after the last entry's if at is earlier.
func (r *Record) Append(kind record.Kind, subject string, desk story.DeskID, at time.Time, content any) record.Entry {
	r.t.Helper()
	r.mu.Lock()
	defer r.mu.Unlock()
	body, err := record.Encode(content)
	if err != nil {
		r.t.Fatal(err)
	}
	e := record.Entry{Envelope: record.Envelope{Volume: r.volume, N: 1, At: at.UTC().Truncate(time.Microsecond), Kind: kind, Form: record.Form,
		Class: story.Speaks, Desk: desk, Acting: desk, Subject: subject, Revision: 1,
		Decision: record.Decision{Road: story.ByPerson, Basis: record.Open, Almanac: "test", ZoneData: "test"}}, Content: body}
	if class, ok := classes[kind]; ok {
		e.Class = class
	}
	for _, x := range r.entries {
		e.N = x.N + 1
		if !e.At.After(x.At) {
			e.At = x.At.Add(time.Microsecond)
		}
		if x.Subject == subject && (x.Kind == kind || x.Class != story.Houses) {
			e.Prior = x.N
		}
	}
	salt := sha256.Sum256(fmt.Appendf(nil, "salt %d", e.N))
	e.Salt = salt[:]
	e.Commit = record.CommitTo(e.Salt, e.Content)
	r.entries = append(r.entries, e)
	for _, ch := range r.wakes {
		select {
		case ch <- struct{}{}:
		default: // it is awake already
		}
	}
	return e
}

// Volume begins a volume.
func (r *Record) Volume(at time.Time, volume int64, cause string) record.Entry {
	r.mu.Lock()
	r.volume = volume
	r.mu.Unlock()
	log := fmt.Sprintf("meridian.example/record/%d-0123456789", volume)
	return r.Append(record.KindVolume, log, "", at, record.Volume{Log: log, Key: "test", Cause: record.VolumeCause(cause)})
}

// Post posts an article; a text without a change is posted for the first time.
func (r *Record) Post(id story.ArticleID, desk story.DeskID, at time.Time, c record.Article) record.Entry {
	if c.Change == "" {
		c.Change, c.Material = record.Posted, true
	}
	c.Direction = story.Direction(c.Lang)
	return r.Append(record.KindArticle, string(id), desk, at, c)
}

// Withdraw withdraws an article.
func (r *Record) Withdraw(id story.ArticleID, desk story.DeskID, at time.Time, note string) record.Entry {
	return r.Append(record.KindWithdraw, string(id), desk, at, record.Withdraw{Note: note})
}

// Kill kills an article, or a piece: as the newsroom does, it names and withholds its texts
// and notes, and what else tells of it.
func (r *Record) Kill(id story.ArticleID, desk story.DeskID, at time.Time, note string, also ...int64) record.Entry {
	kill := record.Kill{Note: note, Withheld: also}
	for _, e := range r.Entries() {
		if e.Subject == string(id) && e.Kind != record.KindKill && e.GoneBy == 0 {
			kill.Withheld = append(kill.Withheld, e.N)
		}
	}
	e := r.Append(record.KindKill, string(id), desk, at, kill)
	r.mu.Lock()
	defer r.mu.Unlock()
	for i := range r.entries {
		for _, n := range kill.Withheld {
			if r.entries[i].N == n {
				r.entries[i].GoneBy = e.N
			}
		}
	}
	return e
}

// Erase erases an article: as the newsroom does, it names and destroys all of its words.
func (r *Record) Erase(id story.ArticleID, desk story.DeskID, at time.Time, wording string) record.Entry {
	erase := record.Erase{Wording: wording}
	for _, e := range r.Entries() {
		if e.Subject == string(id) && e.Kind != record.KindErase && e.Content != nil {
			erase.Destroyed = append(erase.Destroyed, e.N)
		}
	}
	e := r.Append(record.KindErase, string(id), desk, at, erase)
	r.mu.Lock()
	defer r.mu.Unlock()
	for i := range r.entries {
		for _, n := range erase.Destroyed {
			if x := &r.entries[i]; x.N == n {
				x.GoneBy, x.Salt, x.Content = e.N, nil, nil
			}
		}
	}
	return e
}

// Picture makes a picture of two renditions, whose bytes Renditions gives.
func (r *Record) Picture(id, caption, alt string, credit story.Credit) story.PictureUse {
	p := story.PictureUse{ID: id, Caption: caption, Alt: alt, Credit: credit}
	for _, width := range []int{48, 96} {
		b := drawing(id, width)
		sum := sha256.Sum256(b)
		x := story.Rendition{SHA256: hex.EncodeToString(sum[:]), Bytes: int64(len(b)), Type: "image/jpeg", Width: width, Height: width * 2 / 3}
		r.mu.Lock()
		r.files[x.SHA256] = b
		r.mu.Unlock()
		p.Renditions = append(p.Renditions, x)
	}
	return p
}

// drawing is a picture in a colour of its own.
func drawing(id string, width int) []byte {
	hue := sha256.Sum256([]byte(id))
	img := image.NewRGBA(image.Rect(0, 0, width, width*2/3))
	for i := range img.Bounds().Dx() * img.Bounds().Dy() {
		img.Set(i%width, i/width, color.RGBA{hue[0], hue[1], hue[2], 255})
	}
	var b bytes.Buffer
	if err := jpeg.Encode(&b, img, nil); err != nil {
		panic(err) // into memory, of a whole picture: cannot fail
	}
	return b.Bytes()
}

// Renditions gives the bytes of a rendition, as a newsroom does.
func (r *Record) Renditions(_ context.Context, sha string) ([]byte, error) {
	r.mu.Lock()
	defer r.mu.Unlock()
	b, ok := r.files[sha]
	if !ok {
		return nil, fmt.Errorf("rendition %s: %w", sha, fs.ErrNotExist)
	}
	return b, nil
}

// Forget loses the bytes of a picture, as when its rights are over.
func (r *Record) Forget(p story.PictureUse) {
	r.mu.Lock()
	defer r.mu.Unlock()
	for _, x := range p.Renditions {
		delete(r.files, x.SHA256)
	}
}

// Entries lists all entries.
func (r *Record) Entries() []record.Entry {
	r.mu.Lock()
	defer r.mu.Unlock()
	return append([]record.Entry(nil), r.entries...)
}

// After implements record.Source.
func (r *Record) After(_ context.Context, n int64, limit int) (out []record.Entry, err error) {
	for _, e := range r.Entries() {
		if e.N > n && len(out) < limit {
			out = append(out, e)
		}
	}
	return out, nil
}

// Head implements record.Source.
func (r *Record) Head(context.Context) (int64, error) {
	all := r.Entries()
	return all[len(all)-1].N, nil
}

// Wake implements record.Source.
func (r *Record) Wake() <-chan struct{} {
	ch := make(chan struct{}, 1)
	r.mu.Lock()
	defer r.mu.Unlock()
	r.wakes = append(r.wakes, ch)
	return ch
}

// Open opens an edition of the record in a folder of the test's and lets it catch up.
func Open(t testing.TB, r *Record) *edition.Edition {
	t.Helper()
	return OpenIn(t, r, t.TempDir())
}

// OpenIn is Open in a given folder.
func OpenIn(t testing.TB, r *Record, dir string) *edition.Edition {
	t.Helper()
	e, err := edition.Open(t.Context(), dir, edition.Options{Zone: time.LoadLocation, Renditions: r.Renditions})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = e.Close() }) // a test may have closed it
	if err := e.CatchUp(t.Context(), r); err != nil {
		t.Fatal(err)
	}
	return e
}
