package desk_test

import (
	"net/http"
	"net/http/httptest"
	"net/url"
	"regexp"
	"strings"
	"testing"
	"time"

	"golang.org/x/net/html"

	"dateline/internal/keys"
)

const sentence = "a long walk by the quay"

// hasPassword gives the member whose browser it is a password, and returns the key of their
// codes and their recovery codes.
func (b *browser) hasPassword() (key []byte, recovery []string) {
	b.t.Helper()
	b.get("/me")
	_, form := b.form("set-password")
	key, err := keys.ParseCodeKey(form.Get("codekey"))
	check(b.t, err)
	b.submit("set-password", map[string]string{"password": sentence, "code": keys.Code(key, b.now)})
	b.want("Your password is set.")
	for _, m := range regexp.MustCompile(`<li>([0-9a-z-]{30})</li>`).FindAllStringSubmatch(b.body, -1) {
		recovery = append(recovery, m[1])
	}
	if len(recovery) != keys.RecoveryCodes {
		b.t.Fatalf("%d recovery codes", len(recovery))
	}
	return key, recovery
}

func TestAPasswordAndACodeSignIn(t *testing.T) {
	n := open(t)
	key, recovery := n.signIn("Leah Brandt").hasPassword()
	in := func(name, password, code string) *browser {
		b := &browser{newsroomAt: n}
		b.get("/sign-in")
		b.submit("password", map[string]string{"name": name, "password": password, "code": code})
		return b
	}
	n.later(30)
	b := in("Leah Brandt", sentence, keys.Code(key, n.now))
	b.want("Stories")
	if in("Leah Brandt", sentence, keys.Code(key, n.now)).status != http.StatusForbidden {
		t.Error("a code signed in twice")
	}
	in("Leah Brandt", sentence, strings.ToUpper(recovery[0])).want("Stories")
	if in("Leah Brandt", sentence, recovery[0]).status != http.StatusForbidden {
		t.Error("a recovery code signed in twice")
	}
	b.get("/me")
	b.want("7 recovery codes are left.")
}

// later moves the house's clock by seconds.
func (n *newsroomAt) later(seconds int) { n.now = n.now.Add(secondsOf(seconds)) }

// TestTheSignInRevealsNobody: an account that is there, one that is not, one that is closed
// and one without a password are refused in the same bytes (I-45).
func TestTheSignInRevealsNobody(t *testing.T) {
	n := open(t)
	n.signIn("Leah Brandt").hasPassword()
	n.signIn("Ruth Abelard").hasPassword()
	check(t, n.room.DisableMember(t.Context(), "Ruth Abelard"))
	var first string
	for _, name := range []string{"Leah Brandt", "Ruth Abelard", "Jonah Petrie", "Nobody at all", "x", strings.Repeat("n", 200)} {
		b := &browser{newsroomAt: n}
		b.get("/sign-in")
		b.submit("password", map[string]string{"name": name, "password": "not the right one", "code": "123456"})
		if b.status != http.StatusForbidden || b.cookie != "" {
			t.Errorf("%.20s: %d", name, b.status)
		}
		if first == "" {
			first = b.body
		}
		if b.body != first {
			t.Errorf("%.20s is refused in other words", name)
		}
	}
}

// TestTenTriesInAQuarter: then not even the right password is looked at, from that place
// and for that name alone (I-45).
func TestTenTriesInAQuarter(t *testing.T) {
	for _, name := range []string{"Leah Brandt", "Nobody at all"} {
		n := open(t)
		key, _ := n.signIn("Leah Brandt").hasPassword()
		try := func(name, password, place string) int {
			b := &browser{newsroomAt: n}
			b.get("/sign-in")
			action, form := b.form("password")
			form.Set("name", name)
			form.Set("password", password)
			form.Set("code", keys.Code(key, n.now))
			return b.postFrom(place, action, form)
		}
		for i := range 10 {
			if got := try(name, "wrong", "192.0.2.7:1"); got != http.StatusForbidden {
				t.Fatalf("try %d of %s: %d", i, name, got)
			}
			n.later(1)
		}
		n.later(60)
		if got := try(name, sentence, "192.0.2.7:2"); got != http.StatusTooManyRequests {
			t.Errorf("the eleventh of %s: %d", name, got)
		}
		if name == "Leah Brandt" {
			if got := try(name, sentence, "192.0.2.8:1"); got != http.StatusOK {
				t.Errorf("from another place: %d", got)
			}
			n.later(15 * 60)
			if got := try(name, sentence, "192.0.2.7:2"); got != http.StatusOK {
				t.Errorf("a quarter of an hour later: %d", got)
			}
		}
	}
}

func TestSessionsAreListedAndEnded(t *testing.T) {
	n := open(t)
	here, there := n.signIn("Leah Brandt"), n.signIn("Leah Brandt")
	here.get("/me")
	if got := strings.Count(here.body, "Sign out there"); got != 1 {
		t.Error("other sessions:", got)
	}
	here.submit("end-others", nil)
	there.get("/desk/new-york")
	if !strings.HasPrefix(there.path, "/sign-in") {
		t.Error("a session that was ended reads on:", there.path)
	}
	here.get("/desk/new-york")
	here.want("Stories")
}

// TestKeysNeedAFreshProof: six minutes after signing in no key is changed, until it is
// proved anew; what was typed comes along.
func TestKeysNeedAFreshProof(t *testing.T) {
	n := open(t)
	b := n.signIn("Leah Brandt")
	key, _ := b.hasPassword()
	b.get("/me")
	action, form := b.form("recovery")
	n.later(301)
	b.post(action, form)
	if b.status != http.StatusForbidden {
		t.Fatal("changed after five minutes:", b.status)
	}
	b.want("Still Leah Brandt?")
	b.submit("password", map[string]string{"password": "not it at all", "code": "000000"})
	b.want("do not open anything here")
	b.submit("password", map[string]string{"password": sentence, "code": keys.Code(key, n.now)})
	b.want("Proved")
	b.submit("again", nil)
	b.want("New recovery codes")
}

func TestATokenIsShownOnce(t *testing.T) {
	n := open(t)
	b := n.signIn("Leah Brandt")
	b.get("/me")
	action, form := b.form("new-token")
	form["verb"], form["desk"] = []string{"read", "start"}, []string{form.Get("desk")}
	form.Set("name", "The ferry’s timetable")
	form["desk"] = []string{regexp.MustCompile(`name="desk" value="([^"]+)"`).FindStringSubmatch(b.body)[1]}
	b.post(action, form)
	secret := regexp.MustCompile(`dateline_[0-9a-z]{52}`).FindString(html.UnescapeString(b.body))
	if secret == "" {
		t.Fatal("no token is shown:", b.status)
	}
	b.post(action, form)
	if strings.Contains(b.body, "dateline_") || b.status != http.StatusConflict {
		t.Error("a token was shown or made twice:", b.status)
	}
	who, err := n.room.Bearer(t.Context(), secret)
	if err != nil || !who.Program || who.Name != "Leah Brandt" || who.Somewhere("publish") || who.Somewhere("kill") || !who.Somewhere("start") {
		t.Error(who, err)
	}
}

func secondsOf(n int) time.Duration { return time.Duration(n) * time.Second }

// postFrom posts a form from a place of the network.
func (b *browser) postFrom(place, path string, form url.Values) int {
	b.t.Helper()
	r := httptest.NewRequest(http.MethodPost, path, strings.NewReader(form.Encode()))
	r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	r.RemoteAddr = place
	b.do(r)
	return b.status
}
