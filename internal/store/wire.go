package store

import (
	"time"

	"dateline/internal/story"
)

// A WireItem is one item of an agency, whatever number of versions and roads it has.
type WireItem struct {
	ID      int64
	Source  string
	GUID    string
	Kind    string
	File    string // of a picture
	Picture string // id of the picture, once its bytes are here
	Newest  int
	CameAt  time.Time
	Aside   bool
}

const itemColumns = `id, source, guid, kind, file, picture, newest, came_at, aside`

func scanItem(row scanner) (i WireItem, err error) {
	var came int64
	err = row.Scan(&i.ID, &i.Source, &i.GUID, &i.Kind, &i.File, &i.Picture, &i.Newest, &came, &i.Aside)
	i.CameAt = instant(came)
	return i, err
}

const itemByID = `SELECT ` + itemColumns + ` FROM wire_item WHERE id = $1`
const itemByGUID = `SELECT ` + itemColumns + ` FROM wire_item WHERE source = $1 AND guid = $2`
const itemByFile = `SELECT ` + itemColumns + ` FROM wire_item WHERE source = $1 AND file = $2 ORDER BY id DESC LIMIT 1`

// WireItem returns an item by number.
func (q *Query) WireItem(id int64) (WireItem, bool, error) {
	return first(many(q, itemByID, args(id), scanItem))
}

// WireItemBy returns an item by its source and guid.
func (q *Query) WireItemBy(source, guid string) (WireItem, bool, error) {
	return first(many(q, itemByGUID, args(source, guid), scanItem))
}

// WirePictureBy returns the newest picture item of a source with that file name.
func (q *Query) WirePictureBy(source, file string) (WireItem, bool, error) {
	return first(many(q, itemByFile, args(source, file), scanItem))
}

const insertItem = `INSERT INTO wire_item (source, guid, kind, file, picture, newest, came_at) VALUES ($1, $2, $3, $4, $5, $6, $7) RETURNING id`
const updateItem = `UPDATE wire_item SET guid = $2, file = $3, picture = $4, newest = $5, came_at = $6, aside = $7 WHERE id = $1`

// PutWireItem keeps an item, a new one if it has no number, and returns its number.
func (tx *Tx) PutWireItem(i WireItem) (int64, error) {
	tx.touch(TrayChanged, "")
	if i.ID == 0 {
		_, err := tx.one(insertItem, args(i.Source, i.GUID, i.Kind, i.File, i.Picture, i.Newest, micros(i.CameAt)), &i.ID)
		return i.ID, err
	}
	return i.ID, tx.must(updateItem, i.ID, i.GUID, i.File, i.Picture, i.Newest, micros(i.CameAt), i.Aside)
}

// A WireVersion is one version of an item.
type WireVersion struct {
	Item    int64
	Number  int
	Version string
	Sent    time.Time
	Words   []byte
	Status  string
	Body    []byte // JSON of the parsed item
	CameAt  time.Time
}

const versionColumns = `item, number, version, sent, words, status, body, came_at`

func scanVersion(row scanner) (v WireVersion, err error) {
	var sent, came int64
	err = row.Scan(&v.Item, &v.Number, &v.Version, &sent, &v.Words, &v.Status, &v.Body, &came)
	v.Sent, v.CameAt = instant(sent), instant(came)
	return v, err
}

const wireVersions = `SELECT ` + versionColumns + ` FROM wire_version WHERE item = $1 ORDER BY number`
const wireVersion = `SELECT ` + versionColumns + ` FROM wire_version WHERE item = $1 AND number = $2`

// WireVersions lists the versions of an item in order of arrival.
func (q *Query) WireVersions(item int64) ([]WireVersion, error) {
	return many(q, wireVersions, args(item), scanVersion)
}

// WireVersion returns one version of an item.
func (q *Query) WireVersion(item int64, number int) (WireVersion, bool, error) {
	return first(many(q, wireVersion, args(item, number), scanVersion))
}

const insertVersion = `INSERT INTO wire_version (item, number, version, sent, words, status, body, came_at) VALUES ($1, $2, $3, $4, $5, $6, $7, $8)`
const fillVersion = `UPDATE wire_version SET version = $3, sent = $4, words = $5, body = $6 WHERE item = $1 AND number = $2`

// AddWireVersion keeps a new version.
func (tx *Tx) AddWireVersion(v WireVersion) error {
	return tx.must(insertVersion, v.Item, v.Number, v.Version, micros(v.Sent), v.Words, v.Status, string(v.Body), micros(v.CameAt))
}

// FillWireVersion adds what another road told of a version.
func (tx *Tx) FillWireVersion(v WireVersion) error {
	return tx.must(fillVersion, v.Item, v.Number, v.Version, micros(v.Sent), v.Words, string(v.Body))
}

// An Arrival is one road by which a version came.
type Arrival struct {
	Source  string
	Item    int64
	Version int
	Format  string
	File    string
	SHA256  []byte
	Why     string // it could not be read, and why
	At      time.Time
}

func scanArrival(row scanner) (a Arrival, err error) {
	var at int64
	err = row.Scan(&a.Source, &a.Item, &a.Version, &a.Format, &a.File, &a.SHA256, &a.Why, &at)
	a.At = instant(at)
	return a, err
}

const arrivalColumns = `source, item, version, format, file, sha256, why, at`
const arrivalsOf = `SELECT ` + arrivalColumns + ` FROM wire_arrival WHERE item = $1 ORDER BY id`
const arrivalsBad = `SELECT ` + arrivalColumns + ` FROM wire_arrival WHERE item = 0 ORDER BY id DESC LIMIT $1`
const arrivedBefore = `SELECT count(*) FROM wire_arrival WHERE source = $1 AND sha256 = $2 AND file = $3`

// Arrivals lists the roads of an item.
func (q *Query) Arrivals(item int64) ([]Arrival, error) {
	return many(q, arrivalsOf, args(item), scanArrival)
}

// Unreadable lists what came and could not be read, newest first.
func (q *Query) Unreadable(limit int) ([]Arrival, error) {
	return many(q, arrivalsBad, args(limit), scanArrival)
}

// Arrived reports whether these very bytes came under that file name before.
func (q *Query) Arrived(source string, sha []byte, file string) (bool, error) {
	var n int
	_, err := q.one(arrivedBefore, args(source, sha, file), &n)
	return n > 0, err
}

const insertArrival = `INSERT INTO wire_arrival (source, item, version, format, file, sha256, why, at) VALUES ($1, $2, $3, $4, $5, $6, $7, $8)`
const insertRaw = `INSERT INTO wire_raw (sha256, raw) VALUES ($1, $2) ON CONFLICT (sha256) DO NOTHING`

// AddArrival keeps a road.
func (tx *Tx) AddArrival(a Arrival) error {
	tx.touch(TrayChanged, "")
	return tx.must(insertArrival, a.Source, a.Item, a.Version, a.Format, a.File, a.SHA256, a.Why, micros(tx.Now))
}

// KeepRaw keeps the bytes as they came.
func (tx *Tx) KeepRaw(sha, raw []byte) error {
	_, err := tx.exec(insertRaw, sha, raw)
	return err
}

const linkPicture = `INSERT INTO wire_link (item, picture) VALUES ($1, $2) ON CONFLICT DO NOTHING`
const linkedPictures = `SELECT ` + itemColumns + ` FROM wire_item WHERE id IN (SELECT picture FROM wire_link WHERE item = $1) ORDER BY id`

// LinkPicture links a text item to a picture item.
func (tx *Tx) LinkPicture(item, picture int64) error {
	_, err := tx.exec(linkPicture, item, picture)
	return err
}

// LinkedPictures lists the picture items of a text item.
func (q *Query) LinkedPictures(item int64) ([]WireItem, error) {
	return many(q, linkedPictures, args(item), scanItem)
}

// Lineage says where a part of a story came from.
type Lineage struct {
	Article story.ArticleID
	Part    string
	Item    int64
	Version int
}

func scanLineage(row scanner) (l Lineage, err error) {
	err = row.Scan(&l.Article, &l.Part, &l.Item, &l.Version)
	return l, err
}

const lineageOf = `SELECT article, part, item, version FROM lineage WHERE article = $1 ORDER BY part`
const restOn = `SELECT article, '', item, max(version) FROM lineage WHERE item = $1 GROUP BY article, item ORDER BY article`
const insertLineage = `INSERT INTO lineage (article, part, item, version) VALUES ($1, $2, $3, $4) ON CONFLICT (article, part) DO NOTHING`

// LineageOf lists where the parts of a story came from.
func (q *Query) LineageOf(id story.ArticleID) ([]Lineage, error) {
	return many(q, lineageOf, args(string(id)), scanLineage)
}

// RestOn lists the stories that rest on a wire item, one line each.
func (q *Query) RestOn(item int64) ([]Lineage, error) {
	return many(q, restOn, args(item), scanLineage)
}

// AddLineage keeps where a part came from.
func (tx *Tx) AddLineage(l Lineage) error {
	tx.touch(TrayChanged, "")
	_, err := tx.exec(insertLineage, string(l.Article), l.Part, l.Item, l.Version)
	return err
}

// A WireDoubt is what a wire version asks of a story.
type WireDoubt struct {
	ID      int64
	Article story.ArticleID
	Item    int64
	Version int
	Kind    string
	Till    time.Time
	At      time.Time
}

const doubtColumns = `id, article, item, version, kind, till, at`
const openDoubts = `SELECT ` + doubtColumns + ` FROM wire_doubt WHERE article = $1 AND ended_at = 0 ORDER BY id`

// OpenDoubts lists the unanswered wire versions of a story.
func (q *Query) OpenDoubts(id story.ArticleID) ([]WireDoubt, error) {
	return many(q.of(string(id)), openDoubts, args(string(id)), scanDoubt)
}

func scanDoubt(row scanner) (d WireDoubt, err error) {
	var till, at int64
	err = row.Scan(&d.ID, &d.Article, &d.Item, &d.Version, &d.Kind, &till, &at)
	d.Till, d.At = instant(till), instant(at)
	return d, err
}

const insertDoubt = `INSERT INTO wire_doubt (article, item, version, kind, till, at) VALUES ($1, $2, $3, $4, $5, $6) ON CONFLICT (article, item, version) DO NOTHING`
const answerDoubts = `UPDATE wire_doubt SET answer = $2, reason = $3, by = $4, ended_at = $5 WHERE article = $1 AND ended_at = 0`

// AddDoubt has a story wait for an answer to a wire version.
func (tx *Tx) AddDoubt(d WireDoubt) error {
	tx.touch(StoryChanged, string(d.Article))
	_, err := tx.exec(insertDoubt, string(d.Article), d.Item, d.Version, d.Kind, micros(d.Till), micros(tx.Now))
	return err
}

// AnswerDoubts ends every open doubt of a story and reports how many there were.
func (tx *Tx) AnswerDoubts(id story.ArticleID, answer, reason string, by int64) (int64, error) {
	return tx.exec(answerDoubts, string(id), answer, reason, by, micros(tx.Now))
}
