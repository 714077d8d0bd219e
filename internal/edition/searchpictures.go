package edition

import (
	"encoding/json"
	"errors"
	"fmt"

	"dateline/internal/record"
	"dateline/internal/story"
)

const pictureSince = `SELECT e.content FROM picture p JOIN entry e ON e.n = p.n WHERE p.id = $1 AND p.n > $2 AND e.content IS NOT NULL ORDER BY p.n`

// captions are the words under the pictures of entry n, as readers see them now: search finds
// no other.
func (a *applying) captions(n int64, pictures []story.PictureUse) (all []string, err error) {
	for _, p := range pictures {
		changes, err := column[[]byte](a, pictureSince, p.ID, n)
		if err != nil {
			return nil, err
		}
		var withdrawn bool
		if err := a.tx.QueryRowContext(a.ctx, pictureWithdrawn, p.ID).Scan(&withdrawn); err != nil {
			return nil, fmt.Errorf("picture %s: %w", p.ID, err)
		}
		for _, b := range changes {
			var c record.Picture
			if err := json.Unmarshal(b, &c); err != nil {
				return nil, fmt.Errorf("picture %s: %w", p.ID, err)
			}
			if c.Caption != "" {
				p.Caption = c.Caption
			}
		}
		if !withdrawn {
			all = append(all, p.Caption)
		}
	}
	return all, nil
}

const ranIn = `SELECT DISTINCT article FROM rendition WHERE picture = $1 ORDER BY article`
const contentOf = `SELECT content FROM entry WHERE n = $1 AND content IS NOT NULL`

// refind lets search find the articles in which a picture ran by what it is now.
func (a *applying) refind(picture string) error {
	articles, err := a.strings(ranIn, picture)
	for _, id := range articles {
		err = errors.Join(err, a.refindArticle(id))
	}
	return err
}

func (a *applying) refindArticle(id string) error {
	r, found, err := a.row(id)
	if err != nil || !found || r.standing != story.Public {
		return err
	}
	contents, err := column[[]byte](a, contentOf, r.text)
	if err != nil || len(contents) == 0 {
		return err
	}
	var c record.Article
	if err := json.Unmarshal(contents[0], &c); err != nil {
		return fmt.Errorf("article %s: %w", id, err)
	}
	return a.findable(r, c)
}
