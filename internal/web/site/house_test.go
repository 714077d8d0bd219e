package site_test

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"flag"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"testing"
	"time"

	"dateline/internal/edition"
	"dateline/internal/record"
	"dateline/internal/story"
	"dateline/internal/web/site"
	"dateline/internal/zone"
)

var update = flag.Bool("update", false, "write the golden pages anew")

// The instant of most tests: Friday, 21:40 in Jerusalem and 15:40 in New York.
var friday = at("2024-03-22T19:40:00Z")

func at(s string) time.Time {
	t, err := time.Parse(time.RFC3339, s)
	if err != nil {
		panic(err)
	}
	return t
}

// picture is the bytes of the one rendition of these tests.
var picture = []byte("not a real JPEG, but named by its hash")

func sha() string {
	sum := sha256.Sum256(picture)
	return hex.EncodeToString(sum[:])
}

// kiosk is a house behind its readers' pages, with a clock and a log that tests read.
type kiosk struct {
	t       *testing.T
	edition *edition.Edition
	web     http.Handler
	now     time.Time
	log     bytes.Buffer
	n       int64
	last    map[string]int64
}

func newKiosk(t *testing.T) *kiosk {
	t.Helper()
	p := &kiosk{t: t, now: friday, last: map[string]int64{}}
	e, err := edition.Open(t.Context(), t.TempDir(), edition.Options{
		Zone:       zone.Built().Load,
		Renditions: func(context.Context, string) ([]byte, error) { return picture, nil },
		Log:        slog.New(slog.DiscardHandler),
	})
	check(t, err)
	t.Cleanup(func() { check(t, e.Close()) })
	p.edition = e
	p.web = site.New(e, site.Options{Now: func() time.Time { return p.now }, Log: slog.New(slog.NewTextHandler(&p.log, nil))})
	return p
}

// add appends an entry and applies it.
func (p *kiosk) add(when string, kind record.Kind, desk story.DeskID, subject string, content any) int64 {
	p.t.Helper()
	body, err := record.Encode(content)
	check(p.t, err)
	p.n++
	e := record.Entry{Content: body, Salt: make([]byte, record.SaltLength)}
	e.Volume, e.N, e.At, e.Kind, e.Form, e.Desk, e.Subject = 1, p.n, at(when), kind, record.Form, desk, subject
	e.Prior, p.last[subject] = p.last[subject], p.n
	if kind == record.KindWithdraw || kind == record.KindKill || kind == record.KindErase {
		e.Class = story.Silences
	}
	check(p.t, p.edition.Apply(p.t.Context(), []record.Entry{e}))
	return p.n
}

const week = "2024-03-17T06:00:00Z"

// found sets up The Meridian: a seat in Jerusalem, three desks, two languages.
func (p *kiosk) found() *kiosk {
	p.t.Helper()
	city := func(en, he string) record.Words { return record.Words{"en": en, "he": he} }
	jerusalem := record.Place{City: city("Jerusalem", "ירושלים"), Zone: "Asia/Jerusalem", Israel: true}
	p.add(week, record.KindHouse, "", "house", record.House{
		Names: city("The Meridian", "המרידיאן"), Address: "https://meridian.example", Seat: jerusalem, Languages: []string{"en", "he"},
		Sections:   []record.Section{{ID: "trade", Names: city("Trade", "סחר")}, {ID: "city", Names: city("City", "עיר")}},
		Desks:      []story.DeskID{"desk-j", "desk-n", "desk-l"},
		HebrewDays: []record.HebrewDay{{Sunset: at("2024-03-21T15:50:00Z"), Year: 5784, Month: 13, Day: 12}, {Sunset: at("2024-03-22T15:51:00Z"), Year: 5784, Month: 13, Day: 13}},
	})
	desk := func(id story.DeskID, slug string, place record.Place, start, end string, followers ...story.DeskID) {
		p.add(week, record.KindDesk, id, string(id), record.Desk{
			Slug: slug, Names: place.City, Place: place, Observance: city("Shabbat", "שבת"), Followers: followers,
			Windows: []record.Window{{Start: at(start), End: at(end), Name: "Shabbat", Rule: "test"}},
			From:    at(week), Horizon: at("2025-03-17T06:00:00Z"), Almanac: "1", ZoneData: "2024a",
		})
	}
	desk("desk-j", "jerusalem", jerusalem, "2024-03-22T15:12:00Z", "2024-03-23T16:29:00Z", "desk-n")
	desk("desk-n", "new-york", record.Place{City: city("New York", "ניו יורק"), Zone: "America/New_York"}, "2024-03-22T22:52:00Z", "2024-03-23T23:53:00Z", "desk-j")
	desk("desk-l", "london", record.Place{City: city("London", "לונדון"), Zone: "Europe/London"}, "2024-03-22T17:59:00Z", "2024-03-23T19:10:00Z", "desk-n")
	return p
}

// Ids of the articles of these tests.
const (
	harbour   = "abcdefgh00"
	engineers = "abcdefgh01"
	ferry     = "abcdefgh02"
	canal     = "abcdefgh03" // withdrawn
	ghost     = "abcdefgh04" // killed
	hebrew    = "abcdefgh05"
	never     = "abcdefgh99"
)

func para(id, words string) story.Block {
	return story.Block{ID: id, Kind: story.Paragraph, Spans: []story.Span{{Text: words}}}
}

func text(lang, slug, headline string) story.Text {
	return story.Text{Type: story.Report, Slug: slug, Lang: lang, Section: "trade", Headline: headline, Standfirst: "What it means, in a sentence.",
		Dateline: story.Dateline{Place: "Port Ellery, N.Y.", Date: "2024-03-22"}, Bylines: []story.Byline{{Name: "Ruth Abelard", Role: "in Port Ellery"}},
		Doc: story.Doc{para("b0000001", "The channel is fourteen feet deep."), para("b0000002", "Work begins in the autumn.")}}
}

func posted(t story.Text, change record.Change) record.Article {
	return record.Article{Text: t, Direction: story.Direction(t.Lang), Change: change, Material: change == record.Posted}
}

func lead() story.Text {
	x := text("en", "harbour-board-votes", "Harbour board votes to dredge")
	x.Pictures = []story.PictureUse{{ID: "pic0000001", Caption: "The quay on Thursday.", Alt: "Two cranes at dusk", Credit: story.Credit{Photographer: "Ida Kessler", Agency: "Halyard Agency"},
		Focal: &story.Focal{X: .3, Y: .5}, Renditions: []story.Rendition{{SHA256: sha(), Bytes: int64(len(picture)), Type: "image/jpeg", Width: 1200, Height: 800}}}}
	x.Quotations = []story.Quotation{{ID: "q0000001", Words: []story.Words{{Text: "The market stays "}, {Text: "on the quay", Inserted: true}, {Text: " where it is."}}, Form: "direct",
		Speaker: "Marion Tetlow", Capacity: "harbour board chair", Occasion: "the public hearing", Said: at("2024-03-22T18:31:00Z"), ReportedBy: "the Halyard Agency"}}
	x.Doc = append(x.Doc, story.Block{ID: "b0000003", Kind: story.QuotationBlock, Quotation: "q0000001"},
		story.Block{ID: "b0000004", Kind: story.Heading, Level: 2, Spans: []story.Span{{Text: "A line moved"}}},
		story.Block{ID: "b0000005", Kind: story.List, Items: [][]story.Span{{{Text: "One"}}, {{Text: "Two", Strong: true, Link: "https://example.org/two"}}}})
	x.Sources = []story.Source{{Name: "Halyard Agency", Address: "https://halyard.example/item/4"}}
	return x
}

// print posts a small week: one lead with everything, one corrected, one plain, one
// withdrawn, one killed, one in Hebrew.
func (p *kiosk) print() *kiosk {
	p.t.Helper()
	article := func(when string, desk story.DeskID, id string, a record.Article) int64 {
		return p.add(when, record.KindArticle, desk, id, a)
	}
	article("2024-03-21T12:00:00Z", "desk-l", ferry, posted(text("en", "ferry-an-hour-later", "Ferry runs an hour later"), record.Posted))
	article("2024-03-21T13:00:00Z", "desk-j", canal, posted(text("en", "canal-closed", "Canal closed"), record.Posted))
	killed := posted(text("en", "ghost-story", "Spectre words"), record.Posted)
	gone := article("2024-03-21T14:00:00Z", "desk-j", ghost, killed)
	before := text("en", "engineers-shift-the-channel", "Engineers shift the channel")
	article("2024-03-21T15:24:00Z", "desk-n", engineers, posted(before, record.Posted))
	after := before
	after.Doc = story.Doc{para("b0000001", "The channel is fourteen metres deep."), before.Doc[1]}
	fixed := posted(after, record.Corrected)
	fixed.Correction = &record.Correction{Severity: "correction", Note: "An earlier version gave the depth in feet.", Blocks: []string{"b0000001"}, Was: "feet", Is: "metres"}
	article("2024-03-21T16:20:00Z", "desk-n", engineers, fixed)
	p.add("2024-03-22T09:00:00Z", record.KindWithdraw, "desk-j", canal, record.Withdraw{Note: "It rested on a forged letter."})
	p.add("2024-03-22T09:05:00Z", record.KindKill, "desk-j", ghost, record.Kill{Withheld: []int64{gone}})
	h := text("he", "מועצת-הנמל", "מועצת הנמל אישרה את ההעמקה")
	h.Standfirst, h.Dateline.Place, h.Bylines = "הצבעה של שבעה מול שניים.", "פורט אלרי", []story.Byline{{Name: "רות אבלרד"}}
	h.Doc = story.Doc{para("b0000009", "המועצה הצביעה ביום שישי.")}
	article("2024-03-22T15:00:00Z", "desk-n", hebrew, posted(h, record.Posted))
	article("2024-03-22T19:14:00Z", "desk-n", harbour, posted(lead(), record.Posted))
	return p
}

func (p *kiosk) ask(method, path string) *httptest.ResponseRecorder {
	p.t.Helper()
	w := httptest.NewRecorder()
	p.web.ServeHTTP(w, httptest.NewRequest(method, path, nil))
	return w
}

func (p *kiosk) get(path string) *httptest.ResponseRecorder { p.t.Helper(); return p.ask("GET", path) }

// golden compares a page with the one that was looked at and kept.
func golden(t *testing.T, name string, got []byte) {
	t.Helper()
	file := filepath.Join("testdata", name)
	if *update {
		check(t, os.MkdirAll("testdata", 0o755))
		check(t, os.WriteFile(file, got, 0o644))
		return
	}
	want, err := os.ReadFile(file)
	check(t, err)
	if !bytes.Equal(got, want) {
		t.Errorf("%s differs from its golden page (-update writes it anew)\n%s", name, firstDifference(got, want))
	}
}

func firstDifference(a, b []byte) string {
	i := 0
	for i < len(a) && i < len(b) && a[i] == b[i] {
		i++
	}
	cut := func(s []byte) string { return string(s[max(0, min(i, len(s))-80):min(len(s), i+120)]) }
	return "got  … " + cut(a) + "\nwant … " + cut(b)
}
