package edition_test

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"dateline/internal/edition"
	"dateline/internal/edition/editiontest"
	"dateline/internal/record"
	"dateline/internal/story"
)

// TestListsLookThroughNothingElse asks the engine how it goes about lists: by an index, and
// without sorting, so that the millionth article costs what the first does.
func TestListsLookThroughNothingElse(t *testing.T) {
	e := editiontest.Open(t, editiontest.House(t))
	for name, query := range edition.Listing {
		steps, err := edition.Plan(t.Context(), e, query)
		if err != nil {
			t.Errorf("%s: %v", name, err)
		}
		t.Log(name, strings.Join(steps, "; "))
		for _, step := range steps {
			if strings.Contains(step, "TEMP B-TREE") || strings.HasPrefix(step, "SCAN") && !strings.Contains(step, "CONSTANT") && name != "firstAt" {
				t.Errorf("%s: %s", name, strings.Join(steps, "; "))
			}
		}
	}
}

// TestThePastOfAManyTimesChangedReport looks at every moment of a report that was changed,
// withdrawn, brought back, moved to another section and killed.
func TestThePastOfAManyTimesChangedReport(t *testing.T) {
	r := editiontest.Paper(t)
	at := func(minutes int) time.Time { return editiontest.Begin.Add(time.Duration(minutes) * time.Minute) }
	post := func(minutes int, section, headline string, change record.Change) {
		c := editiontest.Text("en", section, headline, "", "Words of "+headline)
		c.Change, c.Material = change, change != record.Corrected
		if change == record.Corrected {
			c.Correction = &record.Correction{Note: "Note of " + headline}
		}
		r.Post("art0000001", editiontest.London, at(minutes), c)
	}
	post(1, "city", "First", record.Posted)
	post(2, "city", "Second", record.Corrected)
	post(3, "science", "Third", record.Updated)
	r.Withdraw("art0000001", editiontest.London, at(4), "Gone")
	post(5, "city", "Fifth", record.Reinstated)
	e := editiontest.Open(t, r)
	look := func(minutes int) (words string) {
		t.Helper()
		err := e.View(t.Context(), func(v *edition.View) error {
			then, ok, err := v.AsOf(at(minutes).Add(time.Second))
			if err != nil || !ok {
				t.Fatal(ok, err)
			}
			for _, section := range []string{"city", "science"} {
				l, err := then.Section("en", section, edition.Page{Limit: 5})
				if err != nil {
					return err
				}
				for _, c := range l.Cards {
					words += fmt.Sprintf("%s in %s %+v; ", c.Headline, section, c.Since)
				}
			}
			a, ok, err := then.Article("art0000001")
			if err != nil {
				return err
			}
			words += fmt.Sprintf("%t %s %s %d", ok, a.Standing, a.Content.Headline, len(a.Corrections))
			return nil
		})
		if err != nil {
			t.Fatal(err)
		}
		return words
	}
	for minutes, want := range map[int]string{
		0: "false   0",
		1: "First in city {Corrected:true Updated:true Withdrawn:false}; true public First 0",
		2: "Second in city {Corrected:false Updated:true Withdrawn:false}; true public Second 1",
		3: "Third in science {Corrected:false Updated:true Withdrawn:false}; true public Third 1",
		4: "true withdrawn Third 1",
		5: "Fifth in city {Corrected:false Updated:false Withdrawn:false}; true public Fifth 1",
	} {
		if got := look(minutes); got != want {
			t.Errorf("minute %d: %s, want %s", minutes, got, want)
		}
	}
	r.Kill("art0000001", editiontest.London, at(6), "Killed")
	if err := e.CatchUp(t.Context(), r); err != nil {
		t.Fatal(err)
	}
	for minutes := 1; minutes < 7; minutes++ {
		if got := look(minutes); got != "true killed  0" {
			t.Errorf("after the kill, minute %d: %s", minutes, got)
		}
	}
	digest, err := e.Digest(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	if again, err := editiontest.Open(t, r).Digest(t.Context()); err != nil || again != digest {
		t.Error("an edition that saw the kill come is not the one that is built after it", err)
	}
}

// TestThePastKnowsItsHouse: a house that was renamed, and a desk that was not there yet.
func TestThePastKnowsItsHouse(t *testing.T) {
	r := editiontest.Paper(t)
	e := editiontest.Open(t, r)
	h := editiontest.HouseEntry()
	h.Names = record.Words{"en": "The Other Name"}
	r.Append(record.KindHouse, "house00001", "", editiontest.Begin, h)
	d := editiontest.DeskEntry(editiontest.London)
	d.Slug = "thames"
	r.Append(record.KindDesk, string(editiontest.London), editiontest.London, editiontest.Begin.Add(time.Minute), d)
	r.Append(record.KindDesk, "desk000009", "desk000009", editiontest.Begin.Add(2*time.Minute), editiontest.DeskEntry("desk000009"))
	if err := e.CatchUp(t.Context(), r); err != nil {
		t.Fatal(err)
	}
	for minutes, want := range map[int]string{-1: "The Meridian 3 london", 0: "The Other Name 3 london", 1: "The Other Name 3 thames", 2: "The Other Name 4 thames"} {
		err := e.View(t.Context(), func(v *edition.View) error {
			then, _, err := v.AsOf(editiontest.Begin.Add(time.Duration(minutes)*time.Minute + time.Second))
			if err != nil {
				return err
			}
			house, ok, err := then.House()
			if err != nil || !ok {
				t.Fatal(ok, err)
			}
			desks, err := then.Desks(house)
			if err != nil {
				return err
			}
			slug := ""
			for _, d := range desks {
				if d.ID == editiontest.London {
					slug = d.Slug
				}
			}
			if got := fmt.Sprint(house.Names["en"], " ", len(desks), " ", slug); got != want {
				t.Errorf("minute %d: %s, want %s", minutes, got, want)
			}
			return nil
		})
		if err != nil {
			t.Fatal(err)
		}
	}
}

func TestKeysOfWhatThingsAreFiledUnder(t *testing.T) {
	for code, want := range map[string]string{"medtop:20000638": "medtop:20000638", "A_b-9": "A_b-9", "x.atom": "x-atom", "a/b": "a-b", "Fish & chips": "fish-chips", "נמלים": "נמלים", "": "", "///": ""} {
		if got := edition.TopicKey(code); got != want {
			t.Errorf("%q: %q, want %q", code, got, want)
		}
	}
	for _, c := range []struct {
		by   story.Byline
		want string
	}{{story.Byline{Name: "Ruth Abelard"}, "ruth-abelard"}, {story.Byline{Name: "Ruth", Person: "abcdefgh40"}, "@abcdefgh40"}, {story.Byline{Name: "Ruth", Person: "no/id"}, "ruth"}, {story.Byline{Name: " "}, ""}} {
		if got := edition.AuthorKey(c.by); got != c.want {
			t.Errorf("%+v: %q, want %q", c.by, got, c.want)
		}
	}
}

// TestThePastOfALivePage: an entry has the words that it had, and none once it was removed.
func TestThePastOfALivePage(t *testing.T) {
	r := editiontest.Paper(t)
	at := func(minutes int) time.Time { return editiontest.Begin.Add(time.Duration(minutes) * time.Minute) }
	page := editiontest.Text("en", "city", "Live", "", "")
	page.Type = story.Live
	r.Post("art0000001", editiontest.London, at(0), page)
	r.Live("art0000001", editiontest.London, at(1), record.Live{Does: record.LiveOpens, Desks: []story.DeskID{editiontest.London}})
	r.Live("art0000001", editiontest.London, at(2), editiontest.Said("entry001", "First words"))
	r.Live("art0000001", editiontest.London, at(3), editiontest.Said("entry002", "A slander"))
	edit := editiontest.Said("entry001", "Other words")
	edit.Does = record.LiveEdits
	r.Live("art0000001", editiontest.London, at(4), edit)
	pin := edit
	pin.Pinned = true
	r.Live("art0000001", editiontest.London, at(5), pin)
	r.Live("art0000001", editiontest.London, at(6), record.Live{Does: record.LiveRemoves, Entry: "entry002"})
	r.Live("art0000001", editiontest.London, at(7), record.Live{Does: record.LiveCloses, Summary: "The end"})
	e := editiontest.Open(t, r)
	for minutes, want := range map[int]string{
		0: " []", 1: "open []", 2: "open [entry001 First words -]", 3: "open [entry002 removed, entry001 First words -]", 4: "open [entry002 removed, entry001 Other words 4]",
		5: "open [entry002 removed, entry001 Other words 4]", 7: "closed [entry002 removed, entry001 Other words 4]",
	} {
		err := e.View(t.Context(), func(v *edition.View) error {
			then, _, err := v.AsOf(at(minutes).Add(time.Second))
			if err != nil {
				return err
			}
			p, _, err := then.LivePage("art0000001")
			if err != nil {
				return err
			}
			entries, _, err := then.Live("art0000001", edition.Page{Limit: 5})
			if err != nil {
				return err
			}
			var lines []string
			for _, x := range entries {
				words, changed := "removed", ""
				if len(x.Content.Doc) > 0 {
					words, changed = x.Content.Doc[0].Plain(), " -"
				}
				if !x.Updated.IsZero() {
					changed = fmt.Sprintf(" %.0f", x.Updated.Sub(at(0)).Minutes())
				}
				lines = append(lines, x.ID+" "+words+changed)
			}
			if got := fmt.Sprintf("%s [%s]", p.State, strings.Join(lines, ", ")); got != want {
				t.Errorf("minute %d: %s, want %s", minutes, got, want)
			}
			return nil
		})
		if err != nil {
			t.Fatal(err)
		}
	}
}
