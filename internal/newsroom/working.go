package newsroom

import (
	"bytes"
	"cmp"
	"context"
	"crypto/sha256"
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"slices"

	"golang.org/x/text/unicode/norm"

	"dateline/internal/store"
	"dateline/internal/story"
)

// A Beginning asks for a new story.
type Beginning struct {
	Key  string
	Desk story.DeskID
	Lang string
	Text *story.Text // to begin with; ids of blocks and people are given here
}

// Start begins a story at a desk.
func (r *Room) Start(ctx context.Context, who Who, b Beginning) (story.ArticleID, error) {
	return do(ctx, r, who, "start", b.Key, b, func(tx *store.Tx, who Who) (story.ArticleID, error) {
		if err := who.must("start", b.Desk); err != nil {
			return "", err
		}
		text := story.Text{Type: story.Report, Lang: b.Lang, Doc: story.Doc{{Kind: story.Paragraph}}}
		if b.Text != nil {
			text = *b.Text
		}
		return r.start(tx, who, b.Desk, text)
	})
}

// start makes the article and saves every part of its first text.
func (r *Room) start(tx *store.Tx, who Who, desk story.DeskID, text story.Text) (story.ArticleID, error) {
	if _, n, err := deskEntry(&tx.Query, desk); err != nil || n == 0 {
		return "", joinUnknown(err, "There is no such desk.")
	}
	id := story.ArticleID(r.newID(story.ArticleIDLength))
	if err := tx.AddArticle(id, desk, who.Member); err != nil {
		return "", err
	}
	text.Doc, text.Bylines = slices.Clone(text.Doc), slices.Clone(text.Bylines) // the request stays what its caller sent
	for i := range text.Doc {
		if text.Doc[i].ID == "" {
			text.Doc[i].ID = r.newID(story.BlockIDLength)
		}
	}
	for i, b := range text.Bylines {
		var err error
		if text.Bylines[i].Person, err = r.personID(tx, b.Name); err != nil {
			return "", err
		}
	}
	parts, err := story.Parts(text)
	if err != nil {
		return "", err
	}
	for name, body := range parts {
		if err := story.CheckWords(name, body); err != nil {
			return "", err
		}
		if err := tx.SavePart(id, store.Part{Name: name, Version: 1, Body: body}, who.Member); err != nil {
			return "", err
		}
	}
	if err := tx.Touch(id, lineOf(text, who.Member)); err != nil {
		return "", err
	}
	return id, tx.Note(store.Audit{Member: who.Member, Verb: "start", Desk: desk, Subject: string(id)})
}

// personID is the id of the person of that name, a new one for a new name.
func (r *Room) personID(tx *store.Tx, name string) (string, error) {
	id, found, err := tx.PersonNamed(name)
	if err != nil || found || name == "" {
		return id, err
	}
	id = r.newID(story.ArticleIDLength)
	return id, tx.AddPerson(id, name)
}

// A PartSave is one changed part of a working text, with the version that it changes.
type PartSave struct {
	Part string          `json:"part"`
	Base int             `json:"base"` // 0 for a part that was not there
	Body json.RawMessage `json:"body"`
}

// A Saving saves changed parts of a working text.
type Saving struct {
	Key     string
	Article story.ArticleID
	Parts   []PartSave
}

// Saved says what became of each part.
type Saved struct {
	Versions map[string]int `json:"versions"`          // the newest of each part now
	Clashes  []string       `json:"clashes,omitempty"` // parts that now have two texts
}

// Save saves parts of a working text. It is never refused for rest; a part whose base is
// no longer the newest keeps both texts until somebody chooses.
func (r *Room) Save(ctx context.Context, who Who, s Saving) (Saved, error) {
	return do(ctx, r, who, "save", s.Key, s, func(tx *store.Tx, who Who) (Saved, error) {
		a, found, err := tx.Article(s.Article)
		if err != nil || !found {
			return Saved{}, joinUnknown(err, "There is no such story.")
		}
		if err := who.must("save", a.Desk); err != nil {
			return Saved{}, err
		}
		return r.save(tx, who, a.ID, s.Parts)
	})
}

func (r *Room) save(tx *store.Tx, who Who, id story.ArticleID, saves []PartSave) (out Saved, err error) {
	out.Versions = map[string]int{}
	if err := stands(&tx.Query, id); err != nil {
		return out, err
	}
	parts, err := working(&tx.Query, id)
	if err != nil {
		return out, err
	}
	changed := false
	for _, s := range saves {
		body, err := story.CheckPart(s.Part, norm.NFC.Bytes(s.Body))
		if err == nil {
			err = story.CheckWords(s.Part, body)
		}
		if err != nil {
			return out, err
		}
		now, there := parts[s.Part]
		switch {
		case there && bytes.Equal(now.Body, body):
		case now.Version != s.Base:
			if _, err := tx.AddClash(store.Clash{Article: id, Part: s.Part, Base: s.Base, Body: body, By: who.Member}); err != nil {
				return out, err
			}
			out.Clashes = append(out.Clashes, s.Part)
		default:
			now = store.Part{Name: s.Part, Version: now.Version + 1, Body: body, By: who.Member, At: tx.Now}
			if err := tx.SavePart(id, now, who.Member); err != nil {
				return out, err
			}
			parts[s.Part], changed = now, true
		}
		out.Versions[s.Part] = now.Version
	}
	if !changed {
		return out, nil
	}
	text, err := assemble(parts)
	if err != nil {
		return out, err
	}
	return out, tx.Touch(id, lineOf(text, lastEditor(parts, who.Member)))
}

// lineOf is what lists tell of a text, and of who saved its newest part.
func lineOf(text story.Text, editor int64) store.Line {
	return store.Line{Headline: text.Headline, Lang: text.Lang, Words: text.Doc.Words(), OfLive: text.Type == story.Live, Editor: editor}
}

// stands refuses what would write words into a story that was erased.
func stands(q *store.Query, id story.ArticleID) error {
	a, _, err := q.Article(id)
	if err == nil && a.Standing == story.Erased {
		err = story.Refuse(story.Gone, "This story was erased. Nothing can be written into it.")
	}
	return err
}

// working reads the newest version of every part.
func working(q *store.Query, id story.ArticleID) (map[string]store.Part, error) {
	all, err := q.Working(id)
	if err != nil {
		return nil, err
	}
	parts := make(map[string]store.Part, len(all))
	for _, p := range all {
		parts[p.Name] = p
	}
	return parts, nil
}

func assemble(parts map[string]store.Part) (story.Text, error) {
	bodies := make(map[string]json.RawMessage, len(parts))
	for name, p := range parts {
		bodies[name] = p.Body
	}
	return story.Assemble(bodies)
}

// A Choice settles a part that has two texts.
type Choice struct {
	Key     string
	Article story.ArticleID
	Clash   int64
	Keep    string // "first" (what stands), "second" (the later save), "both" (blocks only)
}

// Settle chooses between the two texts of a part. Both stay in the history.
func (r *Room) Settle(ctx context.Context, who Who, c Choice) error {
	_, err := do(ctx, r, who, "settle", c.Key, c, func(tx *store.Tx, who Who) (bool, error) {
		a, found, err := tx.Article(c.Article)
		if err != nil || !found {
			return false, joinUnknown(err, "There is no such story.")
		}
		if err := who.must("save", a.Desk); err != nil {
			return false, err
		}
		open, err := tx.Clashes(a.ID)
		if err != nil {
			return false, err
		}
		i := slices.IndexFunc(open, func(x store.Clash) bool { return x.ID == c.Clash })
		if i < 0 {
			return false, story.Refuse(story.Conflict, "Somebody has chosen already.")
		}
		if err := r.settle(tx, who, open[i], c.Keep); err != nil {
			return false, err
		}
		return true, tx.SettleClash(open[i], c.Keep)
	})
	return err
}

func (r *Room) settle(tx *store.Tx, who Who, c store.Clash, keep string) error {
	parts, err := working(&tx.Query, c.Article)
	if err != nil {
		return err
	}
	switch keep {
	case "first":
		return nil
	case "second":
		_, err := r.save(tx, who, c.Article, []PartSave{{Part: c.Part, Base: parts[c.Part].Version, Body: c.Body}})
		return err
	case "both":
		return r.keepBoth(tx, who, c, parts)
	}
	return story.Refuse(story.Invalid, "Keep the first, the second or both.")
}

// keepBoth gives the second text of a block a block of its own, after the first.
func (r *Room) keepBoth(tx *store.Tx, who Who, c store.Clash, parts map[string]store.Part) error {
	var block story.Block
	if err := json.Unmarshal(c.Body, &block); err != nil || story.BlockPart(block.ID) != c.Part {
		return story.Refuse(story.Invalid, "Only blocks can keep both texts. Choose one.")
	}
	var order []string
	if err := json.Unmarshal(parts[story.PartOrder].Body, &order); err != nil {
		return fmt.Errorf("the order of %s: %w", c.Article, err)
	}
	at := slices.Index(order, block.ID) + 1
	block.ID = r.newID(story.BlockIDLength)
	body, err := json.Marshal(block)
	if err != nil {
		return err
	}
	newOrder, err := json.Marshal(slices.Insert(order, at, block.ID))
	if err != nil {
		return err
	}
	_, err = r.save(tx, who, c.Article, []PartSave{
		{Part: story.BlockPart(block.ID), Body: body},
		{Part: story.PartOrder, Base: parts[story.PartOrder].Version, Body: newOrder},
	})
	return err
}

// cut makes a revision of the working text, or returns the newest where nothing changed.
// Parts with two texts refuse it: nobody has said yet which one is meant.
func (r *Room) cut(tx *store.Tx, id story.ArticleID, cause string, by int64) (store.Revision, error) {
	clashes, err := tx.Clashes(id)
	if err != nil {
		return store.Revision{}, err
	}
	if len(clashes) > 0 {
		return store.Revision{}, story.Refuse(story.Conflict, "Parts of this story that have two texts: %d. Choose one of each first.", len(clashes))
	}
	parts, err := working(&tx.Query, id)
	if err != nil {
		return store.Revision{}, err
	}
	text, err := assemble(parts)
	if err != nil {
		return store.Revision{}, err
	}
	if err := r.finish(tx, &text); err != nil {
		return store.Revision{}, err
	}
	body, err := json.Marshal(text)
	if err != nil {
		return store.Revision{}, fmt.Errorf("cutting a revision: %w", err)
	}
	sum := sha256.Sum256(body)
	newest, found, err := tx.NewestRevision(id)
	if err != nil {
		return store.Revision{}, err
	}
	if found && bytes.Equal(newest.Hash, sum[:]) {
		return newest, tx.Cut(id)
	}
	rev := store.Revision{Article: id, Number: newest.Number + 1, Text: body, Hash: sum[:], Cause: cause, By: lastEditor(parts, by), At: tx.Now}
	return rev, tx.AddRevision(rev)
}

// finish fills in what a text carries but nobody types: people's ids, the renditions of
// its pictures, and no empty blocks.
func (r *Room) finish(tx *store.Tx, text *story.Text) (err error) {
	text.Doc = slices.DeleteFunc(text.Doc, story.Block.Empty)
	for i, b := range text.Bylines {
		if b.Person == "" {
			if text.Bylines[i].Person, err = r.personID(tx, b.Name); err != nil {
				return err
			}
		}
	}
	if err := r.speakerIDs(tx, text); err != nil {
		return err
	}
	for i, p := range text.Pictures {
		if text.Pictures[i].Renditions, err = tx.Renditions(p.ID, renditionWords(p)); err != nil {
			return err
		}
	}
	return nil
}

// lastEditor is whoever saved the newest part; of parts saved at one instant, the one that
// was saved most often.
func lastEditor(parts map[string]store.Part, otherwise int64) int64 {
	parts = ofText(parts)
	if len(parts) == 0 {
		return otherwise
	}
	return slices.MaxFunc(slices.Collect(maps.Values(parts)), bySave).By
}

// bySave puts parts in the order in which they were saved, as far as it is known.
func bySave(a, b store.Part) int {
	return cmp.Or(a.At.Compare(b.At), cmp.Compare(a.Version, b.Version), cmp.Compare(a.Name, b.Name))
}

// Ready cuts a revision and marks it as ready for a second pair of eyes.
func (r *Room) Ready(ctx context.Context, who Who, key string, id story.ArticleID) error {
	return r.onArticle(ctx, who, "ready", key, id, func(tx *store.Tx, who Who, a store.Article) error {
		rev, err := r.cut(tx, id, "ready", who.Member)
		if err != nil {
			return err
		}
		return tx.Ready(id, rev.Number)
	})
}

// Approve binds an approval to the newest revision; its last editor cannot give it.
func (r *Room) Approve(ctx context.Context, who Who, key string, id story.ArticleID) error {
	return r.onArticle(ctx, who, "approve", key, id, func(tx *store.Tx, who Who, a store.Article) error {
		rev, err := r.cut(tx, id, "approved", who.Member)
		if err != nil {
			return err
		}
		if rev.By == who.Member {
			return story.Refuse(story.Forbidden, "You edited this revision last. A second pair of eyes is somebody else's.")
		}
		if a.Standing == story.Killed { // what was killed comes back by two people
			if err := who.mustBeFresh(tx.Now); err != nil {
				return err
			}
			if err := r.otherPerson(tx, who, rev.By); err != nil {
				return err
			}
		}
		return tx.Approve(id, rev.Number, who.Member)
	})
}

// onArticle runs a verb that takes nothing but an article, and notes it in the audit.
func (r *Room) onArticle(ctx context.Context, who Who, verb, key string, id story.ArticleID, fn func(*store.Tx, Who, store.Article) error) error {
	_, err := do(ctx, r, who, verb, key, id, func(tx *store.Tx, who Who) (bool, error) {
		a, found, err := tx.Article(id)
		if err != nil || !found {
			return false, joinUnknown(err, "There is no such story.")
		}
		if err := errors.Join(who.must(verb, a.Desk), stands(&tx.Query, id)); err != nil {
			return false, err
		}
		if err := fn(tx, who, a); err != nil {
			return false, err
		}
		return true, tx.Note(store.Audit{Member: who.Member, Verb: verb, Desk: a.Desk, Subject: string(id)})
	})
	return err
}
