package newsroom

import (
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"time"

	"dateline/internal/record"
	"dateline/internal/store"
	"dateline/internal/story"
)

// An Erased is a line of the list of what was erased. The list lies outside the store and
// outside backups, so that a backup from before an erasure cannot bring it back. It holds
// ids, numbers and dates, and no words.
type Erased struct {
	Volume  int64           `json:"volume,omitempty"`
	Entry   int64           `json:"entry,omitempty"` // of the erasure; 0 where it was never public
	At      time.Time       `json:"at"`
	Article story.ArticleID `json:"article,omitempty"`
	Person  string          `json:"person,omitempty"`
	Piece   string          `json:"piece,omitempty"`
	Ordered string          `json:"ordered,omitempty"` // the civil date of the order
}

func (e Erased) same(o Erased) bool {
	return e.Article == o.Article && e.Person == o.Person && e.Piece == o.Piece
}

// ReadErased reads a list of what was erased; one that is not there is empty.
func ReadErased(file string) (list []Erased, err error) {
	raw, err := os.ReadFile(file)
	if errors.Is(err, fs.ErrNotExist) {
		return nil, nil
	}
	if err == nil {
		err = json.Unmarshal(raw, &list)
	}
	if err != nil {
		err = fmt.Errorf("reading the list of what was erased, %s: %w", file, err)
	}
	return list, err
}

// keepList adds an erasure to the list, whole or not at all.
func (r *Room) keepList(e store.Erasure) error {
	if r.list == "" {
		return nil
	}
	list, err := ReadErased(r.list)
	if err != nil {
		return err
	}
	var line Erased
	if err := json.Unmarshal(e.Listed, &line); err != nil {
		return fmt.Errorf("erasure %d: %w", e.ID, err)
	}
	if slices.ContainsFunc(list, line.same) {
		return nil
	}
	list = append(list, line)
	slices.SortStableFunc(list, func(a, b Erased) int { return a.At.Compare(b.At) })
	raw, err := json.MarshalIndent(list, "", " ")
	if err != nil {
		return fmt.Errorf("listing what was erased: %w", err)
	}
	folder := filepath.Dir(r.list)
	err = r.writeBytes(folder, r.list, append(raw, '\n'))
	if err == nil {
		var d *os.File
		if d, err = os.Open(folder); err == nil {
			err = errors.Join(r.sync(d), d.Close())
		}
	}
	if err != nil {
		return fmt.Errorf("listing what was erased: %w", err)
	}
	return nil
}

// EraseAgain applies a list to a store that came from a backup: what was erased since then
// is erased again, in the house's name, and reported. Clear does the files.
func (r *Room) EraseAgain(ctx context.Context, list []Erased) (again []Erased, err error) {
	for _, e := range list {
		done := false
		if err := r.db.Write(ctx, func(tx *store.Tx) (err error) {
			done, err = r.eraseAgain(tx, e)
			return err
		}); err != nil {
			return again, fmt.Errorf("erasing %s again: %w", cmp.Or(string(e.Article), e.Person, e.Piece), err)
		}
		if done {
			again = append(again, e)
		}
	}
	return again, nil
}

func (r *Room) eraseAgain(tx *store.Tx, e Erased) (bool, error) {
	w := ErasureWish{Article: e.Article, Person: e.Person, Piece: e.Piece, Ordered: e.Ordered}
	before, found, err := tx.Newest(record.KindErase, w.subject()) // a mirror may have brought it back
	if err != nil {
		return false, err
	}
	if found {
		if x, err := record.Decode[record.Erase](before); err == nil {
			w.Wording = x.Wording
		}
	}
	if w.piece() != "" {
		all, err := tx.EntriesOf(w.piece())
		if err != nil || !slices.ContainsFunc(all, readablePiece) {
			return false, err
		}
		_, err = r.erase(tx, Who{}, w, "")
		return err == nil, err
	}
	a, found, err := tx.Article(w.Article)
	if err != nil || !found || a.Standing == story.Erased {
		return false, err
	}
	if _, public := a.Standing.After(story.Erase); public {
		_, err = r.erase(tx, Who{}, w, a.Desk)
		return err == nil, err
	}
	plan, err := r.planErase(&tx.Query, w.Article) // the backup is older than its first posting
	if err != nil {
		return false, err
	}
	if err := r.endActs(tx, w.Article); err != nil {
		return false, err
	}
	return true, r.destroyPrivate(tx, w, plan, 0)
}

// readablePiece tells entries of a piece whose words are still in the store.
func readablePiece(e record.Entry) bool {
	switch e.Kind {
	case record.KindPerson, record.KindPackage, record.KindPage, record.KindRelation:
		return e.Content != nil
	}
	return false
}
