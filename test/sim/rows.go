package sim

import (
	"database/sql"
	"encoding/json"
	"errors"
)

// The judge's own reading of the store's tables.

// rowsOf reads rows, one value each.
func rowsOf[T any](w *world, scan func(*sql.Rows, *T) error, query string, args ...any) (all []T, err error) {
	rows, err := w.rows.QueryContext(w.ctx, query, args...)
	if err != nil {
		return nil, err
	}
	defer func() { err = errors.Join(err, rows.Close()) }()
	for rows.Next() {
		var v T
		if err := scan(rows, &v); err != nil {
			return nil, err
		}
		all = append(all, v)
	}
	return all, rows.Err()
}

func (w *world) newEntries() ([]entry, error) {
	return rowsOf(w, scanEntry, `SELECT n, at, prior, desk_entry, COALESCE(gone_by, 0), kind, class, desk, subject, part, revision, basis, commitment, content
		FROM record WHERE n > $1 ORDER BY n`, w.judge.n)
}

func scanEntry(rows *sql.Rows, e *entry) error {
	err := rows.Scan(&e.n, &e.at, &e.prior, &e.deskEntry, &e.goneBy, &e.kind, &e.class, &e.desk, &e.subject, &e.part, &e.revision, &e.basis, &e.commit, &e.content)
	if err == nil && e.kind == "article" {
		var c struct{ Change string }
		err = json.Unmarshal(e.content, &c)
		e.change = c.Change
	}
	return err
}

// changedActs are the acts that could have changed: those that were open, and new ones.
func (w *world) changedActs() ([]act, error) {
	from := w.judge.highest + 1
	for id, a := range w.judge.acts {
		if a.state == "pending" || a.state == "parked" {
			from = min(from, id)
		}
	}
	return rowsOf(w, scanAct, `SELECT id, what, class, subject, desk, state, wish, revision, base, slot, queued, undo, due, look_at, entry
		FROM act WHERE id >= $1 ORDER BY id`, from)
}

func scanAct(rows *sql.Rows, a *act) error {
	return rows.Scan(&a.id, &a.what, &a.class, &a.subject, &a.desk, &a.state, &a.wish, &a.revision, &a.base, &a.slot, &a.queued, &a.undo, &a.due, &a.look, &a.entry)
}

func (w *world) articles() (map[string]article, error) {
	type row struct {
		id string
		article
	}
	all, err := rowsOf(w, func(rows *sql.Rows, r *row) error {
		return rows.Scan(&r.id, &r.standing, &r.set, &r.until, &r.posted)
	}, `SELECT id, standing, embargoed, embargo, posted_at FROM article`)
	by := make(map[string]article, len(all))
	for _, r := range all {
		by[r.id] = r.article
	}
	return by, err
}

// count is how much there is of what a request can add to.
func (w *world) count() (n [3]int64, err error) {
	err = w.rows.QueryRowContext(w.ctx, `SELECT (SELECT count(*) FROM record), (SELECT count(*) FROM act), (SELECT count(*) FROM audit)`).Scan(&n[0], &n[1], &n[2])
	return n, err
}

func scanOffer(rows *sql.Rows, id *int64) error { return rows.Scan(id) }
