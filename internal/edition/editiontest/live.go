package editiontest

import (
	"time"

	"dateline/internal/record"
	"dateline/internal/story"
)

// Live appends an entry about a live page.
func (r *Record) Live(page story.ArticleID, desk story.DeskID, at time.Time, c record.Live) record.Entry {
	if c.Lang == "" {
		c.Lang = "en"
	}
	e := r.Append(record.KindLive, string(page), desk, at, c)
	r.mu.Lock()
	defer r.mu.Unlock()
	last := &r.entries[len(r.entries)-1]
	last.Part, last.Prior, last.Revision = c.Entry, 0, 0
	if c.Does == record.LiveRemoves {
		last.Class = story.Silences
	}
	for _, x := range r.entries[:len(r.entries)-1] {
		if x.Subject == string(page) && x.Part == c.Entry {
			last.Prior = x.N
		}
	}
	e.Envelope = last.Envelope
	return e
}

// Said is a live entry of one paragraph that is added.
func Said(entry, words string) record.Live {
	return record.Live{Does: record.LiveAdds, Entry: entry, Doc: story.Doc{{ID: "b" + entry[1:], Kind: story.Paragraph, Spans: []story.Span{{Text: words}}}}}
}
