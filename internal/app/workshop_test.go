package app

import (
	"bytes"
	"context"
	"fmt"
	"image"
	"image/color"
	"image/jpeg"
	"os"
	"reflect"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"dateline/internal/newsroom"
	"dateline/internal/picture"
	"dateline/internal/story"
)

// The test binary is its own workshop, as the server's is.
func TestMain(m *testing.M) {
	if len(os.Args) == 2 && os.Args[1] == "workshop" {
		if err := workshopCommand(context.Background(), os.Stdin, os.Stdout); err != nil {
			fmt.Fprintln(os.Stderr, err)
			os.Exit(1)
		}
		os.Exit(0)
	}
	os.Exit(m.Run())
}

func jpegOf(t testing.TB, width, height int) []byte {
	t.Helper()
	img := image.NewGray(image.Rect(0, 0, width, height))
	for y := range height {
		for x := range width {
			img.SetGray(x, y, color.Gray{uint8(x*7 ^ y*13)})
		}
	}
	var b bytes.Buffer
	if err := jpeg.Encode(&b, img, nil); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

const rss = `<?xml version="1.0"?><rss version="2.0"><channel><title>Halyard</title><item><guid>a1</guid><title>Ferry stopped</title>` +
	`<description>The ferry was stopped on Friday.</description><pubDate>Fri, 22 Mar 2024 19:41:00 +0000</pubDate></item></channel></rss>`

// TestWorkshopReadsAlike has the child say what reading here says.
func TestWorkshopReadsAlike(t *testing.T) {
	w, here, ctx := newWorkshop(), newsroom.Here{}, t.Context()
	jpg := jpegOf(t, 1200, 800)
	got, err := w.Inspect(ctx, jpg)
	if want, _ := here.Inspect(ctx, jpg); err != nil || !cmp.Equal(got, want, cmpopts.EquateEmpty()) {
		t.Errorf("inspect: %+v, %v, want %+v", got, err, want)
	}
	words := picture.Words{Caption: "A quay", Credit: story.Credit{Line: "Halyard"}}
	made, err := w.Renditions(ctx, jpg, words, []int{480, 960})
	if want, _ := here.Renditions(ctx, jpg, words, []int{480, 960}); err != nil || !reflect.DeepEqual(made, want) {
		t.Errorf("renditions: %d of them, %v", len(made), err)
	}
	logo, err := w.Logo(ctx, jpg)
	if want, _ := here.Logo(ctx, jpg); err != nil || !reflect.DeepEqual(logo, want) || logo.Type != "image/png" || logo.Height != picture.LogoHeight {
		t.Errorf("logo: %+v, %v", logo.Rendition, err)
	}
	items, err := w.Wire(ctx, "ferry.xml", []byte(rss))
	if want, _ := here.Wire(ctx, "ferry.xml", []byte(rss)); err != nil || len(want) != 1 || !cmp.Equal(items, want, cmpopts.EquateEmpty()) {
		t.Errorf("wire: %+v, %v, want %+v", items, err, want)
	}
}

// TestWorkshopRefusesAlike has refusals come through as the sentences that they are.
func TestWorkshopRefusesAlike(t *testing.T) {
	w, here, ctx := newWorkshop(), newsroom.Here{}, t.Context()
	for _, raw := range []string{"", "GIF89a", "\xff\xd8\xff\xe0", strings.Repeat("x", picture.MaxBytes+1)} {
		_, got := w.Inspect(ctx, []byte(raw))
		_, want := here.Inspect(ctx, []byte(raw))
		_, logo := w.Logo(ctx, []byte(raw))
		if !sameRefusal(got, want) || !sameRefusal(logo, want) {
			t.Errorf("picture %.10q: %v, want %v", raw, got, want)
		}
	}
	for _, raw := range []string{" ", "<rss>", "<html></html>", strings.Repeat(" ", 9<<20) + "x"} {
		_, got := w.Wire(ctx, "a.xml", []byte(raw))
		_, want := here.Wire(ctx, "a.xml", []byte(raw))
		if !sameRefusal(got, want) {
			t.Errorf("wire %.10q: %v, want %v", raw, got, want)
		}
	}
}

func sameRefusal(a, b error) bool {
	x, isX := story.AsRefusal(a)
	y, isY := story.AsRefusal(b)
	return isX && isY && x.Kind == y.Kind && x.Sentence == y.Sentence
}

// TestWorkshopDies holds what becomes of a job that goes over its bounds: a refusal, soon.
func TestWorkshopDies(t *testing.T) {
	w := newWorkshop()
	jpg := jpegOf(t, 4000, 3000)
	for name, b := range map[string]bounds{
		"memory": {CPU: 10, Memory: 16 << 20, Heap: 16 << 20},
		"time":   {CPU: 0, Memory: pictureBounds.Memory, Heap: pictureBounds.Heap},
	} {
		_, err := w.run(t.Context(), w.pictures, job{Verb: "renditions", Bounds: b, Widths: []int{1600, 2000, 2400}}, jpg, "The picture")
		if refusal, ok := story.AsRefusal(err); !ok || refusal.Kind != story.TooLarge || !strings.HasPrefix(refusal.Sentence, "The picture cannot be read") {
			t.Errorf("%s: %v", name, err)
		}
	}
	gone, cancel := context.WithTimeout(t.Context(), time.Millisecond)
	defer cancel()
	if _, err := w.Renditions(gone, jpg, picture.Words{}, []int{2400}); err == nil || gone.Err() == nil {
		t.Error("a job outlives the one who asked for it")
	}
	if _, err := w.Inspect(t.Context(), jpg); err != nil {
		t.Error("after all that:", err)
	}
}

// TestWorkshopHostileWire has files made to cost memory cost the server none beyond their
// own bytes: they are read within the bounds, or refused.
func TestWorkshopHostileWire(t *testing.T) {
	w := newWorkshop()
	for name, raw := range map[string]string{
		"a full feed":        `<rss version="2.0"><channel>` + strings.Repeat(`<item><guid>a</guid><title>The ferry</title><description>`+strings.Repeat("The ferry was stopped. ", 160)+`</description></item>`, 2000) + `</channel></rss>`,
		"a million elements": `<rss version="2.0"><channel>` + strings.Repeat("<a/>", 2<<20-20) + `</channel></rss>`,
		"empty items":        `<rss version="2.0"><channel>` + strings.Repeat("<item/>", 1<<20) + `</channel></rss>`,
		"a body of breaks":   `<rss version="2.0"><channel><item><title>a</title><description>` + strings.Repeat("&lt;p&gt;a", 700_000) + `</description></item></channel></rss>`,
		"nested tags":        `<rss version="2.0"><channel><item><title>a</title><description>` + strings.Repeat("&lt;b&gt;", 700_000) + `</description></item></channel></rss>`,
		"a list of lists":    `{"uri":"a","type":"text","body_text":"a","x":` + strings.Repeat("[", 4<<20) + strings.Repeat("]", 4<<20-100) + `}`,
		"empty associations": `{"uri":"a","type":"text","headline":"a","associations":{` + strings.Repeat(`"a":{},`, 1<<20) + `"b":{}}}`,
	} {
		items, err := w.Wire(t.Context(), "a", []byte(raw))
		if _, refused := story.AsRefusal(err); err != nil && !refused {
			t.Errorf("%s: %v", name, err)
		}
		if name == "a full feed" && len(items) != 2000 {
			t.Errorf("%s: %d items, %v", name, len(items), err)
		}
	}
}

// TestWorkshopLargest has the largest picture that is taken fit its bounds.
func TestWorkshopLargest(t *testing.T) {
	made, err := newWorkshop().Renditions(t.Context(), jpegOf(t, 8000, 6250), picture.Words{}, []int{480, 960, 1600})
	if err != nil || len(made) != 3 {
		t.Fatal(len(made), err)
	}
}
