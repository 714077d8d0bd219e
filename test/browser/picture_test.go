package browser_test

import (
	"path/filepath"
	"testing"

	"github.com/chromedp/chromedp"
)

// TestAPictureAndItsCredit: the credit comes with the file. Without it the picture blocks
// the story, which the strip says before anybody files, and the gate when somebody does.
func TestAPictureAndItsCredit(t *testing.T) {
	const objection = "has no credit. A picture is never posted without one."
	file, err := filepath.Abs("../../internal/demo/content/wire/sellane-river.jpg")
	if err != nil {
		t.Fatal(err)
	}
	h := friday(t)
	m, r := h.member(), newTab(t, h)
	id := m.begins("River ministers meet", "They met on the bridge.")
	m.arrives(200, "a chosen file", chromedp.SetUploadFiles(chromedp.CSS("input[name=picture]"), []string{file})) // it is taken in at once
	m.says("[role=status]", "The picture is in.")
	credit := func() string {
		t.Helper()
		return eval[string](m, `[...document.querySelectorAll(".pic .credit input")].map(e => e.value).join(" / ")`)
	}
	if got := credit(); got != "Margit Aldous / Northwind Wire / Margit Aldous / Northwind Wire" {
		t.Error("the file's credit is read as", got)
	}
	m.says(".gate", "Nothing stands between this and readers.")
	if got := eval[string](m, `document.querySelector(".block textarea").value`); got != "They met on the bridge." {
		t.Error("the upload lost words:", got)
	}

	for _, nth := range []string{"1", "2", "3"} {
		m.types(".pic .credit label:nth-child("+nth+") input", "\b")
	}
	m.submits("#save-bar button[value=save]", 200)
	m.says(".gate", objection)
	m.says("button.main", "1 thing blocks")
	m.says(".pic", "No credit: it cannot be posted.")
	m.atOnce()
	m.submits("button.main", 409)
	m.says("[role=alert]", objection)
	h.clock("2024-03-22T15:06:00Z")
	r.opens(h.readers("/"+id), 404)

	m.types(".pic .credit label:nth-child(1) input", "Margit Aldous / Northwind Wire")
	m.posts()
	r.opens(h.readers("/"+id), 200)
	r.says("figure .credit", "Margit Aldous / Northwind Wire")
	if eval[int](r, `document.querySelector("figure img").naturalWidth`) == 0 {
		t.Error("the picture is not drawn")
	}
	if raw := eval[string](r, `document.querySelector("figure img").currentSrc`); filepath.Ext(raw) != ".jpg" {
		t.Error("the picture is", raw)
	}
}
