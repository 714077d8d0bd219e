package site_test

import (
	"fmt"
	"time"

	"dateline/internal/edition/editiontest"
	"dateline/internal/record"
	"dateline/internal/story"
)

// What a random life does to what is no article: persons and what they said, packages,
// pages, relations, old addresses and live entries.

var (
	lifePeople   = []string{"pers000001", "pers000002", "pers000003"}
	lifePackages = []string{"pack000001", "pack000002"}
	lifePages    = []string{"page000001", "page000002"}
	lifeRelates  = []string{"re1at10n01", "re1at10n02", "re1at10n03"}
)

// quote is the id of one of the two quotations that an article may have.
func quote(article, which int) string { return fmt.Sprintf("q%02d%05d", which, article) }

// pieceAddresses lists where those are to be read.
func pieceAddresses() (all []string) {
	for _, lang := range []string{"", "/he"} {
		all = append(all, lang+"/running", lang+"/about", lang+"/contact", lang+"/old/path")
		for _, id := range lifePackages {
			all = append(all, lang+"/running/x-"+id, lang+"/running/x-"+id+".rss")
		}
		for _, id := range lifePeople {
			all = append(all, lang+"/person/x-"+id, lang+"/person/x-"+id+".atom", lang+"/person/somebody-"+id)
		}
	}
	return all
}

// speaks gives the text of an article people who speak and write in it.
func (l *life) speaks(c *record.Article, article, n int) {
	c.Quotations, c.Bylines, c.Topics, c.Dateline.Place, c.Places = nil, nil, nil, "", nil
	for which := range n % 4 {
		c.Topics = append(c.Topics, story.Topic{Code: fmt.Sprint("t", (which+n)%3), Labels: map[string]string{"en": fmt.Sprint("Topic ", n%2)}})
	}
	if n%3 == 0 {
		c.Dateline.Place, c.Places = fmt.Sprint("P", n%2), []string{"P1"}
	}
	for which := range n % 3 {
		c.Quotations = append(c.Quotations, story.Quotation{ID: quote(article, which), Person: pick(l.rnd, lifePeople...), Speaker: "Somebody", Form: "direct", Words: []story.Words{{Text: fmt.Sprint("Words ", n)}}})
	}
	if n%4 == 0 {
		c.Bylines = []story.Byline{{Person: pick(l.rnd, lifePeople...), Name: "Somebody"}}
	}
	if n%8 < 2 {
		c.Bylines = append(c.Bylines, story.Byline{Name: "Somebody"})
	}
}

// browsed lists topics, places, authors and days, and pages of the site as it stood: at a moment
// before all that happens in the test, at one amid it, and at one that is now.
func (p *press) browsed(articles int) (all []string) {
	moments := []string{"/as-of/" + spell(editiontest.Begin.Add(-time.Hour)), "/as-of/" + spell(editiontest.Begin.Add(6*time.Hour)), "/as-of/" + spell(p.clock())}
	for _, lang := range []string{"", "/he"} {
		for _, path := range []string{"/topics", "/topic/t0", "/topic/t1", "/topic/t1.atom", "/topic/t2.json", "/places", "/place/p0", "/place/p1", "/place/p1?before=20", "/authors", "/author/somebody",
			"/archive", "/archive/2024", "/archive/2024/03", "/archive/2024/03/22", "/archive/2024/03/23"} {
			all = append(all, lang+path)
		}
		for _, id := range lifePeople {
			all = append(all, lang+"/author/x-"+id, lang+"/author/somebody-"+id+".rss")
		}
		for _, at := range moments {
			all = append(all, lang+at, lang+at+"/s/city", lang+at+"/desk/london", lang+at+"/corrections")
		}
	}
	for i := 0; i < articles; i += 5 {
		for _, at := range moments {
			at, _ := follow(p.web, at+"/"+string(editiontest.ArticleID(i+1)))
			all = append(all, at)
		}
	}
	return append(all, "/as-of", "/sitemap-topics-1.xml", "/sitemap-places-1.xml", "/sitemap-authors-1.xml", "/sitemap-people-1.xml", "/sitemap-running-1.xml", "/sitemap-own-1.xml")
}

// piece does one thing to what is no article, and says what.
func (l *life) piece(desk story.DeskID) string {
	n := l.rnd.IntN(1000)
	some := func() story.ArticleID { return editiontest.ArticleID(l.rnd.IntN(l.articles) + 1) }
	end := func() string { return pick(l.rnd, string(some()), quote(l.rnd.IntN(l.articles)+1, n%2)) }
	add := func(kind record.Kind, id string, c any) string {
		l.record.Append(kind, id, desk, l.now, c)
		return fmt.Sprint("files ", kind, " ", id)
	}
	switch l.rnd.IntN(9) {
	case 0:
		p := record.Person{Slug: "somebody", Names: record.Words{"en": fmt.Sprint("Somebody ", n)}}
		id := pick(l.rnd, lifePeople...)
		if n%3 == 0 && id != lifePeople[0] {
			p.Merged = lifePeople[0]
		}
		return add(record.KindPerson, id, p)
	case 1, 2:
		return add(record.KindPackage, pick(l.rnd, lifePackages...), record.Package{Slug: "x", Lang: "en", Title: fmt.Sprint("Running ", n), Sort: pick(l.rnd, "running", "ordered"), Members: []story.ArticleID{some(), some(), some()}[:1+n%3]})
	case 3:
		return add(record.KindPage, pick(l.rnd, lifePages...), record.Page{Slug: pick(l.rnd, "about", "contact"), Lang: pick(l.rnd, "en", "he"), Title: fmt.Sprint("Page ", n), Doc: story.Doc{para("ownb10ck", "Words.")}})
	case 4:
		return add(record.KindRelation, pick(l.rnd, lifeRelates...), record.Relation{From: end(), To: end(), What: pick(l.rnd, record.WalksBack, record.Related), Words: fmt.Sprint("Words ", n), TakenBack: n%5 == 0})
	case 5:
		return add(record.KindMoved, "house00001", record.Moved{Paths: []record.MovedPath{{From: "/old/path", To: "/" + string(some())}}})
	case 6:
		return add(record.KindWithdraw, pick(l.rnd, append(append(lifePackages, lifePages...), lifePeople...)...), record.Withdraw{Note: fmt.Sprint("Note ", n)})
	default:
		id := some()
		if c, ok := l.words[id]; ok && c.Type != story.Live {
			c.Type = story.Live
			l.words[id] = c
			l.record.Post(id, l.desks[id], l.now, c)
		}
		entry := fmt.Sprintf("entry%03d", n%3)
		do := pick(l.rnd, record.LiveOpens, record.LiveAdds, record.LiveAdds, record.LiveEdits, record.LiveRemoves, record.LiveCloses)
		c := record.Live{Does: do, Lang: "en", Desks: []story.DeskID{desk}}
		if do != record.LiveOpens && do != record.LiveCloses {
			c.Entry, c.Desks, c.Key, c.Pinned = entry, nil, n%2 == 0, n%5 == 0
			c.Doc = story.Doc{para("11veb10c", fmt.Sprint("Entry ", n))}
		}
		l.record.Live(id, desk, l.now, c)
		return fmt.Sprint("live ", do, " on ", id)
	}
}
