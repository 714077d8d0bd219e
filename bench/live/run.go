//go:build linux

package main

import (
	"bufio"
	"encoding/json"
	"fmt"
	"io"
	"net"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"syscall"
	"time"
)

// A process is a server or a load client, pinned to a core.
type process struct {
	cmd *exec.Cmd
	in  io.WriteCloser
	out *bufio.Scanner
	pid int
}

func start(core string, name string, args ...string) *process {
	p := &process{cmd: exec.Command("taskset", append([]string{"-c", core, name}, args...)...)}
	p.cmd.Stderr = os.Stderr
	var err error
	p.in, err = p.cmd.StdinPipe()
	fatal(err)
	out, err := p.cmd.StdoutPipe()
	fatal(err)
	p.out = bufio.NewScanner(out)
	fatal(p.cmd.Start())
	p.pid = p.cmd.Process.Pid
	return p
}

func self() string {
	path, err := os.Executable()
	fatal(err)
	return path
}

func (p *process) stop(s syscall.Signal) {
	_ = p.cmd.Process.Signal(s)
	_ = p.in.Close()
	_ = p.cmd.Wait() // killed, and says so
}

// say gives a load client a command and returns its answer.
func (p *process) say(format string, a ...any) map[string]float64 {
	_, err := fmt.Fprintf(p.in, format+"\n", a...)
	fatal(err)
	if !p.out.Scan() {
		fatal(fmt.Errorf("the load client ended at %s", fmt.Sprintf(format, a...)))
	}
	answer := map[string]float64{}
	fatal(json.Unmarshal(p.out.Bytes(), &answer))
	return answer
}

// resident is what a process holds in memory, in KB.
func resident(pid int) float64 {
	b, _ := os.ReadFile(fmt.Sprintf("/proc/%d/status", pid))
	_, rest, _ := strings.Cut(string(b), "VmRSS:")
	kb, _ := strconv.ParseFloat(strings.Fields(rest + " 0")[0], 64)
	return kb
}

// burnt is what the threads of a process took of a processor, in seconds: the scheduler
// counts nanoseconds.
func burnt(pid int) (seconds float64) {
	threads, _ := filepath.Glob(fmt.Sprintf("/proc/%d/task/*/schedstat", pid))
	for _, t := range threads {
		b, _ := os.ReadFile(t)
		ns, _ := strconv.ParseFloat(strings.Fields(string(b) + " 0")[0], 64)
		seconds += ns / 1e9
	}
	return seconds
}

func descriptors(pid int) int {
	all, _ := os.ReadDir(fmt.Sprintf("/proc/%d/fd", pid))
	return len(all)
}

// freePort is one that nobody listened to just now.
func freePort() string {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	fatal(err)
	defer func() { _ = l.Close() }()
	return l.Addr().String()
}

func answers(addr string) {
	for range 600 {
		if c, err := net.Dial("tcp", addr); err == nil {
			_ = c.Close()
			return
		}
		time.Sleep(50 * time.Millisecond)
	}
	fatal(fmt.Errorf("nobody answers at %s", addr))
}

// A system is what is measured.
type system struct {
	name  string
	path  string
	start func(addr string) (p *process, pid int)
}

func ours(what string) func(string) (*process, int) {
	return func(addr string) (*process, int) {
		p := start("0", self(), what, addr)
		answers(addr)
		return p, p.pid
	}
}

const nchanConfig = `load_module /usr/lib/nginx/modules/ngx_nchan_module.so;
worker_processes 1; worker_rlimit_nofile 20000; daemon off; pid %[1]s/pid; error_log %[1]s/error.log crit;
events { worker_connections 19500; }
http { access_log off; client_body_temp_path %[1]s/body; proxy_temp_path %[1]s/proxy; fastcgi_temp_path %[1]s/fcgi; uwsgi_temp_path %[1]s/uwsgi; scgi_temp_path %[1]s/scgi;
 nchan_shared_memory_size 128M;
 server { listen %[2]s backlog=4096;
  location = /live { nchan_subscriber eventsource; nchan_channel_id c; nchan_subscriber_first_message newest; }
  location = /pub { nchan_publisher; nchan_channel_id c; } } }
`

func startNchan(addr string) (*process, int) {
	dir, err := os.MkdirTemp("", "nchan")
	fatal(err)
	fatal(os.Chmod(dir, 0o755))
	fatal(os.WriteFile(filepath.Join(dir, "nginx.conf"), fmt.Appendf(nil, nchanConfig, dir, addr), 0o600))
	p := start("0", "nginx", "-c", filepath.Join(dir, "nginx.conf"))
	answers(addr)
	for range 100 {
		b, _ := os.ReadFile(fmt.Sprintf("/proc/%d/task/%d/children", p.pid, p.pid))
		if fields := strings.Fields(string(b)); len(fields) > 0 {
			pid, _ := strconv.Atoi(fields[0])
			return p, pid
		}
		time.Sleep(20 * time.Millisecond)
	}
	fatal(fmt.Errorf("nginx has no worker"))
	return nil, 0
}

// figures are those of one round.
type figures struct{ idle, busy, cpu, p50, p99, max float64 }

// race measures all systems in turn.
func race(readers, rounds, seconds int) bool {
	systems := []system{{"dateline", "/live?ch=house.en", ours("hub")}, {"net/http", "/live", ours("plain")}, {"send alone", "/live", ours("floor")}}
	if _, err := os.Stat("/usr/lib/nginx/modules/ngx_nchan_module.so"); err == nil {
		systems = append(systems, system{"nchan", "/live", startNchan})
	} else {
		fmt.Println("not run: nchan, for want of it; apt-get install nginx libnginx-mod-nchan")
	}
	all := map[string][]figures{}
	for range rounds {
		for _, s := range systems {
			all[s.name] = append(all[s.name], round(s, readers, seconds))
		}
	}
	fmt.Printf("\n%d readers of one channel, 300 bytes each second; medians of %d rounds\n", readers, rounds)
	fmt.Println("system      KB/reader idle   after traffic   CPU us/delivery   p50 ms   p99 ms   max ms")
	middle := map[string]figures{}
	for _, s := range systems {
		m := medians(all[s.name])
		middle[s.name] = m
		fmt.Printf("%-10s  %14.2f   %13.2f   %15.1f   %6.0f   %6.0f   %6.0f\n", s.name, m.idle, m.busy, m.cpu, m.p50, m.p99, m.max)
	}
	d, ok := middle["dateline"], true
	ok = promise("KB resident per reader, at most 1.5", max(d.idle, d.busy), d.idle <= 1.5 && d.busy <= 1.5) && ok
	fmt.Printf("        CPU per delivery, x send alone: %.2f\n", d.cpu/middle["send alone"].cpu)
	if n, there := middle["nchan"]; there {
		ok = promise("CPU per delivery, x nchan, at most 0.75", d.cpu/n.cpu, d.cpu/n.cpu <= .75) && ok
		ok = promise("p99, x nchan, at most 0.75", d.p99/n.p99, d.p99/n.p99 <= .75) && ok
	}
	return ok
}

func promise(what string, got float64, kept bool) bool {
	word := "kept  "
	if !kept {
		word = "BROKEN"
	}
	fmt.Printf("%s  %s: %.2f\n", word, what, got)
	return kept
}

func medians(all []figures) figures {
	of := func(get func(figures) float64) float64 {
		var xs []float64
		for _, f := range all {
			xs = append(xs, get(f))
		}
		slices.Sort(xs)
		return xs[len(xs)/2]
	}
	return figures{of(func(f figures) float64 { return f.idle }), of(func(f figures) float64 { return f.busy }), of(func(f figures) float64 { return f.cpu }),
		of(func(f figures) float64 { return f.p50 }), of(func(f figures) float64 { return f.p99 }), of(func(f figures) float64 { return f.max })}
}

// publish posts an event of 300 bytes that holds its number and when it left.
func publish(addr string, seq int) {
	data := fmt.Sprintf(`{"seq":%d,"t":%d,"pad":"`, seq, time.Now().UnixNano())
	data += strings.Repeat("x", 298-len(data)) + `"}`
	answer, err := http.Post("http://"+addr+"/pub", "application/json", strings.NewReader(data))
	fatal(err)
	_, _ = io.Copy(io.Discard, answer.Body)
	_ = answer.Body.Close()
}

// settle waits a little, lets a server of ours give back what it holds of garbage, and
// returns how many goroutines it has; nchan does not answer.
func settle(addr string) (goroutines float64) {
	time.Sleep(2 * time.Second)
	if answer, err := http.Post("http://"+addr+"/settle", "", nil); err == nil {
		b, _ := io.ReadAll(answer.Body)
		_ = answer.Body.Close()
		goroutines, _ = strconv.ParseFloat(string(b), 64)
	}
	return goroutines
}

func round(s system, readers, seconds int) (f figures) {
	addr := freePort()
	server, pid := s.start(addr)
	defer server.stop(syscall.SIGTERM)
	publish(addr, 1)
	settle(addr)
	before := resident(pid)
	client := start("1", self(), "-readers", strconv.Itoa(readers), "load", addr, s.path)
	defer client.stop(syscall.SIGKILL)
	if open := client.say("open")["open"]; int(open) != readers {
		fatal(fmt.Errorf("%s: %d of %d readers are connected", s.name, int(open), readers))
	}
	settle(addr)
	f.idle = (resident(pid) - before) / float64(readers)
	publish(addr, 2)
	client.say("have 2")
	client.say("forget")
	cpu := burnt(pid)
	for i := range seconds {
		publish(addr, 3+i)
		time.Sleep(time.Second)
	}
	client.say("have %d", 2+seconds)
	f.cpu = (burnt(pid) - cpu) * 1e6 / float64(readers*seconds)
	d := client.say("delays")
	f.p50, f.p99, f.max = d["p50"], d["p99"], d["max"]
	settle(addr)
	f.busy = (resident(pid) - before) / float64(readers)
	if v := client.say("judge"); v["missed"]+v["doubled"]+v["disordered"] > 0 {
		fmt.Printf("%s: %v\n", s.name, v)
	}
	fmt.Printf("%-10s  %.2f KB idle, %.2f after, %.1f us, %.0f/%.0f/%.0f ms\n", s.name, f.idle, f.busy, f.cpu, f.p50, f.p99, f.max)
	return f
}

// held holds many readers, and lets some return at once.
func held(most, readers int) bool {
	addr := freePort()
	server, pid := ours("hub")(addr)
	defer server.stop(syscall.SIGTERM)
	publish(addr, 1)
	goroutines := settle(addr)
	files, kb := descriptors(pid), resident(pid)
	client := start("1", self(), "-readers", strconv.Itoa(most), "load", addr, "/live?ch=house.en")
	open := client.say("open")["open"]
	publish(addr, 2)
	took := client.say("have 2")
	v := client.say("judge")
	ok := promise("readers held", open, int(open) == most && v["missed"]+v["doubled"]+v["disordered"] == 0 && took["ms"] < 10_000)
	client.stop(syscall.SIGKILL)

	client = start("1", self(), "-readers", strconv.Itoa(readers), "load", addr, "/live?ch=house.en")
	client.say("open")
	publish(addr, 3)
	client.say("have 3")
	client.say("cut")
	for i := range 3 {
		publish(addr, 4+i)
	}
	back := client.say("return 6")
	v = client.say("judge")
	ok = promise(fmt.Sprintf("seconds until %d who return at once have what they missed, at most 10", readers), back["ms"]/1000, back["ms"] <= 10_000 && v["missed"]+v["doubled"]+v["disordered"] == 0) && ok
	client.stop(syscall.SIGKILL)
	settle(addr)
	goroutines = settle(addr) - goroutines
	ok = promise("goroutines more than before, once all have left", goroutines, goroutines <= 0) && ok
	more := (resident(pid) - kb) / 1024
	ok = promise("MB resident more than before, at most 8", more, more <= 8) && ok
	return promise("descriptors more than before", float64(descriptors(pid)-files), descriptors(pid) <= files) && ok
}

// houseHolds lets a whole house post a story each second under readers who stand still and
// leave, and kills it twice.
func houseHolds(readers int) bool {
	dir, err := os.MkdirTemp("", "house")
	fatal(err)
	defer func() { _ = os.RemoveAll(dir) }()
	addr := freePort()
	serve := func() *process {
		p := start("0", self(), "house", addr, dir)
		answers(addr)
		return p
	}
	server := serve()
	waitPosted(addr, 10)
	fmt.Printf("publishing without readers: p50 %.0f ms, p99 %.0f ms\n", state(addr)["p50"], state(addr)["p99"])
	client := start("1", self(), "-readers", strconv.Itoa(readers), "load", addr, "/live?ch=house.en")
	defer client.stop(syscall.SIGKILL)
	client.say("open")
	waitPosted(addr, 15)
	client.say("have %d", int(state(addr)["entry"]))
	client.say("chaos 1")
	time.Sleep(20 * time.Second)
	worst := state(addr)["p99"]
	for range 2 {
		server.stop(syscall.SIGKILL)
		server = serve()
		time.Sleep(15 * time.Second)
		worst = max(worst, state(addr)["p99"])
	}
	client.say("chaos 0")
	time.Sleep(16 * time.Second) // those who stand still go on
	s := state(addr)
	client.say("have %d", int(s["entry"]))
	fmt.Printf("filings since the last start: %.0f, p50 %.0f ms, of which %.0f were answered before readers were shown them\n", s["posted"], s["p50"], s["late"])
	v := client.say("judge")
	fmt.Printf("a house, %d readers, kill -9 twice, cuts and readers who stand still: %.0f stories, %.0f events\n", readers, v["published"], v["events"])
	ok := promise("missed", v["missed"], v["missed"] == 0)
	ok = promise("doubled", v["doubled"], v["doubled"] == 0) && ok
	ok = promise("out of order, or told to begin anew", v["disordered"], v["disordered"] == 0) && ok
	ok = promise("publishing, p99 ms, at most 250", worst, worst <= 250) && ok
	server.stop(syscall.SIGKILL)
	return ok
}

func state(addr string) map[string]float64 {
	answer, err := http.Get("http://" + addr + "/state")
	fatal(err)
	defer func() { _ = answer.Body.Close() }()
	s := map[string]float64{}
	fatal(json.NewDecoder(answer.Body).Decode(&s))
	return s
}

func waitPosted(addr string, n float64) {
	for state(addr)["posted"] < n {
		time.Sleep(100 * time.Millisecond)
	}
}
