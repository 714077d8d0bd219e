package storetest

import (
	"errors"
	"fmt"
	"net/url"
	"os"
	"os/exec"
	"os/user"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"syscall"
	"testing"
)

// A Server is a PostgreSQL of its own, on a socket in a temporary folder.
type Server struct {
	dir  string
	pg   string // folder of PostgreSQL's programs
	user *syscall.Credential
	life *os.File // while it is open, so is the server
}

// programs finds PostgreSQL's: Debian keeps them out of the PATH.
func programs() (string, error) {
	if p, err := exec.LookPath("initdb"); err == nil {
		if real, err := filepath.EvalSymlinks(p); err == nil {
			return filepath.Dir(real), nil
		}
	}
	found, _ := filepath.Glob("/usr/lib/postgresql/*/bin/initdb") // the pattern is well formed
	if len(found) == 0 {
		return "", errors.New("tests on PostgreSQL, for want of its server; make deps installs it")
	}
	return filepath.Dir(slices.MaxFunc(found, func(a, b string) int { return version(a) - version(b) })), nil
}

func version(initdb string) int {
	n, _ := strconv.Atoi(filepath.Base(filepath.Dir(filepath.Dir(initdb)))) // no number sorts first
	return n
}

// NewServer starts a server that one test has to itself, and may stop hard.
func NewServer(t testing.TB) *Server {
	t.Helper()
	if _, err := programs(); err != nil {
		missing(t, err)
	}
	s, err := newServer()
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = s.life.Close() })
	return s
}

func newServer() (s *Server, err error) {
	s = &Server{}
	if s.pg, err = programs(); err != nil {
		return nil, err
	}
	if s.dir, err = os.MkdirTemp("", "dateline-postgres-"); err != nil {
		return nil, err
	}
	if err = s.unprivileged(); err != nil {
		return nil, err
	}
	if err = s.watch(); err != nil {
		return nil, err
	}
	if err = s.run("initdb", "--pgdata="+s.data(), "--username=dateline", "--auth=trust", "--encoding=UTF8", "--locale=C.UTF-8", "--no-sync"); err != nil {
		return nil, err
	}
	return s, s.start()
}

func (s *Server) data() string { return filepath.Join(s.dir, "data") }

// unprivileged chooses who runs it: PostgreSQL refuses to be run by root.
func (s *Server) unprivileged() error {
	if os.Getuid() != 0 {
		return nil
	}
	u, err := user.Lookup("postgres")
	if err != nil {
		if u, err = user.Lookup("nobody"); err != nil {
			return err
		}
	}
	uid, err1 := strconv.Atoi(u.Uid)
	gid, err2 := strconv.Atoi(u.Gid)
	s.user = &syscall.Credential{Uid: uint32(uid), Gid: uint32(gid)}
	return errors.Join(err1, err2, os.Chown(s.dir, uid, gid))
}

func (s *Server) command(name string, args ...string) *exec.Cmd {
	c := exec.Command(name, args...)
	c.Dir, c.SysProcAttr = s.dir, &syscall.SysProcAttr{Credential: s.user, Setpgid: true}
	return c
}

func (s *Server) run(program string, args ...string) error {
	out, err := s.command(filepath.Join(s.pg, program), args...).CombinedOutput()
	if err != nil {
		return fmt.Errorf("%s: %w\n%s", program, err, out)
	}
	return nil
}

// watch leaves somebody behind who stops the server and deletes its folder when this
// program ends, however it ends: then the pipe closes.
func (s *Server) watch() error {
	r, w, err := os.Pipe()
	if err != nil {
		return err
	}
	s.life = w
	c := s.command("sh", "-c", `read -r _; "$1/pg_ctl" -D "$2/data" -m immediate stop; cd /; rm -rf "$2"`, "sh", s.pg, s.dir)
	c.Stdin = r
	return errors.Join(c.Start(), r.Close())
}

// start starts it, and waits until it answers.
func (s *Server) start() error {
	options := "-c listen_addresses='' -c unix_socket_directories='" + s.dir + "' -c max_connections=300 -c shared_buffers=64MB"
	log, err := os.OpenFile(filepath.Join(s.dir, "start"), os.O_CREATE|os.O_WRONLY, 0o600)
	if err != nil {
		return err
	}
	c := s.command(filepath.Join(s.pg, "pg_ctl"), "-D", s.data(), "-w", "-l", filepath.Join(s.dir, "log"), "-o", options, "start")
	c.Stdout, c.Stderr = log, log // files, which the server may keep open
	if err := errors.Join(c.Run(), log.Close()); err != nil {
		said, _ := os.ReadFile(filepath.Join(s.dir, "log"))
		return fmt.Errorf("starting PostgreSQL: %w\n%s", err, said)
	}
	return nil
}

// Start starts it again after Crash.
func (s *Server) Start(t testing.TB) {
	t.Helper()
	if err := s.start(); err != nil {
		t.Fatal(err)
	}
}

// Crash stops it hard: nothing is finished, nothing is written any more.
func (s *Server) Crash(t testing.TB) {
	t.Helper()
	if err := s.run("pg_ctl", "-D", s.data(), "-m", "immediate", "stop"); err != nil {
		t.Fatal(err)
	}
}

func (s *Server) address(schema string) string {
	v := url.Values{"host": {s.dir}, "user": {"dateline"}}
	if schema != "" {
		v.Set("search_path", schema)
	}
	return "postgres:///postgres?" + strings.ReplaceAll(v.Encode(), "+", "%20")
}
