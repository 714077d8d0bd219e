package edition_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"dateline/internal/edition"
	"dateline/internal/edition/editiontest"
	"dateline/internal/record"
	"dateline/internal/story"
)

// Ids of the pieces of these tests.
const (
	packageID  = "pack000001"
	pageID     = "page000001"
	relationID = "rela000001"
	marion     = "pers000001"
	twin       = "pers000002"
)

// saying is an article with one quotation.
func saying(headline, quotation, person, words string) record.Article {
	c := editiontest.Text("en", "city", headline, "Stand.", "Words.")
	c.Bylines = []story.Byline{{Person: "pers000009", Name: "Ruth"}}
	c.Quotations = []story.Quotation{{ID: quotation, Person: person, Speaker: "Marion", Words: []story.Words{{Text: words}}, Form: "direct"}}
	return c
}

// gathered is a paper with two articles, a package of them, a page, persons, and a relation
// by which the second statement walks the first one back.
func gathered(t *testing.T) *editiontest.Record {
	r := editiontest.Paper(t)
	r.Append(record.KindPerson, marion, editiontest.London, at(0), record.Person{Slug: "marion", Names: record.Words{"en": "Marion"}})
	r.Append(record.KindPerson, twin, editiontest.London, at(0), record.Person{Slug: "m", Names: record.Words{"en": "M."}, Merged: marion})
	r.Post(one, editiontest.London, at(1), saying("Tuesday", "quote001", twin, "It will move."))
	r.Post(two, editiontest.London, at(2), saying("Friday", "quote002", marion, "It stays."))
	r.Append(record.KindPackage, packageID, editiontest.London, at(3), record.Package{Slug: "market", Lang: "en", Title: "The market", Sort: "ordered", Members: []story.ArticleID{one, two}})
	r.Append(record.KindPage, pageID, editiontest.London, at(4), record.Page{Slug: "about", Lang: "en", Title: "About", Doc: story.ParseDoc("We print.")})
	r.Append(record.KindRelation, relationID, editiontest.London, at(5), record.Relation{From: "quote002", To: "quote001", What: record.WalksBack, Words: "She said so."})
	r.Append(record.KindMoved, "house00001", "", at(6), record.Moved{Paths: []record.MovedPath{{From: "/old", To: "/new"}, {From: "/old", To: "/newer"}}})
	return r
}

// told is all that pages ask about the pieces, in a line each.
func told(t *testing.T, e *edition.Edition) (lines []string) {
	t.Helper()
	say := func(format string, a ...any) { lines = append(lines, fmt.Sprintf(format, a...)) }
	view(t, e, func(v *edition.View) error {
		p, ok, err := v.Package(packageID)
		if err != nil {
			return err
		}
		say("package %t %s %q", ok, p.Standing, p.Title)
		for _, c := range p.Cards {
			say("member %s", c.Headline)
		}
		of, err := v.PackagesOf(one)
		if err != nil {
			return err
		}
		say("packages of one %d", len(of))
		g, ok, err := v.OwnPage("en", "about")
		if err != nil {
			return err
		}
		say("page %t %s %q %q", ok, g.Standing, g.Title, g.Note)
		for _, look := range []func(string) ([]edition.Related, error){v.From, v.To} {
			for _, id := range []string{"quote001", "quote002"} {
				all, err := look(id)
				if err != nil {
					return err
				}
				for _, x := range all {
					say("%s %s: %s → %s", x.What, x.Words, x.Start.Statement.In.Headline, story.Said(x.End.Statement.Quotation))
				}
			}
		}
		person, ok, err := v.PersonOf(marion)
		if err != nil {
			return err
		}
		said, err := v.Statements(marion, "en", 10, 0)
		if err != nil {
			return err
		}
		n, _, err := v.StatementsOf(marion, "en")
		if err != nil {
			return err
		}
		walked, err := v.ToldOf(marion, "en")
		if err != nil {
			return err
		}
		wrote, err := v.Written("pers000009", "en", 10)
		if err != nil {
			return err
		}
		say("person %t %s %q said %d of %d, walked back %d, wrote %d", ok, person.Standing, person.Names["en"], len(said), n, walked[record.WalksBack], len(wrote))
		to, err := v.Moved("/old")
		say("moved %q", to)
		return err
	})
	return lines
}

func want(t *testing.T, got []string, want ...string) {
	t.Helper()
	for _, w := range want {
		if !slices.Contains(got, w) {
			t.Errorf("no line %q in\n%s", w, strings.Join(got, "\n"))
		}
	}
}

func TestPiecesAreProjected(t *testing.T) {
	r := gathered(t)
	e := editiontest.Open(t, r)
	got := told(t, e)
	want(t, got, `package true public "The market"`, "member Tuesday", "member Friday", "packages of one 1", `page true public "About" ""`,
		"walks back She said so.: Friday → It will move.", `person true public "Marion" said 2 of 2, walked back 1, wrote 2`, `moved "/newer"`)
	if slices.Index(got, "member Tuesday") > slices.Index(got, "member Friday") {
		t.Error("the members are not in their order")
	}
	r.Append(record.KindMoved, "house00001", "", at(7), record.Moved{Paths: []record.MovedPath{{From: "/old", To: "/newest"}}})
	r.Append(record.KindPackage, packageID, editiontest.London, at(8), record.Package{Slug: "market", Lang: "en", Title: "The old market", Sort: "running", Members: []story.ArticleID{two}})
	r.Withdraw(pageID, editiontest.London, at(9), "It was wrong.")
	catchUp(t, e, r)
	want(t, told(t, e), `package true public "The old market"`, "packages of one 0", `page true withdrawn "" "It was wrong."`, `moved "/newest"`)
	sameWhenRebuilt(t, e, r)
}

// TestAKillTakesWhatTellsOfIt kills a member: the package goes on without it, the relation
// of its quotation and the statement are gone, and no word is in any file.
func TestAKillTakesWhatTellsOfIt(t *testing.T) {
	r := editiontest.Paper(t)
	for _, x := range gathered(t).Entries()[len(r.Entries()):] {
		if c, err := record.Decode[record.Relation](x); x.Kind == record.KindRelation && err == nil {
			c.Words = canary(1)
			r.Append(x.Kind, x.Subject, x.Desk, x.At, c)
			continue
		}
		r.Append(x.Kind, x.Subject, x.Desk, x.At, rawJSON(x.Content))
	}
	dir := t.TempDir()
	e := editiontest.OpenIn(t, r, dir)
	if !strings.Contains(allText(t, dir), canary(1)) {
		t.Fatal("the test looks for words that were never there")
	}
	all := r.Entries()
	relation := all[slices.IndexFunc(all, func(x record.Entry) bool { return x.Kind == record.KindRelation })].N
	r.Kill(one, editiontest.London, at(10), "", relation)
	catchUp(t, e, r)
	got := told(t, e)
	want(t, got, `package true public "The market"`, "member Friday", "packages of one 1", `person true public "Marion" said 1 of 1, walked back 0, wrote 1`)
	if slices.ContainsFunc(got, func(l string) bool {
		return strings.HasPrefix(l, "walks back") || l == "member Tuesday" || l == "member "
	}) {
		t.Errorf("a killed article is still told of:\n%s", strings.Join(got, "\n"))
	}
	if text := allText(t, dir); strings.Contains(text, canary(1)) || strings.Contains(text, "It will move") {
		t.Error("words of what was killed are in a file")
	}
	sameWhenRebuilt(t, e, r)
}

// TestPiecesAreTakenBack kills a package and a person, and erases a page and a twin.
func TestPiecesAreTakenBack(t *testing.T) {
	r := gathered(t)
	dir := t.TempDir()
	e := editiontest.OpenIn(t, r, dir)
	r.Kill(packageID, editiontest.London, at(10), "It was misleading.")
	r.Erase(pageID, editiontest.London, at(11), "By order.")
	r.Erase(marion, editiontest.London, at(12), "By order.")
	r.Append(record.KindPackage, "pack000002", editiontest.London, at(13), record.Package{Slug: "fish", Lang: "en", Title: "The market of fish", Sort: "running", Members: []story.ArticleID{two}})
	r.Append(record.KindKill, "pack000002", editiontest.London, at(14), record.Kill{}) // it names nothing, and takes all the same
	catchUp(t, e, r)
	want(t, told(t, e), `package true killed ""`, "packages of one 0", `page false  "" ""`)
	view(t, e, func(v *edition.View) error {
		p, ok, err := v.PersonOf(marion)
		if !ok || p.Standing != story.Erased || p.Note != "By order." || len(p.Names) > 0 {
			t.Errorf("%t %+v", ok, p)
		}
		return err
	})
	if text := allText(t, dir); strings.Contains(text, "The market") || strings.Contains(text, "We print.") {
		t.Error("words of what was taken back are in a file")
	}
	sameWhenRebuilt(t, e, r)
}

// TestMergedInACircle follows nobody for ever.
func TestMergedInACircle(t *testing.T) {
	r := gathered(t)
	r.Append(record.KindPerson, marion, editiontest.London, at(10), record.Person{Slug: "marion", Names: record.Words{"en": "Marion"}, Merged: twin})
	e := editiontest.Open(t, r)
	done := make(chan int, 1)
	go func() {
		_ = e.View(t.Context(), func(v *edition.View) error {
			said, err := v.Statements(marion, "en", 10, 0)
			done <- len(said)
			return err
		})
	}()
	select {
	case n := <-done:
		if n != 2 {
			t.Errorf("%d statements", n)
		}
	case <-time.After(time.Minute):
		t.Fatal("it walks in a circle")
	}
}

// rawJSON is a content that is written as it was.
type rawJSON []byte

func (r rawJSON) MarshalJSON() ([]byte, error) { return r, nil }
