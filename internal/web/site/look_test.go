package site_test

import (
	"bytes"
	"fmt"
	"image"
	"image/jpeg"
	"image/png"
	"net/http/httptest"
	"regexp"
	"strings"
	"testing"
	"time"

	"dateline/internal/edition"
	"dateline/internal/record"
	"dateline/internal/story"
	"dateline/internal/web/site"
)

// relook appends the house's entry with another look.
func (p *kiosk) relook(when string, l *record.Look) {
	p.t.Helper()
	var h edition.House
	check(p.t, p.edition.View(p.t.Context(), func(v *edition.View) (err error) {
		h, _, err = v.House()
		return err
	}))
	h.Look = l
	p.add(when, record.KindHouse, "", "house", h.House)
}

var sheetOf = regexp.MustCompile(`rel="stylesheet" href="([^"]+)"`)

func TestALookIsOneSheetByItsBytes(t *testing.T) {
	p := newKiosk(t).found().print()
	plain := sheetOf.FindStringSubmatch(p.get("/").Body.String())[1]
	p.relook("2024-03-22T19:39:00Z", &record.Look{Light: record.Colours{Paper: "#fff4e0"}, Faces: "gothic", Columns: 2})
	body := p.get("/").Body.String()
	dressed := sheetOf.FindStringSubmatch(body)[1]
	if dressed == plain || strings.Count(body, `rel="stylesheet"`) != 1 || !strings.Contains(body, `<meta name="theme-color" content="#fff4e0"`) {
		t.Fatalf("the page names %s", dressed)
	}
	w := p.get(dressed)
	if css := w.Body.String(); w.Code != 200 || !strings.Contains(css, "--paper: #fff4e0;") || !strings.Contains(css, p.get(plain).Body.String()) || w.Header().Get("Cache-Control") != "public, max-age=31536000, immutable" || w.Header().Get("Content-Type") != "text/css; charset=utf-8" {
		t.Errorf("%s: %d %v", dressed, w.Code, w.Header())
	}
	if !strings.Contains(p.get("/he").Body.String(), dressed) || !strings.Contains(p.get("/manifest.webmanifest").Body.String(), "#fff4e0") {
		t.Error("another page is not in the look")
	}
	p.relook("2024-03-22T19:39:30Z", nil)
	if w := p.get(dressed); w.Code != 404 || !strings.Contains(p.get("/").Body.String(), plain) {
		t.Errorf("the look of before is still served: %d", w.Code)
	}
	for _, path := range []string{dressed + "?x", "/look/x", "/look/site.0000000000000000.css"} {
		if w := p.get(path); w.Code != 404 {
			t.Errorf("%s: %d", path, w.Code)
		}
	}
}

// TestIconsAreTheHouses: of its initial, then of its logo; the address says which.
func TestIconsAreTheHouses(t *testing.T) {
	logo := image.NewNRGBA(image.Rect(0, 0, 90, 80))
	for i := range logo.Pix {
		logo.Pix[i] = 0xff
	}
	var raw bytes.Buffer
	check(t, png.Encode(&raw, logo))
	defer func(old []byte) { picture = old }(picture)
	p := newKiosk(t).found().print()
	icons := regexp.MustCompile(`/icon/[a-z0-9.-]+`)
	seen := map[string]bool{}
	for _, look := range []*record.Look{nil, {Light: record.Colours{Ink: "#222244"}}, {Logo: &record.Logo{Picture: "logo000001", Rendition: story.Rendition{Type: "image/png", Width: 90, Height: 80}}}} {
		if look != nil && look.Logo != nil {
			picture = raw.Bytes()
			look.Logo.Rendition.SHA256 = sha()
		}
		p.relook(friday.Add(time.Duration(len(seen)-100)*time.Millisecond).Format(time.RFC3339Nano), look)
		page := p.get("/")
		for _, at := range append(icons.FindAllString(page.Body.String(), -1), icons.FindAllString(p.get("/manifest.webmanifest").Body.String(), -1)...) {
			w := p.get(at)
			img, err := png.Decode(w.Body)
			if w.Code != 200 || err != nil || !strings.Contains(at, fmt.Sprint(img.Bounds().Dx())) {
				t.Errorf("%s: %d %v", at, w.Code, err)
			}
			seen[at] = true
		}
		if at := p.get("/favicon.ico").Header().Get("Location"); !seen[at] {
			t.Errorf("the old address leads to %q", at)
		}
		if look != nil && look.Logo != nil && (!strings.Contains(page.Body.String(), `<h1 class="wordmark"><a href="/"><img class="logo" src="/picture/`+sha()+`.png" width="90" height="80" fetchpriority="high" alt="The Meridian"></a></h1>`) || p.get("/picture/"+sha()+".png").Code != 200) {
			t.Error("the logo does not stand in the masthead")
		}
	}
	if len(seen) < 3*5 {
		t.Errorf("three looks have %d icons: %v", len(seen), seen)
	}
	p.relook("2024-03-22T19:39:59.999Z", nil)
	if w := p.get("/picture/" + sha() + ".png"); w.Code != 404 {
		t.Errorf("a logo that no entry names any more is served: %d", w.Code)
	}
}

// TestCardsGoWithTheirStories: a card is there while its story is, an older one leads to
// the one of now, and a kill or a withdrawal takes it at once.
func TestCardsGoWithTheirStories(t *testing.T) {
	p := newKiosk(t).found().print()
	shared := regexp.MustCompile(`og:image" content="https://meridian.example(/card/[^"]+)"`)
	at := shared.FindStringSubmatch(p.get("/harbour-board-votes-" + harbour).Body.String())[1]
	w := p.get(at)
	img, err := jpeg.Decode(bytes.NewReader(w.Body.Bytes()))
	if w.Code != 200 || err != nil || img.Bounds().Dx() != 1200 || img.Bounds().Dy() != 630 || w.Header().Get("Content-Type") != "image/jpeg" {
		t.Fatalf("%s: %d %v %v", at, w.Code, err, w.Header())
	}
	if keys := " " + w.Header().Get("Surrogate-Key") + " "; !strings.Contains(keys, " a-"+harbour+" ") || !strings.Contains(keys, " house ") || strings.Contains(keys, " head ") || strings.Contains(keys, " everything ") {
		t.Errorf("the card is kept by %q", keys)
	}
	if again := httptest.NewRequest("GET", at, nil); true {
		again.Header.Set("If-None-Match", w.Header().Get("ETag"))
		same := httptest.NewRecorder()
		p.web.ServeHTTP(same, again)
		if same.Code != 304 {
			t.Errorf("asked again with its tag: %d", same.Code)
		}
	}
	old := regexp.MustCompile(`-\d+\.jpg$`).ReplaceAllString(at, "-1.jpg")
	if w := p.get(old); w.Code != 302 || w.Header().Get("Location") != at {
		t.Errorf("an older card: %d to %q", w.Code, w.Header().Get("Location"))
	}
	for _, path := range []string{"/card/" + canal + "-1.jpg", "/card/" + ghost + "-1.jpg", "/card/" + never + "-1.jpg", at + "?x=1", "/card/" + harbour + "-99999.jpg", "/card/" + harbour + "-01.jpg", "/card/" + harbour + ".jpg", "/card/x-1.jpg"} {
		if w := p.get(path); w.Code != 404 {
			t.Errorf("%s: %d", path, w.Code)
		}
	}
	p.add("2024-03-22T19:39:00Z", record.KindKill, "desk-n", harbour, record.Kill{})
	if w := p.get(at); w.Code != 404 {
		t.Errorf("the card of a killed story: %d", w.Code)
	}
	other := shared.FindStringSubmatch(p.get("/he/מועצת-הנמל-" + hebrew).Body.String())[1]
	if w := p.get(other); w.Code != 200 {
		t.Errorf("the card of a Hebrew story: %d", w.Code)
	}
	p.add("2024-03-22T19:39:10Z", record.KindWithdraw, "desk-j", hebrew, record.Withdraw{Note: "No."})
	if w := p.get(other); w.Code != 404 {
		t.Errorf("the card of a withdrawn story: %d", w.Code)
	}
}

// TestAnArrangedFront: each story in its place, a headline of its own, the rule where a
// story is gone, and a breaking line that ends by itself without an entry.
func TestAnArrangedFront(t *testing.T) {
	p := newKiosk(t).found().print()
	until := friday.Add(20 * time.Minute)
	p.add("2024-03-22T19:39:00Z", record.KindFront, "desk-n", "en", record.Front{Lang: "en", Rest: "newest", Breaking: &record.Breaking{Words: "The vote is <over>", Article: harbour, Until: until},
		Places: []record.FrontPlace{{Article: engineers, Place: record.LeadPlace, Headline: "Channel moves"}, {Article: canal, Place: record.SecondPlace}, {Article: ferry, Place: record.BriefPlace}}})
	body := p.get("/").Body.String()
	lead := body[strings.Index(body, "story--lead"):]
	lead = lead[:strings.Index(lead, "</article>")]
	if !strings.Contains(lead, "Channel moves") || !strings.Contains(lead, `data-story="`+ferry+`"`) {
		t.Errorf("the lead is %s", lead)
	}
	if second := body[strings.Index(body, `class="cols`):]; !strings.Contains(second[:strings.Index(second, "</section>")], harbour) || strings.Contains(body, "Canal closed") {
		t.Error("the place of a withdrawn story has not the newest one")
	}
	if !strings.Contains(body, `The vote is &lt;over&gt;</a>`) || strings.Contains(p.get("/he").Body.String(), "breaking") {
		t.Error("the breaking line does not stand where it should")
	}
	p.now = until.Add(-time.Microsecond)
	if !strings.Contains(p.get("/").Body.String(), "The vote is") {
		t.Error("the breaking line ended early")
	}
	p.now = until
	if strings.Contains(p.get("/").Body.String(), "The vote is") {
		t.Error("the breaking line did not end")
	}
	p.now = friday
	p.add("2024-03-22T19:39:30Z", record.KindWithdraw, "desk-n", harbour, record.Withdraw{Note: "Not so."})
	if strings.Contains(p.get("/").Body.String(), "The vote is") {
		t.Error("a breaking line leads to what was taken back")
	}
}

func TestAFrontIsLookedAtFirst(t *testing.T) {
	p := newKiosk(t).found().print()
	w := httptest.NewRecorder()
	look := &record.Look{Light: record.Colours{Paper: "#fff4e0"}}
	check(t, site.PreviewFront(t.Context(), w, p.edition, friday, site.FrontWish{Lang: "en", Dressed: true, Look: look, Masthead: record.Words{"en": "Seen first"},
		Front: &record.Front{Lang: "en", Places: []record.FrontPlace{{Article: ferry, Place: record.LeadPlace, Headline: "Ferries"}}}, Sheet: func(a string) string { return a + "?typed" }}))
	body := w.Body.String()
	address := sheetOf.FindStringSubmatch(body)[1]
	for _, want := range []string{"Ferries", "Seen first", `content="noindex"`, "?typed"} {
		if !strings.Contains(body, want) {
			t.Errorf("the preview lacks %q", want)
		}
	}
	for _, lack := range []string{"canonical", "og:image", "data-live", "manifest"} {
		if strings.Contains(body, lack) {
			t.Errorf("the preview has %q", lack)
		}
	}
	css, ok := site.LookSheet(look, strings.TrimSuffix(address, "?typed"))
	if !ok || !strings.Contains(string(css), "#fff4e0") {
		t.Error("the preview's sheet is not there")
	}
	if strings.Contains(p.get("/").Body.String(), "Ferries") {
		t.Error("readers see it")
	}
}
