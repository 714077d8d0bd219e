package feed_test

import (
	"encoding/json"
	"encoding/xml"
	"strings"
	"testing"
	"time"

	"dateline/internal/edition"
	"dateline/internal/story"
)

// taken adds to a feed's articles one that was killed and one that the law took.
func taken(articles []edition.Article) []edition.Article {
	at := time.Date(2024, 3, 22, 16, 0, 0, 0, time.UTC)
	return append(articles,
		edition.Article{Card: edition.Card{ID: "art0000031", Posted: at, Updated: at}, Standing: story.Killed, Note: "A forged <letter>.", TakenAt: at.Add(time.Hour)},
		edition.Article{Card: edition.Card{ID: "art0000032", Posted: at, Updated: at}, Standing: story.Erased, TakenAt: at.Add(time.Hour)})
}

func TestFormats(t *testing.T) {
	for _, lang := range []string{"en", "he"} {
		h, articles := house(t, lang)
		f := front(h, taken(articles))
		rss, err := f.RSS()
		if err != nil {
			t.Fatal(err)
		}
		wellFormed(t, rss)
		golden(t, "testdata/feed."+lang+".rss", rss)
		body, err := f.JSON()
		if err != nil {
			t.Fatal(err)
		}
		golden(t, "testdata/feed."+lang+".json", body)
	}
}

// TestFormatsTellTheSame reads the three formats back and wants the same ids and titles in
// the same order, and in Atom tombstones beside.
func TestFormatsTellTheSame(t *testing.T) {
	h, articles := house(t, "en")
	f := front(h, taken(articles))
	var ids [3][]string
	body, err := f.Atom()
	var atom struct {
		Entries []struct {
			ID    string `xml:"id"`
			Title string `xml:"title"`
		} `xml:"entry"`
		Gone []struct {
			Ref string `xml:"ref,attr"`
		} `xml:"http://purl.org/atompub/tombstones/1.0 deleted-entry"`
	}
	if err != nil || xml.Unmarshal(body, &atom) != nil {
		t.Fatal(err)
	}
	for _, e := range atom.Entries {
		ids[0] = append(ids[0], e.ID+" "+e.Title)
	}
	body, err = f.RSS()
	var rss struct {
		Items []struct {
			ID    string `xml:"guid"`
			Title string `xml:"title"`
		} `xml:"channel>item"`
	}
	if err != nil || xml.Unmarshal(body, &rss) != nil {
		t.Fatal(err)
	}
	for _, i := range rss.Items {
		ids[1] = append(ids[1], i.ID+" "+i.Title)
	}
	body, err = f.JSON()
	var j struct {
		Items []struct{ ID, Title string }
	}
	if err != nil || json.Unmarshal(body, &j) != nil {
		t.Fatal(err)
	}
	for _, i := range j.Items {
		ids[2] = append(ids[2], i.ID+" "+i.Title)
	}
	if want := strings.Join(ids[0], "\n"); len(atom.Gone) != 2 || strings.Join(ids[1], "\n") != want || strings.Join(ids[2], "\n") != want {
		t.Errorf("the formats differ: %q", ids)
	}
}

// TestNoPictureWithoutCredit looks for pictures in every format: none is there whose credit
// is not.
func TestNoPictureWithoutCredit(t *testing.T) {
	h, articles := house(t, "en")
	f := front(h, articles)
	for name, write := range map[string]func() ([]byte, error){"atom": f.Atom, "rss": f.RSS, "json": f.JSON} {
		body, err := write()
		if err != nil {
			t.Fatal(err)
		}
		text := string(body)
		if strings.Contains(text, "Nobody's.") || !strings.Contains(text, "Noa Harel / Basin Pictures") {
			t.Errorf("%s: pictures and credits do not go together", name)
		}
	}
}
