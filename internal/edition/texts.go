package edition

import (
	"encoding/json"
	"fmt"
	"sync"

	"dateline/internal/record"
)

// textsLimit is how many bytes of texts are kept decoded, as they are encoded.
const textsLimit = 16 << 20

// texts are contents of article entries that were decoded: pages are made again whenever
// something on them changes, and most of them is what it was. An entry's content is the same
// for as long as it is there. What is in one that is kept is shared: nobody changes it.
type texts struct {
	mu    sync.Mutex
	bytes int                        // guarded by mu
	kept  map[textKey]record.Article // guarded by mu
	times int                        // guarded by mu; how often all were forgotten
}

// A textKey is an article entry, or the card of its text.
type textKey struct {
	n    int64
	card bool
}

func (t *texts) get(k textKey) (record.Article, bool) {
	t.mu.Lock()
	defer t.mu.Unlock()
	c, ok := t.kept[k]
	return c, ok
}

// put keeps a content that was read from a state of the edition since all were forgotten so
// many times.
func (t *texts) put(k textKey, c record.Article, bytes, since int) {
	t.mu.Lock()
	defer t.mu.Unlock()
	if bytes > textsLimit/8 || since != t.times {
		return
	}
	if t.kept == nil || t.bytes+bytes > textsLimit {
		t.kept, t.bytes = map[textKey]record.Article{}, 0
	}
	if _, there := t.kept[k]; !there {
		t.bytes += bytes
	}
	t.kept[k] = c
}

// forget lets go of all, so that no word that was taken back stays.
func (t *texts) forget() {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.kept, t.bytes = nil, 0
	t.times++
}

func (t *texts) forgotten() int {
	t.mu.Lock()
	defer t.mu.Unlock()
	return t.times
}

// decode is the content of an article entry, or of the card of its text.
func (v *View) decode(k textKey, content []byte) (c record.Article, err error) {
	if c, ok := v.edition.texts.get(k); ok {
		return c, nil
	}
	if err := json.Unmarshal(content, &c); err != nil {
		return c, fmt.Errorf("the text of entry %d: %w", k.n, err)
	}
	v.edition.texts.put(k, c, len(content), v.since)
	return c, nil
}

const textOf = `SELECT content FROM entry WHERE n = $1`

// whole is the text of an article with its body; ok is false where its words are gone.
func (v *View) whole(r row) (c record.Article, ok bool, err error) {
	k := textKey{n: r.text}
	if r.text == 0 {
		return c, false, nil
	}
	if c, ok := v.edition.texts.get(k); ok {
		return c, true, nil
	}
	var content []byte
	if _, err := v.one(textOf, []any{r.text}, &content); err != nil || content == nil {
		return c, false, err
	}
	c, err = v.decode(k, content)
	return c, err == nil, err
}
