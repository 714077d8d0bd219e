package site

import (
	"cmp"
	"slices"
	"strings"

	"dateline/internal/edition"
	"dateline/internal/feed"
	"dateline/internal/story"
)

// feedLimit is how many articles a feed holds, and how many tombstones beside them.
const feedLimit = 30

// feedFormats are what feeds are written in, by how their addresses end.
var feedFormats = []struct {
	ending, media string
	write         func(feed.Feed) ([]byte, error)
}{
	{".atom", "application/atom+xml", feed.Feed.Atom},
	{".rss", "application/rss+xml", feed.Feed.RSS},
	{".json", "application/feed+json", feed.Feed.JSON},
}

// feedMatter is what a feed is made of.
type feedMatter struct {
	about    string        // whose feed it is, beside the house's name; "" for the house's own
	path     string        // of the page that it is about, without the language's prefix
	moved    bool          // the feed of this path stands at that one
	desk     *edition.Desk // whose notice it carries, nil for the house's
	articles []edition.Article
}

// feeds are what there are feeds of, each in every format, by their addresses without endings.
var feeds = []struct {
	Route
	tell func(*site, *visit) (feedMatter, error)
}{
	{Route{"/feed", "feed", true}, (*site).houseFeed},
	{Route{"/s/{section}", "feed of a section", true}, (*site).sectionFeed},
	{Route{"/desk/{desk}", "feed of a desk", true}, (*site).deskFeed},
	{Route{"/person/{person}", "feed of an author", true}, (*site).personFeed},
	{Route{"/running/{package}", "feed of a running story", true}, (*site).runningFeed},
	{Route{"/topic/{subject}", "feed of a topic", true}, subjectFeed(edition.ByTopic)},
	{Route{"/place/{subject}", "feed of a place", true}, subjectFeed(edition.ByPlace)},
	{Route{"/author/{subject}", "feed of all by an author", true}, subjectFeed(edition.ByAuthor)},
}

// feed writes the feed that a visit is for, if it is for one: done says so.
func (s *site) feed(v *visit) (done bool, err error) {
	for _, format := range feedFormats {
		at, ok := strings.CutSuffix(v.path, format.ending)
		if !ok {
			continue
		}
		for _, l := range feeds {
			if !fits(v.r, l.Pattern, at) {
				continue
			}
			if done, err := v.strict(); done || err != nil {
				return true, err
			}
			t, err := l.tell(s, v)
			if err != nil {
				return true, err
			}
			if t.moved {
				return true, v.moved(v.to(t.path) + format.ending)
			}
			body, err := format.write(v.feedOf(t, v.to(at)))
			if err != nil {
				return true, err
			}
			v.w.Header().Set("Content-Type", format.media+"; charset=utf-8")
			_, err = v.w.Write(body)
			return true, err
		}
	}
	return false, nil
}

func (f frame) feedOf(t feedMatter, self string) feed.Feed {
	out := feed.Feed{House: f.house(), Lang: f.lang, Title: f.in(f.house().Names), Notice: edition.Notice(f.moment, t.desk, f.lang).String(),
		Self: self, Home: f.home(), Articles: t.articles, Killed: f.words.Killed, Erased: f.words.Erased}
	if t.about != "" {
		out.Title += ": " + t.about
	}
	if t.path != "" {
		out.Home = f.to(t.path)
	}
	if len(t.articles) == 0 {
		out.Since = f.asOf(nil)
	}
	return out
}

func (s *site) houseFeed(v *visit) (t feedMatter, err error) {
	cards, err := v.view.Latest(v.lang, feedLimit)
	if err == nil {
		t.articles, err = v.withTaken(cards, func(edition.Article) bool { return true })
	}
	return t, err
}

func (s *site) sectionFeed(v *visit) (t feedMatter, err error) {
	id := v.r.PathValue("section")
	name, ok := v.sectionName(id)
	if !ok {
		return t, errUnknown
	}
	list, err := v.view.Section(v.lang, id, edition.Page{Limit: feedLimit})
	if err != nil {
		return t, err
	}
	t.about, t.path = name, "/s/"+id
	t.articles, err = v.withTaken(list.Cards, func(a edition.Article) bool { return wordless(a) || a.Section == id })
	return t, err
}

func (s *site) deskFeed(v *visit) (t feedMatter, err error) {
	state, ok := v.deskBySlug(v.r.PathValue("desk"))
	if !ok {
		return t, errUnknown
	}
	d := state.Desk
	list, err := v.view.DeskCards(v.lang, d.ID, edition.Page{Limit: feedLimit})
	if err != nil {
		return t, err
	}
	t.about, t.path, t.desk = v.words.Say(v.words.DeskOf, v.in(d.Names)), "/desk/"+d.Slug, &d
	t.articles, err = v.withTaken(list.Cards, func(a edition.Article) bool { return a.Desk == d.ID })
	return t, err
}

// withTaken reads the articles of cards whole, and puts beside them those that were posted
// as late and are not public any more, where belongs says that they were in the same list.
func (v *visit) withTaken(cards []edition.Card, belongs func(edition.Article) bool) ([]edition.Article, error) {
	all, err := v.whole(cards)
	if err != nil {
		return nil, err
	}
	from := int64(0)
	if len(all) == feedLimit {
		from = all[len(all)-1].First
	}
	taken, err := v.view.Taken(v.lang, from, feedLimit)
	if err != nil {
		return nil, err
	}
	all = append(all, slices.DeleteFunc(taken, func(a edition.Article) bool { return !belongs(a) })...)
	slices.SortStableFunc(all, func(a, b edition.Article) int { return cmp.Compare(b.First, a.First) })
	return all, nil
}

func (v *visit) whole(cards []edition.Card) (all []edition.Article, err error) {
	for _, c := range cards {
		a, ok, err := v.view.Article(c.ID)
		if err != nil {
			return nil, err
		}
		if ok && a.Standing == story.Public {
			all = append(all, a)
		}
	}
	return all, nil
}

// personFeed is of what somebody wrote or, where they write nothing, of what quotes them.
func (s *site) personFeed(v *visit) (t feedMatter, err error) {
	id, err := idAtEnd(v.r.PathValue("person"))
	if err != nil {
		return t, err
	}
	p, ok, err := v.view.PersonOf(id)
	if err != nil || !ok || p.Standing != story.Public {
		return t, orUnknown(err)
	}
	if p.Merged != "" {
		into, ok, err := v.view.PersonOf(p.Merged)
		if err != nil || !ok || into.Standing != story.Public || into.ID == p.ID || into.Merged == p.ID {
			return t, orUnknown(err)
		}
		return feedMatter{path: personPath(into), moved: true}, nil
	}
	if t.path = personPath(p); t.path != "/person/"+v.r.PathValue("person") {
		t.moved = true
		return t, nil
	}
	cards, err := v.view.Written(p.ID, v.lang, feedLimit)
	if err == nil && len(cards) == 0 {
		var said []edition.Statement
		said, err = v.view.Statements(p.ID, v.lang, feedLimit, 0)
		cards = quotedIn(said)
	}
	if err != nil {
		return t, err
	}
	t.about = p.Names.In(v.lang, v.house().Languages...)
	t.articles, err = v.whole(cards)
	return t, err
}

func (s *site) runningFeed(v *visit) (t feedMatter, err error) {
	id, err := idAtEnd(v.r.PathValue("package"))
	if err != nil {
		return t, err
	}
	p, ok, err := v.view.Package(id)
	if err != nil || !ok || p.Standing != story.Public || len(p.Cards) == 0 || p.Lang != v.lang {
		return t, orUnknown(err)
	}
	t.about, t.path = p.Title, "/running/"+p.Slug+"-"+p.ID
	if t.path != "/running/"+v.r.PathValue("package") {
		t.moved = true
		return t, nil
	}
	cards := slices.SortedStableFunc(slices.Values(p.Cards), func(a, b edition.Card) int { return b.Posted.Compare(a.Posted) })
	t.articles, err = v.whole(cards[:min(feedLimit, len(cards))])
	return t, err
}
