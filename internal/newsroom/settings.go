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
// names and followers stay as they are.
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
		s.Slug, s.Names, s.Followers = old.Slug, old.Names, old.Followers
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

// A Calendar is a calendar file with who keeps it.
type Calendar struct {
	Name string
	By   []string // desks by name, "the house"
}

// CalendarsKept lists the calendar files and who keeps each.
func (r *Room) CalendarsKept(ctx context.Context) (all []Calendar, err error) {
	names, err := r.Calendars()
	if err != nil {
		return nil, err
	}
	err = r.db.Read(ctx, func(q *store.Query) error {
		for _, name := range names {
			keepers, err := r.keepers(q, name)
			if err != nil {
				return err
			}
			c := Calendar{Name: name}
			for _, k := range keepers {
				c.By = append(c.By, k.name)
			}
			all = append(all, c)
		}
		return nil
	})
	return all, err
}

// A keeper keeps a calendar file: a desk, or with no id the house.
type keeper struct {
	desk story.DeskID
	name string
}

func (r *Room) keepers(q *store.Query, file string) (all []keeper, err error) {
	rows, err := q.Desks()
	if err != nil {
		return nil, err
	}
	for _, row := range rows {
		s, err := settingsOf(row.Settings)
		if err != nil {
			return nil, err
		}
		if slices.Contains(namedFiles(s.Lines()), file) {
			all = append(all, keeper{row.ID, "the " + s.Names.In("en") + " desk"})
		}
	}
	seat, err := r.seat(q)
	if err == nil && slices.Contains(namedFiles(seat.Lines()), file) {
		all = append(all, keeper{"", "the house"})
	}
	return all, err
}

// PutCalendar keeps a calendar file, whose name is made plain, once it has been read
// through. One that others keep is theirs to change.
func (r *Room) PutCalendar(ctx context.Context, who Who, key string, id story.DeskID, name string, raw []byte) (kept string, err error) {
	kept = plainName(name)
	if len(raw) > MaxCalendar {
		return "", story.Refuse(story.TooLarge, "A calendar file may have at most 1 MB.")
	}
	asked := struct {
		Desk story.DeskID
		Name string
		Raw  []byte
	}{id, kept, raw}
	_, err = do(ctx, r, who, "calendar", key, asked, func(tx *store.Tx, who Who) (bool, error) {
		if err := r.mayChange(&tx.Query, who, id, kept); err != nil {
			return false, err
		}
		_, s, err := deskRow(&tx.Query, id)
		if err != nil {
			return false, err
		}
		if err := r.tryCalendar(kept, raw, s.Place, tx.Now); err != nil {
			return false, err
		}
		if err := r.keepCalendar(kept, raw); err != nil {
			return false, err
		}
		return true, tx.Note(store.Audit{Member: who.Member, Verb: "calendar", Desk: id, Subject: kept, Detail: fmt.Sprintf("%d bytes", len(raw))})
	})
	return kept, err
}

// RemoveCalendar deletes a calendar file that nobody keeps.
func (r *Room) RemoveCalendar(ctx context.Context, who Who, key string, id story.DeskID, name string) error {
	asked := []string{string(id), name}
	_, err := do(ctx, r, who, "remove calendar", key, asked, func(tx *store.Tx, who Who) (bool, error) {
		if err := who.must("change settings", id); err != nil {
			return false, err
		}
		keepers, err := r.keepers(&tx.Query, name)
		if err != nil {
			return false, err
		}
		if len(keepers) > 0 {
			return false, story.Refuse(story.Conflict, "%s is kept by %s. Its line goes first, and is saved.", name, keepers[0].name)
		}
		if err := r.dropCalendar(name); err != nil {
			return false, err
		}
		return true, tx.Note(store.Audit{Member: who.Member, Verb: "remove calendar", Desk: id, Subject: name})
	})
	return err
}

// mayChange refuses a change of a calendar file by who may not change those that keep it.
func (r *Room) mayChange(q *store.Query, who Who, id story.DeskID, name string) error {
	if err := who.must("change settings", id); err != nil {
		return err
	}
	keepers, err := r.keepers(q, name)
	if err != nil {
		return err
	}
	for _, k := range keepers {
		if !who.Admin && (k.desk == "" || !who.May("change settings", k.desk)) {
			return story.Refuse(story.Forbidden, "%s is kept by %s, which is not yours to change. Give the file another name.", name, k.name)
		}
	}
	return nil
}

// plainName makes a plain one of an uploaded file's name: "UK holidays.ICS" is
// "uk-holidays.ics".
func plainName(name string) string {
	name = name[strings.LastIndexAny(name, `/\`)+1:]
	if i := strings.LastIndex(name, "."); i > 0 && strings.EqualFold(name[i:], ".ics") {
		name = name[:i]
	}
	if name = story.Slug(name); name == "" {
		name = "calendar"
	}
	return name + ".ics"
}

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
