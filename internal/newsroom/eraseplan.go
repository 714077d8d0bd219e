package newsroom

import (
	"encoding/json"
	"fmt"
	"slices"
	"strings"

	"dateline/internal/store"
	"dateline/internal/story"
	"dateline/internal/wire"
)

// An ErasePlan says what goes with a story when it is erased, and what stays because
// something else uses it too.
type ErasePlan struct {
	Pictures []EraseUse
	Wires    []EraseUse

	people []string // ids of names that stand nowhere else; planUses leaves them out
}

// An EraseUse is a picture or a wire item that a story used.
type EraseUse struct {
	Name string
	Kept string // why it stays; "" goes with the story

	picture string
	item    int64
}

func (p ErasePlan) goes(picture string) bool {
	return slices.ContainsFunc(p.Pictures, func(u EraseUse) bool { return u.picture == picture && u.Kept == "" })
}

func (p ErasePlan) itemGoes(id int64) bool {
	return slices.ContainsFunc(p.Wires, func(u EraseUse) bool { return u.item == id && u.Kept == "" })
}

// planErase is planUses, with the names that only this story has: that takes a look through
// every other text of the house.
func (r *Room) planErase(q *store.Query, id story.ArticleID) (plan ErasePlan, err error) {
	if plan, err = r.planUses(q, id); err != nil {
		return plan, err
	}
	plan.people, err = namedOnlyIn(q, id)
	return plan, err
}

// planUses looks what only this story used: wire items that no other story rests on, with
// the pictures that they alone name, and pictures that no other story ever had.
func (r *Room) planUses(q *store.Query, id story.ArticleID) (plan ErasePlan, err error) {
	lines, err := q.LineageOf(id)
	if err != nil {
		return plan, err
	}
	var pictures []store.WireItem
	for _, l := range lines {
		item, found, err := q.WireItem(l.Item)
		if err != nil {
			return plan, err
		}
		known := slices.ContainsFunc(plan.Wires, func(u EraseUse) bool { return u.item == l.Item })
		switch {
		case !found || known:
		case item.Kind != string(wire.KindText):
			pictures = append(pictures, item)
		default:
			if pictures, err = r.planText(q, id, item, &plan, pictures); err != nil {
				return plan, err
			}
		}
	}
	for _, p := range pictures {
		if err := r.planPictureItem(q, id, p, &plan); err != nil {
			return plan, err
		}
	}
	return plan, r.planPictures(q, id, pictures, &plan)
}

// planText plans a text item; the pictures that it names may go with it.
func (r *Room) planText(q *store.Query, id story.ArticleID, item store.WireItem, plan *ErasePlan, pictures []store.WireItem) ([]store.WireItem, error) {
	kept, err := r.restsToo(q, id, item.ID)
	if err != nil {
		return pictures, err
	}
	plan.Wires = append(plan.Wires, EraseUse{Name: r.itemHeadline(q, item), Kept: kept, item: item.ID})
	if kept != "" {
		return pictures, nil
	}
	linked, err := q.LinkedPictures(item.ID)
	return append(pictures, linked...), err
}

// restsToo names another story that rests on a wire item.
func (r *Room) restsToo(q *store.Query, id story.ArticleID, item int64) (string, error) {
	resting, err := q.RestOn(item)
	if err != nil {
		return "", err
	}
	for _, l := range resting {
		if l.Article != id {
			return r.usedBy(q, l.Article)
		}
	}
	return "", nil
}

func (r *Room) usedBy(q *store.Query, id story.ArticleID) (string, error) {
	a, _, err := q.Article(id)
	return fmt.Sprintf("the story “%s” (%s) uses it too", a.Headline, a.ID), err
}

func (r *Room) planPictureItem(q *store.Query, id story.ArticleID, item store.WireItem, plan *ErasePlan) error {
	if slices.ContainsFunc(plan.Wires, func(u EraseUse) bool { return u.item == item.ID }) {
		return nil
	}
	kept, err := r.restsToo(q, id, item.ID)
	if err != nil {
		return err
	}
	naming, err := q.NamedBy(item.ID)
	if err != nil {
		return err
	}
	if other := slices.IndexFunc(naming, func(n int64) bool { return !plan.itemGoes(n) }); other >= 0 && kept == "" {
		kept = fmt.Sprintf("wire item %d names it too", naming[other])
	}
	plan.Wires = append(plan.Wires, EraseUse{Name: r.itemHeadline(q, item), Kept: kept, item: item.ID})
	return nil
}

// planPictures plans every picture that the story ever had, and those of wire items that go.
func (r *Room) planPictures(q *store.Query, id story.ArticleID, items []store.WireItem, plan *ErasePlan) error {
	parts, err := q.PictureParts(id)
	if err != nil {
		return err
	}
	for _, item := range items {
		if part := story.PicturePart(item.Picture); item.Picture != "" && plan.itemGoes(item.ID) && !slices.Contains(parts, part) {
			parts = append(parts, part)
		}
	}
	for _, part := range parts {
		picture := strings.TrimPrefix(part, story.PicturePart(""))
		use := EraseUse{Name: r.pictureName(q, picture), picture: picture}
		if use.Kept, err = r.pictureKept(q, id, picture, *plan); err != nil {
			return err
		}
		plan.Pictures = append(plan.Pictures, use)
	}
	return nil
}

func (r *Room) pictureKept(q *store.Query, id story.ArticleID, picture string, plan ErasePlan) (string, error) {
	users, err := q.UsersOf(picture, id)
	if err != nil {
		return "", err
	}
	if len(users) > 0 {
		return r.usedBy(q, users[0])
	}
	brought, err := q.ItemsOf(picture)
	for _, item := range brought {
		if !plan.itemGoes(item.ID) {
			return fmt.Sprintf("wire item %d brought it, and stays", item.ID), err
		}
	}
	return "", err
}

// namedOnlyIn lists the people whom nothing but this story names: those with an entry of
// their own stay until that is erased.
func namedOnlyIn(q *store.Query, id story.ArticleID) (only []string, err error) {
	all, err := q.NamesOf(id)
	if err != nil {
		return nil, err
	}
	for _, body := range all {
		var bylines []story.Byline
		var text story.Text
		if json.Unmarshal(body, &bylines) != nil && json.Unmarshal(body, &text) == nil {
			bylines = named(text)
		}
		for _, b := range bylines {
			if b.Person == "" || slices.Contains(only, b.Person) {
				continue
			}
			elsewhere, err := q.NamedElsewhere(b.Person, id)
			if err != nil {
				return nil, err
			}
			if !elsewhere {
				only = append(only, b.Person)
			}
		}
	}
	return only, nil
}
