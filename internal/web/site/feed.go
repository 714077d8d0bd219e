package site

import (
	"time"

	"dateline/internal/feed"
)

// feedLimit is how many articles a feed holds.
const feedLimit = 30

func (s *site) feed(v *visit) error {
	if done, err := v.strict(); done || err != nil {
		return err
	}
	newest, err := v.view.Newest(v.lang, feedLimit)
	if err != nil {
		return err
	}
	var since time.Time // of an empty feed
	if len(newest) == 0 {
		since = v.asOf(nil)
	}
	body, err := feed.Atom(v.house(), v.lang, v.in(v.house().Names), v.to("/feed.atom"), v.home(), newest, since)
	if err != nil {
		return err
	}
	h := v.w.Header()
	h.Set("Content-Type", "application/atom+xml; charset=utf-8")
	_, err = v.w.Write(body)
	return err
}

// feedFormats are what feeds are written in, by how their addresses end.
var feedFormats = []struct{ ending, media string }{
	{".atom", "application/atom+xml"},
}
