package browser_test

import (
	"os"
	"strings"
	"testing"
	"fmt"

	"github.com/chromedp/chromedp"
)

func TestZShots(t *testing.T) {
	h := friday(t)
	m := h.member()
	m.hasDevice()
	m.hasPasskey("My telephone")
	m.opens(h.room("/members"), 200)
	m.types("#invite [name=name]", "Noor Haddad")
	m.clicks("#invite tbody tr:nth-child(2) td:nth-child(2) input")
	m.submits("#invite button.main", 200)
	shot := func(name string) {
		raw, err := chromedp.Run(m.ctx, chromedp.FullScreenshot(90))
		if err != nil { t.Fatal(err) }
		os.WriteFile("/tmp/h-people-shots/"+name+".jpg", raw, 0o600)
	}
	os.MkdirAll("/tmp/h-people-shots", 0o755)
	shot("invited")
	for _, px := range []int64{390, 1280, 2560} {
		m.do(chromedp.EmulateViewport(px, 900))
		for _, scheme := range []string{"light", "dark"} {
			if px == 2560 && scheme == "dark" { continue }
			m.scheme(scheme)
			for _, path := range []string{"/me", "/members", "/members/1", "/audit", "/who", "/prove"} {
				m.opens(h.room(path), 200)
				if path == "/me" { m.opensAll() }
				shot(fmt.Sprintf("%s-%d-%s", strings.ReplaceAll(path[1:], "/", "_"), px, scheme))
			}
		}
	}
}
