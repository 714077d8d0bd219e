package desk

import (
	"cmp"
	"slices"
	"sync"
	"time"

	"dateline/internal/story"
)

// lingers is how long somebody is still said to have a story open whose last stream ended:
// longer than a page takes to load anew, or to return to its stream.
const lingers = 15 * time.Second

// presence is who has which story open, in this process. A stream of the story's page is
// the sign of life: it ends after streamLasts, and a page that is there returns.
type presence struct {
	now   func() time.Time
	moved func(story.ArticleID) // who has a story open changed

	mu    sync.Mutex
	seats map[seatKey]*seat // guarded by mu
}

type seatKey struct {
	story  story.ArticleID
	member int64
}

// A seat is somebody at a story, in however many tabs.
type seat struct {
	name    string
	since   time.Time
	streams int
	turn    int // counts the streams that ever were: which end was the last
}

// enter has somebody be at a story until they call leave, and for a while after it.
func (p *presence) enter(id story.ArticleID, member int64, name string) (leave func()) {
	key := seatKey{id, member}
	p.mu.Lock()
	s, there := p.seats[key]
	if !there {
		s = &seat{name: name, since: p.now()}
		p.seats[key] = s
	}
	s.streams++
	s.turn++
	p.mu.Unlock()
	if !there {
		p.moved(id)
	}
	return func() { p.leave(key) }
}

func (p *presence) leave(key seatKey) {
	p.mu.Lock()
	defer p.mu.Unlock()
	s := p.seats[key]
	if s.streams--; s.streams > 0 {
		return
	}
	turn := s.turn
	time.AfterFunc(lingers, func() {
		p.mu.Lock()
		gone := p.seats[key] == s && s.streams == 0 && s.turn == turn
		if gone {
			delete(p.seats, key)
		}
		p.mu.Unlock()
		if gone {
			p.moved(key.story)
		}
	})
}

// at lists the others who have a story open, who came first first.
func (p *presence) at(id story.ArticleID, but int64) (all []seat) {
	p.mu.Lock()
	defer p.mu.Unlock()
	for key, s := range p.seats {
		if key.story == id && key.member != but {
			all = append(all, *s)
		}
	}
	slices.SortFunc(all, func(a, b seat) int { return cmp.Or(a.since.Compare(b.since), cmp.Compare(a.name, b.name)) })
	return all
}
