package store

// A page of the tray is read whole, with a question of each kind instead of one of each kind
// for every item.

const trayPage = `SELECT id FROM wire_item WHERE aside = 0 ORDER BY came_at DESC, id DESC LIMIT $1 OFFSET $2`
const tray = `SELECT ` + itemColumns + ` FROM wire_item WHERE aside = 0 ORDER BY came_at DESC, id DESC LIMIT $1 OFFSET $2`
const trayCount = `SELECT count(*) FROM wire_item WHERE aside = 0`
const trayVersions = `SELECT ` + versionColumns + ` FROM wire_version
	 WHERE item IN (` + trayPage + `) AND number = (SELECT newest FROM wire_item WHERE id = item)`
const trayArrivals = `SELECT ` + arrivalColumns + ` FROM wire_arrival WHERE item IN (` + trayPage + `) ORDER BY id`
const trayPictures = `SELECT l.item, p.id, p.source, p.guid, p.kind, p.file, p.picture, p.newest, p.came_at, p.aside
	  FROM wire_link l JOIN wire_item p ON p.id = l.picture WHERE l.item IN (` + trayPage + `) ORDER BY p.id`
const trayStories = `SELECT DISTINCT item, article FROM lineage WHERE item IN (` + trayPage + `) ORDER BY article`

// Tray lists items, the newest arrival first, and how many there are.
func (q *Query) Tray(limit, offset int) (items []WireItem, total int, err error) {
	if items, err = many(q, tray, args(limit, offset), scanItem); err != nil {
		return nil, 0, err
	}
	_, err = q.one(trayCount, nil, &total)
	return items, total, err
}

// WireFacts are what there is to tell of items, each by the item's number.
type WireFacts struct {
	Newest   map[int64]WireVersion
	Arrivals map[int64][]Arrival
	Pictures map[int64][]WireItem // that a text names
	Stories  map[int64][]Lineage  // that rest on it, one line each
}

// TrayFacts reads what there is to tell of the items that Tray lists.
func (q *Query) TrayFacts(limit, offset int) (f WireFacts, err error) {
	f = WireFacts{map[int64]WireVersion{}, map[int64][]Arrival{}, map[int64][]WireItem{}, map[int64][]Lineage{}}
	page := args(limit, offset)
	versions, err := many(q, trayVersions, page, scanVersion)
	if err != nil {
		return f, err
	}
	for _, v := range versions {
		f.Newest[v.Item] = v
	}
	arrivals, err := many(q, trayArrivals, page, scanArrival)
	if err != nil {
		return f, err
	}
	for _, a := range arrivals {
		f.Arrivals[a.Item] = append(f.Arrivals[a.Item], a)
	}
	pictures := func(row scanner) (item int64, err error) {
		p, err := scanItem(after{row, &item})
		f.Pictures[item] = append(f.Pictures[item], p)
		return item, err
	}
	if _, err := scanAll(q, trayPictures, page, pictures); err != nil {
		return f, err
	}
	stories := func(row scanner) (l Lineage, err error) {
		err = row.Scan(&l.Item, &l.Article)
		f.Stories[l.Item] = append(f.Stories[l.Item], l)
		return l, err
	}
	_, err = scanAll(q, trayStories, page, stories)
	return f, err
}

// WireFacts reads what there is to tell of one item.
func (q *Query) WireFacts(i WireItem) (f WireFacts, err error) {
	f = WireFacts{map[int64]WireVersion{}, map[int64][]Arrival{}, map[int64][]WireItem{}, map[int64][]Lineage{}}
	v, found, err := q.WireVersion(i.ID, i.Newest)
	if err != nil {
		return f, err
	}
	if found {
		f.Newest[i.ID] = v
	}
	if f.Arrivals[i.ID], err = q.Arrivals(i.ID); err != nil {
		return f, err
	}
	if f.Pictures[i.ID], err = q.LinkedPictures(i.ID); err != nil {
		return f, err
	}
	f.Stories[i.ID], err = q.RestOn(i.ID)
	return f, err
}
