package newsroom

import (
	"testing"
	"time"

	"dateline/internal/zone"
)

// A civil day begins at its first instant: clocks may skip midnight or pass it twice, and
// one day in Apia never came.
func TestDayBegins(t *testing.T) {
	for _, c := range []struct {
		day   string
		later int
		zone  string
		want  string
	}{
		{"2024-03-22", 0, "America/New_York", "2024-03-22T04:00:00Z"},
		{"2024-03-22", 1, "America/New_York", "2024-03-23T04:00:00Z"},
		{"2024-03-10", 1, "America/New_York", "2024-03-11T04:00:00Z"}, // a day of 23 hours
		{"2024-03-22", 0, "Asia/Jerusalem", "2024-03-21T22:00:00Z"},
		{"2024-02-28", 1, "Asia/Kathmandu", "2024-02-28T18:15:00Z"},
		{"2024-12-31", 1, "Pacific/Kiritimati", "2024-12-31T10:00:00Z"},
		{"2024-01-01", 0, "Pacific/Pago_Pago", "2024-01-01T11:00:00Z"},
		{"2024-04-26", 0, "Africa/Cairo", "2024-04-25T22:00:00Z"},      // begins at 01:00
		{"2024-11-03", 0, "America/Havana", "2024-11-03T04:00:00Z"},    // has two midnights
		{"2011-12-29", 1, "Pacific/Apia", "2011-12-30T10:00:00Z"},      // there was no 30 December
		{"2018-11-04", 0, "America/Sao_Paulo", "2018-11-04T03:00:00Z"}, // began at 01:00
	} {
		at, err := zone.Built().Load(c.zone)
		if err != nil {
			t.Fatal(err)
		}
		got, err := dayBegins(c.day, c.later, at)
		if err != nil || got.Format(time.RFC3339) != c.want {
			t.Errorf("%s + %d in %s: %s, want %s (%v)", c.day, c.later, c.zone, got.Format(time.RFC3339), c.want, err)
		}
	}
	for _, day := range []string{"2024-3-2", "2024-02-30", "22 March", "0000-01-01", "9999-12-31", "2024-03-22T00:00"} {
		if got, err := dayBegins(day, 0, time.UTC); err == nil {
			t.Errorf("%q begins at %s", day, got)
		}
	}
	if got, err := dayBegins("", 1, time.UTC); err != nil || !got.IsZero() {
		t.Error("no day begins at", got, err)
	}
}

// A bound that was set in another zone stays what it is while the other is changed.
func TestBoundsOfKeepsWhatStays(t *testing.T) {
	jerusalem, err := zone.Built().Load("Asia/Jerusalem")
	if err != nil {
		t.Fatal(err)
	}
	at := func(s string) time.Time {
		v, err := time.Parse(time.RFC3339, s)
		if err != nil {
			t.Fatal(err)
		}
		return v
	}
	now := Rights{From: at("2024-03-22T04:00:00Z"), First: "2024-03-22"} // midnight in New York
	from, until, err := boundsOf(RightsWish{First: "2024-03-22", Last: "2024-03-22"}, now, jerusalem)
	if err != nil || !from.Equal(now.From) || !until.Equal(at("2024-03-22T22:00:00Z")) {
		t.Error(from, until, err)
	}
	if _, _, err := boundsOf(RightsWish{First: "2024-03-22", Last: "2024-03-21"}, now, jerusalem); err == nil {
		t.Error("rights are over before they begin")
	}
	if from, until, err = boundsOf(RightsWish{}, now, jerusalem); err != nil || !from.IsZero() || !until.IsZero() {
		t.Error("rights without bounds:", from, until, err)
	}
}
