package ui_test

import (
	"reflect"
	"testing"

	"dateline/internal/story"
	"dateline/internal/web/ui"
)

func TestTableOf(t *testing.T) {
	x := ui.TableOf(story.Table{Head: true, Rows: [][]string{{"Year", "Level", "Kept by"}, {"1994", "211.64", "A. Ben"}, {"", "−0.5 %", ""}, {"2003", "–", "the Haddads"}}})
	names := func(row []ui.Cell) (all []bool) {
		for _, c := range row {
			all = append(all, c.Names, c.Figure)
		}
		return all
	}
	for i, want := range [][]bool{{false, false, false, true, false, false}, {true, false, false, true, false, false}, {false, true, false, true, false, false}, {true, false, false, true, false, false}} {
		row := x.Head
		if i > 0 {
			row = x.Rows[i-1]
		}
		if got := names(row); !reflect.DeepEqual(got, want) {
			t.Errorf("row %d names and figures: %v, want %v", i, got, want)
		}
	}
	x = ui.TableOf(story.Table{Head: true, Rows: [][]string{{"only a head", "1"}}})
	if x.Head != nil || len(x.Rows) != 1 || x.Rows[0][0].Names {
		t.Errorf("a head without rows is a row: %+v", x)
	}
	x = ui.TableOf(story.Table{Rows: [][]string{{"a", "1"}, {"b"}, {"c", "2", "3"}}}) // of a hand that did not check
	if len(x.Rows) != 3 || !x.Rows[2][1].Figure || x.Rows[0][0].Names {
		t.Errorf("%+v", x)
	}
	for cell, want := range map[string]bool{"12": true, "-1.5": true, "₪1,200": true, "16 %": true, "4:02": true, "—": true, "12 tonnes": false, "a": false, "%": false, "٣٫١": false, "١٢": true} {
		x := ui.TableOf(story.Table{Rows: [][]string{{cell}}})
		if got := x.Rows[0][0].Figure; got != want {
			t.Errorf("%q is a figure: %t", cell, got)
		}
	}
}

// Where an odd number of pictures stands two in a row, the first has a row to itself.
func TestSizesInAGallery(t *testing.T) {
	x := story.Text{}
	b := story.Block{ID: "gallery1", Kind: story.GalleryBlock}
	for _, id := range []string{"a", "b", "c"} {
		x.Pictures = append(x.Pictures, story.PictureUse{ID: id, Credit: story.Credit{Line: "By somebody"}, Renditions: []story.Rendition{{SHA256: id, Width: 480}, {SHA256: id, Width: 960}}})
		b.Pictures = append(b.Pictures, id)
	}
	x.Doc = story.Doc{b}
	for lead, wide := range map[string]bool{"": true, "a": false} {
		g := ui.Doc(x, ui.DocView{Lang: "en", Lead: lead, Pictures: ui.PictureAddress})[0].Gallery
		if got := g[0].Sizes != g[1].Sizes; got != wide {
			t.Errorf("of %d pictures the first is %q, the next %q", len(g), g[0].Sizes, g[1].Sizes)
		}
	}
}
