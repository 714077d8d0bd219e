package newsroom

import (
	"context"
	"encoding/json"
	"fmt"
	"slices"
	"strings"

	"golang.org/x/text/unicode/norm"

	"dateline/internal/record"
	"dateline/internal/store"
	"dateline/internal/story"
)

// A live page is a public article of type live that was opened with its desks. What they
// add to it are acts like every other: an entry has no working text, the act holds its
// words, and its writer's desk speaks and is judged. A second pair of eyes reads revisions;
// an entry has none, so that a desk that asks for one is not asked here.

// A LiveWish asks something of a live page or of one of its entries.
type LiveWish struct {
	Key     string
	Page    story.ArticleID
	What    story.What
	Desk    story.DeskID   // in whose voice
	Desks   []story.DeskID // of a page that is opened or reopened
	Entry   string         // that is edited or removed
	Base    int64          // n of its newest public form that the writer saw; -1 for whatever is
	Words   LiveWords
	Summary string // when the page closes
	NoUndo  bool
	Outputs record.Outputs
}

// LiveWords are what a live entry says.
type LiveWords struct {
	Headline   string
	Doc        story.Doc // ids of blocks are given where there are none
	Quotations []story.Quotation
	Pictures   []story.PictureUse // each was added to the page by AddLivePicture
	By         string             // its author's name
	Key        bool               // a key event
	Pinned     bool
}

// LiveFiled is what became of a wish, and the id of the entry that it is about.
type LiveFiled struct {
	Filed
	Part string `json:"part,omitempty"`
}

// Bounds of one live entry: it is sent whole to every open page.
const (
	maxLiveBytes    = 7 << 10 // of its words, as the record keeps them, without its pictures
	maxLivePictures = 4
	maxLiveSummary  = 2000
)

// Live files an act about a live page: as every act it waits while its desk rests, unless
// it takes an entry down.
func (r *Room) Live(ctx context.Context, who Who, w LiveWish) (LiveFiled, error) {
	if w.What.OnLive() && w.What.Class() == story.Speaks {
		if err := r.prepareUses(ctx, w.Words.Pictures); err != nil {
			return LiveFiled{}, err
		}
	}
	filed, err := do(ctx, r, who, "live", w.Key, w, func(tx *store.Tx, who Who) (LiveFiled, error) {
		return r.fileLive(tx, who, w)
	})
	if err == nil && filed.State == story.Posted {
		filed.Shown = r.waitShown(ctx, filed.Filed.Entry)
	}
	return filed, err
}

func (r *Room) fileLive(tx *store.Tx, who Who, w LiveWish) (out LiveFiled, err error) {
	a, found, err := tx.Article(w.Page)
	if err != nil || !found {
		return out, joinUnknown(err, "There is no such story.")
	}
	if !w.What.OnLive() {
		return out, story.Refuse(story.Invalid, "There is nothing to do on a live page as %q.", w.What)
	}
	page, err := livePageOf(&tx.Query, w.Page)
	if err != nil {
		return out, err
	}
	if err := mayLive(who, a, page, w); err != nil {
		return out, err
	}
	act, err := r.draftLive(tx, who, a, w)
	if err != nil {
		return out, err
	}
	if out.Filed, err = r.accept(tx, who, act); err != nil {
		return out, err
	}
	out.Part = act.Part
	return out, nil
}

// mayLive: a page is opened by its own desk; after that, whoever writes for one of its desks
// may write on it.
func mayLive(who Who, a store.Article, page story.LivePage, w LiveWish) error {
	desks := page.Desks
	if w.What == story.OpenLive || w.What == story.ReopenLive {
		desks = []story.DeskID{a.Desk}
		desks = append(desks, page.Desks...)
	}
	if w.What == story.RemoveLive {
		desks = append(slices.Clone(desks), a.Desk)
	}
	if !slices.Contains(desks, w.Desk) {
		if page.State == story.NotLive && w.What != story.OpenLive {
			return story.Refuse(story.Conflict, "%s", standingWords(story.IsNotLive))
		}
		return story.Refuse(story.Forbidden, "%s", standingWords(story.OffLive))
	}
	return who.must(string(w.What), w.Desk)
}

// livePageOf is where a live page stands: as its newest readable opening or closing says.
func livePageOf(q *store.Query, id story.ArticleID) (page story.LivePage, err error) {
	e, found, err := q.NewestLive(id, "")
	if err != nil || !found || !e.Readable() {
		return page, err // what a kill withheld is open no more
	}
	c, err := record.Decode[record.Live](e)
	page.State, page.Desks = story.LiveOpen, c.Desks
	if c.Does == record.LiveCloses {
		page.State = story.LiveClosed
	}
	return page, err
}

// draftLive makes the act that a wish asks for.
func (r *Room) draftLive(tx *store.Tx, who Who, a store.Article, w LiveWish) (act store.Act, err error) {
	now, err := r.now(tx)
	if err != nil {
		return act, err
	}
	act = store.Act{By: who.Member, Act: story.Act{What: w.What, Subject: string(a.ID), Desk: w.Desk,
		Queued: now, Undo: now, Road: story.ByPerson, State: story.Pending}}
	if who.Program {
		act.Road = story.ByProgram
	}
	if act.Part, act.Base, err = r.livePart(tx, w); err != nil {
		return act, err
	}
	content, err := r.liveWords(tx, a, w, act.Part)
	if err != nil {
		return act, err
	}
	if act.Detail, err = json.Marshal(Detail{Live: &content}); err != nil {
		return act, fmt.Errorf("filing a live entry: %w", err)
	}
	if act.What.Class() == story.Speaks {
		if act.Under, err = r.under(tx, who, act); err != nil {
			return act, err
		}
		if err := r.allowUndo(&tx.Query, &act, Filing{NoUndo: w.NoUndo}, who); err != nil {
			return act, err
		}
		act.Due = story.DueAt(act.Act, a.Embargo)
	} else {
		act.Due = act.Queued
	}
	act.LookAt = act.Due
	return act, nil
}

// livePart is the part that a wish is about, and what is public of it now.
func (r *Room) livePart(tx *store.Tx, w LiveWish) (part string, base int64, err error) {
	switch w.What {
	case story.AddLive:
		return r.newID(story.LiveIDLength), 0, nil
	case story.EditLive, story.RemoveLive:
		e, found, err := tx.NewestLive(w.Page, w.Entry)
		if err != nil || !found || w.Entry == "" {
			return "", 0, joinUnknown(err, "No reader has seen such an entry. What waits can be taken back.")
		}
		if !e.Readable() || e.Class == story.Silences {
			return "", 0, story.Refuse(story.Gone, "This entry was removed already.")
		}
		if w.Base >= 0 && w.Base != e.N && w.What == story.EditLive {
			return "", 0, story.Refuse(story.Conflict, "Somebody changed this entry meanwhile. Look at what is public now, and file again.")
		}
		return w.Entry, e.N, nil
	}
	base, err = tx.LatestOf(string(w.Page), "")
	return "", base, err
}

var liveDoes = map[story.What]record.LiveDoes{story.OpenLive: record.LiveOpens, story.ReopenLive: record.LiveReopens, story.CloseLive: record.LiveCloses,
	story.AddLive: record.LiveAdds, story.EditLive: record.LiveEdits, story.RemoveLive: record.LiveRemoves}

// liveWords are what the entry will say, looked over: in the page's language, within bounds.
func (r *Room) liveWords(tx *store.Tx, a store.Article, w LiveWish, part string) (c record.Live, err error) {
	switch a.Standing {
	case story.Never:
		return c, story.Refuse(story.Conflict, "Publish the page itself first: its headline and what stands above the entries.")
	case story.Erased:
		return c, story.Refuse(story.Gone, "%s", standingWords(a.Standing))
	}
	public, _, err := store.NewestContent[record.Article](&tx.Query, record.KindArticle, string(a.ID))
	if err != nil || public == nil {
		return c, joinUnknown(err, "No reader has seen this page.")
	}
	if public.Type != story.Live {
		return c, story.Refuse(story.Conflict, "This story is a %s. Make it one of type live and publish that first.", story.Word(public.Type))
	}
	c = record.Live{Does: liveDoes[w.What], Entry: part, Lang: public.Lang}
	switch w.What {
	case story.OpenLive, story.ReopenLive:
		c.Desks, err = r.liveDesks(&tx.Query, w)
	case story.CloseLive:
		page, err := livePageOf(&tx.Query, a.ID)
		if err != nil {
			return c, err
		}
		if c.Desks, c.Summary = page.Desks, strings.TrimSpace(w.Summary); len([]rune(c.Summary)) > maxLiveSummary {
			return c, story.Refuse(story.TooLarge, "A summary may have at most %d characters.", maxLiveSummary)
		}
	case story.AddLive, story.EditLive:
		c.Outputs = w.Outputs
		err = r.fillLive(tx, a, w.Words, &c)
	}
	return c, err
}

// liveDesks are the desks of a page that is opened: those of the house that are named, the
// one that opens it among them.
func (r *Room) liveDesks(q *store.Query, w LiveWish) (desks []story.DeskID, err error) {
	for _, id := range append([]story.DeskID{w.Desk}, w.Desks...) {
		if slices.Contains(desks, id) {
			continue
		}
		d, n, err := deskEntry(q, id)
		if err != nil || n == 0 || d.Closed {
			return nil, joinUnknown(err, "There is no such desk.")
		}
		desks = append(desks, id)
	}
	return desks, nil
}

func (r *Room) fillLive(tx *store.Tx, a store.Article, w LiveWords, c *record.Live) (err error) {
	body, err := json.Marshal(w)
	if err != nil {
		return fmt.Errorf("reading a live entry: %w", err)
	}
	w = LiveWords{} // the request stays what its caller sent
	if err := json.Unmarshal(norm.NFC.Bytes(body), &w); err != nil {
		return fmt.Errorf("reading a live entry: %w", err)
	}
	for i := range w.Doc {
		if w.Doc[i].ID == "" {
			w.Doc[i].ID = r.newID(story.BlockIDLength)
		}
	}
	w.Doc = slices.DeleteFunc(w.Doc, story.Block.Empty)
	if err := story.CheckDoc(w.Doc); err != nil {
		return err
	}
	c.Headline, c.Doc, c.Quotations, c.Key, c.Pinned = strings.TrimSpace(w.Headline), w.Doc, w.Quotations, w.Key, w.Pinned
	if name := strings.Join(strings.Fields(w.By), " "); name != "" {
		c.By = &story.Byline{Name: name}
	}
	written, err := record.Encode(*c)
	switch {
	case err != nil:
		return err
	case len(written) > maxLiveBytes:
		return story.Refuse(story.TooLarge, "A live entry is short: this one has %d bytes of at most %d. Break it out into a story of its own.", len(written), maxLiveBytes)
	case len(w.Pictures) > maxLivePictures:
		return story.Refuse(story.TooLarge, "A live entry may have at most %d pictures; this one has %d.", maxLivePictures, len(w.Pictures))
	case !story.Visible(c.Headline) && len(c.Doc) == 0 && len(w.Pictures) == 0 && len(c.Quotations) == 0:
		return story.Refuse(story.Invalid, "A live entry says something: write its headline or its text.")
	}
	words := 0
	for _, u := range w.Pictures {
		words += len(u.Caption) + len(u.Alt) + len(u.Rights) + len(u.Credit.Line) + len(u.Credit.Photographer) + len(u.Credit.Agency)
	}
	if words > maxLiveBytes {
		return story.Refuse(story.TooLarge, "The captions of a live entry have at most %d bytes together; these have %d.", maxLiveBytes, words)
	}
	c.Pictures, err = livePictures(tx, a, w.Pictures)
	return err
}

// liveWorld is what the gate may know of an act about a live page.
func (r *Room) liveWorld(q *store.Query, act store.Act, w *story.World) (err error) {
	id := story.ArticleID(act.Subject)
	if w.Live, err = livePageOf(q, id); err != nil || act.What.Class() != story.Speaks {
		return err
	}
	doubts, err := q.OpenDoubts(id)
	if err != nil {
		return err
	}
	for _, d := range doubts {
		w.Wires = append(w.Wires, wireDoubt(d))
	}
	d, err := detailOf(act)
	if err != nil || d.Live == nil {
		return err
	}
	said := spoken(*d.Live)
	w.Names = len(said.Bylines) + len(said.Quotations) // at most: they have no ids yet
	return rightsWorld(q, d.Live.Pictures, w)
}

// liveContent is what a live entry says once it leaves, with those whom it names: the
// author has an entry of their own, unless an exception names this page and nobody else. A
// story that was broken out of it is led to from when it is public.
func (r *Room) liveContent(tx *store.Tx, act store.Act, detail Detail, names bool) (c record.Live, people []story.Byline, err error) {
	if detail.Live == nil {
		return c, nil, fmt.Errorf("newsroom: act %d has no words of its live page", act.ID)
	}
	c = *detail.Live
	if names {
		if c.By != nil {
			by := *c.By
			if by.Person, err = r.personID(tx, by.Name); err != nil {
				return c, nil, err
			}
			c.By = &by
		}
		said := spoken(c)
		if err := r.speakerIDs(tx, &said); err != nil {
			return c, nil, err
		}
		c.Quotations, people = said.Quotations, named(said)
	}
	if act.What == story.AddLive || act.What == story.EditLive {
		c.BrokenOut, err = publicBreakOut(&tx.Query, story.ArticleID(act.Subject), c.Entry)
	}
	return c, people, err
}

// spoken are those whom a live entry names, as a text names them.
func spoken(c record.Live) (t story.Text) {
	t.Quotations = c.Quotations
	if c.By != nil {
		t.Bylines = []story.Byline{*c.By}
	}
	return t
}
