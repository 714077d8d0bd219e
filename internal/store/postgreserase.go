package store

import (
	"context"
	"database/sql"
	"errors"

	"github.com/jackc/pgx/v5/pgconn"
)

// What an erasure takes on PostgreSQL: TestEraseLeavesNoWordInADatabase reads every byte of
// a server's files after it.

// postgresRewrite writes every table anew. What the planner keeps of columns it would leave
// alone: the migrations see to it that it keeps nothing of those that hold words.
var postgresRewrite = []string{`SET statement_timeout = 0`, `VACUUM (FULL)`, `RESET statement_timeout`}

const (
	walFile    = `SELECT pg_walfile_name(pg_current_wal_insert_lsn())`
	walEntry   = `SELECT pg_logical_emit_message(false, 'dateline', '')`
	walSwitch  = `SELECT pg_switch_wal()`
	walBeyond  = `SELECT count(*) FROM pg_ls_waldir() WHERE length(name) = 24 AND name > pg_walfile_name(pg_current_wal_insert_lsn())`
	walUpTo    = `SELECT count(*) FROM pg_ls_waldir() WHERE length(name) = 24 AND name <= $1`
	walMost    = 10_000  // files: more than a server of the common settings keeps
	notAllowed = "42501" // insufficient_privilege
)

// postgresCutLog has the files of the log given up that were begun before it, and every file
// written over that the server keeps of them to use again: their old bytes would lie there
// for weeks. It reports false where the role may not, or where the server keeps old files, as
// for a standby that is behind: then the erasure is not done.
func postgresCutLog(ctx context.Context, conn *sql.Conn) (done bool, err error) {
	err = overwriteLog(ctx, conn, &done)
	if e, ok := errors.AsType[*pgconn.PgError](err); ok && e.Code == notAllowed {
		return false, nil
	}
	return done, err
}

func overwriteLog(ctx context.Context, conn *sql.Conn, done *bool) (err error) {
	var newest string
	if err := conn.QueryRowContext(ctx, walFile).Scan(&newest); err != nil {
		return err
	}
	for _, s := range []string{`SET statement_timeout = 0`, walEntry, walSwitch, walEntry, `CHECKPOINT`, `RESET statement_timeout`} {
		if _, err := conn.ExecContext(ctx, s); err != nil {
			return err
		}
	}
	for range walMost { // the end of a file that is given up is filled with zeros
		var beyond, old int
		if _, err := conn.ExecContext(ctx, walEntry); err != nil {
			return err
		}
		if err := conn.QueryRowContext(ctx, walBeyond).Scan(&beyond); err != nil {
			return err
		}
		if _, err := conn.ExecContext(ctx, walSwitch); err != nil {
			return err
		}
		if beyond > 0 {
			continue
		}
		err := conn.QueryRowContext(ctx, walUpTo, newest).Scan(&old)
		*done = old == 0
		return err
	}
	return nil
}
