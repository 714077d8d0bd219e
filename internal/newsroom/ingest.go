package newsroom

import (
	"cmp"
	"context"
	"crypto/sha256"
	"encoding/json"
	"fmt"
	"path/filepath"
	"time"

	"dateline/internal/picture"
	"dateline/internal/store"
	"dateline/internal/story"
	"dateline/internal/wire"
)

// Arrived says what became of one file from a wire.
type Arrived struct {
	Items []int64 // the items that it touched
	Again bool    // the same bytes under the same name came before
}

// Ingest takes one file as it came from a source: the agency that the folder or feed is
// set up for. The raw bytes are kept whatever is in them; what cannot be read is kept
// with the reason, and the refusal is returned once that is durable.
func (r *Room) Ingest(ctx context.Context, source, name string, raw []byte) (out Arrived, err error) {
	name = filepath.Base(name)
	sum := sha256.Sum256(raw)
	items, original, parseErr := r.readWire(ctx, name, raw)
	if _, refused := story.AsRefusal(parseErr); parseErr != nil && !refused {
		return out, parseErr // our fault, not the file's: it is read again
	}
	err = r.db.Write(ctx, func(tx *store.Tx) error {
		out = Arrived{}
		again, err := tx.Arrived(source, sum[:], name)
		if err != nil || again {
			out.Again = again
			return err
		}
		if err := tx.KeepRaw(sum[:], raw); err != nil {
			return err
		}
		if parseErr != nil {
			return tx.AddArrival(store.Arrival{Source: source, Format: "unreadable", File: name, SHA256: sum[:], Why: parseErr.Error()})
		}
		if len(items) == 0 {
			return tx.AddArrival(store.Arrival{Source: source, Format: "nothing", File: name, SHA256: sum[:], Why: "It holds no text and no picture."})
		}
		if original != nil {
			if err := tx.AddPicture(*original); err != nil {
				return err
			}
		}
		for _, it := range items {
			in := arriving{source: source, file: name, sha: sum[:], item: it, original: original}
			id, err := r.arrive(tx, in)
			if err != nil {
				return err
			}
			out.Items = append(out.Items, id)
		}
		return nil
	})
	if err == nil && !out.Again {
		err = parseErr
	}
	return out, err
}

// readWire reads a file as what it is: a picture by its first bytes, else a text.
func (r *Room) readWire(ctx context.Context, name string, raw []byte) ([]wire.Item, *store.Picture, error) {
	if !picture.Is(raw) {
		items, err := r.reader.Wire(ctx, name, raw)
		return items, nil, err
	}
	p, info, err := r.keepOriginal(ctx, raw, 0)
	if err != nil {
		return nil, nil, err
	}
	m := info.Meta
	item := wire.FromPicture(name, wire.Embedded{Type: info.Type, Headline: m.Headline, Caption: m.Caption, Alt: m.Alt, Credit: m.StoryCredit(),
		Copyright: m.Copyright, Usage: m.Usage, Instructions: m.Instructions, Width: info.Width, Height: info.Height})
	return []wire.Item{item}, &p, nil
}

// arriving is one item on its way in.
type arriving struct {
	source   string
	file     string
	sha      []byte
	item     wire.Item
	original *store.Picture
}

func (r *Room) arrive(tx *store.Tx, in arriving) (int64, error) {
	row, err := r.findItem(tx, in)
	if err != nil {
		return 0, err
	}
	row, number, fresh, err := r.putVersion(tx, row, in)
	if err != nil {
		return 0, err
	}
	if err := tx.AddArrival(store.Arrival{Source: in.source, Item: row.ID, Version: number, Format: in.item.Format, File: in.file, SHA256: in.sha}); err != nil {
		return 0, err
	}
	if in.item.Kind == wire.KindText {
		if err := r.linkPictures(tx, row, in); err != nil {
			return 0, err
		}
	}
	if fresh && number > 1 {
		return row.ID, r.raiseDoubts(tx, row, number, in.item)
	}
	return row.ID, nil
}

// findItem finds the item that arrives, or begins a new one. Identity is (source, guid);
// a picture without a guid is the picture of the same file name.
func (r *Room) findItem(tx *store.Tx, in arriving) (row store.WireItem, err error) {
	found := false
	file := ""
	if in.item.Picture != nil {
		file = in.item.Picture.File
	}
	if in.item.GUID != "" {
		if row, found, err = tx.WireItemBy(in.source, in.item.GUID); err != nil {
			return row, err
		}
	}
	if !found && file != "" {
		row, found, err = tx.WirePictureBy(in.source, file)
		if err != nil {
			return row, err
		}
		if found && row.GUID != "" && in.item.GUID != "" && row.GUID != in.item.GUID {
			found = false // the agency used a file name twice for two pictures
		}
	}
	if !found {
		row = store.WireItem{Source: in.source, Kind: string(in.item.Kind)}
	}
	row.GUID = cmp.Or(row.GUID, in.item.GUID)
	row.File = cmp.Or(row.File, file)
	if in.original != nil {
		row.Picture = in.original.ID
	}
	return row, nil
}

// putVersion keeps the item and the version that arrived: one version however many roads
// it comes by, when number, own time or words agree.
func (r *Room) putVersion(tx *store.Tx, row store.WireItem, in arriving) (_ store.WireItem, number int, fresh bool, err error) {
	row.CameAt = tx.Now
	if row.ID == 0 {
		if row.ID, err = tx.PutWireItem(row); err != nil {
			return row, 0, false, err
		}
	}
	known, err := tx.WireVersions(row.ID)
	if err != nil {
		return row, 0, false, err
	}
	for _, v := range known {
		var was wire.Item
		if err := json.Unmarshal(v.Body, &was); err != nil {
			return row, 0, false, fmt.Errorf("wire item %d: %w", row.ID, err)
		}
		if wire.Same(was, in.item) {
			err := r.fillVersion(tx, v, was, in.item)
			if err == nil {
				_, err = tx.PutWireItem(row)
			}
			return row, v.Number, false, err
		}
	}
	body, err := json.Marshal(in.item)
	if err != nil {
		return row, 0, false, fmt.Errorf("keeping a wire item: %w", err)
	}
	row.Newest = len(known) + 1
	v := store.WireVersion{Item: row.ID, Number: row.Newest, Version: in.item.Version, Sent: in.item.Sent,
		Words: in.item.Words[:], Status: string(in.item.Status), Body: body, CameAt: tx.Now}
	if err := tx.AddWireVersion(v); err != nil {
		return row, 0, false, err
	}
	_, err = tx.PutWireItem(row)
	return row, row.Newest, true, err
}

// fillVersion adds to a version what another road knows and it did not.
func (r *Room) fillVersion(tx *store.Tx, v store.WireVersion, was, now wire.Item) error {
	merged := wire.Merge(was, now)
	body, err := json.Marshal(merged)
	if err != nil {
		return fmt.Errorf("keeping a wire item: %w", err)
	}
	v.Version, v.Sent, v.Body = merged.Version, merged.Sent, body
	return tx.FillWireVersion(v)
}

// linkPictures links a text item to the pictures that it names, each an item of its own,
// whether their bytes have come or not.
func (r *Room) linkPictures(tx *store.Tx, text store.WireItem, in arriving) error {
	for _, ref := range in.item.Pictures {
		if ref.GUID == "" && ref.File == "" {
			continue
		}
		pic := wire.Item{Format: in.item.Format, GUID: ref.GUID, Version: ref.Version, Kind: wire.KindPicture, Status: cmp.Or(ref.Status, wire.Usable), Picture: &ref}
		row, err := r.findItem(tx, arriving{source: in.source, item: pic})
		if err != nil {
			return err
		}
		if row, _, _, err = r.putVersion(tx, row, arriving{source: in.source, item: pic}); err != nil {
			return err
		}
		if err := tx.LinkPicture(text.ID, row.ID); err != nil {
			return err
		}
	}
	return nil
}

// raiseDoubts has every story that rests on an item answer a version that takes it back.
func (r *Room) raiseDoubts(tx *store.Tx, row store.WireItem, number int, it wire.Item) error {
	kind, till := doubtOf(it)
	if kind == "" {
		return nil
	}
	resting, err := tx.RestOn(row.ID)
	if err != nil {
		return err
	}
	now, err := r.now(tx)
	if err != nil {
		return err
	}
	for _, l := range resting {
		if err := tx.AddDoubt(store.WireDoubt{Article: l.Article, Item: row.ID, Version: number, Kind: kind, Till: till}); err != nil {
			return err
		}
		open, err := tx.OpenActs(string(l.Article))
		if err != nil {
			return err
		}
		for _, act := range open {
			if err := tx.LookAgain(act.ID, now); err != nil {
				return err
			}
		}
	}
	return nil
}

// doubtOf says what a version asks of what rests on it: canceled, withheld, embargo or nothing.
func doubtOf(it wire.Item) (kind string, till time.Time) {
	switch {
	case it.Status != wire.Usable:
		return string(it.Status), time.Time{}
	case it.Embargo.Set:
		return "embargo", it.Embargo.Until
	}
	return "", time.Time{}
}

// itemOf reads the parsed item of a version.
func itemOf(v store.WireVersion) (it wire.Item, err error) {
	if err = json.Unmarshal(v.Body, &it); err != nil {
		err = fmt.Errorf("wire item %d, version %d: %w", v.Item, v.Number, err)
	}
	return it, err
}

func (r *Room) wireName(q *store.Query, id string) string {
	var item int64
	if _, err := fmt.Sscan(id, &item); err != nil {
		return ""
	}
	row, found, err := q.WireItem(item)
	if err != nil || !found {
		return ""
	}
	return r.itemHeadline(q, row)
}

// itemHeadline names an item as its first version did: a later one may be empty of words.
func (r *Room) itemHeadline(q *store.Query, row store.WireItem) string {
	v, found, err := q.WireVersion(row.ID, 1)
	if err != nil || !found {
		return row.GUID
	}
	it, err := itemOf(v)
	if err != nil {
		return row.GUID
	}
	return cmp.Or(it.Headline, row.File, row.GUID)
}

// newestUsable is the version that a story takes: the newest, if the agency lets it.
func newestUsable(q *store.Query, item store.WireItem) (store.WireVersion, wire.Item, error) {
	v, found, err := q.WireVersion(item.ID, item.Newest)
	if err != nil || !found {
		return v, wire.Item{}, joinUnknown(err, "There is no such wire item.")
	}
	it, err := itemOf(v)
	if err != nil {
		return v, it, err
	}
	if it.Status != wire.Usable {
		return v, it, story.Refuse(story.Conflict, "The agency says that this is %s. It cannot be taken.", story.Word(it.Status))
	}
	return v, it, nil
}
