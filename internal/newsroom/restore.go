package newsroom

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"slices"

	"golang.org/x/mod/sumdb/tlog"

	"dateline/internal/record"
	"dateline/internal/store"
	"dateline/internal/story"
)

// A Mirror is a public copy of the record, from which a restore takes back what was signed
// after its backup was made.
type Mirror interface {
	// After returns up to limit entries with numbers greater than n, in order.
	After(ctx context.Context, n int64, limit int) ([]record.Entry, error)
	// Rendition returns the bytes of a public form of a picture, fs.ErrNotExist for one
	// that is public no longer.
	Rendition(ctx context.Context, sha256 string) ([]byte, error)
}

// Recover appends what a mirror holds after the newest entry here, as far as a checkpoint
// covers it, and rebuilds the newsroom's side of it: texts, standings, people, desks, and
// acts that were posted meanwhile and must not be posted again. It is all or nothing: what
// is not just what the record's own key signed is refused. It returns how many came back.
func (r *Room) Recover(ctx context.Context, from Mirror, checkpoint []byte) (count int, err error) {
	err = r.db.Write(ctx, func(tx *store.Tx) error {
		count = 0
		n, last, err := signedUpTo(tx, checkpoint)
		if err != nil || n >= last {
			return err
		}
		for n < last {
			entries, err := from.After(ctx, n, 200)
			if err != nil {
				return fmt.Errorf("asking the mirror: %w", err)
			}
			if len(entries) == 0 {
				return story.Refuse(story.Invalid, "The mirror ends with entry %d, and its checkpoint covers %d.", n, last)
			}
			for _, e := range entries {
				if e.N > last {
					break
				}
				if err := r.takeBack(tx, from, e); err != nil {
					return err
				}
				n, count = e.N, count+1
			}
		}
		return tx.Seal(checkpoint)
	})
	return count, err
}

// signedUpTo returns the newest number that is here and the newest that a checkpoint
// covers. One that does not cover what is here is held to it instead.
func signedUpTo(tx *store.Tx, checkpoint []byte) (n, last int64, err error) {
	volume, err := tx.Volume()
	if err != nil {
		return 0, 0, err
	}
	content, _, err := tx.VolumeContent()
	if err != nil {
		return 0, 0, err
	}
	c, err := record.OpenCheckpoint(checkpoint, content.Key)
	if err != nil {
		return 0, 0, story.Refuse(story.Invalid, "The checkpoint is not of the newest volume here, %s: %s.", volume.Log, err)
	}
	if n, _, _, err = tx.Last(); err != nil {
		return 0, 0, err
	}
	if size := n - volume.First + 1; c.Size <= size {
		root, err := tlog.TreeHash(c.Size, tx.Tree(volume.Number))
		if err == nil && root != c.Root {
			err = story.Refuse(story.Invalid, "The checkpoint of %d entries signs another record than this one.", c.Size)
		}
		return n, n, err
	}
	return n, volume.First + c.Size - 1, nil
}

// takeBack takes one entry back, with the newsroom's side of it.
func (r *Room) takeBack(tx *store.Tx, from Mirror, e record.Entry) error {
	n, volume, _, err := tx.Last()
	if err != nil {
		return err
	}
	if e.N != n+1 || e.Volume != volume || e.Kind == record.KindVolume {
		return story.Refuse(story.Invalid, "The mirror gives entry %d of volume %d after entry %d of volume %d: restore from a backup of that volume.", e.N, e.Volume, n, volume)
	}
	if e.Readable() && (len(e.Salt) != record.SaltLength || record.CommitTo(e.Salt, e.Content) != e.Commit) {
		return story.Refuse(story.Invalid, "The mirror gives entry %d with other words than were committed to.", e.N)
	}
	if err := tx.TakeBack(e); err != nil {
		return err
	}
	if err := r.sideOf(tx, from, e); err != nil {
		return fmt.Errorf("taking back entry %d: %w", e.N, err)
	}
	if err := settleActs(tx, e); err != nil {
		return err
	}
	return tx.Note(store.Audit{Verb: "restored", Desk: e.Desk, Subject: e.Subject, Detail: "taken back from a mirror", Entry: e.N})
}

// sideOf rebuilds what the newsroom keeps beside an entry, as far as the entry tells.
func (r *Room) sideOf(tx *store.Tx, from Mirror, e record.Entry) error {
	switch e.Kind {
	case record.KindArticle:
		return r.articleBack(tx, from, e)
	case record.KindWithdraw:
		return r.standingBack(tx, e, story.Withdrawn)
	case record.KindKill:
		return r.killBack(tx, e)
	case record.KindErase:
		return r.eraseBack(tx, e)
	}
	if !e.Readable() {
		return nil
	}
	switch e.Kind {
	case record.KindPerson:
		p, err := record.Decode[record.Person](e)
		if err != nil {
			return err
		}
		return tx.PutPerson(e.Subject, p.Names.In(""))
	case record.KindLive:
		return r.liveBack(tx, from, e)
	case record.KindDesk:
		return deskBack(tx, e)
	case record.KindDuty:
		return dutyBack(tx, e)
	}
	return nil // the newsroom keeps nothing of its own beside the others
}

// articleBack makes a working text and a revision of what was public.
func (r *Room) articleBack(tx *store.Tx, from Mirror, e record.Entry) error {
	id := story.ArticleID(e.Subject)
	if _, found, err := tx.Article(id); err != nil {
		return err
	} else if !found {
		if err := tx.AddArticle(id, e.Desk, 0); err != nil {
			return err
		}
	}
	if e.Readable() {
		content, err := record.Decode[record.Article](e)
		if err != nil {
			return err
		}
		if err := r.textBack(tx, id, e.Revision, content.Text); err != nil {
			return err
		}
		for _, p := range content.Pictures {
			if err := r.pictureBack(tx, from, p); err != nil {
				return err
			}
		}
	}
	return r.standingBack(tx, e, story.Public)
}

func (r *Room) standingBack(tx *store.Tx, e record.Entry, s story.Standing) error {
	id := story.ArticleID(e.Subject)
	a, found, err := tx.Article(id)
	if err != nil || !found {
		return err // it is not about an article
	}
	killed := a.KilledRev
	if s == story.Killed {
		rev, _, err := tx.NewestRevision(id)
		if err != nil {
			return err
		}
		killed = rev.Number
	}
	return tx.SetStanding(id, s, e.At, killed)
}

// textBack saves the public text as the newest version of each part, over whatever the
// backup had (which stays in the history), and keeps it as the revision that was posted.
func (r *Room) textBack(tx *store.Tx, id story.ArticleID, number int, text story.Text) error {
	if err := saveOver(tx, id, text); err != nil {
		return err
	}
	if err := tx.Touch(id, lineOf(text, 0)); err != nil {
		return err
	}
	if _, found, err := tx.Revision(id, number); err != nil || found {
		return errors.Join(err, tx.Cut(id))
	}
	body, err := json.Marshal(text)
	if err != nil {
		return err
	}
	sum := sha256.Sum256(body)
	return tx.AddRevision(store.Revision{Article: id, Number: number, Text: body, Hash: sum[:], Cause: "restored"})
}

// saveOver makes a text the newest version of every part of a working text.
func saveOver(tx *store.Tx, id story.ArticleID, text story.Text) error {
	text.Pictures = slices.Clone(text.Pictures)
	for i := range text.Pictures {
		text.Pictures[i].Renditions = nil // a working text has none; they are looked up
	}
	parts, err := story.Parts(text)
	if err != nil {
		return err
	}
	was, err := working(&tx.Query, id)
	if err != nil {
		return err
	}
	for name := range was {
		if _, still := parts[name]; !still {
			parts[name] = json.RawMessage("null")
		}
	}
	for name, body := range parts {
		if string(body) == "null" {
			if body, err = story.CheckPart(name, body); err != nil {
				continue // a block or picture that its order names no more: its part keeps what it said
			}
		}
		if string(was[name].Body) == string(body) {
			continue
		}
		if err := tx.SavePart(id, store.Part{Name: name, Version: was[name].Version + 1, Body: body}, 0); err != nil {
			return err
		}
	}
	return nil
}

// pictureBack keeps the public forms of a picture. Where its original was lost the widest
// of them stands in for it, so that the story can be worked on.
func (r *Room) pictureBack(tx *store.Tx, from Mirror, use story.PictureUse) error {
	var widest story.Rendition
	for _, x := range use.Renditions {
		raw, err := from.Rendition(tx.Context(), x.SHA256)
		if errors.Is(err, fs.ErrNotExist) {
			return nil // it was withdrawn since, or the story was killed: nobody shows it
		}
		if err != nil {
			return fmt.Errorf("asking the mirror for a picture: %w", err)
		}
		if sum := sha256.Sum256(raw); hex.EncodeToString(sum[:]) != x.SHA256 {
			return story.Refuse(story.Invalid, "The mirror gives another picture than the one that was posted.")
		}
		if err := r.keepBytes("renditions", x.SHA256, raw); err != nil {
			return err
		}
		if x.Width > widest.Width {
			widest = x
			if err := r.keepStandIn(tx, use, x, raw); err != nil {
				return err
			}
		}
	}
	if widest.SHA256 == "" {
		return nil
	}
	if err := r.addStandIn(tx, use, widest); err != nil {
		return err
	}
	for _, x := range use.Renditions {
		if err := tx.AddRendition(use.ID, renditionWords(use), x); err != nil {
			return err
		}
	}
	return nil
}

// keepStandIn keeps the bytes of a public form as those of an original that is not here.
func (r *Room) keepStandIn(tx *store.Tx, use story.PictureUse, x story.Rendition, raw []byte) error {
	if _, found, err := tx.Picture(use.ID); err != nil || found {
		return err
	}
	return r.keepBytes("originals", x.SHA256, raw)
}

func (r *Room) addStandIn(tx *store.Tx, use story.PictureUse, x story.Rendition) error {
	if _, found, err := tx.Picture(use.ID); err != nil || found {
		return err
	}
	return tx.AddPicture(store.Picture{ID: use.ID, SHA256: x.SHA256, Type: x.Type, Bytes: x.Bytes, Width: x.Width, Height: x.Height, Meta: []byte("{}")})
}

// killBack withholds what a kill named that was here before it came back. One whose own
// words were erased since names nothing; the erasure does.
func (r *Room) killBack(tx *store.Tx, e record.Entry) error {
	if !e.Readable() {
		return r.standingBack(tx, e, story.Killed)
	}
	kill, err := record.Decode[record.Kill](e)
	if err != nil {
		return err
	}
	for _, n := range kill.Withheld {
		was, err := tx.EntriesAfter(n-1, 1)
		if err != nil {
			return err
		}
		if len(was) == 1 && was[0].N == n && was[0].GoneBy == 0 {
			if err := tx.Withhold(n, e.N); err != nil {
				return err
			}
		}
	}
	return r.standingBack(tx, e, story.Killed)
}

// eraseBack destroys what an erasure named that was here before it came back, and all that
// the newsroom keeps beside it. Clear does the files.
func (r *Room) eraseBack(tx *store.Tx, e record.Entry) error {
	erase, err := record.Decode[record.Erase](e)
	if err != nil {
		return err
	}
	for _, n := range erase.Destroyed {
		was, err := tx.EntriesAfter(n-1, 1)
		if err != nil {
			return err
		}
		if len(was) == 1 && was[0].N == n && was[0].GoneBy != e.N {
			if err := tx.Destroy(n, e.N); err != nil {
				return err
			}
		}
	}
	id := story.ArticleID(e.Subject)
	w := ErasureWish{Article: id, Wording: erase.Wording, Ordered: erase.Ordered}
	if _, found, err := tx.Article(id); err != nil || !found {
		w.Article, w.Person = "", e.Subject
		return errors.Join(err, r.destroyPrivate(tx, w, ErasePlan{}, e.N))
	}
	if err := r.endActs(tx, id); err != nil {
		return err
	}
	plan, err := r.planErase(&tx.Query, id)
	if err != nil {
		return err
	}
	if err := r.destroyPrivate(tx, w, plan, e.N); err != nil {
		return err
	}
	return r.standingBack(tx, e, story.Erased)
}

// deskBack keeps what is public of a desk's settings. What is not comes from the desk's own
// row, or for a desk that the backup does not know from the first desk of the house, until
// the configuration or its chief says otherwise.
func deskBack(tx *store.Tx, e record.Entry) error {
	content, err := record.Decode[record.Desk](e)
	if err != nil {
		return err
	}
	rows, err := tx.Desks()
	if err != nil {
		return err
	}
	row := store.DeskRow{ID: story.DeskID(e.Subject), Position: len(rows), ToldAt: e.At}
	if i := slices.IndexFunc(rows, func(d store.DeskRow) bool { return d.ID == row.ID }); i >= 0 {
		row = rows[i]
	} else if len(rows) > 0 {
		row.Settings = rows[0].Settings
	}
	s := DeskSettings{}
	if row.Settings != nil {
		if s, err = settingsOf(row.Settings); err != nil {
			return err
		}
	}
	if s.Place.Lat != content.Place.Lat || s.Place.Lon != content.Place.Lon {
		s.City = "" // it is another city than the one in the gazetteer
	}
	s.Slug, s.Names, s.Place, s.Notice, s.Followers = content.Slug, content.Names, content.Place, content.Notice, content.Followers
	if row.Settings, err = json.Marshal(s); err != nil {
		return err
	}
	if err := tx.PutDesk(row); err != nil {
		return err
	}
	return tx.LookAgainDesk(row.ID)
}

func dutyBack(tx *store.Tx, e record.Entry) error {
	duty, err := record.Decode[record.Duty](e)
	if err != nil {
		return err
	}
	rows, err := tx.Desks()
	if err != nil {
		return err
	}
	for _, row := range rows {
		if row.ID == story.DeskID(e.Subject) {
			row.Resting, row.ToldAt = !duty.Open, e.At
			return tx.PutDesk(row)
		}
	}
	return nil
}

// settleActs ends the acts that an entry shows to have been posted after the backup was
// made. Others of its subject were filed against what is public no longer; the gate sees
// that by their base and asks a person.
func settleActs(tx *store.Tx, e record.Entry) error {
	what, ok := whatOf(e)
	if !ok {
		return nil
	}
	open, err := tx.OpenActs(e.Subject)
	if err != nil {
		return err
	}
	for _, act := range open {
		if act.Part != e.Part || act.What != what || act.Revision != e.Revision {
			continue
		}
		if _, err := tx.EndAct(act.ID, story.Posted, e.N, ""); err != nil {
			return err
		}
	}
	return nil
}

// whatOf is the act that an entry was.
func whatOf(e record.Entry) (story.What, bool) {
	switch e.Kind {
	case record.KindWithdraw:
		return story.Withdraw, true
	case record.KindKill:
		return story.Kill, true
	case record.KindFront:
		return story.Front, true
	case record.KindLive:
		return liveWhat(e)
	case record.KindArticle:
		if !e.Readable() {
			return "", false
		}
		content, err := record.Decode[record.Article](e)
		for what, change := range changes {
			if err == nil && change == content.Change {
				return what, true
			}
		}
	}
	return "", false
}

// BeginVolume begins the next volume of the record, under the key that the store was given
// for it. known is the newest checkpoint of the volume before that anybody has; nil for the
// one that is here. Numbers that it covers are never used again, nor are those up to seen,
// the newest that anybody saw.
func (r *Room) BeginVolume(ctx context.Context, key record.Key, cause record.VolumeCause, known []byte, seen int64) error {
	return r.db.Write(ctx, func(tx *store.Tx) error {
		volume, err := tx.Volume()
		if err != nil {
			return err
		}
		own, _, err := tx.NewestCheckpoint(volume.Number)
		if err != nil {
			return err
		}
		n, last, err := signedUpTo(tx, own.Note)
		if err == nil && known != nil {
			n, last, err = signedUpTo(tx, known)
		}
		if err != nil {
			return err
		}
		if n == last {
			known = own.Note // nobody knows more than is here
		}
		content := record.Volume{Log: key.Log(), Key: key.Verifier(), Cause: cause, Former: &record.Former{N: n, Checkpoint: string(known)}}
		e, err := r.volume(tx, content, max(last, seen))
		if err != nil {
			return err
		}
		return tx.Note(store.Audit{Verb: "volume", Subject: key.Log(), Detail: string(cause), Entry: e.N})
	})
}

// EndSessions signs every member out and voids every sign-in link.
func (r *Room) EndSessions(ctx context.Context) error {
	return r.db.Write(ctx, func(tx *store.Tx) error { return tx.EndSessions() })
}
