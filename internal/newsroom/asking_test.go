package newsroom_test

import (
	"bytes"
	"encoding/json"
	"fmt"
	"image"
	"image/jpeg"
	"strings"
	"testing"
	"time"

	"dateline/internal/newsroom"
	"dateline/internal/record"
	"dateline/internal/store"
	"dateline/internal/story"
)

// pair is a newsroom of two people who both may do what takes two.
type pair struct {
	t    *testing.T
	room *newsroom.Room
	db   *store.DB
	now  time.Time
	keys int
}

func newPair(t *testing.T) *pair {
	p := &pair{t: t, now: begin}
	p.room, p.db = room(t, &p.now)
	p.add("Noam", 0)
	return p
}

func (p *pair) must(err error) {
	p.t.Helper()
	if err != nil {
		p.t.Fatal(err)
	}
}

func (p *pair) key() string { p.keys++; return fmt.Sprintf("pair-key-%010d", p.keys) }

func (p *pair) add(name string, by int64) {
	p.t.Helper()
	_, err := p.room.AddMember(p.t.Context(), name, false, []string{"new-york:chief", "new-york:editor"}, by)
	p.must(err)
}

// in signs somebody in, now.
func (p *pair) in(name string) newsroom.Who {
	p.t.Helper()
	link, err := p.room.SignInLink(p.t.Context(), name)
	p.must(err)
	session, err := p.room.SignIn(p.t.Context(), link, newsroom.From{})
	p.must(err)
	who, err := p.room.Session(p.t.Context(), session)
	p.must(err)
	return who
}

func (p *pair) file(who newsroom.Who, id story.ArticleID, what story.What) newsroom.Filed {
	p.t.Helper()
	f, err := p.room.File(p.t.Context(), who, newsroom.Filing{Key: p.key(), Article: id, What: what, NoUndo: true, Base: -1})
	p.must(err)
	return f
}

// refused fails unless an error is a refusal that says so.
func (p *pair) refused(err error, says string) {
	p.t.Helper()
	if r, ok := story.AsRefusal(err); !ok || !strings.Contains(r.Sentence, says) {
		p.t.Errorf("not refused with %q: %v", says, err)
	}
}

func (p *pair) verifies() {
	p.t.Helper()
	report, err := record.Verify(p.t.Context(), p.db, record.VerifyOptions{})
	p.must(err)
	if report.Proved == "" {
		p.t.Error(report.Problems)
	}
}

// TestTwoPeople: one account, one that the other made today, an old proof and a program
// are not a second person.
func TestTwoPeople(t *testing.T) {
	p := newPair(t)
	ctx := t.Context()
	rina := p.in("Rina")
	id := begun(t, p.room, rina, "two-people-000001")
	p.file(rina, id, story.Publish)
	wish := func() newsroom.ErasureWish {
		return newsroom.ErasureWish{Key: p.key(), Article: id, Wording: "By order of a court.", Ordered: "2024-03-19"}
	}
	for name, change := range map[string]func(*newsroom.ErasureWish){
		"The date of the order": func(w *newsroom.ErasureWish) { w.Ordered = "2025-03-19" },
		"write the wording":     func(w *newsroom.ErasureWish) { w.Wording = "" },
		"no such story":         func(w *newsroom.ErasureWish) { w.Article = "0000000000" },
		"no entry of such":      func(w *newsroom.ErasureWish) { w.Person = "0000000000" },
	} {
		w := wish()
		change(&w)
		_, err := p.room.AskErase(ctx, rina, w)
		p.refused(err, name)
	}
	_, err := p.room.AskErase(ctx, p.in("Noam"), wish())
	p.refused(err, "An administrator asks")
	p.now = p.now.Add(5*time.Minute + time.Microsecond)
	_, err = p.room.AskErase(ctx, rina, wish())
	p.refused(err, "Prove who you are")
	rina = p.in("Rina")
	p.now = p.now.Add(5 * time.Minute)
	asking, err := p.room.AskErase(ctx, rina, wish())
	p.must(err)
	_, err = p.room.AskErase(ctx, rina, wish())
	p.refused(err, "asked already")
	confirm := func(who newsroom.Who) error {
		_, err := p.room.ConfirmErase(ctx, who, p.key(), asking)
		return err
	}
	p.refused(confirm(rina), "A second person")
	noam := p.in("Noam")
	program := noam
	program.Program = true
	p.refused(confirm(program), "confirms an erasure")
	p.add("Made", rina.Member)
	p.refused(confirm(p.in("Made")), "within a day")
	_, err = p.room.AddMember(ctx, "Reporter", false, []string{"new-york:reporter"}, 0)
	p.must(err)
	p.refused(confirm(p.in("Reporter")), "confirms an erasure")
	p.now = p.now.Add(5*time.Minute + time.Microsecond)
	p.refused(confirm(noam), "Prove who you are")
	if a := p.standing(id); a != story.Public {
		t.Fatalf("refused, and yet it is %s", a)
	}
	p.now = p.now.Add(24 * time.Hour)
	p.must(confirm(p.in("Made")))
	if a := p.standing(id); a != story.Erased {
		t.Errorf("erased, it is %s", a)
	}
	p.refused(confirm(p.in("Noam")), "settled before")
	_, err = p.room.Save(ctx, p.in("Rina"), newsroom.Saving{Key: p.key(), Article: id, Parts: []newsroom.PartSave{{Part: "headline", Body: json.RawMessage(`"Back"`)}}})
	p.refused(err, "This story was erased")
	_, err = p.room.File(ctx, p.in("Rina"), newsroom.Filing{Key: p.key(), Article: id, What: story.Erase, Base: -1})
	p.refused(err, "nothing to file")
	p.verifies()
}

func (p *pair) standing(id story.ArticleID) (s story.Standing) {
	p.t.Helper()
	p.must(p.db.Read(p.t.Context(), func(q *store.Query) error {
		a, _, err := q.Article(id)
		s = a.Standing
		return err
	}))
	return s
}

// TestWhatIsAskedLapsesAndIsDropped.
func TestWhatIsAskedLapsesAndIsDropped(t *testing.T) {
	p := newPair(t)
	ctx := t.Context()
	id := begun(t, p.room, p.in("Rina"), "lapses-0000000001")
	p.file(p.in("Rina"), id, story.Publish)
	ask := func() int64 {
		n, err := p.room.AskErase(ctx, p.in("Rina"), newsroom.ErasureWish{Key: p.key(), Article: id, Wording: "By order.", Ordered: "2024-03-19"})
		p.must(err)
		return n
	}
	first := ask()
	p.now = p.now.Add(7 * 24 * time.Hour)
	_, err := p.room.ConfirmErase(ctx, p.in("Noam"), p.key(), first)
	p.refused(err, "in time")
	second := ask()
	p.refused(p.room.Drop(ctx, p.in("Noam"), p.key(), second), "can drop it")
	p.must(p.room.Drop(ctx, p.in("Rina"), p.key(), second))
	_, err = p.room.ConfirmErase(ctx, p.in("Noam"), p.key(), second)
	p.refused(err, "settled before")
	if s := p.standing(id); s != story.Public {
		t.Error(s)
	}
}

// rest is when the New York desk rests, and an instant in the midst of it.
var midst = time.Date(2024, 3, 23, 12, 0, 0, 0, time.UTC)

// TestAnExceptionLetsOneStoryGo is I-26, with TestTwoPeople: it goes if it is filed under it, nothing else does, and
// what was filed before the grant waits on.
func TestAnExceptionLetsOneStoryGo(t *testing.T) {
	p := newPair(t)
	ctx := t.Context()
	rina := p.in("Rina")
	id, other, early := begun(t, p.room, rina, "exception-0000001"), begun(t, p.room, rina, "exception-0000002"), begun(t, p.room, rina, "exception-0000003")
	wish := func(id story.ArticleID) newsroom.GrantWish {
		return newsroom.GrantWish{Key: p.key(), Article: id, Minutes: 30, Reason: "A private reason.", Wording: "Danger to life."}
	}
	_, err := p.room.AskGrant(ctx, rina, wish(id))
	p.refused(err, "on duty")
	p.now = midst
	rina = p.in("Rina")
	waits := p.file(rina, early, story.Publish)
	for _, g := range []newsroom.GrantWish{{Minutes: 61, Reason: "x", Wording: "x"}, {Reason: "x", Wording: "x"}, {Minutes: 5, Wording: "x"}, {Minutes: 5, Reason: "x"}} {
		g.Key, g.Article = p.key(), id
		if _, err := p.room.AskGrant(ctx, rina, g); err == nil {
			t.Errorf("asked for %+v", g)
		}
	}
	asking, err := p.room.AskGrant(ctx, rina, wish(id))
	p.must(err)
	if f := p.file(rina, id, story.Publish); f.State != story.Pending {
		t.Fatal("asked for, and it goes already:", f)
	}
	p.now = p.now.Add(time.Minute)
	exception, err := p.room.ConfirmGrant(ctx, p.in("Noam"), p.key(), asking)
	p.must(err)
	earlier, err := p.room.AskGrant(ctx, p.in("Rina"), wish(early))
	p.must(err)
	_, err = p.room.ConfirmGrant(ctx, p.in("Noam"), p.key(), earlier)
	p.must(err)
	p.now = p.now.Add(time.Second)
	if n, err := p.room.Step(ctx); n != 0 || err != nil {
		t.Errorf("%d went by themselves: %v", n, err)
	}
	if waits.State != story.Pending {
		t.Error(waits)
	}
	program := rina
	program.Program = true
	if f := p.file(program, id, story.Publish); f.State != story.Pending {
		t.Error("a program used an exception:", f)
	}
	if f := p.file(rina, other, story.Publish); f.State != story.Pending {
		t.Error("another story went:", f)
	}
	f := p.file(rina, id, story.Publish)
	if f.State != story.Posted {
		t.Fatal(f)
	}
	p.must(p.db.Read(ctx, func(q *store.Query) error {
		e, _, err := q.Entry(f.Entry)
		if e.Decision.Basis != record.UnderException(exception) {
			t.Errorf("its basis is %q", e.Decision.Basis)
		}
		x, _, err2 := q.Entry(exception)
		if strings.Contains(string(x.Content), "private") || err2 != nil {
			t.Errorf("the exception says %s", x.Content)
		}
		return err
	}))
	p.now = p.now.Add(30 * time.Minute)
	if f := p.file(rina, id, story.Update); f.State != story.Pending {
		t.Error("it went after the exception:", f)
	}
	p.now = midst.Add(13 * time.Hour)
	if n, err := p.room.Step(ctx); n != 3 || err != nil {
		t.Errorf("once the desk opens, %d went: %v", n, err)
	}
	p.verifies()
}

// TestAnExceptionNamesNobodyElse: a person who is new has no entry while the desk rests,
// and gets one with the next text.
func TestAnExceptionNamesNobodyElse(t *testing.T) {
	p := newPair(t)
	ctx := t.Context()
	p.now = midst
	rina := p.in("Rina")
	id := begun(t, p.room, rina, "nobody-else-00001")
	byline, err := json.Marshal([]story.Byline{{Name: "Somebody New"}})
	p.must(err)
	_, err = p.room.Save(ctx, rina, newsroom.Saving{Key: p.key(), Article: id, Parts: []newsroom.PartSave{{Part: "bylines", Body: byline}}})
	p.must(err)
	asking, err := p.room.AskGrant(ctx, rina, newsroom.GrantWish{Key: p.key(), Article: id, Minutes: 60, Reason: "x", Wording: "x"})
	p.must(err)
	_, err = p.room.ConfirmGrant(ctx, p.in("Noam"), p.key(), asking)
	p.must(err)
	if f := p.file(rina, id, story.Publish); f.State != story.Posted {
		t.Fatal(f)
	}
	people := func() (n int) {
		p.must(p.db.Read(ctx, func(q *store.Query) error {
			all, err := q.Readable(record.KindPerson)
			n = len(all)
			return err
		}))
		return n
	}
	if n := people(); n != 0 {
		t.Error(n)
	}
	p.now = midst.Add(24 * time.Hour)
	p.file(p.in("Rina"), id, story.Update)
	if n := people(); n != 1 {
		t.Error(n)
	}
	p.verifies()
}

// TestAPictureIsTakenBackWhereverItRan.
func TestAPictureIsTakenBackWhereverItRan(t *testing.T) {
	p := newPair(t)
	ctx := t.Context()
	rina := p.in("Rina")
	id := begun(t, p.room, rina, "picture-back-0001")
	var raw bytes.Buffer
	p.must(jpeg.Encode(&raw, image.NewGray(image.Rect(0, 0, 8, 8)), nil))
	pic, err := p.room.AddPicture(ctx, rina, p.key(), id, raw.Bytes())
	p.must(err)
	use, err := json.Marshal(story.PictureUse{ID: pic, Caption: "The quay", Credit: story.Credit{Line: "By somebody"}})
	p.must(err)
	_, err = p.room.Save(ctx, rina, newsroom.Saving{Key: p.key(), Article: id, Parts: []newsroom.PartSave{{Part: story.PicturePart(pic), Base: 1, Body: use}}})
	p.must(err)
	change := func(w newsroom.PictureWish) (newsroom.Filed, error) {
		w.Key, w.Article, w.Picture = p.key(), id, pic
		return p.room.ChangePicture(ctx, rina, w)
	}
	_, err = change(newsroom.PictureWish{Withdraw: true})
	p.refused(err, "No reader has seen this picture")
	p.file(rina, id, story.Publish)
	_, err = change(newsroom.PictureWish{})
	p.refused(err, "Say what is right")
	_, err = change(newsroom.PictureWish{Credit: story.Credit{Line: "\u200b"}})
	p.refused(err, "never public without a credit")
	f, err := change(newsroom.PictureWish{Caption: "The other quay"})
	if err != nil || f.State != story.Posted {
		t.Fatal(f, err)
	}
	p.now = midst // the desk rests
	if f, err = change(newsroom.PictureWish{Credit: story.Credit{Line: "By another"}}); err != nil || f.State != story.Pending {
		t.Error("what speaks did not wait:", f, err)
	}
	if f, err = change(newsroom.PictureWish{Withdraw: true}); err != nil || f.State != story.Posted {
		t.Fatal("what silences waited:", f, err)
	}
	_, err = change(newsroom.PictureWish{Caption: "Back"})
	p.refused(err, "was withdrawn")
	p.now = midst.Add(24 * time.Hour)
	if _, err := p.room.Step(ctx); err != nil {
		t.Fatal(err)
	}
	_, err = p.room.File(ctx, p.in("Rina"), newsroom.Filing{Key: p.key(), Article: id, What: story.Update, NoUndo: true, Base: -1})
	p.refused(err, "The rights of picture")
	p.must(p.db.Read(ctx, func(q *store.Query) error {
		e, _, err := q.Newest(record.KindPicture, pic)
		if string(e.Content) != `{"withdrawn":true}` || e.Class != story.Silences {
			t.Errorf("the newest picture entry is of class %s: %s", e.Class, e.Content)
		}
		return err
	}))
	p.verifies()
}
