package desk_test

import (
	"bytes"
	"encoding/csv"
	"encoding/json"
	"fmt"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"
	"time"

	"dateline/internal/demo"
	"dateline/internal/newsroom"
	"dateline/internal/story"
	"dateline/internal/web/desk"
)

// program is a program with a token.
type program struct {
	*newsroomAt
	token string
	keys  int
}

func (n *newsroomAt) program(name string, days int, desks ...string) *program {
	n.t.Helper()
	who, err := n.room.Session(n.t.Context(), strings.TrimPrefix(n.signIn(name).cookie, "dateline="))
	check(n.t, err)
	w := newsroom.TokenWish{Key: n.room.NewKey(), Name: "a program", Verbs: newsroom.TokenVerbs(), Days: days}
	for _, slug := range desks {
		w.Desks = append(w.Desks, n.desk(slug).ID)
	}
	token, err := n.room.NewToken(n.t.Context(), who, w)
	check(n.t, err)
	return &program{newsroomAt: n, token: token}
}

// asks sends a request and wants a status; the answer is its JSON.
func (p *program) asks(method, path string, body any, status int, key string) (answer map[string]any) {
	p.t.Helper()
	raw, isRaw := body.([]byte)
	if !isRaw {
		var err error
		raw, err = json.Marshal(body)
		check(p.t, err)
	}
	r := httptest.NewRequest(method, "/api/v1"+path, bytes.NewReader(raw))
	r.Header.Set("Authorization", "Bearer "+p.token)
	if key == "" {
		p.keys++
		key = fmt.Sprintf("program-key-%08d", p.keys)
	}
	if method == http.MethodPost {
		r.Header.Set("Idempotency-Key", key)
	}
	w := httptest.NewRecorder()
	p.web.ServeHTTP(w, r)
	if w.Code != status {
		p.t.Fatalf("%s %s: %d, not %d: %s", method, path, w.Code, status, w.Body)
	}
	check(p.t, json.Unmarshal(w.Body.Bytes(), &answer))
	if status >= 400 && (w.Header().Get("Content-Type") != "application/problem+json" || answer["detail"] == "") {
		p.t.Errorf("%s %s refuses with %s", method, path, w.Body)
	}
	return answer
}

type dict = map[string]any

// TestAProgramWrites starts a story, saves it, gives it a picture and publishes it.
func TestAProgramWrites(t *testing.T) {
	n := open(t)
	p := n.program("Leah Brandt", 30, "new-york")
	started := p.asks("POST", "/stories", dict{"desk": "new-york", "lang": "en"}, 201, "start-key-0000001")
	id := started["id"].(string)
	if again := p.asks("POST", "/stories", dict{"desk": "new-york", "lang": "en"}, 201, "start-key-0000001"); again["id"] != id {
		t.Error("a repeated request began another story:", again)
	}
	p.asks("POST", "/stories", dict{"desk": "new-york", "lang": "he"}, 409, "start-key-0000001")
	at := "/stories/" + id
	parts := p.asks("GET", at, nil, 200, "")["parts"].(dict)
	base := func(part string) any {
		if x, there := parts[part].(dict); there {
			return x["version"]
		}
		return 0
	}
	var block string
	for part := range parts {
		if strings.HasPrefix(part, "block:") {
			block = part
		}
	}
	p.asks("POST", at+"/file", dict{"what": "publish"}, 409, "") // there is no headline yet
	saved := p.asks("POST", at+"/save", dict{"parts": []dict{
		{"part": "headline", "base": base("headline"), "body": "Written by a program"}, {"part": "slug", "base": base("slug"), "body": "by-a-program"},
		{"part": "section", "base": base("section"), "body": "trade"},
		{"part": block, "base": base(block), "body": dict{"id": strings.TrimPrefix(block, "block:"), "kind": "paragraph", "spans": []dict{{"text": "The ferry is on time."}}}},
	}}, 200, "")
	if saved["clashes"] != nil {
		t.Error(saved)
	}
	files, err := demo.WireFiles(false)
	check(t, err)
	if added := p.asks("POST", at+"/pictures", files["sellane-river.jpg"], 201, ""); len(added["picture"].(string)) != story.ArticleIDLength {
		t.Error(added)
	}
	filed := p.asks("POST", at+"/file", dict{"what": "publish"}, 200, "file-key-00000001")
	if filed["state"] != "posted" {
		t.Fatal(filed)
	}
	head, err := n.db.Head(t.Context())
	check(t, err)
	p.asks("POST", at+"/file", dict{"what": "publish"}, 200, "file-key-00000001")
	if again, err := n.db.Head(t.Context()); err != nil || again != head {
		t.Error("a repeated filing grew the record:", again, err)
	}
	p.asks("POST", at+"/file", dict{"what": "kill"}, 400, "")
	p.asks("POST", at+"/file", dict{"what": "publish", "road": "person"}, 400, "")
	slotted := p.asks("POST", at+"/file", dict{"what": "update", "slot": "2024-03-25 09:00 America/New_York"}, 200, "")
	act := fmt.Sprintf("/acts/%.0f", slotted["act"])
	p.asks("POST", act+"/slot", dict{"slot": "2024-03-25 10:00 America/New_York"}, 200, "")
	p.asks("POST", act+"/take-back", dict{}, 200, "")
	p.asks("POST", act+"/take-back", dict{}, 409, "")
	if rows := p.asks("GET", "/stories?desk=new-york", nil, 200, "")["stories"].([]any); rows[0].(dict)["headline"] != "Written by a program" {
		t.Error(rows[0])
	}
}

// TestATokenStaysAtItsDesk: another desk's stories are not there for it, and once it is
// over nothing is.
func TestATokenStaysAtItsDesk(t *testing.T) {
	n := open(t)
	b := n.signIn("Alastair Rook")
	b.get("/desk/london")
	b.submit("start", nil)
	london := strings.Split(strings.TrimPrefix(b.path, "/stories/"), "?")[0]
	p := n.program("Tamar Shohat", 1, "new-york") // who is chief of every desk, and an administrator
	p.asks("GET", "/stories/"+london, nil, 403, "")
	p.asks("GET", "/stories?desk=london", nil, 403, "")
	p.asks("GET", "/stories?desk=nowhere", nil, 403, "")
	p.asks("POST", "/stories", dict{"desk": "london", "lang": "en"}, 403, "")
	p.asks("POST", "/stories/"+london+"/file", dict{"what": "publish"}, 403, "")
	if desks := p.asks("GET", "/desks", nil, 200, "")["desks"].([]any); len(desks) != 1 || desks[0].(dict)["slug"] != "new-york" {
		t.Error(desks)
	}
	n.now = n.now.Add(24 * time.Hour)
	p.asks("GET", "/desks", nil, 401, "")
	p.token = "dateline_" + strings.Repeat("0", story.SecretLength)
	p.asks("GET", "/desks", nil, 401, "")
	r := httptest.NewRequest(http.MethodGet, "/api/v1/desks", nil)
	r.Header.Set("Cookie", b.cookie)
	w := httptest.NewRecorder()
	if n.web.ServeHTTP(w, r); w.Code != http.StatusUnauthorized {
		t.Error("a cookie opens the API:", w.Code)
	}
}

// TestTheDocumentIsTrue: openapi.json names every way of the API, and no other.
func TestTheDocumentIsTrue(t *testing.T) {
	n := open(t)
	w := httptest.NewRecorder()
	n.web.ServeHTTP(w, httptest.NewRequest(http.MethodGet, "/api/v1/openapi.json", nil))
	var doc struct {
		OpenAPI string                    `json:"openapi"`
		Paths   map[string]map[string]any `json:"paths"`
	}
	check(t, json.Unmarshal(w.Body.Bytes(), &doc))
	if doc.OpenAPI != "3.1.0" {
		t.Error(doc.OpenAPI)
	}
	count := 0
	for _, r := range desk.Routes() {
		method, path, _ := strings.Cut(r.Pattern, " ")
		if short, ok := strings.CutPrefix(path, "/api/v1"); ok {
			count++
			if doc.Paths[short][strings.ToLower(method)] == nil {
				t.Errorf("%s is not in it", r.Pattern)
			}
		}
	}
	for path, ways := range doc.Paths {
		if count -= len(ways); count < 0 {
			t.Errorf("%s is in it, and nowhere else", path)
		}
	}
}

// TestTheAuditIsTakenOut whole, as both kinds of file, and no cell is a formula.
func TestTheAuditIsTakenOut(t *testing.T) {
	n := open(t)
	b := n.signIn("Tamar Shohat")
	b.get("/members")
	action, form := b.form("invite")
	form.Set("name", "=HYPERLINK(1)")
	form.Set("role", between(b.body, `name="role" value="`, `"`))
	b.post(action, form)
	for range 1005 { // more than one page of the export
		check(t, n.room.GiveRoles(t.Context(), "Leah Brandt", nil))
	}
	b.get("/audit?verb=give+roles")
	b.want("Older lines")
	b.get("/audit/export?format=csv")
	rows, err := csv.NewReader(strings.NewReader(b.body)).ReadAll()
	check(t, err)
	b.get("/audit/export?format=jsonl")
	lines := strings.Split(strings.TrimSpace(b.body), "\n")
	if len(rows)-1 != len(lines) || len(lines) < 1010 {
		t.Error(len(rows), len(lines))
	}
	formulas := 0
	for _, row := range rows {
		for _, cell := range row {
			if strings.HasPrefix(cell, "=") {
				t.Errorf("a cell is %q", cell)
			}
			if strings.HasPrefix(cell, "'=HYPERLINK") {
				formulas++
			}
		}
	}
	if formulas == 0 {
		t.Error("the formula is not there at all")
	}
	var last int64 = 1 << 60
	for _, line := range lines {
		var e struct{ ID int64 }
		check(t, json.Unmarshal([]byte(line), &e))
		if e.ID >= last {
			t.Fatal("a line is there twice:", e.ID)
		}
		last = e.ID
	}
	b.get("/audit?from=yesterday")
	b.want("A day is written 2024-03-22")
	b.get("/audit?member=Nobody")
	b.want("There is no member of that name.")
}

// TestASecondPairOfEyes is asked for by the desk's settings, and bound to the revision.
func TestASecondPairOfEyes(t *testing.T) {
	n := open(t)
	leah, jonah := n.signIn("Leah Brandt"), n.signIn("Jonah Petrie")
	leah.get("/desk/new-york/settings")
	leah.submit("settings", map[string]string{"eyes": "yes", "do": "save"})
	if !n.desk("new-york").Settings.Eyes {
		t.Fatal("not saved")
	}
	jonah.begin("Two pairs of eyes")
	path := strings.Split(jonah.path, "?")[0]
	jonah.submit("publish", map[string]string{"noundo": "on"})
	if jonah.status != http.StatusConflict {
		t.Error("posted without a second pair of eyes:", jonah.status)
	}
	leah.get(path)
	leah.submit("save", map[string]string{"do": "approve"})
	leah.want("Approved: this revision, and no other.")
	jonah.get(path)
	jonah.submit("save", map[string]string{"f.headline": "Changed after it was approved", "do": "save"})
	jonah.submit("publish", map[string]string{"noundo": "on"})
	if jonah.status != http.StatusConflict {
		t.Error("posted by another revision’s approval:", jonah.status)
	}
	leah.get(path)
	leah.submit("save", map[string]string{"do": "approve"})
	leah.get(path)
	leah.submit("publish", map[string]string{"noundo": "on"})
	leah.want("Posted.")
	leah.get("/desk/new-york/settings")
	leah.submit("settings", map[string]string{"eyes": "no", "do": "save"})
	if n.desk("new-york").Settings.Eyes {
		t.Error("it is asked for still")
	}
}

// TestAnExceptionIsOnEveryScreen while it lasts (I-26).
func TestAnExceptionIsOnEveryScreen(t *testing.T) {
	n := open(t)
	n.now = time.Date(2024, 3, 23, 12, 0, 0, 0, time.UTC)
	n.editorsOpen()
	leah, tamar := n.signIn("Leah Brandt"), n.signIn("Tamar Shohat")
	leah.begin("Danger to life")
	path := strings.Split(leah.path, "?")[0]
	leah.get(path)
	leah.submit("ask-exception", map[string]string{"minutes": "30", "why": "Lives depend on it.", "wording": "Posted for safety."})
	leah.want("Asked.")
	leah.post(path+"/confirm", url.Values{"key": {n.room.NewKey()}, "confirm": {"GRANT"}, "asking": {"1"}})
	leah.want("A second person confirms it.")
	tamar.post(path+"/confirm", url.Values{"key": {n.room.NewKey()}, "confirm": {"GRANT"}, "asking": {"1"}})
	other := n.signIn("Jonah Petrie")
	other.get("/coverage")
	other.want("Exception.", "may leave the New York desk though it rests, until Saturday 08:30 in New York", "Leah Brandt asked, Tamar Shohat granted it.")
	n.now = n.now.Add(30 * time.Minute)
	other.get("/coverage")
	other.lacks("Exception.")
}
