package site

import (
	"cmp"
	"encoding/json"
	"slices"
	"strconv"
	"strings"
	"time"

	"dateline/internal/edition"
	"dateline/internal/feed"
	"dateline/internal/story"
)

// What programs ask for at addresses of their own: the site's map, robots.txt, how to
// report a weakness, the manifest.

// What the map of news tells of (Google's news sitemap): two days, so many in a file.
const (
	newsAge   = 48 * time.Hour
	newsLimit = 1000
	newsFiles = 10 // at most
)

const typeXML, typeText = "application/xml; charset=utf-8", "text/plain; charset=utf-8"

// answer writes bytes of a type, at the one address that they have.
func (v *visit) answer(mediaType string, body []byte, err error) error {
	if err != nil {
		return err
	}
	v.w.Header().Set("Content-Type", mediaType)
	_, err = v.w.Write(body)
	return err
}

// sitemapIndex lists the parts of the map that are not empty, the pages, and the news.
func (s *site) sitemapIndex(v *visit) error {
	if done, err := v.strict(); done || err != nil {
		return err
	}
	parts, err := v.view.SitemapParts()
	if err != nil {
		return err
	}
	news, err := v.news()
	if err != nil {
		return err
	}
	files := []string{"/sitemap-pages.xml"}
	for from := 0; from < len(news); from += newsLimit {
		files = append(files, newsFile(from/newsLimit+1))
	}
	for _, p := range parts {
		files = append(files, feed.SitemapFile(p))
	}
	others, err := v.otherFiles()
	if err != nil {
		return err
	}
	files = append(files, others...)
	body, err := feed.SitemapIndex(v.house(), files)
	return v.answer(typeXML, body, err)
}

// newsFile is the address of the n-th file of news, from 1.
func newsFile(n int) string { return "/sitemap-news-" + strconv.Itoa(n) + ".xml" }

// sitemap writes a file of the map: the pages, news, or articles.
func (s *site) sitemap(v *visit) error {
	name, ok := strings.CutSuffix(v.r.PathValue("file"), ".xml")
	if done, err := v.strict(); done || err != nil {
		return err
	}
	if !ok {
		return errUnknown
	}
	if name == "pages" {
		body, err := feed.SitemapPages(v.house(), v.mapPages())
		return v.answer(typeXML, body, err)
	}
	if n, isNews := strings.CutPrefix(name, "news-"); isNews {
		return v.sitemapNews(n)
	}
	if done, err := v.otherMap(name); done || err != nil {
		return err
	}
	part, err := strconv.ParseInt(name, 10, 64)
	if err != nil || part < 0 || part > 1<<40 || strconv.FormatInt(part, 10) != name {
		return errUnknown
	}
	articles, err := v.view.Sitemap(part)
	if err == nil && len(articles) == 0 {
		err = errUnknown
	}
	if err != nil {
		return err
	}
	body, err := feed.Sitemap(v.house(), articles)
	return v.answer(typeXML, body, err)
}

// mapPages are the pages that are there in every language.
func (f frame) mapPages() []string {
	paths := []string{"/"}
	for _, s := range f.house().Sections {
		paths = append(paths, "/s/"+s.ID)
	}
	for _, d := range f.moment.Desks {
		if !d.Desk.Closed {
			paths = append(paths, "/desk/"+d.Desk.Slug)
		}
	}
	return append(paths, "/running", "/corrections", "/coverage", "/archive", "/topics", "/places", "/authors")
}

func (v *visit) sitemapNews(number string) error {
	n, err := strconv.Atoi(number)
	if err != nil || n < 1 || n > newsFiles || strconv.Itoa(n) != number {
		return errUnknown
	}
	news, err := v.news()
	if err != nil {
		return err
	}
	from := (n - 1) * newsLimit
	if from >= len(news) {
		return errUnknown
	}
	zone := func(c edition.Card) *time.Location {
		if d := v.deskOf(c.Desk); d != nil {
			return d.Zone
		}
		return v.house().Zone
	}
	body, err := feed.SitemapNews(v.house(), news[from:min(from+newsLimit, len(news))], zone)
	return v.answer(typeXML, body, err)
}

// news are the articles of the last two days in all languages, the newest first. Two days
// are counted from the end of the quarter of an hour, so that none is older in all of it.
func (v *visit) news() (all []edition.Card, err error) {
	v.within(v.quarter, v.quarter.Add(quarterHour))
	for _, lang := range v.house().Languages {
		cards, err := v.view.Since(lang, v.quarter.Add(quarterHour-newsAge), newsLimit*newsFiles)
		if err != nil {
			return nil, err
		}
		all = append(all, cards...)
	}
	slices.SortStableFunc(all, func(a, b edition.Card) int {
		return cmp.Or(b.Posted.Compare(a.Posted), cmp.Compare(a.ID, b.ID))
	})
	return all[:min(len(all), newsLimit*newsFiles)], nil
}

func (s *site) robots(v *visit) error {
	if done, err := v.strict(); done || err != nil {
		return err
	}
	return v.answer(typeText, feed.Robots(v.house()), nil)
}

// contactPage is the slug of the page that tells how to reach the house.
const contactPage = "contact"

// expiry is for how long what security.txt says is promised: under a year (RFC 9116, 2.5.5).
const expiry = 180 * 24 * time.Hour

// security leads to the house's page about how to reach it, where there is one.
func (s *site) security(v *visit) error {
	if done, err := v.strict(); done || err != nil {
		return err
	}
	p, ok, err := v.view.OwnPage(v.house().First(), contactPage)
	if err != nil || !ok || p.Standing != story.Public {
		return orUnknown(err)
	}
	day := v.quarter.Truncate(24 * time.Hour)
	v.within(day, day.Add(24*time.Hour))
	return v.answer(typeText, feed.SecurityText(v.house(), "/"+contactPage, day.Add(expiry)), nil)
}

// manifest is the house for who puts it on a screen of theirs (W3C Web Application Manifest).
type manifest struct {
	ID         string         `json:"id"`
	Name       string         `json:"name"`
	ShortName  string         `json:"short_name"`
	Lang       string         `json:"lang"`
	Dir        string         `json:"dir"`
	Start      string         `json:"start_url"`
	Scope      string         `json:"scope"`
	Display    string         `json:"display"`
	Background string         `json:"background_color"`
	Theme      string         `json:"theme_color"`
	Categories []string       `json:"categories"`
	Icons      []manifestIcon `json:"icons"`
}

type manifestIcon struct {
	Address string `json:"src"`
	Sizes   string `json:"sizes"`
	Type    string `json:"type"`
	Purpose string `json:"purpose"`
}

func (s *site) manifest(v *visit) error {
	if done, err := v.strict(); done || err != nil {
		return err
	}
	paper := v.dress.light.Paper // the page's own colour
	name := v.in(v.house().Names)
	body, err := json.MarshalIndent(manifest{v.home(), name, name, v.lang, story.Direction(v.lang), v.home(), "/", "minimal-ui", paper, paper, []string{"news"},
		v.dress.manifestIcons()}, "", " ")
	return v.answer("application/manifest+json", append(body, '\n'), err)
}
