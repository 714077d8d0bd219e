package edition_test

import (
	"strings"
	"testing"
	"time"
	"unicode/utf8"

	"dateline/internal/edition"
	"dateline/internal/edition/editiontest"
	"dateline/internal/record"
	"dateline/internal/story"
)

func TestNoticeWords(t *testing.T) {
	onlyJerusalem := func(id story.DeskID, d *record.Desk) { d.Closed = id != editiontest.Jerusalem }
	unknown := func(id story.DeskID, d *record.Desk) { d.Horizon = d.From }
	desksRest := func(id story.DeskID, d *record.Desk) { // New York opens first
		if id != editiontest.NewYork {
			d.Windows = []record.Window{{Start: instant(t, "2024-03-20T00:00:00Z"), End: instant(t, "2024-04-02T17:00:00Z"), Name: "x"}}
		}
	}
	noLondonRest := func(id story.DeskID, d *record.Desk) {
		if id == editiontest.London {
			d.Windows = nil
		}
	}
	worded := func(id story.DeskID, d *record.Desk) {
		d.Notice = record.Words{"en": "{desk} is silent until {when}.", "he": "{desk} שותק עד {when}."}
	}
	for _, c := range []struct {
		at, page, lang string
		change         func(id story.DeskID, d *record.Desk)
		state          edition.NoticeState
		want           string
	}{
		{"2024-03-20T12:00:00Z", "", "en", nil, "duty", "The Jerusalem, New York and London desks update."},
		{"2024-03-22T15:12:00Z", "", "en", nil, "duty", "The New York desk updates until Friday 22 March, 18:52 New York · 00:52 (Sat) Jerusalem. Jerusalem follows, Saturday 18:29."},
		{"2024-03-22T17:59:00Z", "", "en", nil, "duty", "The New York desk updates until Friday 22 March, 18:52 New York · 00:52 (Sat) Jerusalem. Jerusalem follows, Saturday 18:29."},
		{"2024-03-22T22:51:59.999999Z", "", "en", nil, "duty", "The New York desk updates until Friday 22 March, 18:52 New York · 00:52 (Sat) Jerusalem. Jerusalem follows, Saturday 18:29."},
		{"2024-03-22T22:52:00Z", "", "en", nil, "nobody", "No desk is on duty until Saturday 18:29 in Jerusalem, when the Jerusalem desk opens."},
		{"2024-03-23T16:28:59.999999Z", "", "en", nil, "nobody", "No desk is on duty until Saturday 18:29 in Jerusalem, when the Jerusalem desk opens."},
		{"2024-03-23T16:29:00Z", "", "en", nil, "duty", "The Jerusalem desk updates."},
		{"2024-03-22T15:11:59.999999Z", "jerusalem", "en", nil, "duty", "The Jerusalem desk updates until Friday 22 March, 17:12 Jerusalem. New York follows."},
		{"2024-03-22T15:12:00Z", "jerusalem", "en", nil, "rest", "The Jerusalem desk rests until Saturday 18:29. The New York and London desks update."},
		{"2024-03-22T18:00:00Z", "jerusalem", "en", nil, "rest", "The Jerusalem desk rests until Saturday 18:29. The New York desk updates."},
		{"2024-03-22T18:00:00Z", "london", "en", nil, "rest", "The London desk rests until Saturday 19:10 London · 21:10 Jerusalem. The New York desk updates."},
		{"2024-03-23T00:00:00Z", "new-york", "en", nil, "nobody", "No desk is on duty until Saturday 18:29 in Jerusalem, when the Jerusalem desk opens."},
		{"2024-03-23T00:00:00Z", "jerusalem", "en", nil, "nobody", "No desk is on duty until Saturday 18:29 in Jerusalem, when the Jerusalem desk opens."},
		{"2024-03-20T12:00:00Z", "london", "en", nil, "duty", "The London desk updates."},
		{"2024-03-22T18:00:00Z", "london", "en", worded, "rest", "London is silent until Saturday 19:10 London · 21:10 Jerusalem. The New York desk updates."},
		{"2024-03-22T18:00:00Z", "london", "he", worded, "rest", "לונדון שותק עד שבת 19:10 לונדון · 21:10 ירושלים. דסק ניו יורק מעדכן."},
		{"2024-03-22T15:00:00Z", "", "en", onlyJerusalem, "duty", "The Jerusalem desk updates until Friday 22 March, 17:12 Jerusalem. It is back Saturday 18:29 Jerusalem."},
		{"2024-03-22T15:00:00Z", "london", "en", onlyJerusalem, "closed", "The London desk is closed. The Jerusalem desk updates."},
		{"2024-03-22T15:00:00Z", "london", "en", unknown, "closed", "The London desk is closed."},
		{"2024-03-22T15:00:00Z", "", "en", unknown, "nobody", "No desk is on duty."},
		{"2024-03-23T00:00:00Z", "", "en", desksRest, "nobody", "No desk is on duty until Saturday 19:53 in New York · 01:53 (Sun) Jerusalem, when the New York desk opens."},
		{"2024-03-21T00:00:00Z", "jerusalem", "en", desksRest, "rest", "The Jerusalem desk rests until Tuesday 2 April, 20:00. The New York desk updates."},
		{"2024-03-22T20:00:00Z", "", "en", noLondonRest, "duty", "The New York and London desks update."},
		{"2024-03-22T15:12:00Z", "", "he", nil, "duty", "דסק ניו יורק מעדכן עד יום שישי, 22 במרץ, 18:52 ניו יורק · 00:52 (שבת) ירושלים. אחריו ירושלים, שבת 18:29."},
		{"2024-03-22T22:52:00Z", "", "he", nil, "nobody", "אין דסק תורן עד שבת 18:29 בירושלים, אז נפתח דסק ירושלים."},
		{"2024-03-22T18:00:00Z", "london", "he", nil, "rest", "דסק לונדון שובת עד שבת 19:10 לונדון · 21:10 ירושלים. דסק ניו יורק מעדכן."},
		{"2024-03-20T12:00:00Z", "", "he", nil, "duty", "דסקי ירושלים, ניו יורק ולונדון מעדכנים."},
	} {
		h, desks := friday(t, c.change)
		var page *edition.Desk
		for i := range desks {
			if desks[i].Slug == c.page {
				page = &desks[i]
			}
		}
		m := edition.MomentAt(h, desks, instant(t, c.at))
		n := edition.Notice(m, page, c.lang)
		if n.State != c.state || n.String() != c.want {
			t.Errorf("%s %s: %s\n got %q\nwant %q", c.at, c.page, n.State, n.String(), c.want)
		}
		wellMade(t, m, page, c.lang)
	}
}

// wellMade checks what holds for every notice: its length, that its spans are its words,
// that each time is in a span that knows its instant, that Hebrew is typeset as Hebrew.
func wellMade(t *testing.T, m edition.Moment, page *edition.Desk, lang string) {
	t.Helper()
	n := edition.Notice(m, page, lang)
	if c := utf8.RuneCountInString(n.String()); c > 160 {
		t.Errorf("%d characters: %q", c, n.String())
	}
	var all, bold strings.Builder
	for _, s := range edition.NoticeSpans(m, page, lang) {
		all.WriteString(s.Text)
		if s.Bold {
			bold.WriteString(s.Text)
		}
		if strings.Contains(s.Text, ":") == s.At.IsZero() {
			t.Errorf("%q has the instant %s", s.Text, s.At)
		}
	}
	if all.String() != n.String() || bold.String() != n.Bold {
		t.Errorf("spans say %q, bold %q; the notice %q, bold %q", all.String(), bold.String(), n.String(), n.Bold)
	}
	if lang == "he" && strings.ContainsAny(n.String(), `"'-`) {
		t.Errorf("not typeset as Hebrew: %q", n.String())
	}
}

// TestNoticeOfMany keeps the length with many desks, and with names in another script.
func TestNoticeOfMany(t *testing.T) {
	h, desks := friday(t, nil)
	for i := range 9 {
		d := desks[2]
		d.ID = story.DeskID("desk10000" + string(rune('0'+i)))
		d.Names = record.Words{"en": "Llanfairpwllgwyngyll " + string(rune('A'+i))}
		desks = append(desks, d)
	}
	for _, lang := range []string{"en", "he"} {
		for at := instant(t, "2024-03-20T12:00:00Z"); at.Before(instant(t, "2024-03-24T12:00:00Z")); at = at.Add(time.Hour) {
			m := edition.MomentAt(h, desks, at)
			wellMade(t, m, nil, lang)
			wellMade(t, m, &desks[5], lang)
		}
	}
	d := desks[2]
	d.Names, d.Hours.Windows = record.Words{"en": "Wells"}, nil
	got := edition.Notice(edition.MomentAt(h, []edition.Desk{desks[0], d}, instant(t, "2024-03-20T12:00:00Z")), nil, "he").String()
	if want := "דסקי ירושלים ו־Wells מעדכנים."; got != want {
		t.Errorf("%q, want %q", got, want)
	}
}
