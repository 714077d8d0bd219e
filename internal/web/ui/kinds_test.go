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
