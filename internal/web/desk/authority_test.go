package desk_test

import (
	"flag"
	"fmt"
	"net/http"
	"net/http/httptest"
	"os"
	"slices"
	"strings"
	"testing"
	"time"

	"dateline/internal/newsroom"
	"dateline/internal/store"
	"dateline/internal/story"
	"dateline/internal/web/desk"
)

var update = flag.Bool("update", false, "write testdata/authority.txt anew; look at what changed in it")

// A principal asks, at its own desk or at another one.
type principal struct {
	name           string
	role           newsroom.Role
	admin, program bool
	cookie, bearer string
	out            bool // anonymous, expired or closed: nobody
}

// principals are one of each kind with a role at New York, or at London.
func (n *newsroomAt) principals(at story.DeskID, slug string) (all []principal) {
	n.t.Helper()
	for _, role := range newsroom.AllRoles {
		name := fmt.Sprintf("%s of %s", role, slug)
		_, err := n.room.AddMember(n.t.Context(), name, false, []string{slug + ":" + string(role)}, 0)
		check(n.t, err)
		all = append(all, principal{name: string(role), role: role, cookie: n.signIn(name).cookie})
	}
	chief := "chief of " + slug
	who, err := n.room.As(n.t.Context(), chief)
	check(n.t, err)
	who.Program, who.AuthAt = false, n.now
	token, err := n.room.NewToken(n.t.Context(), who, newsroom.TokenWish{Key: n.room.NewKey(), Name: "all", Verbs: newsroom.TokenVerbs(), Desks: []story.DeskID{at}, Days: 1})
	check(n.t, err)
	all = append(all, principal{name: "token", role: newsroom.Chief, program: true, bearer: token})
	for _, name := range []string{"admin", "disabled"} {
		_, err := n.room.AddMember(n.t.Context(), name+" "+slug, name == "admin", nil, 0)
		check(n.t, err)
	}
	all = append(all, principal{name: "admin", admin: true, cookie: n.signIn("admin " + slug).cookie})
	check(n.t, n.room.GiveRoles(n.t.Context(), "disabled "+slug, []string{slug + ":chief"}))
	closed := principal{name: "disabled", out: true, cookie: n.signIn("disabled " + slug).cookie}
	check(n.t, n.room.DisableMember(n.t.Context(), "disabled "+slug))
	return append(all, closed, principal{name: "anonymous", out: true})
}

// may is the table read anew, by nothing of the newsroom's own judging.
func may(rule newsroom.Rule, p principal, own bool) bool {
	switch {
	case p.out, p.program && (rule.Person || !rule.Token):
		return false
	case rule.Everyone, p.admin && rule.Admin:
		return true
	}
	return slices.Contains(rule.Roles, p.role) && (own || rule.AnyDesk && !p.program)
}

// expects is what the table says of a route: "yes" or "no".
func expects(r desk.Route, p principal, own bool) string {
	switch {
	case r.Who == "anyone":
		return "yes"
	case r.Who == "member" && p.program, r.Who == "token" && !p.program:
		return "no" // each credential has its own doors
	}
	_, path, _ := strings.Cut(r.Pattern, " ")
	aboutDesk := strings.HasPrefix(path, "/desk/") || strings.HasPrefix(path, "/stories/{id}") || strings.HasPrefix(path, "/api/v1/stories/{id}")
	for _, verb := range r.Verbs {
		rule, there := newsroom.RuleOf(verb)
		if there && may(rule, p, own || !aboutDesk) {
			return "yes"
		}
	}
	return "no"
}

// TestAuthority asks every route as everybody, at their own desk and at another one, and
// holds what happens against the table and against the file that was looked at (I-40).
func TestAuthority(t *testing.T) {
	n := open(t)
	b := n.signIn("Leah Brandt")
	b.begin("What everybody wants")
	id := strings.Split(strings.TrimPrefix(b.path, "/stories/"), "?")[0]
	var table strings.Builder
	for _, at := range []string{"new-york", "london"} {
		for _, p := range n.principals(n.desk(at).ID, at) {
			for _, r := range desk.Routes() {
				got, want := n.asks(r, p, id), expects(r, p, at == "new-york")
				if got != want {
					t.Errorf("%s of %s asks %s: %s, and the table says %s", p.name, at, r.Pattern, got, want)
				}
				where := "own"
				if at == "london" {
					where = "other"
				}
				fmt.Fprintf(&table, "%s\t%s\t%s\t%s\n", r.Pattern, p.name, where, got)
			}
		}
	}
	lines := strings.Split(strings.TrimSpace(table.String()), "\n")
	slices.Sort(lines)
	const file = "testdata/authority.txt"
	if *update {
		check(t, os.WriteFile(file, []byte(strings.Join(lines, "\n")+"\n"), 0o600))
	}
	kept, err := os.ReadFile(file)
	check(t, err)
	for _, line := range lines {
		if !strings.Contains("\n"+string(kept), "\n"+line+"\n") {
			t.Errorf("not in %s: %s", file, line)
		}
	}
}

// asks is whether a route lets somebody in. The form is empty: what is let in refuses it
// for that, or does nothing.
func (n *newsroomAt) asks(r desk.Route, p principal, id string) string {
	n.t.Helper()
	method, path, _ := strings.Cut(r.Pattern, " ")
	article := strings.Contains(path, "/stories/")
	path = strings.NewReplacer("{$}", "", "{desk}", "new-york", "{file}", "x", "{secret}", "x").Replace(path)
	if article {
		path = strings.ReplaceAll(path, "{id}", id)
	}
	path = strings.ReplaceAll(path, "{id}", "999999")
	if path == "/api/v1/stories" && method == "GET" {
		path += "?desk=new-york"
	}
	ask := httptest.NewRequest(method, path, nil)
	if ask.Header.Set("Cookie", p.cookie); path == "/sign-out" {
		ask.Header.Del("Cookie") // or it ends the session of all that follows
	}
	if p.bearer != "" {
		ask.Header.Set("Authorization", "Bearer "+p.bearer)
	}
	w := httptest.NewRecorder()
	n.web.ServeHTTP(w, ask)
	body := w.Body.String()
	switch {
	case w.Code >= 500:
		n.t.Errorf("%s %s as %s: %d", method, path, p.name, w.Code)
	case w.Code == http.StatusUnauthorized, w.Code == http.StatusSeeOther && w.Header().Get("Location") == "/sign-in" && path != "/sign-out",
		w.Code == http.StatusForbidden && (strings.Contains(body, "lists it all.") || strings.Contains(body, "You are not signed in") || strings.Contains(body, "This token may not")):
		return "no"
	}
	return "yes"
}

// TestEveryRouteNamesItsVerbs: a route that the table does not know is nobody's, and a verb
// that leads nowhere says why.
func TestEveryRouteNamesItsVerbs(t *testing.T) {
	led := map[string]bool{"rights": true} // saved with the text
	for _, r := range desk.Routes() {
		if (r.Who == "anyone") != (len(r.Verbs) == 0) {
			t.Errorf("%s is for %s and names %q", r.Pattern, r.Who, r.Verbs)
		}
		for _, verb := range r.Verbs {
			led[verb] = true
			if _, there := newsroom.RuleOf(verb); !there {
				t.Errorf("%s names %q, which is not in the table", r.Pattern, verb)
			}
		}
	}
	for _, rule := range newsroom.Rules() {
		if !led[rule.Verb] {
			t.Errorf("no route leads to %q", rule.Verb)
		}
	}
}

// TestNoOtherSiteReachesAnything: a form of another site is refused by every route (I-44).
func TestNoOtherSiteReachesAnything(t *testing.T) {
	n := open(t)
	b := n.signIn("Tamar Shohat")
	for _, r := range desk.Routes() {
		method, path, _ := strings.Cut(r.Pattern, " ")
		if method != http.MethodPost {
			continue
		}
		path = strings.NewReplacer("{id}", "0123456789", "{desk}", "new-york").Replace(path)
		for _, site := range []map[string]string{{"Sec-Fetch-Site": "cross-site"}, {"Sec-Fetch-Site": "same-site"}, {"Origin": "https://elsewhere.example"}} {
			ask := httptest.NewRequest(method, path, nil)
			ask.Header.Set("Cookie", b.cookie)
			for k, v := range site {
				ask.Header.Set(k, v)
			}
			w := httptest.NewRecorder()
			n.web.ServeHTTP(w, ask)
			if w.Code != http.StatusForbidden {
				t.Errorf("%s from another site: %d", r.Pattern, w.Code)
			}
		}
	}
}

// TestReadingChangesNothing asks every address that is read, as everybody, and counts the
// rows of every table (I-44).
func TestReadingChangesNothing(t *testing.T) {
	n := open(t)
	b := n.signIn("Leah Brandt")
	b.begin("To be read")
	id := strings.Split(strings.TrimPrefix(b.path, "/stories/"), "?")[0]
	all := n.principals(n.desk("new-york").ID, "new-york")
	before := n.rows()
	for _, p := range all {
		for _, r := range desk.Routes() {
			for _, method := range []string{http.MethodGet, http.MethodHead} {
				if rest, ok := strings.CutPrefix(r.Pattern, "GET "); ok {
					r.Pattern = method + " " + rest
					n.asks(r, p, id)
					r.Pattern = "GET " + rest
				}
			}
		}
	}
	if after := n.rows(); after != before {
		t.Errorf("reading changed the store:\n%s\n%s", before, after)
	}
}

// rows is what every table holds, as hashes of its rows.
func (n *newsroomAt) rows() string {
	n.t.Helper()
	var out strings.Builder
	for _, table := range store.Tables() {
		sum, rows := n.dump(table)
		fmt.Fprintf(&out, "%s %d %s\n", table, len(rows), sum)
	}
	return out.String()
}

// TestARemovalBitesAtOnce: also for a form that was sent before, and for tokens (I-41).
func TestARemovalBitesAtOnce(t *testing.T) {
	n := open(t)
	admin, b := n.signIn("Tamar Shohat"), n.signIn("Jonah Petrie")
	b.begin("Half saved")
	_, form := b.form("save")
	path := strings.Split(b.path, "?")[0]
	who, err := n.room.Session(t.Context(), strings.TrimPrefix(b.cookie, "dateline="))
	check(t, err)
	token, err := n.room.NewToken(t.Context(), who, newsroom.TokenWish{Key: n.room.NewKey(), Name: "t", Verbs: []string{"read"}, Desks: []story.DeskID{n.desk("new-york").ID}, Days: 1})
	check(t, err)
	_, err = n.room.Still(t.Context(), who)
	check(t, err)
	admin.get("/members?find=jonah")
	admin.get("/members/" + between(admin.body, `href="/members/`, `"`))
	admin.submit("close", map[string]string{"do": "close"})
	admin.want("Saved. It holds from now on.")
	if _, err := n.room.Still(t.Context(), who); err == nil {
		t.Error("what was open stays open")
	}
	if _, err := n.room.Bearer(t.Context(), token); err == nil {
		t.Error("a token of a closed account works")
	}
	if _, err := n.room.Save(t.Context(), who, newsroom.Saving{Key: n.room.NewKey(), Article: story.ArticleID(strings.TrimPrefix(path, "/stories/"))}); err == nil {
		t.Error("a save that was on its way is taken")
	}
	b.post(path+"/save", form)
	if b.status != http.StatusForbidden {
		t.Error("a closed account saves:", b.status)
	}
}

func between(s, from, to string) string {
	_, rest, _ := strings.Cut(s, from)
	out, _, _ := strings.Cut(rest, to)
	return out
}

// TestAnExpiredSessionIsNone by the house's clock.
func TestAnExpiredSessionIsNone(t *testing.T) {
	n := open(t)
	b := n.signIn("Leah Brandt")
	n.now = n.now.Add(12*time.Hour - time.Second)
	b.get("/coverage")
	b.want("Rests, in order")
	n.now = n.now.Add(time.Second)
	b.get("/coverage")
	if !strings.HasPrefix(b.path, "/sign-in") {
		t.Error("a session went on:", b.path)
	}
}
