// Package feed writes what programs read: pure bytes from the edition's values.
package feed

import (
	"fmt"
	"net/url"
	"time"

	"dateline/internal/edition"
	"dateline/internal/story"
)

// A Feed is what its formats (Atom, RSS, JSON Feed) say alike. Times are the posted time,
// which never changes, and that of the newest update or correction. A correction stays
// under the item's id, as does a withdrawal; of what was killed a tombstone is left.
type Feed struct {
	House    edition.House
	Lang     string
	Title    string
	Notice   string            // who updates and until when, for the whole feed
	Self     string            // its address, without the house's and without the ending
	Home     string            // that of the page that it is about, without the house's
	Articles []edition.Article // in any standing; those that were only archived are left out
	Since    time.Time         // the date of an empty feed
	Killed   string            // what is said in place of a killed article
	Erased   string            // and in place of one that the law took
}

// item is an article as every format tells it.
type item struct {
	id, address, title, summary, html string
	gone                              bool   // no text of it is public: a tombstone
	withdrawn                         bool   // its note alone is
	note                              string // in place of the text, plain
	published, updated                time.Time
	authors                           []string
	section, sectionName              string
	rights                            string
	figures                           []*figure
}

// Address is an article's public address, without the house's.
func Address(h edition.House, c edition.Card) string {
	prefix := ""
	if c.Lang != h.First() && c.Lang != "" {
		prefix = "/" + c.Lang
	}
	if c.Slug == "" {
		return prefix + "/" + string(c.ID)
	}
	return prefix + "/" + url.PathEscape(c.Slug) + "-" + string(c.ID)
}

// items are what the feed tells, and when the newest of it was told.
func (f Feed) items() (items []item, updated time.Time, err error) {
	updated = f.Since
	for _, a := range f.Articles {
		if a.Archived {
			continue
		}
		x, err := f.item(a)
		if err != nil {
			return nil, updated, err
		}
		if items = append(items, x); x.updated.After(updated) {
			updated = x.updated
		}
	}
	return items, updated, nil
}

func (f Feed) item(a edition.Article) (x item, err error) {
	h := f.House
	x = item{id: fmt.Sprintf("tag:%s,2024:%s", hostOf(h.Address), a.ID), address: h.Address + Address(h, a.Card), title: a.Headline,
		published: a.Posted, updated: lastChange(a), rights: rights(h, a.Lang)}
	for _, b := range a.Bylines {
		x.authors = append(x.authors, b.Name)
	}
	if len(x.authors) == 0 {
		x.authors = []string{h.Names.In(f.Lang, h.Languages...)}
	}
	if x.sectionName = sectionName(h, a.Card); x.sectionName != "" {
		x.section = a.Section
	}
	w := labelsOf(f.Lang)
	switch a.Standing {
	case story.Public:
		x.summary = a.Standfirst
		for i := range a.Content.Pictures {
			if h.Feeds == "summary" && len(x.figures) > 0 {
				break // of the others, the text tells nothing
			}
			if fig := figureOf(h, &a.Content.Pictures[i], a.Lang); fig != nil {
				x.figures = append(x.figures, fig)
			}
		}
	case story.Withdrawn:
		x.withdrawn, x.note, x.title = true, a.Note, w.Withdrawn+": "+a.Headline
	default:
		x.gone, x.title, x.note = true, w.Withdrawn, f.Killed
		if a.Standing == story.Erased {
			x.note = f.Erased
		}
		if a.Note != "" {
			x.note += " " + a.Note
		}
		return x, nil
	}
	x.html, err = HTML(h, a)
	return x, err
}

// lastChange is when a reader should look again: a material update, a correction, a
// withdrawal.
func lastChange(a edition.Article) time.Time {
	last := a.Updated
	for _, t := range []time.Time{a.Corrected, a.TakenAt} {
		if t.After(last) {
			last = t
		}
	}
	return last
}

func rights(h edition.House, lang string) string { return "© " + h.Names.In(lang, h.Languages...) }

func hostOf(address string) string {
	u, err := url.Parse(address)
	if err != nil || u.Hostname() == "" {
		return "house"
	}
	return u.Hostname()
}
