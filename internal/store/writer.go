package store

import (
	"context"
	"database/sql"
	"database/sql/driver"
	"strings"
)

// A writer is the connection that writes, with its statements prepared. Whoever has the
// turn has it. It heeds the context of a caller between statements alone: an engine that is
// interrupted in the middle of one takes the whole transaction back, with what others did.
type writer struct {
	pool     *sql.DB
	conn     *sql.Conn // nil until the first write, and after a failure
	prepared map[string]statement
	memo     memo

	// send sends statements to a server at once, and returns how many rows each changed;
	// nil where the engine is in this process.
	send  func(conn *sql.Conn, all []pending) ([]int64, error)
	queue []pending
}

// pending is a statement that waits to be sent with the next.
type pending struct {
	sql    string
	args   []any
	anyRow bool // it need not change exactly one row
}

// later has a statement wait. Nobody looks at what it changes without sending it.
func (w *writer) later(ctx context.Context, sqlText string, args []any) error {
	if err := ctx.Err(); err != nil {
		return err
	}
	w.memo.written(sqlText, tablesOf(sqlText))
	w.queue = append(w.queue, pending{sql: sqlText, args: args})
	return nil
}

// flush sends what waits, and last, if it is one, a statement that may change any number of
// rows; it returns how many.
func (w *writer) flush(last ...pending) (changed int64, err error) {
	all := append(w.queue, last...)
	w.queue = nil
	if len(all) == 0 {
		return 0, nil
	}
	counts, err := w.send(w.conn, all)
	for i := 0; i < len(counts) && err == nil; i++ {
		if changed = counts[i]; !all[i].anyRow {
			err = one(changed)
		}
	}
	return changed, err
}

// A statement is prepared, and knows what it is about.
type statement struct {
	*sql.Stmt
	tables []string
	asks   bool // it changes nothing
}

func (w *writer) begin(sqlText string) (err error) {
	if w.conn == nil {
		if w.conn, err = w.pool.Conn(context.Background()); err != nil {
			return err
		}
		w.prepared = map[string]statement{}
	}
	w.forget()
	if _, err = w.conn.ExecContext(context.Background(), sqlText); err != nil {
		w.drop()
	}
	return err
}

// command runs a statement that has neither arguments nor an answer.
func (w *writer) command(sqlText string) error {
	if w.send != nil {
		_, err := w.flush(pending{sql: sqlText, anyRow: true})
		return err
	}
	_, err := w.ExecContext(context.Background(), sqlText)
	return err
}

func (w *writer) rollback() {
	w.forget()
	if w.conn != nil && w.command("ROLLBACK") != nil {
		w.drop()
	}
}

// forget drops what is remembered of a state that ends, or is taken back.
func (w *writer) forget() { w.memo, w.queue = newMemo(), nil }

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

func (w *writer) statement(sqlText string) (s statement, err error) {
	s, there := w.prepared[sqlText]
	if there {
		return s, nil
	}
	if s.Stmt, err = w.conn.PrepareContext(context.Background(), sqlText); err != nil {
		return s, err
	}
	s.tables, s.asks = tablesOf(sqlText), strings.HasPrefix(strings.TrimSpace(sqlText), "SELECT")
	w.prepared[sqlText] = s
	return s, nil
}

// ExecContext runs a statement.
func (w *writer) ExecContext(ctx context.Context, sqlText string, args ...any) (sql.Result, error) {
	if err := ctx.Err(); err != nil {
		return nil, err
	}
	if w.send != nil {
		w.memo.written(sqlText, tablesOf(sqlText))
		n, err := w.flush(pending{sql: sqlText, args: args, anyRow: true})
		return driver.RowsAffected(n), err
	}
	s, err := w.statement(sqlText)
	if err != nil {
		return nil, err
	}
	w.memo.written(sqlText, s.tables)
	return s.ExecContext(context.Background(), args...)
}

// QueryContext runs a question, or a change that answers.
func (w *writer) QueryContext(ctx context.Context, sqlText string, args ...any) (*sql.Rows, error) {
	if err := ctx.Err(); err != nil {
		return nil, err
	}
	s, err := w.statement(sqlText)
	if err != nil {
		return nil, err
	}
	if _, err := w.flush(); err != nil {
		return nil, err
	}
	if !s.asks {
		w.memo.written(sqlText, s.tables)
	}
	return s.QueryContext(context.Background(), args...)
}
