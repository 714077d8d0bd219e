package edition

import (
	"encoding/json"
	"fmt"
	"time"

	"dateline/internal/record"
	"dateline/internal/story"
)

// A FrontPage is a front page: what editors placed, and after it the newest.
type FrontPage struct {
	Lead     *Card
	Second   []Card
	Briefs   []Card
	Rest     []Card    // nowhere above; first what was put in order without a place of its own
	Breaking *Breaking // also one whose time is over: the page looks
	N        int64     // of the entry that arranged it, 0 for none
}

// Breaking is a line above all else until its end.
type Breaking struct {
	Words string
	Until time.Time
	Card  *Card // that it leads to, nil for none
}

// Cards are all stories of the page in its order.
func (p FrontPage) Cards() (all []Card) {
	if p.Lead != nil {
		all = append(all, *p.Lead)
	}
	return append(append(append(all, p.Second...), p.Briefs...), p.Rest...)
}

const frontOf = `SELECT e.n, e.content FROM front f JOIN entry e ON e.n = f.n WHERE f.lang = $1`
const cardOfArticle = `SELECT ` + cardColumns + ` FROM article a WHERE a.id = $1 AND a.standing = 'public' AND a.lang = $2`

// Front returns the front page of a language, with up to limit of the newest.
func (v *View) Front(lang string, limit int) (p FrontPage, err error) {
	v.shows(frontKey(lang))
	var n int64
	var content []byte
	_, err = v.one(frontOf, []any{lang}, &n, &content)
	if err != nil {
		return p, err
	}
	front, err := frontIn(lang, content)
	if err != nil {
		return p, err
	}
	p, err = v.FrontOf(lang, front, limit)
	p.N = n
	return p, err
}

// frontIn reads a front entry; there may be none.
func frontIn(lang string, content []byte) (front record.Front, err error) {
	front.Lang = lang
	if content == nil {
		return front, nil
	}
	if err := json.Unmarshal(content, &front); err != nil {
		return front, fmt.Errorf("the front of %s: %w", lang, err)
	}
	return front, nil
}

// FrontOf is a front page as it would be arranged: for previews, by the code that draws the
// one that readers see. A place whose story is not public falls back to the rule, as one
// that nobody filled does: the newest story that stands nowhere else.
func (v *View) FrontOf(lang string, front record.Front, limit int) (FrontPage, error) {
	rest, err := v.Latest(lang, limit)
	if err != nil {
		return FrontPage{}, err
	}
	return arrange(front, rest, func(id story.ArticleID) (*Card, error) { return v.placed(lang, id) })
}

// arrange gives the newest and what editors placed, which find finds, its places.
func arrange(front record.Front, rest []Card, find func(story.ArticleID) (*Card, error)) (p FrontPage, err error) {
	placed := map[story.ArticleID]bool{}
	cards := make([]*Card, len(front.Places))
	for i, place := range front.Places {
		if cards[i], err = sought(place.Article, find); err != nil {
			return p, err
		}
		if c := cards[i]; c != nil && placed[c.ID] {
			cards[i] = nil
		} else if c != nil {
			placed[c.ID] = true
			if place.Headline != "" {
				c.Headline = place.Headline
			}
		}
	}
	p.place(front, cards, placed, rest)
	if b := front.Breaking; b != nil {
		c, err := sought(b.Article, find)
		if err != nil || b.Article != "" && c == nil {
			return p, err // what it tells of is taken back
		}
		p.Breaking = &Breaking{b.Words, b.Until, c}
	}
	return p, nil
}

// sought is the card of a story, nil for none.
func sought(id story.ArticleID, find func(story.ArticleID) (*Card, error)) (*Card, error) {
	if id == "" {
		return nil, nil
	}
	return find(id)
}

// placed is the card of a public story, nil for none.
func (v *View) placed(lang string, id story.ArticleID) (*Card, error) {
	v.shows(articleKey(string(id))) // it may yet come back
	a, err := v.cards(cardOfArticle, string(id), lang)
	if err != nil || len(a) == 0 {
		return nil, err
	}
	return &a[0].Card, nil
}

// place gives every card its place, and the newest to places that are empty.
func (p *FrontPage) place(front record.Front, cards []*Card, placed map[story.ArticleID]bool, newest []Card) {
	rule := func() *Card {
		for len(newest) > 0 {
			c := newest[0]
			if newest = newest[1:]; !placed[c.ID] {
				placed[c.ID] = true
				return &c
			}
		}
		return nil
	}
	for i, place := range front.Places {
		c := cards[i]
		if c == nil && place.Place != "" {
			c = rule()
		}
		switch {
		case c == nil:
		case p.Lead == nil && (place.Place == record.LeadPlace || place.Place == ""):
			p.Lead = c
		case place.Place == record.SecondPlace:
			p.Second = append(p.Second, *c)
		case place.Place == record.BriefPlace:
			p.Briefs = append(p.Briefs, *c)
		default:
			p.Rest = append(p.Rest, *c)
		}
	}
	for c := rule(); c != nil; c = rule() {
		p.Rest = append(p.Rest, *c)
	}
	if p.Lead == nil && len(p.Rest) > 0 {
		p.Lead, p.Rest = &p.Rest[0], p.Rest[1:]
	}
}
