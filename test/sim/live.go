package sim

import (
	"encoding/json"
	"fmt"

	"dateline/internal/newsroom"
	"dateline/internal/story"
)

// livePage is a tale that is a live page; nil where there is none yet.
func (w *world) livePage(draw uint32) *tale {
	var pages []*tale
	for _, t := range w.tales {
		if t.live {
			pages = append(pages, t)
		}
	}
	if len(pages) == 0 || draw%16 == 0 {
		return nil
	}
	return pages[len(pages)-1-int(draw/16)%min(2, len(pages))]
}

// beginLive begins a story that will be a live page.
func (w *world) beginLive(a action) (string, error) {
	at := int(a.b) % len(w.desks)
	t := &tale{name: fmt.Sprint("live page ", len(w.tales)+1), desk: at, parts: map[string]int{}, live: true}
	text := story.Text{Type: story.Live, Lang: pick([]string{"en", "he"}, a.c), Section: "city", Slug: t.word(w, "zq"), Headline: "Live " + t.word(w, "zq")}
	parts, err := story.Parts(text)
	if err != nil {
		return "", err
	}
	who, m := w.who(newsroom.Chief, at, 1)
	who.Program = false
	key := w.newKey()
	id, err := send(w, a, func(r *newsroom.Room) (story.ArticleID, error) {
		return r.Start(w.ctx, who, newsroom.Beginning{Key: key, Desk: w.desks[at].id, Text: &text})
	})
	if err == nil {
		t.id = id
		for p := range parts {
			t.parts[p] = 1
		}
		w.tales = append(w.tales, t)
	}
	return fmt.Sprintf("%s begins %s: %s", w.name(m), t.name, w.outcome(string(id), err)), nil
}

// liveVerb does one thing to a live page: publishes it, opens it, adds to it, edits, takes
// down, closes, reopens. Mostly it is one that the page's state allows.
func (w *world) liveVerb(a action) (string, error) {
	t := w.livePage(a.a)
	if t == nil {
		return w.beginLive(a)
	}
	at := t.desk
	if a.b%3 == 0 {
		at = int(a.b/3) % len(w.desks) // another desk of the page
	}
	who, m := w.who(pick([]newsroom.Role{newsroom.Editor, newsroom.Chief}, a.b), at, a.c/64)
	if w.judge.standing[string(t.id)] == "" {
		f := newsroom.Filing{Key: w.newKey(), Article: t.id, What: story.Publish, NoUndo: true, Base: -1}
		filed, err := send(w, a, func(r *newsroom.Room) (newsroom.Filed, error) { return r.File(w.ctx, who, f) })
		if err == nil {
			w.told.acts = append(w.told.acts, filed.Act)
		}
		return fmt.Sprintf("%s publishes %s: %s", w.name(m), t.name, w.outcome(filedWords(filed), err)), nil
	}
	wish := newsroom.LiveWish{Key: w.newKey(), Page: t.id, What: w.liveWish(t, a.c), Desk: w.desks[at].id, Base: -1, NoUndo: a.c%4 != 0, Summary: "Ends " + t.word(w, "zq")}
	wish.Words = newsroom.LiveWords{Headline: "Entry " + t.word(w, "zq"), Doc: story.ParseDoc("Says " + t.word(w, "zq")), Key: a.a%5 == 0, Pinned: a.a%7 == 0}
	if a.b%4 == 0 {
		wish.Words.By = "By " + pick([]string{"zqanna", "zqben"}, a.c)
	}
	for _, d := range w.desks {
		wish.Desks = append(wish.Desks, d.id)
	}
	if len(t.entries) > 0 {
		wish.Entry = pick(t.entries, a.d)
	}
	filed, err := send(w, a, func(r *newsroom.Room) (newsroom.LiveFiled, error) { return r.Live(w.ctx, who, wish) })
	if err == nil {
		w.told.acts = append(w.told.acts, filed.Act)
		w.allowed(string(wish.What), m, at)
		if wish.What == story.AddLive {
			t.entries = append(t.entries, filed.Part)
		}
		if wish.What.Class() == story.Silences && filed.State != story.Posted {
			w.breaks("silences are never held", "%s of %s is %s", wish.What, t.name, filed.State)
		}
	}
	return fmt.Sprintf("%s files to %s of %s for %s: %s", w.name(m), wish.What, t.name, w.desks[at].slug, w.outcome(filedWords(filed.Filed), err)), nil
}

// liveWish is what somebody would want of a live page as it is, and now and then what nobody should.
func (w *world) liveWish(t *tale, draw uint32) story.What {
	if draw%12 == 0 {
		return pick(story.LiveWishes, draw/12)
	}
	switch w.judge.live[string(t.id)] {
	case "":
		return story.OpenLive
	case "close":
		return pick([]story.What{story.ReopenLive, story.ReopenLive, story.EditLive, story.RemoveLive}, draw/12)
	}
	return pick([]story.What{story.AddLive, story.AddLive, story.AddLive, story.AddLive, story.EditLive, story.EditLive, story.RemoveLive, story.CloseLive}, draw/12)
}

// checkLive wants a live entry to be of the class of what it does, on a page that takes it, and
// free; and keeps whether the page is open.
func (w *world) checkLive(e entry) string {
	var c struct{ Does, Entry string }
	if err := json.Unmarshal(e.content, &c); err != nil {
		w.breaks("STATES", "entry %d cannot be read: %v", e.n, err)
		return ""
	}
	j := &w.judge
	state := j.live[e.subject] // what last opened or closed the page
	open := state == "open" || state == "reopen"
	fits := map[string]bool{"open": state == "", "reopen": state == "close", "close": open, "add": open && e.prior == 0, "edit": state != "" && e.prior != 0, "remove": e.prior != 0}
	if !fits[c.Does] || c.Entry != e.part || (c.Does == "remove") != (e.class == "silences") {
		w.breaks("STATES", "entry %d, of class %s, says %s on a live page that is %q, after entry %d", e.n, e.class, c.Does, state, e.prior)
	}
	if em := w.was.articles[e.subject].embargo; e.class == "speaks" && em.set && (em.until == 0 || e.at < em.until) {
		w.breaks("embargo", "entry %d is public at %s, under an embargo until %s", e.n, instant(e.at), instant(em.until))
	}
	if c.Entry == "" {
		j.live[e.subject] = c.Does
	}
	if c.Does == "remove" {
		return "removal"
	}
	return "live"
}
