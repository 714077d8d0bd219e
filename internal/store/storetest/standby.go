package storetest

import (
	"context"
	"os"
	"path/filepath"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"
)

// Standby starts a second server that follows this one, and has this one acknowledge no
// commit before the second has it on its disk.
func (s *Server) Standby(t testing.TB) *Server {
	t.Helper()
	b := &Server{pg: s.pg}
	var err error
	if b.dir, err = os.MkdirTemp("", "dateline-postgres-"); err != nil {
		t.Fatal(err)
	}
	if err := b.unprivileged(); err != nil {
		t.Fatal(err)
	}
	if err := b.watch(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = b.life.Close() })
	if err := b.run("pg_basebackup", "--dbname="+s.address(""), "--pgdata="+b.data(), "--write-recovery-conf", "--checkpoint=fast", "--wal-method=stream"); err != nil {
		t.Fatal(err)
	}
	b.Start(t)
	s.Exec(t, `ALTER SYSTEM SET synchronous_standby_names = '*'`, `SELECT pg_reload_conf()`)
	s.await(t, `SELECT count(*) = 1 FROM pg_stat_replication WHERE sync_state = 'sync'`)
	return b
}

// Promote makes a standby the primary, when the former one is gone.
func (s *Server) Promote(t testing.TB) {
	t.Helper()
	s.Exec(t, `ALTER SYSTEM RESET synchronous_standby_names`, `SELECT pg_promote()`, `SELECT pg_reload_conf()`)
	s.await(t, `SELECT NOT pg_is_in_recovery()`)
}

// Exec runs statements as the server's owner.
func (s *Server) Exec(t testing.TB, statements ...string) {
	t.Helper()
	conn := s.connect(t)
	defer func() { _ = conn.Close(context.Background()) }()
	for _, sql := range statements {
		if _, err := conn.Exec(context.Background(), sql); err != nil {
			t.Fatalf("%s: %v", sql, err)
		}
	}
}

func (s *Server) connect(t testing.TB) *pgx.Conn {
	t.Helper()
	conn, err := pgx.Connect(context.Background(), s.address(""))
	if err != nil {
		t.Fatal(err)
	}
	return conn
}

// await asks until the answer is yes.
func (s *Server) await(t testing.TB, question string) {
	t.Helper()
	conn := s.connect(t)
	defer func() { _ = conn.Close(context.Background()) }()
	for range 3000 { // a minute, and more where the server is slow
		var yes bool
		if err := conn.QueryRow(context.Background(), question).Scan(&yes); err != nil {
			t.Fatalf("%s: %v", question, err)
		}
		if yes {
			return
		}
		time.Sleep(20 * time.Millisecond)
	}
	t.Fatalf("never true: %s", question)
}

// Folder is where the server keeps its files: its tables and its log.
func (s *Server) Folder() string { return filepath.Join(s.dir, "data") }

// Socket is the folder of its socket, which an address names as its host.
func (s *Server) Socket() string { return s.dir }
