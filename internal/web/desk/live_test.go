package desk_test

import (
	"bytes"
	"image"
	"image/jpeg"
	"mime/multipart"
	"net/http"
	"net/http/httptest"
	"regexp"
	"strings"
	"testing"
	"time"

	"dateline/internal/record"
	"dateline/internal/story"
)

// send submits a form that may carry a file.
func (b *browser) send(id string, set map[string]string, file []byte) {
	b.t.Helper()
	action, form := b.form(id)
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
	if file != nil {
		f, err := m.CreateFormFile("picture", "hall.jpg")
		check(b.t, err)
		_, err = f.Write(file)
		check(b.t, err)
	}
	check(b.t, m.Close())
	r := httptest.NewRequest(http.MethodPost, action, &body)
	r.Header.Set("Content-Type", m.FormDataContentType())
	b.do(r)
}

var liveArticle = regexp.MustCompile(`id="e-([0-9a-z]{8})"`)

// TestALivePageByItsForms opens a page, adds, edits and removes, closes and reopens, without a script.
func TestALivePageByItsForms(t *testing.T) {
	n := open(t)
	b := n.signIn("Leah Brandt")
	b.get("/desk/new-york")
	b.submit("start", map[string]string{"lang": "en"})
	b.submit("save", map[string]string{"f.headline": "Game eleven", "f.section": "sport", "f.type": "live", "f.standfirst": "As it is played."})
	id := string(b.storyOf().Article.ID)
	page := "/stories/" + id + "/live"
	b.want(`href="` + page + `"`)
	b.get(page)
	b.want("Publish the page’s own text, of type live, first")
	b.get("/stories/" + id)
	b.submit("publish", map[string]string{"noundo": "1"})
	if b.storyOf().Article.Standing != story.Public {
		t.Fatal(b.body)
	}
	b.get(page)
	b.submit("open", map[string]string{"noundo": "1"})
	b.want("live, by New York", "Add an entry")

	b.send("add", map[string]string{"headline": "  ", "text": "", "by": "Milo Trent"}, nil)
	if b.status != http.StatusBadRequest && b.status != http.StatusUnprocessableEntity {
		t.Errorf("nothing to say: %d", b.status)
	}
	b.want("A live entry says something", "Milo Trent")
	b.send("add", map[string]string{"text": "It is **cold**.\n\n- one\n- two", "by": "Milo Trent", "noundo": "1", "keyEvent": "1"}, nil)
	b.want("Posted.", "It is cold.", "key event")
	entry := liveArticle.FindStringSubmatch(b.body)[1]

	var raw bytes.Buffer
	check(t, jpeg.Encode(&raw, image.NewGray(image.Rect(0, 0, 9, 9)), nil))
	edit := map[string]string{"text": "It is **warm**.", "quoted": "Tea?", "speaker": "Ilse Brandauer", "noundo": "1"}
	b.send("edit-"+entry, edit, raw.Bytes())
	b.want("has no credit", "It is **warm**.")
	picture := regexp.MustCompile(`name="pictures" value="\s*([0-9a-z]{10})"`).FindStringSubmatch(b.body)
	if picture == nil {
		t.Fatal("a refused form lost its picture")
	}
	_, form := b.form("edit-" + entry)
	form["p."+picture[1]] = []string{"The hall", "By somebody", "", "", "A hall"}
	form.Set("noundo", "1")
	form.Set("keyEvent", "1") // as it was: the test sends no boxes by itself
	b.post(page+"/edit", form)
	b.want("Posted.", "It is warm.", "Tea?", "The hall", "edited")
	c := n.newestLive(t)
	if len(c.Pictures) != 1 || c.Pictures[0].Credit.Line != "By somebody" || len(c.Quotations) != 1 || c.Quotations[0].Speaker != "Ilse Brandauer" || !c.Key || c.By.Name != "Milo Trent" || c.Doc[0].ID == "" {
		t.Errorf("the entry says %+v", c)
	}
	first := c.Doc[0].ID
	b.send("edit-"+entry, map[string]string{"text": "It is hot.", "pinned": "1", "noundo": "1"}, nil)
	if c = n.newestLive(t); c.Doc[0].ID != first || len(c.Quotations) != 1 || len(c.Pictures) != 1 || !c.Pinned || c.Key {
		t.Errorf("an edit of the text leaves %+v", c)
	}

	b.send("add", map[string]string{"text": "With ten seconds to undo."}, nil)
	b.want("Filed. Add a live entry: With ten seconds to undo. leaves in 10 seconds.", "Take back")
	act := regexp.MustCompile(`id="(back-\d+)"`).FindStringSubmatch(b.body)[1]
	b.submit(act, nil)
	b.want("Taken back.")
	b.submit("remove-"+entry, nil)
	b.want("Removed.", "removed 10:00")
	b.submit("close", map[string]string{"summary": "A draw."})
	n.now = n.now.Add(11 * time.Second)
	_, err := n.room.Step(t.Context())
	check(t, err)
	b.get(page)
	b.want("Reopen the page", "A draw.")
	if strings.Contains(b.body, "Add an entry") {
		t.Error("a closed page takes entries")
	}
	b.submit("reopen", nil)
	n.now = n.now.Add(11 * time.Second)
	_, err = n.room.Step(t.Context())
	check(t, err)
	b.get(page)
	b.want("Add an entry")

	n.now = time.Date(2024, 3, 22, 23, 0, 0, 0, time.UTC) // New York rests
	b = n.signIn("Leah Brandt")
	b.get(page)
	b.want("The New York desk is at rest until")
	b.send("add", map[string]string{"text": "After the rest."}, nil)
	b.want("Filed. Add a live entry: After the rest. opens Saturday 19:53 in New York", "The desk rests")
}

// newestLive is what the newest live entry of the record says.
func (n *newsroomAt) newestLive(t *testing.T) (c record.Live) {
	t.Helper()
	all, err := n.db.After(t.Context(), 0, 1000)
	check(t, err)
	for _, e := range all {
		if e.Kind == record.KindLive {
			c, err = record.Decode[record.Live](e)
			check(t, err)
		}
	}
	return c
}

// TestBreakingOutByItsForm leads to the story that was begun.
func TestBreakingOutByItsForm(t *testing.T) {
	n := open(t)
	b := n.signIn("Leah Brandt")
	b.get("/desk/new-york")
	b.submit("start", map[string]string{"lang": "he"})
	b.submit("save", map[string]string{"f.headline": "משחק", "f.section": "sport", "f.type": "live"})
	b.submit("publish", map[string]string{"noundo": "1"})
	id := string(b.storyOf().Article.ID)
	b.get("/stories/" + id + "/live")
	b.submit("open", map[string]string{"noundo": "1"})
	b.send("add", map[string]string{"headline": "שני השחקנים", "text": "הגיעו.", "noundo": "1"}, nil)
	b.want(`dir="rtl"`, "הגיעו.")
	entry := liveArticle.FindStringSubmatch(b.body)[1]
	b.submit("break-"+entry, nil)
	if v := b.storyOf(); string(v.Article.ID) == id || v.Text.Headline != "שני השחקנים" || v.Text.Lang != "he" {
		t.Errorf("it leads to %s: %+v", b.path, v.Text)
	}
	b.get("/stories/" + id + "/live")
	b.want("readers do not know that story yet")
}
