package site

import (
	"cmp"
	"errors"
	"slices"
	"strings"

	"dateline/internal/edition"
	"dateline/internal/feed"
	"dateline/internal/story"
	"dateline/internal/web/ui"
)

var subjectPage = ui.NewPage[subjectPageData](own, "frame.tmpl", "cards.tmpl", "subject.tmpl")

// subjectPageData is a topic, a place or an author: all that is filed under it.
type subjectPageData struct {
	ui.Base
	Kicker         ui.Link // to all of its kind
	Heading, Count string
	Line           string  // about an author
	More           ui.Link // to what an author was quoted with
	Lead           *card
	Cards          []card
	Pager          pager
}

var subjectsPage = ui.NewPage[subjectsPageData](own, "frame.tmpl", "cards.tmpl", "subjects.tmpl")

// subjectsPageData lists the topics, the places or the authors that there are.
type subjectsPageData struct {
	ui.Base
	Heading, Empty string
	Lines          []subjectLine
	Pager          pager
}

type subjectLine struct {
	Link  ui.Link
	Count string
}

// subjectsPerPage is how many topics, places or authors stand on one page of them.
const subjectsPerPage = 500

func (s *site) topics(v *visit) error    { return v.subjects(edition.ByTopic) }
func (s *site) places(v *visit) error    { return v.subjects(edition.ByPlace) }
func (s *site) authors(v *visit) error   { return v.subjects(edition.ByAuthor) }
func (s *site) topic(v *visit) error     { return v.subject(edition.ByTopic) }
func (s *site) fromPlace(v *visit) error { return v.subject(edition.ByPlace) }
func (s *site) author(v *visit) error    { return v.subject(edition.ByAuthor) }

// found is a topic, a place or an author as its address names it.
type found struct {
	edition.Subject
	keys   []string // what its reports are filed under
	path   string   // the one that it has
	person *edition.Person
}

// findSubject finds what a segment of a path names, of a kind.
func (v *visit) findSubject(u edition.Under, segment string) (f found, err error) {
	if !strings.HasPrefix(segment, "@") {
		x, ok, err := v.view.Subject(u, v.lang, segment)
		if err != nil || ok {
			return found{Subject: x, keys: []string{segment}, path: subjectPath(u, segment)}, err
		}
	}
	if u != edition.ByAuthor {
		return f, errUnknown
	}
	id, err := idAtEnd(segment)
	if err != nil {
		return f, err
	}
	return v.findAuthor(id)
}

// findAuthor finds somebody by their id, or whom they turned out to be.
func (v *visit) findAuthor(id string) (f found, err error) {
	p, known, err := v.view.PersonOf(id)
	if err != nil {
		return f, err
	}
	if known && p.Merged != "" && p.Merged != id {
		if into, ok, err := v.view.PersonOf(p.Merged); err != nil || ok && into.Standing == story.Public && into.Merged == "" {
			return found{path: authorPath(into)}, err
		}
	}
	if f.keys, err = v.view.AuthorKeys(id); err != nil {
		return f, err
	}
	for _, k := range f.keys {
		x, _, err := v.view.Subject(edition.ByAuthor, v.lang, k)
		if err != nil {
			return f, err
		}
		f.Count += x.Count
		f.Name = cmp.Or(f.Name, x.Name)
	}
	if f.Count == 0 {
		return f, errUnknown
	}
	f.path = subjectPath(edition.ByAuthor, strings.TrimPrefix(story.Slug(f.Name)+"-"+id, "-"))
	if known && p.Standing == story.Public {
		f.path, f.person = authorPath(p), &p
		f.Name = cmp.Or(p.Names.In(v.lang, v.house().Languages...), f.Name)
	}
	return f, nil
}

// authorOnce finds somebody by their id as whom they turned out to be; first is false where they
// were seen already.
func (v *visit) authorOnce(id string, seen map[string]bool) (f found, first bool, err error) {
	if f, err = v.findAuthor(id); err == nil && f.keys == nil {
		if id, err = idAtEnd(f.path); err == nil {
			f, err = v.findAuthor(id)
		}
	}
	first = err == nil && !seen[f.path]
	seen[f.path] = true
	return f, first, err
}

func subjectPath(u edition.Under, segment string) string { return "/" + string(u) + "/" + segment }

func authorPath(p edition.Person) string {
	return subjectPath(edition.ByAuthor, p.Slug+"-"+p.ID)
}

// kindOf is what a kind of subjects is called, alone and all of them, and where they are.
func (f frame) kindOf(u edition.Under) (one, all, none, path string) {
	w := ui.BrowseWordsIn(f.lang)
	switch u {
	case edition.ByPlace:
		return w.Place, w.Places, w.NoPlaces, "/places"
	case edition.ByAuthor:
		return w.Author, w.Authors, w.NoAuthors, "/authors"
	}
	return w.Topic, w.Topics, w.NoTopics, "/topics"
}

func (v *visit) subject(u edition.Under) error {
	x, err := v.findSubject(u, v.r.PathValue("subject"))
	if err != nil {
		return err
	}
	if v.to(x.path) != v.r.URL.Path {
		return v.moved(v.to(x.path))
	}
	before, done, err := v.before()
	if done || err != nil {
		return err
	}
	list, ok, err := v.view.Filed(u, v.lang, x.keys, edition.Page{Before: before, Limit: listLimit})
	if err != nil || !ok {
		return orUnknown(err)
	}
	tongues, err := v.view.SubjectTongues(u, v.house().Languages, x.Key)
	if err != nil {
		return err
	}
	one, all, _, path := v.kindOf(u)
	laid, timed := v.layList(list, before, x.path, true)
	p := subjectPageData{Kicker: ui.Link{Address: v.to(path), Words: one}, Heading: cmp.Or(x.Name, x.Key), Count: ui.BrowseWordsIn(v.lang).Reports(x.Count),
		Lead: laid.Lead, Cards: laid.Cards, Pager: laid.Pager}
	if x.person != nil {
		p.Line = x.person.Line.In(v.lang)
		if n, _, err := v.view.StatementsOf(x.person.ID, v.lang); err != nil {
			return err
		} else if n > 0 {
			p.More = ui.Link{Address: v.to(personPath(*x.person)), Words: ui.BrowseWordsIn(v.lang).WhoSaidWhat}
		}
	}
	everywhere := !slices.ContainsFunc(v.house().Languages, func(l string) bool { return !slices.Contains(tongues, l) })
	p.Base = v.base(page{title: p.Heading, about: p.Line, timed: timed, what: v.words.AsOf, path: x.path, every: everywhere, feed: true, feeds: x.path})
	p.Data = append(p.Data, v.linked(nil).Breadcrumbs(feed.Crumb{Words: v.words.FrontPage, Address: v.home()}, feed.Crumb{Words: all, Address: v.to(path)}, feed.Crumb{Words: p.Heading, Address: v.to(x.path)}))
	p.Follow = v.follow(nil, newestOf(list.Cards), channel("house", v.lang))
	return subjectPage.Render(v.w, 200, p)
}

func (v *visit) subjects(u edition.Under) error {
	n, done, err := v.pageNumber()
	if done || err != nil {
		return err
	}
	from := (n - 1) * subjectsPerPage
	all, err := v.view.Subjects(u, v.lang, subjectsPerPage+1, from)
	if err != nil {
		return err
	}
	if from > 0 && len(all) == 0 {
		return errUnknown
	}
	more := len(all) > subjectsPerPage
	_, title, none, path := v.kindOf(u)
	p, seen := subjectsPageData{Heading: title}, map[string]bool{}
	for _, x := range all[:min(len(all), subjectsPerPage)] {
		line := subjectLine{ui.Link{Address: v.to(subjectPath(u, x.Key)), Words: cmp.Or(x.Name, x.Key)}, ui.Count(int64(x.Count))}
		if id, is := strings.CutPrefix(x.Key, "@"); is {
			a, first, err := v.authorOnce(id, seen)
			if err != nil {
				return err
			}
			if !first {
				continue
			}
			line = subjectLine{ui.Link{Address: v.to(a.path), Words: a.Name}, ui.Count(int64(a.Count))}
		}
		p.Lines = append(p.Lines, line)
	}
	slices.SortStableFunc(p.Lines, func(a, b subjectLine) int {
		return strings.Compare(strings.ToLower(a.Link.Words), strings.ToLower(b.Link.Words))
	})
	if len(p.Lines) == 0 {
		p.Empty = none
	}
	p.Pager = v.pages(path, from, subjectsPerPage, more)
	p.Pager.Name = title
	newest, err := v.view.Latest(v.lang, 1)
	if err != nil {
		return err
	}
	p.Base = v.base(page{title: title, timed: v.asOf(newest), what: v.words.AsOf, path: path, every: true})
	return subjectsPage.Render(v.w, 200, p)
}

// leadOn puts into the page of an article where its authors, topics and places lead.
func (v *visit) leadOn(p *articlePageData, a edition.Article) (err error) {
	if a.Standing != story.Public {
		return nil
	}
	for i, b := range a.Bylines {
		if p.By[i].Address, err = v.authorAddress(b); err != nil {
			return err
		}
	}
	p.Topics = v.topicLinks(a)
	for _, name := range a.Content.Places {
		if key := edition.PlaceKey(name); key != "" {
			p.Places = append(p.Places, ui.Link{Address: v.to(subjectPath(edition.ByPlace, key)), Words: name})
		}
	}
	key := edition.PlaceKey(a.Content.Dateline.Place)
	for i := range p.Body {
		if key != "" && p.Body[i].Dateline != "" {
			p.Body[i].From = v.to(subjectPath(edition.ByPlace, key))
		}
	}
	return nil
}

func (f frame) topicLinks(a edition.Article) (links []ui.Link) {
	for _, t := range a.Content.Topics {
		if key := edition.TopicKey(t.Code); key != "" {
			links = append(links, ui.Link{Address: f.to(subjectPath(edition.ByTopic, key)), Words: edition.TopicLabel(t, a.Lang)})
		}
	}
	return links
}

// authorAddress leads to all that somebody wrote, "" for whom no address can be made.
func (v *visit) authorAddress(b story.Byline) (string, error) {
	key := edition.AuthorKey(b)
	id, known := strings.CutPrefix(key, "@")
	if !known {
		if key == "" {
			return "", nil
		}
		return v.to(subjectPath(edition.ByAuthor, key)), nil
	}
	p, ok, err := v.view.PersonOf(id)
	if ok && p.Merged != "" && p.Merged != id {
		p, ok, err = v.view.PersonOf(p.Merged)
	}
	if err == nil && ok && p.Standing == story.Public && p.Merged == "" {
		return v.to(authorPath(p)), nil
	}
	return v.to(subjectPath(edition.ByAuthor, strings.TrimPrefix(story.Slug(b.Name)+"-"+id, "-"))), err
}

// subjectFeed is of what is filed under a topic, a place or an author.
func subjectFeed(u edition.Under) func(*site, *visit) (feedMatter, error) {
	return func(_ *site, v *visit) (t feedMatter, err error) {
		x, err := v.findSubject(u, v.r.PathValue("subject"))
		if err != nil {
			return t, err
		}
		if t.path = x.path; t.path != subjectPath(u, v.r.PathValue("subject")) {
			t.moved = true
			return t, nil
		}
		list, _, err := v.view.Filed(u, v.lang, x.keys, edition.Page{Limit: feedLimit})
		if err != nil {
			return t, err
		}
		t.about = cmp.Or(x.Name, x.Key)
		var failed error
		t.articles, err = v.withTaken(list.Cards, func(a edition.Article) bool {
			belongs, err := v.belonged(u, a, x.keys)
			failed = errors.Join(failed, err)
			return belongs
		})
		return t, errors.Join(err, failed)
	}
}

// belonged reports whether an article that was taken back may have been filed under one of
// some keys: of a killed one, nobody knows any more.
func (v *visit) belonged(u edition.Under, a edition.Article, keys []string) (bool, error) {
	if wordless(a) {
		return true, nil
	}
	whole, ok, err := v.view.Article(a.ID) // a card tells of no topics
	return ok && slices.ContainsFunc(edition.KeysOf(u, whole.Content), func(k string) bool { return slices.Contains(keys, k) }), err
}
