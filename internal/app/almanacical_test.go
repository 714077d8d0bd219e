package app

import (
	"encoding/json"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"unicode/utf8"
)

func TestAlmanacICal(t *testing.T) {
	golden(t, "newyork.ics", strings.ReplaceAll(almanacAnswers(t, almanacNewYork+"--ical"), "\r\n", "\n"))
}

// TestAlmanacICalRead reads what was written with the almanac's own reader of calendar
// files, which shares no line with its writer.
func TestAlmanacICalRead(t *testing.T) {
	for _, place := range []string{"--city Jerusalem", "--city Tromsø", "--city Longyearbyen --sunless strict", almanacThere} {
		span := place + " --from 2024-01-01 --to 2025-01-01"
		ical := almanacAnswers(t, span+" --ical")
		file := filepath.Join(t.TempDir(), "rests.ics")
		if err := os.WriteFile(file, []byte(ical), 0o600); err != nil {
			t.Fatal(err)
		}
		var wrote, read almanacAnswer
		for args, into := range map[string]*almanacAnswer{"": &wrote, "ics " + file: &read} {
			all := append(strings.Fields(span), "--json")
			if args != "" {
				all = append(all, "--keep", args)
			}
			if err := json.Unmarshal([]byte(almanacAnswersTo(t, all...)), into); err != nil {
				t.Fatal(err)
			}
		}
		same := func(a, b almanacWindow) bool { return a.Start.Equal(b.Start) && a.End.Equal(b.End) && a.Name == b.Name }
		if len(wrote.Windows) < 50 || !slices.EqualFunc(wrote.Windows, read.Windows, same) {
			t.Errorf("%s: wrote %v\nread %v", place, wrote.Windows, read.Windows)
		}
		for line := range strings.SplitSeq(strings.TrimSuffix(ical, "\r\n"), "\r\n") {
			if len(line) > 75 || !utf8.ValidString(line) || strings.ContainsAny(line, "\r\n") {
				t.Errorf("%s: %q is no content line", place, line)
			}
		}
	}
}
