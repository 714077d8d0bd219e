package site

import (
	"context"
	"net/http"
	"net/url"
)

// Kept counts the answers that a readers' handler keeps, and their bytes.
func Kept(h http.Handler) (answers, bytes int) { return h.(*site).ready.Size() }

// Has reports whether a readers' handler has the answer for an address ready now.
func Has(h http.Handler, at string) bool {
	u, err := url.Parse(at)
	if err != nil {
		return false
	}
	s := h.(*site)
	return s.ready.Find(address(u), s.ready.Now()) != nil
}

// Draw draws the page of a path as if nobody had asked for it before.
func Draw(ctx context.Context, h http.Handler, path string) (bytes int, err error) {
	at, err := url.Parse(path)
	if err != nil {
		return 0, err
	}
	r := (&http.Request{Method: http.MethodGet, URL: at}).WithContext(ctx)
	a, err := h.(*site).page(ctx, r)
	if err != nil {
		return 0, err
	}
	w := hold()
	a.Send(w, r, h.(*site).ready.Now())
	return w.body.Len(), nil
}

// Crowd counts the requests that read the edition now, or wait for their turn to.
func Crowd(h http.Handler) int { return len(h.(*site).crowd) }
