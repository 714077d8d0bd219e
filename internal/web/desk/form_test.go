package desk_test

import (
	"bytes"
	"image"
	"image/color"
	"image/jpeg"
	"mime/multipart"
	"net/http"
	"net/http/httptest"
	"net/url"
	"regexp"
	"strings"
	"testing"

	"golang.org/x/net/html"

	"dateline/internal/demo"
	"dateline/internal/newsroom"
	"dateline/internal/record"
	"dateline/internal/story"
)

// storyOf is the story whose page is open, as the room knows it.
func (b *browser) storyOf() newsroom.StoryView {
	b.t.Helper()
	id := regexp.MustCompile(`/stories/([0-9a-z]{10})`).FindStringSubmatch(b.path)
	who, err := b.room.As(b.t.Context(), "Leah Brandt")
	check(b.t, err)
	v, err := b.room.Story(b.t.Context(), who, story.ArticleID(id[1]))
	check(b.t, err)
	return v
}

func TestARefusedSaveLosesNothing(t *testing.T) {
	b := open(t).signIn("Jonah Petrie")
	b.begin("Before it was refused")
	id := firstBlock.FindStringSubmatch(b.body)[1]
	b.submit("save", map[string]string{"key": "", "f.headline": "Typed in vain?", "b." + id + "#1": "Not in vain.", "f.section": "world", "do": "save"})
	if b.status != http.StatusBadRequest {
		t.Error(b.status)
	}
	b.want("carries no key", "Typed in vain?", "Not in vain.")
	b.submit("save", map[string]string{"do": "save"})
	if v := b.storyOf().Text; v.Headline != "Typed in vain?" || v.Doc[0].Plain() != "Not in vain." || v.Section != "world" {
		t.Errorf("sent again, it kept %q, %q, %q", v.Headline, v.Doc[0].Plain(), v.Section)
	}
}

func TestARefusedFilingKeepsItsNote(t *testing.T) {
	b := open(t).signIn("Leah Brandt")
	b.begin("Corrected at once")
	b.submit("publish", map[string]string{"noundo": "on"})
	b.submit("correct", map[string]string{"base": "1", "note": "It said one. It is two.", "was": "one", "is": "two", "severity": "serious"})
	if b.status != http.StatusConflict {
		t.Error("filed against another entry:", b.status)
	}
	_, form := b.form("correct")
	if form.Get("note") != "It said one. It is two." || form.Get("was") != "one" || form.Get("is") != "two" || form.Get("severity") != "serious" {
		t.Error("the refused correction kept", form)
	}
}

// A correction says what was wrong in a note, or by what it said and what it says.
func TestACorrectionWithoutANote(t *testing.T) {
	b := open(t).signIn("Leah Brandt")
	b.begin("Corrected by two words")
	b.submit("publish", map[string]string{"noundo": "on"})
	b.submit("correct", map[string]string{"was": "one"})
	if b.status != http.StatusUnprocessableEntity && b.status != http.StatusBadRequest {
		t.Error("half a correction:", b.status)
	}
	b.want("write the note, or what it said and what it says")
	b.submit("correct", map[string]string{"was": "one", "is": "two", "noundo": "on"})
	if v := b.storyOf(); b.status != http.StatusOK || len(v.Public) != 2 || !strings.Contains(string(v.Public[0].Content), `"was":"one"`) {
		t.Errorf("%d, %d entries", b.status, len(v.Public))
	}
}

func TestOnlyWhatChangedIsSaved(t *testing.T) {
	b := open(t).signIn("Jonah Petrie")
	b.begin("The parts that changed")
	before := b.storyOf()
	b.submit("save", map[string]string{"f.standfirst": "One part.", "do": "save"})
	after := b.storyOf()
	for name, p := range after.Parts {
		if was := before.Parts[name].Version; name != "standfirst" && p.Version != was {
			t.Errorf("%s went from version %d to %d", name, was, p.Version)
		}
	}
	if after.Text.Standfirst != "One part." {
		t.Error("the standfirst was not saved")
	}
	for _, blank := range []string{"short", "bylines", "topics"} {
		if _, there := after.Parts[blank]; there {
			t.Errorf("a blank field was saved as %s", blank)
		}
	}
}

func TestTheOrderOfBlocks(t *testing.T) {
	b := open(t).signIn("Jonah Petrie")
	b.begin("One, two, three")
	id := firstBlock.FindStringSubmatch(b.body)[1]
	b.submit("save", map[string]string{"b." + id + "#1": "One.\r\n\r\nTwo.\n\n\nThree **strong** words.", "do": "save"})
	wantText(t, b, "One.", "Two.", "Three strong words.")
	if first := b.storyOf().Text.Doc[0].ID; first != id {
		t.Error("the first paragraph did not keep its id")
	}
	ids := ids(b)
	b.submit("save", map[string]string{"do": "up:" + ids[2]})
	wantText(t, b, "One.", "Three strong words.", "Two.")
	b.submit("save", map[string]string{"do": "down:" + ids[0]})
	wantText(t, b, "Three strong words.", "One.", "Two.")
	b.submit("save", map[string]string{"do": "drop:" + ids[0]})
	wantText(t, b, "Three strong words.", "Two.")
	action, form := b.form("save")
	form.Set("do", "insert:"+ids[2])
	b.post(action, form)
	b.post(action, form) // a form sent twice
	if b.status != http.StatusOK {
		t.Error("an insertion sent twice:", b.status)
	}
	wantText(t, b, "Three strong words.", "", "Two.")
}

func wantText(t *testing.T, b *browser, want ...string) {
	t.Helper()
	var got []string
	for _, x := range b.storyOf().Text.Doc {
		got = append(got, x.Plain())
	}
	if strings.Join(got, "|") != strings.Join(want, "|") {
		t.Errorf("%q, want %q", got, want)
	}
}

func ids(b *browser) (all []string) {
	for _, x := range b.storyOf().Text.Doc {
		all = append(all, x.ID)
	}
	return all
}

func TestWhatIsSeenIsWhatIsPosted(t *testing.T) {
	n := open(t)
	b := n.signIn("Leah Brandt")
	b.begin("Not yet saved")
	action, form := b.form("save") // the button stands in the strip, its form is this one
	form.Set("f.headline", "Typed and posted at once")
	form.Set("what", "publish")
	form.Set("noundo", "on")
	b.post(strings.TrimSuffix(action, "save")+"file", form)
	b.want("Posted.", "Entry ", "10:00 New York · 16:00 Jerusalem")
	v := b.storyOf()
	c, err := record.Decode[record.Article](v.Public[0])
	check(t, err)
	if c.Headline != "Typed and posted at once" {
		t.Error("readers see", c.Headline)
	}
	b.want("http://localhost:8080/not-yet-saved-" + string(v.Article.ID))
}

func TestFilingWhileTheDeskRests(t *testing.T) {
	n := open(t)
	n.editorsOpen()
	b := n.signIn("Leah Brandt")
	b.begin("For after Shabbat")
	page := strings.Split(b.path, "?")[0]
	n.now = n.now.AddDate(0, 0, 1)
	b = n.signIn("Leah Brandt") // a session lasts twelve hours
	b.get(page)
	b.want("The New York desk rests until Saturday 19:53 in New York.")
	b.submit("save", map[string]string{"f.standfirst": "Saved on Saturday.", "do": "save"})
	b.want("Saved.")
	b.submit("publish", map[string]string{"noundo": "on"})
	b.want("Filed.", "opens Saturday 19:53 in New York")
	b.get("/desk/new-york")
	b.want("At the gate", "opens 19:53", "At rest")
	b.get(regexp.MustCompile(`/stories/[0-9a-z]{10}`).FindString(b.body))
	act := regexp.MustCompile(`id="(slot-\d+)"`).FindStringSubmatch(b.body)[1]
	b.submit(act, map[string]string{"slotDate": "2024-03-24", "slotTime": "09:00", "slotZone": "Europe/London"})
	b.want("opens Sunday 05:00 in New York")
	b.submit(regexp.MustCompile(`id="(take-back-\d+)"`).FindStringSubmatch(b.body)[1], nil)
	b.want("Taken back.")
}

// TestASlotInsideARest tells when it leaves, which is not the slot.
func TestASlotInsideARest(t *testing.T) {
	b := open(t).signIn("Leah Brandt")
	b.begin("For Friday night")
	b.submit("publish", map[string]string{"slotDate": "2024-03-22", "slotTime": "20:00", "slotZone": "America/New_York"})
	b.want("Filed. Publish opens Saturday 19:53 in New York", "It waits for its time. It opens Friday 20:00 in New York.", "The desk rests (Shabbat). It opens Saturday 19:53 in New York.")
	b.lacks("It leaves by itself")
}

// TestNoPlaceForReaders holds what no address or section of the house would lead to, as a
// wire in another language would be.
func TestNoPlaceForReaders(t *testing.T) {
	b := open(t).signIn("Leah Brandt")
	b.begin("Une dépêche")
	b.submit("save", map[string]string{"f.lang": "fr", "f.section": "monde", "do": "save"})
	b.want("Saved.", "It has no language of this house.", "It has no section of this house.", `href="#f-language"`, `href="#f-section"`)
	b.submit("publish", map[string]string{"noundo": "on"})
	b.want("It has no language of this house.")
	if b.status != http.StatusConflict {
		t.Error(b.status)
	}
}

func TestAnEmbargo(t *testing.T) {
	b := open(t).signIn("Leah Brandt")
	b.begin("Under embargo")
	b.submit("embargo-form", map[string]string{"do": "set", "slotDate": "2024-03-22", "slotTime": "12:30", "slotZone": "America/New_York"})
	b.want("Embargoed until Friday 12:30 in New York · Friday 18:30 Jerusalem.")
	b.submit("embargo-form", map[string]string{"do": "set", "slotTime": ""})
	b.want("Say until when")
	b.submit("embargo-form", map[string]string{"do": "lift"})
	b.want("Say why the embargo is lifted")
	b.submit("embargo-form", map[string]string{"do": "lift", "reason": "\u200f\u200b"})
	b.want("Say why the embargo is lifted")
	b.submit("embargo-form", map[string]string{"do": "lift", "reason": "The agency lifted it."})
	if strings.Contains(b.body, "Embargoed") {
		t.Error("it is still embargoed")
	}
}

func TestASessionThatEndedLosesNoWords(t *testing.T) {
	n := open(t)
	b := n.signIn("Jonah Petrie")
	b.begin("Before the session ended")
	action, form := b.form("save")
	form.Set("f.standfirst", "A long sentence that somebody typed, and that must not be lost.")
	form.Set("do", "save")
	cookie := b.cookie
	b.cookie = ""
	b.post(action, form)
	b.want("You are not signed in", "must not be lost")
	if b.status != http.StatusForbidden {
		t.Error(b.status)
	}
	b.cookie = cookie
	b.submit("again", nil)
	b.want("Saved.", "must not be lost")
}

func TestErrorsAreOfTheirKind(t *testing.T) {
	b := open(t).signIn("Jonah Petrie")
	for _, c := range []struct {
		method, path string
		body         int
		want         int
	}{
		{"GET", "/nowhere", 0, http.StatusNotFound}, {"GET", "/stories/zzzzzzzzzz", 0, http.StatusNotFound}, {"GET", "/stories/..%2f..", 0, http.StatusNotFound},
		{"GET", "/desk/nowhere", 0, http.StatusNotFound}, {"GET", "/wires/x", 0, http.StatusNotFound}, {"GET", "/pictures/..%2f..", 0, http.StatusNotFound}, {"GET", "/picture/nothing.jpg", 0, http.StatusNotFound},
		{"GET", "/desk/new-york/start", 0, http.StatusMethodNotAllowed}, {"POST", "/coverage", 0, http.StatusMethodNotAllowed}, {"DELETE", "/wires", 0, http.StatusMethodNotAllowed},
		{"POST", "/desk/new-york/start", 3 << 20, http.StatusRequestEntityTooLarge},
	} {
		r := httptest.NewRequest(c.method, c.path, strings.NewReader("key="+strings.Repeat("x", c.body)))
		r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
		b.do(r)
		if b.status != c.want || !strings.Contains(b.body, "<h1>") {
			t.Errorf("%s %s: %d, want %d as a page", c.method, c.path, b.status, c.want)
		}
	}
}

func TestPicturesOfOneStory(t *testing.T) {
	n := open(t)
	b := n.signIn("Jonah Petrie")
	b.begin("Two pictures")
	for range 2 {
		b.uploadWith(picture(t), map[string]string{"f.standfirst": "Typed before the upload."})
		b.want("The picture is in.", "Typed before the upload.")
	}
	v := b.storyOf().Text
	if len(v.Pictures) != 2 {
		t.Fatal("pictures:", len(v.Pictures))
	}
	block, second := v.Doc[0].ID, v.Pictures[1].ID
	b.submit("save", map[string]string{"do": "lead:" + second})
	if got := b.storyOf().Text.Pictures[0].ID; got != second {
		t.Error("the second picture does not lead")
	}
	b.submit("save", map[string]string{"b." + block + "#0": "picture", "do": "save"})
	b.submit("save", map[string]string{"f.short": "Short", "do": "save"}) // the block stays a picture
	if x := b.storyOf().Text.Doc[0]; x.Kind != story.PictureBlock || x.Picture != second {
		t.Errorf("the block is %+v", x)
	}
	w := httptest.NewRecorder()
	r := httptest.NewRequest(http.MethodGet, "/pictures/"+second, nil)
	r.Header.Set("Cookie", b.cookie)
	n.web.ServeHTTP(w, r)
	for name, want := range map[string]string{"Content-Type": "image/jpeg", "X-Content-Type-Options": "nosniff", "Content-Security-Policy": "default-src 'none'; sandbox", "Cache-Control": "no-store"} {
		if got := w.Header().Get(name); got != want {
			t.Errorf("%s: %q", name, got)
		}
	}
	b.submit("save", map[string]string{"do": "dropPicture:" + second})
	if len(b.storyOf().Text.Pictures) != 1 {
		t.Error("the picture is not left out")
	}
}

// picture is a JPEG that says nothing of itself; each is another.
func picture(t *testing.T) []byte {
	t.Helper()
	pictures++
	img := image.NewRGBA(image.Rect(0, 0, 8, 8))
	img.Set(pictures%8, pictures/8, color.White)
	var b bytes.Buffer
	check(t, jpeg.Encode(&b, img, &jpeg.Options{Quality: 60 + pictures}))
	return b.Bytes()
}

var pictures int

// uploadWith sends the picture with the fields of the text, as the button in the page does.
func (b *browser) uploadWith(raw []byte, set map[string]string) {
	b.t.Helper()
	action, form := b.form("save")
	for name, value := range set {
		form.Set(name, value)
	}
	var body bytes.Buffer
	m := multipart.NewWriter(&body)
	for name, values := range form {
		for _, v := range values {
			check(b.t, m.WriteField(name, v))
		}
	}
	f, err := m.CreateFormFile("picture", "quay.jpg")
	check(b.t, err)
	_, err = f.Write(raw)
	check(b.t, err)
	check(b.t, m.Close())
	r := httptest.NewRequest(http.MethodPost, strings.TrimSuffix(action, "save")+"pictures", &body)
	r.Header.Set("Content-Type", m.FormDataContentType())
	b.do(r)
}

func TestAWireFromTrayToStory(t *testing.T) {
	n := open(t)
	b := n.signIn("Leah Brandt")
	_, err := n.room.Ingest(t.Context(), "Northwind Wire", "nonsense.xml", []byte("<rss><channel>"))
	if err == nil {
		t.Fatal("nonsense was read")
	}
	b.get("/wires")
	b.want("Could not be read", "nonsense.xml")
	for _, name := range []string{"river-report.ninjs.json", "river-report.rss.xml", "river-report.newsmlg2.xml"} {
		_, err := n.room.Ingest(t.Context(), "Northwind Wire", name, wireFile(t, name))
		check(t, err)
	}
	b.get("/wires")
	b.want("3 roads: newsml-g2, ninjs, rss", "its file has not arrived")
	b.get(textLink(t, b.body, "River ministers"))
	b.submit("take", map[string]string{"desk": "new-york"})
	b.want("The wire names pictures that are not here", "The story can be posted without it.")
	_, err = n.room.Ingest(t.Context(), "Northwind Wire", "sellane-river.jpg", wireFile(t, "sellane-river.jpg"))
	check(t, err)
	b.get(strings.Split(b.path, "?")[0])
	b.submit(regexp.MustCompile(`id="(bring-\d+)"`).FindStringSubmatch(b.body)[1], nil)
	b.want("The picture is in.")
	if p := b.storyOf().Text.Pictures; len(p) != 1 || p[0].Credit.String() == "" {
		t.Errorf("it brought %+v", p)
	}
}

func textLink(t *testing.T, body, words string) string {
	t.Helper()
	root, err := html.Parse(strings.NewReader(body))
	check(t, err)
	for n := range root.Descendants() {
		if n.Type != html.ElementNode || n.Data != "a" {
			continue
		}
		for d := range n.Descendants() {
			if d.Type == html.TextNode && strings.Contains(d.Data, words) {
				return attr(n, "href")
			}
		}
	}
	t.Fatal("no link says", words)
	return ""
}

func TestHostileWordsStayWords(t *testing.T) {
	const hostile = `</textarea><script>alert(1)</script>"'><img src=x onerror=alert(1)>`
	b := open(t).signIn("Leah Brandt")
	b.begin("Hostile words")
	id := firstBlock.FindStringSubmatch(b.body)[1]
	b.submit("save", map[string]string{"f.headline": hostile, "f.standfirst": hostile, "f.bylines": hostile, "f.sources": hostile + " | javascript:alert(1)", "f.dateline#0": hostile, "b." + id + "#1": hostile, "do": "save"})
	for _, path := range []string{b.path, "/desk/new-york", "/posted", "/stories/" + string(b.storyOf().Article.ID) + "?said=" + url.QueryEscape(hostile)} {
		b.get(path)
		if strings.Contains(b.body, "<script>alert") || strings.Contains(b.body, "<img src=x") {
			t.Errorf("%s lets markup through", path)
		}
	}
	if s := b.storyOf().Text.Sources; len(s) != 1 || s[0].Address != "" {
		t.Errorf("a source links to %+v", s)
	}
}

func TestTheFrontPage(t *testing.T) {
	b := open(t).signIn("Leah Brandt")
	b.begin("The lead")
	b.submit("publish", map[string]string{"noundo": "on"})
	id := string(b.storyOf().Article.ID)
	b.get("/front")
	b.submit("front", map[string]string{"do": "look", "add": "http://localhost:8080/the-lead-" + id})
	b.want("The lead", "By rule: the newest")
	b.submit("front", map[string]string{"do": "file", "lead": id, "second.1": id})
	b.want("stands in two places")
	b.submit("front", map[string]string{"do": "file", "lead": id, "second.1": "", "lead.headline": "The lead, shorter", "breaking": "It happened", "breaking.article": id, "breaking.for": "60"})
	b.want("The front page is filed", "The lead, shorter", "until Friday 17:00 Jerusalem, as now")
	action, stale := b.form("front")
	b.get("/front")
	b.submit("front", map[string]string{"do": "file", "breaking": ""})
	b.lacks("as now")
	stale.Set("do", "file")
	if b.post(action, stale); !strings.Contains(b.body, "Somebody filed another front page meanwhile") {
		t.Error("a stale form filed a front page")
	}
	b.get("/posted")
	b.want("The lead", "10:00 New York · 16:00 Jerusalem")
}

func wireFile(t *testing.T, name string) []byte {
	t.Helper()
	files, err := demo.WireFiles(false)
	check(t, err)
	if files[name] == nil {
		t.Fatal("the demo has no wire file", name)
	}
	return files[name]
}
