package editiontest

import (
	"fmt"
	"testing"
	"time"

	"dateline/internal/record"
	"dateline/internal/story"
)

// The desks of the house.
const (
	Jerusalem story.DeskID = "desk000001"
	NewYork   story.DeskID = "desk000002"
	London    story.DeskID = "desk000003"
)

// Begin is 17:05 in Jerusalem on Friday 22 March 2024: all three desks are on duty.
var Begin = time.Date(2024, 3, 22, 15, 5, 0, 0, time.UTC)

// The rests of that Friday and Saturday.
var (
	JerusalemRests = window("2024-03-22T15:12Z", "2024-03-23T16:29Z")
	LondonRests    = window("2024-03-22T17:59Z", "2024-03-23T19:10Z")
	NewYorkRests   = window("2024-03-22T22:52Z", "2024-03-23T23:53Z")
)

func window(start, end string) record.Window {
	at := func(s string) time.Time {
		t, err := time.Parse("2006-01-02T15:04Z", s)
		if err != nil {
			panic(err) // a constant of this file
		}
		return t
	}
	return record.Window{Start: at(start), End: at(end), Name: "Shabbat", Rule: "sunset-18m / 8.5°"}
}

// weekly is a rest, the one before it and three after it, a week apart. Only that of the
// 22nd is exact.
func weekly(w record.Window) (all []record.Window) {
	for i := -1; i < 4; i++ {
		x := w
		x.Start, x.End = w.Start.AddDate(0, 0, 7*i), w.End.AddDate(0, 0, 7*i)
		all = append(all, x)
	}
	return all
}

// HouseEntry is the content of the house's entry.
func HouseEntry() record.House {
	section := func(id, en, he string) record.Section {
		return record.Section{ID: id, Names: record.Words{"en": en, "he": he}}
	}
	return record.House{
		Names: record.Words{"en": "The Meridian", "he": "המרידיאן"}, Address: "https://meridian.example",
		Seat:       record.Place{City: record.Words{"en": "Jerusalem", "he": "ירושלים"}, Lat: 31.778, Lon: 35.235, Zone: "Asia/Jerusalem", Israel: true},
		Observance: record.Words{"en": "Shabbat and Yom Tov", "he": "שבת ויום טוב"}, Feeds: "full", Languages: []string{"en", "he"},
		Sections: []record.Section{section("city", "City", "עיר"), section("science", "Science", "מדע"), section("culture", "Culture", "תרבות")},
		Masthead: record.Words{"en": "Edited in three cities.", "he": "נערך בשלוש ערים."}, Desks: []story.DeskID{Jerusalem, NewYork, London}, Contents: true,
	}
}

// DeskEntry is the content of a desk's entry.
func DeskEntry(desk story.DeskID) record.Desk {
	d := record.Desk{Observance: record.Words{"en": "Shabbat", "he": "שבת"}, From: Begin.AddDate(0, 0, -8), Horizon: Begin.AddDate(0, 0, 400), Almanac: "test", ZoneData: "test"}
	switch desk {
	case Jerusalem:
		d.Slug, d.Names, d.Followers, d.Windows = "jerusalem", record.Words{"en": "Jerusalem", "he": "ירושלים"}, []story.DeskID{NewYork, London}, weekly(JerusalemRests)
		d.Place = record.Place{Lat: 31.778, Lon: 35.235, Zone: "Asia/Jerusalem", Israel: true}
	case NewYork:
		d.Slug, d.Names, d.Followers, d.Windows = "new-york", record.Words{"en": "New York", "he": "ניו יורק"}, []story.DeskID{Jerusalem, London}, weekly(NewYorkRests)
		d.Place = record.Place{Lat: 40.7128, Lon: -74.006, Zone: "America/New_York"}
	default:
		d.Slug, d.Names, d.Followers, d.Windows = "london", record.Words{"en": "London", "he": "לונדון"}, []story.DeskID{NewYork}, weekly(LondonRests)
		d.Place = record.Place{Lat: 51.5074, Lon: -0.1278, Zone: "Europe/London"}
	}
	d.Place.City = d.Names
	return d
}

// Paper is a house and its desks, and nothing posted.
func Paper(t testing.TB) *Record {
	r := New(t)
	at := Begin.Add(-47 * time.Hour)
	r.Append(record.KindHouse, "house00001", "", at, HouseEntry())
	for _, desk := range []story.DeskID{Jerusalem, NewYork, London} {
		r.Append(record.KindDesk, string(desk), desk, at, DeskEntry(desk))
	}
	return r
}

// House is a paper on a Friday afternoon: three desks, a dozen articles in two languages,
// some with pictures, one corrected, one withdrawn, one updated, and a front page.
func House(t testing.TB) *Record {
	r := Paper(t)
	var ids []story.ArticleID
	for i, s := range stories {
		id := ArticleID(i + 1)
		ids = append(ids, id)
		c := Text(s.lang, s.section, s.headline, s.standfirst, s.paragraph)
		c.Bylines = []story.Byline{{Name: s.by}}
		if s.caption != "" {
			p := r.Picture(fmt.Sprintf("picture%03d", i+1), s.caption, s.alt, story.Credit{Photographer: "Noa Harel", Agency: "Basin Pictures"})
			c.Pictures = []story.PictureUse{p}
			c.Doc = append(story.Doc{{ID: fmt.Sprintf("picblk%02d", i+1), Kind: story.PictureBlock, Picture: p.ID}}, c.Doc...)
		}
		r.Post(id, s.desk, Begin.Add(time.Duration(i-len(stories))*25*time.Minute), c)
	}
	fix := articleOf(r, ids[1])
	fix.Change, fix.Material = record.Corrected, false
	fix.Correction = &record.Correction{Severity: "correction", Note: "The bridge has four spans, not three.", Was: "three spans", Is: "four spans"}
	r.Post(ids[1], stories[1].desk, Begin.Add(-20*time.Minute), fix)
	more := articleOf(r, ids[2])
	more.Change, more.Material = record.Updated, true
	more.Doc = append(more.Doc, story.Block{ID: "updblk01", Kind: story.Paragraph, Spans: []story.Span{{Text: "The second train left at noon."}}})
	r.Post(ids[2], stories[2].desk, Begin.Add(-15*time.Minute), more)
	r.Withdraw(ids[3], stories[3].desk, Begin.Add(-10*time.Minute), "The report rested on a document that was not genuine.")
	r.Append(record.KindFront, "en", Jerusalem, Begin.Add(-5*time.Minute), record.Front{Lang: "en", Rest: "newest",
		Places: []record.FrontPlace{{Article: ids[6]}, {Article: ids[1], Headline: "Four spans for the bridge"}}})
	return r
}

// ArticleID is the id of the nth article of a test, from 1.
func ArticleID(n int) story.ArticleID { return story.ArticleID(fmt.Sprintf("art%07d", n)) }

// articleOf is the newest text of an article.
func articleOf(r *Record, id story.ArticleID) (c record.Article) {
	r.t.Helper()
	for _, e := range r.Entries() {
		if e.Kind == record.KindArticle && e.Subject == string(id) {
			var err error
			if c, err = record.Decode[record.Article](e); err != nil {
				r.t.Fatal(err)
			}
		}
	}
	return c
}

// Text is a report of one paragraph.
func Text(lang, section, headline, standfirst, paragraph string) record.Article {
	return record.Article{Text: story.Text{Type: story.Report, Lang: lang, Section: section, Slug: story.Slug(headline), Headline: headline, Standfirst: standfirst,
		Doc: story.Doc{{ID: "block001", Kind: story.Paragraph, Spans: []story.Span{{Text: paragraph}}}}}}
}

var stories = []struct {
	lang, section string
	desk          story.DeskID
	headline      string
	standfirst    string
	paragraph     string
	by            string
	caption, alt  string
}{
	{"en", "city", Jerusalem, "Old quarry becomes a school of stone", "Forty pupils begin in autumn.", "The council voted for the plan on Thursday.", "Dana Sela", "The quarry from the ridge road.", "A pale cliff above a road"},
	{"en", "city", London, "The bridge gets one colour", "Three spans, one paint.", "The painters begin at the north bank.", "Tom Ashby", "The bridge at low water.", "An iron bridge over mud"},
	{"en", "culture", NewYork, "The night train gets its old hour back", "It leaves at eleven again.", "Travellers had asked for it since spring.", "Ines Roth", "", ""},
	{"en", "science", London, "Two meteors, one second apart", "An observatory saw both.", "The plates were compared twice.", "Tom Ashby", "", ""},
	{"he", "city", Jerusalem, "המחצבה הישנה תהיה לבית ספר לסתתות", "ארבעים תלמידים יתחילו בסתיו.", "המועצה אישרה את התוכנית ביום חמישי.", "דנה סלע", "המחצבה מדרך הרכס.", "מצוק בהיר מעל דרך"},
	{"he", "culture", Jerusalem, "ספריית הלילה נפתחה שוב", "אולם אחד וכלל אחד.", "הקוראים חיכו בחוץ מאז הבוקר.", "דנה סלע", "", ""},
	{"en", "city", NewYork, "Harbour board votes to dredge", "The old fish market stays.", "The vote was seven to two.", "Ines Roth", "The harbour on Friday morning.", "Boats beside a long shed"},
	{"en", "science", Jerusalem, "The rain gauge turns 150", "It has missed four days.", "The notebooks fill a room.", "Dana Sela", "", ""},
	{"he", "science", London, "מד הגשם של המצפה בן 150", "ארבעה ימים חסרים.", "המחברות ממלאות חדר שלם.", "תום אשבי", "", ""},
	{"en", "culture", NewYork, "A violin left on a tram", "It came back to its quartet.", "The driver played it first.", "Ines Roth", "The violin in its case.", "A violin in an open case"},
	{"he", "city", NewYork, "מועצת הנמל אישרה את ההעמקה", "שוק הדגים הישן נשאר.", "ההצבעה הסתיימה בשבעה מול שניים.", "אינס רות", "", ""},
	{"en", "city", Jerusalem, "Bakers’ strike ends with a longer lunch", "Ovens are lit again on Sunday.", "Both sides signed before noon.", "Dana Sela", "", ""},
}
