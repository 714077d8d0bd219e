package site

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"time"

	"dateline/internal/edition"
	"dateline/internal/live"
	"dateline/internal/record"
	"dateline/internal/story"
	"dateline/internal/web/ui"
)

// What entries tell open pages. Everything is read from the edition as it is when the event
// is made: a text that was corrected, withdrawn or killed since is told as it is now, or not
// at all.

// eventSource is the edition as a hub follows it.
type eventSource struct {
	edition *edition.Edition
	now     func() time.Time
}

// Head implements live.Source.
func (s eventSource) Head(ctx context.Context) (int64, error) { return s.edition.Head(ctx) }

// Wake implements live.Source.
func (s eventSource) Wake() <-chan struct{} { return s.edition.Wake() }

// Quiet implements live.QuietSource, for pages of articles: those are read for years.
func (s eventSource) Quiet(ctx context.Context, channels []string, n int64) (upTo int64, quiet bool, err error) {
	err = s.edition.View(ctx, func(v *edition.View) error {
		for _, c := range channels {
			if changed, err := mayHaveChanged(v, c, n); changed || err != nil {
				return err
			}
		}
		quiet = true
		_, upTo, err = v.Place()
		return err
	})
	return upTo, quiet, err
}

func mayHaveChanged(v *edition.View, channel string, n int64) (bool, error) {
	kind, rest, _ := strings.Cut(channel, ".")
	switch kind {
	case "article":
		return v.ArticleChanged(story.ArticleID(rest), n)
	case "all":
		return v.PicturesChanged(n)
	case "notice": // stands, and is told to whoever comes
		return false, nil
	}
	return true, nil
}

// After implements live.Source.
func (s eventSource) After(ctx context.Context, n int64, limit int) (out []live.Entry, err error) {
	entries, err := s.edition.After(ctx, n, limit)
	if err != nil || len(entries) == 0 {
		return nil, err
	}
	err = s.edition.View(ctx, func(v *edition.View) error {
		house, ok, err := v.House()
		if err != nil {
			return err
		}
		var desks []edition.Desk
		if ok {
			if desks, err = v.Desks(house); err != nil {
				return err
			}
		}
		now := s.now()
		t := telling{v, edition.MomentAt(house, desks, now), now}
		for _, e := range entries {
			events, err := t.events(e)
			if err != nil {
				return fmt.Errorf("telling entry %d: %w", e.N, err)
			}
			out = append(out, live.Entry{ID: live.ID{Volume: e.Volume, N: e.N}, Events: events, Silences: e.Class == story.Silences})
		}
		return nil
	})
	return out, err
}

// telling makes events on one state of the edition.
type telling struct {
	view   *edition.View
	moment edition.Moment
	now    time.Time
}

// tells are the kinds that open pages are told of, with what makes their events.
var tells = map[record.Kind]func(telling, record.Entry) ([]live.Event, error){
	record.KindArticle:  telling.article,
	record.KindWithdraw: telling.taken,
	record.KindKill:     telling.taken,
	record.KindErase:    telling.taken,
	record.KindFront:    telling.front,
	record.KindPackage:  telling.running,
	record.KindPicture:  telling.picture,
	record.KindLive:     telling.liveEntry,
}

func (t telling) events(e record.Entry) ([]live.Event, error) {
	if tell := tells[e.Kind]; tell != nil {
		return tell(t, e)
	}
	return nil, nil
}

// articleNews is the data of an event about an article.
type articleNews struct {
	Kind     string          `json:"kind"` // posted, updated, corrected, reinstated, withdrawn, killed, erased
	N        int64           `json:"n"`    // of the newest entry that the blocks show
	ID       story.ArticleID `json:"id"`
	Address  string          `json:"url,omitempty"`
	Lang     string          `json:"lang,omitempty"`
	Section  string          `json:"section,omitempty"`
	Desk     story.DeskID    `json:"desk"`
	Headline string          `json:"headline,omitempty"`
	Word     string          `json:"word,omitempty"` // what happened, in a word of the article's language
	Card     string          `json:"card,omitempty"` // as lists show it; none: lists drop it
	Text     string          `json:"text,omitempty"` // of its own page; none: the page fetches itself
}

// article tells of an article that was posted or changed, as long as it is public.
func (t telling) article(e record.Entry) ([]live.Event, error) {
	a, ok, err := t.view.Article(story.ArticleID(e.Subject))
	if err != nil || !ok || a.Standing != story.Public || !e.Readable() {
		return nil, err
	}
	content, err := record.Decode[record.Article](e)
	if err != nil || content.Change == record.Archived {
		return nil, err // what is archived is new to nobody
	}
	return t.changed(a, string(content.Change), content.Section)
}

// taken tells of an article that was taken back.
func (t telling) taken(e record.Entry) ([]live.Event, error) {
	a, ok, err := t.view.Article(story.ArticleID(e.Subject))
	if err != nil || !ok || a.Standing == story.Public {
		return nil, err
	}
	return t.changed(a, string(a.Standing))
}

// changed tells an article's own page its new text, and lists its card. sections are those
// whose lists may show it besides its own.
func (t telling) changed(a edition.Article, kind string, sections ...string) ([]live.Event, error) {
	lang := t.moment.House.Lang(a.Lang)
	f := frame{moment: t.moment, lang: lang, words: ui.WordsIn(lang), pictures: ui.PictureAddress}
	c := articleNews{Kind: kind, N: a.N, ID: a.ID, Lang: a.Lang, Section: a.Section, Desk: a.Desk, Headline: a.Headline, Word: f.changeWord(kind)}
	if a.Lang != "" {
		c.Address = f.addressOf(a.Card)
	}
	text, err := t.text(f, a)
	if err != nil {
		return nil, err
	}
	if a.Standing == story.Public {
		if c.Card, err = drawn(cardPart, f.card(a.Card, f.asOf([]edition.Card{a.Card}), true, sizesColumn, false)); err != nil {
			return nil, err
		}
	}
	short, err := encodeEvent(c)
	if err != nil {
		return nil, err
	}
	c.Text = text
	whole, err := encodeEvent(c)
	if err != nil {
		return nil, err
	}
	if len(whole) > live.MaxData {
		whole = short
	}
	older, err := t.sections(a)
	if err != nil {
		return nil, err
	}
	lists := t.lists(a, append(append(sections, older...), a.Section))
	if a.Standing != story.Public {
		lists = append(lists, "all") // any page may name it
	}
	return []live.Event{
		{Channels: []string{channel("article", string(a.ID))}, Name: "article", Data: whole},
		{Channels: lists, Name: "article", Data: short},
	}, nil
}

// lists are the channels of the pages that may list an article: of its language and its
// sections. Of one that was killed neither is known any longer, and all are told.
func (t telling) lists(a edition.Article, sections []string) (names []string) {
	langs := []string{a.Lang}
	if a.Lang == "" {
		langs = t.moment.House.Languages
		for _, s := range t.moment.House.Sections {
			sections = append(sections, s.ID)
		}
	}
	for _, lang := range langs {
		names = append(names, channel("house", lang), channel("desk", lang, string(a.Desk)))
		for _, s := range sections {
			if name := channel("section", lang, s); s != "" && !slices.Contains(names, name) {
				names = append(names, name)
			}
		}
	}
	return names
}

// sections are those that an article stood in before.
func (t telling) sections(a edition.Article) (all []string, err error) {
	if a.Versions < 2 {
		return nil, nil
	}
	versions, err := t.view.History(a.ID)
	for _, v := range versions {
		all = append(all, v.Content.Section)
	}
	return all, err
}

var (
	cardPart = ui.NewPage[card](own, "livecard.tmpl", "cards.tmpl", "livecard.tmpl")
	textPart = ui.NewPage[articlePageData](own, "livetext.tmpl", "cards.tmpl", "timeline.tmpl", "article.tmpl", "livetext.tmpl")
)

// text is what the article's own page shows in its main part. A killed article has none:
// its page becomes another one.
func (t telling) text(f frame, a edition.Article) (string, error) {
	if wordless(a) {
		return "", nil
	}
	v := visit{frame: f, view: t.view}
	texts, err := v.texts(a)
	if err != nil {
		return "", err
	}
	list, err := t.view.DeskCards(a.Lang, a.Desk, edition.Page{Limit: alsoLimit + 1})
	if err != nil {
		return "", err
	}
	also := slices.DeleteFunc(list.Cards, func(c edition.Card) bool { return c.ID == a.ID })
	p := f.layArticle(a, also[:min(alsoLimit, len(also))], texts)
	if err := v.hangTogether(&p, a); err != nil {
		return "", err
	}
	return drawn(textPart, p)
}

func drawn[T any](p *ui.Page[T], value T) (string, error) {
	b, err := p.Bytes(value)
	return strings.TrimSpace(string(b)), err
}

// encodeEvent leaves HTML as it is: the bytes are never a script or a page.
func encodeEvent(c any) ([]byte, error) {
	var b bytes.Buffer
	e := json.NewEncoder(&b)
	e.SetEscapeHTML(false)
	err := e.Encode(c)
	return bytes.TrimSpace(b.Bytes()), err
}

func (f frame) changeWord(kind string) string {
	switch kind {
	case string(record.Corrected):
		return f.words.Corrected
	case string(record.Updated):
		return f.words.Updated
	case string(record.Posted), string(record.Reinstated):
		return f.words.Posted
	}
	return f.words.WithdrawnTitle
}

// A mention names what changed, for pages that fetch it.
type mention struct {
	N    int64  `json:"n"`
	ID   string `json:"id,omitempty"`
	Lang string `json:"lang,omitempty"`
	Gone bool   `json:"gone,omitempty"`
}

func told(name string, m mention, channels ...string) ([]live.Event, error) {
	data, err := encodeEvent(m)
	return []live.Event{{Channels: channels, Name: name, Data: data}}, err
}

// front tells that editors arranged a front page anew.
func (t telling) front(e record.Entry) ([]live.Event, error) {
	return told("front", mention{N: e.N, Lang: e.Subject}, channel("house", e.Subject))
}

// running tells that a running story has other members, or another order.
func (t telling) running(e record.Entry) ([]live.Event, error) {
	return told("running", mention{N: e.N, ID: e.Subject}, channel("running", e.Subject))
}

// picture tells everybody that a picture was taken down, or has another credit or caption.
func (t telling) picture(e record.Entry) ([]live.Event, error) {
	return told("picture", mention{N: e.N, ID: e.Subject, Gone: e.Class == story.Silences}, channel("all"))
}

// channel writes a channel's name: parts with dots between them, of lower-case letters,
// digits and hyphens. Any other byte of an id is written in hexadecimal.
func channel(parts ...string) string {
	var b strings.Builder
	for i, p := range parts {
		if i > 0 {
			b.WriteByte('.')
		}
		for _, c := range []byte(strings.ToLower(p)) {
			if 'a' <= c && c <= 'z' || '0' <= c && c <= '9' || c == '-' {
				b.WriteByte(c)
			} else {
				_, _ = fmt.Fprintf(&b, "%02x", c)
			}
		}
	}
	return b.String()
}
