package newsroom_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"dateline/internal/newsroom"
	"dateline/internal/record"
	"dateline/internal/store"
	"dateline/internal/store/storetest"
	"dateline/internal/story"
)

// atDesk is a newsroom with a chief, for tests of what is no article.
type atDesk struct {
	t    *testing.T
	now  time.Time
	room *newsroom.Room
	db   *store.DB
	who  newsroom.Who
	desk story.DeskID
	keys int
}

func openDesk(t *testing.T, address string) *atDesk {
	t.Helper()
	d := &atDesk{t: t, now: begin}
	d.room, d.db = roomIn(t, address, &d.now)
	d.as("Rina")
	h, err := d.room.House(t.Context())
	d.must(err)
	d.desk = h.Desks[0].ID
	return d
}

func (d *atDesk) must(err error) {
	d.t.Helper()
	if err != nil {
		d.t.Fatal(err)
	}
}

func (d *atDesk) as(name string) {
	d.t.Helper()
	who, err := d.room.Acting(d.t.Context(), name)
	d.must(err)
	d.who = who
}

func (d *atDesk) key() string { d.keys++; return fmt.Sprintf("a-key-for-pieces-%04d", d.keys) }

func (d *atDesk) wish(id string) newsroom.PieceWish {
	return newsroom.PieceWish{Key: d.key(), Desk: d.desk, ID: id, Base: -1}
}

// post posts a story with a quotation.
func (d *atDesk) post(headline, speaker, words string) (story.ArticleID, string) {
	d.t.Helper()
	id, quotation := d.draft(headline, speaker, words)
	filed, err := d.room.File(d.t.Context(), d.who, newsroom.Filing{Key: d.key(), Article: id, What: story.Publish, NoUndo: true, Base: -1})
	d.must(err)
	if filed.State != story.Posted {
		d.t.Fatalf("%s: %+v", headline, filed)
	}
	return id, quotation
}

func (d *atDesk) draft(headline, speaker, words string) (story.ArticleID, string) {
	d.t.Helper()
	q := fmt.Sprintf("q%07d", d.keys)
	text := story.Text{Type: story.Report, Lang: "en", Section: "news", Slug: story.Slug(headline), Headline: headline,
		Quotations: []story.Quotation{{ID: q, Words: []story.Words{{Text: words}}, Form: "direct", Speaker: speaker}},
		Doc:        story.Doc{{Kind: story.Paragraph, Spans: []story.Span{{Text: "Words."}}}, {ID: q, Kind: story.QuotationBlock, Quotation: q}}}
	id, err := d.room.Start(d.t.Context(), d.who, newsroom.Beginning{Key: d.key(), Desk: d.desk, Text: &text})
	d.must(err)
	return id, q
}

func (d *atDesk) entries() []record.Entry {
	d.t.Helper()
	all, err := d.db.After(d.t.Context(), 0, 10000)
	d.must(err)
	return all
}

// kinds counts the entries of each kind that can be read.
func (d *atDesk) kinds() map[record.Kind]int {
	n := map[record.Kind]int{}
	for _, e := range d.entries() {
		if e.Readable() {
			n[e.Kind]++
		}
	}
	return n
}

func refused(t *testing.T, err error, kind story.Kind, words string) {
	t.Helper()
	r, ok := story.AsRefusal(err)
	if !ok || r.Kind != kind || !strings.Contains(r.Sentence, words) {
		t.Errorf("%v, want a refusal of kind %d with %q", err, kind, words)
	}
}

func TestPackages(t *testing.T) { storetest.Each(t, packages) }

func packages(t *testing.T, address string) {
	d := openDesk(t, address)
	one, _ := d.post("Rain", "Ida", "It rains.")
	two, _ := d.post("More rain", "Ida", "It still rains.")
	secret, _ := d.draft("A secret", "Ida", "Hush.")
	c := record.Package{Title: "The long rain", Lang: "en", Sort: newsroom.Running, Members: []story.ArticleID{one, secret}}
	_, err := d.room.PutPackage(t.Context(), d.who, d.wish(""), c)
	refused(t, err, story.Conflict, "A secret")
	c.Members = []story.ArticleID{one}
	w := d.wish("")
	made, err := d.room.PutPackage(t.Context(), d.who, w, c)
	d.must(err)
	if again, err := d.room.PutPackage(t.Context(), d.who, w, c); err != nil || again.ID != made.ID || again.Entry != made.Entry {
		t.Errorf("a form that is sent again: %+v, %v", again, err)
	}
	c.Members, c.Sort = []story.ArticleID{two, one}, newsroom.Ordered
	stale := d.wish(made.ID)
	stale.Base = made.Entry - 1
	_, err = d.room.PutPackage(t.Context(), d.who, stale, c)
	refused(t, err, story.Conflict, "meanwhile")
	c.Slug = "the-long-rain"
	_, err = d.room.PutPackage(t.Context(), d.who, d.wish(made.ID), c)
	d.must(err)
	_, err = d.room.PutPackage(t.Context(), d.who, d.wish("0123456789"), c)
	refused(t, err, story.Unknown, "no such package")
	for words, bad := range map[string]record.Package{
		"title": {Lang: "en", Slug: "x", Sort: "running", Members: c.Members}, "member": {Lang: "en", Title: "X", Sort: "running"},
		"language": {Lang: "fr", Title: "X", Sort: "running", Members: c.Members}, "kind": {Lang: "en", Title: "X", Sort: "random", Members: c.Members},
		"second time": {Lang: "en", Title: "X", Sort: "running", Members: []story.ArticleID{one, one}},
	} {
		_, err := d.room.PutPackage(t.Context(), d.who, d.wish(""), bad)
		refused(t, err, story.Conflict, words)
	}
	all, err := d.room.Packages(t.Context(), d.who)
	if err != nil || len(all) != 1 || !slices.Equal(all[0].Content.Members, c.Members) || all[0].Standing != story.Public {
		t.Errorf("%+v, %v", all, err)
	}
	if n := d.kinds()[record.KindPackage]; n != 2 {
		t.Errorf("%d package entries", n)
	}
}

// TestAPieceWaitsWhileItsDeskRests files a page into a rest: it waits, is superseded by a
// later one, and leaves by itself, once.
func TestAPieceWaitsWhileItsDeskRests(t *testing.T) {
	storetest.Each(t, func(t *testing.T, address string) {
		d := openDesk(t, address)
		d.now = time.Date(2024, 3, 23, 12, 0, 0, 0, time.UTC)
		page := record.Page{Slug: "about", Lang: "en", Title: "About", Doc: story.ParseDoc("We print.\n\n## Where\n\n- Here\n- There")}
		first, err := d.room.PutPage(t.Context(), d.who, d.wish(""), page)
		d.must(err)
		if first.State != story.Pending || first.Opens.IsZero() || len(first.Objections) != 1 || first.Objections[0].Code != story.ObjectRest {
			t.Fatalf("%+v", first)
		}
		page.Title = "About us"
		second, err := d.room.PutPage(t.Context(), d.who, d.wish(first.ID), page)
		d.must(err)
		if d.kinds()[record.KindPage] != 0 {
			t.Error("a page spoke while its desk rested")
		}
		if all, err := d.room.Pages(t.Context(), d.who); err != nil || len(all) != 1 || all[0].Standing != story.Never || all[0].Waiting == nil || all[0].Waiting.ID != second.Act {
			t.Errorf("%+v, %v", all, err)
		}
		other := page
		taken, err := d.room.PutPage(t.Context(), d.who, d.wish(""), record.Page{Slug: "contact", Lang: "en", Title: "Contact", Doc: page.Doc})
		d.must(err)
		d.must(d.room.TakeBack(t.Context(), d.who, d.key(), taken.Act))
		d.now = time.Date(2024, 3, 24, 0, 0, 0, 0, time.UTC)
		for range 2 {
			_, err = d.room.Step(t.Context())
			d.must(err)
		}
		if n := d.kinds()[record.KindPage]; n != 1 {
			t.Errorf("%d pages were posted, not one", n)
		}
		_, err = d.room.PutPage(t.Context(), d.who, d.wish(""), other)
		refused(t, err, story.Conflict, "address of its own")
		other.Slug = "corrections"
		_, err = d.room.PutPage(t.Context(), d.who, d.wish(""), other)
		refused(t, err, story.Conflict, "leads elsewhere")
	})
}

func TestRelations(t *testing.T) { storetest.Each(t, relations) }

func relations(t *testing.T, address string) {
	d := openDesk(t, address)
	before, said := d.post("Tuesday", "Marion", "The market will move.")
	after, unsaid := d.post("Friday", "Marion", "The market stays.")
	secret, hushed := d.draft("A secret", "Marion", "Hush.")
	w := newsroom.RelationWish{From: newsroom.End{Article: after, Quotation: unsaid}, To: newsroom.End{Article: secret, Quotation: hushed}, What: record.WalksBack, Words: "She told the hearing."}
	_, err := d.room.PutRelation(t.Context(), d.who, d.wish(""), w)
	refused(t, err, story.Conflict, "leads to")
	w.To = newsroom.End{Article: before, Quotation: said}
	made, err := d.room.PutRelation(t.Context(), d.who, d.wish(""), w)
	d.must(err)
	w.Source = "javascript:alert(1)"
	_, err = d.room.PutRelation(t.Context(), d.who, d.wish(made.ID), w)
	refused(t, err, story.Conflict, "source")
	if all, err := d.room.RelationsOf(t.Context(), d.who, before); err != nil || len(all) != 1 || all[0].Content.From != unsaid || all[0].Content.What != record.WalksBack {
		t.Errorf("%+v, %v", all, err)
	}
	for search, want := range map[string]int{"market": 2, "MARION stays": 1, "hush": 0, "/tuesday-" + string(before): 1, "/x-" + string(secret): 0, "": 2} {
		if found, err := d.room.Quotations(t.Context(), d.who, search, 10); err != nil || len(found) != want {
			t.Errorf("%q finds %d, not %d: %v", search, len(found), want, err)
		}
	}
	// A speaker is a person with an entry, named once.
	if n := d.kinds()[record.KindPerson]; n != 1 {
		t.Errorf("%d persons", n)
	}
	// A kill takes the relation with it: its words were about words that are gone.
	_, err = d.room.File(t.Context(), d.who, newsroom.Filing{Key: d.key(), Article: before, What: story.Kill, Base: -1})
	d.must(err)
	if n := d.kinds()[record.KindRelation]; n != 0 {
		t.Error("a relation outlived the words that it is about")
	}
}

func TestPersons(t *testing.T) { storetest.Each(t, persons) }

func persons(t *testing.T, address string) {
	d := openDesk(t, address)
	d.post("Rain", "Marion Tetlow", "It rains.")
	all, err := d.room.Persons(t.Context(), d.who)
	d.must(err)
	if len(all) != 1 || all[0].Content.Names["en"] != "Marion Tetlow" {
		t.Fatalf("%+v", all)
	}
	marion := all[0]
	c := record.Person{Names: record.Words{"en": "Marion TETLOW", "he": "מריון טטלו", "fr": " "}, Line: record.Words{"en": "Harbour engineer."}}
	_, err = d.room.PutPerson(t.Context(), d.who, d.wish(marion.ID), c)
	d.must(err)
	twin, err := d.room.PutPerson(t.Context(), d.who, d.wish(""), record.Person{Names: record.Words{"en": "M. Tetlow"}, Merged: marion.ID})
	d.must(err)
	c.Merged = twin.ID
	_, err = d.room.PutPerson(t.Context(), d.who, d.wish(marion.ID), c)
	refused(t, err, story.Conflict, "merged")
	all, err = d.room.Persons(t.Context(), d.who)
	d.must(err)
	if len(all) != 2 || all[0].Content.Slug != "marion-tetlow" || len(all[0].Content.Names) != 2 || all[1].Content.Merged != marion.ID {
		t.Errorf("%+v", all)
	}
	// What was withdrawn is not brought back by a story that names it.
	_, err = d.room.SilencePiece(t.Context(), d.who, newsroom.Silencing{Key: d.key(), ID: marion.ID, Note: "It was another Tetlow."})
	d.must(err)
	d.post("Sun", "marion tetlow", "It shines.")
	if all, err = d.room.Persons(t.Context(), d.who); err != nil || all[0].Standing != story.Withdrawn {
		t.Errorf("%+v, %v", all[0], err)
	}
}

func TestPiecesAreTakenBack(t *testing.T) { storetest.Each(t, piecesAreTakenBack) }

func piecesAreTakenBack(t *testing.T, address string) {
	d := openDesk(t, address)
	page := record.Page{Slug: "about", Lang: "en", Title: "About", Doc: story.ParseDoc("We print.")}
	made, err := d.room.PutPage(t.Context(), d.who, d.wish(""), page)
	d.must(err)
	_, err = d.room.SilencePiece(t.Context(), d.who, newsroom.Silencing{Key: d.key(), ID: made.ID})
	refused(t, err, story.Invalid, "tells readers why")
	_, err = d.room.SilencePiece(t.Context(), d.who, newsroom.Silencing{Key: d.key(), ID: "0123456789", Kill: true})
	refused(t, err, story.Unknown, "No reader")
	d.now = time.Date(2024, 3, 23, 12, 0, 0, 0, time.UTC) // its desk rests
	_, err = d.room.SilencePiece(t.Context(), d.who, newsroom.Silencing{Key: d.key(), ID: made.ID, Note: "It was wrong."})
	d.must(err)
	d.now = time.Date(2024, 3, 24, 0, 0, 0, 0, time.UTC)
	back, err := d.room.PutPage(t.Context(), d.who, d.wish(made.ID), page)
	if err != nil || back.State != story.Posted {
		t.Errorf("a withdrawn page is not put again: %+v, %v", back, err)
	}
	kill, err := d.room.SilencePiece(t.Context(), d.who, newsroom.Silencing{Key: d.key(), ID: made.ID, Kill: true})
	d.must(err)
	if n := d.kinds(); n[record.KindPage] != 0 || n[record.KindWithdraw] != 0 {
		t.Errorf("after a kill %v can be read", n)
	}
	if gone := slices.IndexFunc(d.entries(), func(e record.Entry) bool { return e.Kind == record.KindPage && e.GoneBy != kill.Entry }); gone >= 0 {
		t.Error("a text of the page was not taken back")
	}
	_, err = d.room.PutPage(t.Context(), d.who, d.wish(made.ID), page)
	refused(t, err, story.Conflict, "Make another")
	report, err := record.Verify(t.Context(), d.db, record.VerifyOptions{})
	if err != nil || len(report.Problems) > 0 {
		t.Errorf("%+v, %v", report.Problems, err)
	}
}

func TestAuthorityOverPieces(t *testing.T) {
	d := openDesk(t, storetest.SQLite(t))
	_, err := d.room.AddMember(t.Context(), "Noa", false, []string{"new-york:reporter"}, 1)
	d.must(err)
	_, err = d.room.AddMember(t.Context(), "Uri", false, []string{"new-york:editor"}, 1)
	d.must(err)
	one, _ := d.post("Rain", "Ida", "It rains.")
	made, err := d.room.PutPackage(t.Context(), d.who, d.wish(""), record.Package{Title: "Rain", Lang: "en", Sort: "running", Members: []story.ArticleID{one}})
	d.must(err)
	page := record.Page{Slug: "about", Lang: "en", Title: "About", Doc: story.ParseDoc("We print.")}
	for _, name := range []string{"Noa", "Uri"} {
		d.as(name)
		_, err = d.room.PutPage(t.Context(), d.who, d.wish(""), page)
		refused(t, err, story.Forbidden, "chief")
		_, err = d.room.SilencePiece(t.Context(), d.who, newsroom.Silencing{Key: d.key(), ID: made.ID, Kill: true})
		refused(t, err, story.Forbidden, "chief")
		_, err = d.room.MoveAddresses(t.Context(), d.who, d.key(), []record.MovedPath{{From: "/a", To: "/b"}})
		refused(t, err, story.Forbidden, "administrator")
		refused(t, d.room.SetMenus(t.Context(), d.who, d.key(), nil), story.Forbidden, "administrator")
	}
	d.as("Noa")
	_, err = d.room.PutPackage(t.Context(), d.who, d.wish(made.ID), record.Package{Title: "Rain", Lang: "en", Sort: "running", Members: []story.ArticleID{one}})
	refused(t, err, story.Forbidden, "editor")
	d.as("Rina")
	d.who.Program = true
	_, err = d.room.SilencePiece(t.Context(), d.who, newsroom.Silencing{Key: d.key(), ID: made.ID, Kill: true})
	refused(t, err, story.Forbidden, "chief")
}

func TestMovedAddressesAndMenus(t *testing.T) { storetest.Each(t, movedAddressesAndMenus) }

func movedAddressesAndMenus(t *testing.T, address string) {
	d := openDesk(t, address)
	one, _ := d.post("Rain", "Ida", "It rains.")
	two, _ := d.post("Sun", "Ida", "It shines.")
	move := func(paths ...record.MovedPath) error {
		_, err := d.room.MoveAddresses(t.Context(), d.who, d.key(), paths)
		return err
	}
	d.must(move(record.MovedPath{From: "/2019/rain.html", To: "/rain-" + string(one)}, record.MovedPath{From: "/2019/sun.html", To: "/sun-" + string(two)}))
	for words, bad := range map[string]record.MovedPath{
		"old path": {From: "2019", To: "/x"}, "of this house": {From: "/x", To: "//evil.example"}, "stays": {From: "/x", To: "/x"},
		"back to itself": {From: "/sun-" + string(two), To: "/2019/sun.html"},
	} {
		refused(t, move(bad), story.Invalid, words)
	}
	refused(t, move(record.MovedPath{From: "/x", To: "https://evil.example/"}), story.Invalid, "of this house")
	refused(t, move(), story.Invalid, "between 1")
	// A killed story takes its old addresses with it, and no others.
	_, err := d.room.File(t.Context(), d.who, newsroom.Filing{Key: d.key(), Article: one, What: story.Kill, Base: -1})
	d.must(err)
	if paths, err := d.room.Moved(t.Context()); err != nil || len(paths) != 1 || paths["/2019/sun.html"] != "/sun-"+string(two) {
		t.Errorf("%v, %v", paths, err)
	}
	menu := newsroom.Menus{"en": {{Label: "About", Address: "/about"}, {Label: "Friends", Address: "https://friends.example/"}}}
	d.must(d.room.SetMenus(t.Context(), d.who, d.key(), menu))
	refused(t, d.room.SetMenus(t.Context(), d.who, d.key(), newsroom.Menus{"en": {{Label: "x", Address: "javascript:alert(1)"}}}), story.Invalid, "words and an address")
	refused(t, d.room.SetMenus(t.Context(), d.who, d.key(), newsroom.Menus{"fr": nil}), story.Invalid, "no pages")
	if h, err := d.room.House(t.Context()); err != nil || len(h.House.Menus["en"]) != 2 {
		t.Errorf("%+v, %v", h.House.Menus, err)
	}
	if report, err := record.Verify(t.Context(), d.db, record.VerifyOptions{}); err != nil || len(report.Problems) > 0 {
		t.Errorf("%+v, %v", report.Problems, err)
	}
}
