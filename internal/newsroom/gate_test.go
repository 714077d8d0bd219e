package newsroom_test

import (
	"bytes"
	"crypto/rand"
	"encoding/json"
	"fmt"
	"image"
	"image/jpeg"
	"log/slog"
	"slices"
	"strings"
	"testing"
	"time"

	"dateline/internal/clock"
	"dateline/internal/newsroom"
	"dateline/internal/record"
	"dateline/internal/store"
	"dateline/internal/store/storetest"
	"dateline/internal/story"
	"dateline/internal/zone"
)

var begin = time.Date(2024, 3, 20, 9, 0, 0, 0, time.UTC)

// room is a newsroom of one desk in New York, with a clock that the test moves.
func room(t testing.TB, now *time.Time) (*newsroom.Room, *store.DB) {
	t.Helper()
	return roomIn(t, storetest.Address(t), now)
}

func roomIn(t testing.TB, address string, now *time.Time) (*newsroom.Room, *store.DB) {
	t.Helper()
	return roomBy(t, address, func() clock.Reading {
		return clock.Reading{Wall: *now, Boot: now.Sub(begin) + time.Hour, BootID: "test"}
	})
}

// roomBy is the same with all clocks the test's.
func roomBy(t testing.TB, address string, now clock.Source, more ...newsroom.DeskSettings) (*newsroom.Room, *store.DB) {
	t.Helper()
	return roomOf(t, address, store.Options{Now: now}, more...)
}

// roomOf is the same with a store whose commits the test may fail.
func roomOf(t testing.TB, address string, o store.Options, more ...newsroom.DeskSettings) (*newsroom.Room, *store.DB) {
	t.Helper()
	must := func(err error) {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
	}
	db, err := store.Open(t.Context(), address, o)
	must(err)
	t.Cleanup(func() { _ = db.Close() })
	secret, err := record.NewKey(record.LogName("localhost", 1, rand.Reader), rand.Reader)
	must(err)
	key, err := record.ParseKey(secret)
	must(err)
	db.SetKey(key)
	r := newsroom.New(db, newsroom.Options{Zones: zone.Built(), Pictures: t.TempDir(), Log: slog.New(slog.DiscardHandler)})
	place := record.Place{City: record.Words{"en": "New York"}, Lat: 40.7128, Lon: -74.006, Zone: "America/New_York"}
	must(r.SetUp(t.Context(), newsroom.Setup{Admin: "Rina", Log: key.Log(), Key: key.Verifier(),
		House: record.House{Names: record.Words{"en": "The Courier"}, Address: "http://localhost", Seat: place, Languages: []string{"en"}, Sections: []record.Section{{ID: "news"}}},
		Desks: append([]newsroom.DeskSettings{{Slug: "new-york", Names: record.Words{"en": "New York"}, Place: place, Keeping: newsroom.Keeping{Lighting: "18m", Nightfall: "8.5deg"}}}, more...)}))
	must(r.GiveRoles(t.Context(), "Rina", []string{"new-york:chief", "new-york:editor"}))
	return r, db
}

func begun(t testing.TB, r *newsroom.Room, who newsroom.Who, key string) story.ArticleID {
	t.Helper()
	h, err := r.House(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	return begunAt(t, r, who, h.Desks[0].ID, key)
}

func begunAt(t testing.TB, r *newsroom.Room, who newsroom.Who, desk story.DeskID, key string) story.ArticleID {
	t.Helper()
	text := story.Text{Type: story.Report, Lang: "en", Section: "news", Slug: "a-report", Headline: "A report",
		Doc: story.Doc{{Kind: story.Paragraph, Spans: []story.Span{{Text: "Words."}}}}}
	id, err := r.Start(t.Context(), who, newsroom.Beginning{Key: "start-" + key, Desk: desk, Text: &text})
	if err != nil {
		t.Fatal(err)
	}
	return id
}

// TestTheEdgeOfRest files at one microsecond around the gate's lead-in and the opening.
func TestTheEdgeOfRest(t *testing.T) {
	start, end := time.Date(2024, 3, 22, 22, 52, 0, 0, time.UTC), time.Date(2024, 3, 23, 23, 53, 0, 0, time.UTC)
	us := time.Microsecond
	for _, c := range []struct {
		at     time.Time
		posted bool
	}{
		{start.Add(-5*time.Second - us), true}, {start.Add(-5 * time.Second), false}, {start, false}, {end.Add(-us), false}, {end, true},
	} {
		storetest.Each(t, func(t *testing.T, address string) { filesAt(t, address, c.at, c.posted) })
	}
}

func filesAt(t *testing.T, address string, at time.Time, posted bool) {
	now := begin
	r, _ := roomIn(t, address, &now)
	who, err := r.Acting(t.Context(), "Rina")
	if err != nil {
		t.Fatal(err)
	}
	id := begun(t, r, who, "edge-0000000000")
	now = at
	filed, err := r.File(t.Context(), who, newsroom.Filing{Key: "file-edge-0000000000", Article: id, What: story.Publish, NoUndo: true, Base: -1})
	if err != nil || (filed.State == story.Posted) != posted {
		t.Errorf("%s: %s, %v", at.Format(time.RFC3339Nano), filed.State, err)
	}
}

func TestDoubtHoldsWhatSpeaksAndNotWhatSilences(t *testing.T) {
	storetest.Each(t, doubtHoldsWhatSpeaksAndNotWhatSilences)
}

func doubtHoldsWhatSpeaksAndNotWhatSilences(t *testing.T, address string) {
	now := begin
	r, db := roomIn(t, address, &now)
	who, err := r.Acting(t.Context(), "Rina")
	if err != nil {
		t.Fatal(err)
	}
	public, held := begun(t, r, who, "public-0000000001"), begun(t, r, who, "held-000000000001")
	file := func(key string, id story.ArticleID, what story.What) newsroom.Filed {
		t.Helper()
		f, err := r.File(t.Context(), who, newsroom.Filing{Key: key, Article: id, What: what, NoUndo: true, Base: -1, Detail: newsroom.Detail{Note: "Because."}})
		if err != nil {
			t.Fatal(err)
		}
		return f
	}
	file("file-public-0000001", public, story.Publish)
	head, err := db.Head(t.Context())
	if err != nil || head == 0 {
		t.Fatal(head, err)
	}
	now = begin.Add(-time.Minute) // behind the last posted time
	if f := file("file-held-000000001", held, story.Publish); f.State != story.Pending {
		t.Errorf("a clock in doubt posted: %+v", f)
	}
	if f := file("file-withdraw-00001", public, story.Withdraw); f.State != story.Posted {
		t.Errorf("a withdrawal was held: %+v", f)
	}
}

// TestRightsThatEndWhileItWaits files for after the end of a picture's rights: it is parked
// and says why, and goes once the rights are mended and it is filed again.
func TestRightsThatEndWhileItWaits(t *testing.T) { storetest.Each(t, rightsThatEndWhileItWaits) }

func rightsThatEndWhileItWaits(t *testing.T, address string) {
	now := begin
	r, db := roomIn(t, address, &now)
	must := func(err error) {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
	}
	who, err := r.Acting(t.Context(), "Rina")
	must(err)
	id := begun(t, r, who, "rights-0000000001")
	var raw bytes.Buffer
	must(jpeg.Encode(&raw, image.NewGray(image.Rect(0, 0, 8, 8)), nil))
	pic, err := r.AddPicture(t.Context(), who, "picture-of-rights-01", id, raw.Bytes())
	must(err)
	use, err := json.Marshal(story.PictureUse{ID: pic, Caption: "The quay", Credit: story.Credit{Line: "By somebody"}})
	must(err)
	_, err = r.Save(t.Context(), who, newsroom.Saving{Key: "save-of-rights-00001", Article: id, Parts: []newsroom.PartSave{{Part: story.PicturePart(pic), Base: 1, Body: use}}})
	must(err)
	must(r.SetRights(t.Context(), who, newsroom.RightsWish{Key: "rights-of-rights-001", Article: id, Picture: pic, Last: "2024-03-20"}))
	filing := newsroom.Filing{Key: "file-of-rights-00001", Article: id, What: story.Publish, NoUndo: true, Base: -1, Slot: "2024-03-21 00:00 America/New_York"}
	f, err := r.File(t.Context(), who, filing)
	if err != nil || f.State != story.Pending {
		t.Fatal("the rights are still good, it only waits for its slot:", f, err)
	}
	now = time.Date(2024, 3, 21, 4, 0, 0, 0, time.UTC) // the first instant after the last day
	if n, err := r.Step(t.Context()); n != 0 || err != nil {
		t.Fatal("posted", n, err)
	}
	v, err := r.Story(t.Context(), who, id)
	must(err)
	if len(v.Acts) != 1 || v.Acts[0].State != story.Parked || v.Acts[0].Why != "The rights of picture “The quay” are over." {
		t.Errorf("%+v", v.Acts)
	}
	seen := [2]time.Time{1: v.Rights[pic].Until}
	must(r.SetRights(t.Context(), who, newsroom.RightsWish{Key: "rights-of-rights-002", Article: id, Picture: pic, Last: "2024-03-21", Seen: seen}))
	filing.Key, filing.Slot = "file-of-rights-00002", ""
	if f, err = r.File(t.Context(), who, filing); err != nil || f.State != story.Posted {
		t.Errorf("mended, it is %s: %v", f.State, err)
	}
	if head, err := db.Head(t.Context()); err != nil || head != f.Entry {
		t.Error(head, err)
	}
}

// TestANameInOtherCapitals: the person stays who they are, and the printed name follows.
func TestANameInOtherCapitals(t *testing.T) { storetest.Each(t, aNameInOtherCapitals) }

func aNameInOtherCapitals(t *testing.T, address string) {
	now := begin
	r, db := roomIn(t, address, &now)
	who, err := r.Acting(t.Context(), "Rina")
	if err != nil {
		t.Fatal(err)
	}
	id := begun(t, r, who, "capitals-00000001")
	base := 0
	post := func(n int, what story.What, name string) {
		t.Helper()
		now = now.Add(time.Minute)
		body, err := json.Marshal([]story.Byline{{Name: name}})
		if err != nil {
			t.Fatal(err)
		}
		saved, err := r.Save(t.Context(), who, newsroom.Saving{Key: fmt.Sprintf("save-capitals-%06d", n), Article: id, Parts: []newsroom.PartSave{{Part: "bylines", Base: base, Body: body}}})
		if err != nil || len(saved.Clashes) > 0 {
			t.Fatal(saved, err)
		}
		base = saved.Versions["bylines"]
		if f, err := r.File(t.Context(), who, newsroom.Filing{Key: fmt.Sprintf("file-capitals-%06d", n), Article: id, What: what, NoUndo: true, Base: -1}); err != nil || f.State != story.Posted {
			t.Fatal(f, err)
		}
	}
	post(1, story.Publish, "ida kessler")
	post(2, story.Update, "Ida Kessler")
	post(3, story.Update, "Ida Kessler")
	post(4, story.Update, "Ida Kesslar")
	entries, err := db.After(t.Context(), 0, 100)
	if err != nil {
		t.Fatal(err)
	}
	var people, printed []string
	for _, e := range entries {
		switch e.Kind {
		case record.KindPerson:
			p, err := record.Decode[record.Person](e)
			if err != nil {
				t.Fatal(err)
			}
			people = append(people, e.Subject+" "+p.Names["en"]+" "+p.Slug)
		case record.KindArticle:
			c, err := record.Decode[record.Article](e)
			if err != nil {
				t.Fatal(err)
			}
			printed = append(printed, c.Bylines[0].Person+" "+c.Bylines[0].Name)
		}
	}
	first, _, _ := strings.Cut(people[0], " ")
	other, _, _ := strings.Cut(people[len(people)-1], " ")
	wantPeople := []string{first + " ida kessler ida-kessler", first + " Ida Kessler ida-kessler", other + " Ida Kesslar ida-kesslar"}
	wantPrinted := []string{first + " ida kessler", first + " Ida Kessler", first + " Ida Kessler", other + " Ida Kesslar"}
	if !slices.Equal(people, wantPeople) || !slices.Equal(printed, wantPrinted) || first == other {
		t.Errorf("people %q, printed %q", people, printed)
	}
}
