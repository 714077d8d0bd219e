package site

import (
	"context"
	"net/http"

	"dateline/internal/edition"
	"dateline/internal/story"
	"dateline/internal/web/ui"
)

// waiting is how many requests may read the edition, or wait for their turn to, at once: what
// they wait for is a few milliseconds each. Whoever comes then is told to come again, at the
// cost of next to nothing: a crowd of readers is not to be what a newsroom waits for.
const waiting = 1024

// retryAfter is when somebody who was sent away is to come again, in seconds.
const retryAfter = "2"

// A crowd has places for those who read the edition.
type crowd chan struct{}

func (c crowd) enter() bool {
	select {
	case c <- struct{}{}:
		return true
	default:
		return false
	}
}

func (c crowd) leave() { <-c }

// noPlace is said to whoever comes when all places are taken.
const noPlace = "Too many people are reading just now. Try again in a moment."

var errCrowded = story.Refuse(story.Unavailable, noPlace)

// read runs fn on one consistent state of the edition, if there is a place.
func (s *site) read(ctx context.Context, fn func(*edition.View) error) error {
	if !s.crowd.enter() {
		return errCrowded
	}
	defer s.crowd.leave()
	return s.edition.View(ctx, fn)
}

// crowded draws what is said to whoever comes when all places are taken. It asks nothing of
// the edition, and no cache keeps it.
func crowded(w http.ResponseWriter, p blankPageData, words *ui.Words) error {
	w.Header().Set("Retry-After", retryAfter)
	w.Header().Set("Cache-Control", "no-store")
	p.Heading, p.Help = words.Crowded, words.CrowdedHelp
	return blankPage.Render(w, http.StatusServiceUnavailable, p)
}
