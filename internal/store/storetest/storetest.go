// Package storetest runs a suite on both engines: a fresh file of SQLite, and a fresh schema
// of a real PostgreSQL, which is started from a temporary folder, once for each test program.
package storetest

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"sync"
	"sync/atomic"
	"testing"

	"github.com/jackc/pgx/v5"
)

// Each runs f with the address of an empty store, for store.Open, on each engine.
func Each(t *testing.T, f func(t *testing.T, address string)) {
	t.Run("sqlite", func(t *testing.T) { f(t, SQLite(t)) })
	t.Run("postgres", func(t *testing.T) { f(t, Postgres(t)) })
}

// Address is that of an empty store for a suite that runs on one engine at a time: SQLite,
// or with DATELINE_TEST_STORE=postgres in the environment PostgreSQL. make test runs both.
func Address(t testing.TB) string {
	t.Helper()
	if os.Getenv("DATELINE_TEST_STORE") == "postgres" {
		return Postgres(t)
	}
	return SQLite(t)
}

// SQLite is the address of an empty store in a file.
func SQLite(t testing.TB) string { return filepath.Join(t.TempDir(), "newsroom.db") }

var (
	shared  = sync.OnceValues(func() (*Server, error) { return newServer() })
	schemas atomic.Int64
)

// Postgres is the address of an empty store in a PostgreSQL server that this test program
// shares. Without PostgreSQL the test is skipped, and where CI=true it fails.
func Postgres(t testing.TB) string {
	t.Helper()
	if _, err := programs(); err != nil {
		missing(t, err)
	}
	s, err := shared()
	if err != nil {
		t.Fatal(err)
	}
	return s.Schema(t)
}

func missing(t testing.TB, err error) {
	t.Helper()
	if os.Getenv("CI") == "true" {
		t.Fatal(err)
	}
	t.Skip("not run: ", err)
}

// Schema makes an empty schema in the server and returns its address.
func (s *Server) Schema(t testing.TB) string {
	t.Helper()
	ctx := context.Background()
	conn, err := pgx.Connect(ctx, s.address(""))
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = conn.Close(ctx) }()
	name := fmt.Sprintf("house%d", schemas.Add(1))
	if _, err := conn.Exec(ctx, "CREATE SCHEMA "+name); err != nil {
		t.Fatal(err)
	}
	return s.address(name)
}
