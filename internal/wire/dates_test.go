package wire_test

import (
	"testing"
	"time"

	"dateline/internal/wire"
)

// TestDates: the shapes in which agencies write instants. "" is none: an item keeps the
// time of its arrival, and an embargo has no end.
func TestDates(t *testing.T) {
	for _, c := range []struct{ written, sent, until string }{
		{"Fri, 22 Mar 2024 17:05:40 GMT", "2024-03-22T17:05:40Z", "same"},
		{"Fri, 22 Mar 2024 17:05:40 +0000 (UTC)", "2024-03-22T17:05:40Z", "same"},
		{"Mon, 22 Mar 2024 17:05:40 GMT", "2024-03-22T17:05:40Z", "same"}, // the weekday is wrong, the date holds
		{"22 Mar 2024 12:05 EST", "2024-03-22T17:05:00Z", "same"},
		{"Fri, 22 Mar 24 18:05:40 +0100", "2024-03-22T17:05:40Z", "same"},
		{"Friday, 22-Mar-24 17:05:40 UTC", "2024-03-22T17:05:40Z", "same"},
		{"Fri Mar 22 17:05:40 UTC 2024", "2024-03-22T17:05:40Z", "same"},
		{"ven., 22 mars 2024 18:05:40 +0100", "2024-03-22T17:05:40Z", "same"},
		{"Fr, 22 März 2024 18:05:40 MEZ", "2024-03-22T17:05:40Z", "same"},
		{"March 22, 2024 17:05 GMT", "2024-03-22T17:05:00Z", "same"},
		{"2024-03-22T22:50:40+05:45", "2024-03-22T17:05:40Z", "same"},
		{"2024-03-22T17:05:40.1234567Z", "2024-03-22T17:05:40.123456Z", "same"},
		{"2024-03-22t17:05:40z", "2024-03-22T17:05:40Z", "same"},
		{"2024-03-22T17:05Z", "2024-03-22T17:05:00Z", "same"},
		{"2024-03-22T19:05:40+02", "2024-03-22T17:05:40Z", "same"},
		{"2024-03-22 17:05:40 +0000", "2024-03-22T17:05:40Z", "same"},
		{"2024-03-22T17:05:40-00:00", "2024-03-22T17:05:40Z", "same"},
		{"20240322T170540Z", "2024-03-22T17:05:40Z", "same"},
		{"20240322T180540+0100", "2024-03-22T17:05:40Z", "same"},
		{"1711127140", "2024-03-22T17:05:40Z", "same"},
		{"1711127140000", "2024-03-22T17:05:40Z", "same"},
		{"Fri, 22 Mar 2024 24:00:00 GMT", "2024-03-23T00:00:00Z", "same"},
		{"Tue, 31 Dec 2024 23:59:60 GMT", "2025-01-01T00:00:00Z", "same"},
		{"2024-03-22", "2024-03-22T00:00:00Z", ""}, // a date is good enough for a version, not for an embargo
		{"22 Mar 2024", "2024-03-22T00:00:00Z", ""},
		{"2024-03-22T17:05:40", "", ""}, // no zone, no instant
		{"2024-03-22 17:05:40", "", ""},
		{"Fri, 22 Mar 2024 17:05:40", "", ""},
		{"Fri, 22 Mar 2024 17:05:40 IST", "", ""}, // three countries'
		{"2024-02-30T00:00:00Z", "", ""},
		{"2024-03-32T00:00:00Z", "", ""},
		{"2024-03-00T00:00:00Z", "", ""},
		{"2024-13-01T00:00:00Z", "", ""},
		{"2024-03-22T24:00:01Z", "", ""},
		{"2024-03-22T25:00:00Z", "", ""},
		{"2024-03-22T17:05:40+99:00", "", ""},
		{"0001-01-01T00:00:00Z", "", ""},
		{"9999-12-31T23:59:59Z", "", ""},
		{"10000-01-01T00:00:00Z", "", ""},
		{"yesterday", "", ""},
		{"1", "", ""},
		{"-", "", ""},
		{"22", "", ""},
		{"../../etc/zoneinfo", "", ""},
	} {
		if c.until == "same" {
			c.until = c.sent
		}
		items, err := wire.Parse("t", []byte(`<newsItem guid="g"><itemMeta><versionCreated>`+c.written+`</versionCreated><embargoed>`+c.written+`</embargoed></itemMeta><contentMeta><headline>h</headline></contentMeta></newsItem>`))
		if err != nil {
			t.Fatal(err)
		}
		if got := show(items[0].Sent); got != c.sent {
			t.Errorf("%q was read as %q, not %q", c.written, got, c.sent)
		}
		if e := items[0].Embargo; !e.Set || show(e.Until) != c.until || e.Raw != c.written {
			t.Errorf("an embargo until %q was read as %+v, not %q", c.written, e, c.until)
		}
	}
}

func show(t time.Time) string {
	if t.IsZero() {
		return ""
	}
	return t.Format(time.RFC3339Nano)
}

// TestEmbargoFailsClosed: an embargo that is there is never taken for none, whatever it is
// called and whatever is in it.
func TestEmbargoFailsClosed(t *testing.T) {
	g2 := func(inner string) string {
		return `<newsItem guid="g"><itemMeta>` + inner + `</itemMeta><contentMeta><headline>h</headline></contentMeta></newsItem>`
	}
	ninjs := func(field string) string { return `{"uri":"g","type":"text","headline":"h",` + field + `}` }
	rss := func(inner string) string {
		return `<rss version="2.0" xmlns:p="http://prismstandard.org/namespaces/basic/3.0/"><channel><item><guid>g</guid><title>h</title>` + inner + `</item></channel></rss>`
	}
	for _, c := range []struct {
		file  string
		set   bool
		until string
	}{
		{g2(``), false, ""},
		{g2(`<embargoed/>`), true, ""},
		{g2(`<embargoed> </embargoed>`), true, ""},
		{g2(`<embargoed>2024-03-22T20:00:00Z</embargoed>`), true, "2024-03-22T20:00:00Z"},
		{g2(`<embargoed>2024-03-22T20:00:00Z</embargoed><embargoed>2024-03-22T21:00:00Z</embargoed>`), true, "2024-03-22T21:00:00Z"},
		{g2(`<embargoed>2024-03-22T20:00:00Z</embargoed><embargoed/>`), true, ""},
		{g2(`<embargoedUntil>2024-03-22T20:00:00Z</embargoedUntil>`), true, "2024-03-22T20:00:00Z"},
		{g2(`<edNote>Embargoed until 0001 Saturday</edNote>`), true, ""},
		{g2(`<edNote>Not for publication before the speech.</edNote>`), true, ""},
		{g2(`<edNote>Embargo lifted.</edNote>`), false, ""},
		{g2(`<edNote>EMBARGO: lifted at noon</edNote>`), false, ""},
		{g2(`<edNote>No embargo: for immediate use.</edNote>`), false, ""},
		{g2(`<edNote>Adds reaction to the oil embargo.</edNote>`), false, ""},
		{g2(`<edNote>EMBARGO: 0001 GMT</edNote>`), true, ""},
		{ninjs(`"slugline":"EMBARGOED-LAMP/"`), true, ""},
		{ninjs(`"slugline":"GRAIN/","title":"Embargo on grain until May, ministers say"`), false, ""},
		{ninjs(`"embargoed":null`), false, ""},
		{ninjs(`"embargoed":""`), true, ""},
		{ninjs(`"embargoed":false`), true, ""},
		{ninjs(`"embargoed":{"until":"2024-03-22T20:00:00Z"}`), true, ""},
		{ninjs(`"embargoed":"2024-03-22T20:00:00Z"`), true, "2024-03-22T20:00:00Z"},
		{ninjs(`"embargoedUntil":"2024-03-22T20:00:00Z"`), true, "2024-03-22T20:00:00Z"},
		{ninjs(`"EMBARGO":1711137600`), true, "2024-03-22T20:00:00Z"},
		{ninjs(`"embargoed":"2024-03-22T20:00:00Z","embargo_until":"later"`), true, ""},
		{rss(`<p:embargoDate>2024-03-22T20:00:00Z</p:embargoDate>`), true, "2024-03-22T20:00:00Z"},
		{rss(`<embargo/>`), true, ""},
		{rss(`<embargo>2024-03-22T20:00:00Z</embargo>`), true, "2024-03-22T20:00:00Z"},
	} {
		items, err := wire.Parse("t", []byte(c.file))
		if err != nil || len(items) != 1 {
			t.Fatal(c.file, err)
		}
		if e := items[0].Embargo; e.Set != c.set || show(e.Until) != c.until {
			t.Errorf("%s\n got %+v, want %v until %q", c.file, e, c.set, c.until)
		}
	}
}

func TestStatusFailsClosed(t *testing.T) {
	for said, want := range map[string]wire.Status{
		``: wire.Usable, `<pubStatus qcode="stat:usable"/>`: wire.Usable, `<pubStatus uri="http://cv.iptc.org/newscodes/pubstatusg2/usable"/>`: wire.Usable, `<pubStatus literal="Usable"/>`: wire.Usable,
		`<pubStatus qcode="stat:canceled"/>`: wire.Canceled, `<pubStatus qcode="stat:cancelled"/>`: wire.Canceled, `<pubStatus qcode="stat:withheld"/>`: wire.Withheld,
		`<pubStatus qcode="stat:new"/>`: wire.Withheld, `<pubStatus/>`: wire.Withheld, `<pubStatus qcode="stat:"/>`: wire.Withheld,
		`<pubStatus qcode="stat:usable"/><pubStatus qcode="stat:canceled"/>`: wire.Canceled,
	} {
		items, err := wire.Parse("t", []byte(`<newsItem guid="g"><itemMeta>`+said+`</itemMeta><contentMeta><headline>h</headline></contentMeta></newsItem>`))
		if err != nil || len(items) != 1 || items[0].Status != want {
			t.Errorf("%s: %v %v", said, items, err)
		}
	}
	for said, want := range map[string]wire.Status{``: wire.Usable, `<m:status state="active"/>`: wire.Usable, `<m:status state="blocked"/>`: wire.Withheld, `<m:status state="deleted" reason="a"/>`: wire.Canceled} {
		items, err := wire.Parse("t", []byte(`<rss version="2.0" xmlns:m="http://search.yahoo.com/mrss/"><channel><item><guid>g</guid><title>h</title>`+said+`</item></channel></rss>`))
		if err != nil || len(items) != 1 || items[0].Status != want {
			t.Errorf("%s: %v %v", said, items, err)
		}
	}
	for said, want := range map[string]wire.Status{`"pubstatus":"usable"`: wire.Usable, `"pubStatus":"Canceled"`: wire.Canceled, `"pubstatus":"embargoed"`: wire.Withheld, `"pubstatus":7`: wire.Withheld, `"pubstatus":""`: wire.Withheld, `"pubstatus":null`: wire.Usable} {
		items, err := wire.Parse("t", []byte(`{"uri":"g","type":"text","headline":"h",`+said+`}`))
		if err != nil || len(items) != 1 || items[0].Status != want {
			t.Errorf("%s: %v %v", said, items, err)
		}
	}
}
