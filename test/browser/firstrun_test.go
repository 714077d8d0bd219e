package browser_test

import (
	"path/filepath"
	"strings"
	"testing"
)

// TestTheFirstRun sets a real house up in the page behind the one-time link: a mistake
// loses nothing that was typed, and the last button leads into the newsroom.
func TestTheFirstRun(t *testing.T) {
	h := newHouse(t)
	h.start("serve", "--data", h.data, "--config", filepath.Join(filepath.Dir(h.data), "dateline.toml"), "--addr", "localhost:0", "--newsroom", "localhost:0")
	link := h.said["set it up"]
	h.said["newsroom"], _, _ = strings.Cut(link, "/setup/")
	b := newTab(t, h)
	b.opens(h.room("/"), 404)
	b.opens(link, 200)
	h.said["readers"] = eval[string](b, `document.querySelector("[name=address]").value`)
	b.fits()

	typed := map[string]string{"name": "The Harbour Post", "sections": "Harbour\nCity", "city": "Haifa", "zone": "Asia/Haifa", "lat": "32.794", "lon": "34.989", "admin": "Noa Tal"}
	for name, value := range typed {
		b.types("[name="+name+"]", value)
	}
	b.clicks("[name=israel]")
	b.submits("form button", 422)
	b.says("[role=alert]", "Asia/Haifa")
	for name, value := range typed {
		if got := eval[string](b, "document.querySelector(%s).value", "[name="+name+"]"); got != value {
			t.Errorf("after the refusal %s is %q, not %q", name, got, value)
		}
	}
	if !eval[bool](b, `document.querySelector("[name=israel]").checked`) {
		t.Error("after the refusal the tick is gone")
	}
	b.width(narrow)
	b.fits()

	b.types("[name=zone]", "Asia/Jerusalem")
	b.submits("form button", 200)
	b.says("h1", "Noa Tal")
	b.submits("#sign-in button", 200)
	b.says(".bar", "The Harbour Post", "Haifa", "Noa Tal")
	r := newTab(t, h)
	r.opens(h.readers("/"), 200)
	r.says("h1", "The Harbour Post")
	r.opens(link, 404) // it worked once
}
