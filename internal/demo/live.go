package demo

import (
	"context"
	"fmt"
	"time"

	"dateline/internal/newsroom"
	"dateline/internal/story"
)

// The demo's live page: a game of chess that two desks follow over the Friday.

type liveFile struct {
	At         time.Time   `json:"at"`
	Desk       string      `json:"desk"`
	Desks      []string    `json:"desks"`
	Lang       string      `json:"lang"`
	Section    string      `json:"section"`
	Slug       string      `json:"slug"`
	Headline   string      `json:"headline"`
	Short      string      `json:"short"`
	Standfirst string      `json:"standfirst"`
	Bylines    []string    `json:"bylines"`
	Entries    []entryFile `json:"entries"`
}

type entryFile struct {
	At        time.Time  `json:"at"`
	Desk      string     `json:"desk"`
	By        string     `json:"by"`
	Headline  string     `json:"headline"`
	Text      string     `json:"text"`
	Key       bool       `json:"key"`
	Pinned    bool       `json:"pinned"`
	Quotation *blockFile `json:"quotation"`
	Picture   *struct {
		ID, Caption, Alt, Photographer, Agency string
	} `json:"picture"`
	Edit *struct {
		At   time.Time `json:"at"`
		Text string    `json:"text"`
	} `json:"edit"`
	Removed time.Time `json:"removed"`
}

// liveEvents are what happens on the live page, each at its instant.
func (w Week) liveEvents() ([]event, error) {
	p := &livePlay{week: w}
	if err := read("live.json", &p.file); err != nil {
		return nil, err
	}
	p.entries = make([]string, len(p.file.Entries))
	events := []event{{p.file.At, p.open}}
	for i, e := range p.file.Entries {
		events = append(events, event{e.At, func(ctx context.Context) error { return p.say(ctx, i) }})
		if e.Edit != nil {
			events = append(events, event{e.Edit.At, func(ctx context.Context) error { return p.edit(ctx, i) }})
		}
		if !e.Removed.IsZero() {
			events = append(events, event{e.Removed, func(ctx context.Context) error { return p.remove(ctx, i) }})
		}
	}
	return events, nil
}

// livePlay is the live page of the week.
type livePlay struct {
	week    Week
	file    liveFile
	page    story.ArticleID
	entries []string // ids, in the file's order
}

func (p *livePlay) key(step string) string { return "the-demos-live-page-" + step }

// by is the editor of a desk, and the desk.
func (p *livePlay) by(ctx context.Context, slug string) (who newsroom.Who, desk story.DeskID, err error) {
	house, err := p.week.Room.House(ctx)
	if err != nil {
		return who, "", err
	}
	d, ok := house.Desk(slug)
	if !ok {
		return who, "", fmt.Errorf("the demo's live page: there is no desk %q", slug)
	}
	who, err = p.week.Room.Acting(ctx, editors[slug])
	return who, d.ID, err
}

// open publishes the page and opens it with its desks.
func (p *livePlay) open(ctx context.Context) error {
	room, f := p.week.Room, p.file
	who, desk, err := p.by(ctx, f.Desk)
	if err != nil {
		return err
	}
	text := story.Text{Type: story.Live, Lang: f.Lang, Section: f.Section, Slug: f.Slug, Headline: f.Headline, Short: f.Short, Standfirst: f.Standfirst}
	for _, name := range f.Bylines {
		text.Bylines = append(text.Bylines, story.Byline{Name: name})
	}
	if p.page, err = room.Start(ctx, who, newsroom.Beginning{Key: p.key("start"), Desk: desk, Text: &text}); err != nil {
		return fmt.Errorf("the demo's live page: %w", err)
	}
	if _, err := room.File(ctx, who, newsroom.Filing{Key: p.key("publish"), Article: p.page, What: story.Publish, NoUndo: true, Base: -1}); err != nil {
		return fmt.Errorf("the demo's live page: %w", err)
	}
	w := newsroom.LiveWish{Key: p.key("open"), Page: p.page, What: story.OpenLive, Desk: desk, Base: -1, NoUndo: true}
	for _, slug := range f.Desks {
		_, id, err := p.by(ctx, slug)
		if err != nil {
			return err
		}
		w.Desks = append(w.Desks, id)
	}
	return p.ask(ctx, who, w, nil)
}

func (p *livePlay) ask(ctx context.Context, who newsroom.Who, w newsroom.LiveWish, id *string) error {
	filed, err := p.week.Room.Live(ctx, who, w)
	if err != nil {
		return fmt.Errorf("the demo's live page: %w", err)
	}
	if id != nil {
		*id = filed.Part
	}
	return nil
}

// say adds the nth entry of the file.
func (p *livePlay) say(ctx context.Context, n int) error {
	e := p.file.Entries[n]
	who, desk, err := p.by(ctx, e.Desk)
	if err != nil {
		return err
	}
	words, err := p.words(ctx, who, n)
	if err != nil {
		return err
	}
	w := newsroom.LiveWish{Key: p.key(fmt.Sprintf("add-%02d", n)), Page: p.page, What: story.AddLive, Desk: desk, Base: -1, Words: words, NoUndo: true}
	return p.ask(ctx, who, w, &p.entries[n])
}

func (p *livePlay) words(ctx context.Context, who newsroom.Who, n int) (w newsroom.LiveWords, err error) {
	e := p.file.Entries[n]
	w = newsroom.LiveWords{Headline: e.Headline, Doc: story.ParseDoc(e.Text), By: e.By, Key: e.Key, Pinned: e.Pinned}
	for i := range w.Doc {
		w.Doc[i].ID = fmt.Sprintf("demv%02d%02d", n, i)
	}
	if q := e.Quotation; q != nil {
		w.Quotations = []story.Quotation{{ID: fmt.Sprintf("demvq%03d", n), Words: []story.Words{{Text: q.Text}}, Form: "direct", Speaker: q.Speaker,
			Capacity: q.Capacity, Occasion: q.Occasion, Place: q.Place, Said: q.Said, ReportedBy: q.ReportedBy}}
	}
	if pic := e.Picture; pic != nil {
		raw, err := content.ReadFile("content/pictures/" + pic.ID + ".jpg")
		if err != nil {
			return w, err
		}
		use, err := p.week.Room.AddLivePicture(ctx, who, p.key(fmt.Sprintf("picture-%02d", n)), p.page, raw)
		if err != nil {
			return w, fmt.Errorf("the demo's live page: %w", err)
		}
		use.Caption, use.Alt, use.Credit = pic.Caption, pic.Alt, story.Credit{Photographer: pic.Photographer, Agency: pic.Agency}
		w.Pictures = []story.PictureUse{use}
	}
	return w, nil
}

func (p *livePlay) edit(ctx context.Context, n int) error {
	who, desk, err := p.by(ctx, p.file.Entries[n].Desk)
	if err != nil {
		return err
	}
	words, err := p.words(ctx, who, n)
	if err != nil {
		return err
	}
	id := words.Doc[0].ID
	words.Doc = story.ParseDoc(p.file.Entries[n].Edit.Text)
	words.Doc[0].ID = id
	return p.ask(ctx, who, newsroom.LiveWish{Key: p.key(fmt.Sprintf("edit-%02d", n)), Page: p.page, What: story.EditLive, Desk: desk, Entry: p.entries[n], Base: -1, Words: words, NoUndo: true}, nil)
}

func (p *livePlay) remove(ctx context.Context, n int) error {
	who, desk, err := p.by(ctx, p.file.Entries[n].Desk)
	if err != nil {
		return err
	}
	return p.ask(ctx, who, newsroom.LiveWish{Key: p.key(fmt.Sprintf("remove-%02d", n)), Page: p.page, What: story.RemoveLive, Desk: desk, Entry: p.entries[n], Base: -1}, nil)
}
