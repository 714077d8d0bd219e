package desk_test

import (
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"dateline/internal/web/desk"
)

// TestNothingOfAMembersIsKept: no cache may keep any answer that a member gets, at any route,
// whatever it is asked with. I-31.
func TestNothingOfAMembersIsKept(t *testing.T) {
	n := open(t)
	b := n.signIn("Tamar Shohat")
	b.begin("A story")
	id := strings.Split(b.path, "/")[2]
	answered := 0
	for _, r := range desk.Routes() {
		method, path, _ := strings.Cut(r.Pattern, " ")
		path = strings.NewReplacer("{$}", "", "{id}", id, "{desk}", "new-york", "{file}", "x", "{secret}", "x").Replace(path)
		if path == "/listen" || path == "/sign-out" {
			continue // one never ends, the other ends the session
		}
		w := httptest.NewRecorder()
		req := httptest.NewRequest(method, path, nil)
		req.Header.Set("Cookie", b.cookie)
		n.web.ServeHTTP(w, req)
		if w.Code == http.StatusOK {
			answered++
		}
		if kept := w.Header().Get("Cache-Control"); kept != "no-store" && !strings.HasPrefix(path, "/static/") {
			t.Errorf("%s (%d) may be kept: %q", r.Pattern, w.Code, kept)
		}
	}
	if answered < 20 {
		t.Errorf("%d routes answered a member", answered)
	}
}
