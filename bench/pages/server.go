//go:build linux

package main

import (
	"encoding/json"
	"errors"
	"fmt"
	"net"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"strconv"
	"strings"
	"syscall"
	"time"
	"unsafe"
)

// pinned says in the environment that a process is on its core already.
const pinned = "PAGES_PINNED"

// pin is the role that runs a program on one core: pin CORE PROGRAM ARGS… It becomes it.
func pin(args []string) error {
	core, err := strconv.Atoi(args[0])
	if err != nil || len(args) < 2 {
		return errors.New("pin takes a core and a program")
	}
	if runtime.NumCPU() <= core {
		return fmt.Errorf("there is no core %d: servers and client need one each", core)
	}
	runtime.LockOSThread()
	mask := [16]uint64{}
	mask[core/64] = 1 << (core % 64)
	if _, _, errno := syscall.RawSyscall(syscall.SYS_SCHED_SETAFFINITY, 0, unsafe.Sizeof(mask), uintptr(unsafe.Pointer(&mask))); errno != 0 {
		return fmt.Errorf("taking core %d: %w", core, errno)
	}
	program, err := exec.LookPath(args[1])
	if err != nil {
		return err
	}
	return syscall.Exec(program, args[1:], append(os.Environ(), pinned+"=yes"))
}

// onServerCore is a command on the servers' core. Being pinned, a Go program there runs its
// code on one thread.
func onServerCore(program string, args ...string) *exec.Cmd {
	c := exec.Command(os.Args[0], append([]string{"pin", fmt.Sprint(serverCore), program}, args...)...)
	c.Stderr = os.Stderr
	return c
}

// A contestant is a server that is measured.
type contestant struct {
	name, addr, path string
	pid              int
	meanwhile        func(stop <-chan struct{}) error // what else happens while it is measured
}

// round measures once.
func (c contestant) round(connections int, length time.Duration) (o one, err error) {
	stop, stopped := make(chan struct{}), make(chan error, 1)
	if c.meanwhile != nil {
		go func() { stopped <- c.meanwhile(stop) }()
	} else {
		stopped <- nil
	}
	before := cpuOf(c.pid)
	client := exec.Command(os.Args[0], "load", c.addr, c.path, fmt.Sprint(connections), length.String())
	client.Stderr = os.Stderr
	out, err := client.Output()
	o.cpu = cpuOf(c.pid) - before
	close(stop)
	if err = errors.Join(err, <-stopped); err != nil {
		return o, err
	}
	return o, json.Unmarshal(out, &o)
}

// cpuOf is the processor time of a process and its children that run.
func cpuOf(pid int) (total time.Duration) {
	const tick = 10 * time.Millisecond // USER_HZ is 100 on every Linux that Go runs on
	stats, _ := filepath.Glob("/proc/[0-9]*/stat")
	for _, file := range stats {
		raw, err := os.ReadFile(file)
		if err != nil {
			continue // it ended
		}
		fields := strings.Fields(string(raw[strings.LastIndexByte(string(raw), ')')+1:]))
		own := strings.HasPrefix(file, fmt.Sprintf("/proc/%d/", pid))
		if own || fields[1] == fmt.Sprint(pid) {
			user, _ := strconv.Atoi(fields[11])
			system, _ := strconv.Atoi(fields[12])
			total += time.Duration(user+system) * tick
		}
	}
	return total
}

// A rival is another server of the same bytes.
type rival struct {
	contestant
	cmd *exec.Cmd
}

func (r rival) stop() {
	_ = r.cmd.Process.Signal(os.Interrupt)
	_ = r.cmd.Wait() // how it ends is of no interest
}

// bare is the role of the plain handler: bare ADDR FILE answers everything with a file's
// bytes, as gzip.
func bare(args []string) error {
	body, err := os.ReadFile(args[1])
	if err != nil {
		return err
	}
	length := strconv.Itoa(len(body))
	return http.ListenAndServe(args[0], http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		h := w.Header()
		h.Set("Content-Type", "text/html; charset=utf-8")
		h.Set("Content-Encoding", "gzip")
		h.Set("Content-Length", length)
		_, _ = w.Write(body)
	}))
}

// startRivals starts the bare handler, and nginx where it is installed.
func startRivals(dir string, h *house) (all []rival, missing string, err error) {
	root := filepath.Join(dir, "root")
	if err := errors.Join(os.Chmod(dir, 0o755), os.Mkdir(root, 0o755), os.WriteFile(filepath.Join(root, "page.html"), h.page, 0o644), os.WriteFile(filepath.Join(root, "page.html.gz"), h.zipped, 0o644)); err != nil {
		return nil, "", err
	}
	start := func(name, addr, path string, c *exec.Cmd) error {
		if err := c.Start(); err != nil {
			return err
		}
		all = append(all, rival{contestant{name: name, addr: addr, path: path, pid: c.Process.Pid}, c})
		return awaitListener(addr)
	}
	addr, err := freeAddress()
	if err != nil {
		return nil, "", err
	}
	if err := start("net/http", addr, h.path, onServerCore(os.Args[0], "bare", addr, filepath.Join(root, "page.html.gz"))); err != nil {
		return all, "", err
	}
	program := "/usr/sbin/nginx"
	if _, err := os.Stat(program); err != nil {
		return all, "not measured: nginx, which is not installed (apt-get install nginx)", nil
	}
	if addr, err = freeAddress(); err != nil {
		return all, "", err
	}
	conf := filepath.Join(dir, "nginx.conf")
	if err := os.WriteFile(conf, fmt.Appendf(nil, nginxConf, dir, dir, addr, root), 0o644); err != nil {
		return all, "", err
	}
	return all, "", start("nginx", addr, "/page.html", onServerCore(program, "-c", conf, "-p", dir, "-e", filepath.Join(dir, "nginx.log")))
}

// nginxConf is nginx at its best for this: one worker, nothing logged, connections kept.
const nginxConf = `daemon off; worker_processes 1; pid %s/nginx.pid; error_log %s/nginx.log crit;
events { worker_connections 4096; }
http {
	access_log off; sendfile on; tcp_nopush on; keepalive_requests 1000000000; keepalive_timeout 600s;
	open_file_cache max=100; types { text/html html; } default_type text/html;
	server { listen %s backlog=4096; root %s; gzip_static on; }
}
`

func freeAddress() (string, error) {
	l, err := net.Listen("tcp4", "127.0.0.1:0")
	if err != nil {
		return "", err
	}
	return l.Addr().String(), l.Close()
}

func awaitListener(addr string) error {
	var err error
	for range 200 {
		var c net.Conn
		if c, err = net.Dial("tcp4", addr); err == nil {
			return c.Close()
		}
		time.Sleep(50 * time.Millisecond)
	}
	return fmt.Errorf("nobody listens: %w", err)
}
