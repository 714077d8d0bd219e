package store

import (
	"fmt"
	"strings"

	"dateline/internal/story"
)

// Ahead is what a write says that it will ask, so that those that wait for their turn are
// answered together: one question for all of them instead of one for each.
type Ahead struct {
	Article story.ArticleID // the story that it is about
	Member  int64
	Key     string
}

// The questions of one story, for several. Each answers with the story, and then as the one
// that it stands for. %s is the list of stories.
const (
	articlesAhead = `SELECT id, ` + articleColumns + ` FROM article WHERE id IN (%s)`
	latestAhead   = `SELECT subject, max(n) FROM record WHERE subject IN (%s) AND part = '' GROUP BY subject`
	clashesAhead  = `SELECT article, ` + clashColumns + ` FROM clash WHERE article IN (%s) AND settled = 0 ORDER BY id`
	workingAhead  = `
	SELECT w.article, w.part, w.version, w.body, w.by, w.at
	  FROM (SELECT article, part, max(version) AS version FROM working WHERE article IN (%s) GROUP BY article, part) n
	  JOIN working w ON w.article = n.article AND w.part = n.part AND w.version = n.version
	 ORDER BY w.article, w.part`
	newestRevisionAhead = `
	SELECT article, ` + revisionColumns + ` FROM revision
	 WHERE article IN (%s) AND NOT EXISTS (SELECT 1 FROM revision later WHERE later.article = revision.article AND later.number > revision.number)`
	doubtsAhead = `SELECT article, ` + doubtColumns + ` FROM wire_doubt WHERE article IN (%s) AND ended_at = 0 ORDER BY id`
	actsAhead   = `SELECT subject, ` + actColumns + ` FROM act WHERE subject IN (%s) AND state IN ('pending', 'parked') ORDER BY id`
)

// answersAhead is the question of one key, for several.
const answersAhead = `SELECT member, key, verb, request, body FROM answer WHERE (member, key) IN (VALUES %s)`

// askAhead asks what this write will ask and what those will that wait behind it.
func (tx *Tx) askAhead(own Ahead) error {
	known := tx.db.writer.memo.ahead
	if own.Article == "" || known[string(own.Article)] && known[own.Key] {
		return nil
	}
	var stories []string
	var keys []Ahead
	for _, a := range append([]Ahead{own}, tx.db.turn.waiting(groupLimit-1)...) {
		if id := string(a.Article); id != "" && !known[id] {
			known[id], stories = true, append(stories, id)
		}
		if a.Key != "" && !known[a.Key] {
			known[a.Key], keys = true, append(keys, a)
		}
	}
	if err := askAnswers(&tx.Query, keys); err != nil || len(stories) == 0 {
		return err
	}
	return askStories(&tx.Query, stories)
}

func askStories(q *Query, ids []string) error {
	none := func(id string) []any { return args(id) }
	for _, err := range []error{
		forEach(q, ids, articlesAhead, articleByID, none, scanArticle),
		forEach(q, ids, latestAhead, latestOf, func(id string) []any { return args(id, "") }, scanOne[int64], 0),
		forEach(q, ids, clashesAhead, openClashes, none, scanClash),
		forEach(q, ids, workingAhead, workingParts, none, scanPart),
		forEach(q, ids, newestRevisionAhead, newestRevision, none, scanRevision),
		forEach(q, ids, doubtsAhead, openDoubts, none, scanDoubt),
		forEach(q, ids, actsAhead, openActs, none, scanAct),
	} {
		if err != nil {
			return err
		}
	}
	return nil
}

// forEach asks a question for several subjects, and remembers for each what the question
// that asks about one alone would be answered; otherwise is that of a subject without rows.
func forEach[T any](q *Query, subjects []string, several, single string, arguments func(subject string) []any, scan func(scanner) (T, error), otherwise ...T) error {
	list := make([]any, roundUp(len(subjects)))
	for i := range list {
		list[i] = subjects[min(i, len(subjects)-1)]
	}
	found := map[string][]T{}
	if _, err := scanAll(q.of(subjects...), listed(q, several, places(1, len(list))), list, func(row scanner) (none struct{}, err error) {
		var subject string
		v, err := scan(after{row, &subject})
		found[subject] = append(found[subject], v)
		return none, err
	}); err != nil {
		return err
	}
	for _, s := range subjects {
		rows, there := found[s]
		if !there {
			rows = otherwise
		}
		if len(rows) <= memoRows {
			remember(q.of(s), single, arguments(s), rows)
		}
	}
	return nil
}

// after is a row whose first column is not the reader's.
type after struct {
	row   scanner
	first any
}

func (a after) Scan(dest ...any) error { return a.row.Scan(append([]any{a.first}, dest...)...) }

// listed is a question with its list, as the writer's engine likes it best.
func listed(q *Query, several, list string) string {
	w, _ := q.tx.(*writer) // nobody else asks ahead
	return w.inOrder(fmt.Sprintf(several, list))
}

// roundUp is the next power of two: few texts to prepare.
func roundUp(n int) int {
	size := 1
	for size < n {
		size *= 2
	}
	return size
}

func askAnswers(q *Query, keys []Ahead) error {
	if len(keys) == 0 {
		return nil
	}
	var list []any
	var names []string
	pairs := make([]string, roundUp(len(keys)))
	for i := range pairs {
		k := keys[min(i, len(keys)-1)]
		list, pairs[i] = append(list, k.Member, k.Key), fmt.Sprintf("(CAST($%d AS BIGINT), CAST($%d AS TEXT))", 2*i+1, 2*i+2)
		names = append(names, k.Key)
	}
	type owner struct {
		member int64
		key    string
	}
	found := map[owner][]Answer{}
	if _, err := scanAll(q.of(names...), listed(q, answersAhead, strings.Join(pairs, ", ")), list, func(row scanner) (o owner, err error) {
		var a Answer
		err = row.Scan(&o.member, &o.key, &a.Verb, &a.Request, &a.Body)
		found[o] = append(found[o], a)
		return o, err
	}); err != nil {
		return err
	}
	for _, k := range keys {
		remember(q.of(k.Key), answer, args(k.Member, k.Key), found[owner{k.Member, k.Key}])
	}
	return nil
}
