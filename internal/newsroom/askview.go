package newsroom

import (
	"encoding/json"
	"fmt"
	"slices"

	"dateline/internal/record"
	"dateline/internal/store"
	"dateline/internal/story"
)

// AskingView is what waits for a second person, as the story's screen shows it.
type AskingView struct {
	store.Asking
	Name  string // who asked
	Erase *ErasureWish
	Grant *GrantWish
}

// Asked are the things about a story that take two people.
type Asked struct {
	Askings []AskingView
	Grant   *story.Grant  // the exception that is live for it
	Plan    *ErasePlan    // what an erasure would destroy; nil where nobody may ask for one
	Left    []string      // of an erasure: what is still to be cleared
	Ran     []PictureRan  // pictures that readers saw in it
	Named   []PersonNamed // people with an entry whom its public texts name
}

// PictureRan is a picture that a public text shows.
type PictureRan struct {
	ID, Caption string
	Withdrawn   bool
}

// PersonNamed is somebody in a byline, or whose words a text has.
type PersonNamed struct{ ID, Name string }

// readAsked reads what takes two people, and what readers saw of pictures and people.
func (r *Room) readAsked(q *store.Query, who Who, v *StoryView) (err error) {
	id := v.Article.ID
	if v.Grant, err = liveGrant(q, v.Article.Desk, id, v.Now); err != nil {
		return err
	}
	if err := readRan(q, v); err != nil {
		return err
	}
	subjects := []string{string(id)}
	for _, p := range v.Named {
		subjects = append(subjects, p.ID)
	}
	for _, s := range subjects {
		open, err := q.Askings(s, v.Now)
		if err != nil {
			return err
		}
		for _, a := range open {
			line, err := r.askingView(q, a)
			if err != nil {
				return err
			}
			v.Askings = append(v.Askings, line)
		}
	}
	wanted := slices.ContainsFunc(v.Askings, func(a AskingView) bool { return a.Erase != nil })
	if _, possible := v.Article.Standing.After(story.Erase); possible && (who.Admin || wanted) {
		plan, err := r.planUses(q, id)
		if err != nil {
			return err
		}
		v.Plan = &plan
	}
	if v.Article.Standing == story.Erased {
		v.Left, err = leftToClear(q, string(id))
	}
	return err
}

func (r *Room) askingView(q *store.Query, a store.Asking) (line AskingView, err error) {
	line.Asking = a
	if line.Name, err = r.memberName(q, a.By); err != nil {
		return line, err
	}
	switch a.What {
	case askErase:
		err = json.Unmarshal(a.Request, &line.Erase)
	case askGrant:
		err = json.Unmarshal(a.Request, &line.Grant)
	}
	if err != nil {
		err = fmt.Errorf("asking %d: %w", a.ID, err)
	}
	return line, err
}

// readRan lists the pictures and people of the story's public texts, each once.
func readRan(q *store.Query, v *StoryView) error {
	for _, e := range v.Public {
		uses, err := usesOf(e)
		if err != nil {
			return err
		}
		for _, p := range uses {
			if slices.ContainsFunc(v.Ran, func(x PictureRan) bool { return x.ID == p.ID }) {
				continue
			}
			ran := PictureRan{ID: p.ID, Caption: p.Caption}
			now, found, err := q.Newest(record.KindPicture, p.ID)
			if err != nil {
				return err
			}
			if found && now.Readable() {
				x, err := record.Decode[record.Picture](now)
				if err != nil {
					return err
				}
				ran.Withdrawn = x.Withdrawn
			}
			v.Ran = append(v.Ran, ran)
		}
		people, err := namedBy(e)
		if err != nil {
			return err
		}
		for _, b := range people {
			if !slices.ContainsFunc(v.Named, func(x PersonNamed) bool { return x.ID == b.Person }) {
				v.Named = append(v.Named, PersonNamed{b.Person, b.Name})
			}
		}
	}
	return nil
}
