package newsroom_test

import (
	"bytes"
	"fmt"
	"image"
	"image/jpeg"
	"slices"
	"strings"
	"testing"
	"time"

	"dateline/internal/clock"
	"dateline/internal/newsroom"
	"dateline/internal/record"
	"dateline/internal/store/storetest"
	"dateline/internal/story"
)

// livePair is a pair whose house has a second desk, in Jerusalem, and a live page of both.
type livePair struct {
	*pair
	address string
	page    story.ArticleID
	ny, jlm story.DeskID
	rina    newsroom.Who // of New York
	dana    newsroom.Who // of Jerusalem
}

func newLivePair(t *testing.T, address string) *livePair {
	p := &livePair{pair: &pair{t: t, now: begin}, address: address}
	jerusalem := record.Place{City: record.Words{"en": "Jerusalem"}, Lat: 31.778, Lon: 35.235, Zone: "Asia/Jerusalem", Israel: true}
	london := record.Place{City: record.Words{"en": "London"}, Lat: 51.5074, Lon: -0.1278, Zone: "Europe/London"}
	keeping := newsroom.Keeping{Lighting: "18m", Nightfall: "8.5deg"}
	p.room, p.db = roomBy(t, address, func() clock.Reading {
		return clock.Reading{Wall: p.now, Boot: p.now.Sub(begin) + time.Hour, BootID: "test"}
	}, newsroom.DeskSettings{Slug: "jerusalem", Names: record.Words{"en": "Jerusalem"}, Place: jerusalem, Keeping: keeping},
		newsroom.DeskSettings{Slug: "london", Names: record.Words{"en": "London"}, Place: london, Keeping: keeping})
	for name, role := range map[string]string{"Dana": "jerusalem:chief", "Lee": "london:chief", "Uri": "new-york:reporter"} {
		_, err := p.room.AddMember(t.Context(), name, false, []string{role}, 0)
		p.must(err)
	}
	p.add("Noam", 0)
	h, err := p.room.House(t.Context())
	p.must(err)
	p.ny, p.jlm = h.Desks[0].ID, h.Desks[1].ID
	p.rina, p.dana = p.in("Rina"), p.in("Dana")
	text := story.Text{Type: story.Live, Lang: "en", Section: "news", Slug: "game-eleven", Headline: "Game eleven", Standfirst: "As it is played."}
	p.page, err = p.room.Start(t.Context(), p.rina, newsroom.Beginning{Key: p.key(), Desk: p.ny, Text: &text})
	p.must(err)
	return p
}

// opened publishes the page and opens it.
func (p *livePair) opened() *livePair {
	p.t.Helper()
	p.file(p.rina, p.page, story.Publish)
	p.now = p.now.Add(time.Minute)
	p.posted(p.live(p.rina, newsroom.LiveWish{What: story.OpenLive, Desk: p.ny, Desks: []story.DeskID{p.jlm}}))
	return p
}

func (p *livePair) live(who newsroom.Who, w newsroom.LiveWish) (newsroom.LiveFiled, error) {
	w.Page, w.NoUndo = p.page, true
	if w.Key == "" {
		w.Key = p.key()
	}
	if w.Base == 0 {
		w.Base = -1
	}
	return p.room.Live(p.t.Context(), who, w)
}

func (p *livePair) posted(f newsroom.LiveFiled, err error) newsroom.LiveFiled {
	p.t.Helper()
	if err != nil || f.State != story.Posted {
		p.t.Fatalf("%+v, %v", f, err)
	}
	return f
}

func says(text string) newsroom.LiveWords {
	return newsroom.LiveWords{Doc: story.Doc{{Kind: story.Paragraph, Spans: []story.Span{{Text: text}}}}}
}

func (p *livePair) says(who newsroom.Who, desk story.DeskID, text string) (newsroom.LiveFiled, error) {
	return p.live(who, newsroom.LiveWish{What: story.AddLive, Desk: desk, Words: says(text)})
}

// kept are the live entries of the record in a line each.
func (p *livePair) kept() (lines []string) {
	p.t.Helper()
	all, err := p.db.After(p.t.Context(), 0, 1000)
	p.must(err)
	for _, e := range all {
		if e.Kind != record.KindLive {
			continue
		}
		c, err := record.Decode[record.Live](e)
		p.must(err)
		words := c.Headline + c.Summary
		for _, b := range c.Doc {
			words += b.Plain()
		}
		desk := map[story.DeskID]string{p.ny: "ny", p.jlm: "jlm"}[e.Desk]
		lines = append(lines, strings.TrimSpace(fmt.Sprintf("%s %s %s %s", c.Does, desk, e.Class, words)))
	}
	return lines
}

func TestLiveLife(t *testing.T) { storetest.Each(t, liveLife) }

func liveLife(t *testing.T, address string) {
	p := newLivePair(t, address)
	open := newsroom.LiveWish{What: story.OpenLive, Desk: p.ny, Desks: []story.DeskID{p.jlm}}
	_, err := p.live(p.rina, open)
	p.refused(err, "Publish the page itself first")
	p.opened()
	_, err = p.live(p.rina, open)
	p.refused(err, "live already")
	_, err = p.live(p.dana, newsroom.LiveWish{What: story.ReopenLive, Desk: p.jlm})
	p.refused(err, "live already")

	p.now = p.now.Add(time.Minute)
	add := newsroom.LiveWish{Key: "one-add-0000000000001", What: story.AddLive, Desk: p.ny, Words: says("Cafe\u0301 opens.")}
	add.Words.By = "Ida  Kessler"
	first := p.posted(p.live(p.rina, add))
	if again := p.posted(p.live(p.rina, add)); again.Part != first.Part || again.Filed.Entry != first.Filed.Entry {
		t.Errorf("the same key added twice: %+v, %+v", first, again)
	}
	second := p.posted(p.says(p.dana, p.jlm, "From Jerusalem."))
	edit := newsroom.LiveWish{What: story.EditLive, Desk: p.jlm, Entry: first.Part, Base: first.Filed.Entry + 1000, Words: says("Two.")}
	_, err = p.live(p.dana, edit)
	p.refused(err, "Somebody changed this entry meanwhile")
	edit.Base = first.Filed.Entry
	p.posted(p.live(p.dana, edit))
	gone := p.posted(p.live(p.rina, newsroom.LiveWish{What: story.RemoveLive, Desk: p.ny, Entry: second.Part}))
	for _, what := range []story.What{story.EditLive, story.RemoveLive} {
		_, err = p.live(p.rina, newsroom.LiveWish{What: what, Desk: p.ny, Entry: second.Part, Words: says("Back.")})
		p.refused(err, "removed already")
	}
	if gone.Part != second.Part {
		t.Errorf("removed %q, not %q", gone.Part, second.Part)
	}
	p.posted(p.live(p.dana, newsroom.LiveWish{What: story.CloseLive, Desk: p.jlm, Summary: "A draw."}))
	_, err = p.says(p.rina, p.ny, "Late.")
	p.refused(err, "closed")
	p.posted(p.live(p.rina, newsroom.LiveWish{What: story.EditLive, Desk: p.ny, Entry: first.Part, Words: says("Three.")}))
	p.posted(p.live(p.rina, newsroom.LiveWish{What: story.ReopenLive, Desk: p.ny}))
	_, err = p.says(p.dana, p.jlm, "Not mine any more.")
	p.refused(err, "none of the desks")
	want := []string{"open ny speaks", "add ny speaks Café opens.", "add jlm speaks From Jerusalem.", "edit jlm speaks Two.", "remove ny silences",
		"close jlm speaks A draw.", "edit ny speaks Three.", "reopen ny speaks"}
	if got := p.kept(); !slices.Equal(got, want) {
		t.Errorf("the record has %q\nwant %q", got, want)
	}
	_, err = p.room.File(t.Context(), p.rina, newsroom.Filing{Key: p.key(), Article: p.page, What: story.Withdraw, Base: -1, Detail: newsroom.Detail{Note: "It was not so."}})
	p.must(err)
	_, err = p.says(p.rina, p.ny, "After it was withdrawn.")
	p.refused(err, "withdrawn")
	p.posted(p.live(p.rina, newsroom.LiveWish{What: story.RemoveLive, Desk: p.ny, Entry: first.Part}))
	p.verifies()
}

// TestLiveAuthority: editors and chiefs of a desk of the page, and nobody else.
func TestLiveAuthority(t *testing.T) {
	p := newLivePair(t, storetest.SQLite(t)).opened()
	_, err := p.says(p.in("Uri"), p.ny, "By a reporter.")
	p.refused(err, "you need to be editor or chief")
	_, err = p.says(p.rina, p.jlm, "For another desk.")
	p.refused(err, "you need to be editor or chief")
	h, err := p.room.House(t.Context())
	p.must(err)
	_, err = p.says(p.in("Lee"), h.Desks[2].ID, "From London.")
	p.refused(err, "none of the desks")
	_, err = p.live(p.rina, newsroom.LiveWish{What: story.EditLive, Desk: p.ny, Entry: "nothere0", Words: says("x")})
	p.refused(err, "No reader has seen such an entry")
	_, err = p.live(p.rina, newsroom.LiveWish{What: story.Kill, Desk: p.ny})
	p.refused(err, "nothing to do")
	_, err = p.room.File(t.Context(), p.rina, newsroom.Filing{Key: p.key(), Article: p.page, What: story.AddLive, Base: -1})
	p.refused(err, "nothing to file")
	for why, w := range map[string]newsroom.LiveWords{
		"says something": says(" \u200e"), "is short": says(strings.Repeat("long ", 4000)), "The captions of a live entry": {Pictures: []story.PictureUse{{ID: "elsewhere0", Caption: strings.Repeat("long ", 2000)}}},
		"none of this page's": {Pictures: []story.PictureUse{{ID: "elsewhere0"}}},
		"cannot be linked to": {Doc: story.Doc{{Kind: story.Paragraph, Spans: []story.Span{{Text: "x", Link: "javascript:x"}}}}},
	} {
		_, err = p.live(p.rina, newsroom.LiveWish{What: story.AddLive, Desk: p.ny, Words: w})
		p.refused(err, why)
	}
}

// TestLiveRest: each entry is judged by its writer's desk; what is taken down never waits.
func TestLiveRest(t *testing.T) { storetest.Each(t, liveRest) }

func liveRest(t *testing.T, address string) {
	p := newLivePair(t, address).opened()
	before := p.posted(p.says(p.dana, p.jlm, "Before the rest."))
	p.now = time.Date(2024, 3, 22, 16, 0, 0, 0, time.UTC) // Jerusalem rests, New York does not
	waits, err := p.says(p.dana, p.jlm, "First at the end of it.")
	if err != nil || waits.State != story.Pending || waits.Opens.IsZero() {
		t.Fatalf("it does not wait: %+v, %v", waits, err)
	}
	other, err := p.says(p.dana, p.jlm, "Second at the end of it.")
	if err != nil || other.State != story.Pending {
		t.Fatalf("%+v, %v", other, err)
	}
	p.posted(p.says(p.rina, p.ny, "From New York."))
	change := func(text string) newsroom.LiveFiled {
		f, err := p.live(p.dana, newsroom.LiveWish{What: story.EditLive, Desk: p.jlm, Entry: before.Part, Words: says(text)})
		if err != nil || f.State != story.Pending {
			t.Fatalf("%+v, %v", f, err)
		}
		return f
	}
	superseded, kept := change("Mended once."), change("Mended twice.")
	p.posted(p.live(p.dana, newsroom.LiveWish{What: story.RemoveLive, Desk: p.jlm, Entry: before.Part}))
	p.must(p.room.TakeBack(t.Context(), p.dana, p.key(), other.Act))

	p.now = waits.Opens
	n, err := p.room.Step(t.Context())
	p.must(err)
	if n != 1 {
		t.Errorf("%d posted when Jerusalem opens, not the one that waited", n)
	}
	for act, want := range map[int64]story.ActState{waits.Act: story.Posted, other.Act: story.TakenBack, superseded.Act: story.Superseded, kept.Act: story.Parked} {
		if got := p.state(act); got != want {
			t.Errorf("act %d is %s, not %s", act, got, want)
		}
	}
	want := []string{"open ny speaks", "add jlm speaks Before the rest.", "add ny speaks From New York.", "remove jlm silences", "add jlm speaks First at the end of it."}
	if got := p.kept(); !slices.Equal(got, want) {
		t.Errorf("the record has %q\nwant %q", got, want)
	}
	p.verifies()
}

func (p *livePair) state(act int64) story.ActState {
	p.t.Helper()
	for _, row := range state(p.t, p.address) {
		if strings.HasPrefix(row, "act ") && strings.Contains(row, fmt.Sprintf(" id=%d ", act)) {
			for _, s := range []story.ActState{story.Pending, story.Posted, story.TakenBack, story.Superseded, story.Parked} {
				if strings.Contains(row, fmt.Sprintf("state=%q", s)) {
					return s
				}
			}
		}
	}
	p.t.Fatalf("there is no act %d", act)
	return ""
}

// TestLiveEmbargo: an embargo of the page holds its entries too.
func TestLiveEmbargo(t *testing.T) {
	p := newLivePair(t, storetest.SQLite(t)).opened()
	p.must(p.room.Embargo(t.Context(), p.rina, newsroom.EmbargoWish{Key: p.key(), Article: p.page, Until: "2024-03-20 12:00 Europe/London"}))
	f, err := p.says(p.rina, p.ny, "Not before noon.")
	if noon := time.Date(2024, 3, 20, 12, 0, 0, 0, time.UTC); err != nil || f.State != story.Pending || !f.Due.Equal(noon) {
		t.Errorf("%+v, %v", f, err)
	}
}

// TestClosingDoesNotLoseAnUpdate: the page's text and its being open are one part of it; what
// waits of one is not dropped for the other.
func TestClosingDoesNotLoseAnUpdate(t *testing.T) {
	p := newLivePair(t, storetest.SQLite(t)).opened()
	f, err := p.room.File(t.Context(), p.rina, newsroom.Filing{Key: p.key(), Article: p.page, What: story.Update, Base: -1})
	p.must(err)
	_, err = p.live(p.rina, newsroom.LiveWish{What: story.CloseLive, Desk: p.ny})
	p.refused(err, "Something else waits")
	if got := p.state(f.Act); got != story.Pending {
		t.Errorf("the update is %s", got)
	}
}

func (p *livePair) picture(credit string) story.PictureUse {
	p.t.Helper()
	var raw bytes.Buffer
	p.must(jpeg.Encode(&raw, image.NewGray(image.Rect(0, 0, 8, 8)), nil))
	use, err := p.room.AddLivePicture(p.t.Context(), p.rina, p.key(), p.page, raw.Bytes())
	p.must(err)
	use.Caption, use.Credit.Line = "The board", credit
	return use
}

func TestLivePictures(t *testing.T) { storetest.Each(t, livePictures) }

func livePictures(t *testing.T, address string) {
	p := newLivePair(t, address).opened()
	use := p.picture("")
	add := newsroom.LiveWish{What: story.AddLive, Desk: p.ny, Words: newsroom.LiveWords{Pictures: []story.PictureUse{use}}}
	_, err := p.live(p.rina, add)
	p.refused(err, "Picture “The board” has no credit")
	add.Words.Pictures[0].Credit.Line = "By somebody"
	p.must(p.room.SetRights(t.Context(), p.rina, newsroom.RightsWish{Key: p.key(), Article: p.page, Picture: use.ID, First: "2024-03-25"}))
	_, err = p.live(p.rina, add)
	p.refused(err, "have not begun")
	p.now = time.Date(2024, 3, 25, 14, 0, 0, 0, time.UTC)
	f := p.posted(p.live(p.in("Rina"), add))
	entries, err := p.db.After(t.Context(), f.Filed.Entry-1, 1)
	p.must(err)
	c, err := record.Decode[record.Live](entries[0])
	if err != nil || len(c.Pictures) != 1 || len(c.Pictures[0].Renditions) == 0 {
		t.Errorf("%+v, %v", c.Pictures, err)
	}
	gone, err := p.room.ChangePicture(t.Context(), p.in("Rina"), newsroom.PictureWish{Key: p.key(), Article: p.page, Picture: use.ID, Withdraw: true})
	if err != nil || gone.State != story.Posted {
		t.Errorf("the picture is not withdrawn: %+v, %v", gone, err)
	}
	p.verifies()
}

// TestKilledPage: a kill withholds every entry of the page, and what waits is parked.
func TestKilledPage(t *testing.T) { storetest.Each(t, killedPage) }

func killedPage(t *testing.T, address string) {
	p := newLivePair(t, address).opened()
	p.posted(p.says(p.rina, p.ny, "One."))
	p.now = time.Date(2024, 3, 22, 16, 0, 0, 0, time.UTC)
	waits, err := p.says(p.dana, p.jlm, "Waits.")
	p.must(err)
	kill := p.file(p.rina, p.page, story.Kill)
	all, err := p.db.After(t.Context(), 0, 100)
	p.must(err)
	for _, e := range all {
		if e.Kind == record.KindLive && e.GoneBy != kill.Entry {
			t.Errorf("entry %d is not withheld", e.N)
		}
	}
	p.now = waits.Opens
	_, err = p.room.Step(t.Context())
	p.must(err)
	if got := p.state(waits.Act); got != story.Parked {
		t.Errorf("what waited is %s", got)
	}
	p.verifies()
}

// TestErasedPage: no row keeps a word of the page's entries, posted, waiting or removed.
func TestErasedPage(t *testing.T) { storetest.Each(t, erasedPage) }

func erasedPage(t *testing.T, address string) {
	p := newLivePair(t, address).opened()
	use := p.picture("Canarycredit")
	p.posted(p.live(p.rina, newsroom.LiveWish{What: story.AddLive, Desk: p.ny, Words: newsroom.LiveWords{Headline: "Canaryhead", Pictures: []story.PictureUse{use}}}))
	removed := p.posted(p.says(p.rina, p.ny, "Canaryremoved"))
	p.posted(p.live(p.rina, newsroom.LiveWish{What: story.RemoveLive, Desk: p.ny, Entry: removed.Part}))
	p.now = time.Date(2024, 3, 22, 16, 0, 0, 0, time.UTC)
	w := newsroom.LiveWish{What: story.AddLive, Desk: p.jlm, Words: says("Canarywaits")}
	w.Words.By = "Canary Byname"
	if f, err := p.live(p.dana, w); err != nil || f.State != story.Pending {
		t.Fatal(f, err)
	}
	p.must(p.room.GiveRoles(t.Context(), "Noam", []string{"new-york:chief"}))
	p.now = p.now.Add(26 * time.Hour)
	rina := p.in("Rina")
	asked, err := p.room.AskErase(t.Context(), rina, newsroom.ErasureWish{Key: p.key(), Article: p.page, Wording: "By order.", Ordered: "2024-03-20"})
	p.must(err)
	_, err = p.room.ConfirmErase(t.Context(), p.in("Noam"), p.key(), asked)
	p.must(err)
	for _, row := range state(t, address) {
		if strings.Contains(row, "Canary") {
			t.Errorf("a word is left: %s", row)
		}
	}
	p.verifies()
}

// TestBreakOut: the story begins with the entry's words, and is told of once it is public.
func TestBreakOut(t *testing.T) { storetest.Each(t, breakOut) }

func breakOut(t *testing.T, address string) {
	p := newLivePair(t, address).opened()
	w := newsroom.LiveWish{What: story.AddLive, Desk: p.ny, Words: says("A long story.")}
	w.Words.Headline = "A long story"
	f := p.posted(p.live(p.rina, w))
	id, err := p.room.BreakOut(t.Context(), p.rina, newsroom.BreakingOut{Key: p.key(), Page: p.page, Entry: f.Part, Desk: p.ny})
	p.must(err)
	v, err := p.room.Story(t.Context(), p.rina, id)
	p.must(err)
	if v.Text.Headline != "A long story" || v.Text.Doc[0].Plain() != "A long story." || v.Text.Slug != "a-long-story" || v.Article.Standing != story.Never {
		t.Errorf("it begins as %+v", v.Text)
	}
	leads := func() story.ArticleID {
		t.Helper()
		w.What, w.Entry, w.Key = story.EditLive, f.Part, ""
		edit := p.posted(p.live(p.rina, w))
		e, err := p.db.After(t.Context(), edit.Filed.Entry-1, 1)
		p.must(err)
		c, err := record.Decode[record.Live](e[0])
		p.must(err)
		return c.BrokenOut
	}
	if got := leads(); got != "" {
		t.Errorf("the entry tells of %s, which no reader has seen", got)
	}
	section, err := p.room.Save(t.Context(), p.rina, newsroom.Saving{Key: p.key(), Article: id, Parts: []newsroom.PartSave{{Part: "section", Body: []byte(`"news"`)}}})
	if err != nil || len(section.Clashes) > 0 {
		t.Fatal(section, err)
	}
	p.file(p.rina, id, story.Publish)
	if got := leads(); got != id {
		t.Errorf("the entry leads to %q, not to %s", got, id)
	}
}

// livePage begins a live page and, if the hour allows it, publishes and opens it.
func (w *twins) livePage() story.ArticleID {
	text := story.Text{Type: story.Live, Lang: "en", Section: "news", Slug: "a-game", Headline: "A game"}
	keys := []string{w.key(), w.key(), w.key()}
	page := w.do("live page", func(r *newsroom.Room) (any, error) {
		who, err := r.Acting(w.t.Context(), "Rina")
		if err != nil {
			return nil, err
		}
		h, err := r.House(w.t.Context())
		if err != nil {
			return nil, err
		}
		id, err := r.Start(w.t.Context(), who, newsroom.Beginning{Key: keys[0], Desk: h.Desks[0].ID, Text: &text})
		if err != nil {
			return nil, err
		}
		if _, err := r.File(w.t.Context(), who, newsroom.Filing{Key: keys[1], Article: id, What: story.Publish, NoUndo: true, Base: -1}); err != nil {
			return nil, err
		}
		_, err = r.Live(w.t.Context(), who, newsroom.LiveWish{Key: keys[2], Page: id, What: story.OpenLive, Desk: h.Desks[0].ID, Desks: []story.DeskID{h.Desks[1].ID}, Base: -1, NoUndo: true})
		if _, refused := story.AsRefusal(err); refused {
			err = nil // its desk rests: the page's text waits
		}
		return id, err
	})
	id, ok := page.(story.ArticleID)
	if !ok {
		w.t.Fatal(page)
	}
	w.pages, w.stories = append(w.pages, id), append(w.stories, id)
	return id
}

// live asks something of a live page, or of a story that is none.
func (w *twins) live(who func(*newsroom.Room) newsroom.Who, key string) {
	if len(w.pages) == 0 || w.rng.IntN(12) == 0 {
		w.livePage()
	}
	id := w.pages[len(w.pages)-1]
	if w.rng.IntN(4) == 0 {
		id = pick(w, w.stories...)
	}
	desk, other := pick(w, 0, 0, 0, 1), w.rng.IntN(2)
	wish := newsroom.LiveWish{Key: key, Page: id, NoUndo: w.rng.IntN(2) == 0, Base: pick[int64](w, -1, -1, -1, 7), Summary: w.words(),
		What:  pick(w, story.OpenLive, story.OpenLive, story.AddLive, story.AddLive, story.AddLive, story.EditLive, story.EditLive, story.RemoveLive, story.CloseLive, story.ReopenLive),
		Words: newsroom.LiveWords{Headline: w.words(), By: pick(w, "", "Ida", "ida", "Uri"), Key: w.rng.IntN(2) == 0, Pinned: w.rng.IntN(4) == 0}}
	wish.Words.Doc = story.ParseDoc(w.words())
	if entries := w.entries[id]; len(entries) > 0 {
		wish.Entry = pick(w, entries...)
	}
	answer := w.do(string(wish.What), func(r *newsroom.Room) (any, error) {
		h, err := r.House(w.t.Context())
		if err != nil {
			return nil, err
		}
		asked := wish
		asked.Desk, asked.Desks, asked.Words.Doc = h.Desks[desk].ID, []story.DeskID{h.Desks[other].ID}, slices.Clone(wish.Words.Doc)
		return r.Live(w.t.Context(), who(r), asked)
	})
	if filed, ok := answer.(newsroom.LiveFiled); ok && filed.Act > 0 {
		w.acts = max(w.acts, filed.Act)
		if wish.What == story.AddLive {
			w.entries[id] = append(w.entries[id], filed.Part)
		}
	}
}
