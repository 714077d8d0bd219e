package browser_test

import (
	"net/http"
	"path"
	"path/filepath"
	"strings"
	"testing"

	"github.com/chromedp/chromedp"
)

// TestAPreviewIsPrivate: the page that a story would have is shown to members alone, is kept
// by nobody, asks no third party for anything, and its pictures are not at their public
// addresses before the story is. I-32, I-34.
func TestAPreviewIsPrivate(t *testing.T) {
	file, err := filepath.Abs("../../internal/demo/content/wire/sellane-river.jpg")
	if err != nil {
		t.Fatal(err)
	}
	h := friday(t)
	m := h.member()
	id := m.begins("River ministers meet", "They met on the bridge.")
	m.arrives(200, "a chosen file", chromedp.SetUploadFiles(chromedp.CSS("input[name=picture]"), []string{file})) // it is taken in at once
	m.unfold("#publish [name=slotTime]")
	m.sets("#publish [name=slotTime]", "11:30")
	m.submits("button.main", 200)
	m.opens(h.room("/stories/"+id+"/preview"), 200)
	if robots := eval[string](m, `document.querySelector("meta[name=robots]")?.content ?? ""`); robots != "noindex" {
		t.Errorf("robots are told %q", robots)
	}
	pictures := eval[[]string](m, `[...document.querySelectorAll("main img")].flatMap((i) => [i.src, ...i.srcset.split(",").map((s) => new URL(s.trim().split(" ")[0], location).href)])`)
	if len(pictures) < 3 {
		t.Fatalf("the preview shows %v", pictures)
	}
	ask := func(address string) (int, http.Header) {
		t.Helper()
		client := http.Client{Timeout: patience, CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }}
		res, err := client.Get(address)
		if err != nil {
			t.Fatal(err)
		}
		_ = res.Body.Close()
		return res.StatusCode, res.Header
	}
	own := run(m, chromedp.Evaluate[[]string](`fetch(location.href).then((a) => ["Cache-Control", "Referrer-Policy"].map((n) => a.headers.get(n)))`, chromedp.EvalAwaitPromise))
	if own[0] != "no-store" || own[1] == "" || strings.Contains(own[1], "unsafe") {
		t.Errorf("a preview is answered with %v", own)
	}
	for _, address := range append(pictures, h.room("/stories/"+id+"/preview")) {
		if code, _ := ask(address); code == http.StatusOK {
			t.Errorf("%s is shown to whoever asks", address)
		}
	}
	public := func(want int) {
		t.Helper()
		for _, p := range pictures {
			if code, _ := ask(h.readers("/picture/" + path.Base(p))); code != want {
				t.Errorf("%s answers readers %d, not %d", path.Base(p), code, want)
			}
		}
	}
	public(http.StatusNotFound)
	h.clock("2024-03-22T15:30:00Z")
	public(http.StatusOK)
}
