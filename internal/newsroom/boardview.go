package newsroom

import (
	"context"

	"dateline/internal/store"
	"dateline/internal/story"
)

// StoryRow is a story in a list.
type StoryRow struct {
	store.Article
	By      string
	Waiting *ActView // at the gate
	Doubts  int      // wire versions without an answer
	Clashes int
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
	names, err := q.EditorsOf(b.Desk.ID, rowsPerPage, max(page, 0)*rowsPerPage)
	if err != nil {
		return err
	}
	for _, a := range articles {
		row := StoryRow{Article: a, By: names[a.Editor]}
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
	by, err := r.memberName(q, a.Editor)
	if err != nil {
		return StoryRow{}, err
	}
	row := StoryRow{Article: a, By: by}
	this := map[story.ArticleID]bool{a.ID: true}
	err = r.mark(q, &row, h, store.Marks{Acts: this, Doubts: this, Clashes: this})
	return row, err
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
