package site

import (
	"bytes"
	"net/http"
	"strconv"
)

// held keeps an answer until its page is drawn and the edition let go. A reader who takes
// nothing off the line then holds up a connection, and not one of the few that read the
// edition: a handful of such readers would be all that it serves.
type held struct {
	header http.Header
	status int
	body   bytes.Buffer
}

func hold() *held { return &held{header: http.Header{}} }

func (h *held) Header() http.Header { return h.header }

func (h *held) WriteHeader(status int) {
	if h.status == 0 {
		h.status = status
		if n, err := strconv.Atoi(h.header.Get("Content-Length")); err == nil {
			h.body.Grow(n)
		}
	}
}

func (h *held) Write(b []byte) (int, error) {
	h.WriteHeader(http.StatusOK)
	return h.body.Write(b)
}
