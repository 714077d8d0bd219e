package browser_test

import (
	"log/slog"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"
	"time"

	"dateline/internal/edition/editiontest"
	"dateline/internal/record"
	"dateline/internal/story"
	"dateline/internal/web/site"
)

// arabic is a house whose second language is Arabic: its names, its cities and two reports.
func arabic(t *testing.T) *house {
	t.Helper()
	t.Parallel()
	if missing != "" {
		t.Skip(missing)
	}
	r := editiontest.New(t)
	at := editiontest.Begin.Add(-time.Hour)
	h := editiontest.HouseEntry()
	h.Languages = []string{"en", "ar"}
	h.Names["ar"], h.Seat.City["ar"], h.Masthead["ar"] = "الظهيرة", "القدس", "تُحرَّر في ثلاث مدن."
	h.Sections[0].Names["ar"] = "المدينة" // the other sections have no Arabic name
	r.Append(record.KindHouse, "house00001", "", at, h)
	for desk, city := range map[story.DeskID]string{editiontest.Jerusalem: "القدس", editiontest.NewYork: "نيويورك", editiontest.London: ""} {
		d := editiontest.DeskEntry(desk)
		if city != "" {
			d.Names["ar"], d.Place.City["ar"] = city, city
		}
		r.Append(record.KindDesk, string(desk), desk, at, d)
	}
	school := editiontest.Text("ar", "city", "المَدْرَسَةُ القديمة تفتح أبوابها", "أربعون تلميذًا في الخريف.", "صوّت المجلس على الخطة يوم الخميس، وبقيت المكتبة مفتوحة.")
	school.Bylines = []story.Byline{{Name: "سلمى حدّاد"}}
	r.Post(editiontest.ArticleID(1), editiontest.NewYork, at.Add(time.Minute), school)
	r.Post(editiontest.ArticleID(2), editiontest.London, at.Add(2*time.Minute), editiontest.Text("ar", "science", "نيزكان في ثانية واحدة", "", "رآهما مرصد واحد."))
	web := httptest.NewServer(site.New(editiontest.Open(t, r), site.Options{Now: func() time.Time { return editiontest.Begin }, Log: slog.New(slog.DiscardHandler)}))
	t.Cleanup(web.Close)
	return &house{t: t, process: &process{said: map[string]string{"readers": web.URL, "newsroom": web.URL}}}
}

// TestArabic reads a house in Arabic: from right to left, with letters that join and numbers
// that do not turn round, the clocks by their Arabic names, found in any spelling. What the
// interface does not say in Arabic it says in English, and a name that is not given in Arabic
// is that of the first language.
func TestArabic(t *testing.T) {
	h := arabic(t)
	b := newTab(t, h)
	j := b.hasAxe()
	b.zone("Africa/Cairo")
	b.opens(h.readers("/ar"), 200)
	if got := eval[string](b, "document.documentElement.lang + ' ' + getComputedStyle(document.body).direction"); got != "ar rtl" {
		t.Errorf("the front page is %s", got)
	}
	b.says("h1", "الظهيرة")
	b.says(".nav", "المدينة", "Science")
	b.says(".tongues", "العربية", "English")
	if got := b.clocks(); got == "" {
		t.Errorf("the clocks are %s", got)
	}
	b.says(".notice", "The New York desk updates", "18:52")
	j.passes()
	b.follows("المَدْرَسَةُ")
	b.says("h1", "المَدْرَسَةُ القديمة تفتح أبوابها")
	b.says(".byline", "سلمى حدّاد")
	for _, at := range []string{"h1", ".stand", ".art__text p", ".wordmark"} {
		if got := eval[string](b, `(s => s.letterSpacing + " " + s.fontStyle + " " + s.direction)(getComputedStyle(document.querySelector(%s)))`, at); got != "normal normal rtl" && got != "0px normal rtl" {
			t.Errorf("%s is set %s: letters that join are torn apart", at, got)
		}
	}
	for _, pixels := range []int64{wide, narrow} {
		b.width(pixels)
		b.fits()
	}
	j.passes()
	for _, words := range []string{"مدرسة", "المدرسه", "المَدرَسة", "المكتبه"} {
		b.opens(h.readers("/ar/search?q="+url.QueryEscape(words)), 200)
		if found := strings.Contains(b.text("main"), "القديمة تفتح"); found != (words != "مدرسة") { // the article of a word is part of it
			t.Errorf("%s is found: %t", words, found)
		}
	}
	j.passes()
	for _, path := range []string{"/ar/coverage", "/ar/corrections", "/ar/s/science", "/ar/desk/london", "/ar/running"} {
		j.sees(h.readers(path), 200)
	}
	j.sees(h.readers("/ar/nowhere"), 404)
}
