package edition_test

import (
	"reflect"
	"testing"
	"time"

	"dateline/internal/edition"
	"dateline/internal/edition/editiontest"
	"dateline/internal/record"
	"dateline/internal/story"
)

const us = time.Microsecond

func instant(t testing.TB, s string) time.Time {
	t.Helper()
	x, err := time.Parse(time.RFC3339Nano, s)
	if err != nil {
		t.Fatal(err)
	}
	return x
}

// friday is the house and its desks as pages get them, some desks changed.
func friday(t testing.TB, change func(id story.DeskID, d *record.Desk)) (edition.House, []edition.Desk) {
	t.Helper()
	zone := func(name string) *time.Location {
		z, err := time.LoadLocation(name)
		if err != nil {
			t.Fatal(err)
		}
		return z
	}
	h := edition.House{House: editiontest.HouseEntry(), N: 2, Zone: zone("Asia/Jerusalem")}
	var desks []edition.Desk
	for i, id := range h.Desks {
		c := editiontest.DeskEntry(id)
		if change != nil {
			change(id, &c)
		}
		n := int64(3 + i)
		desks = append(desks, edition.Desk{ID: id, N: n, Desk: c, Zone: zone(c.Place.Zone), Hours: edition.HoursOf(n, c)})
	}
	return h, desks
}

// TestMoment looks at each edge of the Friday from both of its sides.
func TestMoment(t *testing.T) {
	h, desks := friday(t, nil)
	for _, c := range []struct {
		at         string
		duty, near string // the first letters of the desks
		start, end string
		opens      string // with nobody
	}{
		{"2024-03-21T15:11:59.999999Z", "JNL", "", "2024-03-20T22:00:00Z", "2024-03-21T15:12:00Z", ""},
		{"2024-03-21T15:12:00Z", "JNL", "J", "2024-03-21T15:12:00Z", "2024-03-21T17:59:00Z", ""},
		{"2024-03-21T21:59:59.999999Z", "JNL", "JL", "2024-03-21T17:59:00Z", "2024-03-21T22:00:00Z", ""}, // midnight in Jerusalem
		{"2024-03-21T22:52:00Z", "JNL", "JNL", "2024-03-21T22:52:00Z", "2024-03-22T15:12:00Z", ""},
		{"2024-03-22T15:11:59.999999Z", "JNL", "JNL", "2024-03-21T22:52:00Z", "2024-03-22T15:12:00Z", ""},
		{"2024-03-22T15:12:00Z", "NL", "NL", "2024-03-22T15:12:00Z", "2024-03-22T17:59:00Z", ""},
		{"2024-03-22T17:58:59.999999Z", "NL", "NL", "2024-03-22T15:12:00Z", "2024-03-22T17:59:00Z", ""},
		{"2024-03-22T17:59:00Z", "N", "N", "2024-03-22T17:59:00Z", "2024-03-22T22:00:00Z", ""},
		{"2024-03-22T22:51:59.999999Z", "N", "N", "2024-03-22T22:00:00Z", "2024-03-22T22:52:00Z", ""},
		{"2024-03-22T22:52:00Z", "", "", "2024-03-22T22:52:00Z", "2024-03-23T16:29:00Z", "2024-03-23T16:29:00Z"},
		{"2024-03-23T16:28:59.999999Z", "", "", "2024-03-22T22:52:00Z", "2024-03-23T16:29:00Z", "2024-03-23T16:29:00Z"},
		{"2024-03-23T16:29:00Z", "J", "", "2024-03-23T16:29:00Z", "2024-03-23T19:10:00Z", ""},
		{"2024-03-23T23:53:00Z", "JNL", "", "2024-03-23T23:53:00Z", "2024-03-24T22:00:00Z", ""},
	} {
		m := edition.MomentAt(h, desks, instant(t, c.at))
		var duty, nearly string
		for _, s := range m.Desks {
			if s.OnDuty {
				duty += s.Desk.Names["en"][:1]
			}
			if s.Near {
				nearly += s.Desk.Names["en"][:1]
			}
		}
		opens := ""
		if !m.Opens.IsZero() {
			opens = m.Opens.Format(time.RFC3339Nano)
		}
		if start, end := m.Start.Format(time.RFC3339Nano), m.End.Format(time.RFC3339Nano); duty != c.duty || nearly != c.near || start != c.start || end != c.end || opens != c.opens || m.Nobody != (c.duty == "") {
			t.Errorf("%s: on duty %q, near %q, from %s to %s, opens %q, nobody %t", c.at, duty, nearly, start, end, opens, m.Nobody)
		}
	}
}

// TestMomentHolds walks through three weeks: a moment is the same from its first
// microsecond to its last, and another one before and after.
func TestMomentHolds(t *testing.T) {
	h, desks := friday(t, func(id story.DeskID, d *record.Desk) {
		if id == editiontest.London {
			d.From, d.Horizon = instant(t, "2024-03-20T10:00:00Z"), instant(t, "2024-04-01T10:00:00Z")
		}
	})
	h.HebrewDays = []record.HebrewDay{{Sunset: instant(t, "2024-03-21T15:51:00Z"), Year: 5784, Month: 13, Day: 12}, {Sunset: instant(t, "2024-03-22T15:52:00Z"), Year: 5784, Month: 13, Day: 13}}
	moments := 0
	for at := instant(t, "2024-03-16T10:00:00Z"); at.Before(instant(t, "2024-04-05T00:00:00Z")); moments++ {
		m := edition.MomentAt(h, desks, at)
		if m.End.IsZero() || !m.Start.Equal(at) && moments > 0 {
			t.Fatalf("at %s: from %s to %s", at, m.Start, m.End)
		}
		if last := edition.MomentAt(h, desks, m.End.Add(-us)); !reflect.DeepEqual(last, m) {
			t.Errorf("from %s to %s it changes", m.Start, m.End)
		}
		if next := edition.MomentAt(h, desks, m.End); reflect.DeepEqual(next, m) {
			t.Errorf("at %s it stays", m.End)
		}
		at = m.End
	}
	if moments < 40 {
		t.Errorf("only %d moments", moments)
	}
	if m := edition.MomentAt(h, desks, instant(t, "2024-03-22T15:51:59.999999Z")); m.Hebrew.Day != 12 || m.Date != "2024-03-22" {
		t.Errorf("the day is %v, %s", m.Hebrew, m.Date)
	}
	if m := edition.MomentAt(h, desks, instant(t, "2024-03-22T22:00:00Z")); m.Hebrew.Day != 13 || m.Date != "2024-03-23" {
		t.Errorf("the day is %v, %s", m.Hebrew, m.Date)
	}
}

// TestMidnightThatIsNot begins days where the clocks skip midnight or strike it twice.
func TestMidnightThatIsNot(t *testing.T) {
	for _, c := range []struct{ zone, date, start, end string }{
		{"Africa/Cairo", "2024-04-26", "2024-04-25T22:00:00Z", "2024-04-26T21:00:00Z"},      // begins at 01:00
		{"Asia/Beirut", "2024-03-31", "2024-03-30T22:00:00Z", "2024-03-31T21:00:00Z"},       // begins at 01:00
		{"Asia/Beirut", "2024-10-26", "2024-10-25T21:00:00Z", "2024-10-26T22:00:00Z"},       // 23:00 comes twice
		{"America/Havana", "2024-03-10", "2024-03-10T05:00:00Z", "2024-03-11T04:00:00Z"},    // begins at 01:00
		{"America/Havana", "2024-11-03", "2024-11-03T04:00:00Z", "2024-11-04T05:00:00Z"},    // 00:00 comes twice
		{"Asia/Jerusalem", "2024-03-29", "2024-03-28T22:00:00Z", "2024-03-29T21:00:00Z"},    // an hour is gone at 02:00
		{"America/Sao_Paulo", "2018-11-04", "2018-11-04T03:00:00Z", "2018-11-05T02:00:00Z"}, // begins at 01:00
		{"Australia/Lord_Howe", "2024-04-07", "2024-04-06T13:00:00Z", "2024-04-07T13:30:00Z"},
	} {
		zone, err := time.LoadLocation(c.zone)
		if err != nil {
			t.Fatal(err)
		}
		h := edition.House{House: editiontest.HouseEntry(), Zone: zone}
		start, end := instant(t, c.start), instant(t, c.end)
		for _, at := range []time.Time{start, start.Add(30 * time.Minute), start.Add(90 * time.Minute), end.Add(-30 * time.Minute), end.Add(-us)} {
			if m := edition.MomentAt(h, nil, at); m.Date != c.date || !m.Start.Equal(start) || !m.End.Equal(end) {
				t.Errorf("%s at %s: %s from %s to %s", c.zone, at, m.Date, m.Start, m.End)
			}
		}
		if before := edition.MomentAt(h, nil, start.Add(-us)); before.Date == c.date || !before.End.Equal(start) {
			t.Errorf("%s: before %s it is %s until %s", c.zone, start, before.Date, before.End)
		}
	}
}

func TestWindowsThatTouchAreOne(t *testing.T) {
	_, desks := friday(t, func(_ story.DeskID, d *record.Desk) {
		w := editiontest.JerusalemRests
		next := record.Window{Start: w.End, End: w.End.Add(25 * time.Hour), Name: "Yom Tov"}
		d.Windows = []record.Window{next, w}
	})
	windows := desks[0].Hours.Windows
	if len(windows) != 1 || windows[0].Name != "Shabbat + Yom Tov" || !windows[0].End.Equal(editiontest.JerusalemRests.End.Add(25*time.Hour)) {
		t.Errorf("windows %+v", windows)
	}
}

// TestFollower asks who follows New York on the Friday, with its followers changed.
func TestFollower(t *testing.T) {
	for name, c := range map[string]struct {
		change func(id story.DeskID, d *record.Desk)
		want   story.DeskID
		opens  time.Time
	}{
		"the earliest to open": {nil, editiontest.Jerusalem, editiontest.JerusalemRests.End},
		"a follower on duty": {func(id story.DeskID, d *record.Desk) {
			if id == editiontest.London {
				d.Windows = nil
			}
		}, editiontest.London, editiontest.NewYorkRests.Start},
		"on duty, though no follower": {func(id story.DeskID, d *record.Desk) {
			if id == editiontest.London {
				d.Windows = nil
			}
			d.Followers = nil
		}, editiontest.London, editiontest.NewYorkRests.Start},
		"itself": {func(id story.DeskID, d *record.Desk) {
			if id != editiontest.NewYork {
				d.Closed = true
			}
		}, editiontest.NewYork, editiontest.NewYorkRests.End},
	} {
		h, desks := friday(t, c.change)
		m := edition.MomentAt(h, desks, instant(t, "2024-03-22T18:00:00Z"))
		s, _ := m.State(editiontest.NewYork)
		if d, opens, ok := m.Follower(s); !ok || d.ID != c.want || !opens.Equal(c.opens) {
			t.Errorf("%s: %s at %s", name, d.ID, opens)
		}
	}
}
