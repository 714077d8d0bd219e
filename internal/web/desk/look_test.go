package desk_test

import (
	"bytes"
	"image"
	"image/color"
	"image/png"
	"mime/multipart"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
)

// logo is a PNG of some size, clear but for a bar.
func logo(t *testing.T, width, height int) []byte {
	t.Helper()
	img := image.NewNRGBA(image.Rect(0, 0, width, height))
	for x := range width {
		for y := range height / 2 {
			img.SetNRGBA(x, y, color.NRGBA{180, 20, 20, 255})
		}
	}
	var b bytes.Buffer
	check(t, png.Encode(&b, img))
	return b.Bytes()
}

// sendLook sends the form of the look that is open, with a file.
func (b *browser) sendLook(raw []byte, set map[string]string) {
	b.t.Helper()
	action, form := b.form("look")
	for k, v := range set {
		form.Set(k, v)
	}
	var body bytes.Buffer
	m := multipart.NewWriter(&body)
	for k, all := range form {
		for _, v := range all {
			if k != "picture" {
				check(b.t, m.WriteField(k, v))
			}
		}
	}
	f, err := m.CreateFormFile("picture", "logo.png")
	check(b.t, err)
	_, err = f.Write(raw)
	check(b.t, err)
	check(b.t, m.Close())
	r := httptest.NewRequest(http.MethodPost, action, &body)
	r.Header.Set("Content-Type", m.FormDataContentType())
	b.do(r)
}

func TestTheLook(t *testing.T) {
	n := open(t)
	b := n.signIn("Tamar Shohat")
	b.get("/settings/look")
	b.want("Newspaper", ": Ink on paper 17.", "WCAG 2.2")
	b.submit("look", map[string]string{"do": "look", "light.ink": "#8a8a8a", "masthead.en": "A paper of record"})
	b.want("On light pages, Ink (the colour for text and strong rules) has a contrast of 3.3", "A paper of record", `value="#8a8a8a"`)
	b.submit("look", map[string]string{"do": "save"})
	b.want("words need 4.5 : 1")
	h, err := n.room.House(t.Context())
	check(t, err)
	if h.House.Look != nil {
		t.Fatalf("a look that cannot be read was kept: %+v", h.House.Look)
	}
	for name, raw := range map[string][]byte{"words": []byte("<svg onload=alert(1)>"), "cut": logo(t, 400, 200)[:60], "tiny": logo(t, 8, 8)} {
		b.get("/settings/look")
		if b.sendLook(raw, map[string]string{"do": "save", "light.ink": "#101010"}); b.status < 400 || !strings.Contains(b.body, `value="#101010"`) {
			t.Errorf("%s as a logo: %d, and what was typed is gone", name, b.status)
		}
	}
	b.get("/settings/look")
	b.sendLook(logo(t, 400, 200), map[string]string{"do": "look", "light.ink": "#101010", "columns": "4"})
	b.want("The logo", "Tabs and telephones show it too")
	if h, err = n.room.House(t.Context()); err != nil || h.House.Look != nil {
		t.Fatal("looking keeps something", err)
	}
	b.submit("look", map[string]string{"do": "save"})
	b.want("pages look so from now on")
	h, err = n.room.House(t.Context())
	check(t, err)
	l := h.House.Look
	if l == nil || l.Light.Ink != "#101010" || l.Light.Paper != "" || l.Columns != 4 || l.Logo == nil || l.Logo.Rendition.Height != 200 || l.Logo.Rendition.Type != "image/png" {
		t.Fatalf("kept %+v", l)
	}
	b.submit("look", map[string]string{"do": "save", "logo": "0000000000"})
	b.want("The logo is not here")
	b.get("/settings/look")
	b.submit("look", map[string]string{"do": "save", "nologo": "yes", "light.ink": "#15171a", "columns": "3"})
	if h, err = n.room.House(t.Context()); err != nil || h.House.Look != nil {
		t.Fatalf("the house style is a look: %+v, %v", h.House.Look, err)
	}
	for _, name := range []string{"Leah Brandt", "Jonah Petrie"} {
		other := n.signIn(name)
		if other.get("/settings/look"); other.status != http.StatusForbidden {
			t.Errorf("%s sees the look: %d", name, other.status)
		}
	}
}
