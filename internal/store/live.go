package store

import (
	"dateline/internal/record"
	"dateline/internal/story"
)

// What is public of live pages: an article's live entries, by their part. The page itself,
// opened and closed, has none.

const newestLive = `SELECT ` + entryColumns + ` FROM record WHERE kind = 'live' AND subject = $1 AND part = $2 ORDER BY n DESC LIMIT 1`
const liveOf = `SELECT ` + entryColumns + ` FROM record WHERE kind = 'live' AND subject = $1 ORDER BY n`

// NewestLive returns the newest entry of the record about a live entry or, without a part,
// about the page itself.
func (q *Query) NewestLive(page story.ArticleID, part string) (record.Entry, bool, error) {
	return first(many(q, newestLive, args(string(page), part), scanEntry))
}

// LiveOf lists all that the record has of a live page, in order.
func (q *Query) LiveOf(page story.ArticleID) ([]record.Entry, error) {
	return many(q, liveOf, args(string(page)), scanEntry)
}

const livePagesOf = `
	SELECT ` + articleColumns + ` FROM article
	 WHERE desk = $1 AND standing = 'public'
	   AND EXISTS (SELECT 1 FROM record WHERE subject = article.id AND part = '' AND kind = 'live')
	 ORDER BY saved_at DESC, id`

// LivePagesOf lists the public articles of a desk that were ever opened as live pages.
func (q *Query) LivePagesOf(desk story.DeskID) ([]Article, error) {
	return many(q, livePagesOf, args(string(desk)), scanArticle)
}
