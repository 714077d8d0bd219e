package edition

// takenIn leaves out what never was in a list of what is new. A killed article's language is
// not known any more: it is told of in every one.
const takenIn = `SELECT ` + cardColumns + ` FROM article a WHERE a.standing <> 'public' AND a.archived = 0 AND a.first_n >= $1 AND a.lang IN ($2, '') ORDER BY a.first_n DESC LIMIT $3`

// Taken lists articles of a language that were posted by entry from or later and are not
// public any more, the newest first. Those that were killed or erased have no words left.
func (v *View) Taken(lang string, from int64, limit int) ([]Article, error) {
	v.shows(latestKey(lang), latestKey(lang)+below)
	return v.cards(takenIn, from, lang, limit)
}
