package newsroom

import (
	"encoding/json"
	"testing"
	"time"

	"dateline/internal/record"
	"dateline/internal/store"
	"dateline/internal/story"
)

// TestTellsReaders has the verb itself ask for what readers are told, whoever files.
func TestTellsReaders(t *testing.T) {
	for _, c := range []struct {
		name string
		f    Filing
		ok   bool
	}{
		{"a publish", Filing{What: story.Publish}, true},
		{"a kill", Filing{What: story.Kill}, true},
		{"a withdrawal", Filing{What: story.Withdraw, Detail: Detail{Note: "It was wrong."}}, true},
		{"a withdrawal without a word", Filing{What: story.Withdraw, Detail: Detail{Note: " \u200b"}}, false},
		{"a correction", Filing{What: story.Correct, Detail: Detail{Correction: &record.Correction{Note: "It was two."}}}, true},
		{"a correction by two words", Filing{What: story.Correct, Detail: Detail{Correction: &record.Correction{Was: "one", Is: "two"}}}, true},
		{"half a correction", Filing{What: story.Correct, Detail: Detail{Correction: &record.Correction{Was: "one"}}}, false},
		{"no correction", Filing{What: story.Correct}, false},
	} {
		if err := c.f.tellsReaders(); (err == nil) != c.ok {
			t.Errorf("%s: %v", c.name, err)
		}
	}
}

// TestLastEditor asks often, for a map has no order.
func TestLastEditor(t *testing.T) {
	at := time.Date(2024, 3, 22, 12, 0, 0, 0, time.UTC)
	parts := map[string]store.Part{
		"headline": {Name: "headline", Version: 2, By: 7, At: at}, "slug": {Name: "slug", Version: 1, By: 8, At: at},
		"section": {Name: "section", Version: 9, By: 9, At: at.Add(-time.Second)},
	}
	for range 100 {
		if by := lastEditor(parts, 1); by != 7 {
			t.Fatal(by)
		}
	}
	if by := lastEditor(nil, 1); by != 1 {
		t.Error(by)
	}
}

// TestNoSuchType refuses a type that no form offers.
func TestNoSuchType(t *testing.T) {
	for text, ok := range map[string]bool{`"report"`: true, `""`: true, `"weird"`: false} {
		if _, err := story.CheckPart("type", json.RawMessage(text)); (err == nil) != ok {
			t.Errorf("%s: %v", text, err)
		}
	}
}
