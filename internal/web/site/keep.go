package site

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"net/http"
	"net/url"
	"strings"
	"time"

	"dateline/internal/edition"
	"dateline/internal/web/ready"
	"dateline/internal/web/ui"
)

// memory is how many bytes of ready answers are kept where nobody says otherwise.
const memory = 64 << 20

// address is where the answer to a request is kept. Anybody can think of moments of the past
// as they can of queries: what is of them is kept with what has a query.
func address(u *url.URL) ready.Address {
	query := u.RawQuery
	if u.ForceQuery {
		query = "?" // that of no page
	}
	if strings.Contains(u.Path, asOfPath+"/") {
		query = "as of?" + query
	}
	return ready.Address{Path: u.Path, Query: query}
}

// ServeHTTP answers with bytes that are ready, or else has them made. The first way is the
// one that nearly every request goes, and does nothing else.
func (s *site) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	if r.Method == http.MethodGet || r.Method == http.MethodHead {
		now := s.ready.Now()
		if a := s.ready.Find(address(r.URL), now); a != nil {
			a.Send(w, r, now)
			return
		}
	}
	s.make.ServeHTTP(w, r)
}

// Ready returns what is ready for a path without a query, and the instant that it was asked
// at, for who answers in this handler's place; nil where it has to be asked itself.
func (s *site) Ready(path string) (*ready.Answer, time.Time) {
	now := s.ready.Now()
	return s.ready.Find(ready.Address{Path: path}, now), now
}

// drawn answers with what draw makes of the address alone: it is not given the request, so
// that nothing else of it can be in an answer that others get.
func (s *site) drawn(w http.ResponseWriter, r *http.Request, draw func(context.Context, *http.Request) (*ready.Answer, error)) error {
	now := s.ready.Now()
	a, err := s.ready.Get(r.Context(), address(r.URL), now, func() (*ready.Answer, error) {
		ctx := context.WithoutCancel(r.Context()) // others may wait for it
		return draw(ctx, (&http.Request{Method: http.MethodGet, URL: r.URL}).WithContext(ctx))
	})
	if err != nil {
		return err
	}
	a.Send(w, r, now)
	return nil
}

// page draws a page of the house, which stands while its moment lasts.
func (s *site) page(ctx context.Context, r *http.Request) (*ready.Answer, error) {
	var d ready.Draft
	h, err := s.visit(ctx, r, func(v *visit) error {
		if err := s.route(v); err != nil {
			return err
		}
		d.Moment, d.From, d.Until = momentName(v.moment), v.begins, v.ends
		for _, k := range v.view.Shown() {
			d.Keys = append(d.Keys, url.PathEscape(string(k)))
		}
		return nil
	})
	if err != nil {
		return nil, err
	}
	return h.answer(d), nil
}

// still draws an answer that is the same for as long as this program runs.
func (s *site) still(serve func(*site, http.ResponseWriter, *http.Request) error) func(context.Context, *http.Request) (*ready.Answer, error) {
	return func(_ context.Context, r *http.Request) (*ready.Answer, error) {
		h := hold()
		if err := serve(s, h, r); err != nil {
			return nil, err
		}
		return h.answer(ready.Draft{}), nil
	}
}

// answer readies what was drawn. A page is kept if it is one, at the one address that it
// has, and if it said nothing else about being kept.
func (h *held) answer(d ready.Draft) *ready.Answer {
	d.Status, d.Header, d.Body = h.status, h.header, h.body.Bytes()
	switch h.header.Get("Cache-Control") {
	case "", ui.AskAlways, ui.Immutable:
		d.Kept = h.status == http.StatusOK || h.status == http.StatusGone || h.status == http.StatusUnavailableForLegalReasons
	}
	ui.SetSecure(h.header)
	return ready.Prepare(d)
}

// send lets an answer go that is kept nowhere.
func (h *held) send(w http.ResponseWriter) error {
	for name, value := range h.header {
		w.Header()[name] = value
	}
	w.WriteHeader(h.status)
	_, err := w.Write(h.body.Bytes())
	return err
}

// within says that a page stands in a part of its moment only: it prints what changes then.
func (v *visit) within(from, to time.Time) {
	if from.After(v.begins) {
		v.begins = from
	}
	if v.ends.IsZero() || to.Before(v.ends) {
		v.ends = to
	}
}

// momentName names a moment in tags: two moments have two names.
func momentName(m edition.Moment) string {
	sum := sha256.New()
	fmt.Fprintln(sum, m.House.N, m.Start.UnixMicro(), m.End.UnixMicro())
	for _, d := range m.Desks {
		fmt.Fprintln(sum, d.Desk.ID, d.Desk.N)
	}
	return hex.EncodeToString(sum.Sum(nil)[:6])
}

// invalidate drops what shows something that changed.
func invalidate(c *ready.Cache) func([]edition.Key) {
	return func(keys []edition.Key) {
		dropped := make([]string, len(keys))
		for i, k := range keys {
			dropped[i] = url.PathEscape(string(k))
		}
		c.Drop(dropped...)
	}
}
