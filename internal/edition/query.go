package edition

import (
	"context"
	"database/sql"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"time"

	"dateline/internal/record"
	"dateline/internal/story"
)

func micros(t time.Time) int64 {
	if t.IsZero() {
		return 0
	}
	return t.UnixMicro()
}

func instant(us int64) time.Time {
	if us == 0 {
		return time.Time{}
	}
	return time.UnixMicro(us).UTC()
}

// A View is one consistent state of the edition: a page reads one.
type View struct {
	edition      *Edition
	ctx          context.Context
	tx           *sql.Tx
	pictures     map[string][]pictureChange // what picture entries changed, once it was asked for
	manyPictures bool                       // of each picture, once that was asked for
	read         map[string]Article         // articles whose quotations were asked for
	shown        map[Key]struct{}           // what was read
	since        int                        // how often texts were forgotten before it began
}

// View runs fn on one consistent state.
func (e *Edition) View(ctx context.Context, fn func(*View) error) error {
	since := e.texts.forgotten()
	tx, err := e.read.BeginTx(ctx, &sql.TxOptions{ReadOnly: true})
	if err != nil {
		return fmt.Errorf("reading the edition: %w", err)
	}
	defer func() { _ = tx.Rollback() }() // nothing to undo: it only read
	return fn(&View{edition: e, ctx: ctx, tx: tx, since: since})
}

func (v *View) one(query string, args []any, dest ...any) (bool, error) {
	err := v.tx.QueryRowContext(v.ctx, query, args...).Scan(dest...)
	if errors.Is(err, sql.ErrNoRows) {
		return false, nil
	}
	return err == nil, err
}

func many[T any](v *View, query string, args []any, scan func(*sql.Rows) (T, error)) (all []T, err error) {
	rows, err := v.tx.QueryContext(v.ctx, query, args...)
	if err != nil {
		return nil, err
	}
	defer func() { err = errors.Join(err, rows.Close()) }()
	for rows.Next() {
		x, err := scan(rows)
		if err != nil {
			return nil, err
		}
		all = append(all, x)
	}
	return all, rows.Err()
}

func scanOne[T any](rows *sql.Rows) (x T, err error) {
	err = rows.Scan(&x)
	return x, err
}

// Head is the newest entry of the view and its instant; 0 for an empty edition.
func (v *View) Head() (n int64, at time.Time, err error) {
	v.shows(headKey)
	var volume, us int64
	_, err = v.one(newestEntry, nil, &n, &volume, &us)
	return n, instant(us), err
}

const house = `SELECT e.n, e.content FROM house h JOIN entry e ON e.n = h.n WHERE h.id = 1`

// House returns the house; ok is false before there is one. What is in it is shared:
// nobody changes it.
func (v *View) House() (h House, ok bool, err error) {
	v.shows(houseKey)
	var content []byte
	if ok, err = v.one(house, nil, &h.N, &content); err != nil || !ok {
		return h, false, err
	}
	h, err = v.houseOf(h.N, content)
	return h, err == nil, err
}

func (v *View) houseOf(n int64, content []byte) (h House, err error) {
	if known, ok := v.edition.decoded.Load(n); ok {
		return known.(House), nil
	}
	h.N = n
	if err := json.Unmarshal(content, &h.House); err != nil {
		return h, fmt.Errorf("the house entry: %w", err)
	}
	if h.Zone, err = v.edition.options.Zone(h.Seat.Zone); err != nil {
		return h, err
	}
	v.edition.keep(n, h)
	return h, nil
}

// mostDecoded is how many house and desk entries are kept decoded: past ones are read again
// and again by whoever looks at the site as it stood.
const mostDecoded = 1000

func (e *Edition) keep(n int64, x any) {
	if e.decodedCount.Add(1) > mostDecoded {
		e.decoded.Clear()
		e.decodedCount.Store(1)
	}
	e.decoded.Store(n, x)
}

const desks = `SELECT d.id, d.n FROM desk d ORDER BY d.id`
const deskContent = `SELECT content FROM entry WHERE n = $1`

// Desks returns the desks in the house's order; those it does not name come last. What is
// in them is shared: nobody changes it.
func (v *View) Desks(h House) ([]Desk, error) {
	v.shows(desksKey)
	all, err := many(v, desks, nil, func(rows *sql.Rows) (d Desk, err error) {
		err = rows.Scan(&d.ID, &d.N)
		return d, err
	})
	if err != nil {
		return nil, err
	}
	for i := range all {
		if err := v.decodeDesk(&all[i]); err != nil {
			return nil, err
		}
	}
	return h.ordered(all), nil
}

// ordered puts desks into the house's order; those it does not name come last.
func (h House) ordered(all []Desk) []Desk {
	place := func(d Desk) int {
		if i := slices.Index(h.Desks, d.ID); i >= 0 {
			return i
		}
		return len(h.Desks)
	}
	slices.SortStableFunc(all, func(a, b Desk) int { return place(a) - place(b) })
	return all
}

func (v *View) decodeDesk(d *Desk) error {
	if known, ok := v.edition.decoded.Load(d.N); ok {
		*d = known.(Desk)
		return nil
	}
	var content []byte
	if _, err := v.one(deskContent, []any{d.N}, &content); err != nil {
		return err
	}
	if err := json.Unmarshal(content, &d.Desk); err != nil {
		return fmt.Errorf("the entry of desk %s: %w", d.ID, err)
	}
	zone, err := v.edition.options.Zone(d.Place.Zone)
	if err != nil {
		return err
	}
	d.Zone, d.Hours = zone, HoursOf(d.N, d.Desk)
	v.edition.keep(d.N, *d)
	return nil
}

const deskByID = `SELECT id, n FROM desk WHERE id = $1`
const deskBySlug = `SELECT id, n FROM desk WHERE slug = $1 ORDER BY n DESC LIMIT 1`

// Desk returns a desk by its id.
func (v *View) Desk(id story.DeskID) (Desk, bool, error) { return v.desk(deskByID, string(id)) }

// DeskBySlug returns the desk that has a slug now.
func (v *View) DeskBySlug(slug string) (Desk, bool, error) { return v.desk(deskBySlug, slug) }

func (v *View) desk(query, key string) (d Desk, ok bool, err error) {
	v.shows(desksKey)
	if ok, err = v.one(query, []any{key}, &d.ID, &d.N); err != nil || !ok {
		return d, false, err
	}
	return d, true, v.decodeDesk(&d)
}

const duties = `SELECT d.n, d.at, d.desk, e.content FROM duty d JOIN entry e ON e.n = d.n WHERE d.at >= $1 ORDER BY d.n`

// Duties lists the rests that began and ended since an instant, in order.
func (v *View) Duties(since time.Time) ([]Duty, error) {
	v.shows(dutyKey)
	return many(v, duties, []any{micros(since)}, func(rows *sql.Rows) (d Duty, err error) {
		var at int64
		var content []byte
		if err = rows.Scan(&d.N, &at, &d.Desk, &content); err != nil {
			return d, err
		}
		d.At = instant(at)
		return d, json.Unmarshal(content, &d.Duty)
	})
}

const personByID = `SELECT e.content FROM person p JOIN entry e ON e.n = p.n WHERE p.id = $1`

// Person returns a person who is named to readers.
func (v *View) Person(id string) (p record.Person, ok bool, err error) {
	v.shows(personKey(id))
	var content []byte
	if ok, err = v.one(personByID, []any{id}, &content); err != nil || !ok {
		return p, false, err
	}
	return p, true, json.Unmarshal(content, &p)
}

// A pictureChange is what a picture entry says of a picture that ran before it.
type pictureChange struct {
	id string
	n  int64
	record.Picture
}

const pictureChanges = `SELECT p.id, p.n, e.content FROM picture p JOIN entry e ON e.n = p.n ORDER BY p.n LIMIT $1`
const changesOf = `SELECT p.id, p.n, e.content FROM picture p JOIN entry e ON e.n = p.n WHERE p.id = $1 ORDER BY p.n`

// fewChanges is how many changes of pictures are read at once. Where there are more, those of
// each picture are asked for.
const fewChanges = 200

// change applies to a text of entry n what picture entries changed: one that is withdrawn
// is gone from every text, another credit or caption holds for the texts before it.
func (v *View) change(pictures []story.PictureUse, n int64) ([]story.PictureUse, error) {
	if len(pictures) == 0 {
		return pictures, nil
	}
	if v.pictures == nil {
		if err := v.loadPictures(); err != nil {
			return nil, err
		}
	}
	kept := make([]story.PictureUse, 0, len(pictures))
	for _, p := range pictures {
		v.shows(pictureKey(p.ID))
		withdrawn := false
		changes, err := v.changesOf(p.ID)
		if err != nil {
			return nil, err
		}
		for _, c := range changes {
			withdrawn = c.Withdrawn
			if c.n > n && c.Credit != nil {
				p.Credit = *c.Credit
			}
			if c.n > n && c.Caption != "" {
				p.Caption = c.Caption
			}
		}
		if !withdrawn {
			kept = append(kept, p)
		}
	}
	return kept, nil
}

// loadPictures reads what was changed of pictures, if that is little.
func (v *View) loadPictures() error {
	all, err := v.pictureChanges(pictureChanges, fewChanges+1)
	if v.pictures = map[string][]pictureChange{}; len(all) > fewChanges {
		v.manyPictures = true
		return err
	}
	for _, c := range all {
		v.pictures[c.id] = append(v.pictures[c.id], c)
	}
	return err
}

// changesOf are the changes of one picture, in order.
func (v *View) changesOf(id string) (all []pictureChange, err error) {
	all, known := v.pictures[id]
	if known || !v.manyPictures {
		return all, nil
	}
	all, err = v.pictureChanges(changesOf, id)
	v.pictures[id] = all
	return all, err
}

func (v *View) pictureChanges(query string, args ...any) ([]pictureChange, error) {
	return many(v, query, args, func(rows *sql.Rows) (c pictureChange, err error) {
		var content []byte
		if err = rows.Scan(&c.id, &c.n, &content); err != nil {
			return c, err
		}
		if err := json.Unmarshal(content, &c.Picture); err != nil {
			return c, fmt.Errorf("entry %d: %w", c.n, err)
		}
		return c, nil
	})
}
