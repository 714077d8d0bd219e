package newsroom

import (
	"context"
	"time"

	"dateline/internal/almanac"
	"dateline/internal/record"
	"dateline/internal/store"
	"dateline/internal/story"
)

// A watch is what the newsroom last saw of a desk's calendar files.
type watch struct {
	files   string // a fingerprint; "" for none
	trouble string // why no windows could be computed of them; "" if they could
}

// saw notes what came of computing a desk's windows.
func (r *Room) saw(id story.DeskID, files string, err error) {
	w := watch{files: files}
	if err != nil {
		w.trouble = err.Error()
	}
	r.mu.Lock()
	defer r.mu.Unlock()
	r.watched[id] = w
}

func (r *Room) seen(id story.DeskID) watch {
	r.mu.Lock()
	defer r.mu.Unlock()
	return r.watched[id]
}

// renewDesks appends a new desk entry where windows run short, where newer data yields
// others, and where a calendar file was changed.
//
// Where none can be computed, a file being gone or broken, the desk's newest entry goes on
// being what the gate reads: its windows are data. The trouble is told on every screen of
// the newsroom, and past the entry's horizon the desk is closed.
func (r *Room) renewDesks(tx *store.Tx, now time.Time) error {
	rows, err := tx.Desks()
	if err != nil || len(rows) == 0 {
		return err
	}
	seat, err := r.seat(&tx.Query)
	if err != nil {
		return err
	}
	for _, row := range rows {
		if err := r.renewDesk(tx, seat, row, now); err != nil {
			return err
		}
	}
	return r.renewHouse(tx, seat, now)
}

func (r *Room) renewDesk(tx *store.Tx, seat Seat, row store.DeskRow, now time.Time) error {
	before, _, err := deskEntry(&tx.Query, row.ID)
	if err != nil || before == nil {
		return err
	}
	s, err := settingsOf(row.Settings)
	if err != nil {
		return err
	}
	files := r.look(seat, s)
	if !r.due(*before, now) && files == r.seen(row.ID).files || r.older(*before) {
		return nil
	}
	content, err := r.deskContent(seat, s, before, now)
	r.saw(row.ID, files, err)
	if err != nil {
		r.log.Warn("a desk’s rests cannot be computed; its newest entry stands", "desk", s.Slug, "error", err)
		return nil
	}
	if before.Horizon.Sub(now) >= renewUnder && sameWindows(*before, content, now) {
		return nil
	}
	return r.appendDesk(tx, row, content, now)
}

// older reports whether this binary's data are older than an entry's, which they never replace.
func (r *Room) older(before record.Desk) bool {
	return before.ZoneData > r.zones.Version() || before.Almanac > almanac.Version
}

// due reports whether an entry runs short, or was made with other data.
func (r *Room) due(before record.Desk, now time.Time) bool {
	return before.Horizon.Sub(now) < renewUnder || before.ZoneData != r.zones.Version() || before.Almanac != almanac.Version
}

// renewHouse appends a new house entry where its Hebrew days run short.
func (r *Room) renewHouse(tx *store.Tx, seat Seat, now time.Time) error {
	e, found, err := tx.Newest(record.KindHouse, HouseID)
	if err != nil || !found {
		return err
	}
	h, err := record.Decode[record.House](e)
	if err != nil || !h.HebrewDate {
		return err
	}
	if n := len(h.HebrewDays); n > 0 && h.HebrewDays[n-1].Sunset.Sub(now) >= renewUnder {
		return nil
	}
	if err := r.tellHouse(&h, seat, now); err != nil {
		r.log.Warn("the Hebrew date of the house cannot be computed", "error", err)
		return nil
	}
	_, err = r.houses(tx, record.KindHouse, HouseID, h)
	return err
}

// tellHouse puts into a house's entry what follows of its seat: what is kept there in
// words, and its Hebrew days to the horizon, where it shows the Hebrew date.
func (r *Room) tellHouse(h *record.House, seat Seat, now time.Time) error {
	if _, err := r.kept(seat.Keeping, seat.City, seat.Place); err != nil {
		return story.Refuse(story.Invalid, "The house’s seat: %s.", err)
	}
	h.Observance, h.HebrewDays = r.keepingWords(seat.Keeping, seat.City, seat.Place), nil
	if !h.HebrewDate {
		return nil
	}
	where, err := r.almanacPlace(seat.Place)
	if err != nil {
		return err
	}
	days, err := almanac.HebrewDays(where, now.Add(-windowsBack), now.Add(windowsAhead))
	if err != nil {
		return story.Refuse(story.Invalid, "The house’s seat: %s.", err)
	}
	for _, d := range days {
		h.HebrewDays = append(h.HebrewDays, record.HebrewDay{Sunset: d.Sunset, Year: d.Year, Month: d.Month, Day: d.Day})
	}
	return nil
}

// CheckSetup lists why the rests of a house and its desks could not be computed now.
func (r *Room) CheckSetup(s Setup, now time.Time) (troubles []error) {
	seat := Seat{s.House.Seat, s.Seat}
	if err := r.tellHouse(&record.House{HebrewDate: s.House.HebrewDate}, seat, now); err != nil {
		troubles = append(troubles, err)
	}
	for _, d := range s.Desks {
		err := d.check()
		if err == nil {
			_, err = r.rests(seat, d, now)
		}
		if err != nil {
			troubles = append(troubles, err)
		}
	}
	return troubles
}

// CheckRests lists why the rests of a store's desks could not be computed now.
func (r *Room) CheckRests(ctx context.Context, q *store.Query, now time.Time) (troubles []error, err error) {
	rows, err := q.Desks()
	if err != nil || len(rows) == 0 {
		return nil, err
	}
	seat, err := r.seat(q)
	if err != nil {
		return nil, err
	}
	for _, row := range rows {
		s, err := settingsOf(row.Settings)
		if err == nil {
			_, err = r.rests(seat, s, now)
		}
		if err != nil {
			troubles = append(troubles, err)
		}
	}
	return troubles, ctx.Err()
}
