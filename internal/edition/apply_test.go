package edition_test

import (
	"context"
	"errors"
	"log/slog"
	"strings"
	"sync"
	"testing"
	"time"

	"dateline/internal/edition"
	"dateline/internal/edition/editiontest"
	"dateline/internal/record"
	"dateline/internal/story"
)

// TestOrder applies entries that do not follow and wants each refused, the edition as it was.
func TestOrder(t *testing.T) {
	mend := func(change func(e *record.Entry)) func([]record.Entry) []record.Entry {
		return func(all []record.Entry) []record.Entry {
			change(&all[0])
			return all
		}
	}
	for name, spoil := range map[string]func([]record.Entry) []record.Entry{
		"a gap":            func(all []record.Entry) []record.Entry { return all[1:] },
		"a gap inside":     func(all []record.Entry) []record.Entry { return append(all[:1:1], all[2:]...) },
		"turned round":     func(all []record.Entry) []record.Entry { return []record.Entry{all[1], all[0]} },
		"twice":            func(all []record.Entry) []record.Entry { return []record.Entry{all[0], all[0]} },
		"another volume":   mend(func(e *record.Entry) { e.Volume = 2 }),
		"earlier":          mend(func(e *record.Entry) { e.At = editiontest.Begin.Add(-48 * time.Hour) }),
		"other words":      mend(func(e *record.Entry) { e.Content = []byte(`{"headline":"forged"}`) }),
		"an unknown form":  mend(func(e *record.Entry) { e.Form = 99 }),
		"an old volume":    mend(func(e *record.Entry) { e.Kind = record.KindVolume; e.N += 7 }),
		"no such place":    func([]record.Entry) []record.Entry { return deskNowhere(t) },
		"no such picture":  func([]record.Entry) []record.Entry { return pictureNowhere(t, strings.Repeat("ab", 32)) },
		"no picture's sha": func([]record.Entry) []record.Entry { return pictureNowhere(t, "../../../../etc/passwd") },
	} {
		t.Run(name, func(t *testing.T) {
			r := editiontest.Paper(t)
			e := editiontest.Open(t, r)
			before := digest(t, e)
			for i := range 3 {
				r.Post(editiontest.ArticleID(i+1), editiontest.London, at(i), text("A", "a"))
			}
			if err := e.Apply(t.Context(), spoil(r.Entries()[5:])); err == nil {
				t.Error("it was applied")
			}
			if digest(t, e) != before || e.Applied() != 5 {
				t.Errorf("the edition changed, to entry %d", e.Applied())
			}
			catchUp(t, e, r)
			sameWhenRebuilt(t, e, r)
		})
	}
}

func deskNowhere(t *testing.T) []record.Entry {
	r := editiontest.Paper(t)
	d := editiontest.DeskEntry(editiontest.London)
	d.Place.Zone = "Europe/Atlantis"
	return []record.Entry{r.Append(record.KindDesk, string(editiontest.London), editiontest.London, at(0), d)}
}

func pictureNowhere(t *testing.T, sha string) []record.Entry {
	r := editiontest.Paper(t)
	c := text("A", "a")
	c.Pictures = []story.PictureUse{{ID: "picture001", Credit: story.Credit{Line: "By somebody"}, Renditions: []story.Rendition{{SHA256: sha, Type: "image/jpeg"}}}}
	return []record.Entry{r.Post(one, editiontest.London, at(0), c)}
}

func TestRepeats(t *testing.T) {
	r := editiontest.House(t)
	e := editiontest.Open(t, r)
	before := digest(t, e)
	all := r.Entries()
	if err := e.Apply(t.Context(), all); err != nil {
		t.Errorf("a repetition: %v", err)
	}
	r.Post(one, editiontest.London, at(30), changed(text("A", "a"), record.Updated, true))
	if err := e.Apply(t.Context(), r.Entries()[3:]); err != nil || e.Applied() != int64(len(all)+1) {
		t.Errorf("a repetition with something new: %v, applied %d", err, e.Applied())
	}
	if digest(t, e) == before {
		t.Error("the digest does not tell that an entry was applied")
	}
	forged := all[7]
	forged.At = forged.At.Add(time.Microsecond)
	if err := e.Apply(t.Context(), []record.Entry{forged}); !errors.Is(err, edition.ErrOtherRecord) {
		t.Errorf("an entry of another record: %v", err)
	}
}

func TestVolumes(t *testing.T) {
	r := editiontest.House(t)
	e := editiontest.Open(t, r)
	next := r.Volume(at(30), 2, "restored")
	next.N += 20
	if err := e.Apply(t.Context(), []record.Entry{next}); err != nil || e.Applied() != next.N {
		t.Fatalf("a volume that jumps: %v, applied %d", err, e.Applied())
	}
}

func TestOtherRecord(t *testing.T) {
	dir := t.TempDir()
	e := editiontest.OpenIn(t, editiontest.House(t), dir)
	if err := e.Close(); err != nil {
		t.Fatal(err)
	}
	for name, other := range map[string]*editiontest.Record{"shorter": editiontest.Paper(t), "another": otherHouse(t)} {
		again, err := edition.Open(t.Context(), dir, edition.Options{Renditions: other.Renditions})
		if err != nil {
			t.Fatal(err)
		}
		if err := again.CatchUp(t.Context(), other); !errors.Is(err, edition.ErrOtherRecord) {
			t.Errorf("%s: %v", name, err)
		}
		if err := again.Close(); err != nil {
			t.Error(err)
		}
	}
}

func otherHouse(t *testing.T) *editiontest.Record {
	r := editiontest.Paper(t)
	for i := range 40 {
		r.Post(editiontest.ArticleID(i+1), editiontest.London, at(i), text("Other", "words"))
	}
	return r
}

func TestAnotherFormIsBuiltAgain(t *testing.T) {
	r := editiontest.House(t)
	dir := t.TempDir()
	e := editiontest.OpenIn(t, r, dir)
	want := digest(t, e)
	if err := edition.SetSchema(t.Context(), e, "0"); err != nil {
		t.Fatal(err)
	}
	if err := e.Close(); err != nil {
		t.Fatal(err)
	}
	again, err := edition.Open(t.Context(), dir, edition.Options{Renditions: r.Renditions})
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = again.Close() }() // the test is over
	if again.Applied() != 0 {
		t.Errorf("it begins at %d", again.Applied())
	}
	catchUp(t, again, r)
	if got := digest(t, again); got != want {
		t.Errorf("digest %s, want %s", got, want)
	}
}

// heard is a log handler that keeps messages.
type heard struct {
	slog.Handler
	mu   sync.Mutex
	said []string
}

func (h *heard) Enabled(context.Context, slog.Level) bool { return true }
func (h *heard) Handle(_ context.Context, r slog.Record) error {
	h.mu.Lock()
	defer h.mu.Unlock()
	h.said = append(h.said, r.Message)
	return nil
}

// TestFollow follows a record whose newest entry cannot be applied at first: all before it
// shows, the cause is told once, nothing is skipped.
func TestFollow(t *testing.T) {
	r := editiontest.House(t)
	c := text("A", "a")
	picture := r.Picture("picture900", "A caption.", "", story.Credit{Line: "By somebody"})
	c.Pictures = []story.PictureUse{picture}
	asked := make(chan struct{}, 100)
	var mu sync.Mutex
	away := true
	log := &heard{Handler: slog.DiscardHandler}
	e, err := edition.Open(t.Context(), t.TempDir(), edition.Options{Log: slog.New(log), Renditions: func(ctx context.Context, sha string) ([]byte, error) {
		mu.Lock()
		defer mu.Unlock()
		if away && sha == picture.Renditions[0].SHA256 {
			asked <- struct{}{}
			return nil, errors.New("the store is away")
		}
		return r.Renditions(ctx, sha)
	}})
	if err != nil {
		t.Fatal(err)
	}
	last := r.Post("art9000000", editiontest.London, at(60), c)
	ctx, stop := context.WithTimeout(t.Context(), 20*time.Second)
	defer stop()
	woken := e.Wake()
	done := make(chan error, 1)
	go func() { done <- e.Follow(ctx, r) }()
	if err := e.WaitFor(ctx, last.N-1); err != nil {
		t.Fatal(err)
	}
	<-woken
	for range 4 {
		<-asked // twice for each try: with the batch, then alone
	}
	if got := e.Applied(); got != last.N-1 {
		t.Errorf("applied %d, want %d", got, last.N-1)
	}
	mu.Lock()
	away = false
	mu.Unlock()
	if err := e.WaitFor(ctx, last.N); err != nil {
		t.Fatal(err)
	}
	stop()
	if err := <-done; !errors.Is(err, context.Canceled) {
		t.Errorf("Follow ended with %v", err)
	}
	if len(log.said) != 1 {
		t.Errorf("told %d times: %q", len(log.said), log.said)
	}
	if err := e.WaitFor(ctx, last.N+1); !errors.Is(err, context.Canceled) {
		t.Errorf("waiting without end: %v", err)
	}
	sameWhenRebuilt(t, e, r)
	if err := e.Close(); err != nil {
		t.Error(err)
	}
}

func TestRebuildSame(t *testing.T) {
	r := editiontest.House(t)
	sameWhenRebuilt(t, editiontest.Open(t, r), r)
}

// TestDigestTellsInstants wants another digest where nothing differs but a microsecond.
func TestDigestTellsInstants(t *testing.T) {
	of := func(when time.Time) string {
		r := editiontest.Paper(t)
		r.Post(one, editiontest.London, when, text("A", "a"))
		return digest(t, editiontest.Open(t, r))
	}
	if of(at(0)) != of(at(0)) || of(at(0)) == of(at(0).Add(us)) {
		t.Error("the digest does not tell one instant from another")
	}
}

func BenchmarkRebuild(b *testing.B) {
	r := editiontest.Paper(b)
	for i := range 1000 {
		c := text("A headline of ordinary length", strings.Repeat("Words of an ordinary report. ", 100))
		r.Post(editiontest.ArticleID(i+1), editiontest.London, at(i), c)
	}
	for b.Loop() {
		e := editiontest.Open(b, r)
		if err := e.Close(); err != nil {
			b.Fatal(err)
		}
	}
	b.ReportMetric(1005*float64(b.N)/b.Elapsed().Seconds(), "entries/s")
}

func BenchmarkFront(b *testing.B) {
	r := editiontest.Paper(b)
	for i := range 1000 {
		r.Post(editiontest.ArticleID(i+1), editiontest.London, at(i), text("A headline of ordinary length", strings.Repeat("Words of an ordinary report. ", 100)))
	}
	e := editiontest.Open(b, r)
	for b.Loop() {
		view(b, e, func(v *edition.View) error {
			_, err := v.Front("en", 40)
			return err
		})
	}
}
