package desk_test

import (
	"bytes"
	"cmp"
	"crypto/rand"
	"io"
	"log/slog"
	"mime/multipart"
	"net/http"
	"net/http/httptest"
	"net/url"
	"regexp"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"golang.org/x/net/html"

	"dateline/internal/clock"
	"dateline/internal/demo"
	"dateline/internal/newsroom"
	"dateline/internal/record"
	"dateline/internal/store"
	"dateline/internal/store/storetest"
	"dateline/internal/web/desk"
	"dateline/internal/web/ui"
	"dateline/internal/zone"
)

// newsroomAt is a real newsroom behind its own pages, with a clock that the test moves.
type newsroomAt struct {
	t    *testing.T
	room *newsroom.Room
	db   *store.DB
	web  http.Handler
	now  time.Time
	late atomic.Int64 // nanoseconds after now, for a test that moves the clock while others look at it

	address string // of its store
}

func open(t *testing.T) *newsroomAt {
	t.Helper()
	return openAt(t, storetest.Address(t))
}

func openAt(t *testing.T, address string) *newsroomAt {
	t.Helper()
	n := &newsroomAt{t: t, now: time.Date(2024, 3, 22, 14, 0, 0, 0, time.UTC)}
	n.address = address
	db, err := store.Open(t.Context(), n.address, store.Options{Now: func() clock.Reading {
		now := n.now.Add(time.Duration(n.late.Load()))
		return clock.Reading{Wall: now, Boot: now.Sub(time.Date(2024, 3, 1, 0, 0, 0, 0, time.UTC)), BootID: "test"}
	}})
	check(t, err)
	t.Cleanup(func() { check(t, db.Close()) })
	secret, err := record.NewKey(record.LogName("localhost:8080", 1, rand.Reader), rand.Reader)
	check(t, err)
	key, err := record.ParseKey(secret)
	check(t, err)
	db.SetKey(key)
	n.db = db
	n.room = newsroom.New(db, newsroom.Options{Zones: zone.Built(), Pictures: t.TempDir(), Log: slog.New(slog.DiscardHandler)})
	s, err := demo.Setup("http://localhost:8080")
	check(t, err)
	s.Log, s.Key = key.Log(), key.Verifier()
	check(t, n.room.SetUp(t.Context(), s))
	check(t, demo.AddPeople(t.Context(), n.room))
	n.web = desk.New(n.room, desk.Options{Log: slog.New(slog.DiscardHandler), ReadersAddress: "http://localhost:8080", Address: "https://newsroom.meridian.example"})
	return n
}

func check(t testing.TB, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

// browser is one member's browser: a cookie, and the last page.
type browser struct {
	*newsroomAt
	cookie string
	asks   string // the language that it asks for, "" for none
	status int
	path   string
	body   string
}

func (n *newsroomAt) signIn(name string) *browser {
	n.t.Helper()
	secret, err := n.room.SignInLink(n.t.Context(), name)
	check(n.t, err)
	b := &browser{newsroomAt: n}
	b.get("/in/" + secret)
	b.submit("sign-in", nil)
	if b.cookie == "" {
		n.t.Fatalf("no session for %s: %d", name, b.status)
	}
	return b
}

func (b *browser) do(r *http.Request) {
	b.t.Helper()
	if b.cookie != "" {
		r.Header.Set("Cookie", b.cookie)
	}
	if b.asks != "" {
		r.Header.Set("Accept-Language", b.asks)
	}
	w := httptest.NewRecorder()
	b.web.ServeHTTP(w, r)
	for _, c := range w.Result().Cookies() {
		b.cookie = c.Name + "=" + c.Value
	}
	b.status, b.path, b.body = w.Code, r.URL.RequestURI(), w.Body.String()
	if to := w.Header().Get("Location"); w.Code == http.StatusSeeOther {
		b.get(to)
	}
}

func (b *browser) get(path string) {
	b.t.Helper()
	b.do(httptest.NewRequest(http.MethodGet, path, nil))
}

func (b *browser) post(path string, form url.Values) {
	b.t.Helper()
	r := httptest.NewRequest(http.MethodPost, path, strings.NewReader(form.Encode()))
	r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	b.do(r)
}

// submit fills in the form of that id on the last page and sends it.
func (b *browser) submit(id string, set map[string]string) {
	b.t.Helper()
	action, form := b.form(id)
	for k, v := range set {
		name, i, _ := strings.Cut(k, "#")
		if i != "" {
			form[name][int(i[0]-'0')] = v
			continue
		}
		form.Set(name, v)
	}
	b.post(action, form)
}

func (b *browser) form(id string) (action string, form url.Values) {
	b.t.Helper()
	root, err := html.Parse(strings.NewReader(b.body))
	check(b.t, err)
	form = url.Values{}
	var walk func(n *html.Node, in bool)
	walk = func(n *html.Node, in bool) {
		if n.Type == html.ElementNode {
			if n.Data == "form" && attr(n, "id") == id {
				in, action = true, attr(n, "action")
			}
			if in {
				addField(form, n)
			}
		}
		for c := n.FirstChild; c != nil; c = c.NextSibling {
			walk(c, in)
		}
	}
	walk(root, false)
	if action == "" {
		b.t.Fatalf("there is no form %q on %s (%d)", id, b.path, b.status)
	}
	return action, form
}

func addField(form url.Values, n *html.Node) {
	name := attr(n, "name")
	switch {
	case name == "" || n.Data == "button":
	case n.Data == "textarea":
		text := ""
		if n.FirstChild != nil {
			text = n.FirstChild.Data
		}
		form.Add(name, text)
	case n.Data == "select":
		chosen, first, found := "", "", false
		for o := range n.Descendants() {
			if o.Type == html.ElementNode && o.Data == "option" {
				value := cmp.Or(attr(o, "value"), textOf(o))
				if has(o, "value") {
					value = attr(o, "value")
				}
				if first == "" {
					first = value
				}
				if has(o, "selected") {
					chosen, found = value, true
				}
			}
		}
		if !found {
			chosen = first
		}
		form.Add(name, chosen)
	case attr(n, "type") != "checkbox" && attr(n, "type") != "file":
		form.Add(name, attr(n, "value"))
	}
}

func attr(n *html.Node, name string) string {
	for _, a := range n.Attr {
		if a.Key == name {
			return a.Val
		}
	}
	return ""
}

func has(n *html.Node, name string) bool {
	for _, a := range n.Attr {
		if a.Key == name {
			return true
		}
	}
	return false
}

func textOf(n *html.Node) string {
	if n.FirstChild != nil {
		return n.FirstChild.Data
	}
	return ""
}

func (b *browser) want(words ...string) {
	b.t.Helper()
	for _, w := range words {
		if !strings.Contains(html.UnescapeString(b.body), w) {
			b.t.Errorf("%s (%d) does not say %q", b.path, b.status, w)
		}
	}
}

var firstBlock = regexp.MustCompile(`name="b\.([0-9a-z]{8})"`)

// begin starts a story at New York and gives it all that it needs.
func (b *browser) begin(headline string) {
	b.t.Helper()
	b.get("/desk/new-york")
	b.submit("start", nil)
	id := firstBlock.FindStringSubmatch(b.body)[1]
	b.submit("save", map[string]string{"f.headline": headline, "f.slug": headline, "f.section": "trade", "b." + id + "#1": "The quay was **quiet** on Friday.", "do": "save"})
	b.want("Saved.")
}

func TestALinkSignsInOnce(t *testing.T) {
	n := open(t)
	secret, err := n.room.SignInLink(t.Context(), "Jonah Petrie")
	check(t, err)
	b := &browser{newsroomAt: n}
	b.get("/in/" + secret)
	b.get("/in/" + secret) // looking does not spend it
	b.want("Jonah Petrie")
	b.submit("sign-in", nil)
	b.want("Stories")
	other := &browser{newsroomAt: n}
	other.post("/in", url.Values{"secret": {secret}})
	if other.status != http.StatusForbidden || other.cookie != "" {
		t.Error("a link worked twice:", other.status)
	}
}

func TestEveryRouteHasADoor(t *testing.T) {
	n := open(t)
	for _, r := range desk.Routes() {
		method, path, _ := strings.Cut(r.Pattern, " ")
		path = strings.NewReplacer("{$}", "", "{id}", "0123456789", "{desk}", "new-york", "{file}", "x", "{secret}", "x").Replace(path)
		b := &browser{newsroomAt: n}
		w := httptest.NewRecorder()
		n.web.ServeHTTP(w, httptest.NewRequest(method, path, nil))
		b.status = w.Code
		if r.Who == "member" && !(method == "GET" && w.Code == http.StatusSeeOther || method == "POST" && w.Code == http.StatusForbidden) {
			t.Errorf("%s as nobody: %d", r.Pattern, w.Code)
		}
		if w.Header().Get("Cache-Control") != "no-store" && !strings.HasPrefix(path, "/static/") {
			t.Errorf("%s may be kept: %q", r.Pattern, w.Header().Get("Cache-Control"))
		}
	}
}

func TestFormsOfOtherSitesAreRefused(t *testing.T) {
	b := open(t).signIn("Jonah Petrie")
	r := httptest.NewRequest(http.MethodPost, "/desk/new-york/start", strings.NewReader("key=0123456789abcdef"))
	r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	r.Header.Set("Sec-Fetch-Site", "cross-site")
	b.do(r)
	if b.status != http.StatusForbidden {
		t.Error(b.status)
	}
	b.post("/desk/new-york/start", url.Values{"lang": {"en"}})
	if b.status != http.StatusBadRequest {
		t.Error("a form without a key:", b.status)
	}
}

func TestAStaleSaveKeepsBothTexts(t *testing.T) {
	n := open(t)
	a, b := n.signIn("Jonah Petrie"), n.signIn("Leah Brandt")
	a.begin("Quiet on the quay")
	b.get(strings.Split(a.path, "?")[0])
	id := firstBlock.FindStringSubmatch(b.body)[1]
	a.submit("save", map[string]string{"b." + id + "#1": "What Jonah wrote.", "do": "save"})
	b.submit("save", map[string]string{"b." + id + "#1": "What Leah wrote.", "f.standfirst": "Only Leah touched this.", "do": "save"})
	b.want("Two texts", "What Jonah wrote.", "What Leah wrote.", "Only Leah touched this.")
	b.submit("publish", nil)
	b.want("have two texts")
	if b.status != http.StatusConflict {
		t.Error("two texts were published:", b.status)
	}
	action, form := b.form2("Keep both")
	form.Set("keep", "both")
	b.post(action, form)
	b.want("What Jonah wrote.", "What Leah wrote.")
	if strings.Contains(b.body, "Two texts") {
		t.Error("the clash is not settled")
	}
}

// form2 is the first settle form of the page.
func (b *browser) form2(string) (string, url.Values) {
	b.t.Helper()
	m := regexp.MustCompile(`action="(/stories/[0-9a-z]+/settle)"[^>]*><input type="hidden" name="key" value="([^"]+)"><input type="hidden" name="clash" value="(\d+)"`).FindStringSubmatch(b.body)
	if m == nil {
		b.t.Fatal("nothing to settle")
	}
	return m[1], url.Values{"key": {m[2]}, "clash": {m[3]}}
}

func TestPublishUndoCorrectWithdrawKill(t *testing.T) {
	n := open(t)
	b := n.signIn("Leah Brandt")
	b.begin("The harbour is quiet")
	b.submit("publish", nil)
	b.want("It can still be taken back.")
	n.now = n.now.Add(10 * time.Second)
	if posted, err := n.room.Step(t.Context()); err != nil || posted != 1 {
		t.Fatal(posted, err)
	}
	story := strings.Split(b.path, "?")[0]
	b.get(story)
	b.want("Public: posted Friday 22 March, 10:00 New York · 16:00 Jerusalem", "as readers see it")
	b.submit("correct", map[string]string{"note": "It said quiet. It was not.", "noundo": "on"})
	b.want("Posted.")
	b.submit("withdraw", map[string]string{"note": "The quay asked us to look again."})
	b.want("Withdrawn")
	b.submit("kill", map[string]string{"confirm": "yes"})
	b.want("Type KILL")
	b.get(story)
	b.submit("kill", map[string]string{"confirm": "KILL"})
	b.want("Killed")
	report, err := record.Verify(t.Context(), n.db, record.VerifyOptions{})
	if err != nil || len(report.Problems) > 0 {
		t.Error(report.Problems, err)
	}
}

func TestNoPictureWithoutItsCredit(t *testing.T) {
	n := open(t)
	b := n.signIn("Jonah Petrie")
	b.begin("A picture of the quay")
	files, err := demo.WireFiles(false)
	check(t, err)
	b.upload(files["sellane-river.jpg"])
	b.want("The picture is in.")
	id := regexp.MustCompile(`name="p\.([0-9a-z]{10})"`).FindStringSubmatch(b.body)[1]
	b.submit("save", map[string]string{"p." + id + "#1": "", "p." + id + "#2": "", "p." + id + "#3": "", "do": "save"})
	b.want("has no credit", "1 thing blocks")
	b.submit("publish", nil)
	b.want("has no credit. A picture is never posted without one.")
	b.lacks("It can still be taken back.") // nothing was filed
	if b.status != http.StatusConflict {
		t.Error(b.status)
	}
}

func (b *browser) upload(raw []byte) {
	b.t.Helper()
	action, form := b.form("upload")
	var body bytes.Buffer
	m := multipart.NewWriter(&body)
	check(b.t, m.WriteField("key", form.Get("key")))
	f, err := m.CreateFormFile("picture", "river.jpg")
	check(b.t, err)
	_, err = f.Write(raw)
	check(b.t, err)
	check(b.t, m.Close())
	r := httptest.NewRequest(http.MethodPost, action, io.NopCloser(&body))
	r.Header.Set("Content-Type", m.FormDataContentType())
	b.do(r)
}

func TestRolesAreAskedByTheVerbs(t *testing.T) {
	n := open(t)
	n.signIn("Jonah Petrie").begin("For editors only")
	reporter := n.signIn("Ruth Abelard")
	reporter.get("/desk/new-york")
	story := regexp.MustCompile(`/stories/[0-9a-z]{10}`).FindString(reporter.body)
	reporter.post(story+"/file", url.Values{"key": {"0123456789abcdefgh"}, "what": {"publish"}, "base": {"0"}})
	if reporter.status != http.StatusForbidden {
		t.Error("a reporter published:", reporter.status)
	}
	london := n.signIn("Alastair Rook")
	london.post(story+"/file", url.Values{"key": {"0123456789abcdefgh"}, "what": {"publish"}, "base": {"0"}})
	if london.status != http.StatusForbidden {
		t.Error("another desk published:", london.status)
	}
	check(t, n.room.DisableMember(t.Context(), "Ruth Abelard"))
	reporter.get("/desk/new-york")
	if !strings.HasPrefix(reporter.path, "/sign-in") {
		t.Error("a closed account reads on:", reporter.path)
	}
}

func TestARepeatedFormHasOneEffect(t *testing.T) {
	n := open(t)
	b := n.signIn("Jonah Petrie")
	b.begin("Once and only once")
	action, form := b.form("publish")
	form.Set("noundo", "on")
	b.post(action, form)
	head, err := n.db.Head(t.Context())
	check(t, err)
	b.post(action, form)
	again, err := n.db.Head(t.Context())
	check(t, err)
	if again != head || b.status != http.StatusOK {
		t.Errorf("a repeated form grew the record from %d to %d (%d)", head, again, b.status)
	}
}

func TestPagesEscapeWhatTheyShow(t *testing.T) {
	const hostile = `"><script>alert(1)</script><img src=x onerror=alert(1)>`
	for _, p := range ui.Pages() {
		out, err := p.Try(hostile)
		if err != nil {
			t.Errorf("%s: %v", p.Name(), err)
		}
		for _, body := range out {
			if bytes.Contains(body, []byte("<script>alert")) || bytes.Contains(body, []byte("<img src=x")) {
				t.Errorf("%s lets markup through", p.Name())
			}
		}
	}
}
