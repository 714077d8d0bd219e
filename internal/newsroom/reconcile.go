package newsroom

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"

	"dateline/internal/record"
	"dateline/internal/store"
	"dateline/internal/story"
)

// Who says what a house and its desks are: the configuration, or the newsroom's pages?
// Whichever changed last. A part of the configuration, the house's or one desk's, is
// applied when it is not as it was when it was last applied; otherwise what the store
// holds stands, be it from there or from the newsroom.

// Reconcile applies what changed in a configuration. Changed desks get a new entry, new
// desks are added; a change never opens a desk while it rests.
func (r *Room) Reconcile(ctx context.Context, s Setup) error {
	return r.db.Write(ctx, func(tx *store.Tx) error { return r.putAll(tx, s) })
}

// putAll applies the parts of a house that changed: all of a new one.
func (r *Room) putAll(tx *store.Tx, s Setup) error {
	rows, err := tx.Desks()
	if err != nil {
		return err
	}
	ids, was := map[string]story.DeskID{}, map[string]store.DeskRow{}
	for _, row := range rows {
		old, err := settingsOf(row.Settings)
		if err != nil {
			return err
		}
		ids[old.Slug], was[old.Slug] = row.ID, row
	}
	for _, d := range s.Desks {
		if ids[d.Slug] == "" {
			ids[d.Slug] = story.DeskID(r.newID(story.ArticleIDLength))
		}
	}
	moved, err := r.putHouse(tx, s, ids)
	if err != nil {
		return err
	}
	seat, err := r.seat(&tx.Query)
	if err != nil {
		return err
	}
	for i, d := range s.Desks {
		old, known := was[d.Slug]
		if err := r.putConfigured(tx, seat, configured{d, ids, i, moved, old, known}); err != nil {
			return err
		}
	}
	return nil
}

// configured is a desk as a configuration has it.
type configured struct {
	settings DeskSettings
	ids      map[string]story.DeskID
	position int
	moved    bool // the house's seat or its keeping changed
	old      store.DeskRow
	known    bool
}

// putConfigured applies a desk's part of a configuration, if it changed.
func (r *Room) putConfigured(tx *store.Tx, seat Seat, c configured) error {
	changed, err := partChanged(tx, "desk "+c.settings.Slug, c.settings)
	if err != nil {
		return err
	}
	s := c.settings
	s.Followers = nil
	for _, slug := range c.settings.Followers {
		s.Followers = append(s.Followers, c.ids[string(slug)])
	}
	if c.known && !changed {
		if s, err = settingsOf(c.old.Settings); err != nil {
			return err
		}
		hangs := c.moved && (s.Whose == HouseRest || s.Whose == BothRests)
		if c.old.Position == c.position && !hangs {
			return nil
		}
	}
	return r.putDesk(tx, seat, c.ids[s.Slug], c.position, s)
}

// putHouse applies the house's part of a configuration, if it changed, and reports whether
// it did.
func (r *Room) putHouse(tx *store.Tx, s Setup, ids map[string]story.DeskID) (changed bool, err error) {
	if changed, err = partChanged(tx, "house", struct {
		House record.House
		Seat  HouseSettings
	}{s.House, s.Seat}); err != nil {
		return false, err
	}
	e, found, err := tx.Newest(record.KindHouse, HouseID)
	if err != nil {
		return false, err
	}
	h, seat := s.House, Seat{s.House.Seat, s.Seat}
	if found && changed {
		before, err := record.Decode[record.House](e)
		if err != nil {
			return false, err
		}
		h.Menus, h.Look = before.Menus, before.Look // a configuration has none
	}
	if found && !changed {
		if h, err = record.Decode[record.House](e); err != nil {
			return false, err
		}
		if seat, err = r.seat(&tx.Query); err != nil {
			return false, err
		}
	}
	h.Desks = nil
	for _, d := range s.Desks {
		h.Desks = append(h.Desks, ids[d.Slug])
	}
	return changed, r.appendHouse(tx, h, seat, found && !changed, e)
}

// appendHouse keeps what the house keeps at its seat and appends its entry, unless nothing
// in it is new.
func (r *Room) appendHouse(tx *store.Tx, h record.House, seat Seat, told bool, newest record.Entry) error {
	if !told {
		if err := tx.Set(houseSetting, seat.HouseSettings); err != nil {
			return err
		}
		m, err := r.instant(tx)
		if err != nil {
			return err
		}
		if err := r.tellHouse(&h, seat, m.at); err != nil {
			return err
		}
	}
	now, err := record.Encode(h)
	if err != nil || told && string(newest.Content) == string(now) {
		return err
	}
	_, err = r.houses(tx, record.KindHouse, HouseID, h)
	return err
}

// partChanged notes what a configuration says of a part of the house, and reports whether
// it is another than when it was last applied.
func partChanged(tx *store.Tx, part string, says any) (bool, error) {
	text, err := json.Marshal(says)
	if err != nil {
		return false, fmt.Errorf("reading the configured %s: %w", part, err)
	}
	sum := sha256.Sum256(text)
	now, was := hex.EncodeToString(sum[:]), ""
	if _, err := tx.Setting("configured "+part, &was); err != nil || was == now {
		return false, err
	}
	return true, tx.Set("configured "+part, now)
}
