package store

import (
	"context"
	"database/sql"
	"database/sql/driver"
)

// A writer is the connection that writes, with its statements prepared. Whoever has the
// turn has it. What changes rows waits until somebody asks about them, or until the commit.
// It heeds the context of a caller between statements alone: an engine that is interrupted
// in the middle of one takes the whole transaction back, with what others did.
type writer struct {
	pool     *sql.DB
	conn     *sql.Conn // nil until the first write, and after a failure
	prepared map[string]*sql.Stmt
	known    map[string]*statement
	memo     memo
	decoded  map[string]any // by text: what Decoded made of it, true for ever

	// batch sends statements to a server at once, and returns how many rows each of those
	// changed that did not fail; nil where the engine is in this process.
	batch func(conn *sql.Conn, all []pending) ([]int64, error)

	kept  queue     // of members that are done
	own   []pending // of the member that has the turn
	waits changes   // what is in both

	shared  bool  // there are members that are done
	inside  bool  // the member's savepoint is open
	spoiled error // why what they kept could not be written
}

func (w *writer) statement(sqlText string) *statement {
	s, there := w.known[sqlText]
	if !there {
		if w.known == nil {
			w.known = map[string]*statement{}
		}
		s = readStatement(sqlText)
		w.known[sqlText] = s
	}
	return s
}

// later has a statement wait. It has to change one row.
func (w *writer) later(q *Query, sqlText string, args []any) error {
	if err := q.ctx.Err(); err != nil {
		return err
	}
	s := w.statement(sqlText)
	w.memo.written(s, q.about)
	w.waits.add(s.tables, q.about)
	if w.own = append(w.own, pending{statement: s, args: args, rows: 1}); len(w.own) < ownLimit {
		return nil
	}
	_, err := w.flush(true)
	return err
}

// ownLimit is how many statements of one member wait at most.
const ownLimit = 1000

// flush sends what waits, and last, if it is one, a statement that may change any number of
// rows; it returns how many. What the member writes goes into a savepoint of its own, if
// there is anything else to keep.
func (w *writer) flush(writes bool, last ...pending) (changed int64, err error) {
	all := w.kept.take(w)
	if w.shared && !w.inside && (writes || len(w.own) > 0) {
		all = append(all, w.plain("SAVEPOINT member"))
		w.inside = true
	}
	theirs := len(all)
	var own queue
	for _, p := range w.own {
		own.add(p)
	}
	all = append(append(all, own.take(w)...), last...)
	w.own, w.waits = nil, changes{}
	if len(all) == 0 {
		return 0, nil
	}
	counts, err := w.send(all)
	for i, p := range all[:len(counts)] {
		if changed = counts[i]; !p.anyRow && changed != int64(p.rows) {
			counts, err = counts[:i], notSoMany(changed, p.rows)
			break
		}
	}
	if err != nil && len(counts) < theirs {
		w.spoiled = err
	}
	return changed, err
}

// plain is a statement that has neither arguments nor an answer.
func (w *writer) plain(sqlText string) pending {
	return pending{statement: w.statement(sqlText), anyRow: true}
}

// send runs statements, and returns what those changed that came before the first failure.
func (w *writer) send(all []pending) (counts []int64, err error) {
	if w.batch != nil {
		return w.batch(w.conn, all)
	}
	for _, p := range all {
		stmt, err := w.prepare(p.text)
		if err != nil {
			return counts, err
		}
		result, err := stmt.ExecContext(context.Background(), p.args...)
		if err != nil {
			return counts, err
		}
		n, err := result.RowsAffected()
		if err != nil {
			return counts, err
		}
		counts = append(counts, n)
	}
	return counts, nil
}

func (w *writer) begin(sqlText string) (err error) {
	if w.conn == nil {
		if w.conn, err = w.pool.Conn(context.Background()); err != nil {
			return err
		}
		w.prepared = map[string]*sql.Stmt{}
	}
	w.forget()
	if _, err = w.conn.ExecContext(context.Background(), sqlText); err != nil {
		w.drop()
	}
	return err
}

// command sends what waits and then a statement that has neither arguments nor an answer.
func (w *writer) command(sqlText string) error {
	_, err := w.flush(false, w.plain(sqlText))
	return err
}

// keep leaves what the member wrote to be sent with what others write. Where a part of it
// was sent, all of it is; and so it is where the member is to fail alone.
func (w *writer) keep(alone bool) error {
	if w.inside {
		if _, err := w.flush(true, w.plain("RELEASE SAVEPOINT member")); err != nil {
			return err
		}
		w.inside = false
	}
	if alone {
		if _, err := w.flush(false); err != nil {
			return err
		}
	}
	for _, p := range w.own {
		w.kept.add(p)
	}
	w.own, w.shared = nil, true
	return nil
}

// undo takes back what the member wrote. Where it wrote anything, or may have, what is
// remembered may be of it.
func (w *writer) undo() error {
	if len(w.own) > 0 || w.inside || !w.shared {
		w.memo = newMemo()
	}
	w.own = nil
	if !w.inside {
		return nil
	}
	w.inside = false
	_, err := w.send([]pending{w.plain("ROLLBACK TO SAVEPOINT member"), w.plain("RELEASE SAVEPOINT member")})
	return err
}

// aborted reports whether a failed question may have ended the transaction for everybody: a
// server's transaction ends with the first failure that no savepoint contains.
func (w *writer) aborted() bool { return w.batch != nil && w.shared && !w.inside }

func (w *writer) rollback() {
	w.forget()
	if w.conn == nil {
		return
	}
	if _, err := w.send([]pending{w.plain("ROLLBACK")}); err != nil {
		w.drop()
	}
}

// forget drops what is remembered of a state that ends, or is taken back.
func (w *writer) forget() {
	w.memo, w.kept, w.own, w.waits = newMemo(), queue{}, nil, changes{}
	w.shared, w.inside, w.spoiled = false, false, nil
}

// drop closes a connection that cannot be trusted any more.
func (w *writer) drop() {
	if w.conn == nil {
		return
	}
	for _, s := range w.prepared {
		_ = s.Close()
	}
	_ = w.conn.Raw(func(any) error { return driver.ErrBadConn }) // takes it out of the pool
	_ = w.conn.Close()
	w.conn, w.prepared = nil, nil
}

func (w *writer) prepare(sqlText string) (s *sql.Stmt, err error) {
	s, there := w.prepared[sqlText]
	if there {
		return s, nil
	}
	if s, err = w.conn.PrepareContext(context.Background(), sqlText); err == nil {
		w.prepared[sqlText] = s
	}
	return s, err
}

// exec runs a statement now.
func (w *writer) exec(q *Query, sqlText string, args []any) (int64, error) {
	if err := q.ctx.Err(); err != nil {
		return 0, err
	}
	s := w.statement(sqlText)
	w.memo.written(s, q.about)
	return w.flush(true, pending{statement: s, args: args, anyRow: true})
}

// query runs a question, or a change that answers. A question waits only for changes of
// what it asks about.
func (w *writer) query(q *Query, sqlText string, args []any) (*sql.Rows, error) {
	if err := q.ctx.Err(); err != nil {
		return nil, err
	}
	s := w.statement(sqlText)
	if !s.asks || w.waits.of(s.tables, q.about) > 0 {
		if _, err := w.flush(!s.asks); err != nil {
			return nil, err
		}
	}
	if !s.asks {
		w.memo.written(s, q.about)
	}
	stmt, err := w.prepare(sqlText)
	if err != nil {
		return nil, err
	}
	return stmt.QueryContext(context.Background(), args...)
}
