package demo

import (
	"cmp"
	"context"
	"fmt"
	"slices"
	"time"

	"dateline/internal/newsroom"
	"dateline/internal/record"
	"dateline/internal/story"
)

// What the demo's house has beside its stories: running stories, pages, a person and what
// she walked back, menus, old addresses.
type paperFile struct {
	Packages []struct {
		Name    string   `json:"name"`
		Desk    string   `json:"desk"`
		Lang    string   `json:"lang"`
		Sort    string   `json:"sort"`
		Title   string   `json:"title"`
		Note    string   `json:"note"`
		Members []string `json:"members"` // numbers of stories
	} `json:"packages"`
	Relations []struct {
		At    time.Time           `json:"at"`
		Desk  string              `json:"desk"`
		From  string              `json:"from"` // numbers of stories, each with one quotation
		To    string              `json:"to"`
		What  record.RelationWhat `json:"what"`
		Words string              `json:"words"`
	} `json:"relations"`
	Persons []struct {
		At    time.Time    `json:"at"`
		Desk  string       `json:"desk"`
		Name  string       `json:"name"`
		Same  string       `json:"same"` // a name under which others quoted them
		Names record.Words `json:"names"`
		Line  record.Words `json:"line"`
	} `json:"persons"`
	Pages []struct {
		Slug  string `json:"slug"`
		Lang  string `json:"lang"`
		Title string `json:"title"`
		Text  string `json:"text"`
	} `json:"pages"`
	Menus newsroom.Menus `json:"menus"`
	Moved []struct {
		From  string `json:"from"`
		To    string `json:"to"`
		Story string `json:"story"`
	} `json:"moved"`
}

// paper is what is put beside the stories of a week, by the number of each story.
type paper struct {
	week  Week
	file  paperFile
	plays map[string]*play
}

// paperEvents are the events of the paper, each at an instant at which its desk is on duty.
func paperEvents(w Week, plays map[string]*play) (events []event, err error) {
	p := &paper{week: w, plays: plays}
	if err := read("paper.json", &p.file); err != nil {
		return nil, err
	}
	add := func(at time.Time, do func(context.Context) error) { events = append(events, event{at, do}) }
	add(Begin.Add(10*time.Minute), p.pages)
	for i := range p.file.Packages {
		id := ""
		for n, number := range p.file.Packages[i].Members[1:] {
			first, ok := plays[number]
			if !ok {
				return nil, fmt.Errorf("the demo's paper.json: there is no story %s", number)
			}
			add(first.file.At.Add(2*time.Minute), func(ctx context.Context) (err error) {
				id, err = p.grow(ctx, i, n+2, id)
				return err
			})
		}
	}
	for i, r := range p.file.Relations {
		add(r.At, func(ctx context.Context) error { return p.relate(ctx, i) })
	}
	for i, x := range p.file.Persons {
		add(x.At, func(ctx context.Context) error { return p.introduce(ctx, i) })
	}
	add(time.Date(2024, 3, 22, 15, 4, 30, 0, time.UTC), p.lead)
	return events, nil
}

// as is a member, and a desk by its slug.
func (p *paper) as(ctx context.Context, name, slug string) (who newsroom.Who, desk story.DeskID, err error) {
	if who, err = p.week.Room.Acting(ctx, name); err != nil {
		return who, "", err
	}
	house, err := p.week.Room.House(ctx)
	if err != nil {
		return who, "", err
	}
	d, ok := house.Desk(slug)
	if !ok {
		return who, "", fmt.Errorf("the demo's paper.json: there is no desk %q", slug)
	}
	return who, d.ID, nil
}

func paperKey(step string, n ...int) string { return fmt.Sprint("the-demos-paper-", step, "-", n) }

func (p *paper) pages(ctx context.Context) error {
	who, desk, err := p.as(ctx, Admin, "jerusalem")
	if err != nil {
		return err
	}
	for i, x := range p.file.Pages {
		c := record.Page{Slug: x.Slug, Lang: x.Lang, Title: x.Title, Doc: story.ParseDoc(x.Text)}
		if _, err := p.week.Room.PutPage(ctx, who, newsroom.PieceWish{Key: paperKey("page", i), Desk: desk, Base: -1}, c); err != nil {
			return fmt.Errorf("the demo's page %s: %w", x.Slug, err)
		}
	}
	return p.week.Room.SetMenus(ctx, who, paperKey("menus"), p.file.Menus)
}

// grow puts a package with its first members.
func (p *paper) grow(ctx context.Context, i, members int, id string) (string, error) {
	x := p.file.Packages[i]
	who, desk, err := p.as(ctx, editors[x.Desk], x.Desk)
	if err != nil {
		return "", err
	}
	c := record.Package{Title: x.Title, Lang: x.Lang, Sort: x.Sort, Note: x.Note}
	for _, number := range x.Members[:members] {
		c.Members = append(c.Members, p.plays[number].id)
	}
	filed, err := p.week.Room.PutPackage(ctx, who, newsroom.PieceWish{Key: paperKey(x.Name, members), Desk: desk, ID: id, Base: -1}, c)
	if err != nil {
		return "", fmt.Errorf("the demo's package %s: %w", x.Name, err)
	}
	return filed.ID, nil
}

// statement is the one quotation of a story.
func (p *paper) statement(number string) (newsroom.End, error) {
	x, ok := p.plays[number]
	if ok {
		if all := x.text().Quotations; len(all) > 0 {
			return newsroom.End{Article: x.id, Quotation: all[0].ID}, nil
		}
	}
	return newsroom.End{}, fmt.Errorf("the demo's paper.json: story %s quotes nobody", number)
}

func (p *paper) relate(ctx context.Context, i int) error {
	x := p.file.Relations[i]
	who, desk, err := p.as(ctx, editors[x.Desk], x.Desk)
	if err != nil {
		return err
	}
	from, err := p.statement(x.From)
	if err != nil {
		return err
	}
	to, err := p.statement(x.To)
	if err != nil {
		return err
	}
	_, err = p.week.Room.PutRelation(ctx, who, newsroom.PieceWish{Key: paperKey("relation", i), Desk: desk, Base: -1},
		newsroom.RelationWish{From: from, To: to, What: x.What, Words: x.Words, Source: string(from.Article)})
	if err != nil {
		return fmt.Errorf("the demo's relation of %s: %w", x.From, err)
	}
	return nil
}

// introduce tells readers of a person, and that those who quoted them by another name
// quoted the same one.
func (p *paper) introduce(ctx context.Context, i int) error {
	x := p.file.Persons[i]
	who, desk, err := p.as(ctx, editors[x.Desk], x.Desk)
	if err != nil {
		return err
	}
	all, err := p.week.Room.Persons(ctx, who)
	if err != nil {
		return err
	}
	named := func(name string) string {
		for _, v := range all {
			// The name that they were first given, whatever is told of them since.
			if v.Content.Slug == story.Slug(name) {
				return v.ID
			}
		}
		return ""
	}
	wish := func(name string, n int) newsroom.PieceWish {
		return newsroom.PieceWish{Key: paperKey("person", i, n), Desk: desk, ID: named(name), Base: -1}
	}
	made, err := p.week.Room.PutPerson(ctx, who, wish(x.Name, 0), record.Person{Names: x.Names, Line: x.Line})
	if err != nil {
		return fmt.Errorf("the demo's person %s: %w", x.Name, err)
	}
	if _, err := p.week.Room.PutPerson(ctx, who, wish(x.Same, 1), record.Person{Names: record.Words{"he": x.Same}, Merged: made.ID}); err != nil {
		return fmt.Errorf("the demo's person %s: %w", x.Same, err)
	}
	return nil
}

// lead leads old addresses on.
func (p *paper) lead(ctx context.Context) error {
	who, _, err := p.as(ctx, Admin, "jerusalem")
	if err != nil {
		return err
	}
	var paths []record.MovedPath
	for _, m := range p.file.Moved {
		to := m.To
		if x, ok := p.plays[m.Story]; ok {
			to = "/" + cmp.Or(x.file.Slug, "story") + "-" + string(x.id)
		}
		paths = append(paths, record.MovedPath{From: m.From, To: to})
	}
	_, err = p.week.Room.MoveAddresses(ctx, who, paperKey("moved"), paths)
	return err
}

// inTime puts events in order; of one instant, as they were given.
func inTime(events []event) []event {
	slices.SortStableFunc(events, func(a, b event) int { return a.at.Compare(b.at) })
	return events
}
