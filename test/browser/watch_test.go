package browser_test

import (
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
)

// TestTheWatchIsAwake opens a page that does all that no page may do, and wants each thing
// to be noted: without it, a clean console might only mean that nobody listens.
func TestTheWatchIsAwake(t *testing.T) {
	if missing != "" {
		t.Skip(missing)
	}
	t.Parallel()
	other := httptest.NewServer(http.NotFoundHandler())
	defer other.Close()
	bad := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.URL.Path != "/" {
			http.NotFound(w, r)
			return
		}
		w.Header().Set("Set-Cookie", "followed=yes")
		w.Header().Set("Content-Security-Policy", "style-src 'none'")
		_, _ = io.WriteString(w, `<!doctype html><title>Bad</title><link rel="icon" href="data:,"><style>p { color: red }</style><img src="/lost.png"><img src="`+other.URL+`/spy.png">
			<script>console.error("a complaint"); console.warn("a doubt"); nowhere()</script>`)
	}))
	defer bad.Close()
	b := newTab(t, &house{t: t, process: &process{said: map[string]string{"readers": bad.URL, "newsroom": bad.URL}}})
	b.opens(bad.URL+"/", 200)
	b.mu.Lock()
	defer b.mu.Unlock()
	noted := strings.Join(b.faults, "\n")
	for _, want := range []string{"404 for " + bad.URL + "/lost.png", "asked a third party: " + other.URL, "a complaint", "a doubt", "nowhere is not defined", "Content Security Policy"} {
		if !strings.Contains(noted, want) {
			t.Errorf("%q was not noted in:\n%s", want, noted)
		}
	}
	if len(b.cookies) != 1 {
		t.Error("the cookie was not noted:", b.cookies)
	}
	b.faults = nil
}
