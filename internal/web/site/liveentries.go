package site

import (
	"dateline/internal/edition"
	"dateline/internal/live"
	"dateline/internal/record"
	"dateline/internal/story"
)

// entryNews is the data of an event about an entry of a live page, or about the page.
type entryNews struct {
	Kind string          `json:"kind"` // add, edit, remove; open, reopen, close of the page itself
	N    int64           `json:"n"`
	ID   story.ArticleID `json:"id"`             // of the page
	HTML string          `json:"html,omitempty"` // the entry as the page shows it; none: the page fetches itself
	More bool            `json:"more,omitempty"` // what stands beside the entries changes as well
}

// liveEntry tells the readers of a live page of one of its entries, as it is now.
func (t telling) liveEntry(e record.Entry) ([]live.Event, error) {
	a, ok, err := t.view.Article(story.ArticleID(e.Subject))
	if err != nil || !ok || a.Standing != story.Public || !e.Readable() {
		return nil, err
	}
	c, err := record.Decode[record.Live](e)
	if err != nil {
		return nil, err
	}
	news := entryNews{Kind: string(c.Does), N: e.N, ID: a.ID}
	if c.Entry != "" {
		x, found, err := t.view.LiveEntry(a.ID, c.Entry)
		if err != nil || !found {
			return nil, err
		}
		if news.HTML, err = t.block(a, x); err != nil {
			return nil, err
		}
		news.More = x.Key || x.Pinned || c.Does != record.LiveAdds
	}
	data, err := encodeEvent(news)
	if err == nil && len(data) > live.MaxData {
		news.HTML = ""
		data, err = encodeEvent(news)
	}
	return []live.Event{{Channels: []string{channel("article", string(a.ID))}, Name: "entry", Data: data}}, err
}

// block draws an entry, with the story that was broken out of it where readers see that.
func (t telling) block(a edition.Article, x edition.LiveEntry) (string, error) {
	var out *edition.Article
	if x.Content.BrokenOut != "" {
		b, ok, err := t.view.Article(x.Content.BrokenOut)
		if err != nil {
			return "", err
		}
		if ok {
			out = &b
		}
	}
	html, err := LiveBlock(t.moment.House, desksOf(t.moment), a, x, out)
	return string(html), err
}

func desksOf(m edition.Moment) (desks []edition.Desk) {
	for _, s := range m.Desks {
		desks = append(desks, s.Desk)
	}
	return desks
}
