package store

import "dateline/internal/story"

// Marks are the stories of which there is more to tell than their texts: what is at the gate,
// what a wire asks, and what was saved over.
type Marks struct{ Acts, Doubts, Clashes map[story.ArticleID]bool }

const markedStories = `
	SELECT 'act', subject FROM act WHERE state IN ('pending', 'parked')
	 UNION SELECT 'doubt', article FROM wire_doubt WHERE ended_at = 0
	 UNION SELECT 'clash', article FROM clash WHERE settled = 0`

// Marked finds the few stories that have marks, so that a list of many need not ask for each.
func (q *Query) Marked() (Marks, error) {
	m := Marks{map[story.ArticleID]bool{}, map[story.ArticleID]bool{}, map[story.ArticleID]bool{}}
	of := map[string]map[story.ArticleID]bool{"act": m.Acts, "doubt": m.Doubts, "clash": m.Clashes}
	_, err := scanAll(q, markedStories, nil, func(row scanner) (id story.ArticleID, err error) {
		var mark string
		if err = row.Scan(&mark, &id); err == nil {
			of[mark][id] = true
		}
		return id, err
	})
	return m, err
}
