package edition_test

import (
	"fmt"
	"os"
	"path/filepath"
	"reflect"
	"strings"
	"testing"
	"time"

	"dateline/internal/edition"
	"dateline/internal/edition/editiontest"
	"dateline/internal/record"
	"dateline/internal/story"
)

// livePaper is a paper with a live page of two desks.
func livePaper(t *testing.T) *editiontest.Record {
	r := editiontest.Paper(t)
	c := text("Game eleven", "")
	c.Type, c.Doc = story.Live, nil
	r.Post(one, editiontest.NewYork, at(0), c)
	r.Live(one, editiontest.NewYork, at(1), record.Live{Does: record.LiveOpens, Desks: []story.DeskID{editiontest.NewYork, editiontest.Jerusalem}})
	return r
}

// livePage reads a live page, whole: its pinned entries first.
func livePage(t *testing.T, e *edition.Edition, id story.ArticleID) (p edition.LivePage, lines []string, keys []string) {
	t.Helper()
	check := func(err error) {
		if err != nil {
			t.Fatal(err)
		}
	}
	line := func(x edition.LiveEntry) string {
		s := x.ID + ":"
		for _, b := range x.Content.Doc {
			s += " " + b.Plain()
		}
		for _, p := range x.Content.Pictures {
			s += " [" + p.ID + "]"
		}
		if !x.Updated.IsZero() {
			s += " updated"
		}
		if !x.Removed.IsZero() {
			s += " removed"
		}
		return s
	}
	check(e.View(t.Context(), func(v *edition.View) (err error) {
		if p, _, err = v.LivePage(id); err != nil {
			return err
		}
		pinned, err := v.LivePinned(id, 9)
		check(err)
		for _, x := range pinned {
			lines = append(lines, "pinned "+line(x))
		}
		for page := (edition.Page{Limit: 2}); ; { // in parts
			some, next, err := v.Live(id, page)
			check(err)
			for _, x := range some {
				lines = append(lines, line(x))
			}
			if page.Before = next; next == 0 {
				break
			}
		}
		all, err := v.LiveKeys(id, 9)
		for _, x := range all {
			keys = append(keys, x.ID)
		}
		return err
	}))
	return p, lines, keys
}

func TestLivePage(t *testing.T) {
	r := livePaper(t)
	e := editiontest.Open(t, r)
	add := func(m int, c record.Live) { t.Helper(); r.Live(one, editiontest.NewYork, at(m), c); catchUp(t, e, r) }
	edit := func(c record.Live) record.Live { c.Does = record.LiveEdits; return c }
	key := editiontest.Said("e0000002", "Two.")
	key.Key = true
	pic := editiontest.Said("e0000003", "Three.")
	pic.Pictures = []story.PictureUse{r.Picture("livepic", "Board.", "A board", story.Credit{Line: "By somebody"})}
	add(2, editiontest.Said("e0000001", "One."))
	add(3, key)
	add(4, pic)
	r.Live(one, editiontest.Jerusalem, at(5), editiontest.Said("e0000004", "Four."))
	add(6, edit(editiontest.Said("e0000001", "One, mended.")))
	pin := edit(editiontest.Said("e0000004", "Four."))
	pin.Pinned = true
	add(7, pin)
	p, lines, keys := livePage(t, e, one)
	if want := []string{"pinned e0000004: Four.", "e0000003: Three. [livepic]", "e0000002: Two.", "e0000001: One, mended. updated"}; !reflect.DeepEqual(lines, want) {
		t.Errorf("%q\nwant %q", lines, want)
	}
	if !reflect.DeepEqual(keys, []string{"e0000002"}) || p.State != story.LiveOpen || !p.Opened.Equal(at(1)) || len(p.Desks) != 2 {
		t.Errorf("keys %q of %+v", keys, p)
	}
	a := article(t, e, one)
	if a.Live != story.LiveOpen || !a.Updated.Equal(at(6)) || !a.Posted.Equal(at(0)) || a.Versions != 1 {
		t.Errorf("%+v", a.Card)
	}
	sameWhenRebuilt(t, e, r)

	add(8, record.Live{Does: record.LiveRemoves, Entry: "e0000003"})
	add(9, edit(editiontest.Said("e0000003", "Back."))) // a record that does this is wrong, and is not followed
	add(10, record.Live{Does: record.LiveCloses, Desks: p.Desks, Summary: "A draw."})
	p, lines, _ = livePage(t, e, one)
	if lines[1] != "e0000003: removed" || p.State != story.LiveClosed || p.Summary != "A draw." || !p.Closed.Equal(at(10)) || !p.Opened.Equal(at(1)) {
		t.Errorf("%q of %+v", lines, p)
	}
	sameWhenRebuilt(t, e, r)
	add(11, record.Live{Does: record.LiveReopens, Desks: p.Desks[:1]})
	if p, _, _ = livePage(t, e, one); p.State != story.LiveOpen || !p.Opened.Equal(at(11)) || !p.Closed.IsZero() || p.Summary != "" || len(p.Desks) != 1 {
		t.Errorf("%+v", p)
	}
	sameWhenRebuilt(t, e, r)
}

// TestLivePictureGoesWithItsEntry: the file of a picture leaves when its entry is removed, and
// an edition that is built later, when nobody has the file, does not ask for it.
func TestLivePictureGoesWithItsEntry(t *testing.T) {
	r, dir := livePaper(t), t.TempDir()
	e := editiontest.OpenIn(t, r, dir)
	c := editiontest.Said("e0000001", "One.")
	use := r.Picture("livepic", "Board.", "A board", story.Credit{Line: "By somebody"})
	c.Pictures = []story.PictureUse{use}
	r.Live(one, editiontest.NewYork, at(2), c)
	catchUp(t, e, r)
	file := filepath.Join(dir, "pictures", use.Renditions[0].SHA256[:2], use.Renditions[0].SHA256)
	if _, err := os.Stat(file); err != nil {
		t.Fatal(err)
	}
	r.Live(one, editiontest.NewYork, at(3), record.Live{Does: record.LiveRemoves, Entry: "e0000001"})
	catchUp(t, e, r)
	if _, err := os.Stat(file); err == nil {
		t.Error("the picture is still there")
	}
	r.Forget(use)
	sameWhenRebuilt(t, e, r)
	r.Kill(one, editiontest.NewYork, at(4), "")
	catchUp(t, e, r)
	sameWhenRebuilt(t, e, r)
}

// TestNoWordOfALivePage: what a kill withholds and an erasure destroys is in no file.
func TestNoWordOfALivePage(t *testing.T) {
	for _, how := range []string{"killed", "erased", "killed, then erased", "killed, and reinstated"} {
		r, dir := livePaper(t), t.TempDir()
		e := editiontest.OpenIn(t, r, dir)
		for i := range 40 {
			r.Live(one, editiontest.NewYork, at(2+i), editiontest.Said(fmt.Sprintf("e%07d", i), strings.Repeat("Livecanary ", 1+i)))
		}
		r.Live(one, editiontest.NewYork, at(60), record.Live{Does: record.LiveRemoves, Entry: "e0000007"})
		r.Live(one, editiontest.NewYork, at(61), record.Live{Does: record.LiveCloses, Summary: "Livecanary"})
		catchUp(t, e, r)
		if strings.HasPrefix(how, "killed") {
			r.Kill(one, editiontest.NewYork, at(70), "")
			catchUp(t, e, r)
		}
		if strings.HasSuffix(how, "erased") {
			r.Erase(one, editiontest.NewYork, at(71), "By order.")
			catchUp(t, e, r)
		}
		if strings.Contains(strings.ToLower(allText(t, dir)), "livecan") {
			t.Errorf("%s: a word is left", how)
		}
		if _, lines, _ := livePage(t, e, one); len(lines) > 0 {
			t.Errorf("%s: %q", how, lines)
		}
		if strings.HasSuffix(how, "reinstated") {
			c := text("Game eleven", "")
			c.Type, c.Change = story.Live, record.Reinstated
			r.Post(one, editiontest.NewYork, at(80), c)
			r.Live(one, editiontest.NewYork, at(81), record.Live{Does: record.LiveOpens, Desks: []story.DeskID{editiontest.NewYork}})
			r.Live(one, editiontest.NewYork, at(82), editiontest.Said("enew0001", "Anew."))
			catchUp(t, e, r)
			if _, lines, _ := livePage(t, e, one); !reflect.DeepEqual(lines, []string{"enew0001: Anew."}) {
				t.Errorf("%s: %q", how, lines)
			}
		}
		sameWhenRebuilt(t, e, r)
	}
}

// TestLiveNotice: the line is about the page's own desks, whoever else is on duty.
func TestLiveNotice(t *testing.T) {
	h, desks := friday(t, nil)
	page := edition.LivePage{Desks: []story.DeskID{editiontest.Jerusalem, editiontest.London}}
	for _, c := range []struct{ at, lang, want string }{
		{"2024-03-22T10:00:00Z", "en", "The London desk adds to this page until Friday 22 March, 17:59 London · 19:59 Jerusalem. Jerusalem follows, Saturday 18:29."},
		{"2024-03-22T16:00:00Z", "en", "The London desk adds to this page until Friday 22 March, 17:59 London · 19:59 Jerusalem. Jerusalem follows, Saturday 18:29."},
		{"2024-03-22T19:00:00Z", "en", "No desk of this page is on duty until Saturday 18:29 in Jerusalem, when the Jerusalem desk opens."},
		{"2024-03-22T19:00:00Z", "he", "אין דסק תורן לעמוד הזה עד שבת 18:29 בירושלים, אז נפתח דסק ירושלים."},
		{"2024-03-25T19:00:00Z", "en", "The Jerusalem and London desks add to this page."},
	} {
		m := edition.MomentAt(h, desks, instant(t, c.at))
		if got := edition.LiveNotice(m, page, c.lang).String(); got != c.want {
			t.Errorf("at %s: %s", c.at, got)
		}
		if sub := m.Of(page.Desks); sub.Start != m.Start || sub.End != m.End || sub.End.Sub(sub.Start) <= time.Second {
			t.Errorf("at %s the line is true from %s to %s", c.at, sub.Start, sub.End)
		}
	}
}

// TestLivePageGoneThroughAgain: an erasure that takes one note of the page leaves its entries.
func TestLivePageGoneThroughAgain(t *testing.T) {
	r := livePaper(t)
	e := editiontest.Open(t, r)
	r.Live(one, editiontest.NewYork, at(2), editiontest.Said("e0000001", "One."))
	note := r.Withdraw(one, editiontest.NewYork, at(3), "A note that goes.")
	c := text("Game eleven", "")
	c.Type, c.Change = story.Live, record.Reinstated
	r.Post(one, editiontest.NewYork, at(4), c)
	catchUp(t, e, r)
	r.Append(record.KindErase, "person0001", editiontest.NewYork, at(5), record.Erase{Destroyed: []int64{note.N}, Wording: "By order."})
	catchUp(t, e, r)
	if p, lines, _ := livePage(t, e, one); p.State != story.LiveOpen || !reflect.DeepEqual(lines, []string{"e0000001: One."}) {
		t.Errorf("%q of %+v", lines, p)
	}
	if a := article(t, e, one); a.Live != story.LiveOpen || a.Standing != story.Public {
		t.Errorf("%+v", a)
	}
	sameWhenRebuilt(t, e, r)
}
