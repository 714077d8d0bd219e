package site

import (
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
