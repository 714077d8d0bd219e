package ui_test

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"reflect"
	"strings"
	"testing"
	"testing/fstest"
	"time"

	"dateline/internal/story"
	"dateline/internal/web/ui"
)

// TestEveryWordIsSaid: a word that one language lacks would be a hole in its pages, and a
// pattern that takes other things would print a fault.
func TestEveryWordIsSaid(t *testing.T) {
	en, he := reflect.ValueOf(*ui.WordsIn("en")), reflect.ValueOf(*ui.WordsIn("he-IL"))
	for i := range en.NumField() {
		name, e, h := en.Type().Field(i).Name, en.Field(i), he.Field(i)
		if e.Kind() != reflect.String {
			continue
		}
		if e.String() == "" || h.String() == "" {
			t.Errorf("%s is not said in both languages", name)
		}
		if strings.Count(e.String(), "%") != strings.Count(h.String(), "%") {
			t.Errorf("%s takes other things in Hebrew: %q, %q", name, e.String(), h.String())
		}
		if strings.ContainsAny(h.String(), `"'`) {
			t.Errorf("%s has ASCII quotes in Hebrew: %q", name, h.String())
		}
	}
}

func TestSay(t *testing.T) {
	en, he := ui.WordsIn("en"), ui.WordsIn("he")
	for got, want := range map[string]string{
		he.Say(he.InCity, "ירושלים"): "בירושלים", he.Say(he.InCity, "New York"): "ב־New York", he.Say("ב%s", "18:52"): "ב־18:52",
		en.List([]string{"Jerusalem", "New York", "London"}): "Jerusalem, New York and London", en.List([]string{"Jerusalem"}): "Jerusalem", en.List(nil): "",
		he.List([]string{"ירושלים", "לונדון"}): "ירושלים ולונדון", en.Quoted(" words "): "“words”", en.Quoted("“words”"): "“words”", he.Quoted("מילים"): "”מילים”",
		en.Span(1057): "17 h 37 min", en.Span(59): "59 min", en.Span(60): "1 h", ui.Count(18204): "18\u202f204", ui.Count(204): "204", ui.Count(1000000): "1\u202f000\u202f000",
		ui.HebrewDate(5784, 13, 12, "en"): "12 Adar II 5784", ui.HebrewDate(5784, 13, 12, "he"): "י״ב באדר ב׳ תשפ״ד", ui.HebrewDate(5784, 12, 15, "he"): "ט״ו באדר א׳ תשפ״ד",
		ui.HebrewDate(5785, 12, 16, "en"): "16 Adar 5785", ui.HebrewDate(0, 0, 0, "en"): "", ui.RestName("Shabbat", "he"): "שבת", ui.RestName("Shabbat + Own", "he"): "שבת + Own", ui.RestName("Shabbat", "en"): "Shabbat",
	} {
		if got != want {
			t.Errorf("said %q, want %q", got, want)
		}
	}
}

func TestDial(t *testing.T) {
	for _, c := range []struct {
		hour, minute int
		night        bool
		hand         string
	}{{6, 0, false, "M10 10L10.00 14.20"}, {5, 59, true, ""}, {17, 59, false, ""}, {18, 0, true, "M10 10L10.00 14.20"}, {15, 0, false, "M10 10L14.20 10.00"}} {
		d := ui.DialAt(time.Date(2024, 3, 22, c.hour, c.minute, 0, 0, time.UTC), time.UTC)
		if d.Night != c.night || c.hand != "" && d.Hour != c.hand {
			t.Errorf("%02d:%02d: %+v", c.hour, c.minute, d)
		}
	}
}

func TestTimesAt(t *testing.T) {
	zone := func(name string, hours int) ui.Seat {
		return ui.Seat{City: name, ID: name, Zone: time.FixedZone(name, hours*3600)}
	}
	house, desk := zone("Jerusalem", 2), zone("New York", -4)
	at := time.Date(2024, 3, 22, 19, 14, 0, 0, time.UTC)
	say := func(all []ui.CityTime) string {
		var parts []string
		for _, c := range all {
			parts = append(parts, c.When+" "+c.City)
		}
		return strings.Join(parts, " · ")
	}
	late := at.Add(4 * time.Hour)
	for got, want := range map[string]string{
		say(ui.TimesAt(at, at, "en", house, desk)):                    "15:14 New York · 21:14 Jerusalem",
		say(ui.TimesAt(at, at, "en", house, house)):                   "21:14 Jerusalem",
		say(ui.TimesAt(late, late, "en", house, desk)):                "19:14 Fri New York · 01:14 Sat Jerusalem",
		say(ui.TimesAt(at, at.AddDate(0, 0, 3), "en", house, desk)):   "Friday 22 March, 15:14 New York · 21:14 Jerusalem",
		say(ui.TimesAt(late, at.AddDate(0, 0, 3), "en", house, desk)): "Friday 22 March, 19:14 New York · Saturday 23 March, 01:14 Jerusalem",
	} {
		if got != want {
			t.Errorf("got %q, want %q", got, want)
		}
	}
}

func TestDoor(t *testing.T) {
	for kind, want := range map[story.Kind]int{story.Invalid: 400, story.Forbidden: 403, story.Unknown: 404, story.Conflict: 409, story.Gone: 410, story.TooLarge: 413, story.Unavailable: 503, 99: 500} {
		err := fmt.Errorf("around: %w", story.Refuse(kind, "A sentence."))
		if got, _ := ui.Status(err); got != want {
			t.Errorf("kind %d: %d, want %d", kind, got, want)
		}
	}
	var log bytes.Buffer
	d := ui.Door{Log: slog.New(slog.NewTextHandler(&log, nil))}
	answer := func(err error) *httptest.ResponseRecorder {
		w := httptest.NewRecorder()
		d.Page(func(http.ResponseWriter, *http.Request) error { return err })(w, httptest.NewRequest("GET", "/x?secret=1", nil))
		return w
	}
	if w := answer(story.Refuse(story.Gone, "Taken back.")); w.Code != 410 || log.Len() != 0 {
		t.Errorf("an outcome is no fault: %d, %q", w.Code, log.String())
	}
	if w := answer(errors.New("the disk is full")); w.Code != 500 || strings.Contains(w.Body.String(), "disk") || !strings.Contains(log.String(), "disk") || strings.Contains(log.String(), "secret") {
		t.Errorf("a fault: %d, %q, %q", w.Code, w.Body.String(), log.String())
	}
	d.Face = func(http.ResponseWriter, *http.Request, int, string) error { return errors.New("the face is torn") }
	if w := answer(errors.New("again")); w.Code != 500 || !strings.Contains(log.String(), "torn") {
		t.Errorf("a torn face: %d", w.Code)
	}
}

func TestPageIsWholeOrNot(t *testing.T) {
	files := fstest.MapFS{"a.tmpl": {Data: []byte(`<p>{{.Word}}{{if .Bad}}{{index .List 7}}{{end}}`)}}
	type value struct {
		Word string
		Bad  bool
		List []string
	}
	p := ui.NewPage[value](files, "a.tmpl")
	w := httptest.NewRecorder()
	if err := p.Render(w, 201, value{Word: "<b>"}); err != nil || w.Code != 201 || w.Body.String() != "<p>&lt;b&gt;" || w.Header().Get("Content-Length") != "12" {
		t.Errorf("%v %d %q", err, w.Code, w.Body.String())
	}
	w = httptest.NewRecorder()
	if err := p.Render(w, 200, value{Word: "half", Bad: true}); err == nil || w.Body.Len() > 0 {
		t.Errorf("half a page was written: %q", w.Body.String())
	}
	defer func() {
		if recover() == nil {
			t.Error("a page that does not parse did not refuse to start")
		}
	}()
	ui.NewPage[value](fstest.MapFS{"b.tmpl": {Data: []byte("{{if}}")}}, "b.tmpl")
}

func TestFiles(t *testing.T) {
	f := ui.NewFiles()
	sheet := f.Sheet("x.css", fstest.MapFS{"x.css": {Data: []byte("a{}")}}, "x.css")
	w := httptest.NewRecorder()
	if !f.Serve(w, sheet) || !strings.HasSuffix(w.Body.String(), "a{}") || !strings.Contains(w.Body.String(), "url(/static/newsreader-roman.") {
		t.Errorf("%q", w.Body.String())
	}
	if other := f.Sheet("x.css", fstest.MapFS{"x.css": {Data: []byte("b{}")}}, "x.css"); other == sheet {
		t.Error("other bytes have the same name")
	}
	for _, lang := range []string{"en", "he"} {
		for _, p := range f.Preload(lang) {
			if !f.Serve(httptest.NewRecorder(), p) {
				t.Errorf("no font at %q", p)
			}
		}
	}
	if f.Serve(httptest.NewRecorder(), "/static/../ui.go") {
		t.Error("a file outside")
	}
}

// TestWhoLeftIsToldNothing: a reader who left makes no fault, whatever the error is called;
// one who waits is told, and the fault is logged.
func TestWhoLeftIsToldNothing(t *testing.T) {
	for left, want := range map[bool]int{true: 0, false: 1} {
		var log bytes.Buffer
		ctx, leave := context.WithCancel(t.Context())
		door := ui.Door{Log: slog.New(slog.NewTextHandler(&log, nil))}
		w := httptest.NewRecorder()
		door.Page(func(http.ResponseWriter, *http.Request) error {
			if left {
				leave()
			}
			return errors.New("reading: interrupted (9)")
		})(w, httptest.NewRequest(http.MethodGet, "/", nil).WithContext(ctx))
		if got := strings.Count(log.String(), "a page failed"); got != want || left != (w.Body.Len() == 0) {
			t.Errorf("left: %t; logged %d times, %q", left, got, w.Body)
		}
		leave()
	}
}
