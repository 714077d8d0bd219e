package store

import (
	"strings"
	"time"

	"dateline/internal/story"
)

// A Picture is an original: never public.
type Picture struct {
	ID     string
	SHA256 string
	Type   string
	Bytes  int64
	Width  int
	Height int
	Meta   []byte    // JSON: what the file says of itself
	From   time.Time // rights begin; zero: always
	Until  time.Time // rights are over; zero: never
	By     int64
	At     time.Time
}

const pictureColumns = `id, sha256, type, bytes, width, height, meta, from_at, till_at, by, at`

func scanPicture(row scanner) (p Picture, err error) {
	var from, till, at int64
	err = row.Scan(&p.ID, &p.SHA256, &p.Type, &p.Bytes, &p.Width, &p.Height, &p.Meta, &from, &till, &p.By, &at)
	p.From, p.Until, p.At = instant(from), instant(till), instant(at)
	return p, err
}

const pictureByID = `SELECT ` + pictureColumns + ` FROM picture WHERE id = $1`

// Picture returns an original by id.
func (q *Query) Picture(id string) (Picture, bool, error) {
	return first(many(q, pictureByID, args(id), scanPicture))
}

const insertPicture = `INSERT INTO picture (id, sha256, type, bytes, width, height, meta, by, at) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)`

// AddPicture keeps an original whose bytes are on the disk already.
func (tx *Tx) AddPicture(p Picture) error {
	return tx.must(insertPicture, p.ID, p.SHA256, p.Type, p.Bytes, p.Width, p.Height, string(p.Meta), p.By, micros(tx.Now))
}

const setRights = `UPDATE picture SET from_at = $2, till_at = $3 WHERE id = $1`

// SetRights keeps from when and until when a picture may be published; zero has no bound.
func (tx *Tx) SetRights(id string, from, until time.Time) error {
	return tx.must(setRights, id, micros(from), micros(until))
}

const renditions = `SELECT sha256, bytes, type, width, height FROM rendition WHERE picture = $1 AND words = $2 ORDER BY width`

// Renditions lists the public forms of a picture with these words inside, the narrowest first.
func (q *Query) Renditions(picture string, words []byte) ([]story.Rendition, error) {
	return many(q, renditions, args(picture, words), func(row scanner) (r story.Rendition, err error) {
		err = row.Scan(&r.SHA256, &r.Bytes, &r.Type, &r.Width, &r.Height)
		return r, err
	})
}

const insertRendition = `
	INSERT INTO rendition (picture, words, sha256, bytes, type, width, height) VALUES ($1, $2, $3, $4, $5, $6, $7)
	    ON CONFLICT (picture, words, width) DO NOTHING`

// AddRendition keeps a public form whose bytes are on the disk already.
func (tx *Tx) AddRendition(picture string, words []byte, r story.Rendition) error {
	_, err := tx.exec(insertRendition, picture, words, r.SHA256, r.Bytes, r.Type, r.Width, r.Height)
	return err
}

const personNamed = `SELECT id, name FROM person WHERE length(name) = length($1) ORDER BY name <> $1, id`
const insertPerson = `INSERT INTO person (id, name) VALUES ($1, $2)`

// PersonNamed returns the id of the person of that name, whatever its capitals; one that
// is spelled exactly so comes first.
func (q *Query) PersonNamed(name string) (id string, found bool, err error) {
	type person struct{ id, name string }
	all, err := many(q, personNamed, args(name), func(row scanner) (p person, err error) {
		err = row.Scan(&p.id, &p.name)
		return p, err
	})
	for _, p := range all {
		if strings.EqualFold(p.name, name) {
			return p.id, true, err
		}
	}
	return "", false, err
}

// AddPerson keeps somebody who is named to readers.
func (tx *Tx) AddPerson(id, name string) error { return tx.must(insertPerson, id, name) }
