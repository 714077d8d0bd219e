package desk_test

import (
	"net/url"
	"regexp"
	"strings"
	"testing"
	"time"

	"dateline/internal/newsroom"
	"dateline/internal/story"
)

// report posts a story with a quotation block that has nothing but words.
func (b *browser) report(headline, words string) (id string) {
	b.t.Helper()
	who, err := b.room.Acting(b.t.Context(), "Jonah Petrie")
	check(b.t, err)
	text := story.Text{Type: story.Report, Lang: "en", Section: "city", Slug: story.Slug(headline), Headline: headline,
		Doc: story.Doc{{Kind: story.Paragraph, Spans: []story.Span{{Text: "Words."}}}, {Kind: story.QuotationBlock, Spans: []story.Span{{Text: words}}}}}
	made, err := b.room.Start(b.t.Context(), who, newsroom.Beginning{Key: b.room.NewKey(), Desk: b.desk("new-york").ID, Text: &text})
	check(b.t, err)
	return string(made)
}

func (b *browser) publish(id string) {
	b.t.Helper()
	who, err := b.room.Acting(b.t.Context(), "Jonah Petrie")
	check(b.t, err)
	_, err = b.room.File(b.t.Context(), who, newsroom.Filing{Key: b.room.NewKey(), Article: story.ArticleID(id), What: story.Publish, NoUndo: true, Base: -1})
	check(b.t, err)
}

// speaks names the speaker of a story's one quotation by its form.
func (b *browser) speaks(id string, set map[string]string) {
	b.t.Helper()
	b.get("/stories/" + id + "/quotations")
	_, form := b.form("quotations")
	of := map[string]string{}
	for name := range form {
		for field, value := range set {
			if strings.HasPrefix(name, field+".") {
				of[name] = value
			}
		}
	}
	b.submit("quotations", of)
}

// TestQuotationsAndTheirRelation goes from two quotation blocks to a statement that walks
// another back, by forms alone.
func TestQuotationsAndTheirRelation(t *testing.T) {
	b := open(t).signIn("Tamar Shohat")
	before, after := b.report("Tuesday", "The market will move."), b.report("Friday", "The market stays.")
	for _, id := range []string{before, after} {
		b.speaks(id, map[string]string{"speaker": "Marion Tetlow", "capacity": "chair", "said": "2024-03-22 14:31", "by": "Northwind"})
		b.want("Saved.", `value="Marion Tetlow"`, `value="2024-03-22 14:31"`)
		b.publish(id)
	}
	b.speaks(after, map[string]string{"said": "yesterday"})
	b.want("is a day and an hour", `value="yesterday"`)
	b.get("/relations/new?story=" + after)
	b.submit("relation", map[string]string{"do": "find", "find": "will MOVE", "from": "", "to": ""})
	_, form := b.form("relation")
	if !strings.HasPrefix(regexp.MustCompile(`name="to" value="([^"]+)"`).FindStringSubmatch(b.body)[1], before+".") {
		t.Fatal("the search did not find the earlier statement")
	}
	from := regexp.MustCompile(`name="from" value="(` + after + `\.[^"]+)"`).FindStringSubmatch(b.body)[1]
	to := regexp.MustCompile(`name="to" value="(` + before + `\.[^"]+)"`).FindStringSubmatch(b.body)[1]
	if form.Get("story") != after {
		t.Error("the form forgot its story")
	}
	b.submit("relation", map[string]string{"do": "file", "from": from, "to": to, "what": "walks back", "words": "She spoke too soon.", "source": "ftp://x"})
	b.want("source that readers can reach", "She spoke too soon.")
	b.submit("relation", map[string]string{"do": "file", "from": from, "to": to, "source": ""})
	b.want("Posted.")
	b.get(regexp.MustCompile(`/relations/[0-9a-z]{10}`).FindString(b.body) + "?find=nothing-like-it&story=" + before)
	b.want(`name="from" value="`+from+`" checked`, `name="to" value="`+to+`" checked`)
	b.get("/relations/new?story=" + after)
	b.want("Relations of this report", "walks back: She spoke too soon.")
	b.get("/paper?find=marion")
	b.want("Marion Tetlow")
}

func TestARunningStoryByItsForm(t *testing.T) {
	b := open(t).signIn("Tamar Shohat")
	one, two, draft := b.report("First", "A."), b.report("Second", "B."), b.report("Third", "C.")
	b.publish(one)
	b.publish(two)
	b.get("/packages/new")
	b.submit("package", map[string]string{"desk": string(b.desk("new-york").ID), "title": "The market", "add": "http://localhost:8080/first-" + one + "\n" + draft, "sort": "ordered"})
	b.want("no public story", "The market", draft) // and what was typed is kept
	b.submit("package", map[string]string{"desk": string(b.desk("new-york").ID), "add": one + " " + two, "drop." + draft: "yes"})
	b.want("Posted.", "as readers see it")
	if strings.Index(b.body, ">First<") > strings.Index(b.body, ">Second<") {
		t.Error("the members are not in their order")
	}
	b.submit("package", map[string]string{"place." + one: "9"})
	if strings.Index(b.body, ">First<") < strings.Index(b.body, ">Second<") {
		t.Error("the members were not put into another order")
	}
	b.submit("package", map[string]string{"drop." + two: "yes"})
	if strings.Contains(b.body, ">Second<") {
		t.Error("a member that was taken out is there")
	}
	b.submit("silence-form", map[string]string{"do": "withdraw", "note": "It was no story."})
	b.want("Taken back.", "withdrawn; ordered")
}

func TestAPageWaitsAndIsTakenBack(t *testing.T) {
	n := open(t)
	n.now = time.Date(2024, 3, 23, 12, 0, 0, 0, time.UTC) // New York rests
	b := n.signIn("Tamar Shohat")
	b.get("/pages/new")
	set := map[string]string{"desk": string(b.desk("new-york").ID), "title": "About us", "slug": "about", "text": "We print.\n\n## Where\n\n- Here\n- There"}
	b.submit("page", set)
	b.want("Waits at the gate.", "rests", "- There", "opens")
	b.submit("take-back", nil)
	b.want("Taken back.")
	n.now = time.Date(2024, 3, 24, 12, 0, 0, 0, time.UTC)
	b = n.signIn("Tamar Shohat")
	b.get("/pages/new")
	b.submit("page", set)
	b.want("Posted.", "## Where")
	b.get("/pages/new")
	set["slug"] = "corrections"
	b.submit("page", set)
	b.want("leads elsewhere", "We print.")
	b.get("/paper")
	b.want("About us", "/about, en")
}

func TestAPersonByTheirForm(t *testing.T) {
	b := open(t).signIn("Tamar Shohat")
	b.get("/people/new")
	b.submit("person", map[string]string{"name.en": "Marion Tetlow", "name.he": "מריון טטלו", "line.en": "Harbour engineer."})
	b.want("Posted.", "מריון טטלו", "Harbour engineer.")
	marion := regexp.MustCompile(`/people/([0-9a-z]{10})`).FindStringSubmatch(b.body)[1]
	b.get("/people/new")
	b.submit("person", map[string]string{"name.en": "M. Tetlow", "merged": "http://localhost:8080/person/marion-tetlow-" + marion})
	b.want("Posted.", "That is <bdi>Marion Tetlow")
}

func TestMenusAndOldAddressesAreAnAdministrators(t *testing.T) {
	n := open(t)
	editor := n.signIn("Jonah Petrie")
	editor.get("/menus")
	editor.want("administrator")
	b := n.signIn("Tamar Shohat")
	b.get("/menus")
	b.submit("menus", map[string]string{"menu.en": "About us | /about\nContact | javascript:alert(1)"})
	b.want("words and an address", "About us")
	b.submit("menus", map[string]string{"menu.en": "About us | /about"})
	b.want("Saved.", "About us | /about")
	b.submit("moved", map[string]string{"paths": "/2019/a.html https://evil.example"})
	b.want("one of this house", "/2019/a.html")
	b.submit("moved", map[string]string{"paths": "/2019/a.html /coverage"})
	b.want("Saved.", "/2019/a.html", "/coverage")
	for _, path := range []string{"/packages/0123456789", "/pages/0123456789", "/people/zz", "/relations/x", "/stories/0123456789/quotations"} {
		b.get(path)
		if b.status != 404 {
			t.Errorf("%s: %d", path, b.status)
		}
	}
	b.post("/packages/0123456789", url.Values{"key": {"0123456789abcdefgh"}, "desk": {string(b.desk("new-york").ID)}})
	if b.status != 404 {
		t.Error("a piece that is not there was filed:", b.status)
	}
}

// TestAPageIsErasedByTwoPeople asks and confirms by the forms.
func TestAPageIsErasedByTwoPeople(t *testing.T) {
	n := open(t)
	b := n.signIn("Tamar Shohat")
	b.get("/pages/new")
	b.submit("page", map[string]string{"desk": string(b.desk("new-york").ID), "title": "About us", "slug": "about", "text": "We print."})
	page := regexp.MustCompile(`/pages/[0-9a-z]{10}`).FindString(b.body)
	b.submit("erase", map[string]string{"wording": "By order of a court.", "ordered": "2024-03-21"})
	b.want("A second person confirms it")
	b.get(page)
	if strings.Contains(b.body, `id="confirm"`) {
		t.Error("whoever asked may confirm")
	}
	second := n.signIn("Leah Brandt")
	second.get(page)
	second.want("Tamar Shohat asks", "By order of a court.")
	second.submit("confirm", map[string]string{"confirm": "erase"})
	second.want("Type ERASE")
	second.get(page)
	second.submit("confirm", map[string]string{"confirm": "ERASE"})
	second.want("Erased.")
	if strings.Contains(second.body, "About us") {
		t.Error("an erased page is still listed")
	}
}
