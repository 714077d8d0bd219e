package ui

import "net/http"

// policy allows what our own pages need from our own address, and nothing else: no inline
// style or script, no other host, no frame.
const policy = "default-src 'none'; img-src 'self'; style-src 'self'; script-src 'self'; font-src 'self'; " +
	"connect-src 'self'; manifest-src 'self'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'"

// Secure sets the headers that every answer carries.
func Secure(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		SetSecure(w.Header())
		next.ServeHTTP(w, r)
	})
}

// SetSecure sets the headers that every answer carries.
func SetSecure(h http.Header) {
	h.Set("Content-Security-Policy", policy)
	h.Set("X-Content-Type-Options", "nosniff")
	h.Set("Referrer-Policy", "strict-origin-when-cross-origin")
	h.Set("Cross-Origin-Opener-Policy", "same-origin")
	h.Set("Permissions-Policy", "camera=(), microphone=(), geolocation=()")
}
