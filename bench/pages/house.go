//go:build linux

package main

import (
	"bufio"
	"bytes"
	"cmp"
	"compress/gzip"
	"errors"
	"fmt"
	"io"
	"math/rand/v2"
	"net/http"
	"net/http/cookiejar"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"time"

	"golang.org/x/net/html"
)

// A house is the built product, serving one article that is measured.
type house struct {
	cmd    *exec.Cmd
	addr   string // of the readers' listener
	room   string // the newsroom's address
	member *http.Client
	path   string // of the article
	page   []byte
	plain  int
	zipped []byte
	posted int
}

// config is a house whose one desk is never closed: a race is run on any day.
const config = `[house]
name = {en = "The Meridian"}
address = "https://meridian.example"
languages = ["en"]
place = "London"
lat = 51.5074
lon = -0.1278
zone = "Europe/London"
[[house.section]]
id = "city"
name = {en = "City"}
[[desk]]
slug = "london"
name = {en = "London"}
lat = 51.5074
lon = -0.1278
city = {en = "London"}
zone = "Europe/London"
keeps = ["closure 2000-01-01 Opening"]
`

// openHouse builds the product, starts it on the servers' core and posts the article.
func openHouse(dir string) (*house, error) {
	binary := filepath.Join(dir, "dateline")
	build := exec.Command("go", "build", "-trimpath", "-o", binary, "./cmd/dateline")
	build.Dir, build.Stderr, build.Env = "..", os.Stderr, append(os.Environ(), "CGO_ENABLED=0")
	if err := build.Run(); err != nil {
		return nil, fmt.Errorf("building the product: %w", err)
	}
	toml := filepath.Join(dir, "dateline.toml")
	if err := os.WriteFile(toml, []byte(config), 0o600); err != nil {
		return nil, err
	}
	readers, err := freeAddress()
	if err != nil {
		return nil, err
	}
	room, err := freeAddress()
	if err != nil {
		return nil, err
	}
	h := &house{addr: readers, room: "http://" + room}
	h.cmd = onServerCore(binary, "serve", "--config", toml, "--data", filepath.Join(dir, "data"), "--addr", readers, "--newsroom", room)
	out, err := h.cmd.StdoutPipe()
	if err != nil {
		return nil, err
	}
	if err := h.cmd.Start(); err != nil {
		return nil, err
	}
	err = h.listen(out)
	if err == nil {
		err = h.enter(binary, toml, filepath.Join(dir, "data"))
	}
	if err == nil {
		err = h.postArticle()
	}
	if err != nil {
		return nil, errors.Join(err, h.stop())
	}
	return h, nil
}

func (h *house) pid() int { return h.cmd.Process.Pid }

func (h *house) stop() error {
	_ = h.cmd.Process.Signal(os.Interrupt)
	return h.cmd.Wait()
}

// listen reads what the product prints until it is open.
func (h *house) listen(out io.Reader) error {
	lines := bufio.NewScanner(out)
	for lines.Scan() {
		if strings.HasPrefix(strings.TrimSpace(lines.Text()), "sign in ") {
			go func() { _, _ = io.Copy(io.Discard, out) }()
			return nil
		}
	}
	return errors.New("the product did not start")
}

// enter makes a member who may post at the desk, and signs in by the one-time link.
func (h *house) enter(binary, toml, data string) error {
	add := exec.Command(binary, "user", "add", "Racer", "--role", "london:chief", "--role", "london:editor", "--data", data, "--config", toml)
	add.Stderr = os.Stderr
	out, err := add.Output()
	if err != nil {
		return fmt.Errorf("adding a member: %w", err)
	}
	link := regexp.MustCompile(`/in/[0-9a-z]+`).Find(out)
	jar, err := cookiejar.New(nil)
	if err != nil {
		return err
	}
	h.member = &http.Client{Jar: jar}
	p, err := h.get(h.room + string(link))
	if err != nil {
		return err
	}
	_, err = h.submit(p, "sign-in", nil)
	return err
}

// A page is one of the newsroom's.
type page struct {
	at   *url.URL
	root *html.Node
}

func (h *house) read(w *http.Response, err error) (*page, error) {
	if err != nil {
		return nil, err
	}
	defer w.Body.Close()
	root, err := html.Parse(w.Body)
	if err == nil && w.StatusCode != http.StatusOK {
		err = fmt.Errorf("%s: %s: %s", w.Request.URL, w.Status, said(root))
	}
	return &page{w.Request.URL, root}, err
}

func (h *house) get(address string) (*page, error) { return h.read(h.member.Get(address)) }

// submit fills in a form of a page and sends it.
func (h *house) submit(p *page, id string, set map[string]string) (*page, error) {
	action, values := p.form(id)
	if action == "" {
		return nil, fmt.Errorf("there is no form %q on %s", id, p.at)
	}
	for name, value := range set {
		if name, second := strings.CutSuffix(name, "#1"); second {
			values[name][1] = value
			continue
		}
		values.Set(name, value)
	}
	to, err := p.at.Parse(action)
	if err != nil {
		return nil, err
	}
	return h.read(h.member.PostForm(to.String(), values))
}

// said is what a page says in its status or alert.
func said(root *html.Node) (text string) {
	for n := range root.Descendants() {
		if role := attr(n, "role"); role == "alert" || role == "status" {
			for d := range n.Descendants() {
				if d.Type == html.TextNode {
					text += d.Data
				}
			}
		}
	}
	return text
}

func attr(n *html.Node, key string) string {
	for _, a := range n.Attr {
		if a.Key == key {
			return a.Val
		}
	}
	return ""
}

// form reads the fields of a form as they would be sent, and where to.
func (p *page) form(id string) (action string, values url.Values) {
	values = url.Values{}
	for n := range p.root.Descendants() {
		if n.Type == html.ElementNode && n.Data == "form" && attr(n, "id") == id {
			action = attr(n, "action")
			for f := range n.Descendants() {
				if name := attr(f, "name"); name != "" {
					p.field(values, name, f)
				}
			}
		}
	}
	return action, values
}

func (p *page) field(values url.Values, name string, n *html.Node) {
	has := func(n *html.Node, key string) bool {
		for _, a := range n.Attr {
			if a.Key == key {
				return true
			}
		}
		return false
	}
	switch n.Data {
	case "input":
		if kind := attr(n, "type"); (kind == "checkbox" || kind == "radio") && !has(n, "checked") {
			return
		}
		values.Add(name, attr(n, "value"))
	case "textarea":
		text := ""
		if n.FirstChild != nil {
			text = n.FirstChild.Data
		}
		values.Add(name, text)
	case "select":
		var chosen, first *html.Node
		for o := range n.Descendants() {
			if o.Data == "option" {
				first = cmp.Or(first, o)
				if has(o, "selected") {
					chosen = o
				}
			}
		}
		if chosen = cmp.Or(chosen, first); chosen != nil {
			value := attr(chosen, "value")
			if value == "" && chosen.FirstChild != nil && !has(chosen, "value") {
				value = chosen.FirstChild.Data
			}
			values.Add(name, value)
		}
	}
}

var firstBlock = regexp.MustCompile(`^b\.([0-9a-z]{8})$`)

// post writes a story at the desk and posts it at once. It returns the page that says so.
func (h *house) post(headline, text string) (*page, error) {
	p, err := h.get(h.room + "/desk/london")
	if err != nil {
		return nil, err
	}
	if p, err = h.submit(p, "start", nil); err != nil {
		return nil, err
	}
	_, values := p.form("save")
	block := ""
	for name := range values {
		if firstBlock.MatchString(name) {
			block = name
		}
	}
	if block == "" {
		return nil, errors.New("the editor has no block")
	}
	if p, err = h.submit(p, "save", map[string]string{"f.headline": headline, "f.section": "city", block + "#1": text, "do": "save"}); err != nil {
		return nil, err
	}
	return h.submit(p, "publish", map[string]string{"noundo": "on"})
}

// postArticle posts the article that is measured, and reads its page.
func (h *house) postArticle() error {
	p, err := h.post("What was said at the harbour", longText())
	if err != nil {
		return err
	}
	for n := range p.root.Descendants() {
		if n.Data == "a" && n.FirstChild != nil && n.FirstChild.Data == "as readers see it" {
			u, err := url.Parse(attr(n, "href"))
			if err != nil {
				return err
			}
			h.path = u.Path
		}
	}
	if h.path == "" {
		return errors.New("the article was not posted")
	}
	if h.page, err = h.fetch("identity"); err != nil {
		return err
	}
	h.plain = len(h.page)
	if h.zipped, err = h.fetch("gzip"); err != nil {
		return err
	}
	r, err := gzip.NewReader(bytes.NewReader(h.zipped))
	if err != nil {
		return err
	}
	same, err := io.ReadAll(r)
	if err == nil && !bytes.Equal(same, h.page) {
		err = errors.New("the compressed page is another one")
	}
	return err
}

// fetch reads the article as a reader's program gets it.
func (h *house) fetch(coding string) ([]byte, error) {
	r, err := http.NewRequest(http.MethodGet, "http://"+h.addr+h.path, nil)
	if err != nil {
		return nil, err
	}
	r.Header.Set("Accept-Encoding", coding)
	w, err := http.DefaultClient.Do(r)
	if err != nil {
		return nil, err
	}
	defer w.Body.Close()
	b, err := io.ReadAll(w.Body)
	if err == nil && w.StatusCode != http.StatusOK {
		err = fmt.Errorf("the article answers %s", w.Status)
	}
	return b, err
}

// postEachSecond posts a story of the same desk each second: every one of them stands on the
// measured page, which is made again.
func (h *house) postEachSecond(stop <-chan struct{}) error {
	tick := time.NewTicker(time.Second)
	defer tick.Stop()
	for {
		h.posted++
		if _, err := h.post(fmt.Sprintf("Posted meanwhile, number %d", h.posted), "A paragraph."); err != nil {
			return fmt.Errorf("posting meanwhile: %w", err)
		}
		select {
		case <-stop:
			return nil
		case <-tick.C:
		}
	}
}

// longText makes a text whose page is about 60 KB, and 14 KB as gzip: sentences of a few
// thousand words, of which some come again as they do in what people write.
func longText() string {
	rnd := rand.New(rand.NewPCG(7, 18))
	syllables := strings.Fields("ha bour vo ted dred ge chan nel coun cil ri ver mar ket sta tion bri school mi nis ter re port trade light win ter sum mer old new stone paper boat")
	words := make([]string, 900)
	for i := range words {
		for range 1 + rnd.IntN(3) {
			words[i] += syllables[rnd.IntN(len(syllables))]
		}
	}
	phrases := make([]string, 480)
	for i := range phrases {
		var p []string
		for range 4 + rnd.IntN(6) {
			p = append(p, words[rnd.IntN(len(words))])
		}
		phrases[i] = strings.Join(p, " ")
	}
	var b strings.Builder
	for b.Len() < textLength {
		for range 6 {
			b.WriteString("The " + phrases[rnd.IntN(len(phrases))] + ", and " + phrases[rnd.IntN(len(phrases))] + ". ")
		}
		b.WriteString("\n\n")
	}
	return b.String()
}

const textLength = 53_500
