package edition

import "dateline/internal/story"

// Place is the newest entry of the view, with its volume: where what comes after the page
// that is drawn from the view begins. Zeros for an empty edition.
func (v *View) Place() (volume, n int64, err error) {
	v.shows(headKey)
	var at int64
	_, err = v.one(newestEntry, nil, &n, &volume, &at)
	return volume, n, err
}

const articleAfter = `SELECT count(*) FROM article WHERE id = $1 AND latest_n > $2`
const pictureAfter = `SELECT EXISTS (SELECT 1 FROM picture WHERE n > $1)`

// ArticleChanged reports whether an entry after n was about an article.
func (v *View) ArticleChanged(id story.ArticleID, n int64) (changed bool, err error) {
	v.shows(articleKey(string(id)))
	_, err = v.one(articleAfter, []any{string(id), n}, &changed)
	return changed, err
}

// PicturesChanged reports whether an entry after n took a picture down or changed its words.
func (v *View) PicturesChanged(n int64) (changed bool, err error) {
	v.shows(headKey)
	_, err = v.one(pictureAfter, []any{n}, &changed)
	return changed, err
}
