package store

import (
	"context"
	"database/sql"
	"database/sql/driver"
)

// A writer is the connection that writes, with its statements prepared. Whoever has the
// turn has it. It heeds the context of a caller between statements alone: an engine that is
// interrupted in the middle of one takes the whole transaction back, with what others did.
type writer struct {
	pool     *sql.DB
	conn     *sql.Conn // nil until the first write, and after a failure
	prepared map[string]*sql.Stmt
}

func (w *writer) begin(sqlText string) (err error) {
	if w.conn == nil {
		if w.conn, err = w.pool.Conn(context.Background()); err != nil {
			return err
		}
		w.prepared = map[string]*sql.Stmt{}
	}
	if err = w.command(sqlText); err != nil {
		w.drop()
	}
	return err
}

// command runs a statement that has neither arguments nor an answer.
func (w *writer) command(sqlText string) error {
	_, err := w.conn.ExecContext(context.Background(), sqlText)
	return err
}

func (w *writer) rollback() {
	w.forget()
	if w.conn != nil && w.command("ROLLBACK") != nil {
		w.drop()
	}
}

// forget drops what was remembered of a state that is taken back.
func (w *writer) forget() {}

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

func (w *writer) statement(sqlText string) (s *sql.Stmt, err error) {
	s, there := w.prepared[sqlText]
	if there {
		return s, nil
	}
	if s, err = w.conn.PrepareContext(context.Background(), sqlText); err == nil {
		w.prepared[sqlText] = s
	}
	return s, err
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
	return s.ExecContext(context.Background(), args...)
}

// QueryContext runs a question.
func (w *writer) QueryContext(ctx context.Context, sqlText string, args ...any) (*sql.Rows, error) {
	if err := ctx.Err(); err != nil {
		return nil, err
	}
	s, err := w.statement(sqlText)
	if err != nil {
		return nil, err
	}
	return s.QueryContext(context.Background(), args...)
}
