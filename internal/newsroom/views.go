package newsroom

import (
	"context"
	"encoding/json"
	"slices"
	"time"

	"dateline/internal/record"
	"dateline/internal/store"
	"dateline/internal/story"
	"dateline/internal/wire"
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
		return r.readHouse(q, &h)
	})
	h.speak(Language(ctx))
	return h, err
}

func (r *Room) readHouse(q *store.Query, h *HouseView) (err error) {
	if h.Head, _, _, err = q.Last(); err != nil {
		return err
	}
	e, found, err := q.Newest(record.KindHouse, HouseID)
	if err != nil || !found {
		return joinUnknown(err, "There is no house here yet.")
	}
	if h.House, err = record.Decode[record.House](e); err != nil {
		return err
	}
	h.N = e.N
	if h.Zone, err = r.zones.Load(h.House.Seat.Zone); err != nil {
		return err
	}
	rows, err := q.Desks()
	if err != nil {
		return err
	}
	for _, row := range rows {
		d, err := r.deskView(q, row)
		if err != nil {
			return err
		}
		h.Desks = append(h.Desks, d)
	}
	return r.readExceptions(q, h)
}

func (r *Room) deskView(q *store.Query, row store.DeskRow) (d DeskView, err error) {
	d.ID, d.Trouble = row.ID, r.seen(row.ID).trouble
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

// ActView is an act with what the gate answers now.
type ActView struct {
	store.Act
	Objections []story.Objection
	Sentences  []story.Sentence // one for each objection
	Opens      time.Time
	By         string
	Headline   string
	Detail     Detail
}

// StoryRow is a story in a list.
type StoryRow struct {
	store.Article
	Words    int
	By       string
	Ready    bool
	Waiting  *ActView // at the gate
	Doubts   int      // wire versions without an answer
	Clashes  int
	Lang     string
	Section  string
	Pictures int
	OfLive   bool // it is of type live
}

// Board is what a desk sees at a glance.
type Board struct {
	HouseView
	Desk    DeskView
	Stories []StoryRow // newest touched first
	More    bool
	Wires   []WireRow
	WireSum int // items in the tray
	Bad     []store.Arrival
	Offers  []OfferView // what other desks give to this one
	Parked  int         // acts that wait for a person
}

// Board reads the board of a desk; page counts from 0, 200 stories each.
func (r *Room) Board(ctx context.Context, who Who, desk story.DeskID, page int) (b Board, err error) {
	if b.HouseView, err = r.House(ctx); err != nil {
		return b, err
	}
	d, found := b.HouseView.Desk(string(desk))
	if !found {
		return b, story.Refuse(story.Unknown, "There is no such desk.")
	}
	if err := who.must("read", d.ID); err != nil {
		return b, err
	}
	b.Desk = d
	err = r.db.Read(ctx, func(q *store.Query) error {
		return r.readBoard(q, &b, page)
	})
	return b, err
}

const rowsPerPage = 200

func (r *Room) readBoard(q *store.Query, b *Board, page int) error {
	articles, err := q.ArticlesOf(b.Desk.ID, rowsPerPage+1, max(page, 0)*rowsPerPage)
	if err != nil {
		return err
	}
	if b.More = len(articles) > rowsPerPage; b.More {
		articles = articles[:rowsPerPage]
	}
	marked, err := q.Marked()
	if err != nil {
		return err
	}
	names := map[int64]string{}
	for _, a := range articles {
		row, err := r.textRow(q, a, names)
		if err != nil {
			return err
		}
		if err := r.mark(q, &row, b.HouseView, marked); err != nil {
			return err
		}
		b.Stories = append(b.Stories, row)
	}
	if b.Wires, b.WireSum, err = r.readTray(q, 100, 0); err != nil {
		return err
	}
	if b.Bad, err = q.Unreadable(5); err != nil {
		return err
	}
	if b.Offers, err = r.offersTo(q, b.Desk.ID, b.HouseView); err != nil {
		return err
	}
	parked, err := q.Parked(b.Desk.ID, rowsPerPage)
	b.Parked = len(parked)
	return err
}

// Posted lists what the desks of a member posted, the newest first; page counts from 0.
func (r *Room) Posted(ctx context.Context, who Who, page int) (rows []store.Article, more bool, err error) {
	err = r.db.Read(ctx, func(q *store.Query) (err error) {
		rows, err = q.PostedOf(who.Member, rowsPerPage+1, max(page, 0)*rowsPerPage)
		return err
	})
	if more = len(rows) > rowsPerPage; more {
		rows = rows[:rowsPerPage]
	}
	return rows, more, err
}

// storyRow is the line of one story.
func (r *Room) storyRow(q *store.Query, a store.Article, h HouseView) (StoryRow, error) {
	row, err := r.textRow(q, a, map[int64]string{})
	if err != nil {
		return row, err
	}
	this := map[story.ArticleID]bool{a.ID: true}
	err = r.mark(q, &row, h, store.Marks{Acts: this, Doubts: this, Clashes: this})
	return row, err
}

// textRow is what the line of a story tells of its text; names are those of members who were
// asked for before.
func (r *Room) textRow(q *store.Query, a store.Article, names map[int64]string) (row StoryRow, err error) {
	row.Article = a
	parts, err := working(q, a.ID)
	if err != nil {
		return row, err
	}
	text, err := assemble(parts)
	if err != nil {
		return row, err
	}
	row.Words, row.Lang, row.Section, row.Pictures, row.OfLive = text.Doc.Words(), text.Lang, text.Section, len(text.Pictures), text.Type == story.Live
	by := lastEditor(parts, a.MadeBy)
	if _, known := names[by]; !known {
		if names[by], err = r.memberName(q, by); err != nil {
			return row, err
		}
	}
	row.By = names[by]
	rev, found, err := q.NewestRevision(a.ID)
	if err != nil {
		return row, err
	}
	row.Ready = found && !rev.ReadyAt.IsZero() && !a.SavedAt.After(rev.At)
	return row, nil
}

// mark adds what there is to tell of a story beside its text.
func (r *Room) mark(q *store.Query, row *StoryRow, h HouseView, marked store.Marks) error {
	id := row.Article.ID
	if marked.Acts[id] {
		acts, err := r.openActs(q, string(id), h.Now)
		if err != nil {
			return err
		}
		if len(acts) > 0 {
			row.Waiting = &acts[0]
		}
	}
	if marked.Doubts[id] {
		doubts, err := q.OpenDoubts(id)
		if err != nil {
			return err
		}
		row.Doubts = len(doubts)
	}
	if marked.Clashes[id] {
		clashes, err := q.Clashes(id)
		if err != nil {
			return err
		}
		row.Clashes = len(clashes)
	}
	return nil
}

func (r *Room) memberName(q *store.Query, id int64) (string, error) {
	m, found, err := q.Member(id)
	if err != nil || !found {
		return "", err
	}
	return m.Name, nil
}

// openActs lists what is at the gate for a subject, with what the gate answers now.
func (r *Room) openActs(q *store.Query, subject string, now time.Time) (out []ActView, err error) {
	acts, err := q.OpenActs(subject)
	if err != nil {
		return nil, err
	}
	for _, a := range acts {
		v, err := r.actView(q, a, now)
		if err != nil {
			return nil, err
		}
		out = append(out, v)
	}
	return out, nil
}

func (r *Room) actView(q *store.Query, a store.Act, now time.Time) (v ActView, err error) {
	v.Act = a
	if v.By, err = r.memberName(q, a.By); err != nil {
		return v, err
	}
	if v.Detail, err = detailOf(a); err != nil {
		return v, err
	}
	why, err := r.doubtAt(q)
	if err != nil {
		return v, err
	}
	w, err := r.world(q, a, moment{at: now, doubt: why})
	if err != nil {
		return v, err
	}
	v.Objections, v.Opens = story.Ahead(a.Act, w, now)
	name, err := r.actNamer(q, a)
	if err != nil {
		return v, err
	}
	v.Sentences = sayAll(v.Objections, name)
	return v, nil
}

// StoryView is a story, whole, as its own screen shows it.
type StoryView struct {
	HouseView
	Desk      DeskView
	Article   store.Article
	Text      story.Text
	Parts     map[string]store.Part
	Clashes   []ClashView
	Acts      []ActView
	Gate      []story.Objection // what stands between this text and readers now
	Sentences []story.Sentence  // one for each
	Doubts    []DoubtView
	Rests     []RestsOn
	Missing   []MissingPicture
	Rights    map[string]Rights // of its pictures, by id
	Revisions []RevisionView
	Public    []record.Entry // its entries, newest first
	Audit     []AuditView
	Base      int64      // n of what is public now
	Offered   *OfferView // to another desk, which has not answered
	Asked
}

// ClashView is a part with two texts.
type ClashView struct {
	store.Clash
	Name string // who saved the second
}

// DoubtView is a wire version that asks something of the story.
type DoubtView struct {
	store.WireDoubt
	Headline string
	Source   string
}

// RestsOn is a wire item that the story rests on.
type RestsOn struct {
	Item     store.WireItem
	Headline string
	Version  int // that the story took
	Parts    []string
}

// MissingPicture is a picture that the wire named and that the story lacks.
type MissingPicture struct {
	Item    store.WireItem
	Caption string
	Credit  string
	Here    bool // its bytes have come since: it can be brought over
}

// RevisionView is a line of the story's revisions.
type RevisionView struct {
	store.Revision
	Name     string
	Approver string
}

// AuditView is a line of the story's audit.
type AuditView struct {
	store.Audit
	Name string
}

// Story reads a story for a member.
func (r *Room) Story(ctx context.Context, who Who, id story.ArticleID) (v StoryView, err error) {
	if v.HouseView, err = r.House(ctx); err != nil {
		return v, err
	}
	err = r.db.Read(ctx, func(q *store.Query) error {
		a, found, err := q.Article(id)
		if err != nil || !found {
			return joinUnknown(err, "There is no such story.")
		}
		if err := who.must("read", a.Desk); err != nil {
			return err
		}
		v.Article = a
		v.Desk, _ = v.HouseView.Desk(string(a.Desk))
		if err := r.readStory(q, &v); err != nil {
			return err
		}
		return r.readAsked(q, who, &v)
	})
	return v, err
}

func (r *Room) readStory(q *store.Query, v *StoryView) (err error) {
	id := v.Article.ID
	if v.Parts, err = working(q, id); err != nil {
		return err
	}
	if v.Text, err = assemble(v.Parts); err != nil {
		return err
	}
	for _, read := range []func(*store.Query, *StoryView) error{r.readClashes, r.readRights, r.readGate, r.readWires, r.readHistory, r.readOffered} {
		if err := read(q, v); err != nil {
			return err
		}
	}
	if v.Acts, err = r.openActs(q, string(id), v.Now); err != nil {
		return err
	}
	for _, p := range v.Text.Pictures {
		acts, err := r.openActs(q, p.ID, v.Now)
		if err != nil {
			return err
		}
		v.Acts = append(v.Acts, acts...)
	}
	return nil
}

func (r *Room) readClashes(q *store.Query, v *StoryView) error {
	clashes, err := q.Clashes(v.Article.ID)
	for _, c := range clashes {
		name, err := r.memberName(q, c.By)
		if err != nil {
			return err
		}
		v.Clashes = append(v.Clashes, ClashView{c, name})
	}
	return err
}

// readGate asks the gate about the working text as if it were filed now.
func (r *Room) readGate(q *store.Query, v *StoryView) error {
	base, err := q.LatestOf(string(v.Article.ID), "")
	if err != nil {
		return err
	}
	v.Base = base
	body, err := json.Marshal(v.Text)
	if err != nil {
		return err
	}
	rev, _, err := q.NewestRevision(v.Article.ID)
	if err != nil {
		return err
	}
	if v.Article.SavedAt.After(rev.At) {
		rev.ApprovedBy = 0 // an approval binds to its revision
	}
	rev.Text = body
	act := store.Act{Act: story.Act{What: v.NextWish(), Subject: string(v.Article.ID), Desk: v.Article.Desk, Base: base}}
	w := story.World{Doubt: v.Doubt != "", Hours: v.Desk.Hours, Latest: base, Embargo: v.Article.Embargo, Standing: v.Article.Standing}
	doubts, err := q.OpenDoubts(v.Article.ID)
	if err != nil {
		return err
	}
	for _, d := range doubts {
		w.Wires = append(w.Wires, wireDoubt(d))
	}
	if err := r.revisionWorld(q, act, v.Article, rev, &w); err != nil {
		return err
	}
	if w.Grant, err = liveGrant(q, v.Article.Desk, v.Article.ID, v.Now); err != nil {
		return err
	}
	if w.Grant != nil {
		w.Grant.FiledUnder = true // what is filed now would be
	}
	v.Gate = story.Gate(act.Act, w, v.Now)
	name := r.namer(q, v.Text)
	v.Sentences = sayAll(v.Gate, name)
	return nil
}

// NextWish is what publishing means for the story as it stands.
func (v StoryView) NextWish() story.What {
	switch v.Article.Standing {
	case story.Public:
		return story.Update
	case story.Withdrawn, story.Killed:
		return story.Reinstate
	}
	return story.Publish
}

func (r *Room) readWires(q *store.Query, v *StoryView) error {
	doubts, err := q.OpenDoubts(v.Article.ID)
	if err != nil {
		return err
	}
	for _, d := range doubts {
		item, _, err := q.WireItem(d.Item)
		if err != nil {
			return err
		}
		v.Doubts = append(v.Doubts, DoubtView{d, r.itemHeadline(q, item), item.Source})
	}
	lines, err := q.LineageOf(v.Article.ID)
	if err != nil {
		return err
	}
	for _, l := range lines {
		if err := r.readRestsOn(q, v, l); err != nil {
			return err
		}
	}
	return nil
}

func (r *Room) readRestsOn(q *store.Query, v *StoryView, l store.Lineage) error {
	i := slices.IndexFunc(v.Rests, func(x RestsOn) bool { return x.Item.ID == l.Item })
	if i >= 0 {
		v.Rests[i].Parts = append(v.Rests[i].Parts, l.Part)
		return nil
	}
	item, found, err := q.WireItem(l.Item)
	if err != nil || !found {
		return err
	}
	v.Rests = append(v.Rests, RestsOn{item, r.itemHeadline(q, item), l.Version, []string{l.Part}})
	linked, err := q.LinkedPictures(item.ID)
	if err != nil {
		return err
	}
	for _, p := range linked {
		if _, used := v.Text.Picture(p.Picture); used && p.Picture != "" {
			continue
		}
		m := MissingPicture{Item: p, Here: p.Picture != ""}
		if ver, found, err := q.WireVersion(p.ID, p.Newest); err != nil {
			return err
		} else if found {
			it, err := itemOf(ver)
			if err != nil {
				return err
			}
			if it.Picture != nil {
				m.Caption, m.Credit = it.Picture.Caption, it.Picture.Credit.String()
			}
		}
		v.Missing = append(v.Missing, m)
	}
	return nil
}

func (r *Room) readHistory(q *store.Query, v *StoryView) error {
	revs, err := q.Revisions(v.Article.ID, 20)
	if err != nil {
		return err
	}
	for _, rev := range revs {
		line := RevisionView{Revision: rev}
		if line.Name, err = r.memberName(q, rev.By); err != nil {
			return err
		}
		if line.Approver, err = r.memberName(q, rev.ApprovedBy); err != nil {
			return err
		}
		v.Revisions = append(v.Revisions, line)
	}
	if v.Public, err = q.EntriesOf(string(v.Article.ID)); err != nil {
		return err
	}
	slices.Reverse(v.Public)
	lines, err := q.AuditOf(string(v.Article.ID), 30)
	for _, a := range lines {
		line := AuditView{Audit: a}
		if line.Name, err = r.memberName(q, a.Member); err != nil {
			return err
		}
		v.Audit = append(v.Audit, line)
	}
	return err
}

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
	for _, i := range items {
		row, err := r.wireRow(q, i)
		if err != nil {
			return nil, 0, err
		}
		rows = append(rows, row)
	}
	return rows, total, nil
}

func (r *Room) wireRow(q *store.Query, i store.WireItem) (row WireRow, err error) {
	row.WireItem, row.Versions = i, i.Newest
	v, found, err := q.WireVersion(i.ID, i.Newest)
	if err != nil {
		return row, err
	}
	if found {
		if row.Item, err = itemOf(v); err != nil {
			return row, err
		}
	}
	if row.Roads, err = q.Arrivals(i.ID); err != nil {
		return row, err
	}
	if row.Pictures, err = q.LinkedPictures(i.ID); err != nil {
		return row, err
	}
	resting, err := q.RestOn(i.ID)
	if err != nil {
		return row, err
	}
	for _, l := range resting {
		a, _, err := q.Article(l.Article)
		if err != nil {
			return row, err
		}
		row.Takes = append(row.Takes, Taken{a.ID, a.Headline, a.Standing})
	}
	return row, nil
}
