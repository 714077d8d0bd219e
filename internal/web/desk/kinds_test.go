package desk_test

import (
	"net/http"
	"reflect"
	"slices"
	"strings"
	"testing"
	"time"

	"dateline/internal/record"
	"dateline/internal/story"
)

// asKind makes the first block a kind, and saves its inputs as the form then draws them.
func (b *browser) asKind(kind string, values ...string) story.Block {
	b.t.Helper()
	id := b.storyOf().Text.Doc[0].ID
	b.submit("save", map[string]string{"b." + id + "#0": kind, "do": "save"})
	b.again(id, append([]string{kind}, values...)...)
	return b.storyOf().Text.Doc[0]
}

// again sends the form with other values in a block's inputs; those not named stay.
func (b *browser) again(block string, values ...string) {
	b.t.Helper()
	action, form := b.form("save")
	copy(form["b."+block], values)
	form.Set("do", "save")
	b.post(action, form)
}

func TestATable(t *testing.T) {
	b := open(t).signIn("Jonah Petrie")
	b.begin("A table")
	x := b.asKind("table", " Depths\nin metres ", "Quay\tDepth\r\nNorth\t14\r\nSouth, at the | steps\t9.5\r\n")
	want := story.Table{Caption: "Depths in metres", Head: true, Rows: [][]string{{"Quay", "Depth"}, {"North", "14"}, {"South, at the | steps", "9.5"}}}
	if x.Kind != story.TableBlock || x.Table == nil || !reflect.DeepEqual(*x.Table, want) {
		t.Fatalf("%+v", x.Table)
	}
	b.want(`South, at the \| steps | 9.5`)
	version := b.storyOf().Parts[story.BlockPart(x.ID)].Version
	b.submit("save", map[string]string{"f.short": "Short", "do": "save"})
	if now := b.storyOf().Parts[story.BlockPart(x.ID)].Version; now != version {
		t.Error("a table that nobody changed was saved")
	}
	b.again(x.ID, "table", "Depths", "a | b\n1", "no")
	if x = b.storyOf().Text.Doc[0]; x.Table.Head || !reflect.DeepEqual(x.Table.Rows, [][]string{{"a", "b"}, {"1", ""}}) {
		t.Errorf("%+v", x.Table)
	}
	b.again(x.ID, "table", "Depths", strings.Repeat("a|b\n", story.MaxRows+1))
	b.want("A table may have at most 500 rows; this one has 501.")
	if _, form := b.form("save"); b.status != http.StatusBadRequest || strings.Count(form["b."+x.ID][2], "\n") != story.MaxRows+1 {
		t.Error("the refused form lost its table:", b.status)
	}
	b.again(x.ID, "table", "Depths", "a|b\nc|d")
	b.again(x.ID, "paragraph")
	wantText(t, b, "a | b c | d")
}

func TestABox(t *testing.T) {
	b := open(t).signIn("Jonah Petrie")
	b.begin("A box")
	x := b.asKind("box", "In short", "One **word**.\r\n\r\n- two\r\n- three")
	if x.Kind != story.BoxBlock || x.Plain() != "In short\nOne word.\ntwo\nthree" || len(x.Box.Passages) != 2 {
		t.Fatalf("%+v", x.Box)
	}
	b.again(x.ID, "paragraph")
	wantText(t, b, "One word.", "- two - three")
}

func TestALinkCard(t *testing.T) {
	b := open(t).signIn("Leah Brandt")
	b.begin("A card")
	x := b.asKind("embed", "http://video.example.org/1", "The Example", "A film")
	b.want(`A link card cannot lead to "http://video.example.org/1"`, "begins with https://")
	b.again(x.ID, "embed", "", "The Example", "A film")
	b.want("It has no address in its link card.")
	b.submit("publish", map[string]string{"noundo": "on"})
	b.want("It has no address in its link card.")
	b.again(x.ID, "embed", "https://video.example.org/1", "", "A film", "What is **seen**.")
	x = b.storyOf().Text.Doc[0]
	if x.Embed == nil || *x.Embed != (story.Embed{Address: "https://video.example.org/1", Title: "A film"}) || x.Plain() != "A film\nWhat is seen." {
		t.Errorf("%+v", x)
	}
	b.submit("publish", map[string]string{"noundo": "on"})
	b.want("Posted.")
}

// An address that stands alone in a paragraph becomes the address of its card.
func TestAnAddressBecomesACard(t *testing.T) {
	b := open(t).signIn("Jonah Petrie")
	b.begin("An address")
	id := b.storyOf().Text.Doc[0].ID
	b.again(id, "paragraph", "https://video.example.org/2")
	b.again(id, "embed")
	if x := b.storyOf().Text.Doc[0]; x.Embed == nil || x.Embed.Address != "https://video.example.org/2" || len(x.Spans) != 0 {
		t.Errorf("%+v", x)
	}
}

func TestAGallery(t *testing.T) {
	n := open(t)
	b := n.signIn("Leah Brandt")
	b.begin("A gallery")
	for range 3 {
		b.uploadWith(picture(t), nil)
	}
	id := b.storyOf().Text.Doc[0].ID
	b.again(id, "gallery")
	v := b.storyOf().Text
	p := []string{v.Pictures[0].ID, v.Pictures[1].ID, v.Pictures[2].ID}
	if x := v.Doc[0]; !slices.Equal(x.Pictures, p[1:]) || x.Plain() != "The quay was quiet on Friday." {
		t.Fatalf("%+v", x)
	}
	b.again(id, "gallery", "Words", p[2], "", p[1], p[2]) // a place emptied, one picture twice
	if x := b.storyOf().Text.Doc[0]; !slices.Equal(x.Pictures, []string{p[2], p[1]}) || x.Plain() != "Words" {
		t.Errorf("%+v", x)
	}
	b.again(id, "gallery", "Words", p[2], "<script>", "aaaaaaaaaa", p[1])
	if x := b.storyOf().Text.Doc[0]; !slices.Equal(x.Pictures, []string{p[2], p[1]}) {
		t.Errorf("a gallery shows what the story has not: %+v", x)
	}
	b.submit("publish", map[string]string{"noundo": "on"})
	b.want("has no credit. A picture is never posted without one.")
	for _, id := range p {
		b.submit("save", map[string]string{"p." + id + "#1": "Ida Kessler", "do": "save"})
	}
	b.submit("publish", map[string]string{"noundo": "on"})
	b.want("Posted.")
	c, err := record.Decode[record.Article](b.storyOf().Public[0])
	check(t, err)
	if len(c.Pictures) != 3 || len(c.Pictures[2].Renditions) == 0 {
		t.Errorf("the entry has %+v", c.Pictures)
	}
}

// The gate of a picture's rights, from a form: over, mended, not begun, mended.
func TestTheRightsOfAPicture(t *testing.T) {
	n := open(t)
	b := n.signIn("Leah Brandt")
	b.begin("Rights")
	b.uploadWith(picture(t), nil)
	id := b.storyOf().Text.Pictures[0].ID
	b.submit("save", map[string]string{"p." + id + "#1": "Ida Kessler", "p." + id + "#5": "© The Courier", "p." + id + "#0": "The quay at noon", "do": "save"})
	if p := b.storyOf().Text.Pictures[0]; p.Rights != "© The Courier" || p.Credit.Line != "Ida Kessler" {
		t.Errorf("%+v", p)
	}
	b.submit("save", map[string]string{"r." + id + "#1": "2024-03-21", "do": "save"})
	b.want("The rights of picture “The quay at noon” are over. They ended on Friday 22 March 2024, 00:00 New York · 06:00 Jerusalem.", "Its rights are over: it cannot be posted.", `href="#picture-`+id)
	b.submit("publish", map[string]string{"noundo": "on"})
	b.want("The rights of picture “The quay at noon” are over.")
	if b.status != http.StatusConflict || len(b.storyOf().Public) != 0 {
		t.Fatal("it was posted with a picture whose rights are over:", b.status)
	}
	b.submit("save", map[string]string{"r." + id + "#0": "2024-03-23", "r." + id + "#1": "", "do": "save"})
	b.want("have not begun. They begin on Saturday 23 March 2024, 00:00 New York · 06:00 Jerusalem.")
	b.submit("publish", map[string]string{"noundo": "on"})
	b.want("have not begun.")
	if b.status != http.StatusConflict {
		t.Error("it was posted before the rights of its picture begin:", b.status)
	}
	b.submit("save", map[string]string{"r." + id + "#0": "2024-03-22", "r." + id + "#1": "2024-03-22", "do": "save"})
	want := [2]time.Time{time.Date(2024, 3, 22, 4, 0, 0, 0, time.UTC), time.Date(2024, 3, 23, 4, 0, 0, 0, time.UTC)}
	if r := b.storyOf().Rights[id]; !r.From.Equal(want[0]) || !r.Until.Equal(want[1]) {
		t.Errorf("one day in New York is %s to %s", r.From, r.Until)
	}
	b.submit("publish", map[string]string{"noundo": "on"})
	b.want("Posted.")
}

func TestRefusedRights(t *testing.T) {
	n := open(t)
	b := n.signIn("Leah Brandt")
	b.begin("Refused rights")
	b.uploadWith(picture(t), nil)
	id := b.storyOf().Text.Pictures[0].ID
	for _, c := range [][3]string{{"2024-03-23", "2024-03-22", "cannot be over on 2024-03-22 before they begin on 2024-03-23"}, {"tomorrow", "", "is not a day such as 2024-03-22"}, {"", "2024-02-30", "is not a day"}} {
		b.submit("save", map[string]string{"f.short": "Not kept", "r." + id + "#0": c[0], "r." + id + "#1": c[1], "do": "save"})
		b.want(c[2])
		_, form := b.form("save")
		if v := b.storyOf(); b.status != http.StatusBadRequest || form["r."+id][0] != c[0] || form["r."+id][1] != c[1] || form.Get("f.short") != "Not kept" || v.Text.Short != "" || !v.Rights[id].Until.IsZero() {
			t.Errorf("%q: %d, the form has %q", c, b.status, form["r."+id])
		}
	}
	b.get(strings.Split(strings.TrimSuffix(b.path, "/save"), "?")[0])
	action, stale := b.form("save")
	b.submit("save", map[string]string{"r." + id + "#1": "2024-03-29", "do": "save"})
	stale["r."+id], stale["key"] = []string{"", "2024-04-29"}, []string{"a-key-of-24-letters-here"}
	b.post(action, stale)
	b.want("Somebody changed the rights of this picture meanwhile.")
	stale["r."+id], stale["key"] = []string{"", "2024-03-29"}, []string{"another-key-of-26-letters"}
	b.post(action, stale) // the same wish is no quarrel
	b.want("Saved.")

	_, err := n.room.AddMember(t.Context(), "Nell Ferris", false, []string{"new-york:reporter"}, 0)
	check(t, err)
	reporter := n.signIn("Nell Ferris")
	reporter.get("/stories/" + string(b.storyOf().Article.ID))
	reporter.want("<fieldset disabled>", "an editor, a chief or standards can change it", `value="2024-03-29"`)
	reporter.submit("save", map[string]string{"r." + id + "#1": "", "do": "save"})
	if r := b.storyOf().Rights[id]; reporter.status != http.StatusForbidden || r.Last != "2024-03-29" {
		t.Errorf("a reporter changed rights: %d, now until %q", reporter.status, r.Last)
	}
}

// A wire's table comes as a table, and its figure of several pictures as a gallery of
// those that are here.
func TestTakingTablesAndGalleries(t *testing.T) {
	n := open(t)
	const body = `<p>Two quays.</p><table><tr><th>Quay</th><th>Metres</th></tr><tr><td>North</td><td>14</td></tr></table>` +
		`<figure><figure><img src='one.jpg'><figcaption>One.</figcaption></figure><figure><img src='late.jpg'></figure><figure><img src='two.jpg'></figure><figcaption>The quays</figcaption></figure>` +
		`<figure><img src='late.jpg'><img src='later.jpg'></figure><p>The end.</p>`
	_, err := n.room.Ingest(t.Context(), "Northwind Wire", "quays.json", []byte(`{"uri":"q:1","type":"text","language":"en","headline":"Quays measured","body_html":"`+body+`"}`))
	check(t, err)
	for _, file := range []string{"two.jpg", "one.jpg"} {
		_, err := n.room.Ingest(t.Context(), "Northwind Wire", file, picture(t))
		check(t, err)
	}
	b := n.signIn("Leah Brandt")
	b.get("/wires")
	b.get(textLink(t, b.body, "Quays measured"))
	b.want("<p>Quay | Metres</p>", "<p>North | 14</p>", "<p>The quays</p>")
	b.submit("take", map[string]string{"desk": "new-york"})
	x := b.storyOf().Text
	var kinds []string
	for _, k := range x.Doc {
		kinds = append(kinds, string(k.Kind))
	}
	if strings.Join(kinds, " ") != "paragraph table gallery paragraph" || len(x.Pictures) != 2 {
		t.Fatalf("it brought %s and %d pictures", kinds, len(x.Pictures))
	}
	if !x.Doc[1].Table.Head || x.Doc[1].Table.Rows[1][1] != "14" || x.Doc[2].Plain() != "The quays" || len(x.Doc[2].Pictures) != 2 {
		t.Errorf("%+v %+v", x.Doc[1].Table, x.Doc[2])
	}
	for _, id := range x.Doc[2].Pictures {
		if _, there := x.Picture(id); !there {
			t.Errorf("the gallery names %q, which the story has not", id)
		}
	}
	version := b.storyOf().Parts[story.BlockPart(x.Doc[2].ID)].Version
	b.submit("save", map[string]string{"f.short": "Short", "do": "save"})
	if now := b.storyOf().Parts[story.BlockPart(x.Doc[2].ID)].Version; now != version {
		t.Error("the gallery was saved though nobody changed it")
	}
}
