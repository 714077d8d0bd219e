package record_test

import (
	"strings"
	"testing"
	"time"

	"dateline/internal/record"
	"dateline/internal/story"
)

// TestVerifyReadsEveryKind writes one entry of each kind, and each again with what is not
// of its kind: another class, another part, a word that means nothing.
func TestVerifyReadsEveryKind(t *testing.T) {
	type line struct {
		kind    record.Kind
		class   story.Class
		part    string
		content any
		good    bool
	}
	speaks, silences, houses := story.Speaks, story.Silences, story.Houses
	live := func(does record.LiveDoes, entry string) record.Live {
		return record.Live{Does: does, Entry: entry, Lang: "en"}
	}
	moved := func(from, to string) record.Moved {
		return record.Moved{Paths: []record.MovedPath{{From: from, To: to}}}
	}
	for i, c := range []line{
		{record.KindHouse, houses, "", record.House{}, true},
		{record.KindDuty, houses, "", record.Duty{}, true},
		{record.KindDuty, speaks, "", record.Duty{}, false},
		{record.KindFront, speaks, "", record.Front{Lang: "en"}, true},
		{record.KindPerson, speaks, "", record.Person{Slug: "dana", Merged: "person0002"}, true},
		{record.KindPerson, houses, "", record.Person{}, false},
		{record.KindLive, speaks, "", live(record.LiveOpens, ""), true},
		{record.KindLive, speaks, "live0001", live(record.LiveAdds, "live0001"), true},
		{record.KindLive, speaks, "live0001", live(record.LiveEdits, "live0001"), true},
		{record.KindLive, silences, "live0001", live(record.LiveRemoves, "live0001"), true},
		{record.KindLive, speaks, "", live(record.LiveCloses, ""), true},
		{record.KindLive, speaks, "live0001", live(record.LiveRemoves, "live0001"), false},
		{record.KindLive, silences, "live0001", live(record.LiveAdds, "live0001"), false},
		{record.KindLive, speaks, "live0002", live(record.LiveAdds, "live0001"), false},
		{record.KindLive, speaks, "", live(record.LiveAdds, ""), false},
		{record.KindLive, speaks, "live0001", live(record.LiveOpens, "live0001"), false},
		{record.KindLive, speaks, "live0001", live("sings", "live0001"), false},
		{record.KindPackage, speaks, "", record.Package{Sort: "running", Members: []story.ArticleID{"art0000001"}}, true},
		{record.KindPackage, speaks, "", record.Package{Sort: "heap"}, false},
		{record.KindPackage, speaks, "x", record.Package{Sort: "ordered"}, false},
		{record.KindPage, speaks, "", record.Page{Slug: "about", Lang: "en"}, true},
		{record.KindPage, speaks, "", record.Page{Lang: "en"}, false},
		{record.KindPage, silences, "", record.Page{Slug: "about", Lang: "en"}, false},
		{record.KindRelation, speaks, "", record.Relation{From: "a", To: "b", What: record.WalksBack}, true},
		{record.KindRelation, speaks, "", record.Relation{From: "a", To: "a", What: record.WalksBack}, false},
		{record.KindRelation, speaks, "", record.Relation{From: "a", To: "b", What: "likes"}, false},
		{record.KindPicture, speaks, "", record.Picture{Caption: "The bridge"}, true},
		{record.KindPicture, silences, "", record.Picture{Withdrawn: true}, true},
		{record.KindPicture, silences, "", record.Picture{Caption: "The bridge"}, false},
		{record.KindPicture, speaks, "", record.Picture{Withdrawn: true}, false},
		{record.KindWithdraw, silences, "", record.Withdraw{}, true},
		{record.KindKill, silences, "", record.Kill{}, true},
		{record.KindKill, speaks, "", record.Kill{}, false},
		{record.KindErase, silences, "", record.Erase{}, true},
		{record.KindErase, houses, "", record.Erase{}, false},
		{record.KindMoved, houses, "", moved("/old", "/new-art0000001"), true},
		{record.KindMoved, houses, "", moved("old", "/new-art0000001"), false},
		{record.KindMoved, houses, "", moved("/old", ""), false},
		{record.KindMoved, speaks, "", moved("/old", "/new"), false},
		{"obituary", speaks, "", record.Page{}, false},
	} {
		v := begin(t)
		e := record.Envelope{At: friday.Add(time.Minute), Kind: c.kind, Class: c.class, Desk: jerusalem, Subject: "subject001", Part: c.part}
		if c.class == story.Houses {
			e.Desk = ""
		}
		v.add(record.Entry{Envelope: e}, c.content)
		v.sign()
		if r := verify(t, v, record.VerifyOptions{}); (len(r.Problems) == 0) != c.good {
			t.Errorf("line %d, %s of class %s: %v", i, c.kind, c.class, r.Problems)
		}
	}
}

// begin is a record of a volume and a desk.
func begin(t *testing.T) *volume {
	v := &volume{key: fixedKey(t), desks: map[story.DeskID]deskEntry{}}
	v.add(record.Entry{Envelope: record.Envelope{At: friday, Kind: record.KindVolume, Class: story.Houses, Subject: testLog}}, record.Volume{Log: testLog, Key: v.key.Verifier()})
	v.add(record.Entry{Envelope: record.Envelope{At: friday.Add(time.Second), Kind: record.KindDesk, Class: story.Houses, Desk: jerusalem, Subject: string(jerusalem)}}, desk("jerusalem", friday.Add(2*time.Hour), friday.Add(27*time.Hour)))
	return v
}

// TestVerifyLetsAnEraseTakeAKill: the note of a kill may be what an order is about. It goes
// with all that the kill withheld, and not without.
func TestVerifyLetsAnEraseTakeAKill(t *testing.T) {
	for name, c := range map[string]struct {
		change func(v *volume)
		says   string
	}{
		"all of it": {func(*volume) {}, ""},
		"the kill is withheld": {func(v *volume) {
			v.entries[3].Salt, v.entries[3].Content = make([]byte, record.SaltLength), []byte("{}")
		}, "cannot take it back"},
		"what it withheld stays":  {func(v *volume) { v.entries[2].GoneBy = 4 }, "gone by 4, which does not take it back"},
		"the kill by itself":      {func(v *volume) { v.entries[3].GoneBy = 4 }, "gone by 4, which cannot"},
		"the kill, by what is no": {func(v *volume) { v.entries[3].GoneBy = 6 }, "gone by 6, which does not"},
	} {
		v := begin(t)
		put := func(kind record.Kind, class story.Class, content any) {
			e := record.Envelope{At: friday.Add(time.Minute * time.Duration(len(v.entries))), Kind: kind, Class: class, Desk: jerusalem, Subject: "art0000001"}
			if kind == record.KindArticle {
				e.Revision = 1
			}
			v.add(record.Entry{Envelope: e}, content)
		}
		put(record.KindArticle, story.Speaks, article(record.Posted, "A name"))
		put(record.KindKill, story.Silences, record.Kill{Note: "A name.", Withheld: []int64{3}})
		put(record.KindErase, story.Silences, record.Erase{Destroyed: []int64{3, 4}})
		for _, n := range []int{2, 3} {
			e := &v.entries[n]
			e.GoneBy, e.Salt, e.Content = 5, nil, nil
		}
		c.change(v)
		v.sign()
		r := verify(t, v, record.VerifyOptions{})
		found := c.says == "" && len(r.Problems) == 0
		for _, p := range r.Problems {
			found = found || c.says != "" && strings.Contains(p.What, c.says)
		}
		if !found {
			t.Errorf("%s: %v", name, r.Problems)
		}
	}
}
