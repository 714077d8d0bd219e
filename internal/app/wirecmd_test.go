package app

import (
	"bytes"
	"encoding/json"
	"errors"
	"flag"
	"image"
	"image/jpeg"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"dateline/internal/picture"
	"dateline/internal/story"
)

// wireDrop is a folder with one file of each kind.
func wireDrop(t *testing.T) string {
	t.Helper()
	folder := t.TempDir()
	var b bytes.Buffer
	if err := jpeg.Encode(&b, image.NewGray(image.Rect(0, 0, 30, 20)), nil); err != nil {
		t.Fatal(err)
	}
	made, err := picture.Renditions(b.Bytes(), picture.Words{Caption: "The lamp", Credit: story.Credit{Line: "Ilo Marsh / Tern & Tide", Photographer: "Ilo Marsh"}}, 480)
	if err != nil {
		t.Fatal(err)
	}
	for name, text := range map[string]string{
		"lamp.xml": `<newsItem guid="lamp" version="2"><itemMeta><itemClass qcode="ninat:text"/><provider><name>Tern &amp; Tide</name></provider><versionCreated>2024-03-22T18:05:40+01:00</versionCreated><embargoed/><pubStatus qcode="stat:withheld"/><edNote>Call Nell.</edNote></itemMeta>` +
			`<contentMeta><headline>The lamp is lit</headline></contentMeta><contentSet><inlineXML><html><body><p>It is lit.</p></body></html></inlineXML><remoteContent href="lamp.jpg"/></contentSet></newsItem>`,
		"film.json":  `{"uri":"film","type":"video"}`,
		"bad.xml":    `<rss version="2.0"><channel>`,
		"page.jpg":   "<!doctype html><script>alert(1)</script>",
		"lamp.jpg":   string(made[0].Data),
		"half.jpg":   string(made[0].Data[:len(made[0].Data)-2]),
		"a\x1b[31mb": "",
	} {
		if err := os.WriteFile(filepath.Join(folder, name), []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	return folder
}

func TestWireCommand(t *testing.T) {
	folder := wireDrop(t)
	file := func(name string) string { return filepath.Join(folder, name) }
	var out bytes.Buffer
	err := wireCommand([]string{file("bad.xml"), file("lamp.xml"), file("lamp.jpg"), file("film.json"), file("half.jpg"), file("page.jpg"), file("none.xml"), folder, file("a\x1b[31mb")}, &out)
	if err == nil || err.Error() != "6 of 9 files could not be read" {
		t.Error(err)
	}
	for _, want := range []string{"bad.xml looks like a feed, but it is cut off before its end.", "The lamp is lit · newsml-g2 · withheld", "embargo    without an end\n", "sent       2024-03-22T17:05:40Z", "version    2", "agency     Tern & Tide",
		"body       1 block, 3 words", "note       Call Nell.", "file       lamp.jpg · Ilo Marsh / Tern & Tide · The lamp", "nothing to take", "half.jpg cannot be used: The picture is cut off before its end.", "page.jpg is no wire", "none.xml cannot be opened: no such file", folder + " is no file", "is empty."} {
		if !strings.Contains(out.String(), want) {
			t.Errorf("does not say %q", want)
		}
	}
	if t.Failed() {
		t.Log(out.String())
	}
	if strings.Contains(out.String(), "\x1b") {
		t.Error("a file's name reached the terminal as it is")
	}
}

func TestWireCommandJSON(t *testing.T) {
	folder := wireDrop(t)
	var out bytes.Buffer
	err := wireCommand([]string{filepath.Join(folder, "lamp.xml"), "--json", filepath.Join(folder, "bad.xml"), filepath.Join(folder, "lamp.jpg"), filepath.Join(folder, "film.json")}, &out)
	if err == nil {
		t.Error("a bad file is no error")
	}
	var all []map[string]any
	if err := json.Unmarshal(out.Bytes(), &all); err != nil || len(all) != 3 {
		t.Fatal(err, out.String())
	}
	for key, want := range map[string]any{"file": filepath.Join(folder, "lamp.xml"), "format": "newsml-g2", "kind": "text", "guid": "lamp", "version": "2", "status": "withheld", "headline": "The lamp is lit", "sent": "2024-03-22T17:05:40Z", "provider": "Tern & Tide", "edNote": "Call Nell."} {
		if all[0][key] != want {
			t.Errorf("%s is %v, want %v", key, all[0][key], want)
		}
	}
	if words, _ := all[0]["words"].(string); len(words) != 64 {
		t.Errorf("words are %q", words)
	}
	if says, _ := all[1]["error"].(string); !strings.Contains(says, "bad.xml") || all[1]["guid"] != nil {
		t.Errorf("%v", all[1])
	}
	if p, _ := all[2]["picture"].(map[string]any); p["file"] != "lamp.jpg" || all[2]["format"] != "jpeg" {
		t.Errorf("%v", all[2])
	}
}

func TestWireCommandAlone(t *testing.T) {
	var out bytes.Buffer
	if err := wireCommand(nil, &out); err == nil || out.Len() > 0 {
		t.Error(err, out.String())
	}
	if err := wireCommand([]string{"--help"}, &out); !errors.Is(err, flag.ErrHelp) || !strings.Contains(out.String(), "-json") {
		t.Error(err, out.String())
	}
	out.Reset()
	if err := wireCommand([]string{filepath.Join(wireDrop(t), "film.json"), "--json"}, &out); err != nil || strings.TrimSpace(out.String()) != "[]" {
		t.Error(err, out.String())
	}
}
