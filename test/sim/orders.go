package sim

import (
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"dateline/internal/newsroom"
	"dateline/internal/record"
	"dateline/internal/store"
	"dateline/internal/story"
)

// What takes two people: an exception from a rest, and an erasure.

// exception lets a desk that rests speak of one story, and files under it.
func (w *world) exception(a action) (string, error) {
	t := w.resting(a.a)
	if t == nil {
		return "nothing: no desk with a story rests", nil
	}
	asker, m := w.who(newsroom.Editor, t.desk, 1+2*(a.c%1000))
	second, _ := w.who(newsroom.Standards, (t.desk+int(a.b%2))%len(w.desks), 1+2*(a.d%1000))
	asker.Program, second.Program = false, false
	minutes := 5 + int(a.b%56)
	wish := newsroom.GrantWish{Key: w.newKey(), Article: t.id, Minutes: minutes, Reason: w.canary("zp"), Wording: "Granted " + w.canary("zq")}
	asked, err := send(w, a, func(r *newsroom.Room) (int64, error) { return r.AskGrant(w.ctx, asker, wish) })
	sentence := fmt.Sprintf("%s asks for an exception of %d minutes for %s: %s", w.name(m), minutes, t.name, w.outcome("asked", err))
	if err != nil {
		return sentence, nil
	}
	key := w.newKey()
	n, err := send(w, a, func(r *newsroom.Room) (int64, error) { return r.ConfirmGrant(w.ctx, second, key, asked) })
	sentence += "; a second person grants it: " + w.outcome(fmt.Sprint("entry ", n), err)
	if err != nil || w.crashed != nil {
		return sentence, nil
	}
	f := newsroom.Filing{Key: w.newKey(), Article: t.id, What: w.wish(t, a.b|1), NoUndo: true, Base: -1}
	if a.c%3 == 0 && f.What.Class() == story.Speaks { // within the exception, or after it
		zone := w.desks[t.desk].zone
		f.Slot = w.clock.wall().Add(time.Duration(a.c%90)*time.Minute).In(zone).Format("2006-01-02 15:04 ") + zone.String()
	}
	if f.What == story.Correct {
		f.Detail.Correction = &record.Correction{Severity: "correction", Note: "Note " + t.word(w, "zq")}
	}
	chief, _ := w.who(newsroom.Chief, t.desk, 1)
	chief.Program = false
	filed, err := send(w, a, func(r *newsroom.Room) (newsroom.Filed, error) { return r.File(w.ctx, chief, f) })
	if err == nil {
		w.told.acts = append(w.told.acts, filed.Act)
	}
	return fmt.Sprintf("%s; the chief files to %s %s: %s", sentence, f.What, f.Slot, w.outcome(filedWords(filed), err)), nil
}

// resting is a story of a desk that rests now.
func (w *world) resting(draw uint32) *tale {
	var all []*tale
	for _, t := range w.tales {
		if w.judge.rests[string(w.desks[t.desk].id)].shut(w.clock.wall().UnixMicro()) != 0 {
			all = append(all, t)
		}
	}
	if len(all) == 0 {
		return nil
	}
	return pick(all, draw)
}

// erase destroys a story by an order.
func (w *world) erase(a action) (string, error) {
	t := w.tale(a.a)
	if t == nil {
		return noStory, nil
	}
	wish := newsroom.ErasureWish{Key: w.newKey(), Article: t.id, Wording: "By order " + w.canary("zq"), Ordered: "2009-12-01"}
	asked, err := send(w, a, func(r *newsroom.Room) (int64, error) { return r.AskErase(w.ctx, w.admin(), wish) })
	sentence := fmt.Sprintf("The administrator asks to erase %s: %s", t.name, w.outcome("asked", err))
	if err != nil {
		return sentence, nil
	}
	second, m := w.who(newsroom.Standards, t.desk, 1)
	second.Program = false
	key := w.newKey()
	filed, err := send(w, a, func(r *newsroom.Room) (newsroom.Filed, error) { return r.ConfirmErase(w.ctx, second, key, asked) })
	if err == nil {
		w.told.acts = append(w.told.acts, filed.Act)
	}
	return fmt.Sprintf("%s; %s confirms it: %s", sentence, w.name(m), w.outcome(filedWords(filed), err)), nil
}

// erased reports whether a story was, by the record.
func (w *world) erased(t *tale) bool { return w.judge.standing[string(t.id)] == "erased" }

// destroyed wants no byte to be left of an erased story in any file of the house.
func (w *world) destroyed() error {
	var words []string
	for _, t := range w.tales {
		if w.erased(t) {
			words = append(words, t.words...)
		}
	}
	if len(words) == 0 {
		return nil
	}
	if err := w.rooms[0].Clear(w.ctx); err != nil {
		w.breaks("erase", "clearing the files: %v", err)
		return nil
	}
	var left []string
	if err := w.db.Read(w.ctx, func(q *store.Query) (err error) {
		left, err = newsroom.LeftToClear(q)
		return err
	}); err != nil {
		return err
	}
	if len(left) > 0 {
		w.breaks("erase", "it is left to do: %v", left)
	}
	return filepath.WalkDir(w.live, func(path string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() || strings.HasSuffix(path, "-shm") {
			return err
		}
		raw, err := os.ReadFile(path)
		for _, c := range canariesIn(string(raw)) {
			if slices.Contains(words, c) {
				w.breaks("erase", "%s still holds %s", d.Name(), c)
			}
		}
		return err
	})
}
