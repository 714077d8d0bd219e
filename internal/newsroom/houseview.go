package newsroom

import (
	"context"
	"slices"
	"time"

	"dateline/internal/record"
	"dateline/internal/store"
	"dateline/internal/story"
)

// DeskView is a desk as the newsroom's screens show it.
type DeskView struct {
	ID       story.DeskID
	Settings DeskSettings
	Zone     *time.Location
	Hours    story.Hours
	N        int64       // its desk entry
	Content  record.Desk // what readers know of it
	Trouble  string      // why no newer rests can be computed; "" if they can
}

// City is the desk's city in a language.
func (d DeskView) City(lang string) string { return d.Settings.Place.City.In(lang, "en") }

// HouseView is the house and its desks, for every screen.
type HouseView struct {
	N     int64
	House record.House
	Zone  *time.Location
	Desks []DeskView
	Doubt string // why the clock is in doubt
	Stuck string // why the last write could not be kept
	Head  int64  // n of the newest entry
	Now   time.Time

	Exceptions []LiveException
}

// Desk returns the desk with that id, or with that slug.
func (h HouseView) Desk(idOrSlug string) (DeskView, bool) {
	i := slices.IndexFunc(h.Desks, func(d DeskView) bool { return string(d.ID) == idOrSlug || d.Settings.Slug == idOrSlug })
	if i < 0 {
		return DeskView{}, false
	}
	return h.Desks[i], true
}

// House reads the house as the newsroom knows it.
func (r *Room) House(ctx context.Context) (h HouseView, err error) {
	if h.Doubt, err = r.Doubt(ctx); err != nil {
		return h, err
	}
	err = r.db.Read(ctx, func(q *store.Query) error {
		h.Now, h.Stuck = r.db.Now(), r.db.Stuck()
		return r.readHouse(q, &h)
	})
	return h, err
}

func (r *Room) readHouse(q *store.Query, h *HouseView) (err error) {
	if h.Head, _, _, err = q.Last(); err != nil {
		return err
	}
	e, found, err := q.Newest(record.KindHouse, HouseID)
	if err != nil || !found {
		return joinUnknown(err, "There is no house here yet.")
	}
	if h.House, err = record.Decode[record.House](e); err != nil {
		return err
	}
	h.N = e.N
	if h.Zone, err = r.zones.Load(h.House.Seat.Zone); err != nil {
		return err
	}
	rows, err := q.Desks()
	if err != nil {
		return err
	}
	for _, row := range rows {
		d, err := r.deskView(q, row)
		if err != nil {
			return err
		}
		h.Desks = append(h.Desks, d)
	}
	return r.readExceptions(q, h)
}

func (r *Room) deskView(q *store.Query, row store.DeskRow) (d DeskView, err error) {
	d.ID, d.Trouble = row.ID, r.seen(row.ID).trouble
	if d.Settings, err = settingsOf(row.Settings); err != nil {
		return d, err
	}
	if d.Zone, err = r.zones.Load(d.Settings.Place.Zone); err != nil {
		return d, err
	}
	content, n, err := deskEntry(q, row.ID)
	if err != nil || content == nil {
		return d, err
	}
	d.N, d.Content, d.Hours = n, *content, HoursOf(n, *content)
	return d, nil
}
