package wire_test

import (
	"encoding/json"
	"strings"
	"testing"
	"time"

	"dateline/internal/story"
	"dateline/internal/wire"
)

func text(words string, with func(*wire.Item)) wire.Item {
	it := wire.Item{Format: "ninjs", GUID: "g", Kind: wire.KindText, Status: wire.Usable, Headline: "Head",
		Doc: story.Doc{{Kind: story.Paragraph, Spans: []story.Span{{Text: words}}}}}
	if with != nil {
		with(&it)
	}
	return it
}

var noon = time.Date(2024, 3, 22, 12, 0, 0, 0, time.UTC)

// TestSame is the rule of versions: any of number, own time and words agrees, unless b
// takes something back.
func TestSame(t *testing.T) {
	numbered := func(v string) func(*wire.Item) { return func(i *wire.Item) { i.Version = v } }
	sent := func(at time.Time) func(*wire.Item) { return func(i *wire.Item) { i.Sent = at } }
	status := func(format string, s wire.Status) func(*wire.Item) {
		return func(i *wire.Item) { i.Format, i.Status, i.Version = format, s, "1" }
	}
	until := func(v string, at time.Time) func(*wire.Item) {
		return func(i *wire.Item) { i.Version, i.Embargo = v, wire.Embargo{Set: true, Until: at} }
	}
	for _, c := range []struct {
		what string
		a, b wire.Item
		want bool
	}{
		{"number", text("a", numbered("2")), text("b", numbered("2")), true},
		{"other number and words", text("a", numbered("2")), text("b", numbered("3")), false},
		{"other number, same words", text("a", numbered("2")), text("a", numbered("3")), true},
		{"time", text("a", sent(noon)), text("b", sent(noon.Add(300*time.Millisecond))), true},
		{"time, to the second", text("a", sent(noon.Add(300*time.Millisecond))), text("b", sent(noon)), true},
		{"other time", text("a", sent(noon)), text("b", sent(noon.Add(time.Second))), false},
		{"no times", text("a", nil), text("b", nil), false},
		{"words, other quotes", text("“a” – it’s", nil), text(`"a" -  it's`, nil), true},
		{"words, one point", text("1.5 million", nil), text("15 million", nil), false},
		{"words, a sign", text("-3 degrees", nil), text("3 degrees", nil), false},
		{"no words at all", wire.Item{Kind: wire.KindText, Status: wire.Usable}, wire.Item{Kind: wire.KindText, Status: wire.Usable}, false},
		{"canceled, all else alike", text("a", status("ninjs", wire.Usable)), text("a", status("newsml-g2", wire.Canceled)), false},
		{"usable again", text("a", status("ninjs", wire.Withheld)), text("a", status("ninjs", wire.Usable)), false},
		{"a feed that says no status", text("a", status("newsml-g2", wire.Withheld)), text("a", status("rss", wire.Usable)), true},
		{"a feed that says one", text("a", status("newsml-g2", wire.Usable)), text("a", status("atom", wire.Canceled)), false},
		{"an embargo is new", text("a", numbered("1")), text("a", until("1", noon)), false},
		{"an embargo moves", text("a", until("1", noon)), text("a", until("1", noon.Add(time.Hour))), false},
		{"an embargo again", text("a", until("1", noon)), text("a", until("1", noon)), true},
		{"an embargo ends under a new number", text("a", until("1", noon)), text("a", numbered("2")), false},
		{"an embargo that a feed is silent of", text("a", until("1", noon)), text("a", nil), true},
	} {
		if got := wire.Same(c.a, c.b); got != c.want {
			t.Errorf("%s: %v", c.what, got)
		}
		kept, err := json.Marshal(c.a) // as the newsroom keeps it, without the hash
		if err != nil {
			t.Fatal(err)
		}
		var a wire.Item
		if err := json.Unmarshal(kept, &a); err != nil {
			t.Fatal(err)
		}
		if got := wire.Same(a, c.b); got != c.want {
			t.Errorf("%s, once kept: %v", c.what, got)
		}
	}
}

func TestSamePicture(t *testing.T) {
	file := wire.FromPicture("in/lamp.jpg", wire.Embedded{Type: "image/jpeg", Caption: "Another caption"})
	g2 := wire.Item{Format: "newsml-g2", GUID: "p", Version: "1", Kind: wire.KindPicture, Status: wire.Usable, Picture: &wire.PictureRef{File: "lamp.jpg", Caption: "The lamp", Credit: story.Credit{Line: "Ilo Marsh"}}}
	if !wire.Same(g2, file) || !wire.Same(file, g2) {
		t.Error("a file beside a report is the picture of its name, whichever came first")
	}
	canceled := g2
	canceled.Status = wire.Canceled
	if !wire.Same(canceled, file) {
		t.Error("a file made a canceled picture usable")
	}
	credited := g2
	credited.Version, credited.Picture = "2", &wire.PictureRef{File: "lamp.jpg", Caption: "The lamp", Credit: story.Credit{Line: "Una Fell"}}
	if wire.Same(g2, credited) {
		t.Error("another credit is another version")
	}
}

func TestPictureOf(t *testing.T) {
	var text wire.Item
	for _, it := range parse(t, "testdata/g2-message.xml") {
		if it.Kind == wire.KindText {
			text = it
		}
	}
	for file, want := range map[string]bool{"osmouth-lamp.jpg": true, "/drop/Osmouth-Lamp.JPG": true, "lamp.jpg": false, "": false, "..": false} {
		p, ok := wire.PictureOf(text, file)
		if ok != want || ok && p.GUID != "urn:newsml:terntide.example:20240322:osmouth-lamp-picture" {
			t.Errorf("%q: %v %+v", file, ok, p)
		}
	}
}

func TestFromPicture(t *testing.T) {
	it := wire.FromPicture(`C:\drop\lamp.jpg`, wire.Embedded{Type: "image/jpeg", Headline: "The\nlamp", Caption: " The lamp\u202e ", Credit: story.Credit{Photographer: "Ilo Marsh"}, Usage: "No sales", Instructions: "Embargoed until Sunday", Width: 9, Height: 6})
	wantClean(t, it)
	if it.Format != "jpeg" || it.GUID != "" || it.Picture.File != "lamp.jpg" || it.Headline != "The lamp" || it.Picture.Caption != "The lamp" || it.Usage != "No sales" || it.Picture.Width != 9 {
		t.Errorf("%+v %+v", it, it.Picture)
	}
	if !it.Embargo.Set || !it.Embargo.Until.IsZero() {
		t.Error("instructions with an embargo were taken for none")
	}
}

// File names are safe as such, whatever an agency or a person wrote.
func TestFileNames(t *testing.T) {
	for name, want := range map[string]string{"a/b/c.jpg": "c.jpg", `..\..\c.jpg`: "c.jpg", "c.jpg?x=/d.jpg#e": "c.jpg", "../.ssh": "", ".htaccess": "", "..": "", "/": "", "": "", "a/": "a", "c\u202egpj.exe": "cgpj.exe", "c\x00.jpg": "c.jpg",
		"c:d.jpg": "", "c%2fd.jpg": "", strings.Repeat("a", 201): ""} {
		if got := wire.FromPicture(name, wire.Embedded{}).Picture.File; got != want {
			t.Errorf("%q became %q, want %q", name, got, want)
		}
	}
}

// TestMerge: what one road leaves out the other brings, in either order, and nothing that
// closes is lost.
func TestMerge(t *testing.T) {
	find := func(file string) wire.Item {
		for _, it := range parse(t, "testdata/"+file) {
			if it.GUID == "urn:newsml:terntide.example:20240322:osmouth-lamp" {
				return it
			}
		}
		t.Fatal(file)
		return wire.Item{}
	}
	feed, g2 := find("rss.xml"), find("g2-message.xml")
	brief := feed
	brief.Doc = brief.Doc[:1]
	for _, m := range []wire.Item{wire.Merge(feed, g2), wire.Merge(g2, feed), wire.Merge(brief, g2), wire.Merge(g2, brief)} {
		if m.Version != "3" || m.Urgency != 4 || m.EdNote == "" || len(m.InfoSources) != 2 || len(m.Topics) != 2 || m.Words != g2.Words || len(m.Pictures) != 2 {
			t.Errorf("%+v", m)
		}
	}
	held := find("ninjs-2.json")
	if m := wire.Merge(held, feed); m.Status != wire.Withheld || !m.Embargo.Set {
		t.Errorf("%s, %+v", m.Status, m.Embargo)
	}
	bare := wire.Item{Format: "rss", Kind: wire.KindPicture, Status: wire.Usable, Picture: &wire.PictureRef{File: "a.jpg"}}
	full := wire.Item{Format: "ninjs", GUID: "p", Kind: wire.KindPicture, Status: wire.Usable, Picture: &wire.PictureRef{GUID: "p", Caption: "c", Alt: "a", Credit: story.Credit{Line: "l"}, Width: 3, Height: 2}}
	if m := wire.Merge(bare, full).Picture; *m != (wire.PictureRef{GUID: "p", File: "a.jpg", Caption: "c", Alt: "a", Credit: story.Credit{Line: "l"}, Width: 3, Height: 2}) {
		t.Errorf("%+v", m)
	}
}
