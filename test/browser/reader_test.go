package browser_test

import (
	"strings"
	"testing"

	"github.com/chromedp/cdproto/emulation"
	"github.com/chromedp/cdproto/storage"
	"github.com/chromedp/chromedp"
)

// wide is a desk's screen and narrow a telephone's, in CSS pixels.
const wide, narrow = 1440, 390

func (b *tab) width(pixels int64) { b.t.Helper(); b.do(chromedp.EmulateViewport(pixels, 900)) }

func (b *tab) scheme(name string) {
	b.t.Helper()
	set(b, emulation.SetEmulatedMedia, emulation.SetEmulatedMediaParams{Features: []*emulation.MediaFeature{{Name: "prefers-color-scheme", Value: name}}})
}

func (b *tab) zone(id string) {
	b.t.Helper()
	set(b, emulation.SetTimezoneOverride, emulation.SetTimezoneOverrideParams{TimezoneID: id})
}

// A public page is one of the readers' site. Its notice is its desk's, or the house's where desk is "".
type public struct{ path, desk string }

// pages are one of each kind that readers have, behind one front page.
func pages(b *tab, front string) []public {
	b.t.Helper()
	b.opens(b.house.readers(front), 200)
	path := func(link string) string { return eval[string](b, "document.querySelector(%s).pathname", link) }
	all := []public{{path: front}, {path: path(".nav li:nth-child(2) a")}, {path: path(".nav li:last-child a")}, {path: path(".rail [aria-labelledby=fx] h2 a")},
		{path(".desk__head a"), "jerusalem"}}
	lead, corrected := path(".story--lead .hed a"), path(".rail [aria-labelledby=fx] .bare a")
	for _, article := range []string{lead, corrected} {
		b.opens(b.house.readers(article), 200)
		_, desk, _ := strings.Cut(path(".byline a[href*='/desk/']"), "/desk/")
		all = append(all, public{article, desk})
	}
	history, desk := path("a[href$='/history']"), all[len(all)-1].desk
	return append(all, public{history, desk}, public{history + "/1", desk})
}

func TestReadersPagesFitEveryScreen(t *testing.T) {
	h := friday(t)
	b := newTab(t, h)
	for front, direction := range map[string]string{"/": "ltr", "/he": "rtl"} {
		for _, page := range pages(b, front) {
			for _, pixels := range []int64{wide, narrow} {
				b.width(pixels)
				b.opens(h.readers(page.path), 200)
				b.fits()
				if got := eval[string](b, "getComputedStyle(document.documentElement).direction + document.documentElement.dir"); got != direction+direction {
					t.Errorf("%s runs %s, not %s", b.address(), got, direction)
				}
			}
		}
	}
	b.keepsNothing()
}

// keepsNothing wants no cookie and nothing stored: readers are not followed.
func (b *tab) keepsNothing() {
	b.t.Helper()
	kept, err := chromedp.CallBrowser(b.ctx, storage.GetCookies, storage.GetCookiesParams{BrowserContextID: chromedp.FromContext(b.ctx).BrowserContextID})
	if err != nil {
		b.t.Fatal(err)
	}
	b.mu.Lock()
	defer b.mu.Unlock()
	if len(kept.Cookies) > 0 || len(b.cookies) > 0 {
		b.t.Errorf("readers have %d cookies, set by %v", len(kept.Cookies), b.cookies)
	}
}

func TestReadersStoreNothing(t *testing.T) {
	h := friday(t)
	b := newTab(t, h)
	b.opens(h.readers("/"), 200)
	b.submits(".story--lead .hed a", 200)
	b.keepsNothing()
	if n := eval[int](b, "localStorage.length + sessionStorage.length"); n > 0 {
		t.Errorf("%d things are stored", n)
	}
}

// TestDarkAndLight: each scheme has a ground of its own, and words that are read on it.
func TestDarkAndLight(t *testing.T) {
	h := friday(t)
	b := newTab(t, h)
	bright := map[string]float64{}
	for _, front := range []string{"/", "/he"} {
		for _, scheme := range []string{"light", "dark"} {
			b.scheme(scheme)
			b.opens(h.readers(front), 200)
			bright[scheme] = eval[float64](b, `(() => { const [r, g, b] = getComputedStyle(document.body).backgroundColor.match(/[\d.]+/g).map(Number); return (r + g + b) / 3 / 255; })()`)
		}
		if bright["light"] < 0.9 || bright["dark"] > 0.15 {
			t.Errorf("%s: light is %.2f bright, dark %.2f", front, bright["light"], bright["dark"])
		}
	}
}

// clocks are the strip's clocks that are seen, as "City HH:MM".
func (b *tab) clocks() string {
	b.t.Helper()
	return strings.Join(eval[[]string](b, `[...document.querySelectorAll(".clock")].filter(c => c.checkVisibility({visibilityProperty: true})).map(c => c.querySelector("dt").firstChild.data.trim() + " " + c.querySelector("time").innerText)`), ", ")
}

// TestThreeClocks: the third is the reader's, named, where it tells something new; where
// the house or the desk has it already, it goes away.
func TestThreeClocks(t *testing.T) {
	h := friday(t)
	h.clock("2024-03-22T15:12:00Z")
	b := newTab(t, h)
	for _, c := range []struct{ page, zone, want string }{
		{"/", "Europe/Paris", "Jerusalem 17:12, New York 11:12, Paris 16:12"},
		{"/", "America/New_York", "Jerusalem 17:12, New York 11:12"},
		{"/", "America/Toronto", "Jerusalem 17:12, New York 11:12"}, // the same time by another name
		{"/", "Asia/Jerusalem", "Jerusalem 17:12, New York 11:12"},
		{"/desk/london", "Europe/London", "Jerusalem 17:12, London 15:12"},
		{"/desk/london", "America/New_York", "Jerusalem 17:12, London 15:12, New York 11:12"},
		{"/", "UTC", "Jerusalem 17:12, New York 11:12, UTC 15:12"},
		{"/he", "Europe/Paris", "ירושלים 17:12, ניו יורק 11:12, שעון צרפת 16:12"},
		{"/he", "Asia/Jerusalem", "ירושלים 17:12, ניו יורק 11:12"},
	} {
		b.zone(c.zone)
		b.opens(h.readers(c.page), 200)
		if got := b.clocks(); got != c.want {
			t.Errorf("%s read in %s shows %s; want %s", c.page, c.zone, got, c.want)
		}
	}
}

func TestReadersNeedNoScript(t *testing.T) {
	h := friday(t)
	b := newTab(t, h)
	set(b, emulation.SetScriptExecutionDisabled, emulation.SetScriptExecutionDisabledParams{Value: true})
	b.zone("Europe/Paris")
	for front, want := range map[string]string{"/": "Jerusalem 16:58, New York 10:58, UTC 14:58", "/he": "ירושלים 17:03, ניו יורק 11:03, UTC 15:03"} {
		b.opens(h.readers(front), 200)
		b.fits()
		if got := b.clocks(); got != want {
			t.Errorf("without scripts the clocks are %s, not %s", got, want)
		}
		headline := b.text(".story--lead .hed")
		b.submits(".story--lead .hed a", 200)
		b.says("h1", headline)
		if words := len(strings.Fields(b.text(".art__text"))); words < 100 {
			t.Errorf("without scripts %q has %d words", headline, words)
		}
	}
}

// TestNoticeOnEveryPage follows the house into its rest and out of it: every page says who
// updates until when, or until when nobody does, in its own language.
func TestNoticeOnEveryPage(t *testing.T) {
	h := friday(t)
	b := newTab(t, h)
	all := map[string][]public{"/": pages(b, "/"), "/he": pages(b, "/he")}
	for _, at := range []struct {
		instant string
		want    map[string]string // by front page and desk
	}{
		{"2024-03-22T15:12:00Z", map[string]string{
			"/":             "The New York desk updates until Friday 22 March, 18:52 New York · 00:52 (Sat) Jerusalem. Jerusalem follows, Saturday 18:29.",
			"/ jerusalem":   "The Jerusalem desk rests until Saturday 18:29. The New York and London desks update.",
			"/ new-york":    "The New York desk updates until Friday 22 March, 18:52 New York · 00:52 (Sat) Jerusalem. Jerusalem follows, Saturday 18:29.",
			"/he":           "דסק ניו יורק מעדכן עד יום שישי, 22 במרץ, 18:52 ניו יורק · 00:52 (שבת) ירושלים. אחריו ירושלים, שבת 18:29.",
			"/he jerusalem": "דסק ירושלים שובת עד שבת 18:29. דסקי ניו יורק ולונדון מעדכנים.",
			"/he new-york":  "דסק ניו יורק מעדכן עד יום שישי, 22 במרץ, 18:52 ניו יורק · 00:52 (שבת) ירושלים. אחריו ירושלים, שבת 18:29.",
		}},
		{"2024-03-22T22:52:00Z", map[string]string{
			"/":             "No desk is on duty until Saturday 18:29 in Jerusalem, when the Jerusalem desk opens.",
			"/ jerusalem":   "No desk is on duty until Saturday 18:29 in Jerusalem, when the Jerusalem desk opens.",
			"/ new-york":    "No desk is on duty until Saturday 18:29 in Jerusalem, when the Jerusalem desk opens.",
			"/he":           "אין דסק תורן עד שבת 18:29 בירושלים, אז נפתח דסק ירושלים.",
			"/he jerusalem": "אין דסק תורן עד שבת 18:29 בירושלים, אז נפתח דסק ירושלים.",
			"/he new-york":  "אין דסק תורן עד שבת 18:29 בירושלים, אז נפתח דסק ירושלים.",
		}},
		{"2024-03-23T16:29:00Z", map[string]string{
			"/":             "The Jerusalem desk updates.",
			"/ jerusalem":   "The Jerusalem desk updates.",
			"/ new-york":    "The New York desk rests until Saturday 19:53 New York · 01:53 (Sun) Jerusalem. The Jerusalem desk updates.",
			"/he":           "דסק ירושלים מעדכן.",
			"/he jerusalem": "דסק ירושלים מעדכן.",
			"/he new-york":  "דסק ניו יורק שובת עד שבת 19:53 ניו יורק · 01:53 (א׳) ירושלים. דסק ירושלים מעדכן.",
		}},
	} {
		h.clock(at.instant)
		for front, pages := range all {
			for _, page := range append(pages, public{path: "/no-such-story-aaaaaaaaaa"}) {
				status, key := int64(200), strings.TrimSpace(front+" "+page.desk)
				if page.path == "/no-such-story-aaaaaaaaaa" {
					status, key = 404, "/"
				}
				b.opens(h.readers(page.path), status)
				if got := b.text(".notice > span:last-child"); !strings.HasPrefix(got, at.want[key]) {
					t.Errorf("at %s %s says %q, not %q", at.instant, page.path, got, at.want[key])
				}
			}
		}
	}
}
