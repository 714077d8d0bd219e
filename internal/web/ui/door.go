package ui

import (
	"errors"
	"log/slog"
	"net/http"

	"dateline/internal/story"
)

// A Handler answers a request or returns why it did not.
type Handler func(http.ResponseWriter, *http.Request) error

// A Door is the one way out of a handler that failed: it turns an error into a status and
// a page, and logs only what nobody expected.
type Door struct {
	Log *slog.Logger
	// Face draws the page of an error. sentence is a refusal's own, "" for faults of ours.
	Face func(w http.ResponseWriter, r *http.Request, status int, sentence string) error
	// Words are a refusal's sentence in the language of who asks; nil leaves it in English.
	Words func(r *http.Request, err error) string
}

// Page makes a handler that leaves by this door.
func (d Door) Page(h Handler) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		if err := h(w, r); err != nil {
			d.Fail(w, r, err)
		}
	}
}

// Fail answers err. It cannot itself fail: where no page can be drawn, the status says it.
func (d Door) Fail(w http.ResponseWriter, r *http.Request, err error) {
	if r.Context().Err() != nil || errors.Is(err, errUnsent) {
		return // the reader left: what was being read for them was given up, each in words of its own
	}
	status, sentence := Status(err)
	if d.Words != nil && sentence != "" {
		sentence = d.Words(r, err)
	}
	if status == http.StatusInternalServerError && d.Log != nil {
		// The path is the reader's own; what the page would have shown is not logged.
		d.Log.ErrorContext(r.Context(), "a page failed", "method", r.Method, "path", r.URL.Path, "error", err.Error())
	}
	if d.Face != nil {
		ferr := d.Face(w, r, status, sentence)
		if ferr == nil {
			return
		}
		if d.Log != nil {
			d.Log.ErrorContext(r.Context(), "the page of an error failed", "status", status, "error", ferr.Error())
		}
	}
	http.Error(w, http.StatusText(status), status)
}

// Status is the HTTP status of an error and the sentence that may be shown with it.
func Status(err error) (int, string) {
	refusal, ok := story.AsRefusal(err)
	if !ok {
		return http.StatusInternalServerError, ""
	}
	switch refusal.Kind {
	case story.Invalid:
		return http.StatusBadRequest, refusal.Sentence
	case story.Forbidden:
		return http.StatusForbidden, refusal.Sentence
	case story.Unknown:
		return http.StatusNotFound, refusal.Sentence
	case story.Conflict:
		return http.StatusConflict, refusal.Sentence
	case story.Gone:
		return http.StatusGone, refusal.Sentence
	case story.TooLarge:
		return http.StatusRequestEntityTooLarge, refusal.Sentence
	case story.Unavailable:
		return http.StatusServiceUnavailable, refusal.Sentence
	}
	return http.StatusInternalServerError, ""
}
