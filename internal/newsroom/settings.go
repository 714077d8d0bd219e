package newsroom

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"time"

	"dateline/internal/almanac"
	"dateline/internal/record"
	"dateline/internal/store"
	"dateline/internal/story"
)

// Settings are what a chief says of a desk's rest, and an administrator of the house's.

// Observances lists what a desk may keep.
func Observances() []almanac.Observance { return almanac.Observances() }

// ZoneOf is a zone by its IANA name.
func (r *Room) ZoneOf(name string) (*time.Location, error) { return r.zones.Load(name) }

// A Preview is what settings would make of a desk, before they are kept.
type Preview struct {
	Words record.Words // what readers would be told that it keeps
	Rests []Shift      // the next ten, and what they replace
	// Until is when the new settings alone hold, where a rest of now goes on first: a
	// change never opens a desk that rests.
	Until time.Time
}

// A Shift is a rest as it would be, beside what it is now.
type Shift struct {
	Now, Then almanac.Window // zero for none: a rest that is new, or one that goes
}

// Same reports whether nothing changes.
func (s Shift) Same() bool { return s.Now.Start.Equal(s.Then.Start) && s.Now.End.Equal(s.Then.End) }

// nextRests is how many rests a preview shows.
const nextRests = 10

// PreviewDesk computes what settings would make of a desk now.
func (r *Room) PreviewDesk(ctx context.Context, who Who, id story.DeskID, s DeskSettings) (p Preview, err error) {
	err = r.db.Read(ctx, func(q *store.Query) error {
		who, err := r.refresh(q, who)
		if err != nil {
			return err
		}
		if err := who.must("change settings", id); err != nil {
			return err
		}
		before, _, err := deskEntry(q, id)
		if err != nil || before == nil {
			return joinUnknown(err, "There is no such desk.")
		}
		seat, err := r.seat(q)
		if err != nil {
			return err
		}
		p, err = r.preview(seat, s, *before, r.db.Now())
		return err
	})
	return p, err
}

func (r *Room) preview(seat Seat, s DeskSettings, before record.Desk, now time.Time) (p Preview, err error) {
	if err := s.check(); err != nil {
		return p, err
	}
	content, err := r.deskContent(seat, s, &before, now)
	if err != nil {
		return p, err
	}
	p.Words = content.Observance
	was, will := fromRecord(before.Windows), fromRecord(content.Windows)
	p.Rests = shifts(was, will, before.Horizon, now)
	if alone, err := r.rests(seat, s, now); err != nil {
		return p, err
	} else if w, resting := almanac.At(was, now); resting {
		if v, still := almanac.At(alone, now); !still || v.End.Before(w.End) {
			if u, ok := almanac.At(will, now); ok {
				p.Until = u.End
			}
		}
	}
	return p, nil
}

// PreviewHouse computes what an administrator's wish would make of the seat's rests.
func (r *Room) PreviewHouse(ctx context.Context, who Who, wish HouseWish) (p Preview, err error) {
	err = r.db.Read(ctx, func(q *store.Query) error {
		who, err := r.refresh(q, who)
		if err != nil {
			return err
		}
		if !who.Admin {
			return story.Refuse(story.Forbidden, "An administrator says what the house keeps.")
		}
		old, err := r.seat(q)
		if err != nil {
			return err
		}
		now := r.db.Now()
		// Where those of now cannot be computed, all are new.
		was, _ := r.rests(old, DeskSettings{Whose: HouseRest}, now)
		s := DeskSettings{Slug: "house", Names: wish.Place.City, Place: wish.Place, Whose: HouseRest}
		p, err = r.preview(Seat{wish.Place, wish.Seat}, s, record.Desk{Windows: toRecord(was), Horizon: now.Add(windowsAhead)}, now)
		return err
	})
	return p, err
}

// shifts pairs the next rests with those of now that they overlap. Past where those of now
// reach, what is new cannot be told from what is not.
func shifts(was, will []almanac.Window, reach, now time.Time) (all []Shift) {
	over := func(w almanac.Window) bool { return !w.End.After(now) }
	was, will = slices.DeleteFunc(slices.Clone(was), over), slices.DeleteFunc(slices.Clone(will), over)
	paired := false // was[0] has been shown beside a rest already
	for shown := 0; shown < nextRests && len(will) > 0 || len(will) == 0 && len(was) > 0 && len(all) < nextRests; {
		if len(will) == 0 || len(was) > 0 && !was[0].End.After(will[0].Start) {
			if !paired {
				all = append(all, Shift{Now: was[0]})
			}
			was, paired = was[1:], false
			continue
		}
		s := Shift{Then: will[0]}
		switch {
		case len(was) > 0 && was[0].Start.Before(s.Then.End):
			s.Now, paired = was[0], true
			for len(was) > 0 && !was[0].End.After(s.Then.End) {
				was, paired = was[1:], false
			}
		case !s.Then.Start.Before(reach):
			s.Now = s.Then
		}
		all, will, shown = append(all, s), will[1:], shown+1
	}
	return all
}

// SetDesk keeps what a desk's chief says of its rest, and appends its entry. Its slug,
// names, followers and notice stay as they are.
func (r *Room) SetDesk(ctx context.Context, who Who, key string, id story.DeskID, s DeskSettings) (n int64, err error) {
	asked := struct {
		Desk     story.DeskID
		Settings DeskSettings
	}{id, s}
	return do(ctx, r, who, "settings", key, asked, func(tx *store.Tx, who Who) (int64, error) {
		if err := who.must("change settings", id); err != nil {
			return 0, err
		}
		row, old, err := deskRow(&tx.Query, id)
		if err != nil {
			return 0, err
		}
		seat, err := r.seat(&tx.Query)
		if err != nil {
			return 0, err
		}
		s.Slug, s.Names, s.Followers, s.Notice = old.Slug, old.Names, old.Followers, old.Notice
		if err := r.putDesk(tx, seat, id, row.Position, s); err != nil {
			return 0, err
		}
		_, n, err := deskEntry(&tx.Query, id)
		if err != nil {
			return 0, err
		}
		return n, tx.Note(store.Audit{Member: who.Member, Verb: "settings", Desk: id, Subject: string(id), Detail: brief(s), Entry: n})
	})
}

// brief tells the audit what was said.
func brief(s DeskSettings) string {
	return fmt.Sprintf("%s (%.4f, %.4f, %s, Israel %t); keeps %s; lighting %q, nightfall %q, margin %q, sunless %q; whose %q", s.Place.City.In("en"), s.Place.Lat, s.Place.Lon,
		s.Place.Zone, s.Place.Israel, strings.Join(s.Lines(), ", "), s.Lighting, s.Nightfall, s.Margin, s.Sunless, s.Whose)
}

func deskRow(q *store.Query, id story.DeskID) (row store.DeskRow, s DeskSettings, err error) {
	rows, err := q.Desks()
	if err != nil {
		return row, s, err
	}
	i := slices.IndexFunc(rows, func(row store.DeskRow) bool { return row.ID == id })
	if i < 0 {
		return row, s, story.Refuse(story.Unknown, "There is no such desk.")
	}
	s, err = settingsOf(rows[i].Settings)
	return rows[i], s, err
}

// SeatOf is what the house keeps at its seat.
func (r *Room) SeatOf(ctx context.Context) (s Seat, err error) {
	err = r.db.Read(ctx, func(q *store.Query) error {
		s, err = r.seat(q)
		return err
	})
	return s, err
}

// A HouseWish is what an administrator says of the house's seat.
type HouseWish struct {
	Seat       HouseSettings
	Place      record.Place
	HebrewDate bool
}

// SetHouse keeps what the house keeps at its seat, and appends its entry and those of the
// desks whose rest hangs on it.
func (r *Room) SetHouse(ctx context.Context, who Who, key string, wish HouseWish) error {
	_, err := do(ctx, r, who, "house settings", key, wish, func(tx *store.Tx, who Who) (bool, error) {
		if !who.Admin {
			return false, story.Refuse(story.Forbidden, "An administrator says what the house keeps.")
		}
		e, found, err := tx.Newest(record.KindHouse, HouseID)
		if err != nil || !found {
			return false, joinUnknown(err, "There is no house here yet.")
		}
		h, err := record.Decode[record.House](e)
		if err != nil {
			return false, err
		}
		h.Seat, h.HebrewDate = wish.Place, wish.HebrewDate
		seat := Seat{wish.Place, wish.Seat}
		if err := r.appendHouse(tx, h, seat, false, e); err != nil {
			return false, err
		}
		if err := r.followSeat(tx, seat); err != nil {
			return false, err
		}
		return true, tx.Note(store.Audit{Member: who.Member, Verb: "house settings", Subject: HouseID, Detail: brief(DeskSettings{Place: wish.Place, Keeping: wish.Seat.Keeping})})
	})
	return err
}

// followSeat makes the seat's rest that of the desks which keep it.
func (r *Room) followSeat(tx *store.Tx, seat Seat) error {
	rows, err := tx.Desks()
	if err != nil {
		return err
	}
	for _, row := range rows {
		s, err := settingsOf(row.Settings)
		if err != nil {
			return err
		}
		if s.Whose != BothRests && s.Whose != HouseRest {
			continue
		}
		if err := r.putDesk(tx, seat, row.ID, row.Position, s); err != nil {
			return err
		}
	}
	return nil
}
