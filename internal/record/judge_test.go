package record_test

import (
	"testing"
	"time"

	"dateline/internal/record"
	"dateline/internal/story"
)

// TestVerifyJudges holds the second judge to the rule of rest at each of its edges.
func TestVerifyJudges(t *testing.T) {
	const µs = time.Microsecond
	start, end := friday.Add(2*time.Hour), friday.Add(27*time.Hour)
	d := desk("jerusalem", start, end)
	grant := record.Exception{Desk: jerusalem, Article: "art0000001", From: start.Add(time.Hour), Until: start.Add(90 * time.Minute)}
	long := grant
	long.Until = long.From.Add(time.Hour + µs)
	const exception, order = record.Basis("exception 4"), record.Basis("standing order 2")
	for _, c := range []struct {
		name  string
		at    time.Time
		basis record.Basis
		road  story.Road
		given record.Exception
		order bool
		good  bool
	}{
		{"before the lead-in", start.Add(-5*time.Second - µs), record.Open, story.ByPerson, grant, false, true},
		{"in the lead-in", start.Add(-5 * time.Second), record.Open, story.ByPerson, grant, false, false},
		{"at the start", start, record.Open, story.ByPerson, grant, false, false},
		{"before the end", end.Add(-µs), record.Open, story.ByPerson, grant, false, false},
		{"at the end", end, record.Open, story.ByPerson, grant, false, true},
		{"before the next lead-in", start.AddDate(0, 0, 7).Add(-5*time.Second - µs), record.Open, story.ByPerson, grant, false, true},
		{"in the next lead-in", start.AddDate(0, 0, 7).Add(-5 * time.Second), record.Open, story.ByPerson, grant, false, false},
		{"before the horizon", d.Horizon.Add(-µs), record.Open, story.ByPerson, grant, false, true},
		{"at the horizon", d.Horizon, record.Open, story.ByPerson, grant, false, false},
		{"before the grant", grant.From.Add(-µs), exception, story.ByPerson, grant, false, false},
		{"with the grant", grant.From, exception, story.ByPerson, grant, false, true},
		{"at the last of the grant", grant.Until.Add(-µs), exception, story.ByPerson, grant, false, true},
		{"after the grant", grant.Until, exception, story.ByPerson, grant, false, false},
		{"with a grant of over an hour", grant.From, exception, story.ByPerson, long, false, false},
		{"with a grant of another article", grant.From, exception, story.ByPerson, record.Exception{Desk: jerusalem, Article: "x", From: grant.From, Until: grant.Until}, false, false},
		{"with a grant of another desk", grant.From, exception, story.ByPerson, record.Exception{Desk: newYork, Article: "art0000001", From: grant.From, Until: grant.Until}, false, false},
		{"with a grant that is none", grant.From, "exception 3", story.ByPerson, grant, false, false},
		{"with a grant written oddly", grant.From, "exception 04", story.ByPerson, grant, false, false},
		{"by the standing order", start, order, story.BySchedule, grant, true, true},
		{"by no standing order", start, order, story.BySchedule, grant, false, false},
		{"by the standing order, without a schedule", start, order, story.ByPerson, grant, true, false},
		{"by another's standing order", start, "standing order 3", story.BySchedule, grant, true, false},
		{"by no basis", start, "haste", story.ByPerson, grant, false, false},
		{"not judged", start, record.NotJudged, story.ByPerson, grant, false, false},
	} {
		v := &volume{key: newKey(t, testLog), desks: map[story.DeskID]deskEntry{}}
		house := func(kind record.Kind, subject, part string, content any) {
			at := friday.Add(time.Duration(len(v.entries)) * µs)
			v.add(record.Entry{Envelope: record.Envelope{At: at, Kind: kind, Class: story.Houses, Subject: subject, Part: part}}, content)
		}
		house(record.KindVolume, testLog, "", record.Volume{Log: testLog, Key: v.key.Verifier()})
		house(record.KindHouse, "house", "", record.House{Arranged: c.order})
		house(record.KindDesk, string(jerusalem), "", d)
		house(record.KindException, string(c.given.Desk), string(c.given.Article), c.given)
		e := record.Envelope{At: c.at, Kind: record.KindArticle, Class: story.Speaks, Desk: jerusalem, Subject: "art0000001", Revision: 1}
		e.Decision.Basis, e.Decision.Road = c.basis, c.road
		v.add(record.Entry{Envelope: e}, article(record.Posted, "Sirens"))
		v.sign()
		if r := verify(t, v, record.VerifyOptions{}); (len(r.Problems) == 0) != c.good {
			t.Errorf("%s: %v", c.name, r.Problems)
		}
	}
}

// An entry whose desk is closed for good, or whose instant its desk entry does not reach,
// was not judged; a standing order counts from before the rest.
func TestVerifyJudgesByWhatWasKnown(t *testing.T) {
	early := friday.Add(3 * time.Microsecond)
	for _, c := range []struct {
		name   string
		change func(d *record.Desk)
		order  time.Time
		good   bool
	}{
		{"known", func(*record.Desk) {}, early, true},
		{"from then on", func(d *record.Desk) { d.From = friday.Add(3 * time.Hour) }, early, true},
		{"from a moment later on", func(d *record.Desk) { d.From = friday.Add(3*time.Hour + time.Microsecond) }, early, false},
		{"closed", func(d *record.Desk) { d.Closed = true }, early, false},
		{"ordered just before the rest", func(*record.Desk) {}, friday.Add(2*time.Hour - time.Microsecond), true},
		{"ordered as the rest begins", func(*record.Desk) {}, friday.Add(2 * time.Hour), false},
	} {
		v := &volume{key: fixedKey(t), desks: map[story.DeskID]deskEntry{}}
		d := desk("jerusalem", friday.Add(2*time.Hour), friday.Add(27*time.Hour))
		c.change(&d)
		house := record.Envelope{At: friday, Kind: record.KindVolume, Class: story.Houses, Subject: testLog}
		v.add(record.Entry{Envelope: house}, record.Volume{Log: testLog, Key: v.key.Verifier()})
		house.At, house.Kind, house.Subject = friday.Add(time.Microsecond), record.KindDesk, string(jerusalem)
		v.add(record.Entry{Envelope: house}, d)
		house.At, house.Kind, house.Subject = c.order, record.KindHouse, "house"
		n := v.add(record.Entry{Envelope: house}, record.House{Arranged: true})
		e := record.Envelope{At: friday.Add(3 * time.Hour), Kind: record.KindArticle, Class: story.Speaks, Desk: jerusalem, Subject: "art0000001", Revision: 1}
		e.Decision.Road, e.Decision.Basis = story.BySchedule, record.UnderOrder(n)
		v.add(record.Entry{Envelope: e}, article(record.Posted, "Sirens"))
		v.sign()
		if r := verify(t, v, record.VerifyOptions{}); (len(r.Problems) == 0) != c.good {
			t.Errorf("%s: %v", c.name, r.Problems)
		}
	}
}

// An order that the house took back lets nothing pass.
func TestVerifyTakesBackTheStandingOrder(t *testing.T) {
	v := build(t)
	late := v.copy()
	late.entries = late.entries[:18] // before the standing order is used
	late.rehash(v.key)
	late.add(record.Entry{Envelope: record.Envelope{At: late.entries[17].At.Add(time.Second), Kind: record.KindHouse, Class: story.Houses, Subject: "house"}}, record.House{})
	used := v.entries[18]
	used.At, used.Decision = late.entries[18].At.Add(time.Second), record.Decision{Road: story.BySchedule, Basis: record.UnderOrder(2)}
	late.add(record.Entry{Envelope: used.Envelope}, article(record.Posted, "Sirens"))
	late.sign()
	wantFound(t, late, record.VerifyOptions{}, 20, "a standing order that was taken back")
}
