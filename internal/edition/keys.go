package edition

import (
	"maps"
	"slices"

	"dateline/internal/record"
	"dateline/internal/story"
)

// A Key names something of the edition that a page can show and an entry can change. Every
// question to a View notes the keys of what its answer shows, so that a page need not know
// what it depends on; every entry that is applied touches the keys of what it changes. Keys
// hold no space: they stand in Surrogate-Key headers as they are.
type Key string

// Everything is touched by what changes more than can be named: a kill or an erasure, and
// an entry of a kind that has no rule in touchedBy.
const Everything Key = "everything"

// What there is one of.
const (
	houseKey Key = "house"
	desksKey Key = "desks" // any desk
	dutyKey  Key = "duty"
	headKey  Key = "head" // the newest entry, whatever it is
)

func articleKey(id string) Key { return Key("a-" + id) }
func frontKey(lang string) Key { return Key("front-" + lang) }
func personKey(id string) Key  { return Key("person-" + id) }
func pictureKey(id string) Key { return Key("picture-" + id) }
func fixesKey(lang string) Key { return Key("corrections-" + lang) }

// Lists change at their top whenever something is posted, and below it only when an article
// that was there already enters, leaves or moves: parts of a list have a key of their own.
const below = "-below"

func latestKey(lang string) Key           { return Key("latest-" + lang) }
func sectionKey(lang, section string) Key { return Key("section-" + lang + "-" + section) }
func deskKey(lang, desk string) Key       { return Key("desk-" + lang + "-" + desk) }

// of is the key of the part of a list that a page asks for.
func (p Page) of(list Key) Key {
	if p.Before == 0 {
		return list
	}
	return list + below
}

// shows notes that an answer shows what keys name.
func (v *View) shows(keys ...Key) {
	if v.shown == nil {
		v.shown = map[Key]struct{}{}
	}
	for _, k := range keys {
		v.shown[k] = struct{}{}
	}
}

// Shown lists the keys of all that was read in this view, in order.
func (v *View) Shown() []Key { return slices.Sorted(maps.Keys(v.shown)) }

// touches notes that this transaction changes what keys name.
func (a *applying) touches(keys ...Key) {
	for _, k := range keys {
		a.touched[k] = struct{}{}
	}
}

// touchedBy notes what an entry changes by its kind. What an article's entries change in
// lists is noted where its row changes (moves).
func (a *applying) touchedBy(e record.Entry) {
	a.touches(headKey)
	if !e.Readable() {
		a.touches(Everything) // words that were taken back before they came here
		return
	}
	switch e.Kind {
	case record.KindArticle, record.KindWithdraw, record.KindLive:
		a.touches(articleKey(e.Subject))
	case record.KindPackage, record.KindPage, record.KindRelation: // by what leads to them (touchesPiece)
	case record.KindMoved:
		a.touches(movedKey)
	case record.KindHouse:
		a.touches(houseKey)
	case record.KindDesk:
		a.touches(desksKey)
	case record.KindDuty:
		a.touches(dutyKey)
	case record.KindFront:
		a.touches(frontKey(e.Subject))
	case record.KindPerson:
		a.touches(personKey(e.Subject))
	case record.KindPicture:
		a.touches(pictureKey(e.Subject))
	default: // among them a volume, which every page names
		a.touches(Everything)
	}
}

// place is where lists have an article.
type place struct{ lang, section, desk string }

// place is that of a row; listed is false where no list has it.
func (r row) place() (p place, listed bool) {
	return place{r.lang, r.section, r.desk}, r.standing == story.Public && !r.archived && r.first != 0
}

// moves notes the lists that a changed row enters, leaves or changes. What a list shows of
// an article that stays where it is goes by the article's own key.
func (a *applying) moves(before, after row) {
	was, listed := before.place()
	is, lists := after.place()
	if listed == lists && was == is {
		return
	}
	known := before.first != 0 // its place may be below the top of a list
	for _, p := range []place{was, is} {
		for _, list := range []Key{latestKey(p.lang), sectionKey(p.lang, p.section), deskKey(p.lang, p.desk)} {
			a.touches(list)
			if known {
				a.touches(list + below)
			}
		}
	}
}

// OnChange has fn called with the keys that a transaction changed, after it is there to be
// read and before anybody is told that it is (WaitFor, Wake). fn is not to wait for a reader.
func (e *Edition) OnChange(fn func([]Key)) {
	e.mu.Lock()
	defer e.mu.Unlock()
	e.changes = append(e.changes, fn)
}

// changed tells what a transaction changed.
func (e *Edition) changed(touched map[Key]struct{}) {
	e.mu.Lock()
	tell := slices.Clone(e.changes)
	e.mu.Unlock()
	keys := slices.Sorted(maps.Keys(touched))
	for _, fn := range tell {
		fn(keys)
	}
}
