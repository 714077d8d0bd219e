// Package edition is the readers' memory: a read model in its own file, built by
// following the record and nothing else. Delete it and it is rebuilt to the same digest.
// A draft cannot leak from it, because it is not there.
package edition

import (
	"time"

	"dateline/internal/record"
	"dateline/internal/story"
)

// House is the title as its newest house entry tells it.
type House struct {
	record.House
	N    int64
	Zone *time.Location // of the seat
}

// Lang returns lang if the house prints it, else the house's first language.
func (h House) Lang(lang string) string {
	for _, l := range h.Languages {
		if l == lang {
			return l
		}
	}
	return h.First()
}

// First is the house's first language, whose addresses have no prefix.
func (h House) First() string {
	if len(h.Languages) == 0 {
		return "en"
	}
	return h.Languages[0]
}

// Desk is a desk as its newest desk entry tells it.
type Desk struct {
	ID story.DeskID
	N  int64
	record.Desk
	Zone  *time.Location
	Hours story.Hours
}

// Card is an article as lists and fronts show it.
type Card struct {
	ID         story.ArticleID
	Desk       story.DeskID
	N          int64 // the newest entry that it shows
	Type       story.ArticleType
	Lang       string
	Section    string
	Slug       string
	Headline   string
	Short      string
	Standfirst string
	Bylines    []story.Byline
	Sources    []story.Source
	Picture    *story.PictureUse // the lead picture, with its credit
	Posted     time.Time         // never changes
	Updated    time.Time         // of the newest material entry
	Corrected  time.Time         // of the newest correction, zero for none
	Live       story.LiveState   // of a live page
	Since      Since             // of one as it stood
}

// Article is an article as its own page shows it.
type Article struct {
	Card
	Standing    story.Standing // public, withdrawn, killed, erased
	Content     record.Article // empty once killed
	First       int64          // n of its first entry
	Corrections []Correction   // newest first
	Note        string         // of a withdrawal or kill
	TakenAt     time.Time      // of a withdrawal or kill
	Versions    int            // how many texts its history holds
	Archived    bool           // its first entry archived it: it is in no list of what is new
}

// Correction is one correction of an article.
type Correction struct {
	N  int64
	At time.Time
	record.Correction
}

// Corrected is a line of the corrections page.
type Corrected struct {
	Card
	Standing   story.Standing // of the article now; "" where there is none
	Correction Correction
	Withdrawn  bool // the line tells of a withdrawal; Correction.Note is its note
}

// Version is one text in the history of an article.
type Version struct {
	Number  int // from 1, in order of posting
	N       int64
	At      time.Time
	Change  record.Change
	Content record.Article
}

// Duty is a desk that went to rest or came back.
type Duty struct {
	N    int64
	At   time.Time
	Desk story.DeskID
	record.Duty
}

// A Page asks for part of a list: entries before n (0: from the newest), at most Limit.
type Page struct {
	Before int64 // first entry n of the last card shown
	Limit  int
}

// List is part of a list, newest first; Next is where the next part begins, 0 at the end.
type List struct {
	Cards []Card
	Next  int64
}
