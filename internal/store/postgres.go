package store

import (
	"context"
	"database/sql"
	"database/sql/driver"
	"errors"
	"fmt"
	"io"
	"net"
	"slices"
	"strings"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"
	"github.com/jackc/pgx/v5/stdlib"
)

// settings are read back at start-up (PROMISES.md, Settings to pin): without them what a
// commit answers would not be on the disk.
var settings = []struct{ name, want string }{
	{"fsync", "on"},
	{"full_page_writes", "on"},
	{"data_sync_retry", "off"},
	{"synchronous_commit", "on or remote_apply"},
	{"server_encoding", "UTF8"},
	{"standard_conforming_strings", "on"},
}

// limits are those of every connection: nobody waits for ever, and nobody who stalls keeps
// the others waiting for ever.
var limits = map[string]string{
	"application_name":                    "dateline",
	"statement_timeout":                   "5s",
	"lock_timeout":                        "5s",
	"idle_in_transaction_session_timeout": "10s",
}

// byIndex is how the writer's questions are planned: each is for a few rows by their keys,
// whatever the statistics of a table that has just grown make of it, and always the same.
var byIndex = map[string]string{
	"enable_hashjoin":  "off",
	"enable_mergejoin": "off",
	"enable_seqscan":   "off",
	"plan_cache_mode":  "force_generic_plan",
	"jit":              "off", // a scan that is wanted all the same looks dear, and is not worth compiling
}

// oneWriter is asked first in every write, by every process on this house: whoever has the
// lock is the one writer. The house is the schema.
const oneWriter = `SELECT pg_advisory_xact_lock(hashtext('dateline'), hashtext(current_schema()))`

var postgres = dialect{
	migrations: "migrations/postgres",
	begin:      "BEGIN; " + oneWriter,
	lock:       oneWriter,
	reading:    &sql.TxOptions{ReadOnly: true, Isolation: sql.LevelRepeatableRead},
	grew:       "NOTIFY " + grewChannel,
	tell:       `SELECT pg_notify('` + changeChannel + `', $1)`,
	classify:   postgresFault,
	rewrite:    postgresRewrite,
	cutLog:     postgresCutLog,
	patience:   []string{`SET statement_timeout = 0`, `SET idle_in_transaction_session_timeout = 0`},
	lift:       postgresLift,
	ledger:     `CREATE TABLE IF NOT EXISTS migration (step BIGINT PRIMARY KEY, name TEXT COLLATE "C" NOT NULL)`,
}

// databaseClock is the one statement that asks a database what time it is, for doubt only.
const databaseClock = `SELECT (extract(epoch FROM clock_timestamp()) * 1000000)::BIGINT`

// IsPostgres reports whether an address is one of a PostgreSQL database.
func IsPostgres(address string) bool {
	return strings.HasPrefix(address, "postgres://") || strings.HasPrefix(address, "postgresql://")
}

// OpenPostgres opens the store in a PostgreSQL database, and makes its tables where they
// are not there. Several processes may have the same one open.
func OpenPostgres(ctx context.Context, address string, o Options) (*DB, error) {
	c, err := postgresConfig(address)
	if err != nil {
		return nil, err
	}
	write := postgresPool(c, 2, byIndex)
	err = checkSettings(ctx, write)
	if err == nil {
		err = migrate(ctx, write, postgres)
	}
	if err != nil {
		return nil, errors.Join(err, write.Close())
	}
	db := &DB{dialect: postgres, write: write, now: o.Now, broken: o.Broken, stop: o.Fault, writer: writer{pool: write, batch: sendBatch}, compareClock: o.CompareClock, closing: make(chan struct{}),
		read: postgresPool(c, 8, map[string]string{"default_transaction_read_only": "on"})}
	db.beside.Go(func() { db.listen(c) })
	return db, nil
}

func postgresToRead(address string) (*DB, error) {
	c, err := postgresConfig(address)
	if err != nil {
		return nil, err
	}
	return &DB{dialect: postgres, read: postgresPool(c, 4, map[string]string{"default_transaction_read_only": "on"})}, nil
}

// postgresConfig reads an address. Its errors never print it: it may hold a password.
func postgresConfig(address string) (*pgx.ConnConfig, error) {
	c, err := pgx.ParseConfig(address)
	if err != nil {
		return nil, errors.New("the database's address is not one such as postgres://user@host/name")
	}
	if c.ConnectTimeout == 0 {
		c.ConnectTimeout = 5 * time.Second
	}
	for name, value := range limits {
		c.RuntimeParams[name] = value
	}
	return c, nil
}

func postgresPool(c *pgx.ConnConfig, conns int, more map[string]string) *sql.DB {
	c = c.Copy()
	for name, value := range more {
		c.RuntimeParams[name] = value
	}
	if c.ValidateConnect != nil && len(more) > 0 {
		// What an address asks of the servers that it names is asked for writing. A session
		// that only reads looks at the same server: another could be behind.
		c.ValidateConnect = pgconn.ValidateConnectTargetSessionAttrsPrimary
	}
	db := stdlib.OpenDB(*c)
	db.SetMaxOpenConns(conns)
	db.SetMaxIdleConns(conns)
	return db
}

func checkSettings(ctx context.Context, db *sql.DB) error {
	for _, s := range settings {
		var got string
		if err := db.QueryRowContext(ctx, `SELECT current_setting($1)`, s.name).Scan(&got); err != nil {
			return fmt.Errorf("opening the database: %w", err)
		}
		if !slices.Contains(strings.Split(s.want, " or "), got) {
			return fmt.Errorf("the database's %s is %s; it must be %s", s.name, got, s.want)
		}
	}
	return nil
}

// The channels of notifications. They are the database's, whatever its schemas: the house
// of another one is heard too, and what it changed is found nowhere.
const (
	grewChannel   = "dateline_record"
	changeChannel = "dateline_change"
)

// listen wakes this process's followers when any process's record grew. A look every
// second does what a lost notification would have done.
func (db *DB) listen(c *pgx.ConnConfig) {
	ctx, stop := context.WithCancel(context.Background())
	defer stop()
	go func() { <-db.closing; stop() }()
	for ctx.Err() == nil {
		conn, err := pgx.ConnectConfig(ctx, c)
		if err == nil {
			_, err = conn.Exec(ctx, "LISTEN "+grewChannel+"; LISTEN "+changeChannel)
			if err == nil {
				db.tellChanges([]Change{{What: AnyChanged}}) // what was told before this is lost
			}
			for err == nil && ctx.Err() == nil {
				err = db.awaitGrowth(ctx, conn)
			}
			_ = conn.Close(context.Background())
		}
		select {
		case <-ctx.Done():
		case <-time.After(time.Second):
			db.wakeAll()
		}
	}
}

func (db *DB) awaitGrowth(ctx context.Context, conn *pgx.Conn) error {
	second, stop := context.WithTimeout(ctx, time.Second)
	defer stop()
	told, err := conn.WaitForNotification(second)
	if err == nil && told.Channel == changeChannel {
		db.tellChanges(readChanges(told.Payload))
		return nil
	}
	db.wakeAll()
	if second.Err() != nil && !conn.IsClosed() {
		return nil
	}
	return err
}

func postgresLift(ctx context.Context, tx *sql.Tx) (restore string, err error) {
	_, err = tx.ExecContext(ctx, `ALTER TABLE record DISABLE TRIGGER record_insert`)
	return `ALTER TABLE record ENABLE TRIGGER record_insert`, err
}

// sendBatch sends statements in one message and one wait.
func sendBatch(conn *sql.Conn, all []pending) (changed []int64, err error) {
	err = conn.Raw(func(driver any) error {
		c, ok := driver.(*stdlib.Conn)
		if !ok {
			return fmt.Errorf("store: %T is no connection to PostgreSQL", driver)
		}
		var b pgx.Batch
		for _, p := range all {
			b.Queue(p.text, p.args...)
		}
		results := c.Conn().SendBatch(context.Background(), &b)
		for range all {
			tag, err := results.Exec()
			if err != nil {
				_ = results.Close() // the first error is the one to tell
				return err
			}
			changed = append(changed, tag.RowsAffected())
		}
		return results.Close()
	})
	return changed, err
}

// postgresFault reads the SQLSTATE, never the text.
func postgresFault(err error) faultKind {
	if e, ok := errors.AsType[*pgconn.PgError](err); ok {
		switch {
		case e.Severity == "FATAL", e.Severity == "PANIC": // the session is over
			return faultAway
		case e.Code == "53100": // disk_full
			return faultFull
		case e.Code == "55P03", e.Code == "57014", e.Code == "53300", strings.HasPrefix(e.Code, "40"):
			return faultBusy // lock not available, too slow, too many connections, serialization
		}
		return faultOther
	}
	if _, ok := errors.AsType[*pgconn.ConnectError](err); ok {
		return faultAway
	}
	if _, ok := errors.AsType[net.Error](err); ok {
		return faultAway
	}
	if errors.Is(err, sql.ErrConnDone) || errors.Is(err, driver.ErrBadConn) { // it was lost before
		return faultAway
	}
	if errors.Is(err, io.EOF) || errors.Is(err, io.ErrUnexpectedEOF) || errors.Is(err, net.ErrClosed) || pgconn.SafeToRetry(err) {
		return faultAway
	}
	return faultOther
}
