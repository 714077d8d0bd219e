package browser_test

import (
	"context"
	"encoding/json"
	"fmt"
	"io"
	"maps"
	"net/http"
	"net/http/httptest"
	"net/url"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/chromedp/cdproto/page"
	"github.com/chromedp/chromedp"

	"dateline/internal/web/ui/uitest"
)

// watching is run in every document before its own: what hostile strings call is counted in
// the page that holds them all.
const watching = `window.fire = window.alert = window.prompt = window.confirm = () => { top.fired = (top.fired ?? 0) + 1; (top.firing ??= new Set()).add(frameElement?.id); };`

// unguarded has the tab run whatever the page holds: the policy that forbids it is taken
// away, so that what is seen is what the pages' own markup lets through.
func (b *tab) unguarded() *tab {
	b.t.Helper()
	set(b, page.SetBypassCSP, page.SetBypassCSPParams{Enabled: true})
	set(b, page.AddScriptToEvaluateOnNewDocument, page.AddScriptToEvaluateOnNewDocumentParams{Source: watching})
	return b
}

// unharmed fails if anything of the open page ran, or would run when it is touched.
func (b *tab) unharmed() {
	b.t.Helper()
	const harm = `[...document.querySelectorAll("*")].flatMap((e) => [...e.attributes].filter((a) => /^on/i.test(a.name) || /^[\s\0-\x20]*(javascript|vbscript|data):/i.test(a.value) && /^(href|src|action|formaction|data|srcdoc|xlink:href)$/i.test(a.name) || a.name === "srcdoc")
		.map((a) => e.tagName + " " + a.name + "=" + a.value.slice(0, 80))).concat([...document.scripts].filter((s) => !s.type && !new URL(s.src, "about:blank").pathname?.startsWith("/static/")).map((s) => s.outerHTML.slice(0, 120)))
		.concat(window.fired ? ["ran " + window.fired + " times"] : [])`
	for _, h := range eval[[]string](b, harm) {
		b.t.Errorf("%s: %s", b.address(), h)
	}
}

// A spring gives hostile strings, several at a time, until all have been given, and then again.
type spring struct {
	all  []string
	next int
}

// pack is as many strings as have room.
func (s *spring) pack(room int) string {
	var words string
	for len(words)+len(s.all[s.next]) < room {
		words += s.all[s.next] + " "
		s.next = (s.next + 1) % len(s.all)
	}
	return words
}

// fills puts hostile strings into each field for words of a form, but for those named.
func (b *tab) fills(s *spring, form string, but ...string) {
	b.t.Helper()
	const fields = `[...document.querySelector(%s).elements].filter((e) => (e.tagName === "TEXTAREA" || /^(text|search)$/.test(e.type)) && !%s.includes(e.name)).map((e) => e.maxLength)`
	rooms := eval[[]int](b, fields, form, append([]string{"key"}, but...))
	words := make([]string, len(rooms))
	for i, room := range rooms {
		if room <= 0 || room > 300 {
			room = 280
		}
		words[i] = s.pack(room)
	}
	eval[bool](b, `((all) => { [...document.querySelector(%s).elements].filter((e) => (e.tagName === "TEXTAREA" || /^(text|search)$/.test(e.type)) && !%s.includes(e.name)).forEach((e, i) => { e.value = all[i]; e.dispatchEvent(new Event("input", { bubbles: true })); }); return true; })(%s)`,
		form, append([]string{"key"}, but...), words)
}

// sends submits a form whatever comes of it, and looks at the answer.
func (b *tab) sends(button string) {
	b.t.Helper()
	ctx, cancel := context.WithTimeout(b.ctx, patience)
	defer cancel()
	answer, err := chromedp.RunResponse(ctx, chromedp.Evaluate[chromedp.Void](fmt.Sprintf(`(b => { b.form.noValidate = true; b.click(); })(document.querySelector(%q))`, button)))
	if err != nil {
		b.t.Fatalf("%s of %s: %v", button, b.address(), err)
	}
	b.settle()
	if answer.Status >= 500 {
		b.t.Errorf("%s answers %d", answer.URL, answer.Status)
	}
	b.unharmed()
}

// TestNoHostileStringRuns puts hundreds of strings into every field of the newsroom's own
// forms, and shows what comes of it on every page of readers' and members', and in feeds as
// a reader's program shows them. Nothing runs, though no policy forbids it. I-46.
func TestNoHostileStringRuns(t *testing.T) {
	h := friday(t)
	s := &spring{all: uitest.Hostile()}
	h.drops("sellane-river.jpg")
	h.hostileWire(s)
	h.clock("2024-03-22T15:06:00Z")
	m := h.member().unguarded()
	m.expects.Store(true) // addresses that are none are asked for where something ran
	m.hostilePieces(s, m.hostileStory(s))
	m.hostileHouse(s)
	for _, path := range []string{"/desk/new-york", "/desk/jerusalem", "/wires", "/posted", "/coverage", "/dry-run", "/paper", "/paper?find=%3Cscript%3Efire()%3C/script%3E", "/members", "/members?find=%22onfocus=fire()%20autofocus%20", "/audit", "/who", "/me", "/desk/new-york/closing", "/desk/new-york/away", "/menus", "/sign-in"} {
		m.opens(h.room(path), 200)
		m.opensAll()
		m.unharmed()
	}
	r := newTab(t, h).unguarded()
	shown := map[sort]int{}
	for _, p := range h.walks(func(p found) bool { return strings.Contains(string(p.body), "fire()") }) {
		if shown[p.sort]++; shown[p.sort] <= 2 {
			r.opens(h.readers(p.path), 200)
			r.unharmed()
		}
	}
	for _, want := range []string{"/", "/s/{section}", "/desk/{desk}", "/corrections", "/coverage", "/running/{package}", "/person/{person}", "/{article}", "/{article}/history", "/{article}/history/{n}"} {
		if !slices.ContainsFunc(slices.Collect(maps.Keys(shown)), func(s sort) bool { return s.pattern == want }) {
			t.Errorf("no hostile words were shown on %s", want)
		}
	}
	for range 16 {
		r.opens(h.readers("/search?q="+escape(s.pack(120))), 200)
		r.unharmed()
	}
	for range 6 {
		r.opens(h.readers("/"+strings.ReplaceAll(escape(s.pack(100)), "+", "%20")), 404)
		r.unharmed()
	}
	r.readsFeeds()
}

func escape(words string) string { return url.QueryEscape(words) }

// hostileWire has the agency send an item whose every word is hostile.
func (h *house) hostileWire(s *spring) {
	h.t.Helper()
	raw, err := os.ReadFile("../../internal/demo/content/wire/river-report.ninjs.json")
	var item map[string]any
	if err == nil {
		err = json.Unmarshal(raw, &item)
	}
	if err == nil {
		raw, err = json.Marshal(hostileWords(item, s))
	}
	if err == nil {
		err = os.WriteFile(filepath.Join(h.data, "wire", "northwind", "hostile.ninjs.json"), raw, 0o600)
	}
	if err != nil {
		h.t.Fatal(err)
	}
}

// hostileWords puts hostile strings where an item has words, and leaves what tells how to read it.
func hostileWords(v any, s *spring) any {
	switch v := v.(type) {
	case []any:
		for i := range v {
			v[i] = hostileWords(v[i], s)
		}
	case map[string]any:
		for _, key := range slices.Sorted(maps.Keys(v)) {
			if words, is := v[key].(string); !is {
				v[key] = hostileWords(v[key], s)
			} else if slices.Contains([]string{"value", "name", "by", "located", "slugline", "ednote", "usageterms", "copyrightholder", "copyrightnotice"}, key) && !slices.Contains([]string{"ninjs", "featuremedia", "highRes"}, words) {
				v[key] = "Words " + s.pack(250)
			}
		}
	}
	return v
}

// hostileStory writes, corrects and posts a story whose every field is hostile, with a block
// of each kind, a picture and a quotation; takes one from the wire; and adds to a live page.
func (b *tab) hostileStory(s *spring) (id string) {
	b.t.Helper()
	text := "One.\n\nTwo.\n\nThree.\n\nFour.\n\nFive.\n\nSix."
	for range len(s.all) / 20 {
		text += "\n\n" + s.pack(900)
	}
	b.begins("x", "")
	b.sets(".block textarea", text)
	b.sends("#save-bar button[value=save]")
	address := b.address()
	eval[bool](b, `(["heading2", "list", "quotation", "table", "box", "embed"].forEach((kind, i) => { document.querySelectorAll(".block select[id^=k-]")[i].value = kind; }), true)`)
	b.sends("#save-bar button[value=save]")
	file, err := filepath.Abs("../../internal/demo/content/wire/sellane-river.jpg")
	if err != nil {
		b.t.Fatal(err)
	}
	b.arrives(200, "a chosen file", chromedp.SetUploadFiles(chromedp.CSS("input[name=picture]"), []string{file})) // it is taken in at once
	b.opens(address, 200)
	b.opensAll()
	b.fills(s, "#save", "slotDate", "slotTime")
	b.sets("#f-section", "city")
	eval[bool](b, `(document.querySelector("#f-short").value = document.querySelector("#f-short").value.slice(0, 150), document.querySelector("#f-day").value = "2024-03-22", document.querySelectorAll("#save input[type=date]").forEach((e) => { e.value = ""; }), document.querySelectorAll("input[inputmode=url]").forEach((e) => { e.value = "https://x.example/?'-fire()-'#javascript:fire()"; }), true)`)
	b.sends("#save-bar button[value=save]")
	b.says("[role=status]", "Saved.")
	id = b.story()
	b.opens(b.house.room("/stories/"+id+"/quotations"), 200)
	b.fills(s, "#quotations")
	b.sends("#quotations button") // a time that is none, said again
	b.opens(b.house.room("/stories/"+id+"/quotations"), 200)
	b.fills(s, "#quotations")
	eval[bool](b, `(document.querySelectorAll("[name^='said.']").forEach((e) => { e.value = ""; }), true)`)
	b.sends("#quotations button")
	b.opens(address, 200)
	b.atOnce()
	b.sends("button.main")
	b.says("[role=status]", "Posted.")
	b.opens(address, 200)
	b.unfold("#correct")
	for name, words := range map[string]string{"note": s.pack(900), "was": s.pack(200), "is": s.pack(200)} {
		b.types("#correct ~ * [name="+name+"], #correct [name="+name+"]", words)
	}
	b.atOnce()
	b.sends("#correct button")
	b.says("[role=status]", "Posted.")
	b.opens(b.house.room("/stories/"+id+"/preview"), 200)
	b.unharmed()
	return id
}

// hostilePieces takes the hostile item of the wire and posts it, adds to the live page, and
// files a running story, a page, a person and a relation.
func (b *tab) hostilePieces(s *spring, story string) {
	b.t.Helper()
	b.opens(b.house.room("/wires"), 200)
	b.unharmed()
	items := eval[[]string](b, `[...document.querySelectorAll("main a[href^='/wires/']")].map((a) => a.href)`)
	if slices.IndexFunc(items, func(item string) bool {
		b.opens(item, 200)
		b.opensAll()
		b.unharmed()
		return eval[bool](b, `document.querySelector("#take") !== null && document.querySelector("h1").innerText.includes("Words")`)
	}) < 0 {
		b.t.Fatalf("none of %d items is the hostile one", len(items))
	}
	b.sends("#take button")
	b.sets("#f-section", "city")
	b.sends("#save-bar button[value=save]")
	b.atOnce()
	b.sends("button.main")
	b.opens(b.house.readers("/"), 200)
	live := eval[string](b, `document.querySelector(".kick--live").closest("[data-story]").querySelector(".hed a").href`)
	b.opens(b.house.room("/stories/"+live[strings.LastIndexByte(live, '-')+1:]+"/live"), 200)
	b.opensAll()
	b.fills(s, "#add")
	eval[bool](b, `(document.querySelector("#add [name=noundo]").checked = true)`)
	b.sends("#add button")
	b.says("[role=status]", "osted.")
	for form, path := range map[string]string{"#package": "/packages/new", "#page": "/pages/new", "#person": "/people/new"} {
		b.opens(b.house.room(path), 200)
		b.fills(s, form)
		b.sends(form + " button.main") // an address that is none, said again
		b.opens(b.house.room(path), 200)
		b.fills(s, form, "slug", "add", "merged")
		switch form {
		case "#page":
			b.types("#page [name=slug]", "hostile")
		case "#package":
			b.types("#package [name=add]", story)
		}
		b.sends(form + " button.main")
		b.says("[role=status]", "osted.")
	}
	b.opens(b.house.room("/relations/new?find=market"), 200)
	b.fills(s, "#relation", "story", "find")
	b.sends("#relation button.main")
	b.opens(b.house.room("/menus"), 200)
	eval[bool](b, `(document.querySelectorAll("#menus textarea").forEach((e) => { e.value = %s; }), true)`, s.pack(90)+" | /about\n"+s.pack(90)+" | https://x.example/\"onclick=fire()")
	b.sends("#menus button")
	b.opens(b.house.room("/menus"), 200)
	b.fills(s, "#moved")
	b.sends("#moved button")
}

// hostileHouse gives the house hostile names: of its people, its desk and what it says.
func (b *tab) hostileHouse(s *spring) {
	b.t.Helper()
	for form, path := range map[string]string{"#invite": "/members", "#new-token": "/me", "#set-password": "/me", "#notice": "/desk/london/notice", "#settings": "/settings"} {
		b.opens(b.house.room(path), 200)
		b.opensAll()
		b.fills(s, form)
		b.sends(form + " button:last-of-type")
	}
	b.opens(b.house.room("/members"), 200)
	b.fills(s, "#invite")
	b.clicks("#invite tbody tr:nth-child(2) td:nth-child(2) input")
	b.sends("#invite button.main")
	b.opens(b.house.room("/desk/london/settings"), 200)
	b.opensAll()
	for _, name := range []string{"nameEN", "nameHE"} {
		b.types("#settings [name="+name+"]", s.pack(190))
	}
	b.sends("#settings button.main")
	b.says("[role=status]", "aved")
}

// theirs is how the demo's feeds begin addresses: by the readers' listener when its week was posted.
var theirs = regexp.MustCompile(`http://localhost:\d+/`)

// readsFeeds opens the feeds, and gives what they hold to a page that takes it for markup,
// as readers' programs do.
func (b *tab) readsFeeds() {
	b.t.Helper()
	for _, path := range []string{"/feed.rss", "/feed.atom", "/feed.json", "/s/city.rss", "/desk/new-york.atom", "/sitemap-0.xml"} {
		b.opens(b.house.readers(path), 200)
		if n := eval[int](b, "window.fired ?? 0"); n > 0 {
			b.t.Errorf("%s ran %d times", path, n)
		}
	}
	raw, _ := b.house.fetches("/feed.json")
	var feed struct {
		Items []struct {
			Title string
			HTML  string `json:"content_html"`
		}
	}
	if err := json.Unmarshal(raw, &feed); err != nil || len(feed.Items) < 10 {
		b.t.Fatalf("%d items: %v", len(feed.Items), err)
	}
	b.opens(b.house.readers("/robots.txt"), 200)
	for _, item := range feed.Items {
		eval[bool](b, `(document.body.innerHTML = %s, true)`, theirs.ReplaceAllString(item.HTML, b.house.readers("/")))
		b.unharmed()
	}
}

// TestHostileStringsWouldRun is the control: a page that escapes nothing runs at least a
// hundred of the strings, so that none running elsewhere says something.
func TestHostileStringsWouldRun(t *testing.T) {
	if missing != "" {
		t.Skip(missing)
	}
	t.Parallel()
	raw := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		_, _ = io.WriteString(w, "<!doctype html><title>Raw</title><body>")
	}))
	defer raw.Close()
	b := newTab(t, &house{t: t, process: &process{said: map[string]string{"readers": raw.URL, "newsroom": raw.URL}}}).unguarded()
	b.expects.Store(true)
	b.opens(raw.URL+"/", 200)
	ran := 0
	for some := range slices.Chunk(uitest.Hostile(), 24) {
		eval[bool](b, `(document.body.replaceChildren(...%s.map((words, i) => { const f = document.createElement("iframe"); f.id = %s + "-" + i; f.srcdoc = "<!doctype html><p>" + words + "</p><input value='" + words + "'>"; return f; })), true)`, some, some[0])
		b.do(chromedp.Poll[chromedp.Void](`[...document.querySelectorAll("iframe")].every((f) => f.contentDocument?.readyState === "complete" && f.contentDocument.querySelector("p"))`))
		if ran = eval[int](b, "window.firing?.size ?? 0"); ran >= 100 {
			break
		}
	}
	if ran < 100 {
		t.Errorf("only %d of them ran", ran)
	}
	b.mu.Lock()
	defer b.mu.Unlock()
	b.faults = nil // what they do is what they are for
}
