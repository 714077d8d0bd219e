package desk_test

import (
	"bytes"
	"mime/multipart"
	"net/http"
	"net/http/httptest"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"dateline/internal/newsroom"
	"dateline/internal/store"
)

func (b *browser) lacks(words ...string) {
	b.t.Helper()
	for _, w := range words {
		if strings.Contains(b.body, w) {
			b.t.Errorf("%s (%d) says %q", b.path, b.status, w)
		}
	}
}

// desk is a desk as the room knows it.
func (n *newsroomAt) desk(slug string) newsroom.DeskView {
	n.t.Helper()
	h, err := n.room.House(n.t.Context())
	check(n.t, err)
	x, ok := h.Desk(slug)
	if !ok {
		n.t.Fatal("there is no desk", slug)
	}
	return x
}

// addCalendar uploads a calendar file on the settings page that is open.
func (b *browser) addCalendar(name, text string) {
	b.t.Helper()
	action, form := b.form("calendar")
	var body bytes.Buffer
	m := multipart.NewWriter(&body)
	check(b.t, m.WriteField("key", form.Get("key")))
	f, err := m.CreateFormFile("calendar", name)
	check(b.t, err)
	_, err = f.Write([]byte(strings.ReplaceAll(text, "\n", "\r\n")))
	check(b.t, err)
	check(b.t, m.Close())
	r := httptest.NewRequest(http.MethodPost, action, &body)
	r.Header.Set("Content-Type", m.FormDataContentType())
	b.do(r)
}

const saintsDay = "BEGIN:VCALENDAR\nVERSION:2.0\nPRODID:-//Test//EN\nBEGIN:VEVENT\nUID:1\nDTSTAMP:20240101T000000Z\nDTSTART;VALUE=DATE:20240404\nSUMMARY:Press day\nEND:VEVENT\nEND:VCALENDAR\n"

func TestSettingsAreTheChiefs(t *testing.T) {
	n := open(t)
	before := n.desk("new-york")
	for name, want := range map[string]int{"Jonah Petrie": http.StatusForbidden, "Ruth Abelard": http.StatusForbidden, "Alastair Rook": http.StatusForbidden, "Leah Brandt": http.StatusOK, "Tamar Shohat": http.StatusOK} {
		b := n.signIn(name)
		b.get("/desk/new-york/settings")
		if b.status != want {
			t.Errorf("%s sees the settings: %d", name, b.status)
		}
		for _, path := range []string{"/desk/new-york/settings", "/desk/new-york/calendar/remove", "/desk/new-york/sunless"} {
			if want == http.StatusOK {
				continue
			}
			form := url.Values{"key": {"0123456789abcdefgh"}, "do": {"save"}, "nameEN": {"X"}, "lat": {"1"}, "lon": {"1"}, "zone": {"UTC"}, "whose": {"own"}, "name": {"england-wales.ics"}}
			if b.post(path, form); b.status != want {
				t.Errorf("%s posts to %s: %d", name, path, b.status)
			}
		}
	}
	chief := n.signIn("Leah Brandt")
	if chief.get("/settings"); chief.status != http.StatusForbidden {
		t.Error("a chief sees the house's settings:", chief.status)
	}
	if chief.post("/settings", url.Values{"key": {"0123456789abcdefgh"}, "do": {"save"}, "nameEN": {"X"}, "lat": {"1"}, "lon": {"1"}, "zone": {"UTC"}}); chief.status != http.StatusForbidden {
		t.Error("a chief changes the house's settings:", chief.status)
	}
	chief.get("/desk/new-york")
	chief.want(`href="/desk/new-york/settings"`)
	editor := n.signIn("Jonah Petrie")
	editor.get("/desk/new-york")
	editor.lacks(`href="/desk/new-york/settings"`)
	if after := n.desk("new-york"); after.N != before.N {
		t.Error("a refused change made an entry")
	}
}

// TestAPlaceIsFoundSeenAndSaved moves New York's desk to Haifa.
func TestAPlaceIsFoundSeenAndSaved(t *testing.T) {
	n := open(t)
	before := n.desk("new-york")
	b := n.signIn("Leah Brandt")
	b.get("/desk/new-york/settings")
	b.want("The next ten rests", "as they are now", "Friday 22 March, 18:52", "Saturday 23 March, 00:52")
	b.submit("settings", map[string]string{"find": "Qwertyuiop", "do": "find"})
	b.want(`there is no place "Qwertyuiop" in the gazetteer`, "given by its coordinates")
	b.submit("settings", map[string]string{"find": "Jeruslem", "do": "find"})
	b.want("perhaps Jerusalem, IL is meant")
	b.submit("settings", map[string]string{"find": "חיפה", "do": "find"})
	b.want("Haifa", "Asia/Jerusalem · 32.8", "lighting 30 min", "GeoNames")
	b.submit("settings", map[string]string{"pick": "294801", "festivals": "israel", "lighting": "", "do": "preview"})
	b.want("10 differ from those of now", "By the custom of the place 30m", "Friday 22 March, 17:2", "now ")
	if after := n.desk("new-york"); after.N != before.N {
		t.Fatal("looking saved something")
	}
	b.submit("settings", map[string]string{"do": "save"})
	b.want("Saved. These settings hold from now on.", "as they are now", "from 30 minutes before sunset")
	after := n.desk("new-york")
	if s := after.Settings; after.N == before.N || s.City != "294801" || s.Place.Zone != "Asia/Jerusalem" || !s.Place.Israel || s.Lighting != "" || s.Slug != "new-york" || len(s.Followers) != 2 {
		t.Errorf("saved as %+v", s)
	}
	check(t, n.db.Read(t.Context(), func(q *store.Query) error {
		lines, err := q.AuditOf(string(after.ID), 5)
		if err == nil && (len(lines) != 1 || lines[0].Verb != "settings" || lines[0].Entry != after.N || !strings.Contains(lines[0].Detail, "Haifa")) {
			t.Errorf("the audit says %+v", lines)
		}
		return err
	}))
}

// TestAPlaceLookedForIsNotSavedUnchosen types a city and saves at once.
func TestAPlaceLookedForIsNotSavedUnchosen(t *testing.T) {
	n := open(t)
	before := n.desk("new-york")
	b := n.signIn("Leah Brandt")
	b.get("/desk/new-york/settings")
	b.submit("settings", map[string]string{"find": "Haifa", "do": "save"})
	b.want("“Haifa” was looked for, but no place is chosen.", "to stay in New York", `value="294801"`)
	if after := n.desk("new-york"); b.status != http.StatusBadRequest || after.N != before.N {
		t.Error("it was saved:", b.status)
	}
	b.submit("settings", map[string]string{"pick": "294801", "do": "save"})
	if s := n.desk("new-york").Settings; s.City != "294801" {
		t.Errorf("once chosen, it is saved as %+v", s)
	}
	house := n.signIn("Tamar Shohat")
	house.get("/settings")
	house.submit("settings", map[string]string{"find": "Haifa", "do": "save"})
	if house.want("no place is chosen"); house.status != http.StatusBadRequest {
		t.Error("the house's was saved:", house.status)
	}
}

func TestARefusedSettingKeepsWhatWasTyped(t *testing.T) {
	n := open(t)
	before := n.desk("new-york")
	b := n.signIn("Leah Brandt")
	for _, c := range []struct {
		set  map[string]string
		want string
	}{
		{map[string]string{"keeps": "shabbat\nsabbath", "margin": "7m"}, `there is no observance "sabbath"`},
		{map[string]string{"lighting": "soon", "margin": "7m"}, `lighting "soon" is not a time`},
		{map[string]string{"lat": "91", "margin": "7m"}, "The latitude is a number of degrees"},
		{map[string]string{"zone": "America/Nowhere", "margin": "7m"}, "America/Nowhere"},
		{map[string]string{"sunless": "city of dreams", "margin": "7m"}, "there is no place"},
		{map[string]string{"whose": "mine", "margin": "7m"}, "own, both or house"},
		{map[string]string{"keeps": "ics ../newsroom.db", "margin": "7m"}, "not the plain name of a calendar file"},
		{map[string]string{"nameEN": "", "nameHE": "", "margin": "7m"}, "needs a name and a city"},
	} {
		b.get("/desk/new-york/settings")
		c.set["do"] = "save"
		b.submit("settings", c.set)
		b.want(c.want)
		if b.status != http.StatusBadRequest {
			t.Errorf("%v: %d", c.set, b.status)
		}
		_, form := b.form("settings")
		for name, value := range c.set {
			if name != "do" && name != "whose" && form.Get(name) != value {
				t.Errorf("of %v it kept %s as %q", c.set, name, form.Get(name))
			}
		}
	}
	if after := n.desk("new-york"); after.N != before.N {
		t.Error("a refused change made an entry")
	}
}

func TestACalendarFileIsReadBeforeItIsKept(t *testing.T) {
	n := open(t)
	b := n.signIn("Leah Brandt")
	b.get("/desk/new-york/settings")
	b.addCalendar("Press days.ics", "BEGIN:VCALENDAR\nBEGIN:VEVENT\n")
	if b.status != http.StatusBadRequest {
		t.Error("a broken file:", b.status)
	}
	b.want("press-days.ics")
	b.addCalendar("huge.ics", strings.Repeat("x", 2<<20))
	if b.status != http.StatusRequestEntityTooLarge {
		t.Error("a huge file:", b.status)
	}
	names, err := n.room.Calendars()
	check(t, err)
	if len(names) != 1 {
		t.Fatal("kept are", names)
	}
	b.addCalendar(`C:\calendars\Press days.ICS`, saintsDay)
	b.want("The file is kept.", "ics press-days.ics", "Press day", "one differs")
	b.submit("settings", map[string]string{"do": "save"})
	b.want("kept by the New York desk")
	b.post("/desk/new-york/calendar/remove", url.Values{"key": {"0123456789abcdefgh"}, "name": {"press-days.ics"}})
	b.want("press-days.ics is kept by the New York desk.")
	if b.status != http.StatusConflict {
		t.Error("a file in use was removed:", b.status)
	}
	// London's is not New York's to change.
	b.get("/desk/new-york/settings")
	b.addCalendar("england-wales.ics", saintsDay)
	b.want("england-wales.ics is kept by the London desk, which is not yours to change.")
	if b.status != http.StatusForbidden {
		t.Error("another desk's file was changed:", b.status)
	}
	b.get("/desk/new-york/settings")
	b.submit("settings", map[string]string{"keeps": "shabbat\nyomtov", "do": "save"})
	b.post("/desk/new-york/calendar/remove", url.Values{"key": {"0123456789abcdefgi"}, "name": {"press-days.ics"}})
	b.want("The file is removed.")
	b.post("/desk/new-york/calendar/remove", url.Values{"key": {"0123456789abcdefgj"}, "name": {"../newsroom.db"}})
	if b.status != http.StatusBadRequest {
		t.Error("a file of another folder:", b.status)
	}
}

// TestAChangeWhileTheDeskRests is seen beforehand to open nothing.
func TestAChangeWhileTheDeskRests(t *testing.T) {
	n := open(t)
	n.now = time.Date(2024, 3, 23, 12, 0, 0, 0, time.UTC)
	_, err := n.room.Step(t.Context())
	check(t, err)
	b := n.signIn("Leah Brandt")
	b.get("/desk/new-york/settings")
	b.submit("settings", map[string]string{"keeps": "nothing", "do": "preview"})
	b.want("It rests now, and goes on resting until Saturday 23 March, 19:53.", "no rest any more")
	b.submit("settings", map[string]string{"do": "save"})
	x := n.desk("new-york")
	if w, resting := x.Hours.Rests(n.now); !resting || !w.End.Equal(time.Date(2024, 3, 23, 23, 53, 0, 0, time.UTC)) {
		t.Error("the change opened the desk:", w, resting)
	}
	if _, resting := x.Hours.Rests(n.now.AddDate(0, 0, 7)); resting {
		t.Error("it rests a week later")
	}
}

func TestTheHouseAndTheDesksThatKeepItsRest(t *testing.T) {
	n := open(t)
	b := n.signIn("Tamar Shohat")
	b.get("/desk/new-york/settings")
	b.submit("settings", map[string]string{"whose": "house", "do": "save"})
	b.want("What the house keeps in Jerusalem")
	b.get("/settings")
	b.want("as they are now", "Friday 22 March, 17:12")
	b.submit("settings", map[string]string{"lighting": "20m", "do": "preview"})
	b.want("Friday 22 March, 17:32", "now 17:12")
	b.submit("settings", map[string]string{"hebrewDate": "no", "do": "save"})
	if b.status != http.StatusOK {
		t.Fatal(b.status)
	}
	h, err := n.room.House(t.Context())
	check(t, err)
	if h.House.HebrewDate || len(h.House.HebrewDays) > 0 || !strings.Contains(h.House.Observance["en"], "20 minutes") {
		t.Errorf("the house is %v, %q", h.House.HebrewDate, h.House.Observance["en"])
	}
	if w, ok := n.desk("new-york").Hours.Rests(time.Date(2024, 3, 22, 15, 40, 0, 0, time.UTC)); !ok || w.Start.Format("15:04") != "15:32" {
		t.Error("the desk does not follow the seat:", w)
	}
}

// TestDaysWithoutASunAreToldOnce moves a desk beyond the polar circle.
func TestDaysWithoutASunAreToldOnce(t *testing.T) {
	n := open(t)
	b := n.signIn("Leah Brandt")
	b.get("/desk/new-york")
	b.lacks("days without an answer from the sun")
	b.get("/desk/new-york/settings")
	b.submit("settings", map[string]string{"nameEN": "Tromsø", "lat": "69.65", "lon": "18.95", "zone": "Europe/Oslo", "do": "save"})
	b.get("/desk/new-york")
	b.want("days without an answer from the sun at the New York desk", "no nightfall")
	other := n.signIn("Alastair Rook")
	other.get("/desk/london")
	other.want("days without an answer from the sun at the New York desk")
	other.lacks(`action="/desk/new-york/sunless"`)
	b.post("/desk/new-york/sunless", url.Values{"key": {"0123456789abcdefgh"}})
	b.lacks("days without an answer from the sun")
}

// TestACalendarFileIsFollowed: one that is replaced within a minute, one that is broken by
// telling of it on every screen.
func TestACalendarFileIsFollowed(t *testing.T) {
	n := open(t)
	later := func() {
		n.now = n.now.Add(2 * time.Minute)
		_, err := n.room.Step(t.Context())
		check(t, err)
	}
	b := n.signIn("Tamar Shohat")
	b.get("/desk/london/settings")
	b.addCalendar("england-wales.ics", saintsDay) // an administrator may
	later()
	x := n.desk("london")
	if _, resting := x.Hours.Rests(time.Date(2024, 4, 4, 12, 0, 0, 0, time.UTC)); !resting {
		t.Error("a file that was replaced is not followed")
	}
	b.get("/coverage")
	b.lacks("Newer rests cannot be computed.")
	file := filepath.Join(filepath.Dir(t.TempDir()), "calendars", "england-wales.ics")
	check(t, os.WriteFile(file, []byte("BEGIN:VCALENDAR\r\n"), 0o600))
	later()
	b.get("/coverage")
	b.want("Newer rests cannot be computed.", "The London desk: calendar file england-wales.ics")
	if n.desk("london").N != x.N {
		t.Error("a broken file made an entry")
	}
}
