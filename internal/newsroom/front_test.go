package newsroom_test

import (
	"strings"
	"testing"
	"time"

	"dateline/internal/newsroom"
	"dateline/internal/record"
	"dateline/internal/store"
	"dateline/internal/store/storetest"
	"dateline/internal/story"
)

// TestFronts files front pages on both engines: what none can be, over another, and what
// goes with a killed story.
func TestFronts(t *testing.T) { storetest.Each(t, fronts) }

func fronts(t *testing.T, address string) {
	d := openDesk(t, address)
	rain, _ := d.post("Rain", "Ida", "It rains.")
	sun, _ := d.post("Sun", "Ida", "It shines.")
	h, err := d.room.House(t.Context())
	d.must(err)
	base := int64(-1)
	arrange := func(f record.Front) error {
		f.Lang, f.Rest = "en", "newest"
		_, err := d.room.ArrangeFront(t.Context(), d.who, newsroom.FrontWish{Key: d.key(), Desk: d.desk, Base: base, Front: f})
		return err
	}
	second := record.FrontPlace{Place: record.SecondPlace}
	for words, f := range map[string]record.Front{
		"in two places":      {Places: []record.FrontPlace{{Article: rain, Place: record.LeadPlace}, {Article: rain, Place: record.BriefPlace}}},
		"has one lead":       {Places: []record.FrontPlace{{Article: rain, Place: record.LeadPlace}, {Article: sun, Place: record.LeadPlace}}},
		"stories under its":  {Places: []record.FrontPlace{second, second, second, second, second}},
		"is lead, second or": {Places: []record.FrontPlace{{Article: rain, Place: "ear"}}},
		"at most 40 places":  {Places: make([]record.FrontPlace, 41)},
		"at most 300":        {Places: []record.FrontPlace{{Article: rain, Headline: strings.Repeat("x", 301)}}},
		"has words":          {Breaking: &record.Breaking{Words: " \u200f", Until: h.Now.Add(time.Hour)}},
		"within 24 hours":    {Breaking: &record.Breaking{Words: "Now", Until: h.Now.Add(25 * time.Hour)}},
		"ends by itself":     {Breaking: &record.Breaking{Words: "Now", Until: h.Now.Add(-time.Hour)}},
	} {
		kind := story.Invalid
		if strings.HasPrefix(words, "at most") {
			kind = story.TooLarge
		}
		refused(t, arrange(f), kind, words)
	}
	d.must(arrange(record.Front{Places: []record.FrontPlace{{Article: sun, Place: record.LeadPlace}, second}}))
	first, err := d.room.Front(t.Context(), "en")
	d.must(err)
	base = first.N
	d.must(arrange(record.Front{Breaking: &record.Breaking{Words: "It rains", Article: rain, Until: h.Now.Add(time.Hour)}}))
	refused(t, arrange(record.Front{}), story.Conflict, "Somebody filed another front page")
	if v, err := d.room.Front(t.Context(), "en"); err != nil || v.Front.Breaking == nil || v.N <= first.N || v.Waiting != nil {
		t.Errorf("the front is %+v, %v", v, err)
	}
	_, err = d.room.File(t.Context(), d.who, newsroom.Filing{Key: d.key(), Article: rain, What: story.Kill, Base: -1})
	d.must(err)
	if v, err := d.room.Front(t.Context(), "en"); err != nil || v.Front.Breaking != nil {
		t.Errorf("after the kill the front is %+v, %v", v.Front, err)
	}
	// What names it afterwards, as a front does that waited meanwhile, says none of its words.
	base = -1
	d.must(arrange(record.Front{Places: []record.FrontPlace{{Article: rain, Place: record.LeadPlace, Headline: "Rain again"}}, Breaking: &record.Breaking{Words: "Rain again", Article: rain, Until: h.Now.Add(time.Hour)}}))
	n, err := d.room.Front(t.Context(), "en")
	d.must(err)
	d.must(d.db.Read(t.Context(), func(q *store.Query) error {
		e, _, err := q.Entry(n.N)
		if strings.Contains(string(e.Content), "Rain again") {
			t.Errorf("the front tells of a killed story: %s", e.Content)
		}
		return err
	}))
	refused(t, d.room.SetLook(t.Context(), d.who, d.key(), newsroom.LookWish{Look: record.Look{Faces: "none"}}), story.Invalid, "no faces")
}
