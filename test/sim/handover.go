package sim

import (
	"encoding/json"
	"fmt"
	"slices"

	"dateline/internal/newsroom"
	"dateline/internal/store"
	"dateline/internal/story"
)

// What a desk gives to another, how it ends the lines of its list, and the house's standing
// order for what was scheduled beforehand.

// handOver gives a story to another desk, which accepts it, declines it or says nothing.
func (w *world) handOver(a action) (string, error) {
	t := w.tale(a.a)
	if t == nil {
		return "nothing: there is no story", nil
	}
	to := (t.desk + 1 + int(a.b)%(len(w.desks)-1)) % len(w.desks)
	giver, m := w.who(newsroom.Editor, t.desk, 1+2*(a.c%1000))
	giver.Program = false
	key := w.newKey()
	_, err := send(w, a, func(r *newsroom.Room) (bool, error) {
		return true, r.Give(w.ctx, giver, key, t.id, w.desks[to].id)
	})
	sentence := fmt.Sprintf("%s gives %s to desk %d: %s", w.name(m), t.name, to, w.outcome("offered", err))
	if err != nil || w.crashed != nil || a.c%4 == 0 {
		return sentence, nil
	}
	offers, err := rowsOf(w, scanOffer, `SELECT id FROM offer WHERE subject = $1 AND ended_at = 0`, string(t.id))
	if err != nil || len(offers) == 0 {
		return sentence, err
	}
	receiver, m := w.who(newsroom.Editor, to, 1+2*(a.d%1000))
	receiver.Program = false
	key, answer, verb := w.newKey(), (*newsroom.Room).Accept, "accepts"
	if a.c%4 == 1 {
		answer, verb = (*newsroom.Room).Decline, "declines"
	}
	_, err = send(w, a, func(r *newsroom.Room) (bool, error) { return true, answer(r, w.ctx, receiver, key, offers[0]) })
	sentence += fmt.Sprintf("; %s %s: %s", w.name(m), verb, w.outcome("done", err))
	return sentence, w.found(t)
}

// found reads which desk has a story now: a process that died may have moved it.
func (w *world) found(t *tale) error {
	var desk string
	if err := w.rows.QueryRowContext(w.ctx, `SELECT desk FROM article WHERE id = $1`, string(t.id)).Scan(&desk); err != nil {
		return err
	}
	for i, d := range w.desks {
		if string(d.id) == desk {
			t.desk = i
		}
	}
	return nil
}

// closes ends every line that a desk holds before its rest, or one of them.
func (w *world) closes(a action) (string, error) {
	at := int(a.a) % len(w.desks)
	who, m := w.who(newsroom.Editor, at, 1+2*(a.c%1000))
	who.Program = false
	key := w.newKey()
	if t := w.tale(a.b); a.c%2 == 0 && t != nil {
		end := newsroom.LineEnd{Key: key, Desk: w.desks[t.desk].id, Subject: string(t.id), Choice: []string{newsroom.SendBefore, newsroom.HoldIt}[a.d%2]}
		who, m = w.who(newsroom.Editor, t.desk, 1+2*(a.c%1000))
		who.Program = false
		_, err := send(w, a, func(r *newsroom.Room) (bool, error) { return true, r.EndLine(w.ctx, who, end) })
		return fmt.Sprintf("%s ends the line of %s (%s): %s", w.name(m), t.name, end.Choice, w.outcome("done", err)), nil
	}
	n, err := send(w, a, func(r *newsroom.Room) (int, error) { return r.EndLines(w.ctx, who, key, w.desks[at].id) })
	return fmt.Sprintf("%s ends all lines of desk %d: %s", w.name(m), at, w.outcome(fmt.Sprint(n), err)), nil
}

// standingOrder gives the house's standing order, or ends it.
func (w *world) standingOrder(a action) (string, error) {
	wish := newsroom.RestWish{Arranged: a.a%3 > 0, Editors: a.b%2 == 0}
	key := w.newKey()
	_, err := send(w, a, func(r *newsroom.Room) (bool, error) { return true, r.SetResting(w.ctx, w.admin(), key, wish) })
	return fmt.Sprintf("the administrator says standing order %t: %s", wish.Arranged, w.outcome("done", err)), nil
}

// handed reports whether a desk accepted a subject from another.
func (w *world) handed(subject, from, to string) bool {
	ids, err := rowsOf(w, scanOffer, `SELECT id FROM offer WHERE subject = $1 AND from_desk = $2 AND to_desk = $3 AND answer = $4`, subject, from, to, store.Accepted)
	return err == nil && len(ids) > 0
}

// heard keeps the standing order that a house entry gives or ends.
func (j *judge) heard(e entry) error {
	var h struct{ Arranged bool }
	if err := json.Unmarshal(e.content, &h); err != nil {
		return err
	}
	if !h.Arranged {
		clear(j.orders)
	} else {
		j.orders[e.n] = e.at
	}
	return nil
}

// ordered reports whether the standing order that an entry names lets its act go: the order
// is older than the rest, and so are the act's filing and its slot.
func (w *world) ordered(e entry, acts []act) bool {
	var n int64
	_, _ = fmt.Sscanf(e.basis, "standing order %d", &n) // 0 for any other basis
	since, given := w.judge.orders[n]
	i := slices.IndexFunc(acts, func(a act) bool { return a.entry == e.n })
	if !given || i < 0 {
		return false
	}
	for _, s := range w.judge.rests[e.desk].spans {
		if e.at >= s.start-lead && e.at < s.end {
			return since < s.start && acts[i].slot != 0 && acts[i].queued < s.start && acts[i].what != string(story.Front)
		}
	}
	return false
}
