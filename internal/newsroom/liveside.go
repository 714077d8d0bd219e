package newsroom

import (
	"context"
	"encoding/json"
	"maps"
	"slices"
	"strings"

	"dateline/internal/record"
	"dateline/internal/store"
	"dateline/internal/story"
)

// What the newsroom keeps beside live pages, and reads out of them.

// A BreakingOut makes a story of its own of a live entry.
type BreakingOut struct {
	Key   string
	Page  story.ArticleID
	Entry string
	Desk  story.DeskID // of the new story
}

// brokenOut names the setting that keeps which story was broken out of an entry. It is
// private: a story that no reader has seen is not told of.
func brokenOut(page story.ArticleID, entry string) string {
	return "broken out " + string(page) + " " + entry
}

// BreakOut begins a story whose working text is that of a live entry, as it is public. Once
// the story is, the next edit of the entry leads to it.
func (r *Room) BreakOut(ctx context.Context, who Who, b BreakingOut) (story.ArticleID, error) {
	return do(ctx, r, who, "break out", b.Key, b, func(tx *store.Tx, who Who) (id story.ArticleID, err error) {
		if err := who.must("start", b.Desk); err != nil {
			return "", err
		}
		e, found, err := tx.NewestLive(b.Page, b.Entry)
		if err != nil || !found || b.Entry == "" || !e.Readable() || e.Class == story.Silences {
			return "", joinUnknown(err, "There is no such live entry.")
		}
		c, err := record.Decode[record.Live](e)
		if err != nil {
			return "", err
		}
		if id, err = r.start(tx, who, b.Desk, textOfLive(c)); err != nil {
			return "", err
		}
		if err := tx.Set(brokenOut(b.Page, b.Entry), id); err != nil {
			return "", err
		}
		return id, tx.Note(store.Audit{Member: who.Member, Verb: "break out", Desk: b.Desk, Subject: string(id), Detail: "of a live entry", Entry: e.N})
	})
}

func textOfLive(c record.Live) story.Text {
	t := story.Text{Type: story.Report, Lang: c.Lang, Headline: c.Headline, Slug: story.Slug(c.Headline), Doc: c.Doc, Quotations: c.Quotations}
	for _, p := range c.Pictures {
		p.Renditions = nil
		t.Pictures = append(t.Pictures, p)
	}
	if c.By != nil {
		t.Bylines = []story.Byline{{Name: c.By.Name}}
	}
	if len(t.Doc) == 0 {
		t.Doc = story.Doc{{Kind: story.Paragraph}}
	}
	return t
}

// breakOutOf is the story that was broken out of an entry; "" for none.
func breakOutOf(q *store.Query, page story.ArticleID, entry string) (id story.ArticleID, err error) {
	_, err = q.Setting(brokenOut(page, entry), &id)
	return id, err
}

// publicBreakOut is that story if readers know it.
func publicBreakOut(q *store.Query, page story.ArticleID, entry string) (story.ArticleID, error) {
	id, err := breakOutOf(q, page, entry)
	if err != nil || id == "" {
		return "", err
	}
	a, found, err := q.Article(id)
	if err != nil || !found || a.Standing != story.Public {
		return "", err
	}
	return id, nil
}

// usesOf are the pictures that an entry of an article or of its live page shows.
func usesOf(e record.Entry) (uses []story.PictureUse, err error) {
	if e.Kind != record.KindArticle && e.Kind != record.KindLive || !e.Readable() {
		return nil, nil
	}
	c, err := record.Decode[struct {
		Pictures []story.PictureUse `json:"pictures"`
	}](e)
	return c.Pictures, err
}

// namedBy are the people whom such an entry names.
func namedBy(e record.Entry) (all []story.Byline, err error) {
	if e.Kind != record.KindArticle && e.Kind != record.KindLive || !e.Readable() {
		return nil, nil
	}
	c, err := record.Decode[struct {
		Bylines    []story.Byline    `json:"bylines"`
		By         *story.Byline     `json:"by"`
		Quotations []story.Quotation `json:"quotations"`
	}](e)
	if c.By != nil {
		c.Bylines = append(c.Bylines, *c.By)
	}
	return named(story.Text{Bylines: c.Bylines, Quotations: c.Quotations}), err
}

// ofText are the parts that a working text shows: pictures of live entries lie beside them,
// and whoever added one has not edited the text.
func ofText(parts map[string]store.Part) map[string]store.Part {
	var order []string
	if p, there := parts[story.PartPictures]; there {
		_ = json.Unmarshal(p.Body, &order) // what cannot be read names none
	}
	parts = maps.Clone(parts)
	maps.DeleteFunc(parts, func(name string, _ store.Part) bool {
		id, picture := strings.CutPrefix(name, story.PicturePart(""))
		return picture && !slices.Contains(order, id)
	})
	return parts
}

// liveWhat is the act that a live entry was.
func liveWhat(e record.Entry) (story.What, bool) {
	c, err := record.Decode[record.Live](e)
	for what, does := range liveDoes {
		if err == nil && e.Readable() && does == c.Does {
			return what, true
		}
	}
	return "", false
}

// liveBack brings the pictures of a live entry back that a restore has from a mirror.
func (r *Room) liveBack(tx *store.Tx, from Mirror, e record.Entry) error {
	uses, err := usesOf(e)
	if err != nil {
		return err
	}
	id := story.ArticleID(e.Subject)
	parts, err := working(&tx.Query, id)
	if err != nil {
		return err
	}
	for _, p := range uses {
		if err := r.pictureBack(tx, from, p); err != nil {
			return err
		}
		if _, there := parts[story.PicturePart(p.ID)]; there {
			continue
		}
		p.Renditions = nil
		body, err := json.Marshal(p)
		if err != nil {
			return err
		}
		if err := tx.SavePart(id, store.Part{Name: story.PicturePart(p.ID), Version: 1, Body: body}, 0); err != nil {
			return err
		}
	}
	return nil
}
