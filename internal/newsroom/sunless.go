package newsroom

import (
	"context"
	"fmt"
	"slices"
	"time"

	"dateline/internal/almanac"
	"dateline/internal/store"
	"dateline/internal/story"
)

// What a desk's chief was told once about days without a sun is kept under this name.
const toldSunless = "told sunless "

// Sunless lists the desks in whose windows a rule for days without a sun stands, and whose
// chief was not told of it yet.
func (r *Room) Sunless(ctx context.Context, h HouseView) (desks []DeskView, err error) {
	err = r.db.Read(ctx, func(q *store.Query) error {
		for _, d := range h.Desks {
			told := ""
			if _, ok := d.Fallback(h.Now); !ok {
				continue
			}
			if _, err := q.Setting(toldSunless+string(d.ID), &told); err != nil {
				return err
			}
			if told != sunlessOf(d.Settings) {
				desks = append(desks, d)
			}
		}
		return nil
	})
	return desks, err
}

// sunlessOf is what a warning was about: another place or rule is worth another one.
func sunlessOf(s DeskSettings) string {
	return fmt.Sprintf("%.2f %.2f %s %s", s.Place.Lat, s.Place.Lon, s.Sunless, s.Whose)
}

// Fallback is the next rest of a desk that is kept by a rule for days without a sun.
func (d DeskView) Fallback(now time.Time) (w almanac.Window, ok bool) {
	i := slices.IndexFunc(d.Hours.Windows, func(w almanac.Window) bool { return w.Fallback != "" && w.End.After(now) })
	if i < 0 {
		return w, false
	}
	return d.Hours.Windows[i], true
}

// ToldSunless notes that a desk's chief has read the warning.
func (r *Room) ToldSunless(ctx context.Context, who Who, key string, id story.DeskID) error {
	_, err := do(ctx, r, who, "told sunless", key, id, func(tx *store.Tx, who Who) (bool, error) {
		if err := who.must("change settings", id); err != nil {
			return false, err
		}
		_, s, err := deskRow(&tx.Query, id)
		if err != nil {
			return false, err
		}
		if err := tx.Set(toldSunless+string(id), sunlessOf(s)); err != nil {
			return false, err
		}
		return true, tx.Note(store.Audit{Member: who.Member, Verb: "told sunless", Desk: id, Subject: string(id)})
	})
	return err
}
