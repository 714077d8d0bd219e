package newsroom

import (
	"context"

	"dateline/internal/store"
	"dateline/internal/story"
	"dateline/internal/wire"
)

// WireRow is an item in the tray.
type WireRow struct {
	store.WireItem
	Item     wire.Item // its newest version
	Versions int
	Roads    []store.Arrival
	Takes    []Taken // stories that rest on it
	Pictures []store.WireItem
}

// Taken is a story that rests on a wire item.
type Taken struct {
	Article  story.ArticleID
	Headline string
	Standing story.Standing
}

// Tray lists wire items, the newest arrival first.
func (r *Room) Tray(ctx context.Context, who Who, page int) (rows []WireRow, total int, err error) {
	if len(who.Roles) == 0 && !who.Admin {
		return nil, 0, story.Refuse(story.Forbidden, "You have no desk.")
	}
	err = r.db.Read(ctx, func(q *store.Query) error {
		rows, total, err = r.readTray(q, rowsPerPage, max(page, 0)*rowsPerPage)
		return err
	})
	return rows, total, err
}

// WireItem reads one item with all its versions.
func (r *Room) WireItem(ctx context.Context, who Who, id int64) (row WireRow, versions []wire.Item, err error) {
	if len(who.Roles) == 0 && !who.Admin {
		return row, nil, story.Refuse(story.Forbidden, "You have no desk.")
	}
	err = r.db.Read(ctx, func(q *store.Query) error {
		item, found, err := q.WireItem(id)
		if err != nil || !found {
			return joinUnknown(err, "There is no such wire item.")
		}
		if row, err = r.wireRow(q, item); err != nil {
			return err
		}
		all, err := q.WireVersions(id)
		if err != nil {
			return err
		}
		for _, v := range all {
			it, err := itemOf(v)
			if err != nil {
				return err
			}
			versions = append(versions, it)
		}
		return nil
	})
	return row, versions, err
}

func (r *Room) readTray(q *store.Query, limit, offset int) (rows []WireRow, total int, err error) {
	items, total, err := q.Tray(limit, offset)
	if err != nil {
		return nil, 0, err
	}
	facts, err := q.TrayFacts(limit, offset)
	if err != nil {
		return nil, 0, err
	}
	for _, i := range items {
		row, err := r.fillWire(q, i, facts)
		if err != nil {
			return nil, 0, err
		}
		rows = append(rows, row)
	}
	return rows, total, nil
}

// wireRow is the row of one item.
func (r *Room) wireRow(q *store.Query, i store.WireItem) (row WireRow, err error) {
	facts, err := q.WireFacts(i)
	if err != nil {
		return row, err
	}
	return r.fillWire(q, i, facts)
}

func (r *Room) fillWire(q *store.Query, i store.WireItem, facts store.WireFacts) (row WireRow, err error) {
	row = WireRow{WireItem: i, Versions: i.Newest, Roads: facts.Arrivals[i.ID], Pictures: facts.Pictures[i.ID]}
	if v, found := facts.Newest[i.ID]; found {
		if row.Item, err = itemOf(v); err != nil {
			return row, err
		}
	}
	for _, l := range facts.Stories[i.ID] {
		a, _, err := q.Article(l.Article)
		if err != nil {
			return row, err
		}
		row.Takes = append(row.Takes, Taken{a.ID, a.Headline, a.Standing})
	}
	return row, nil
}
