package story_test

import (
	"bytes"
	"crypto/rand"
	"strings"
	"testing"

	"dateline/internal/story"
)

func TestNewID(t *testing.T) {
	all := make([]byte, 256)
	for i := range all {
		all[i] = byte(i)
	}
	if got, want := story.NewID(bytes.NewReader(all), 256), strings.Repeat("0123456789abcdefghjkmnpqrstvwxyz", 8); got != want {
		t.Errorf("each byte gives\n%s, want\n%s", got, want)
	}
	for _, n := range []int{story.BlockIDLength, story.ArticleIDLength, story.SecretLength} {
		a, b := story.NewID(rand.Reader, n), story.NewID(rand.Reader, n)
		if a == b || !story.ValidID(a, n) || !story.ValidID(b, n) {
			t.Errorf("%d characters: %q and %q", n, a, b)
		}
	}
	defer func() {
		if recover() == nil {
			t.Error("an id was made without randomness")
		}
	}()
	story.NewID(strings.NewReader("abc"), 4)
}

func TestValidID(t *testing.T) {
	for id, want := range map[string]bool{
		"0123456789": true, "abcdefghjk": true, "zzzzzzzzzz": true,
		"": false, "012345678": false, "01234567890": false, "012345678i": false, "l123456789": false, "0123o56789": false, "01234u6789": false,
		"ABCDEFGHJK": false, "01234-6789": false, "01234 6789": false, "אאאאא": false, "012345678\n": false,
	} {
		if got := story.ValidID(id, 10); got != want {
			t.Errorf("%q: %t", id, got)
		}
	}
}
