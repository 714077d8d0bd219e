package newsroom

import (
	"context"
	"encoding/json"
	"fmt"
	"slices"
	"time"

	"dateline/internal/almanac"
	"dateline/internal/clock"
	"dateline/internal/record"
	"dateline/internal/store"
	"dateline/internal/story"
)

// HouseID is the subject of house entries: a store holds one house.
const HouseID = "house"

// Setup is a new house, whole: what the first-run page and the demo ask for.
type Setup struct {
	House record.House
	Seat  HouseSettings
	Desks []DeskSettings // Followers name slugs here; they become ids
	// Calendars are calendar files by name, kept before anything names them.
	Calendars map[string][]byte
	Admin     string // name of the first administrator
	Log       string // name of the record's log
	Key       string // verifier of its checkpoints
	People    []record.Person
}

// IsSetUp reports whether there is a house in this store.
func (r *Room) IsSetUp(ctx context.Context) (ok bool, err error) {
	err = r.db.Read(ctx, func(q *store.Query) error {
		n, _, _, err := q.Last()
		ok = n > 0
		return err
	})
	return ok, err
}

// SetUp makes the house: volume, house, desks and the first administrator, at once.
func (r *Room) SetUp(ctx context.Context, s Setup) error {
	return r.db.Write(ctx, func(tx *store.Tx) error {
		if n, _, _, err := tx.Last(); err != nil || n > 0 {
			return joinRefusal(err, "There is a house in this folder already.")
		}
		if _, err := r.houses(tx, record.KindVolume, s.Log, record.Volume{Log: s.Log, Key: s.Key, Cause: "first"}); err != nil {
			return err
		}
		for name, raw := range s.Calendars {
			if err := r.keepCalendar(name, raw); err != nil {
				return err
			}
		}
		if err := r.putAll(tx, s); err != nil {
			return err
		}
		if _, err := tx.AddMember(s.Admin, true, 0); err != nil {
			return err
		}
		return tx.SetAnchor(clock.AnchorOf(tx.Reading)) // a step of the clock is noticed from here on
	})
}

func joinRefusal(err error, sentence string) error {
	if err != nil {
		return err
	}
	return story.Refuse(story.Conflict, "%s", sentence)
}

// putDesk keeps a desk's settings and appends its entry.
func (r *Room) putDesk(tx *store.Tx, seat Seat, id story.DeskID, position int, s DeskSettings) error {
	if err := s.check(); err != nil {
		return err
	}
	before, _, err := deskEntry(&tx.Query, id)
	if err != nil {
		return err
	}
	m, err := r.instant(tx)
	if err != nil {
		return err
	}
	seen := r.look(seat, s)
	content, err := r.deskContent(seat, s, before, m.at)
	if err != nil {
		return err
	}
	raw, err := json.Marshal(s)
	if err != nil {
		return fmt.Errorf("keeping desk %s: %w", s.Slug, err)
	}
	if err := r.appendDesk(tx, store.DeskRow{ID: id, Position: position, Settings: raw}, content, m.at); err != nil {
		return err
	}
	r.saw(id, seen, nil)
	return nil
}

// appendDesk keeps a desk's private side and appends its entry. A desk that the change
// sends to rest is told of by the next step, as one that goes to rest by itself.
func (r *Room) appendDesk(tx *store.Tx, row store.DeskRow, content record.Desk, now time.Time) error {
	rows, err := tx.Desks()
	if err != nil {
		return err
	}
	_, row.Resting = almanac.At(fromRecord(content.Windows), now)
	if i := slices.IndexFunc(rows, func(old store.DeskRow) bool { return old.ID == row.ID }); i >= 0 {
		row.Resting = rows[i].Resting
	}
	row.ToldAt = now
	if err := tx.PutDesk(row); err != nil {
		return err
	}
	before, n, err := deskEntry(&tx.Query, row.ID)
	if err != nil {
		return err
	}
	if _, err := r.houses(tx, record.KindDesk, string(row.ID), content); err != nil {
		return err
	}
	if err := tx.LookAgainDesk(row.ID); err != nil {
		return err
	}
	return r.resolveAnew(tx, row.ID, before, n, now)
}

// deskEntry returns the newest desk entry of a desk and its number; nil if it has none.
func deskEntry(q *store.Query, id story.DeskID) (*record.Desk, int64, error) {
	return store.NewestContent[record.Desk](q, record.KindDesk, string(id))
}

// hours is what the gate knows of a desk; nothing at all keeps it closed.
func hours(q *store.Query, id story.DeskID) (story.Hours, error) {
	return store.Derived(q, record.KindDesk, string(id), func(n int64, d *record.Desk) story.Hours { return HoursOf(n, *d) })
}

// duties appends a duty entry for every desk that went to rest or came back since it was
// last looked at, with the whole windows that an outage swallowed.
func (r *Room) duties(tx *store.Tx, now time.Time) error {
	rows, err := tx.Desks()
	if err != nil {
		return err
	}
	for _, row := range rows {
		if err := r.duty(tx, row, now); err != nil {
			return err
		}
	}
	return nil
}

func (r *Room) duty(tx *store.Tx, row store.DeskRow, now time.Time) error {
	h, err := hours(&tx.Query, row.ID)
	if err != nil || h.Entry == 0 {
		return err
	}
	window, resting := h.Rests(now)
	missed := whole(h.Windows, row.ToldAt, now)
	if resting == row.Resting && !(resting && window.Start.After(row.ToldAt)) && len(missed) == 0 {
		return nil
	}
	content := record.Duty{Open: !resting, Window: record.Window(window)}
	if ended, ok := lastEnded(h.Windows, now); !resting && ok {
		content.Window = record.Window(ended)
		missed = slices.DeleteFunc(missed, func(w almanac.Window) bool { return w == ended })
	}
	content.Missed = toRecord(missed)
	if resting {
		if err := r.follow(&tx.Query, row.ID, window.Start, &content); err != nil {
			return err
		}
	}
	row.Resting, row.ToldAt = resting, now
	if err := tx.PutDesk(row); err != nil {
		return err
	}
	if err := r.closeDue(tx, row.ID, window, resting, now); err != nil {
		return err
	}
	_, err = r.houses(tx, record.KindDuty, string(row.ID), content)
	return err
}

// whole lists the windows that began after since and ended by now.
func whole(windows []almanac.Window, since, now time.Time) (out []almanac.Window) {
	for _, w := range windows {
		if w.Start.After(since) && !w.End.After(now) {
			out = append(out, w)
		}
	}
	return out
}

func lastEnded(windows []almanac.Window, now time.Time) (last almanac.Window, ok bool) {
	for _, w := range windows {
		if !w.End.After(now) {
			last, ok = w, true
		}
	}
	return last, ok
}

// follow says who is on duty when a desk goes to rest: its followers that are, in its
// order, or else the desk that opens first.
func (r *Room) follow(q *store.Query, id story.DeskID, at time.Time, d *record.Duty) error {
	own, _, err := deskEntry(q, id)
	if err != nil || own == nil {
		return err
	}
	rows, err := q.Desks()
	if err != nil {
		return err
	}
	for _, f := range own.Followers {
		h, err := hours(q, f)
		if err != nil {
			return err
		}
		if h.OnDuty(at) {
			d.Follows = append(d.Follows, f)
		}
	}
	if len(d.Follows) > 0 {
		return nil
	}
	for _, row := range rows {
		h, err := hours(q, row.ID)
		if err != nil {
			return err
		}
		if opens := h.Opens(at); !opens.IsZero() && (d.Opens.IsZero() || opens.Before(d.Opens)) {
			d.Opens, d.Earliest = opens, row.ID
		}
	}
	return nil
}

// Hours is what the gate knows of a desk, for whoever looks at a store.
func Hours(q *store.Query, id story.DeskID) (story.Hours, error) { return hours(q, id) }
