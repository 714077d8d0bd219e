package newsroom

import (
	"context"
	"encoding/json"
	"fmt"
	"slices"

	"dateline/internal/record"
	"dateline/internal/store"
	"dateline/internal/story"
)

// Packages, pages, relations and persons speak in a desk's voice, as articles do: they are
// filed against what was public then, asked of the gate, held while their desk rests, and
// can be withdrawn, killed and erased.

// A Piece is what an act about a piece would post: one of its contents is set.
type Piece struct {
	Package  *record.Package  `json:"package,omitempty"`
	Page     *record.Page     `json:"page,omitempty"`
	Relation *record.Relation `json:"relation,omitempty"`
	From     End              `json:"from,omitzero"` // of a relation: in which articles its ends stand
	To       End              `json:"to,omitzero"`
	Person   *record.Person   `json:"person,omitempty"`
}

// A PieceWish names the piece that is put, and in whose voice.
type PieceWish struct {
	Key  string
	Desk story.DeskID
	ID   string // "" makes a new one
	Base int64  // n of the entry that the filer saw public; -1 for whatever is
}

// FiledPiece says what became of it.
type FiledPiece struct {
	Filed
	ID string `json:"id"`
}

// How the wishes are named in the authority table and in the record.
var putVerbs = map[story.What]string{
	story.PutPackage: "put a package", story.PutPage: "put a page", story.PutRelation: "relate quotations", story.PutPerson: "name a person",
}
var pieceKinds = map[story.What]record.Kind{
	story.PutPackage: record.KindPackage, story.PutPage: record.KindPage, story.PutRelation: record.KindRelation, story.PutPerson: record.KindPerson,
}

// entry is the kind and the content that the record gets.
func (p Piece) entry() (record.Kind, any) {
	switch {
	case p.Package != nil:
		return record.KindPackage, p.Package
	case p.Page != nil:
		return record.KindPage, p.Page
	case p.Relation != nil:
		return record.KindRelation, p.Relation
	}
	return record.KindPerson, p.Person
}

// A pieceAt is a piece as the record has it.
type pieceAt struct {
	kind     record.Kind // "" for what is no piece
	standing story.Standing
	desk     story.DeskID
	latest   int64        // n of its newest entry
	newest   record.Entry // the newest of its kind
}

// pieceOf reads a piece from the record; one that is not there was never public.
func pieceOf(q *store.Query, id string) (p pieceAt, err error) {
	p.standing = story.Never
	if !story.ValidID(id, story.ArticleIDLength) {
		return p, nil
	}
	all, err := q.EntriesOf(id)
	for _, e := range all {
		switch e.Kind {
		case record.KindPackage, record.KindPage, record.KindRelation, record.KindPerson:
			p.kind, p.newest, p.standing, p.desk = e.Kind, e, story.Public, e.Desk
		case record.KindWithdraw:
			p.standing = story.Withdrawn
		case record.KindKill:
			p.standing = story.Killed
		case record.KindErase:
			p.standing = story.Erased
		}
		p.latest = e.N
	}
	if p.kind == "" { // an article, a desk
		p.standing, p.latest = story.Never, 0
	}
	return p, err
}

// put files what a piece is to say from now on.
func (r *Room) put(ctx context.Context, who Who, what story.What, w PieceWish, request any, content func(*store.Tx, string) (Piece, string, error)) (FiledPiece, error) {
	asked := struct {
		Wish    PieceWish
		Content any
	}{w, request}
	filed, err := do(ctx, r, who, putVerbs[what], w.Key, asked, func(tx *store.Tx, who Who) (FiledPiece, error) {
		if err := who.must(putVerbs[what], w.Desk); err != nil {
			return FiledPiece{}, err
		}
		if err := r.putsWhatIsThere(&tx.Query, what, w.ID); err != nil {
			return FiledPiece{}, err
		}
		piece, id, err := content(tx, w.ID)
		if err != nil {
			return FiledPiece{}, err
		}
		f, err := r.filePiece(tx, who, what, w, id, piece)
		return FiledPiece{f, id}, err
	})
	if err == nil && filed.State == story.Posted {
		filed.Shown = r.waitShown(ctx, filed.Entry)
	}
	return filed, err
}

// putsWhatIsThere refuses an id that is of nothing, or of another kind of piece.
func (r *Room) putsWhatIsThere(q *store.Query, what story.What, id string) error {
	if id == "" {
		return nil
	}
	p, err := pieceOf(q, id)
	if err != nil || p.kind == pieceKinds[what] {
		return err
	}
	waiting, err := q.OpenActs(id)
	if err != nil || p.kind == "" && slices.ContainsFunc(waiting, func(a store.Act) bool { return a.What == what }) {
		return err
	}
	return story.Refuse(story.Unknown, "There is no such %s.", story.Word(pieceKinds[what]))
}

func (r *Room) filePiece(tx *store.Tx, who Who, what story.What, w PieceWish, id string, piece Piece) (Filed, error) {
	detail, err := json.Marshal(Detail{Piece: &piece})
	if err != nil {
		return Filed{}, fmt.Errorf("filing a %s: %w", what, err)
	}
	act, err := r.pieceAct(tx, who, what, id, w.Desk)
	if err != nil {
		return Filed{}, err
	}
	if w.Base >= 0 && w.Base != act.Base {
		return Filed{}, story.Refuse(story.Conflict, "Somebody posted another one meanwhile. Look at what is public now, and file again.")
	}
	act.Detail = detail
	return r.accept(tx, who, act)
}

func (r *Room) pieceAct(tx *store.Tx, who Who, what story.What, id string, desk story.DeskID) (act store.Act, err error) {
	now, err := r.now(tx)
	if err != nil {
		return act, err
	}
	act = store.Act{By: who.Member, LookAt: now, Act: story.Act{What: what, Subject: id, Desk: desk,
		Queued: now, Undo: now, Due: now, Road: story.ByPerson, State: story.Pending}}
	if who.Program {
		act.Road = story.ByProgram
	}
	act.Base, err = tx.LatestOf(id, "")
	return act, err
}

// A Silencing withdraws or kills a piece: it goes out at once, whoever rests.
type Silencing struct {
	Key  string
	ID   string
	Kill bool
	Note string // to readers; a kill may have none
}

// SilencePiece withdraws a piece, which keeps its address and says why, or kills it.
func (r *Room) SilencePiece(ctx context.Context, who Who, s Silencing) (Filed, error) {
	filed, err := do(ctx, r, who, "silence a piece", s.Key, s, func(tx *store.Tx, who Who) (Filed, error) {
		p, err := pieceOf(&tx.Query, s.ID)
		if err != nil || p.kind == "" {
			return Filed{}, joinUnknown(err, "No reader has seen such a thing.")
		}
		what := story.WithdrawPiece
		if s.Kill {
			what = story.KillPiece
		}
		if err := who.must(string(what), p.desk); err != nil {
			return Filed{}, err
		}
		if len(s.Note) > 1000 || !s.Kill && !story.Visible(s.Note) {
			return Filed{}, story.Refuse(story.Invalid, "A withdrawal tells readers why, in at most 1,000 letters: write the note.")
		}
		act, err := r.pieceAct(tx, who, what, s.ID, p.desk)
		if err != nil {
			return Filed{}, err
		}
		if act.Detail, err = json.Marshal(Detail{Note: s.Note}); err != nil {
			return Filed{}, fmt.Errorf("silencing a piece: %w", err)
		}
		return r.accept(tx, who, act)
	})
	if err == nil && filed.State == story.Posted {
		filed.Shown = r.waitShown(ctx, filed.Entry)
	}
	return filed, err
}

// pieceWorld is what the gate may know of an act about a piece.
func (r *Room) pieceWorld(q *store.Query, act store.Act, w *story.World) error {
	p, err := pieceOf(q, act.Subject)
	if err != nil {
		return err
	}
	w.Standing = p.standing
	if act.What.Class() != story.Speaks {
		return nil
	}
	detail, err := detailOf(act)
	if err != nil {
		return err
	}
	if detail.Piece == nil {
		w.Missing = []string{"content"}
		return nil
	}
	w.Missing, err = lacks(q, act.Subject, *detail.Piece)
	return err
}

// lacks lists what a piece must have before readers may see it, and lacks.
func lacks(q *store.Query, id string, p Piece) ([]string, error) {
	h, err := newestHouse(q)
	if err != nil {
		return nil, err
	}
	switch {
	case p.Package != nil:
		return packageLacks(q, *p.Package, h)
	case p.Page != nil:
		return pageLacks(q, id, *p.Page, h)
	case p.Relation != nil:
		return relationLacks(q, p)
	case p.Person != nil:
		return personLacks(q, id, *p.Person)
	}
	return []string{"content"}, nil
}

// withheldBy lists the entries whose words a kill takes back: every text and note of its
// subject, what gives words of its quotations away, and old addresses of it.
func withheldBy(q *store.Query, subject string) (gone []int64, err error) {
	own, err := q.EntriesOf(subject)
	if err != nil {
		return nil, err
	}
	for _, e := range own {
		if e.GoneBy == 0 && e.Kind != record.KindKill && e.Kind != record.KindErase && e.Class != story.Houses {
			gone = append(gone, e.N)
		}
	}
	about, err := tellingOf(q, story.ArticleID(subject), idsIn(own))
	for _, e := range about {
		if e.GoneBy == 0 {
			gone = append(gone, e.N)
		}
	}
	slices.Sort(gone)
	return gone, err
}

// idsIn are the ids of a story and of every quotation that it ever had.
func idsIn(own []record.Entry) map[string]bool {
	ids := map[string]bool{}
	for _, e := range own {
		ids[e.Subject] = true
		if e.Content == nil || e.Kind != record.KindArticle && e.Kind != record.KindLive {
			continue
		}
		if c, err := record.Decode[struct {
			Quotations []story.Quotation `json:"quotations"`
		}](e); err == nil {
			for _, q := range c.Quotations {
				ids[q.ID] = true
			}
		}
	}
	return ids
}

// pieceStandings say why a wish for a piece is not possible.
var pieceStandings = map[story.Standing]string{
	story.PieceIs + story.Never:     "No reader has seen this, so there is nothing to take back.",
	story.PieceIs + story.Public:    "This is public.",
	story.PieceIs + story.Withdrawn: "This is withdrawn already.",
	story.PieceIs + story.Killed:    "This was killed, and cannot be public again. Make another.",
	story.PieceIs + story.Erased:    "This is gone for good.",
}

// endPieceActs takes back what waits about a piece that is erased, or about relations of a
// story that is: an act that waits carries words, and so does one that was posted.
func (r *Room) endPieceActs(tx *store.Tx, w ErasureWish) error {
	var open []store.Act
	var err error
	if w.piece() != "" {
		open, err = tx.OpenActs(w.piece())
	} else {
		open, err = tx.ActsNaming(story.PutRelation, string(w.Article))
	}
	if err != nil {
		return err
	}
	for _, a := range open {
		if err := tx.ClearAct(a.ID); err != nil {
			return err
		}
		if _, err := tx.EndAct(a.ID, story.TakenBack, 0, ""); err != nil {
			return err
		}
	}
	return nil
}
