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
	Lang     string      // in which it is shown
}

// HouseView is the house and its desks, for every screen.
type HouseView struct {
	N     int64
	House record.House
	Zone  *time.Location
	Desks []DeskView
	Doubt string // why the clock is in doubt
	Stuck string // why the last write could not be kept
	Head  int64  // n of the newest entry
	Lang  string // in which it is shown
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
		return r.readHouse(q, &h, true)
	})
	h.speak(Language(ctx))
	return h, err
}

// readHouse reads the house; committed says that all that q sees is, and may be kept.
func (r *Room) readHouse(q *store.Query, h *HouseView, committed bool) (err error) {
	if h.Head, _, _, err = q.Last(); err != nil {
		return err
	}
	known, err := r.keptHouse(q, committed)
	if err != nil {
		return err
	}
	h.N, h.House, h.Zone, h.Desks = known.n, known.house, known.zone, slices.Clone(known.desks)
	for i := range h.Desks {
		h.Desks[i].Trouble = r.seen(h.Desks[i].ID).trouble
	}
	return r.readExceptions(q, h)
}

// keptHouse is the house and its desks, decoded, as they have been since entry newest. Every
// change of a desk's settings appends an entry of it, with the settings in its transaction,
// so that the number of the newest tells whether anything changed.
type keptHouse struct {
	newest int64
	n      int64
	house  record.House
	zone   *time.Location
	desks  []DeskView // shared: nothing in it may be changed
}

// keptHouse reads the house where it is another than the one that is kept. What a write sees
// before it is committed is not kept: were it taken back, its number would be another's.
func (r *Room) keptHouse(q *store.Query, committed bool) (*keptHouse, error) {
	newest, err := q.NewestOfHouse()
	if err != nil {
		return nil, err
	}
	if known := r.house.Load(); known != nil && known.newest == newest {
		return known, nil
	}
	known, err := r.decodeHouse(q)
	if err != nil {
		return nil, err
	}
	if known.newest = newest; committed {
		r.house.Store(known)
	}
	return known, nil
}

func (r *Room) decodeHouse(q *store.Query) (*keptHouse, error) {
	e, found, err := q.Newest(record.KindHouse, HouseID)
	if err != nil || !found {
		return nil, joinUnknown(err, "There is no house here yet.")
	}
	h := &keptHouse{n: e.N}
	if h.house, err = record.Decode[record.House](e); err != nil {
		return nil, err
	}
	if h.zone, err = r.zones.Load(h.house.Seat.Zone); err != nil {
		return nil, err
	}
	rows, err := q.Desks()
	if err != nil {
		return nil, err
	}
	for _, row := range rows {
		d, err := r.deskView(q, row)
		if err != nil {
			return nil, err
		}
		h.desks = append(h.desks, d)
	}
	return h, nil
}

func (r *Room) deskView(q *store.Query, row store.DeskRow) (d DeskView, err error) {
	d.ID = row.ID
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
