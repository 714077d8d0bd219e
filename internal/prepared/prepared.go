// Package prepared opens databases whose connections keep the statements that they prepared.
// SQLite spends more on reading a short question than on answering it, and a program asks the
// same few over and over.
package prepared

import (
	"context"
	"database/sql"
	"database/sql/driver"
	"errors"
	"regexp"
	"strings"
)

// most is how many statements a connection keeps. A program has fewer texts than that; one
// that makes up texts has the rest of them read each time.
const most = 512

// Open is sql.Open for a driver whose connections take a context with everything.
func Open(driverName, source string) (*sql.DB, error) {
	db, err := sql.Open(driverName, source)
	if err != nil {
		return nil, err
	}
	return sql.OpenDB(&connector{db.Driver(), source}), db.Close()
}

type connector struct {
	driver driver.Driver
	source string
}

// Driver implements driver.Connector.
func (c *connector) Driver() driver.Driver { return c.driver }

// Connect implements driver.Connector.
func (c *connector) Connect(context.Context) (driver.Conn, error) {
	plain, err := c.driver.Open(c.source)
	if err != nil {
		return nil, err
	}
	able, ok := plain.(ableConn)
	if !ok {
		return nil, errors.Join(errors.New("the database's driver is too old"), plain.Close())
	}
	return &conn{able, map[string]*statement{}}, nil
}

// An ableConn is a connection that can do all that database/sql asks of a newer driver.
type ableConn interface {
	driver.Conn
	driver.ConnBeginTx
	driver.ConnPrepareContext
	driver.ExecerContext
	driver.QueryerContext
	driver.Pinger
	driver.SessionResetter
	driver.Validator
}

// A conn is used by one goroutine at a time, as database/sql promises.
type conn struct {
	ableConn
	kept map[string]*statement // by text
}

// A statement is busy while somebody reads its rows.
type statement struct {
	stmt ableStmt
	busy bool
}

type ableStmt interface {
	driver.Stmt
	driver.StmtExecContext
	driver.StmtQueryContext
}

// keeps tells the statements that are asked again and again from those that are said once:
// settings, what makes tables, and upkeep.
func keeps(text string) bool {
	verb, _, _ := strings.Cut(strings.TrimLeft(text, " \t\n"), " ")
	switch verb {
	case "SELECT", "INSERT", "UPDATE", "DELETE", "WITH":
		return true
	}
	return false
}

// limit finds limits that are an argument. SQLite plans for its value, and anew whenever it
// is bound again, even to the same; of a sum it knows no value beforehand.
var limit = regexp.MustCompile(`\bLIMIT (\$[0-9]+)`)

// statement returns the statement of a text if it is kept and free, or can be kept; else nil.
func (c *conn) statement(ctx context.Context, text string) (*statement, error) {
	if s, there := c.kept[text]; there {
		if s.busy {
			return nil, nil
		}
		return s, nil
	}
	if len(c.kept) >= most || !keeps(text) {
		return nil, nil
	}
	made, err := c.PrepareContext(ctx, limit.ReplaceAllString(text, "LIMIT $1 + 0"))
	if err != nil {
		return nil, err
	}
	able, ok := made.(ableStmt)
	if !ok {
		return nil, made.Close()
	}
	s := &statement{stmt: able}
	c.kept[text] = s
	return s, nil
}

// QueryContext implements driver.QueryerContext.
func (c *conn) QueryContext(ctx context.Context, text string, args []driver.NamedValue) (driver.Rows, error) {
	s, err := c.statement(ctx, text)
	if err != nil {
		return nil, err
	}
	if s == nil {
		return c.ableConn.QueryContext(ctx, text, args)
	}
	answer, err := s.stmt.QueryContext(ctx, args)
	if err != nil {
		return nil, err
	}
	s.busy = true
	return &rows{answer, s}, nil
}

// ExecContext implements driver.ExecerContext.
func (c *conn) ExecContext(ctx context.Context, text string, args []driver.NamedValue) (driver.Result, error) {
	s, err := c.statement(ctx, text)
	if err != nil {
		return nil, err
	}
	if s == nil {
		return c.ableConn.ExecContext(ctx, text, args)
	}
	return s.stmt.ExecContext(ctx, args)
}

// Close implements driver.Conn.
func (c *conn) Close() (err error) {
	for _, s := range c.kept {
		err = errors.Join(err, s.stmt.Close())
	}
	return errors.Join(err, c.ableConn.Close())
}

// rows give their statement back.
type rows struct {
	driver.Rows
	of *statement
}

// Close implements driver.Rows.
func (r *rows) Close() error {
	r.of.busy = false
	return r.Rows.Close()
}
