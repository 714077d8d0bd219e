package app

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"dateline/internal/clock"
	"dateline/internal/demo"
	"dateline/internal/newsroom"
	"dateline/internal/picture"
	"dateline/internal/record"
	"dateline/internal/story"
)

// canary begins every word that must be in no file once its story is erased. It is looked
// for without regard to case: an address is made of it in small letters.
const canary = "Xylocanary"

// erasing is a house with one story whose every field holds canaries, among others.
type erasing struct {
	t       *testing.T
	n       *node
	now     time.Time
	config  Config
	stop    context.CancelFunc
	desk    story.DeskID
	keys    int
	words   int
	id      story.ArticleID
	pixels  [][]byte // from the midst of picture files
	picture string
	admin   newsroom.Who
	second  newsroom.Who
	backups []string // copies of the folder, from before the first posting and after the last
}

func (h *erasing) must(err error) {
	h.t.Helper()
	if err != nil {
		h.t.Fatal(err)
	}
}

func (h *erasing) key() string { h.keys++; return fmt.Sprintf("erasing-key-%08d", h.keys) }

func (h *erasing) word(of string) string {
	h.words++
	return fmt.Sprintf("%s%s%d", canary, of, h.words)
}

func (h *erasing) tick() { h.now = h.now.Add(time.Minute) }

// openErasing opens a house in a folder, with its edition following.
func openErasing(t *testing.T, dir string, now time.Time) *erasing {
	t.Helper()
	return openErasingOn(t, "", dir, now)
}

// openErasingOn opens one whose store is in a database.
func openErasingOn(t *testing.T, database, dir string, now time.Time) *erasing {
	t.Helper()
	h := &erasing{t: t, now: now}
	h.config = Config{Data: dir, Database: database, Wires: []WireConfig{{Source: "Northwind", Folder: filepath.Join(dir, "wire")}}}
	h.must(h.config.fill())
	var err error
	h.n, err = openNode(t.Context(), h.config, func() clock.Reading {
		return clock.Reading{Wall: h.now, Boot: h.now.Sub(demo.Begin) + time.Hour, BootID: "test", Synced: true}
	}, newLog(io.Discard))
	h.must(err)
	var ctx context.Context
	ctx, h.stop = context.WithCancel(t.Context())
	h.n.loops.Go(func() { _ = h.n.edition.Follow(ctx, h.n.db) })
	t.Cleanup(h.close)
	return h
}

func (h *erasing) close() {
	if h.n != nil {
		h.stop()
		h.must(h.n.close())
		h.n = nil
	}
}

// who is a member of that name who has just signed in.
func (h *erasing) who(name string) newsroom.Who {
	h.t.Helper()
	link, err := h.n.room.SignInLink(h.t.Context(), name)
	h.must(err)
	session, err := h.n.room.SignIn(h.t.Context(), link, newsroom.From{})
	h.must(err)
	who, err := h.n.room.Session(h.t.Context(), session)
	h.must(err)
	return who
}

func (h *erasing) setUp() {
	h.t.Helper()
	s, err := demo.Setup("http://localhost:8080")
	h.must(err)
	h.must(h.n.setUp(h.t.Context(), s))
	h.must(demo.AddPeople(h.t.Context(), h.n.room))
	_, err = h.n.room.AddMember(h.t.Context(), "Second", false, []string{"new-york:chief", "new-york:standards", "new-york:editor"}, 0)
	h.must(err)
	house, err := h.n.room.House(h.t.Context())
	h.must(err)
	d, _ := house.Desk("new-york")
	h.desk = d.ID
}

// wire has the agency send a text and a picture, whose files are moved once they are read.
func (h *erasing) wire(guid, words string, pic []byte) (item int64) {
	h.t.Helper()
	folders, err := newWireFolders(h.n.room, h.config.Wires, h.n.log)
	h.must(err)
	h.must(os.WriteFile(filepath.Join(h.config.Wires[0].Folder, guid+".jpg"), pic, 0o600))
	h.must(os.WriteFile(filepath.Join(h.config.Wires[0].Folder, guid+".xml"), []byte(`<newsItem guid="`+guid+`" version="1"><itemMeta><itemClass qcode="ninat:text"/><provider><name>Northwind</name></provider>`+
		`<versionCreated>2024-03-20T09:00:00Z</versionCreated><pubStatus qcode="stat:usable"/><edNote>`+words+`note</edNote></itemMeta><contentMeta><headline>`+words+`headline</headline></contentMeta>`+
		`<contentSet><inlineXML><html><body><p>`+words+`body</p></body></html></inlineXML><remoteContent href="`+guid+`.jpg"/></contentSet></newsItem>`), 0o600))
	for range 3 {
		folders.look(h.t.Context())
	}
	rows, _, err := h.n.room.Tray(h.t.Context(), h.admin, 0)
	h.must(err)
	for _, r := range rows {
		if r.GUID == guid {
			return r.ID
		}
	}
	h.t.Fatal("the wire did not arrive")
	return 0
}

// withWords is a JPEG that says canaries of itself, and whose pixels are its own.
func (h *erasing) withWords(seed int, say func(string) string) []byte {
	h.t.Helper()
	plain := jpegOf(h.t, 600+seed, 400)
	made, err := picture.Renditions(plain, picture.Words{Caption: say("caption"), Alt: say("alt"), Credit: story.Credit{Line: say("credit"), Photographer: say("photographer"), Agency: say("agency")}}, 480)
	h.must(err)
	return made[0].Data
}

// everyField is a text with a canary in each of its fields, and a block of every kind.
func (h *erasing) everyField(pic string) story.Text {
	span := func(of string) []story.Span {
		return []story.Span{{Text: h.word(of)}, {Text: h.word("link"), Link: "https://a.example/" + h.word("link")}}
	}
	id := func(n int) string { return fmt.Sprintf("b%07d", n) }
	return story.Text{Type: story.Report, Lang: "en", Section: "world", Slug: strings.ToLower(h.word("slug")), Headline: h.word("headline"), Short: h.word("short"), Standfirst: h.word("standfirst"),
		Dateline: story.Dateline{Place: h.word("place")}, Bylines: []story.Byline{{Name: h.word("byline"), Role: h.word("role")}},
		Doc: story.Doc{{ID: id(1), Kind: story.Paragraph, Spans: span("paragraph")}, {ID: id(2), Kind: story.Heading, Level: 2, Spans: span("heading")},
			{ID: id(3), Kind: story.List, Items: [][]story.Span{span("item")}}, {ID: id(4), Kind: story.QuotationBlock, Quotation: "q0000001", Spans: span("quoted")},
			{ID: id(5), Kind: story.PictureBlock, Picture: pic}, {ID: id(6), Kind: story.GalleryBlock, Pictures: []string{pic}, Spans: span("gallery")},
			{ID: id(7), Kind: story.TableBlock, Table: &story.Table{Caption: h.word("table"), Rows: [][]string{{h.word("cell"), h.word("<cell>")}}}},
			{ID: id(8), Kind: story.BoxBlock, Box: &story.Box{Title: h.word("box"), Passages: []story.Passage{{Spans: span("passage")}}}},
			{ID: id(9), Kind: story.EmbedBlock, Embed: &story.Embed{Address: "https://b.example/" + h.word("embed"), Title: h.word("embed")}}},
		Quotations: []story.Quotation{{ID: "q0000001", Words: []story.Words{{Text: h.word("words")}}, Form: "direct", Speaker: h.word("speaker"), Capacity: h.word("capacity"), Occasion: h.word("occasion"), Place: h.word("place"), ReportedBy: h.word("reported")}},
		Topics:     []story.Topic{{Code: h.word("topic"), Labels: map[string]string{"en": h.word("label")}}}, Places: []string{h.word("places")}, Sources: []story.Source{{Name: h.word("source"), Address: "https://c.example/" + h.word("source")}}}
}

// save saves every part of a text over what is there.
func (h *erasing) save(id story.ArticleID, t story.Text) newsroom.Saved {
	h.t.Helper()
	v, err := h.n.room.Story(h.t.Context(), h.second, id)
	h.must(err)
	t.Pictures = v.Text.Pictures
	parts, err := story.Parts(t)
	h.must(err)
	s := newsroom.Saving{Key: h.key(), Article: id}
	for name, body := range parts {
		s.Parts = append(s.Parts, newsroom.PartSave{Part: name, Base: v.Parts[name].Version, Body: body})
	}
	saved, err := h.n.room.Save(h.t.Context(), h.second, s)
	h.must(err)
	return saved
}

func (h *erasing) file(what story.What, d newsroom.Detail) newsroom.Filed {
	h.t.Helper()
	h.tick()
	f, err := h.n.room.File(h.t.Context(), h.second, newsroom.Filing{Key: h.key(), Article: h.id, What: what, NoUndo: true, Base: -1, Detail: d})
	h.must(err)
	if f.State != story.Posted || !f.Shown {
		h.t.Fatalf("%s: %+v", what, f)
	}
	return f
}

// others are stories around it, so that rows move between pages and pages divide.
func (h *erasing) others(n int) {
	h.t.Helper()
	for i := range n {
		text := story.Text{Type: story.Report, Lang: "en", Section: "world", Slug: "kept", Headline: "Kept", Doc: story.Doc{{Kind: story.Paragraph, Spans: []story.Span{{Text: strings.Repeat("kept words ", 10+i*37%300)}}}}}
		h.tick()
		id, err := h.n.room.Start(h.t.Context(), h.second, newsroom.Beginning{Key: h.key(), Desk: h.desk, Text: &text})
		h.must(err)
		_, err = h.n.room.File(h.t.Context(), h.second, newsroom.Filing{Key: h.key(), Article: id, What: story.Publish, NoUndo: true, Base: -1})
		h.must(err)
	}
}

// live gives the story its whole life, with words in every place that takes some.
func (h *erasing) live(killed bool) {
	h.t.Helper()
	ctx := h.t.Context()
	h.admin, h.second = h.who(demo.Admin), h.who("Second")
	h.others(10)
	pic := h.withWords(1, h.word)
	h.pixels = append(h.pixels, pic[len(pic)/2:len(pic)/2+80])
	item := h.wire("river", canary+"wire", pic)
	var err error
	h.id, err = h.n.room.Take(ctx, h.second, newsroom.Taking{Key: h.key(), Item: item, Desk: h.desk})
	h.must(err)
	h.others(10)
	upload := h.withWords(2, h.word)
	h.pixels = append(h.pixels, upload[len(upload)/2:len(upload)/2+80])
	h.picture, err = h.n.room.AddPicture(ctx, h.second, h.key(), h.id, upload)
	h.must(err)
	h.save(h.id, h.everyField(h.picture))
	stale, err := json.Marshal(h.word("clash"))
	h.must(err)
	saved, err := h.n.room.Save(ctx, h.admin, newsroom.Saving{Key: h.key(), Article: h.id, Parts: []newsroom.PartSave{{Part: "standfirst", Base: 0, Body: stale}}})
	h.must(err)
	v, err := h.n.room.Story(ctx, h.admin, h.id)
	h.must(err)
	if len(saved.Clashes) != 1 || len(v.Clashes) != 1 {
		h.t.Fatal("no clash")
	}
	h.must(h.n.room.Settle(ctx, h.second, newsroom.Choice{Key: h.key(), Article: h.id, Clash: v.Clashes[0].ID, Keep: "first"}))
	h.must(h.n.room.Embargo(ctx, h.second, newsroom.EmbargoWish{Key: h.key(), Article: h.id, Until: "2025-01-01 09:00 Europe/London"}))
	h.must(h.n.room.Embargo(ctx, h.second, newsroom.EmbargoWish{Key: h.key(), Article: h.id, Reason: h.word("embargo")}))
	h.backups = append(h.backups, copyFolder(h.t, h.config.Data))
	h.file(story.Publish, newsroom.Detail{})
	h.others(10)
	h.save(h.id, h.everyField(h.picture))
	h.file(story.Correct, newsroom.Detail{Material: true, Correction: &record.Correction{Severity: "serious", Note: h.word("note"), Was: h.word("was"), Is: h.word("is")}})
	_, err = h.n.room.SetFront(ctx, h.second, h.key(), h.desk, record.Front{Lang: "en", Rest: "newest", Places: []record.FrontPlace{{Article: h.id, Headline: h.word("front")}}})
	h.must(err)
	_, err = h.n.room.ChangePicture(ctx, h.second, newsroom.PictureWish{Key: h.key(), Article: h.id, Picture: h.picture, Caption: h.word("caption"), Credit: story.Credit{Line: h.word("credit")}})
	h.must(err)
	h.file(story.Withdraw, newsroom.Detail{Note: h.word("withdrawn")})
	h.save(h.id, h.everyField(h.picture))
	h.file(story.Reinstate, newsroom.Detail{})
	h.others(10)
	if killed {
		h.file(story.Kill, newsroom.Detail{Note: h.word("killed")})
	}
	h.backups = append(h.backups, copyFolder(h.t, h.config.Data))
}

// erase has an administrator ask and a second person confirm.
func (h *erasing) erase(person string) {
	h.t.Helper()
	h.tick()
	h.admin, h.second = h.who(demo.Admin), h.who("Second")
	w := newsroom.ErasureWish{Key: h.key(), Article: h.id, Person: person, Wording: "Erased by order of the Harbour Court.", Ordered: "2024-03-20"}
	asking, err := h.n.room.AskErase(h.t.Context(), h.admin, w)
	h.must(err)
	f, err := h.n.room.ConfirmErase(h.t.Context(), h.second, h.key(), asking)
	h.must(err)
	if f.State != story.Posted || !f.Shown {
		h.t.Fatalf("erased: %+v", f)
	}
}

// found lists the files of a folder that hold a canary, or pixels of an erased picture.
func (h *erasing) found(dir string) (files []string) {
	h.t.Helper()
	h.must(filepath.WalkDir(dir, func(path string, d fs.DirEntry, err error) error {
		if err != nil || !d.Type().IsRegular() {
			return err
		}
		b, err := os.ReadFile(path)
		if err != nil {
			return err
		}
		rel, _ := filepath.Rel(dir, path)
		low := bytes.ToLower(b)
		if i := bytes.Index(low, []byte(strings.ToLower(canary))); i >= 0 {
			files = append(files, fmt.Sprintf("%s (%q)", rel, low[max(0, i-40):min(len(low), i+40)]))
		} else if slices.ContainsFunc(h.pixels, func(p []byte) bool { return bytes.Contains(b, p) }) {
			files = append(files, rel+" (pixels)")
		}
		return nil
	}))
	return files
}

// sound fails unless the record verifies and the edition is what a rebuilt one is.
func (h *erasing) sound() (digest string) {
	h.t.Helper()
	report, err := record.Verify(h.t.Context(), h.n.db, record.VerifyOptions{Verifier: h.n.key.Verifier()})
	h.must(err)
	if report.Proved != record.SinceSigned {
		h.t.Errorf("the record does not verify: %v", report.Problems)
	}
	h.must(h.n.edition.WaitFor(h.t.Context(), report.LastN))
	before, err := h.n.edition.Digest(h.t.Context())
	h.must(err)
	return before
}

func copyFolder(t *testing.T, from string) string {
	t.Helper()
	to := filepath.Join(t.TempDir(), "data")
	if err := os.CopyFS(to, os.DirFS(from)); err != nil {
		t.Fatal(err)
	}
	if err := os.Chmod(filepath.Join(to, "record.key"), 0o600); err != nil {
		t.Fatal(err)
	}
	return to
}

// TestEraseLeavesNoWord erases a story whose every field holds canaries, and looks for them
// in every byte of every file: right away, and after a crash before each stage of clearing.
func TestEraseLeavesNoWord(t *testing.T) {
	for name, killed := range map[string]bool{"public": false, "killed": true} {
		t.Run(name, func(t *testing.T) { eraseLeavesNoWord(t, killed) })
	}
}

func eraseLeavesNoWord(t *testing.T, killed bool) {
	h := openErasing(t, filepath.Join(t.TempDir(), "data"), demo.Begin.AddDate(0, 0, 3))
	h.setUp()
	h.live(killed)
	all := strings.Join(h.found(h.config.Data), "\n")
	for _, where := range []string{"newsroom.db", "edition/edition.db", "pictures/originals/", "pictures/renditions/", "wire/done/river.xml", "wire/done/river.jpg"} {
		if !strings.Contains(all, where) {
			t.Errorf("the test looks in %s for words that were never there", where)
		}
	}
	people := h.named()
	if len(people) == 0 {
		t.Fatal("nobody is named")
	}
	h.erase("")
	for _, p := range people {
		h.erase(p.ID)
	}
	crashed := []string{copyFolder(t, h.config.Data)}
	for {
		done, err := h.n.room.ClearStep(t.Context())
		h.must(err)
		if !done {
			break
		}
		if len(crashed) < 6 { // four stages of the story's, and two of a person's
			crashed = append(crashed, copyFolder(t, h.config.Data))
		}
	}
	if left := h.still(h.config.Data); len(left) > 0 {
		t.Errorf("erased, and yet in %s", strings.Join(left, "\n"))
	}
	digest := h.sound()
	h.must(h.n.rebuildEdition(t.Context()))
	if again := h.sound(); again != digest {
		t.Errorf("rebuilt, the edition is %s, not %s", again, digest)
	}
	h.wantListed(people)
	h.restored(people)
	for i, dir := range crashed {
		c := openErasing(t, dir, h.now)
		c.pixels = h.pixels
		c.must(c.n.room.Clear(t.Context()))
		if left := c.still(dir); len(left) > 0 {
			t.Errorf("after a crash before stage %d, it is in %s", i, strings.Join(left, "\n"))
		}
		if again := c.sound(); again != digest {
			t.Errorf("after a crash before stage %d the edition is another", i)
		}
		c.close()
		if left := c.found(dir); len(left) > 0 {
			t.Errorf("stopped after a crash before stage %d, it is in %s", i, strings.Join(left, "\n"))
		}
	}
}

// wantListed holds the list outside the store to what was erased.
func (h *erasing) wantListed(people []newsroom.PersonNamed) {
	h.t.Helper()
	list, err := newsroom.ReadErased(filepath.Join(h.config.Data, "erased.json"))
	h.must(err)
	if len(list) != 1+len(people) || list[0].Article != h.id || list[0].Entry == 0 || list[0].Ordered != "2024-03-20" {
		h.t.Errorf("the list says %+v", list)
	}
}

// named are the people who have an entry because the story named them.
func (h *erasing) named() (people []newsroom.PersonNamed) {
	h.t.Helper()
	entries, err := h.n.db.After(h.t.Context(), 0, 10000)
	h.must(err)
	for _, e := range entries {
		if e.Kind == record.KindPerson && bytes.Contains(e.Content, []byte(canary)) {
			people = append(people, newsroom.PersonNamed{ID: e.Subject})
		}
	}
	return people
}

// restored applies the list to folders as they were before: what a backup brings back goes
// again, whether readers had seen it by then or not.
func (h *erasing) restored(people []newsroom.PersonNamed) {
	h.t.Helper()
	list, err := newsroom.ReadErased(filepath.Join(h.config.Data, "erased.json"))
	h.must(err)
	for i, dir := range h.backups {
		b := openErasing(h.t, dir, h.now.Add(time.Hour))
		b.pixels = h.pixels
		if len(b.found(dir)) == 0 {
			h.t.Errorf("backup %d has nothing to erase", i)
		}
		again, err := b.n.room.EraseAgain(h.t.Context(), list)
		h.must(err)
		if want := []int{1, 1 + len(people)}[i]; len(again) != want {
			h.t.Errorf("backup %d: %d were erased again, not %d", i, len(again), want)
		}
		head, err := b.n.db.Head(h.t.Context())
		h.must(err)
		h.must(b.n.edition.WaitFor(h.t.Context(), head))
		h.must(b.n.room.Clear(h.t.Context()))
		if left := b.still(dir); len(left) > 0 {
			h.t.Errorf("erased again in backup %d, and yet in %s", i, strings.Join(left, "\n"))
		}
		b.sound()
		if more, err := b.n.room.EraseAgain(h.t.Context(), list); err != nil || len(more) > 0 {
			h.t.Errorf("a second time: %v, %v", more, err)
		}
		b.close()
	}
}

// still is what is found once all is cleared: the edition cuts its log when it has shown an
// erasure, and clearing goes on after that.
func (h *erasing) still(dir string) (left []string) {
	h.t.Helper()
	head, err := h.n.db.Head(h.t.Context())
	h.must(err)
	h.must(h.n.edition.WaitFor(h.t.Context(), head))
	for range 200 {
		h.must(h.n.room.Clear(h.t.Context()))
		if left = h.found(dir); len(left) == 0 {
			return nil
		}
		time.Sleep(50 * time.Millisecond)
	}
	return left
}
