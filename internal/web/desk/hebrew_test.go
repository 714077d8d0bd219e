package desk_test

import (
	"math"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"golang.org/x/net/html"

	"dateline/internal/store"
	"dateline/internal/web/desk"
)

// speaksHebrew has a member choose Hebrew, on their own page.
func (b *browser) speaksHebrew() *browser {
	b.t.Helper()
	b.get("/me")
	b.submit("language", map[string]string{"lang": "he"})
	b.want("כך מדברת אליכם המערכת מעכשיו.", `lang="he" dir="rtl"`)
	b.asks = "he" // for what is there before the sign-in
	return b
}

func TestAMemberChoosesTheLanguage(t *testing.T) {
	n := open(t)
	b := n.signIn("Leah Brandt").speaksHebrew()
	b.get("/desk/new-york")
	b.want("כתבה חדשה", "דסק", `lang="he" dir="rtl"`)
	other := n.signIn("Jonah Petrie")
	other.get("/desk/new-york")
	other.want("New story", `lang="en" dir="ltr"`)
	b.post("/me/language", map[string][]string{"key": {"other-language-1"}, "lang": {"tlh"}})
	b.want("המערכת מדברת אנגלית ועברית, ולא ”\u2068tlh\u2069”.")
	b.submit("language", map[string]string{"lang": "en"})
	b.want("The newsroom speaks to you so from now on.", `lang="en" dir="ltr"`)
}

// TestBeforeTheSignInTheBrowserChooses by what it asks for, else the house's language.
func TestBeforeTheSignInTheBrowserChooses(t *testing.T) {
	n := open(t)
	for header, lang := range map[string]string{
		"": "en", "he": "he", "he-IL,he;q=0.9,en;q=0.8": "he", "en-GB,he;q=0.3": "en", "fr, iw;q=0.5": "he", "fr": "en", "he;q=0,en;q=0.1": "en", "he;q=x": "en", strings.Repeat("he,", 5000): "he",
	} {
		b := &browser{newsroomAt: n, asks: header}
		b.get("/sign-in")
		if !strings.Contains(b.body, `<html lang="`+lang+`"`) {
			t.Errorf("to %.40q the sign-in is not in %s", header, lang)
		}
	}
}

// latinWord is a word that no Hebrew screen has but as somebody's own.
var latinWord = regexp.MustCompile(`[A-Za-z][A-Za-z’']+`)

// anywhere are words that stand in Latin letters in any language: names of formats and of
// what has no other name, what is typed as it is, and keys.
var anywhere = strings.Fields(`UTC JPEG PNG GIF WebP MB CSV JSON lines IANA iCalendar KILL ERASE GRANT Dateline dateline https address name about
	deg min strict hours city Oslo Illinois Springfield Guid SVG Enter English WCAG AA Newsreader Public Sans Heebo`)

// isolates are names in the middle of words, which stand apart from their direction.
var isolates = regexp.MustCompile("\u2068[^\u2069]*\u2069")

// leftOver lists the English words of a page that are nobody's own: what stands in bdi, code,
// kbd or a field, or has a language or a direction of its own, is somebody's.
func (n *newsroomAt) leftOver(body string) (words []string) {
	root, err := html.Parse(strings.NewReader(body))
	if err != nil {
		return []string{err.Error()}
	}
	var members []store.Member
	check(n.t, n.db.Read(n.t.Context(), func(q *store.Query) (err error) { members, err = q.Members(); return err }))
	look := func(text, where string) {
		for _, m := range append(members, store.Member{Name: "Words."}, store.Member{Name: "Office move"}) { // what somebody wrote
			text = strings.ReplaceAll(text, m.Name, "")
		}
		for _, word := range latinWord.FindAllString(isolates.ReplaceAllString(text, ""), -1) {
			if !slices.Contains(anywhere, word) {
				words = append(words, word+" in “"+strings.Join(strings.Fields(text), " ")+"” "+where)
			}
		}
	}
	var walk func(n *html.Node)
	walk = func(n *html.Node) {
		if n.Type == html.TextNode {
			look(n.Data, n.Parent.Data)
			return
		}
		if n.Type == html.ElementNode {
			own := has(n, "dir") || has(n, "lang")
			if n.Data != "html" && own || slices.Contains([]string{"bdi", "code", "kbd", "textarea", "style", "script", "blockquote"}, n.Data) {
				return
			}
			for _, name := range []string{"aria-label", "title", "placeholder"} {
				look(attr(n, name), n.Data+" "+name)
			}
		}
		for c := n.FirstChild; c != nil; c = c.NextSibling {
			walk(c)
		}
	}
	walk(root)
	return words
}

// filedForSunday is a story with a slot and an embargo, beside a wire item in the tray and
// an invitation, so that screens have something to tell.
func (n *newsroomAt) filedForSunday(b *browser) (id string) {
	n.t.Helper()
	_, err := n.room.Ingest(n.t.Context(), "Northwind Wire", "a.json", []byte(`{"uri":"q:1","type":"text","language":"he","headline":"מדידה","body_html":"<p>הרציף.</p>","usageterms":"לכול"}`))
	check(n.t, err)
	if _, err = n.room.Ingest(n.t.Context(), "Northwind Wire", "nonsense.xml", []byte("<rss><channel>")); err == nil {
		n.t.Error("nonsense was read")
	}
	b.get("/desk/new-york")
	b.submit("start", nil)
	block := firstBlock.FindStringSubmatch(b.body)[1]
	b.submit("save", map[string]string{"f.headline": "ליום ראשון", "f.section": "city", "f.lang": "he", "b." + block + "#1": "הרציף היה שקט.", "do": "save"})
	b.submit("publish", map[string]string{"slotDate": "2024-03-24", "slotTime": "09:00", "slotZone": "Europe/London"})
	b.want("ממתין")
	b.submit("embargo-form", map[string]string{"do": "set", "slotDate": "2024-03-24", "slotTime": "08:00", "slotZone": "Europe/London"})
	return strings.Split(strings.TrimPrefix(b.path, "/stories/"), "?")[0]
}

// TestTimeRunsAsTheLanguageIsRead: the same rest begins on the left in English, and as far
// from the right in Hebrew.
func TestTimeRunsAsTheLanguageIsRead(t *testing.T) {
	n := open(t)
	b := n.signIn("Leah Brandt")
	rest := regexp.MustCompile(`<rect class="v-rest" x="([0-9.]+)%" width="([0-9.]+)%"`)
	placed := func() (left, width float64) {
		b.get("/coverage?span=week")
		m := rest.FindStringSubmatch(b.body)
		if m == nil {
			t.Fatal("no rest is drawn")
		}
		left, _ = strconv.ParseFloat(m[1], 64)
		width, _ = strconv.ParseFloat(m[2], 64)
		return left, width
	}
	left, width := placed()
	b.speaksHebrew()
	mirrored, same := placed()
	if width != same || math.Abs(left+width+mirrored-100) > 0.01 {
		t.Errorf("a rest of %v at %v stands at %v in Hebrew", width, left, mirrored)
	}
}

// TestNoEnglishIsLeft draws every screen for a member who reads Hebrew.
func TestNoEnglishIsLeft(t *testing.T) {
	n := open(t)
	b := n.signIn("Leah Brandt").speaksHebrew()
	id := b.report("דו״ח מן הרציף", "הרציף היה שקט ביום שישי.")
	b.publish(id)
	draft := b.report("טיוטה", "הרציף היה שקט.")
	filed := n.filedForSunday(b)
	admin := n.signIn("Tamar Shohat").speaksHebrew()
	for _, at := range []time.Time{n.now, time.Date(2024, 3, 22, 23, 30, 0, 0, time.UTC)} {
		n.now = at
		for _, who := range []*browser{b, admin} {
			for _, r := range desk.Routes() {
				path, isGet := strings.CutPrefix(r.Pattern, "GET ")
				if !isGet || strings.HasPrefix(path, "/api/") || strings.HasPrefix(path, "/static/") || strings.HasSuffix(path, "preview") || path == "/audit/export" || path == "/listen" {
					continue
				}
				for _, of := range []string{id, draft, filed, "1", "new", "999999"} {
					if of != id && !strings.Contains(path, "{id}") {
						continue
					}
					who.get(strings.NewReplacer("{$}", "", "{desk}", "new-york", "{secret}", "x", "{file}", "x", "{id}", of).Replace(path))
					if left := n.leftOver(who.body); len(left) > 0 {
						t.Errorf("%s (%d) says %s", who.path, who.status, strings.Join(left[:min(len(left), 6)], "; "))
					}
				}
			}
		}
	}
}
