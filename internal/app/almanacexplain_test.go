package app

import (
	"encoding/json"
	"strings"
	"testing"
)

func TestAlmanacExplain(t *testing.T) {
	for name, args := range map[string]string{
		"explain-newyork.txt": almanacThere + "--keep shabbat --date 2024-03-22",
		"explain-tromso.txt":  "--lat 69.6492 --lon 18.9553 --zone Europe/Oslo --keep shabbat --date 2024-06-22",
		"explain-minutes.txt": almanacThere + "--keep shabbat --nightfall 72m --lighting 0 --date 2024-03-23",
		"explain-nothing.txt": almanacThere + "--keep shabbat --date 2024-03-24",
	} {
		t.Run(name, func(t *testing.T) { golden(t, name, almanacAnswers(t, "explain "+args)) })
	}
}

// TestAlmanacExplainsParts has a rest made of two: an event of a file that runs into Shabbat.
func TestAlmanacExplainsParts(t *testing.T) {
	golden(t, "explain-parts.txt", almanacAnswersTo(t, append(strings.Fields("explain --margin 5m "+almanacThere),
		"--keep", "shabbat", "--keep", "ics testdata/almanac/staffday.ics", "--date", "2024-03-22")...))
}

// TestAlmanacExplainsWhatItAnswers holds the explained bounds to those of the windows.
func TestAlmanacExplainsWhatItAnswers(t *testing.T) {
	for _, place := range []string{
		almanacThere,
		"--city Jerusalem ",
		"--lat 69.6492 --lon 18.9553 --zone Europe/Oslo ",
		"--lat -13.83 --lon -171.77 --zone Pacific/Apia --lighting 0 ",
		"--lat -77.85 --lon 166.67 --zone Antarctica/McMurdo --nightfall 42m ",
	} {
		for _, at := range []string{"2024-01-05T12:00:00Z", "2024-03-23T00:00:00Z", "2024-06-22T00:00:00Z", "2024-12-20T23:59:59Z"} {
			var state almanacStateAnswer
			var explained almanacExplained
			for args, into := range map[string]any{"": &state, "explain ": &explained} {
				if err := json.Unmarshal([]byte(almanacAnswers(t, args+place+"--json --at "+at)), into); err != nil {
					t.Fatal(err)
				}
			}
			if len(explained.Windows) != 1 || explained.Windows[0].almanacWindow != *state.Window {
				t.Fatalf("%s at %s: %+v is explained, not %+v", place, at, explained.Windows, state.Window)
			}
			w := explained.Windows[0]
			begins, ends := w.Steps[len(w.Steps)-2], w.Steps[len(w.Steps)-1]
			if !begins.At.Equal(w.Start) || !ends.At.Equal(w.End) {
				t.Errorf("%s at %s: %v to %v is explained of %v", place, at, begins, ends, w.almanacWindow)
			}
		}
	}
}

// TestAlmanacExplainsADate asks for the dates about a rest, which touches two of them.
func TestAlmanacExplainsADate(t *testing.T) {
	for day, want := range map[string]int{"2024-03-21": 0, "2024-03-22": 1, "2024-03-23": 1, "2024-03-24": 0} {
		var explained almanacExplained
		if err := json.Unmarshal([]byte(almanacAnswers(t, "explain --json "+almanacThere+"--date "+day)), &explained); err != nil {
			t.Fatal(err)
		}
		if len(explained.Windows) != want {
			t.Errorf("%s: %d windows, want %d", day, len(explained.Windows), want)
		}
	}
}

// TestAlmanacExplainsNow asks without a time: the rest that holds now, or else the next.
func TestAlmanacExplainsNow(t *testing.T) {
	if got, want := almanacAnswers(t, "explain "+almanacThere), almanacAnswers(t, "explain "+almanacThere+"--at 2024-03-22T12:00:00Z"); got != want || !strings.Contains(got, "Shabbat") {
		t.Errorf("%s\nwant\n%s", got, want)
	}
}
