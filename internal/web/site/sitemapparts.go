package site

import (
	"strconv"
	"strings"

	"dateline/internal/edition"
	"dateline/internal/feed"
)

// The parts of the site's map that tell of no articles: topics, places, authors, people,
// running stories and the house's own pages.

// A mapped kind counts its addresses and lists some of them, in order.
type mappedKind struct {
	name  string
	count func(*visit) (int, error)
	list  func(v *visit, limit, skip int) ([]string, error)
}

var mappedKinds = []mappedKind{
	subjectMap("topics", edition.ByTopic), subjectMap("places", edition.ByPlace), subjectMap("authors", edition.ByAuthor),
	{"people", (*visit).countPeople, (*visit).mapPeople},
	{"running", func(v *visit) (int, error) { return v.view.MappedPackages() }, (*visit).mapRunning},
	{"own", func(v *visit) (int, error) { return v.view.MappedOwn() }, (*visit).mapOwn},
}

// subjectMap maps the topics, places or authors of all languages.
func subjectMap(name string, u edition.Under) mappedKind {
	return mappedKind{name, func(v *visit) (n int, err error) {
		for _, lang := range v.house().Languages {
			some, err := v.view.SubjectsCount(u, lang)
			if err != nil {
				return 0, err
			}
			n += some
		}
		return n, nil
	}, func(v *visit, limit, skip int) (all []string, err error) {
		for _, lang := range v.house().Languages {
			there, err := v.view.SubjectsCount(u, lang)
			if err != nil {
				return nil, err
			}
			if skip >= there || limit <= len(all) {
				skip = max(0, skip-there)
				continue
			}
			some, err := v.inLang(lang).mapSubjects(u, limit-len(all), skip)
			if err != nil {
				return nil, err
			}
			all, skip = append(all, some...), 0
		}
		return all, nil
	}}
}

// inLang is this visit in another language.
func (v *visit) inLang(lang string) *visit {
	other := *v
	other.lang = lang
	return &other
}

func (v *visit) mapSubjects(u edition.Under, limit, skip int) (all []string, err error) {
	some, err := v.view.Subjects(u, v.lang, limit, skip)
	seen := map[string]bool{}
	for _, x := range some {
		path := subjectPath(u, x.Key)
		if id, is := strings.CutPrefix(x.Key, "@"); is {
			f, first, err := v.authorOnce(id, seen)
			if err != nil {
				return nil, err
			}
			if !first {
				continue
			}
			path = f.path
		}
		all = append(all, v.to(path))
	}
	return all, err
}

func (v *visit) countPeople() (int, error) {
	n, err := v.view.MappedPeople()
	return n * len(v.house().Languages), err
}

// mapPeople lists people, who have a page in every language.
func (v *visit) mapPeople(limit, skip int) (all []string, err error) {
	langs := v.house().Languages
	people, err := v.view.MapPeople(limit/len(langs), skip/len(langs))
	for _, p := range people {
		for _, lang := range langs {
			all = append(all, v.inLang(lang).to("/person/"+p.Slug+"-"+p.ID))
		}
	}
	return all, err
}

func (v *visit) mapRunning(limit, skip int) (all []string, err error) {
	packages, err := v.view.MapPackages(limit, skip)
	for _, p := range packages {
		all = append(all, v.inLang(p.Lang).to("/running/"+p.Slug+"-"+p.ID))
	}
	return all, err
}

func (v *visit) mapOwn(limit, skip int) (all []string, err error) {
	pages, err := v.view.MapOwn(limit, skip)
	for _, p := range pages {
		all = append(all, v.inLang(p.Lang).to("/"+p.Slug))
	}
	return all, err
}

// perMap is how many of these addresses a file has: as many as may be, and as divide evenly by
// the languages of any house.
func (v *visit) perMap() int {
	n := max(1, len(v.house().Languages))
	return edition.SitemapPart / n * n
}

// otherFiles are the addresses of these parts.
func (v *visit) otherFiles() (files []string, err error) {
	for _, k := range mappedKinds {
		n, err := k.count(v)
		if err != nil {
			return nil, err
		}
		for part := 0; part*v.perMap() < n; part++ {
			files = append(files, "/sitemap-"+k.name+"-"+strconv.Itoa(part+1)+".xml")
		}
	}
	return files, nil
}

// otherMap writes one of these parts, if a file is called that: done says so.
func (v *visit) otherMap(name string) (done bool, err error) {
	for _, k := range mappedKinds {
		text, is := strings.CutPrefix(name, k.name+"-")
		if !is {
			continue
		}
		n, err := number(text)
		if err != nil || n > 1<<20 {
			return true, errUnknown
		}
		all, err := k.list(v, v.perMap(), (int(n)-1)*v.perMap())
		if err != nil || len(all) == 0 {
			return true, orUnknown(err)
		}
		body, err := feed.SitemapAddresses(v.house(), all)
		return true, v.answer(typeXML, body, err)
	}
	return false, nil
}
