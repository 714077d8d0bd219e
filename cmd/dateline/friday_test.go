package main_test

import (
	"bufio"
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"net"
	"net/http"
	"net/http/cookiejar"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"golang.org/x/net/html"

	_ "dateline/internal/app" // so that a change of the program is one of its tests
)

// The acceptance scripts under testdata/script run against the built binary: a demo whose
// clock stands still, a reader, and a signed-in member who fills in real forms. Each line
// is a command; what it wants is written in words. Adding a case is adding a file.
//
//	clock INSTANT              moves the demo's clock
//	kill                       kill -9, and a new start on the same folder
//	get PATH                   a reader asks; says "…" and lacks "…" look at the answer
//	status N                   the answer's status
//	drop FILE…                 drops files of the demo's agency into its folder
//	open PATH                  the member opens a page of the newsroom
//	follow WORDS               the member follows the first link with those words
//	submit FORM [NAME=VALUE]…  fills in a form of the page and sends it
//	credit WORDS               saves the pictures' credit lines
//	block ID WORDS             saves the words of a block
//	keep NAME PATTERN          remembers what the pattern's group matches, as $NAME
//	as NAME [ROLE…]            signs a member in, who goes on from here; with roles, a new one
//	erased WORDS…              no file of the house holds these words
//	clear NAME…                empties inputs whose name begins so, in the next submit
//	verify                     dateline record verify
//	run COMMAND                what a command of dateline says of the house; says and lacks look at it
type script struct {
	t       *testing.T
	line    string
	bin     string
	data    string
	cmd     *exec.Cmd
	readers string
	room    string
	member  *http.Client
	body    string
	status  int
	page    *url.URL
	clears  []string
	vars    map[string]string
	killing bool // kill -9 and a new start after each command that changes anything
}

func TestScripts(t *testing.T) {
	files, err := filepath.Glob("testdata/script/*.txt")
	if err != nil || len(files) == 0 {
		t.Fatal("no scripts", err)
	}
	for _, file := range files {
		t.Run(strings.TrimSuffix(filepath.Base(file), ".txt"), func(t *testing.T) {
			t.Parallel()
			newScript(t).run(file)
		})
	}
}

// TestFridayKilledEverywhere plays the Friday with kill -9 and a new start after every
// command that changes anything: what must be seen is the same.
func TestFridayKilledEverywhere(t *testing.T) {
	t.Parallel()
	s := newScript(t)
	s.killing = true
	s.run("testdata/script/friday.txt")
}

// newScript starts a demo in a folder of its own, with the member signed in.
func newScript(t *testing.T) *script {
	s := &script{t: t, bin: filepath.Join(built, "dateline"), data: filepath.Join(built, t.Name()), vars: map[string]string{}}
	if err := os.CopyFS(s.data, os.DirFS(filepath.Join(built, "demo"))); err != nil {
		t.Fatal(err)
	}
	s.start()
	t.Cleanup(s.stop)
	return s
}

// built is a folder with the program, and a demo that was set up and stopped: every test
// begins with a copy of it.
var built string

func TestMain(m *testing.M) {
	code, err := 1, build()
	if err == nil {
		code = m.Run()
	}
	if err = errors.Join(err, os.RemoveAll(built)); err != nil {
		fmt.Fprintln(os.Stderr, err)
		code = 1
	}
	os.Exit(code)
}

func build() (err error) {
	if built, err = os.MkdirTemp("", "dateline"); err != nil {
		return err
	}
	bin := filepath.Join(built, "dateline")
	if out, err := exec.Command("go", "build", "-o", bin, ".").CombinedOutput(); err != nil {
		return fmt.Errorf("building: %w\n%s", err, out)
	}
	cmd := exec.Command(bin, "demo", "--speed", "0", "--data", filepath.Join(built, "demo"), "--addr", "localhost:0")
	out, err := cmd.StdoutPipe()
	if err != nil {
		return err
	}
	if err := cmd.Start(); err != nil {
		return err
	}
	for lines := bufio.NewScanner(out); lines.Scan() && !strings.Contains(lines.Text(), "clock"); {
	}
	if err := cmd.Process.Signal(os.Interrupt); err != nil {
		return err
	}
	return cmd.Wait()
}

func freePort(t *testing.T) string {
	l, err := net.Listen("tcp", "localhost:0")
	if err != nil {
		t.Fatal(err)
	}
	defer l.Close()
	return l.Addr().String()
}

// start starts the demo and signs the member in.
func (s *script) start() {
	s.t.Helper()
	s.signIn(s.launch())
}

// signIn opens a sign-in link in a browser of its own.
func (s *script) signIn(link string) {
	s.t.Helper()
	jar, err := cookiejar.New(nil)
	if err != nil {
		s.t.Fatal(err)
	}
	s.member = &http.Client{Jar: jar, Timeout: 30 * time.Second}
	s.open(strings.TrimPrefix(link, s.room))
	s.submit([]string{"sign-in"})
}

// launch starts the demo and returns the sign-in link that it prints.
func (s *script) launch() (link string) {
	s.t.Helper()
	if s.readers == "" {
		_, r, _ := net.SplitHostPort(freePort(s.t))
		_, n, _ := net.SplitHostPort(freePort(s.t))
		s.readers, s.room = "http://localhost:"+r, "http://localhost:"+n
	}
	s.cmd = exec.Command(s.bin, "demo", "--speed", "0", "--data", s.data, "--addr", strings.TrimPrefix(s.readers, "http://"), "--newsroom", strings.TrimPrefix(s.room, "http://"))
	s.cmd.Stderr = os.Stderr
	out, err := s.cmd.StdoutPipe()
	if err != nil {
		s.t.Fatal(err)
	}
	if err := s.cmd.Start(); err != nil {
		s.t.Fatal(err)
	}
	lines := bufio.NewScanner(out)
	for lines.Scan() {
		if _, after, ok := strings.Cut(lines.Text(), "sign in"); ok {
			link = strings.Fields(after)[0]
		}
		if strings.Contains(lines.Text(), "clock") {
			break
		}
	}
	go func() { _, _ = io.Copy(io.Discard, out) }()
	if link == "" {
		s.t.Fatal("the demo printed no sign-in link")
	}
	return link
}

func (s *script) stop() {
	_ = s.cmd.Process.Signal(os.Interrupt)
	_ = s.cmd.Wait()
}

func (s *script) run(file string) {
	raw, err := os.ReadFile(file)
	if err != nil {
		s.t.Fatal(err)
	}
	for i, line := range strings.Split(string(raw), "\n") {
		s.line = file + ":" + itoa(i+1) + ": " + line
		words := split(line)
		for j, w := range words {
			for k, v := range s.vars {
				words[j] = strings.ReplaceAll(w, "$"+k, v)
				w = words[j]
			}
		}
		if len(words) == 0 || strings.HasPrefix(words[0], "#") {
			continue
		}
		s.do(words[0], words[1:])
		if s.killing && slices.Contains([]string{"clock", "drop", "submit", "credit", "block"}, words[0]) {
			_ = s.cmd.Process.Kill()
			_ = s.cmd.Wait()
			s.launch() // the member's session and page are as they were
		}
	}
}

func itoa(n int) string {
	if n < 10 {
		return string(rune('0' + n))
	}
	return itoa(n/10) + string(rune('0'+n%10))
}

var token = regexp.MustCompile(`(?:[^\s"]|"[^"]*")+`)

func split(line string) (words []string) {
	for _, w := range token.FindAllString(line, -1) {
		words = append(words, strings.ReplaceAll(w, `"`, ""))
	}
	return words
}

func (s *script) fatalf(format string, a ...any) {
	s.t.Helper()
	s.t.Fatalf(s.line+"\n"+format, a...)
}

func (s *script) do(verb string, args []string) {
	s.t.Helper()
	switch verb {
	case "clock":
		s.dateline("demo", "clock", args[0], "--data", s.data)
	case "verify":
		s.dateline("record", "verify", "--data", s.data)
	case "run":
		out, err := exec.CommandContext(s.t.Context(), s.bin, append(args, "--data", s.data)...).Output()
		if err != nil {
			s.fatalf("%v", err)
		}
		s.body = string(out)
	case "kill":
		_ = s.cmd.Process.Kill()
		_ = s.cmd.Wait()
		s.start()
	case "get":
		s.fetch(http.DefaultClient, s.readers+args[0])
	case "open":
		s.open(args[0])
	case "status":
		if itoa(s.status) != args[0] {
			s.fatalf("status %d", s.status)
		}
	case "says":
		s.says(args, true)
	case "lacks":
		s.says(args, false)
	case "drop":
		s.drop(args)
	case "follow":
		s.follow(strings.Join(args, " "))
	case "submit":
		s.submit(args)
	case "clear":
		s.clears = args
	case "as":
		s.as(args[0], args[1:])
	case "erased":
		s.erased(args)
	case "credit":
		s.nth("p.", 1, args[0])
	case "block":
		s.nth("b."+args[0], 1, args[1])
	case "keep":
		m := regexp.MustCompile(args[1]).FindStringSubmatch(html.UnescapeString(s.body))
		if m == nil {
			s.fatalf("nothing matches")
		}
		s.vars[args[0]] = m[1]
	default:
		s.fatalf("there is no command %q", verb)
	}
}

func (s *script) dateline(args ...string) {
	s.t.Helper()
	ctx, cancel := context.WithTimeout(s.t.Context(), time.Minute)
	defer cancel()
	out, err := exec.CommandContext(ctx, s.bin, args...).CombinedOutput()
	if err != nil {
		s.fatalf("%v: %s", err, out)
	}
}

// as signs a member in, a new one where there are roles to give.
func (s *script) as(name string, roles []string) {
	s.t.Helper()
	args := []string{"user", "link", name, "--data", s.data}
	for _, r := range roles {
		args[1] = "add"
		args = append(args, "--role", r)
	}
	out, err := exec.CommandContext(s.t.Context(), s.bin, args...).CombinedOutput()
	if err != nil {
		s.fatalf("%v: %s", err, out)
	}
	_, link, _ := strings.Cut(string(out), "sign in  ")
	s.signIn(strings.Fields(link)[0])
}

// erased waits until nothing is left to clear, and looks into every file.
func (s *script) erased(words []string) {
	s.t.Helper()
	for try := 0; ; try++ {
		out, _ := exec.CommandContext(s.t.Context(), s.bin, "check", "--data", s.data).CombinedOutput() // it may doubt other things
		if !strings.Contains(string(out), "was erased, and") {
			break
		}
		if try == 100 {
			s.fatalf("after a while: %s", out)
		}
		time.Sleep(100 * time.Millisecond)
	}
	err := filepath.WalkDir(s.data, func(path string, d fs.DirEntry, err error) error {
		if err != nil || !d.Type().IsRegular() {
			return err
		}
		b, err := os.ReadFile(path)
		for _, w := range words {
			if bytes.Contains(b, []byte(w)) {
				s.t.Errorf("%s: %s holds it", s.line, path)
			}
		}
		return err
	})
	if err != nil {
		s.fatalf("%v", err)
	}
}

func (s *script) fetch(c *http.Client, address string) {
	s.t.Helper()
	resp, err := c.Get(address)
	s.take(resp, err)
}

func (s *script) take(resp *http.Response, err error) {
	s.t.Helper()
	if err != nil {
		s.fatalf("%v", err)
	}
	body, err := io.ReadAll(resp.Body)
	if err := errors.Join(err, resp.Body.Close()); err != nil {
		s.fatalf("%v", err)
	}
	s.body, s.status, s.page = string(body), resp.StatusCode, resp.Request.URL
}

func (s *script) open(path string) { s.t.Helper(); s.fetch(s.member, s.room+path) }

// text is the page as a reader reads it: without tags, entities resolved, spaces as one.
func (s *script) text() string {
	plain := regexp.MustCompile(`<[^>]*>`).ReplaceAllString(s.body, " ")
	return strings.Join(strings.Fields(html.UnescapeString(plain)), " ")
}

func (s *script) says(args []string, want bool) {
	s.t.Helper()
	for _, a := range args {
		a = strings.Join(strings.Fields(a), " ")
		if strings.Contains(s.text(), a) != want && strings.Contains(s.body, a) != want {
			s.fatalf("%s (%d), says: %.3000s", s.page, s.status, s.text())
		}
	}
}

// drop puts files of the demo's own agency into its folder, whole.
func (s *script) drop(names []string) {
	for _, name := range names {
		raw, err := os.ReadFile(filepath.Join("../../internal/demo/content", name))
		if err != nil {
			s.fatalf("%v", err)
		}
		if err := os.WriteFile(filepath.Join(s.data, "wire", "northwind", filepath.Base(name)), raw, 0o600); err != nil {
			s.fatalf("%v", err)
		}
	}
}

func (s *script) follow(words string) {
	s.t.Helper()
	root, err := html.Parse(strings.NewReader(s.body))
	if err != nil {
		s.fatalf("%v", err)
	}
	for n := range root.Descendants() {
		if n.Type == html.ElementNode && n.Data == "a" && strings.Contains(textOf(n), words) {
			to, err := s.page.Parse(attr(n, "href"))
			if err != nil {
				s.fatalf("%v", err)
			}
			s.fetch(s.member, to.String())
			return
		}
	}
	s.fatalf("no link says %q on %s: %.2000s", words, s.page, s.text())
}

func textOf(n *html.Node) string {
	var b strings.Builder
	for d := range n.Descendants() {
		if d.Type == html.TextNode {
			b.WriteString(d.Data)
		}
	}
	return b.String()
}

func attr(n *html.Node, name string) string {
	for _, a := range n.Attr {
		if a.Key == name {
			return a.Val
		}
	}
	return ""
}

// submit fills in a form as a browser would: what is drawn, changed by what is named.
func (s *script) submit(args []string) {
	s.t.Helper()
	root, err := html.Parse(strings.NewReader(s.body))
	if err != nil {
		s.fatalf("%v", err)
	}
	for n := range root.Descendants() {
		if n.Type != html.ElementNode || n.Data != "form" || attr(n, "id") != args[0] {
			continue
		}
		form := s.fields(n)
		for _, set := range args[1:] {
			name, value, _ := strings.Cut(set, "=")
			form.Set(name, value)
		}
		s.clears = nil
		to, err := s.page.Parse(attr(n, "action"))
		if err != nil {
			s.fatalf("%v", err)
		}
		resp, err := s.member.PostForm(to.String(), form)
		s.take(resp, err)
		return
	}
	s.fatalf("there is no form %q on %s (%d): %.2000s", args[0], s.page, s.status, s.text())
}

// nth saves the story with the nth input of a name that begins so holding a value.
func (s *script) nth(prefix string, n int, value string) {
	s.t.Helper()
	root, err := html.Parse(strings.NewReader(s.body))
	if err != nil {
		s.fatalf("%v", err)
	}
	for f := range root.Descendants() {
		if f.Type != html.ElementNode || attr(f, "id") != "save" {
			continue
		}
		form := s.fields(f)
		for name := range form {
			if strings.HasPrefix(name, prefix) && len(form[name]) > n {
				form[name][n] = value
			}
		}
		form.Set("do", "save")
		to, err := s.page.Parse(attr(f, "action"))
		if err != nil {
			s.fatalf("%v", err)
		}
		resp, err := s.member.PostForm(to.String(), form)
		s.take(resp, err)
		return
	}
	s.fatalf("there is nothing to save on %s", s.page)
}

func (s *script) fields(form *html.Node) url.Values {
	out := url.Values{}
	for n := range form.Descendants() {
		name := attr(n, "name")
		if n.Type != html.ElementNode || name == "" || n.Data == "button" {
			continue
		}
		value := attr(n, "value")
		switch n.Data {
		case "textarea":
			value = strings.TrimPrefix(textOf(n), "\n")
		case "select":
			value = selected(n)
		case "input":
			if kind := attr(n, "type"); kind == "checkbox" || kind == "file" {
				continue
			}
		default:
			continue
		}
		for i, prefix := range s.clears {
			if strings.HasPrefix(name, prefix) && len(out[name]) > 0 && i >= 0 {
				value = "" // all but the first input of that name
			}
		}
		out.Add(name, value)
	}
	return out
}

func selected(n *html.Node) string {
	first, found := "", false
	for o := range n.Descendants() {
		if o.Type != html.ElementNode || o.Data != "option" {
			continue
		}
		value := textOf(o)
		chosen := false
		for _, a := range o.Attr {
			if a.Key == "value" {
				value = a.Val
			}
			chosen = chosen || a.Key == "selected"
		}
		if chosen {
			return value
		}
		if !found {
			first, found = value, true
		}
	}
	return first
}
