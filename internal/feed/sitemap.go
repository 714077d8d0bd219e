package feed

import (
	"encoding/xml"
	"net/url"
	"strconv"
	"strings"
	"time"

	"dateline/internal/clock"
	"dateline/internal/edition"
)

// The site's map (sitemaps.org 0.9): an index, its parts, the pages that are no articles
// with their other languages, and what is new (Google's news sitemap 0.9).

const mapSpace = "http://www.sitemaps.org/schemas/sitemap/0.9"

type sitemapIndex struct {
	XMLName xml.Name   `xml:"sitemapindex"`
	Space   string     `xml:"xmlns,attr"`
	Maps    []location `xml:"sitemap"`
}

type location struct {
	Address string `xml:"loc"`
}

type urlSet struct {
	XMLName xml.Name  `xml:"urlset"`
	Space   string    `xml:"xmlns,attr"`
	XHTML   string    `xml:"xmlns:xhtml,attr,omitempty"`
	News    string    `xml:"xmlns:news,attr,omitempty"`
	URLs    []mapLine `xml:"url"`
}

type mapLine struct {
	Address string     `xml:"loc"`
	Changed string     `xml:"lastmod,omitempty"`
	Tongues []hreflang `xml:"xhtml:link"`
	News    *newsLine  `xml:"news:news"`
}

type hreflang struct {
	Rel     string `xml:"rel,attr"`
	Lang    string `xml:"hreflang,attr"`
	Address string `xml:"href,attr"`
}

type newsLine struct {
	Name     string `xml:"news:publication>news:name"`
	Language string `xml:"news:publication>news:language"`
	Posted   string `xml:"news:publication_date"`
	Title    string `xml:"news:title"`
}

// SitemapIndex lists the files of the site's map by their addresses without the house's.
func SitemapIndex(h edition.House, files []string) ([]byte, error) {
	out := sitemapIndex{Space: mapSpace}
	for _, f := range files {
		out.Maps = append(out.Maps, location{h.Address + f})
	}
	return asXML(out)
}

// SitemapFile is the address of a part of the map, without the house's.
func SitemapFile(part int64) string { return "/sitemap-" + strconv.FormatInt(part, 10) + ".xml" }

// Sitemap is a part of the map: its articles, and when each changed last.
func Sitemap(h edition.House, articles []edition.Mapped) ([]byte, error) {
	out := urlSet{Space: mapSpace}
	for _, m := range articles {
		out.URLs = append(out.URLs, mapLine{Address: h.Address + Address(h, edition.Card{ID: m.ID, Lang: m.Lang, Slug: m.Slug}), Changed: clock.ISO(m.Changed)})
	}
	return asXML(out)
}

// SitemapPages is the map of pages that are there in every language, by their paths
// without the language's prefix: each address names all of them.
func SitemapPages(h edition.House, paths []string) ([]byte, error) {
	out := urlSet{Space: mapSpace, XHTML: "http://www.w3.org/1999/xhtml"}
	for _, path := range paths {
		var tongues []hreflang
		for _, l := range h.Languages {
			tongues = append(tongues, hreflang{"alternate", l, h.Address + inLanguage(h, l, path)})
		}
		for _, t := range tongues {
			out.URLs = append(out.URLs, mapLine{Address: t.Address, Tongues: tongues})
		}
	}
	return asXML(out)
}

func inLanguage(h edition.House, lang, path string) string {
	switch {
	case lang == h.First():
		return path
	case path == "/":
		return "/" + lang
	}
	return "/" + lang + path
}

// SitemapNews is the map of what is new; zone is the clock that an article's time is in.
func SitemapNews(h edition.House, cards []edition.Card, zone func(edition.Card) *time.Location) ([]byte, error) {
	out := urlSet{Space: mapSpace, News: "http://www.google.com/schemas/sitemap-news/0.9"}
	for _, c := range cards {
		out.URLs = append(out.URLs, mapLine{Address: h.Address + Address(h, c), News: &newsLine{
			Name: h.Names.In(c.Lang, h.Languages...), Language: c.Lang, Posted: c.Posted.In(zone(c)).Format(time.RFC3339), Title: c.Headline}})
	}
	return asXML(out)
}

// Robots is the file that tells robots where they may go (RFC 9309) and where the map is. They
// may not walk through the moments of the past, which have no end.
func Robots(h edition.House) []byte {
	lines := []string{"User-agent: *", "Allow: /"}
	for _, lang := range h.Languages {
		lines = append(lines, "Disallow: "+inLanguage(h, lang, "/as-of/"))
	}
	return []byte(strings.Join(append(lines, "Sitemap: "+h.Address+"/sitemap.xml"), "\n") + "\n")
}

// SecurityText says how to report a weakness (RFC 9116): by a page, until an instant.
func SecurityText(h edition.House, contact string, expires time.Time) []byte {
	lines := []string{"Contact: " + h.Address + contact, "Expires: " + clock.ISO(expires)}
	if len(h.Languages) > 0 {
		lines = append(lines, "Preferred-Languages: "+strings.Join(h.Languages, ", "))
	}
	lines = append(lines, "Canonical: "+h.Address+"/.well-known/security.txt")
	return []byte(strings.Join(lines, "\n") + "\n")
}

// SitemapAddresses is a map of addresses, given without the house's.
func SitemapAddresses(h edition.House, addresses []string) ([]byte, error) {
	out := urlSet{Space: mapSpace}
	for _, a := range addresses {
		out.URLs = append(out.URLs, mapLine{Address: h.Address + (&url.URL{Path: a}).EscapedPath()})
	}
	return asXML(out)
}
