package site

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"net/http"
	"os"
	"strconv"
	"strings"

	"dateline/internal/drawing"
	"dateline/internal/edition"
	"dateline/internal/story"
	"dateline/internal/web/ready"
	"dateline/internal/web/ui"
)

// The picture of an article where it is shared: drawn of the edition when somebody asks,
// and kept with the keys of what it shows, so that it goes when its story does.

// An easel is where one card is drawn at a time: a crowd that asks for many waits in a
// short line, and does not take the machine from those who read.
type easel struct {
	place chan struct{} // holds the one who draws
	line  chan struct{} // and those who wait
}

// inLine is how many may wait; a card takes some hundredths of a second.
const inLine = 24

func newEasel() easel { return easel{make(chan struct{}, 1), make(chan struct{}, inLine)} }

// draw runs fn when it is its turn, or tells whoever asks to come again.
func (e easel) draw(ctx context.Context, fn func() ([]byte, error)) ([]byte, error) {
	select {
	case e.line <- struct{}{}:
		defer func() { <-e.line }()
	default:
		return nil, errCrowded
	}
	select {
	case e.place <- struct{}{}:
		defer func() { <-e.place }()
	case <-ctx.Done():
		return nil, ctx.Err()
	}
	return fn()
}

// cardPath is where the card of an article as it is now lives.
func cardPath(c edition.Card) string { return fmt.Sprintf("/card/%s-%d.jpg", c.ID, c.N) }

// card answers the card of a public article. One of an older state leads to the one of now:
// links that were shared before show what is true.
func (s *site) card(w http.ResponseWriter, r *http.Request) error {
	name, ok := strings.CutSuffix(r.PathValue("file"), ".jpg")
	id, text, split := strings.Cut(name, "-")
	n, err := number(text)
	if !ok || !split || err != nil || r.URL.RawQuery != "" || r.URL.ForceQuery || !story.ValidID(id, story.ArticleIDLength) {
		return errUnknown
	}
	return s.drawn(w, r, func(ctx context.Context, r *http.Request) (*ready.Answer, error) {
		answer := hold()
		var d ready.Draft
		var c drawing.Card
		err := s.read(ctx, func(v *edition.View) error {
			a, ok, err := v.Article(story.ArticleID(id))
			if err != nil || !ok || a.Standing != story.Public || n > a.N {
				return joinUnknown(err)
			}
			if n != a.N {
				answer.header.Set("Cache-Control", ui.AskAlways)
				http.Redirect(answer, r, cardPath(a.Card), http.StatusFound)
				return nil
			}
			c, err = s.cardOf(v, a)
			d.Keys = shownKeys(v)
			return err
		})
		if err != nil || answer.status != 0 {
			return answer.answer(d), err
		}
		body, err := s.easel.draw(ctx, c.JPEG)
		if err != nil {
			return nil, err
		}
		answer.header.Set("Content-Type", "image/jpeg")
		answer.header.Set("Content-Length", strconv.Itoa(len(body)))
		answer.header.Set("Cache-Control", ui.AskAlways)
		_, err = answer.Write(body)
		return answer.answer(d), err
	})
}

// cardOf gathers what stands on the card of an article.
func (s *site) cardOf(v *edition.View, a edition.Article) (c drawing.Card, err error) {
	h, ok, err := v.House()
	if err != nil || !ok {
		return c, joinUnknown(err)
	}
	dressed := s.dress(h)
	f := frame{moment: edition.Moment{House: h}, lang: a.Lang, words: ui.WordsIn(a.Lang)}
	c = drawing.Card{RTL: story.Direction(a.Lang) == "rtl", House: f.in(h.Names), Headline: a.Headline,
		Colours: drawing.Colours{Paper: dressed.light.Paper, Ink: dressed.light.Ink, Quiet: dressed.quiet()}}
	c.Kicker, _ = f.sectionName(a.Section)
	if c.Logo, _, err = v.Logo(h); err != nil || a.Picture == nil {
		return c, err
	}
	r, ok := cardRendition(a.Picture.Renditions)
	if !ok {
		return c, nil
	}
	path, _, ok, err := v.FileOf(r.SHA256)
	if err != nil || !ok {
		return c, err
	}
	c.Picture, err = os.ReadFile(path)
	if errors.Is(err, fs.ErrNotExist) {
		c.Picture, err = nil, nil // its last use went while we looked, or the file is missing
	}
	c.Credit, c.Focal = fmt.Sprintf(f.words.Photo, a.Picture.Credit.String()), a.Picture.Focal
	return c, err
}

// cardRendition is the smallest that fills a card's picture, else the widest.
func cardRendition(all []story.Rendition) (best story.Rendition, ok bool) {
	for _, r := range all {
		enough := best.Height >= drawing.Height
		if !ok || !enough && r.Height > best.Height || enough && r.Height >= drawing.Height && r.Height < best.Height {
			best, ok = r, true
		}
	}
	return best, ok
}
