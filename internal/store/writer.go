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
func (w *writer) forget() { w.memo = newMemo() }

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
	if !s.asks {
		w.memo.written(sqlText, s.tables)
	}
	return s.QueryContext(context.Background(), args...)
}
